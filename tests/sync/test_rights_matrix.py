"""Role × relation × verb × casework: what each may do at the hub is what the rule says, by the server's catalogue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from member_tracker.domain.vocabulary import Role
from member_tracker.sync.hub import SCHEMA
from tests.sync.deeds import ABARA, BYRNE, Office, edit, enquiry, made, open_office, push
from tests.sync.hub_place import COUNCIL, HubPlace, password_of
from tests.sync.postgres_server import TestServer
from tests.sync.rights_rule import (
    ACCOUNTS,
    ADMINISTRATORS,
    COLE,
    DORAN,
    FOR_ADMINISTRATORS,
    FOR_EVERYBODY,
    RELATIONS,
    RIGHTS,
    SCOPES,
    TRAY,
    departures,
)

Connection = psycopg.Connection[tuple[Any, ...]]
HASH = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
OTHER_HASH = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"  # of b"\1"
UNGRANTED, NO_ACCOUNT, SHUT, NO_ADMINISTRATOR = "HB005", "HB001", "HB002", "HB008"


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A hub with rows in every relation and scope, its owner, and an open line for everybody."""

    office: Office
    owner: Connection
    lines: dict[str, Connection]


@pytest.fixture(scope="module")
def matrix(pg_server: TestServer, hub_template: str) -> Iterator[Matrix]:
    place = HubPlace(server=pg_server, database=pg_server.make_database(hub_template))
    office = open_office(place)
    with psycopg.connect(place.url(), autocommit=True) as owner:
        _people(office, owner)
        lines = {
            login: psycopg.connect(place.url(login), password=password_of(login), autocommit=True) for login in RIGHTS
        }
        _rows(office, owner)
        _take_away(office, owner)
        yield Matrix(office=office, owner=owner, lines=lines)
    for line in lines.values():
        line.close()
    place.close()
    pg_server.drop_database(place.database, with_logins=True)
    for login in ("stranger", "outsider"):
        pg_server.run(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))


def _people(office: Office, owner: Connection) -> None:
    push(office.admin, *(made("councillor", who, council_id=COUNCIL, name=who) for who in (COLE, DORAN)))
    add = office.place.add_user
    add("cole", Role.COUNCILLOR, person_id=COLE)
    add("reader", Role.SUPPORT, councillors=[BYRNE])
    add("narrowed", Role.OFFICER, councillors=[BYRNE])
    add("second", Role.ADMINISTRATOR)
    add("under", Role.ADMINISTRATOR, councillors=[COLE])
    add("shut", Role.OFFICER)
    add("stranger", Role.OFFICER)
    owner.execute("CREATE ROLE outsider LOGIN PASSWORD 'outsider and a horse'")
    administration, now = office.place.administration(), office.admin.greet("device-0", SCHEMA).now
    administration.grant("cole", ABARA, until=now + timedelta(days=1))
    administration.grant("cole", BYRNE, until=now + timedelta(days=1))
    administration.grant("cole", DORAN)
    administration.grant("reader", COLE, can_write=False)


def _rows(office: Office, owner: Connection) -> None:
    """Something in every relation: in each casework an enquiry with an entry, and an enquiry that has moved out."""
    for scope in SCOPES:
        office.officer.put_blob(scope, HASH, b"\0")  # type: ignore[arg-type]
    for scope in (ABARA, BYRNE, COLE, DORAN):
        first, moved = enquiry(f"of-{scope}", scope), enquiry(f"from-{scope}", scope)
        push(office.officer, first, made("entry", f"entry-{scope}", enquiry_id=f"of-{scope}", text=scope), moved)
        push(office.officer, edit(f"from-{scope}", "raised_by", DORAN if scope != DORAN else COLE, moved))
    push(office.officer, made("mail", "mail-1", enquiry_id=None), made("service_area", "area-1", council_id=COUNCIL))
    with owner.transaction():
        owner.execute("SELECT hub.next_seq()")
        owner.execute("INSERT INTO hub.gone SELECT s.scope_id, 'mail', 'x', c.v FROM hub.scope s, hub.clock c")
    for login in ACCOUNTS:
        owner.execute("INSERT INTO hub.device VALUES ('d', %s, hub.draw_code(), 1)", (login,))


def _take_away(office: Office, owner: Connection) -> None:
    office.place.administration().revoke("cole", DORAN)
    owner.execute("UPDATE hub.access_grant SET until = now() WHERE login = 'cole' AND scope_id = %s", (BYRNE,))
    office.place.administration().disable("shut")
    for table in ("access_grant", "device", "account"):
        owner.execute(sql.SQL("DELETE FROM hub.{} WHERE login = 'stranger'").format(sql.Identifier(table)))


def copied(connection: Connection, of: sql.Composable) -> list[str]:
    """What COPY writes out, in order of its lines."""
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(of)) as copy:
        return sorted(b"".join(bytes(piece) for piece in copy).decode().splitlines())


def reads(login: str) -> list[str]:
    return list(RIGHTS[login])


def refused(connection: Connection, statement: sql.Composed | str, *given: object) -> str | None:
    """The code a statement is refused with; None where it is not, and then it is undone."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement if isinstance(statement, sql.Composed) else statement.encode(), given or None)
    except psycopg.Error as problem:
        return problem.sqlstate
    return None


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_the_catalogue_holds_what_the_rule_says_and_nothing_else(matrix: Matrix) -> None:
    assert list(departures(matrix.owner)) == []


@pytest.mark.parametrize(
    "added",
    [
        "SET LOCAL ROLE {keeper}; CREATE TABLE hub.rota (scope_id text)",
        "SET LOCAL ROLE {keeper}; CREATE VIEW hub.names AS SELECT fields FROM hub.record",
        "SET LOCAL ROLE {keeper}; CREATE MATERIALIZED VIEW hub.names AS SELECT fields FROM hub.record",
        "SET LOCAL ROLE {keeper}; CREATE SEQUENCE hub.numbers",
        "SET LOCAL ROLE {keeper}; CREATE FUNCTION hub.extra() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER VIEW hub.timeline SET (security_invoker = false)",
        "DROP POLICY reader ON hub.record",
        "DROP POLICY keeper ON hub.gone",
        "CREATE POLICY wide ON hub.record FOR SELECT TO {user} USING (true)",
        "ALTER POLICY reader ON hub.blob USING (true)",
        "ALTER TABLE hub.record DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE hub.record NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE hub.op OWNER TO postgres",
        "GRANT INSERT ON hub.record TO {user}",
        "GRANT UPDATE (fields) ON hub.record TO {user}",
        "GRANT SELECT ON hub.op TO {user}",
        "GRANT SELECT ON hub.meta TO PUBLIC",
        "GRANT USAGE ON SEQUENCE hub.access_grant_id_seq TO abara",
        "GRANT USAGE ON SCHEMA hub TO PUBLIC",
        "GRANT CREATE ON SCHEMA hub TO {user}",
        "GRANT EXECUTE ON FUNCTION hub.enter(text, text, text, jsonb) TO {user}",
        "GRANT EXECUTE ON FUNCTION hub.erase(text, text) TO PUBLIC",
        "REVOKE EXECUTE ON FUNCTION hub.push(text, integer, jsonb) FROM {user}",
        "ALTER FUNCTION hub.push(text, integer, jsonb) OWNER TO postgres",
        "ALTER FUNCTION hub.push(text, integer, jsonb) RESET search_path",
        "ALTER FUNCTION hub.push(text, integer, jsonb) SET search_path = public, pg_temp",
        "ALTER ROLE {keeper} BYPASSRLS",
        "ALTER ROLE {keeper} LOGIN",
    ],
)
def test_what_is_added_or_opened_without_a_word_in_the_rule_is_noticed(matrix: Matrix, added: str) -> None:
    [(keeper,)] = matrix.owner.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'hub'")
    with matrix.owner.transaction(force_rollback=True):
        matrix.owner.execute(added.format(keeper=keeper, user=keeper.removesuffix("keeper") + "user").encode())
        matrix.owner.execute("RESET ROLE")
        assert list(departures(matrix.owner))
    assert list(departures(matrix.owner)) == []


def test_nobody_who_signs_in_may_act_as_the_roles_behind_the_hub(matrix: Matrix) -> None:
    found = matrix.owner.execute(
        "SELECT m.rolname, r.rolname FROM pg_roles m, pg_roles r, pg_namespace n WHERE n.nspname = 'hub'"
        " AND r.rolname IN (n.nspowner::regrole::text, replace(n.nspowner::regrole::text, 'keeper', 'registrar'))"
        " AND m.rolcanlogin AND NOT m.rolsuper AND pg_has_role(m.oid, r.oid, 'MEMBER')"
    ).fetchall()
    assert found == []


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", RIGHTS)
def test_each_reads_the_rows_of_casework_they_may_see_and_no_other(matrix: Matrix, login: str) -> None:
    line = matrix.lines[login]
    for name, shows in RELATIONS.items():
        of = sql.Identifier("hub", name)
        if shows == "closed" or login == "outsider":
            assert refused(line, sql.SQL("SELECT FROM {}").format(of)) == "42501", name
            continue
        where = {"scoped": "scope_id = ANY ({reads})", "own": "login = {login}", "all": "true"}[shows]
        rows = sql.SQL("(SELECT * FROM {} WHERE " + where + ")").format(
            of, reads=sql.Literal(reads(login)), login=sql.Literal(login)
        )
        expected = copied(matrix.owner, rows)
        assert copied(line, sql.SQL("(SELECT * FROM {})").format(of)) == expected, name
        if name not in ("enquiries", "timeline"):
            assert copied(line, of) == expected, name
        assert (
            shows != "scoped"
            or len(expected) < len(copied(matrix.owner, sql.SQL("(SELECT * FROM {})").format(of)))
            or (RIGHTS[login] == RIGHTS["officer"])
        ), f"{name} needs rows that are hidden to show anything"
    assert refused(line, "SET LOCAL row_security = off; SELECT FROM hub.record") == "42501"


def test_each_scope_has_rows_in_each_relation_that_is_read_by_scope(matrix: Matrix) -> None:
    for name, shows in RELATIONS.items():
        if shows == "scoped":
            found = matrix.owner.execute(
                sql.SQL("SELECT DISTINCT scope_id FROM {}").format(sql.Identifier("hub", name))
            )
            whose = {scope for (scope,) in found}
            assert whose == (set(SCOPES) - {COUNCIL, TRAY} if name in ("enquiries", "timeline") else set(SCOPES)), name


@pytest.mark.parametrize("login", RIGHTS)
def test_each_function_that_reads_a_scope_answers_for_casework_one_may_see_only(matrix: Matrix, login: str) -> None:
    line, owner = matrix.lines[login], matrix.owner
    for scope in SCOPES:
        code = _no(login, "r" in RIGHTS[login].get(scope, ""))
        assert refused(line, "SELECT hub.must_see(%s)", scope) == code, scope
        assert refused(line, "SELECT hub.tally(%s, 9999)", scope) == code
        assert refused(line, "SELECT hub.missing_blobs(%s, '{}')", scope) == code
        assert refused(line, "SELECT hub.pull(%s, 0, 1000)", scope) == code
        if code is None:
            pulled = line.execute("SELECT kind, id FROM hub.pull(%s, 0, 1000) ORDER BY 1, 2", (scope,)).fetchall()
            there = owner.execute(
                "SELECT kind, id FROM hub.record WHERE scope_id = %(s)s UNION SELECT kind, id FROM hub.gone"
                " WHERE scope_id = %(s)s ORDER BY 1, 2",
                {"s": scope},
            ).fetchall()
            assert pulled == there
            live = owner.execute("SELECT count(*) FROM hub.record WHERE scope_id = %s AND NOT deleted", (scope,))
            assert line.execute("SELECT records FROM hub.tally(%s, 9999)", (scope,)).fetchone() == live.fetchone()


def _no(login: str, may: bool) -> str | None:
    """The code that somebody is refused with; None where they may."""
    return {"outsider": "42501", "stranger": NO_ACCOUNT, "shut": SHUT}.get(login, None if may else UNGRANTED)


# --- writing ----------------------------------------------------------------------------------------------------------

DIRECTLY = (
    "INSERT INTO {} DEFAULT VALUES",
    "UPDATE {} SET {column} = {column}",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "COPY {} FROM STDIN",
    "CREATE TRIGGER t BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "SELECT FROM {} FOR UPDATE",
    "LOCK {} IN SHARE MODE",
    "ALTER TABLE {} ADD COLUMN more text",
    "DROP TABLE {}",
    "CREATE INDEX ON {} ({column})",
    "CREATE POLICY p ON {} USING (true)",
)
UNMATCHED = {"abara": ABARA, "cole": COLE}  # whose the unmatched mail of a councillor's laptop is
OF_THE_SERVER = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.mark.parametrize("login", RIGHTS)
def test_nobody_changes_a_relation_but_by_the_hubs_functions(matrix: Matrix, login: str) -> None:
    line = matrix.lines[login]
    columns: dict[str, str] = dict(
        matrix.owner.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
            " WHERE relnamespace = 'hub'::regnamespace AND attnum = 2 AND relkind IN ('r', 'v')"
        ).fetchall()
    )
    for name, column in columns.items():
        of = sql.SQL(name)
        for verb in DIRECTLY:
            tried = sql.SQL(verb).format(of, column=sql.Identifier(column))
            wrong_kind = "42809" if name in ("hub.enquiries", "hub.timeline") else None
            assert refused(line, tried) in ("42501", wrong_kind), (verb, name)
        given = matrix.owner.execute(
            "SELECT p FROM unnest(%s::text[]) p WHERE has_table_privilege(%s, %s::regclass, p) OR (p IN"
            " ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(%s, %s::regclass, p))",
            (list(OF_THE_SERVER), login, name, login, name),
        ).fetchall()
        assert given == [], name


@pytest.mark.parametrize("login", RIGHTS)
def test_each_change_is_taken_where_one_may_write_and_leaves_nothing_elsewhere(matrix: Matrix, login: str) -> None:
    line = matrix.lines[login]
    for scope in SCOPES:
        record = {COUNCIL: ("service_area", "area-1"), TRAY: ("mail", "mail-1")}.get(scope, ("enquiry", f"of-{scope}"))
        before = _record(matrix, *record)
        batch = _changes(login, scope, record, str(before[1][""]))
        may = "w" in RIGHTS[login].get(scope, "")
        if (code := _no(login, may=True)) is not None:
            assert refused(line, "SELECT * FROM hub.push('d', 1, %s::jsonb)", batch) == code
        else:
            answers = line.execute("SELECT became FROM hub.push('d', 1, %s::jsonb)", (batch,)).fetchall()
            expected = "accepted" if may else "denied"
            makes = "accepted" if scope == TRAY and login in UNMATCHED else expected
            assert [became for (became,) in answers] == [makes, expected], scope
        after = _record(matrix, *record)
        assert (before != after) == may, scope
        made_id = f"{login}-{scope}"
        there = matrix.owner.execute("SELECT scope_id FROM hub.record WHERE id = %s", (made_id,)).fetchall()
        whose = UNMATCHED.get(login, scope) if scope == TRAY else scope
        assert there == ([(whose,)] if may or whose != scope else []), scope


def _record(matrix: Matrix, kind: str, record_id: str) -> tuple[Any, ...]:
    found = matrix.owner.execute(
        "SELECT fields, heads, hub_seq, deleted FROM hub.record WHERE kind = %s AND id = %s", (kind, record_id)
    ).fetchone()
    assert found
    return found


def _changes(login: str, scope: str, record: tuple[str, str], base: str) -> str:
    """A new record, and a change of one that is there, each with ids of its own."""
    from member_tracker.sync.wire import op_text

    kind, record_id = record
    whose: dict[str, str | None] = {"raised_by": scope}
    if scope in (COUNCIL, TRAY):
        whose = {"council_id": COUNCIL} if scope == COUNCIL else {"enquiry_id": None}
    return op_text([made(kind, f"{login}-{scope}", **whose), edit(record_id, f"by_{login}", "x", base, kind=kind)])


def test_what_everybody_reads_takes_no_casework_and_is_made_nowhere_else(matrix: Matrix) -> None:
    office = matrix.office
    denied = push(
        office.officer, enquiry("for-all", COUNCIL), enquiry("in-the-tray", TRAY),
        made("resident", "for-all", councillor_id=COUNCIL), edit("enquiry-1", "raised_by", COUNCIL, office.first),
        made("service_area", "stray", council_id=TRAY), made("council", TRAY),
    )  # fmt: skip
    denied += push(office.abara, made("council", ABARA), made("councillor", "new", council_id=ABARA))
    assert {(each.outcome, each.reason) for each in denied} == {("denied", "scope")}


@pytest.mark.parametrize("login", RIGHTS)
def test_bytes_are_taken_where_one_may_write_and_fetched_where_one_may_read(matrix: Matrix, login: str) -> None:
    line = matrix.lines[login]
    for scope in SCOPES:
        code = _no(login, "w" in RIGHTS[login].get(scope, ""))
        assert refused(line, "SELECT hub.begin_blob(%s, %s, 1)", scope, OTHER_HASH) == code, scope
        assert refused(line, r"SELECT hub.put_chunk(%s, %s, 0, '\x01')", scope, OTHER_HASH) == code, scope
        assert refused(line, "SELECT hub.finish_blob(%s, %s)", scope, OTHER_HASH) == code, scope


# --- functions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", RIGHTS)
def test_each_function_is_for_everybody_for_administrators_or_for_the_hub_alone(matrix: Matrix, login: str) -> None:
    line = matrix.lines[login]
    calls = matrix.owner.execute(
        "SELECT p.proname, format('SELECT hub.%I(%s)', p.proname, (SELECT string_agg("
        "format('NULL::%s', t::regtype), ', ' ORDER BY n) FROM unnest(p.proargtypes) WITH ORDINALITY a (t, n)))"
        " FROM pg_proc p WHERE p.pronamespace = 'hub'::regnamespace AND p.prorettype <> 'trigger'::regtype"
    ).fetchall()
    assert {name for name, _ in calls} >= FOR_EVERYBODY | FOR_ADMINISTRATORS
    for name, call in calls:
        code = refused(line, call)
        if login == "outsider" or name not in FOR_EVERYBODY | FOR_ADMINISTRATORS:
            assert code == "42501", call
        elif name in FOR_ADMINISTRATORS and login not in ADMINISTRATORS:
            assert code == {"stranger": NO_ACCOUNT, "shut": SHUT}.get(login, NO_ADMINISTRATOR), call
        else:
            assert code != "42501", call
