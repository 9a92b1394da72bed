"""One process at a time does remote work for a profile: mail and the hub."""

from collections.abc import Iterator
from contextlib import contextmanager

from member_tracker.domain.errors import Unavailable
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.services.parts import App

WAIT_SECONDS = 10.0


@contextmanager
def remote_work(app: App, watch: Watch = UNWATCHED) -> Iterator[None]:
    """Hold the lock of remote work for this profile; raises `Unavailable` where another process holds it."""
    import filelock

    lock = filelock.FileLock(app.profile.remote_lock)
    try:
        lock.acquire(timeout=WAIT_SECONDS, cancel_check=watch.stop)
    except filelock.Timeout as error:
        if watch.stop():
            raise Stopped from error
        raise Unavailable(
            "Another window or command is at work with mail or the hub for this profile.",
            advice="Wait until it has finished, then try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()
