"""Mail whose sender did not pass the council's check waits for a person, however often it is looked at."""

from dataclasses import replace

import pytest

from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.mailbox import NOTHING_KNOWN, Arrivals, Cursor, Known
from member_tracker.services.collecting import collect
from member_tracker.services.filing import file_by_hand
from tests.fakes.mailboxes import Wrapped, mailbox_in, with_mailbox
from tests.fakes.office import Office

FAILED = "Authentication-Results: spf=fail; dmarc=fail action=quarantine header.from=example.org\n"
SIGN = "the sender's address did not pass the council's check"


class Stamped(Wrapped):
    """A mailbox of a server that keeps forged stamps out, and tells what kind of item each is."""

    item_class: str | None = "IPM.Note"

    def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        found: Arrivals = self.within.arrivals(cursor, known, watch)
        page = tuple(replace(each, stamped=True, item_class=self.item_class) for each in found.page)
        return replace(found, page=page)


def kept(office: Office) -> ReceivedMail:
    with office.app.store.reading() as tx:
        (mail,) = tx.every(ReceivedMail)
    return mail


def read(office: Office, server: type[Stamped] = Stamped) -> ReceivedMail:
    collect(with_mailbox(office.app, server(mailbox_in(office.app))))
    return kept(office)


def test_it_waits_with_the_likely_enquiry_first_and_the_reason_in_words(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, "It is repaired.", headers=FAILED)
    mail = read(office)
    assert (mail.place, mail.enquiry_id) == (MailPlace.TRAY, None)
    assert mail.candidates[0].reference == enquiry.reference
    assert mail.candidates[0].signals[-1] == SIGN


def test_in_mail_from_a_folder_the_same_words_prove_nothing(office: Office) -> None:
    office.reply(office.logged_and_sent(), "It is repaired.", headers=FAILED)
    assert office.collect().filed == 1


def test_it_does_not_file_itself_when_the_tray_is_looked_at_again(office: Office) -> None:
    enquiry = office.logged_and_sent()
    child = {"in_reply_to": "<parent@example.org>", "message_id": "<child@example.org>", "subject": "RE: as I said"}
    office.reply(enquiry, "It is repaired.", headers=FAILED, **child)
    assert read(office).place is MailPlace.TRAY
    office.reply(enquiry, "I will look into it.", message_id="<parent@example.org>")
    office.collect()
    with office.app.store.reading() as tx:
        (again,) = tx.every(ReceivedMail, message_id="<child@example.org>")
    assert again.place is MailPlace.TRAY
    assert again.candidates[0].signals[-1] == SIGN


def test_a_person_may_file_it(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, "It is repaired.", headers=FAILED)
    file_by_hand(office.app, read(office).id, enquiry.id)
    assert kept(office).enquiry_id == enquiry.id


@pytest.mark.parametrize(
    "head",
    [
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\n",
        "X-MS-Exchange-Organization-AuthAs: Internal\n",
        "",
    ],
)
def test_mail_that_did_not_fail_is_filed_as_ever(office: Office, head: str) -> None:
    office.reply(office.logged_and_sent(), "It is repaired.", headers=head)
    assert read(office).place is MailPlace.FILED


@pytest.mark.parametrize(
    ("item_class", "kind"),
    [
        ("IPM.Note.Rules.OofTemplate.Microsoft", "auto_reply"),
        ("REPORT.IPM.Note.NDR", "bounce"),
        ("REPORT.IPM.Note.IPNNRN", "receipt"),
        ("IPM.Schedule.Meeting.Request", "calendar"),
        ("IPM.Note", "human"),
    ],
)
def test_what_exchange_calls_an_item_says_what_made_it(office: Office, item_class: str, kind: str) -> None:
    class Called(Stamped):
        pass

    Called.item_class = item_class
    office.reply(office.logged_and_sent(), "It is repaired.")
    assert read(office, Called).kind.value == kind
