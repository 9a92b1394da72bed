"""Rows of the hub that are new here put in place all at once, as a laptop needs it that begins with nothing."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING
from typing import Any

import orjson

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import UNFORESEEN
from member_tracker.domain.in_step import AsTold, Row
from member_tracker.domain.people import Resident
from member_tracker.store import in_step_straight, in_step_uses, records, search
from member_tracker.store.codec import to_json
from member_tracker.store.in_step_straight import Named, Ready
from member_tracker.store.kept import R
from member_tracker.store.shapes import Shape

Told = tuple[Row, dict[str, Any]]
"""A row with its fields, read."""

MANY = 1_000
_AT_ONCE = 200
_ROOM = {False: ("PRAGMA cache_size = -16000", "PRAGMA wal_autocheckpoint = 1000"),
         True: ("PRAGMA cache_size = -131072", "PRAGMA wal_autocheckpoint = 16000")}  # fmt: skip


def make_room(connection: sqlite3.Connection, rows: int) -> None:
    """Keeps more of the file in memory while it is filled, and moves it over from the log beside it less often."""
    for setting in _ROOM[rows >= MANY]:
        connection.execute(setting).fetchall()


def met(connection: sqlite3.Connection, shape: "Shape[Any]", record_ids: Sequence[str]) -> set[str]:
    """Which of these records are known here in any way: shown, hidden, or by an edit still to be sent.

    A laptop that begins with nothing has none of the latter two, and is asked for them once, not for every record.
    """
    places = [f"{shape.table.name} WHERE id"]
    places += ["hub_copy WHERE record_id"] * _is_any(connection, "hub_copy")
    places += ["op WHERE passed = 0 AND record_id"] * _is_any(connection, "op WHERE passed = 0")
    known = " OR ".join(f"EXISTS (SELECT 1 FROM {place} = asked.value)" for place in places)  # noqa: S608 - our tables
    found = connection.execute(
        f"SELECT asked.value FROM json_each(?) asked WHERE {known}",  # noqa: S608 - as above
        (json.dumps(record_ids),),
    )
    return {record_id for (record_id,) in found}


def _is_any(connection: sqlite3.Connection, place: str) -> bool:
    [(is_any,)] = connection.execute(f"SELECT EXISTS (SELECT 1 FROM {place})")  # noqa: S608 - our tables
    return bool(is_any)


def make(connection: sqlite3.Connection, shape: "Shape[Any]", rows: Sequence[Row]) -> list[Row]:
    """Writes rows whose records are not known here, and gives back those to look at more closely, one by one.

    Some at a time, so that the processor still has at hand what was just read.
    """
    others = list[Row]()
    for start in range(0, len(rows), _AT_ONCE):
        others += _make(connection, shape, rows[start : start + _AT_ONCE])
    return others


def _make(connection: sqlite3.Connection, shape: "Shape[Any]", rows: Sequence[Row]) -> list[Row]:
    """Writes some of them; those that cannot be shown, or not all of them, are given back."""
    told: Sequence[Told] = list(zip(rows, _fields_of_all(rows), strict=True))
    others = list[Row]()
    residents = _residents(connection, told) if shape.of is Enquiry else {}
    ready = _straight if in_step_straight.goes_straight(shape) else _by_value
    for some, each in ready(shape, told, residents):
        if each is None:
            others += some
        else:
            _write(connection, shape, some, each)
    if shape.of is Resident:
        _name_enquiries(connection, [row.id for row in rows])
    return others


def _straight(
    shape: "Shape[Any]", told: Sequence[Told], residents: Mapping[str, Named]
) -> Iterator[tuple[Sequence[Row], Ready | None]]:
    """Rows made ready all at once; where one of them cannot be, each half by itself, until that one is found."""
    if not told:
        return
    rows, said = zip(*told, strict=True)
    try:
        ready: Ready | None = in_step_straight.from_fields(shape, said, residents)
    except UNFORESEEN:
        if len(told) > 1:
            half = len(told) // 2
            yield from _straight(shape, told[:half], residents)
            yield from _straight(shape, told[half:], residents)
            return
        ready = None
    yield rows, ready


def _by_value(
    shape: "Shape[Any]", told: Sequence[Told], residents: Mapping[str, Named]
) -> Iterator[tuple[Sequence[Row], Ready | None]]:
    """Rows made ready by way of the records they say; one that says more than a record has here is none of them."""
    known = frozenset(shape.fields)
    values = [(row, readable(shape, fields, None) if known.issuperset(fields) else None) for row, fields in told]
    there = [(row, value) for row, value in values if value is not None]
    if there:
        rows, read = zip(*there, strict=True)
        yield rows, in_step_straight.from_values(shape, read, residents)
    yield [row for row, value in values if value is None], None


def _write(connection: sqlite3.Connection, shape: "Shape[Any]", rows: Sequence[Row], ready: Ready) -> None:
    """Writes records of one kind with all that goes with them."""
    places = search.put_all(connection, [each for each in ready.documents if each is not None])
    place = iter(places)
    hidden: dict[str, Sequence[object]] = {
        "heads": [row.heads.text if isinstance(row.heads, AsTold) else to_json(row.heads) for row in rows],
        "scope_id": [row.scope_id for row in rows],
        "document": [None if each is None else next(place) for each in ready.documents],
        "hub_seq": [row.hub_seq for row in rows],
    }
    every = hidden | dict(zip(in_step_straight.names(shape), ready.columns, strict=True))
    columns = {name: kept for name, kept in every.items() if kept.count(None) < len(rows)}  # the rest is null anyway
    records.make_all(connection, shape, tuple(columns), zip(*columns.values(), strict=True))
    _note_addresses(connection, shape, rows, ready)
    in_step_uses.add(
        connection,
        [
            (sha256, row.kind, row.id, row.scope_id)
            for row, hashes in zip(rows, ready.hashes, strict=False)
            for sha256 in hashes
        ],
    )


# --- reading JSON -----------------------------------------------------------------------------------------------------


def _fields_of_all(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The fields of many rows, read at once where they came as text that is not looked at yet."""
    texts = [row.fields.text for row in rows if isinstance(row.fields, AsTold)]
    if len(texts) < len(rows):
        return [fields_of(row) for row in rows]
    every: list[dict[str, Any]] = orjson.loads(f"[{','.join(texts)}]")
    for row, fields in zip(rows, every, strict=True):
        fields["id"] = row.id
    return every


def fields_of(row: Row) -> dict[str, Any]:
    """The fields of a row, its id among them."""
    fields = orjson.loads(row.fields.text) if isinstance(row.fields, AsTold) else dict(row.fields)
    fields["id"] = row.id
    return fields


def readable(shape: "Shape[R]", said: Mapping[str, object], before: R | None) -> R | None:
    """The record that the fields say; one that cannot be read stays as it was before, and None where it never was."""
    given: dict[str, Any] = {}
    for name, default in shape.defaults.items():
        plain = said.get(name, default)
        try:
            given[name] = plain if plain is MISSING else shape.from_plain(name, plain)
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


def _residents(connection: sqlite3.Connection, told: Sequence[Told]) -> dict[str, Named]:
    """The residents of enquiries that are here, by their ids."""
    wanted = json.dumps([fields.get("resident_id") for _, fields in told])
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


def _note_addresses(connection: sqlite3.Connection, shape: "Shape[Any]", rows: Sequence[Row], ready: Ready) -> None:
    connection.executemany(
        "INSERT INTO address (kind, record_id, address, domain) VALUES (?, ?, ?, ?)",
        [
            (shape.kind.value, row.id, address, address.rpartition("@")[2])
            for row, addresses in zip(rows, ready.addresses, strict=False)
            for address in addresses
        ],
    )
