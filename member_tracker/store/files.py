"""Folders and files that only their owner may read."""

import os
from pathlib import Path

from member_tracker.domain.errors import Unavailable


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


def _unusable(folder: Path) -> Unavailable:
    return Unavailable(
        "The profile's folder cannot be used.", advice=f"Check that it is a folder and that it is yours: {folder}."
    )
