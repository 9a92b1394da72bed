"""Files dropped on the window are handed to the page that imports them."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ui.desk import Desk


class _Drops(QObject):
    """Takes what is dropped on a window."""

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window)
        self._desk = desk

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Files of this computer are taken, by copy alone; whatever else is dragged passes over."""
        if isinstance(event, QDropEvent) and event.type() in {QEvent.Type.DragEnter, QEvent.Type.Drop}:
            files = files_in(event)
            if not files or not self._desk.is_open:
                return False
            event.acceptProposedAction()
            if not isinstance(event, QDragEnterEvent):
                self._desk.page_wanted.emit("import", files)
            return True
        return False


def files_in(event: QDropEvent) -> tuple[Path, ...]:
    """The files of this computer among what is dragged."""
    return tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())


def take_drops(window: QWidget, desk: Desk) -> None:
    """Let files be dropped on the window from now on."""
    window.setAcceptDrops(True)
    window.installEventFilter(_Drops(window, desk))
