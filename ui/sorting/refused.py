"""Changes the hub did not take: what each said and why, to be copied, and taken off the list once seen to."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ui.desk import Desk
from ui.sorting.reading import ShownRefusal
from ui.table import Column
from ui.widgets.decisions import Decisions, Listed
from ui.widgets.parts import button

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 5
_LETTERS = (43, 0, 0)
_WHY = "The hub did not take these. Nothing you wrote is lost: copy it from here, and enter it anew if it is needed."


def _spoken(refused: ShownRefusal) -> str:
    return f"{refused.about}. It said: {refused.said}. {refused.why}"


_COLUMNS: tuple[Column[ShownRefusal], ...] = (
    Column(heading="What", words=lambda refused: refused.about, spoken=_spoken),
    Column(heading="It said", words=lambda refused: refused.said),
    Column(heading="Why it was not accepted", words=lambda refused: refused.why),
)


class RefusedPart(Decisions[ShownRefusal]):
    """Lists changes not accepted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            Listed(
                name="notAccepted",
                heading="&Not accepted",
                spoken="Changes not accepted",
                why=_WHY,
                columns=_COLUMNS,
                letters=_LETTERS,
                most=_MOST_ROWS,
            ),
        )
        self.offer(
            button("&Copy the words", self._copy, name="copyRefused"),
            button("T&ake it off the list", self._take_off, name="dismissRefused"),
        )

    def _copy(self) -> None:
        if self.chosen is not None:
            QGuiApplication.clipboard().setText(self.chosen.copied)
            self.said.emit("Copied.")

    def _take_off(self) -> None:
        refused = self.chosen
        if refused is None:
            return

        def deed(app: "App") -> None:
            from member_tracker.services.not_accepted import dismiss

            dismiss(app, refused.id)

        self.decide(deed, lambda _done: f"{refused.about} is off the list.")
