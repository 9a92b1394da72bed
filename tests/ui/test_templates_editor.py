"""The council's wording in the window: seen on an example while it is typed, kept when good, and brought back."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QWidget

from member_tracker.app import App
from member_tracker.domain.errors import Unavailable
from member_tracker.services import wording as service
from member_tracker.services.wording import Wording, shipped_text, wording
from tests.ui.checks import shortcomings
from tests.ui.exchange import in_front, settled
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.compose.templates_editor import TemplatesEditor


@pytest.fixture
def editor(running: Running) -> TemplatesEditor:
    """The editor, in a place of the window of its own."""
    made = TemplatesEditor(running.desk)
    running.window.put_in_place(made)
    in_front(running)
    settled(running)
    return made


def choose(running: Running, editor: QWidget, name: str) -> None:
    listed = named(editor, QListWidget, "templateList")
    rows = [listed.item(at).text() for at in range(listed.count())]
    listed.setCurrentRow(next(at for at, text in enumerate(rows) if text.startswith(name)))
    settled(running)


def write(running: Running, editor: QWidget, words: str) -> None:
    named(editor, QPlainTextEdit, "templateText").setPlainText(words)
    QTest.qWait(250)
    settled(running)


def seen(editor: QWidget) -> str:
    return named(editor, QPlainTextEdit, "templateSeen").toPlainText()


def kept(running: Running) -> Wording:
    answer: list[Wording] = []
    running.desk.ask(wording, owner=running.desk, done=answer.append)
    settled(running)
    return answer[0]


def test_the_sign_off_comes_first_and_is_seen_as_it_stands_under_a_mail(editor: TemplatesEditor) -> None:
    assert named(editor, QListWidget, "templateList").currentItem().text() == "Sign-off of the council"
    assert seen(editor).startswith("Yours sincerely,")
    assert words_of(editor, "templateChanges") == "Nothing was changed yet."


def test_what_is_typed_is_seen_at_once_and_kept_when_saved(running: Running, editor: TemplatesEditor) -> None:
    choose(running, editor, "Chaser")
    write(running, editor, "Dear {{ area.name }}, how does {{ enquiry.reference }} stand?")
    assert seen(editor) == "Dear Housing, how does ENQ-7K3M-142-XR stand?\n"
    press(editor, "templateSave")
    settled(running)
    (chaser,) = [each for each in kept(running).templates if each.id == "chase"]
    assert chaser.is_own
    assert chaser.text.startswith("Dear {{ area.name }}, how")
    assert words_of(editor, "templateChanges").startswith("Changed: Templates: ")


def test_a_mistake_is_told_with_its_line_and_what_was_kept_stays(running: Running, editor: TemplatesEditor) -> None:
    choose(running, editor, "Update")
    write(running, editor, "Dear {{ resident.name }},\n{{ resident.nme }}")
    wrong = words_of(editor, "templateWrong")
    assert wrong.startswith("Line 2: there is nothing called “resident.nme”.")
    assert "{{ resident.name }}" in wrong
    assert wrong.endswith("What was kept is still there.")
    press(editor, "templateSave")
    settled(running)
    assert not any(each.is_own for each in kept(running).templates)
    assert named(editor, QPlainTextEdit, "templateText").toPlainText().endswith("resident.nme }}")


def test_going_back_to_the_shipped_wording_can_itself_be_undone(running: Running, editor: TemplatesEditor) -> None:
    write(running, editor, "Yours, {{ council.name }}")
    press(editor, "templateSave")
    settled(running)
    press(editor, "templateShipped")
    settled(running)
    assert kept(running).sign_off == shipped_text("sign_off")
    press(editor, "templateUndo")
    settled(running)
    assert kept(running).sign_off == "Yours, {{ council.name }}"


def test_a_copy_is_one_more_template_and_can_be_taken_away(running: Running, editor: TemplatesEditor) -> None:
    choose(running, editor, "Chaser")
    press(editor, "templateCopy")
    named(running.window, QPlainTextEdit, "templateNameText").setPlainText("Second chaser")
    press(running.window, "templateNameAgree")
    settled(running)
    choose(running, editor, "Second chaser")
    press(editor, "templateDrop")
    settled(running)
    assert [each.name for each in kept(running).templates if each.is_own] == []


def test_what_is_typed_stays_while_somebody_else_changes_the_council(running: Running, editor: TemplatesEditor) -> None:
    choose(running, editor, "Chaser")
    write(running, editor, "Half a sentence")
    running.desk.ask(lambda app: service.save_sign_off(app, "Yours"), owner=running.desk)
    settled(running)
    assert named(editor, QPlainTextEdit, "templateText").toPlainText() == "Half a sentence"


def test_where_it_cannot_be_saved_that_is_said_and_what_is_typed_stays(
    running: Running, editor: TemplatesEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(app: App, text: str | None) -> Wording:
        raise Unavailable("The disk is full.", advice="Make room.")

    monkeypatch.setattr(service, "save_sign_off", full)
    write(running, editor, "Yours")
    press(editor, "templateSave")
    settled(running)
    assert "The disk is full." in words_of(editor, "templateWrong")
    assert named(editor, QPlainTextEdit, "templateText").toPlainText() == "Yours"
    monkeypatch.undo()
    press(editor, "templateSave")
    settled(running)
    assert kept(running).sign_off == "Yours"


@pytest.mark.parametrize("size", [(1366, 768), (911, 512)])
def test_every_field_has_a_name_and_a_letter_and_saving_keeps_the_keyboard_where_it_is(
    running: Running, size: tuple[int, int]
) -> None:
    running.window.show_page("templates")
    in_front(running)
    editor = named(running.window, TemplatesEditor, "templatesEditor")
    settled(running)
    write(running, editor, "Yours")
    save = named(editor, QWidget, "templateSave")
    save.setFocus()
    press(editor, "templateSave")
    settled(running)
    assert save.hasFocus()
    at_rest(running, size)
    assert shortcomings(running.window) == {}
