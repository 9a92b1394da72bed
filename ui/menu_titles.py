"""The menu bar as it is first painted: its titles. What stands below each is put there once the first list is shown."""

from enum import StrEnum

from PySide6.QtWidgets import QMainWindow, QMenu


class In(StrEnum):
    """The menus, in the order of the menu bar, by their text."""

    FILE = "&File"
    ENQUIRY = "&Enquiry"
    VIEW = "&View"
    HELP = "&Help"


def put_titles(window: QMainWindow) -> dict[In, QMenu]:
    """Give the window its menus, with nothing in them yet."""
    return {menu: _put(window, menu) for menu in In}


def _put(window: QMainWindow, menu: In) -> QMenu:
    made = window.menuBar().addMenu(menu.value)
    made.setObjectName(f"menu{menu.name.title()}")
    return made
