"""A PostgreSQL server for every test of the hub, one for each process that runs tests."""

from collections.abc import Iterator

import pytest

from tests.sync.postgres_server import TestServer, server_for_tests


@pytest.fixture(scope="session")
def pg_server() -> Iterator[TestServer]:
    """A real PostgreSQL server, stopped when the tests are over."""
    with server_for_tests() as server:
        yield server


@pytest.fixture
def database(pg_server: TestServer) -> Iterator[str]:
    """The name of an empty database of one test's own."""
    name = pg_server.make_database()
    yield name
    pg_server.drop_database(name)
