"""The status bar: when something was last saved, how mail and the hub stand, and how much waits, in words."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStatusBar

from ui.desk import Desk
from ui.language import tr, tr_count
from ui.widgets.announce import announce
from ui.widgets.elided import Elided
from ui.widgets.parts import button

if TYPE_CHECKING:
    from member_tracker.domain.change import ChangeSet
    from ui.hub_standing import HubStanding
    from ui.mail_standing import MailStanding

_IN_FOLDERS = tr("No mailbox is set up: no mail leaves this computer")
_HUB_STOPPED = tr("Falling into step was stopped; F5 goes on")


class Status(QStatusBar):
    """A few facts in one readable line; beside it what needs somebody, and a button that stops what is under way."""

    stop_wanted = Signal()
    reminders_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("statusBar")
        self.setSizeGripEnabled(False)
        self._desk = desk
        self._saved = ""
        self._mail = ""
        self._offline = ""
        self._since = ""
        self._in_folders = False
        self._progress = ""
        self._hub = ""
        self._hub_offline = False
        self._hub_progress = ""
        self._waiting = 0
        self._line = Elided(name="statusLine")
        self._line.setContentsMargins(8, 2, 8, 2)
        self._stop = button(
            tr("Stop"), self.stop_wanted.emit, name="statusStop", kind="link", tip=tr("Shift+F5, or Esc here")
        )
        self._stop.setAccessibleName(tr("Stop sending and receiving mail"))
        self._stop.hide()
        self.reminders = button("", self.reminders_wanted.emit, name="statusReminders", kind="link", tip="Ctrl+B")
        self.reminders.hide()
        self.addWidget(self._line, 1)
        self.addPermanentWidget(self.reminders)
        self.addPermanentWidget(self._stop)
        desk.news.changed.connect(self._hear)
        desk.opened.connect(self._begin)
        desk.mail_stands.connect(self._show_standing)
        desk.hub_stands.connect(self._show_hub)
        self._write()

    @property
    def words(self) -> str:
        """What the bar says."""
        return self._line.text()

    def say(self, words: str) -> None:
        """Say something until the next change."""
        self._line.setText(words)

    def show_reminders(self, count: int) -> None:
        """Offer what needs somebody, by its number."""
        self.reminders.setText(tr("Reminders: {count}").format(count=count))
        self.reminders.setVisible(count > 0)

    def show_waiting(self, waiting: int) -> None:
        """Say how many mails wait to be sent."""
        self._waiting = waiting
        self._write()

    def show_mail(self, at: datetime) -> None:
        """Say when mail was last sent and received."""
        self._mail = tr("Mail sent and received {time}").format(time=_clock_time(at))
        self._write()

    def show_problem(self, title: str) -> None:
        """Say why mail could not be sent or received; work goes on."""
        self._tell(tr("Mail could not be sent or received: {title}").format(title=title.rstrip(".")))

    def show_busy_until(self, at: datetime | None) -> None:
        """Say that a server is busy, and when it is asked again."""
        again = tr(" It is asked again at {time}").format(time=_clock_time(at)) if at else ""
        self._tell(tr("The mail server is busy.{again}").format(again=again))

    def show_stopped(self) -> None:
        """Say that a round of mail was given up."""
        self._tell(tr("Sending and receiving was stopped; F5 begins again"))

    def show_progress(self, words: str) -> None:
        """Say how far a round of mail is, with a button to stop it; no words end it."""
        self._progress = words
        self._offer_stop()

    def show_hub_progress(self, words: str) -> None:
        """Say how far falling into step with the hub is, with a button to stop it; no words end it."""
        self._hub_progress = words
        self._offer_stop()

    def show_hub_stopped(self) -> None:
        """Say that falling into step was given up."""
        announce(self, _HUB_STOPPED)
        self._hub = _HUB_STOPPED
        self._write()

    @property
    def is_under_way(self) -> bool:
        """Whether a round is said to be under way."""
        return bool(self._progress or self._hub_progress)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc on the button stops what is under way."""
        if event.key() == Qt.Key.Key_Escape and self.is_under_way:
            self.stop_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _tell(self, words: str) -> None:
        """Say it, and aloud where it is new."""
        if words != self._mail:
            announce(self, words)
        self._mail = words
        self._write()

    def _begin(self) -> None:
        self._saved = tr("Everything is saved on this computer")
        self._mail = tr("Mail not looked at yet")
        self._write()

    def _hear(self, change: "ChangeSet") -> None:
        if self._desk.is_open and change.ids:
            self._saved = tr("Saved {time}").format(time=_clock_time(self._desk.now()))
            self._write()

    def _show_standing(self, standing: "MailStanding") -> None:
        """Being offline is an everyday thing: it is said, with since when."""
        self._since = _since(standing.offline_since, self._desk.now()) if standing.offline_since else ""
        words = tr("Working offline since {since}").format(since=self._since) if self._since else ""
        if words and not self._offline:
            announce(self, words)
        self._offline = words
        self._in_folders = standing.in_folders
        self._write()

    def _show_hub(self, stands: "HubStanding") -> None:
        """Say how this laptop stands with its hub; being cut off from it is announced once."""
        is_offline = stands.words.startswith("Working offline")
        if is_offline and not self._hub_offline:
            announce(self, stands.words)
        self._hub_offline = is_offline
        self._hub = stands.words
        self._write()

    def _offer_stop(self) -> None:
        """A button that stops what is under way, named for it."""
        mail, hub = bool(self._progress), bool(self._hub_progress)
        both = tr("Stop sending and receiving mail and falling into step") if mail else tr("Stop falling into step")
        self._stop.setAccessibleName(both if hub else tr("Stop sending and receiving mail"))
        self._stop.setVisible(self.is_under_way)
        self._write()

    def _write(self) -> None:
        count = tr_count("{n} waiting to send", "{n} waiting to send", self._waiting).format(n=self._waiting)
        waiting = count if self._waiting else tr("Nothing waiting to send")
        mail = f"{self._progress}…" if self._progress else _IN_FOLDERS if self._in_folders else self._mail
        if self._offline and not self._progress:
            # two clauses that both say “working offline” would leave it open which is which
            mail = tr("No mailbox reached since {since}").format(since=self._since) if self._hub else self._offline
            said = [self._saved, f"{mail}, {waiting[0].lower()}{waiting[1:]}"]
        else:
            said = [self._saved, mail, waiting if self._saved else ""]
        said.append(f"{self._hub_progress}…" if self._hub_progress else self._hub)
        self._line.setText(" · ".join(word for word in said if word) or tr("Opening…"))


def _clock_time(at: datetime) -> str:
    from ui.words import clock_time

    return clock_time(at)


def _since(at: datetime, now: datetime) -> str:
    """Since when, with the day where that is not today."""
    from member_tracker.domain.dates import local_date
    from ui.words import clock_time, short_moment

    return clock_time(at) if local_date(at) == local_date(now) else short_moment(at, local_date(now))
