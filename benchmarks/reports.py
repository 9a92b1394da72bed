"""What a report adds up over a million enquiries, beside the same question asked of a bare index of its own.

The limit is the index one would make for this one question: month, service area, and whether the answer was in time,
on the month worked out of the moment received, in a file encrypted alike. Ours reads how each counts, judges it at the
moment asked, and adds up four measures instead of one. Half of the big office is owed an answer, on a day of its own
each, so that it counts in 18,000 ways; the limit has no index by people, and knows no day.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from benchmarks.big_office import FOLDER, KEY, big_office
from benchmarks.figure import Figure, side_by_side
from member_tracker.domain.indicators import By, add_up
from member_tracker.domain.judged import second_of
from member_tracker.domain.period import Period, between, year_of
from member_tracker.store.engine import open_file
from member_tracker.store.first_look import open_reading_only
from member_tracker.store.tallies import Tallies

NOW = second_of(datetime(2026, 1, 1, 12, tzinfo=UTC))
EVERY = between(date(2022, 1, 1), date(2025, 12, 31))
YEAR = year_of(date(2024, 6, 1))
PART = between(date(2024, 6, 10), date(2024, 9, 20))
LEAST = "least-report.db"
_MAKE = """
CREATE TABLE enquiry (pos INTEGER PRIMARY KEY, received_at TEXT, service_area TEXT, within_standard INTEGER);
CREATE INDEX report ON enquiry (substr(received_at, 1, 7), service_area, within_standard);
"""
_ASK = """
SELECT substr(received_at, 1, 7) m, service_area a, count(*) n, avg(within_standard) * 100 p
FROM enquiry INDEXED BY report WHERE substr(received_at, 1, 7) BETWEEN ? AND ? GROUP BY 1, 2 ORDER BY 1, 2
"""


def least() -> Path:
    """The file of the limit, made once beside the big office."""
    folder = big_office()
    path = FOLDER / LEAST
    if not path.exists():
        scratch = path.with_suffix(".part")
        scratch.unlink(missing_ok=True)
        with closing(open_file(scratch, KEY)) as file:
            file.executescript(_MAKE)
        with closing(open_reading_only(folder, KEY)) as office, closing(open_file(scratch, KEY)) as file:
            rows = office.execute(
                "SELECT pos, received_at, service_area_id, coalesce(stopped_at, '9999') <= due_at FROM enquiry"
            )
            file.execute("BEGIN")
            file.executemany("INSERT INTO enquiry VALUES (?, ?, ?, ?)", rows)
            file.execute("COMMIT")
        scratch.rename(path)
    return path


def added_up(file: sqlite3.Connection, period: Period, by: By) -> int:
    """What a report of a period is made of; how many were received."""
    tx = Tallies(file)
    sums = add_up((each for stretch in period.stretches() for each in tx.tallied(stretch, by)), NOW)
    return sum(each.received for each in sums.values())


def figures() -> Iterator[Figure]:
    """Every month by service area, a financial year by each split, and two days that cut months in part."""
    limit_file = least()
    with closing(open_reading_only(big_office(), KEY)) as file, closing(open_file(limit_file, KEY)) as bare:

        def limit(period: Period) -> None:
            bare.execute(_ASK, (f"{period.first:%Y-%m}", f"{period.last:%Y-%m}")).fetchall()

        for name, period, by, at_most in (
            ("a million by service area", EVERY, By.AREA, 1.5),
            ("a year by service area", YEAR, By.AREA, 1.7),
            ("a year by ward", YEAR, By.WARD, 5.5),
            ("a year by councillor", YEAR, By.COUNCILLOR, 6.5),
            ("a year by channel", YEAR, By.CHANNEL, 5.5),
            ("two dates within months", PART, By.AREA, 13.0),
        ):
            ours, theirs = side_by_side(partial(added_up, file, period, by), partial(limit, period), runs=5)
            yield Figure(name=name, ours=ours * 1e3, limit=theirs * 1e3, unit="ms", at_most=at_most)
