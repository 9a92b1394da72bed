"""Mail that could not place itself is read and filed by a person, with the likely enquiries and the reasons shown."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QPlainTextEdit, QPushButton, QTableView, QWidget

from member_tracker.profile import Profile
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.picture import wait_until
from ui.places import Place

MAIL = """\
From: Joan Pilling <joan.pilling@example.org>
To: member.enquiries@example.org
Subject: {subject}
Message-ID: <{number}@example.org>
Date: Sun, 1 Nov 2026 10:10:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{text}
"""


@pytest.fixture
def tray(running: Running, practice: Profile) -> Running:
    """The tray with a mail that gives a reference and one that gives none."""
    running.window.go_to(Place.OPEN)
    at_rest(running)
    reference = words_of(running.window, "enquiryReference")
    inbox = practice.settings().inbox
    put(inbox, 1, "Any news?", f"Is there any news about {reference}? <b>Please</b>")
    put(inbox, 2, "Thank you", "Thank you for all you do.")
    running.window.menus.mail.trigger()
    wait_until(lambda: not running.desk.jobs.under_way)
    at_rest(running)
    running.window.go_to(Place.UNMATCHED)
    at_rest(running)
    return running


def put(inbox: Path, number: int, subject: str, text: str) -> None:
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / f"{number}.eml").write_text(MAIL.format(subject=subject, number=number, text=text), encoding="utf-8")


def choose(running: Running, subject: str) -> None:
    view = named(running.window, QTableView, "trayList")
    subjects = [view.model().index(row, 1).data() for row in range(view.model().rowCount())]
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    for _step in range(subjects.index(subject)):
        QTest.keyClick(view, Qt.Key.Key_Down)
    at_rest(running)
    assert words_of(running.window, "trayFrom") == subject


def left(running: Running) -> int:
    return named(running.window, QTableView, "trayList").model().rowCount()


def test_a_mail_is_read_as_plain_text_beside_its_likely_enquiries_and_why(tray: Running) -> None:
    choose(tray, "Any news?")
    assert "<b>Please</b>" in named(tray.window, QPlainTextEdit, "trayText").toPlainText()
    first = named(tray.window, QListView, "candidates").model().index(0, 0).data()
    assert "has the reference in its text" in first


def test_a_mail_is_filed_with_the_enquiry_chosen_and_its_suggestion_waits_there(tray: Running) -> None:
    choose(tray, "Any news?")
    press(tray.window, "fileButton")
    wait_until(lambda: left(tray) == 1)
    tray.window.go_to(Place.OPEN)
    at_rest(tray)
    assert named(tray.window, QWidget, "suggestionBar").isVisible()
    assert "Joan Pilling" in words_of(tray.window, "suggestionHead")


def test_a_mail_without_a_likely_enquiry_is_filed_by_the_reference_typed(tray: Running) -> None:
    tray.window.go_to(Place.OPEN)
    at_rest(tray)
    reference = words_of(tray.window, "enquiryReference")
    tray.window.go_to(Place.UNMATCHED)
    choose(tray, "Thank you")
    assert not named(tray.window, QPushButton, "fileButton").isVisible()
    field = named(tray.window, QLineEdit, "trayReference")
    field.setText("ENQ-0000-1-00")
    press(tray.window, "fileByButton")
    at_rest(tray)
    assert named(tray.window, QWidget, "banner").isVisible()
    field.setText(reference.lower())
    press(tray.window, "fileByButton")
    wait_until(lambda: left(tray) == 1)


def test_an_empty_tray_says_so_and_what_to_do(running: Running) -> None:
    running.window.go_to(Place.UNMATCHED)
    at_rest(running)
    assert "Press F5" in words_of(running.window, "trayEmpty")
