"""The first list, read before anything slow is imported."""

import sqlite3
from contextlib import ExitStack
from pathlib import Path

from member_tracker.domain.errors import Unavailable
from member_tracker.store.engine import FILE_NAME, HEAD, in_words, open_existing, version_of


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
