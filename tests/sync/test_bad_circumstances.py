"""What may stand between a laptop and its hub: each has a sentence and an action, and what waits outlasts it."""

import socket
from datetime import timedelta
from threading import Timer
from typing import Any, cast

import psycopg
import pytest
from psycopg import sql

from member_tracker.domain.errors import (
    AccountDisabled,
    NotAllowed,
    NotFound,
    Offline,
    SignInNeeded,
    TooMuch,
    TooSlow,
    UpdateNeeded,
)
from member_tracker.sync import postgres
from member_tracker.sync.engine import Sizes, sync_once
from member_tracker.sync.hub import SCHEMA, Hub
from member_tracker.sync.pulling import FEWEST_ROWS
from tests.sync.at_work import Work
from tests.sync.half_open import HalfOpen
from tests.sync.one_laptop import ABARA, DEVICE, RIGHT, OneLaptop, at_the_hub

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE1MTYyMzkwMjJ9.c2lnbmVk"


# --- the way there ----------------------------------------------------------------------------------------------------


def test_a_hub_that_cannot_be_reached_is_tried_again_by_itself(work: Work) -> None:
    there = work.one.url
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        work.one.url = f"postgresql://abara@127.0.0.1:{nobody.getsockname()[1]}/hub"
        assert "by itself" in work.must_be_told(Offline, "cannot be reached").advice
    work.one.url = "postgresql://abara@hub.invalid/hub"
    work.must_be_told(Offline, "cannot be reached")
    work.one.url = there
    work.must_go_now()


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(work: Work) -> None:
    there = work.one.url
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        work.one.url = f"postgresql://abara@127.0.0.1:{port}/hub?connect_timeout=2"
        work.must_be_told(Offline, "cannot be reached")
    work.one.url = there
    work.must_go_now()


def test_a_slow_hub_is_waited_for(work: Work) -> None:
    with HalfOpen(work.place.url()) as way:
        work.one.url = work.by_way_of(way)
        way.holds_back(0.02)
        work.must_go_now()


@pytest.mark.parametrize("call", ["greet", "push", "pull"])
def test_a_line_that_falls_silent_is_given_up_and_what_waited_goes_next_time(
    work: Work, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HalfOpen(work.place.url()) as way:
        work.one.url = work.by_way_of(way)
        hub = work.one.hub(patience_seconds=0.5)
        act = getattr(hub, call)

        def fall_silent(*given: Any) -> Any:  # noqa: ANN401 - stands for any of the calls
            way.lets_through.clear()
            return act(*given)

        hub.greet(DEVICE, SCHEMA)
        monkeypatch.setattr(hub, call, fall_silent)
        if call == "pull":
            with pytest.raises(TooSlow, match="too long"):
                sync_once(work.one.local, hub, now=work.one.now, sizes=Sizes(rows=FEWEST_ROWS))
        else:
            work.must_be_told(TooSlow, "too long", hub)
        monkeypatch.undo()
        way.lets_through.set()
        work.must_go_now(hub)
        hub.close()


def test_no_transaction_is_open_while_laptop_and_hub_speak(work: Work) -> None:
    """Before and after every call there is none at the hub, and another process may write on the laptop."""
    hub, calls = work.one.hub(), list[str]()
    path = work.one.store._path

    def must_be_idle() -> None:
        found = work.inside.execute("SELECT state, xact_start FROM pg_stat_activity WHERE usename = 'abara'")
        assert found.fetchall() in ([], [("idle", None)])
        other = OneLaptop.opened(path.parent, work.one.url, run="other", wait_seconds=0)
        with other.store.writing(author=ABARA) as tx:
            tx.set_local("looked", "1")
        other.store.close()

    class Watched:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for any of the calls
            def call(*given: object) -> object:
                must_be_idle()
                calls.append(name)
                answer = getattr(hub, name)(*given)
                must_be_idle()
                return answer

            return call

    work.officer.write()
    work.must_go_now(cast(Hub, Watched()))
    assert {"greet", "push", "pull", "tally"} <= set(calls)
    hub.close()


# --- who asks ---------------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_so_and_the_right_one_goes(work: Work) -> None:
    right, work.one.password = work.one.password, "wrong"
    assert "again" in work.must_be_told(SignInNeeded, "does not take this password").advice
    work.one.password = right
    work.must_go_now()


def test_a_token_that_has_expired_is_told_from_a_wrong_password(work: Work) -> None:
    login = sql.Identifier("abara")
    work.one.password = TOKEN
    expired = sql.SQL("ALTER ROLE {} PASSWORD {} VALID UNTIL '2020-01-01'").format(login, sql.Literal(TOKEN))
    work.inside.execute(expired)
    assert "Sign in again" in work.must_be_told(SignInNeeded, "token .* has expired").advice
    work.inside.execute(sql.SQL("ALTER ROLE {} VALID UNTIL 'infinity'").format(login))
    work.must_go_now()


def test_a_disabled_account_is_locked_out_whether_it_was_connected_or_not_and_goes_on_when_let_in(work: Work) -> None:
    hub = work.one.hub()
    hub.greet(DEVICE, SCHEMA)
    administration = work.place.administration()
    administration.disable("abara")
    assert "Ask" in work.must_be_told(AccountDisabled, "is disabled", hub).advice
    work.must_be_told(AccountDisabled, "is disabled")
    administration.enable("abara")
    work.must_go_now(hub)
    hub.close()


def test_when_all_connections_are_taken_it_comes_back_at_a_moment_of_its_own(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_ATTEMPTS", 2)
    database = sql.Identifier(work.place.database)
    waits = set()
    work.inside.execute(sql.SQL("ALTER ROLE abara CONNECTION LIMIT 0"))
    for _ in range(3):
        told = work.must_be_told(TooMuch, "busy")
        assert isinstance(told, TooMuch)
        waits.add(told.wait_seconds)
    work.inside.execute(sql.SQL("ALTER ROLE abara CONNECTION LIMIT 3"))
    work.inside.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT 0").format(database))
    told = work.must_be_told(TooMuch, "busy")
    assert len(waits) > 1
    freed = Timer(0.05, work.inside.execute, [sql.SQL("ALTER DATABASE {} CONNECTION LIMIT -1").format(database)])
    monkeypatch.undo()
    freed.start()
    work.must_go_now()
    freed.join()


# --- which hub --------------------------------------------------------------------------------------------------------


def test_another_hub_at_the_address_is_refused_before_anything_is_written(work: Work) -> None:
    with psycopg.connect(work.place.url(), autocommit=True) as owner:
        (right,) = owner.execute("SELECT hub_id FROM hub.meta").fetchone() or ("",)
        owner.execute("UPDATE hub.meta SET hub_id = 'another'")
        assert "Nothing was sent" in work.must_be_told(NotAllowed, "not the one this profile belongs to").advice
        owner.execute("UPDATE hub.meta SET hub_id = %s", (right,))
    work.must_go_now()


def test_a_hub_of_a_later_kind_asks_for_an_update_before_anything_is_written(work: Work) -> None:
    work.inside.execute("UPDATE hub.meta SET schema_min = %s, schema_cur = %s", (SCHEMA + 1, SCHEMA + 1))
    assert "update this program" in work.must_be_told(UpdateNeeded, "newer Member Tracker").advice
    work.inside.execute("UPDATE hub.meta SET schema_min = %s", (SCHEMA,))
    work.inside.execute("ALTER FUNCTION hub.greet(text, integer) RENAME TO greet_as_it_was")
    assert "update this program" in work.must_be_told(UpdateNeeded, "does not know").advice
    work.inside.execute("ALTER FUNCTION hub.greet_as_it_was(text, integer) RENAME TO greet")
    work.must_go_now()


def test_a_hub_that_answers_nonsense_is_refused_before_anything_is_written(work: Work) -> None:
    work.inside.execute("ALTER FUNCTION hub.greet(text, integer) RENAME TO greet_as_it_was")
    work.inside.execute(
        "CREATE FUNCTION hub.greet(text, integer) RETURNS jsonb LANGUAGE sql AS 'SELECT ''{\"hub_id\": 7}''::jsonb'"
    )
    assert "Nothing was written" in work.must_be_told(NotAllowed, "no hub this program understands").advice
    work.inside.execute("DROP FUNCTION hub.greet(text, integer)")
    work.inside.execute("ALTER FUNCTION hub.greet_as_it_was(text, integer) RENAME TO greet")
    work.must_go_now()


def test_a_database_without_a_hub_or_none_at_all_is_said_so(work: Work) -> None:
    there = work.one.url
    work.one.url = work.place.server.url("nowhere", user="abara")
    work.must_be_told(NotFound, "no such database")
    work.one.url = work.place.server.url("postgres", user="abara")
    assert "address" in work.must_be_told(NotFound, "no hub in that database").advice
    work.one.url = there
    work.must_go_now()


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_wrong_by_a_year_is_told_and_decides_nothing(work: Work, days: int) -> None:
    """The officer wrote first, whatever the laptop's clock says; what was written after seeing that is newer."""
    [(now,)] = work.inside.execute("SELECT now()").fetchall()
    work.one.ahead = now + timedelta(days=days) - work.one.now()
    work.officer.write()
    ops = work.one.twenty()
    told = work.one.sync()
    assert work.one.outcomes(ops) == at_the_hub(work.inside, ops) == RIGHT
    assert told.clock_ahead is not None
    assert abs(told.clock_ahead - timedelta(days=days)) < timedelta(minutes=1)
    assert told.conflicts == 1
    work.one.log()
    work.must_go_now()
