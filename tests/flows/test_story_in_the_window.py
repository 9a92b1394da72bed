"""The main job through the window: set up, log, send, a reply comes as mail, accept with one key, tell, close."""

import email
from collections.abc import Callable
from email.message import Message
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.app import build
from member_tracker.domain.mailboxes import MailboxKind
from member_tracker.domain.vocabulary import Status
from member_tracker.profile import Profile
from member_tracker.services.lists import Wanted, Which, enquiry_page
from tests.fakes.exchange_office import KINDS, PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.ui.exchange import send_into_a_folder
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running
from ui.picture import wait_until

WORDS = "four quiet words here"
ANSWER = """\
From: Waste <{area}>
To: {us}
Subject: RE: {subject}
Date: {date}
Message-ID: <answer-1@chorley.example.org>
In-Reply-To: {message_id}
References: {message_id}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear colleague

I have looked into this and spoken to the crew. The bins were missed because the road was closed. They were emptied
yesterday afternoon, and the entry has been corrected so that it does not happen again.

Kind regards
Rosa Villiers
Waste
"""


def test_the_main_job_is_done_in_the_window_from_first_start_to_closed(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    watch_the_store(monkeypatch)
    profile = Profile(folder=tmp_path / "own")
    send_into_a_folder(profile)
    with window_on(qapp, profile) as running:
        set_up(running)
        log_and_send(running)
        (sent,) = (email.message_from_bytes(file.read_bytes()) for file in profile.settings().outbox.rglob("*.eml"))
        receive(running, sent, profile.settings().inbox.joinpath("answer.eml").write_bytes)
        the_rest(running)
    must_be_closed(profile)


@pytest.mark.parametrize("kind", KINDS)
def test_the_main_job_is_done_in_the_window_over_exchange(
    kind: str, qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    watch_the_store(monkeypatch)
    profile = Profile(folder=tmp_path / "own")
    with exchange_office(kind, tmp_path / "exchange") as exchange, a_clerk_at_the_desk(exchange, tmp_path / "desk"):
        with window_on(qapp, profile) as running:
            set_up(running, keeps_keys=True)
            add_the_mailbox(running, exchange, profile)
            log_and_send(running)
            (sent,) = exchange.sent()
            receive(running, sent, exchange.deliver)
            the_rest(running)
            assert exchange.drafts() == 0
        must_be_closed(profile)


def the_rest(running: Running) -> None:
    """From the suggestion that came to the closed enquiry, with a step back on the way."""
    accept(running)
    undo(running)
    accept(running)
    tell(running)
    close(running)


def must_be_closed(profile: Profile) -> None:
    app = build(profile, passphrase=lambda: WORDS)
    today = app.today()
    row = enquiry_page(app, Wanted(which=Which.ALL, today=today)).rows[0]
    app.store.close()
    assert (row.status, row.resident, row.service_area) == (Status.CLOSED, "Noor Whitaker", "Waste")
    assert row.answered_at is not None


def add_the_mailbox(running: Running, exchange: Exchange, profile: Profile) -> None:
    """By the form; a sign-in server that is not Microsoft's is no field of it and stands in the settings already."""
    account = exchange.account
    online = account.kind is MailboxKind.EXCHANGE_ONLINE
    if online:
        profile.keep_mailboxes([account])
    running.window.show_settings()
    shown(running, "settingsTitle")
    page = running.window
    at_rest(running)
    if online:
        press(page, "signInMailbox")
        wait_until(lambda: "Signed in" in words_of(page, "settingsSaid"))
        press(page, "testMailbox")
        wait_until(lambda: words_of(page, "outcomeTitle") == f"{account.address} works")
        return
    press(page, "addMailbox")
    named(page, QLineEdit, "mailboxAddress").setText(account.address)
    named(page, QComboBox, "mailboxKind").setCurrentText("Exchange Server")
    named(page, QLineEdit, "mailboxUser").setText(account.user)
    named(page, QLineEdit, "mailboxPassword").setText(PASSWORD)
    press(page, "mailboxMore")
    named(page, QLineEdit, "mailboxUrl").setText(account.url)
    press(page, "mailboxAdd")
    wait_until(lambda: words_of(page, "outcomeTitle") == f"{account.address} was added")


def set_up(running: Running, *, keeps_keys: bool = False) -> None:
    """The first start, on a computer that keeps keys or has to be told a passphrase."""
    shown(running, "welcomePage")
    press(running.window, "councilButton")
    page = shown(running, "councilPage")
    named(page, QComboBox, "councilField").setCurrentText("Chorley")
    named(page, QLineEdit, "nameField").setText("Cllr Ada Byron")
    press(page, "setUpButton")
    if keeps_keys:
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        return
    page = shown(running, "passphrasePage")
    named(page, QLineEdit, "passphraseField").setText(WORDS)
    named(page, QLineEdit, "passphraseAgainField").setText(WORDS)
    press(page, "passphraseButton")
    wait_until(lambda: running.desk.is_open)
    at_rest(running)


def log_and_send(running: Running) -> None:
    press(running.window, "logButton")
    form = shown(running, "logForm")
    at_rest(running)
    assert named(form, QComboBox, "councillorField").currentText() == "Cllr Ada Byron"
    named(form, QLineEdit, "residentField").setText("Noor Whitaker")
    named(form, QComboBox, "areaField").setCurrentText("Waste")
    named(form, QLineEdit, "subjectField").setText("Bins missed again")
    named(form, QPlainTextEdit, "textField").setPlainText("Not emptied for three weeks.")
    at_rest(running)
    assert words_of(form, "dueAnswer").startswith("Answer due by")
    press(form, "saveSendButton")
    wait_until(lambda: has_status(running, "With service area"))


def receive(running: Running, sent: Message, deliver: Callable[[bytes], object]) -> None:
    answer = ANSWER.format(
        area=sent["To"], us=sent["From"], subject=sent["Subject"], message_id=sent["Message-ID"], date=sent["Date"]
    )
    deliver(answer.replace("\n", "\r\n").encode())
    running.window.menus.mail.trigger()
    wait_until(lambda: named(running.window, QWidget, "suggestionBar").isVisible())
    assert "It looks like an answer" in words_of(running.window, "suggestionHead")
    assert has_status(running, "With service area"), "nothing changes until a person accepts"


def accept(running: Running) -> None:
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    QTest.keyClick(running.window, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: has_status(running, "Answered (resident to be told)"))
    assert words_of(running.window, "enquiryTurn").startswith("Your turn: tell Noor Whitaker")


def undo(running: Running) -> None:
    QTest.keyClick(running.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: has_status(running, "With service area"))
    wait_until(lambda: named(running.window, QWidget, "suggestionBar").isVisible())


def tell(running: Running) -> None:
    press(running.window, "tellButton")
    text = named(running.window, QPlainTextEdit, "composeBody")
    wait_until(lambda: "missed because the road was closed" in text.toPlainText())
    assert "Rosa Villiers" not in text.toPlainText()
    text.setPlainText("Your bins were missed because the road was closed. They have been emptied.")
    press(running.window, "composeSend")
    wait_until(lambda: has_status(running, "Resident told (follow-up period)"))


def close(running: Running) -> None:
    press(running.window, "closeButton")
    wait_until(lambda: has_status(running, "Closed"))
    assert words_of(running.window, "standingState").startswith("Answered in time")


def shown(running: Running, name: str) -> QWidget:
    """The part of that name, once it is shown."""
    wait_until(lambda: any(part.isVisible() for part in running.window.findChildren(QWidget, name)))
    return named(running.window, QWidget, name)


def has_status(running: Running, words: str) -> bool:
    """Whether the enquiry shown says that it stands there."""
    part = running.window.findChild(QWidget, "enquiryStatus")
    return part is not None and words_of(running.window, "enquiryStatus") == words
