"""Files and folders written whole or not at all: beside their place first, and put there at the end."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO

from member_tracker.domain.errors import NotAllowed, NotFound, TrackerError, Unavailable
from member_tracker.domain.watching import Watch
from member_tracker.store.store import Reading

MANIFEST = "manifest.json"


@dataclass(slots=True)
class Paper:
    """The folder being written, and what is in it so far."""

    folder: Path
    watch: Watch
    files: list[dict[str, object]] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Write one file, readable by its owner only, and note its digest."""
        path = self.folder / name
        for above in reversed(Path(name).parents):
            (self.folder / above).mkdir(exist_ok=True, mode=0o700)
        digest, size = hashlib.sha256(), 0
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                size += len(part)
        self._taken.add(name.casefold())
        self.files.append({"path": name, "size": size, "sha256": digest.hexdigest()})

    def write_original(self, tx: Reading, name: str, sha256: str) -> None:
        """The bytes of a mail; where they have not come from the hub yet, the manifest names them as missing."""
        try:
            content = tx.original(sha256)
        except NotFound:
            self.missing.append(name)
        else:
            self.write(name, (content,))

    def write_json(self, name: str, value: object) -> None:
        self.write(name, (json_bytes(value), b"\n"))

    def write_list(self, name: str, values: Iterable[object]) -> None:
        """One JSON array, a value on each line."""
        self.write(name, _as_array(values))

    def free_name(self, folder: str, wanted: str) -> str:
        """A name no file in that folder has, also where capitals are not told apart."""
        stem, dot, ending = wanted.rpartition(".") if "." in wanted else (wanted, "", "")
        names = (f"{folder}/{stem}{f'-{n}' if n > 1 else ''}{dot}{ending}" for n in count(1))
        return next(name for name in names if name.casefold() not in self._taken)


class OneMoment:
    """The store as one reading sees it, for services that open a reading of their own."""

    def __init__(self, tx: Reading) -> None:
        self._tx = tx

    def reading(self) -> AbstractContextManager[Reading]:
        """The same reading again."""
        return nullcontext(self._tx)


@contextlib.contextmanager
def built_beside(folder: Path, random_bytes: Callable[[int], bytes]) -> Iterator[Path]:
    """A folder to write in, beside a new or empty one whose place it takes at the end; a failure leaves nothing."""
    must_be_empty(folder)
    scratch = folder.with_name(f"{folder.name}.{random_bytes(4).hex()}.part")
    with files_in_words(folder):
        scratch.mkdir(parents=True, mode=0o700)
        try:
            yield scratch
            must_be_empty(folder)
            if folder.exists():
                folder.rmdir()
            scratch.rename(folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def written_beside(path: Path, random_bytes: Callable[[int], bytes], *, again: bool = False) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its place at the end; a failure leaves what was there, or nothing.

    One that is there already is replaced only `again`, where a person said so.
    """
    _must_be_new(path, again=again)
    scratch = path.with_name(f"{path.name}.{random_bytes(4).hex()}.part")
    with files_in_words(path):
        try:
            with os.fdopen(os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _must_be_new(path, again=again)
            scratch.replace(path)
        finally:
            with contextlib.suppress(OSError):
                scratch.unlink()


def _must_be_new(path: Path, *, again: bool) -> None:
    if path.exists() and not again:
        raise NotAllowed(f"{path} is there already.", advice="Give another name: nothing is written over.")


def must_be_empty(folder: Path) -> None:
    """Refuses a folder that holds anything."""
    with files_in_words(folder):
        if not folder.exists():
            return
        there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else ["a file"]
    if there:
        raise NotAllowed(
            f"{folder} is not empty: {', '.join(there[:3])}{' and more' if len(there) > 3 else ''}.",
            advice="Name a new folder: nothing is written over.",
        )


@contextlib.contextmanager
def files_in_words(path: Path) -> Iterator[None]:
    """Turns what the system says about a file or folder into an error a person can act on."""
    try:
        yield
    except TrackerError:
        raise
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be written ({error.strerror}).",
            advice="Check your rights to it, and that the disk is connected and has room. Nothing was exported.",
        ) from error


def _as_array(values: Iterable[object]) -> Iterator[bytes]:
    before = b"[\n"
    for value in values:
        yield before + json_bytes(value)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def json_bytes(value: object) -> bytes:
    """A value as JSON, also where its text is no proper Unicode."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
