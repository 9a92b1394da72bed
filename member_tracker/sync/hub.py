"""What laptop and hub say to each other, and what each must be able to do; nothing here speaks to either.

The hub decides and numbers what it decided; a laptop sends the ops it made and takes the rows that changed. An op is
accepted where its author had seen the newest op of that field, which is told by ids and never by a clock.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from member_tracker.domain.in_step import (
    SCHEMA,
    TRAY,
    Granted,
    Held,
    HubOp,
    Joined,
    Outcome,
    Page,
    Receipt,
    Row,
    ScopeId,
    Tally,
)
from member_tracker.domain.vocabulary import Role

__all__ = [
    "SCHEMA",
    "TRAY",
    "Granted",
    "Greeting",
    "Held",
    "Hub",
    "HubOp",
    "Joined",
    "Local",
    "Outcome",
    "Page",
    "Receipt",
    "Row",
    "ScopeId",
    "Tally",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a hub says of itself and of who asks; compare the hub's id and epoch before anything else is believed.

    `epoch` goes up by one after a restore from back-up. `head` is the last number given out, `chain` the digest of the
    last op. `device` is the four-letter part of references made on this device, `now` the hub's clock.
    """

    hub_id: str
    council_id: str
    epoch: int
    schema_min: int
    schema_cur: int
    head: int
    chain: str
    now: datetime
    login: str
    person_id: str | None
    role: Role
    device: str
    lease_days: int
    tombstone_days: int
    grants: tuple[Granted, ...]


class Hub(Protocol):
    """The hub as one account sees it. Every call is one short transaction there; each is safe to repeat.

    Raises `Unavailable` and its kin where it cannot be reached or will not answer, `NotAllowed` where the account is
    disabled or the program too old (`schema`), always with words and advice.
    """

    def greet(self, device_id: str, schema: int) -> Greeting:
        """Say who is there; a device seen for the first time is given its part of references."""
        ...

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        """Hand over at most 500 ops, in the order they were made; a receipt for each, the same if it came before."""
        ...

    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        """The rows of a scope that changed after a number; nought begins from nothing."""
        ...

    def tally(self, scope_id: ScopeId, upto: int) -> Tally:
        """What ought to be in a scope by now."""
        ...

    def chain_at(self, seq: int) -> str:
        """The digest of the last op up to a number, nothing where there is none: what was seen is looked for by it."""
        ...

    def missing_blobs(self, scope_id: ScopeId, hashes: Sequence[str]) -> frozenset[str]:
        """Which of these bytes (SHA-256) the hub does not hold whole in this scope."""
        ...

    def put_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        """Keep bytes in a scope, checked against their hash there."""
        ...

    def get_blob(self, scope_id: ScopeId, sha256: str) -> bytes | None:
        """Bytes of a scope; None where it has none of that hash."""
        ...

    def close(self) -> None:
        """Let go of the connection; it is opened again when it is needed."""
        ...


class Local(Protocol):
    """The laptop's side, as the loop needs it: each call is one local transaction, unless `together` says otherwise."""

    def joined(self) -> Joined | None:
        """What is remembered of the hub; None where this laptop belongs to none."""
        ...

    def held(self, scope_id: ScopeId) -> Held:
        """How far one of the scopes of `joined` was read."""
        ...

    def remember(self, joined: Joined) -> None:
        """Keep what was learnt at this contact."""
        ...

    def outbox(self, limit: int) -> tuple[HubOp, ...]:
        """The ops no receipt has come for, oldest first."""
        ...

    def note(self, receipts: Sequence[Receipt]) -> None:
        """Keep what became of ops; what was not accepted is taken back from what is shown, its words are kept."""
        ...

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        """Put rows in place beneath what is not acknowledged yet, and remember how far the scope was read.

        A row that is gone takes away only what still lies in this scope. Once `held.whole` is said of a scope begun
        from nothing, records of it that have no number go too, unless an op not acknowledged yet is about to make them.
        """
        ...

    def together(self) -> AbstractContextManager[None]:
        """What is taken within is one transaction."""
        ...

    def let_go(self, scope_id: ScopeId) -> None:
        """Take away everything of a scope this laptop may no longer hold, from rows, index and attachments."""
        ...

    def send_again_after(self, head: int) -> int:
        """Put acknowledged ops above this number back into the outbox, for a hub restored from a back-up; how many."""
        ...

    def start_over(self, scope_id: ScopeId | None = None) -> None:
        """Forget every number (of one scope, or of all), so that it is read from nothing.

        What is not acknowledged stays, and records are shown as they are until the scope has been read again.
        """
        ...

    def tally(self, scope_id: ScopeId) -> Tally:
        """What is in a scope here up to the number it was read to, counted as the hub counts."""
        ...

    def wanted_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        """Bytes that rows here speak of and this laptop lacks."""
        ...

    def unsent_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        """Bytes the hub has not confirmed to hold, of rows it has."""
        ...

    def blob(self, sha256: str) -> bytes:
        """Bytes kept here."""
        ...

    def keep_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        """Keep bytes from the hub, checked against their hash."""
        ...

    def blob_sent(self, scope_id: ScopeId, sha256: str) -> None:
        """Remember that the hub holds these bytes."""
        ...
