"""A million made-up enquiries in a store of ours, made once and kept in the build folder."""

import hashlib
import itertools
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from member_tracker.domain.clock import Clock, Clocks, Step
from member_tracker.domain.dates import local_date
from member_tracker.domain.judged import judged_text
from member_tracker.domain.reference import make_reference
from member_tracker.domain.vocabulary import AfterHours, Start, Status
from member_tracker.store.engine import FILE_NAME, MIGRATIONS, open_file
from member_tracker.store.moments import utc_text
from member_tracker.store.store import Store

ENQUIRIES = 1_000_000
KEY = bytes(range(32))
# A file of another schema is of no use, so the schema is part of the name.
SCHEMA = hashlib.sha256((MIGRATIONS / "versions" / "0001_first.sql").read_bytes()).hexdigest()[:8]
FOLDER = Path(__file__).resolve().parent.parent / "build" / f"big-office-{ENQUIRIES}-{SCHEMA}"
FIRST = datetime(2022, 1, 1, tzinfo=UTC)
TODAY = datetime(2026, 1, 1, tzinfo=UTC).date()
COMMON = (
    "council road parking licence school waste collection planning housing benefit member councillor resident street"
    " light repair drainage library contact please update regarding complaint response officer service team ward"
    " meeting thank you"
).split()
AREAS = "Highways Housing Planning Waste Education Adults Children Parks Licensing Benefits Libraries Transport".split()
COUNCILLORS, RESIDENTS = 90, 30_000


def big_office() -> Path:
    """The folder of the big office, made where it is missing."""
    if not (FOLDER / "made").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        for left in FOLDER.iterdir():
            left.unlink()
        Store.open(FOLDER, KEY, now=lambda: FIRST, new_id=str).close()
        with closing(open_file(FOLDER / FILE_NAME, KEY)) as file:
            _fill(file)
        (FOLDER / "made").touch()
    return FOLDER


def words(dice: random.Random) -> list[str]:
    """Words as they fall in letters: a few common ones, many rare."""
    rare = [
        "".join(dice.choice("bcdfghklmnprst") + dice.choice("aeiou") for _ in range(dice.randint(2, 4)))
        for _ in range(20_000)
    ]
    known = COMMON + rare
    weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(known))))
    return dice.choices(known, cum_weights=weights, k=4_000_003)


def _fill(file: sqlite3.Connection) -> None:
    """Everything in one transaction, indexes and search last."""
    indexes = file.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'ix_enquiry%'").fetchall()
    file.execute("BEGIN IMMEDIATE")
    for name, _ in indexes:
        file.execute(f"DROP INDEX {name}")
    for table, names in (("councillor", COUNCILLORS), ("service_area", len(AREAS)), ("resident", RESIDENTS)):
        file.executemany(_insert(file, table), _people(table, names))
    file.executemany(_insert(file, "enquiry"), _enquiries(random.Random(11)))
    for _, sql in indexes:
        file.execute(sql)
    file.execute(
        "INSERT INTO search_document (pos, kind, record_id, enquiry_id) SELECT pos, 'enquiry', id, id FROM enquiry"
    )
    file.execute("INSERT INTO search (rowid, subject, words) SELECT pos, subject, text FROM enquiry")
    file.execute("COMMIT")


_GIVEN = {
    "councillor": "id name",
    "service_area": "id name",
    "resident": "id name",
    "enquiry": "pos id reference raised_by resident_id service_area_id received_at subject text logged_at status"
    " sent_at answered_at closed_at acknowledge_by respond_by due_at stopped_at due_key is_open is_owed received_month"
    " judged document",
}
_ALIKE = {
    "council_id": "c",
    "councillor_id": "c",
    "entered_by": "c",
    "scope_id": "c",
    "heads": "{}",
    "channel": "email",
    "priority": "normal",
}
_KINDS = {"resident": "person", "enquiry": "enquiry"}


def _insert(file: sqlite3.Connection, table: str) -> str:
    """How a row is put in: what is given of each, and of what must be there the rest, alike in all."""
    given = _GIVEN[table].split()
    rest = [
        (name, _KINDS[table] if name == "kind" else _ALIKE.get(name, 0 if kind == "INTEGER" else "[]"))
        for _, name, kind, must, _, key in file.execute(f"PRAGMA table_info({table})")
        if must and not key and name not in given
    ]
    names = ", ".join([*given, *(name for name, _ in rest)])
    values = ", ".join(["?"] * len(given) + [f"'{value}'" if isinstance(value, str) else "0" for _, value in rest])
    return f"INSERT INTO {table} ({names}) VALUES ({values})"


def _people(table: str, count: int) -> Iterator[tuple[str, str]]:
    for number in range(count):
        yield f"{table}-{number}", AREAS[number] if table == "service_area" else f"{table.capitalize()} {number}"


def _enquiries(dice: random.Random) -> Iterator[tuple[object, ...]]:
    said = words(dice)
    for number in range(1, ENQUIRIES + 1):
        place = (number * 2654435761) % (len(said) - 70)
        received = FIRST + timedelta(seconds=number * 126_144_000 // ENQUIRIES)
        due = (received + timedelta(days=14)).replace(hour=23, minute=59, second=59, microsecond=0)
        status = dice.choice(("with_service_area", "acknowledged", "answered", "closed"))
        answered = received + timedelta(days=dice.random() * 20) if status in ("answered", "closed") else None
        at = utc_text(received)
        answered_at = utc_text(answered) if answered else None
        yield (
            number,
            f"{number:08x}-0000-7000-8000-{dice.getrandbits(48):012x}",
            make_reference("0000", number),
            f"councillor-{dice.randrange(COUNCILLORS)}",
            f"resident-{dice.randrange(RESIDENTS)}",
            f"service_area-{dice.randrange(len(AREAS))}",
            at,
            " ".join(said[place : place + 7]),
            " ".join(said[place + 7 : place + 60]),
            at,
            status,
            at,
            answered_at,
            answered_at if status == "closed" else None,
            due.date().isoformat(),
            due.date().isoformat(),
            utc_text(due),
            answered_at,
            utc_text(due),
            int(status != "closed"),
            int(answered is None),
            local_date(received).isoformat()[:7],
            _judged(answered, due),
            number,
        )


def _judged(answered: datetime | None, due: datetime) -> str:
    """How such an enquiry counts in reports."""
    clock = Clock(step=Step.REPLY, contact="", within="", starts=Start.RECEIVED, due_by=due.date(), due_at=due)
    clocks = Clocks(
        charter_id="chorley-south-ribble-2023",
        standard_id="electronic",
        received_at=due,
        after_hours=AfterHours.SAME_DAY,
        counts_from=None,
        acknowledge=replace(clock, stopped_at=answered),
        respond=replace(clock, stopped_at=answered),
    )
    return judged_text(clocks, Status.ACKNOWLEDGED, closed_at=None)
