"""Mail that could not place itself is read and filed by a person, with the likely enquiries and the reasons shown."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QPlainTextEdit, QPushButton, QTableView, QWidget

from member_tracker.profile import Profile
from member_tracker.services.tray_work import put_aside
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.deeds import Deed
from ui.inbox.page import TrayPage
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


def leaves(running: Running, count: int) -> bool:
    return left(running) == count


def current(running: Running) -> str:
    view = named(running.window, QTableView, "trayList")
    return str(view.model().index(view.currentIndex().row(), 1).data())


def test_many_mails_are_worked_through_by_keyboard_without_losing_the_place(
    running: Running, practice: Profile
) -> None:
    inbox = practice.settings().inbox
    for number in range(12):
        put(inbox, 100 + number, f"Circular {number}", f"This is circular {number}.")
    running.window.menus.mail.trigger()
    wait_until(lambda: not running.desk.jobs.under_way)
    running.window.go_to(Place.UNMATCHED)
    at_rest(running)
    view = named(running.window, QTableView, "trayList")
    view.setFocus()
    for _step in range(5):
        QTest.keyClick(view, Qt.Key.Key_Down)
    before = left(running)
    seen = []
    for done in range(5):
        seen.append(current(running))
        assert view.currentIndex().row() == 5
        press(running.window, "trayAside")
        wait_until(partial(leaves, running, before - done - 1))
    assert len(set(seen)) == 5
    assert words_of(running.window, "trayFrom") == current(running)
    assert running.window.focusWidget() is not None
    for back in range(5):
        named(running.window, TrayPage, "trayPage").deeds()[Deed.UNDO]()
        wait_until(partial(leaves, running, before - 5 + back + 1))
        at_rest(running)
        assert current(running) == seen[-1 - back]


def test_what_was_filed_is_taken_back_with_undo(tray: Running) -> None:
    choose(tray, "Any news?")
    view = named(tray.window, QTableView, "trayList")
    QTest.keyClick(view, Qt.Key.Key_Return)
    wait_until(lambda: left(tray) == 1)
    assert words_of(tray.window, "traySaid").startswith("Filed with ENQ-")
    named(tray.window, TrayPage, "trayPage").deeds()[Deed.UNDO]()
    wait_until(lambda: left(tray) == 2)
    at_rest(tray)
    assert current(tray) == "Any news?"
    named(tray.window, TrayPage, "trayPage").deeds()[Deed.UNDO]()
    assert "nothing to take back" in words_of(tray.window, "traySaid")


def test_an_enquiry_is_made_from_a_mail_which_is_filed_with_it_once_it_is_kept(tray: Running) -> None:
    choose(tray, "Thank you")
    press(tray.window, "trayNew")
    at_rest(tray)
    assert named(tray.window, QLineEdit, "residentField").text() == "Joan Pilling"
    assert named(tray.window, QPlainTextEdit, "textField").toPlainText() == "Thank you for all you do."
    area = named(tray.window, QComboBox, "areaField")
    area.setCurrentIndex(0)
    at_rest(tray)
    press(tray.window, "saveButton")
    wait_until(lambda: words_of(tray.window, "enquirySubject") == "Thank you")
    at_rest(tray)
    assert words_of(tray.window, "entryHead").startswith("Mail received")
    tray.window.go_to(Place.UNMATCHED)
    at_rest(tray)
    assert left(tray) == 1


@pytest.mark.soak
def test_a_mail_somebody_else_has_filed_meanwhile_is_said_and_the_tray_read_again(tray: Running) -> None:
    choose(tray, "Thank you")
    page = named(tray.window, TrayPage, "trayPage")
    mail = page._shown
    assert mail is not None
    tray.desk.ask(lambda app: put_aside(app, mail.id), owner=page)
    page._put_aside()
    wait_until(named(tray.window, QWidget, "banner").isVisible)
    at_rest(tray)
    assert "not in the tray any more" in words_of(tray.window, "bannerTitle")
    assert left(tray) == 1
