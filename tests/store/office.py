"""Made-up people and enquiries for the tests of the store, and the clock they live by."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from member_tracker.domain.clock import Clock, Clocks, Step
from member_tracker.domain.dates import LONDON
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.mailbag import MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.people import (
    Council,
    CouncilId,
    Councillor,
    PersonId,
    Resident,
    ResidentId,
    ServiceArea,
    ServiceAreaId,
)
from member_tracker.domain.reference import make_reference
from member_tracker.domain.timeline import Entry, EntryId, EntryKind, MailId, Suggestion, SuggestionId
from member_tracker.domain.vocabulary import (
    AfterHours,
    Channel,
    MailKind,
    OutgoingState,
    Proposal,
    Start,
)
from member_tracker.store.store import Store

KEY = bytes(range(32))
NOON = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
TODAY = date(2026, 6, 3)

COUNCIL = Council(id=CouncilId("council"), name="Chorley")
ANNA = Councillor(id=PersonId("anna"), council_id=COUNCIL.id, name="Anna Ash", email="anna.ash@example.org")
BILAL = Councillor(id=PersonId("bilal"), council_id=COUNCIL.id, name="Bilal Birch", email="bilal@example.org")
ROSE = Resident(
    id=ResidentId("rose"),
    councillor_id=ANNA.id,
    name="Rose Müller",
    email="Rose.M@example.org",
    address="7 Elm Close",
)
WASTE = ServiceArea(
    id=ServiceAreaId("waste"), council_id=COUNCIL.id, name="Waste", addresses=("waste@council.example.org",)
)
PARKS = ServiceArea(
    id=ServiceAreaId("parks"), council_id=COUNCIL.id, name="Parks", addresses=("parks@partner.example.org",)
)


@dataclass(slots=True)
class Clockwork:
    """A clock that stands still until it is moved, and identities in order."""

    at: datetime = NOON
    device: str = "op"
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    def now(self) -> datetime:
        return self.at

    def new_id(self) -> str:
        return f"{self.device}-{next(self._ids):06}"


def open_store(folder: Path, clockwork: Clockwork | None = None, *, wait_seconds: float = 5.0) -> Store:
    clockwork = clockwork or Clockwork()
    return Store.open(folder, KEY, now=clockwork.now, new_id=clockwork.new_id, wait_seconds=wait_seconds)


def furnish(store: Store) -> None:
    with store.writing(author=ANNA.id) as tx:
        for record in (COUNCIL, ANNA, BILAL, ROSE, WASTE, PARKS):
            tx.save(record)


def clocks_due(on: date | None, *, stopped_at: datetime | None = None) -> Clocks:
    """Clocks whose answer is due at the end of a day."""
    due_at = None if on is None else datetime(on.year, on.month, on.day, 23, 59, 59, tzinfo=LONDON).astimezone(UTC)
    clock = Clock(
        step=Step.REPLY,
        contact="Email",
        within="10 working days",
        starts=Start.RECEIVED,
        days=10,
        due_by=on,
        due_at=due_at,
        stopped_at=stopped_at,
    )
    return Clocks(
        charter_id="members-protocol",
        standard_id="answer",
        received_at=NOON,
        after_hours=AfterHours.SAME_DAY,
        counts_from=TODAY,
        respond=clock,
    )


def enquiry(number: int = 1, **changes: object) -> Enquiry:
    usual: dict[str, Any] = {
        "id": EnquiryId(f"enquiry-{number:05}"),
        "reference": make_reference("G7K3", number),
        "council_id": COUNCIL.id,
        "raised_by": ANNA.id,
        "resident_id": ROSE.id,
        "entered_by": ANNA.id,
        "service_area_id": WASTE.id,
        "channel": Channel.EMAIL,
        "received_at": NOON + timedelta(minutes=number),
        "logged_at": NOON,
        "subject": f"Missed bin {number}",
        "text": "The brown bin was not emptied.",
    }
    usual.update(changes)
    return Enquiry(**usual)


def note(number: int = 1, **changes: object) -> Entry:
    usual: dict[str, Any] = {
        "id": EntryId(f"note-{number}"),
        "enquiry_id": EnquiryId("enquiry-00001"),
        "kind": EntryKind.NOTE,
        "at": NOON,
        "written_at": NOON,
        "author": ANNA.id,
        "text": "Rang the depot.",
    }
    usual.update(changes)
    return Entry(**usual)


def received(number: int = 1, **changes: object) -> ReceivedMail:
    usual: dict[str, Any] = {
        "id": MailId(f"mail-{number}"),
        "message_id": f"<reply-{number}@council.example.org>",
        "content_hash": "",
        "original": "",
        "from_address": "officer@council.example.org",
        "from_name": "Olu Officer",
        "to": ("anna.ash@example.org",),
        "subject": "Re: Missed bin",
        "received_at": NOON,
        "collected_at": NOON,
        "kind": MailKind.HUMAN,
        "proposal": Proposal.ANSWER,
        "place": MailPlace.TRAY,
        "reply_text": "It was emptied today.",
        "text": "It was emptied today.\n> The brown bin",
    }
    usual.update(changes)
    return ReceivedMail(**usual)


def queued(number: int = 1, **changes: object) -> QueuedMail:
    usual: dict[str, Any] = {
        "id": MailId(f"outgoing-{number}"),
        "enquiry_id": EnquiryId("enquiry-00001"),
        "key": f"{number:032x}",
        "message_id": f"<ours-{number}@example.org>",
        "from_address": "anna.ash@example.org",
        "to": ("waste@council.example.org",),
        "subject": "Missed bin",
        "body": "Please look into this.",
        "original": "",
        "state": OutgoingState.QUEUED,
        "queued_at": NOON,
    }
    usual.update(changes)
    return QueuedMail(**usual)


def suggestion(number: int = 1, **changes: object) -> Suggestion:
    usual: dict[str, Any] = {
        "id": SuggestionId(f"suggestion-{number}"),
        "enquiry_id": EnquiryId("enquiry-00001"),
        "mail_id": MailId("mail-1"),
        "kind": MailKind.HUMAN,
        "proposal": Proposal.ANSWER,
        "sentence": "It was emptied today.",
        "arrived_at": NOON,
        "collected_at": NOON,
    }
    usual.update(changes)
    return Suggestion(**usual)


def everything_in(store: Store) -> tuple[list[Any], ...]:
    """Every row of the file, as it lies there."""
    with store.reading() as tx:
        connection = tx._connection
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return tuple(sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))) for name in sorted(tables))
