"""What the GUI thread never does: touch a file of the profile or a socket; and what becomes of a screen that goes."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit

from member_tracker.profile import Profile
from tests.ui.walking import named
from tests.ui.windows import at_rest
from ui.app import Running
from ui.logbook import FILE as LOG
from ui.page_table import PAGES
from ui.picture import settle, wait_until
from ui.places import Place
from ui.remembered import FILE as REMEMBERED

OWN_FILES = {LOG, REMEMBERED}
"""What the window itself writes into the profile, which holds no casework."""
ON_FILES = {"open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "sqlite3.connect"}


class Ear:
    """Hears what the GUI thread does to files below a folder, and to sockets."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.heard: list[str] = []
        sys.addaudithook(self.hear)

    def hear(self, event: str, said: tuple[object, ...]) -> None:
        if self.folder is None or threading.current_thread() is not threading.main_thread():
            return
        if event.startswith("socket."):
            self.heard.append(event)
        elif event in ON_FILES and said and isinstance(said[0], str | bytes | os.PathLike):
            path = Path(os.fsdecode(said[0]))
            if path.is_relative_to(self.folder) and path.name not in OWN_FILES:
                self.heard.append(f"{event} {path.relative_to(self.folder)}")


@pytest.fixture(scope="module")
def the_ear() -> Ear:
    """One for all: a hook cannot be taken off again."""
    return Ear()


@pytest.fixture
def ear(the_ear: Ear, running: Running, practice: Profile) -> Iterator[Ear]:
    """It listens while the window is used, from when the profile is open."""
    at_rest(running)
    the_ear.folder = practice.folder
    the_ear.heard.clear()
    yield the_ear
    the_ear.folder = None


def test_walking_through_every_screen_the_gui_thread_touches_no_file_of_the_profile_and_no_socket(
    ear: Ear, running: Running
) -> None:
    for place in Place:
        running.window.go_to(place)
        wait_until(lambda: not running.desk.jobs.under_way)
    for line in PAGES:
        if line.place is None and line.name not in {"casework", "compose"}:
            running.desk.page_wanted.emit(line.name, None)
            wait_until(lambda: not running.desk.jobs.under_way)
    find = named(running.window, QLineEdit, "findBox")
    find.setText("damp")
    find.returnPressed.emit()
    running.window.menus.mail.trigger()
    wait_until(lambda: not running.desk.jobs.under_way)
    assert ear.heard == []


def test_a_file_of_the_profile_opened_on_the_gui_thread_would_be_heard(ear: Ear, practice: Profile) -> None:
    practice.store_file.read_bytes()
    assert ear.heard == [f"open {practice.store_file.name}"]


def test_a_screen_that_goes_while_its_work_runs_drops_the_result(running: Running) -> None:
    at_rest(running)
    going_on = threading.Event()
    running.desk.ask(lambda _app: going_on.wait(10), owner=running)
    screens = [line.make(running.desk) for line in PAGES]
    for screen in screens:
        screen.show()
        screen.refresh()
    waiting = running.desk.jobs.under_way
    for screen in screens:
        screen.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not any(shiboken6.isValid(screen) for screen in screens)
    assert waiting > len(screens) / 2, "the screens asked for what they show"
    going_on.set()
    settle(running.desk.jobs)
