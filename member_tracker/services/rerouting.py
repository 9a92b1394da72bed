"""Passing an enquiry along: to another service area, to somebody higher, to a body outside the council."""

import difflib
from dataclasses import replace

from member_tracker.domain import routing
from member_tracker.domain.complaint import ComplaintRoute, send_to_chief_executive
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotFound
from member_tracker.domain.mailbag import MailPurpose, QueuedMail
from member_tracker.domain.people import Council, OutsideBody, OutsideBodyId, ServiceArea, in_being
from member_tracker.domain.routing import EscalationLevel
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.values import plain_text
from member_tracker.domain.vocabulary import Kind, OutgoingState, Status
from member_tracker.services.enquiries import write_entry
from member_tracker.services.letters import mail_to_service_area, queue
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import clean_name, nearest_names, same_name, service_area_named
from member_tracker.store.store import Transaction

_LIKE_ENOUGH_TO_BE_A_SLIP = 0.8


def reroute(app: App, enquiry_id: EnquiryId, *, to: str, reason: str) -> Enquiry:
    """Move the enquiry to another service area, and send it there where it had been sent.

    The date received and the clocks stay, and what the first service area still answers finds its way here.
    """
    why = plain_text(reason)
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        before = tx.get(ServiceArea, enquiry.service_area_id)
        area = service_area_named(tx, app, to, tx.get(Council, enquiry.council_id))
        moved = routing.reroute(enquiry, area, reason=why)
        tx.save(moved)
        text = f"Re-routed from {before.name} to {area.name}: {why}"
        if enquiry.status is not Status.DRAFT:
            _keep_back_queued(tx, moved)
            mail = mail_to_service_area(app, tx, moved)
            queue(app, tx, mail)
            text += f" Waiting to send to {', '.join(mail.to)}."
        details = {"from": before.name, "to": area.name, "handovers": str(moved.handovers)}
        write_entry(tx, app, moved, EntryKind.REROUTED, text, details=details)
    return moved


def escalate(app: App, enquiry_id: EnquiryId, *, to: EscalationLevel, reason: str) -> Enquiry:
    """Note that somebody higher has to know; nothing is sent by itself.

    A complaint that goes to the Chief Executive is decided there.
    """
    why = plain_text(reason)
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = routing.escalate(tx.get(Enquiry, enquiry_id), reason=why)
        if enquiry.kind is Kind.COMPLAINT and to is EscalationLevel.CHIEF_EXECUTIVE:
            route = send_to_chief_executive(enquiry.complaint or ComplaintRoute(), why=why)
            enquiry = replace(enquiry, complaint=route)
        tx.save(enquiry)
        area = tx.get(ServiceArea, enquiry.service_area_id)
        head = area.head_of_service if to is EscalationLevel.HEAD_OF_SERVICE else None
        whom = f"the {to.words.lower()}" + (f", {head}" if head else "")
        details = {"to": to.value, "reason": why}
        write_entry(tx, app, enquiry, EntryKind.ESCALATED, f"Escalated to {whom}: {why}", details=details)
    return enquiry


def pass_on(app: App, enquiry_id: EnquiryId, *, to: str, reason: str) -> Enquiry:
    """Note that a body outside the council has the enquiry now; it is not answered by that, and its clocks run on."""
    why = plain_text(reason)
    with app.store.writing(author=author_of(app)) as tx:
        passed = routing.pass_on(tx.get(Enquiry, enquiry_id), reason=why)
        body = _body_made(tx, app, passed, to)
        tx.save(passed)
        text = f"Passed to {body.name}: {why}"
        if not passed.agreed_consent.covers(body.name, app.today()):
            text += f" The resident has not agreed that {body.name} is told who they are."
        write_entry(tx, app, passed, EntryKind.PASSED_ON, text, details={"to": body.name, "body": body.id})
    return passed


def _keep_back_queued(tx: Transaction, enquiry: Enquiry) -> None:
    """What still waits to go to the first service area stays here."""
    for mail in tx.every(QueuedMail, enquiry_id=enquiry.id, state=OutgoingState.QUEUED):
        if mail.purpose is MailPurpose.ENQUIRY:
            tx.save(replace(mail, state=OutgoingState.WRITTEN, problem="Not sent: it was re-routed first."))


def _body_made(tx: Transaction, app: App, enquiry: Enquiry, name: str) -> OutsideBody:
    """The outside body of that name, made where it is new; what looks like a slip is refused with the nearest."""
    cleaned = clean_name(name, "outside body")
    known = [body for body in tx.every(OutsideBody, council_id=enquiry.council_id) if in_being(body, app.today())]
    for body in known:
        if same_name(cleaned, body.name):
            return body
    names = [body.name for body in known]
    folded = [each.casefold() for each in names]
    if difflib.get_close_matches(cleaned.casefold(), folded, 1, _LIKE_ENOUGH_TO_BE_A_SLIP):
        raise NotFound(
            f"There is no outside body called “{cleaned}”.", advice=f"Did you mean {nearest_names(cleaned, names)}?"
        )
    made = OutsideBody(id=OutsideBodyId(app.new_id()), council_id=enquiry.council_id, name=cleaned)
    tx.save(made)
    return made
