"""People in the settings: councillors and staff added, changed, retired and undone; at a hub they are read alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTableView

from member_tracker.app import App
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.vocabulary import Role
from member_tracker.services.office_people import PersonSaid
from member_tracker.services.office_records import Rows
from tests.ui.checks import shortcomings
from tests.ui.exchange import alt, focused, in_front, settled
from tests.ui.hub import belong_to_a_hub
from tests.ui.walking import named, words_of
from ui.app import Running
from ui.settings import people as page


@pytest.fixture
def shown(running: Running) -> Running:
    """The page, come to by keyboard."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, "w")
    settled(running)
    return running


def cells(running: Running, column: int = 0) -> list[str]:
    model = named(running.window, QTableView, "personList").model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def field(running: Running, name: str) -> QLineEdit:
    return named(running.window, QLineEdit, f"person{name}")


def wrong(running: Running) -> str:
    return named(running.window, QPushButton, "personErrorsLink0").text()


def save(running: Running) -> None:
    alt(running, "s")
    settled(running)


def offered(running: Running) -> list[str]:
    """The councillors the form that logs an enquiry offers."""
    running.window.log()
    settled(running)
    councillors = named(running.window, QComboBox, "councillorField")
    found = [councillors.itemText(number) for number in range(councillors.count())]
    running.window.show_page("people")
    settled(running)
    return found


def test_a_councillor_is_added_by_keyboard_retired_and_brought_back(shown: Running) -> None:
    assert focused() is named(shown.window, QTableView, "personList")
    assert shortcomings(shown.window) == {}
    alt(shown, "a")
    assert focused() is field(shown, "Name")
    QTest.keyClicks(focused(), "Cllr Ida Moss")
    field(shown, "Ward").setFocus()
    QTest.keyClicks(focused(), "Adlington")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    settled(shown)
    assert words_of(shown.window, "personSaid") == "“Cllr Ida Moss” was saved."
    assert cells(shown, 1)[cells(shown).index("Cllr Ida Moss")] == "Councillor, Adlington"
    assert "Cllr Ida Moss" in offered(shown)
    alt(shown, "r")
    settled(shown)
    assert (cells(shown)[-1], cells(shown, 3)[-1]) == ("Cllr Ida Moss", "Retired")
    assert "Cllr Ida Moss" not in offered(shown)
    named(shown.window, QTableView, "personList").setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(shown)
    assert "Retired" not in cells(shown, 3)
    assert "Cllr Ida Moss" in offered(shown)


def test_staff_are_added_and_what_is_wrong_is_said_beside_its_field(shown: Running) -> None:
    alt(shown, "a")
    field(shown, "Name").setText("Lena Ford")
    role = named(shown.window, QComboBox, "personRole")
    role.setCurrentIndex(role.findData(Role.OFFICER))
    field(shown, "Ward").setText("Adlington")
    field(shown, "Email").setText("lena")
    for words, name, right in (
        ("“lena” is not an email address.", "Email", "lena.ford@example.org"),
        ("Only a councillor has a ward.", "Ward", ""),
    ):
        save(shown)
        assert wrong(shown) == words
        QTest.keyClick(focused(), Qt.Key.Key_Space)
        assert focused() is field(shown, name)
        field(shown, name).setText(right)
    save(shown)
    assert cells(shown, 1)[cells(shown).index("Lena Ford")] == Role.OFFICER.words
    role.setCurrentIndex(role.findData(Role.COUNCILLOR))
    save(shown)
    assert "kept apart" in wrong(shown)


def test_at_a_hub_people_are_read_and_it_is_said_where_they_come_from(shown: Running) -> None:
    belong_to_a_hub(shown)
    page_shown(shown).refresh()
    settled(shown)
    assert "come from there" in words_of(shown.window, "personNote")
    assert not named(shown.window, QPushButton, "personAdd").isVisible()
    assert field(shown, "Name").isReadOnly()
    assert not named(shown.window, QComboBox, "personRole").isEnabled()
    assert shortcomings(shown.window) == {}


def test_nobody_is_an_empty_form_and_a_store_that_cannot_be_read_says_so(
    shown: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_app: App) -> Rows[PersonSaid]:
        return Rows(rows=())

    monkeypatch.setattr(page, "office_people", none)
    page_shown(shown).refresh()
    settled(shown)
    assert not named(shown.window, QTableView, "personList").isVisible()
    assert words_of(shown.window, "personHeading") == "Somebody new"

    def broken(_app: App) -> Rows[PersonSaid]:
        raise Unavailable("The casework cannot be read.", advice="Start Member Tracker again.")

    monkeypatch.setattr(page, "office_people", broken)
    page_shown(shown).refresh()
    settled(shown)
    assert "cannot be read" in words_of(shown.window, "bannerTitle")


def page_shown(running: Running) -> page.PeoplePage:
    return running.window.findChildren(page.PeoplePage)[0]
