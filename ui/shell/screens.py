"""Where on the screens a window lies."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def bring_onto_a_screen(window: QWidget) -> None:
    """Move a window that would lie on no screen, or beyond the edge of one, to where it is seen with its frame."""
    if window.isMaximized() or window.isFullScreen():
        return
    screen = QGuiApplication.screenAt(window.frameGeometry().center()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    frame = window.frameGeometry().size() - window.size()
    size = window.size().boundedTo(room.size() - frame)
    window.resize(size)
    whole = size + frame
    left = min(max(window.x(), room.left()), max(room.left(), room.left() + room.width() - whole.width()))
    top = min(max(window.y(), room.top()), max(room.top(), room.top() + room.height() - whole.height()))
    window.move(left, top)
