"""Searching: pages of the enquiries whose documents have the words typed."""

import sqlite3
from collections.abc import Iterator

from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import parse_reference
from member_tracker.store import search
from member_tracker.store.lists import KEYS, Anchor, EnquiryPage, Order, Wanted, anchors_of, conditions, page_at, walk

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
            anchors = walk(connection, KEYS[wanted.order], where, given | {"words": words}, limit=limit, after=after)
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
    """Enquiries by their newest document that has the words; an anchor is the position of a document."""
    where, given = conditions(wanted)
    belongs = f"SELECT e.pos FROM enquiry e WHERE {where} AND e.id = :id"  # noqa: S608 - fixed words
    seen = _seen(connection, words, after) if after else set()
    anchors: list[Anchor] = []
    documents = _documents(connection, words, after.pos if after else None)
    for scanned, (last, enquiry_id) in enumerate(documents, start=1):
        if enquiry_id is not None and enquiry_id not in seen:
            seen.add(enquiry_id)
            found = connection.execute(belongs, given | {"id": enquiry_id}).fetchone()
            anchors += [Anchor(key="", pos=found[0])] if found else []
        if len(anchors) == limit or scanned == SCANNED:
            return EnquiryPage(
                rows=page_at(connection, wanted, anchors, full=False).rows, next=Anchor(key="", pos=last)
            )
    return page_at(connection, wanted, anchors, full=False)


def _documents(connection: sqlite3.Connection, words: str, before: int | None) -> Iterator[tuple[int, str | None]]:
    """The documents that have the words, newest first: (position, enquiry)."""
    bound = "" if before is None else "AND f.rowid < :before"
    sql = (
        "SELECT f.rowid, (SELECT d.enquiry_id FROM search_document d WHERE d.pos = f.rowid)"  # noqa: S608 - fixed words
        f" FROM search f WHERE f.search MATCH :words {bound} ORDER BY f.rowid DESC"
    )
    yield from connection.execute(sql, {"words": words, "before": before})


def _seen(connection: sqlite3.Connection, words: str, after: Anchor) -> set[str]:
    """The enquiries that pages before this one have shown."""
    found = connection.execute(f"{_EVERY_HIT} AND f.rowid >= :at", {"words": words, "at": after.pos})
    return {enquiry_id for (enquiry_id,) in found}


def _best_found(
    connection: sqlite3.Connection, wanted: Wanted, words: str, limit: int, after: Anchor | None
) -> EnquiryPage:
    """Enquiries by how well they fit, among the newest documents only; an anchor is the number of rows before it."""
    where, given = conditions(wanted)
    start = after.pos if after else 0
    found = connection.execute(
        f"SELECT e.pos, min(h.score) AS best FROM ({_RANKED}) h JOIN enquiry e ON e.id = h.enquiry_id WHERE {where}"  # noqa: S608
        " GROUP BY e.pos ORDER BY best, e.pos DESC LIMIT :limit OFFSET :start",
        given | {"words": words, "newest": RANKED, "limit": limit, "start": start},
    ).fetchall()
    page = page_at(connection, wanted, [Anchor(key="", pos=pos) for pos, _ in found], full=False)
    more = Anchor(key="", pos=start + limit) if len(found) == limit else None
    return EnquiryPage(rows=page.rows, next=more)


_RANKED = (
    "SELECT d.enquiry_id, n.score FROM (SELECT rowid AS pos, bm25(search, 4.0, 1.0) AS score FROM search"
    " WHERE search MATCH :words ORDER BY rowid DESC LIMIT :newest) n JOIN search_document d ON d.pos = n.pos"
)
