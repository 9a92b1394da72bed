"""Reminders on screen: a list of the window's own always, a notification where there are any, no names in either."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton, QSystemTrayIcon

from member_tracker.services.reminders import About, Reminder, Reminders, Thing
from tests.ui.checks import nameless, same_names
from tests.ui.walking import named, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.picture import wait_until
from ui.places import Place
from ui.shell import reminding as module
from ui.shell.reminding import Reminding, read_reminders


def reminding(running: Running) -> Reminding:
    found = running._reminding
    assert found is not None
    return found


def test_what_needs_somebody_is_listed_and_opened_from_the_list_by_keyboard(running: Running) -> None:
    reminding(running).ask()
    at_rest(running)
    button = named(running.window, QPushButton, "statusReminders")
    assert button.isVisible()
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    running.window.menus.reminders.trigger()
    lines = named(running.window, QListWidget, "remindersLines")
    wait_until(lambda: QApplication.focusWidget() is lines)
    assert button.text() == f"Reminders: {lines.count()}"
    assert lines.currentRow() == 0
    assert (nameless(lines.window()), same_names(lines.window())) == ([], [])
    reference = lines.item(0).text().split()[0]
    QTest.keyClick(lines, Qt.Key.Key_Return)
    at_rest(running)
    assert reference in words_of(running.window, "enquiryReference")


def test_a_notification_says_counts_and_references_and_leads_to_the_list(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = Thing(about=About.OVERDUE, enquiry_id="1", reference="ENQ-7K3M-142-XR")
    found = (Reminder(about=About.OVERDUE, things=(thing,)),)
    monkeypatch.setattr(module, "read_reminders", lambda _app: Reminders(standing=found, told_now=found))
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _tray, title, words, _icon: said.append((title, words)))
    reminding(running).ask()
    at_rest(running)
    assert said == [("Member Tracker", "1 enquiry is overdue: ENQ-7K3M-142-XR.")]
    tray = reminding(running)._tray
    assert tray is not None
    running.window.showMinimized()
    tray.messageClicked.emit()
    assert not running.window.isMinimized()
    assert named(running.window, QListWidget, "remindersLines").count() == 1


def test_while_no_casework_is_shown_nobody_is_reminded(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(module, "read_reminders", lambda _app: asked.append(True))
    running.window.navigation.hide()
    reminding(running).ask()
    at_rest(running)
    assert asked == []


def test_practice_is_reminded_by_references_alone(running: Running) -> None:
    heard: list[Reminders] = []
    running.desk.ask(read_reminders, owner=running, done=heard.append)
    wait_until(lambda: bool(heard))
    assert heard[0].standing
    assert all(thing.reference.startswith("ENQ-") for some in heard[0].standing for thing in some.things)
    assert "Greenhalgh" not in str(heard[0])


def test_the_title_says_how_many_are_overdue_and_no_name(running: Running) -> None:
    at_rest(running)
    overdue = re.findall(r"\d+", words_of(running.window, "overdueSectionTableLabel"))[0]
    assert running.window.windowTitle() == f"{overdue} overdue – Member Tracker: practice data"
    running.window.go_to(Place.OVERDUE)
    at_rest(running)
    reference = words_of(running.window, "enquiryReference").split()[0]
    assert running.window.windowTitle() == f"{reference} – {overdue} overdue – Member Tracker: practice data"
