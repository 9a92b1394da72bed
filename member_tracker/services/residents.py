"""Residents: found as one types, one seen whole with every enquiry and word, changed, and confirmed as still right."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from member_tracker.domain.dates import day_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import MailPurpose, QueuedMail, ReceivedMail
from member_tracker.domain.people import Resident, ResidentId
from member_tracker.domain.resident_merge import ContactDetails
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.domain.values import one_line, plain_text, with_fields
from member_tracker.domain.vocabulary import Channel, OutgoingState, ResidentKind
from member_tracker.services.consenting import consent_in_words
from member_tracker.services.editing import checked_email, word_of
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import clean_name, person_name
from member_tracker.store.lists import Anchor, Order, Wanted, Which
from member_tracker.store.queries import EnquiryRow
from member_tracker.store.residents import ResidentPage, ResidentReading, ResidentRow
from member_tracker.store.store import Reading

__all__ = [
    "Alike",
    "ResidentPage",
    "ResidentRow",
    "ResidentView",
    "Saved",
    "Word",
    "confirm_today",
    "edit_resident",
    "open_resident",
    "resident_page",
    "undo_resident",
]

_MOST_ENQUIRIES = 200
_MOST_WORDS = 50
_ASKED_FOR_HELP = "By asking for help: the council, and nobody else, may be told what it must know."
DETAILS = ("name", "kind", "email", "phone", "address", "preferred_channel", "language", "communication_needs")
"""The fields of a resident that somebody may change, in the order they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Somebody who may be the same person, and what the two have in common."""

    resident: Resident
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A mail or another word to or from the resident on one of their enquiries."""

    at: datetime
    what: str
    about: str
    enquiry_id: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentView:
    """A resident seen whole; `absorbed` are other records of theirs that were merged into this one."""

    resident: Resident
    councillor: str
    enquiries: tuple[EnquiryRow, ...]
    words: tuple[Word, ...]
    consent: str
    alike: tuple[Alike, ...]
    absorbed: tuple[Resident, ...]

    @property
    def open_enquiries(self) -> int:
        """How many of the enquiries are open."""
        return sum(row.status.is_open for row in self.enquiries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was kept of a resident, and the deed to undo it by (None: nothing was different)."""

    resident: Resident
    deed: str | None


def resident_page(app: App, find: str = "", *, after: Anchor | None = None, limit: int = 200) -> ResidentPage:
    """The next page of residents by name after an anchor (None: from the top), or those that have the words typed."""
    with app.store.reading_by(ResidentReading) as tx:
        return tx.resident_rows(find=find, after=after, limit=limit)


def open_resident(app: App, resident_id: ResidentId) -> ResidentView:
    """One resident whole; a record that was merged into another gives that one."""
    with app.store.reading_by(ResidentReading) as tx:
        resident = survivor_of(tx, tx.get(Resident, resident_id))
        absorbed = tx.merged_into(resident.id)
        records = [_enquiry_rows(app, tx, each.id) for each in (resident, *absorbed)]
        rows = sorted((row for rows in records for row in rows), key=lambda row: row.received_at, reverse=True)
        alike = tx.alike(resident) if resident.is_kept else {}
        return ResidentView(
            resident=resident,
            councillor=person_name(tx, resident.councillor_id) or "",
            enquiries=tuple(rows),
            words=_words(tx, rows, resident),
            consent=_consent(tx, rows),
            alike=tuple(Alike(resident=tx.get(Resident, each), why=why) for each, why in alike.items()),
            absorbed=absorbed,
        )


def survivor_of(tx: Reading, resident: Resident) -> Resident:
    """The record that is kept: itself, or what it was merged into in the end."""
    seen = {resident.id}
    while resident.merged is not None and (following := ResidentId(resident.merged.survivor_id)) not in seen:
        seen.add(following)
        resident = tx.get(Resident, following)
    return resident


def edit_resident(app: App, resident_id: ResidentId, said: Mapping[str, str]) -> Saved:
    """Change the fields named; an empty value clears one that may be empty. What is wrong raises, with advice."""
    with app.store.writing(author=author_of(app)) as tx:
        before = tx.get(Resident, resident_id)
        _must_be_kept(before)
        after = with_fields(before, {name: _checked(name, value) for name, value in said.items()})
        tx.save(after)
        return Saved(resident=after, deed=None if after == before else tx.deed)


def confirm_today(app: App, resident_id: ResidentId) -> Saved:
    """Keep that the contact details were right today."""
    with app.store.writing(author=author_of(app)) as tx:
        before = tx.get(Resident, resident_id)
        _must_be_kept(before)
        after = replace(before, confirmed_on=app.today())
        tx.save(after)
        return Saved(resident=after, deed=None if after == before else tx.deed)


def undo_resident(app: App, resident_id: ResidentId, deed: str) -> Resident:
    """Put back what a deed here changed of a resident; refused where it was changed again since."""
    with app.store.writing(author=author_of(app)) as tx:
        tx.put_back(deed)
        return tx.get(Resident, resident_id)


def details_of(resident: Resident) -> ContactDetails:
    """What of a resident may differ between two records of the same one."""
    said = {name: getattr(resident, name) for name in DETAILS}
    return ContactDetails(**said, confirmed_on=resident.confirmed_on)


def with_details(resident: Resident, details: ContactDetails) -> Resident:
    """The resident with these details."""
    said = {name: getattr(details, name) for name in (*DETAILS, "confirmed_on")}
    return with_fields(resident, said)


def confirmed_words(confirmed_on: date | None) -> str:
    """When the details were last confirmed, as a sentence."""
    if confirmed_on is None:
        return "Nobody has confirmed these details yet."
    return f"Last confirmed on {day_in_words(confirmed_on)}."


def _checked(name: str, value: str) -> object:
    """A field as it is kept."""
    said = plain_text(value) if name in ("address", "communication_needs") else one_line(value)
    match name:
        case "name":
            return clean_name(said, "resident")
        case "kind":
            return word_of(ResidentKind, said, "kind of resident")
        case "preferred_channel":
            return word_of(Channel, said, "channel") if said else None
        case "email":
            return checked_email(said) if said else None
        case _:
            return said or None


def _must_be_kept(resident: Resident) -> None:
    if not resident.is_kept:
        raise NotAllowed(
            "This record was deleted or merged into another.", advice="Put it back first: File, Recently deleted."
        )


def _enquiry_rows(app: App, tx: Reading, resident_id: str) -> tuple[EnquiryRow, ...]:
    wanted = Wanted(which=Which.ALL, today=app.today(), resident_id=resident_id, order=Order.NEWEST, now=app.now())
    return tx.enquiry_rows(wanted, limit=_MOST_ENQUIRIES).rows


def _words(tx: Reading, rows: list[EnquiryRow], resident: Resident) -> tuple[Word, ...]:
    """What was written and said to the resident, and what came from them, newest first."""
    found: list[Word] = []
    theirs = (resident.email or "").casefold()
    for row in rows[:_MOST_WORDS]:
        ours = tx.every(QueuedMail, enquiry_id=row.id, purpose=MailPurpose.RESIDENT_UPDATE)
        came = [mail for mail in tx.every(ReceivedMail, enquiry_id=row.id) if mail.from_address.casefold() == theirs]
        told = tx.every(Entry, enquiry_id=row.id, kind=EntryKind.RESIDENT_TOLD)
        found += [_word(row, mail.sent_at or mail.queued_at, _to_them(mail), mail.subject) for mail in ours]
        found += [_word(row, mail.received_at, "Mail from them", mail.subject) for mail in came]
        found += [_word(row, entry.at, "Told", entry.text) for entry in told]
    return tuple(sorted(found, key=lambda word: word.at, reverse=True)[:_MOST_WORDS])


def _to_them(mail: QueuedMail) -> str:
    return "Mail to them" if mail.state is OutgoingState.SENT else f"Mail to them: {mail.state.words.lower()}"


def _word(row: EnquiryRow, at: datetime, what: str, about: str) -> Word:
    return Word(at=at, what=what, about=one_line(about), enquiry_id=row.id, reference=row.reference)


def _consent(tx: Reading, rows: list[EnquiryRow]) -> str:
    """What the resident last said in so many words, and on which enquiry; else what asking for help means."""
    for row in rows:
        consent = tx.get(Enquiry, row.id).consent
        if consent is not None and consent.withdrawn_on is not None:
            return f"Withdrawn on {day_in_words(consent.withdrawn_on)} (on {row.reference})."
        if consent is not None:
            return f"{consent_in_words(consent)} Said on {row.reference}."
    return _ASKED_FOR_HELP
