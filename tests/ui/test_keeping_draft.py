"""What is being written is saved while it changes, on hiding and on closing, and given back, even after a kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from member_tracker.app import build
from member_tracker.domain.errors import Unavailable
from member_tracker.profile import Profile
from member_tracker.services.drafts import KeptDraft, drafts, find_draft, save_draft
from ui.app import Running
from ui.desk import Desk
from ui.picture import settle, wait_until
from ui.widgets import keeping_draft
from ui.widgets.keeping_draft import DraftKeeper


class Note(QWidget):
    """A page with one field."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("notePage")
        self.field = QLineEdit(self)
        self.keeper = DraftKeeper(desk, self, lambda: {"text": self.field.text()} if self.field.text() else None)
        self.keeper.given_back.connect(lambda plain: self.field.setText(plain["text"]))
        layout = QVBoxLayout(self)
        layout.addWidget(self.field)
        layout.addWidget(self.keeper.note)


def asked(running: Running, question: Callable[..., object]) -> object:
    """An answer of the store, asked in its lane."""
    found: list[object] = []
    running.desk.ask(question, owner=running.window, done=found.append)
    wait_until(lambda: bool(found))
    return found[0]


def kept(running: Running, key: str = "note") -> KeptDraft | None:
    found = asked(running, lambda app: find_draft(app, key))
    assert found is None or isinstance(found, KeptDraft)
    return found


@pytest.fixture
def page(running: Running, monkeypatch: pytest.MonkeyPatch) -> Note:
    monkeypatch.setattr(keeping_draft, "EVERY_MS", 40)
    made = Note(running.desk)
    made.keeper.begin("note")
    settle(running.desk.jobs)
    made.show()
    return made


def test_it_is_saved_as_one_types_and_says_when(running: Running, page: Note) -> None:
    page.field.setText("half a senten")
    wait_until(lambda: page.keeper.note.text().startswith("Draft saved "))
    found = kept(running)
    assert found is not None
    assert found.plain == {"text": "half a senten"}


def test_nothing_is_saved_where_nothing_is_written_and_an_emptied_page_forgets(running: Running, page: Note) -> None:
    settle(running.desk.jobs)
    assert kept(running) is None
    page.field.setText("a word")
    wait_until(lambda: page.keeper.note.text().startswith("Draft saved "))
    page.field.clear()
    wait_until(lambda: not page.keeper.note.text())
    settle(running.desk.jobs)
    assert kept(running) is None


def test_it_is_saved_when_the_page_is_hidden_and_given_back_to_the_next(running: Running, page: Note) -> None:
    page.field.setText("left in a hurry")
    page.hide()
    settle(running.desk.jobs)
    again = Note(running.desk)
    again.keeper.begin("note")
    settle(running.desk.jobs)
    assert again.field.text() == "left in a hurry"
    assert again.keeper.note.text().startswith("As you left it, today ")


def test_what_was_typed_meanwhile_is_not_written_over(running: Running, page: Note) -> None:
    page.field.setText("the first")
    page.hide()
    settle(running.desk.jobs)
    again = Note(running.desk)
    again.keeper.begin("note")
    again.field.setText("the second")
    settle(running.desk.jobs)
    assert again.field.text() == "the second"


def test_what_is_done_is_forgotten(running: Running, page: Note) -> None:
    page.field.setText("done")
    page.hide()
    page.keeper.end()
    settle(running.desk.jobs)
    assert kept(running) is None


def test_a_page_that_goes_on_to_another_thing_leaves_the_first_saved(running: Running, page: Note) -> None:
    page.field.setText("about one")
    page.keeper.begin("other")
    settle(running.desk.jobs)
    found = kept(running)
    assert found is not None
    assert found.plain == {"text": "about one"}


def test_it_is_saved_when_the_window_is_closed_though_other_work_was_waiting(running: Running, page: Note) -> None:
    profile = running.desk.profile
    page.keeper._timer.stop()
    running.desk.ask(lambda _app: time.sleep(0.2), owner=page)  # noqa: TID251 - a lane that is busy
    page.field.setText("closed upon")
    running.stop()
    app = build(profile, passphrase=lambda: None, practice=True)
    assert [draft.plain for draft in drafts(app)] == [{"text": "closed upon"}]
    app.store.close()


def test_a_draft_that_cannot_be_saved_says_so_and_is_tried_again(
    running: Running, page: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise Unavailable("The disk is full.", advice="Make room on it.")

    monkeypatch.setattr(keeping_draft, "save_draft", full)
    page.field.setText("no room")
    wait_until(lambda: page.keeper.note.text() == "The draft is not saved: The disk is full. Make room on it.")
    monkeypatch.setattr(keeping_draft, "save_draft", save_draft)
    wait_until(lambda: page.keeper.note.text().startswith("Draft saved "))
    settle(running.desk.jobs)


_KILLED = """
import os, signal, sys
from pathlib import Path
from member_tracker.app import build
from member_tracker.profile import Profile
from member_tracker.services.drafts import save_draft
app = build(Profile(folder=Path(sys.argv[1])), passphrase=lambda: None, practice=True)
save_draft(app, "enquiry", {"text": "up to here"})
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_saved_draft_outlives_a_process_that_is_killed(practice: Profile) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(practice.folder)], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    app = build(practice, passphrase=lambda: None, practice=True)
    found = find_draft(app, "enquiry")
    app.store.close()
    assert found is not None
    assert found.plain == {"text": "up to here"}


_TYPING = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from member_tracker.profile import Profile
from ui.app import Running, application
from ui.enquiries.form import LogForm
from ui.picture import settle, wait_until
app = application()
running = Running(app, Profile(folder=Path(sys.argv[1])))
running.start()
wait_until(lambda: running.desk.is_open)
settle(running.desk.jobs)
running.window.log()
settle(running.desk.jobs)
form = running.window.findChildren(LogForm)[0]
words = form.findChild(QPlainTextEdit, "textField")
number = [0]
def type_one():
    number[0] += 1
    words.insertPlainText(f"word{number[0]} ")
    note = form.findChild(QLabel, "logFormDraft").text()
    print(number[0], note, flush=True)
timer = QTimer()
timer.timeout.connect(type_one)
timer.start(100)
app.exec()
"""


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_window_killed_while_somebody_types_loses_five_seconds_at_most(practice: Profile, repository: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(repository)}
    command = [sys.executable, "-c", _TYPING, str(practice.folder)]
    typed = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as typing:
        assert typing.stdout is not None
        for line in typing.stdout:
            typed = int(line.split()[0])
            if typed >= 120:
                break
        typing.kill()
    app = build(practice, passphrase=lambda: None, practice=True)
    found = find_draft(app, "enquiry")
    app.store.close()
    assert found is not None
    words = str(found.plain["text"]).split()
    assert words == [f"word{number + 1}" for number in range(len(words))]
    assert typed - len(words) <= 70
