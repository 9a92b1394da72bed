"""Who takes part in a history: users with a laptop each, and an office that runs the hub and can look into it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from member_tracker.sync.hub import SCHEMA, Hub, Local, Outcome, ScopeId
from tests.sync.people import Part

Key = tuple[str, str]


class Record(Protocol):
    """A record as its user sees it."""

    @property
    def scope_id(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Any]: ...


class Hands(Protocol):
    """What a user does on a laptop, and what they see there."""

    def create(self, key: Key, fields: dict[str, Any]) -> str: ...
    def edit(self, verb: str, key: Key, name: str, value: object) -> str: ...
    def everything(self) -> Mapping[Key, Record]: ...
    def outcome_of(self, op_id: str) -> Outcome | None: ...
    def refused(self) -> Sequence[object]: ...
    def every_word(self) -> Iterator[object]: ...


@dataclass(slots=True, kw_only=True)
class User:
    """Somebody at a laptop; `ahead` is how wrong its clock is."""

    part: Part
    device_id: str
    hands: Hands
    local: Local
    ahead: timedelta = timedelta()
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record as the hub keeps it; gone if nobody is shown it any more."""

    kind: str
    id: str
    scope_id: str
    fields: Mapping[str, object] = field(default_factory=dict)
    gone: bool = False
    erased: bool = False

    @property
    def key(self) -> Key:
        return self.kind, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOp:
    """An op as the hub logged it."""

    op_id: str
    device: str
    key: Key
    outcome: str


class Office(Protocol):
    """Whoever runs the hub."""

    def now(self) -> datetime: ...
    def sign_in(self, login: str) -> Hub: ...
    def grant(self, login: str, scope_id: ScopeId) -> None: ...
    def revoke(self, login: str, scope_id: ScopeId) -> None: ...
    def erase(self, kind: str, record_id: str) -> None: ...
    def set_disabled(self, login: str, *, disabled: bool) -> None: ...
    def sees(self, login: str) -> frozenset[str]: ...
    def stored(self) -> Sequence[Stored]: ...
    def judged(self) -> Sequence[JudgedOp]: ...
    def every_word(self) -> Iterator[object]: ...
    def chain_holds(self) -> bool: ...
