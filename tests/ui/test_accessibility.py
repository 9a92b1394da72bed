"""What holds of every page for people with a keyboard or a screen reader, whatever the page is."""

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QTableView, QWidget

from tests.ui.walking import inner, label_of, mnemonics, reachable, spoken_name, tab_through
from ui.app import Running
from ui.first_run.pages import CouncilPage, PassphrasePage, Welcome
from ui.main_window import MainWindow
from ui.picture import settle, wait_until
from ui.places import Place


def _open_reply(running: Running) -> None:
    running.window.go_to(Place.TODAY)
    settle(running.desk.jobs)
    table = running.window.findChild(QTableView, "newSectionTable")
    assert table is not None
    table.clicked.emit(table.model().index(0, 0))


PAGES: dict[str, Callable[[Running], None]] = {
    "today": lambda running: running.window.go_to(Place.TODAY),
    "open": lambda running: running.window.go_to(Place.OPEN),
    "reply": _open_reply,
    "all": lambda running: running.window.go_to(Place.ALL),
    "unmatched": lambda running: running.window.go_to(Place.UNMATCHED),
    "form": lambda running: running.window.log(),
    "welcome": lambda running: running.window.put_in_place(Welcome()),
    "council": lambda running: running.window.put_in_place(CouncilPage(("Chorley",))),
    "passphrase": lambda running: running.window.put_in_place(PassphrasePage(new=True)),
}


def nameless(window: QWidget) -> list[str]:
    """What the keyboard reaches and a screen reader could not name, or a test could not find."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in reachable(window)
        if not spoken_name(widget) or not widget.objectName()
    ]


def same_names(window: QWidget) -> list[str]:
    """The names that two shown buttons share."""
    shown = [button for button in window.findChildren(QAbstractButton) if button.isVisible() and not inner(button)]
    return [name for name, count in Counter(map(spoken_name, shown)).items() if count > 1]


def same_letters(window: MainWindow) -> list[str]:
    """The letters that two shown things answer to."""
    menus = [action.text() for action in window.menuBar().actions()]
    taken = Counter(letter for letter, _text in mnemonics(window))
    taken.update(text[text.index("&") + 1].lower() for text in menus)
    return [letter for letter, count in taken.items() if count > 1]


def without_letter(window: QWidget) -> list[str]:
    """The fields and buttons no letter goes to, but for the many alike in a timeline and what F6 goes to."""
    lettered = {text.replace("&", "") for _letter, text in mnemonics(window)}
    excused = {"readMail", "readSent", "detailScroll"}
    return [
        widget.objectName()
        for widget in reachable(window)
        if widget.objectName() not in excused
        and getattr(widget, "text", str)().replace("&", "") not in lettered
        and label_of(widget) not in lettered
    ]


def never_visited(window: QWidget) -> list[str]:
    """What the Tab key never comes to."""
    window.activateWindow()
    wait_until(window.isActiveWindow)
    reachable(window)[0].setFocus()
    visited = tab_through(window)
    assert all(widget.isVisible() for widget in visited)
    return sorted({widget.objectName() for widget in reachable(window)} - {widget.objectName() for widget in visited})


def without_current_row(window: QWidget) -> list[str]:
    """The tables in which a screen reader would be nowhere."""
    return [
        table.objectName()
        for table in window.findChildren(QTableView)
        if table.isVisible() and table.model().rowCount() and not table.currentIndex().isValid()
    ]


def taken_for_markup(window: QWidget) -> list[str]:
    """The labels in which words of a mail could be taken for markup."""
    return [
        label.objectName()
        for label in window.findChildren(QLabel)
        if label.buddy() is None and label.textFormat() is not Qt.TextFormat.PlainText and not inner(label)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_used_without_eyes_and_without_a_mouse(running: Running, page: str) -> None:
    PAGES[page](running)
    settle(running.desk.jobs)
    checks = (nameless, same_names, same_letters, without_letter, without_current_row, taken_for_markup, never_visited)
    found = {check.__name__: check(running.window) for check in checks}
    assert {name: what for name, what in found.items() if what} == {}


def test_every_deed_in_the_menus_has_a_name_and_a_letter(running: Running) -> None:
    for menu in running.window.menuBar().findChildren(QMenu):
        for action in menu.actions():
            if not action.isSeparator() and action.menu() is None:
                assert action.objectName()
                assert "&" in action.text()
