"""Logging an enquiry from the form: its resident found or made, what must be asked, consent, and what it is like."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from member_tracker.domain.asked import Answer, Subject, is_like
from member_tracker.domain.consent import THE_COUNCIL, Consent, ConsentKind, special_category_hints
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.people import PersonId, Resident, ResidentId, ServiceArea
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.values import one_line
from member_tracker.services.editing import checked_email
from member_tracker.services.enquiries import log_in, write_entry
from member_tracker.services.intake import Intake, draft_of
from member_tracker.services.lists import Order, Wanted, Which
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import (
    clean_name,
    councillor_made,
    same_name,
    service_area_named,
)
from member_tracker.store.residents import MOST_FOUND, ResidentReading, ResidentRow
from member_tracker.store.store import Reading, Transaction

LIKE_DAYS = 90
SPECIALIST_TIER = 3
_OFFERED = 8
_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The resident as the form has them; with no `resident_id` a record of their own is made.

    Empty details leave what is kept; `confirmed` says that they were gone through with the resident today.
    """

    name: str
    resident_id: str | None = None
    email: str = ""
    phone: str = ""
    address: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnquiry:
    """An enquiry as the form has it; `reason` is why it goes elsewhere than its subject does as a rule."""

    intake: Intake
    contact: Contact
    about: str | None = None
    answers: tuple[Answer, ...] = ()
    reason: str = ""
    consent: ConsentKind = ConsentKind.IMPLIED
    consent_how: str = ""
    linked_to: tuple[str, ...] = ()


def log_new(app: App, new: NewEnquiry) -> Enquiry:
    """Log the enquiry, making or bringing up to date its resident, in one transaction."""
    intake = new.intake
    with app.store.writing(author=author_of(app)) as tx:
        area = service_area_named(tx, app, intake.service_area)
        councillor = councillor_made(tx, app, intake.councillor, area.council_id)
        resident = _resident(app, tx, councillor.id, new.contact)
        usual, subject = subject_named(tx.every(ServiceArea, council_id=area.council_id), new.about)
        draft = replace(
            draft_of(intake, councillor, resident, area),
            tier=SPECIALIST_TIER if subject is not None and subject.specialist else None,
            about=new.about,
            answers=new.answers,
            linked_to=tuple(EnquiryId(each) for each in new.linked_to),
            consent=_consent(app, new),
            special_category=new.consent is ConsentKind.EXPLICIT and bool(special_category_hints(intake.text)),
            note=_why_there(usual, area, new.reason),
        )
        logged = log_in(tx, app, draft)
        _link(app, tx, logged)
    return logged


def _why_there(usual: ServiceArea | None, area: ServiceArea, reason: str) -> str:
    """Why an enquiry goes elsewhere than its subject does as a rule; that is never done without a reason."""
    if usual is None or usual.id == area.id:
        return ""
    if not reason.strip():
        raise Invalid(f"Its subject goes to {usual.name}, and you chose {area.name}.", advice="Say in a few words why.")
    return f"To {area.name} instead of {usual.name}: {one_line(reason)}"


def _consent(app: App, new: NewEnquiry) -> Consent | None:
    """What the resident agreed to; None where they agreed by asking, which is taken for granted."""
    if new.consent is ConsentKind.IMPLIED:
        return None
    received_at = new.intake.received_at
    is_explicit = new.consent is ConsentKind.EXPLICIT
    return Consent(
        kind=new.consent,
        how=new.consent_how,
        given_on=local_date(received_at) if received_at else app.today(),
        bodies=(THE_COUNCIL,) if is_explicit else (),
        special_category=is_explicit,
    )


def _resident(app: App, tx: Transaction, councillor_id: PersonId, contact: Contact) -> Resident:
    known = tx.find(Resident, contact.resident_id) if contact.resident_id else None
    if known is not None and known.councillor_id != councillor_id:
        raise NotFound(
            f"{known.name} is in another councillor's casework.", advice="Choose the resident again from the list."
        )
    if known is None:
        known = Resident(
            id=ResidentId(app.new_id()), councillor_id=councillor_id, name=clean_name(contact.name, "resident")
        )
    email = contact.email.strip()
    kept = replace(
        known,
        email=checked_email(email) if email else known.email,
        phone=one_line(contact.phone) or known.phone,
        address=one_line(contact.address) or known.address,
        confirmed_on=app.today() if contact.confirmed else known.confirmed_on,
    )
    tx.save(kept)
    return kept


def _link(app: App, tx: Transaction, logged: Enquiry) -> None:
    """Let the enquiries that belong together say so on both sides."""
    for other_id in logged.linked_to:
        other = tx.get(Enquiry, other_id)
        tx.save(replace(other, linked_to=(*other.linked_to, logged.id)))
        write_entry(tx, app, other, EntryKind.EDITED, f"Linked with {logged.reference}.")
        write_entry(tx, app, logged, EntryKind.EDITED, f"Linked with {other.reference}.")


def subject_named(areas: Iterable[ServiceArea], name: str | None) -> tuple[ServiceArea | None, Subject | None]:
    """The subject of that name, and the service area it goes to as a rule; None for both where none is in use."""
    for area in areas:
        for subject in area.subjects:
            if name is not None and not subject.retired and same_name(subject.name, name):
                return area, subject
    return None, None


# --- residents, as one types ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A resident of a councillor's casework, with what tells two of one name apart."""

    id: str
    name: str
    email: str
    phone: str
    address: str
    confirmed_on: date | None


def residents_offered(app: App, councillor: str, typed: str) -> tuple[Offered, ...]:
    """Residents in that councillor's casework whose name, address, phone or email has what is typed."""
    if not typed.strip():
        return ()
    with app.store.reading_by(ResidentReading) as tx:
        rows = tx.resident_rows(find=typed, limit=MOST_FOUND).rows
    return tuple(_offered(row) for row in rows if same_name(row.councillor, councillor))[:_OFFERED]


def councillors_who_know(app: App, name: str, *, but: str) -> tuple[str, ...]:
    """Other councillors whose casework has a resident of that very name, where this computer may show it; else none."""
    if not name.strip():
        return ()
    with app.store.reading_by(ResidentReading) as tx:
        rows = tx.resident_rows(find=name, limit=MOST_FOUND).rows
    theirs = {row.councillor for row in rows if same_name(row.name, name) and not same_name(row.councillor, but)}
    return tuple(sorted(theirs))


def resident_offered(app: App, resident_id: str) -> Offered | None:
    """The resident of that id as they would be offered; None where they are not there any more."""
    with app.store.reading() as tx:
        found = tx.find(Resident, resident_id)
    return _offered(found) if found is not None and found.is_kept else None


def _offered(resident: Resident | ResidentRow) -> Offered:
    return Offered(
        id=resident.id,
        name=resident.name,
        email=resident.email or "",
        phone=resident.phone or "",
        address=resident.address or "",
        confirmed_on=resident.confirmed_on,
    )


# --- enquiries it is like ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What is known of an enquiry while it is typed, to find others like it; places are addresses and streets."""

    subject: str
    resident_id: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeEnquiry:
    """An enquiry of the last 90 days that may be about the same thing, and why: its resident, or its place."""

    id: str
    reference: str
    subject: str
    status: str
    received_on: date
    why: str


def like_enquiries(app: App, asked: Alike, limit: int = 3) -> tuple[LikeEnquiry, ...]:
    """Enquiries of the last 90 days on a like subject, for the same resident or about the same place, newest first."""
    since = app.today() - timedelta(days=LIKE_DAYS)
    found: dict[str, LikeEnquiry] = {}
    with app.store.reading() as tx:
        own = tx.every(Enquiry, resident_id=asked.resident_id) if asked.resident_id else ()
        for why, enquiries in (("for the same resident", own), ("about the same place", _at(app, tx, asked.places))):
            for enquiry in enquiries:
                is_recent = enquiry.deleted_at is None and local_date(enquiry.received_at) >= since
                if is_recent and is_like(enquiry.subject, asked.subject):
                    found.setdefault(enquiry.id, _like(enquiry, why))
    newest = sorted(found.values(), key=lambda like: like.received_on, reverse=True)
    return tuple(newest[:limit])


def _at(app: App, tx: Reading, places: Iterable[str]) -> list[Enquiry]:
    """The newest enquiries that name one of the places."""
    what = Wanted(which=Which.ALL, today=app.today(), order=Order.NEWEST)
    found = []
    for place in places:
        if len(place.split()) >= 2:
            page = tx.enquiry_rows(replace(what, find=place), limit=_FOUND)
            found += [tx.get(Enquiry, row.id) for row in page.rows]
    return found


def _like(enquiry: Enquiry, why: str) -> LikeEnquiry:
    return LikeEnquiry(
        id=enquiry.id,
        reference=enquiry.reference,
        subject=enquiry.subject,
        status=enquiry.status.words,
        received_on=local_date(enquiry.received_at),
        why=why,
    )


def answer_questions(app: App, enquiry_id: EnquiryId, answers: tuple[Answer, ...]) -> Enquiry:
    """Keep what the resident said to the questions, so that the enquiry can be sent."""
    with app.store.writing(author=author_of(app)) as tx:
        answered = replace(tx.get(Enquiry, enquiry_id), answers=answers)
        tx.save(answered)
        write_entry(tx, app, answered, EntryKind.EDITED, "The questions about its subject were answered.")
    return answered
