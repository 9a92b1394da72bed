"""Where the data is, what was deleted lately, and the lock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QSpinBox, QTableView, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.app import App, build
from member_tracker.domain.errors import Unavailable
from member_tracker.profile import Profile
from member_tracker.services.deleting import delete_enquiry
from member_tracker.services.lists import enquiry_page, wanted
from member_tracker.services.locking import lock_after
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.clock import StoppedClock
from tests.ui.checks import shortcomings
from tests.ui.exchange import alt, focused, in_front, own_app, settled
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running
from ui.deeds import Deed
from ui.picture import wait_until
from ui.places import Place
from ui.privacy import page as where_page
from ui.privacy.lock import Lock, LockScreen
from ui.widgets.file_dialog import a_file

SECRET = "horse battery staple"


def show(running: Running, name: str) -> None:
    in_front(running)
    running.desk.page_wanted.emit(name, None)
    settled(running)


def rows(running: Running, name: str) -> int:
    return named(running.window, QTableView, name).model().rowCount()


# --- where ------------------------------------------------------------------------------------------------------------


def test_it_says_where_everything_is_and_whose(running: Running) -> None:
    show(running, "where")
    folder = named(running.window, QLineEdit, "whereFolder").text()
    assert folder == str(running.desk.profile.folder)
    press(running.window, "whereCopy")
    assert QGuiApplication.clipboard().text() == folder
    assert "everything in it is made up" in words_of(running.window, "whereKey")
    assert "Cllr Priya Marsden: 4 enquiries, 4 residents" in words_of(running.window, "whereHeld")
    assert words_of(running.window, "whereHub").startswith("This computer works by itself")
    assert shortcomings(running.window) == {}


def test_a_back_up_is_written_with_a_passphrase_typed_twice_and_listed_with_its_date(
    running: Running, tmp_path: Path
) -> None:
    show(running, "where")
    alt(running, "u")
    settled(running)
    assert shortcomings(running.window) == {}
    file = tmp_path / "casework.backup"
    named(running.window, QLineEdit, "backUpPath").setText(str(file))
    named(running.window, QLineEdit, "backUpPassphrase").setText(SECRET)
    press(running.window, "backUpGo")
    assert named(running.window, QWidget, "backUpErrors").isVisible()
    named(running.window, QLineEdit, "backUpAgain").setText(SECRET)
    press(running.window, "backUpGo")
    settled(running)
    assert file.exists()
    assert str(file) in words_of(running.window, "whereSaid")
    assert str(file) in words_of(running.window, "whereBackups")
    assert named(running.window, QLineEdit, "backUpPassphrase").text() == ""


def test_an_export_that_cannot_be_written_says_why_and_nothing_is_lost(running: Running, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").write_text("here")
    show(running, "where")
    alt(running, "x")
    settled(running)
    path = named(running.window, QLineEdit, "exportPath")
    path.setText(str(tmp_path / "full"))
    press(running.window, "exportGo")
    settled(running)
    assert named(running.window, QWidget, "exportErrors").isVisible()
    path.setText(str(tmp_path / "new"))
    press(running.window, "exportGo")
    settled(running)
    assert (tmp_path / "new" / "manifest.json").exists()


def test_a_folder_that_cannot_be_looked_at_is_said(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_app: App) -> None:
        raise Unavailable("The folder cannot be read.", advice="Try again in a moment.")

    monkeypatch.setattr(where_page, "whereabouts", fails)
    show(running, "where")
    assert words_of(running.window, "bannerTitle") == "The folder cannot be read."


# --- recently deleted -------------------------------------------------------------------------------------------------


def test_what_was_deleted_is_listed_and_put_back_by_one_press(running: Running) -> None:
    show(running, "bin")
    assert words_of(running.window, "binEmpty").startswith("Nothing was deleted lately.")

    def delete_two(app: App) -> None:
        for row in enquiry_page(app, wanted(app, everything=True)).rows[:2]:
            delete_enquiry(app, row.id)  # type: ignore[arg-type]  # a row's id is its enquiry's

    running.desk.ask(delete_two, owner=running.desk)
    settled(running)
    assert rows(running, "deletedList") == 2
    assert shortcomings(running.window) == {}
    alt(running, "p")
    settled(running)
    assert words_of(running.window, "binSaid").endswith("is back.")
    assert rows(running, "deletedList") == 1


# --- the lock ---------------------------------------------------------------------------------------------------------


def is_locked(running: Running) -> bool:
    return named(running.window, LockScreen, "lockScreen").isVisible()


def shown_words(running: Running) -> str:
    return " ".join(
        str(widget.property("text")) for widget in running.window.findChildren(QWidget) if widget.isVisible()
    )


def test_locked_nothing_of_casework_is_shown_no_key_does_anything_and_enter_opens_it_as_it_was(
    running: Running,
) -> None:
    show(running, "residents")
    find = named(running.window, QLineEdit, "residentFind")
    find.setText("ada")
    settled(running)
    QTest.keyClick(focused(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert is_locked(running)
    assert "Ada" not in shown_words(running)
    assert "only the lock of the computer itself protects it" in words_of(running.window, "lockNote")
    assert running.window.windowTitle() == "Member Tracker: locked"
    assert shortcomings(running.window) == {}
    QTest.keyClick(running.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert is_locked(running)
    assert not find.isVisible()
    QTest.keyClick(named(running.window, QWidget, "unlock"), Qt.Key.Key_Return)
    settled(running)
    assert not is_locked(running)
    assert find.isVisible()
    assert find.text() == "ada"
    assert running.window.menus.log.isEnabled()


def test_dialogs_are_there_again_as_they_were_unless_they_ended_while_it_was_locked(running: Running) -> None:
    in_front(running)
    asking, writing, ended = (QDialog(running.window) for _ in range(3))
    asking.open()
    for dialog in (writing, ended):
        dialog.show()
    a_file(running.window, "Choose", name="chooser", then=print).open()
    running.desk.lock_wanted.emit()
    assert not any(dialog.isVisible() for dialog in (asking, writing, ended))
    ended.deleteLater()
    wait_until(lambda: not shiboken6.isValid(ended))
    assert running.window.findChild(QDialog, "chooser") is None
    press(running.window, "unlock")
    settled(running)
    assert [(dialog.isVisible(), dialog.isModal()) for dialog in (asking, writing)] == [(True, True), (True, False)]
    asking.close()
    writing.close()


def test_it_locks_by_itself_after_the_minutes_chosen(running: Running, clock: StoppedClock) -> None:
    show(running, "where")
    minutes = named(running.window, QSpinBox, "lockMinutes")
    assert minutes.value() == 15
    minutes.setValue(5)
    settled(running)
    running.desk._app = replace(own_app(running), now=clock)
    lock = next(each for each in running.findChildren(Lock))
    lock.touch()
    clock.forward(seconds=timedelta(minutes=5).total_seconds() - 1)
    lock.look()
    assert not lock.is_locked
    clock.forward(seconds=1)
    lock.look()
    assert lock.is_locked


def test_never_is_never(running: Running, clock: StoppedClock) -> None:
    show(running, "where")
    named(running.window, QSpinBox, "lockMinutes").setValue(0)
    settled(running)
    assert words_of(running.window, "whereSaid") == "The window locks never by itself."
    running.desk._app = replace(own_app(running), now=clock)
    lock = next(each for each in running.findChildren(Lock))
    lock.touch()
    clock.forward(hours=9)
    lock.look()
    assert not lock.is_locked
    found: list[int] = []
    running.desk.ask(lock_after, owner=running.desk, done=found.append)
    settled(running)
    assert found == [0]


@pytest.fixture
def with_passphrase(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    """A window on a profile that a passphrase protects."""
    del qtbot
    profile = Profile(folder=tmp_path / "own")
    monkeypatch.setenv("MEMBER_TRACKER_PASSPHRASE", SECRET)
    app = build(profile, passphrase=lambda: SECRET)
    set_up(app, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
    app.store.close()
    monkeypatch.delenv("MEMBER_TRACKER_PASSPHRASE")
    watch_the_store(monkeypatch)
    with window_on(qapp, profile) as running:
        wait_until(lambda: running.window.findChild(QLineEdit, "passphraseField") is not None)
        named(running.window, QLineEdit, "passphraseField").setText(SECRET)
        press(running.window, "passphraseButton")
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        yield running


def test_a_profile_with_a_passphrase_is_opened_by_it_alone(with_passphrase: Running) -> None:
    running = with_passphrase
    in_front(running)
    running.desk.lock_wanted.emit()
    field = named(running.window, QLineEdit, "unlockPassphrase")
    for typed, opens in (("", False), ("not the right one", False), (SECRET, True)):
        field.setText(typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        settled(running)
        assert is_locked(running) is not opens
    assert not field.text()


def test_an_enquiry_logged_by_mistake_is_deleted_from_the_menu_and_that_is_undone(running: Running) -> None:
    in_front(running)
    running.window.go_to(Place.OPEN)
    settled(running)
    open_ones = rows(running, "enquiryList")
    running.window.menus.deeds[Deed.DELETE].trigger()
    settled(running)
    assert rows(running, "enquiryList") == open_ones - 1
    QTest.keyClick(focused(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert rows(running, "enquiryList") == open_ones
