"""The lock: on Ctrl+L, or when nobody was at the keyboard for a while, the window shows nothing of casework."""

from datetime import datetime
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMenu, QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.services.locking import USUAL_MINUTES, lock_after, must_unlock, needs_passphrase
from ui import look
from ui.desk import Desk
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, empty, label, row

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_LOOK_MS = 10_000
_INPUT = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.MouseMove}
_WORDS = tr("Nothing of your casework is shown. What you were writing is as you left it.")
_OPEN_DOOR = tr(
    "This profile has no passphrase, so anybody at this keyboard can open it: only the lock of the computer itself "
    "protects it. Lock that too when you leave."
)


class LockScreen(QWidget):
    """Covers the window; `unlock_wanted` carries the passphrase typed, empty where there is none."""

    unlock_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("lockScreen")
        self.setAutoFillBackground(True)
        self._passphrase = QLineEdit()
        self._passphrase.setObjectName("unlockPassphrase")
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase.setMaximumWidth(look.FIELD_WIDTH)
        self._passphrase.returnPressed.connect(self._say)
        self._field = QWidget()
        self._field.setLayout(row(buddy(tr("&Passphrase"), self._passphrase), self._passphrase, None))
        self._note = label(_OPEN_DOOR, name="lockNote", kind="quiet")
        self._wrong = label(name="lockWrong", kind="wrong")
        self._wrong.hide()
        self.unlock = button(tr("&Unlock"), self._say, name="unlock", kind="first")
        self.unlock.setAutoDefault(True)
        inside = QWidget()
        inside.setMaximumWidth(look.FORM_WIDTH)
        title = label(tr("Locked"), name="lockTitle", kind="title")
        words = label(_WORDS, name="lockWords")
        inside.setLayout(column(title, words, self._field, self._wrong, row(self.unlock, None), self._note))
        middle = row(None, inside, None)
        middle.setStretch(1, 4)
        self.setLayout(column(None, middle, None, margin=look.WIDE))

    def begin(self, *, asks: bool) -> None:
        """Lock; with `asks` it is opened by the passphrase."""
        empty(self._passphrase)
        self._wrong.hide()
        self._field.setVisible(asks)
        self._note.setVisible(not asks)
        self.show()
        self.raise_()
        (self._passphrase if asks else self.unlock).setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, tr("Locked"))

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the passphrase no longer than it is needed."""
        empty(self._passphrase)
        super().hideEvent(event)

    def refuse(self, error: TrackerError) -> None:
        """Say that it stays locked."""
        self._wrong.setText(str(error))
        self._wrong.show()
        self._passphrase.selectAll()
        self._passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, str(error))

    def _say(self) -> None:
        self.unlock_wanted.emit(self._passphrase.text())


class Lock(QObject):
    """Locks the window and opens it again, everything in it as it was."""

    def __init__(self, desk: Desk, window: "MainWindow", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = window
        self._screen = LockScreen(window)
        self._screen.hide()
        self._minutes = USUAL_MINUTES
        self._asks = True
        self._touched_at: datetime = desk.now()
        self._put_off: list[QAction] = []
        self._hidden: list[tuple[QDialog, bool]] = []
        self._title = ""
        self._action = QAction(tr("&Lock now"), window)
        self._timer = QTimer(self)
        self._connect()

    def _connect(self) -> None:
        window = self._window
        self._action.setObjectName("actionLock")
        self._action.setShortcut(QKeySequence("Ctrl+L"))
        self._action.triggered.connect(self.lock)
        window.addAction(self._action)
        menu = window.findChild(QMenu, "menuFile")
        if menu is not None:
            menu.insertAction(window.menus.quit, self._action)
        self._screen.unlock_wanted.connect(self._try)
        self._desk.lock_wanted.connect(self.lock)
        self._desk.lock_changed.connect(self._keep_minutes)
        self._desk.ask(lock_after, owner=self, done=self._keep_minutes)
        self._desk.ask(needs_passphrase, owner=self, done=self._keep_asks)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self.touch)
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @property
    def is_locked(self) -> bool:
        """Whether the window is locked."""
        return not self._screen.isHidden()

    def touch(self, *_focus: QWidget) -> None:
        """Somebody is at the keyboard."""
        if self._desk.is_open:
            self._touched_at = self._desk.now()

    def look(self) -> None:
        """Lock where nobody was at the keyboard for so long; a computer that slept wakes locked."""
        if self._minutes and not self.is_locked and self._desk.is_open:
            idle = (self._desk.now() - self._touched_at).total_seconds()
            if idle >= self._minutes * 60:
                self.lock()

    def lock(self) -> None:
        """Show nothing of casework, and let no key do anything to it."""
        if self.is_locked or not self._desk.is_open:
            return
        window = self._window
        self._title = window.windowTitle()
        dialogs = [each for each in window.findChildren(QDialog) if each.isVisible()]
        self._hidden = [(each, each.isModal()) for each in dialogs if not isinstance(each, QFileDialog)]
        for dialog in dialogs:
            if isinstance(dialog, QFileDialog):
                dialog.reject()  # it would tell of files, and a system's own is closed by being hidden
            else:
                dialog.hide()
        self._put_off = [
            each for each in window.findChildren(QAction) if each.isEnabled() and not each.shortcut().isEmpty()
        ]
        self._put_off = [each for each in self._put_off if each is not window.menus.quit]
        for action in self._put_off:
            action.setEnabled(False)
        for part in self._parts():
            part.hide()
        window.setWindowTitle(tr("Member Tracker: locked"))
        self._screen.setGeometry(window.rect())
        window.installEventFilter(self)
        self._screen.begin(asks=self._asks)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear that somebody is there, and keep the window covered whatever its size."""
        if event.type() in _INPUT:
            self.touch()
        elif watched is self._window and event.type() is QEvent.Type.Resize and self.is_locked:
            self._screen.setGeometry(self._window.rect())
        return False

    def _parts(self) -> tuple[QWidget, ...]:
        parts = self._window.centralWidget(), self._window.menuBar(), self._window.statusBar()
        return tuple(part for part in parts if part is not None)

    def _try(self, passphrase: str) -> None:
        self._desk.ask(
            lambda app: must_unlock(app, passphrase),
            owner=self,
            done=lambda _nothing: self._open(),
            failed=self._screen.refuse,
        )

    def _open(self) -> None:
        self._window.removeEventFilter(self)
        self._screen.hide()
        for part in self._parts():
            part.show()
        self._window.setWindowTitle(self._title)
        self.touch()
        # What a dialog waited for may have ended meanwhile, and the dialog with all that was in it.
        for action in filter(shiboken6.isValid, self._put_off):
            action.setEnabled(True)
        for dialog, is_modal in self._hidden:
            if shiboken6.isValid(dialog):
                dialog.open() if is_modal else dialog.show()

    def _keep_minutes(self, minutes: int) -> None:
        self._minutes = minutes

    def _keep_asks(self, asks: bool) -> None:
        self._asks = asks
