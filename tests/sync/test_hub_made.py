"""A hub is made of an empty database, once, by whoever may; and brought up to date without losing anything."""

from collections.abc import Iterator, Mapping

import psycopg
import pytest
from psycopg import sql

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound, UpdateNeeded
from member_tracker.domain.vocabulary import Role, Status
from member_tracker.sync import hub_scripts
from member_tracker.sync.administration import Administration
from member_tracker.sync.hub import SCHEMA
from member_tracker.sync.legal_steps import legal_steps
from member_tracker.sync.postgres import PostgresHub
from tests.sync.deeds import ABARA, Office, edit, enquiry, made, op, push, push_one, rows_of
from tests.sync.hub_place import COUNCIL, password_of
from tests.sync.postgres_server import TestServer

OWNER = "county_dba"


@pytest.fixture
def owned(pg_server: TestServer, database: str) -> Iterator[Administration]:
    """An empty database of somebody who may make schemas and roles there, and is no superuser."""
    pg_server.run(sql.SQL("DROP ROLE IF EXISTS county_dba"))
    pg_server.run(sql.SQL("CREATE ROLE county_dba LOGIN CREATEROLE PASSWORD 'owns it'"))
    pg_server.run(sql.SQL("GRANT CREATE ON DATABASE {} TO county_dba").format(sql.Identifier(database)))
    administration = Administration(pg_server.url(database, user=OWNER), password="owns it")
    yield administration
    administration.close()
    pg_server.drop_database(database, with_logins=True)
    pg_server.run(sql.SQL("DROP OWNED BY county_dba CASCADE"))
    pg_server.run(sql.SQL("DROP ROLE county_dba"))


def test_a_hub_is_made_and_run_by_somebody_who_is_no_superuser(
    owned: Administration, pg_server: TestServer, database: str
) -> None:
    owned.create(council_id=COUNCIL, person_id="person-1")
    owned.create(council_id=COUNCIL, person_id="person-1")
    owner = PostgresHub(pg_server.url(database, user=OWNER), password="owns it")
    assert owner.greet("device-1", SCHEMA).role is Role.ADMINISTRATOR
    push_one(owner, made("councillor", ABARA, council_id=COUNCIL))
    owned.add_user("abara", Role.COUNCILLOR, password_of("abara"), person_id=ABARA)
    abara = PostgresHub(pg_server.url(database, user="abara"), password=password_of("abara"))
    assert push_one(abara, enquiry("enquiry-1")).outcome == "accepted"
    assert owned.upgrade() == max(hub_scripts.numbered())
    assert owned.verify().is_whole
    with psycopg.connect(pg_server.url(database, user=OWNER), password="owns it", autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE hub.record SET fields = '{}'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT FROM hub.op")
    owner.close()
    abara.close()


def test_a_login_that_may_not_make_roles_cannot_make_a_hub_and_leaves_nothing(office: Office, database: str) -> None:
    url = office.place.server.url(database, user="abara")
    humble = Administration(url, password=password_of("abara"))
    with pytest.raises(NotAllowed, match="may not"):
        humble.create(council_id=COUNCIL, person_id=None)
    humble.close()
    hub = PostgresHub(url, password=password_of("abara"))
    with pytest.raises(NotFound, match="no hub"):
        hub.greet("device-1", SCHEMA)
    hub.close()


def test_somebody_elses_hub_is_not_made_again(office: Office) -> None:
    with pytest.raises(Invalid, match="already"):
        office.place.administration().create(council_id="another council", person_id=None)
    other = Administration(office.place.url("officer"), password=password_of("officer"))
    with pytest.raises(Invalid, match="already"):
        other.create(council_id=COUNCIL, person_id=None)
    other.close()


def test_an_upgrade_brings_new_tables_under_lock_and_key_and_keeps_what_was_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_of(office.abara, ABARA)
    known = hub_scripts.numbered()
    following = max(known) + 1

    def with_another() -> Mapping[int, str]:
        return {**known, following: "CREATE TABLE hub.rota (scope_id text); INSERT INTO hub.rota VALUES ('tray');"}

    monkeypatch.setattr(hub_scripts, "numbered", with_another)
    monkeypatch.setattr(hub_scripts, "SCHEMA_CUR", SCHEMA + 1)
    assert office.place.administration().upgrade() == following
    assert office.place.administration().upgrade() == following
    assert rows_of(office.abara, ABARA) == before
    assert office.abara.greet("device-1", SCHEMA).schema_cur == SCHEMA + 1
    with (
        psycopg.connect(office.place.url("abara"), password=password_of("abara")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT FROM hub.rota")
    monkeypatch.setattr(hub_scripts, "numbered", lambda: known)
    with pytest.raises(UpdateNeeded, match="newer than this program"):
        office.place.administration().upgrade()


def test_an_upgrade_lets_go_of_old_tombstones(office: Office) -> None:
    seen = office.abara.greet("device-1", SCHEMA).head
    assert push_one(office.abara, op("delete", "enquiry", "enquiry-1", seen=seen)).outcome == "accepted"
    office.place.administration().upgrade()
    assert in_the_hub(office, "SELECT count(*) FROM hub.record WHERE id = 'enquiry-1'") == [(1,)]
    in_the_hub(office, "UPDATE hub.meta SET tombstone_days = 0")
    office.place.administration().upgrade()
    assert in_the_hub(office, "SELECT count(*) FROM hub.record WHERE id = 'enquiry-1'") == [(0,)]
    assert office.place.administration().verify().is_whole


def in_the_hub(office: Office, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        done = owner.execute(statement.encode())
        return done.fetchall() if done.description else []


def test_only_the_owner_upgrades(office: Office) -> None:
    abara = Administration(office.place.url("abara"), password=password_of("abara"))
    with pytest.raises(NotAllowed, match="may not"):
        abara.upgrade()
    abara.close()


def test_programs_too_old_or_too_new_are_told_before_anything_is_written(office: Office) -> None:
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        owner.execute("UPDATE hub.meta SET schema_min = %s, schema_cur = %s", (SCHEMA + 1, SCHEMA + 2))
    for schema, words in ((SCHEMA, "newer Member Tracker"), (SCHEMA + 3, "older than this program")):
        for deed in (
            lambda schema=schema: office.abara.greet("device-1", schema),
            lambda schema=schema: office.abara.push(
                "device-1", schema, [edit("enquiry-1", "subject", "x", office.first)]
            ),
        ):
            with pytest.raises(UpdateNeeded, match=words):
                deed()
    assert rows_of(office.abara, ABARA)["enquiry-1"].fields["subject"] == "Bins"


def test_the_steps_the_hub_takes_are_those_of_the_office(office: Office) -> None:
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        kept = owner.execute("SELECT was, becomes FROM hub.step").fetchall()
    assert {(Status(was), Status(becomes)) for was, becomes in kept} == legal_steps()
    assert Enquiry.__dataclass_fields__["status"].default is Status.DRAFT


def test_nothing_of_an_older_record_is_lost_to_a_program_one_version_behind(office: Office) -> None:
    push(office.officer, made("enquiry", "enquiry-2", raised_by=ABARA, from_the_future={"kept": True}))
    assert rows_of(office.abara, ABARA)["enquiry-2"].fields["from_the_future"] == {"kept": True}
