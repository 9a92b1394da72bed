"""The council's own details in the settings: kept, undone, refused; at a hub by those alone whom it lets."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from member_tracker.app import App
from member_tracker.domain.errors import Unavailable
from member_tracker.services.office_council import OfficeCouncil, keep_council, office_council
from tests.ui.checks import shortcomings
from tests.ui.exchange import Exchange, alt, focused, in_front, settled
from tests.ui.hub import belong_to_a_hub
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.deeds import Deed
from ui.picture import wait_until
from ui.settings import office as page

NUMBER = "01257 515151"


@pytest.fixture
def shown(running: Running) -> Running:
    """The page, come to by keyboard."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, "y")
    settled(running)
    return running


def number(running: Running) -> QLineEdit:
    return named(running.window, QLineEdit, "officeNumber")


def address(running: Running) -> QPlainTextEdit:
    return named(running.window, QPlainTextEdit, "officeAddress")


def sign_off(running: Running) -> str:
    return named(running.window, QPlainTextEdit, "officeSignOff").toPlainText()


def wrong(running: Running) -> tuple[str, str]:
    return named(running.window, QPushButton, "officeErrorsLink0").text(), words_of(
        running.window, "officeErrorsAdvice0"
    )


def ctrl(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key, Qt.KeyboardModifier.ControlModifier)


def replaced(running: Running, text: str) -> None:
    """Type a number over the one there is."""
    number(running).setFocus()
    number(running).selectAll()
    QTest.keyClicks(number(running), text)


def read_again(running: Running) -> None:
    running.window.findChildren(page.OfficePage)[0].refresh()
    settled(running)


def somebody_else_changes(running: Running, **fields: object) -> None:
    def change(app: App) -> object:
        said = office_council(app).said
        return keep_council(app, replace(said, **fields), before=said)  # type: ignore[arg-type]  # by name

    running.desk.ask(change, owner=running.window)
    settled(running)


def test_number_address_and_letters_are_kept_by_keyboard_and_the_sign_off_has_them(shown: Running) -> None:
    assert focused() is number(shown)
    assert "go by this name" in words_of(shown.window, "officeNameStays")
    assert shortcomings(shown.window) == {}
    replaced(shown, NUMBER)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is address(shown)
    ctrl(Qt.Key.Key_A)
    QTest.keyClicks(focused(), "Civic Offices")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "Union Street")
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClick(focused(), Qt.Key.Key_Up)
    ctrl(Qt.Key.Key_S)
    settled(shown)
    assert words_of(shown.window, "officeSaid") == "The details of Chorley were saved. Ctrl+Z undoes it."
    assert f"Telephone: {NUMBER}" in sign_off(shown)
    read_again(shown)
    assert address(shown).toPlainText() == "Civic Offices\nUnion Street"
    assert named(shown.window, QComboBox, "officeLetters").currentData() is False


def test_ctrl_z_brings_back_what_was_and_leaves_what_was_typed_since(shown: Running) -> None:
    before = number(shown).text()
    replaced(shown, NUMBER)
    ctrl(Qt.Key.Key_S)
    settled(shown)
    address(shown).setPlainText("Civic Offices")
    ctrl(Qt.Key.Key_Z)
    settled(shown)
    assert words_of(shown.window, "officeSaid") == "Undone: the details of Chorley are as they were."
    assert number(shown).text() == before
    assert address(shown).toPlainText() == "Civic Offices"
    shown.window.menus.deeds[Deed.UNDO].trigger()
    assert shown.window.status.words == Deed.UNDO.value.sorry
    ctrl(Qt.Key.Key_S)
    settled(shown)
    read_again(shown)
    assert (number(shown).text(), address(shown).toPlainText()) == (before, "Civic Offices")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("officeNumber", "ring us", "no telephone number"), ("officeAddress", "a\nb\nc\nd\ne\nf\ng", "6 are the most")],
)
def test_what_cannot_be_used_is_said_with_what_to_do_and_leads_to_its_field(
    shown: Running, field: str, text: str, said: str
) -> None:
    typed = named(shown.window, QWidget, field)
    typed.setText(text) if isinstance(typed, QLineEdit) else address(shown).setPlainText(text)
    alt(shown, "s")
    settled(shown)
    title, advice = wrong(shown)
    assert said in title
    assert advice
    press(shown.window, "officeErrorsLink0")
    assert focused() is typed
    assert text in (number(shown).text(), address(shown).toPlainText())


def test_what_others_changed_is_shown_or_where_something_is_typed_kept_from_being_written_over(shown: Running) -> None:
    somebody_else_changes(shown, number=NUMBER)
    assert number(shown).text() == NUMBER
    address(shown).setPlainText("Civic Offices")
    somebody_else_changes(shown, number="01257 515152")
    assert address(shown).toPlainText() == "Civic Offices"
    alt(shown, "s")
    settled(shown)
    assert "by somebody else meanwhile" in wrong(shown)[0]
    assert address(shown).toPlainText() == "Civic Offices"
    press(shown.window, "officeErrorsLink0")
    assert focused() is named(shown.window, QPushButton, "officeShowKept")
    alt(shown, "k")
    settled(shown)
    assert number(shown).text() == "01257 515152"
    assert address(shown).toPlainText() != "Civic Offices"
    assert not named(shown.window, QWidget, "officeErrors").isVisible()


def test_at_a_hub_a_councillor_reads_it_and_is_told_who_changes_it(shown: Running) -> None:
    belong_to_a_hub(shown)
    read_again(shown)
    assert "your account may not change them" in words_of(shown.window, "officeNote")
    for name in ("officeSave", "officeShowKept"):
        assert not named(shown.window, QPushButton, name).isVisible()
    assert number(shown).isReadOnly()
    assert address(shown).isReadOnly()
    assert not named(shown.window, QComboBox, "officeLetters").isEnabled()
    assert shortcomings(shown.window) == {}
    shown.window.menus.deeds[Deed.SAVE].trigger()
    assert shown.window.status.words == Deed.SAVE.value.sorry


def test_what_is_made_up_is_named_until_it_is_replaced(shown: Running, exchange: Exchange) -> None:
    assert not named(shown.window, QWidget, "officeNote").isVisible(), "practice data have no others"
    del exchange
    read_again(shown)
    assert "The telephone number and the address" in words_of(shown.window, "officeNote")
    replaced(shown, NUMBER)
    ctrl(Qt.Key.Key_S)
    settled(shown)
    assert words_of(shown.window, "officeNote").startswith("The address came")


def test_a_slow_answer_leaves_what_was_typed_meanwhile_and_a_store_that_cannot_be_read_says_so(
    shown: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(app: App, *args: object, **kwargs: object) -> OfficeCouncil:
        go_on.wait(10)
        return keep_council(app, *args, **kwargs)  # type: ignore[arg-type]  # as the page calls it

    monkeypatch.setattr(page, "keep_council", slow)
    replaced(shown, NUMBER)
    ctrl(Qt.Key.Key_S)
    address(shown).setPlainText("Civic Offices")
    go_on.set()
    wait_until(named(shown.window, QWidget, "officeSaid").isVisible)
    settled(shown)
    assert address(shown).toPlainText() == "Civic Offices"

    def broken(_app: App) -> OfficeCouncil:
        raise Unavailable("The casework cannot be read.", advice="Start Member Tracker again.")

    monkeypatch.setattr(page, "office_council", broken)
    read_again(shown)
    assert "cannot be read" in words_of(shown.window, "bannerTitle")
    assert address(shown).toPlainText() == "Civic Offices"
