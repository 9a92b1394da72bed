"""Opens the encrypted file: key, settings, creation, migration; a file from the future is refused."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path

from member_tracker.domain.errors import Invalid, TrackerError, Unavailable
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.store.copies import KEPT_FOR, forget_copies, new_copy
from member_tracker.store.files import make_file

FILE_NAME = "tracker.db"
HEAD = "0001"
WAIT_SECONDS = 5.0
MIGRATIONS = Path(__file__).parent / "migrations"

_NONE_STAYS: Callable[[None], None] = {None: None}.__getitem__  # at the speed of C

_SMALLEST = 512
_STAMP = "alembic_version"
# As Alembic itself would make it.
_STAMP_TABLE = (
    "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n\t"
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
)

# Quiet first: SQLCipher writes to standard error by itself when a key does not fit.
_SETTINGS = (
    "PRAGMA cipher_log_level = NONE",
    "PRAGMA cipher_memory_security = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -16000",
)


def open_file(path: Path, key: bytes, *, wait_seconds: float = WAIT_SECONDS) -> sqlite3.Connection:
    """An unlocked connection to the file at `path`, made where missing; transactions are begun and ended by hand.

    Where another process is writing, it waits `wait_seconds`. The type is the standard library's; the driver is
    SQLCipher's, which has the same interface.
    """
    with in_words(path):
        make_file(path)
        connection = _unlocked(path, key, wait_seconds)
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection


def open_existing(path: Path, key: bytes, *, wait_seconds: float = WAIT_SECONDS) -> sqlite3.Connection:
    """A connection to a file that is there and needs no change, on which nothing can be written."""
    if not path.exists():
        raise Unavailable("This profile has no file yet.", advice="Set the profile up first.")
    with in_words(path):
        connection = _unlocked(path, key, wait_seconds)
        connection.execute("PRAGMA query_only = ON")
        return connection


def open_ready(
    path: Path, key: bytes, *, now: datetime, wait_seconds: float = WAIT_SECONDS, watch: Watch = UNWATCHED
) -> sqlite3.Connection:
    """A connection as `open_file` gives it, to a file that is made where missing and brought up to date where older.

    An older file is copied first, and copies go in time; one that is newer than this program is refused.
    """
    with in_words(path), contextlib.ExitStack() as undone:
        connection = undone.enter_context(closing(open_file(path, key, wait_seconds=wait_seconds)))
        version = version_of(connection)
        if version is None:
            _create(connection)
        elif version != HEAD:
            _keep_copy(connection, path, key, now, watch)
            watch.at("Bringing it up to date", 0, 1)
            _migrate(connection)
            watch.at("Bringing it up to date", 1, 1)
        forget_copies(path, before=now - KEPT_FOR)
        undone.pop_all()
        return connection


def make_by_migrating(path: Path, key: bytes) -> None:
    """A new file made by the migrations from the first on, to try out that they run here."""
    with in_words(path), closing(open_file(path, key)) as connection:
        _migrate(connection)


def version_of(connection: sqlite3.Connection) -> str | None:
    """The schema version of the file, None for an empty one; a version newer than ours is refused."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if _STAMP in names else None
    if found is None:
        raise Invalid("The file is not one of Member Tracker's.", advice="Restore the profile's folder from a back-up.")
    version = str(found[0])
    if version > HEAD:
        raise Unavailable(
            "This profile was last used with a newer version of Member Tracker.",
            advice="Update the program on this computer, then open the profile again. Nothing has been changed.",
        )
    return version


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turns what the database says about a file, a disk or a lock into an error a person can act on."""
    try:
        yield
    except TrackerError:
        raise
    except Exception as error:
        told = _refusal(getattr(error, "orig", None) or error, path)
        if told is None:
            raise
        raise told from error


# --- opening ----------------------------------------------------------------------------------------------------------


def _unlocked(path: Path, key: bytes, wait_seconds: float) -> sqlite3.Connection:
    from sqlcipher3 import dbapi2

    if 0 < path.stat().st_size < _SMALLEST:
        # SQLite would take so short a file for an empty one and write over it.
        raise _refusals(path)["SQLITE_CORRUPT"]
    # The driver would look far and wide how to write None, each time anew: longer than a whole row takes to write.
    dbapi2.register_adapter(type(None), _NONE_STAYS)
    connection: sqlite3.Connection = dbapi2.connect(
        str(path), timeout=wait_seconds, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _refusal(error: Exception, path: Path) -> TrackerError | None:
    """What to tell a person about an error of the database; None for what can only be a bug."""
    name = getattr(error, "sqlite_errorname", None)
    if not isinstance(name, str):
        return None
    return next((told for start, told in _refusals(path).items() if name.startswith(start)), None)


def _refusals(path: Path) -> dict[str, TrackerError]:
    damaged = Unavailable(
        "The profile's file is damaged.",
        advice=f"Close the program, then restore {path.name} and the files beside it from a back-up.",
    )
    busy = Unavailable(
        "The profile is in use by another program.",
        advice="Wait a moment and try again. If it stays so, close other windows of Member Tracker.",
    )
    return {
        "SQLITE_NOTADB": Invalid(
            "The profile's file cannot be opened with this key.",
            advice=f"Check that {path.name} and its key belong together, or restore both from a back-up.",
        ),
        "SQLITE_CORRUPT": damaged,
        "SQLITE_BUSY": busy,
        "SQLITE_LOCKED": busy,
        "SQLITE_FULL": Unavailable(
            "The disk is full.", advice="Make room on it and try again. What was saved before is safe."
        ),
        "SQLITE_READONLY": Unavailable(
            "The profile's file cannot be written to.",
            advice=f"Check your rights to {path.name} and its folder, {path.parent}.",
        ),
        "SQLITE_CANTOPEN": Unavailable(
            "The profile's file cannot be opened.", advice=f"Check your rights to the folder {path.parent}."
        ),
        "SQLITE_IOERR": Unavailable(
            "The disk did not read or write as it should.",
            advice="Check that the disk is connected and has room, then open the profile again.",
        ),
    }


# --- creating and migrating -------------------------------------------------------------------------------------------


def _create(connection: sqlite3.Connection) -> None:
    """Makes the tables of today in one transaction, unless another process was quicker."""
    with _alone(connection):
        if version_of(connection) is not None:
            return
        for statement in _tables_of_today():
            connection.execute(statement)
        connection.execute(_STAMP_TABLE)
        connection.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))


@cache
def _tables_of_today() -> tuple[str, ...]:
    """The statements that make the tables, with their indexes and triggers."""
    from sqlalchemy import create_mock_engine
    from sqlalchemy.schema import ExecutableDDLElement

    from member_tracker.store.tables import metadata

    made: list[str] = []

    def take(element: ExecutableDDLElement, *_values: object) -> None:
        made.append(str(element.compile(dialect=asked.dialect)))

    asked = create_mock_engine("sqlite://", take)
    metadata.create_all(asked, checkfirst=False)
    return tuple(made)


def _keep_copy(connection: sqlite3.Connection, path: Path, key: bytes, now: datetime, watch: Watch) -> None:
    """Puts an encrypted copy beside the file, under the same key; it has its name once it was seen to be whole."""
    from member_tracker.store.backup import copy_pages

    version = version_of(connection)
    copy, half = new_copy(path, version or "", now)
    copy_pages(connection, half, key, watch=watch)
    with closing(_unlocked(half, key, WAIT_SECONDS)) as copied:
        whole = copied.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        if not whole or version_of(copied) != version:
            raise Unavailable(
                "The profile could not be copied before it is brought up to date.",
                advice=f"Check the disk, make room beside {path}, and try again. Nothing has been changed.",
            )
    half.replace(copy)


def _migrate(connection: sqlite3.Connection) -> None:
    """Runs the migrations that are missing in one transaction; foreign keys are checked at its end."""
    from alembic import command
    from alembic.config import Config

    from member_tracker.store.sql import attach

    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with _alone(connection):
            if version_of(connection) == HEAD:
                return
            with attach(connection) as attached:
                config = Config()
                config.set_main_option("script_location", str(MIGRATIONS))
                config.attributes["connection"] = attached
                command.upgrade(config, HEAD)
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise Unavailable(
                    "The profile could not be brought up to date.",
                    advice="Go back to the version used before and report this. Nothing has been changed.",
                )
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


@contextlib.contextmanager
def _alone(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that nobody else can write beside, undone whole if anything fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
