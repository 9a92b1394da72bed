"""Rounds of mail: what is queued is sent, then what has come is brought in; one at a time, and any can be stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from member_tracker.domain.change import ChangeSet, RecordKind
from member_tracker.domain.errors import TooMuch, TrackerError
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from ui.desk import Desk
from ui.jobs import Job, Line, Step
from ui.mail_standing import MailStanding, read_standing, step_words
from ui.rhythm import BUSY_PAUSE, Rhythm
from ui.status import Status

if TYPE_CHECKING:
    from member_tracker.app import App

_TICK_MS = 5_000
_TOGETHER_MS = 60
_WORTH_SAYING_MS = 1_000
INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,  # all that is seen of a key that is a shortcut
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of sending and receiving: why some mail waits or none came, and how the mailboxes stand now."""

    ended_at: datetime
    waits: str | None
    problem: TrackerError | None
    standing: MailStanding


def send_and_receive(app: "App", watch: Watch = UNWATCHED) -> Round:
    """Send what is queued, then bring in what has come; one that fails does not stop the other."""
    from member_tracker.services.collecting import collect
    from member_tracker.services.post import post_queued

    waits: str | None = None
    problem: TrackerError | None = None

    def send() -> None:
        nonlocal waits
        waits = post_queued(app, watch).problem

    def receive() -> None:
        collect(app, watch=watch)

    for deed in (send, receive):
        problem = _problem_of(deed) or problem
    return Round(ended_at=app.now(), waits=waits, problem=problem, standing=read_standing(app))


def _problem_of(deed: Callable[[], None]) -> TrackerError | None:
    """What kept a deed from being done; a stop is none, and goes on."""
    try:
        deed()
    except Stopped:
        raise
    except TrackerError as error:
        return error
    return None


class MailRounds(QObject):
    """One round at a time; what is asked for during a round is done once more after it.

    `progress` carries how far a round is in words once it has taken a while, and nothing when it has ended.
    """

    progress = Signal(str)

    def __init__(self, desk: Desk, status: Status, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._status = status
        self._rhythm = Rhythm(desk.now())
        self._job: Job | None = None
        self._again = False
        self._held = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._words = ""
        self._soon = once(self, _TOGETHER_MS, self.look)
        self._patience = once(self, _WORTH_SAYING_MS, lambda: self.progress.emit(self._words))
        desk.news.changed.connect(self._hear)
        desk.mail_held.connect(self._hold)

    def start(self) -> None:
        """Say how mail stands, go now, and then again and again."""
        self._timer.start()
        self.look()
        self.go()

    def go(self) -> None:
        """Send and receive at once, because somebody asks or something was queued; only a busy server is left alone."""
        if not self._desk.is_open:
            return
        if self._job is not None or self._held:
            self._again = True
        elif self._rhythm.must_wait(self._desk.now()):
            self._status.show_busy_until(self._rhythm.not_before)
        else:
            self._begin()

    def stop(self) -> None:
        """Give up the round under way; what it has not done waits for the next."""
        self._again = False
        if self._job is not None:
            self._job.stop()

    def tick(self) -> None:
        """Go if it is time."""
        if self._desk.is_open and self._job is None and not self._held and self._rhythm.is_due(self._desk.now()):
            self._begin()

    def look(self) -> None:
        """Ask how mail stands, without sending or receiving."""
        if self._desk.is_open:
            self._desk.ask(read_standing, owner=self, done=self._desk.mail_stands.emit)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notice that somebody is at work; whoever comes back need not wait for their mail."""
        if event.type() in INPUT and self._desk.is_open and self._rhythm.note_input(self._desk.now()):
            self.tick()
        return False

    def _begin(self) -> None:
        self._job = self._desk.ask_long(
            _round_on_a_line, owner=self, heard=self._heard, done=self._done, failed=self._failed
        )
        self._words = "Sending and receiving mail"
        self._patience.start()

    def _heard(self, step: Step) -> None:
        self._words = step_words(step)
        if not self._patience.isActive():
            self.progress.emit(self._words)

    def _done(self, what: Round) -> None:
        left_alone = busy_for(what.problem)
        self._rhythm.note_round(self._desk.now(), busy_for=left_alone)
        self._desk.mail_stands.emit(what.standing)
        if what.standing.offline_since is None:
            self._say(what)
        self._over()

    def _say(self, what: Round) -> None:
        if isinstance(what.problem, TooMuch):
            self._status.show_busy_until(self._rhythm.not_before)
        elif what.problem is not None:
            self._status.show_problem(what.problem.title)
        elif what.waits:
            self._status.show_problem(what.waits)
        else:
            self._status.show_mail(what.ended_at)

    def _failed(self, error: TrackerError) -> None:
        """Stopped, or the standing could not even be read."""
        self._rhythm.note_round(self._desk.now())
        if isinstance(error, Stopped):
            self._status.show_stopped()
            self.look()
        else:
            self._status.show_problem(error.title)
        self._over()

    def _over(self) -> None:
        self._job = None
        self._patience.stop()
        self.progress.emit("")
        if self._again and not self._held:
            self._again = False
            self.go()

    def _hold(self, held: bool) -> None:
        """While somebody tries or changes a mailbox no round runs; the one under way goes on after."""
        self._held = held
        if held:
            if self._job is not None:
                self._job.stop()
            self._again = True
        elif self._again and self._job is None:
            self._again = False
            self.go()

    def _hear(self, change: ChangeSet) -> None:
        """What was sent, or decided on, may change how mail stands; a round tells it at its end."""
        if self._job is None and change.touches(RecordKind.OUTGOING):
            self._soon.start()


def once(parent: QObject, milliseconds: int, deed: Callable[[], object]) -> QTimer:
    """A timer that does something once it has been started and so long has passed."""
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    made.timeout.connect(deed)
    return made


def _round_on_a_line(app: "App", line: Line) -> Round:
    return send_and_receive(app, line.watch)


def busy_for(problem: TrackerError | None) -> timedelta | None:
    """How long a busy server wants to be left alone; None where nothing is busy."""
    if not isinstance(problem, TooMuch):
        return None
    return BUSY_PAUSE if problem.wait_seconds is None else timedelta(seconds=problem.wait_seconds)
