"""The keys of the window, read off its own menus, so that what is said of them is always so."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.language import tr

BESIDE = (
    (tr("Tab and Shift+Tab"), tr("Next and previous field or button")),
    (tr("Alt with an underlined letter"), tr("The field or button that has it")),
    (tr("Up, Down and Enter"), tr("Choose in a list, and open")),
    ("Esc", tr("Back to where you came from")),
)
"""Keys that work everywhere and are in no menu."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A deed of a menu with its keys; `offered` says whether it can be done now."""

    menu: str
    deed: str
    keys: str
    offered: bool


def keys_of(window: QMainWindow) -> tuple[Key, ...]:
    """Every deed of the menus that has keys, in the order of the menus."""
    found: list[Key] = []
    for action in window.menuBar().actions():
        menu = action.menu()
        if isinstance(menu, QMenu):
            found.extend(_keys_in(menu, _plain(action.text())))
    return tuple(found)


def _keys_in(menu: QMenu, name: str) -> Iterator[Key]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _keys_in(inner, f"{name}, {_plain(action.text())}")
        elif action.isVisible() and not action.shortcut().isEmpty():
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")
            yield Key(menu=name, deed=_plain(action.text()), keys=keys, offered=action.isEnabled())


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")
