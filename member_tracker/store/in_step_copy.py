"""The hub's copy of a record, kept apart from what is shown as long as the two differ."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from member_tracker.store.codec import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What the hub says otherwise than the row here, by field; everything where a record is `hidden`, without a row."""

    scope_id: str
    hub_seq: int
    fields: Mapping[str, object]
    heads: Mapping[str, str]
    hidden: bool = False


def find(connection: sqlite3.Connection, kind: str, record_id: str) -> Copy | None:
    """The copy of a record, None where its row is all the hub has said."""
    found = connection.execute(
        "SELECT scope_id, hub_seq, fields, heads, hidden FROM hub_copy WHERE record_id = ? AND kind = ?",
        (record_id, kind),
    ).fetchone()
    if found is None:
        return None
    scope_id, hub_seq, fields, heads, hidden = found
    return Copy(
        scope_id=scope_id, hub_seq=hub_seq, fields=json.loads(fields), heads=json.loads(heads), hidden=bool(hidden)
    )


def put(connection: sqlite3.Connection, kind: str, record_id: str, copy: Copy) -> None:
    """Keeps the copy in place of one there was."""
    connection.execute(
        "INSERT INTO hub_copy (kind, record_id, scope_id, hub_seq, fields, heads, hidden) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (record_id, kind) DO UPDATE SET scope_id = excluded.scope_id, hub_seq = excluded.hub_seq,"
        " fields = excluded.fields, heads = excluded.heads, hidden = excluded.hidden",
        (
            kind,
            record_id,
            copy.scope_id,
            copy.hub_seq,
            to_json(copy.fields),
            to_json(copy.heads),
            int(copy.hidden),
        ),
    )


def drop(connection: sqlite3.Connection, kind: str, record_id: str) -> None:
    """Forgets the copy: the row says all of it."""
    connection.execute("DELETE FROM hub_copy WHERE record_id = ? AND kind = ?", (record_id, kind))


def keep_before(connection: sqlite3.Connection, kind: str, record_id: str, before: Copy) -> None:
    """Keeps what the hub says of fields that are about to be shown otherwise; what is kept of them already stands."""
    kept = find(connection, kind, record_id)
    if kept is None:
        put(connection, kind, record_id, before)
    elif before.fields.keys() - kept.fields.keys():
        both = Copy(
            scope_id=kept.scope_id,
            hub_seq=kept.hub_seq,
            fields={**before.fields, **kept.fields},
            heads=kept.heads,
            hidden=kept.hidden,
        )
        put(connection, kind, record_id, both)
