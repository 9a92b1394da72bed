"""A hub with the tables of the first version, full of work, is brought up to today's and keeps all of it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from member_tracker.sync import hub_scripts
from member_tracker.sync.administration import Administration
from member_tracker.sync.hub import SCHEMA, Hub, Row
from member_tracker.sync.postgres import PostgresHub
from tests.sync.deeds import ABARA, BYRNE, Office, edit, enquiry, made, push, push_one, rows_of
from tests.sync.hub_place import COUNCIL
from tests.sync.postgres_server import TestServer
from tests.sync.rights_rule import departures

NUMBERED = hub_scripts.numbered()
COPIED = ("meta", "clock", "account", "access_grant", "scope", "device", "record", "gone", "op", "blob", "blob_chunk")
HASH = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"  # of a nought byte


@pytest.fixture
def old(office: Office, pg_server: TestServer, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a hub made by the first script alone, with the rows of one that had been at work."""
    case = enquiry("of-rose", resident_id="rose", text="words")
    push(office.abara, made("resident", "rose", councillor_id=ABARA, name="Rose"), case)
    push_one(office.support, edit("of-rose", "text", "one", case))
    push_one(office.abara, edit("of-rose", "text", "two", case), device="device-2")
    push_one(office.byrne, made("entry", "entry-1", enquiry_id="of-rose", text="refused"))
    push_one(office.officer, edit("enquiry-1", "raised_by", BYRNE, office.first))
    office.abara.put_blob(ABARA, HASH, b"\0")  # type: ignore[arg-type]
    url = pg_server.url(database)
    with monkeypatch.context() as patched:
        patched.setattr(hub_scripts, "numbered", lambda: {1: NUMBERED[1]})
        patched.setattr(hub_scripts, "rules", lambda: ())
        patched.setattr(hub_scripts, "logins", lambda: "SELECT 1")
        administration = Administration(url)
        administration.create(council_id=COUNCIL, person_id=None)
        administration.close()
    with psycopg.connect(office.place.url()) as source, psycopg.connect(url) as target:
        target.execute("TRUNCATE hub.meta, hub.clock, hub.account, hub.scope CASCADE")
        for table in COPIED:
            _copy(source, target, sql.Identifier("hub", table))
        target.execute("UPDATE hub.meta SET version = 1, schema_cur = 1")
    yield url
    with psycopg.connect(url, autocommit=True) as target:
        [(keeper,)] = target.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'hub'")
        target.execute("DROP SCHEMA hub CASCADE")
        for role in ("user", "registrar", "keeper"):
            target.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(keeper.removesuffix("keeper") + role)))


def _copy(
    source: "psycopg.Connection[tuple[str, ...]]", target: "psycopg.Connection[tuple[str, ...]]", table: sql.Identifier
) -> None:
    with (
        source.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as rows,
        target.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as kept,
    ):
        for piece in rows:
            kept.write(piece)


def everything(hub: Hub) -> dict[str, dict[str, Row]]:
    return {grant.scope_id: rows_of(hub, grant.scope_id) for grant in hub.greet("device-0", SCHEMA).grants}


def columns(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'hub'::regnamespace AND a.attnum > 0"
            " AND NOT a.attisdropped ORDER BY 1, 2"
        ).fetchall()


def test_an_upgrade_keeps_rows_log_and_rights_and_everything_works_afterwards(old: str, office: Office) -> None:
    before = everything(office.admin)
    administration = Administration(old)
    assert columns(old) != columns(office.place.url())
    assert administration.upgrade() == max(NUMBERED)
    assert columns(old) == columns(office.place.url())
    with psycopg.connect(old, autocommit=True) as catalogue:
        assert list(departures(catalogue)) == []
    hub = PostgresHub(old)
    assert everything(hub) == before
    assert {user.login for user in administration.users()} >= {"abara", "byrne", "support", "officer"}
    assert push_one(hub, enquiry("after")).outcome == "accepted"
    assert administration.erase("resident", "rose") > 2
    assert administration.verify().is_whole
    with psycopg.connect(old) as connection:
        assert connection.execute("SELECT FROM hub.op WHERE value::text LIKE '%refused%'").fetchall() == []
    hub.close()
    administration.close()
