"""Rounds of falling into step with the hub: by themselves, at once when asked, and soon after something was saved."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from member_tracker.domain.change import ChangeSet
from member_tracker.domain.errors import TooMuch, TrackerError
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from ui.desk import Desk
from ui.hub_standing import NO_HUB, HubStanding, falling_words, read_hub
from ui.jobs import Line
from ui.language import tr
from ui.rounds import TOGETHER_MS, Rounds, busy_for, once

if TYPE_CHECKING:
    from member_tracker.app import App

QUIET_MS = 4_000
"""How long nobody has pressed a key before what was saved goes to the hub."""


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


class SyncRounds(Rounds):
    """Rounds with the hub, only where the profile belongs to one; `stopped` says that one was given up."""

    stopped = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(desk, parent, step_words=falling_words)
        self._stands = NO_HUB
        self._saved_meanwhile = False
        self._password: str | None = None
        self._quiet = once(self, QUIET_MS, self._send_what_waits)
        self._soon = once(self, TOGETHER_MS, self.look)
        desk.news.changed.connect(self._hear)
        desk.hub_stands.connect(self._note)

    def start(self) -> None:
        """Say how it stands, go now, and then again and again."""
        self._timer.start()
        self._ask(self._begin_if_shared)

    def sign_in(self, password: str) -> None:
        """Fall into step with this password, which is kept where it opens the hub and forgotten where it does not."""
        self._password = password
        self.go()

    def look(self) -> None:
        """Ask how it stands, without falling into step."""
        self._ask(self._show)

    @property
    def _goes_by_itself(self) -> bool:
        return self._stands.is_shared

    def _set_out(self) -> None:
        self._ask(self._begin_if_shared)

    def _note_input(self) -> None:
        """What was saved waits until somebody pauses."""
        if self._quiet.isActive():
            self._quiet.start()
        super()._note_input()

    def _ask(self, shown: Callable[[HubStanding], None]) -> None:
        if self._desk.is_open:
            self._desk.ask(read_hub, owner=self, done=shown)

    def _note(self, stands: HubStanding) -> None:
        """A hub that was joined just now has been spoken to."""
        if stands.is_shared and not self._stands.is_shared:
            self._rhythm.note_round(self._desk.now())
        self._stands = stands

    def _show(self, stands: HubStanding) -> None:
        self._stands = stands
        self._desk.hub_stands.emit(stands)

    def _begin_if_shared(self, stands: HubStanding) -> None:
        self._show(stands)
        if stands.is_shared and self._is_free:
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

        self._run(on_a_line, tr("Falling into step"), done=self._done, failed=self._failed)

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

    def _hear(self, change: ChangeSet) -> None:
        """Something was saved, here or by another program: it goes once the window has been quiet for a while."""
        if not self._stands.is_shared or not (change.ids or change.everything):
            return
        if self._job is not None:
            self._saved_meanwhile = True
        else:
            self._soon.start()
            self._quiet.start()
