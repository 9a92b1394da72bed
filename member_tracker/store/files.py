"""Folders and files that only their owner may read."""

import os
import sys
from pathlib import Path

from member_tracker.domain.errors import Unavailable

_SHARED_FIRST, _SHARED_BYTES = 0x40000002, 510


def make_folder(folder: Path) -> None:
    """Makes the folder, and those above it, where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unusable(folder) from error


def make_file(path: Path) -> None:
    """Makes an empty file where it is missing; files that the database puts beside it take over its rights."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise _unusable(path.parent) from error


def is_open_elsewhere(database: Path) -> bool:
    """Whether another process has this database open. Not to be asked by one that has it open itself.

    Every connection holds a shared lock on these bytes (SQLite's file format, “the lock-byte page”). On Windows nobody
    need ask: a folder with an open file in it cannot be renamed.
    """
    if sys.platform == "win32" or not database.exists():
        return False
    import fcntl

    with database.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_BYTES, _SHARED_FIRST)
        except OSError:
            return True
    return False


def _unusable(folder: Path) -> Unavailable:
    return Unavailable(
        "The profile's folder cannot be used.", advice=f"Check that it is a folder and that it is yours: {folder}."
    )
