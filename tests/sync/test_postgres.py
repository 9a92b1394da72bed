"""The way to a hub: what happens to it on the road, and what a person is told."""

import hashlib
import socket
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from member_tracker.domain.errors import (
    AccountDisabled,
    Invalid,
    NotAllowed,
    NotFound,
    Offline,
    SignInNeeded,
    TooMuch,
    Unavailable,
)
from member_tracker.sync.hub import SCHEMA
from member_tracker.sync.postgres import CHUNK_BYTES, Line, PostgresHub
from member_tracker.sync.refusals import no_way_there, refusal
from tests.sync.deeds import ABARA, BYRNE, Office, enquiry, push_one, rows_of
from tests.sync.half_open import HalfOpen
from tests.sync.hub_place import password_of


def test_a_hub_that_does_not_answer_is_offline_and_a_wrong_database_is_said_so(office: Office) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        hub = PostgresHub(f"postgresql://abara@127.0.0.1:{nobody.getsockname()[1]}/hub", password="x")
        with pytest.raises(Offline, match="cannot be reached"):
            hub.greet("device-1", SCHEMA)
    hub = PostgresHub(office.place.server.url("nowhere", user="abara"), password=password_of("abara"))
    with pytest.raises(NotFound, match="no such database"):
        hub.greet("device-1", SCHEMA)


def test_a_wrong_password_asks_for_another_and_so_does_none(office: Office) -> None:
    for password in ("wrong", None):
        hub = PostgresHub(office.place.url("abara"), password=password)
        with pytest.raises(SignInNeeded):
            hub.greet("device-1", SCHEMA)


def test_no_error_repeats_the_password_or_the_words_that_were_sent(office: Office) -> None:
    hub = PostgresHub(office.place.url("abara"), password="swordfish-x")
    with pytest.raises(SignInNeeded) as refused:
        hub.greet("device-1", SCHEMA)
    assert "swordfish" not in str(refused.value)
    assert refused.value.__cause__ is None
    with pytest.raises(Invalid) as nonsense:
        push_one(office.abara, enquiry("enquiry 2", text="private words"))
    assert "private" not in str(nonsense.value)


def test_no_transaction_is_open_between_calls(office: Office) -> None:
    push_one(office.abara, enquiry("enquiry-2"))
    rows_of(office.abara, ABARA)
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        found = owner.execute("SELECT DISTINCT state FROM pg_stat_activity WHERE application_name = 'member-tracker'")
        assert found.fetchall() == [("idle",)]


def test_a_connection_that_broke_while_idle_is_opened_again_without_a_word(office: Office) -> None:
    office.abara.greet("device-1", SCHEMA)
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'abara'")
    assert push_one(office.abara, enquiry("enquiry-2")).outcome == "accepted"


def test_a_line_that_dies_without_a_word_is_given_up_and_the_next_call_goes_through(office: Office) -> None:
    with HalfOpen(office.place.url()) as way:
        url = f"postgresql://abara@127.0.0.1:{way.port}/{office.place.database}"
        hub = PostgresHub(url, password=password_of("abara"), patience_seconds=0.5)
        hub.greet("device-1", SCHEMA)
        way.lets_through.clear()
        with pytest.raises(Offline):
            push_one(hub, enquiry("enquiry-2"))
        way.lets_through.set()
        assert push_one(hub, enquiry("enquiry-3")).outcome == "accepted"
        hub.close()


def test_more_laptops_than_connections_wait_their_turn_and_none_is_lost(office: Office) -> None:
    """An account may hold three connections; eight that come at once each try again at moments of their own."""

    def contact(number: int) -> str:
        hub = office.place.sign_in("abara")
        receipt = push_one(hub, enquiry(f"new-{number}"), device=f"device-{number}")
        hub.close()
        return receipt.outcome

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(contact, range(8))) == {"accepted"}
    assert {f"new-{number}" for number in range(8)} <= set(rows_of(office.support, ABARA))


def test_when_no_connection_comes_free_the_laptop_is_told_to_come_back(office: Office) -> None:
    taken = [psycopg.connect(office.place.url("byrne"), password=password_of("byrne")) for _ in range(3)]
    with pytest.raises(TooMuch) as refused:
        office.place.sign_in("byrne").greet("device-1", SCHEMA)
    assert refused.value.wait_seconds
    for each in taken:
        each.close()


def test_characters_no_postgresql_can_keep_do_not_hold_up_the_rest(office: Office) -> None:
    odd = enquiry("enquiry-2", text="nul \0 and half a pair \ud83d end", tags=["\0"])
    assert push_one(office.abara, odd).outcome == "accepted"
    fields = rows_of(office.abara, ABARA)["enquiry-2"].fields
    assert fields["text"] == "nul \ufffd and half a pair \ufffd end"
    whole = enquiry("enquiry-3", text="Ünïcödé 🗑️ \\u0000 stays")
    assert push_one(office.abara, whole).outcome == "accepted"
    assert rows_of(office.abara, ABARA)["enquiry-3"].fields["text"] == "Ünïcödé 🗑️ \\u0000 stays"


def test_bytes_travel_in_pieces_and_a_broken_off_transfer_goes_on_where_it_stopped(office: Office) -> None:
    content = b"".join(bytes([number]) * CHUNK_BYTES for number in range(3)) + b"the end"
    hash_ = hashlib.sha256(content).hexdigest()
    line = Line(office.place.url("abara"), password=password_of("abara"))
    line.ask("SELECT hub.begin_blob(%s, %s, %s)", ABARA, hash_, len(content))
    line.ask("SELECT hub.put_chunk(%s, %s, 0, %b)", ABARA, hash_, content[:CHUNK_BYTES])
    assert office.abara.missing_blobs(ABARA, [hash_]) == {hash_}  # type: ignore[arg-type]
    assert office.abara.get_blob(ABARA, hash_) is None  # type: ignore[arg-type]
    assert line.ask("SELECT hub.begin_blob(%s, %s, %s)", ABARA, hash_, len(content)) == [([0],)]
    office.abara.put_blob(ABARA, hash_, content)  # type: ignore[arg-type]
    assert office.support.get_blob(ABARA, hash_) == content  # type: ignore[arg-type]
    line.close()


def test_pieces_that_do_not_make_up_what_was_promised_are_thrown_away(office: Office) -> None:
    hash_ = hashlib.sha256(b"right").hexdigest()
    line = Line(office.place.url("abara"), password=password_of("abara"))
    line.ask("SELECT hub.begin_blob(%s, %s, 5)", ABARA, hash_)
    line.ask("SELECT hub.put_chunk(%s, %s, 0, %b)", ABARA, hash_, b"wrong")
    assert line.ask("SELECT hub.finish_blob(%s, %s)", ABARA, hash_) == [(False,)]
    office.abara.put_blob(ABARA, hash_, b"right")  # type: ignore[arg-type]
    assert office.abara.get_blob(ABARA, hash_) == b"right"  # type: ignore[arg-type]
    line.close()


def test_bytes_of_somebody_elses_scope_are_neither_given_nor_taken_nor_told_of(office: Office) -> None:
    hash_ = hashlib.sha256(b"right").hexdigest()
    office.byrne.put_blob(BYRNE, hash_, b"right")  # type: ignore[arg-type]
    for deed in (
        lambda: office.abara.get_blob(BYRNE, hash_),  # type: ignore[arg-type]
        lambda: office.abara.put_blob(BYRNE, hash_, b"right"),  # type: ignore[arg-type]
        lambda: office.abara.missing_blobs(BYRNE, [hash_]),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotAllowed, match="may not see"):
            deed()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("53100", Unavailable, "disk is full"),
        ("58030", Unavailable, "disk does not answer"),
        ("53300", TooMuch, "busy"),
        ("55P03", TooMuch, "busy"),
        ("57014", Offline, "too long"),
        ("57P01", Offline, "starting or stopping"),
        ("25006", Unavailable, "copy for reading"),
        ("08006", Offline, "broke"),
        ("XX000", Unavailable, "XX000"),
        ("HB099", Unavailable, "HB099"),
    ],
)
def test_each_refusal_has_a_sentence_and_an_action(code: str, kind: type[Exception], words: str) -> None:
    problem = refusal(code, "something in English")
    assert isinstance(problem, kind)
    assert words in problem.title
    assert problem.advice.endswith((".", "LOGIN"))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('FATAL:  role "anna" is not permitted to log in', AccountDisabled),
        ("FATAL:  The access token has expired", SignInNeeded),
        ("FATAL:  sorry, too many clients already", TooMuch),
        ("SSL error: certificate verify failed", Unavailable),
        ('server certificate for "a" does not match host name "b"', Unavailable),
        ("could not translate host name", Offline),
        ("FATAL:  the database system is starting up", Offline),
        ("session is read-only", Unavailable),
        ("something nobody thought of", Offline),
    ],
)
def test_what_stands_in_the_way_is_told_apart(said: str, kind: type[Exception]) -> None:
    assert type(no_way_there(said)) is kind
