"""What holds of every page for people with a keyboard or a screen reader, each check giving what falls short of it."""

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QTableView, QWidget

from tests.ui.walking import inner, label_of, mnemonics, reachable, spoken_name, tab_through
from ui.main_window import MainWindow
from ui.picture import wait_until


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
    excused = {
        "readMail",
        "takeAwayMail",
        "readSent",
        "detailScroll",
        "statusStop",
        "statusReminders",
        "showQuoted",
        "openAttachment",
        "saveAttachment",
    }
    excused |= {"mailEntry", "sentEntry", "noteEntry", "entryEntry", "entryStep"}
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


CHECKS = (nameless, same_names, same_letters, without_letter, without_current_row, taken_for_markup, never_visited)


def shortcomings(window: MainWindow) -> dict[str, list[str]]:
    """What falls short in what the window shows now, by check."""
    found = {check.__name__: check(window) for check in CHECKS}
    return {name: what for name, what in found.items() if what}
