"""A history's people with a real PostgreSQL for a hub and an encrypted file on each laptop."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.people import PersonId
from member_tracker.domain.vocabulary import Role
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.shapes import every_shape, shape_of_kind
from member_tracker.store.store import Store
from member_tracker.sync.administration import Administration
from member_tracker.sync.engine import sync_once
from member_tracker.sync.hub import SCHEMA, Hub, Joined, Outcome, ScopeId
from member_tracker.sync.postgres import PostgresHub
from tests.sync import people
from tests.sync.histories import SyncOnce, World
from tests.sync.hub_place import HubPlace, password_of
from tests.sync.in_memory import SEATS
from tests.sync.postgres_server import TestServer
from tests.sync.taking_part import JudgedOp, Key, Stored, User

KEY = bytes(range(32))
PARTS = tuple(replace(part, login=f"history_{part.login}") for part in people.PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    scope_id: str
    fields: Mapping[str, Any]


@dataclass(kw_only=True)
class HandsOnAFile:
    """Somebody who works on an encrypted file as the program does."""

    store: Store
    author: str

    def create(self, key: Key, fields: dict[str, Any]) -> str:
        shape = shape_of_kind(RecordKind(key[0]))
        with self.store.writing(author=PersonId(self.author)) as tx:
            tx.save(shape.with_plain(people.VALUES[key[0]], fields))
        return self._last_op()

    def edit(self, verb: str, key: Key, name: str, value: object) -> str:
        shape = shape_of_kind(RecordKind(key[0]))
        with self.store.writing(author=PersonId(self.author)) as tx:
            record = tx.get(shape.of, key[1])
            there = shape.plain(record, name)
            if verb != "set" and isinstance(there, list):
                others = [each for each in there if each != value]
                value = [*there, value] if verb == "add" else others
            tx.save(shape.with_plain(record, {name: value}))
        return self._last_op()

    def _last_op(self) -> str:
        return str(self._all("SELECT op_id FROM op ORDER BY pos DESC LIMIT 1")[0][0])

    def _all(self, statement: str, *given: object) -> list[tuple[Any, ...]]:
        with self.store.reading() as tx:
            return list(tx._connection.execute(statement, given).fetchall())

    def everything(self) -> dict[Key, Shown]:
        found: dict[Key, Shown] = {}
        with self.store.reading() as tx:
            for shape in every_shape():
                scopes = dict(tx._connection.execute(f"SELECT id, scope_id FROM {shape.table.name}").fetchall())
                for value in tx.every(shape.of):
                    shown = Shown(scope_id=scopes[value.id], fields=shape.every_plain(value))
                    found[shape.kind.value, value.id] = shown
        return found

    def outcome_of(self, op_id: str) -> Outcome | None:
        [(outcome,)] = self._all("SELECT outcome FROM op WHERE op_id = ?", op_id) or [("accepted",)]
        return Outcome(outcome) if outcome else None

    def refused(self) -> Sequence[object]:
        return [
            json.loads(value) for (value,) in self._all("SELECT value FROM op WHERE outcome IN ('denied', 'illegal')")
        ]

    def every_word(self) -> Iterator[object]:
        tables = [name for (name,) in self._all("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            if not table.startswith(("sqlite_", "search")):
                yield from self._all(f"SELECT * FROM {table}")


@dataclass(kw_only=True)
class OfficeOnPostgres:
    """Runs a hub on PostgreSQL and looks into its tables as the superuser."""

    place: HubPlace
    administration: Administration
    inside: psycopg.Connection[tuple[Any, ...]]
    lines: dict[str, PostgresHub] = field(default_factory=dict)
    began: float = field(default_factory=monotonic)
    began_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began_at = self._all("SELECT now()")[0][0]

    def _all(self, statement: str) -> list[tuple[Any, ...]]:
        return self.inside.execute(statement.encode()).fetchall()

    def now(self) -> datetime:
        return self.began_at + timedelta(seconds=monotonic() - self.began)

    def sign_in(self, login: str) -> Hub:
        if login not in self.lines:
            self.lines[login] = PostgresHub(self.place.url(login), password=password_of(login))
        return self.lines[login]

    def grant(self, login: str, scope_id: ScopeId) -> None:
        self.administration.grant(login, scope_id)

    def revoke(self, login: str, scope_id: ScopeId) -> None:
        with suppress(TrackerError):  # they may not have it
            self.administration.revoke(login, scope_id)

    def erase(self, kind: str, record_id: str) -> None:
        self.administration.erase(kind, record_id)

    def set_disabled(self, login: str, *, disabled: bool) -> None:
        if disabled:
            self.administration.disable(login)
        else:
            self.administration.enable(login)

    def sees(self, login: str) -> frozenset[str]:
        return frozenset(grant.scope_id for grant in self.sign_in(login).greet("looking", SCHEMA).grants)

    def stored(self) -> Sequence[Stored]:
        rows = self._all("SELECT kind, id, scope_id, fields, deleted, erased_at IS NOT NULL FROM hub.record")
        return [
            Stored(
                kind=kind,
                id=id_,
                scope_id=scope_id,
                gone=deleted or erased,
                erased=erased,
                fields=shape_of_kind(RecordKind(kind)).whole({"id": id_, **fields}) if fields else fields,
            )
            for kind, id_, scope_id, fields, deleted, erased in rows
        ]

    def judged(self) -> Sequence[JudgedOp]:
        rows = self._all(
            "SELECT op_id, device, kind, record_id, outcome FROM hub.op"
            " WHERE verb IN ('create', 'set', 'add', 'remove', 'delete') ORDER BY hub_seq, n"
        )
        return [
            JudgedOp(op_id=op_id, device=device, key=(kind, record_id), outcome=outcome)
            for op_id, device, kind, record_id, outcome in rows
        ]

    def every_word(self) -> Iterator[object]:
        yield from self._all("SELECT value, replaced FROM hub.op")
        yield from self._all("SELECT fields FROM hub.record")

    def chain_holds(self) -> bool:
        return self.administration.verify().is_whole

    def _tables(self) -> list[str]:
        return [name for (name,) in self._all("SELECT relname FROM pg_class WHERE relkind = 'r' AND "
                                              "relnamespace = 'hub'::regnamespace")]  # fmt: skip

    def keep(self) -> None:
        """Remembers how the hub stands."""
        self.inside.execute("CREATE SCHEMA kept")
        for name in self._tables():
            self.inside.execute(f"CREATE TABLE kept.{name} AS TABLE hub.{name}".encode())

    def put_back(self) -> None:
        """Makes the hub what it was when it was remembered, past all that else keeps it from being changed."""
        for (login,) in self._all("SELECT login FROM hub.account WHERE disabled"):
            self.administration.enable(login)
        with self.inside.transaction():
            self.inside.execute("SET LOCAL session_replication_role = replica")
            for name in self._tables():
                self.inside.execute(f"DELETE FROM hub.{name}".encode())
                self.inside.execute(f"INSERT INTO hub.{name} OVERRIDING SYSTEM VALUE TABLE kept.{name}".encode())

    def close(self) -> None:
        """Leaves the server as it was."""
        for line in self.lines.values():
            line.close()
        self.administration.close()
        self.inside.close()
        self.place.server.drop_database(self.place.database, with_logins=True)


def hub_with_accounts(server: TestServer) -> str:
    """A database with a hub and everybody's account in it."""
    name = server.make_database()
    administration = Administration(server.url(name))
    administration.create(council_id=people.COUNCIL, person_id=None)
    for part in PARTS:
        own = part.person_id if part.role is Role.COUNCILLOR else None
        administration.add_user(part.login, part.role, password_of(part.login), person_id=own, councillors=part.scopes)
    administration.close()
    with psycopg.connect(server.url(name)) as inside:
        inside.execute("UPDATE hub.meta SET schema_min = %s", (SCHEMA - 1,))
    return name


class Earnest:
    """Makes worlds in earnest, one after the other, each with the same council to begin with.

    To found one costs more than most histories do. So it is done once, with all laptops there may be, and for each
    world the tables of the hub and the files of the laptops are put back to that; the connections to the hub stay.
    """

    def __init__(self, server: TestServer, folder: Path) -> None:
        self.folder, self.numbers, self.stores = folder, count(1), list[Store]()
        place = HubPlace(server=server, database=hub_with_accounts(server), council_id=people.COUNCIL)
        inside = psycopg.connect(place.url(), autocommit=True)
        self.office = OfficeOnPostgres(place=place, administration=Administration(place.url()), inside=inside)
        hub_id = self.office.sign_in(PARTS[0].login).greet("looking", SCHEMA).hub_id
        users = [self._newcomer(number, hub_id) for number in range(len(SEATS))]
        self.founded = World(self.office, users, deletes=False).ledger.deeds
        self._close_files()
        self.office.keep()

    def world(self, laptops: int, *, sync: SyncOnce = sync_once) -> World:
        """A world with the first so many laptops, and the loop as it is or another one; the world before is over."""
        self._close_files()
        self.office.put_back()
        users = [self._user(number, self._copied(number), first_id=1_000) for number in range(laptops)]
        return World(self.office, users, sync=sync, deletes=False, founded=self.founded)

    def close(self) -> None:
        """Leave nothing on the server."""
        self._close_files()
        self.office.close()

    def _newcomer(self, number: int, hub_id: str) -> User:
        user = self._user(number, self.folder / f"founded-{number}", first_id=1)
        part, local = user.part, StoreLocal(self.stores[-1])
        local.remember(
            Joined(hub_id=hub_id, council_id=people.COUNCIL, epoch=1, login=part.login, device_id=user.device_id)
        )
        if part.role is Role.COUNCILLOR:
            local.set_tray(ScopeId(part.person_id))
        return user

    def _copied(self, number: int) -> Path:
        folder = self.folder / f"laptop-{next(self.numbers)}"
        shutil.copytree(self.folder / f"founded-{number}", folder)
        return folder

    def _user(self, number: int, folder: Path, *, first_id: int) -> User:
        part, ids, users = PARTS[SEATS[number]], count(first_id), list[User]()
        store = Store.open(
            folder, KEY, now=lambda: _clock_of(self.office, users), new_id=lambda: f"op-{number}-{next(ids)}"
        )
        self.stores.append(store)
        hands = HandsOnAFile(store=store, author=part.person_id)
        users.append(User(part=part, device_id=f"device-{number}", hands=hands, local=StoreLocal(store)))
        return users[0]

    def _close_files(self) -> None:
        while self.stores:
            self.stores.pop().close()
        for folder in self.folder.glob("laptop-*"):
            shutil.rmtree(folder)


def _clock_of(office: OfficeOnPostgres, users: Sequence[User]) -> datetime:
    """The clock of a laptop whose user may not have sat down yet."""
    return office.now() + (users[0].ahead if users else timedelta())
