"""Restoring a back-up in the window: over what is here, on a new computer, and what is kept beside a profile."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.app import App, build
from member_tracker.domain.watching import Watch
from member_tracker.profile import Profile
from member_tracker.services import replacing
from member_tracker.services.lists import enquiry_page, wanted
from member_tracker.services.practice import fill
from member_tracker.services.replacing import formers, prepare_here
from member_tracker.services.safekeeping import back_up
from member_tracker.services.setup import SetUp, set_up
from member_tracker.store import engine, keys
from member_tracker.store.copies import new_copy
from member_tracker.store.sealing import Cost
from tests.store.test_migrations import next_version
from tests.ui.checks import shortcomings
from tests.ui.exchange import in_front, settled
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui import app as window_app
from ui.app import Running
from ui.main_window import MainWindow
from ui.picture import wait_until

__all__ = ["next_version"]

WORDS, OWN = "seven grey herons", "horse battery staple"
CHEAP = Cost(n=2**10, r=8, p=1)


@pytest.fixture(autouse=True)
def _own_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    del qtbot
    monkeypatch.setattr(keys, "_REAL_COST", keys._PRACTICE_COST)
    watch_the_store(monkeypatch)


@pytest.fixture
def own(tmp_path: Path) -> Profile:
    """Somebody's own profile, backed up while it was empty, and filled since."""
    profile = Profile(folder=tmp_path / "own")
    app = build(profile, passphrase=lambda: OWN)
    set_up(app, SetUp(council="Chorley", me="Cllr Vera Quill"))
    back_up(app, tmp_path / "b.backup", WORDS, cost=CHEAP)
    fill(app)
    app.store.close()
    return profile


def opened(running: Running, words: str = OWN) -> None:
    wait_until(lambda: running.window.findChild(QWidget, "passphrasePage") is not None)
    page = named(running.window, QWidget, "passphrasePage")
    named(page, QLineEdit, "passphraseField").setText(words)
    press(page, "passphraseButton")
    wait_until(lambda: running.desk.is_open)
    at_rest(running)
    in_front(running)


def asked(running: Running, question: Callable[[App], int]) -> int:
    answers: list[int] = []
    running.desk.ask(question, owner=running.desk, done=answers.append)
    wait_until(lambda: bool(answers))
    return answers[0]


def enquiries(app: App) -> int:
    return len(enquiry_page(app, wanted(app, everything=True)).rows)


def show_where(running: Running) -> None:
    running.desk.page_wanted.emit("where", None)
    settled(running)


def type_in(part: QWidget, **said: str) -> None:
    for name, text in said.items():
        named(part, QLineEdit, f"restore{name.title()}").setText(text)


def test_a_back_up_takes_the_place_of_what_is_here_which_is_kept_and_said_and_can_be_deleted(
    own: Profile, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Running] = []
    monkeypatch.setattr(window_app, "_keep", kept.append)
    with window_on(qapp, own) as running:
        stops = iter((running.stop,))

        def stop() -> None:
            for stop_it in stops:
                stop_it()

        monkeypatch.setattr(running, "stop", stop)
        opened(running)
        assert asked(running, enquiries) > 0
        show_where(running)
        press(running.window, "restoreNow")
        settled(running)
        assert shortcomings(running.window) == {}
        press(running.window, "restoreGo")
        assert named(running.window, QWidget, "restoreErrors").isVisible()
        type_in(running.window, path=str(tmp_path / "b.backup"), passphrase="wrong words", own=OWN, again=OWN)
        press(running.window, "restoreGo")
        settled(running)
        assert _says(running.window, "not the passphrase of this back-up")
        assert formers(own) == ()
        type_in(running.window, passphrase=WORDS, own=OWN, again=OWN)
        press(running.window, "restoreGo")
        wait_until(lambda: bool(kept))
        following = kept[0]
        opened(following)
        assert asked(following, enquiries) == 0
        assert "restored from a back-up" in words_of(following.window, "heldNoticeTitle")
        (former,) = formers(own)
        show_where(following)
        assert str(former.folder) in words_of(following.window, "whereCopies")
        assert "also holds what was erased since" in words_of(following.window, "whereCopies")
        assert shortcomings(following.window) == {}
        press(following.window, "whereForget")
        box = named(following.window, QMessageBox, "forgetDialog")
        press(box, "forgetAgree")
        settled(following)
        wait_until(lambda: formers(own) == ())
        settled(following)
        assert not named(following.window, QWidget, "whereCopies").isVisible()
        following.stop()


def test_where_a_back_up_cannot_take_its_place_the_profile_opens_as_it_was_and_that_is_said(
    own: Profile, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = build(own, passphrase=lambda: OWN)
    prepare_here(app, tmp_path / "b.backup", WORDS, OWN, Watch())
    app.store.close()
    monkeypatch.setattr(replacing, "is_open_elsewhere", lambda _file: True)
    with window_on(qapp, own) as running:
        opened(running)
        assert asked(running, enquiries) > 0
        assert "so the back-up was not restored" in words_of(running.window, "bannerTitle")
        assert formers(own) == ()


def test_a_new_computer_is_filled_from_a_back_up_in_the_first_minute(
    own: Profile, tmp_path: Path, qapp: QApplication
) -> None:
    del own
    new = Profile(folder=tmp_path / "new")
    with window_on(qapp, new) as running:
        wait_until(lambda: running.window.findChild(QWidget, "welcomePage") is not None)
        press(running.window, "restoreButton")
        wait_until(lambda: named(running.window, QLineEdit, "restoreOwn").isVisible())
        page = named(running.window, QWidget, "restorePage")
        assert shortcomings(running.window) == {}
        type_in(page, path=str(tmp_path / "nothing"), passphrase=WORDS, own=OWN, again=OWN)
        press(page, "restoreGo")
        wait_until(lambda: named(page, QWidget, "restoreErrors").isVisible())
        type_in(page, path=str(tmp_path / "b.backup"))
        press(page, "restoreGo")
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert running.window.navigation.isVisible()
    assert not new.is_new


def test_an_update_says_how_far_bringing_casework_up_to_date_is_and_where_the_copy_lies(
    own: Profile, qapp: QApplication, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    request.getfixturevalue("next_version")
    said: list[str] = []
    below: list[str] = []
    real = MainWindow.say_opening

    def say(window: MainWindow, words: str) -> None:
        said.append(words)
        real(window, words)
        below.append(words_of(window, "statusLine"))

    monkeypatch.setattr(MainWindow, "say_opening", say)
    with window_on(qapp, own) as running:
        opened(running)
        assert any("brought up to date for this version of Member Tracker: copying" in words for words in said)
        assert any(words.startswith("Your casework is brought up to date") for words in below)
        show_where(running)
        assert "a copy made before an update of the program, in tracker-0001-" in words_of(
            running.window, "whereCopies"
        )
        assert "when anybody’s data is erased" in words_of(running.window, "whereCopies")


def test_a_file_of_a_newer_program_is_refused_in_the_window_with_what_to_do(
    own: Profile, qapp: QApplication, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    request.getfixturevalue("next_version")
    build(own, passphrase=lambda: OWN).store.close()
    monkeypatch.setattr(engine, "HEAD", "0001")
    before = {path.name: path.read_bytes() for path in own.folder.iterdir() if path.is_file()}
    with window_on(qapp, own) as running:
        wait_until(lambda: running.window.findChild(QWidget, "passphrasePage") is not None)
        page = named(running.window, QWidget, "passphrasePage")
        named(page, QLineEdit, "passphraseField").setText(OWN)
        press(page, "passphraseButton")
        wait_until(lambda: _says(running.window, "newer version of Member Tracker"))
        assert _says(running.window, "Update the program on this computer")
        assert not running.desk.is_open
    after = {path.name: path.read_bytes() for path in own.folder.iterdir() if path.is_file()}
    assert {name: content for name, content in after.items() if name in before} == before


def _says(window: QWidget, words: str) -> bool:
    return any(words in each.text() for each in window.findChildren(QLabel) + window.findChildren(QPushButton))


def test_copies_are_named_with_the_day_they_go(own: Profile, qapp: QApplication) -> None:
    app = build(own, passphrase=lambda: OWN)
    copy, _ = new_copy(own.store_file, "0001", app.now())
    copy.write_bytes(b"a copy")
    app.store.close()
    with window_on(qapp, own) as running:
        opened(running)
        show_where(running)
        assert copy.name in words_of(running.window, "whereCopies")
        assert shortcomings(running.window) == {}
