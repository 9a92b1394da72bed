"""A real PostgreSQL for the tests, and databases in it that cost next to nothing.

`MEMBER_TRACKER_TEST_PG` names another server by the address of a superuser there (postgresql://…).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from member_tracker.sync.practice_server import PracticeServer, scratch_folder, start_server


@dataclass(frozen=True, kw_only=True)
class TestServer:
    """A server the tests may do anything with; `own` is None where somebody else runs it."""

    __test__ = False

    superuser_url: str
    own: PracticeServer | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str, *, user: str | None = None) -> str:
        """The address of a database; with the superuser and their password where nobody else is named."""
        parts = urlsplit(self.superuser_url)
        place = parts.netloc.rpartition("@")[2]
        netloc = parts.netloc if user is None else f"{user}@{place}"
        return urlunsplit((parts.scheme, netloc, f"/{database}", parts.query, ""))

    def make_database(self, template: str | None = None) -> str:
        """Make a database, as a copy of another where one is named; the new one's name."""
        name = f"hub_{os.getpid()}_{next(self._numbers)}"
        self.make_database_as(name, template)
        return name

    def make_database_as(self, name: str, template: str | None = None) -> None:
        """Make a database of that name, as a copy of another where one is named, to which nobody is connected."""
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        self.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)

    def drop_database(self, name: str, *, with_logins: bool = False) -> None:
        """Take a database away, whoever is still connected; on request with the logins its hub made."""
        made = self._logins_made_in(name) if with_logins else ()
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        for login in made:
            with suppress(psycopg.errors.DependentObjectsStillExist):  # of the hub this one was copied from
                self.run(sql.SQL("DROP ROLE {}").format(sql.Identifier(login)))

    def _logins_made_in(self, database: str) -> tuple[str, ...]:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
                return ()
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            if connection.execute("SELECT to_regclass('hub.account')").fetchone() == (None,):
                return ()
            rows = connection.execute(
                "SELECT a.login FROM hub.account a WHERE hub.is_ours(a.login) UNION ALL"
                " SELECT r.rolname FROM pg_roles r WHERE"
                " starts_with(r.rolname, 'member_tracker_' || (SELECT left(m.hub_id, 8) FROM hub.meta m))"
            ).fetchall()
        return tuple(login for (login,) in rows)

    def run(self, statement: sql.Composed | sql.SQL, database: str = "postgres") -> None:
        """Run one statement as the superuser."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def server_for_tests() -> Iterator[TestServer]:
    """A server that is stopped and gone at the end, or the one the environment names."""
    if named := os.environ.get("MEMBER_TRACKER_TEST_PG"):
        yield TestServer(superuser_url=named)
        return
    folder = scratch_folder()
    try:
        own = start_server(folder)
        try:
            yield TestServer(superuser_url=own.url(), own=own)
        finally:
            own.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
