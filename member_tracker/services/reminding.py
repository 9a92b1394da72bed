"""Reminding a service area, within what keeps machines from answering each other."""

from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.loops import may_send_automatic
from member_tracker.domain.mailbag import MailPurpose
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Status
from member_tracker.services.enquiries import write_entry
from member_tracker.services.knowing import mail_history
from member_tracker.services.letters import queue, reminder_to_service_area
from member_tracker.services.parts import App, author_of
from member_tracker.store.store import Reading


def remind_service_area(app: App, enquiry_id: EnquiryId) -> Enquiry:
    """Queue a reminder about an enquiry that waits for its service area; raises `NotAllowed` where none may go."""
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        must_be_waiting(enquiry)
        mail = reminder_to_service_area(app, tx, enquiry)
        for address in mail.to:
            _must_be_allowed(app, tx, enquiry, address)
        queue(app, tx, mail, MailPurpose.CHASER)
        write_entry(tx, app, enquiry, EntryKind.REMINDED, f"A reminder waits to go to {', '.join(mail.to)}.")
        return enquiry


def must_be_waiting(enquiry: Enquiry) -> None:
    """Raise `NotAllowed` where the enquiry does not wait for its service area."""
    if enquiry.sent_at is None or enquiry.answered_at is not None or not enquiry.status.is_open:
        raise NotAllowed(
            f"{enquiry.reference} does not wait for its service area.",
            advice="A reminder is for an open enquiry that was sent and has no answer yet.",
        )
    if enquiry.status is Status.WAITING_FOR_RESIDENT:
        raise NotAllowed(
            f"{enquiry.reference} waits for the resident, not for its service area.",
            advice="Once the resident has answered, let the clock run again; then the service area can be chased.",
        )


def _must_be_allowed(app: App, tx: Reading, enquiry: Enquiry, address: str) -> None:
    now = app.now()
    permission = may_send_automatic(mail_history(tx, enquiry.id, now), address, now)
    if not permission:
        raise NotAllowed(permission.why_not, advice="Ring the service area, or try again tomorrow.")
