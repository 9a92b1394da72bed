"""Where no mailbox is set up the window says that no mail can leave, and never that it was sent."""

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.domain.vocabulary import Status
from member_tracker.domain.writing import Writing
from member_tracker.services.enquiries import send_enquiry
from tests.ui.exchange import Exchange, own_app, send_into_a_folder, settled
from tests.ui.test_compose import begin, logged, queued, status_of, told, write
from tests.ui.walking import named, press, words_of
from ui.app import Running
from ui.picture import settle

STAYS = "No mailbox is set up: no mail leaves this computer"


def foot(running: Running) -> str:
    running.window.menus.mail.trigger()
    settle(running.desk.jobs)
    return named(running.window, QLabel, "statusLine").text()


def test_mail_of_a_profile_without_a_mailbox_is_not_said_to_be_sent(running: Running, exchange: Exchange) -> None:
    del exchange
    said = foot(running)
    assert STAYS in said
    assert "sent and received" not in said


def test_practice_goes_on_as_if_mail_were_sent(running: Running) -> None:
    said = foot(running)
    assert STAYS not in said
    assert "Mail sent and received" in said


def test_a_mail_written_without_a_mailbox_is_refused_before_it_is_confirmed_and_stays_as_a_draft(
    running: Running, exchange: Exchange
) -> None:
    del exchange
    enquiry = logged(running)
    page = begin(running, enquiry)
    write(page, running, "Please look at this wall.")
    press(page, "composeSend")
    settled(running)
    refusal = words_of(page, "composePreviewWrong")
    assert "No mailbox is set up, so no mail can be sent from here." in refusal
    assert "Add one in Settings" in refusal
    assert running.window.findChildren(QWidget, "composeConfirm") == []
    assert named(page, QPlainTextEdit, "composeBody").toPlainText() == "Please look at this wall."
    assert queued(running, enquiry) == []
    assert status_of(running, enquiry) is Status.DRAFT


def test_a_resident_is_not_said_to_be_told_by_email_where_none_can_leave(running: Running, exchange: Exchange) -> None:
    del exchange
    enquiry = logged(running, email="ned@example.org")
    page = begin(running, enquiry, Writing.UPDATE)
    write(page, running, "It was mended.")
    press(page, "composeSend")
    settled(running)
    assert "No mailbox is set up" in words_of(page, "composePreviewWrong")
    assert status_of(running, enquiry) is Status.DRAFT
    assert timeline(running, enquiry) == [EntryKind.LOGGED]


def timeline(running: Running, enquiry: Enquiry) -> list[EntryKind]:
    def read(app: App) -> list[EntryKind]:
        with app.store.reading() as tx:
            return [entry.kind for entry in tx.every(Entry, enquiry_id=enquiry.id)]

    return told(running, read)


def newest_sent(running: Running) -> tuple[str, str, str]:
    """Heading, words and button of the mail that an enquiry just sent shows in its timeline."""
    enquiry = logged(running)
    running.desk.ask(lambda app: send_enquiry(app, enquiry.id), owner=running.desk)
    settled(running)
    foot(running)
    running.desk.show_enquiry.emit(enquiry.id)
    settled(running)
    box = named(running.window, QWidget, "sentEntry")
    button = named(box, QPushButton, "readSent").text()
    return words_of(box, "entryHead"), words_of(box, "entryText"), button


def test_an_enquiry_says_of_its_mail_that_it_only_lies_in_a_folder(running: Running, exchange: Exchange) -> None:
    del exchange
    send_into_a_folder(own_app(running).profile)
    heading, words, button = newest_sent(running)
    assert heading.startswith("Mail not sent · ")
    assert words.startswith("Not sent: no mailbox is set up, so it lies in a folder")
    assert button == "Read what was written"
    assert own_app(running).profile.settings().mailboxes == ()


def test_an_enquiry_says_in_practice_that_its_mail_was_sent(running: Running) -> None:
    heading, words, button = newest_sent(running)
    assert heading.startswith("Mail sent · ")
    assert (words, button) == ("", "Read what was sent")
