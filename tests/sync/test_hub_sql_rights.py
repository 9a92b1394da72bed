"""What might leak past the rights: by plans, predicates, statistics, locks, messages, keys and other people's names."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from member_tracker.domain.errors import TrackerError
from member_tracker.sync.hub import SCHEMA, ScopeId
from tests.sync.deeds import ABARA, BYRNE, Office, edit, enquiry, made, op, push, push_one, rows_of
from tests.sync.hub_place import SUPERUSER, password_of

WORD = "zygomorphic"
HASH = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"  # of a nought byte
Connection = psycopg.Connection[tuple[Any, ...]]


def as_login(office: Office, login: str) -> Connection:
    return psycopg.connect(office.place.url(login), password=password_of(login), autocommit=True)


@pytest.fixture
def hidden(office: Office) -> Office:
    """An enquiry of the first councillor's that says a word the second one must not come to know."""
    push(office.abara, enquiry("secret", subject=WORD, tags=[WORD], text=WORD))
    office.abara.put_blob(ScopeId(ABARA), HASH, b"\0")
    return office


def test_no_predicate_plan_or_error_of_ones_own_meets_a_hidden_row(hidden: Office) -> None:
    """Neither a function that costs next to nothing, nor one that fails on a value, is asked before the policy."""
    seen: list[str] = []
    with as_login(hidden, "byrne") as byrne:
        byrne.add_notice_handler(lambda notice: seen.append(str(notice.message_primary)))
        byrne.execute(
            "CREATE FUNCTION pg_temp.peek(said text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
            " $$ BEGIN RAISE NOTICE '%', said; RETURN true; END $$"
        )
        for relation, column in (("record", "fields::text"), ("enquiries", "reference"), ("access_grant", "scope_id")):
            found = sql.SQL("SELECT count(*) FROM hub.{} WHERE pg_temp.peek({})")
            byrne.execute(found.format(sql.Identifier(relation), sql.SQL(column)))
        byrne.execute("SELECT 1 / (length(fields ->> 'text') - %s) FROM hub.record", (len(WORD),))
        shown = byrne.execute("EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM hub.record WHERE fields ->> 'text' > 'a'")
        seen += [str(line) for (line,) in shown]
    assert seen
    assert WORD not in "".join(seen)
    assert "secret" not in "".join(seen)


def test_statistics_and_what_others_ask_are_kept_from_everybody(hidden: Office) -> None:
    with psycopg.connect(hidden.place.url(), autocommit=True) as owner:
        owner.execute("ANALYZE hub.record, hub.access_grant, hub.account")
    with as_login(hidden, "abara") as abara, as_login(hidden, "byrne") as byrne:
        abara.execute(f"SELECT FROM hub.record WHERE fields ->> 'text' = '{WORD}'".encode())
        assert (
            byrne.execute("SELECT attname FROM pg_stats WHERE tablename IN ('record', 'account', 'op')").fetchall()
            == []
        )
        asked = byrne.execute("SELECT query FROM pg_stat_activity WHERE usename = 'abara'").fetchall()
        assert {query for (query,) in asked} == {"<insufficient privilege>"}
        for closed in ("pg_statistic", "pg_authid", "pg_largeobject"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                byrne.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier(closed)))


def test_ops_are_sent_beside_the_statement_so_no_server_log_of_statements_holds_their_words(hidden: Office) -> None:
    push(hidden.abara, enquiry("another", text=WORD))
    with psycopg.connect(hidden.place.url(), autocommit=True) as owner:
        asked = owner.execute("SELECT query FROM pg_stat_activity WHERE usename = 'abara'").fetchall()
    assert asked
    assert all(WORD not in query and "$1" in query for (query,) in asked)


def test_a_record_somebody_else_has_is_answered_as_if_it_were_not_there(hidden: Office) -> None:
    known, unknown = (
        push(
            hidden.byrne,
            edit(record_id, "subject", "x", "op-of-nobody"),
            op("delete", "enquiry", record_id),
            op("add", "enquiry", record_id, "tags", "x"),
            edit(record_id, "raised_by", BYRNE, "op-of-nobody"),
            made("entry", f"entry-of-{record_id}", enquiry_id=record_id, text="x"),
        )
        for record_id in ("secret", "nobody's")
    )
    assert [(each.outcome, each.reason, each.row) for each in known] == [
        (each.outcome, each.reason, each.row) for each in unknown
    ]
    twin = push_one(hidden.byrne, enquiry("secret", BYRNE, reference="mine"))
    assert (twin.outcome, twin.row) == ("accepted", None)
    assert "secret" not in rows_of(hidden.byrne, BYRNE)
    assert rows_of(hidden.abara, ABARA)["secret"].fields["text"] == WORD


def test_a_hash_tells_nothing_of_bytes_in_casework_of_others(hidden: Office) -> None:
    byrne = hidden.byrne
    assert byrne.missing_blobs(ScopeId(BYRNE), [HASH]) == {HASH}
    assert byrne.get_blob(ScopeId(BYRNE), HASH) is None
    push(byrne, made("mail", "mail-b", enquiry_id=None, original=HASH), enquiry("own", BYRNE))
    push_one(byrne, edit("mail-b", "enquiry_id", "own", "?", kind="mail"))
    assert byrne.get_blob(ScopeId(BYRNE), HASH) is None
    with as_login(hidden, "byrne") as line:
        assert line.execute("SELECT hub.begin_blob(%s, %s, 1)", (BYRNE, HASH)).fetchone() == ([],)


def test_what_moves_away_leaves_its_id_behind_and_no_word(hidden: Office) -> None:
    case = enquiry("moving", subject=WORD)
    push(hidden.officer, case)
    push_one(hidden.officer, edit("moving", "subject", f"{WORD} one", case))
    push_one(hidden.abara, edit("moving", "subject", f"{WORD} two", case), device="device-2")
    push_one(hidden.officer, edit("moving", "raised_by", BYRNE, case))
    left = [row for row in rows_of(hidden.abara, ABARA).values() if row.kind == "conflict" or row.id == "moving"]
    assert len(left) == 2
    assert all(row.gone and not row.fields and not row.heads for row in left)
    assert {row.fields.get("lost") for row in rows_of(hidden.byrne, BYRNE).values()} >= {f"{WORD} two"}


def test_whoever_acts_as_another_role_is_still_themselves(hidden: Office) -> None:
    with psycopg.connect(hidden.place.url(), autocommit=True) as owner:
        owner.execute("GRANT abara TO byrne")
    with as_login(hidden, "byrne") as byrne:
        byrne.execute("SET ROLE abara")
        assert byrne.execute("SELECT DISTINCT login FROM hub.account").fetchall() == [("byrne",)]
        assert byrne.execute("SELECT count(*) FROM hub.record WHERE scope_id = %s", (ABARA,)).fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            byrne.execute("SET SESSION AUTHORIZATION abara")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            byrne.execute("SET session_replication_role = replica")


def test_locks_of_ones_own_hold_nobody_up(hidden: Office) -> None:
    with as_login(hidden, "byrne") as byrne, byrne.transaction():
        byrne.execute("SELECT pg_advisory_lock(n) FROM generate_series(0, 50) n")
        byrne.execute("SELECT FROM hub.record, hub.clock")
        assert push_one(hidden.abara, enquiry("meanwhile")).outcome == "accepted"


def test_refusals_name_no_value_of_anybodys(hidden: Office) -> None:
    """Nonsense of one's own may be told back; what is said of a hidden row is a code and nothing more."""
    calls = (
        ("hub.pull(%s, 0, 10)", ABARA), ("hub.begin_blob(%s, repeat('0', 64), 1)", ABARA),
        ("hub.push('d', 1, jsonb_build_array(%s))", WORD), ("hub.erase('enquiry', %s)", "secret"),
    )  # fmt: skip
    with as_login(hidden, "byrne") as byrne:
        for call, given in calls:
            with pytest.raises(psycopg.DatabaseError) as refused:
                byrne.execute(f"SELECT * FROM {call}".encode(), (given,))
            said = refused.value.diag
            assert not {said.message_detail, said.message_hint} - {None}
            assert given not in str(said.message_primary)
    with pytest.raises(TrackerError) as told:
        hidden.byrne.pull(ScopeId(ABARA), 0, 10)
    assert ABARA not in f"{told.value.title}{told.value.advice}"


def test_logins_have_limits_of_their_own(office: Office) -> None:
    with as_login(office, "abara") as connection:
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
    assert office.abara.greet("device-1", SCHEMA).login == "abara"


def test_the_page_of_a_scope_is_read_from_its_index_with_one_look_at_the_grants(office: Office) -> None:
    with as_login(office, "officer") as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM hub.record WHERE scope_id = 'tray' AND hub_seq > 1 ORDER BY hub_seq LIMIT 10"
        ).fetchall()
    shown = "\n".join(str(line) for (line,) in plan)
    assert "InitPlan" in shown
    assert "record_page" in shown
    assert SUPERUSER not in shown
