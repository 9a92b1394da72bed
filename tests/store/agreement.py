"""Whether a store agrees with itself: rows, ops, the hub's copies, history, search index, addresses and originals."""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Resident
from member_tracker.domain.timeline import Entry, Suggestion
from member_tracker.store import search
from member_tracker.store.in_step_uses import hashes
from member_tracker.store.shapes import Shape, every_shape
from member_tracker.store.store import Reading, Store


def disagreements(store: Store) -> list[str]:
    """Everything that does not fit, in words; nothing where all is well.

    On a laptop that belongs to a hub parents may still be on their way, and edits to what was taken away to the hub.
    """
    with store.reading() as tx:
        connection = tx._connection
        alone = tx.local("hub") is None
        return [
            *(f"file: {said}" for (said,) in connection.execute("PRAGMA quick_check") if said != "ok"),
            *(f"foreign key: {row}" for row in connection.execute("PRAGMA foreign_key_check")),
            *(said for shape in every_shape() for said in _of_shape(tx, connection, shape)),
            *_copies(connection),
            *_strangers(connection, alone=alone),
            *_search(tx, connection),
            *_doubles(connection),
            *_originals(tx, connection),
            *_hanging(tx, connection, alone=alone),
        ]


# --- rows, ops and history --------------------------------------------------------------------------------------------


def _of_shape(tx: Reading, connection: sqlite3.Connection, shape: "Shape[Any]") -> Iterator[str]:
    ops = _grouped(
        connection,
        "SELECT record_id, verb, field, value, op_id FROM op WHERE kind = ? AND passed = 0 ORDER BY pos",
        shape,
    )
    history = _grouped(connection, "SELECT record_id, verb, changes FROM history WHERE kind = ? ORDER BY pos", shape)
    copies = _grouped(connection, "SELECT record_id, fields, heads FROM hub_copy WHERE kind = ?", shape)
    known = dict(connection.execute(f"SELECT id, hub_seq FROM {shape.table.name}"))
    heads = dict(connection.execute(f"SELECT id, heads FROM {shape.table.name}"))
    for value in tx.every(shape.of):
        where = f"{shape.kind.value} {value.id}"
        now = shape.every_plain(value)
        base = None
        if known[value.id] is not None:
            said = copies[value.id][0] if copies[value.id] else ("{}", heads[value.id])
            base = now | json.loads(said[0]), json.loads(said[1])
            if ops[value.id] and not copies[value.id]:
                yield f"{where}: edits are to be sent, and what the hub says is not kept"
        yield from _replayed(where, ops[value.id], base, now, json.loads(heads[value.id]), shape)
        yield from _told(where, history[value.id], now, shape, ours=base is None)
        yield from _row(connection, where, shape, value)


def _grouped(connection: sqlite3.Connection, sql: str, shape: "Shape[Any]") -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for record_id, *rest in connection.execute(sql, (shape.kind.value,)):
        found[record_id].append(tuple(rest))
    return found


def _replayed(
    where: str,
    ops: list[tuple[Any, ...]],
    base: tuple[dict[str, Any], dict[str, str]] | None,
    now: dict[str, Any],
    heads: dict[str, str],
    shape: "Shape[Any]",
) -> Iterator[str]:
    """Every op done again, above the hub's copy or from the making of the record, gives the record."""
    if base is None and ([op[0] for op in ops].count("create") != 1 or ops[0][0] != "create"):
        yield f"{where}: not made by exactly one op"
        return
    fields, newest = base or (shape.whole(json.loads(ops[0][2])), {"": ops[0][3]})
    for verb, field, value, op_id in ops:
        if verb != "create":
            _do(fields, verb, field, json.loads(value))
            newest[field if verb == "set" else f"{field}/{json.loads(value)}"] = op_id
    for name, value in now.items():
        if not _same(fields.get(name), value, is_set=name in shape.sets):
            yield f"{where}: its ops say {name} is {fields.get(name)!r}, its row {value!r}"
    if heads != newest:
        yield f"{where}: its newest ops are not those it remembers"


def _do(fields: dict[str, Any], verb: str, field: str, value: Any) -> None:  # noqa: ANN401 - any JSON
    match verb:
        case "set":
            fields[field] = value
        case "add":
            fields[field] = [*(each for each in fields[field] if each != value), value]
        case "remove":
            fields[field] = [each for each in fields[field] if each != value]


def _told(
    where: str, history: list[tuple[Any, ...]], now: dict[str, Any], shape: "Shape[Any]", *, ours: bool
) -> Iterator[str]:
    """History tells one making (none of what others made), and each change from what was there to what is there."""
    making = [number for number, (verb, _) in enumerate(history) if verb == "create"]
    if making != [0] and (ours or making):
        yield f"{where}: its history does not begin with one making"
        return
    newest: dict[str, Any] = {}
    for _verb, changes in history[len(making) :]:
        for name, (before, after) in json.loads(changes).items():
            if name in newest and not _same(newest[name], before, is_set=name in shape.sets):
                yield f"{where}: its history skips a value of {name}"
            newest[name] = after
    for name, value in newest.items():
        if not _same(value, now[name], is_set=name in shape.sets):
            yield f"{where}: its history says {name} is {value!r}, its row {now[name]!r}"


def _same(one: Any, other: Any, *, is_set: bool) -> bool:  # noqa: ANN401 - any JSON
    return sorted(one) == sorted(other) if is_set else bool(one == other)


def _row(connection: sqlite3.Connection, where: str, shape: "Shape[Any]", value: Any) -> Iterator[str]:  # noqa: ANN401
    """What is worked out from the fields, and the addresses."""
    wanted = shape.row(value)
    names = list(wanted)
    columns = ", ".join(f'"{name}"' for name in names)
    kept = connection.execute(f"SELECT {columns} FROM {shape.table.name} WHERE id = ?", (value.id,)).fetchone()
    yield from (
        f"{where}: {name} is kept as {found!r}"
        for name, found in zip(names, kept, strict=True)
        if found != wanted[name]
    )
    if shape.addresses:
        said = getattr(value, shape.addresses)
        listed = said if isinstance(said, tuple) else (said,)
        addresses = {each.strip().casefold() for each in listed if each and each.strip()}
        found = connection.execute(
            "SELECT address FROM address WHERE kind = ? AND record_id = ?", (shape.kind.value, value.id)
        )
        if sorted(address for (address,) in found) != sorted(addresses):
            yield f"{where}: its addresses are not those mail is looked up by"


def _copies(connection: sqlite3.Connection) -> Iterator[str]:
    """The hub's copies stand beside the rows they are of, or where nothing can be shown."""
    tables = {shape.kind.value: shape.table.name for shape in every_shape()}
    for kind, record_id, scope_id, hub_seq, hidden in connection.execute(
        "SELECT kind, record_id, scope_id, hub_seq, hidden FROM hub_copy"
    ):
        row = None
        if kind in tables:
            row = connection.execute(
                f"SELECT scope_id, hub_seq FROM {tables[kind]} WHERE id = ?", (record_id,)
            ).fetchone()
        if row != (None if hidden else (scope_id, hub_seq)):
            yield f"copy of {kind} {record_id}: of {scope_id} as of {hub_seq}, its row {row}"


def _strangers(connection: sqlite3.Connection, *, alone: bool) -> Iterator[str]:
    """Ops, history and addresses of records that are not there."""
    for shape in every_shape():
        for table in ("op", "history", "address") if alone else ("history", "address"):
            yield from (
                f"{table} of a {shape.kind.value} that is not there: {record_id}"
                for (record_id,) in connection.execute(
                    f"SELECT DISTINCT record_id FROM {table} WHERE kind = ?"
                    f" AND record_id NOT IN (SELECT id FROM {shape.table.name})",
                    (shape.kind.value,),
                )
            )


# --- the search index -------------------------------------------------------------------------------------------------


def _search(tx: Reading, connection: sqlite3.Connection) -> Iterator[str]:
    """The index holds exactly the words of the records that are searched, each under the place its record knows."""
    wanted: dict[int, search.Document] = {}
    for shape in every_shape():
        places = dict(connection.execute(f"SELECT id, document FROM {shape.table.name}"))
        for value in tx.every(shape.of):
            document, place = _document(tx, value), places[value.id]
            if (document is None) != (place is None):
                yield f"{shape.kind.value} {value.id}: {'no' if place is None else 'a'} place in the search index"
            elif document is not None:
                wanted[place] = document
    rows = {
        place: (kind, record_id, enquiry_id)
        for place, kind, record_id, enquiry_id in connection.execute(
            "SELECT pos, kind, record_id, enquiry_id FROM search_document"
        )
    }
    expected = {place: (each.kind.value, each.record_id, each.enquiry_id) for place, each in wanted.items()}
    yield from (f"search document {place}: {rows.get(place)}" for place in rows.keys() ^ expected.keys())
    yield from (
        f"search document {place}: {rows[place]}, not {said}"
        for place, said in expected.items()
        if place in rows and rows[place] != said
    )
    if _words(connection) != _words(_index_of(wanted, connection)):
        yield "search index: its words are not those of the records"


def _document(tx: Reading, value: object) -> search.Document | None:
    match value:
        case Enquiry():
            return search.of_enquiry(value, tx.find(Resident, value.resident_id))
        case Entry():
            return search.of_entry(value)
        case ReceivedMail():
            return search.of_received(value)
        case QueuedMail():
            return search.of_queued(value)
    return None


def _index_of(documents: dict[int, search.Document], like: sqlite3.Connection) -> sqlite3.Connection:
    """A fresh index of the documents, made as the store's own is."""
    made = type(like)(":memory:")
    (sql,) = like.execute("SELECT sql FROM sqlite_master WHERE name = 'search'").fetchone()
    made.execute(sql)
    made.executemany(
        "INSERT INTO search (rowid, subject, words) VALUES (?, ?, ?)",
        [(place, document.subject, document.words) for place, document in documents.items()],
    )
    return made


def _words(connection: sqlite3.Connection) -> Counter[tuple[Any, ...]]:
    """Every word of an index with where it stands; a reading may not even make the temporary table for that."""
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.every_word USING fts5vocab(main, search, instance)")
    connection.execute("PRAGMA query_only = ON")
    return Counter(connection.execute("SELECT term, doc, col, offset FROM temp.every_word"))


# --- the rest ---------------------------------------------------------------------------------------------------------


def _doubles(connection: sqlite3.Connection) -> Iterator[str]:
    for table, column in (
        ("enquiry", "reference"),
        ("mail", "message_id"),
        ("outgoing", "key"),
        ("outgoing", "message_id"),
    ):
        yield from (
            f"{table}: {count} with the {column} {value}"
            for value, count in connection.execute(
                f"SELECT {column}, count(*) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
                " HAVING count(*) > 1 AND (count(hub_seq) > 1 OR count(hub_seq) = 0)"
            )
        )


def _originals(tx: Reading, connection: sqlite3.Connection) -> Iterator[str]:
    for (sha256,) in connection.execute("SELECT sha256 FROM blob"):
        if hashlib.sha256(tx.original(sha256)).hexdigest() != sha256:
            yield f"original {sha256}: not what it was"
    kept = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM blob")}
    said: set[tuple[str, str, str]] = set()
    for shape in every_shape():
        scopes = dict(connection.execute(f"SELECT id, scope_id FROM {shape.table.name}"))
        said |= {(sha256, each.id, scopes[each.id]) for each in tx.every(shape.of) for sha256 in hashes(each)}
    found = connection.execute(
        "SELECT sha256, record_id, scope_id, state FROM blob_use WHERE coalesce(state, '') NOT IN ('parted', 'leaving')"
    ).fetchall()
    if {tuple(use[:3]) for use in found} != said or len(found) != len(said):
        yield "originals: those the records speak of are not those noted"
    for sha256, record_id, _, state in found:
        if sha256 not in kept and state != "wanted":
            yield f"original {sha256}: missing"
        if sha256 in kept and state == "wanted":
            yield f"original {sha256}: here and yet wanted for {record_id}"


def _hanging(tx: Reading, connection: sqlite3.Connection, *, alone: bool) -> Iterator[str]:
    """Records that name an enquiry or a mail that is not there, and scopes that differ from their enquiry's."""
    scopes = dict(connection.execute("SELECT id, scope_id FROM enquiry"))
    for table in ("entry", "suggestion", "mail", "outgoing"):
        yield from (
            f"{table} {record_id}: belongs to {scope}, its enquiry to {scopes.get(enquiry_id)}"
            for record_id, enquiry_id, scope in connection.execute(
                f"SELECT id, enquiry_id, scope_id FROM {table} WHERE enquiry_id IS NOT NULL AND hub_seq IS NULL"
            )
            if scopes.get(enquiry_id) != scope and (alone or enquiry_id in scopes)
        )
    mails = {mail.id for mail in tx.every(ReceivedMail)}
    for suggestion in tx.every(Suggestion) if alone else ():
        if suggestion.mail_id not in mails:
            yield f"suggestion {suggestion.id}: its mail is missing"
