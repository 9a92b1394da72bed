"""The headings of a table that sort it: with a click, or with the keyboard, which goes to them from the first row."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionFocusRect, QWidget

from ui.language import tr
from ui.widgets.announce import announce


class Headings(QHeaderView):
    """Left and right go from heading to heading, Space or Enter sorts by one, and Down goes back to the rows.

    `chosen` carries the column to sort by, `left` says that the keyboard is to go back.
    """

    chosen = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._at = 0
        self._sorting: frozenset[int] = frozenset()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.sectionClicked.connect(self._click)

    def be_sorting(self, columns: frozenset[int]) -> None:
        """Sort by these columns; the others have nothing to go by."""
        self._sorting = columns
        self.setSectionsClickable(True)

    @property
    def is_sorting(self) -> bool:
        """Whether there is anything to sort by."""
        return bool(self._sorting)

    def words(self, column: int) -> str:
        """What a screen reader says of a heading."""
        name = str(self.model().headerData(column, Qt.Orientation.Horizontal))
        if column not in self._sorting:
            return tr("{name}, not for sorting").format(name=name)
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == column:
            down = tr("{name}, sorted downwards, press Space to sort the other way round")
            up = tr("{name}, sorted upwards, press Space to sort the other way round")
            return (down if self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder else up).format(name=name)
        return tr("{name}, press Space to sort").format(name=name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at what the table is sorted by."""
        super().focusInEvent(event)
        sorted_by = self.sortIndicatorSection()
        self._go(sorted_by if 0 <= sorted_by < self.count() and not self.isSectionHidden(sorted_by) else 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the mark away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the headings, sort, or go back to the rows."""
        key = event.key()
        if key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._go_on(-1 if key == Qt.Key.Key_Left else 1)
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._click(self._at)
        elif key == Qt.Key.Key_Down:
            self.left.emit()
        else:
            event.ignore()

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Mark the heading the keyboard is on."""
        super().paintSection(painter, rect, column)
        if self.hasFocus() and column == self._at:
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            option.rect = rect.adjusted(2, 2, -2, -2)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)

    def _go_on(self, step: int) -> None:
        at = self._at + step
        while 0 <= at < self.count() and self.isSectionHidden(at):
            at += step
        if 0 <= at < self.count():
            self._go(at)

    def _go(self, column: int) -> None:
        self._at = column
        self.viewport().update()
        announce(self, self.words(column))

    def _click(self, column: int) -> None:
        if column in self._sorting:
            self._at = column
            self.chosen.emit(column)
