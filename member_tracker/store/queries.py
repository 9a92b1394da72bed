"""Lists, counts and search for screens: frozen rows, page by page, through the driver alone."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.store.finding import FoundPage, Place, enquiries_with_references, found_places, found_rows
from member_tracker.store.lists import (
    Anchor,
    EnquiryPage,
    EnquiryRow,
    Order,
    Wanted,
    Which,
    conditions,
    end_of,
    page_at,
    second_of,
    start_of,
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayCounts:
    """How many enquiries, replies and mails need somebody."""

    open: int
    overdue: int
    due_soon: int
    replies: int
    tray: int
    waiting_to_send: int


_OF_KEPT = "enquiry_id NOT IN (SELECT id FROM enquiry WHERE deleted_at IS NOT NULL)"


def counts(
    connection: sqlite3.Connection, *, today: date, soon: date, now: datetime | None = None, device: str = ""
) -> TodayCounts:
    """What needs somebody today; `due_soon` counts what is due from today until `soon`, both included.

    Mail that waits on another computer than `device` is not counted; without one, all that waits is.
    """

    def count(sql: str, *given: object) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {sql}", given).fetchone()[0])  # noqa: S608 - words below

    late = second_of(now or start_of(today))
    return TodayCounts(
        open=count("enquiry WHERE is_open = 1"),
        overdue=count("enquiry WHERE is_owed = 1 AND due_key < ?", late),
        due_soon=count("enquiry WHERE is_owed = 1 AND due_key >= ? AND due_key < ?", late, end_of(soon)),
        replies=count(f"suggestion WHERE state = 'open' AND {_OF_KEPT}"),
        tray=count("mail WHERE place = 'tray'"),
        waiting_to_send=count(
            "outgoing WHERE state <> 'sent' AND state IN (?, ?) AND (device IS NULL OR substr(device, 1, ?) = ?)",
            OutgoingState.QUEUED.value,
            OutgoingState.SENDING.value,
            len(device),  # what follows is whether it has begun to send
            device,
        ),
    )


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
    where, given = conditions(wanted)
    anchors = walk(connection, sort_of(wanted), where, given, limit=limit, after=after)
    return page_at(connection, wanted, anchors, full=len(anchors) == limit)


def enquiry_anchor(
    connection: sqlite3.Connection, wanted: Wanted, *, ahead: int, after: Anchor | None = None
) -> Anchor | None:
    """The anchor `ahead` rows after another (None: from the top), None past the end; words to find are left aside."""
    where, given = conditions(wanted)
    found = walk(connection, sort_of(wanted), where, given, limit=1, after=after, skip=ahead - 1)
    return found[0] if found else None
