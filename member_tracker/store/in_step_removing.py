"""Taking records away from this computer: row, index, addresses, history, and bytes that nothing else speaks of."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from member_tracker.domain.change import RecordKind
from member_tracker.store import drafts, in_step_uses
from member_tracker.store.shapes import Shape

_HANGING = ("suggestion", "mail", "outgoing", "entry")
_LISTED = "(SELECT value FROM json_each(?))"
# The triggers that keep the timeline as it was written look for this; it never outlives a transaction.
_LIFTED = "as the hub says"


@contextmanager
def as_the_hub_says(connection: sqlite3.Connection) -> Iterator[None]:
    """Lets the hub's word about timeline entries, which nobody here may change, be put in place."""
    connection.execute("INSERT OR IGNORE INTO local (key, value) VALUES (?, '')", (_LIFTED,))
    yield
    connection.execute("DELETE FROM local WHERE key = ?", (_LIFTED,))


def remove(
    connection: sqlite3.Connection, shape: "Shape[Any]", record_ids: Sequence[str], *, may_move: bool = False
) -> None:
    """Takes records of one kind away; the edits made to them stay until the hub has answered for them.

    `may_move` keeps bytes that are nowhere but here for a record that is on its way to another scope.
    """
    listed, kind, table = json.dumps(record_ids), shape.kind.value, shape.table.name
    places = f"(SELECT document FROM {table} WHERE document IS NOT NULL AND id IN {_LISTED})"  # noqa: S608 - a table
    connection.execute(f"DELETE FROM search WHERE rowid IN {places}", (listed,))  # noqa: S608
    connection.execute(f"DELETE FROM search_document WHERE pos IN {places}", (listed,))  # noqa: S608
    for beside in ("address", "history", "hub_copy"):
        connection.execute(f"DELETE FROM {beside} WHERE record_id IN {_LISTED} AND kind = ?", (listed, kind))  # noqa: S608
    with as_the_hub_says(connection):
        connection.execute(f"DELETE FROM {table} WHERE id IN {_LISTED}", (listed,))  # noqa: S608
    if not may_move:
        drafts.forget_naming(connection, record_ids)
    if shape.kind in {RecordKind.MAIL, RecordKind.OUTGOING}:
        (in_step_uses.part if may_move else in_step_uses.forget)(connection, listed)


def remove_answered_ops(connection: sqlite3.Connection, kind: str, record_ids: Sequence[str]) -> None:
    """Forgets the edits made to records that the hub has taken; the words of those it refused are kept for a person."""
    taken = "outcome IN ('accepted', 'conflict')"
    connection.execute(
        f"DELETE FROM op WHERE record_id IN {_LISTED} AND kind = ? AND {taken}",  # noqa: S608
        (json.dumps(record_ids), kind),
    )


def blank_ops(connection: sqlite3.Connection, kind: str, record_id: str, at: str) -> None:
    """Leaves of the edits made to an erased record only that those still to be sent will not be."""
    connection.execute(
        "DELETE FROM op WHERE record_id = ? AND kind = ? AND outcome IS NOT NULL AND outcome <> 'erased'",
        (record_id, kind),
    )
    connection.execute(
        "UPDATE op SET value = 'null', outcome = 'erased', acked_at = ?, passed = 1"
        " WHERE record_id = ? AND kind = ? AND outcome IS NULL",
        (at, record_id, kind),
    )


def only_ours(connection: sqlite3.Connection, kind: RecordKind, record_id: str) -> Iterator[tuple[RecordKind, str]]:
    """Kind and id of what hangs on an erased record and is not at the hub, which so can say nothing of it."""
    found: list[tuple[RecordKind, str]] = []
    if kind is RecordKind.RESIDENT:
        found += _found(connection, RecordKind.ENQUIRY, "resident_id", record_id)
    if kind is RecordKind.ENQUIRY:
        for table in _HANGING:
            found += _found(connection, RecordKind(table), "enquiry_id", record_id)
    if kind is RecordKind.MAIL:
        found += _found(connection, RecordKind.SUGGESTION, "mail_id", record_id)
    found += _refused_about(connection, record_id)
    for each in found:
        yield each
        yield from only_ours(connection, *each)


def _refused_about(connection: sqlite3.Connection, record_id: str) -> list[tuple[RecordKind, str]]:
    """What was to hang on a record and was not made, so that its words are in its edits alone."""
    found = connection.execute(
        "SELECT DISTINCT kind, record_id FROM op WHERE verb = 'create' AND outcome IN ('denied', 'illegal') AND ?1 IN"
        " (json_extract(value, '$.enquiry_id'), json_extract(value, '$.resident_id'), json_extract(value, '$.mail_id'))"
        " AND record_id <> ?1",
        (record_id,),
    )
    return [(RecordKind(kind), each) for kind, each in found]


def _found(
    connection: sqlite3.Connection, kind: RecordKind, column: str, record_id: str
) -> list[tuple[RecordKind, str]]:
    found = connection.execute(
        f"SELECT id FROM {kind.value} WHERE {column} = ? AND hub_seq IS NULL",  # noqa: S608 - names from above
        (record_id,),
    )
    return [(kind, each) for (each,) in found]


def forget_words(connection: sqlite3.Connection) -> None:
    """Writes the search index anew without the words of what was taken away, which it only marks until then."""
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")
    connection.execute("INSERT INTO resident_search (resident_search) VALUES ('optimize')")
