"""Recording what a resident agreed to on an enquiry; a withdrawal holds back what was about to leave."""

from dataclasses import dataclass, replace
from datetime import date

from member_tracker.domain.consent import THE_COUNCIL, Consent, ConsentKind, withdraw
from member_tracker.domain.dates import day_in_words
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.mailbag import MailPurpose, QueuedMail
from member_tracker.domain.people import OutsideBody
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.services.enquiries import write_entry
from member_tracker.services.letters import keep_back
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import nearest_names, same_name
from member_tracker.store.store import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What the resident is said to have agreed to; no bodies means the council alone."""

    kind: ConsentKind
    how: str = ""
    given_on: date | None = None
    bodies: tuple[str, ...] = ()
    until: date | None = None
    special_category: bool = False


def record_consent(app: App, enquiry_id: EnquiryId, agreed: Agreed) -> Enquiry:
    """Keep what the resident agreed to from now on; what was said before stays in the history."""
    if agreed.kind is ConsentKind.EXPLICIT and not agreed.how.strip():
        raise Invalid("It is not said how the resident agreed.", advice="Add --how, such as “by telephone on Monday”.")
    if agreed.special_category and agreed.kind is not ConsentKind.EXPLICIT:
        raise Invalid(
            "Special category information needs explicit consent.", advice="Ask the resident, then use --kind explicit."
        )
    with app.store.writing(author=author_of(app)) as tx:
        consent = Consent(
            kind=agreed.kind,
            how=agreed.how.strip(),
            given_on=agreed.given_on or app.today(),
            bodies=_bodies(tx, agreed.bodies) if agreed.kind is not ConsentKind.NONE else (),
            until=agreed.until,
            special_category=agreed.special_category,
        )
        return keep_consent(app, tx, enquiry_id, consent, consent_in_words(consent))


def withdraw_consent(app: App, enquiry_id: EnquiryId) -> Enquiry:
    """The resident has withdrawn: no mail written from now on, nor one still waiting, carries their details."""
    with app.store.writing(author=author_of(app)) as tx:
        consent = withdraw(tx.get(Enquiry, enquiry_id).agreed_consent, on=app.today())
        return keep_consent(app, tx, enquiry_id, consent, "Consent was withdrawn.")


def keep_consent(app: App, tx: Transaction, enquiry_id: EnquiryId, consent: Consent, text: str) -> Enquiry:
    """Keep a consent within a transaction; mail that waits with details it no longer allows is held back."""
    enquiry = replace(tx.get(Enquiry, enquiry_id), consent=consent)
    if not consent.covers(THE_COUNCIL, app.today()):
        held = [mail for mail in tx.every(QueuedMail, enquiry_id=enquiry.id) if waits_with_details(mail)]
        for mail in held:
            tx.save(keep_back(mail))
        if held:
            text += " The mail waiting to go to the service area was held back; send it again without the details."
        if held and enquiry.status is Status.WAITING_TO_SEND:
            enquiry = replace(enquiry, status=Status.DRAFT)
    tx.save(enquiry)
    write_entry(tx, app, enquiry, EntryKind.CONSENT, text)
    return enquiry


def waits_with_details(mail: QueuedMail) -> bool:
    """Whether a mail waits to go to the service area, with what it tells of the resident."""
    return mail.purpose is MailPurpose.ENQUIRY and mail.state is OutgoingState.QUEUED


def _bodies(tx: Reading, named: tuple[str, ...]) -> tuple[str, ...]:
    """The bodies as they are kept: the council, or an outside body by its name."""
    known = [THE_COUNCIL, *(body.name for body in tx.every(OutsideBody))]
    found = []
    for name in named or (THE_COUNCIL,):
        match = next((body for body in known if same_name(name, body)), None)
        if match is None:
            raise NotFound(f"There is no body called “{name}”.", advice=f"Did you mean {nearest_names(name, known)}?")
        found.append(match)
    return tuple(dict.fromkeys(found))


def consent_in_words(consent: Consent) -> str:
    """What the resident agreed to, as a sentence."""
    if consent.kind is ConsentKind.NONE:
        return "The resident did not agree that anybody is told who they are."
    until = f" until {day_in_words(consent.until)}" if consent.until else ""
    health = ", special category information included" if consent.special_category else ""
    how = f" ({consent.how})" if consent.how else ""
    return f"{consent.kind.words} consent for {' and '.join(consent.bodies)}{until}{health}{how}."
