"""A window on a practice profile of the test's own."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from member_tracker.app import build
from member_tracker.profile import Profile
from member_tracker.services.practice import fill
from tests.fakes.clock import StoppedClock
from tests.ui.exchange import Exchange, in_front, with_exchange
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running
from ui.picture import wait_until


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
def running(qtbot: QtBot, qapp: QApplication, practice: Profile, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The window with the practice profile open and at rest, on the screen of a council laptop."""
    del qtbot
    watch_the_store(monkeypatch)
    with window_on(qapp, practice) as made:
        wait_until(lambda: made.desk.is_open)
        at_rest(made)
        yield made


@pytest.fixture
def clock() -> StoppedClock:
    """A clock that stands still on a Monday morning."""
    return StoppedClock(datetime(2026, 11, 23, 9, 12, tzinfo=UTC))


@pytest.fixture
def exchange(running: Running, clock: StoppedClock) -> Exchange:
    """The mail server behind the window's profile, which is no longer one to practise with."""
    made = Exchange()
    with_exchange(running, made, clock)
    in_front(running)
    return made
