"""Falling into step beside sending and receiving: when, how it is stopped, and what the status bar says of it."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from member_tracker.domain.errors import Offline, TooMuch
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.watching import Watch
from tests.fakes.clock import StoppedClock
from tests.ui.exchange import ADDRESS, Exchange, focused, settled
from tests.ui.hub import Hub, belong_to_a_hub, change_an_enquiry, rounds_of, save_a_change, stand_in
from tests.ui.walking import named, spoken_name
from ui.app import Running
from ui.hub_standing import falling_words
from ui.jobs import Step
from ui.picture import wait_until

NO_WAY = Offline("The hub cannot be reached.", advice="Go on working.")


@pytest.fixture
def hub(running: Running, exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> Hub:
    del exchange
    made = stand_in(running, monkeypatch)
    rounds_of(running)._quiet.setInterval(50)
    return made


@pytest.fixture
def joined(running: Running, hub: Hub) -> Hub:
    """A hub the laptop has fallen into step with once."""
    belong_to_a_hub(running)
    running.window.menus.mail.trigger()
    settled(running)
    assert hub.rounds == 1
    return hub


def patiently(watch: Watch) -> None:
    """Go on for ever, asking again and again whether to."""
    never = threading.Event()
    while True:
        watch.at("Fetching records", 1_200, 3_000)
        never.wait(0.01)


def _wait_for(gate: threading.Event) -> None:
    gate.wait(10)


def tick(running: Running) -> None:
    rounds_of(running).tick()
    settled(running)


def begin_a_long_round(running: Running, hub: Hub) -> None:
    hub.during = patiently
    hub.begun.clear()
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    wait_until(lambda: "Falling into step: fetching records, 40 %…" in running.window.status.words)


# --- when -------------------------------------------------------------------------------------------------------------


def test_a_profile_that_belongs_to_no_hub_asks_none_and_says_nothing_of_one(running: Running, hub: Hub) -> None:
    running.window.menus.mail.trigger()
    settled(running)
    tick(running)
    assert hub.rounds == 0
    assert "step" not in running.window.status.words
    assert "hub" not in running.window.status.words


def test_f5_falls_into_step_beside_sending_and_receiving(running: Running, joined: Hub) -> None:
    running.desk.profile.keep_mailboxes([MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER)])
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    assert joined.rounds == 2
    assert "Mail sent and received 09:12" in running.window.status.words
    assert running.window.status.words.endswith("In step at 09:12")


def test_it_keeps_the_rhythm_of_mail(running: Running, joined: Hub, clock: StoppedClock) -> None:
    clock.forward(seconds=30)
    tick(running)
    assert joined.rounds == 1
    clock.forward(seconds=90)
    tick(running)
    assert joined.rounds == 2


def test_what_was_saved_goes_once_the_window_was_quiet(running: Running, joined: Hub) -> None:
    change_an_enquiry(running)
    wait_until(lambda: joined.rounds == 2)
    settled(running)


def test_nothing_goes_while_somebody_is_typing(running: Running, joined: Hub) -> None:
    rounds = rounds_of(running)
    rounds._quiet.setTimerType(Qt.TimerType.PreciseTimer)
    rounds._quiet.setInterval(60_000)
    change_an_enquiry(running)
    wait_until(rounds._quiet.isActive)
    wait_until(lambda: rounds._quiet.remainingTime() < 59_900)
    handle = running.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_F6)
    assert rounds._quiet.remainingTime() > 59_900
    assert joined.rounds == 1


def test_what_was_saved_during_a_round_is_not_left_until_the_next_minute(running: Running, joined: Hub) -> None:
    gate = threading.Event()
    joined.during = lambda _watch: _wait_for(gate)
    joined.begun.clear()
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    wait_until(joined.begun.is_set)
    save_a_change(running)
    wait_until(lambda: rounds_of(running)._saved_meanwhile)
    gate.set()
    wait_until(lambda: joined.rounds == 3)
    settled(running)


def test_f5_during_a_round_asks_once_more_after_it(running: Running, joined: Hub) -> None:
    gate = threading.Event()
    joined.during = lambda _watch: _wait_for(gate)
    joined.begun.clear()
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    wait_until(joined.begun.is_set)
    for _press in range(3):
        QTest.keyClick(running.window, Qt.Key.Key_F5)
    gate.set()
    settled(running)
    assert joined.rounds == 3


def test_a_busy_hub_is_left_alone_for_as_long_as_it_asks(running: Running, joined: Hub, clock: StoppedClock) -> None:
    joined.problem = TooMuch("The hub is busy.", advice="It is tried again.", wait_seconds=300)
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    assert joined.rounds == 2
    clock.forward(minutes=5)
    joined.problem = None
    tick(running)
    assert joined.rounds == 3


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_a_long_round_says_how_far_it_is_and_is_stopped_with_a_key(running: Running, joined: Hub) -> None:
    begin_a_long_round(running, joined)
    stop = named(running.window, QPushButton, "statusStop")
    assert stop.isVisible()
    assert "falling into step" in spoken_name(stop)
    QTest.keyClick(running.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    settled(running)
    assert "Falling into step was stopped; F5 goes on" in running.window.status.words
    assert not stop.isVisible()
    joined.during = None
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    assert running.window.status.words.endswith("In step at 09:12")


def test_escape_on_the_button_stops_it_too(running: Running, joined: Hub) -> None:
    begin_a_long_round(running, joined)
    named(running.window, QPushButton, "statusStop").setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    settled(running)
    assert "Falling into step was stopped" in running.window.status.words


def test_closing_the_program_stops_a_round_at_once(running: Running, joined: Hub) -> None:
    begin_a_long_round(running, joined)
    running.stop()
    assert not running.desk.jobs.under_way


# --- what is said -----------------------------------------------------------------------------------------------------


def test_working_offline_is_said_with_since_when_and_what_waits(
    running: Running, joined: Hub, clock: StoppedClock
) -> None:
    joined.problem = NO_WAY
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    assert running.window.status.words.endswith("Working offline since 09:12")
    clock.forward(minutes=5)
    rounds_of(running)._quiet.setInterval(60_000)
    change_an_enquiry(running)
    wait_until(lambda: "change" in running.window.status.words)
    assert running.window.status.words.endswith("Working offline since 09:12, 1 change to send")
    joined.problem = None
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    assert "In step at 09:17" in running.window.status.words


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step(stage="Asking the hub"), "Falling into step: asking the hub"),
        (Step(stage="Sending changes", done=1_200, whole=1_500), "Falling into step: sending changes, 1,200 done"),
        (Step(stage="Fetching records", done=600, whole=3_000), "Falling into step: fetching records, 20 %"),
    ],
)
def test_how_far_it_is_reads_as_a_sentence(step: Step, words: str) -> None:
    assert falling_words(step) == words
