"""The program's only threads: two lanes that run plain functions one after another, and one signal that brings results.

Nothing of Qt crosses into a lane: what is called back, and for whom, stays on the GUI thread under a job's number.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar, cast

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from member_tracker.domain.errors import TrackerError

T = TypeVar("T")
log = logging.getLogger(__name__)


class Lane(Enum):
    """Which thread runs a job: the one of the store, or the one of mail and hub."""

    LOCAL = "local"
    REMOTE = "remote"


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
    future: "Future[None]"


class Job:
    """A job under way; `cancel` drops its result, and the job itself where it has not begun."""

    __slots__ = ("_jobs", "number")

    def __init__(self, jobs: "Jobs", number: int) -> None:
        self._jobs = jobs
        self.number = number

    def cancel(self) -> None:
        """Nobody will be called back."""
        self._jobs.forget(self.number)


class Jobs(QObject):
    """Runs functions away from the GUI thread and calls back on it.

    `refused` carries a `TrackerError` nobody waited for, `broken` any other exception: a bug. `busy_changed` says
    whether anything is under way in the remote lane.
    """

    refused = Signal(object)
    broken = Signal(object)
    busy_changed = Signal(bool)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {lane: ThreadPoolExecutor(1, thread_name_prefix=lane.value) for lane in Lane}
        self._waiting: dict[int, _Waiting] = {}
        self._remote: set[int] = set()
        self._last = 0
        self._open = True
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

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
        self._last += 1
        number = self._last
        if self._open:
            future = self._lanes[lane].submit(self._work, number, function, args)
            called_back = cast("Callable[[object], None] | None", done)
            self._waiting[number] = _Waiting(owner=owner, done=called_back, failed=failed, future=future)
            if lane is Lane.REMOTE:
                self._note_remote(number)
        return Job(self, number)

    def forget(self, number: int) -> None:
        """Drop the job's result, and the job itself where it has not begun."""
        waiting = self._waiting.pop(number, None)
        if waiting is not None and waiting.future.cancel():
            self._remote_over(number)

    @property
    def under_way(self) -> int:
        """How many jobs somebody waits for."""
        return len(self._waiting)

    def close(self, last: Callable[[], object] | None = None) -> None:
        """Start nothing more, drop what has not begun, wait for what has, and do one last thing in the local lane."""
        self._open = False
        for waiting in self._waiting.values():
            waiting.future.cancel()
        self._waiting.clear()
        self._lanes[Lane.REMOTE].shutdown(wait=True, cancel_futures=True)
        if last is not None:
            self._lanes[Lane.LOCAL].submit(last)
        self._lanes[Lane.LOCAL].shutdown(wait=True)

    def _work(self, number: int, function: Callable[..., object], args: tuple[object, ...]) -> None:
        """In the lane: run the function and send what came of it."""
        try:
            outcome = _Outcome(number=number, result=function(*args))
        except BaseException as error:  # noqa: BLE001 - it is handed to the GUI thread, which decides
            outcome = _Outcome(number=number, error=error)
        if self._open:
            self._ended.emit(outcome)

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        self._remote_over(outcome.number)
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
