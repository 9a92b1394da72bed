"""Reminders on screen: always in a list of the window's own, and as a notification where the system has those."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from ui import look
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.rounds import once
from ui.shell.titles import TITLE
from ui.widgets.announce import announce

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.domain.change import ChangeSet
    from member_tracker.services.reminders import Reminder, Reminders

_FIRST_MS, _EVERY_MS, _TOGETHER_MS = 4_000, 60_000, 2_000


def read_reminders(app: "App") -> "Reminders":
    """What needs somebody, and what of it is told now."""
    from member_tracker.services.reminders import reminders

    return reminders(app)


class Reminding(QObject):
    """Asks now and then what somebody is to be reminded of, while casework is shown; nothing else is ever told."""

    def __init__(self, desk: Desk, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = window
        self._standing: tuple[Reminder, ...] = ()
        self._tray: QSystemTrayIcon | None = None
        self._soon = once(self, _TOGETHER_MS, self.ask)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.ask)
        self._timer.start()
        desk.news.changed.connect(self._hear)
        window.status.reminders_wanted.connect(self.open_list)
        window.menus.reminders.triggered.connect(self.open_list)
        once(self, _FIRST_MS, self.ask).start()

    def ask(self) -> None:
        """Ask what needs somebody; not while the window shows no casework."""
        if self._desk.is_open and self._window.shows_casework:
            self._desk.ask(read_reminders, owner=self, done=self._show)

    def open_list(self) -> None:
        """Show the list; a line of it opens its enquiry."""
        from ui.shell.reminders_list import RemindersList

        shown = RemindersList(self._standing, self._window)
        shown.chosen.connect(self._desk.show_enquiry)
        shown.open()

    def put_away(self) -> None:
        """The window goes, and with it what stands for it among the system's icons."""
        if self._tray is not None:
            self._tray.hide()

    def _hear(self, _change: "ChangeSet") -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show(self, found: "Reminders") -> None:
        self._standing = found.standing
        self._window.status.show_reminders(sum(len(reminder.things) for reminder in found.standing))
        if found.told_now:
            words = "\n".join(reminder.words for reminder in found.told_now)
            announce(self._window, words)
            self._notify(words)

    def _notify(self, words: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(look.tray_icon(), self)
            self._tray.setToolTip(TITLE)
            self._tray.activated.connect(lambda _why: self._window.come_forward())
            self._tray.messageClicked.connect(self._answer)
            self._tray.show()
        self._tray.showMessage(TITLE, words, look.tray_icon())

    def _answer(self) -> None:
        """Somebody pressed a notification."""
        self._window.come_forward()
        self.open_list()
