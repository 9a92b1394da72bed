"""What screens and the command line show of casework: plain dictionaries and rows, names beside ids."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from member_tracker.domain.clock import clocks_to_json, why_due
from member_tracker.domain.consent import Consent
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.explain import why_in_full
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Councillor, Resident, ServiceArea, SupportOfficer, Ward
from member_tracker.domain.timeline import Entry, EntryKind, Suggestion, SuggestionState
from member_tracker.domain.vocabulary import Status
from member_tracker.services.merged import with_all_absorbed
from member_tracker.services.parts import App
from member_tracker.services.standing import steps_as_json
from member_tracker.store.store import Reading

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryView:
    """One enquiry with all that is shown beside it; `names` gives people's names by their ids."""

    enquiry: Enquiry
    resident: Resident
    service_area: ServiceArea
    ward: Ward | None
    entries: tuple[Entry, ...]
    suggestions: tuple[Suggestion, ...]
    mails: tuple[ReceivedMail, ...]
    sent: tuple[QueuedMail, ...]
    names: Mapping[str, str]
    absorbed: tuple[Enquiry, ...] = ()
    survivor: Enquiry | None = None
    left_mailboxes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[Suggestion, ...]:
        """The suggestions a person has not decided about, oldest first."""
        return tuple(found for found in self.suggestions if found.state is SuggestionState.OPEN)

    def mail(self, mail_id: str) -> ReceivedMail:
        """The mail of that id."""
        return next(mail for mail in self.mails if mail.id == mail_id)

    def merged_from(self, enquiry_id: str | None) -> str | None:
        """The reference of the enquiry that brought this along when it was merged; None for this one's own."""
        return next((each.reference for each in self.absorbed if each.id == enquiry_id), None)

    def name(self, person_id: str | None) -> str | None:
        """The name of a councillor or member of staff; None where nobody is meant."""
        return self.names.get(person_id) if person_id else None


def open_enquiry(app: App, enquiry_id: EnquiryId) -> EnquiryView:
    """Read one enquiry with all that is shown beside it."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        together = with_all_absorbed(tx, enquiry)
        suggestions = tx.every(Suggestion, enquiry_id=enquiry.id)
        mails = {mail.id: mail for each in together for mail in tx.every(ReceivedMail, enquiry_id=each.id)}
        mails |= {
            found.mail_id: tx.get(ReceivedMail, found.mail_id) for found in suggestions if found.mail_id not in mails
        }
        return EnquiryView(
            enquiry=enquiry,
            resident=tx.get(Resident, enquiry.resident_id),
            service_area=tx.get(ServiceArea, enquiry.service_area_id),
            ward=tx.find(Ward, enquiry.ward_id) if enquiry.ward_id else None,
            entries=_in_order(entry for each in together for entry in tx.every(Entry, enquiry_id=each.id)),
            suggestions=suggestions,
            mails=tuple(mails.values()),
            sent=tuple(mail for each in together for mail in tx.every(QueuedMail, enquiry_id=each.id)),
            names=_names(tx),
            absorbed=tuple(together[1:]),
            survivor=tx.find(Enquiry, enquiry.merged_into) if enquiry.merged_into else None,
            left_mailboxes=tx.left_mailboxes(tuple(mails)),
        )


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _names(tx: Reading) -> Mapping[str, str]:
    councillors: dict[str, str] = {person.id: person.name for person in tx.every(Councillor)}
    return councillors | {person.id: person.name for person in tx.every(SupportOfficer)}


def enquiry_as_json(app: App, enquiry_id: EnquiryId) -> Json:
    """Everything about an enquiry in the form of `show`, under the names that `edit` takes."""
    view = open_enquiry(app, enquiry_id)
    enquiry = view.enquiry
    return {
        **_people(view),
        **_facts(enquiry),
        **_moments(enquiry),
        **steps_as_json(enquiry, app.now(), view.name),
        **_passed_along(view),
        "state": enquiry.state(app.now()).value,
        "why": why(enquiry),
        "why_in_full": why_in_full(enquiry.clocks) if enquiry.clocks else None,
        "clocks": clocks_to_json(enquiry.clocks) if enquiry.clocks else None,
        "ledger": ledger_as_json(enquiry),
        "timeline": [_entry(view, entry) for entry in view.entries],
        "suggestions": [_suggestion(view, suggestion) for suggestion in view.suggestions],
        "mails": [_mail_as_json(view, mail) for mail in view.mails],
        "sent": [_sent(mail) | {"merged_from": view.merged_from(mail.enquiry_id)} for mail in view.sent],
    }


def why(enquiry: Enquiry) -> str:
    """Why the answer is due when it is, in one sentence."""
    clocks = enquiry.clocks
    if clocks is None or clocks.respond is None:
        return "No standard is set for an answer to this."
    return why_due(clocks.respond)


def ledger_as_json(enquiry: Enquiry) -> list[Json]:
    """The day-by-day ledger of an enquiry's due dates."""
    if enquiry.clocks is None:
        return []
    return [
        {"date": entry.on.isoformat(), "counted": entry.counted, "reason": entry.reason}
        for entry in enquiry.clocks.ledger
    ]


def _people(view: EnquiryView) -> Json:
    resident = view.resident
    preferred = resident.preferred_channel
    return {
        "id": view.enquiry.id,
        "reference": view.enquiry.reference,
        "councillor": view.name(view.enquiry.raised_by),
        "entered_by": view.name(view.enquiry.entered_by),
        "resident": resident.name,
        "resident_id": resident.id,
        "resident_name": resident.name,
        "resident_email": resident.email,
        "resident_phone": resident.phone,
        "resident_address": resident.address,
        "resident_preferred_channel": preferred.value if preferred else None,
        "resident_language": resident.language,
        "resident_communication_needs": resident.communication_needs,
        "service_area": view.service_area.name,
        "ward": view.ward.name if view.ward else None,
    }


def _facts(enquiry: Enquiry) -> Json:
    return {
        "subject": enquiry.subject,
        "text": enquiry.text,
        "about": enquiry.about,
        "answers": [asdict(answer) for answer in enquiry.answers],
        "linked_to": list(enquiry.linked_to),
        "channel": enquiry.channel.value,
        "kind": enquiry.kind.value,
        "stage": enquiry.stage.value if enquiry.stage else None,
        "priority": enquiry.priority.value,
        "status": enquiry.status.value,
        "flags": [flag.value for flag in enquiry.flags],
        "tier": enquiry.tier,
        "other_reference": enquiry.other_reference,
        "tags": list(enquiry.tags),
        "special_category": "yes" if enquiry.special_category else "no",
        "consent": _consent(enquiry.agreed_consent),
        "findings": enquiry.findings,
        "solution": enquiry.solution,
        "close_reason": enquiry.close_reason,
        "reopened": enquiry.reopened,
        "charter": enquiry.clocks.charter_id if enquiry.clocks else None,
        "acknowledge_by": _day(enquiry.acknowledge_by),
        "respond_by": _day(enquiry.respond_by),
        "promised_on": _day(enquiry.promised_on),
    }


def _consent(consent: Consent) -> Json:
    return {
        "kind": consent.kind.value,
        "how": consent.how,
        "given_on": _day(consent.given_on),
        "bodies": list(consent.bodies),
        "until": _day(consent.until),
        "special_category": consent.special_category,
        "withdrawn_on": _day(consent.withdrawn_on),
    }


_MOMENTS = (
    "received_at", "officer_back_at", "logged_at", "sent_at", "acknowledged_at", "holding_at", "answered_at",
    "told_at", "closed_at",
)  # fmt: skip


def _moments(enquiry: Enquiry) -> Json:
    return {name: _moment(getattr(enquiry, name)) for name in _MOMENTS}


def _entry(view: EnquiryView, entry: Entry) -> Json:
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "at": _moment(entry.at),
        "written_at": _moment(entry.written_at),
        "author": view.name(entry.author),
        "text": entry.text,
        "details": dict(entry.details),
        "merged_from": view.merged_from(entry.enquiry_id),
    }


def _passed_along(view: EnquiryView) -> Json:
    return {
        "escalations": [
            {"to": entry.details.get("to"), "reason": entry.details.get("reason"), "at": _moment(entry.at)}
            for entry in view.entries
            if entry.kind is EntryKind.ESCALATED
        ],
        "merged_into": view.survivor.reference if view.survivor else None,
        "absorbed": [each.reference for each in view.absorbed],
    }


def _suggestion(view: EnquiryView, suggestion: Suggestion) -> Json:
    mail = view.mail(suggestion.mail_id)
    return {
        "id": suggestion.id,
        "mail": suggestion.mail_id,
        "from": mail.from_address,
        "subject": mail.subject,
        "kind": suggestion.kind.value,
        "proposal": suggestion.proposal.value,
        "others": [other.value for other in suggestion.others],
        "sentence": suggestion.sentence,
        "promised_on": _day(suggestion.promised_on),
        "returns_on": _day(suggestion.returns_on),
        "alternative_contact": mail.alternative_contact,
        "reopen": view.enquiry.status is Status.CLOSED and suggestion.state is SuggestionState.OPEN,
        "arrived_at": _moment(suggestion.arrived_at),
        "arrived_doubt": suggestion.arrived_doubt,
        "state": suggestion.state.value,
        "decided_by": view.name(suggestion.decided_by),
        "decided_at": _moment(suggestion.decided_at),
        "effect_at": _moment(suggestion.effect_at),
    }


def _mail_as_json(view: EnquiryView, mail: ReceivedMail) -> Json:
    """`left_mailboxes` are those it lay in and is no longer found in; our copy stays."""
    return {
        "id": mail.id,
        "message_id": mail.message_id,
        "from": mail.from_address,
        "subject": mail.subject,
        "received_at": _moment(mail.received_at),
        "kind": mail.kind.value,
        "returns_on": _day(mail.returns_on),
        "alternative_contact": mail.alternative_contact,
        "forwarded": mail.forwarded,
        "reply_text": mail.reply_text,
        "left_mailboxes": list(view.left_mailboxes.get(mail.id, ())),
        "merged_from": view.merged_from(mail.enquiry_id),
    }


def _sent(mail: QueuedMail) -> Json:
    return {
        "id": mail.id,
        "message_id": mail.message_id,
        "to": list(mail.to),
        "subject": mail.subject,
        "purpose": mail.purpose.value,
        "state": mail.state.value,
        "files": len(mail.attachments),
        "queued_at": _moment(mail.queued_at),
        "sent_at": _moment(mail.sent_at),
        "problem": mail.problem,
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
