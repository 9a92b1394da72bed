"""After a dialog closes the keyboard is in the window it belongs to again, even where no window manager sees to it."""

from functools import partial
from itertools import count

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

_NUMBER, _WATCHED = "keyboardNumber", "keyboardWatched"


class KeyboardBack(QObject):
    """Watches the dialogs that have had the keyboard, for as long as the program runs.

    It knows windows by numbers of its own: what stands for a window may be gone before the window's last word is heard.
    """

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self._numbers = count(1)
        self._last = 0
        app.focusWindowChanged.connect(self._watch)

    def _watch(self, now: QWindow | None) -> None:
        behind = now.transientParent() if now is not None else None
        if now is not None and behind is not None and not now.property(_WATCHED):
            now.setProperty(_WATCHED, True)
            now.visibleChanged.connect(partial(self._follow, self._number(now), self._number(behind)))
        self._last = self._number(now) if now is not None else 0

    def _number(self, window: QWindow) -> int:
        if not window.property(_NUMBER):
            window.setProperty(_NUMBER, next(self._numbers))
        return int(window.property(_NUMBER))

    def _follow(self, dialog: int, behind: int, visible: bool) -> None:
        if not visible and self._last == dialog:
            QTimer.singleShot(0, self, partial(self._give_back, behind))

    def _give_back(self, behind: int) -> None:
        """Somebody who has gone to another window meanwhile, of this program or of another, is left there."""
        if QGuiApplication.focusWindow() is None:
            for window in QGuiApplication.topLevelWindows():
                if window.isVisible() and window.property(_NUMBER) == behind:
                    window.requestActivate()
