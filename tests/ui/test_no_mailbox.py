"""Where no mailbox is set up the window says where mail stays, and never that it was sent."""

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from member_tracker.services.enquiries import send_enquiry
from tests.ui.exchange import Exchange, own_app, settled
from tests.ui.test_compose import logged
from tests.ui.walking import named, words_of
from ui.app import Running
from ui.picture import settle

STAYS = "No mailbox is set up: mail stays on this computer, in a folder"


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
    heading, words, button = newest_sent(running)
    assert heading.startswith("Mail not sent · ")
    assert words.startswith("Not sent: no mailbox is set up, so it lies in a folder")
    assert button == "Read what was written"
    assert own_app(running).profile.settings().mailboxes == ()


def test_an_enquiry_says_in_practice_that_its_mail_was_sent(running: Running) -> None:
    heading, words, button = newest_sent(running)
    assert heading.startswith("Mail sent · ")
    assert (words, button) == ("", "Read what was sent")
