"""Buttons in one line: what has no room is in the menu of the last, still answers its key, and comes back with room."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui import look
from ui.look import Scheme
from ui.picture import wait_until
from ui.widgets.one_line import OneLine
from ui.widgets.parts import button


class Line:
    """Three buttons and the one whose menu has the rest."""

    def __init__(self, qtbot: QtBot) -> None:
        self.pressed: list[str] = []
        words = {"send": "&Send it now", "chase": "&Chase them again", "close": "C&lose it"}
        self.buttons = [self._made(name, text) for name, text in words.items()]
        self.more = button("More (&X)", lambda: None, name="more")
        self.line = OneLine(self.buttons, self.more)
        self.window = window = QWidget()
        qtbot.addWidget(window)
        self.line.setParent(window)
        self.line.resize(self.line.sizeHint())
        window.show()
        window.activateWindow()
        wait_until(window.isActiveWindow)

    def _made(self, name: str, text: str) -> QPushButton:
        return button(text, lambda: self.pressed.append(name), name=name)

    @property
    def shown(self) -> list[str]:
        return [made.objectName() for made in (*self.buttons, self.more) if made.isVisible()]

    @property
    def in_menu(self) -> list[str]:
        menu = QMenu(self.line)
        self.line.fill(menu)
        return [action.text().split("\t")[0] for action in menu.actions()]


@pytest.fixture
def line(qtbot: QtBot) -> Line:
    """A line with room for all of it."""
    return Line(qtbot)


def test_what_has_no_room_is_in_the_menu_and_comes_back_with_the_room(line: Line) -> None:
    assert (line.shown, line.in_menu) == (["send", "chase", "close", "more"], [])
    whole = line.more.geometry().right() + 1
    line.line.resize(whole - 1, line.line.height())
    assert (line.shown, line.in_menu) == (["send", "chase", "more"], ["Close it"])
    line.line.resize(line.line.minimumSizeHint())
    assert (line.shown, line.in_menu) == (["more"], ["Send it now", "Chase them again", "Close it"])
    line.line.resize(whole, line.line.height())
    assert (line.shown, line.in_menu) == (["send", "chase", "close", "more"], [])


def test_a_button_in_the_menu_answers_its_key_and_one_not_offered_answers_none(line: Line) -> None:
    line.line.resize(line.line.minimumSizeHint())
    line.line.offer(line.buttons[0], line.buttons[2])
    for key in (Qt.Key.Key_L, Qt.Key.Key_C):
        QTest.keyClick(line.line, key, Qt.KeyboardModifier.AltModifier)
    assert line.pressed == ["close"]
    assert line.in_menu == ["Send it now", "Close it"]
    assert [line.line.offers(made) for made in line.buttons] == [True, False, True]


def test_an_open_menu_presses_nothing_that_is_offered_no_longer(line: Line) -> None:
    line.line.resize(line.line.minimumSizeHint())
    menu = QMenu(line.line)
    line.line.fill(menu)
    line.line.offer(line.buttons[0])
    for action in menu.actions():
        action.trigger()
    assert line.pressed == ["send"]


def test_larger_letters_leave_room_for_fewer(line: Line, qapp: QApplication) -> None:
    usual, larger = qapp.font(), qapp.font()
    larger.setPointSizeF(usual.pointSizeF() * 2)
    try:
        qapp.setFont(larger)
        look.dress(qapp, Scheme.LIGHT)
        wait_until(lambda: "close" not in line.shown)
        assert "Close it" in line.in_menu
    finally:
        qapp.setFont(usual)
        look.dress(qapp, Scheme.LIGHT)
