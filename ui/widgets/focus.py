"""Where the keyboard is."""

from PySide6.QtWidgets import QWidget


def holds_focus(part: QWidget) -> bool:
    """Whether the keyboard is in this part of its window, or will be when the window is next in front."""
    focus: QWidget | None = part.window().focusWidget()
    return focus is not None and (focus is part or part.isAncestorOf(focus))
