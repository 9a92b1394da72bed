"""Where the keyboard is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def holds_focus(part: QWidget) -> bool:
    """Whether the keyboard is in this part of its window, or will be when the window is next in front."""
    focus: QWidget | None = part.window().focusWidget()
    return focus is not None and (focus is part or part.isAncestorOf(focus))


def first_of(part: QWidget) -> QWidget | None:
    """The first thing in a part that the Tab key would go to; None where there is nothing."""
    for found in part.findChildren(QWidget):
        if found.isVisible() and found.isEnabled() and found.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return found
    return None
