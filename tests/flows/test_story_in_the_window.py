"""The main job through the window: set up, log, send, a reply comes as mail, accept with one key, tell, close."""

import email
from email.message import Message
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.app import build
from member_tracker.domain.vocabulary import Status
from member_tracker.profile import Profile
from member_tracker.services.lists import Wanted, Which, enquiry_page
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
    with window_on(qapp, profile) as running:
        set_up(running)
        log_and_send(running)
        receive_answer(running, profile)
        accept(running)
        undo(running)
        accept(running)
        tell(running)
        close(running)
    app = build(profile, passphrase=lambda: WORDS)
    today = app.today()
    row = enquiry_page(app, Wanted(which=Which.ALL, today=today)).rows[0]
    app.store.close()
    assert (row.status, row.resident, row.service_area) == (Status.CLOSED, "Noor Whitaker", "Waste")
    assert row.answered_at is not None


def set_up(running: Running) -> None:
    shown(running, "welcomePage")
    press(running.window, "councilButton")
    page = shown(running, "councilPage")
    named(page, QComboBox, "councilField").setCurrentText("Chorley")
    named(page, QLineEdit, "nameField").setText("Cllr Ada Byron")
    press(page, "setUpButton")
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


def receive_answer(running: Running, profile: Profile) -> None:
    sent = the_sent_mail(profile)
    answer = ANSWER.format(
        area=sent["To"], us=sent["From"], subject=sent["Subject"], message_id=sent["Message-ID"], date=sent["Date"]
    )
    inbox = profile.settings().inbox
    inbox.joinpath("answer.eml").write_bytes(answer.replace("\n", "\r\n").encode())
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
    dialog = shown(running, "tellDialog")
    text = named(dialog, QPlainTextEdit, "tellDialogText")
    assert "missed because the road was closed" in text.toPlainText()
    text.setPlainText("Your bins were missed because the road was closed. They have been emptied.")
    press(dialog, "tellDialogAgree")
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


def the_sent_mail(profile: Profile) -> Message:
    """The one mail that was sent."""
    files = [file for file in profile.settings().outbox.rglob("*.eml") if file.is_file()]
    assert len(files) == 1
    return email.message_from_bytes(files[0].read_bytes())
