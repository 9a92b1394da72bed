"""Records in and out of their tables: by id, by equal fields, inserted, updated.

SQLAlchemy builds each statement once; the driver runs it, for a reply that comes in takes a score of them.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import ClauseElement, Select, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from member_tracker.domain.people import Resident
from member_tracker.store.codec import to_json
from member_tracker.store.kept import Kept, R
from member_tracker.store.shapes import Shape, shape_of

HIDDEN = ("heads", "scope_id", "document", "hub_seq")
"""What is kept of a record beside its fields and what is worked out from them."""

_DIALECT = SQLiteDialect_pysqlite(paramstyle="named")


def find(connection: sqlite3.Connection, of: type[R], record_id: str) -> Kept[R] | None:
    """The record with this id, None if there is none."""
    shape = shape_of(of)
    row = connection.execute(_by_id(shape), {"id": record_id}).fetchone()
    return None if row is None else _kept(shape, row)


def every(
    connection: sqlite3.Connection, of: type[R], equal: Mapping[str, object], known: dict[tuple[type, str], Any]
) -> tuple[R, ...]:
    """The records whose fields have these values (None: are empty), in their order; `known` ones are not made anew."""
    shape = shape_of(of)
    empty = frozenset(name for name, value in equal.items() if value is None)
    given = {name: shape.written(name, value) for name, value in equal.items() if value is not None}
    found = []
    for row in connection.execute(_by_fields(shape, frozenset(given), empty), given):
        kept = known.get((of, row[0]))
        if kept is None:
            kept = known[of, row[0]] = _kept(shape, row)
        found.append(kept.value)
    return tuple(found)


def make(connection: sqlite3.Connection, shape: Shape[R], made: Kept[R], plain: Mapping[str, object]) -> None:
    """Writes a record that was not there; `plain` are its fields as JSON."""
    connection.execute(_insert(shape), shape.row(made.value, plain) | _hidden(made))


def make_all(
    connection: sqlite3.Connection, shape: Shape[Any], names: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Writes records that were not there, all at once, each as its columns in the order of the names."""
    columns = ", ".join(f'"{name}"' for name in names)
    marks = f"({', '.join('?' * len(names))})"
    statement = f"INSERT INTO {shape.table.name} ({columns}) VALUES "  # noqa: S608 - ours
    if shape.of is not Resident:
        connection.executemany(statement + marks, rows)
        return
    # One statement: before each of them a search index that a trigger writes to puts down what it holds in memory.
    every = list(rows)
    if every:
        connection.execute(statement + ", ".join([marks] * len(every)), list(chain.from_iterable(every)))


def change(connection: sqlite3.Connection, shape: Shape[R], before: Kept[R], after: Kept[R]) -> None:
    """Writes the columns in which a record now differs from what was kept; another order of words is no difference."""
    was, now = shape.every_plain(before.value), shape.every_plain(after.value)
    old, new = shape.row(before.value, was), shape.row(after.value, now)
    alike = {name for name in now if now[name] == was[name]}
    row = {name: new[name] for name in new if new[name] != old[name] and name not in alike} | _hidden(after)
    connection.execute(_update(shape, frozenset(row)), row | {"wanted": after.value.id})


def _kept(shape: Shape[R], row: Sequence[Any]) -> Kept[R]:
    *fields, heads, scope_id, document, hub_seq = row
    return Kept(
        value=shape.value(fields), heads=json.loads(heads), scope_id=scope_id, document=document, hub_seq=hub_seq
    )


def _hidden(kept: Kept[Any]) -> dict[str, object]:
    return {"heads": to_json(kept.heads), "scope_id": kept.scope_id, "document": kept.document, "hub_seq": kept.hub_seq}


@cache
def _by_id(shape: Shape[Any]) -> str:
    return _compiled(_chosen(shape).where(shape.table.c.id == bindparam("id")))


@cache
def _by_fields(shape: Shape[Any], given: frozenset[str], empty: frozenset[str]) -> str:
    column = shape.table.c
    chosen = _chosen(shape)
    for name in sorted(given):
        chosen = chosen.where(column[name] == bindparam(name))
    for name in sorted(empty):
        chosen = chosen.where(column[name].is_(None))
    order = (column[name].collate("NOCASE") if name == "name" else column[name] for name in shape.order)
    return _compiled(chosen.order_by(*order))


def _chosen(shape: Shape[Any]) -> Select[Any]:
    """Fields, the id first, then what else is kept of a record."""
    hidden = shape.table.c
    return select(*shape.columns(), hidden.heads, hidden.scope_id.label("whose"), hidden.document, hidden.hub_seq)


@cache
def _insert(shape: Shape[Any]) -> str:
    names = [column.name for column in shape.table.c if column.name != "pos"]
    return _compiled(insert(shape.table).values({name: bindparam(name) for name in names}))


@cache
def _update(shape: Shape[Any], names: frozenset[str]) -> str:
    changed = update(shape.table).where(shape.table.c.id == bindparam("wanted"))
    return _compiled(changed.values({name: bindparam(name) for name in sorted(names)}))


def _compiled(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=_DIALECT))
