"""Searching: pages of the enquiries whose documents have the words typed."""

import sqlite3
from collections.abc import Iterable

from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import parse_reference
from member_tracker.store import search
from member_tracker.store.lists import Anchor, EnquiryPage, Order, Wanted, anchors_of, conditions, page_at
from member_tracker.store.walking import sort_of, walk

# Relevance is judged among the newest documents only: a word that is everywhere would take a second otherwise.
RANKED = 2_000
# A page looks at no more documents than this, and says where the next one is to go on.
SCANNED = 20_000


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
            return _newest_found(connection, wanted, words, limit, after)
        case Order.RELEVANCE:
            return _best_found(connection, wanted, words, limit, after)
        case _:
            where, given = conditions(wanted)
            where += f" AND e.id IN ({_EVERY_HIT})"
            anchors = walk(connection, sort_of(wanted), where, given | {"words": words}, limit=limit, after=after)
            return page_at(connection, wanted, anchors, full=len(anchors) == limit)


_EVERY_HIT = (
    "SELECT d.enquiry_id FROM search f JOIN search_document d ON d.pos = f.rowid"
    " WHERE f.search MATCH :words AND d.enquiry_id IS NOT NULL"
)


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
) -> EnquiryPage:
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
) -> EnquiryPage:
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
) -> EnquiryPage:
    """The page of those enquiries that a list shows and that were not seen yet; hits are (anchor, place), in order."""
    where, given = conditions(wanted)
    belongs = f"SELECT '', e.pos FROM enquiry e WHERE {where} AND e.id = :id"  # noqa: S608 - fixed words
    anchors: list[Anchor] = []
    for scanned, (anchor, place) in enumerate(hits, start=1):
        enquiry_id = _owner(connection, place)
        if enquiry_id is not None and enquiry_id not in seen:
            seen.add(enquiry_id)
            anchors += anchors_of(connection, belongs, given | {"id": enquiry_id})
        if len(anchors) == limit or scanned == SCANNED:
            page = page_at(connection, wanted, anchors, full=False)
            return EnquiryPage(rows=page.rows, next=Anchor(key="", pos=anchor))
    return page_at(connection, wanted, anchors, full=False)


def _owner(connection: sqlite3.Connection, place: int) -> str | None:
    """The enquiry that a document belongs to; None while its mail lies in the tray."""
    found = connection.execute("SELECT enquiry_id FROM search_document WHERE pos = ?", (place,)).fetchone()
    return None if found is None else found[0]
