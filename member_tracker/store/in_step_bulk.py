"""Rows of the hub that are new here put in place all at once, as a laptop needs it that begins with nothing."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from itertools import chain
from typing import Any

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import UNFORESEEN
from member_tracker.domain.in_step import HeadsAsTold, Row
from member_tracker.domain.people import Resident
from member_tracker.store import in_step_straight, in_step_uses, records, search
from member_tracker.store.codec import to_json
from member_tracker.store.in_step_straight import Named, Ready
from member_tracker.store.kept import R
from member_tracker.store.shapes import Shape

_MANY = 1_000
_ROOM = {False: ("PRAGMA cache_size = -16000", "PRAGMA wal_autocheckpoint = 1000"),
         True: ("PRAGMA cache_size = -131072", "PRAGMA wal_autocheckpoint = 16000")}  # fmt: skip


def make_room(connection: sqlite3.Connection, rows: int) -> None:
    """Keeps more of the file in memory while it is filled, and moves it over from the log beside it less often."""
    for setting in _ROOM[rows >= _MANY]:
        connection.execute(setting).fetchall()


def met(connection: sqlite3.Connection, shape: "Shape[Any]", record_ids: Sequence[str]) -> set[str]:
    """Which of these records are known here in any way: shown, hidden, or by an edit still to be sent."""
    found = connection.execute(
        f"SELECT id FROM {shape.table.name} WHERE id IN (SELECT value FROM json_each(?1))"  # noqa: S608 - a table
        " UNION ALL SELECT record_id FROM hub_copy WHERE record_id IN (SELECT value FROM json_each(?1))"
        " UNION ALL SELECT record_id FROM op WHERE passed = 0 AND record_id IN (SELECT value FROM json_each(?1))",
        (json.dumps(record_ids),),
    )
    return {record_id for (record_id,) in found}


def make(connection: sqlite3.Connection, shape: "Shape[Any]", rows: Sequence[Row]) -> list[Row]:
    """Writes rows whose records are not known here, and gives back those to look at more closely, one by one."""
    made, others = _ready(connection, shape, rows)
    places = iter(search.put_all(connection, [ready.document for _, ready in made if ready.document is not None]))
    names = (*in_step_straight.names(shape), *records.HIDDEN)
    records.make_all(
        connection,
        shape,
        tuple(dict.fromkeys(names)),
        (
            (*ready.columns, *_hidden(shape, row, None if ready.document is None else next(places)))
            for row, ready in made
        ),
    )
    _note_addresses(connection, shape, made)
    in_step_uses.add(
        connection, [(sha256, row.kind, row.id, row.scope_id) for row, ready in made for sha256 in ready.hashes]
    )
    if shape.of is Resident:
        _name_enquiries(connection, [row.id for row, _ in made])
    return others


def _ready(
    connection: sqlite3.Connection, shape: "Shape[Any]", rows: Sequence[Row]
) -> tuple[list[tuple[Row, Ready]], list[Row]]:
    """The rows made ready, and those that cannot be shown, or not all of them."""
    known = frozenset(shape.fields)
    whole, others = list(rows), list[Row]()
    if not known.issuperset(chain.from_iterable(row.fields for row in rows)):
        whole = [row for row in rows if known.issuperset(row.fields)]
        others = [row for row in rows if not known.issuperset(row.fields)]
    residents = _residents(connection, whole) if shape.of is Enquiry else {}
    if in_step_straight.goes_straight(shape):
        made = list(_straight(shape, whole, residents))
    else:
        values = [(row, readable(shape, said(row), None)) for row in whole]
        made = [
            (row, None if value is None else in_step_straight.from_value(shape, value, residents))
            for row, value in values
        ]
    others += [row for row, ready in made if ready is None]
    return [(row, ready) for row, ready in made if ready is not None], others


def _straight(
    shape: "Shape[Any]", rows: Sequence[Row], residents: Mapping[str, Named]
) -> Iterator[tuple[Row, Ready | None]]:
    """Rows made ready all at once; where one of them cannot be, each half by itself, until that one is found."""
    if not rows:
        return
    try:
        ready: Sequence[Ready | None] = in_step_straight.from_fields(shape, rows, residents)
    except UNFORESEEN:
        if len(rows) > 1:
            half = len(rows) // 2
            yield from _straight(shape, rows[:half], residents)
            yield from _straight(shape, rows[half:], residents)
            return
        ready = [None]
    yield from zip(rows, ready, strict=True)


def _hidden(shape: "Shape[Any]", row: Row, place: int | None) -> tuple[object, ...]:
    heads = row.heads.text if isinstance(row.heads, HeadsAsTold) else to_json(row.heads)
    if "scope_id" in shape.fields:
        return heads, place, row.hub_seq
    return heads, row.scope_id, place, row.hub_seq


# --- reading JSON -----------------------------------------------------------------------------------------------------


def said(row: Row) -> dict[str, object]:
    """The fields of a row, its id among them."""
    return {"id": row.id, **row.fields}


def readable(shape: "Shape[R]", said: Mapping[str, object], before: R | None) -> R | None:
    """The record that the fields say; one that cannot be read stays as it was before, and None where it never was."""
    given: dict[str, Any] = {}
    for name, default in _defaults(shape):
        try:
            given[name] = shape.from_plain(name, said[name]) if name in said else default
        except UNFORESEEN:
            given[name] = MISSING
        if given[name] is MISSING:
            if before is None:
                return None
            given[name] = getattr(before, name)
    try:
        return shape.of(**given)
    except UNFORESEEN:
        return before


@cache
def _defaults(shape: "Shape[Any]") -> tuple[tuple[str, object], ...]:
    """Each field with what it is where nothing is said of it, MISSING where something must be."""
    return tuple(
        (each.name, each.default_factory() if each.default_factory is not MISSING else each.default)
        for each in fields(shape.of)
    )


def same(shape: "Shape[Any]", name: str, said: object, shown: object) -> bool:
    """Whether the hub's value of a field is the one that is shown, however it is written."""
    if alike(said, shown, is_set=name in shape.sets):
        return True
    try:
        value = shape.from_plain(name, said)
        return value is not None and shape.written(name, value) == shape.written(name, shape.from_plain(name, shown))
    except UNFORESEEN:
        return False


def alike(one: object, other: object, *, is_set: bool) -> bool:
    """Whether two values are the same as JSON; a set is, in whatever order."""
    if is_set and isinstance(one, list) and isinstance(other, list):
        return sorted(map(to_json, one)) == sorted(map(to_json, other))
    return one == other


# --- what goes with a record ------------------------------------------------------------------------------------------


def _residents(connection: sqlite3.Connection, rows: Sequence[Row]) -> dict[str, Named]:
    """The residents of enquiries that are here, by their ids."""
    wanted = json.dumps([row.fields.get("resident_id") for row in rows])
    found = connection.execute(
        "SELECT id, name, address FROM resident WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
    )
    return {resident_id: Named(name=name, address=address) for resident_id, name, address in found}


def _name_enquiries(connection: sqlite3.Connection, residents: Sequence[str]) -> None:
    """Lets enquiries that came before their residents be found by those."""
    waiting = connection.execute(
        "SELECT id FROM enquiry WHERE resident_id IN (SELECT value FROM json_each(?))", (json.dumps(residents),)
    ).fetchall()
    for (enquiry_id,) in waiting:
        kept = records.find(connection, Enquiry, enquiry_id)
        if kept is not None:
            resident = records.find(connection, Resident, kept.value.resident_id)
            document = search.of_enquiry(kept.value, resident.value if resident else None)
            search.put(connection, document, kept.document)


def _note_addresses(connection: sqlite3.Connection, shape: "Shape[Any]", made: Sequence[tuple[Row, Ready]]) -> None:
    connection.executemany(
        "INSERT INTO address (kind, record_id, address, domain) VALUES (?, ?, ?, ?)",
        [
            (shape.kind.value, row.id, address, address.rpartition("@")[2])
            for row, ready in made
            for address in ready.addresses
        ],
    )
