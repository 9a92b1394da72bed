"""One laptop with an encrypted file beside a hub on a real PostgreSQL, and what its user wrote there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.people import CouncilId, PersonId, Resident, ResidentId
from member_tracker.domain.reference import Reference
from member_tracker.domain.timeline import Entry, EntryId
from member_tracker.domain.vocabulary import Role, Status
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.store import Store
from member_tracker.sync.engine import Synced, sync_once
from member_tracker.sync.hub import SCHEMA, Hub, HubOp, Joined, Outcome
from member_tracker.sync.postgres import PostgresHub
from tests.sync import people
from tests.sync.deeds import edit, op, push, push_one
from tests.sync.hub_place import COUNCIL, HubPlace, password_of

KEY = bytes(range(32))
ABARA, BYRNE = PersonId("Abara"), PersonId("Byrne")
SHARED = EnquiryId("shared")
DEVICE = "laptop"
RIGHT = (Outcome.ACCEPTED,) * 17 + (Outcome.CONFLICT, Outcome.ILLEGAL, Outcome.DENIED)
"""What becomes of the twenty ops of `OneLaptop.twenty`, in order."""

_RESIDENT: Resident = people.VALUES["resident"]
_ENQUIRY: Enquiry = people.VALUES["enquiry"]
_ENTRY: Entry = people.VALUES["entry"]


@dataclass(kw_only=True)
class OfficerElsewhere:
    """Somebody at another computer who works on the same enquiry and is always a little earlier."""

    hub: PostgresHub
    newest: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def write(self) -> None:
        """Change the enquiry both work on."""
        change = edit(SHARED, "subject", f"Officer's words {next(self._numbers):05}", self.newest)
        assert push_one(self.hub, change, device="office").outcome is Outcome.ACCEPTED
        self.newest = change.id


def people_the_hub(place: HubPlace) -> OfficerElsewhere:
    """Two councillors, accounts for the first and for an officer, and an enquiry both work on."""
    admin = place.sign_in()
    ours = {"council_id": COUNCIL}
    push(
        admin,
        *(_made("councillor", {**people.COUNCILLOR, "id": who, **ours}) for who in (ABARA, BYRNE)),
        _made("service_area", {**people.SERVICE_AREA, **ours}),
    )
    place.add_user("abara", Role.COUNCILLOR, person_id=ABARA)
    officer = place.add_user("officer", Role.OFFICER, person_id="Officer")
    about = {**people.ENQUIRY, **ours, "id": SHARED, "reference": "ENQ-0000-001-AA", "raised_by": ABARA}
    first = _made("enquiry", about)
    push(officer, _made("resident", {**people.RESIDENT, "councillor_id": ABARA}), first)
    return OfficerElsewhere(hub=officer, newest=first.id)


def _made(kind: str, fields: dict[str, Any]) -> HubOp:
    return op("create", kind, str(fields["id"]), value=fields)


@dataclass(kw_only=True)
class OneLaptop:
    """A councillor's laptop; `url` is where it takes its hub to be, `ahead` how wrong its clock is."""

    url: str
    store: Store
    password: str | None
    ahead: timedelta = timedelta()
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def opened(cls, folder: Path, url: str, *, run: str = "1", wait_seconds: float = 5.0) -> "OneLaptop":
        """The laptop as it was left; what is made in this run is told from that of others by its name."""
        numbers = count(1)
        store = Store.open(
            folder,
            KEY,
            now=lambda: people.START,
            new_id=lambda: f"op-{run}-{next(numbers):06}",
            wait_seconds=wait_seconds,
        )
        return cls(url=url, store=store, password=password_of("abara"))

    @classmethod
    def joined(cls, folder: Path, place: HubPlace) -> "OneLaptop":
        """A new laptop that has met the hub once."""
        one = cls.opened(folder, place.url("abara"))
        hub = one.hub()
        greeting = hub.greet(DEVICE, SCHEMA)
        hub.close()
        link = Joined(hub_id=greeting.hub_id, council_id=COUNCIL, epoch=greeting.epoch, login="abara", device_id=DEVICE)
        one.local.remember(link)
        one.sync()
        return one

    @property
    def local(self) -> StoreLocal:
        return StoreLocal(self.store)

    def hub(self, **how: float) -> PostgresHub:
        return PostgresHub(self.url, password=self.password, **how)

    def now(self) -> datetime:
        return people.START + self.ahead

    def sync(self, hub: Hub | None = None) -> Synced:
        """Fall into step over a connection of its own, or over the hub given."""
        if hub is not None:
            return sync_once(self.local, hub, now=self.now)
        own = self.hub()
        try:
            return sync_once(self.local, own, now=self.now)
        finally:
            own.close()

    def waiting(self) -> tuple[HubOp, ...]:
        """The outbox."""
        return self.local.outbox(100_000)

    def outcomes(self, ops: tuple[str, ...]) -> tuple[Outcome | None, ...]:
        """What the laptop knows of ops."""
        with self.store.reading() as tx:
            found: Mapping[str, Any] = dict(tx._connection.execute("SELECT op_id, outcome FROM op").fetchall())
        return tuple(Outcome(found[each]) if found[each] else None for each in ops)

    def log(self, words: str = "words") -> str:
        """An enquiry and a change of it, two ops; its id."""
        with self.store.writing(author=ABARA) as tx:
            enquiry = self._new_enquiry(words)
            tx.save(enquiry)
            tx.save(replace(enquiry, text=f"More {words}"))
        return enquiry.id

    def twenty(self) -> tuple[str, ...]:
        """Write twenty ops in one go, the last three of which come to nothing (`RIGHT`); their ids."""
        known = {each.id for each in self.waiting()}
        with self.store.writing(author=ABARA) as tx:
            enquiry = self._new_enquiry("words")
            resident = replace(_RESIDENT, id=ResidentId(f"resident-{enquiry.id}"), councillor_id=ABARA)
            tx.save(resident)
            tx.save(enquiry)
            tx.add(replace(_ENTRY, id=EntryId(f"entry-{enquiry.id}"), enquiry_id=enquiry.id))
            for number in range(12):
                enquiry = replace(enquiry, subject=f"{enquiry.id} {number:02}")
                tx.save(enquiry)
            for change in ({"resident_id": resident.id}, {"tags": ("urgent",)}):
                enquiry = replace(enquiry, **change)
                tx.save(enquiry)
            tx.save(replace(tx.get(Enquiry, SHARED), subject=f"Councillor's words {enquiry.id}"))
            tx.save(replace(enquiry, status=Status.RESIDENT_TOLD))
            tx.save(replace(self._new_enquiry("words"), raised_by=BYRNE))
        return tuple(each.id for each in self.waiting() if each.id not in known)

    def _new_enquiry(self, words: str) -> Enquiry:
        name = f"{self.store._new_id()}-{next(self._numbers):05}"
        return replace(
            _ENQUIRY, id=EnquiryId(name), reference=Reference(name), council_id=CouncilId(COUNCIL), raised_by=ABARA,
            subject=words,
        )  # fmt: skip


def at_the_hub(inside: "psycopg.Connection[Any]", ops: tuple[str, ...]) -> tuple[Outcome, ...]:
    """What became of ops at the hub, each of which must be there once."""
    rows = inside.execute("SELECT op_id, outcome FROM hub.op WHERE op_id = ANY (%s)", (list(ops),)).fetchall()
    found = dict(rows)
    assert sorted(found) == sorted(ops), "an op is not at the hub"
    return tuple(Outcome(found[each]) for each in ops)
