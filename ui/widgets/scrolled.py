"""A part of the window that scrolls, and never hides where the keyboard is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from ui import look
from ui.widgets.parts import column


class Scrolled(QScrollArea):
    """Shows a part that may be higher than there is room; whatever takes the keyboard is brought into view."""

    def __init__(self, part: QWidget) -> None:
        super().__init__()
        self._inside = inside = QFrame()
        inside.setObjectName("scrolled")
        self._around = column(part, margin=look.ROOM)
        inside.setLayout(self._around)
        self.setObjectName(f"{part.objectName()}Scroll")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def be_slim(self, *, slim: bool) -> None:
        """Leave less room above and below what is shown, or as much as ever."""
        high = look.TIGHT if slim else look.ROOM
        self._around.setContentsMargins(look.ROOM, high, look.ROOM, high)

    @property
    def inside(self) -> QWidget:
        """What scrolls, with the room around it."""
        return self._inside

    def needed_height(self, width: int) -> int:
        """How high it has to be at that width for nothing to scroll."""
        return max(self._inside.minimumSizeHint().height(), self._inside.heightForWidth(width)) + 2 * self.frameWidth()

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            self.ensureWidgetVisible(now, look.GAP, look.WIDE)
