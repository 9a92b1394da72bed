"""The store: one encrypted file, read and written in domain terms, announcing what each commit has touched."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from member_tracker.domain.change import ChangeSet
from member_tracker.domain.errors import Unavailable
from member_tracker.domain.people import PersonId
from member_tracker.store.engine import FILE_NAME, WAIT_SECONDS, in_words, make_ready, open_file
from member_tracker.store.files import make_folder
from member_tracker.store.reading import HistoryRow, Reading

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from member_tracker.store.transaction import Transaction
else:

    def __getattr__(name: str) -> object:
        """Gives `Transaction`, with all it needs, only to who asks for it: reading the first list does without."""
        if name == "Transaction":
            from member_tracker.store.transaction import Transaction

            return Transaction
        raise AttributeError(name)


__all__ = ["HistoryRow", "Reading", "Store", "Transaction"]


class _Line:
    """One connection to the file, with SQLAlchemy over it once a record is asked for; never two threads at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._lent: Connection | None = None

    def lend(self) -> "Connection":
        """SQLAlchemy over this connection."""
        if self._lent is None:
            from member_tracker.store.sql import lend

            self._lent = lend(self.connection)
        return self._lent

    def close(self) -> None:
        """Ends both."""
        if self._lent is not None:
            self._lent.close()
            self._lent.engine.dispose()
        self.connection.close()


class Store:
    """What a profile remembers. Readings may run beside each other and beside the one writing there is at a time."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._path, self._key, self._wait_seconds = path, key, wait_seconds
        self._now, self._new_id = now, new_id
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._one_writer = threading.Lock()
        self._idle: list[_Line] = []
        self._at_hand = threading.Lock()
        self._closed = False
        self._writer = self._new_line()
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
    ) -> Self:
        """The store in `folder`, made where missing and brought up to date where older."""
        make_folder(folder)
        make_ready(folder / FILE_NAME, key, now=now(), wait_seconds=wait_seconds)
        return cls(folder / FILE_NAME, key, now=now, new_id=new_id, wait_seconds=wait_seconds)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The store as it stands now, unmoved by what is written meanwhile."""
        with in_words(self._path):
            line = self._take()
            try:
                # The first look fixes what is seen until the end; BEGIN alone does not.
                line.connection.execute("BEGIN")
                line.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                yield Reading(line.connection, line.lend)
            finally:
                _undo(line.connection)
                self._give_back(line)

    @contextmanager
    def writing(self, *, author: PersonId | None) -> "Iterator[Transaction]":
        """A transaction, committed at its end and undone whole if anything fails; who listens hears of it after."""
        from member_tracker.store.transaction import Transaction, Writing

        if not self._one_writer.acquire(timeout=self._wait_seconds):
            raise Unavailable("Something else is being saved.", advice="Wait a moment and try again.")
        try:
            with in_words(self._path):
                line = self._writer
                self._must_be_open()
                line.connection.execute("BEGIN IMMEDIATE")
                try:
                    writing = Writing(author=author, now=self._now, new_id=self._new_id)
                    transaction = Transaction(line.connection, line.lend, writing)
                    yield transaction
                    line.connection.execute("COMMIT")
                finally:
                    _undo(line.connection)
        finally:
            self._one_writer.release()
        if transaction.touched:
            self._announce(ChangeSet.of(transaction.touched))

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
            for line in (self._writer, *self._idle):
                line.close()
            self._idle.clear()

    def _announce(self, changes: ChangeSet) -> None:
        for listener in tuple(self._listeners):
            listener(changes)

    def _data_version(self) -> int:
        """A number that changes when somebody else commits: not for what this same connection writes."""
        return int(self._writer.connection.execute("PRAGMA data_version").fetchone()[0])

    def _new_line(self) -> _Line:
        return _Line(open_file(self._path, self._key, wait_seconds=self._wait_seconds))

    def _take(self) -> _Line:
        """A connection nobody else is using."""
        with self._at_hand:
            self._must_be_open()
            if self._idle:
                return self._idle.pop()
        line = self._new_line()
        line.connection.execute("PRAGMA query_only = ON")
        return line

    def _give_back(self, line: _Line) -> None:
        with self._at_hand:
            if self._closed:
                line.close()
            else:
                self._idle.append(line)

    def _must_be_open(self) -> None:
        if self._closed:
            raise Unavailable("The profile has been closed.", advice="Start the program again.")


def _undo(connection: sqlite3.Connection) -> None:
    """Ends a transaction that is still open, leaving nothing of it."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
