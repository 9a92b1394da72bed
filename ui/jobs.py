"""The program's only threads: two lanes that run plain functions one after another, and one signal that brings results.

Nothing of Qt crosses into a lane: what is called back, and for whom, stays on the GUI thread under a job's number.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar, cast

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from member_tracker.domain.errors import TrackerError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from member_tracker.domain.watching import Watch

T = TypeVar("T")
log = logging.getLogger(__name__)


class Lane(Enum):
    """Which thread runs a job: the one of the store, or the one of mail and hub."""

    LOCAL = "local"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a job has come: `done` of `whole` of a stage, where `whole` is 0 if nobody knows how much there is.

    `must_read` marks words somebody needs, such as a code to type elsewhere: they are never passed over.
    """

    stage: str
    done: int = 0
    whole: int = 0
    must_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a long job speaks through: its watch, and words somebody must read."""

    watch: "Watch"
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What came of a job: a result, an error a person can act on, or a bug."""

    number: int
    result: object = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """Who waits for a job, kept on the GUI thread alone."""

    owner: QObject
    done: Callable[[object], None] | None
    failed: Callable[[TrackerError], None] | None
    heard: Callable[[Step], None] | None
    future: "Future[None]"


class Job:
    """A job under way; `cancel` drops its result, and the job itself where it has not begun.

    `stop` asks a job that has a `Line` to give up, and whoever waits is told `Stopped`.
    """

    __slots__ = ("_jobs", "number")

    def __init__(self, jobs: "Jobs", number: int) -> None:
        self._jobs = jobs
        self.number = number

    def cancel(self) -> None:
        """Nobody will be called back."""
        self._jobs.forget(self.number)

    def stop(self) -> None:
        """The job gives up as soon as it can."""
        self._jobs.stop(self.number)


class Jobs(QObject):
    """Runs functions away from the GUI thread and calls back on it.

    `refused` carries a `TrackerError` nobody waited for, `broken` any other exception: a bug. `busy_changed` says
    whether anything is under way in the remote lane. `closing` comes when nothing more is to begin: what is started in
    answer to it is still done.
    """

    refused = Signal(object)
    broken = Signal(object)
    busy_changed = Signal(bool)
    closing = Signal()
    _ended = Signal(object)
    _spoke = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._remote: set[int] = set()
        self._stopped: set[int] = set()
        self._steps: dict[int, Step] = {}
        self._speaking = threading.Lock()
        self._last = 0
        self._open = True
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._spoke.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        function: Callable[..., T],
        *args: object,
        owner: QObject,
        done: Callable[[T], None] | None = None,
        failed: Callable[[TrackerError], None] | None = None,
    ) -> Job:
        """Run `function(*args)` in the lane; `done` or `failed` is called on the GUI thread if `owner` still lives."""
        return self._start(lane, function, args, owner=owner, done=done, failed=failed, heard=None)

    def run_long(
        self,
        lane: Lane,
        function: Callable[..., T],
        *args: object,
        owner: QObject,
        heard: Callable[[Step], None],
        done: Callable[[T], None] | None = None,
        failed: Callable[[TrackerError], None] | None = None,
    ) -> Job:
        """Run `function(*args, line)`; `heard` is called on the GUI thread with the latest step it told."""
        line = self._line(self._last + 1)
        return self._start(lane, function, (*args, line), owner=owner, done=done, failed=failed, heard=heard)

    def _start(
        self,
        lane: Lane,
        function: Callable[..., T],
        args: tuple[object, ...],
        *,
        owner: QObject,
        done: Callable[[T], None] | None,
        failed: Callable[[TrackerError], None] | None,
        heard: Callable[[Step], None] | None,
    ) -> Job:
        self._last += 1
        number = self._last
        if self._open:
            future = self._lane(lane).submit(self._work, number, function, args)
            called_back = cast("Callable[[object], None] | None", done)
            self._waiting[number] = _Waiting(owner=owner, done=called_back, failed=failed, heard=heard, future=future)
            if lane is Lane.REMOTE:
                self._note_remote(number)
        return Job(self, number)

    def forget(self, number: int) -> None:
        """Drop the job's result, and the job itself where it has not begun."""
        waiting = self._waiting.pop(number, None)
        if waiting is not None and waiting.future.cancel():
            self._remote_over(number)

    def stop(self, number: int) -> None:
        """Ask the job to give up."""
        if number in self._waiting:
            self._stopped.add(number)

    @property
    def under_way(self) -> int:
        """How many jobs somebody waits for."""
        return len(self._waiting)

    def close(self, last: Callable[[], object] | None = None) -> None:
        """Start nothing more, drop what has not begun, stop what has, wait for it, and do one last thing locally."""
        if not self._open:
            return
        for waiting in self._waiting.values():
            waiting.future.cancel()
        self.closing.emit()
        self._open = False
        self._waiting.clear()
        self._lane(Lane.REMOTE).shutdown(wait=True, cancel_futures=True)
        if last is not None:
            self._lane(Lane.LOCAL).submit(last)
        self._lane(Lane.LOCAL).shutdown(wait=True)

    def _lane(self, lane: Lane) -> "ThreadPoolExecutor":
        """The lane, made when something is first run in it: the window is painted before."""
        if lane not in self._lanes:
            from concurrent.futures import ThreadPoolExecutor

            self._lanes[lane] = ThreadPoolExecutor(1, thread_name_prefix=lane.value)
        return self._lanes[lane]

    def _work(self, number: int, function: Callable[..., object], args: tuple[object, ...]) -> None:
        """In the lane: run the function and send what came of it."""
        try:
            if number in self._stopped:
                from member_tracker.domain.watching import Stopped

                outcome = _Outcome(number=number, error=Stopped())
            else:
                outcome = _Outcome(number=number, result=function(*args))
        except BaseException as error:  # noqa: BLE001 - it is handed to the GUI thread, which decides
            outcome = _Outcome(number=number, error=error)
        if self._open:
            self._ended.emit(outcome)

    def _line(self, number: int) -> Line:
        """What a job speaks through, from its lane."""

        def say(words: str) -> None:
            self._tell(number, Step(stage=words, must_read=True))

        from ui.counting_watch import CountingWatch

        watch = CountingWatch(
            progress=lambda stage, _share: self._tell(number, Step(stage=stage)),
            stop=lambda: self._is_stopped(number),
            counted=lambda stage, done, whole: self._tell(number, Step(stage=stage, done=done, whole=whole)),
        )
        return Line(watch=watch, say=say)

    def _is_stopped(self, number: int) -> bool:
        """In the lane: whether somebody wants no more of the job, or the program ends."""
        return not self._open or number in self._stopped

    def _tell(self, number: int, step: Step) -> None:
        """In the lane: pass on how far a job is; of steps nobody has heard yet only the latest counts."""
        if not self._open:
            return
        if step.must_read:
            self._spoke.emit(number, step)
            return
        with self._speaking:
            is_first = number not in self._steps
            self._steps[number] = step
        if is_first:
            self._spoke.emit(number, None)

    @Slot(int, object)
    def _pass_on(self, number: int, said: Step | None) -> None:
        step = said
        if step is None:
            with self._speaking:
                step = self._steps.pop(number, None)
        waiting = self._waiting.get(number)
        if step is not None and waiting is not None and waiting.heard is not None and shiboken6.isValid(waiting.owner):
            waiting.heard(step)

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        self._remote_over(outcome.number)
        self._stopped.discard(outcome.number)
        waiting = self._waiting.pop(outcome.number, None)
        if waiting is None or not shiboken6.isValid(waiting.owner):
            log.debug("job %s has nobody waiting for it", outcome.number)
        elif outcome.error is None:
            if waiting.done is not None:
                waiting.done(outcome.result)
        elif not isinstance(outcome.error, TrackerError):
            self.broken.emit(outcome.error)
        elif waiting.failed is not None:
            waiting.failed(outcome.error)
        else:
            self.refused.emit(outcome.error)

    def _note_remote(self, number: int) -> None:
        self._remote.add(number)
        if len(self._remote) == 1:
            self.busy_changed.emit(True)

    def _remote_over(self, number: int) -> None:
        if number in self._remote:
            self._remote.discard(number)
            if not self._remote:
                self.busy_changed.emit(False)
