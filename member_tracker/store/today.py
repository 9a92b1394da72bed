"""What Today shows: how much needs somebody, and the first rows of its lists; it needs little, so it is soon there."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.domain.working_time import ClosureDay
from member_tracker.store.lists import Anchor, EnquiryPage, Wanted, conditions, end_of, page_at, second_of, start_of
from member_tracker.store.walking import sort_of, walk

HUB = "hub"
"""The local setting that holds what is remembered of the hub."""


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


def rows_in_order(
    connection: sqlite3.Connection, wanted: Wanted, *, limit: int, after: Anchor | None = None
) -> EnquiryPage:
    """The rows of a list after an anchor (None: from the top); words to find are left aside."""
    where, given = conditions(wanted)
    anchors = walk(connection, sort_of(wanted), where, given, limit=limit, after=after)
    return page_at(connection, wanted, anchors, full=len(anchors) == limit)


class TodayReading:
    """What Today is made of, as the store stood when the reading began."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def local(self, key: str) -> str | None:
        """A setting of this device alone, None where it was never set."""
        found = self._connection.execute("SELECT value FROM local WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])

    def office(self) -> tuple[str, tuple[ClosureDay, ...]] | None:
        """The profile's own council and its closure days, for a list wanted at once; None before one is set up."""
        kept = self._connection.execute(
            "SELECT c.name, c.closure_days FROM council c LEFT JOIN local l ON l.key = 'council' AND l.value = c.id "
            "ORDER BY l.value IS NULL, c.name, c.pos LIMIT 1"
        ).fetchone()
        return (kept[0], _closure_days(kept[1])) if kept else None

    def counts(self, *, today: date, soon: date, now: datetime | None = None, device: str = "") -> TodayCounts:
        """What needs somebody today; `soon` is the last day that counts as due soon, `device` is this computer."""
        return counts(self._connection, today=today, soon=soon, now=now, device=device)

    def rows_in_order(self, wanted: Wanted, *, limit: int) -> EnquiryPage:
        """The first rows of a list; words to find are left aside."""
        return rows_in_order(self._connection, wanted, limit=limit)


def _closure_days(text: str) -> tuple[ClosureDay, ...]:
    return tuple(ClosureDay(on=date.fromisoformat(each["on"]), reason=each["reason"]) for each in json.loads(text))
