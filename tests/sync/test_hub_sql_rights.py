"""Nobody gets at a row they may not see: every role, table, verb and relation, taken from the server's catalogue."""

import psycopg
import pytest
from psycopg import sql

from tests.sync.deeds import ABARA, BYRNE, Office, made, push
from tests.sync.hub_place import COUNCIL, SUPERUSER, password_of

SCOPED = {"record", "gone", "blob", "blob_chunk", "scope"}
PERSONAL = {"account", "access_grant", "device"}
COMMON = {"meta", "clock", "step"}
CLOSED = {"op", "erased_blob"}
VISIBLE = {
    "abara": {ABARA, COUNCIL},
    "byrne": {BYRNE, COUNCIL},
    "support": {ABARA, COUNCIL, "tray"},
    "officer": {ABARA, BYRNE, COUNCIL, "tray"},
    "revoked": {COUNCIL, "tray"},
    "disabled": set(),
    "stranger": set(),
}
"""Own (a councillor's), delegated (support's), every, other, revoked, shut out, and no account at all."""


def as_login(office: Office, login: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(office.place.url(login), password=password_of(login), autocommit=True)


def as_owner(office: Office) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(office.place.url(), autocommit=True)


def column(connection: psycopg.Connection[tuple[object, ...]], query: str, *given: object) -> set[str]:
    return {str(row[0]) for row in connection.execute(query.encode(), given).fetchall()}


@pytest.fixture
def full(office: Office) -> Office:
    """The office with something in every table, somebody revoked, somebody shut out and somebody without an account."""
    for scope, hub in ((ABARA, office.abara), (BYRNE, office.byrne), ("tray", office.officer), (COUNCIL, office.admin)):
        hub.put_blob(scope, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", b"\0")  # type: ignore[arg-type]
    push(office.admin, made("enquiry", "enquiry-2", raised_by=BYRNE), made("mail", "mail-1", enquiry_id=None))
    push(office.admin, made("enquiry", "enquiry-3", raised_by=ABARA, reference="3"))
    with as_owner(office) as owner, owner.transaction():
        owner.execute("SELECT hub.next_seq()")
        owner.execute("INSERT INTO hub.gone SELECT s.scope_id, 'mail', 'x', c.v FROM hub.scope s, hub.clock c")
    administration = office.place.administration()
    from member_tracker.domain.vocabulary import Role

    office.place.add_user("revoked", Role.SUPPORT, councillors=[ABARA, BYRNE]).greet("device-r", 1)
    for scope in (ABARA, BYRNE):
        administration.revoke("revoked", scope)
    office.place.add_user("disabled", Role.OFFICER).greet("device-d", 1)
    office.place.add_user("stranger", Role.OFFICER).greet("device-s", 1)
    with as_owner(office) as owner:
        owner.execute("UPDATE hub.account SET disabled = true WHERE login = 'disabled'")
        for table in ("access_grant", "device", "account"):
            owner.execute(sql.SQL("DELETE FROM hub.{} WHERE login = 'stranger'").format(sql.Identifier(table)))
    return office


def test_each_table_of_the_hub_has_forced_policies_and_a_place_in_the_matrix(full: Office) -> None:
    with as_owner(full) as owner:
        tables = column(
            owner,
            "SELECT relname FROM pg_class WHERE relnamespace = 'hub'::regnamespace AND relkind IN ('r','p','f','m')",
        )
        assert tables == SCOPED | PERSONAL | COMMON | CLOSED, "say here who may see the rows of a new table"
        forced = column(
            owner,
            "SELECT relname FROM pg_class WHERE relnamespace = 'hub'::regnamespace"
            " AND relrowsecurity AND relforcerowsecurity",
        )
        assert forced == tables
        with_policy = column(
            owner, "SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'hub' AND policyname = 'keeper'"
        )
        assert with_policy == tables
        views = column(
            owner,
            "SELECT relname FROM pg_class WHERE relnamespace = 'hub'::regnamespace AND relkind = 'v'"
            " AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'",
        )
        assert views == set(), "a view without security_invoker shows what its owner may see"


@pytest.mark.parametrize("login", VISIBLE)
def test_each_account_reads_the_rows_of_its_scopes_and_no_others(full: Office, login: str) -> None:
    with as_login(full, login) as connection, as_owner(full) as owner:
        for table in sorted(SCOPED):
            query = f"SELECT DISTINCT scope_id FROM hub.{table}"
            everything = column(owner, query)
            assert everything == {ABARA, BYRNE, COUNCIL, "tray"}, f"{table} needs rows in every scope to show anything"
            assert column(connection, query) == VISIBLE[login], table
        for table in sorted(PERSONAL):
            assert len(column(owner, f"SELECT login FROM hub.{table}")) > 1, table
            assert column(connection, f"SELECT DISTINCT login FROM hub.{table}") <= {login}, table
        for view in ("enquiries", "timeline"):
            assert column(connection, f"SELECT DISTINCT scope_id FROM hub.{view}") <= VISIBLE[login]


@pytest.mark.parametrize("login", [*VISIBLE, "admin2"])
def test_nobody_writes_to_a_table_directly_or_reads_the_log(full: Office, login: str) -> None:
    if login == "admin2":
        from member_tracker.domain.vocabulary import Role

        full.place.add_user("admin2", Role.ADMINISTRATOR)
    with as_login(full, login) as connection, as_owner(full) as owner:
        tables = column(
            owner, "SELECT relname FROM pg_class WHERE relnamespace = 'hub'::regnamespace AND relkind = 'r'"
        )
        for table in sorted(tables):
            name = sql.Identifier(table)
            for verb in ("INSERT INTO hub.{} DEFAULT VALUES", "DELETE FROM hub.{}", "TRUNCATE hub.{}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql.SQL(verb).format(name))
        for table in sorted(CLOSED):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SELECT FROM hub.{}").format(sql.Identifier(table)))
        updates = column(
            owner, "SELECT table_name FROM information_schema.role_table_grants WHERE table_schema = 'hub'"
            " AND grantee NOT LIKE 'member_tracker%%keeper' AND privilege_type <> 'SELECT'",
        )  # fmt: skip
        assert updates == set()


def test_only_the_functions_meant_for_everybody_can_be_called(full: Office) -> None:
    with as_owner(full) as owner:
        mine = column(
            owner,
            "SELECT proname FROM pg_proc WHERE pronamespace = 'hub'::regnamespace"
            " AND has_function_privilege('abara', oid, 'EXECUTE')",
        )
        definers = column(
            owner,
            "SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.pronamespace = 'hub'::regnamespace AND p.prosecdef"
            " AND (r.rolsuper OR r.rolbypassrls OR r.rolcanlogin)",
        )
        unset = column(
            owner,
            "SELECT proname FROM pg_proc WHERE pronamespace = 'hub'::regnamespace AND prosecdef"
            " AND NOT position('search_path=pg_catalog, pg_temp' IN coalesce(proconfig, '{}')::text) > 0",
        )
    assert definers == set(), "a function of a superuser sees every row"
    assert unset == set(), "without a search_path of its own a function can be led astray"
    assert mine == {
        "my_grants", "my_scopes", "i_administer", "must_see", "greet", "chain_at", "push", "pull", "tally",
        "missing_blobs", "begin_blob", "put_chunk", "finish_blob", "note", "add_account", "give", "take", "narrow",
        "shut", "new_password", "users", "status", "audit", "erase", "restored", "tidy",
    }  # fmt: skip


ADMINISTRATORS_ONLY = (
    "add_account('x', NULL, 'officer', NULL, '[]')", "give('byrne', 'tray', true, NULL)", "take('abara', 'tray')",
    "narrow('officer', '{}')", "shut('abara', true)", "new_password('abara', NULL)", "users()", "status()",
    "audit(0, 0, 10)", "erase('enquiry', 'enquiry-1')", "restored()", "tidy()",
)  # fmt: skip


@pytest.mark.parametrize("login", ["abara", "support", "officer", "disabled", "stranger"])
def test_what_administrators_do_is_refused_to_everybody_else(full: Office, login: str) -> None:
    with as_login(full, login) as connection:
        for call in ADMINISTRATORS_ONLY:
            with pytest.raises(psycopg.DatabaseError) as refused:
                connection.execute(f"SELECT hub.{call}".encode())
            expected = {"disabled": "HB002", "stranger": "HB001"}.get(login, "HB008")
            assert refused.value.sqlstate == expected, call


def test_logins_have_limits_of_their_own(full: Office) -> None:
    with as_login(full, "abara") as connection:
        asked = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        assert [connection.execute(f"SHOW {name}".encode()).fetchone() for name in asked] == [
            ("30s",),
            ("5s",),
            ("10s",),
        ]
        found = connection.execute(
            "SELECT rolconnlimit, rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = 'abara'"
        )
        assert found.fetchone() == (3, False)


def test_the_page_of_a_scope_is_read_from_its_index_with_one_look_at_the_grants(full: Office) -> None:
    with as_login(full, "officer") as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM hub.record WHERE scope_id = 'tray' AND hub_seq > 1 ORDER BY hub_seq LIMIT 10"
        ).fetchall()
    shown = "\n".join(str(line) for (line,) in plan)
    assert "InitPlan" in shown
    assert "record_page" in shown
    assert SUPERUSER not in shown
