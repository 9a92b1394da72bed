"""The menu bar as it is first painted: its titles. What stands below each is put there once the first list is shown."""

from enum import StrEnum

from PySide6.QtWidgets import QMainWindow, QMenu

from ui.language import tr


class In(StrEnum):
    """The menus, in the order of the menu bar."""

    FILE = "file"
    ENQUIRY = "enquiry"
    VIEW = "view"
    HELP = "help"


TITLES = {In.FILE: tr("&File"), In.ENQUIRY: tr("&Enquiry"), In.VIEW: tr("&View"), In.HELP: tr("&Help")}


def put_titles(window: QMainWindow) -> dict[In, QMenu]:
    """Give the window its menus, with nothing in them yet."""
    return {menu: _put(window, menu) for menu in In}


def _put(window: QMainWindow, menu: In) -> QMenu:
    made = window.menuBar().addMenu(TITLES[menu])
    made.setObjectName(f"menu{menu.name.title()}")
    return made
