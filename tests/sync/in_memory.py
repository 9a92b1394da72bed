"""A history's people with hub and laptops in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from member_tracker.domain.vocabulary import Role
from member_tracker.sync.engine import sync_once
from member_tracker.sync.hub import SCHEMA, TRAY, Hub, Joined, ScopeId
from tests.fakes.hub import HubInMemory
from tests.fakes.laptop import Laptop
from tests.sync import people
from tests.sync.histories import SyncOnce, World
from tests.sync.taking_part import JudgedOp, Stored, User

SEATS = (0, 1, 2, 3, 1, 5)  # the fifth laptop is another one of the second person's


class OfficeInMemory:
    """Runs a hub in memory and looks into it."""

    def __init__(self, hub: HubInMemory) -> None:
        self.hub = hub

    def now(self) -> datetime:
        return self.hub.now

    def sign_in(self, login: str) -> Hub:
        return self.hub.sign_in(login)

    def grant(self, login: str, scope_id: ScopeId) -> None:
        self.hub.grant(login, scope_id)

    def revoke(self, login: str, scope_id: ScopeId) -> None:
        self.hub.revoke(login, scope_id)

    def erase(self, kind: str, record_id: str) -> None:
        self.hub.erase(kind, record_id)

    def set_disabled(self, login: str, *, disabled: bool) -> None:
        self.hub.accounts[login].disabled = disabled

    def sees(self, login: str) -> frozenset[str]:
        return frozenset(self.hub.granted(login))

    def stored(self) -> Sequence[Stored]:
        return [
            Stored(
                kind=kept.kind, id=kept.id, scope_id=kept.scope_id, fields=kept.fields, gone=kept.is_gone,
                erased=kept.erased,
            )
            for kept in self.hub.records.values()
        ]  # fmt: skip

    def judged(self) -> Sequence[JudgedOp]:
        return [
            JudgedOp(op_id=op.id, device=each.device, key=(op.kind, op.record_id), outcome=each.verdict[0].value)
            for each in self.hub.log.values()
            for op in [each.op]
        ]

    def every_word(self) -> Iterator[object]:
        yield from (each.op.value for each in self.hub.log.values())
        yield from (kept.fields for kept in self.hub.records.values())

    def chain_holds(self) -> bool:
        return True


def world_in_memory(
    parts: int, *, hub: type[HubInMemory] = HubInMemory, laptop: type[Laptop] = Laptop, sync: SyncOnce = sync_once
) -> World:
    """Two to six people, some of them at two laptops, and their hub; other makes of each can be put in."""
    made = hub(people.COUNCIL, schema_min=SCHEMA - 1)
    for part in people.PARTS:
        own = part.person_id if part.role is Role.COUNCILLOR else None
        made.add_account(part.login, part.role, person_id=own, scopes=part.scopes)
    return World(OfficeInMemory(made), [_user(made, number, laptop) for number in range(parts)], sync=sync)


def _user(hub: HubInMemory, number: int, laptop: type[Laptop]) -> User:
    part = people.PARTS[SEATS[number]]
    link = Joined(hub_id="hub", council_id=people.COUNCIL, epoch=1, login=part.login, device_id=f"device-{number}")
    numbers = count(1)
    unfiled = ScopeId(part.person_id) if part.role is Role.COUNCILLOR else TRAY
    user = User(part=part, device_id=link.device_id, hands=None, local=None)  # type: ignore[arg-type]
    made = laptop(
        link=link, author=part.person_id, unfiled=unfiled, now=lambda: hub.now + user.ahead,
        new_id=lambda: f"op-{number}-{next(numbers)}",
    )  # fmt: skip
    return replace(user, hands=made, local=made)
