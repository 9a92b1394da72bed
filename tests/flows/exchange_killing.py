"""`python -m tests.flows.exchange_killing PROFILE DEED`: do a deed over Exchange and be killed at a moment to order.

A line with a number on standard input begins the deed in a process of its own, a fork of this one, which kills itself
without warning at that moment of its work; moment 0 never comes. A second number says by how many minutes its clock is
ahead. The answer is a line: `killed`, `done` where the deed ended before its moment, or `failed` (why is on standard
error).

A moment is the beginning, and each time when something outside of the process was learnt or changed: a request was
answered, a commit is about to come or was made, the lock of remote work was taken or given back. In between all kills
are the same. Pages and transactions are small, so that there are moments between them.
"""

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import filelock
import keyring.backends.fail
import msal  # type: ignore[import-untyped]  # it ships no types
import requests
from cryptography.hazmat.backends.openssl import backend as openssl
from requests.adapters import HTTPAdapter

from member_tracker.app import App, build, now
from member_tracker.domain.people import PersonId
from member_tracker.mail import (
    ews,
    ews_reading,
    graph_asking,
    graph_http,
    graph_reading,
    graph_sending,
    signin,
    token_cache,
)
from member_tracker.profile import Profile
from member_tracker.services import collecting, post
from member_tracker.services.practice import fill
from member_tracker.store import records
from member_tracker.store.store import Store, Transaction
from tests.fakes import keyring_backend

IMPORTED_BEFORE_FORKING = (
    msal, keyring.backends.fail, keyring_backend, openssl, records, signin, token_cache, ews, graph_asking,
    graph_reading, graph_sending,
)  # fmt: skip
ROUNDS = 6


class Moments:
    """Counts the moments of a process, and ends it at the last one."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._count = count(1)
        self._lock = Lock()

    def passes(self) -> None:
        """One more moment."""
        with self._lock:
            if next(self._count) == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def watch_everything(moments: Moments, remote_lock: Path) -> None:
    """Let moments pass with what others may see; meant for a process that ends with its deed."""
    send, writing = HTTPAdapter.send, Store.writing
    acquire, release = filelock.BaseFileLock.acquire, filelock.BaseFileLock.release

    def sent(adapter: HTTPAdapter, request: requests.PreparedRequest, **how: object) -> requests.Response:
        answer = send(adapter, request, **how)  # type: ignore[arg-type]  # as it was called
        moments.passes()
        return answer

    @contextmanager
    def written(store: Store, *, author: PersonId | None) -> Iterator[Transaction]:
        with writing(store, author=author) as tx:
            yield tx
            moments.passes()
        moments.passes()

    def acquired(lock: filelock.BaseFileLock, **how: object) -> object:
        got = acquire(lock, **how)  # type: ignore[arg-type]  # as it was called
        if Path(lock.lock_file) == remote_lock:
            moments.passes()
        return got

    def released(lock: filelock.BaseFileLock, force: bool = False) -> None:
        held = lock.is_locked and Path(lock.lock_file) == remote_lock
        release(lock, force)
        if held:
            moments.passes()

    HTTPAdapter.send = sent  # type: ignore[method-assign,assignment]
    Store.writing = written  # type: ignore[method-assign,assignment]
    filelock.BaseFileLock.acquire = acquired  # type: ignore[method-assign,assignment]
    filelock.BaseFileLock.release = released  # type: ignore[method-assign,assignment]


def hurry() -> None:
    """Small pages and transactions, and no waiting for a server that is in this same machine."""
    post.LOOKS_AFTER = (0.0,) * 4
    collecting.AT_ONCE = 3
    ews_reading.PAGE, ews_reading.BATCH = 4, 3
    graph_http.PREFER = 'odata.maxpagesize=4, IdType="ImmutableId"'


def sending(app: App) -> None:
    """Post until nothing waits, or only what a later round may find."""
    for _ in range(ROUNDS):
        posted = post.post_queued(app)
        if posted.problem is not None:
            raise RuntimeError(posted.problem)
        if not posted.waiting:
            return


def collect(app: App) -> None:
    """Read the mailbox to its end."""
    collecting.collect(app)


DEEDS: dict[str, Callable[[App], None]] = {"send": sending, "collect": collect}


def do(folder: Path, deed: Callable[[App], None], moment: int, minutes: int) -> None:
    """The deed from the start of the program to its end, or to its moment."""
    moments = Moments(moment)
    moments.passes()
    profile = Profile(folder=folder)
    watch_everything(moments, profile.remote_lock)
    app = build(profile, passphrase=lambda: None)
    with closing(app.store):
        deed(replace(app, now=lambda: now() + timedelta(minutes=minutes)))


def forked(folder: Path, deed: Callable[[App], None], moment: int, minutes: int) -> str:
    """What became of the deed in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            do(folder, deed, moment, minutes)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - it must not come back into this process
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return "killed"
    return "done" if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 else "failed"


def warm_up() -> None:
    """Leave the statements, files and libraries of an ordinary deed in this process, for each fork to find them."""
    with TemporaryDirectory() as scratch:
        app = build(Profile(folder=Path(scratch) / "profile"), passphrase=lambda: None, practice=True)
        with closing(app.store):
            fill(app)
            post.post_queued(app)
            collect(app)


def main(folder: Path, deed: str) -> None:
    """Do as each line says until there are no more."""
    hurry()
    warm_up()
    gc.freeze()  # what is here already is looked at in no process, and so copied in none
    for line in sys.stdin:
        moment, _, minutes = line.partition(" ")
        print(forked(folder, DEEDS[deed], int(moment), int(minutes or "0")), flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
