"""A row of widgets that goes on in a second line where the first is full, so that nothing is ever cut off."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from ui import look


class Flow(QLayout):
    """Lays widgets out from left to right, line by line; those that are hidden take no room."""

    def __init__(self, *widgets: QWidget, gap: int = look.GAP) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)
        for each in widgets:
            self.addWidget(each)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item; `addWidget` calls this."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item there; None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """The item there, which is no longer laid out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It asks for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high the lines are at that width."""
        return self._lines(QRect(0, 0, width, 0), placing=False)

    def sizeHint(self) -> QSize:
        """Everything in one line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        around = self.contentsMargins()
        high = max((size.height() for size in sizes), default=0)
        return QSize(width + around.left() + around.right(), high + around.top() + around.bottom())

    def minimumSize(self) -> QSize:
        """As wide as the widest of them, and as high as the lines are at the width there is."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        around = self.contentsMargins()
        lines = self._lines(self.geometry(), placing=False) if self.geometry().width() else 0
        whole = size + QSize(around.left() + around.right(), around.top() + around.bottom())
        return QSize(whole.width(), max(whole.height(), lines))

    def setGeometry(self, rect: QRect) -> None:
        """Put each in its place; at another width the lines may be others, and so the height."""
        is_wider = rect.width() != self.geometry().width()
        super().setGeometry(rect)
        high = self._lines(rect, placing=True)
        if is_wider and high > rect.height():
            self.invalidate()

    def _lines(self, rect: QRect, *, placing: bool) -> int:
        """Place the items, each in the middle of its line, or only say how high the lines are."""
        around = self.contentsMargins()
        inside = rect.adjusted(around.left(), around.top(), -around.right(), -around.bottom())
        y = inside.y()
        for line in self._broken(inside.width()):
            high = max(item.sizeHint().height() for item in line)
            x = inside.x()
            for item in line:
                size = item.sizeHint()
                if placing:
                    item.setGeometry(QRect(QPoint(x, y + (high - size.height()) // 2), size))
                x += size.width() + self._gap
            y += high + self._gap
        return max(inside.y(), y - self._gap) - rect.y() + around.bottom()

    def _broken(self, width: int) -> list[list[QLayoutItem]]:
        """The items line by line, as many in each as fit."""
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wanted = item.sizeHint().width()
            if not lines or wanted > left:
                lines.append([])
                left = width
            lines[-1].append(item)
            left -= wanted + self._gap
        return lines
