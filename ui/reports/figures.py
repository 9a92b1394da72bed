"""The table of a report on screen: a cell at a time, each saying what it is, and Enter asks what lies behind it."""

from functools import partial

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from member_tracker.domain.report_table import Cell, Table, cell_words
from ui.table import Column
from ui.widgets.rows_view import RowsView

Row = tuple[Cell, ...]


def figure_columns(table: Table) -> tuple[Column[Row], ...]:
    """The columns of a table, each cell with its heading and its row for those who only hear it."""
    return tuple(
        Column(
            heading=column.heading,
            words=partial(_words, place),
            spoken=partial(_spoken, place, column.heading),
        )
        for place, column in enumerate(table.columns)
    )


def _words(place: int, row: Row) -> str:
    return cell_words(row[place])


def _spoken(place: int, heading: str, row: Row) -> str:
    return cell_words(row[0]) if not place else f"{cell_words(row[0])}, {heading}: {cell_words(row[place])}"


class FiguresView(RowsView):
    """A table one goes through cell by cell; `figure_chosen` carries row and column of the one to look behind."""

    figure_chosen = Signal(int, int)
    column_current = Signal(int)

    def __init__(self, name: str, spoken_name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, spoken_name, parent=parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.doubleClicked.connect(lambda index: self.figure_chosen.emit(index.row(), index.column()))

    def watch_columns(self) -> None:
        """Tell from now on which column the keyboard is in; asked for once a model is shown."""
        self.selectionModel().currentColumnChanged.connect(lambda now, _was: self.column_current.emit(now.column()))

    def go_to_cell(self, row: int, column: int) -> None:
        """Make that cell the current one."""
        index = self.model().index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def fit(self, most: int) -> None:
        """Be as high as the rows are, with room for the bar that goes through wide tables."""
        super().fit(most)
        self.setFixedHeight(self.minimumHeight() + self.horizontalScrollBar().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter looks behind the current cell."""
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and index.isValid():
            self.figure_chosen.emit(index.row(), index.column())
        else:
            super().keyPressEvent(event)
