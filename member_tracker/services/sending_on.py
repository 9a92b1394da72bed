"""Sending an enquiry once more, to whom an automatic reply names in the place of somebody who is away."""

import re
from collections.abc import Sequence

from member_tracker.domain.correspondence import OutgoingFile
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.senders import domain_of, is_at
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import MailKind, OutgoingState
from member_tracker.services.attaching import files_in_words
from member_tracker.services.enquiries import write_entry
from member_tracker.services.letters import mail_to_service_area, queue
from member_tracker.services.parts import App, author_of
from member_tracker.store.store import Reading

_ADDRESS = re.compile(r"[^\s<>()\",;:]+@[^\s<>()\",;:]+[^\s<>()\",;:.]")


def send_to_alternative(app: App, enquiry_id: EnquiryId, *, attachments: Sequence[OutgoingFile] = ()) -> Enquiry:
    """Queue the enquiry for the address an automatic reply of the service area gives; its dates stay as they are.

    Raises `NotFound` where none gives one, `NotAllowed` where the address is of another body: an automatic reply can be
    forged, and nobody outside is told of a resident on its word.
    """
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        if enquiry.sent_at is None or enquiry.answered_at is not None or not enquiry.status.is_open:
            raise NotAllowed(
                f"{enquiry.reference} does not wait for its service area.",
                advice="Only an open enquiry that was sent and has no answer yet is sent to somebody else.",
            )
        area = tx.get(ServiceArea, enquiry.service_area_id)
        absent, address = _alternative(tx, enquiry, area)
        _must_be_new(tx, enquiry, address)
        mail = mail_to_service_area(app, tx, enquiry, instead=address, attachments=attachments)
        queue(app, tx, mail)
        text = f"{absent} is away: waiting to send to {address} instead{files_in_words(len(attachments))}."
        write_entry(tx, app, enquiry, EntryKind.QUEUED, text, details={"instead_of": absent})
    return enquiry


def _alternative(tx: Reading, enquiry: Enquiry, area: ServiceArea) -> tuple[str, str]:
    """Who is away and the address they name: of the newest automatic reply of the service area that names one."""
    domains = [domain_of(address) for address in area.addresses]
    known = {address.casefold() for address in (*area.addresses, *(each.email for each in area.duty_officers))}
    replies = [
        (mail, found.group())
        for mail in tx.every(ReceivedMail, enquiry_id=enquiry.id)
        if mail.kind is MailKind.AUTO_REPLY
        and (mail.from_address.casefold() in known or is_at(mail.from_address, domains))
        and (found := _ADDRESS.search(mail.alternative_contact or ""))
    ]
    if not replies:
        raise NotFound(
            f"No automatic reply on {enquiry.reference} names an address to write to instead.",
            advice="Show the enquiry to see who is away, and re-route it or ring them.",
        )
    mail, address = max(replies, key=lambda reply: reply[0].received_at)
    if address.casefold() not in known and not is_at(address, domains):
        raise NotAllowed(
            f"{address} is no address of {area.name}.",
            advice="If it is right, add it to the service area first: member-tracker service-area set NAME --address A",
        )
    return mail.from_address, address


def _must_be_new(tx: Reading, enquiry: Enquiry, address: str) -> None:
    """The same enquiry goes to an address once, so that the step can be repeated."""
    for mail in tx.every(QueuedMail, enquiry_id=enquiry.id):
        gone = mail.state not in (OutgoingState.WRITTEN, OutgoingState.BOUNCED)
        if gone and not mail.automatic and address.casefold() in {each.casefold() for each in mail.to}:
            raise NotAllowed(f"{address} has this enquiry already.", advice="Remind them: member-tracker remind")
