"""The form is filled in by keyboard, shows its due date as one types, and says what is to be put right."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from member_tracker.app import App
from member_tracker.domain.change import ChangeSet
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.people import Councillor, Resident, ResidentId
from member_tracker.services.drafts import find_draft
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.sending_by_hand import held_mails
from tests.ui.checks import nameless, never_visited, same_letters, same_names, shortcomings, without_letter
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.enquiries import form as form_module
from ui.enquiries.form import LogForm
from ui.enquiries.form_questions import QuestionsPart
from ui.enquiries.gaps_bar import AnswersDialog
from ui.picture import settle, wait_until

KEYS = Qt.KeyboardModifier
ALT, CTRL, NONE = KEYS.AltModifier, KEYS.ControlModifier, KEYS.NoModifier


@pytest.fixture
def form(running: Running) -> LogForm:
    """The form, shown."""
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    QTest.keyClick(running.window, Qt.Key.Key_N, CTRL)
    settle(running.desk.jobs)
    return running.window.findChildren(LogForm)[0]


class Hands:
    """Somebody at the keyboard, counting the presses beside the words typed."""

    def __init__(self, window: QWidget) -> None:
        self.presses = 0
        self._window = window

    def type(self, words: str) -> None:
        QTest.keyClicks(focus(), words)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.presses += 1
        popup = QApplication.activePopupWidget()
        if popup is None and not self._window.isActiveWindow():  # no window manager gives it back after a list
            self._window.activateWindow()
            wait_until(self._window.isActiveWindow)
        QTest.keyClick(popup or focus(), key, modifier)
        QApplication.processEvents()


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def write(form: LogForm, name: str, words: str) -> None:
    """Put words into a line as typing does, without its list dropping down."""
    line = named(form, QLineEdit, name)
    line.setText(words)
    line.textEdited.emit(words)


def said_wrong(form: LogForm) -> str:
    """What the first line of the summary says."""
    return named(form, QPushButton, "logErrorsLink0").accessibleName()


def fill_in(form: LogForm) -> None:
    """Type an enquiry that lacks nothing."""
    named(form, QComboBox, "councillorField").setCurrentText("Cllr Priya Marsden")
    settle(form.desk.jobs)
    write(form, "residentField", "Noor Whitaker")
    write(form, "subjectField", "A bench is broken")
    write(form, "receivedField", "20 nov")
    named(form, QComboBox, "areaField").setCurrentText("Communities")
    named(form, QComboBox, "channelField").setCurrentText("Letter")
    named(form, QPlainTextEdit, "textField").setPlainText("The bench by the canal lacks a leg.")


def asked(running: Running, question: Callable[[App], object]) -> object:
    found: list[object] = []
    running.desk.ask(question, owner=running.window, done=found.append)
    wait_until(lambda: bool(found))
    return found[0]


def logged_by(running: Running, deed: Callable[[], object]) -> tuple[Enquiry, Resident]:
    """What a deed logged, with its resident."""
    form = running.window.findChildren(LogForm)[0]
    logged: list[str] = []
    form.logged.connect(logged.append)
    deed()
    wait_until(lambda: bool(logged))
    settle(running.desk.jobs)

    def read(app: App) -> tuple[Enquiry, Resident]:
        with app.store.reading() as tx:
            enquiry = tx.get(Enquiry, logged[0])
            return enquiry, tx.get(Resident, enquiry.resident_id)

    found = asked(running, read)
    assert isinstance(found, tuple)
    return found


# --- by keyboard alone ------------------------------------------------------------------------------------------------


def test_the_keyboard_begins_in_the_first_field_that_is_empty(form: LogForm) -> None:
    assert named(form, QComboBox, "councillorField").currentText().startswith("Cllr ")
    assert focus().objectName() == "residentField"


def test_a_typical_enquiry_of_a_known_resident_takes_fifteen_presses_at_most_beside_its_words(
    form: LogForm, running: Running
) -> None:
    hands = Hands(running.window)

    def type_it() -> None:
        hands.type("green")
        wait_until(lambda: QApplication.activePopupWidget() is not None)
        hands.press(Qt.Key.Key_Down)
        hands.press(Qt.Key.Key_Return)
        wait_until(lambda: focus().objectName() == "residentEmail")
        hands.type("ada.greenhalgh@example.org")
        hands.press(Qt.Key.Key_Return)
        hands.press(Qt.Key.Key_Return)
        hands.press(Qt.Key.Key_J, ALT)
        wait_until(named(form, QCheckBox, "residentConfirmed").isChecked)
        hands.press(Qt.Key.Key_B, ALT)
        hands.type("missed")
        hands.press(Qt.Key.Key_Down)
        hands.press(Qt.Key.Key_Return)
        wait_until(lambda: focus().objectName() == "answer1")
        hands.type("The brown one")
        hands.press(Qt.Key.Key_Return)
        hands.type("?")
        hands.press(Qt.Key.Key_Return)
        assert focus().objectName() == "textField"
        hands.type("It was left for the third time.")
        hands.press(Qt.Key.Key_Return, CTRL)

    enquiry, resident = logged_by(running, type_it)
    assert hands.presses <= 15
    assert (resident.name, resident.email) == ("Ada Greenhalgh", "ada.greenhalgh@example.org")
    assert resident.confirmed_on == local_date(running.desk.now())
    assert enquiry.about == "Missed bin"
    assert [(each.said, each.unknown) for each in enquiry.answers] == [("The brown one", False), ("", True)]
    assert asked(running, held_mails), "it can be taken back for ten seconds"
    assert words_of(running.window, "enquirySubject") == "Missed bin"


def test_a_new_resident_is_made_in_passing(form: LogForm, running: Running) -> None:
    fill_in(form)
    assert words_of(form, "residentStanding").startswith("New: a record is made")
    enquiry, resident = logged_by(running, lambda: press(form, "saveButton"))
    assert (resident.name, enquiry.status.value, enquiry.channel.value) == ("Noor Whitaker", "draft", "letter")
    assert "For Noor Whitaker, raised by Cllr Priya Marsden, with Communities" in words_of(
        running.window, "enquiryPeople"
    )


def test_tab_goes_from_top_to_bottom_and_everything_has_a_name_and_a_letter(form: LogForm, running: Running) -> None:
    subject = named(form, QLineEdit, "subjectField")
    subject.setText("Missed bin")
    named(form, QComboBox, "areaField").setCurrentText("Housing")
    write(form, "residentField", "Ada Greenhalgh")
    subject.setText("Damp or mould")
    named(form, QComboBox, "areaField").setCurrentText("Waste")
    settle(running.desk.jobs)
    assert named(form, QWidget, "likeHint").isVisible()
    assert named(form, QLineEdit, "reasonField").isVisible()
    window = running.window
    assert (nameless(window), same_names(window), same_letters(window), never_visited(window)) == ([], [], [], [])
    assert [name for name in without_letter(window) if not name.startswith("unknown")] == []
    named(form, QComboBox, "councillorField").setFocus()
    order = []
    while focus().objectName() != "stopButton":
        order.append(focus().objectName())
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert order[:9] == [
        "councillorField",
        "residentField",
        "residentEmail",
        "residentPhone",
        "residentAddress",
        "residentConfirmed",
        "subjectField",
        "areaField",
        "reasonField",
    ]
    assert order[9:11] == ["answer1", "unknown1"]
    assert order[-7:] == [
        "textField",
        "channelField",
        "kindField",
        "receivedField",
        "consentField",
        "saveSendButton",
        "saveButton",
    ]


# --- what it shows while one types ------------------------------------------------------------------------------------


def test_the_due_date_and_its_reason_are_shown_as_one_types(form: LogForm, running: Running) -> None:
    received = named(form, QLineEdit, "receivedField")
    received.setText("16/11/2026 10:00")
    settle(running.desk.jobs)
    assert words_of(form, "receivedEcho") == "Monday 16 November 2026 at 10:00."
    assert words_of(form, "dueAnswer") == "Answer due by Wednesday 18 November 2026"
    assert "2 working days" in words_of(form, "dueWhy")
    kind = named(form, QComboBox, "channelField")
    kind.setCurrentText("Letter")
    settle(running.desk.jobs)
    assert words_of(form, "dueAnswer") == "Answer due by Wednesday 25 November 2026"
    assert "not the day it was scanned" in words_of(form, "receivedEcho")


def test_a_date_that_cannot_be_read_is_said_at_once(form: LogForm, running: Running) -> None:
    received = named(form, QLineEdit, "receivedField")
    received.setText("the other day")
    settle(running.desk.jobs)
    assert "is not a date" in words_of(form, "receivedEcho")


def test_a_subject_picks_its_service_area_and_what_must_be_asked(form: LogForm, running: Running) -> None:
    subject, area = named(form, QLineEdit, "subjectField"), named(form, QComboBox, "areaField")
    questions = named(form, QuestionsPart, "questions")
    subject.setText("Homelessness, family of four")
    settle(running.desk.jobs)
    assert area.currentText() == "Housing"
    assert "straight to a duty officer, for it is specialist (tier 3)" in words_of(form, "subjectHint")
    assert [answer.question for answer in questions.answers()] == [
        "Where are they staying tonight?",
        "Are there children?",
    ]
    named(form, QLineEdit, "answer1").setText("With friends")
    subject.setText("Missed bin")
    settle(running.desk.jobs)
    assert area.currentText() == "Waste"
    assert "Could the resident do this online? https://chorley.example.org/" in words_of(form, "subjectHint")
    subject.setText("Homelessness")
    assert [answer.said for answer in questions.answers()] == ["With friends", ""]
    subject.setText("Something else")
    settle(running.desk.jobs)
    assert not questions.isVisible()


def test_another_service_area_is_asked_for_its_reason(form: LogForm, running: Running) -> None:
    fill_in(form)
    named(form, QLineEdit, "subjectField").setText("Missed bin")
    reason = named(form, QLineEdit, "reasonField")
    assert not reason.isVisible()
    named(form, QComboBox, "areaField").setCurrentText("Housing")
    settle(running.desk.jobs)
    assert reason.isVisible()
    press(form, "saveButton")
    assert words_of(form, "logErrorsHeading") == "One thing is to be put right"
    press(form, "logErrorsLink0")
    assert focus() is reason
    reason.setText("The bin store is ours")
    enquiry, _resident = logged_by(running, lambda: press(form, "saveButton"))
    assert enquiry.about == "Missed bin"


def test_an_enquiry_like_it_is_pointed_out_and_can_be_linked(form: LogForm, running: Running) -> None:
    fill_in(form)
    write(form, "residentField", "Ada Greenhalgh")
    named(form, QLineEdit, "subjectField").setText("Damp in the flat is back")
    settle(running.desk.jobs)
    assert "for the same resident: “Damp in a flat on Canal Row”" in words_of(form, "likeWords")
    press(form, "likeLink")
    assert words_of(form, "likeWords").startswith("This one will be linked with ENQ-")
    enquiry, _resident = logged_by(running, lambda: press(form, "saveButton"))
    assert len(enquiry.linked_to) == 1


@pytest.mark.soak
def test_an_enquiry_like_it_is_opened_and_what_was_typed_stays(form: LogForm, running: Running) -> None:
    resident = named(form, QLineEdit, "residentField")
    write(form, "residentField", "Ada Greenhalgh")
    named(form, QLineEdit, "subjectField").setText("Damp")
    settle(running.desk.jobs)
    press(form, "likeOpen")
    settle(running.desk.jobs)
    assert words_of(running.window, "enquirySubject") == "Damp in a flat on Canal Row"
    running.window.log()
    settle(running.desk.jobs)
    assert resident.text() == "Ada Greenhalgh"


@pytest.mark.soak
def test_words_about_health_ask_for_consent_in_so_many_words(form: LogForm, running: Running) -> None:
    fill_in(form)
    text = named(form, QPlainTextEdit, "textField")
    text.setPlainText("She uses a wheelchair and asks for a ramp.")
    settle(running.desk.jobs)
    assert words_of(form, "healthHint").startswith("“wheelchair”: ask whether")
    consent = named(form, QComboBox, "consentField")
    consent.setCurrentIndex(1)
    settle(running.desk.jobs)
    assert not named(form, QWidget, "healthHint").isVisible()
    enquiry, _resident = logged_by(running, lambda: press(form, "saveButton"))
    assert enquiry.special_category
    assert enquiry.consent is not None
    assert enquiry.consent.how == "said so by letter"


@pytest.mark.soak
def test_a_narrow_window_says_the_due_date_in_short(form: LogForm, running: Running) -> None:
    running.window.resize(911, 512)
    settle(running.desk.jobs)
    assert words_of(form, "dueInShort").startswith("Answer due by ")
    assert named(form, QWidget, "dueInShort").isVisible()


# --- what is to be put right ------------------------------------------------------------------------------------------


def test_what_is_missing_is_listed_on_top_and_each_line_goes_to_its_field(form: LogForm) -> None:
    press(form, "saveButton")
    assert words_of(form, "logErrorsHeading") == "4 things are to be put right"
    assert focus().objectName() == "logErrorsLink0"
    press(form, "logErrorsLink1")
    assert focus().objectName() == "subjectField"


def test_it_is_not_sent_with_gaps_but_may_be_saved_with_them(form: LogForm, running: Running) -> None:
    fill_in(form)
    named(form, QLineEdit, "subjectField").setText("Missed bin")
    press(form, "saveSendButton")
    assert words_of(form, "logErrorsHeading") == "2 things are to be put right"
    press(form, "logErrorsLink1")
    assert focus().objectName() == "answer2"
    named(form, QCheckBox, "unknown2").setChecked(True)
    enquiry, _resident = logged_by(running, lambda: press(form, "saveButton"))
    assert [answer.is_missing for answer in enquiry.answers] == [True, False]
    assert enquiry.status.value == "draft"


@pytest.mark.soak
def test_two_residents_of_one_name_must_be_told_apart(form: LogForm, running: Running) -> None:
    for _time in range(2):
        fill_in(form)
        named(form, QLineEdit, "residentEmail").setText("")
        asked(running, _another)
        running.desk.news.changed.emit(ChangeSet(everything=True))
        settle(running.desk.jobs)
    fill_in(form)
    settle(running.desk.jobs)
    press(form, "saveButton")
    assert "Several residents have that name" in said_wrong(form)


def _another(app: App) -> None:
    with app.store.writing(author=None) as tx:
        (whose,) = [each for each in tx.every(Councillor) if each.name == "Cllr Priya Marsden"]
        tx.save(Resident(id=ResidentId(app.new_id()), councillor_id=whose.id, name="Noor Whitaker"))


def test_an_address_that_is_none_is_said_at_its_field_and_nothing_typed_is_lost(
    form: LogForm, running: Running
) -> None:
    fill_in(form)
    named(form, QLineEdit, "residentEmail").setText("noor at home")
    press(form, "saveButton")
    settle(running.desk.jobs)
    assert "is not an email address" in said_wrong(form)
    press(form, "logErrorsLink0")
    assert focus().objectName() == "residentEmail"
    assert named(form, QLineEdit, "residentField").text() == "Noor Whitaker"


def test_a_store_that_cannot_write_says_so_and_keeps_what_was_typed(
    form: LogForm, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise Unavailable("The disk is full.", advice="Make room on it, then save again.")

    monkeypatch.setattr(form_module, "log_new", full)
    fill_in(form)
    press(form, "saveButton")
    settle(running.desk.jobs)
    assert "The disk is full. Make room" in said_wrong(form)
    assert named(form, QLineEdit, "subjectField").text() == "A bench is broken"


@contextmanager
def _busy(running: Running, seconds: float) -> Iterator[None]:
    held = threading.Event()
    running.desk.ask(lambda _app: held.wait(seconds), owner=running.window)
    yield
    held.set()


def test_while_the_store_is_slow_one_types_on_and_one_press_logs_one_enquiry(form: LogForm, running: Running) -> None:
    fill_in(form)
    settle(running.desk.jobs)
    logged: list[str] = []
    form.logged.connect(logged.append)
    save = named(form, QPushButton, "saveButton")
    with _busy(running, 10):
        save.click()
        save.click()
        QApplication.processEvents()
        assert logged == []
        assert form.isVisible()
    wait_until(lambda: bool(logged))
    settle(running.desk.jobs)
    assert len(logged) == 1


# --- never lost -------------------------------------------------------------------------------------------------------


def test_what_was_typed_is_still_there_after_a_look_elsewhere(form: LogForm, running: Running) -> None:
    text = named(form, QPlainTextEdit, "textField")
    text.setPlainText("half a senten")
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert not form.isVisible()
    running.window.log()
    assert text.toPlainText() == "half a senten"


def test_a_draft_gives_every_field_back_in_a_fresh_window(form: LogForm, running: Running) -> None:
    fill_in(form)
    write(form, "residentField", "Ada Greenhalgh")
    named(form, QLineEdit, "residentEmail").setText("ada@example.org")
    named(form, QLineEdit, "subjectField").setText("Missed bin again")
    named(form, QComboBox, "areaField").setCurrentText("Housing")
    named(form, QLineEdit, "reasonField").setText("Ours")
    named(form, QLineEdit, "answer1").setText("Brown")
    named(form, QCheckBox, "unknown2").setChecked(True)
    named(form, QComboBox, "consentField").setCurrentIndex(2)
    before = form._fields.plain()
    assert before is not None
    form._keeper.save()
    settle(running.desk.jobs)
    again = LogForm(running.desk)
    again.resize(900, 700)
    again.show()
    settle(running.desk.jobs)
    assert again._fields.plain() == before
    assert words_of(again, "logFormDraft").startswith("As you left it, today ")
    again.close()


def test_no_draft_is_left_of_what_was_logged_or_thrown_away(form: LogForm, running: Running) -> None:
    fill_in(form)
    form._keeper.save()
    logged_by(running, lambda: press(form, "saveButton"))
    assert asked(running, lambda app: find_draft(app, form_module.DRAFT)) is None
    running.window.log()
    fill_in(form)
    form._keeper.save()
    settle(running.desk.jobs)
    assert asked(running, lambda app: find_draft(app, form_module.DRAFT)) is not None
    press(form, "stopButton")
    settle(running.desk.jobs)
    assert asked(running, lambda app: find_draft(app, form_module.DRAFT)) is None
    assert named(form, QLineEdit, "residentField").text() == ""


def test_gaps_of_what_was_saved_are_answered_where_it_is_read_and_it_can_be_sent(
    form: LogForm, running: Running
) -> None:
    fill_in(form)
    named(form, QLineEdit, "subjectField").setText("Missed bin")
    named(form, QLineEdit, "answer1").setText("Brown")
    enquiry, _resident = logged_by(running, lambda: press(form, "saveButton"))
    window = running.window
    assert words_of(window, "gapsWords").endswith("was asked: Which day was it due?")
    assert shortcomings(window) == {}
    press(window, "gapsAnswer")
    dialog = named(window, AnswersDialog, "answersDialog")
    wait_until(dialog.isVisible)
    assert named(dialog, QLineEdit, "answer1").text() == "Brown"
    named(dialog, QCheckBox, "unknown2").setChecked(True)
    named(dialog, QPushButton, "answersSave").click()
    wait_until(lambda: not named(window, QWidget, "gapsBar").isVisible())
    settle(running.desk.jobs)
    sent = asked(running, lambda app: send_enquiry(app, enquiry.id))
    assert isinstance(sent, Enquiry)
    assert sent.status.value == "waiting_to_send"
