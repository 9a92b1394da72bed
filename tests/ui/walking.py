"""Looking at a window as a person with a keyboard or a screen reader does."""

import re
from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QPushButton, QWidget

# Parts of stock widgets, which people reach through the widget they belong to.
INNER = ("qt_", "ScrollLeftButton", "ScrollRightButton")


def spoken_name(widget: QWidget) -> str:
    """The name a screen reader gives a widget, its label's where it has none of its own."""
    interface = QAccessible.queryAccessibleInterface(widget)
    own = interface.text(QAccessible.Text.Name) if interface is not None else ""
    return own if own and not isinstance(widget, QComboBox) else label_of(widget)


def label_of(widget: QWidget) -> str:
    """The words of the label that belongs to a widget."""
    for label in widget.window().findChildren(QLabel):
        if label.buddy() is widget:
            return label.text().replace("&", "")
    return ""


def reachable(window: QWidget) -> list[QWidget]:
    """The shown, enabled widgets that the Tab key can go to."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not inner(widget)
    ]


def inner(widget: QWidget) -> bool:
    """Whether a widget is a part of a stock one."""
    parent = widget.parentWidget()
    return widget.objectName().startswith(INNER) or isinstance(parent, QComboBox) or type(widget) is QWidget


def mnemonics(window: QWidget) -> Iterator[tuple[str, str]]:
    """The letters that Alt takes in what is shown, with what each belongs to; menus have theirs too."""
    for found in window.findChildren(QWidget):
        led_to = found.buddy() if isinstance(found, QLabel) else found
        if not isinstance(found, QLabel | QAbstractButton) or led_to is None:
            continue
        if found.isVisible() and led_to.isVisible():
            yield from letters(found.text())


def letters(text: str) -> Iterator[tuple[str, str]]:
    """The letter after a single ampersand."""
    found = re.search(r"(?<!&)&([^&\s])", text.replace("&&", ""))
    if found:
        yield found[1].lower(), text


def tab_through(window: QWidget, most: int = 200) -> list[QWidget]:
    """The widgets the Tab key visits, from where the focus is until it comes back."""
    visited: list[QWidget] = []
    for _step in range(most):
        focus = QApplication.focusWidget()
        if focus is None or (visited and focus is visited[0]):
            break
        visited.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    return visited


W = TypeVar("W", bound=QWidget)


def named(window: QWidget, kind: type[W], name: str) -> W:
    """The widget of that kind and name."""
    found = window.findChild(kind, name)
    assert isinstance(found, kind), f"there is no {kind.__name__} called {name}"
    return found


def words_of(window: QWidget, name: str) -> str:
    """What the label of that name says."""
    return named(window, QLabel, name).text()


def press(window: QWidget, name: str) -> None:
    """Press the button of that name as a mouse does; it must be there to be pressed."""
    button = named(window, QPushButton, name)
    assert button.isVisible(), f"{name} is not shown"
    assert button.isEnabled(), f"{name} cannot be pressed now"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
