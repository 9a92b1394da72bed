"""The copies made of the file before it is brought up to date: where they lie, and until when.

They hold what the file held, so nothing that is erased there may live on here: they go whenever something is erased for
good, and after thirty days in any case.
"""

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

KEPT_FOR = timedelta(days=30)

_WHEN = "%Y%m%dT%H%M%S%f"
_REST = re.compile(r"-(?P<version>\d{4})-(?P<at>\d{8}T\d{12})")
_HALF = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy beside the file: the version it is of, when it was made, its size in bytes."""

    file: Path
    version: str
    made_at: datetime
    size: int

    @property
    def kept_until(self) -> datetime:
        """When it goes, unless something is erased before."""
        return self.made_at + KEPT_FOR


def new_copy(path: Path, version: str, now: datetime) -> tuple[Path, Path]:
    """The name of a copy made now, and the name it has until it is whole."""
    copy = path.with_name(f"{path.stem}-{version}-{now.astimezone(UTC):{_WHEN}}{path.suffix}")
    return copy, copy.with_name(copy.name + _HALF)


def copies_of(path: Path) -> tuple[Copy, ...]:
    """The copies of the file at `path`, the oldest first."""
    return tuple(copy for copy in _every(path) if copy.file.suffix == path.suffix)


def forget_copies(path: Path, *, before: datetime | None = None) -> None:
    """Take away every copy of the file at `path`, or those made before a moment; one that is in use stays for now."""
    for copy in _every(path):
        if before is None or copy.made_at < before:
            with contextlib.suppress(OSError):
                copy.file.unlink()


def _every(path: Path) -> list[Copy]:
    """Every copy, those that were broken off too, and what a database leaves beside one."""
    found = []
    for file in path.parent.glob(f"{path.stem}-*{path.suffix}*"):
        told = _REST.match(file.name.removeprefix(path.stem))
        if told is not None and file.is_file():
            made_at = datetime.strptime(told["at"], _WHEN).replace(tzinfo=UTC)
            found.append(Copy(file=file, version=told["version"], made_at=made_at, size=file.stat().st_size))
    return sorted(found, key=lambda copy: (copy.made_at, copy.file.name))
