"""Rounds of falling into step with the hub: by themselves, at once when asked, and soon after something was saved."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from member_tracker.domain.change import ChangeSet
from member_tracker.domain.errors import TooMuch, TrackerError
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from ui.desk import Desk
from ui.hub_standing import NO_HUB, HubStanding, falling_words, read_hub
from ui.jobs import Job, Line, Step
from ui.mail_round import INPUT, busy_for, once
from ui.rhythm import Rhythm

if TYPE_CHECKING:
    from member_tracker.app import App

_TICK_MS = 5_000
QUIET_MS = 4_000
"""How long nobody has pressed a key before what was saved goes to the hub."""
_WORTH_SAYING_MS = 1_000
_TOGETHER_MS = 60


def fall_into_step(app: "App", watch: Watch = UNWATCHED, password: str | None = None) -> HubStanding:
    """Exchange changes with the hub, with a password where one was typed; how the laptop stands with it afterwards.

    Raises `Stopped` where somebody wants no more of it, and `TooMuch` where the hub is busy.
    """
    from member_tracker.services.syncing import sync_now

    try:
        sync_now(app, watch, lambda _login: password)
    except (Stopped, TooMuch):
        raise
    except TrackerError:  # what was wrong is remembered, and part of how it stands
        return read_hub(app)
    return read_hub(app)


class SyncRounds(QObject):
    """One round at a time, and only where the profile belongs to a hub.

    `progress` carries how far a round is in words once it has taken a while, and nothing when it has ended;
    `stopped` says that one was given up.
    """

    progress = Signal(str)
    stopped = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rhythm = Rhythm(desk.now())
        self._stands = NO_HUB
        self._job: Job | None = None
        self._again = False
        self._held = False
        self._saved_meanwhile = False
        self._password: str | None = None
        self._words = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._quiet = once(self, QUIET_MS, self._send_what_waits)
        self._soon = once(self, _TOGETHER_MS, self.look)
        self._patience = once(self, _WORTH_SAYING_MS, lambda: self.progress.emit(self._words))
        desk.news.changed.connect(self._hear)
        desk.mail_held.connect(self._hold)

    def start(self) -> None:
        """Say how it stands, go now, and then again and again."""
        self._timer.start()
        self._ask(self._begin_if_shared)

    def go(self) -> None:
        """Fall into step at once, because somebody asks; only a busy hub is left alone."""
        if not self._desk.is_open:
            return
        if self._job is not None or self._held:
            self._again = True
        elif not self._rhythm.must_wait(self._desk.now()):
            self._ask(self._begin_if_shared)

    def sign_in(self, password: str) -> None:
        """Fall into step with this password, which is kept where it opens the hub and forgotten where it does not."""
        self._password = password
        self.go()

    def stop(self) -> None:
        """Give up the round under way; the next goes on from where it was."""
        self._again = False
        if self._job is not None:
            self._job.stop()

    def tick(self) -> None:
        """Go if it is time; the words of how it stands grow old without a round too."""
        if not self._desk.is_open or not self._stands.is_shared or self._job is not None or self._held:
            return
        if self._rhythm.is_due(self._desk.now()):
            self._begin()

    def look(self) -> None:
        """Ask how it stands, without falling into step."""
        self._ask(self._show)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notice that somebody is at work: what was saved waits until they pause."""
        if event.type() in INPUT and self._desk.is_open:
            if self._quiet.isActive():
                self._quiet.start()
            if self._rhythm.note_input(self._desk.now()):
                self.tick()
        return False

    def _ask(self, shown: Callable[[HubStanding], None]) -> None:
        if self._desk.is_open:
            self._desk.ask(read_hub, owner=self, done=shown)

    def _show(self, stands: HubStanding) -> None:
        self._stands = stands
        self._desk.hub_stands.emit(stands)

    def _begin_if_shared(self, stands: HubStanding) -> None:
        self._show(stands)
        if stands.is_shared and self._job is None and not self._held:
            self._begin()

    def _send_what_waits(self) -> None:
        """The window was quiet for a while after something was saved."""

        def heard(stands: HubStanding) -> None:
            self._show(stands)
            if stands.waiting:
                self.go()

        self._ask(heard)

    def _begin(self) -> None:
        self._quiet.stop()
        self._saved_meanwhile = False
        password, self._password = self._password, None

        def on_a_line(app: "App", line: Line) -> HubStanding:
            return fall_into_step(app, line.watch, password)

        self._job = self._desk.ask_long(on_a_line, owner=self, heard=self._heard, done=self._done, failed=self._failed)
        self._words = "Falling into step"
        self._patience.start()

    def _heard(self, step: Step) -> None:
        self._words = falling_words(step)
        if not self._patience.isActive():
            self.progress.emit(self._words)

    def _done(self, stands: HubStanding) -> None:
        self._rhythm.note_round(self._desk.now())
        self._show(stands)
        self._over()
        if self._saved_meanwhile and stands.waiting and self._job is None:
            self._quiet.start()

    def _failed(self, error: TrackerError) -> None:
        """Stopped, or the hub is busy."""
        self._rhythm.note_round(self._desk.now(), busy_for=busy_for(error))
        if isinstance(error, Stopped) and not self._held:
            self._over()
            self.stopped.emit()
            return
        if not isinstance(error, Stopped | TooMuch):
            self._desk.jobs.refused.emit(error)
        self.look()
        self._over()

    def _over(self) -> None:
        self._job = None
        self._patience.stop()
        self.progress.emit("")
        if self._again and not self._held:
            self._again = False
            self.go()

    def _hold(self, held: bool) -> None:
        """While somebody tries or changes a mailbox the way out is theirs; the round under way goes on after."""
        self._held = held
        if held:
            if self._job is not None:
                self._job.stop()
                self._again = True
        elif self._again and self._job is None:
            self._again = False
            self.go()

    def _hear(self, change: ChangeSet) -> None:
        """Something was saved, here or by another program: it goes once the window has been quiet for a while."""
        if not self._stands.is_shared or not (change.ids or change.everything):
            return
        if self._job is not None:
            self._saved_meanwhile = True
        else:
            self._soon.start()
            self._quiet.start()
