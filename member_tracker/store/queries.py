"""Lists, counts and search for screens: frozen rows, page by page, through the driver alone.

A list of a million rows is never counted through: a page starts after an anchor (sort key, position) and is read off an
index in two branches, for SQLite does not seek on the second half of a compared pair.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from member_tracker.domain.clock import Clock, Step, state_of
from member_tracker.domain.dates import LONDON
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import parse_reference
from member_tracker.domain.vocabulary import Kind, OutgoingState, Priority, Start, State, Status, Word
from member_tracker.store import search
from member_tracker.store.codec import utc_moment, utc_text

RANKED = 2_000
SCANNED = 20_000


class Which(Word):
    """Which enquiries a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    DUE_WITHIN = "due_within"
    REPLIES = "replies"
    ALL = "all"
    CLOSED = "closed"


class Order(Word):
    """In which order a list shows them; with words to find, `newest` goes by the newest document that has them."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list shows.

    `overdue` is before today, `due_soon` from today until `until`, `due_within` both together; `replies` have a
    suggestion nobody decided on. With `now` a standard in hours is judged to the second, without it by the day.
    """

    which: Which
    today: date
    until: date | None = None
    find: str | None = None
    service_area_id: str | None = None
    councillor_id: str | None = None
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
    """Where a page begins: after the row with this sort key at this position."""

    key: str
    pos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryPage:
    """Some rows of a list; `next` is None at its end. A search may give fewer rows than asked for before the end."""

    rows: tuple[EnquiryRow, ...]
    next: Anchor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayCounts:
    """How many enquiries, replies and mails need somebody."""

    open: int
    overdue: int
    due_soon: int
    replies: int
    tray: int
    waiting_to_send: int


def start_of(day: date) -> datetime:
    """The first moment of a day in the office."""
    return datetime.combine(day, time.min, LONDON)


def counts(connection: sqlite3.Connection, *, today: date, soon: date, now: datetime | None = None) -> TodayCounts:
    """What needs somebody today; `due_soon` counts what is due from today until `soon`, both included."""

    def count(sql: str, *given: object) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {sql}", given).fetchone()[0])  # noqa: S608 - words below

    late = _second(now or start_of(today))
    return TodayCounts(
        open=count("enquiry WHERE is_open = 1"),
        overdue=count("enquiry WHERE is_owed = 1 AND due_key < ?", late),
        due_soon=count("enquiry WHERE is_owed = 1 AND due_key >= ? AND due_key < ?", late, _end_of(soon)),
        replies=count("suggestion WHERE state = 'open'"),
        tray=count("mail WHERE place = 'tray'"),
        waiting_to_send=count(
            "outgoing WHERE state <> 'sent' AND state IN (?, ?)",
            OutgoingState.QUEUED.value,
            OutgoingState.SENDING.value,
        ),
    )


def enquiry_count(connection: sqlite3.Connection, wanted: Wanted) -> int:
    """How many enquiries a list has, words to find left aside."""
    where, given = _conditions(wanted)
    return int(connection.execute(f"SELECT count(*) FROM enquiry e WHERE {where}", given).fetchone()[0])  # noqa: S608


def enquiry_rows(
    connection: sqlite3.Connection, wanted: Wanted, *, limit: int, after: Anchor | None = None
) -> EnquiryPage:
    """The rows of a list after an anchor (None: from the top)."""
    if wanted.find is not None and wanted.find.strip():
        return _found(connection, wanted, wanted.find, limit, after)
    where, given = _conditions(wanted)
    anchors = _walk(connection, _KEYS[wanted.order], where, given, limit=limit, after=after)
    return _page(connection, wanted, anchors, full=len(anchors) == limit)


def enquiry_anchor(
    connection: sqlite3.Connection, wanted: Wanted, *, ahead: int, after: Anchor | None = None
) -> Anchor | None:
    """The anchor `ahead` rows after another (None: from the top), None past the end; words to find are left aside."""
    where, given = _conditions(wanted)
    found = _walk(connection, _KEYS[wanted.order], where, given, limit=1, after=after, skip=ahead - 1)
    return found[0] if found else None


# --- pages off an index -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """The column a list is sorted by, and which way."""

    column: str
    beyond: str
    way: str


_KEYS = {
    Order.DUE: _Key(column="due_key", beyond=">", way="ASC"),
    Order.OLDEST: _Key(column="received_at", beyond=">", way="ASC"),
    Order.NEWEST: _Key(column="received_at", beyond="<", way="DESC"),
    Order.RELEVANCE: _Key(column="received_at", beyond="<", way="DESC"),
}


def _conditions(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The SQL of what is wanted; fixed terms are written out, so that partial indexes apply."""
    given: dict[str, object] = {"late": _second(wanted.moment), "end": _end_of(wanted.until or wanted.today)}
    terms = [_TERMS[wanted.which]]
    if wanted.service_area_id is not None:
        terms.append("e.service_area_id = :area")
        given["area"] = wanted.service_area_id
    if wanted.councillor_id is not None:
        terms.append("e.raised_by = :councillor")
        given["councillor"] = wanted.councillor_id
    return " AND ".join(terms), given


_TERMS = {
    Which.ALL: "1",
    Which.OPEN: "e.is_open = 1",
    Which.CLOSED: "e.is_open = 0",
    Which.OVERDUE: "e.is_owed = 1 AND e.due_key < :late",
    Which.DUE_SOON: "e.is_owed = 1 AND e.due_key >= :late AND e.due_key < :end",
    Which.DUE_WITHIN: "e.is_owed = 1 AND e.due_key < :end",
    Which.REPLIES: "e.id IN (SELECT enquiry_id FROM suggestion WHERE state = 'open')",
}


def _walk(
    connection: sqlite3.Connection,
    key: _Key,
    where: str,
    given: dict[str, object],
    *,
    limit: int,
    after: Anchor | None,
    skip: int = 0,
) -> list[Anchor]:
    """The sort keys and positions of the next rows, read off the index alone where the list allows it."""
    column, way = key.column, key.way
    wide = f"SELECT e.{column}, e.pos FROM enquiry e WHERE {where}"  # noqa: S608 - fixed words
    order = f"ORDER BY e.{column} {way}, e.pos {way} LIMIT :limit OFFSET :skip"
    if after is None:
        return _anchors(connection, f"{wide} {order}", given | {"limit": limit, "skip": skip})
    given = given | {"key": after.key, "at": after.pos}
    same = f"{where} AND e.{column} = :key AND e.pos {key.beyond} :at"
    found = _anchors(
        connection,
        f"SELECT e.{column}, e.pos FROM enquiry e WHERE {same} ORDER BY e.pos {way} LIMIT :limit OFFSET :skip",  # noqa: S608
        given | {"limit": limit, "skip": skip},
    )
    if len(found) == limit:
        return found
    if skip and not found:
        counted = connection.execute(f"SELECT count(*) FROM enquiry e WHERE {same}", given).fetchone()[0]  # noqa: S608
        skip = max(0, skip - int(counted))
    else:
        skip = 0
    beyond = given | {"limit": limit - len(found), "skip": skip}
    return found + _anchors(connection, f"{wide} AND e.{column} {key.beyond} :key {order}", beyond)


def _anchors(connection: sqlite3.Connection, sql: str, given: dict[str, object]) -> list[Anchor]:
    return [Anchor(key=key, pos=pos) for key, pos in connection.execute(sql, given)]


_ROW = """
SELECT e.id, e.reference, e.subject, coalesce(c.name, ''), coalesce(r.name, ''), coalesce(s.name, ''),
       e.status, e.kind, e.priority, e.acknowledge_by, e.respond_by, e.received_at, e.answered_at, e.sent_at,
       (SELECT count(*) FROM suggestion g WHERE g.enquiry_id = e.id AND g.state = 'open'),
       e.due_at, e.stopped_at, e.closed_at
FROM enquiry e
LEFT JOIN councillor c ON c.id = e.raised_by
LEFT JOIN resident r ON r.id = e.resident_id
LEFT JOIN service_area s ON s.id = e.service_area_id
WHERE e.pos = ?
"""


def _page(connection: sqlite3.Connection, wanted: Wanted, anchors: Sequence[Anchor], *, full: bool) -> EnquiryPage:
    """The rows at the anchors, names joined for these alone."""
    moment = wanted.moment
    rows = tuple(_row(connection.execute(_ROW, (anchor.pos,)).fetchone(), moment) for anchor in anchors)
    return EnquiryPage(rows=rows, next=anchors[-1] if full and anchors else None)


def _row(kept: Sequence[str | None], moment: datetime) -> EnquiryRow:
    (id_, reference, subject, councillor, resident, area, status, kind, priority, acknowledge_by, respond_by) = kept[
        :11
    ]
    (received_at, answered_at, sent_at, waiting, due_at, stopped_at, closed_at) = kept[11:]
    standing = Status(str(status))
    clock = Clock(
        step=Step.REPLY,
        contact="",
        within="",
        starts=Start.RECEIVED,
        due_by=_day(respond_by),
        due_at=_moment(due_at),
        stopped_at=_moment(stopped_at),
    )
    return EnquiryRow(
        id=str(id_),
        reference=str(reference),
        subject=str(subject),
        councillor=str(councillor),
        resident=str(resident),
        service_area=str(area),
        status=standing,
        kind=Kind(str(kind)),
        priority=Priority(str(priority)),
        acknowledge_by=_day(acknowledge_by),
        respond_by=clock.due_by,
        state=_state(clock, standing, _moment(answered_at), _moment(closed_at), moment),
        received_at=utc_moment(str(received_at)),
        answered_at=_moment(answered_at),
        sent_at=_moment(sent_at),
        waiting_suggestions=int(waiting or 0),
    )


def _state(
    clock: Clock, status: Status, answered_at: datetime | None, closed_at: datetime | None, moment: datetime
) -> State:
    """The state as `Enquiry.state` gives it: what was closed unanswered is missed only if it was late by then."""
    if status.is_open or answered_at is not None:
        return state_of(clock, moment)
    late = closed_at is not None and state_of(clock, closed_at) is State.OVERDUE
    return State.MISSED if late else State.NOT_MEASURED


def _moment(text: str | None) -> datetime | None:
    return None if text is None else utc_moment(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _second(moment: datetime) -> str:
    return utc_text(moment.replace(microsecond=0))


def _end_of(day: date) -> str:
    return utc_text(start_of(day + timedelta(days=1)))


# --- pages of what was searched for -----------------------------------------------------------------------------------


def _found(connection: sqlite3.Connection, wanted: Wanted, find: str, limit: int, after: Anchor | None) -> EnquiryPage:
    """The rows that have the words, each enquiry once; a whole reference finds its enquiry alone."""
    exact = _by_reference(connection, wanted, find)
    if exact:
        return _page(connection, wanted, () if after else exact, full=False)
    words = search.expression(find)
    if words is None:
        return EnquiryPage(rows=(), next=None)
    match wanted.order:
        case Order.NEWEST:
            return _newest_found(connection, wanted, words, limit, after)
        case Order.RELEVANCE:
            return _best_found(connection, wanted, words, limit, after)
        case _:
            where, given = _conditions(wanted)
            where += f" AND e.id IN ({_EVERY_HIT})"
            anchors = _walk(connection, _KEYS[wanted.order], where, given | {"words": words}, limit=limit, after=after)
            return _page(connection, wanted, anchors, full=len(anchors) == limit)


_EVERY_HIT = (
    "SELECT d.enquiry_id FROM search f JOIN search_document d ON d.pos = f.rowid"
    " WHERE f.search MATCH :words AND d.enquiry_id IS NOT NULL"
)


def _by_reference(connection: sqlite3.Connection, wanted: Wanted, find: str) -> list[Anchor]:
    try:
        reference = parse_reference(find)
    except Invalid:
        return []
    where, given = _conditions(wanted)
    sql = f"SELECT '', e.pos FROM enquiry e WHERE {where} AND e.reference = :reference"  # noqa: S608 - fixed words
    return _anchors(connection, sql, given | {"reference": reference})


def _newest_found(
    connection: sqlite3.Connection, wanted: Wanted, words: str, limit: int, after: Anchor | None
) -> EnquiryPage:
    """Enquiries by their newest document that has the words; an anchor is the position of a document."""
    where, given = _conditions(wanted)
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
            return EnquiryPage(rows=_page(connection, wanted, anchors, full=False).rows, next=Anchor(key="", pos=last))
    return _page(connection, wanted, anchors, full=False)


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
    where, given = _conditions(wanted)
    start = after.pos if after else 0
    found = connection.execute(
        f"SELECT e.pos, min(h.score) AS best FROM ({_RANKED}) h JOIN enquiry e ON e.id = h.enquiry_id WHERE {where}"  # noqa: S608
        " GROUP BY e.pos ORDER BY best, e.pos DESC LIMIT :limit OFFSET :start",
        given | {"words": words, "newest": RANKED, "limit": limit, "start": start},
    ).fetchall()
    page = _page(connection, wanted, [Anchor(key="", pos=pos) for pos, _ in found], full=False)
    more = Anchor(key="", pos=start + limit) if len(found) == limit else None
    return EnquiryPage(rows=page.rows, next=more)


_RANKED = (
    "SELECT d.enquiry_id, n.score FROM (SELECT rowid AS pos, bm25(search, 4.0, 1.0) AS score FROM search"
    " WHERE search MATCH :words ORDER BY rowid DESC LIMIT :newest) n JOIN search_document d ON d.pos = n.pos"
)
