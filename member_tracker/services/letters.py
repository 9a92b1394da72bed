"""Composing what leaves the building: from templates and the enquiry's own facts, never from notes."""

import hashlib
import hmac
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from member_tracker.domain.consent import THE_COUNCIL, Detail, details_allowed, must_allow_special_category
from member_tracker.domain.correspondence import OutgoingFile, OutgoingMail, compose
from member_tracker.domain.dates import day_in_words, moment_in_words
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.mailbag import MailAttachment, MailPurpose, QueuedMail, ReceivedMail
from member_tracker.domain.people import Council, Councillor, DutyOfficer, Resident, ServiceArea
from member_tracker.domain.timeline import MailId, Suggestion, SuggestionState
from member_tracker.domain.vocabulary import Channel, OutgoingState, Proposal
from member_tracker.mail.written import sendable_name, write_mail
from member_tracker.services.attaching import must_not_be_too_large
from member_tracker.services.parts import App, device_in
from member_tracker.shipped import shipped
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
    resident = tx.get(Resident, enquiry.resident_id)
    councillor = tx.get(Councillor, enquiry.raised_by)
    allowed = details_allowed(enquiry.agreed_consent, resident, THE_COUNCIL, app.today())
    if enquiry.special_category:
        must_allow_special_category(enquiry.agreed_consent, THE_COUNCIL, app.today())
    body = _filled(
        "to_service_area.txt",
        enquiry=enquiry,
        text=left_out(enquiry.text, resident, allowed),
        resident=resident,
        allowed=allowed,
        councillor=councillor,
        area=area,
    )
    return _composed(
        app,
        tx,
        enquiry,
        to=(instead,) if instead else (*area.addresses, *_duty_address(area, duty_officer)),
        topic=enquiry.subject,
        body=body,
        resident=resident,
        attachments=attachments,
    )


def _duty_address(area: ServiceArea, officer: DutyOfficer | None) -> tuple[str, ...]:
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
    councillor = tx.get(Councillor, enquiry.raised_by)
    council = tx.get(Council, enquiry.council_id)
    told = text or answer_text(tx, enquiry)
    body = _filled(
        "to_resident.txt", enquiry=enquiry, resident=resident, councillor=councillor, council=council, told=told
    )
    return _composed(
        app,
        tx,
        enquiry,
        to=(resident.email,),
        topic=enquiry.subject,
        body=body,
        resident=resident,
        attachments=attachments,
    )


def left_out(text: str, resident: Resident, allowed: Collection[Detail]) -> str:
    """The text without those of the resident's details that may not leave, each said to have been left out."""
    known = {
        Detail.NAME: resident.name,
        Detail.ADDRESS: resident.address,
        Detail.PHONE: resident.phone,
        Detail.EMAIL: resident.email,
    }
    for detail, value in known.items():
        if value and detail not in allowed:
            words = r"\W{1,3}".join(re.escape(word) for word in value.split())
            text = re.sub(rf"(?<!\w){words}(?!\w)", f"[{detail.words.lower()} left out]", text, flags=re.IGNORECASE)
    return text


def answer_text(tx: Reading, enquiry: Enquiry) -> str:
    """What the service area answered, as it wrote it; an empty text where no answer was accepted."""
    accepted = [
        suggestion
        for suggestion in tx.every(Suggestion, enquiry_id=enquiry.id, state=SuggestionState.ACCEPTED)
        if suggestion.proposal in (Proposal.ANSWER, Proposal.CLOSURE)
    ]
    if not accepted:
        return ""
    newest = max(accepted, key=lambda suggestion: suggestion.arrived_at)
    return tx.get(ReceivedMail, newest.mail_id).reply_text.strip()


def queue(app: App, tx: Transaction, mail: OutgoingMail, purpose: MailPurpose = MailPurpose.ENQUIRY) -> QueuedMail:
    """Keep the mail's bytes and put it in the queue; it never changes afterwards. Raises where it is too large."""
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
    )
    tx.save(queued)
    return queued


def _kept(tx: Transaction, file: OutgoingFile, number: int) -> MailAttachment:
    """The file as it is kept, under the name it is sent by."""
    sha256 = tx.keep_original(file.content, file.media_type)
    name = sendable_name(file.name, number)
    return MailAttachment(name=name, media_type=file.media_type, size=len(file.content), sha256=sha256)


def keep_back(mail: QueuedMail) -> QueuedMail:
    """The mail as written and not to be sent, for its enquiry was closed before it went."""
    return replace(mail, state=OutgoingState.WRITTEN, problem="Not sent: the enquiry was closed first.")


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
    missing = enquiry.holding.chaser if enquiry.holding and enquiry.holding.gaps else ""
    councillor = tx.get(Councillor, enquiry.raised_by)
    resident = tx.get(Resident, enquiry.resident_id)
    body = _filled("reminder.txt", enquiry=enquiry, councillor=councillor, area=area, missing=missing)
    to, topic = area.addresses, enquiry.subject
    mail_id = _reminder_id(tx, enquiry)
    return _composed(
        app, tx, enquiry, to=to, topic=topic, body=body, resident=resident, automatic=True, mail_id=mail_id
    )


def _reminder_id(tx: Reading, enquiry: Enquiry) -> str:
    """The same on every computer that makes this reminder, so that two of them make one."""
    before = sum(mail.purpose is MailPurpose.CHASER for mail in tx.every(QueuedMail, enquiry_id=enquiry.id))
    return str(uuid.uuid5(uuid.UUID(enquiry.id), f"reminder:{before + 1}"))


def _composed(
    app: App,
    tx: Reading,
    enquiry: Enquiry,
    *,
    to: tuple[str, ...],
    topic: str,
    body: str,
    resident: Resident,
    automatic: bool = False,
    attachments: Sequence[OutgoingFile] = (),
    mail_id: str | None = None,
) -> OutgoingMail:
    """The mail under an id of its own; one whose id is given says the same of itself wherever it is composed."""
    token = uuid.UUID(mail_id).bytes if mail_id else app.random_bytes(16)
    mail_id = mail_id or app.new_id()
    sender = app.profile.settings().from_address
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
        automatic=automatic,
        attachments=attachments,
    )


def _details(resident: Resident) -> tuple[str | None, ...]:
    return (resident.name, resident.email, resident.phone, resident.address)


def _filled(template: str, **facts: object) -> str:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    text = shipped("templates", template).read_text(encoding="utf-8")
    environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(text).render(facts, day=day_in_words, moment=moment_in_words).strip() + "\n"
