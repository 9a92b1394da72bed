"""Saying something to a screen reader without moving the focus."""

from PySide6.QtWidgets import QWidget


def announce(beside: QWidget, words: str) -> None:
    """Have a screen reader say these words when it next can."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(beside, words)
    QAccessible.updateAccessibility(event)
