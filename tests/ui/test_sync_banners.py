"""The strip for the hub: lease, account, update, clock, another hub; each in words with what to do."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from member_tracker.domain.errors import AccountDisabled, NotAllowed, Offline, SignInNeeded, TrackerError, UpdateNeeded
from tests.ui.checks import shortcomings
from tests.ui.exchange import Exchange, alt, focused, settled, write
from tests.ui.hub import Hub, belong_to_a_hub, fall_into_step, rounds_of, stand_in
from tests.ui.walking import named, words_of
from ui.app import Running

OTHER_HUB = NotAllowed("Another hub answers than the one this profile belongs to.", advice="Nothing was sent.")
UPDATE = UpdateNeeded("The hub needs a newer Member Tracker.", advice="Please update this program.")
DISABLED = AccountDisabled("Your account at the hub is disabled.", advice="Ask an administrator.")


@pytest.fixture
def hub(running: Running, exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> Hub:
    del exchange
    return stand_in(running, monkeypatch)


def is_shown(running: Running) -> bool:
    return named(running.window, QWidget, "hubBanner").isVisible()


def page_of(running: Running) -> str:
    shown = named(running.window, QStackedWidget, "pages").currentWidget()
    assert shown is not None
    return shown.objectName()


@pytest.mark.parametrize("problem", [OTHER_HUB, UPDATE])
def test_what_is_wrong_is_said_with_what_to_do_and_goes_by_itself(
    running: Running, hub: Hub, problem: TrackerError
) -> None:
    belong_to_a_hub(running)
    hub.problem = problem
    fall_into_step(running)
    assert words_of(running.window, "hubWarning1") == problem.title
    assert words_of(running.window, "hubAdvice1") == problem.advice
    assert shortcomings(running.window) == {}
    assert page_of(running) == "todayPage"
    hub.problem = None
    alt(running, "9")
    settled(running)
    assert hub.rounds == 2
    assert not is_shown(running)


def test_being_offline_is_no_alarm(running: Running, hub: Hub) -> None:
    belong_to_a_hub(running)
    hub.problem = Offline("The hub cannot be reached.", advice="Go on working.")
    fall_into_step(running)
    assert not is_shown(running)
    assert "Working offline since 09:12" in running.window.status.words


def test_a_clock_out_by_minutes_is_told(running: Running, hub: Hub) -> None:
    belong_to_a_hub(running)
    hub.clock_ahead = timedelta(minutes=-7)
    fall_into_step(running)
    assert words_of(running.window, "hubWarning1") == "This computer's clock is 7 minutes slow."
    assert "In step at 09:12" in running.window.status.words


def test_two_things_wrong_share_one_strip(running: Running, hub: Hub) -> None:
    belong_to_a_hub(running)
    hub.clock_ahead = timedelta(minutes=5)
    fall_into_step(running)
    hub.problem = SignInNeeded("The password was not right.", advice="Sign in again.")
    fall_into_step(running)
    assert words_of(running.window, "hubWarning1") == "The password was not right."
    assert words_of(running.window, "hubWarning2") == "This computer's clock is 5 minutes fast."
    assert shortcomings(running.window) == {}


def test_a_password_the_hub_asks_for_is_typed_in_the_strip_and_does_not_stay_there(running: Running, hub: Hub) -> None:
    belong_to_a_hub(running)
    hub.problem = SignInNeeded("The hub asks for a password.", advice="Sign in.")
    fall_into_step(running)
    alt(running, "8")
    write("correct-horse-battery")
    hub.problem = None
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    settled(running)
    assert hub.asked == [None, "correct-horse-battery"]
    assert named(running.window, QLineEdit, "hubPassword").text() == ""
    assert not is_shown(running)
    fall_into_step(running)
    assert hub.asked[-1] is None


def test_a_laptop_away_for_longer_than_its_lease_shows_no_casework_until_it_is_in_touch(
    running: Running, hub: Hub
) -> None:
    belong_to_a_hub(running, days_ago=15)
    rounds_of(running).look()
    settled(running)
    assert "so it is locked" in words_of(running.window, "hubWarning1")
    assert page_of(running) == "opening"
    assert not running.window.navigation.isVisible()
    assert not running.window.menus.log.isEnabled()
    QTest.keyClick(running.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert page_of(running) == "opening"
    running.window.show_profile()
    assert page_of(running) == "opening"
    belong_to_a_hub(running)
    fall_into_step(running)
    assert hub.rounds == 1
    assert page_of(running) == "todayPage"
    assert running.window.navigation.isVisible()
    assert running.window.menus.log.isEnabled()


def test_a_disabled_account_shows_no_casework(running: Running, hub: Hub) -> None:
    belong_to_a_hub(running)
    hub.problem = DISABLED
    fall_into_step(running)
    assert words_of(running.window, "hubWarning1") == DISABLED.title
    assert page_of(running) == "opening"
    assert shortcomings(running.window) == {}
