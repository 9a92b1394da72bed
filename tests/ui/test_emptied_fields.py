"""Fields the program empties: what was typed about the last resident, or to sign in, is not brought back by Ctrl+Z."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui.find.box import FindBox
from ui.widgets.parts import empty


def typed(qtbot: QtBot, field: QLineEdit) -> None:
    qtbot.addWidget(field)
    field.setEnabled(True)
    field.show()
    QTest.keyClicks(field, "Una Bright")
    assert field.isUndoAvailable()


def test_what_was_in_an_emptied_field_is_not_brought_back(qtbot: QtBot) -> None:
    field, said = QLineEdit(), list[str]()
    typed(qtbot, field)
    field.textChanged.connect(said.append)
    empty(field)
    QTest.keySequence(field, QKeySequence(QKeySequence.StandardKey.Undo))
    assert (field.text(), field.isUndoAvailable(), said) == ("", False, [""])


def test_esc_leaves_nothing_of_a_search_behind(qtbot: QtBot) -> None:
    box = FindBox()
    typed(qtbot, box)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Undo))
    assert box.text() == ""
