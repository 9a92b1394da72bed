"""Joining a real hub in the window, with its first fetch stopped and gone on with; how it stands; and signing out."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.app import App, build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.in_step import Held, Page, ScopeId
from member_tracker.domain.vocabulary import Role
from member_tracker.profile import Profile
from member_tracker.services import clock_error
from member_tracker.services.clock_error import Found, Stamped
from member_tracker.services.counted_fetching import CountingLocal
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.hub_people import NewUser, add_user
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.hub_offices import PASSWORD, VERA, Shared, in_step, shared_hub
from tests.sync.postgres_server import TestServer
from tests.ui.checks import shortcomings
from tests.ui.exchange import Exchange, alt, focused, in_front, own_app, settled
from tests.ui.hub import save_a_change
from tests.ui.walking import named, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running
from ui.picture import wait_until


@pytest.fixture
def hub(pg_server: TestServer, tmp_path: Path) -> Iterator[Shared]:
    """A hub with a user who has not joined yet, and one enquiry of theirs."""
    with shared_hub(pg_server, tmp_path) as shared:
        boss = shared.offices[0]
        vera = NewUser(login=shared.address("vera").login, role=Role.COUNCILLOR, councillors=VERA)
        add_user(boss.app, vera, PASSWORD)
        send_enquiry(boss.app, boss.log(councillor="Cllr Vera Quill").id)
        in_step(boss)
        yield shared


@pytest.fixture
def laptop(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Running]]:
    """Opens the window on a profile that was only set up."""
    del qtbot
    profile = Profile(folder=tmp_path / "window")
    app = build(profile, passphrase=lambda: None, practice=True)
    set_up(app, SetUp(council="Chorley", me="Vera", role=Role.COUNCILLOR))
    app.store.close()
    watch_the_store(monkeypatch)
    with window_on(qapp, profile) as running:
        wait_until(lambda: running.desk.is_open)
        running.desk._app = replace(own_app(running), practice=False)
        at_rest(running)
        yield lambda: running


def fill_in(running: Running, hub: Shared, password: str = PASSWORD) -> None:
    """Go to the page of the hub and type who joins which."""
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, "u")
    settled(running)
    address = hub.address("vera")
    for name, typed in (("hubAddress", address.url), ("hubUser", address.login), ("hubJoinPassword", password)):
        named(running.window, QLineEdit, name).setText(typed)


def enquiries(running: Running) -> list[Enquiry]:
    found: list[list[Enquiry]] = []

    def read(app: App) -> list[Enquiry]:
        with app.store.reading() as tx:
            return list(tx.every(Enquiry))

    running.desk.ask(read, owner=running.desk, done=found.append)
    settled(running)
    return found[0]


def references(running: Running) -> list[str]:
    return [enquiry.reference for enquiry in enquiries(running)]


def is_shown(running: Running, name: str) -> bool:
    return named(running.window, QWidget, name).isVisible()


def test_a_hub_is_tested_in_plain_words_and_joined_and_its_casework_is_here(
    laptop: Callable[[], Running], hub: Shared
) -> None:
    running = laptop()
    fill_in(running, hub, password="not the right one")
    assert shortcomings(running.window) == {}
    alt(running, "j")
    settled(running)
    assert is_shown(running, "joinHubErrors")
    named(running.window, QLineEdit, "hubJoinPassword").setText(PASSWORD)
    alt(running, "t")
    settled(running)
    said = words_of(running.window, "joinHubSaid")
    assert "can be reached" in said
    assert "councillor, who shares the casework of 1 councillor" in said
    assert references(running) == []
    alt(running, "j")
    settled(running)
    assert words_of(running.window, "hubSaid").startswith("You share casework as Cllr Vera Quill now.")
    assert named(running.window, QLineEdit, "hubJoinPassword").text() == ""
    assert words_of(running.window, "hubWords").startswith("In step at")
    assert not is_shown(running, "hubInPart")
    assert len(references(running)) == 1
    assert shortcomings(running.window) == {}


def test_a_first_fetch_that_is_stopped_goes_on_from_where_it_was(
    laptop: Callable[[], Running], hub: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = laptop()
    came, go_on = threading.Event(), threading.Event()
    real = CountingLocal.take

    def take(self: CountingLocal, scope_id: ScopeId, page: Page, held: Held) -> None:
        real(self, scope_id, page, held)
        if page.rows and not came.is_set():
            came.set()
            go_on.wait(20)

    monkeypatch.setattr(CountingLocal, "take", take)
    fill_in(running, hub)
    alt(running, "j")
    wait_until(came.is_set)
    assert is_shown(running, "hubWorkingStop")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    go_on.set()
    settled(running)
    assert words_of(running.window, "hubSaid").startswith("Stopped. What came so far is kept")
    assert is_shown(running, "hubInPart")
    assert words_of(running.window, "hubWords") == "Not everything has been fetched from the hub yet."
    assert references(running) == []
    alt(running, "n")
    settled(running)
    assert not is_shown(running, "hubInPart")
    assert len(references(running)) == 1


def test_signing_out_with_unsent_work_writes_a_copy_first_and_leaves_nothing(
    laptop: Callable[[], Running], hub: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = laptop()
    begun: list[bool] = []
    running.desk.emptied.disconnect()
    running.desk.emptied.connect(lambda: begun.append(True))
    fill_in(running, hub)
    alt(running, "j")
    settled(running)
    rounds = running._sync
    assert rounds is not None
    rounds._quiet.setInterval(60_000)
    save_a_change(running)
    settled(running)
    monkeypatch.setattr(rounds, "go", lambda: None)
    alt(running, "s")
    settled(running)
    assert words_of(running.window, "signOutWaits") == "1 change waits to be sent to the hub."
    assert shortcomings(running.window) == {}
    folder = named(running.window, QLineEdit, "signOutFolder")
    folder.clear()
    alt(running, "o")
    settled(running)
    assert is_shown(running, "signOutErrors")
    assert begun == []
    folder.setText(str(tmp_path / "copy"))
    alt(running, "o")
    settled(running)
    assert begun == [True]
    assert (tmp_path / "copy" / "manifest.json").exists()
    assert references(running) == []


def test_a_mail_that_waits_on_another_computer_is_sent_from_here_out_of_its_enquiry(
    laptop: Callable[[], Running], hub: Shared
) -> None:
    running = laptop()
    fill_in(running, hub)
    alt(running, "j")
    settled(running)
    (enquiry,) = enquiries(running)
    running.desk.show_enquiry.emit(enquiry.id)
    settled(running)
    assert "waits on another computer" in words_of(running.window, "elsewhereHead")
    assert shortcomings(running.window) == {}
    outbox = own_app(running).profile.settings().outbox
    assert list(outbox.glob("*.eml")) == []
    alt(running, "6")
    wait_until(lambda: bool(list(outbox.glob("*.eml"))))
    settled(running)
    assert not is_shown(running, "elsewhereBar")
    in_step(hub.offices[0])
    assert post_queued(hub.offices[0].app).sent == 0


def test_times_of_a_wrong_clock_are_listed_and_put_right_with_one_key(
    laptop: Callable[[], Running], hub: Shared
) -> None:
    running = laptop()
    fill_in(running, hub)
    alt(running, "j")
    settled(running)
    (before,) = enquiries(running)

    def logged_on_a_wrong_clock(app: App) -> None:
        at = before.received_at.isoformat()
        stamped = Stamped(enquiry_id=before.id, field="received_at", at=at, ahead=86_400)
        clock_error._keep(app, None, Found(seen=0, stamped=(stamped,)))

    running.desk.ask(logged_on_a_wrong_clock, owner=running.desk)
    QTest.keyClick(running.window, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert is_shown(running, "wrongTimesList")
    assert shortcomings(running.window) == {}
    alt(running, "p")
    settled(running)
    (after,) = enquiries(running)
    assert after.received_at == before.received_at - timedelta(days=1)
    assert after.clocks is not None
    assert after.clocks.received_at == after.received_at
    assert words_of(running.window, "sortOutSaid") == "The times of 1 enquiry were put right."
    assert not is_shown(running, "wrongTimesPart")


def test_a_profile_with_work_of_its_own_is_told_that_it_stays_as_it_is(running: Running, exchange: Exchange) -> None:
    del exchange
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, "u")
    settled(running)
    assert "casework of its own" in words_of(running.window, "joinHubCannot")
    assert not named(running.window, QPushButton, "joinHubGo").isVisible()
    assert shortcomings(running.window) == {}
