"""Walking along a list in either direction, by its sort keys alone, off an index where the list allows it.

A list of a million rows is never counted through from its top: a walk starts after an anchor, in as many branches as
there are columns to compare, for SQLite does not seek on the second half of a compared pair.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from member_tracker.store.lists import Anchor, Order, Wanted, Which


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """What a list is sorted by: columns, each with the way it goes, the last of them telling every row from the next.

    A list in groups has two columns for the group before the others.
    """

    columns: tuple[str, ...]
    down: tuple[bool, ...]
    source: str = "enquiry e"
    grouped: bool = False

    @property
    def back(self) -> "Sort":
        """The same list from its end."""
        return replace(self, down=tuple(not way for way in self.down))


def _plain(column: str, *, down: bool) -> Sort:
    return Sort(columns=(f"e.{column}", "e.pos"), down=(down, down))


# CROSS JOIN goes from name to name in order, and within each along an index: nothing is sorted.
_RESIDENT = Sort(
    columns=("g.name COLLATE NOCASE", "g.pos", "e.is_open", "e.pos"),
    down=(False, False, True, True),
    source="resident g CROSS JOIN enquiry e ON e.resident_id = g.id",
    grouped=True,
)
_AREA = Sort(
    columns=("g.name COLLATE NOCASE", "g.pos", "e.due_key", "e.pos"),
    down=(False, False, False, False),
    source="service_area g CROSS JOIN enquiry e ON e.is_open >= 0 AND e.service_area_id = g.id",
    grouped=True,
)
SORTS = {
    Order.DUE: _plain("due_key", down=False),
    Order.DUE_LAST: _plain("due_key", down=True),
    Order.OLDEST: _plain("received_at", down=False),
    Order.NEWEST: _plain("received_at", down=True),
    Order.RELEVANCE: _plain("received_at", down=True),
    Order.RESIDENT: _RESIDENT,
    Order.RESIDENT_LAST: _RESIDENT.back,
    Order.AREA: _AREA,
    Order.AREA_LAST: _AREA.back,
}
_LONG = {Which.ALL, Which.OPEN, Which.CLOSED}


def sort_of(wanted: Wanted) -> Sort:
    """How a list is sorted; what is a small part of all enquiries is gathered first and put in groups then."""
    sort = SORTS[wanted.order]
    if not sort.grouped or (wanted.which in _LONG and not is_narrowed(wanted)):
        return sort
    group, link = sort.source.split()[0], sort.source.split()[-3]
    return replace(sort, source=f"enquiry e CROSS JOIN {group} g ON g.id = {link}")


def is_narrowed(wanted: Wanted) -> bool:
    """Whether a list shows only some of what its place has."""
    return wanted.late or any((wanted.service_area_id, wanted.councillor_id, wanted.ward_id, wanted.status))


def walk(
    connection: sqlite3.Connection,
    sort: Sort,
    where: str,
    given: dict[str, object],
    *,
    limit: int,
    after: Anchor | None,
    skip: int = 0,
) -> list[Anchor]:
    """The anchors of the next rows after one (None: from the top), `skip` of them passed over."""
    found: list[Anchor] = []
    for terms, ordered_from in _branches(sort, after):
        asked = given | _values(sort, after) | {"limit": limit - len(found), "skip": skip}
        beyond = " AND ".join((where, *terms))
        sql = f"{_select(sort)} WHERE {beyond} ORDER BY {_order(sort, ordered_from)} LIMIT :limit OFFSET :skip"
        here = [_anchor(sort, row) for row in connection.execute(sql, asked)]
        found += here
        if len(found) == limit:
            return found
        if skip and not here and ordered_from:
            skip = max(0, skip - _count(connection, sort, beyond, asked))
        elif here:
            skip = 0
    return found


def count_before(
    connection: sqlite3.Connection, sort: Sort, where: str, given: dict[str, object], anchor: Anchor
) -> int:
    """How many rows of the list come before the one at an anchor, whether or not that is still there."""
    asked = given | _values(sort, anchor)
    return sum(
        _count(connection, sort, " AND ".join((where, *terms)), asked) for terms, _ in _branches(sort.back, anchor)
    )


def _branches(sort: Sort, after: Anchor | None) -> Iterator[tuple[tuple[str, ...], int]]:
    """The terms of each branch, nearest rows first, and from which column on its rows are still to be ordered."""
    if after is None:
        yield (), 0
        return
    for place in reversed(range(len(sort.columns))):
        same = tuple(f"{column} = :at{number}" for number, column in enumerate(sort.columns[:place]))
        yield (*same, f"{sort.columns[place]} {'<' if sort.down[place] else '>'} :at{place}"), place


def _values(sort: Sort, after: Anchor | None) -> dict[str, object]:
    if after is None:
        return {}
    values: tuple[object, ...] = (*(after.group or ("", 0)), after.key, after.pos)
    return {f"at{number}": value for number, value in enumerate(values if sort.grouped else values[2:])}


def _select(sort: Sort) -> str:
    return f"SELECT {', '.join(sort.columns)} FROM {sort.source}"  # noqa: S608 - fixed words


def _order(sort: Sort, first: int) -> str:
    ordered = list(zip(sort.columns, sort.down, strict=True))[first:]
    return ", ".join(f"{column} {'DESC' if down else 'ASC'}" for column, down in ordered)


def _count(connection: sqlite3.Connection, sort: Sort, where: str, given: dict[str, object]) -> int:
    counted = connection.execute(f"SELECT count(*) FROM {sort.source} WHERE {where}", given)  # noqa: S608 - fixed words
    return int(counted.fetchone()[0])


def _anchor(sort: Sort, row: Sequence[object]) -> Anchor:
    key, pos = row[-2:]
    group = (str(row[0]), int(str(row[1]))) if sort.grouped else None
    return Anchor(key=str(key), pos=int(str(pos)), group=group)
