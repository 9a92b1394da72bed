"""One enquiry: three answers at a glance, mail with its quoted part folded, notes of another kind, and the steps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import process_time

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from member_tracker.domain.timeline import Entry, EntryId, EntryKind
from member_tracker.profile import Profile
from tests.ui.test_window import go, open_row, rows
from tests.ui.walking import named, press, words_of
from tests.ui.windows import LAPTOP, at_rest
from ui import look
from ui.app import Running
from ui.deeds import Deed
from ui.enquiries.asked import beginning
from ui.enquiries.detail import Detail
from ui.enquiries.reading import Opened
from ui.enquiries.steps import STEPS
from ui.enquiries.timeline import EARLIER, RECENT, Timeline
from ui.picture import wait_until
from ui.places import Place

SMALL = (911, 512)
MAIL = """\
From: {sender}
To: member.enquiries@example.org
Subject: RE: {subject}
Message-ID: <with-files@example.org>
In-Reply-To: {answers}
Date: Fri, 20 Nov 2026 15:10:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

We are looking into this.

From: Member Enquiries
Sent: 20 November 2026 10:00
To: Officer
Subject: Something

The words that are quoted.
--b
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"

%PDF-1.7 a plan
--b
Content-Type: application/octet-stream; name="update.exe"
Content-Disposition: attachment; filename="update.exe"

MZ a program
--b--
"""


def detail_of(running: Running) -> Detail:
    return named(running.window, Detail, "enquiryDetail")


def opened(running: Running) -> Opened:
    """What the detail shows."""
    shown = named(running.window, Timeline, "timeline")._opened
    assert shown is not None
    return shown


def visible_dialog(running: Running, name: str) -> QDialog:
    wait_until(lambda: any(each.isVisible() for each in running.window.findChildren(QDialog, name)))
    return next(each for each in running.window.findChildren(QDialog, name) if each.isVisible())


@pytest.fixture
def with_files(running: Running, practice: Profile) -> Running:
    """An enquiry to which a reply with two files has come."""
    go(running, Place.OPEN)
    open_row(running, "Noise from a yard")
    sent = opened(running).view.sent[0]
    raw = MAIL.format(sender=sent.to[0], subject=sent.subject, answers=sent.message_id)
    inbox = practice.settings().inbox
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "with-files.eml").write_text(raw, encoding="utf-8")
    running.window.menus.mail.trigger()
    wait_until(lambda: bool(running.window.findChildren(QPushButton, "openAttachment")))
    at_rest(running)
    return running


class Opening(QObject):
    """Takes the place of the programs that open files."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.paths.append(Path(url.toLocalFile()))


@pytest.fixture
def opening() -> Iterator[Opening]:
    made = Opening()
    QDesktopServices.setUrlHandler("file", made, "take")  # type: ignore[arg-type]  # it takes a name, whatever it says
    yield made
    QDesktopServices.unsetUrlHandler("file")


def test_three_answers_are_seen_without_scrolling(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "a reply waits for your decision")
    for size in (LAPTOP, SMALL):
        three_answers_are_seen(running, size)


def three_answers_are_seen(running: Running, size: tuple[int, int]) -> None:
    at_rest(running, size)
    assert running.window.width() == size[0]
    port = named(running.window, QScrollArea, "detailScroll").viewport()
    for name in ("enquiryTurn", "standingState", "standingWhy", "askedText", "ledgerButton"):
        shown = named(running.window, QWidget, name)
        bottom = shown.mapTo(port, shown.rect().bottomLeft()).y()
        assert 0 < bottom < port.height(), f"{name} is not seen at {size}"


def test_a_long_question_and_each_day_of_the_count_are_shown_with_one_key(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "Noise from a yard")
    long = " ".join(["The noise goes on."] * 60)
    shown = opened(running)
    detail_of(running).show_opened(
        replace(shown, view=replace(shown.view, enquiry=replace(shown.view.enquiry, text=long)))
    )
    assert words_of(running.window, "askedText").endswith(" …")
    running.window.activateWindow()
    wait_until(running.window.isActiveWindow)
    QTest.keyClick(running.window, Qt.Key.Key_Q, Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: words_of(running.window, "askedText") == long)
    each_day_of_the_count_is_shown_with_one_key(running)


def test_the_beginning_of_a_text_ends_between_words_and_says_that_it_goes_on() -> None:
    assert beginning("Short.") == "Short."
    assert beginning("a\nb\nc\nd") == "a\nb\nc …"
    long = beginning("word " * 100)
    assert long.endswith("word …")
    assert len(long) < 270


def each_day_of_the_count_is_shown_with_one_key(running: Running) -> None:
    QTest.keyClick(running.window, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    wait_until(named(running.window, QWidget, "ledger").isVisible)
    assert rows(running.window, "ledger")


def test_a_mail_is_read_by_keyboard_what_it_quotes_its_original_and_what_is_around_it(with_files: Running) -> None:
    what_it_quotes_is_folded_and_shown_with_one_key(with_files)
    the_arrow_keys_go_through_what_happened(with_files)
    the_original_is_read_as_plain_text_with_its_head(with_files)


def what_it_quotes_is_folded_and_shown_with_one_key(with_files: Running) -> None:
    box = named(with_files.window, QWidget, "mailEntry")
    text = box.findChild(QLabel, "entryText")
    assert text is not None
    assert "quoted" not in text.text()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert "The words that are quoted." in text.text()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert "quoted" not in text.text()


def the_original_is_read_as_plain_text_with_its_head(with_files: Running) -> None:
    press(with_files.window, "readMail")
    reader = visible_dialog(with_files, "reader")
    text = reader.findChild(QPlainTextEdit, "readerText")
    assert text is not None
    assert text.isReadOnly()
    assert "Message-ID: <with-files@example.org>" in text.toPlainText()
    assert "The words that are quoted." in text.toPlainText()
    QTest.keyClick(reader, Qt.Key.Key_Escape)


def test_a_letter_is_opened_from_the_private_folder(with_files: Running, opening: Opening, practice: Profile) -> None:
    names = [each.text() for each in with_files.window.findChildren(QLabel, "attachmentName")]
    assert names == ["plan.pdf (15 bytes)", "update.exe (12 bytes)"]
    opens = with_files.window.findChildren(QPushButton, "openAttachment")
    opens[0].click()
    wait_until(lambda: bool(opening.paths))
    assert opening.paths[0].parent == practice.folder / "opened"
    assert opening.paths[0].read_bytes().startswith(b"%PDF")
    with_files.stop()
    assert not (practice.folder / "opened").exists()


def test_a_program_is_not_opened_and_saved_only_after_a_plain_sentence(
    with_files: Running, opening: Opening, tmp_path: Path
) -> None:
    with_files.window.findChildren(QPushButton, "openAttachment")[1].click()
    box = visible_dialog(with_files, "riskyDialog")
    assert isinstance(box, QMessageBox)
    assert "could harm this computer" in box.text()
    assert ".exe" in box.informativeText()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    with_files.window.findChildren(QPushButton, "saveAttachment")[1].click()
    box = visible_dialog(with_files, "riskyDialog")
    named(box, QPushButton, "riskySave").click()
    dialog = visible_dialog(with_files, "saveDialog")
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "update.exe"))
    dialog.reject()
    wait_until((tmp_path / "update.exe").exists)
    at_rest(with_files)
    assert opening.paths == []


@pytest.mark.soak
def test_a_letter_is_saved_without_being_asked_about(with_files: Running, tmp_path: Path) -> None:
    with_files.window.findChildren(QPushButton, "saveAttachment")[0].click()
    dialog = visible_dialog(with_files, "saveDialog")
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "nowhere" / "plan.pdf"))
    wait_until(lambda: named(with_files.window, QWidget, "banner").isVisible())
    assert "could not be written" in words_of(with_files.window, "bannerTitle")
    dialog.fileSelected.emit(str(tmp_path / "plan.pdf"))
    wait_until((tmp_path / "plan.pdf").exists)
    dialog.reject()


@pytest.mark.soak
def test_an_attachment_whose_bytes_have_not_come_says_so(with_files: Running) -> None:
    app = with_files.desk._opened_app()
    emptied = with_files.desk.ask(
        lambda _app: app.store._store._writer.execute("DELETE FROM blob_chunk"),  # type: ignore[attr-defined]  # watched
        owner=with_files,
    )
    wait_until(lambda: emptied.number not in with_files.desk.jobs._waiting)
    with_files.window.findChildren(QPushButton, "openAttachment")[0].click()
    wait_until(lambda: named(with_files.window, QWidget, "banner").isVisible())
    assert words_of(with_files.window, "bannerAdvice")


def the_arrow_keys_go_through_what_happened(with_files: Running) -> None:
    timeline = named(with_files.window, Timeline, "timeline")
    first = timeline.entries[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert with_files.window.focusWidget() is timeline.entries[1]
    QTest.keyClick(timeline.entries[1], Qt.Key.Key_Up)
    assert with_files.window.focusWidget() is first
    assert first.accessibleName().startswith("Mail received")


def the_keyboard_stays_in_what_happened_when_something_new_happens(running: Running) -> None:
    shown, timeline = opened(running), named(running.window, Timeline, "timeline")
    timeline.step(0)
    detail_of(running).show_opened(long_timeline(shown, 5))
    assert running.window.focusWidget() is timeline.entries[0]


@pytest.mark.soak
def test_a_note_looks_like_nothing_that_is_sent(running: Running) -> None:
    go(running, Place.ALL)
    shown = opened(running)
    note = Entry(
        id=EntryId("note"),
        enquiry_id=shown.view.enquiry.id,
        kind=EntryKind.NOTE,
        at=shown.now,
        written_at=shown.now,
        author=None,
        text="Rings back at six.",
    )
    detail_of(running).show_opened(replace(shown, view=replace(shown.view, entries=(*shown.view.entries, note))))
    box = named(running.window, QWidget, "noteEntry")
    assert words_of(box, "entryHead").startswith("Internal note, never sent")
    assert box.property("kind") == "note"


def long_timeline(shown: Opened, count: int) -> Opened:
    enquiry = shown.view.enquiry
    entries = tuple(
        Entry(
            id=EntryId(f"{number:05}"),
            enquiry_id=enquiry.id,
            kind=EntryKind.PROMISED if number % 2 else EntryKind.NOTE,
            at=shown.now - timedelta(minutes=count - number),
            written_at=shown.now,
            author=None,
            text=f"Entry {number}",
        )
        for number in range(count)
    )
    return replace(shown, view=replace(shown.view, entries=entries))


def test_two_thousand_entries_are_shown_a_page_at_a_time(running: Running) -> None:
    go(running, Place.OPEN)
    shown = opened(running)
    few, many = long_timeline(shown, RECENT), long_timeline(shown, 2_000)
    timeline = named(running.window, Timeline, "timeline")

    def took(what: Opened) -> float:
        began = process_time()
        timeline.show_opened(what)
        return process_time() - began

    took(few)
    least = min(took(each) for each in (many, few, many, few) if each is few)
    most = min(took(each) for each in (few, many, few, many) if each is many)
    assert most < 4 * least + 0.05
    assert len(timeline.entries) == RECENT
    press(running.window, "earlierButton")
    assert len(timeline.entries) == RECENT + EARLIER
    timeline._go_to(timeline.entries[-1])
    timeline.step(1)
    assert len(timeline.entries) == RECENT + 2 * EARLIER
    the_keyboard_stays_in_what_happened_when_something_new_happens(running)


def begin(running: Running, step: str) -> QDialog:
    """Choose a step from the menu of other actions."""
    press(running.window, "moreButton")
    menu = named(running.window, QMenu, "stepsMenu")
    assert menu.activeAction() is not None
    menu.close()
    next(action for action in menu.actions() if action.objectName() == f"step{step[0].upper()}{step[1:]}").trigger()
    return visible_dialog(running, f"{step}Form")


def agree(dialog: QDialog) -> None:
    named(dialog, QPushButton, f"{dialog.objectName()}Agree").click()


def test_a_promise_is_noted_in_a_small_form_and_undone(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "Noise from a yard")
    before = words_of(running.window, "enquiryTurn")
    dialog = begin(running, "promise")
    wait_until(lambda: named(dialog, QLineEdit, "promiseForm_on").hasFocus())
    agree(dialog)
    assert "2 things" in words_of(dialog, "promiseFormErrorsHeading")
    named(dialog, QLineEdit, "promiseForm_on").setText("31 feb")
    named(dialog, QLineEdit, "promiseForm_by").setText("Pat Underhill")
    agree(dialog)
    assert dialog.isVisible()
    named(dialog, QLineEdit, "promiseForm_on").setText("+5wd")
    assert words_of(dialog, "promiseForm_on_echo")
    agree(dialog)
    at_rest(running)
    heads = [each.text() for each in running.window.findChildren(QLabel, "entryHead")]
    assert heads[0].startswith("Promise · ")
    detail_of(running).undo()
    at_rest(running)
    assert words_of(running.window, "enquiryTurn") == before


@pytest.mark.soak
def test_what_a_step_refuses_is_said_in_its_form_and_nothing_typed_is_lost(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "Noise from a yard")
    dialog = begin(running, "merge")
    named(dialog, QLineEdit, "mergeForm_into").setText("ENQ-0000-1-00")
    agree(dialog)
    wait_until(lambda: named(dialog, QWidget, "mergeFormErrors").isVisible())
    assert named(dialog, QLineEdit, "mergeForm_into").text() == "ENQ-0000-1-00"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    at_rest(running)


@pytest.mark.soak
def test_an_enquiry_is_handed_over_to_a_service_area_that_is_chosen(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "Noise from a yard")
    dialog = begin(running, "reroute")
    areas = named(dialog, QComboBox, "rerouteForm_to_area")
    areas.setCurrentText("Planning")
    named(dialog, QLineEdit, "rerouteForm_reason").setText("A planning condition")
    agree(dialog)
    at_rest(running)
    assert "with Planning" in words_of(running.window, "enquiryPeople")


def test_every_step_has_a_letter_and_fields_with_labels_of_their_own() -> None:
    letters = [step.text[step.text.index("&") + 1].casefold() for step in STEPS]
    assert len(set(letters)) == len(letters)
    for step in STEPS:
        own = [ask.label[ask.label.index("&") + 1].casefold() for ask in step.asks]
        assert len(set(own)) == len(own), step.name


def test_while_the_resident_is_waited_for_nobody_is_chased_and_what_was_asked_is_passed_on(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "Housing benefit not paid")
    assert named(running.window, QPushButton, "chaseButton").isVisible()
    named(running.window, QComboBox, "suggestionMeaning").setCurrentText("Question for the resident")
    press(running.window, "acceptButton")
    at_rest(running)
    assert words_of(running.window, "enquiryStatus") == "Waiting for resident"
    assert not named(running.window, QPushButton, "chaseButton").isVisible()
    assert Deed.CHASE not in detail_of(running).deeds()
    running.window.menus.deeds[Deed.CHASE].trigger()
    assert running.window.status.words.startswith("It waits for the resident, so there is nobody to chase.")
    running.window.menus.deeds[Deed.TELL].trigger()
    at_rest(running)
    body = named(running.window, QPlainTextEdit, "composeBody").toPlainText()
    assert "Could you please confirm the date the resident moved in" in body


def test_what_a_holding_reply_leaves_out_is_said_before_and_after_it_is_accepted(running: Running) -> None:
    go(running, Place.OPEN)
    open_row(running, "a reply waits for your decision")
    gaps = named(running.window, QLabel, "suggestionGaps")
    meaning = named(running.window, QComboBox, "suggestionMeaning")
    meaning.setCurrentText("Acknowledgement")
    assert not gaps.isVisible()
    meaning.setCurrentText("Holding reply")
    promised = named(running.window, QLineEdit, "suggestionPromised")
    promised.clear()
    assert gaps.isVisible()
    assert gaps.text().startswith("As a holding reply it does not say: ")
    assert "the day a full reply is promised" in gaps.text()
    promised.setText("4 dec 2026")
    assert "a telephone number if it is urgent" in gaps.text()
    assert "the day a full reply is promised" not in gaps.text()
    press(running.window, "acceptButton")
    at_rest(running)
    box = next(
        each
        for each in named(running.window, Timeline, "timeline").entries
        if "Holding reply with gaps" in each.accessibleName()
    )
    words = words_of(box, "entryText")
    assert "It does not say: " in words
    assert "You could write: “Thank you for your holding reply. Please also tell us " in words


def test_the_frame_of_the_focus_does_not_touch_what_it_goes_round(running: Running) -> None:
    go(running, Place.OPEN)
    area = named(running.window, QScrollArea, "detailScroll")
    frame, first = area.rect(), named(running.window, QLabel, "enquirySubject")
    corner = first.mapTo(area, first.rect().topLeft())
    assert min(corner.x() - frame.left(), corner.y() - frame.top()) >= look.TIGHT
