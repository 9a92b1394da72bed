"""The store: one encrypted file, read and written in domain terms, announcing what each commit has touched."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from member_tracker.domain.change import ChangeSet
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.people import PersonId
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.store.copies import Copy, copies_of, forget_copies
from member_tracker.store.engine import FILE_NAME, WAIT_SECONDS, in_words, open_file, open_ready
from member_tracker.store.files import make_folder
from member_tracker.store.reading import HistoryRow, Reading
from member_tracker.store.transaction import Transaction, Writing

__all__ = ["HistoryRow", "Reading", "Store", "Transaction"]

G = TypeVar("G", bound=Reading)
T = TypeVar("T", bound=Transaction)


class Store:
    """What a profile remembers. Readings may run beside each other and beside the one writing there is at a time."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        wait_seconds: float,
        watch: Watch = UNWATCHED,
    ) -> None:
        self._path, self._key, self._wait_seconds = path, key, wait_seconds
        self._now, self._new_id = now, new_id
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._one_writer = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._at_hand = threading.Lock()
        self._closed = False
        self._writer = open_ready(path, key, now=now(), wait_seconds=wait_seconds, watch=watch)
        self._seen = self._data_version()

    @classmethod
    def open(
        cls,
        folder: Path,
        key: bytes,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        wait_seconds: float = WAIT_SECONDS,
        watch: Watch = UNWATCHED,
    ) -> Self:
        """The store in `folder`, made where missing and brought up to date where older; only that takes its time."""
        make_folder(folder)
        return cls(folder / FILE_NAME, key, now=now, new_id=new_id, wait_seconds=wait_seconds, watch=watch)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The store as it stands now, unmoved by what is written meanwhile."""
        with self._one_moment() as connection:
            yield Reading(connection)

    @contextmanager
    def reading_by(self, by: type[G]) -> Iterator[G]:
        """The same with a reading that looks in a way of its own."""
        with self._one_moment() as connection:
            yield by(connection)

    @contextmanager
    def _one_moment(self) -> Iterator[sqlite3.Connection]:
        with in_words(self._path):
            connection = self._take()
            try:
                # The first look fixes what is seen until the end; BEGIN alone does not.
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                yield connection
            finally:
                _undo(connection)
                self._give_back(connection)

    @contextmanager
    def writing(self, *, author: PersonId | None) -> Iterator[Transaction]:
        """A transaction, committed at its end and undone whole if anything fails; who listens hears of it after."""
        with self.writing_by(Transaction, author=author) as transaction:
            yield transaction

    @contextmanager
    def writing_by(self, by: type[T], *, author: PersonId | None = None) -> Iterator[T]:
        """The same with a transaction that writes in a way of its own."""
        if not self._one_writer.acquire(timeout=self._wait_seconds):
            raise Unavailable("Something else is being saved.", advice="Wait a moment and try again.")
        try:
            with in_words(self._path):
                connection = self._writer
                self._must_be_open()
                connection.execute("BEGIN IMMEDIATE")
                try:
                    writing = Writing(author=author, now=self._now, new_id=self._new_id)
                    transaction = by(connection, writing)
                    yield transaction
                    connection.execute("COMMIT")
                finally:
                    _undo(connection)
        finally:
            self._one_writer.release()
        if transaction.touched:
            self._announce(ChangeSet.of(transaction.touched))

    def settle_file(self) -> None:
        """Leaves nothing of what was erased in the log beside the file, unless somebody is reading, nor in a copy."""
        self.forget_copies()
        with self._one_writer, in_words(self._path):
            self._must_be_open()
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def copies(self) -> tuple[Copy, ...]:
        """The copies made before the file was brought up to date, the oldest first."""
        return copies_of(self._path)

    def forget_copies(self) -> None:
        """Takes those copies away."""
        forget_copies(self._path)

    def copy_to(self, path: Path, key: bytes, *, watch: Watch = UNWATCHED) -> None:
        """Writes the store as it stands now to a new file under another key, while others go on reading and writing."""
        from member_tracker.store.backup import copy_pages

        with self._one_moment() as connection:
            copy_pages(connection, path, key, watch=watch)

    def on_change(self, listener: Callable[[ChangeSet], None]) -> None:
        """Calls `listener` after each commit, on the thread that wrote, with what it touched."""
        self._listeners.append(listener)

    def notice_others(self) -> bool:
        """Whether another process has committed since it was last asked; who listens hears that all may be new."""
        if self._closed or not self._one_writer.acquire(blocking=False):
            return False
        try:
            with in_words(self._path):
                version = self._data_version()
            noticed, self._seen = version != self._seen, version
        finally:
            self._one_writer.release()
        if noticed:
            self._announce(ChangeSet(everything=True))
        return noticed

    def close(self) -> None:
        """Ends all connections; the store cannot be used afterwards."""
        with self._one_writer, self._at_hand:
            if self._closed:
                return
            self._closed = True
            for connection in (self._writer, *self._idle):
                connection.close()
            self._idle.clear()

    def _announce(self, changes: ChangeSet) -> None:
        for listener in tuple(self._listeners):
            listener(changes)

    def _data_version(self) -> int:
        """A number that changes when somebody else commits: not for what this same connection writes."""
        return int(self._writer.execute("PRAGMA data_version").fetchone()[0])

    def _new_connection(self) -> sqlite3.Connection:
        return open_file(self._path, self._key, wait_seconds=self._wait_seconds)

    def _take(self) -> sqlite3.Connection:
        """A connection nobody else is using."""
        with self._at_hand:
            self._must_be_open()
            if self._idle:
                return self._idle.pop()
        connection = self._new_connection()
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._at_hand:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _must_be_open(self) -> None:
        if self._closed:
            raise Unavailable("The profile has been closed.", advice="Start the program again.")


def _undo(connection: sqlite3.Connection) -> None:
    """Ends a transaction that is still open, leaving nothing of it."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
