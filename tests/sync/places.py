"""Hubs to hold to one contract: the one in memory and one on a real PostgreSQL, told apart by nothing but speed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from member_tracker.domain.vocabulary import Role
from member_tracker.sync.hub import SCHEMA, Hub, HubOp, Receipt, Row, ScopeId
from tests.fakes.hub import HubInMemory
from tests.sync.hub_place import HubPlace

MADE_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Place(Protocol):
    """A hub with an administrator who is there from the beginning."""

    council_id: str

    def administrator(self) -> Hub: ...
    def add_user(
        self, login: str, role: Role, *, person_id: str | None = None, councillors: Sequence[str] = ()
    ) -> Hub: ...
    def grant(self, login: str, scope_id: str) -> None: ...
    def revoke(self, login: str, scope_id: str) -> None: ...
    def disable(self, login: str) -> None: ...
    def erase(self, kind: str, record_id: str) -> None: ...


class PlaceInMemory:
    def __init__(self) -> None:
        self.council_id = "council"
        self.hub = HubInMemory(self.council_id)
        self.hub.add_account("first", Role.ADMINISTRATOR)

    def administrator(self) -> Hub:
        return self.hub.sign_in("first")

    def add_user(self, login: str, role: Role, *, person_id: str | None = None, councillors: Sequence[str] = ()) -> Hub:
        self.hub.add_account(login, role, person_id=person_id, scopes=councillors)
        return self.hub.sign_in(login)

    def grant(self, login: str, scope_id: str) -> None:
        self.hub.grant(login, ScopeId(scope_id))

    def revoke(self, login: str, scope_id: str) -> None:
        self.hub.revoke(login, ScopeId(scope_id))

    def disable(self, login: str) -> None:
        self.hub.accounts[login].disabled = True

    def erase(self, kind: str, record_id: str) -> None:
        self.hub.erase(kind, record_id)


@dataclass(kw_only=True)
class PlaceOnPostgres:
    place: HubPlace
    council_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.council_id = self.place.council_id
        self._office = self.place.administration()

    def administrator(self) -> Hub:
        return self.place.sign_in()

    def add_user(self, login: str, role: Role, *, person_id: str | None = None, councillors: Sequence[str] = ()) -> Hub:
        return self.place.add_user(login, role, person_id=person_id, councillors=councillors)

    def grant(self, login: str, scope_id: str) -> None:
        self._office.grant(login, scope_id)

    def revoke(self, login: str, scope_id: str) -> None:
        self._office.revoke(login, scope_id)

    def disable(self, login: str) -> None:
        self._office.disable(login)

    def erase(self, kind: str, record_id: str) -> None:
        self._office.erase(kind, record_id)


@dataclass(kw_only=True)
class Desk:
    """Somebody's device at a hub, and the ops it sends by hand."""

    hub: Hub
    device: str
    made: int = 0

    def op(
        self,
        verb: str,
        key: tuple[str, str],
        name: str = "",
        value: object = None,
        *,
        base: str | None = None,
        seen: int = 0,
    ) -> HubOp:
        self.made += 1
        return HubOp(
            id=f"{self.device}-{self.made}", verb=verb, kind=key[0], record_id=key[1], field=name, value=value,
            base=base, author=self.device, made_at=MADE_AT, seen=seen,
        )  # fmt: skip

    def send(self, *ops: HubOp) -> tuple[Receipt, ...]:
        return self.hub.push(self.device, SCHEMA, ops)

    def make(self, kind: str, record_id: str, **fields: object) -> HubOp:
        """Makes a record at the hub and gives the op that made it."""
        op = self.op("create", (kind, record_id), "", {"id": record_id, **fields})
        [receipt] = self.send(op)
        assert receipt.outcome.value == "accepted", receipt
        return op

    def rows(self, scope_id: str, after: int = 0) -> dict[tuple[str, str], Row]:
        """The rows of a scope as one page gives them."""
        return {(row.kind, row.id): row for row in self.hub.pull(ScopeId(scope_id), after, 1_000).rows}

    def head(self) -> int:
        return self.hub.greet(self.device, SCHEMA).head
