"""What every mailbox can do, whatever stands behind it: hand over arrivals, take a draft, send it, say where it is."""

from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType, Protocol

from member_tracker.domain.availability import Busy, MailTip
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import Finding, SendingWay
from member_tracker.domain.watching import UNWATCHED, Watch

Cursor = NewType("Cursor", str)
"""How far a mailbox was read: opaque, made by the mailbox, stored with the mails of its page."""

Known = Callable[[Collection[str]], AbstractSet[str]]
"""Which of these provider ids are kept already, and so need not be fetched again."""


def _nothing_known(ids: Collection[str]) -> AbstractSet[str]:
    del ids
    return frozenset()


NOTHING_KNOWN: Known = _nothing_known


class NotOffered(TrackerError):
    """The mailbox cannot do this, and what it can do goes on without; the title is the server's answer in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message as it lies in the mailbox: its bytes untouched, `received_at` the server's time where it has one.

    `item_class` is Exchange's word for what kind of item it is, such as REPORT.IPM.Note.NDR (None: not told).
    `stamped` says that the server keeps forged stamps out, so that what it wrote in the head about the sender counts.
    """

    name: str
    raw: bytes = field(repr=False)
    provider_id: str
    received_at: datetime | None = None
    item_class: str | None = None
    stamped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message that could not be fetched, and why, in words for a person."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """One page of a mailbox: store `cursor` in the same transaction as the page, and ask again while there is more.

    `left` are provider ids of what is no longer in the folder read: moved, archived or deleted, nobody knows which.
    `begun_again` says the server had lost its place, so the folder is being read over from some days back.
    """

    page: tuple[Arrival, ...]
    cursor: Cursor
    more: bool = False
    refused: tuple[Refused, ...] = ()
    left: tuple[str, ...] = ()
    begun_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail of ours as a mailbox is given it: its key (lower-case hex), its Message-ID and its bytes, all for good."""

    key: str
    message_id: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReceipt:
    """What the mailbox knows of a mail that went: its Message-ID as it went out, when, and its id there."""

    message_id: str
    sent_at: datetime
    provider_id: str
    thread_key: str | None = None


class Spot(Enum):
    """Where a letter of ours lies in its mailbox.

    NOWHERE: no copy is found. DRAFT: saved, and nobody tried to send it. TRIED: somebody tried, and it is neither gone
    nor refused, so nobody can say. SENT: a copy lies in Sent Items, or lay there and was deleted.
    """

    NOWHERE = "nowhere"
    DRAFT = "draft"
    TRIED = "tried"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a letter lies; `receipt` is there exactly where it is SENT."""

    spot: Spot
    receipt: SentReceipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a test message to oneself came to: the way of sending that works (None: none did), and what was found."""

    way: SendingWay | None
    findings: tuple[Finding, ...]


class Mailbox(Protocol):
    """One mailbox; every act is safe to repeat. Out of reach it raises `Unavailable`, refused an act `NotAllowed`.

    The last five are not offered by every server, which then raises `NotOffered`. `drafts` is False where a letter can
    only be made and sent in one act: then `save_draft` does nothing and `send_draft` sends from nowhere.
    """

    @property
    def drafts(self) -> bool:
        """Whether a letter is saved before it is sent."""
        ...

    def arrivals(self, cursor: Cursor | None, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """The next page after the cursor (None: from the first day); a mail may come twice, none is left out."""
        ...

    def look(self, letter: Letter) -> Found:
        """Where the letter is; asked before every step and after it."""
        ...

    def save_draft(self, letter: Letter) -> None:
        """Put the letter into Drafts under its key; called only where it was found NOWHERE."""
        ...

    def send_draft(self, letter: Letter) -> None:
        """Send the one draft with this key; a draft that is no longer there is no error, the next look tells."""
        ...

    def prove(self, watch: Watch = UNWATCHED) -> Proof:
        """Send a test message to this mailbox itself, see it arrive, and take every trace of it away again."""
        ...

    def close(self) -> None:
        """Let go of connections; the mailbox may be used again."""
        ...

    def sweep(self, since: datetime, known: Known = NOTHING_KNOWN, watch: Watch = UNWATCHED) -> Arrivals:
        """Everything received since then that is not known, past any cursor (of which it says nothing)."""
        ...

    def still_there(self, provider_ids: Sequence[str]) -> AbstractSet[str]:
        """Which of these lie anywhere in the mailbox still."""
        ...

    def tips(self, addresses: Sequence[str]) -> tuple[MailTip, ...]:
        """What the server says about writing to these addresses just now."""
        ...

    def free_busy(self, addresses: Sequence[str], start: datetime, end: datetime) -> tuple[Busy, ...]:
        """The times between `start` and `end` at which the owners of these calendars are not free."""
        ...

    def check(self, way: SendingWay | None = None) -> tuple[Finding, ...]:
        """What the user may do with this mailbox, right by right; raises only where it cannot be reached at all."""
        ...
