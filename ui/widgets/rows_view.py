"""A table on screen: whole rows, no grid, opened with Enter or a click, and always with a current row."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui import look
from ui.language import tr
from ui.table import RowsModel
from ui.widgets.headings import Headings


class RowsView(QTableView):
    """Shows a table's model; `row_chosen` carries the number of the row opened with Enter or clicked.

    `row_current` carries the row the keyboard is on, `heading_chosen` the column to sort by. A quiet table shows the
    current row only while it has the keyboard. A wrapping one is short and shows every word; it is as high as its rows.
    """

    row_chosen = Signal(int)
    row_current = Signal(int)
    heading_chosen = Signal(int)

    def __init__(
        self, name: str, spoken_name: str, *, quiet: bool = False, wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self._wrap = wrap
        self._most: int | None = None
        self._least = 0
        self._letters: tuple[int, ...] = ()
        self._letter = 0
        self._headings = Headings(self)
        self._headings.setObjectName(f"{name}Headings")
        self._headings.setAccessibleName(tr("{spoken_name}, column headings").format(spoken_name=spoken_name))
        self.setHorizontalHeader(self._headings)
        self.setObjectName(name)
        self.setAccessibleName(spoken_name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(wrap)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._set_row_height()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(lambda index: self.row_chosen.emit(index.row()))
        self._headings.chosen.connect(self.heading_chosen)
        self._headings.left.connect(self.setFocus)

    def show_model(self, model: RowsModel, letters: tuple[int, ...]) -> None:  # type: ignore[type-arg]  # any row
        """Show the model in columns as wide as so many letters; one of 0 letters takes what room is left."""
        self.setModel(model)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        self._letters, self._letter = letters, look.letter(self.fontMetrics())
        for column, wide in enumerate(letters):
            mode = QHeaderView.ResizeMode.Interactive if wide else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
            if wide:
                self.setColumnWidth(column, wide * self._letter)
        self.selectionModel().currentRowChanged.connect(self._say_current)

    def sort_by(self, columns: frozenset[int]) -> None:
        """Let the headings of these columns sort: with a click, or with Up from the first row, then Space."""
        self._headings.be_sorting(columns)

    def show_sorted(self, column: int, down: bool) -> None:
        """Say by which column the rows are sorted, and which way; -1 is none."""
        self._headings.setSortIndicatorShown(column >= 0)
        way = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self._headings.setSortIndicator(column, way)

    def fit_columns(self, *, least: int) -> None:
        """Leave out the last columns where they would leave the widest one less room than so many letters."""
        self._least = least
        self._hide_what_does_not_fit()

    def _hide_what_does_not_fit(self) -> None:
        if self.model() is None or not self._least:
            return
        room = self.viewport().width() - self._least * self._letter
        for column in range(self.model().columnCount()):
            if self._headings.sectionResizeMode(column) is not QHeaderView.ResizeMode.Stretch:
                room -= self._letters[column] * self._letter
                self.setColumnHidden(column, room < 0 and column > 0)

    def go_to(self, row: int) -> None:
        """Make that row the current one, without opening it."""
        index = self.model().index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        if self._quiet and not self.hasFocus():
            flags = QItemSelectionModel.SelectionFlag.Clear
        self.selectionModel().setCurrentIndex(index, flags)

    def fit(self, most: int) -> None:
        """Be as high as the rows are, at most as high as so many."""
        self._most = most
        rows = self.model().rowCount()
        if self._wrap:
            self.resizeRowsToContents()
        header = 0 if self.horizontalHeader().isHidden() else self.horizontalHeader().sizeHint().height()
        height = sum(self.rowHeight(row) for row in range(min(rows, most)))
        self.setFixedHeight(header + height + 2 * self.frameWidth())
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if rows <= most else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bar)

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters make rows higher and columns wider, also those somebody has pulled to a width."""
        super().changeEvent(event)
        letter = look.letter(self.fontMetrics())
        if event.type() is not QEvent.Type.FontChange or not self._letter:
            return
        wide = {column: self.columnWidth(column) for column, letters in enumerate(self._letters) if letters}
        for column, width in wide.items():
            self.setColumnWidth(column, round(width * letter / self._letter))
        self._letter = letter
        self._set_row_height()
        self._hide_what_does_not_fit()

    def _set_row_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words that wrap need other heights at another width, and other columns find room."""
        super().resizeEvent(event)
        self._hide_what_does_not_fit()
        if self._wrap and self._most is not None and event.oldSize().width() != event.size().width():
            self.fit(self._most)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the current row as chosen while the keyboard is here."""
        super().focusInEvent(event)
        if self._quiet and self.currentIndex().isValid():
            self.selectRow(self.currentIndex().row())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A quiet table shows no chosen row once the keyboard has gone."""
        super().focusOutEvent(event)
        if self._quiet:
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row; Home and End go to the first and last one, Up from the first to the headings."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.row_chosen.emit(self.currentIndex().row())
        elif event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End} and self.model().rowCount():
            self.go_to(0 if event.key() == Qt.Key.Key_Home else self.model().rowCount() - 1)
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() == 0 and self._headings.is_sorting:
            self._headings.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _say_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.row_current.emit(current.row())
