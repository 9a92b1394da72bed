"""The pages of the window: one table of them, gone to by menu, key and name, and the way back from each."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QMenu, QStackedWidget, QTableView, QWidget

from tests.ui.walking import letters, named
from tests.ui.windows import at_rest
from ui.app import Running
from ui.deeds import Deed
from ui.page_table import PAGES
from ui.picture import wait_until
from ui.places import Place
from ui.widgets.page import Page


def shown(running: Running) -> QWidget | None:
    return named(running.window, QStackedWidget, "pages").currentWidget()


def press_esc(running: Running) -> None:
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    QTest.keyClick(QApplication.focusWidget() or running.window, Qt.Key.Key_Escape)
    at_rest(running)


def test_every_page_of_the_table_can_be_made_shown_and_gone_round_in(running: Running) -> None:
    assert running.window._pages is not None
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    for line in PAGES:
        page = running.window._pages.show(line.name)
        at_rest(running)
        assert shown(running) is page
        assert isinstance(page, Page)
        assert page.panes(), f"F6 has nowhere to go in {line.name}"
        focus = running.window.focusWidget()
        assert focus is not None
        assert focus.isVisible(), f"{focus.objectName()} is hidden in {line.name}"
        assert not isinstance(focus, Page), f"the keyboard is nowhere in {line.name}"


def test_esc_goes_back_page_by_page_to_where_somebody_came_from(running: Running) -> None:
    running.window.go_to(Place.OPEN)
    at_rest(running)
    casework = shown(running)
    running.window.menus.settings.trigger()
    settings = shown(running)
    running.desk.page_wanted.emit("hub", None)
    at_rest(running)
    hub = shown(running)
    assert len({casework, settings, hub}) == 3
    press_esc(running)
    assert shown(running) is settings
    press_esc(running)
    assert shown(running) is casework
    assert running.window.navigation.place is Place.OPEN


def test_esc_leads_back_to_today_and_from_today_nowhere(running: Running) -> None:
    today = shown(running)
    running.window.go_to(Place.UNMATCHED)
    at_rest(running)
    press_esc(running)
    assert running.window.navigation.place is Place.TODAY
    press_esc(running)
    assert shown(running) is today
    table = named(running.window, QTableView, "overdueSectionTable")
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    at_rest(running)
    press_esc(running)
    assert shown(running) is not today, "the first Esc goes to the list"
    press_esc(running)
    assert shown(running) is today


def test_every_place_is_in_the_navigation_and_in_the_menu_with_a_key(running: Running) -> None:
    assert named(running.window, QListView, "places").model().rowCount() == len(Place)
    keys = [action.shortcut().toString() for action in running.window.menus.places.values()]
    assert keys == [f"Ctrl+{number}" for number in range(1, len(Place) + 1)]


def test_every_deed_of_the_menus_is_offered_by_some_page() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in Path("ui").rglob("*.py") if file.name != "deeds.py")
    assert [deed for deed in Deed if f"Deed.{deed.name}" not in code] == []


def test_a_key_does_what_the_page_offers_or_says_what_to_do_first(running: Running) -> None:
    running.window.go_to(Place.TODAY)
    running.window.menus.deeds[Deed.NOTE].trigger()
    assert running.window.status.words == Deed.NOTE.value.sorry
    running.window.go_to(Place.OPEN)
    at_rest(running)
    running.window.menus.deeds[Deed.NOTE].trigger()
    assert named(running.window, QWidget, "noteDialog").isVisible()


def test_no_two_deeds_of_a_menu_share_a_letter_and_no_two_share_keys(running: Running) -> None:
    keys: Counter[str] = Counter()
    for menu in running.window.menuBar().findChildren(QMenu):
        actions = [action for action in menu.actions() if not action.isSeparator()]
        taken = Counter(letter for action in actions for letter, _text in letters(action.text()))
        assert [letter for letter, count in taken.items() if count > 1] == [], menu.objectName()
        keys.update(action.shortcut().toString() for action in actions if not action.shortcut().isEmpty())
    assert [key for key, count in keys.items() if count > 1] == []
    assert {action.objectName() for action in running.window.findChildren(QAction)} >= {"actionGoToday"}
