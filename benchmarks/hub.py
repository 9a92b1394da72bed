"""The hub: ops sent and rows fetched beside the least that could be done, and pages read under row-level security.

Beside each ratio of processor time, laptop and server together, stands the same by the clock against its target.
"""

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.figure import Figure
from benchmarks.hub_office import (
    BIGGEST,
    PASSWORD,
    HubOffice,
    Spent,
    fill,
    hub_office,
    patterns,
    said_of,
    server_seconds,
    spent,
)
from member_tracker.domain.change import RecordKind
from member_tracker.domain.vocabulary import Role
from member_tracker.store.engine import open_file
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.shapes import shape_of_kind
from member_tracker.sync.engine import sync_once
from member_tracker.sync.hub import SCHEMA, HubOp, Joined, Row, ScopeId
from member_tracker.sync.postgres import PostgresHub
from tests.store.office import KEY, open_store

RECORDS = 1_000_000
RUNS = 5
PAGES = 25
AREA = [f"councillor-{number}" for number in range(3, 7)]
"""Four councillors of the ninety with casework, which is fetched: some 40,000 records."""
MADE_AT = datetime(2026, 6, 3, tzinfo=UTC)
PUSHED = {500: 5_000, 100: 3_500}
"""Ops in a batch, and how many a second there must be."""
PULLED = 25_000
COPIED, BULK_INSERTED = 120_000, 133_000
"""What the limits did where the targets were set: the targets are held to as ratios to them."""


def figures() -> Iterator[Figure]:
    """Milliseconds for an op sent, for a row fetched and kept, and for a page of a thousand rows of a million."""
    with hub_office() as office, office.superuser() as superuser:
        head = fill(superuser, RECORDS)
        yield from paged(office, superuser, head)
        with closing(office.sign_in("fetching", Role.SUPPORT, councillors=AREA)) as hub:
            yield from pulled(hub)
        with closing(office.sign_in("sending", Role.COUNCILLOR, person_id="councillor-99")) as hub:
            for batch in PUSHED:
                yield from pushed(hub, superuser, batch)


def batches(every: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The same in parts of a size."""
    return (every[start : start + size] for start in range(0, len(every), size))


def pid_of(hub: PostgresHub) -> int:
    """The server's process that answers this hub's questions."""
    [(pid,)] = hub._line.ask("SELECT pg_backend_pid()")
    return int(pid)


# --- out --------------------------------------------------------------------------------------------------------------


def ops(run: int, how_many: int) -> list[HubOp]:
    """Enquiries as they are made and worked on: half of it makes records, half sets fields that were set before."""
    numbers, made = count(), list[HubOp]()
    kinds = ("enquiry/0", "entry/0", "entry/2", "outgoing/0", "suggestion/0")
    values = {name: said_of(value) for name, value in patterns().items() if name in kinds}

    def op(verb: str, key: tuple[str, str], field: str, value: object, base: str | None = None) -> HubOp:
        return HubOp(
            id=f"op-{run}-{next(numbers)}", verb=verb, kind=key[0], record_id=key[1], field=field, value=value,
            base=base,
            author="councillor-99", made_at=MADE_AT,
        )  # fmt: skip

    for number in range(how_many // 10):
        enquiry = f"enquiry-{run}-{number}"
        own = {"raised_by": "councillor-99", "reference": f"P-{run}-{number}", "enquiry_id": enquiry}
        for name in kinds:
            kind, record = name.partition("/")[0], enquiry if name == "enquiry/0" else f"{name}-{run}-{number}"
            told = values[name] | {field: value for field, value in own.items() if field in values[name]}
            made.append(op("create", (kind, record), "", told | {"id": record}))
        newest = made[-5].id
        for turn in range(5):
            made.append(op("set", ("enquiry", enquiry), "findings", f"Looked at {turn} times.", newest))
            newest = made[-1].id
    return made


def pushed(hub: PostgresHub, superuser: "psycopg.Connection[Any]", batch: int) -> Iterator[Figure]:
    """Ops sent in batches, beside the same copied into a bare table."""
    how_many, runs = 20 * batch, count(batch)
    ours, theirs = pid_of(hub), superuser.info.backend_pid
    superuser.execute("CREATE TEMP TABLE IF NOT EXISTS bare (id text, verb text, kind text, record_id text, field text,"
                      " value jsonb, base text, author text, made_at timestamptz, seen bigint)")  # fmt: skip

    def send(waiting: Sequence[HubOp]) -> None:
        for some in batches(waiting, batch):
            receipts = hub.push("device", SCHEMA, some)
            assert all(receipt.outcome == "accepted" for receipt in receipts), receipts

    def copy(waiting: Sequence[HubOp]) -> None:
        with superuser.cursor() as cursor, cursor.copy("COPY bare FROM STDIN") as into:
            for op in waiting:
                value = json.dumps(op.value)
                into.write_row(
                    (op.id, op.verb, op.kind, op.record_id, op.field, value, op.base, op.author, op.made_at, 0)
                )

    send(ops(next(runs), how_many))
    pairs = []
    for _ in range(RUNS):
        waiting = ops(next(runs), how_many)
        pairs.append((spent(lambda: send(waiting), ours), spent(lambda: copy(waiting), theirs)))  # noqa: B023 - run at once
    yield from both(f"an op sent, {batch} at a time", pairs, how_many, COPIED, PUSHED[batch])


def both(
    name: str, pairs: Sequence[tuple[Spent, Spent]], how_many: int, limit_was: int, target: int
) -> Iterator[Figure]:
    """The ratio of processor time, held to that of target and limit as they were set; and the time, to the target."""
    cpu = [statistics.median(pair[each].cpu for pair in pairs) * 1e3 / how_many for each in (0, 1)]
    clock = statistics.median(ours.clock for ours, _ in pairs) * 1e3 / how_many
    yield Figure(name=name, ours=cpu[0], limit=cpu[1], unit="ms", at_most=round(limit_was / target, 1))
    yield Figure(name=f"  by the clock, {target:,} a second", ours=clock, limit=1e3 / target, unit="ms", at_most=1)


# --- in ---------------------------------------------------------------------------------------------------------------


def pulled(hub: PostgresHub) -> Iterator[Figure]:
    """Casework fetched by a laptop that has none, beside the same records inserted whole into an encrypted file."""
    pid = pid_of(hub)
    rows = [row for scope_id in AREA for row in hub.pull(ScopeId(scope_id), 0, RECORDS).rows]
    plain = [_bare(row) for row in rows]
    with tempfile.TemporaryDirectory() as scratch:
        numbers = count()

        def least() -> None:
            with closing(open_file(Path(scratch) / f"least-{next(numbers)}.db", KEY)) as file:
                file.execute("CREATE TABLE row (kind, id, scope_id, hub_seq, fields, heads)")
                for some in batches(plain, 20_000):
                    file.execute("BEGIN")
                    file.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)", some)
                    file.execute("COMMIT")

        pairs = []
        for _ in range(RUNS):
            bootstrap = bootstrapping(hub, Path(scratch) / f"profile-{next(numbers)}", len(rows))
            pairs.append((spent(bootstrap, pid), spent(least, pid)))
    yield from both("a row fetched and kept", pairs, len(rows), BULK_INSERTED, PULLED)


def _bare(row: Row) -> tuple[object, ...]:
    """All fields of a record in one text, those among them of which nothing is said."""
    whole = shape_of_kind(RecordKind(row.kind)).whole({"id": row.id, **row.fields})
    return row.kind, row.id, row.scope_id, row.hub_seq, json.dumps(whole), json.dumps(dict(row.heads))


def bootstrapping(hub: PostgresHub, folder: Path, expected: int) -> Callable[[], None]:
    """What a new profile does at its first contact."""
    store = open_store(folder)
    local, greeting = StoreLocal(store), hub.greet("device", SCHEMA)
    local.remember(
        Joined(
            hub_id=greeting.hub_id, council_id=greeting.council_id, epoch=greeting.epoch, login=greeting.login,
            device_id="device",
        )
    )  # fmt: skip

    def bootstrap() -> None:
        told = sync_once(local, hub, now=lambda: datetime.now(UTC))
        assert told.in_step
        assert told.pulled == expected, told
        store.close()

    return bootstrap


# --- under row-level security -----------------------------------------------------------------------------------------

_OURS = "SELECT * FROM hub.pull(%s, %s, 1000)"
_PLAIN = (
    "SELECT r.kind, r.id, r.hub_seq, r.fields, r.heads, r.deleted, r.erased_at IS NOT NULL FROM hub.record r"
    " WHERE r.scope_id = %s AND r.hub_seq > %s ORDER BY r.hub_seq FETCH FIRST 1000 ROWS WITH TIES"
)


def paged(office: HubOffice, superuser: "psycopg.Connection[Any]", head: int) -> Iterator[Figure]:
    """A page of the biggest scope, as those read it who see every scope or that one, beside whom no policy stops."""
    office.sign_in("officer", Role.OFFICER).close()
    office.sign_in("councillor", Role.COUNCILLOR, person_id=BIGGEST).close()
    [(changed,)] = superuser.execute(
        "SELECT min(hub_seq) - 1 FROM (SELECT hub_seq FROM hub.record ORDER BY hub_seq DESC LIMIT 10000) newest"
    )
    assert 0 < changed < head
    for login in ("officer", "councillor"):
        with psycopg.connect(office.url(login), password=PASSWORD, autocommit=True, prepare_threshold=3) as reader:
            for where, after in (("from nought", 0), ("of the last 10,000 changes", changed)):
                ours, theirs = server_medians(((reader, _OURS), (superuser, _PLAIN)), (BIGGEST, after))
                yield Figure(
                    name=f"a page, {login}, {where}", ours=ours * 1e3, limit=theirs * 1e3, unit="ms", at_most=2
                )


def server_medians(
    asked: Sequence[tuple["psycopg.Connection[Any]", str]], given: tuple[object, ...]
) -> tuple[float, ...]:
    """The processor time of the server for each question, asked in turn."""
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(PAGES + 5):
        for (connection, question), own in zip(asked, times, strict=True):
            before = server_seconds(connection.info.backend_pid)
            assert len(connection.execute(question.encode(), given).fetchall()) >= 1_000
            own.append(server_seconds(connection.info.backend_pid) - before)
    return tuple(statistics.median(own[5:]) for own in times)
