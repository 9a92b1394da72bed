"""What happened to an enquiry, in order: entries are only ever added, and a correction is a new entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NewType

from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.people import PersonId
from member_tracker.domain.vocabulary import MailKind, Proposal, Word

EntryId = NewType("EntryId", str)
MailId = NewType("MailId", str)
SuggestionId = NewType("SuggestionId", str)


class EntryKind(Word):
    """What sort of thing happened."""

    LOGGED = "logged"
    EDITED = "edited"
    QUEUED = "queued"
    SENT = "sent"
    MAIL = "mail"
    UNFILED = "unfiled"
    NOTE = "note"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    RESIDENT_TOLD = "resident_told"
    CLOSED = "closed"
    REOPENED = "reopened"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    HELD = "held"
    PROMISED = "promised"
    REROUTED = "rerouted"
    ESCALATED = "escalated"
    PASSED_ON = "passed_on"
    MERGED = "merged"
    UNMERGED = "unmerged"
    COMPLAINT = "complaint"
    STAGE_TWO = "stage_two"
    RECOUNTED = "recounted"
    UNDONE = "undone"
    CONSENT = "consent"
    CARRIED_OVER = "carried_over"
    REMINDED = "reminded"
    DELETED = "deleted"
    PUT_BACK = "put_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened to an enquiry at `at`, written down by `author` at `written_at`.

    A note is internal: nothing that composes mail ever reads entries.
    """

    id: EntryId
    enquiry_id: EnquiryId
    kind: EntryKind
    at: datetime
    written_at: datetime
    author: PersonId | None
    text: str
    details: Mapping[str, str] = field(default_factory=dict)


class SuggestionState(Word):
    """Whether a person has decided about a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a mail seems to mean for an enquiry, with the sentence relied on; nothing happens until a person accepts.

    `arrived_at` is when the mail reached us, and `arrived_doubt` says in words why that time may be wrong (None: sure).
    """

    id: SuggestionId
    enquiry_id: EnquiryId
    mail_id: MailId
    kind: MailKind
    proposal: Proposal
    sentence: str | None
    arrived_at: datetime
    collected_at: datetime
    others: tuple[Proposal, ...] = ()
    promised_on: date | None = None
    returns_on: date | None = None
    arrived_doubt: str | None = None
    state: SuggestionState = SuggestionState.OPEN
    decided_by: PersonId | None = None
    decided_at: datetime | None = None
    effect_at: datetime | None = None
