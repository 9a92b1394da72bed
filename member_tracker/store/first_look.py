"""The first list, read before anything slow is imported."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from member_tracker.domain.errors import Unavailable
from member_tracker.store.engine import FILE_NAME, HEAD, in_words, open_existing, version_of
from member_tracker.store.today import TodayReading


def open_reading_only(folder: Path, key: bytes) -> sqlite3.Connection:
    """A connection for `queries` to the profile in `folder`; refused where the file must be made or changed first."""
    path = folder / FILE_NAME
    connection = open_existing(path, key)
    with in_words(path), ExitStack() as undone:
        undone.callback(connection.close)
        if version_of(connection) != HEAD:
            raise Unavailable("The profile must be brought up to date first.", advice="Open it in the ordinary way.")
        undone.pop_all()
    return connection


@contextmanager
def looking(folder: Path, key: bytes) -> Iterator[TodayReading]:
    """What Today is made of, all of one moment; refused where the file must be made or changed first."""
    with in_words(folder / FILE_NAME), closing(open_reading_only(folder, key)) as connection:
        connection.execute("BEGIN")
        yield TodayReading(connection)
