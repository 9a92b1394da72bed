"""Pages of a list of a million enquiries, beside bare pages read off an index of the same encrypted file.

The limit gives rows as the driver does; ours are judged against their standards and made values. On the screen a page
takes several times as long to paint as to read, so a factor of four here is little there.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

from benchmarks.big_office import ENQUIRIES, KEY, TODAY, big_office
from benchmarks.figure import Figure, side_by_side
from member_tracker.store.first_look import open_reading_only
from member_tracker.store.queries import Anchor, Order, Wanted, Which, enquiry_anchor, enquiry_count, enquiry_rows

PAGE = 256
PAGES = 40
JUMPS = 10


class Least:
    """The limit: bare rows with their names, off an index by (key, position) in two branches."""

    def __init__(self, file: sqlite3.Connection, column: str, way: str) -> None:
        self.file, self.column, self.way = file, column, way
        self.beyond = "<" if way == "DESC" else ">"

    def first(self) -> None:
        """How many there are, and the first page."""
        self.file.execute("SELECT count(*) FROM enquiry WHERE is_open >= 0").fetchone()
        self.top()

    def top(self) -> list[tuple[object, ...]]:
        """The first page."""
        return self._rows(f"ORDER BY e.{self.column} {self.way}, e.pos {self.way} LIMIT {PAGE}", ())

    def after(self, key: object, pos: object) -> list[tuple[object, ...]]:
        """The page after a row."""
        column, way, beyond = self.column, self.way, self.beyond
        rows = self._rows(f"AND e.{column} = ? AND e.pos {beyond} ? ORDER BY e.pos {way} LIMIT {PAGE}", (key, pos))
        if len(rows) < PAGE:
            left = f"AND e.{column} {beyond} ? ORDER BY e.{column} {way}, e.pos {way} LIMIT {PAGE - len(rows)}"
            rows += self._rows(left, (key,))
        return rows

    def jump(self, ahead: int) -> None:
        """The page that begins so many rows down."""
        order = f"WHERE is_open >= 0 ORDER BY {self.column} {self.way}, pos {self.way} LIMIT 1 OFFSET ?"
        self.after(*self.file.execute(f"SELECT {self.column}, pos FROM enquiry {order}", (ahead - 1,)).fetchone())

    def down(self) -> None:
        """Page after page."""
        rows = self.top()
        for _ in range(PAGES - 1):
            rows = self.after(rows[-1][0], rows[-1][1])

    def _rows(self, rest: str, given: tuple[object, ...]) -> list[tuple[object, ...]]:
        sql = (
            f"SELECT e.{self.column}, e.pos, reference, subject, c.name, r.name, s.name, status, received_at,"
            " respond_by FROM enquiry e JOIN councillor c ON c.id = raised_by JOIN resident r ON r.id = resident_id"
            f" JOIN service_area s ON s.id = service_area_id WHERE e.is_open >= 0 {rest}"
        )
        return self.file.execute(sql, given).fetchall()


class Ours:
    """The same by the lists of the store, as values that a screen shows."""

    def __init__(self, file: sqlite3.Connection, order: Order) -> None:
        self.file, self.wanted = file, Wanted(which=Which.ALL, today=TODAY, order=order)

    def first(self) -> None:
        """How many there are, and the first page."""
        enquiry_count(self.file, self.wanted)
        self.top()

    def top(self) -> None:
        """The first page."""
        enquiry_rows(self.file, self.wanted, limit=PAGE)

    def jump(self, ahead: int) -> None:
        """The page that begins so many rows down."""
        enquiry_rows(self.file, self.wanted, limit=PAGE, after=enquiry_anchor(self.file, self.wanted, ahead=ahead))

    def down(self) -> None:
        """Page after page."""
        after: Anchor | None = None
        for _ in range(PAGES):
            after = enquiry_rows(self.file, self.wanted, limit=PAGE, after=after).next


def figures() -> Iterator[Figure]:
    """The first page with the count, page after page, jumps to anywhere, and another order."""
    places = [random.Random(5).randrange(1, ENQUIRIES) for _ in range(JUMPS)]
    with closing(open_reading_only(big_office(), KEY)) as file:
        ours, least = Ours(file, Order.NEWEST), Least(file, "received_at", "DESC")
        yield _figure("first page, and how many there are", ours.first, least.first, at_most=1.5)
        yield _figure("the next page", ours.down, least.down, each=PAGES, at_most=4)
        yield _figure(
            "a page anywhere",
            partial(_each, ours.jump, places),
            partial(_each, least.jump, places),
            each=JUMPS,
        )
        yield _figure("another order", Ours(file, Order.DUE).top, Least(file, "due_key", "ASC").top, at_most=4)


def _each(jump: Callable[[int], None], places: list[int]) -> None:
    for place in places:
        jump(place)


def _figure(
    name: str, ours: Callable[[], object], limit: Callable[[], object], *, each: int = 1, at_most: float = 2
) -> Figure:
    our_seconds, limit_seconds = side_by_side(ours, limit)
    scale = 1e3 / each
    return Figure(name=name, ours=our_seconds * scale, limit=limit_seconds * scale, unit="ms", at_most=at_most)
