"""Waiting until the window has been painted, so that somebody sees it before anything slow begins."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_AT_LATEST_MS = 500


class OncePainted(QObject):
    """Does something as soon as a window has been painted, or a little later where it is not: it may be minimised."""

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._then = window, then
        self._done = False
        window.installEventFilter(self)
        QTimer.singleShot(_AT_LATEST_MS, self, self._go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint is enough."""
        if event.type() == QEvent.Type.Paint and watched is self._window:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._go)
        return False

    def _go(self) -> None:
        if not self._done:
            self._done = True
            self._then()
