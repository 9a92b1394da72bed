"""Rounds of mail: their rhythm by a clock that stands still, being stopped, and what the status bar says of them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from member_tracker.app import App
from member_tracker.domain.errors import Offline, TooMuch, TrackerError, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.profile import Profile
from member_tracker.services import collecting, post
from member_tracker.services.collecting import Collected
from member_tracker.services.post import Posted
from tests.fakes.clock import StoppedClock
from tests.ui.exchange import ADDRESS, Exchange, focused, in_front, settled
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.jobs import Step
from ui.mail_round import MailRounds
from ui.mail_standing import step_words
from ui.picture import wait_until
from ui.rhythm import EVERY, IDLE_AFTER, SELDOM, Rhythm

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOX = MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER, url="https://mail.example.org")


@dataclass
class Server:
    """In the place of sending and collecting: counts the rounds, and does as it is told."""

    rounds: int = 0
    problem: TrackerError | None = None
    waits: str | None = None
    during: Callable[[Watch], None] | None = None
    begun: threading.Event = field(default_factory=threading.Event)

    def post(self, app: App, watch: Watch = UNWATCHED) -> Posted:
        del app, watch
        return Posted(sent=0, waiting=0, unknown=0, problem=self.waits)

    def collect(self, app: App, source: Path | None = None, watch: Watch = UNWATCHED) -> Collected:
        del app, source
        self.rounds += 1
        self.begun.set()
        if self.during is not None:
            self.during(watch)
        if self.problem is not None:
            raise self.problem
        return Collected()


@pytest.fixture
def server(running: Running, exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    running.desk.profile.keep_mailboxes([BOX])
    monkeypatch.setattr(post, "post_queued", made.post)
    monkeypatch.setattr(collecting, "collect", made.collect)
    del exchange
    rounds(running)._timer.stop()
    rounds(running)._rhythm = Rhythm(running.desk.now())
    running.window.menus.mail.trigger()
    settled(running)
    assert made.rounds == 1
    return made


def rounds(running: Running) -> MailRounds:
    assert running._mail is not None
    return running._mail


def tick(running: Running) -> None:
    rounds(running).tick()
    settled(running)


def _wait_for(gate: threading.Event) -> None:
    gate.wait(10)


def patiently(watch: Watch) -> None:
    """Go on for ever, asking again and again whether to."""
    never = threading.Event()
    while True:
        watch.at(f"Reading {ADDRESS}", 120, 0)
        never.wait(0.01)


# --- rhythm -----------------------------------------------------------------------------------------------------------


def test_mail_is_looked_for_every_minute_or_two_while_somebody_is_at_work() -> None:
    assert timedelta(seconds=60) <= EVERY <= timedelta(seconds=120)
    rhythm = Rhythm(NINE)
    assert rhythm.is_due(NINE)
    rhythm.note_round(NINE)
    assert not rhythm.is_due(NINE + EVERY - timedelta(seconds=1))
    assert rhythm.is_due(NINE + EVERY)


def test_after_a_quarter_of_an_hour_without_anybody_it_is_looked_for_seldom() -> None:
    rhythm = Rhythm(NINE)
    later = NINE + IDLE_AFTER
    rhythm.note_round(later)
    assert not rhythm.is_due(later + EVERY)
    assert rhythm.is_due(later + SELDOM)
    assert rhythm.note_input(later + EVERY)
    assert rhythm.is_due(later + EVERY)


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks() -> None:
    rhythm = Rhythm(NINE)
    rhythm.note_round(NINE, busy_for=timedelta(minutes=5))
    assert not rhythm.is_due(NINE + timedelta(minutes=4))
    assert rhythm.is_due(NINE + timedelta(minutes=5))


@given(moves=st.lists(st.integers(min_value=-86_400, max_value=86_400), max_size=30))
def test_however_the_clock_is_set_mail_is_looked_for_again_within_ten_minutes_of_it(moves: list[int]) -> None:
    now = NINE
    rhythm = Rhythm(now)
    for seconds in moves:
        now += timedelta(seconds=seconds)
        if rhythm.is_due(now):
            rhythm.note_round(now)
    assert rhythm.is_due(now + SELDOM)


def test_rounds_keep_to_the_rhythm_of_the_clock(running: Running, server: Server, clock: StoppedClock) -> None:
    clock.forward(seconds=30)
    tick(running)
    assert server.rounds == 1
    clock.forward(seconds=90)
    tick(running)
    assert server.rounds == 2


def test_whoever_comes_back_need_not_wait_for_their_mail(running: Running, server: Server, clock: StoppedClock) -> None:
    clock.forward(minutes=15)
    tick(running)
    clock.forward(minutes=5)
    tick(running)
    assert server.rounds == 2
    handle = running.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_F6)
    settled(running)
    assert server.rounds == 3


def test_f5_asks_at_once_and_during_a_round_once_more_after_it(running: Running, server: Server) -> None:
    gate = threading.Event()
    server.during = lambda _watch: _wait_for(gate)
    server.begun.clear()
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    wait_until(server.begun.is_set)
    for _press in range(3):
        QTest.keyClick(running.window, Qt.Key.Key_F5)
    gate.set()
    settled(running)
    assert server.rounds == 3


def test_what_is_queued_goes_at_once(running: Running, server: Server) -> None:
    running.window.mail_wanted.emit()
    settled(running)
    assert server.rounds == 2


def test_a_busy_server_is_not_asked_again_even_with_f5(running: Running, server: Server, clock: StoppedClock) -> None:
    server.problem = TooMuch("The server is busy.", advice="It is tried again.", wait_seconds=300)
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    assert server.rounds == 2
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    settled(running)
    assert server.rounds == 2
    assert "The mail server is busy. It is asked again at 09:17" in running.window.status.words
    clock.forward(minutes=5)
    server.problem = None
    tick(running)
    assert server.rounds == 3
    assert "Mail sent and received 09:17" in running.window.status.words


# --- stopping ---------------------------------------------------------------------------------------------------------


def begin_a_long_round(running: Running, server: Server) -> None:
    server.during = patiently
    QTest.keyClick(running.window, Qt.Key.Key_F5)
    wait_until(lambda: named(running.window, QPushButton, "statusStop").isVisible())


def test_a_round_that_takes_a_while_says_how_far_it_is(running: Running, server: Server) -> None:
    begin_a_long_round(running, server)
    wait_until(lambda: f"Reading {ADDRESS}: 120 read" in running.window.status.words)
    press(running.window, "statusStop")
    settled(running)
    assert "was stopped; F5 begins again" in running.window.status.words
    assert not named(running.window, QPushButton, "statusStop").isVisible()


def test_esc_on_the_button_stops_a_round(running: Running, server: Server) -> None:
    begin_a_long_round(running, server)
    in_front(running)
    named(running.window, QPushButton, "statusStop").setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    settled(running)
    assert "was stopped" in running.window.status.words


def test_the_keys_of_the_menu_stop_a_round(running: Running, server: Server) -> None:
    assert not running.window.menus.stop_mail.isEnabled()
    begin_a_long_round(running, server)
    QTest.keyClick(running.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    settled(running)
    assert "was stopped" in running.window.status.words


def test_closing_the_program_stops_a_round_at_once(running: Running, server: Server) -> None:
    begin_a_long_round(running, server)
    ended = threading.Event()
    watchdog = threading.Timer(1.0, ended.set)
    watchdog.start()
    running.desk.close()
    assert not ended.is_set()
    watchdog.cancel()


def test_while_a_mailbox_is_tried_no_round_runs_and_one_follows(running: Running, server: Server) -> None:
    begin_a_long_round(running, server)
    running.desk.mail_held.emit(True)
    settled(running)
    held_at = server.rounds
    running.window.menus.mail.trigger()
    tick(running)
    assert server.rounds == held_at
    server.during = None
    running.desk.mail_held.emit(False)
    settled(running)
    assert server.rounds == held_at + 1


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step(stage="Sending mail", done=1, whole=5), "Sending mail 2 of 5"),
        (Step(stage=f"Reading {ADDRESS}", done=120), f"Reading {ADDRESS}: 120 read"),
        (Step(stage=f"Reading {ADDRESS}"), f"Reading {ADDRESS}"),
        (Step(stage="Sending mail", done=0, whole=1), "Sending mail"),
    ],
)
def test_a_step_is_said_in_words(step: Step, words: str) -> None:
    assert step_words(step) == words


def test_being_offline_is_an_everyday_thing_said_with_since_when(
    running: Running, exchange: Exchange, practice: Profile, clock: StoppedClock
) -> None:
    practice.keep_mailboxes([BOX])
    exchange.unreached = Offline("There is no connection.", advice="It is tried again by itself.")
    running.window.menus.mail.trigger()
    settled(running)
    clock.forward(minutes=10)
    running.window.menus.mail.trigger()
    settled(running)
    running.window.status.show_waiting(2)
    assert running.window.status.words.endswith("Working offline since 09:12, 2 waiting to send")
    exchange.unreached = None
    running.window.menus.mail.trigger()
    settled(running)
    assert "Mail sent and received 09:22" in running.window.status.words
    assert "offline" not in running.window.status.words


def test_what_keeps_mail_from_going_is_said(running: Running, server: Server) -> None:
    server.waits = "The mailbox is full. Ask your IT team for room."
    running.window.menus.mail.trigger()
    settled(running)
    assert "Mail could not be sent or received: The mailbox is full." in running.window.status.words
    server.waits, server.problem = None, Unavailable("The folder Casework is not there.", advice="Look for it.")
    running.window.menus.mail.trigger()
    settled(running)
    assert "The folder Casework is not there" in words_of(running.window, "statusLine")
