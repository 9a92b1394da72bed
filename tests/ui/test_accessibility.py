"""What holds of every page for people with a keyboard or a screen reader, whatever the page is."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMenu, QTableView

from tests.ui.checks import shortcomings
from ui.app import Running
from ui.first_run.pages import CouncilPage, PassphrasePage, Welcome
from ui.picture import settle
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
    "settings": lambda running: running.window.menus.settings.trigger(),
    "unsure": lambda running: running.window._decide(),
    "form": lambda running: running.window.log(),
    "import": lambda running: running.window.menus.pages["import"].trigger(),
    "welcome": lambda running: running.window.put_in_place(Welcome()),
    "council": lambda running: running.window.put_in_place(CouncilPage(("Chorley",))),
    "passphrase": lambda running: running.window.put_in_place(PassphrasePage(new=True)),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_used_without_eyes_and_without_a_mouse(running: Running, page: str) -> None:
    PAGES[page](running)
    settle(running.desk.jobs)
    assert shortcomings(running.window) == {}


def test_every_deed_in_the_menus_has_a_name_and_a_letter(running: Running) -> None:
    for menu in running.window.menuBar().findChildren(QMenu):
        for action in menu.actions():
            if not action.isSeparator() and action.menu() is None:
                assert action.objectName()
                assert "&" in action.text()
