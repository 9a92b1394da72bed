"""The form is filled in by keyboard, shows its due date as one types, and says what is to be put right."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.enquiries.form import LogForm
from ui.picture import settle, wait_until


@pytest.fixture
def form(running: Running) -> LogForm:
    """The form, shown."""
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    QTest.keyClick(running.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settle(running.desk.jobs)
    return running.window.findChildren(LogForm)[0]


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def fill_in(form: LogForm) -> None:
    """Type an enquiry from the first field to the last, with Tab between them."""
    named(form, QComboBox, "councillorField").setFocus()
    typed = ("Cllr Priya Marsden", "Noor Whitaker", "W", "L", "", "20 nov", "Bins missed again", "Missed three weeks.")
    for words in typed:
        here = focus()
        if isinstance(here, QLineEdit):
            here.selectAll()
        elif isinstance(here, QComboBox) and here.isEditable():
            here.clearEditText()
        QTest.keyClicks(focus(), words)
        QTest.keyClick(focus(), Qt.Key.Key_Tab)


def test_the_keyboard_begins_in_the_first_field_that_is_empty(form: LogForm) -> None:
    assert named(form, QComboBox, "councillorField").currentText().startswith("Cllr ")
    assert focus().objectName() == "residentField"


def test_an_enquiry_is_logged_by_keyboard_alone_and_then_shown(form: LogForm, running: Running) -> None:
    logged: list[str] = []
    form.logged.connect(logged.append)
    fill_in(form)
    assert focus().objectName() == "saveSendButton"
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    wait_until(lambda: bool(logged))
    settle(running.desk.jobs)
    assert words_of(running.window, "enquirySubject") == "Bins missed again"
    assert "For Noor Whitaker, raised by Cllr Priya Marsden, with Waste" in words_of(running.window, "enquiryPeople")
    assert "by letter" in words_of(running.window, "enquiryPeople")


def test_the_due_date_and_its_reason_are_shown_as_one_types(form: LogForm, running: Running) -> None:
    received = named(form, QLineEdit, "receivedField")
    received.setText("16/11/2026 10:00")
    settle(running.desk.jobs)
    assert words_of(form, "receivedEcho") == "Monday 16 November 2026 at 10:00"
    assert words_of(form, "dueAnswer") == "Answer due by Wednesday 18 November 2026"
    assert "2 working days" in words_of(form, "dueWhy")
    kind = named(form, QComboBox, "channelField")
    kind.setCurrentText("Letter")
    settle(running.desk.jobs)
    assert words_of(form, "dueAnswer") == "Answer due by Wednesday 25 November 2026"


def test_a_date_that_cannot_be_read_is_said_at_once(form: LogForm, running: Running) -> None:
    received = named(form, QLineEdit, "receivedField")
    received.setText("the other day")
    settle(running.desk.jobs)
    assert "is not a date" in words_of(form, "receivedEcho")


def test_what_is_missing_is_listed_on_top_and_each_line_goes_to_its_field(form: LogForm) -> None:
    press(form, "saveButton")
    assert words_of(form, "logErrorsHeading") == "4 things are to be put right"
    assert focus().objectName() == "logErrorsLink0"
    press(form, "logErrorsLink2")
    assert focus().objectName() == "subjectField"


def test_what_was_typed_is_still_there_after_a_look_elsewhere(form: LogForm, running: Running) -> None:
    text = named(form, QPlainTextEdit, "textField")
    text.setPlainText("half a senten")
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert not form.isVisible()
    running.window.log()
    assert text.toPlainText() == "half a senten"


def test_pressing_save_twice_logs_one_enquiry(form: LogForm, running: Running) -> None:
    logged: list[str] = []
    form.logged.connect(logged.append)
    fill_in(form)
    save = named(form, QPushButton, "saveButton")
    save.click()
    save.click()
    wait_until(lambda: bool(logged))
    settle(running.desk.jobs)
    assert len(logged) == 1


def test_residents_of_the_councillor_are_offered_while_typing(form: LogForm) -> None:
    councillor, resident = named(form, QComboBox, "councillorField"), named(form, QLineEdit, "residentField")
    councillor.setCurrentText("Cllr Priya Marsden")
    completer = resident.completer()
    names = [completer.model().index(row, 0).data() for row in range(completer.model().rowCount())]
    assert "Ada Greenhalgh" in names
