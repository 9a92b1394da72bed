"""Running the window in a test, on a store that refuses to be touched on the GUI thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication

import member_tracker.app
from member_tracker.app import App
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.profile import Profile
from member_tracker.store.store import Store
from ui import look
from ui.app import Running
from ui.look import Scheme
from ui.picture import settle

ALLOWED_ANYWHERE = {"on_change"}
LAPTOP = (1366, 768)


class WatchedStore:
    """A store that says so when it is used on the GUI thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        if name not in ALLOWED_ANYWHERE and threading.current_thread() is threading.main_thread():
            raise AssertionError(f"the GUI thread used the store: {name}")
        return getattr(self._store, name)


def watch_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every profile opened from here on has a watched store."""
    real = member_tracker.app.build

    def watched(
        profile: Profile, *, passphrase: Callable[[], str | None], practice: bool = False, watch: Watch = UNWATCHED
    ) -> App:
        app = real(profile, passphrase=passphrase, practice=practice, watch=watch)
        return replace(app, store=cast("Store", WatchedStore(app.store)))

    monkeypatch.setattr(member_tracker.app, "build", watched)


@contextmanager
def window_on(app: QApplication, profile: Profile | None) -> Iterator[Running]:
    """A window that was started on a profile; a bug in it fails the test at its end."""
    look.dress(app, Scheme.LIGHT)
    running = Running(app, profile)
    broken: list[BaseException] = []
    running.desk.jobs.broken.disconnect()
    running.desk.jobs.broken.connect(broken.append)
    running.start()
    try:
        yield running
    finally:
        running.stop()
    assert broken == []


def at_rest(running: Running, size: tuple[int, int] = LAPTOP) -> None:
    """Give the window a size and wait until every page has its answers."""
    running.window.resize(*size)
    settle(running.desk.jobs)
