"""The running program: another profile in a fresh window, a bug that is owned up to, the log, and rubbish collected."""

import gc
import logging
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit

from member_tracker.profile import Profile
from member_tracker.services.drafts import find_draft
from tests.ui.walking import named
from tests.ui.windows import at_rest, window_on
from ui import app as running_program
from ui.app import Running, Sweeper, apologise
from ui.enquiries.form import DRAFT
from ui.logbook import FILE, Logbook
from ui.picture import wait_until


def test_practice_can_be_left_for_ones_own_profile_in_a_fresh_window(
    running: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MEMBER_TRACKER_PROFILE", str(tmp_path / "own"))
    kept: list[Running] = []
    monkeypatch.setattr(running_program, "_keep", kept.append)
    monkeypatch.setattr(running, "stop", lambda: None)
    assert running.window.menus.own.isVisible()
    assert not running.window.menus.practise.isVisible()
    running.window.menus.own.trigger()
    following = kept[0]
    wait_until(lambda: following.window.findChild(object, "councilPage") is not None)  # type: ignore[type-var]
    assert not running.window.isVisible()
    following.stop()


def test_of_a_window_that_was_put_away_nothing_is_left(qapp: QApplication, practice: Profile) -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    before = set(qapp.topLevelWidgets())
    with window_on(qapp, practice) as made:
        wait_until(lambda: made.desk.is_open)
        at_rest(made)
        assert set(qapp.topLevelWidgets()) > before
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert set(qapp.topLevelWidgets()) == before


def test_a_bug_is_owned_up_to_without_stopping_and_without_anybodys_words(running: Running, practice: Profile) -> None:
    words = "Ada Greenhalgh, 3 Canal Row"
    try:
        raise ValueError(words)
    except ValueError as error:
        apologise(error, running.window)
    box = running.window.findChild(QMessageBox, "apology")
    assert isinstance(box, QMessageBox)
    assert "Sorry" in box.text()
    assert "ValueError" in box.informativeText()
    box.reject()
    written = (practice.folder / FILE).read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "Canal Row" not in written


def test_what_is_logged_lies_in_the_profile_until_it_is_closed(tmp_path: Path) -> None:
    book = Logbook(tmp_path)
    logging.getLogger("member_tracker.services.post").info("sent %s", "ENQ-7K3M-142-XR")
    book.close()
    logging.getLogger("member_tracker.services.post").info("sent %s", "ENQ-7K3M-143-XT")
    written = (tmp_path / FILE).read_text(encoding="utf-8")
    assert "ENQ-7K3M-142-XR" in written
    assert "ENQ-7K3M-143-XT" not in written


def test_rubbish_is_collected_on_the_gui_thread_alone(qapp: QApplication) -> None:
    before = gc.isenabled()
    try:
        sweeper = Sweeper(qapp)
        assert not gc.isenabled()
        sweeper._sweep()
        sweeper.deleteLater()
    finally:
        (gc.enable if before else gc.disable)()


def test_the_status_bar_says_in_words_what_is_saved_and_what_waits(running: Running) -> None:
    at_rest(running)
    assert "Mail sent and received" in running.window.status.words
    assert "aiting to send" in running.window.status.words


def test_a_window_that_is_called_comes_forward_and_takes_the_file(running: Running) -> None:
    handed: list[str] = []
    running.desk.file_handed.connect(handed.append)
    running.window.showMinimized()
    running.be_called(["/there/reply.eml"])
    assert handed == ["/there/reply.eml"]
    assert running.window.isVisible()
    assert not running.window.isMinimized()


def test_what_is_typed_and_how_the_window_is_are_kept_when_the_session_ends(
    running: Running, practice: Profile, qapp: QApplication
) -> None:
    running.window.log()
    at_rest(running)
    named(running.window, QPlainTextEdit, "textField").setPlainText("The bin was not emptied.")
    assert not (practice.folder / "window.ini").exists()
    running.keep_all()
    kept: list[object] = []
    running.desk.ask(lambda app: find_draft(app, DRAFT), owner=running, done=kept.append)
    wait_until(lambda: bool(kept))
    assert "The bin was not emptied." in str(kept[0])
    assert (practice.folder / "window.ini").exists()
    assert qapp.receivers(SIGNAL("commitDataRequest(QSessionManager&)")) > 0
