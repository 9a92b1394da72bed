"""What a mail or letter about an enquiry may say of it: its own facts as words, consent applied, and never a note.

Templates get these words and nothing else: no record, no timeline entry and no note is within their reach.
"""

import re
from collections.abc import Collection
from datetime import date

from member_tracker.domain.asked import with_answers
from member_tracker.domain.consent import THE_COUNCIL, Detail, details_allowed
from member_tracker.domain.dates import day_in_words, local_date, moment_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.people import Council, Councillor, Resident, ServiceArea
from member_tracker.domain.reading_sentences import LONGEST, body_of
from member_tracker.domain.templates import Facts
from member_tracker.domain.timeline import Suggestion, SuggestionState
from member_tracker.domain.vocabulary import MailKind, Proposal, Status
from member_tracker.services.parts import App, me
from member_tracker.services.people import person_name
from member_tracker.store.store import Reading


def facts_for_area(app: App, tx: Reading, enquiry: Enquiry) -> Facts:
    """The facts for a service area: of the resident only what they agreed the council may be told."""
    resident = tx.get(Resident, enquiry.resident_id)
    allowed = details_allowed(enquiry.agreed_consent, resident, THE_COUNCIL, app.today())
    return {
        **_of_enquiry(app, tx, enquiry),
        "enquiry.text": left_out(with_answers(enquiry.text, enquiry.answers), resident, allowed),
        "missing": enquiry.holding.chaser if enquiry.holding and enquiry.holding.gaps else "",
        "area.last_wrote": _last_wrote(tx, enquiry, resident),
        **_of_resident(resident, allowed),
    }


def _last_wrote(tx: Reading, enquiry: Enquiry, resident: Resident) -> str:
    """The day the council last wrote about it, machines not counted; empty where nobody has."""
    theirs = (resident.email or "").casefold()
    mails = tx.every(ReceivedMail, enquiry_id=enquiry.id, kind=MailKind.HUMAN)
    came = [mail.received_at for mail in mails if mail.from_address.casefold() != theirs]
    return day_in_words(local_date(max(came))) if came else ""


def facts_for_resident(app: App, tx: Reading, enquiry: Enquiry, answer: str = "") -> Facts:
    """The facts for the resident who asked: what is theirs to know, and what the service area answered and asks."""
    resident = tx.get(Resident, enquiry.resident_id)
    councillor = tx.get(Councillor, enquiry.raised_by)
    area = tx.get(ServiceArea, enquiry.service_area_id)
    return {
        **_of_enquiry(app, tx, enquiry),
        "enquiry.text": with_answers(enquiry.text, enquiry.answers),
        "answer": answer,
        "question": question_text(tx, enquiry),
        **_of_resident(resident, tuple(Detail)),
        "how_we_help": f"{councillor.name} has taken this up with {area.name} for you.",
        "how_long": _how_long(enquiry, app.today()),
        "keep_in_touch": "We will write to you when there is an answer, and if it takes longer than that. You can ask"
        f" us at any time how it stands; please give the reference {enquiry.reference}.",
    }


def _how_long(enquiry: Enquiry, today: date) -> str:
    """When an answer is expected; nobody is promised a day that has passed."""
    by = enquiry.respond_by
    if by is None:
        return "The council has promised no day for an answer to this. We will ask for one and tell you."
    if by < today and enquiry.answered_at is None:
        return f"An answer was due by {day_in_words(by)} and has not come yet. We will ask for it and tell you."
    return f"You can expect an answer by {day_in_words(by)}."


def answer_text(tx: Reading, enquiry: Enquiry) -> str:
    """What the service area answered, without greeting and sign-off; empty where no answer was accepted."""
    return _accepted_as(tx, enquiry, Proposal.ANSWER, Proposal.CLOSURE)


def question_text(tx: Reading, enquiry: Enquiry) -> str:
    """What the service area asks of the resident, without greeting and sign-off; empty unless that is waited for."""
    waits = enquiry.status is Status.WAITING_FOR_RESIDENT
    return _accepted_as(tx, enquiry, Proposal.QUESTION) if waits else ""


def _accepted_as(tx: Reading, enquiry: Enquiry, *proposals: Proposal) -> str:
    """The words of the newest mail that was accepted as one of these; empty where none was."""
    decided = tx.every(Suggestion, enquiry_id=enquiry.id, state=SuggestionState.ACCEPTED)
    accepted = [suggestion for suggestion in decided if suggestion.proposal in proposals]
    if not accepted:
        return ""
    newest = max(accepted, key=lambda suggestion: suggestion.arrived_at)
    reply = tx.get(ReceivedMail, newest.mail_id).reply_text.strip()
    return reply if len(reply) > LONGEST else body_of(reply).strip() or reply


def left_out(text: str, resident: Resident, allowed: Collection[Detail]) -> str:
    """The text without those of the resident's details that may not leave, each said to have been left out."""
    for detail, value in known_details(resident).items():
        if detail not in allowed:
            words = r"\W{1,3}".join(re.escape(word) for word in value.split())
            text = re.sub(rf"(?<!\w){words}(?!\w)", f"[{detail.words.lower()} left out]", text, flags=re.IGNORECASE)
    return text


def known_details(resident: Resident) -> dict[Detail, str]:
    """What is known of the resident that must not leave without their consent."""
    held = {
        Detail.NAME: resident.name,
        Detail.ADDRESS: resident.address,
        Detail.PHONE: resident.phone,
        Detail.EMAIL: resident.email,
    }
    return {detail: value for detail, value in held.items() if value}


def _of_resident(resident: Resident, allowed: Collection[Detail]) -> Facts:
    prefers = resident.preferred_channel
    known = known_details(resident).items()
    facts = {f"resident.{detail.value}": value for detail, value in known if detail in allowed}
    if allowed:
        facts["resident.prefers"] = prefers.words.lower() if prefers else ""
        facts["resident.language"] = resident.language or ""
        facts["resident.needs"] = resident.communication_needs or ""
    return facts


def _of_enquiry(app: App, tx: Reading, enquiry: Enquiry) -> Facts:
    council = tx.get(Council, enquiry.council_id)
    area = tx.get(ServiceArea, enquiry.service_area_id)
    main_number, main_address = app.charters.contact(council)
    days = {
        "enquiry.acknowledge_by": enquiry.acknowledge_by,
        "enquiry.answer_by": enquiry.respond_by,
        "enquiry.promised_on": enquiry.promised_on,
        "today": app.today(),
    }
    return {
        "councillor.name": tx.get(Councillor, enquiry.raised_by).name,
        "writer.name": person_name(tx, me(tx)) or "",
        "council.name": council.name,
        "council.main_number": main_number,
        "council.main_address": main_address,
        "area.name": area.name,
        "area.direct_number": area.direct_number or "",
        "enquiry.reference": enquiry.reference,
        "enquiry.subject": enquiry.subject,
        "enquiry.kind": enquiry.kind.words.lower(),
        "enquiry.received": moment_in_words(enquiry.received_at),
        "enquiry.other_reference": enquiry.other_reference or "",
        **{name: day_in_words(on) if on else "" for name, on in days.items()},
    }
