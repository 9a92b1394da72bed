"""Subjects in the settings: written, retired and offered again; the form that logs an enquiry asks what they say."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QTableView, QWidget

from member_tracker.app import App
from member_tracker.domain.asked import Subject
from member_tracker.domain.errors import Unavailable
from member_tracker.services import office_records
from member_tracker.services.subjects import OfficeSubjects, SubjectSaid, keep_subject, office_subjects
from tests.ui.checks import shortcomings
from tests.ui.exchange import alt, focused, in_front, settled
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.settings import subjects as page


@pytest.fixture
def shown(running: Running) -> Running:
    """The page, come to by keyboard."""
    in_front(running)
    QTest.keyClick(running.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settled(running)
    alt(running, "j")
    settled(running)
    return running


def rows(running: Running) -> list[str]:
    model = named(running.window, QTableView, "subjectList").model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def wrong(running: Running) -> str:
    return named(running.window, QPushButton, "subjectErrorsLink0").text()


def go_to(running: Running, name: str) -> None:
    view = named(running.window, QTableView, "subjectList")
    view.setFocus()
    view.setCurrentIndex(view.model().index(rows(running).index(name), 0))


def name_field(running: Running) -> QLineEdit:
    return named(running.window, QLineEdit, "subjectName")


def asked_in_form(running: Running, subject: str) -> list[str]:
    running.window.log()
    settled(running)
    field = named(running.window, QLineEdit, "subjectField")
    field.setText(subject)
    settled(running)
    lines = [named(running.window, QLineEdit, f"answer{number}") for number in (1, 2)]
    return [words_of(running.window, f"{line.objectName()}Label")[3:] for line in lines if line.isVisible()]


def test_a_subject_is_added_by_keyboard_and_the_form_asks_what_it_says(shown: Running) -> None:
    assert focused() is named(shown.window, QTableView, "subjectList")
    assert shortcomings(shown.window) == {}
    alt(shown, "a")
    assert focused() is name_field(shown)
    QTest.keyClicks(name_field(shown), "Tall hedge")
    named(shown.window, QComboBox, "subjectArea").setCurrentText("Planning")
    named(shown.window, QPlainTextEdit, "subjectQuestions").setPlainText("How high?\n\nWhose is it?")
    alt(shown, "s")
    settled(shown)
    assert words_of(shown.window, "subjectSaid") == "“Tall hedge” was saved."
    assert words_of(shown.window, "subjectHeading") == "Tall hedge"
    assert "Tall hedge" in rows(shown)
    assert asked_in_form(shown, "Tall hedge") == ["How high?", "Whose is it?"]
    assert named(shown.window, QComboBox, "areaField").currentText() == "Planning"


def test_a_subject_is_retired_and_offered_again(shown: Running) -> None:
    go_to(shown, "Damp or mould")
    alt(shown, "r")
    settled(shown)
    assert rows(shown)[-1] == "Damp or mould"
    assert words_of(shown.window, "subjectSaid") == "“Damp or mould” is offered no more. Ctrl+Z undoes it."
    assert asked_in_form(shown, "Damp or mould") == []
    named(shown.window, QLineEdit, "subjectField").clear()
    shown.window.show_page("subjects")
    settled(shown)
    alt(shown, "r")
    settled(shown)
    assert rows(shown)[-1] != "Damp or mould"
    assert asked_in_form(shown, "Damp or mould")[0] == "Which rooms?"


def test_what_was_written_for_one_is_there_after_others_were_looked_at(shown: Running) -> None:
    go_to(shown, "Damp or mould")
    name_field(shown).setText("Damp")
    go_to(shown, "Repair")
    assert name_field(shown).text() == "Repair"
    go_to(shown, "Damp or mould")
    assert name_field(shown).text() == "Damp"
    assert words_of(shown.window, "subjectHeading") == "Damp or mould (not saved yet)"
    press(shown.window, "subjectSave")
    settled(shown)
    assert "Damp" in rows(shown)
    assert "Damp or mould" not in rows(shown)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(shown: Running) -> None:
    alt(shown, "a")
    alt(shown, "s")
    settled(shown)
    assert named(shown.window, QWidget, "subjectErrors").isVisible()
    QTest.keyClicks(name_field(shown), "damp or mould")
    alt(shown, "s")
    settled(shown)
    assert "has a subject of this name" in wrong(shown)
    assert name_field(shown).text() == "damp or mould"


def test_what_others_changed_meanwhile_is_not_written_over(shown: Running) -> None:
    go_to(shown, "Repair")
    named(shown.window, QPlainTextEdit, "subjectQuestions").setPlainText("What broke?")

    def change(app: App) -> object:
        repair = next(row for row in office_subjects(app).rows if row.said.name == "Repair")
        subject = Subject(name="Repair", questions=("Where?",))
        return keep_subject(app, SubjectSaid(area_id=repair.said.area_id, subject=subject), before=repair)

    shown.desk.ask(change, owner=shown.window)
    settled(shown)
    assert named(shown.window, QPlainTextEdit, "subjectQuestions").toPlainText() == "What broke?"
    alt(shown, "s")
    settled(shown)
    assert "changed by somebody else" in wrong(shown)
    assert named(shown.window, QPlainTextEdit, "subjectQuestions").toPlainText() == "What broke?"


def test_a_council_without_subjects_has_the_form_and_a_store_that_cannot_be_read_says_so(
    shown: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(app: App) -> OfficeSubjects:
        return OfficeSubjects(rows=(), areas=office_subjects(app).areas)

    monkeypatch.setattr(page, "office_subjects", none)
    shown.window.findChildren(page.SubjectsPage)[0].refresh()
    settled(shown)
    assert not named(shown.window, QTableView, "subjectList").isVisible()
    assert name_field(shown).text() == ""

    def broken(_app: App) -> OfficeSubjects:
        raise Unavailable("The casework cannot be read.", advice="Start Member Tracker again.")

    monkeypatch.setattr(page, "office_subjects", broken)
    shown.window.findChildren(page.SubjectsPage)[0].refresh()
    settled(shown)
    assert "cannot be read" in words_of(shown.window, "bannerTitle")


def test_a_move_to_another_service_area_is_undone_with_one_key(shown: Running) -> None:
    go_to(shown, "Damp or mould")
    area = named(shown.window, QComboBox, "subjectArea")
    before = area.currentText()
    area.setCurrentText("Planning")
    alt(shown, "s")
    settled(shown)
    go_to(shown, "Repair")
    QTest.keyClick(shown.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(shown)
    assert words_of(shown.window, "subjectSaid") == "Undone: “Damp or mould” is as it was."
    assert words_of(shown.window, "subjectHeading") == "Damp or mould"
    assert area.currentText() == before != "Planning"


def test_whoever_may_not_change_the_councils_subjects_reads_them_alone(
    shown: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_records, "may_change_council", lambda _tx: False)
    shown.window.findChildren(page.SubjectsPage)[0].refresh()
    settled(shown)
    assert "your account may not change them" in words_of(shown.window, "subjectNote")
    assert name_field(shown).isReadOnly()
    assert not named(shown.window, QComboBox, "subjectArea").isEnabled()
    assert not named(shown.window, QPushButton, "subjectSave").isVisible()
