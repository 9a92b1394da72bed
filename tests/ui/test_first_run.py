"""The first start asks one thing; a council's profile is locked with a passphrase where there is no keyring."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.profile import Profile, usual_profile
from tests.ui.checks import shortcomings
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running
from ui.picture import wait_until

WORDS = "four quiet words here"


@pytest.fixture
def new(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """A profile nobody has used."""
    del qtbot
    watch_the_store(monkeypatch)
    return Profile(folder=tmp_path / "new")


def wait_for_page(running: Running, name: str) -> QWidget:
    wait_until(lambda: _shown(running, name))
    return named(running.window, QWidget, name)


def _shown(running: Running, name: str) -> bool:
    page = running.window.findChild(QWidget, name)
    return page is not None and page.isVisible()


def set_up(running: Running) -> None:
    """Answer every question for Chorley."""
    wait_for_page(running, "welcomePage")
    press(running.window, "councilButton")
    page = wait_for_page(running, "councilPage")
    named(page, QComboBox, "councilField").setCurrentText("Chorley")
    named(page, QLineEdit, "nameField").setText("Cllr Ada Byron")
    press(page, "setUpButton")
    page = wait_for_page(running, "passphrasePage")
    named(page, QLineEdit, "passphraseField").setText(WORDS)
    named(page, QLineEdit, "passphraseAgainField").setText(WORDS)
    press(page, "passphraseButton")
    wait_until(lambda: running.desk.is_open)
    at_rest(running)


def test_a_new_profile_is_asked_one_thing_and_shows_nothing_else(new: Profile, qapp: QApplication) -> None:
    with window_on(qapp, new) as running:
        wait_for_page(running, "welcomePage")
        assert not running.window.navigation.isVisible()
        assert not running.window.menus.log.isEnabled()
        assert running.window.status.words == "Nothing is open yet"


def test_practice_data_needs_no_answer_at_all(new: Profile, qapp: QApplication) -> None:
    with window_on(qapp, new) as running:
        wait_for_page(running, "welcomePage")
        press(running.window, "practiceButton")
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        assert running.desk.is_practice
        assert running.window.navigation.isVisible()
        assert "overdue" in words_of(running.window, "todaySummary")
        assert "made up" in words_of(running.window, "practiceNote")


def test_a_council_is_set_up_by_answering_and_its_empty_page_says_what_to_do(new: Profile, qapp: QApplication) -> None:
    with window_on(qapp, new) as running:
        set_up(running)
        assert not running.desk.is_practice
        assert words_of(running.window, "todaySummary").startswith("No enquiry is open. Log the first one")


def test_a_locked_profile_asks_for_its_passphrase_and_says_where_it_is_wrong(new: Profile, qapp: QApplication) -> None:
    with window_on(qapp, new) as running:
        set_up(running)
    with window_on(qapp, new) as running:
        page = wait_for_page(running, "passphrasePage")
        field = named(page, QLineEdit, "passphraseField")
        field.setText("not these words")
        press(page, "passphraseButton")
        wait_until(lambda: named(page, QWidget, "passphraseErrors").isVisible())
        assert not running.desk.is_open
        field.setText(WORDS)
        press(page, "passphraseButton")
        wait_until(lambda: running.desk.is_open)


def test_a_hub_is_asked_for_instead_of_a_council_and_can_be_gone_back_from(new: Profile, qapp: QApplication) -> None:
    with window_on(qapp, new) as running:
        wait_for_page(running, "welcomePage")
        press(running.window, "hubButton")
        page = wait_for_page(running, "passphrasePage")
        named(page, QLineEdit, "passphraseField").setText(WORDS)
        named(page, QLineEdit, "passphraseAgainField").setText(WORDS)
        press(page, "passphraseButton")
        page = wait_for_page(running, "hubPage")
        assert named(page, QWidget, "hubAddress").isVisible()
        assert not running.window.navigation.isVisible()
        at_rest(running)
        assert shortcomings(running.window) == {}
        named(page, QLineEdit, "hubAddress").setText("nowhere")
        press(page, "joinHubGo")
        wait_until(lambda: named(page, QWidget, "joinHubErrors").isVisible())
        press(page, "joinHubBack")
        wait_for_page(running, "welcomePage")
        press(running.window, "councilButton")
        page = wait_for_page(running, "councilPage")
        named(page, QComboBox, "councilField").setCurrentText("Chorley")
        named(page, QLineEdit, "nameField").setText("Cllr Ada Byron")
        press(page, "setUpButton")
        wait_until(running.window.navigation.isVisible)
        at_rest(running)
        assert words_of(running.window, "todaySummary").startswith("No enquiry is open.")


def test_two_different_passphrases_are_not_taken(new: Profile, qapp: QApplication) -> None:
    with window_on(qapp, new) as running:
        wait_for_page(running, "welcomePage")
        press(running.window, "councilButton")
        page = wait_for_page(running, "councilPage")
        press(page, "setUpButton")
        assert named(page, QWidget, "councilErrors").isVisible()
        named(page, QComboBox, "councilField").setCurrentText("Chorley")
        named(page, QLineEdit, "nameField").setText("Cllr Ada Byron")
        press(page, "setUpButton")
        page = wait_for_page(running, "passphrasePage")
        named(page, QLineEdit, "passphraseField").setText(WORDS)
        named(page, QLineEdit, "passphraseAgainField").setText("other words")
        press(page, "passphraseButton")
        assert words_of(page, "passphraseErrorsHeading") == "One thing is to be put right"
        assert new.is_new


def test_without_any_profile_the_question_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert usual_profile() is None
