"""Mails that look alike brought into a real store: none lands on a wrong enquiry."""

import random
import sys
from email.utils import format_datetime

from member_tracker.domain.correspondence import IncomingMail, thread_key
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.mail.mime import read_mail
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.knowing import StoreLookup
from tests.domain import lookalikes as alike
from tests.fakes.office import Office

ENQUIRIES, MAILS = 24, 300
_HEADERS = {
    "x-ms-exchange-organization-authas": "X-MS-Exchange-Organization-AuthAs",
    "authentication-results": "Authentication-Results",
    "thread-topic": "Thread-Topic",
}


def _known(office: Office) -> list[alike.Known]:
    """Enquiries with one subject and resident, each sent and answered once."""
    known: list[alike.Known] = []
    for number in range(ENQUIRIES):
        area = ("Housing", "Planning")[number % 2]
        who = f"Ned Barlow {number % 3}"
        enquiry = office.logged_and_sent(service_area=area, subject=alike.TOPICS[number % 2], resident=who)
        edit_enquiry(office.app, enquiry.id, [f"resident_email={alike.RESIDENTS[number % 3]}"])
        sent = office.sent_mail(enquiry)
        filed = f"<first.{number}@mail.example.org>"
        office.reply(enquiry, "I will look into it.", message_id=filed)
        with office.app.store.reading() as tx:
            raw, candidate = tx.original(sent.original), StoreLookup(tx).candidate(enquiry)
        thread = bytes.fromhex(thread_key(read_mail(raw).thread_index))
        known.append(alike.Known(candidate=candidate, sent=sent.message_id, filed=filed, key=sent.key, thread=thread))
    assert office.collect().filed == ENQUIRIES
    return known


def _bytes(mail: IncomingMail, number: int, office: Office) -> bytes:
    original = "".join(f"\nMessage-ID: {one}\n" for one in mail.original_message_ids)
    lines = {
        "From": f'"{mail.from_name.replace(chr(34), "")}" <{mail.from_address}>',
        "To": alike.OURS,
        "Date": format_datetime(office.clock()),
        "Message-ID": f"<{number}@look.example.org>",
        "Subject": mail.subject,
        "In-Reply-To": " ".join(mail.in_reply_to),
        "References": "\n ".join(mail.references),
        "Thread-Index": mail.thread_index,
        "X-Enquiry-Key": mail.enquiry_key,
        "X-Enquiry-Ref": mail.enquiry_reference,
    } | {_HEADERS[name]: value for name, value in mail.headers}
    head = "".join(f"{name}: {value}\n" for name, value in lines.items() if value)
    return f"{head}\n{mail.reply_text}\n{original}".encode()


def test_three_hundred_lookalikes_collected_land_on_their_own_enquiry_or_wait(office: Office) -> None:
    world = alike.World.__new__(alike.World)
    world.every = _known(office)
    own = office.parts.profile.settings().from_address
    dice = random.Random(300)
    belongs: dict[str, tuple[alike.Lookalike, EnquiryId | None]] = {}
    for number, one in enumerate(alike.lookalikes(world, MAILS, dice)):
        raw = _bytes(one.mail, number, office).replace(alike.OURS.encode(), own.encode())
        (office.inbox / f"look-{number:03}.eml").write_bytes(raw)
        belongs[f"<{number}@look.example.org>"] = one, one.belongs_to
    office.collect()
    office.collect()
    with office.app.store.reading() as tx:
        kept = {mail.message_id: mail for mail in tx.every(ReceivedMail)}
    wrong = [
        (one.sort, kept[message_id].subject)
        for message_id, (one, mine) in belongs.items()
        if kept[message_id].enquiry_id not in {mine, None}
    ]
    honest = [kept[message_id].place is MailPlace.FILED for message_id, (one, _) in belongs.items() if one.honest]
    sys.stdout.write(f"collected: {len(wrong)} wrong, {sum(honest)} of {len(honest)} honest replies filed themselves\n")
    assert not wrong
    assert sum(honest) >= 0.95 * len(honest)
