"""Any part of a long list, however far down: walked to from the nearest row whose place is known, or from its end."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from member_tracker.store.lists import Anchor, EnquiryRow, Wanted, conditions, page_at
from member_tracker.store.walking import count_before, sort_of, walk

STRIDE = 1_000
"""How many rows a walk goes before it notes where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A known place: `number` rows of the list go up to the anchor and include it."""

    number: int
    anchor: Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was learnt of a list while the store stood as `version` says: its length, and the nearest places known."""

    version: str
    count: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some rows of a list from row number `first` (0 is the top) on, and what was learnt of the list in reading them.

    `marks` are new; one that has the number of the first row tells where the window begins.
    """

    version: str
    count: int
    first: int
    rows: tuple[EnquiryRow, ...]
    marks: tuple[Mark, ...]


def version_of_view(connection: sqlite3.Connection) -> str:
    """Changes with what a connection sees of the file; another connection has versions of its own."""
    return f"{id(connection)}:{connection.execute('PRAGMA data_version').fetchone()[0]}"


def window(
    connection: sqlite3.Connection, wanted: Wanted, *, first: int, limit: int, known: Known | None = None
) -> Window:
    """At most `limit` rows from number `first` on, or the last ones where the list has become shorter.

    What is known serves only while the store stands as it did.
    """
    version = version_of_view(connection)
    sort, (where, given) = sort_of(wanted), conditions(wanted)
    if known is None or known.version != version:
        known = Known(version=version, count=_length(connection, where, given))
    first = max(0, min(first, known.count - 1) // limit * limit)

    def step(after: Anchor | None, rows: int, *, back: bool) -> Anchor:
        along = sort.back if back else sort
        return walk(connection, along, where, given, limit=1, after=after, skip=rows - 1)[0]

    marks = _marks_to(first, known, step)
    after = marks[-1].anchor if first else None
    anchors = walk(connection, sort, where, given, limit=limit, after=after)
    rows = page_at(connection, wanted, anchors, full=False).rows
    return Window(version=version, count=known.count, first=first, rows=rows, marks=(*marks, *_end_of(first, anchors)))


def number_of(connection: sqlite3.Connection, wanted: Wanted, anchor: Anchor) -> int:
    """The number of the row at an anchor, or of the one that stands there now."""
    where, given = conditions(wanted)
    return count_before(connection, sort_of(wanted), where, given, anchor)


def _length(connection: sqlite3.Connection, where: str, given: dict[str, object]) -> int:
    return int(connection.execute(f"SELECT count(*) FROM enquiry e WHERE {where}", given).fetchone()[0])  # noqa: S608


class _Step(Protocol):
    """Goes so many rows on from an anchor (None: from the top, or the end)."""

    def __call__(self, after: Anchor | None, rows: int, *, back: bool) -> Anchor:
        """The anchor there."""
        ...


def _marks_to(first: int, known: Known, step: _Step) -> list[Mark]:
    """Marks from the nearest known place to row `first`, the last of them where that row begins; none for the top."""
    if first == 0:
        return []
    below = max((mark for mark in known.marks if mark.number <= first), key=lambda mark: mark.number, default=None)
    above = min((mark for mark in known.marks if mark.number > first), key=lambda mark: mark.number, default=None)
    start, end = (below.number if below else 0), (above.number if above else known.count + 1)
    back = end - first < first - start
    at, place = (above, end) if back else (below, start)
    anchor = at.anchor if at else None
    marks = [at] if at is not None and place == first else []
    while place != first:
        rows = min(STRIDE, abs(first - place))
        anchor = step(anchor, rows, back=back)
        place += -rows if back else rows
        marks.append(Mark(number=place, anchor=anchor))
    return marks


def _end_of(first: int, anchors: Sequence[Anchor]) -> tuple[Mark, ...]:
    """Where the rows after these begin."""
    return (Mark(number=first + len(anchors), anchor=anchors[-1]),) if anchors else ()
