"""Waiting for others: as long as they ask, not longer than is any use, and never when somebody wants to stop."""

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from member_tracker.domain.errors import TooMuch
from member_tracker.domain.watching import Stopped, Watch

T = TypeVar("T")

LONGEST = 300.0
"""No answer to a busy server waits longer than this, in seconds."""

_SLICE = 0.2
_WORTH_WAITING = 60.0  # seconds in all; what takes longer is tried again in a later round
_never = threading.Event()


def wait(seconds: float, watch: Watch) -> None:
    """Wait; raises `Stopped` as soon as somebody wants no more of it."""
    left = seconds
    while left > 0:
        if watch.stop():
            raise Stopped
        _never.wait(min(_SLICE, left))
        left -= _SLICE


def patiently(act: Callable[[], T], watch: Watch) -> T:
    """Do it, again after each wait the other side asks for; raises its `TooMuch` where that takes too long.

    Where it does not say how long, the waits double from a second, with a little chance in them so that several
    computers do not come back together. `act` must be safe to repeat.
    """
    waited, times = 0.0, 0
    while True:
        try:
            return act()
        except TooMuch as busy:
            pause = next_wait(busy, times)
            if waited + pause > _WORTH_WAITING:
                raise
            wait(pause, watch)
            waited += pause
            times += 1


def next_wait(busy: TooMuch, times: int) -> float:
    """How long to wait, in seconds, after the other side was busy `times` times before."""
    if busy.wait_seconds is not None:
        return min(max(busy.wait_seconds, 0.0), LONGEST)
    return float(min(2**times * random.uniform(1.0, 1.5), LONGEST))  # noqa: S311 - no secret hangs on it
