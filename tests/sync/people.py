"""The made-up council of the histories: who takes part, and what the records they make look like."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.people import (
    CouncilId,
    Councillor,
    PersonId,
    Resident,
    ResidentId,
    ServiceArea,
    ServiceAreaId,
)
from member_tracker.domain.reference import Reference
from member_tracker.domain.timeline import Entry, EntryId, EntryKind, MailId, Suggestion, SuggestionId
from member_tracker.domain.vocabulary import Channel, MailKind, Proposal, Role
from member_tracker.store.kept import Record
from member_tracker.store.shapes import shape_of

COUNCIL = CouncilId("council")
COUNCILLORS = (PersonId("Abara"), PersonId("Byrne"), PersonId("Cole"))
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Somebody with an account."""

    login: str
    role: Role
    person_id: str
    scopes: tuple[str, ...] = ()


PARTS = (
    Part(login="admin", role=Role.ADMINISTRATOR, person_id="Admin"),
    Part(login="abara", role=Role.COUNCILLOR, person_id="Abara"),
    Part(login="support", role=Role.SUPPORT, person_id="Support", scopes=("Abara", "Byrne")),
    Part(login="officer", role=Role.OFFICER, person_id="Officer"),
    Part(login="byrne", role=Role.COUNCILLOR, person_id="Byrne"),
    Part(login="narrow", role=Role.OFFICER, person_id="Narrow", scopes=("Byrne", "Cole")),
)


def plain(value: Record) -> dict[str, Any]:
    """A record as the op that makes it holds it."""
    return shape_of(type(value)).every_plain(value)


_COUNCILLOR = Councillor(id=COUNCILLORS[0], council_id=COUNCIL, name="Cllr")
_SERVICE_AREA = ServiceArea(id=ServiceAreaId("area"), council_id=COUNCIL, name="Highways")
_RESIDENT = Resident(id=ResidentId("resident"), councillor_id=COUNCILLORS[0], name="Somebody")
_ENQUIRY = Enquiry(
    id=EnquiryId("enquiry"),
    reference=Reference("ENQ-7K3M-142-XR"),
    council_id=COUNCIL,
    raised_by=COUNCILLORS[0],
    resident_id=ResidentId("resident"),
    entered_by=COUNCILLORS[0],
    service_area_id=ServiceAreaId("area"),
    channel=Channel.EMAIL,
    received_at=START,
    subject="subject",
    text="text",
    logged_at=START,
)
_ENTRY = (
    Entry(
        id=EntryId("entry"), enquiry_id=EnquiryId("enquiry"), kind=EntryKind.NOTE, at=START, written_at=START,
        author=None, text="note",
    )
)  # fmt: skip
_MAIL = (
    ReceivedMail(
        id=MailId("mail"), message_id=None, content_hash="0" * 64, original="0" * 64, from_address="a@example.org",
        from_name="A", to=(), subject="Re", received_at=START, collected_at=START, kind=MailKind.HUMAN,
        proposal=Proposal.NONE, place=MailPlace.TRAY, reply_text="seen", text="seen",
    )
)  # fmt: skip
_SUGGESTION = (
    Suggestion(
        id=SuggestionId("suggestion"), enquiry_id=EnquiryId("enquiry"), mail_id=MailId("mail"), kind=MailKind.HUMAN,
        proposal=Proposal.ANSWER, sentence="It is done.", arrived_at=START, collected_at=START,
    )
)  # fmt: skip

VALUES: dict[str, Any] = {
    shape_of(type(value)).kind.value: value
    for value in (_COUNCILLOR, _SERVICE_AREA, _RESIDENT, _ENQUIRY, _ENTRY, _MAIL, _SUGGESTION)
}
COUNCILLOR, SERVICE_AREA, RESIDENT, ENQUIRY, ENTRY, MAIL, SUGGESTION = (plain(value) for value in VALUES.values())
