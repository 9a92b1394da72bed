"""What two people changed at once: both values side by side, and one press says which stands."""

from datetime import datetime
from typing import TYPE_CHECKING

from member_tracker.domain.dates import local_date
from member_tracker.services.conflicts import Choice, settle
from ui.desk import Desk
from ui.language import tr
from ui.sorting.reading import ShownClash
from ui.table import Column
from ui.widgets.decisions import Decisions, Listed
from ui.widgets.parts import button
from ui.words import short_moment

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 6
_LETTERS = (31, 16, 0, 0)
_WHY = tr(
    "Two people changed the same field, neither having seen what the other wrote. Both values are kept until somebody "
    "says which stands."
)
_SAID = {
    Choice.KEPT: tr("{about}: what stands stays. Ctrl+Z turns it round."),
    Choice.LOST: tr("{about}: the other value stands now. Ctrl+Z turns it round."),
}
_TURNED = {Choice.KEPT: Choice.LOST, Choice.LOST: Choice.KEPT}


class ClashesPart(Decisions[ShownClash]):
    """Lists clashes; `turn_round` takes the last choice back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Listed(
                name="clash",
                heading=tr("Changed b&y two people"),
                spoken=tr("Changes by two people"),
                why=_WHY,
                columns=_columns(desk),
                letters=_LETTERS,
                most=_MOST_ROWS,
            ),
        )
        self._last: tuple[ShownClash, Choice] | None = None
        self.offer(
            button(tr("Keep &what stands"), lambda: self._settle(Choice.KEPT), name="keepWhatStands", kind="first"),
            button(tr("&Take the other"), lambda: self._settle(Choice.LOST), name="takeTheOther"),
        )

    def turn_round(self) -> None:
        """The value that was not chosen last stands."""
        if self._last is not None:
            clash, choice = self._last
            self._have_settled(clash, _TURNED[choice])

    def _settle(self, choice: Choice) -> None:
        if self.chosen is not None:
            self._have_settled(self.chosen, choice)

    def _have_settled(self, clash: ShownClash, choice: Choice) -> None:
        def deed(app: "App") -> None:
            settle(app, clash.id, choice)

        def words(_settled: None) -> str:
            self._last = (clash, choice)
            return _SAID[choice].format(about=clash.about)

        self.decide(deed, words)


def _columns(desk: Desk) -> tuple[Column[ShownClash], ...]:
    def when(at: datetime) -> str:
        return short_moment(at, local_date(desk.now()))

    def stands(clash: ShownClash) -> str:
        if clash.changed_since:
            return tr("{stands}\nchanged again since").format(stands=clash.stands)
        wrote = [
            tr("by {kept_by}").format(kept_by=clash.kept_by) if clash.kept_by else "",
            when(clash.kept_at) if clash.kept_at else "",
        ]
        return "\n".join(line for line in (clash.stands, ", ".join(word for word in wrote if word)) if line)

    def other(clash: ShownClash) -> str:
        return tr("{other}\nby {by}, {when}").format(other=clash.other, by=clash.by, when=when(clash.at))

    def spoken(clash: ShownClash) -> str:
        return tr("{about}, {field}. Stands: {stands}. The other: {other}").format(
            about=clash.about, field=clash.field, stands=stands(clash), other=other(clash)
        )

    return (
        Column(heading=tr("Enquiry or record"), words=lambda clash: clash.about, spoken=spoken),
        Column(heading=tr("Field"), words=lambda clash: clash.field),
        Column(heading=tr("What stands"), words=stands),
        Column(heading=tr("The other"), words=other),
    )
