"""What a list of enquiries is: what is wanted, its rows, and its pages read off an index through the driver alone.

A list of a million rows is never counted through: a page starts after an anchor (sort key, position) and is read off an
index in two branches, for SQLite does not seek on the second half of a compared pair.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from member_tracker.domain.dates import LONDON
from member_tracker.domain.vocabulary import Kind, Priority, State, Status, Word
from member_tracker.store.moments import utc_text


class Which(Word):
    """Which enquiries a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    DUE_WITHIN = "due_within"
    REPLIES = "replies"
    NEEDS_ATTENTION = "needs_attention"
    ALL = "all"
    CLOSED = "closed"


class Order(Word):
    """In which order a list shows them; with words to find, `newest` goes by the newest document that has them.

    `resident` and `area` go by names, and within one resident show what is open first, within an area by due date;
    `due_last`, `resident_last` and `area_last` are the same backwards.
    """

    DUE = "due"
    DUE_LAST = "due_last"
    NEWEST = "newest"
    OLDEST = "oldest"
    RESIDENT = "resident"
    RESIDENT_LAST = "resident_last"
    AREA = "area"
    AREA_LAST = "area_last"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list shows.

    `overdue` is before today, `due_soon` from today until `until`, `due_within` both together; `replies` have a
    suggestion nobody decided on; `needs_attention` are open ones with a mail of ours that came back, or of which nobody
    knows whether it went, and none sent since. `late` keeps to those that are overdue. With `now` a standard in hours
    is judged to the second, without it by the day.
    """

    which: Which
    today: date
    until: date | None = None
    find: str | None = None
    service_area_id: str | None = None
    councillor_id: str | None = None
    resident_id: str | None = None
    ward_id: str | None = None
    status: Status | None = None
    late: bool = False
    order: Order = Order.DUE
    now: datetime | None = None

    @property
    def moment(self) -> datetime:
        """The moment enquiries are judged at: now, or the beginning of today in the office."""
        return self.now or start_of(self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryRow:
    """One line of a list of enquiries; `waiting_suggestions` counts those nobody has decided on."""

    id: str
    reference: str
    subject: str
    councillor: str
    resident: str
    service_area: str
    status: Status
    kind: Kind
    priority: Priority
    acknowledge_by: date | None
    respond_by: date | None
    state: State
    received_at: datetime
    answered_at: datetime | None
    sent_at: datetime | None
    waiting_suggestions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a page begins: after the row with this sort key at this position, in this group where there are groups."""

    key: str
    pos: int
    group: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryPage:
    """Some rows of a list; `next` is None at its end. A search may give fewer rows than asked for before the end."""

    rows: tuple[EnquiryRow, ...]
    next: Anchor | None


def start_of(day: date) -> datetime:
    """The first moment of a day in the office."""
    return datetime.combine(day, time.min, LONDON)


def conditions(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The SQL of what is wanted; fixed terms are written out, so that partial indexes apply."""
    given: dict[str, object] = {"late": second_of(wanted.moment), "end": end_of(wanted.until or wanted.today)}
    terms = [_TERMS[wanted.which]]
    for name, term in _NARROWER.items():
        value = getattr(wanted, name)
        if value is not None:
            terms.append(term)
            given[name] = value.value if name == "status" else value
    if wanted.late:
        terms.append("e.is_owed = 1 AND e.due_key < :late")
    return " AND ".join(terms), given


_NARROWER = {
    "service_area_id": "e.service_area_id = :service_area_id AND e.is_open >= 0",
    "councillor_id": "e.raised_by = :councillor_id AND e.is_open >= 0",
    "resident_id": "e.resident_id = :resident_id",
    "ward_id": "e.is_open >= 0 AND e.ward_id = :ward_id",
    "status": "e.is_open >= 0 AND e.status = :status",
}
_TERMS = {
    Which.ALL: "e.is_open >= 0",
    Which.OPEN: "e.is_open = 1",
    Which.CLOSED: "e.is_open = 0",
    Which.OVERDUE: "e.is_owed = 1 AND e.due_key < :late",
    Which.DUE_SOON: "e.is_owed = 1 AND e.due_key >= :late AND e.due_key < :end",
    Which.DUE_WITHIN: "e.is_owed = 1 AND e.due_key < :end",
    Which.NEEDS_ATTENTION: """e.is_open = 1 AND e.id IN (
        SELECT o.enquiry_id FROM outgoing o WHERE o.state <> 'sent' AND o.state IN ('bounced', 'unknown')
        AND NOT EXISTS (SELECT 1 FROM outgoing l WHERE l.enquiry_id = o.enquiry_id AND l.queued_at > o.queued_at
                        AND l.purpose = o.purpose AND l.state = 'sent'))""",
    Which.REPLIES: "e.is_open >= 0 AND e.id IN (SELECT enquiry_id FROM suggestion WHERE state = 'open')",
}


def anchors_of(connection: sqlite3.Connection, sql: str, given: dict[str, object]) -> list[Anchor]:
    """The anchors that a query gives: sort keys and positions."""
    return [Anchor(key=key, pos=pos) for key, pos in connection.execute(sql, given)]


# CROSS JOIN keeps the order of the positions asked for.
_ROWS = """
SELECT e.id, e.reference, e.subject, coalesce(c.name, ''), coalesce(r.name, ''), coalesce(s.name, ''),
       (SELECT count(*) FROM suggestion g WHERE g.enquiry_id = e.id AND g.state = 'open'),
       e.status, e.kind, e.priority,
       e.acknowledge_by, e.respond_by, e.received_at, e.answered_at, e.sent_at, e.due_at, e.stopped_at, e.paused_since,
       e.closed_at
FROM json_each(?) wanted
CROSS JOIN enquiry e ON e.pos = wanted.value
LEFT JOIN councillor c ON c.id = e.raised_by
LEFT JOIN resident r ON r.id = e.resident_id
LEFT JOIN service_area s ON s.id = e.service_area_id
"""


def page_at(connection: sqlite3.Connection, wanted: Wanted, anchors: Sequence[Anchor], *, full: bool) -> EnquiryPage:
    """The rows at the anchors, names joined for these alone."""
    now, today = second_of(wanted.moment), wanted.moment.astimezone(LONDON).date().isoformat()
    kept = connection.execute(_ROWS, (json.dumps([anchor.pos for anchor in anchors]),))
    rows = tuple(_row(row, now, today) for row in kept)
    return EnquiryPage(rows=rows, next=anchors[-1] if full and anchors else None)


def _row(kept: Sequence[Any], now: str, today: str) -> EnquiryRow:
    """One row as a value: what is plain first, then what is looked up or read."""
    (id_, reference, subject, councillor, resident, area, waiting, status, kind, priority) = kept[:10]
    (acknowledge_by, respond_by, received_at, answered_at, sent_at, due_at, stopped_at, paused, closed_at) = kept[10:]
    standing = _STATUSES[status]
    if paused and (standing.is_open or answered_at is not None):
        state = State.IN_TIME if stopped_at is None else State.MET
    elif standing.is_open or answered_at is not None:
        state = _state(respond_by, due_at, stopped_at, now, today)
    else:
        state = _state_closed(due_at, stopped_at, closed_at)
    return EnquiryRow(
        id=id_,
        reference=reference,
        subject=subject,
        councillor=councillor,
        resident=resident,
        service_area=area,
        status=standing,
        kind=_KINDS[kind],
        priority=_PRIORITIES[priority],
        acknowledge_by=date.fromisoformat(acknowledge_by) if acknowledge_by else None,
        respond_by=date.fromisoformat(respond_by) if respond_by else None,
        state=state,
        received_at=datetime.fromisoformat(received_at),
        answered_at=datetime.fromisoformat(answered_at) if answered_at else None,
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        waiting_suggestions=waiting,
    )


_STATUSES: Mapping[str, Status] = {word.value: word for word in Status}
_KINDS: Mapping[str, Kind] = {word.value: word for word in Kind}
_PRIORITIES: Mapping[str, Priority] = {word.value: word for word in Priority}


def _state(due_by: str | None, due_at: str | None, stopped_at: str | None, now: str, today: str) -> State:
    """What `domain.clock.state_of` says, on times as they are written: a page is judged without making clocks."""
    if due_at is None:
        return State.NOT_MEASURED
    if stopped_at is not None:
        return State.MET if _to_the_second(stopped_at) <= due_at else State.MISSED
    if now > due_at:
        return State.OVERDUE
    return State.DUE_TODAY if due_by == today else State.IN_TIME


def _state_closed(due_at: str | None, stopped_at: str | None, closed_at: str | None) -> State:
    """As `Enquiry.state`: what was closed unanswered is missed if it was late by then, and else not measured."""
    if due_at is None or stopped_at is not None or closed_at is None:
        return State.NOT_MEASURED
    return State.MISSED if _to_the_second(closed_at) > due_at else State.NOT_MEASURED


def _to_the_second(written: str) -> str:
    return f"{written[:19]}.000000Z"


def second_of(moment: datetime) -> str:
    """A moment to the second, as due moments are written."""
    return utc_text(moment.replace(microsecond=0))


def end_of(day: date) -> str:
    """The first moment after a day, as it is written."""
    return utc_text(start_of(day + timedelta(days=1)))
