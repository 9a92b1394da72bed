"""A back-up: the whole store in one encrypted file, under a passphrase chosen for it alone.

The file is a first line that says what it is, a line of JSON, the database as SQLCipher keeps it under a key drawn for
this file, and the SHA-256 of all that. The JSON says in the open only its format, the size of the database and how the
passphrase is stretched; the key, the settings and the digest of the database are sealed under the passphrase.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from member_tracker.domain.errors import Invalid, NotAllowed, TrackerError, Unavailable
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.store.engine import FILE_NAME, in_words, version_of
from member_tracker.store.files import make_file, make_folder
from member_tracker.store.sealing import USUAL_COST, Cost, Unreadable, WrongPassphrase, seal, unseal

if TYPE_CHECKING:
    from member_tracker.store.store import Store

FORMAT = 1
MAGIC = b"Member Tracker back-up\n"
KEY_BYTES = 32

_DIGEST = hashlib.sha256().digest_size
_LONGEST_LINE = 2**20
_CHUNK = 2**20
_PAGES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is sealed beside the database: `settings` is the text of settings.toml, None where there was no file."""

    made_at: datetime
    made_by: str
    practice: bool
    settings: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A back-up whose passphrase was right."""

    file: Path
    kept: Kept
    key: bytes
    start: int
    size: int
    sha256: str


# --- writing ----------------------------------------------------------------------------------------------------------


def write_backup(
    store: "Store", file: Path, kept: Kept, passphrase: str, *, cost: Cost = USUAL_COST, watch: Watch = UNWATCHED
) -> int:
    """Writes the back-up whole or not at all, never over another file, and gives its size in bytes."""
    if file.exists():
        raise NotAllowed(f"{file} is there already.", advice="Choose another name: a back-up replaces nothing.")
    key = secrets.token_bytes(KEY_BYTES)
    with _files_in_words(file), _scratch_beside(file) as scratch:
        database = scratch / FILE_NAME
        store.copy_to(database, key, watch=watch)
        _must_be_whole(database, key)
        whole = scratch / "whole"
        size = _assemble(whole, _first_lines(database, key, kept, passphrase, cost), database, watch)
        _put_in_place(whole, file)
    return size


def copy_pages(source: sqlite3.Connection, path: Path, key: bytes, *, watch: Watch = UNWATCHED) -> None:
    """Copies a database, as an open reading of it sees it, to a new file under another key."""
    from sqlcipher3 import dbapi2

    def told(_status: int, remaining: int, total: int) -> None:
        watch.at("Copying", total - remaining, total)

    # The copying itself takes a page that fails its check for an empty one and says nothing.
    watch.at("Checking", 0, 1)
    if source.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise _cannot_be_copied()
    make_file(path)
    with in_words(path), closing(_unlocked(path, key)) as copy:
        try:
            source.backup(copy, pages=_PAGES, progress=told)
        except dbapi2.OperationalError as error:
            # These errors come without the code that tells a full disk from another trouble with it.
            raise Unavailable(
                f"The copy could not be written ({error}).",
                advice="Make room on the disk, check that it is connected, and try again. Nothing has been changed.",
            ) from error
    _settle(path)


def _first_lines(database: Path, key: bytes, kept: Kept, passphrase: str, cost: Cost) -> bytes:
    """What stands before the database."""
    sealed = asdict(kept) | {"made_at": kept.made_at.isoformat(), "key": key.hex(), "sha256": _digest_of(database)}
    size = database.stat().st_size
    head = {
        "format": FORMAT,
        "size": size,
        "sealed": seal(json.dumps(sealed).encode(), passphrase, bound_to=_bound(FORMAT, size), cost=cost),
    }
    return MAGIC + json.dumps(head).encode() + b"\n"


def _assemble(whole: Path, first_lines: bytes, database: Path, watch: Watch) -> int:
    """One file of everything; gives its size."""
    size, done = database.stat().st_size, 0
    digest = hashlib.sha256(first_lines)
    make_file(whole)
    watch.at("Writing", 0, size)
    with whole.open("r+b") as file, database.open("rb") as copied:
        file.write(first_lines)
        while part := copied.read(_CHUNK):
            file.write(part)
            digest.update(part)
            done += len(part)
            watch.at("Writing", done, size)
        file.write(digest.digest())
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


@contextlib.contextmanager
def _scratch_beside(file: Path) -> Iterator[Path]:
    """A folder on the same disk that is gone afterwards."""
    if not file.parent.is_dir():
        raise Unavailable(f"There is no folder {file.parent}.", advice="Make it, or choose another for the back-up.")
    scratch = file.parent / f".{file.name}.{secrets.token_hex(4)}.part"
    scratch.mkdir(mode=0o700)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _put_in_place(whole: Path, file: Path) -> None:
    """Gives the finished file its name, where nobody has taken it meanwhile."""
    try:
        os.link(whole, file)
    except FileExistsError:
        raise NotAllowed(
            f"{file} is there already.", advice="Choose another name: a back-up replaces nothing."
        ) from None
    except OSError:
        # Sticks and shares often have no links; that the name is free was seen just before.
        whole.rename(file)
    _settle(file.parent)


# --- reading ----------------------------------------------------------------------------------------------------------


def open_backup(file: Path, passphrase: Callable[[], str], *, watch: Watch = UNWATCHED) -> Back:
    """Reads a back-up through and unlocks it; raises in words for damage, a newer format or a wrong passphrase."""
    with _files_in_words(file), file.open("rb") as opened:
        head, start = _head(opened, file)
        size = head["size"]
        if not isinstance(size, int) or file.stat().st_size != start + size + _DIGEST:
            raise _damaged(file)
        _check_digest(opened, file, start + size, watch)
    try:
        sealed = json.loads(unseal(head.get("sealed"), passphrase(), bound_to=_bound(FORMAT, size)))
        kept = Kept(
            made_at=datetime.fromisoformat(sealed["made_at"]),
            made_by=str(sealed["made_by"]),
            practice=bool(sealed["practice"]),
            settings=sealed["settings"],
        )
        key, sha256 = bytes.fromhex(sealed["key"]), str(sealed["sha256"])
    except WrongPassphrase:
        raise Invalid(
            "That is not the passphrase of this back-up.",
            advice="Type the one chosen when it was made; capital letters count. Nobody can recover a forgotten one.",
        ) from None
    except (Unreadable, ValueError, KeyError, TypeError):
        raise _damaged(file) from None
    return Back(file=file, kept=kept, key=key, start=start, size=size, sha256=sha256)


def take_out(back: Back, folder: Path, key: bytes, *, watch: Watch = UNWATCHED) -> None:
    """Puts the store of a back-up into a folder under a key of its own."""
    copied = folder / "from-back-up.db"
    with _files_in_words(copied):
        make_folder(folder)
        make_file(copied)
        _extract(back, copied, watch)
        if _digest_of(copied) != back.sha256:
            raise _damaged(back.file)
        with in_words(copied), closing(_unlocked(copied, back.key)) as source:
            version_of(source)
            copy_pages(source, folder / FILE_NAME, key, watch=watch)
        copied.unlink()
    _must_be_whole(folder / FILE_NAME, key)


def _head(opened: BinaryIO, file: Path) -> tuple[dict[str, object], int]:
    """What the file says of itself in the open, and where the database begins."""
    if opened.read(len(MAGIC)) != MAGIC:
        raise Invalid(f"{file.name} is not a back-up of Member Tracker.", advice="Choose the file that `backup` wrote.")
    line = opened.readline(_LONGEST_LINE)
    try:
        head = json.loads(line)
        said = head["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged(file) from None
    if isinstance(said, int) and said > FORMAT:
        raise Unavailable(
            "This back-up was made by a newer version of Member Tracker.",
            advice="Update the program on this computer, then restore it again. Nothing has been changed.",
        )
    if said != FORMAT or not line.endswith(b"\n"):
        raise _damaged(file)
    return {"size": None, **head}, opened.tell()


def _check_digest(opened: BinaryIO, file: Path, end: int, watch: Watch) -> None:
    opened.seek(0)
    digest = hashlib.sha256()
    for done in range(0, end, _CHUNK):
        watch.at("Checking", done, end)
        digest.update(opened.read(min(_CHUNK, end - done)))
    if opened.read() != digest.digest():
        raise _damaged(file)


def _extract(back: Back, path: Path, watch: Watch) -> None:
    with back.file.open("rb") as opened, path.open("r+b") as copied:
        opened.seek(back.start)
        for done in range(0, back.size, _CHUNK):
            watch.at("Reading", done, back.size)
            copied.write(opened.read(min(_CHUNK, back.size - done)))


def _damaged(file: Path) -> Invalid:
    return Invalid(
        f"The back-up {file.name} is damaged or not whole.",
        advice="Copy it again from where it was kept, or take an older one. Nothing has been changed.",
    )


# --- shared -----------------------------------------------------------------------------------------------------------


def _bound(form: int, size: int) -> bytes:
    return b"%s%d %d" % (MAGIC, form, size)


def _unlocked(path: Path, key: bytes) -> sqlite3.Connection:
    """A connection for one copy, without a journal: a copy that fails is thrown away."""
    from sqlcipher3 import dbapi2

    connection: sqlite3.Connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _must_be_whole(path: Path, key: bytes) -> None:
    """Refuses a copy in which a page cannot be read or does not fit the others."""
    with in_words(path), closing(_unlocked(path, key)) as copied:
        whole = copied.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        if not whole or version_of(copied) is None:
            raise _cannot_be_copied()


def _cannot_be_copied() -> Unavailable:
    return Unavailable(
        "The profile's file is damaged, so it cannot be copied whole.",
        advice="Restore the newest back-up there is into another profile, and keep this one as it is.",
    )


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(path: Path) -> None:
    """Makes a file, or a new name in a folder, outlast a power cut where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _files_in_words(file: Path) -> Iterator[None]:
    """Turns what the system says about a file into an error a person can act on."""
    try:
        yield
    except TrackerError:
        raise
    except FileNotFoundError as error:
        raise Unavailable(f"There is no file {file}.", advice="Check the spelling of the name.") from error
    except OSError as error:
        raise Unavailable(
            f"{file} cannot be read or written ({error.strerror}).",
            advice="Check your rights to it, and that the disk is connected and has room. Nothing has been changed.",
        ) from error
