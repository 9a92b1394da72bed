"""Rows of the hub that are new here put in place all at once, as a laptop needs it that begins with nothing."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import UNFORESEEN
from member_tracker.domain.in_step import Row
from member_tracker.domain.people import Resident
from member_tracker.store import in_step_uses, records, search
from member_tracker.store.codec import to_json
from member_tracker.store.kept import Kept, R
from member_tracker.store.shapes import Shape, addresses_of


def met(connection: sqlite3.Connection, shape: "Shape[Any]", record_ids: Sequence[str]) -> set[str]:
    """Which of these records are known here in any way: shown, hidden, or by an edit still to be sent."""
    found = connection.execute(
        f"SELECT id FROM {shape.table.name} WHERE id IN (SELECT value FROM json_each(?1))"  # noqa: S608 - a table
        " UNION ALL SELECT record_id FROM hub_copy WHERE record_id IN (SELECT value FROM json_each(?1))"
        " UNION ALL SELECT record_id FROM op WHERE passed = 0 AND record_id IN (SELECT value FROM json_each(?1))",
        (json.dumps(record_ids),),
    )
    return {record_id for (record_id,) in found}


def make(connection: sqlite3.Connection, shape: "Shape[R]", rows: Sequence[Row]) -> list[Row]:
    """Writes rows whose records are not known here, and gives back those this program cannot show."""
    read = [(row, readable(shape, said(row), None)) for row in rows]
    made = [(row, value) for row, value in read if value is not None and not (row.fields.keys() - set(shape.fields))]
    values = [value for _, value in made]
    places = _index(connection, values)
    records.make_all(
        connection,
        shape,
        (
            Kept(value=value, heads=row.heads, scope_id=row.scope_id, document=place, hub_seq=row.hub_seq)
            for (row, value), place in zip(made, places, strict=True)
        ),
    )
    _note_addresses(connection, shape, values)
    in_step_uses.add(
        connection,
        [
            (sha256, shape.kind.value, row.id, row.scope_id)
            for row, value in made
            for sha256 in in_step_uses.hashes(value)
        ],
    )
    if shape.of is Resident:
        _name_enquiries(connection, values)
    done = {row.id for row, _ in made}
    return [row for row in rows if row.id not in done]


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


def _index(connection: sqlite3.Connection, values: Sequence[Any]) -> list[int | None]:
    """Puts the words of records that are new into the search index; their places in it, in order."""
    residents = _residents(connection, [each.resident_id for each in values if isinstance(each, Enquiry)])
    documents = [
        search.document_of(each, residents.get(each.resident_id) if isinstance(each, Enquiry) else None)
        for each in values
    ]
    places = iter(search.put_all(connection, [each for each in documents if each is not None]))
    return [None if each is None else next(places) for each in documents]


def _residents(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Resident]:
    wanted = dict.fromkeys(ids)
    found = (records.find(connection, Resident, each) for each in wanted)
    return {kept.value.id: kept.value for kept in found if kept is not None}


def _name_enquiries(connection: sqlite3.Connection, residents: Sequence[Any]) -> None:
    """Lets enquiries that came before their residents be found by those."""
    by_id = {each.id: each for each in residents}
    waiting = connection.execute(
        "SELECT id FROM enquiry WHERE resident_id IN (SELECT value FROM json_each(?))", (json.dumps(list(by_id)),)
    ).fetchall()
    for (enquiry_id,) in waiting:
        kept = records.find(connection, Enquiry, enquiry_id)
        if kept is not None:
            document = search.of_enquiry(kept.value, by_id[kept.value.resident_id])
            search.put(connection, document, kept.document)


def _note_addresses(connection: sqlite3.Connection, shape: "Shape[R]", values: Sequence[R]) -> None:
    if shape.addresses is None:
        return
    connection.executemany(
        "INSERT INTO address (kind, record_id, address, domain) VALUES (?, ?, ?, ?)",
        [
            (shape.kind.value, value.id, address, address.rpartition("@")[2])
            for value in values
            for address in addresses_of(shape, value)
        ],
    )
