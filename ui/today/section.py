"""One part of the Today page: a heading, a short table, and a sentence where there is nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui import look
from ui.table import Page, TableModel
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.rows_view import RowsView

if TYPE_CHECKING:
    from member_tracker.services.lists import EnquiryRow
    from ui.enquiries.columns import EnquiryColumn

MOST_ROWS = 6
_LEAST_WIDTHS = {2: 440, 3: 660, 4: 900}


class Section(QFrame):
    """Shows the first few of some enquiries; `chosen` carries the id of one to open, `all_wanted` asks for all."""

    chosen = Signal(str)
    all_wanted = Signal()

    def __init__(
        self,
        name: str,
        columns: "Sequence[EnquiryColumn]",
        letters: tuple[int, ...],
        *,
        nothing: str,
        more: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._view = RowsView(f"{name}Table", name, quiet=True, parent=self)
        self._heading = buddy(name, self._view, kind="heading")
        self._nothing = label(nothing, name=f"{name}Empty", kind="quiet")
        self._more = button(more, self.all_wanted.emit, name=f"{name}More", kind="link")
        self._has_more = bool(more)
        self._model: TableModel[EnquiryRow] = TableModel(columns, self)
        self._view.show_model(self._model, letters)
        self._view.horizontalHeader().hide()
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setIconSize(QSize(18, 18))
        self.setLayout(column(row(self._heading, None, self._more), self._nothing, self._view, gap=look.TIGHT))
        self._view.row_chosen.connect(self._choose)
        self.show_rows("", (), 0)

    def show_rows(self, heading: str, rows: "Sequence[EnquiryRow]", count: int) -> None:
        """Show the first of these rows under the heading; `count` is how many there are in all."""
        self._heading.setText(heading)
        self._view.setAccessibleName(heading.replace("&", ""))
        shown = tuple(rows[:MOST_ROWS])
        self._model.show([Page(rows=shown)])
        self._view.setVisible(bool(shown))
        self._nothing.setVisible(not shown)
        self._more.setVisible(self._has_more and count > len(shown))
        if shown:
            self._view.fit(MOST_ROWS)
            if not self._view.currentIndex().isValid():
                self._view.go_to(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the last columns where there is no room for them."""
        super().resizeEvent(event)
        for column_number, least in _LEAST_WIDTHS.items():
            self._view.setColumnHidden(column_number, self.width() < least)

    def _choose(self, number: int) -> None:
        chosen = self._model.row(number)
        if chosen is not None:
            self.chosen.emit(chosen.id)

    @property
    def view(self) -> QWidget:
        """The table, for the keyboard to go to."""
        return self._view
