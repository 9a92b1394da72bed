"""The keyboard shortcuts: a table of every key the menus have."""

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from ui import look
from ui.desk import Desk
from ui.help.keys import BESIDE, Key, keys_of
from ui.language import tr
from ui.table import Column, TableModel
from ui.table import Page as Rows
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView

_LETTERS = (23, 27, 0)
_COLUMNS: tuple[Column[Key], ...] = (
    Column(heading=tr("Keys"), words=lambda key: key.keys, spoken=lambda key: f"{key.keys}: {key.deed}"),
    Column(heading=tr("Menu"), words=lambda key: key.menu),
    Column(heading=tr("What they do"), words=lambda key: key.deed),
)


class KeysPage(Page):
    """Shows the keys of the window it is in, read off its menus each time."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "keysPage", parent)
        self._model: TableModel[Key] = TableModel(_COLUMNS, self)
        self._table = RowsView("keysTable", tr("Keyboard shortcuts"))
        self._table.show_model(self._model, _LETTERS)
        beside = "\n".join(f"{keys}: {deed[0].lower()}{deed[1:]}." for keys, deed in BESIDE)
        self.setLayout(
            column(
                label(tr("Keyboard shortcuts"), name="keysTitle", kind="title"),
                label(beside, name="keysBeside", kind="quiet"),
                buddy(tr("&Keys of the menus"), self._table),
                self._table,
                row(button(tr("&Back"), self.left.emit, name="keysBack", tip="Esc"), None),
                margin=look.ROOM,
            )
        )

    def ask(self) -> None:
        """Read the keys off the menus of the window."""
        window = self.window()
        if isinstance(window, QMainWindow):
            self._model.show([Rows(rows=keys_of(window))])
            self._table.go_to(0)

    def panes(self) -> list[QWidget]:
        """The table."""
        return [self._table]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the table."""
        super().focusInEvent(event)
        self._table.setFocus(event.reason())
