"""Lists, counts and search for screens: frozen rows, page by page, through the driver alone."""

import sqlite3

from member_tracker.store.finding import FoundPage, Place, enquiries_with_references, found_places, found_rows
from member_tracker.store.lists import (
    Anchor,
    EnquiryPage,
    EnquiryRow,
    Order,
    Wanted,
    Which,
    conditions,
)
from member_tracker.store.today import TodayCounts, counts, rows_in_order
from member_tracker.store.walking import sort_of, walk
from member_tracker.store.windows import Known, Mark, Window, number_of, window

__all__ = [
    "Anchor",
    "EnquiryPage",
    "EnquiryRow",
    "FoundPage",
    "Known",
    "Mark",
    "Order",
    "Place",
    "TodayCounts",
    "Wanted",
    "Which",
    "Window",
    "counts",
    "enquiries_with_references",
    "enquiry_anchor",
    "enquiry_count",
    "enquiry_rows",
    "found_places",
    "number_of",
    "window",
]


def enquiry_count(connection: sqlite3.Connection, wanted: Wanted) -> int:
    """How many enquiries a list has, words to find left aside."""
    where, given = conditions(wanted)
    return int(connection.execute(f"SELECT count(*) FROM enquiry e WHERE {where}", given).fetchone()[0])  # noqa: S608


def enquiry_rows(
    connection: sqlite3.Connection, wanted: Wanted, *, limit: int, after: Anchor | None = None
) -> EnquiryPage:
    """The rows of a list after an anchor (None: from the top)."""
    if wanted.find is not None and wanted.find.strip():
        return found_rows(connection, wanted, wanted.find, limit=limit, after=after)
    return rows_in_order(connection, wanted, limit=limit, after=after)


def enquiry_anchor(
    connection: sqlite3.Connection, wanted: Wanted, *, ahead: int, after: Anchor | None = None
) -> Anchor | None:
    """The anchor `ahead` rows after another (None: from the top), None past the end; words to find are left aside."""
    where, given = conditions(wanted)
    found = walk(connection, sort_of(wanted), where, given, limit=1, after=after, skip=ahead - 1)
    return found[0] if found else None
