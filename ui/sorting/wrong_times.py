"""What was logged while this computer's clock was wrong: times as they are and would be, put right at once."""

from typing import TYPE_CHECKING

from member_tracker.domain.dates import local_date
from ui.desk import Desk
from ui.language import tr, tr_count
from ui.sorting.reading import ShownTimes
from ui.table import Column
from ui.widgets.decisions import Decisions, Listed
from ui.widgets.parts import button
from ui.words import short_moment

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 5
_LETTERS = (0, 21, 23, 23)
_WHY = tr(
    "These times were taken from this computer's clock while it was wrong. Putting them right shifts all of them by "
    "what it was wrong, and counts the due dates again. Ctrl+Z at an enquiry takes that back."
)


class WrongTimesPart(Decisions[ShownTimes]):
    """Lists enquiries with wrong times; one press puts all of them right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Listed(
                name="wrongTimes",
                heading=tr("Logge&d while the clock was wrong"),
                spoken=tr("Logged while the clock was wrong"),
                why=_WHY,
                columns=_columns(desk),
                letters=_LETTERS,
                most=_MOST_ROWS,
            ),
        )
        self.offer(
            button(tr("&Put all these times right"), self._correct, name="correctTimes", kind="first"),
            button(tr("They are &right as they are"), self._leave, name="leaveTimes"),
        )

    def _correct(self) -> None:
        def deed(app: "App") -> int:
            from member_tracker.services.clock_error import correct_times

            return correct_times(app)

        def words(count: int) -> str:
            words = tr_count(
                "The times of {n} enquiry were put right.", "The times of {n} enquiries were put right.", count
            )
            return words.format(n=count)

        self.decide(deed, words)

    def _leave(self) -> None:
        def deed(app: "App") -> None:
            from member_tracker.services.clock_error import leave_times

            leave_times(app)

        self.decide(deed, lambda _done: tr("The times stay as they are."))


def _columns(desk: Desk) -> tuple[Column[ShownTimes], ...]:
    def lines(shown: ShownTimes, place: int) -> str:
        today = local_date(desk.now())
        return "\n".join(short_moment(both[place], today) for _name, *both in shown.times)

    def spoken(shown: ShownTimes) -> str:
        return tr("{about}, {names}: {times}, would be {would_be}. The clock was {wrong}").format(
            about=shown.about, names=names(shown), times=lines(shown, 0), would_be=lines(shown, 1), wrong=shown.wrong
        )

    def names(shown: ShownTimes) -> str:
        return "\n".join(name for name, *_both in shown.times)

    return (
        Column(
            heading=tr("Enquiry"),
            words=lambda shown: tr("{about}\nThe clock was {wrong}").format(about=shown.about, wrong=shown.wrong),
            spoken=spoken,
        ),
        Column(heading=tr("Time"), words=names),
        Column(heading=tr("It is"), words=lambda shown: lines(shown, 0)),
        Column(heading=tr("It would be"), words=lambda shown: lines(shown, 1)),
    )
