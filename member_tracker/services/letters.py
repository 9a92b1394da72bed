"""Composing what leaves the building: from templates and the enquiry's own facts, never from notes."""

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from member_tracker.domain.consent import THE_COUNCIL, must_allow_special_category
from member_tracker.domain.correspondence import OutgoingFile, OutgoingMail, compose
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.mailbag import MailAttachment, MailPurpose, QueuedMail
from member_tracker.domain.people import Council, DutyOfficer, Resident, ServiceArea
from member_tracker.domain.templates import Facts, Use
from member_tracker.domain.timeline import MailId
from member_tracker.domain.vocabulary import Channel, OutgoingState
from member_tracker.mail.written import sendable_name, write_mail
from member_tracker.services.attaching import must_not_be_too_large
from member_tracker.services.facts import answer_text, facts_for_area, facts_for_resident
from member_tracker.services.parts import App, device_in
from member_tracker.services.wording import from_template, signed
from member_tracker.store.store import Reading, Transaction


def mail_to_service_area(
    app: App,
    tx: Reading,
    enquiry: Enquiry,
    *,
    duty_officer: DutyOfficer | None = None,
    instead: str | None = None,
    attachments: Sequence[OutgoingFile] = (),
) -> OutgoingMail:
    """The mail that puts the enquiry to its service area, and to one of its duty officers where one is named.

    `instead` is the one address it goes to where its own is not the one. Raises where the area cannot be written to.
    """
    area = tx.get(ServiceArea, enquiry.service_area_id)
    if area.retired:
        raise NotAllowed(f"{area.name} no longer takes mail.", advice="Choose another service area, then send it.")
    must_be_allowed_to_leave(app, enquiry)
    return composed(
        app,
        tx,
        enquiry,
        to=(instead,) if instead else (*area.addresses, *duty_address(area, duty_officer)),
        topic=enquiry.subject,
        body=_worded(tx, enquiry, Use.TO_SERVICE_AREA, facts_for_area(app, tx, enquiry)),
        attachments=attachments,
    )


def must_be_allowed_to_leave(app: App, enquiry: Enquiry) -> None:
    """Raise `NotAllowed` where special category information would go to the council without consent to that."""
    if enquiry.special_category:
        must_allow_special_category(enquiry.agreed_consent, THE_COUNCIL, app.today())


def duty_address(area: ServiceArea, officer: DutyOfficer | None) -> tuple[str, ...]:
    """The duty officer's address; raises `NotAllowed` for one of another service area."""
    if officer is None:
        return ()
    if officer not in area.duty_officers:
        raise NotAllowed(
            f"{officer.name} is no duty officer of {area.name}.",
            advice="Look at the duty officers of the service area, then send it again.",
        )
    known = {address.casefold() for address in area.addresses}
    return () if officer.email.casefold() in known else (officer.email,)


def mail_to_resident(
    app: App,
    tx: Reading,
    enquiry: Enquiry,
    resident: Resident,
    text: str | None,
    *,
    attachments: Sequence[OutgoingFile] = (),
) -> OutgoingMail | None:
    """The mail that tells the resident; None where no email is held or another channel is preferred."""
    if not resident.email or resident.preferred_channel not in (None, Channel.EMAIL):
        return None
    answer = text or answer_text(tx, enquiry)
    facts = facts_for_resident(app, tx, enquiry, answer)
    asks = bool(facts["question"]) and not text
    use = Use.QUESTION if asks else Use.ANSWER if answer else Use.UPDATE
    return composed(
        app,
        tx,
        enquiry,
        to=(resident.email,),
        topic=enquiry.subject,
        body=_worded(tx, enquiry, use, facts),
        attachments=attachments,
    )


def queue(
    app: App,
    tx: Transaction,
    mail: OutgoingMail,
    purpose: MailPurpose = MailPurpose.ENQUIRY,
    *,
    not_before: datetime | None = None,
) -> QueuedMail:
    """Keep the mail's bytes and put it in the queue; it never changes afterwards.

    Raises where it is too large, and `NotAllowed` where no mailbox is set up, so that it could only lie here.
    """
    must_have_a_way_out(app)
    now = app.now()
    raw = write_mail(mail, at=now)
    must_not_be_too_large(app, mail.from_address, len(raw), with_files=bool(mail.attachments))
    queued = QueuedMail(
        id=MailId(mail.id),
        enquiry_id=EnquiryId(mail.enquiry_id),
        key=mail.key,
        message_id=mail.message_id,
        from_address=mail.from_address,
        to=mail.to,
        subject=mail.subject,
        body=mail.body,
        original=tx.keep_original(raw, "message/rfc822"),
        state=OutgoingState.QUEUED,
        queued_at=now,
        purpose=purpose,
        automatic=mail.automatic,
        attachments=tuple(_kept(tx, file, number) for number, file in enumerate(mail.attachments, start=1)),
        device=device_in(app, tx),
        cc=mail.cc,
        not_before=not_before,
    )
    tx.save(queued)
    return queued


def must_have_a_way_out(app: App) -> None:
    """Raise `NotAllowed` where no mail can leave, so that none is said to be on its way; practice data play it does."""
    if not (app.practice or app.folder_stands_in or app.profile.settings().can_send):
        raise NotAllowed(
            "No mailbox is set up, so no mail can be sent from here.",
            advice="Add one in Settings, and send it then.",
        )


def _kept(tx: Transaction, file: OutgoingFile, number: int) -> MailAttachment:
    """The file as it is kept, under the name it is sent by."""
    sha256 = tx.keep_original(file.content, file.media_type)
    name = sendable_name(file.name, number)
    return MailAttachment(name=name, media_type=file.media_type, size=len(file.content), sha256=sha256)


def keep_back(mail: QueuedMail, why: str = "the enquiry was closed first") -> QueuedMail:
    """The mail as written and not to be sent, with the reason."""
    return replace(mail, state=OutgoingState.WRITTEN, problem=f"Not sent: {why}.")


def enquiry_key(key_of_council: str, mail_id: str) -> str:
    """The key in a mail's header (128 bits, lower-case hex): an HMAC nobody can make without the council's key."""
    return hmac.new(bytes.fromhex(key_of_council), mail_id.encode(), hashlib.sha256).hexdigest()[:32]


def council_key(tx: Reading) -> str:
    """The key under which the keys of our mails are made; raises where the profile was never set up."""
    kept = tx.local("council_key")
    if kept is None:
        raise Invalid("This profile has no council key.", advice="Run: member-tracker setup --council NAME")
    return kept


def message_id(token: bytes, sender: str) -> str:
    """A Message-ID of ours: random, or told by the mail's own id, at the domain of the sender."""
    return f"<{token.hex()}@{sender.rpartition('@')[2]}>"


def reminder_to_service_area(app: App, tx: Reading, enquiry: Enquiry) -> OutgoingMail:
    """A reminder, marked as made by a machine so that no machine answers it; it carries nothing of the resident's."""
    area = tx.get(ServiceArea, enquiry.service_area_id)
    facts = facts_for_area(app, tx, enquiry)
    nothing_of_theirs = {name: value for name, value in facts.items() if not name.startswith("resident.")}
    return composed(
        app,
        tx,
        enquiry,
        to=area.addresses,
        topic=enquiry.subject,
        body=_worded(tx, enquiry, Use.CHASE, nothing_of_theirs | {"enquiry.text": ""}),
        automatic=True,
        mail_id=_reminder_id(tx, enquiry),
    )


def _worded(tx: Reading, enquiry: Enquiry, use: Use, facts: Facts) -> str:
    """The council's usual wording for this, with its sign-off."""
    council = tx.get(Council, enquiry.council_id)
    return signed(council, from_template(council, use.value, facts), facts)


def _reminder_id(tx: Reading, enquiry: Enquiry) -> str:
    """The same on every computer that makes this reminder, so that two of them make one."""
    before = sum(mail.purpose is MailPurpose.CHASER for mail in tx.every(QueuedMail, enquiry_id=enquiry.id))
    return str(uuid.uuid5(uuid.UUID(enquiry.id), f"reminder:{before + 1}"))


def composed(
    app: App,
    tx: Reading,
    enquiry: Enquiry,
    *,
    to: tuple[str, ...],
    topic: str,
    body: str,
    cc: tuple[str, ...] = (),
    in_reply_to: str | None = None,
    references: tuple[str, ...] = (),
    automatic: bool = False,
    attachments: Sequence[OutgoingFile] = (),
    mail_id: str | None = None,
) -> OutgoingMail:
    """The mail under an id of its own; one whose id is given says the same of itself wherever it is composed."""
    token = uuid.UUID(mail_id).bytes if mail_id else app.random_bytes(16)
    mail_id = mail_id or app.new_id()
    sender = app.profile.settings().from_address
    resident = tx.get(Resident, enquiry.resident_id)
    return compose(
        id=mail_id,
        enquiry_id=enquiry.id,
        key=enquiry_key(council_key(tx), mail_id),
        message_id=message_id(token, sender),
        reference=enquiry.reference,
        from_address=sender,
        to=to,
        topic=topic,
        body=body,
        resident_details=[detail for detail in _details(resident) if detail],
        cc=cc,
        in_reply_to=in_reply_to,
        references=references,
        automatic=automatic,
        attachments=attachments,
    )


def _details(resident: Resident) -> tuple[str | None, ...]:
    return (resident.name, resident.email, resident.phone, resident.address)
