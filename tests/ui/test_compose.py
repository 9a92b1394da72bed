"""Writing in the window: what is shown is what leaves, recipients are confirmed, and ten seconds to take it back."""

import re
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, Offline
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.people import DutyOfficer, Resident, ServiceArea
from member_tracker.domain.vocabulary import Channel, OutgoingState, Status
from member_tracker.domain.writing import Wanted, Writing
from member_tracker.profile import Profile
from member_tracker.services.drafts import drafts
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.printed_letters import PrintedLetter
from tests.fakes.clock import StoppedClock
from tests.ui.checks import shortcomings
from tests.ui.exchange import ADDRESS, Exchange, in_front, own_app, send_into_a_folder, settled
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui.app import Running
from ui.compose.letter_pdf import pdf_of, sides_of
from ui.compose.page import ComposePage
from ui.picture import wait_until

T = TypeVar("T")
OFFICER = DutyOfficer(name="Ines Farrow", email="ines.farrow@example.org")


def told(running: Running, question: Callable[[App], T]) -> T:
    """What the store says."""
    answer: list[T] = []
    running.desk.ask(question, owner=running.desk, done=answer.append)
    settled(running)
    return answer[0]


def logged(running: Running, **resident: object) -> Enquiry:
    """An enquiry that is not sent yet, to a service area with a duty officer."""

    def log(app: App) -> Enquiry:
        intake = Intake(
            councillor="Cllr Priya Marsden", resident="Una Bright", service_area="Housing", channel=Channel.EMAIL,
            subject="Damp again", text="The wall is wet.",
        )  # fmt: skip
        enquiry = log_by_name(app, intake)
        with app.store.writing(author=None) as tx:
            area = tx.get(ServiceArea, enquiry.service_area_id)
            tx.save(replace(area, duty_officers=(OFFICER,)))
            tx.save(replace(tx.get(Resident, enquiry.resident_id), **resident))  # type: ignore[arg-type] # any field
        return enquiry

    return told(running, log)


def begin(running: Running, enquiry: Enquiry, writing: Writing = Writing.ENQUIRY) -> ComposePage:
    """The page with that begun."""
    in_front(running)
    running.desk.page_wanted.emit("compose", Wanted(enquiry_id=enquiry.id, writing=writing))
    settled(running)
    page = named(running.window, ComposePage, "composePage")
    wait_until(page.isVisible)
    return page


def shown(page: QWidget) -> str:
    return named(page, QPlainTextEdit, "composePreviewText").toPlainText()


def write(page: QWidget, running: Running, words: str) -> None:
    named(page, QPlainTextEdit, "composeBody").setPlainText(words)
    QTest.qWait(200)
    settled(running)


def send(page: QWidget, running: Running) -> None:
    press(page, "composeSend")
    settled(running)
    press(running.window, "composeConfirmAgree")
    settled(running)


def queued(running: Running, enquiry: Enquiry) -> list[QueuedMail]:
    def read(app: App) -> list[QueuedMail]:
        with app.store.reading() as tx:
            return list(tx.every(QueuedMail, enquiry_id=enquiry.id))

    return told(running, read)


def status_of(running: Running, enquiry: Enquiry) -> Status:
    def read(app: App) -> Status:
        with app.store.reading() as tx:
            return tx.get(Enquiry, enquiry.id).status

    return told(running, read)


def test_what_is_shown_is_what_leaves_to_those_who_were_confirmed(running: Running) -> None:
    enquiry = logged(running)
    page = begin(running, enquiry)
    assert words_of(page, "composeHeading") == f"Send {enquiry.reference} to its service area"
    assert "The charter promises an answer by" in words_of(page, "composePromise")
    named(page, QCheckBox, "composeTo2").setChecked(True)
    write(page, running, "Dear Housing,\n\nPlease look at this wall.")
    preview = shown(page)
    assert "ines.farrow@example.org" in preview
    assert f"Subject: Damp again [{enquiry.reference}]" in preview
    press(page, "composeSend")
    settled(running)
    confirming = words_of(running.window, "composeConfirmExplanation")
    assert "ines.farrow@example.org" in confirming
    assert queued(running, enquiry) == []
    press(running.window, "composeConfirmAgree")
    settled(running)
    (mail,) = queued(running, enquiry)
    assert preview.endswith(mail.body)
    assert not page.isVisible()


def test_the_mail_waits_ten_seconds_and_undo_brings_the_draft_back(running: Running) -> None:
    enquiry = logged(running)
    page = begin(running, enquiry)
    write(page, running, "Please look at this wall.")
    send(page, running)
    assert status_of(running, enquiry) is Status.WAITING_TO_SEND
    bar = named(running.window, QWidget, "heldBar")
    assert bar.isVisible()
    assert re.fullmatch(rf"The mail about {enquiry.reference} goes in \d+ seconds?\.", words_of(bar, "heldWords"))
    press(bar, "heldUndo")
    settled(running)
    assert not bar.isVisible()
    assert [mail.state for mail in queued(running, enquiry)] == [OutgoingState.WRITTEN]
    assert status_of(running, enquiry) is Status.DRAFT
    assert page.isVisible()
    assert named(page, QPlainTextEdit, "composeBody").toPlainText() == "Please look at this wall."


def test_after_ten_seconds_the_bar_goes_and_asks_for_mail_to_be_sent(
    running: Running, exchange: Exchange, clock: StoppedClock
) -> None:
    del exchange
    send_into_a_folder(own_app(running).profile)
    enquiry = logged(running)
    page = begin(running, enquiry)
    send(page, running)
    bar = named(running.window, QWidget, "heldBar")
    wanted: list[bool] = []
    running.desk.mail_wanted.connect(lambda: wanted.append(True))
    wait_until(bar.isVisible)
    clock.forward(seconds=11)
    wait_until(lambda: not bar.isVisible())
    assert wanted == [True]


def test_whoever_does_not_confirm_sends_nothing(running: Running) -> None:
    enquiry = logged(running)
    page = begin(running, enquiry)
    press(page, "composeSend")
    settled(running)
    press(running.window, "composeConfirmCancel")
    settled(running)
    assert queued(running, enquiry) == []
    assert page.isVisible()


def test_what_cannot_leave_is_said_beside_it_and_not_sent(running: Running) -> None:
    enquiry = logged(running)
    page = begin(running, enquiry)
    named(page, QLineEdit, "composeTopic").setText("Damp at Una Bright's")
    QTest.qWait(200)
    settled(running)
    assert "This cannot leave yet." in words_of(page, "composePreviewWrong")
    assert shown(page) == ""
    press(page, "composeSend")
    settled(running)
    assert queued(running, enquiry) == []
    named(page, QCheckBox, "composeTo1").setChecked(False)
    named(page, QLineEdit, "composeTopic").setText("Damp")
    QTest.qWait(200)
    settled(running)
    assert "nobody to go to" in words_of(page, "composePreviewWrong")


def test_an_enquiry_that_was_sent_already_cannot_be_sent_again(running: Running) -> None:
    enquiry = logged(running)
    page = begin(running, enquiry)
    send(page, running)
    begin(running, enquiry)
    assert words_of(page, "composeHeading") == "This cannot be written now"
    assert "already" in words_of(page, "composeHow")
    assert not named(page, QWidget, "composeSend").isVisible()


def test_with_nothing_to_write_about_the_page_says_what_to_do(running: Running) -> None:
    in_front(running)
    running.window.show_page("compose")
    settled(running)
    page = named(running.window, ComposePage, "composePage")
    assert words_of(page, "composeHow").startswith("Open an enquiry")
    assert page.deeds() == {}


def test_f6_goes_to_the_text_and_to_what_leaves(running: Running) -> None:
    page = begin(running, logged(running))
    text, seen = named(page, QPlainTextEdit, "composeBody"), named(page, QPlainTextEdit, "composePreviewText")
    assert text.hasFocus()
    for pane in (seen, text):
        for _press in range(3):
            QTest.keyClick(running.window, Qt.Key.Key_F6)
            if pane.hasFocus():
                break
        assert pane.hasFocus()


def test_the_sign_off_is_shown_and_cannot_be_changed_here(running: Running) -> None:
    page = begin(running, logged(running))
    write(page, running, "Hello.")
    signed = words_of(page, "composeSignOff")
    assert signed.startswith("Yours sincerely,")
    assert signed in shown(page)
    assert named(page, QWidget, "composeLocked").findChildren(QPlainTextEdit) == []


def test_a_template_takes_the_place_of_the_text_and_ctrl_z_brings_it_back(running: Running) -> None:
    enquiry = logged(running, email="una.bright@example.org", preferred_channel=None)
    page = begin(running, enquiry, Writing.UPDATE)
    body = named(page, QPlainTextEdit, "composeBody")
    write(page, running, "Typed by hand.")
    template = named(page, QComboBox, "composeTemplate")
    template.setCurrentIndex(template.findData("holding"))
    template.activated.emit(template.currentIndex())
    settled(running)
    assert "This takes longer than we hoped" in body.toPlainText()
    body.undo()
    assert body.toPlainText() == "Typed by hand."


def test_a_draft_is_there_after_going_away_and_coming_back(running: Running) -> None:
    enquiry = logged(running)
    page = begin(running, enquiry)
    write(page, running, "Half a sentence")
    QTest.keyClick(page, Qt.Key.Key_Escape)
    settled(running)
    assert [draft.plain["body"] for draft in told(running, drafts)] == ["Half a sentence"]
    begin(running, enquiry)
    assert named(page, QPlainTextEdit, "composeBody").toPlainText() == "Half a sentence"
    press(page, "composeAgain")
    settled(running)
    assert "Half a sentence" not in named(page, QPlainTextEdit, "composeBody").toPlainText()


def test_a_resident_without_email_is_told_by_us_or_by_letter(running: Running, tmp_path: Path) -> None:
    enquiry = logged(running, email=None, address="2 Mill Lane, Chorley", preferred_channel=None)
    page = begin(running, enquiry, Writing.UPDATE)
    assert "two sides" in words_of(page, "composeHow")
    press(page, "composeSend")
    settled(running)
    dialog = named(running.window, QFileDialog, "composeSaveLetter")
    assert [Path(file).name for file in dialog.selectedFiles()] == [f"{enquiry.reference}.pdf"]
    file = tmp_path / "letter.pdf"
    dialog.fileSelected.emit(str(file))
    dialog.close()
    settled(running)
    assert file.read_bytes().startswith(b"%PDF")
    assert queued(running, enquiry) == []
    assert not page.isVisible()


def test_a_resident_who_cannot_be_written_to_is_told_by_us(running: Running) -> None:
    enquiry = logged(running, email=None, address=None)
    page = begin(running, enquiry, Writing.UPDATE)
    assert not named(page, QWidget, "composeTo").isVisible()
    press(page, "composeSend")
    settled(running)
    assert queued(running, enquiry) == []
    assert not page.isVisible()


def test_a_page_left_while_it_is_read_shows_nothing_later(running: Running) -> None:
    enquiry = logged(running)
    held = threading.Event()
    running.desk.ask(lambda _app: held.wait(5), owner=running.desk)
    running.desk.page_wanted.emit("compose", Wanted(enquiry_id=enquiry.id, writing=Writing.ENQUIRY))
    page = named(running.window, ComposePage, "composePage")
    assert words_of(page, "composeHeading") == "Nothing is being written"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    held.set()
    settled(running)
    assert not page.isVisible()


def test_offline_and_while_the_server_is_slow_a_mail_is_written_and_waits(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    exchange.unreached = Offline("The mail server is not reached.", advice="It is tried again by itself.")
    exchange.gate = threading.Event()
    url = "https://x.example.org"
    practice.keep_mailboxes([MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER, url=url)])
    enquiry = logged(running)
    running.desk.page_wanted.emit("compose", Wanted(enquiry_id=enquiry.id, writing=Writing.ENQUIRY))
    wait_until(exchange.asked.is_set)
    page = named(running.window, ComposePage, "composePage")
    wait_until(lambda: "Damp again" in shown(page))
    exchange.gate.set()
    settled(running)
    send(page, running)
    (mail,) = queued(running, enquiry)
    assert mail.state is OutgoingState.QUEUED


@pytest.mark.parametrize("size", [(1366, 768), (911, 512)])
@pytest.mark.parametrize("writing", [Writing.ENQUIRY, Writing.UPDATE])
def test_every_field_has_a_name_a_letter_and_a_place_in_the_round(
    running: Running, size: tuple[int, int], writing: Writing
) -> None:
    enquiry = logged(running, email="una.bright@example.org", address="2 Mill Lane", preferred_channel=None)
    begin(running, enquiry, writing)
    at_rest(running, size)
    assert shortcomings(running.window) == {}


def letter(body: str) -> PrintedLetter:
    return PrintedLetter(
        reference="ENQ-7K3M-142-XR", sender=("Chorley", "01632 960100"), recipient=("Una Bright", "2 Mill Lane"),
        day="Monday 23 November 2026", body=body,
    )  # fmt: skip


def test_a_letter_is_printed_in_black_alone() -> None:
    pdf = pdf_of(letter("Dear Una Bright,\n\nIt is mended.\n\nYours"))
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    (content,) = [drawn for stream in streams if (drawn := _unpacked(stream)).startswith(b"/GSa")]
    inks = {float(ink) for ink in re.findall(rb"([\d.]+) (?:scn|SCN)\b", content)}
    assert inks == {0.0}
    assert re.findall(rb"\b(?:rg|RG|k|K)\b", content) == []
    assert b"Una" not in pdf


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_a_letter_of_more_than_two_sides_is_refused_with_advice() -> None:
    two = letter("\n\n".join(["A paragraph of some words that fills a line or so of the paper it is on."] * 30))
    assert sides_of(two) == 2
    assert pdf_of(two)
    with pytest.raises(NotAllowed, match="takes 3 sides; at most 2") as refused:
        pdf_of(letter("\n\n".join(["A paragraph of some words that fills a line of the paper it is on."] * 55)))
    assert "shorter" in refused.value.advice
