"""Searching a million enquiries, beside the bare index: the newest fifty and the best fifty that have the words."""

import random
import sqlite3
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

from benchmarks.big_office import KEY, TODAY, big_office
from benchmarks.figure import Figure, cpu_seconds
from member_tracker.store.first_look import open_reading_only
from member_tracker.store.queries import Order, Wanted, Which, enquiry_rows

SHOWN = 50
ROUNDS = 5
# A person waits for these; the figures are milliseconds of processor time (95 of 100 searches are quicker).
NEWEST_P95, BEST_P95 = 20.0, 100.0


def searches(file: sqlite3.Connection) -> dict[str, list[str]]:
    """Words as they are typed: common, ordinary and rare ones, beginnings of three letters, two together."""
    texts = file.execute("SELECT text FROM enquiry WHERE pos % 5000 = 0")
    counted = [pair for pair in Counter(" ".join(text for (text,) in texts).split()).most_common() if len(pair[0]) > 3]
    common = [word for word, _ in counted[:20]]
    ordinary = [word for word, _ in counted[200:220]]
    rare = [word for word, count in counted if count == 1][:20]
    return {
        "common words": common,
        "ordinary words": ordinary,
        "rare words": rare,
        "beginnings of three letters": [word[:3] for word in rare],
        "two words": [f"{a} {b}" for a, b in zip(common, ordinary, strict=True)],
    }


def figures() -> Iterator[Figure]:
    """Each sort of search against the index itself with its rows fetched, and all against how long a person waits."""
    with closing(open_reading_only(big_office(), KEY)) as file:
        sorts = searches(file)
        spent: list[float] = []
        for name, typed in sorts.items():
            ours = [_milliseconds(partial(_found, file, words, Order.NEWEST)) for words in typed]
            limit = [_milliseconds(partial(_bare, file, words)) for words in typed]
            spent += ours
            yield Figure(
                name=f"newest first: {name}",
                ours=statistics.median(ours),
                limit=statistics.median(limit),
                unit="ms",
                at_most=3,
            )
        yield Figure(name="newest first: slowest in 20", ours=_p95(spent), limit=NEWEST_P95, unit="ms", at_most=1)
        every = random.Random(3).sample([words for typed in sorts.values() for words in typed], 30)
        best = [_milliseconds(partial(_found, file, words, Order.RELEVANCE), rounds=1) for words in every]
        yield Figure(name="best first: slowest in 20", ours=_p95(best), limit=BEST_P95, unit="ms", at_most=1)


def _found(file: sqlite3.Connection, words: str, order: Order) -> object:
    return enquiry_rows(file, Wanted(which=Which.ALL, today=TODAY, find=words, order=order), limit=SHOWN)


def _bare(file: sqlite3.Connection, words: str) -> object:
    """The limit: the last word as a beginning, newest first, and the rows as they lie there."""
    typed = " ".join(f'"{word}"' for word in words.split()) + "*"
    found = file.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 50", (typed,))
    return [
        file.execute("SELECT reference, subject, status, respond_by FROM enquiry WHERE pos = ?", row).fetchone()
        for row in found.fetchall()
    ]


def _milliseconds(run: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    return statistics.median(cpu_seconds(run) for _ in range(rounds)) * 1e3


def _p95(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.95)]
