"""Display in the settings: the colours and size of text that the View menu has, chosen here or there."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QTableView

from tests.ui.checks import shortcomings
from tests.ui.exchange import alt, focused, in_front, settled
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.look import Scheme
from ui.places import Place


@pytest.fixture(autouse=True)
def usual_text(qapp: QApplication) -> Iterator[None]:
    """Text is as large as before for the tests that follow."""
    before = qapp.font()
    yield
    qapp.setFont(before)


@pytest.fixture
def shown(running: Running) -> Running:
    """The page, come to by keyboard."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, "z")
    settled(running)
    return running


def test_colours_chosen_here_are_worn_and_ticked_in_the_menu_and_the_other_way_round(
    shown: Running, qapp: QApplication
) -> None:
    colours = named(shown.window, QComboBox, "displayColours")
    assert focused() is colours
    QTest.keyClicks(colours, "d")
    assert colours.currentText() == "Dark"
    assert qapp.property("scheme") == "dark"
    assert shown.window.menus.schemes[Scheme.DARK].isChecked()
    shown.window.menus.schemes[Scheme.CONTRAST].trigger()
    assert colours.currentText() == "High contrast"
    assert shortcomings(shown.window) == {}


def test_text_grows_and_shrinks_and_what_it_is_stands_there_however_that_was_asked(
    shown: Running, qapp: QApplication
) -> None:
    usual = qapp.font().pointSizeF()
    press(shown.window, "displayLarger")
    assert words_of(shown.window, "displaySize") == f"Text is {usual + 1:g} points high."
    shown.window.menus.larger.trigger()
    assert words_of(shown.window, "displaySize") == f"Text is {usual + 2:g} points high."
    press(shown.window, "displaySmaller")
    assert qapp.font().pointSizeF() == usual + 1
    alt(shown, "u")
    assert words_of(shown.window, "displaySize") == f"Text is {usual:g} points high."


def test_everything_is_put_back_as_on_the_first_day(shown: Running, qapp: QApplication) -> None:
    usual = qapp.font().pointSizeF()
    shown.window.go_to(Place.OPEN)
    settled(shown)
    table = named(shown.window, QTableView, "enquiryList")
    wide = table.columnWidth(0)
    table.setColumnWidth(0, wide + 40)
    shown.window.show_page("display")
    settled(shown)
    press(shown.window, "displayLarger")
    shown.window.menus.schemes[Scheme.DARK].trigger()
    press(shown.window, "displayReset")
    settled(shown)
    assert named(shown.window, QLabel, "displaySaid").isVisible()
    assert (qapp.font().pointSizeF(), table.columnWidth(0)) == (usual, wide)
    assert named(shown.window, QComboBox, "displayColours").currentText() == "As the system has them"
