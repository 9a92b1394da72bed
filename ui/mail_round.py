"""Rounds of mail: what is queued is sent, then what has come is brought in; one at a time, and any can be stopped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from member_tracker.domain.change import ChangeSet, RecordKind
from member_tracker.domain.errors import TooMuch, TrackerError
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from ui.desk import Desk
from ui.hub_standing import HubStanding
from ui.jobs import Line
from ui.language import tr
from ui.mail_standing import MailStanding, read_standing, step_words
from ui.rounds import TOGETHER_MS, Rounds, busy_for, once
from ui.status import Status

if TYPE_CHECKING:
    from member_tracker.app import App


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


class MailRounds(Rounds):
    """Rounds of mail; how each went is said in the status bar."""

    def __init__(self, desk: Desk, status: Status, parent: QObject) -> None:
        super().__init__(desk, parent, step_words=step_words)
        self._status = status
        self._soon = once(self, TOGETHER_MS, self.look)
        self._is_locked = False
        desk.news.changed.connect(self._hear)
        desk.hub_stands.connect(self._heed_lock)

    def start(self) -> None:
        """Say how mail stands, go now, and then again and again."""
        self._timer.start()
        self.look()
        self.go()

    def look(self) -> None:
        """Ask how mail stands, without sending or receiving."""
        if self._desk.is_open:
            self._desk.ask(read_standing, owner=self, done=self._desk.mail_stands.emit)

    def _begin(self) -> None:
        self._run(_round_on_a_line, tr("Sending and receiving mail"), done=self._done, failed=self._failed)

    def _say_busy(self) -> None:
        self._status.show_busy_until(self._rhythm.not_before)

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

    def _hold(self, held: bool) -> None:
        """After somebody tried or changed a mailbox a round goes in any case."""
        self._again = self._again or held
        super()._hold(held)

    def _heed_lock(self, stands: HubStanding) -> None:
        """No mail goes out or comes in on a laptop that is locked."""
        if stands.is_locked != self._is_locked:
            self._is_locked = stands.is_locked
            self._hold(stands.is_locked)

    def _hear(self, change: ChangeSet) -> None:
        """What was sent, or decided on, may change how mail stands; a round tells it at its end."""
        if self._job is None and change.touches(RecordKind.OUTGOING):
            self._soon.start()


def _round_on_a_line(app: "App", line: Line) -> Round:
    return send_and_receive(app, line.watch)
