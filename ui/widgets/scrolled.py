"""A part of the window that scrolls, and never hides where the keyboard is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from ui import look
from ui.widgets.parts import column


class Scrolled(QScrollArea):
    """Shows a part that may be higher than there is room; whatever takes the keyboard is brought into view."""

    def __init__(self, part: QWidget) -> None:
        super().__init__()
        inside = QFrame()
        inside.setObjectName("scrolled")
        inside.setLayout(column(part, margin=look.ROOM))
        self.setObjectName(f"{part.objectName()}Scroll")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            self.ensureWidgetVisible(now, look.GAP, look.WIDE)
