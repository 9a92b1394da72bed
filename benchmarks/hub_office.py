"""A hub on a PostgreSQL of its own, and a council's casework made up inside it: as many records as are asked for."""

import gc
import json
import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.big_office import words
from member_tracker.domain.timeline import EntryKind, MailId, Suggestion, SuggestionId
from member_tracker.domain.vocabulary import MailKind, Proposal, Role, Status
from member_tracker.store.kept import Record
from member_tracker.store.shapes import shape_of
from member_tracker.sync.administration import Administration
from member_tracker.sync.hub import ScopeId
from member_tracker.sync.postgres import PostgresHub
from member_tracker.sync.practice_server import PracticeServer, scratch_folder, start_server
from tests.store import office

COUNCIL = "5f3c1f5e-6a1e-5c9a-9d0a-000000000001"
COUNCILLORS = 100
BIGGEST = ScopeId("councillor-0")
"""Three records in ten are this councillor's; the others have the rest in equal parts."""

PASSWORD = "a horse and a battery"
_SAFE = (
    "fsync = on",
    "full_page_writes = on",
    "synchronous_commit = on",
    "shared_buffers = 256MB",
    "max_wal_size = 4GB",
    "wal_level = minimal",
    "max_wal_senders = 0",
    "maintenance_work_mem = 256MB",
)
_NUMBERS = 4  # of the hub's, for what one enquiry brings with it
_SAYINGS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HubOffice:
    """A hub whose first administrator is the server's superuser."""

    server: PracticeServer
    database: str

    def url(self, login: str | None = None) -> str:
        """The address for a login; the superuser's, with their password, where nobody is named."""
        return self.server.url(self.database, user=login) if login else self.server.url(self.database)

    def sign_in(
        self, login: str, role: Role, *, person_id: str | None = None, councillors: Sequence[str] = ()
    ) -> PostgresHub:
        """A new account's hub."""
        administration = Administration(self.url())
        administration.add_user(login, role, PASSWORD, person_id=person_id, councillors=councillors)
        administration.close()
        return PostgresHub(self.url(login), password=PASSWORD)

    def superuser(self) -> "psycopg.Connection[Any]":
        """A way in that no policy stops."""
        return psycopg.connect(self.url(), autocommit=True, prepare_threshold=3)


@contextmanager
def hub_office(settings: tuple[str, ...] = ()) -> Iterator[HubOffice]:
    """An empty hub that keeps what it is told even if the power fails; gone afterwards."""
    folder = scratch_folder()
    try:
        server = start_server(folder, settings=(*_SAFE, *settings))
        try:
            yield _new_hub(server)
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _new_hub(server: PracticeServer) -> HubOffice:
    made = HubOffice(server=server, database="hub")
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE hub")
    administration = Administration(made.url())
    administration.create(council_id=COUNCIL, person_id=None)
    administration.close()
    with made.superuser() as connection:
        connection.execute(
            "INSERT INTO hub.scope SELECT 'councillor-' || n, 0 FROM generate_series(0, %s) n", (COUNCILLORS - 1,)
        )
    return made


# --- casework ---------------------------------------------------------------------------------------------------------


def patterns() -> Mapping[str, Record]:
    """What an enquiry brings with it, each with the number that tells it from the others of its kind."""
    at = office.NOON
    note = office.note(1)
    return {
        "resident/0": office.ROSE,
        "enquiry/0": office.enquiry(
            1, clocks=office.clocks_due(office.TODAY, stopped_at=at), status=Status.CLOSED, sent_at=at, answered_at=at,
            closed_at=at, close_reason="Answered.", tags=("bins",), told_at=at,
        ),
        "entry/0": replace(note, kind=EntryKind.LOGGED, text="Logged"),
        "entry/1": replace(note, kind=EntryKind.SENT, text="Sent to Waste"),
        "entry/2": note,
        "entry/3": replace(note, kind=EntryKind.CLOSED, text="Closed"),
        "outgoing/0": office.queued(1, sent_at=at),
        "mail/0": office.received(1, enquiry_id="enquiry-00001"),
        "suggestion/0": Suggestion(
            id=SuggestionId("suggestion-1"), enquiry_id=office.enquiry(1).id, mail_id=MailId("mail-1"),
            kind=MailKind.HUMAN, proposal=Proposal.ANSWER, sentence=None, arrived_at=at,
            collected_at=at + timedelta(minutes=5),
        ),
    }  # fmt: skip


def said_of(value: Record) -> dict[str, object]:
    """What a laptop says of a record it makes."""
    shape = shape_of(type(value))
    return shape.said(shape.every_plain(value))


_NAMES = {
    "resident": {"councillor_id": "scope", "name": "word", "address": "word"},
    "enquiry": {"raised_by": "scope", "entered_by": "scope", "reference": "reference", "resident_id": "resident",
                "service_area_id": "area", "received_at": "at", "logged_at": "at", "subject": "subject",
                "text": "text"},
    "entry": {"enquiry_id": "enquiry", "text": "word", "at": "at"},
    "outgoing": {"enquiry_id": "enquiry", "message_id": "message", "key": "message", "subject": "subject",
                 "body": "text"},
    "mail": {"enquiry_id": "enquiry", "message_id": "message", "subject": "subject", "text": "text",
             "reply_text": "text", "received_at": "at"},
    "suggestion": {"enquiry_id": "enquiry", "sentence": "word"},
}  # fmt: skip
"""Which fields of which kind differ from one enquiry to the next, and by what."""

_VALUES = {
    "scope": "w.scope",
    "word": "left(s.said, 40)",
    "subject": "left(s.said, 45)",
    "text": "s.said",
    "resident": "'resident/0-' || to_char(w.n / 2 * 2, 'FM00000000')",
    "enquiry": "'enquiry/0-' || to_char(w.n, 'FM00000000')",
    "area": "'area-' || w.n % 12",
    "reference": "'MT-0000-' || w.n",
    "message": "'<' || w.n || '@example.org>'",
    "at": "to_char(timestamp '2022-01-01' + w.n * interval '17 minutes', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}


def fill(connection: "psycopg.Connection[Any]", records: int) -> int:
    """Make so many records, or a few more, in one go inside PostgreSQL, indexes last; the hub's number afterwards."""
    enquiries = -(-records * 2 // 17)  # eight records each, and a resident for every other
    said = words(random.Random(11))
    connection.execute("CREATE TEMP TABLE saying (n integer PRIMARY KEY, said text)")
    with connection.cursor() as cursor, cursor.copy("COPY saying FROM STDIN") as copy:
        for n in range(_SAYINGS):
            copy.write_row((n, " ".join(said[n * 60 : n * 60 + 53])))
    head = (enquiries + 1) * _NUMBERS
    with connection.transaction():
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'hub' AND tablename = 'record'"
            " AND indexname <> 'record_pkey'"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX hub.{name}".encode())
        connection.execute("SET LOCAL session_replication_role = replica")  # no triggers
        for place, (name, pattern) in enumerate(patterns().items()):
            connection.execute(_filling(name, place, pattern, enquiries).encode())
        for _, made_by in indexes:
            connection.execute(made_by.encode())
        connection.execute("UPDATE hub.clock SET v = %s", (head,))
    connection.execute("VACUUM (ANALYZE) hub.record")
    return head


def _filling(name: str, place: int, pattern: Record, enquiries: int) -> str:
    kind = name.partition("/")[0]
    fields = {field: value for field, value in said_of(pattern).items() if field != "id"}
    own = ", ".join(f"'{field}', {_VALUES[value]}" for field, value in _NAMES[kind].items())
    heads = ["", "status", "clocks", "sent_at", "answered_at", "closed_at"] if kind == "enquiry" else [""]
    named = ", ".join(f"'{head}', gen_random_uuid()" for head in heads)
    parent = "NULL" if kind in ("resident", "enquiry") else _VALUES["enquiry"]
    return f"""
        INSERT INTO hub.record (kind, id, scope_id, parent, hub_seq, fields, heads)
        SELECT '{kind}', w.id, w.scope, {parent}, w.n * {_NUMBERS} + {place * _NUMBERS // 9},
            {_quoted(json.dumps(fields))}::jsonb || jsonb_build_object({own}), jsonb_build_object({named})
        FROM (
            SELECT n, '{name}-' || to_char(n, 'FM00000000') AS id,
                'councillor-' || CASE WHEN n / 2 % 10 < 3 THEN 0 ELSE n / 2 % {COUNCILLORS} END AS scope
            FROM generate_series(1, {enquiries}) n{" WHERE n % 2 = 0" if kind == "resident" else ""}
        ) w
        JOIN saying s ON s.n = (w.n * 2654435761 + {place}) % {_SAYINGS}
        ORDER BY w.n"""


# --- measuring --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What something took, in seconds: processor time here and in the server's process, and by the clock."""

    cpu: float
    clock: float


def spent(run: Callable[[], object], pid: int) -> Spent:
    """What a run takes that keeps one connection to the server, whose process there has this number."""
    gc.collect()
    here, there, begun = time.process_time(), server_seconds(pid), time.perf_counter()
    run()
    clock, cpu = time.perf_counter() - begun, time.process_time() - here
    return Spent(cpu=cpu + server_seconds(pid) - there, clock=clock)


def server_seconds(pid: int) -> float:
    """The processor time a process of the server has had."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
