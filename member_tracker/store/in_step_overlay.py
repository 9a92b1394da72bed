"""What is shown of a record: the hub's copy, and above it the edits made here that are not part of that copy yet."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A record as JSON by field, with the newest op of each."""

    fields: Mapping[str, object]
    heads: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An edit made here that the hub's copy does not hold yet; `value` as in the op."""

    op_id: str
    verb: str
    field: str
    value: object


def overlay(base: Standing | None, edits: Sequence[Pending]) -> Standing | None:
    """The base with the edits made, in order; None where there is no record then.

    Without a base it takes an edit that makes the record; with one, making it again changes nothing.
    """
    fields = dict(base.fields) if base else None
    heads = dict(base.heads) if base else {}
    for edit in edits:
        if edit.verb == "create" and fields is None and isinstance(edit.value, dict):
            fields, heads = dict(edit.value), {"": edit.op_id}
        elif edit.verb == "delete":
            return None
        elif edit.verb != "create" and fields is not None:
            _do(fields, edit)
            heads[edit.field if edit.verb == "set" else f"{edit.field}/{edit.value}"] = edit.op_id
    return None if fields is None else Standing(fields=fields, heads=heads)


def _do(fields: dict[str, object], edit: Pending) -> None:
    if edit.verb == "set":
        fields[edit.field] = edit.value
        return
    kept = fields.get(edit.field)
    rest = [each for each in kept if each != edit.value] if isinstance(kept, list) else []
    fields[edit.field] = [*rest, edit.value] if edit.verb == "add" else rest


_FIND = (
    "SELECT kind, record_id, op_id, verb, field, value FROM op"
    " WHERE passed = 0 AND record_id IN (SELECT value FROM json_each(?)) ORDER BY pos"
)


def pending(connection: sqlite3.Connection, record_ids: Sequence[str]) -> dict[tuple[str, str], list[Pending]]:
    """Kind and id of records → the edits the hub's copy of them does not hold yet, in the order they were made."""
    found: dict[tuple[str, str], list[Pending]] = defaultdict(list)
    for kind, record_id, op_id, verb, field, value in connection.execute(_FIND, (json.dumps(record_ids),)):
        found[kind, record_id].append(Pending(op_id=op_id, verb=verb, field=field, value=json.loads(value)))
    return found


def pass_ops(connection: sqlite3.Connection, kind: str, record_id: str, hub_seq: int) -> None:
    """Remembers of acknowledged edits that the hub's copy of the record, as of a number, holds them."""
    connection.execute(
        "UPDATE op SET passed = 1 WHERE passed = 0 AND record_id = ? AND hub_seq <= ? AND kind = ?",
        (record_id, hub_seq, kind),
    )
