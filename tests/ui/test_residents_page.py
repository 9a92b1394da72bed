"""Residents in the window: found as one types, seen whole, changed, confirmed, merged and taken apart by keyboard."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableView, QWidget

from member_tracker.app import App
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.people import Resident, ResidentId
from member_tracker.services.residents import edit_resident, resident_page
from tests.ui.checks import shortcomings
from tests.ui.exchange import alt, focused, in_front, settled
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.places import Place
from ui.residents import list_pane
from ui.residents.page import ResidentsPage


@pytest.fixture
def page(running: Running) -> ResidentsPage:
    """The page of residents, with the keyboard in it."""
    in_front(running)
    running.window.go_to(Place.RESIDENTS)
    settled(running)
    return named(running.window, ResidentsPage, "residentsPage")


def found(page: QWidget) -> list[str]:
    model = named(page, QTableView, "residentList").model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def typed(running: Running, words: str) -> None:
    box = named(running.window, QLineEdit, "residentFind")
    box.setFocus()
    box.clear()
    QTest.keyClicks(box, words)
    QTest.qWait(100)
    settled(running)


def kept(running: Running, name: str) -> Resident:
    """The resident of that name as kept."""
    taken: list[Resident] = []

    def read(app: App) -> Resident:
        (row,) = resident_page(app, name).rows
        with app.store.reading() as tx:
            return tx.get(Resident, row.id)

    running.desk.ask(read, owner=running.desk, done=taken.append)
    settled(running)
    return taken[0]


def changed(running: Running, name: str, said: dict[str, str]) -> None:
    """Somebody else changes a resident meanwhile."""
    resident = kept(running, name)
    running.desk.ask(lambda app: edit_resident(app, ResidentId(resident.id), said), owner=running.desk)
    settled(running)


def test_a_resident_is_found_as_one_types_and_seen_whole(running: Running, page: ResidentsPage) -> None:
    assert len(found(page)) > 5
    typed(running, "canal ro")
    assert found(page) == ["Ada Greenhalgh"]
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    settled(running)
    assert words_of(page, "residentName") == "Ada Greenhalgh"
    assert words_of(page, "residentPhone") == "01632 960101"
    assert words_of(page, "residentEmail") == "not known"
    assert named(page, QTableView, "residentEnquiries").model().rowCount() == 1
    assert shortcomings(running.window) == {}


def test_nobody_found_says_what_to_do_and_esc_empties_the_field(running: Running, page: ResidentsPage) -> None:
    typed(running, "zzzz")
    assert words_of(page, "residentListNote").startswith("Nobody was found for “zzzz”.")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    QTest.qWait(100)
    settled(running)
    assert len(found(page)) > 5


def test_details_are_confirmed_with_one_key_and_that_is_undone(running: Running, page: ResidentsPage) -> None:
    assert words_of(page, "residentConfirmed") == "Nobody has confirmed these details yet."
    alt(running, "c")
    settled(running)
    assert words_of(page, "residentConfirmed").startswith("Last confirmed on")
    assert words_of(page, "residentSaid") == "Confirmed today. Ctrl+Z undoes it."
    QTest.keyClick(focused(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert words_of(page, "residentConfirmed") == "Nobody has confirmed these details yet."


def test_needs_and_the_preferred_way_are_changed_and_what_is_wrong_is_said(
    running: Running, page: ResidentsPage
) -> None:
    alt(running, "a")
    settled(running)
    assert shortcomings(running.window) == {}
    named(page, QLineEdit, "residentNeedsField").setText("Large print")
    channel = named(page, QComboBox, "residentChannelField")
    channel.setCurrentIndex(channel.findText("Letter"))
    named(page, QLineEdit, "residentEmailField").setText("nonsense")
    alt(running, "s")
    settled(running)
    assert named(page, QWidget, "residentErrors").isVisible()
    named(page, QLineEdit, "residentEmailField").setText("ada@example.org")
    QTest.keyClick(focused(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert words_of(page, "residentCommunicationNeeds") == "Large print"
    assert words_of(page, "residentPreferredChannel") == "Letter"
    assert kept(running, "Ada Greenhalgh").email == "ada@example.org"


def test_two_records_are_merged_field_by_field_and_taken_apart(running: Running, page: ResidentsPage) -> None:
    changed(running, "Bram Oyelaran", {"phone": "01632-960101"})
    before = kept(running, "Ada Greenhalgh"), kept(running, "Bram Oyelaran")
    assert "the same telephone number" in words_of(page, "residentAlike")
    alt(running, "o")
    settled(running)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert shortcomings(running.window) == {}
    alt(running, "m")
    settled(running)
    assert words_of(page, "residentName") == "Bram Oyelaran"
    assert words_of(page, "residentAddress") == "3 Canal Row"
    assert words_of(page, "residentEmail") == "bram.oyelaran@example.org"
    assert "Ada Greenhalgh" not in found(page)
    alt(running, "k")
    settled(running)
    assert (kept(running, "Ada Greenhalgh"), kept(running, "Bram Oyelaran")) == before


def test_the_other_record_is_chosen_in_the_list_and_a_merge_is_undone_with_one_key(
    running: Running, page: ResidentsPage
) -> None:
    alt(running, "m")
    typed(running, "bram")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    settled(running)
    assert words_of(page, "mergeTitle") == "Are these the same person?"
    alt(running, "m")
    settled(running)
    typed(running, "")
    assert "Bram Oyelaran" not in found(page)
    named(page, QTableView, "residentList").setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    assert "Bram Oyelaran" in found(page)


def test_on_a_narrow_window_list_and_resident_take_turns(running: Running, page: ResidentsPage) -> None:
    at_rest(running, (911, 512))
    press(page, "residentBack")
    assert named(page, QTableView, "residentList").isVisible()
    QTest.keyClick(named(page, QTableView, "residentList"), Qt.Key.Key_Return)
    at_rest(running, (911, 512))
    in_front(running)
    assert not named(page, QTableView, "residentList").isVisible()
    assert shortcomings(running.window) == {}
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert named(page, QTableView, "residentList").isVisible()


def test_an_enquiry_of_theirs_is_opened_from_here(running: Running, page: ResidentsPage) -> None:
    wanted: list[str] = []
    running.desk.show_enquiry.disconnect()
    running.desk.show_enquiry.connect(wanted.append)
    QTest.keyClick(named(page, QTableView, "residentEnquiries"), Qt.Key.Key_Return)
    assert len(wanted) == 1


def test_a_refusal_is_shown_and_the_page_stays(
    running: Running, page: ResidentsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_app: App, _find: str = "") -> None:
        raise Unavailable("The file cannot be read.", advice="Try again in a moment.")

    monkeypatch.setattr(list_pane, "resident_page", fails)
    page.ask()
    settled(running)
    assert words_of(running.window, "bannerTitle") == "The file cannot be read."
    assert len(found(page)) > 5


def test_a_slow_answer_to_words_no_longer_typed_is_dropped(
    running: Running, page: ResidentsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, real = threading.Event(), resident_page

    def slow(app: App, find: str = "") -> object:
        if find == "a":
            go_on.wait(10)
        return real(app, find)

    monkeypatch.setattr(list_pane, "resident_page", slow)
    box = named(page, QLineEdit, "residentFind")
    QTest.keyClicks(box, "a")
    QTest.qWait(100)
    QTest.keyClicks(box, "da gr")
    QTest.qWait(100)
    go_on.set()
    settled(running)
    assert found(page) == ["Ada Greenhalgh"]


def test_an_enquiry_is_logged_for_the_resident_shown(running: Running, page: ResidentsPage) -> None:
    assert page.isVisible()
    alt(running, "t")
    settled(running)
    assert named(running.window, QLineEdit, "residentField").text() == "Ada Greenhalgh"
    assert named(running.window, QComboBox, "councillorField").currentText() == "Cllr Priya Marsden"
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    settled(running)
    assert page.isVisible()
