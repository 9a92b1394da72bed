"""Rounds of what goes on beside the work: one at a time, by themselves or when asked, and any can be stopped."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from member_tracker.domain.errors import TooMuch, TrackerError
from ui.desk import Desk
from ui.jobs import Job, Line, Step
from ui.rhythm import BUSY_PAUSE, Rhythm

if TYPE_CHECKING:
    from member_tracker.app import App

T = TypeVar("T")

TOGETHER_MS = 60
_TICK_MS = 5_000
_WORTH_SAYING_MS = 1_000
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,  # all that is seen of a key that is a shortcut
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class Rounds(QObject):
    """One round at a time; what is asked for during a round is done once more after it. Each kind says how it begins.

    `progress` carries how far a round is in words once it has taken a while, and nothing when it has ended.
    """

    progress = Signal(str)

    def __init__(self, desk: Desk, parent: QObject, *, step_words: Callable[[Step], str]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rhythm = Rhythm(desk.now())
        self._step_words = step_words
        self._job: Job | None = None
        self._again = False
        self._held = False
        self._words = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._patience = once(self, _WORTH_SAYING_MS, lambda: self.progress.emit(self._words))
        desk.mail_held.connect(self._hold)

    def go(self) -> None:
        """Go at once, because somebody asks or something waits; only a busy server is left alone."""
        if not self._desk.is_open:
            return
        if self._job is not None or self._held:
            self._again = True
        elif self._rhythm.must_wait(self._desk.now()):
            self._say_busy()
        else:
            self._set_out()

    def stop(self) -> None:
        """Give up the round under way; what it has not done waits for the next."""
        self._again = False
        if self._job is not None:
            self._job.stop()

    def tick(self) -> None:
        """Go if it is time."""
        if self._desk.is_open and self._is_free and self._goes_by_itself and self._rhythm.is_due(self._desk.now()):
            self._begin()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notice that somebody is at work; whoever comes back need not wait."""
        if event.type() in _INPUT and self._desk.is_open:
            self._note_input()
        return False

    # --- what each kind says for itself -------------------------------------------------------------------------------

    @property
    def _goes_by_itself(self) -> bool:
        """Whether rounds are due from time to time."""
        return True

    def _begin(self) -> None:
        """Begin a round now."""
        raise NotImplementedError

    def _set_out(self) -> None:
        """Begin a round that was asked for."""
        self._begin()

    def _say_busy(self) -> None:
        """Tell whoever asked that the server is to be left alone."""

    def _note_input(self) -> None:
        if self._rhythm.note_input(self._desk.now()):
            self.tick()

    # --- the course of a round ----------------------------------------------------------------------------------------

    @property
    def _is_free(self) -> bool:
        """Whether a round could begin now."""
        return self._job is None and not self._held

    def _run(
        self,
        deed: "Callable[[App, Line], T]",
        words: str,
        *,
        done: Callable[[T], None],
        failed: Callable[[TrackerError], None],
    ) -> None:
        """Have the deed of a round done; `words` are said while nothing better is known."""
        self._job = self._desk.ask_long(deed, owner=self, heard=self._heard, done=done, failed=failed)
        self._words = words
        self._patience.start()

    def _heard(self, step: Step) -> None:
        self._words = self._step_words(step)
        if not self._patience.isActive():
            self.progress.emit(self._words)

    def _over(self) -> None:
        """The round has ended; one that was asked for meanwhile begins."""
        self._job = None
        self._patience.stop()
        self.progress.emit("")
        if self._again and not self._held:
            self._again = False
            self.go()

    def _hold(self, held: bool) -> None:
        """While somebody tries or changes a way out it is theirs; the round under way goes on after."""
        self._held = held
        if held:
            if self._job is not None:
                self._job.stop()
                self._again = True
        elif self._again and self._job is None:
            self._again = False
            self.go()


def once(parent: QObject, milliseconds: int, deed: Callable[[], object]) -> QTimer:
    """A timer that does something once it has been started and so long has passed."""
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    made.timeout.connect(deed)
    return made


def busy_for(problem: TrackerError | None) -> timedelta | None:
    """How long a busy server wants to be left alone; None where nothing is busy."""
    if not isinstance(problem, TooMuch):
        return None
    return BUSY_PAUSE if problem.wait_seconds is None else timedelta(seconds=problem.wait_seconds)
