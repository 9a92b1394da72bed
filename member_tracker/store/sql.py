"""SQLAlchemy over a connection that is already open: it builds and runs statements, and never ends a transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Connection, StaticPool, create_engine


class Lent:
    """A connection lent to SQLAlchemy, whose commits, rollbacks and closing are its owner's affair."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.isolation_level: str | None = None

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Left to the owner."""

    def rollback(self) -> None:
        """Left to the owner."""

    def close(self) -> None:
        """Left to the owner."""


@contextmanager
def attach(connection: sqlite3.Connection) -> Iterator[Connection]:
    """A SQLAlchemy connection over `connection` for one task."""
    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: cast("sqlite3.Connection", Lent(connection)),
        poolclass=StaticPool,
        hide_parameters=True,  # an error that reaches a log must not carry what a resident said
        isolation_level="AUTOCOMMIT",
    )
    try:
        with engine.connect() as attached:
            yield attached
    finally:
        engine.dispose()
