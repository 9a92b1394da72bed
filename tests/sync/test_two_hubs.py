"""Two hubs on one server: neither's owner, users nor roles reach the other."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import sql

from member_tracker.domain.errors import NotAllowed, TrackerError
from member_tracker.domain.vocabulary import Role
from member_tracker.sync.administration import Administration
from member_tracker.sync.hub import SCHEMA
from member_tracker.sync.postgres import PostgresHub
from tests.sync.deeds import Office
from tests.sync.hub_place import password_of
from tests.sync.postgres_server import TestServer

OWNER = "owner_of_the_second"


@pytest.fixture
def second(pg_server: TestServer, office: Office, database: str) -> Iterator[Administration]:
    """A hub of somebody else's on the server of the first."""
    assert office.place.database != database
    pg_server.run(sql.SQL("CREATE ROLE owner_of_the_second LOGIN CREATEROLE PASSWORD 'owns it'"))
    pg_server.run(sql.SQL("ALTER DATABASE {} OWNER TO owner_of_the_second").format(sql.Identifier(database)))
    administration = Administration(pg_server.url(database, user=OWNER), password="owns it")
    administration.create(council_id="another council", person_id=None)
    yield administration
    administration.close()
    pg_server.drop_database(database, with_logins=True)
    pg_server.run(sql.SQL("DROP OWNED BY owner_of_the_second"))
    pg_server.run(sql.SQL("DROP ROLE owner_of_the_second"))


def keeper_of(server: TestServer, database: str) -> str:
    with psycopg.connect(server.url(database)) as connection:
        found = connection.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'hub'").fetchone()
    assert found
    return str(found[0])


def test_the_owner_of_one_hub_cannot_act_as_the_keeper_of_the_other(
    second: Administration, office: Office, database: str
) -> None:
    server = office.place.server
    first = keeper_of(server, office.place.database)
    assert first != keeper_of(server, database)
    with psycopg.connect(server.url(database, user=OWNER), password="owns it", autocommit=True) as owner:
        if owner.info.server_version < 160_000:
            pytest.skip("before PostgreSQL 16 whoever may make roles may act as any of them")
        for deed in ("GRANT {} TO owner_of_the_second", "SET ROLE {}", "ALTER ROLE {} PASSWORD 'x'", "DROP ROLE {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(sql.SQL(deed).format(sql.Identifier(first)))
    with closing(Administration(office.place.url(OWNER), password="owns it")) as there, pytest.raises(NotAllowed):
        there.users()


def test_a_user_of_one_hub_sees_nothing_of_the_other(second: Administration, office: Office, database: str) -> None:
    server = office.place.server
    with psycopg.connect(server.url(database, user="abara"), password=password_of("abara"), autocommit=True) as abara:
        for table in ("meta", "clock", "record", "account"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                abara.execute(f"SELECT FROM hub.{table}".encode())
    hub = PostgresHub(server.url(database, user="abara"), password=password_of("abara"))
    with closing(hub), pytest.raises(NotAllowed):
        hub.greet("device-1", SCHEMA)


def test_a_login_that_was_dropped_and_made_anew_for_another_hub_is_not_let_into_the_first(
    second: Administration, office: Office, database: str
) -> None:
    server = office.place.server
    server.run(sql.SQL("DROP ROLE abara"))
    second.add_user("abara", Role.OFFICER, "somebody else's")
    with closing(PostgresHub(server.url(database, user="abara"), password="somebody else's")) as hub:
        assert hub.greet("device-1", SCHEMA).role is Role.OFFICER
    hub = PostgresHub(office.place.url("abara"), password="somebody else's")
    with closing(hub), pytest.raises(NotAllowed):
        hub.greet("device-1", SCHEMA)


def test_a_login_of_the_other_hub_keeps_its_password(second: Administration, office: Office) -> None:
    with pytest.raises(TrackerError, match="not this hub's"):
        second.add_user("abara", Role.OFFICER, "taken over")
    assert office.place.sign_in("abara").greet("device-1", SCHEMA).login == "abara"
