"""What every mailbox can do, whatever stands behind it: hand over arrivals, send a mail, say whether one was sent."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, Protocol

Cursor = NewType("Cursor", str)
"""How far a mailbox was read: opaque, made by the mailbox, stored with the mails of its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message as it lies in the mailbox: its bytes untouched, `received_at` the server's time where it has one."""

    name: str
    raw: bytes = field(repr=False)
    provider_id: str
    received_at: datetime | None = None
    item_class: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message that could not be fetched, and why, in words for a person."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """One page of a mailbox: store `cursor` in the same transaction as the page, and ask again while there is more."""

    page: tuple[Arrival, ...]
    cursor: Cursor
    more: bool = False
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReceipt:
    """What the mailbox knows of a mail that went: its Message-ID as it went out, when, and its id there."""

    message_id: str
    sent_at: datetime
    provider_id: str


class Mailbox(Protocol):
    """One mailbox. Every act is safe to repeat; a mailbox that cannot be reached raises `Unavailable`."""

    def arrivals(self, cursor: Cursor | None) -> Arrivals:
        """The next page after the cursor (None: from the beginning); a mail may come twice, none is left out."""
        ...

    def send(self, key: str, raw: bytes) -> SentReceipt:
        """Send the bytes once, however often it is called with this key (lower-case hex)."""
        ...

    def was_sent(self, key: str) -> SentReceipt | None:
        """The receipt of the mail sent with this key; None where the mailbox has no such mail."""
        ...
