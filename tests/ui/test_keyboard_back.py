"""When a dialog closes the keyboard is back where it was in its window; somebody elsewhere is left there."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.app import application
from ui.picture import wait_until
from ui.widgets.keyboard_back import KeyboardBack
from ui.widgets.parts import column


class Windows:
    """A window whose second field has the keyboard, and a dialog of it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window, self.first, self.second = QWidget(), QLineEdit(), QLineEdit()
        self.window.setLayout(column(self.first, self.second))
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        wait_until(self.window.isActiveWindow)
        self.second.setFocus()
        self.dialog = QDialog(self.window)
        self.dialog.setLayout(column(QLineEdit()))

    def open(self) -> None:
        self.dialog.open()
        wait_until(self.dialog.isActiveWindow)


@pytest.fixture
def windows(qtbot: QtBot, qapp: QApplication) -> Windows:
    """On a platform that gives the keyboard to nobody by itself."""
    assert application() is qapp
    return Windows(qtbot)


def test_the_keyboard_is_back_where_it_was_each_time_a_dialog_closes(windows: Windows, qapp: QApplication) -> None:
    back = KeyboardBack(qapp)
    for close in (windows.dialog.accept, windows.dialog.reject, windows.dialog.close):
        windows.open()
        close()
        wait_until(windows.window.isActiveWindow)
        assert QApplication.focusWidget() is windows.second
    back.deleteLater()


@pytest.mark.parametrize("is_elsewhere", [True, False])
def test_a_dialog_that_goes_by_itself_takes_nobody_away_from_another_program(
    windows: Windows, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, is_elsewhere: bool
) -> None:
    given: list[int] = []
    monkeypatch.setattr(KeyboardBack, "_give_back", lambda _back, behind: given.append(behind))
    back = KeyboardBack(qapp)
    windows.open()
    qapp.focusWindowChanged.emit(None if is_elsewhere else QGuiApplication.focusWindow())
    windows.dialog.hide()
    QTest.qWait(20)
    assert bool(given) is not is_elsewhere
    back.deleteLater()
