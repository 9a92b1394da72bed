"""Room for something that may be larger than the window: then it scrolls, and nothing of it is cut off."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Room(QScrollArea):
    """Gives a widget all the room there is, and scrolls only where that is less than the least it can do with."""

    def __init__(self, name: str, held: QWidget) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(_Holder(held))


class _Holder(QWidget):
    """Without a layout, a scroll area does not ask how high the words inside would like to be at this width."""

    def __init__(self, held: QWidget) -> None:
        super().__init__()
        self._held = held
        held.setParent(self)

    def minimumSizeHint(self) -> QSize:
        """The least that what is held can do with."""
        return self._held.minimumSizeHint().expandedTo(self._held.minimumSize())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """It takes all the room."""
        super().resizeEvent(event)
        self._held.resize(event.size())

    def event(self, event: QEvent) -> bool:
        """What is held needs other room than before."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)
