"""Changes the hub did not take: what each said and why, to be copied, and taken off the list once seen to."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ui.desk import Desk
from ui.language import tr
from ui.sorting.reading import ShownRefusal
from ui.table import Column
from ui.widgets.decisions import Decisions, Listed
from ui.widgets.parts import button

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 5
_LETTERS = (43, 0, 0)
_WHY = tr(
    "The hub did not take these. Nothing you wrote is lost: copy it from here, and enter it anew if it is needed."
)


def _spoken(refused: ShownRefusal) -> str:
    return tr("{about}. It said: {said}. {why}").format(about=refused.about, said=refused.said, why=refused.why)


_COLUMNS: tuple[Column[ShownRefusal], ...] = (
    Column(heading=tr("What"), words=lambda refused: refused.about, spoken=_spoken),
    Column(heading=tr("It said"), words=lambda refused: refused.said),
    Column(heading=tr("Why it was not accepted"), words=lambda refused: refused.why),
)


class RefusedPart(Decisions[ShownRefusal]):
    """Lists changes not accepted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Listed(
                name="notAccepted",
                heading=tr("&Not accepted"),
                spoken=tr("Changes not accepted"),
                why=_WHY,
                columns=_COLUMNS,
                letters=_LETTERS,
                most=_MOST_ROWS,
            ),
        )
        self.offer(
            button(tr("&Copy the words"), self._copy, name="copyRefused"),
            button(tr("T&ake it off the list"), self._take_off, name="dismissRefused"),
        )

    def _copy(self) -> None:
        if self.chosen is not None:
            QGuiApplication.clipboard().setText(self.chosen.copied)
            self.said.emit(tr("Copied."))

    def _take_off(self) -> None:
        refused = self.chosen
        if refused is None:
            return

        def deed(app: "App") -> None:
            from member_tracker.services.not_accepted import dismiss

            dismiss(app, refused.id)

        self.decide(deed, lambda _done: tr("{about} is off the list.").format(about=refused.about))
