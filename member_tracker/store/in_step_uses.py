"""Which records speak of which bytes, and how those stand with the hub: wanted from it, unsent to it, or neither.

A record that leaves a scope may be on its way into another one. Bytes of it that are nowhere but here are kept until
that is known: its uses of them are parted from it, then leaving, and gone a contact later.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable

from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.store.blobs import CHUNKS
from member_tracker.store.kept import Record

_PARTED, _LEAVING = "'parted'", "'leaving'"
_SPOKEN_OF = f"coalesce(state, '') NOT IN ({_PARTED}, {_LEAVING})"
_HERE = "EXISTS (SELECT 1 FROM blob WHERE blob.sha256 = {})"
_OF = "record_id IN (SELECT value FROM json_each(?))"
_STATE = f"CASE WHEN {_HERE} THEN 'unsent' ELSE 'wanted' END"
_AT_HUB = (
    "(EXISTS (SELECT 1 FROM mail m WHERE m.id = u.record_id AND m.hub_seq IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM outgoing o WHERE o.id = u.record_id AND o.hub_seq IS NOT NULL))"
)


def hashes(value: Record) -> tuple[str, ...]:
    """The SHA-256 of all bytes a record speaks of, each once."""
    match value:
        case ReceivedMail():
            said = (value.original, *value.other_originals, *(each.sha256 for each in value.attachments))
        case QueuedMail():
            said = (value.original, *(each.sha256 for each in value.attachments))
        case _:
            return ()
    return tuple(dict.fromkeys(each for each in said if each))


def note(connection: sqlite3.Connection, kind: str, record_id: str, scope_id: str, wanted: Collection[str]) -> None:
    """Remembers which bytes a record speaks of, in which scope; what it no longer speaks of is forgotten."""
    kept = dict(
        connection.execute(
            f"SELECT sha256, scope_id FROM blob_use WHERE record_id = ? AND {_SPOKEN_OF}",  # noqa: S608 - words
            (record_id,),
        )
    )
    stale = [sha256 for sha256, scope in kept.items() if sha256 not in wanted or scope != scope_id]
    connection.executemany(
        "DELETE FROM blob_use WHERE record_id = ? AND sha256 = ?", [(record_id, sha256) for sha256 in stale]
    )
    add(connection, [(sha256, kind, record_id, scope_id) for sha256 in wanted if kept.get(sha256) != scope_id])


def add(connection: sqlite3.Connection, uses: Iterable[tuple[str, str, str, str]]) -> None:
    """Notes new uses: hash, kind and id of the record, scope; the record is not on its way any more."""
    uses = tuple(uses)
    if connection.execute(f"SELECT 1 FROM blob_use WHERE state IN ({_PARTED}, {_LEAVING}) LIMIT 1").fetchone():  # noqa: S608 - words
        connection.executemany(
            f"DELETE FROM blob_use WHERE record_id = ? AND state IN ({_PARTED}, {_LEAVING})",  # noqa: S608 - words
            [(record_id,) for _, _, record_id, _ in uses],
        )
    connection.executemany(
        f"INSERT INTO blob_use (sha256, kind, record_id, scope_id, state) VALUES (?1, ?2, ?3, ?4, {_STATE.format('?1')})",  # noqa: S608, E501 - fixed words
        uses,
    )


def forget(connection: sqlite3.Connection, record_ids: str) -> None:
    """Forgets what records spoke of (their ids as JSON), and the bytes that no other record speaks of."""
    _forget(connection, _OF, (record_ids,))


def part(connection: sqlite3.Connection, record_ids: str) -> None:
    """The same of records that may be on their way to another scope: bytes that are only here are kept so long."""
    connection.execute(
        f"UPDATE blob_use SET state = {_PARTED}"  # noqa: S608 - words
        " WHERE record_id IN (SELECT value FROM json_each(?)) AND state = 'unsent'",
        (record_ids,),
    )
    _forget(connection, f"{_OF} AND {_SPOKEN_OF}", (record_ids,))


def let_parted_go(connection: sqlite3.Connection) -> None:
    """Once every scope was read: what was parted before that one began has come nowhere, and what was since may yet."""
    _forget(connection, f"state = {_LEAVING}", ())
    connection.execute(f"UPDATE blob_use SET state = {_LEAVING} WHERE state = {_PARTED}")  # noqa: S608 - words


def _forget(connection: sqlite3.Connection, where: str, given: tuple[str, ...]) -> None:
    used = connection.execute(f"SELECT DISTINCT sha256 FROM blob_use WHERE {where}", given).fetchall()  # noqa: S608 - ours
    if not used:
        return
    connection.execute(f"DELETE FROM blob_use WHERE {where}", given)  # noqa: S608 - ours
    idle = (
        "SELECT pos FROM blob WHERE sha256 IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.sha256 = blob.sha256)"
    )
    for (pos,) in connection.execute(idle, (json.dumps([sha256 for (sha256,) in used]),)).fetchall():
        connection.execute("DELETE FROM blob_chunk WHERE pos >= ? AND pos < ?", (pos * CHUNKS, (pos + 1) * CHUNKS))
        connection.execute("DELETE FROM blob WHERE pos = ?", (pos,))


def wanted(connection: sqlite3.Connection, limit: int) -> tuple[tuple[str, str], ...]:
    """Bytes that are not here: scope and hash, those of the newest records first."""
    found = connection.execute(
        "SELECT scope_id, sha256 FROM blob_use WHERE state = 'wanted' GROUP BY scope_id, sha256"
        " ORDER BY max(pos) DESC LIMIT ?",
        (limit,),
    )
    return tuple(found.fetchall())


def unsent(connection: sqlite3.Connection, limit: int) -> tuple[tuple[str, str], ...]:
    """Bytes the hub has not confirmed, of records it has: scope and hash, oldest first."""
    found = connection.execute(
        f"SELECT DISTINCT u.scope_id, u.sha256 FROM blob_use u WHERE u.state = 'unsent' AND {_AT_HUB} LIMIT ?",  # noqa: S608 - fixed words
        (limit,),
    )
    return tuple(found.fetchall())


def is_wanted(connection: sqlite3.Connection, scope_id: str, sha256: str) -> bool:
    """Whether a record of the scope speaks of these bytes."""
    found = connection.execute(
        f"SELECT 1 FROM blob_use WHERE sha256 = ? AND scope_id = ? AND {_SPOKEN_OF} LIMIT 1",  # noqa: S608 - words
        (sha256, scope_id),
    ).fetchone()
    return found is not None


def settle(connection: sqlite3.Connection, scope_id: str, sha256: str) -> None:
    """Remembers that the hub holds the bytes in this scope and that they are here."""
    connection.execute(
        f"UPDATE blob_use SET state = NULL WHERE sha256 = ? AND scope_id = ? AND {_SPOKEN_OF}",  # noqa: S608 - words
        (sha256, scope_id),
    )


def arrived(connection: sqlite3.Connection, sha256: str) -> None:
    """Remembers of bytes that are here now that other scopes which speak of them may not have them at the hub."""
    connection.execute("UPDATE blob_use SET state = 'unsent' WHERE sha256 = ? AND state = 'wanted'", (sha256,))
