"""A window on a practice profile, with a store that refuses to be touched on the GUI thread."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import member_tracker.app
from member_tracker.app import App, build
from member_tracker.profile import Profile
from member_tracker.services.practice import fill
from member_tracker.store.store import Store
from ui import look
from ui.app import Running
from ui.look import Scheme
from ui.picture import settle, wait_until

ALLOWED_ANYWHERE = {"on_change"}


class WatchedStore:
    """A store that says so when it is used on the GUI thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        if name not in ALLOWED_ANYWHERE and threading.current_thread() is threading.main_thread():
            raise AssertionError(f"the GUI thread used the store: {name}")
        return getattr(self._store, name)


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice profile, made once."""
    folder = tmp_path_factory.mktemp("practice")
    app = build(Profile(folder=folder), passphrase=lambda: None, practice=True)
    fill(app)
    app.store.close()
    return folder


@pytest.fixture
def practice(filled_folder: Path, tmp_path: Path) -> Profile:
    """A practice profile of the test's own."""
    folder = tmp_path / "profile"
    shutil.copytree(filled_folder, folder)
    return Profile(folder=folder)


@pytest.fixture
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every profile opened from here on has a watched store."""
    real = member_tracker.app.build

    def watched(profile: Profile, *, passphrase: Callable[[], str | None], practice: bool = False) -> App:
        app = real(profile, passphrase=passphrase, practice=practice)
        return replace(app, store=cast("Store", WatchedStore(app.store)))

    monkeypatch.setattr(member_tracker.app, "build", watched)


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, _watched: None) -> Iterator[Callable[[Profile | None], Running]]:
    """Starts the window on a profile; what is still running at the end of the test is put away."""
    del qtbot
    started: list[Running] = []

    def make(profile: Profile | None) -> Running:
        look.dress(qapp, Scheme.LIGHT)
        running = Running(qapp, profile)
        broken: list[BaseException] = []
        running.desk.jobs.broken.disconnect()
        running.desk.jobs.broken.connect(broken.append)
        running.setProperty("broken", broken)
        started.append(running)
        running.start()
        return running

    yield make
    for running in started:
        faults = list(running.property("broken"))
        running.stop()
        assert faults == []


@pytest.fixture
def running(start: Callable[[Profile | None], Running], practice: Profile) -> Running:
    """The window with the practice profile open and at rest, on a screen of a council laptop."""
    made = start(practice)
    wait_until(lambda: made.desk.is_open)
    made.window.resize(1366, 768)
    settle(made.desk.jobs)
    return made
