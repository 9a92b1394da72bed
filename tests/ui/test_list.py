"""The list of a place: sorted by its headings, narrowed behind a button, and shown so again the next time."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QTableView

from member_tracker.services.lists import Order
from tests.ui.walking import named, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.enquiries.page import CaseworkPage
from ui.places import Place


def shown(running: Running, column: int) -> list[str]:
    """The words of a column of the list."""
    model = named(running.window, QTableView, "enquiryList").model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_the_headings_sort_with_the_keyboard_and_the_list_is_shown_so_again(running: Running) -> None:
    running.window.activateWindow()
    running.window.go_to(Place.OPEN)
    at_rest(running)
    view = named(running.window, QTableView, "enquiryList")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Up)
    headings = view.horizontalHeader()
    assert headings.hasFocus()
    QTest.keyClick(headings, Qt.Key.Key_Right)
    QTest.keyClick(headings, Qt.Key.Key_Right)
    QTest.keyClick(headings, Qt.Key.Key_Space)
    at_rest(running)
    residents = shown(running, 2)
    assert residents == sorted(residents, key=str.casefold)
    QTest.keyClick(headings, Qt.Key.Key_Space)
    at_rest(running)
    assert shown(running, 2) == residents[::-1]
    QTest.keyClick(headings, Qt.Key.Key_Down)
    assert view.hasFocus()
    running.window.go_to(Place.ALL)
    at_rest(running)
    running.window.go_to(Place.OPEN)
    at_rest(running)
    assert shown(running, 2) == residents[::-1]


def test_a_list_is_narrowed_and_all_of_it_comes_back(running: Running) -> None:
    running.window.go_to(Place.ALL)
    at_rest(running)
    whole = shown(running, 1)
    named(running.window, QPushButton, "filterButton").click()
    at_rest(running)
    areas = named(running.window, QComboBox, "filterArea")
    assert areas.itemText(0) == "Any service area"
    areas.setCurrentIndex(areas.findText("Housing"))
    areas.activated.emit(areas.currentIndex())
    at_rest(running)
    assert 0 < len(shown(running, 1)) < len(whole)
    assert set(shown(running, 3)) == {"Housing"}
    assert "(1 chosen)" in named(running.window, QPushButton, "filterButton").text()
    named(running.window, QCheckBox, "filterLate").click()
    at_rest(running)
    assert all("Overdue" in words for words in shown(running, 0))
    named(running.window, QPushButton, "filterAll").click()
    at_rest(running)
    assert shown(running, 1) == whole


def test_where_nothing_is_as_asked_the_list_says_how_to_see_more(running: Running) -> None:
    running.window.go_to(Place.OVERDUE)
    at_rest(running)
    page = running.window.findChildren(CaseworkPage)[0]
    named(running.window, QPushButton, "filterButton").click()
    at_rest(running)
    status = named(running.window, QComboBox, "filterStatus")
    status.setCurrentIndex(status.findText("Withdrawn"))
    status.activated.emit(status.currentIndex())
    at_rest(running)
    assert words_of(running.window, "enquiryListEmpty").startswith("Nothing here is as you asked.")
    assert page._list_view is not None
    assert (page._list_view.order, page._usual) == (None, Order.DUE)
