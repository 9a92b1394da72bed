"""Records in and out of their tables by SQLAlchemy: by id, by equal fields, inserted, updated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic

from sqlalchemy import Connection, Insert, Select, Update, bindparam, insert, select, update

from member_tracker.store.codec import to_json
from member_tracker.store.shapes import R, Shape, shape_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[R]):
    """A record as it is kept, with the newest op seen for each field (under no name: the op that made it)."""

    value: R
    heads: Mapping[str, str]
    scope_id: str


def find(connection: Connection, of: type[R], record_id: str) -> Kept[R] | None:
    """The record with this id, None if there is none."""
    shape = shape_of(of)
    row = connection.execute(_by_id(shape), {"wanted": record_id}).one_or_none()
    if row is None:
        return None
    *fields, heads, scope_id = row
    return Kept(value=shape.value(fields), heads=json.loads(heads), scope_id=scope_id)


def every(connection: Connection, of: type[R], equal: Mapping[str, object]) -> tuple[R, ...]:
    """The records whose columns have these values (None: are empty), in their own order."""
    shape = shape_of(of)
    chosen = select(*shape.columns())
    for name, value in equal.items():
        chosen = chosen.where(shape.table.c[name] == value)
    chosen = chosen.order_by(*(_sorted(shape, name) for name in shape.order))
    return tuple(shape.value(row) for row in connection.execute(chosen))


def make(connection: Connection, shape: Shape[R], value: R, *, heads: Mapping[str, str], scope_id: str) -> None:
    """Writes a record that was not there."""
    row = shape.row(value) | {"heads": to_json(heads), "scope_id": scope_id}
    connection.execute(_insert(shape), row)


def change(connection: Connection, kept: Kept[R], value: R, *, heads: Mapping[str, str], scope_id: str) -> None:
    """Writes the columns in which a record now differs from what is kept."""
    shape = shape_of(type(value))
    before, after = shape.row(kept.value), shape.row(value)
    row = {name: after[name] for name in after if after[name] != before[name]}
    row |= {"heads": to_json(heads), "scope_id": scope_id}
    connection.execute(_update(shape).values(row), {"wanted": value.id})


@cache
def _by_id(shape: Shape[Any]) -> Select[Any]:
    table = shape.table
    return select(*shape.columns(), table.c.heads, table.c.scope_id).where(table.c.id == bindparam("wanted"))


@cache
def _insert(shape: Shape[Any]) -> Insert:
    return insert(shape.table)


@cache
def _update(shape: Shape[Any]) -> Update:
    return update(shape.table).where(shape.table.c.id == bindparam("wanted"))


def _sorted(shape: Shape[Any], name: str) -> Any:  # noqa: ANN401 - a column, or a column under a collation
    column = shape.table.c[name]
    return column.collate("NOCASE") if name == "name" else column
