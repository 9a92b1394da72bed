"""Changes the hub did not take: what each said and why, to be copied, and taken off the list once seen to."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui import look
from ui.desk import Desk
from ui.sorting.reading import ShownRefusal
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView

if TYPE_CHECKING:
    from member_tracker.app import App

_MOST_ROWS = 5
_WIDTHS = (300, 0, 0)
_WHY = "The hub did not take these. Nothing you wrote is lost: copy it from here, and enter it anew if it is needed."


class RefusedPart(QWidget):
    """Lists changes not accepted; hidden while there are none. `say` tells what was done, `ask` reads them again."""

    def __init__(self, desk: Desk, say: Callable[[str], None], ask: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("notAcceptedPart")
        self._desk = desk
        self._say = say
        self._ask = ask
        self._model: TableModel[ShownRefusal] = TableModel(_COLUMNS, self)
        self.view = RowsView("notAcceptedList", "Changes not accepted", quiet=True, wrap=True)
        self.view.show_model(self._model, _WIDTHS)
        copy = button("&Copy the words", self._copy, name="copyRefused")
        seen = button("T&ake it off the list", self._take_off, name="dismissRefused")
        heading = buddy("&Not accepted", self.view, kind="heading")
        self.setLayout(
            column(
                heading, label(_WHY, name="notAcceptedWhy"), self.view, row(copy, seen, None), gap=look.GAP + look.TIGHT
            )
        )
        self.hide()

    def show_refused(self, refused: Sequence[ShownRefusal]) -> None:
        """Show these."""
        at = max(0, self.view.currentIndex().row())
        self._model.show([RowsPage(rows=tuple(refused))])
        self.setVisible(bool(refused))
        if refused:
            self.view.fit(_MOST_ROWS)
            self.view.go_to(min(at, len(refused) - 1))

    def _current(self) -> ShownRefusal | None:
        index = self.view.currentIndex()
        return self._model.row(index.row()) if index.isValid() else None

    def _copy(self) -> None:
        refused = self._current()
        if refused is not None:
            QGuiApplication.clipboard().setText(refused.copied)
            self._say("Copied.")

    def _take_off(self) -> None:
        refused = self._current()
        if refused is None:
            return

        def deed(app: "App") -> None:
            from member_tracker.services.not_accepted import dismiss

            dismiss(app, refused.id)

        def done(_nothing: None) -> None:
            self._say(f"{refused.about} is off the list.")
            self._ask()

        self._desk.ask(deed, owner=self, done=done)


def _spoken(refused: ShownRefusal) -> str:
    return f"{refused.about}. It said: {refused.said}. {refused.why}"


_COLUMNS: tuple[Column[ShownRefusal], ...] = (
    Column(heading="What", words=lambda refused: refused.about, spoken=_spoken),
    Column(heading="It said", words=lambda refused: refused.said),
    Column(heading="Why it was not accepted", words=lambda refused: refused.why),
)
