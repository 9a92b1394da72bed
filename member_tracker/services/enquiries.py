"""What is done to an enquiry, one deed a function and one transaction a deed."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from member_tracker.domain import enquiry as steps
from member_tracker.domain.asked import Answer
from member_tracker.domain.consent import Consent
from member_tracker.domain.correspondence import OutgoingFile, OutgoingMail
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.mailbag import MailPurpose, QueuedMail, ReceivedMail
from member_tracker.domain.people import (
    Councillor,
    DutyOfficer,
    PersonId,
    Resident,
    ResidentId,
    ServiceArea,
    ServiceAreaId,
    WardId,
)
from member_tracker.domain.reference import Reference, find_references, make_reference
from member_tracker.domain.timeline import Entry, EntryId, EntryKind, Suggestion, SuggestionState
from member_tracker.domain.values import one_line, plain_text
from member_tracker.domain.vocabulary import Channel, Kind, OutgoingState, Priority, Proposal, Stage
from member_tracker.services.attaching import files_in_words
from member_tracker.services.holding import keep_holding
from member_tracker.services.judging import judge, judge_again, no_longer_paused
from member_tracker.services.letters import keep_back, mail_to_resident, mail_to_service_area, queue
from member_tracker.services.merged import keep_promises_of_absorbed
from member_tracker.services.parts import App, author_of, me
from member_tracker.store.store import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is filled in to log an enquiry; `received_at` None means just now, `note` goes into its timeline."""

    raised_by: PersonId
    resident_id: ResidentId
    service_area_id: ServiceAreaId
    channel: Channel
    subject: str
    text: str
    kind: Kind = Kind.ENQUIRY
    stage: Stage | None = None
    priority: Priority = Priority.NORMAL
    received_at: datetime | None = None
    ward_id: WardId | None = None
    tier: int | None = None
    other_reference: str | None = None
    tags: tuple[str, ...] = ()
    about: str | None = None
    answers: tuple[Answer, ...] = ()
    linked_to: tuple[EnquiryId, ...] = ()
    consent: Consent | None = None
    special_category: bool = False
    note: str = ""


def log_enquiry(app: App, draft: Draft) -> Enquiry:
    """Keep the enquiry with its reference and its due dates."""
    with app.store.writing(author=author_of(app)) as tx:
        return log_in(tx, app, draft)


def log_in(tx: Transaction, app: App, draft: Draft, *, taken_on: Callable[[Enquiry], Enquiry] | None = None) -> Enquiry:
    """Keep the enquiry as part of a deed that also makes its people; `taken_on` says how far it had come elsewhere."""
    now = app.now()
    _check_draft(draft, now)
    area = tx.get(ServiceArea, draft.service_area_id)
    councillor = tx.get(Councillor, draft.raised_by)
    logged = Enquiry(
        id=EnquiryId(app.new_id()),
        reference=make_reference(tx.local("device") or "", tx.next_serial()),
        council_id=area.council_id,
        raised_by=draft.raised_by,
        resident_id=draft.resident_id,
        entered_by=me(tx) or draft.raised_by,
        service_area_id=draft.service_area_id,
        channel=draft.channel,
        received_at=draft.received_at or now,
        subject=one_line(draft.subject),
        text=plain_text(draft.text),
        logged_at=now,
        kind=draft.kind,
        stage=_stage(draft.kind, draft.stage),
        priority=draft.priority,
        ward_id=draft.ward_id or councillor.ward_id,
        tier=draft.tier,
        other_reference=draft.other_reference,
        tags=draft.tags,
        about=draft.about,
        answers=draft.answers,
        linked_to=draft.linked_to,
        consent=draft.consent,
        special_category=draft.special_category,
    )
    judged = judge(app, tx, logged)
    judged = taken_on(judged) if taken_on else judged
    tx.save(judged)
    text = f"Logged for {councillor.name}. {draft.note}".strip()
    write_entry(tx, app, judged, EntryKind.LOGGED, text, at=judged.received_at)
    return judged


def send_enquiry(
    app: App,
    enquiry_id: EnquiryId,
    *,
    duty_officer: DutyOfficer | None = None,
    attachments: Sequence[OutgoingFile] = (),
) -> Enquiry:
    """Queue the enquiry for its service area, and for a duty officer of it; it goes when there is a connection."""
    with app.store.writing(author=author_of(app)) as tx:
        queued = steps.mark_queued(tx.get(Enquiry, enquiry_id))
        mail = mail_to_service_area(app, tx, queued, duty_officer=duty_officer, attachments=attachments)
        queue(app, tx, mail)
        tx.save(queued)
        text = f"Waiting to send to {', '.join(mail.to)}{files_in_words(len(attachments))}."
        details = {"duty_officer": duty_officer.name} if duty_officer else None
        write_entry(tx, app, queued, EntryKind.QUEUED, text, details=details)
    return queued


def add_note(app: App, enquiry_id: EnquiryId, text: str) -> Enquiry:
    """Keep an internal note; no mail is ever composed from notes."""
    noted = plain_text(text)
    if not noted:
        raise Invalid("The note is empty.", advice="Type what you want to remember.")
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        write_entry(tx, app, enquiry, EntryKind.NOTE, noted)
    return enquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepting:
    """What the person accepting says differently from the suggestion; None leaves what was suggested.

    `holding` is what they say of a holding reply beside its date, where the mail does not say it or says it otherwise.
    """

    proposal: Proposal | None = None
    promised_on: date | None = None
    at: datetime | None = None
    holding: HoldingReply = field(default_factory=HoldingReply)


def accept_suggestion(app: App, suggestion_id: str, accepting: Accepting) -> Enquiry:
    """Do what the suggestion proposes, from the moment its mail arrived."""
    with app.store.writing(author=author_of(app)) as tx:
        suggestion = tx.get(Suggestion, suggestion_id)
        _must_be_undecided(suggestion)
        enquiry = tx.get(Enquiry, suggestion.enquiry_id)
        effect_at, doubt = effect_of(suggestion, enquiry, accepting.at, app.now())
        proposal = accepting.proposal or suggestion.proposal
        promised_on = accepting.promised_on or suggestion.promised_on
        if proposal in _ANSWERS:
            enquiry = no_longer_paused(app, tx, enquiry, at=effect_at)
        moved = judge_again(app, tx, _STEPS_OF[proposal](enquiry, effect_at, promised_on))
        if proposal is Proposal.HOLDING:
            mail = tx.get(ReceivedMail, suggestion.mail_id)
            moved = keep_holding(moved, mail, accepting.holding, promised_on=promised_on, at=effect_at)
        tx.save(moved)
        if proposal in _ANSWERS:
            keep_promises_of_absorbed(tx, moved)
        settled = replace(suggestion, effect_at=effect_at, proposal=proposal, promised_on=promised_on)
        tx.save(_decided(app, tx, settled, SuggestionState.ACCEPTED))
        details = {"suggestion": suggestion.id, "mail": suggestion.mail_id, "proposal": proposal.value}
        if doubt:
            details["doubt"] = doubt
        taken_as = (
            "Seen; nothing follows from it." if proposal is Proposal.NONE else f"Accepted as {proposal.words.lower()}."
        )
        if proposal is Proposal.HOLDING and moved.holding and moved.holding.gaps:
            details["gaps"] = "; ".join(moved.holding.gaps)
            taken_as += f" It does not say: {details['gaps']}."
        text = taken_as + (f" {doubt}" if doubt else "")
        write_entry(tx, app, moved, EntryKind.ACCEPTED, text, at=effect_at, details=details)
    return moved


def dismiss_suggestion(app: App, suggestion_id: str) -> None:
    """Put the suggestion aside; the mail stays where it is filed."""
    with app.store.writing(author=author_of(app)) as tx:
        suggestion = tx.get(Suggestion, suggestion_id)
        _must_be_undecided(suggestion)
        enquiry = tx.get(Enquiry, suggestion.enquiry_id)
        tx.save(_decided(app, tx, suggestion, SuggestionState.DISMISSED))
        write_entry(tx, app, enquiry, EntryKind.DISMISSED, f"Not {suggestion.proposal.words.lower()}.")


def effect_of(
    suggestion: Suggestion, enquiry: Enquiry, said: datetime | None, now: datetime
) -> tuple[datetime, str | None]:
    """The moment an accepted suggestion takes effect, and in words why the mail's own time was doubted, if it was.

    A time somebody states is taken; a mail that claims to have come before the enquiry was sent, or later than it was
    collected, counts from when it was collected.
    """
    # Mail tells its time in whole seconds.
    sent_at = enquiry.sent_at.replace(microsecond=0) if enquiry.sent_at else None
    if said is not None:
        if said > now:
            raise Invalid("That time is still to come.", advice="Give the time the reply really arrived.")
        return said, "That time is before the enquiry was sent." if sent_at and said < sent_at else None
    if suggestion.arrived_at > suggestion.collected_at:
        return suggestion.collected_at, "The mail is dated in the future, so the time it was collected counts."
    if sent_at and suggestion.arrived_at < sent_at:
        return (
            max(suggestion.collected_at, sent_at),
            "The mail is dated before the enquiry was sent, so the time it was collected counts.",
        )
    return suggestion.arrived_at, suggestion.arrived_doubt


def tell_resident(
    app: App, enquiry_id: EnquiryId, text: str | None = None, *, attachments: Sequence[OutgoingFile] = ()
) -> Enquiry:
    """Pass the answer on to the resident in plain words: by mail where an address is held, else as said by us.

    Files go by mail alone: where there is none, `NotAllowed`.
    """
    with app.store.writing(author=author_of(app)) as tx:
        before = tx.get(Enquiry, enquiry_id)
        told = steps.tell_resident(before, at=app.now())
        resident = tx.get(Resident, told.resident_id)
        said = plain_text(text or "")
        mail = mail_to_resident(app, tx, told, resident, said, attachments=attachments)
        if mail is not None:
            if before.told_at is not None:
                must_be_news(tx, mail)
            queue(app, tx, mail, MailPurpose.RESIDENT_UPDATE)
        elif attachments:
            raise NotAllowed("Nothing is mailed to this resident.", advice="Hand the files over some other way.")
        tx.save(told)
        by_us = "by us; they prefer it so" if resident.email else "by us; no email is held"
        how = f"by email{files_in_words(len(attachments))}" if mail is not None else by_us
        said = said or (mail.body if mail else "The answer was passed on.")
        write_entry(tx, app, told, EntryKind.RESIDENT_TOLD, f"Resident told {how}: {said}")
    return told


def close_enquiry(app: App, enquiry_id: EnquiryId, reason: str | None = None) -> Enquiry:
    """Close the enquiry; a reason is needed where the resident has not been told. Its mail not yet sent stays here."""
    why = plain_text(reason or "") or None
    with app.store.writing(author=author_of(app)) as tx:
        closed = steps.close(tx.get(Enquiry, enquiry_id), at=app.now(), reason=why)
        tx.save(closed)
        kept_back = [mail for mail in _to_service_area(tx, closed) if mail.state is OutgoingState.QUEUED]
        for mail in kept_back:
            tx.save(keep_back(mail))
        text = f"Closed: {why}" if why else "Closed."
        if kept_back:
            text += " The mail waiting to go to the service area was not sent."
        write_entry(tx, app, closed, EntryKind.CLOSED, text)
    return closed


def reopen_enquiry(app: App, enquiry_id: EnquiryId) -> Enquiry:
    """Work on a closed enquiry again."""
    with app.store.writing(author=author_of(app)) as tx:
        closed = tx.get(Enquiry, enquiry_id)
        on_its_way = any(mail.state in _ON_ITS_WAY for mail in _to_service_area(tx, closed))
        opened = steps.reopen(closed, on_its_way=on_its_way)
        tx.save(opened)
        write_entry(tx, app, opened, EntryKind.REOPENED, "Reopened.")
    return opened


def save_edited_in(tx: Transaction, app: App, before: Enquiry, after: Enquiry, changed: Mapping[str, str]) -> Enquiry:
    """Keep an edited enquiry, judged anew where a change moves its due dates."""
    moved = any(getattr(before, name) != getattr(after, name) for name in _MOVES_THE_CLOCK)
    kept = judge(app, tx, after) if moved else after
    tx.save(kept)
    names = ", ".join(name.replace("_", " ") for name in changed)
    write_entry(tx, app, kept, EntryKind.EDITED, f"Changed {names}.", details=dict(changed))
    return kept


def enquiry_named(tx: Reading, reference: str) -> Enquiry:
    """The enquiry with that reference, however it was typed; raises `NotFound` with advice."""
    for candidate in (*find_references(reference), Reference(reference)):
        found = tx.enquiry_by_reference(candidate)
        if found is not None:
            return found
    raise NotFound(
        f"No enquiry has the reference “{reference}”.",
        advice="Check it against the mail or the list: a reference looks like ENQ-7K3M-142-XR.",
    )


def write_entry(
    tx: Transaction,
    app: App,
    enquiry: Enquiry,
    kind: EntryKind,
    text: str,
    *,
    at: datetime | None = None,
    details: Mapping[str, str] | None = None,
) -> None:
    """Add to the timeline what happened at `at` (now unless said)."""
    now = app.now()
    tx.add(
        Entry(
            id=EntryId(app.new_id()),
            enquiry_id=enquiry.id,
            kind=kind,
            at=at or now,
            written_at=now,
            author=me(tx),
            text=text,
            details={**(details or {}), "deed": tx.deed},
        )
    )


_MOVES_THE_CLOCK = ("channel", "kind", "stage", "received_at", "officer_back_at", "service_area_id", "council_id")

Step = Callable[[Enquiry, datetime, date | None], Enquiry]


def _acknowledged(enquiry: Enquiry, at: datetime, _promised_on: date | None) -> Enquiry:
    return steps.acknowledge(enquiry, at=at)


def _held(enquiry: Enquiry, at: datetime, promised_on: date | None) -> Enquiry:
    return steps.hold(enquiry, at=at, promised_on=promised_on)


def _answered(enquiry: Enquiry, at: datetime, _promised_on: date | None) -> Enquiry:
    return steps.answer(enquiry, at=at)


def _asked(enquiry: Enquiry, at: datetime, _promised_on: date | None) -> Enquiry:
    return steps.ask_resident(enquiry, at=at)


def _noted(enquiry: Enquiry, _at: datetime, _promised_on: date | None) -> Enquiry:
    return enquiry


_STEPS_OF: Mapping[Proposal, Step] = {
    Proposal.ACKNOWLEDGEMENT: _acknowledged,
    Proposal.HOLDING: _held,
    Proposal.ANSWER: _answered,
    Proposal.CLOSURE: _answered,
    Proposal.QUESTION: _asked,
    Proposal.REDIRECT: _acknowledged,
    Proposal.CHASING: _noted,
    Proposal.NEW_INFORMATION: _noted,
    Proposal.NONE: _noted,
}


_ANSWERS = (Proposal.ANSWER, Proposal.CLOSURE)
_ON_ITS_WAY = (OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.UNKNOWN)


def _to_service_area(tx: Reading, enquiry: Enquiry) -> list[QueuedMail]:
    return [mail for mail in tx.every(QueuedMail, enquiry_id=enquiry.id) if mail.purpose is MailPurpose.ENQUIRY]


def must_be_news(tx: Reading, mail: OutgoingMail) -> None:
    """A mail that says word for word what the resident was sent already is refused, so that a step can be repeated."""
    files = [hashlib.sha256(file.content).hexdigest() for file in mail.attachments]
    for sent in tx.every(QueuedMail, enquiry_id=mail.enquiry_id):
        same_words = (sent.to, sent.body) == (mail.to, mail.body) and sent.state is not OutgoingState.BOUNCED
        if same_words and [file.sha256 for file in sent.attachments] == files:
            raise NotAllowed(
                "The resident was told exactly this already.", advice="Say something new: tell REFERENCE --text …"
            )


def _stage(kind: Kind, stage: Stage | None) -> Stage | None:
    return (stage or Stage.ONE) if kind is Kind.COMPLAINT else None


def _check_draft(draft: Draft, now: datetime) -> None:
    if not one_line(draft.subject):
        raise Invalid("The enquiry has no subject.", advice="Say in a few words what it is about.")
    if not plain_text(draft.text):
        raise Invalid("The enquiry has no text.", advice="Write what the resident asks the council to do.")
    if draft.stage is not None and draft.kind is not Kind.COMPLAINT:
        raise Invalid("Only a complaint has stages.", advice="Log it as a complaint, or leave the stage out.")
    if draft.received_at is not None and draft.received_at > now:
        raise Invalid("The date received is still to come.", advice="Give the date the contact came in.")


def _must_be_undecided(suggestion: Suggestion) -> None:
    if suggestion.state is not SuggestionState.OPEN:
        raise NotAllowed(
            f"This suggestion was already {suggestion.state.words.lower()}.",
            advice="Look at the timeline to see what was decided.",
        )


def _decided(app: App, tx: Reading, suggestion: Suggestion, state: SuggestionState) -> Suggestion:
    return replace(suggestion, state=state, decided_by=me(tx), decided_at=app.now())
