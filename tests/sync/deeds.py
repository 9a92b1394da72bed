"""Ops as a laptop would send them, and a hub with a few people and an enquiry in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from member_tracker.domain.vocabulary import Role
from member_tracker.sync.hub import SCHEMA, Hub, HubOp, Receipt, Row, ScopeId
from member_tracker.sync.postgres import PostgresHub
from tests.sync.hub_place import COUNCIL, HubPlace

ABARA, BYRNE = "councillor-abara", "councillor-byrne"
MADE_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
_numbers = count(1)


def op(
    verb: str,
    kind: str,
    record_id: str,
    name: str = "",
    value: object = None,
    *,
    base: str | None = None,
    seen: int = 0,
) -> HubOp:
    """An op with an id of its own."""
    return HubOp(
        id=f"op-{next(_numbers)}", verb=verb, kind=kind, record_id=record_id, field=name, value=value, base=base,
        author=None, made_at=MADE_AT, seen=seen,
    )  # fmt: skip


def made(kind: str, record_id: str, **fields: object) -> HubOp:
    """The op that makes a record."""
    return op("create", kind, record_id, value={"id": record_id, **fields})


def enquiry(record_id: str, raised_by: str = ABARA, **fields: object) -> HubOp:
    """The op that makes an enquiry."""
    whole = {"reference": f"ENQ-{record_id}", "subject": "Bins", "status": "draft", "tags": [], "flags": [], **fields}
    return made("enquiry", record_id, raised_by=raised_by, **whole)


def edit(record_id: str, name: str, value: object, base: HubOp | str, *, kind: str = "enquiry", seen: int = 0) -> HubOp:
    """The op that sets a field whose newest op its author had seen."""
    return op("set", kind, record_id, name, value, base=base if isinstance(base, str) else base.id, seen=seen)


def push(hub: Hub, *ops: HubOp, device: str = "device-1") -> tuple[Receipt, ...]:
    """Hand ops over as the program of today."""
    return hub.push(device, SCHEMA, ops)


def push_one(hub: Hub, single: HubOp, device: str = "device-1") -> Receipt:
    """Hand one op over."""
    (receipt,) = push(hub, single, device=device)
    return receipt


def rows_of(hub: Hub, scope_id: str, after: int = 0, limit: int = 1_000) -> dict[str, Row]:
    """What a scope holds and has lost, by record."""
    return {row.id: row for row in hub.pull(ScopeId(scope_id), after, limit).rows}


def conflicts_of(hub: Hub, scope_id: str) -> list[Row]:
    """The conflicts in a scope."""
    return [row for row in rows_of(hub, scope_id).values() if row.kind == "conflict" and not row.gone]


@dataclass(frozen=True, kw_only=True)
class Office:
    """A hub with two councillors, somebody who supports the first, an officer and the administrator."""

    place: HubPlace
    admin: PostgresHub
    abara: PostgresHub
    byrne: PostgresHub
    support: PostgresHub
    officer: PostgresHub
    first: HubOp = field(default_factory=lambda: enquiry("enquiry-1"))

    def everybody(self) -> Iterator[PostgresHub]:
        """Each account's hub."""
        yield from (self.admin, self.abara, self.byrne, self.support, self.officer)


def open_office(place: HubPlace) -> Office:
    """People the hub with accounts, and log one enquiry of the first councillor's."""
    admin = place.sign_in()
    admin.greet("device-0", SCHEMA)
    push(admin, *(made("councillor", who, council_id=COUNCIL, name=who) for who in (ABARA, BYRNE)), device="device-0")
    office = Office(
        place=place,
        admin=admin,
        abara=place.add_user("abara", Role.COUNCILLOR, person_id=ABARA),
        byrne=place.add_user("byrne", Role.COUNCILLOR, person_id=BYRNE),
        support=place.add_user("support", Role.SUPPORT, person_id="person-support", councillors=[ABARA]),
        officer=place.add_user("officer", Role.OFFICER, person_id="person-officer"),
    )
    (receipt,) = push(office.abara, office.first)
    assert receipt.outcome == "accepted"
    return office
