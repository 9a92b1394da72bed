"""Searching: pages of the enquiries whose documents have the words typed, and which document of each has them."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from member_tracker.domain.change import RecordKind
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import parse_reference
from member_tracker.store import search
from member_tracker.store.lists import Anchor, EnquiryPage, EnquiryRow, Order, Wanted, anchors_of, conditions, page_at
from member_tracker.store.walking import sort_of, walk

# Relevance is judged among the newest documents only: a word that is everywhere would take a second otherwise.
RANKED = 2_000
# A page looks at no more documents than this, and says where the next one is to go on.
SCANNED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The document of an enquiry that has the words: its record, when it was, and its words by what they are."""

    kind: RecordKind
    record_id: str
    at: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """Some of what was found: rows, each with its place, None where a reference found it; `next` is None at the end."""

    rows: tuple[EnquiryRow, ...]
    places: tuple[Place | None, ...]
    next: Anchor | None


def found_places(
    connection: sqlite3.Connection, wanted: Wanted, find: str, *, limit: int, after: Anchor | None
) -> FoundPage:
    """What has the words, each enquiry once, newest first or by relevance, with where they stand."""
    exact = _by_reference(connection, wanted, find)
    words = None if exact else search.expression(connection, find)
    if words is None:
        page = page_at(connection, wanted, () if after else exact, full=False)
        return FoundPage(rows=page.rows, places=(None,) * len(page.rows), next=None)
    best = wanted.order is Order.RELEVANCE
    gathered = (_best_found if best else _newest_found)(connection, wanted, words, limit, after)
    page = page_at(connection, wanted, gathered.anchors, full=False)
    return FoundPage(rows=page.rows, places=_places(connection, gathered.places), next=gathered.next)


def enquiries_with_references(connection: sqlite3.Connection, references: Sequence[str]) -> list[str]:
    """Those of these references that an enquiry has which is not deleted."""
    asked = json.dumps(list(references))
    sql = (
        "SELECT e.reference FROM json_each(?) asked CROSS JOIN enquiry e ON e.reference = asked.value"
        " WHERE e.is_open >= 0"
    )
    return [reference for (reference,) in connection.execute(sql, (asked,))]


def found_rows(
    connection: sqlite3.Connection, wanted: Wanted, find: str, *, limit: int, after: Anchor | None
) -> EnquiryPage:
    """The rows that have the words, each enquiry once; a whole reference finds its enquiry alone."""
    exact = _by_reference(connection, wanted, find)
    if exact:
        return page_at(connection, wanted, () if after else exact, full=False)
    words = search.expression(connection, find)
    if words is None:
        return EnquiryPage(rows=(), next=None)
    match wanted.order:
        case Order.NEWEST:
            return _page(connection, wanted, _newest_found(connection, wanted, words, limit, after))
        case Order.RELEVANCE:
            return _page(connection, wanted, _best_found(connection, wanted, words, limit, after))
        case _:
            where, given = conditions(wanted)
            where += f" AND e.id IN ({_EVERY_HIT})"
            anchors = walk(connection, sort_of(wanted), where, given | {"words": words}, limit=limit, after=after)
            return page_at(connection, wanted, anchors, full=len(anchors) == limit)


_EVERY_HIT = (
    "SELECT d.enquiry_id FROM search f JOIN search_document d ON d.pos = f.rowid"
    " WHERE f.search MATCH :words AND d.enquiry_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """The enquiries of a page, the document of each that has the words, and where the next page goes on."""

    anchors: Sequence[Anchor]
    places: Sequence[int]
    next: Anchor | None


def _by_reference(connection: sqlite3.Connection, wanted: Wanted, find: str) -> list[Anchor]:
    try:
        reference = parse_reference(find)
    except Invalid:
        return []
    where, given = conditions(wanted)
    sql = f"SELECT '', e.pos FROM enquiry e WHERE {where} AND e.reference = :reference"  # noqa: S608 - fixed words
    return anchors_of(connection, sql, given | {"reference": reference})


def _newest_found(
    connection: sqlite3.Connection, wanted: Wanted, words: str, limit: int, after: Anchor | None
) -> _Gathered:
    """Enquiries by their newest document that has the words; an anchor is the place of a document in the index."""
    seen = _seen(connection, words, after) if after else set()
    bound = "AND rowid < :before" if after else ""
    found = connection.execute(
        f"SELECT rowid FROM search WHERE search MATCH :words {bound} ORDER BY rowid DESC",  # noqa: S608 - fixed words
        {"words": words, "before": after.pos if after else None},
    )
    return _gathered(connection, wanted, ((place, place) for (place,) in found), seen, limit)


def _seen(connection: sqlite3.Connection, words: str, after: Anchor) -> set[str]:
    """The enquiries that pages before this one have shown."""
    found = connection.execute(f"{_EVERY_HIT} AND f.rowid >= :at", {"words": words, "at": after.pos})
    return {enquiry_id for (enquiry_id,) in found}


def _best_found(
    connection: sqlite3.Connection, wanted: Wanted, words: str, limit: int, after: Anchor | None
) -> _Gathered:
    """Enquiries by how well they fit, among the newest documents only; an anchor is the number of documents before."""
    found = connection.execute(
        "SELECT rowid, bm25(search, 4.0, 1.0) FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
        (words, RANKED),
    ).fetchall()
    places = [place for place, _ in sorted(found, key=lambda hit: (hit[1], -hit[0]))]
    start = after.pos if after else 0
    seen = {enquiry_id for place in places[:start] if (enquiry_id := _owner(connection, place))}
    return _gathered(connection, wanted, enumerate(places[start:], start=start + 1), seen, limit)


def _gathered(
    connection: sqlite3.Connection, wanted: Wanted, hits: Iterable[tuple[int, int]], seen: set[str], limit: int
) -> _Gathered:
    """Those enquiries that a list shows and that were not seen yet; hits are (anchor, place), in order."""
    where, given = conditions(wanted)
    belongs = f"SELECT '', e.pos FROM enquiry e WHERE {where} AND e.id = :id"  # noqa: S608 - fixed words
    anchors: list[Anchor] = []
    places: list[int] = []
    for scanned, (anchor, place) in enumerate(hits, start=1):
        enquiry_id = _owner(connection, place)
        if enquiry_id is not None and enquiry_id not in seen:
            seen.add(enquiry_id)
            shown = anchors_of(connection, belongs, given | {"id": enquiry_id})
            anchors += shown
            places += [place] * len(shown)
        if len(anchors) == limit or scanned == SCANNED:
            return _Gathered(anchors=anchors, places=places, next=Anchor(key="", pos=anchor))
    return _Gathered(anchors=anchors, places=places, next=None)


def _page(connection: sqlite3.Connection, wanted: Wanted, gathered: _Gathered) -> EnquiryPage:
    rows = page_at(connection, wanted, gathered.anchors, full=False).rows
    return EnquiryPage(rows=rows, next=gathered.next)


_PARTS = {
    RecordKind.ENQUIRY: (
        ("reference", "about", "resident", "address", "other reference", "asked"),
        (
            "SELECT e.received_at, e.reference, e.subject, r.name, r.address, e.other_reference, e.text "
            "FROM enquiry e LEFT JOIN resident r ON r.id = e.resident_id WHERE e.id = ?"
        ),
    ),
    RecordKind.MAIL: (
        ("about", "from", "address", "mail"),
        (
            "SELECT received_at, subject, from_name, from_address, coalesce(nullif(text, ''), reply_text) "
            "FROM mail WHERE id = ?"
        ),
    ),
    RecordKind.ENTRY: (("note",), "SELECT at, text FROM entry WHERE id = ?"),
    RecordKind.OUTGOING: (("about", "sent"), "SELECT queued_at, subject, body FROM outgoing WHERE id = ?"),
}


def _places(connection: sqlite3.Connection, places: Sequence[int]) -> tuple[Place | None, ...]:
    return tuple(_place(connection, place) for place in places)


def _place(connection: sqlite3.Connection, place: int) -> Place | None:
    """A document with its words; None for one whose record has gone."""
    sql = "SELECT kind, record_id FROM search_document WHERE pos = ?"
    kind, record_id = connection.execute(sql, (place,)).fetchone()
    names, sql = _PARTS[RecordKind(kind)]
    kept = connection.execute(sql, (record_id,)).fetchone()
    if kept is None:
        return None
    parts = tuple((name, words) for name, words in zip(names, kept[1:], strict=True) if words)
    return Place(kind=RecordKind(kind), record_id=record_id, at=kept[0], parts=parts)


def _owner(connection: sqlite3.Connection, place: int) -> str | None:
    """The enquiry that a document belongs to; None while its mail lies in the tray."""
    found = connection.execute("SELECT enquiry_id FROM search_document WHERE pos = ?", (place,)).fetchone()
    return None if found is None else found[0]
