"""The status bar: when something was last saved, how mail stands, and how many mails wait, in words."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStatusBar

from member_tracker.domain.errors import TrackerError
from ui.desk import Desk
from ui.widgets.announce import announce
from ui.widgets.parts import label

if TYPE_CHECKING:
    from member_tracker.domain.change import ChangeSet


class Status(QStatusBar):
    """Three facts in one readable line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setSizeGripEnabled(False)
        self._desk = desk
        self._saved = ""
        self._mail = ""
        self._waiting = 0
        self._busy = False
        self._line = label(name="statusLine", wrap=False)
        self._line.setContentsMargins(8, 2, 8, 2)
        self.addWidget(self._line, 1)
        desk.news.changed.connect(self._hear)
        desk.opened.connect(self._begin)
        desk.jobs.busy_changed.connect(self._show_busy)
        self._write()

    @property
    def words(self) -> str:
        """What the bar says."""
        return self._line.text()

    def say(self, words: str) -> None:
        """Say something until the next change."""
        self._line.setText(words)

    def show_waiting(self, waiting: int) -> None:
        """Say how many mails wait to be sent."""
        self._waiting = waiting
        self._write()

    def show_mail(self, at: datetime) -> None:
        """Say when mail was last sent and received."""
        self._mail = f"Mail sent and received {_clock_time(at)}"
        self._write()

    def show_offline(self, error: TrackerError) -> None:
        """Say that mail could not be sent or received, and go on working."""
        self._mail = f"Working offline: {error.title.rstrip('.')}"
        self._write()
        announce(self, self._mail)

    def _begin(self) -> None:
        self._saved = "Everything is saved on this computer"
        self._mail = "Mail not looked at yet"
        self._write()

    def _hear(self, change: "ChangeSet") -> None:
        if self._desk.is_open and change.ids:
            self._saved = f"Saved {_clock_time(self._desk.now())}"
            self._write()

    def _show_busy(self, busy: bool) -> None:
        self._busy = busy
        self._write()

    def _write(self) -> None:
        mail = "Sending and receiving mail…" if self._busy else self._mail
        waiting = f"{self._waiting} waiting to send" if self._waiting else "Nothing waiting to send"
        said = [word for word in (self._saved, mail, waiting if self._saved else "") if word]
        self._line.setText(" · ".join(said) or "Opening…")


def _clock_time(at: datetime) -> str:
    from ui.words import clock_time

    return clock_time(at)
