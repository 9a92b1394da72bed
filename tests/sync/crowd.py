"""Many laptops that come back at the same moment to a hub with fewer connections than there are of them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from threading import Barrier, Event
from time import perf_counter

from member_tracker.domain.errors import Offline, TooMuch
from member_tracker.services.patience import next_wait
from member_tracker.sync.engine import Sizes, sync_once
from member_tracker.sync.hub import SCHEMA, Joined, ScopeId
from member_tracker.sync.postgres import PostgresHub
from tests.fakes.laptop import Laptop

AT = datetime(2026, 6, 3, tzinfo=UTC)
CONTACTS = 20
"""How often a laptop tries by itself before it is counted as lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comer:
    """Somebody with a laptop, and the casework they write into."""

    login: str
    password: str
    url: str
    device: str
    scope_id: ScopeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """How a laptop fared: seconds until it was in step, how often it had to come again, what it sent and fetched."""

    seconds: float
    again: int
    op_ids: tuple[str, ...]
    waiting: int
    fetched: int
    in_step: bool


def come_back(comers: Sequence[Comer], *, ops: int, sizes: Sizes | None = None) -> list[Arrived]:
    """All of them at once, each on a thread of its own."""
    begin = Barrier(len(comers))
    with ThreadPoolExecutor(len(comers)) as crowd:
        return list(crowd.map(lambda comer: _come(comer, begin, ops, sizes or Sizes()), comers))


def _come(comer: Comer, begin: Barrier, ops: int, sizes: Sizes) -> Arrived:
    hub = PostgresHub(comer.url, password=comer.password)
    laptop = _worked_on(comer, ops)
    begin.wait()
    began = perf_counter()
    fetched, again, in_step = 0, 0, False
    while not in_step and again < CONTACTS:
        try:
            _meet(hub, comer, laptop)
            told = sync_once(laptop, hub, now=lambda: AT, sizes=sizes)
            fetched, in_step = fetched + told.pulled, told.in_step
        except (TooMuch, Offline) as problem:
            busy = problem if isinstance(problem, TooMuch) else TooMuch("", advice="")
            Event().wait(next_wait(busy, again))
            again += 1
        finally:
            hub.close()
    sent = tuple(mine.op.id for mine in laptop.ops)
    return Arrived(
        seconds=perf_counter() - began, again=again, op_ids=sent, waiting=len(laptop.outbox(ops + 1)), fetched=fetched,
        in_step=in_step,
    )  # fmt: skip


def _worked_on(comer: Comer, ops: int) -> Laptop:
    """A laptop on which enquiries were made while nobody was connected."""
    numbers = count(1)
    link = Joined(hub_id="", council_id="", epoch=0, login=comer.login, device_id=comer.device)
    laptop = Laptop(
        link=link, author=comer.login, unfiled=comer.scope_id, now=lambda: AT,
        new_id=lambda: f"{comer.device}-{next(numbers)}",
    )  # fmt: skip
    for number in range(ops // 2):
        key = ("enquiry", f"{comer.device}-enquiry-{number}")
        laptop.create(key, {"id": key[1], "raised_by": comer.scope_id, "reference": key[1], "subject": "Pothole"})
        laptop.edit("set", key, "subject", "Pothole in Elm Close")
    return laptop


def _meet(hub: PostgresHub, comer: Comer, laptop: Laptop) -> None:
    """The first answer tells which hub it is."""
    if laptop.link.hub_id:
        return
    told = hub.greet(comer.device, SCHEMA)
    laptop.link = Joined(
        hub_id=told.hub_id, council_id=told.council_id, epoch=told.epoch, login=told.login, device_id=comer.device
    )
