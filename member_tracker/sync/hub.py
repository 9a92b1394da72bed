"""What laptop and hub say to each other, and what each must be able to do; nothing here speaks to either.

The hub decides and numbers what it decided; a laptop sends the ops it made and takes the rows that changed. An op is
accepted where its author had seen the newest op of that field, which is told by ids and never by a clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType, Protocol

from member_tracker.domain.vocabulary import Role, Word

ScopeId = NewType("ScopeId", str)
"""Who may see a record: a councillor's casework (that councillor's id), the council's reference data (the council's id)
or its unmatched mail (`tray`)."""

SCHEMA = 1
"""The form of ops and rows this program writes; a hub tells the oldest and the newest it takes."""

TRAY = ScopeId("tray")


class Outcome(Word):
    """What the hub made of an op.

    `conflict`: somebody else changed the field meanwhile, whose value stands until a person settles it. `denied`: the
    account may not do this. `illegal`: the step is none the record can take. `erased`: the person was erased.
    """

    ACCEPTED = "accepted"
    CONFLICT = "conflict"
    DENIED = "denied"
    ILLEGAL = "illegal"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubOp:
    """One edit as it is sent: `value` is JSON, `base` the id of the op its author had seen for the field.

    `verb` is create, set, add, remove or delete. For create the field is empty and the value holds every field. `seen`
    is the number of the record its author had before them: what others changed since is concurrent with closing it.
    """

    id: str
    verb: str
    kind: str
    record_id: str
    field: str
    value: object
    base: str | None
    author: str | None
    made_at: datetime
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record as it stands at the hub, as of `hub_seq`; `heads` names the newest op of each field.

    `gone` says that it is no longer in this scope (moved, deleted or erased); then the fields are empty. `erased` says
    that nothing of it may stay anywhere.
    """

    kind: str
    id: str
    scope_id: ScopeId
    hub_seq: int
    fields: Mapping[str, object] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    gone: bool = False
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of an op. `row` is how the record stands where the op was not accepted and the account may see it."""

    op_id: str
    outcome: Outcome
    hub_seq: int
    reason: str = ""
    row: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows of a scope in order of their numbers; a number is never split between pages. `upto` is the last one read."""

    rows: tuple[Row, ...]
    upto: int
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A scope the account may see, and whether it may write there; `seq` tells a grant given anew from the old one."""

    scope_id: ScopeId
    can_write: bool
    seq: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many live records of a scope there are up to a number, and the sum of their numbers, to compare."""

    records: int
    total: int


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


class Link(Enum):
    """How a laptop stands with its hub."""

    NONE = "none"
    IN_STEP = "in_step"
    OFFLINE = "offline"
    LOCKED = "locked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What a laptop remembers of its hub between contacts; None of it is secret.

    `scopes` are those it holds with the number each was read up to and the `seq` of the grant it was read under.
    """

    hub_id: str
    council_id: str
    epoch: int
    login: str
    device_id: str
    head: int = 0
    chain: str = ""
    lease_days: int = 14
    contact_at: datetime | None = None
    scopes: Mapping[ScopeId, "Held"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A scope on this laptop: read up to this number, under the grant of this seq, whole or still being fetched."""

    upto: int
    grant_seq: int
    can_write: bool
    whole: bool


class Local(Protocol):
    """The laptop's side, as the loop needs it: each call is one local transaction."""

    def joined(self) -> Joined | None:
        """What is remembered of the hub; None where this laptop belongs to none."""
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
        """Put rows in place beneath what is not acknowledged yet, and remember how far the scope was read."""
        ...

    def let_go(self, scope_id: ScopeId) -> None:
        """Take away everything of a scope this laptop may no longer hold, from rows, index and attachments."""
        ...

    def send_again_after(self, head: int) -> int:
        """Put acknowledged ops above this number back into the outbox, for a hub restored from a back-up; how many."""
        ...

    def start_over(self) -> None:
        """Forget every number, so that each scope is read from nothing; what is not acknowledged stays."""
        ...

    def tally(self, scope_id: ScopeId) -> Tally:
        """What is in a scope here, counted as the hub counts."""
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
