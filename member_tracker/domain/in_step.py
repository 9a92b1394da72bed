"""What a laptop and its hub tell each other, as values: ops and receipts, rows and pages, scopes and what is held."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, NewType, TypeVar

from member_tracker.domain.vocabulary import Word

T_co = TypeVar("T_co", covariant=True)

ScopeId = NewType("ScopeId", str)
"""Who may see a record: a councillor's casework (that councillor's id), the council's reference data (the council's id)
or its unmatched mail (`tray`)."""

SCHEMA = 1
"""The form of ops and rows this program writes; a hub tells the oldest and the newest it takes."""

TRAY = ScopeId("tray")

_NOTHING: Mapping[str, str] = MappingProxyType({})


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

    `verb` is create, set, add, remove or delete. For create the field is empty, and the value holds the id and every
    field but those that are empty by themselves. `seen` is the number of the record its author had before them: what
    others changed since is concurrent with closing it.
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


class AsTold(Mapping[str, T_co]):
    """What is said of each field in the JSON it came in, read when somebody looks: most is only kept, or read once."""

    __slots__ = ("_read", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._read: dict[str, T_co] | None = None

    def _all(self) -> dict[str, T_co]:
        if self._read is None:
            self._read = json.loads(self.text)
        return self._read

    def __getitem__(self, field_name: str) -> T_co:
        """What is said of a field."""
        return self._all()[field_name]

    def __iter__(self) -> Iterator[str]:
        """The fields."""
        return iter(self._all())

    def __len__(self) -> int:
        """How many fields something is said of."""
        return len(self._all())

    def __repr__(self) -> str:
        return f"AsTold({self.text!r})"


class Row(NamedTuple):
    """A record as it stands at the hub, as of `hub_seq`; `heads` names the newest op of each field.

    `gone` says that it is no longer in this scope (moved, deleted or erased); then the fields are empty. `erased` says
    that nothing of it may stay anywhere.
    """

    kind: str
    id: str
    scope_id: ScopeId
    hub_seq: int
    fields: Mapping[str, object] = _NOTHING
    heads: Mapping[str, str] = _NOTHING
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
class Tally:
    """How many live records of a scope there are up to a number, and the sum of their numbers, to compare."""

    records: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A scope on this laptop: read up to this number, under the grant of this seq, whole or still being fetched."""

    upto: int
    grant_seq: int
    can_write: bool
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What a laptop remembers of its hub between contacts; None of it is secret.

    `scopes` are those it holds with the number each was read up to and the `seq` of the grant it was read under.
    `contact_at` is the last contact by the laptop's own clock (the lease counts by it), `hub_at` the same by the hub's.
    `granted_at` is the number the hub had come to when it told which scopes may be held.
    """

    hub_id: str
    council_id: str
    epoch: int
    login: str
    device_id: str
    head: int = 0
    chain: str = ""
    granted_at: int = 0
    lease_days: int = 14
    contact_at: datetime | None = None
    hub_at: datetime | None = None
    scopes: Mapping[ScopeId, Held] = field(default_factory=dict)
