"""Numbers are given in the order of commits, so that nobody who reads on from a number misses a row."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest

from member_tracker.domain.errors import TooMuch
from member_tracker.sync.hub import ScopeId
from tests.sync.deeds import ABARA, Office, edit, enquiry, op, push, push_one, rows_of
from tests.sync.hub_place import password_of

WRITERS = 6
EACH = 30


def missed(write: Callable[[int], Iterable[str]], read: Callable[[int], tuple[set[str], int]]) -> set[str]:
    """What somebody who reads on from the last number without a pause never sees of what several write meanwhile."""
    done = Event()

    def read_on() -> set[str]:
        seen: set[str] = set()
        after, is_last = 0, False
        while True:
            found, after = read(after)
            seen |= found
            if is_last and not found:
                return seen
            is_last = done.is_set()

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(read_on)
        written = {each for every in pool.map(write, range(WRITERS)) for each in every}
        done.set()
        return written - reading.result()


def test_a_reader_who_never_waits_misses_no_row_while_many_write(office: Office) -> None:
    logins = ("support", "abara", "officer")

    def write(number: int) -> list[str]:
        hub = office.place.sign_in(logins[number % len(logins)])
        names = [f"new-{number}-{each}" for each in range(EACH)]
        for name in names:
            push_one(hub, enquiry(name), device=f"device-{number}")
        return names

    def read(after: int) -> tuple[set[str], int]:
        page = office.abara.pull(ScopeId(ABARA), after, 50)
        return {row.id for row in page.rows}, page.upto

    assert missed(write, read) == set()


def test_the_same_reader_misses_rows_where_a_sequence_numbers_them(office: Office) -> None:
    """So the test above can fail: numbers given in one order and committed in another."""
    url = office.place.url()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE public.naive (id bigint GENERATED ALWAYS AS IDENTITY, name text)")

        def write(number: int) -> list[str]:
            names = [f"new-{number}-{each}" for each in range(EACH)]
            with psycopg.connect(url, autocommit=True) as connection:
                for name in names:
                    connection.execute(
                        "WITH made AS (INSERT INTO public.naive (name) VALUES (%s) RETURNING id)"
                        " SELECT pg_sleep(random() * 0.01) FROM made",
                        (name,),
                    )
            return names

        def read(after: int) -> tuple[set[str], int]:
            found = owner.execute("SELECT id, name FROM public.naive WHERE id > %s", (after,)).fetchall()
            return {name for _, name in found}, max((number for number, _ in found), default=after)

        assert missed(write, read) != set()


def test_a_later_push_waits_for_an_earlier_one_and_gets_the_later_number(office: Office) -> None:
    support = psycopg.connect(office.place.url("support"), password=password_of("support"))
    with support:
        support.execute("SELECT * FROM hub.push('device-9', 1, '[]')")
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(push_one, office.abara, enquiry("enquiry-2"))
            while not _somebody_waits(office):
                pass
            assert not waiting.done()
            (head,) = support.execute("SELECT v FROM hub.clock").fetchone() or (0,)
            support.commit()
            assert waiting.result().hub_seq == head + 1
    support.close()


def _somebody_waits(office: Office) -> bool:
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        found = owner.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return found != (0,)


def test_who_waits_too_long_for_the_counter_is_told_to_come_back_and_nothing_is_lost(office: Office) -> None:
    with psycopg.connect(office.place.url("support"), password=password_of("support")) as forgotten:
        forgotten.execute("SELECT * FROM hub.push('device-9', 1, '[]')")
        with pytest.raises(TooMuch) as refused:
            push_one(office.abara, enquiry("enquiry-2"))
        assert refused.value.wait_seconds
    assert "enquiry-2" not in rows_of(office.abara, ABARA)
    assert push_one(office.abara, enquiry("enquiry-2")).outcome == "accepted"


def test_two_pushes_at_once_of_one_field_end_with_one_value_and_one_conflict(office: Office) -> None:
    changes = [edit("enquiry-1", "subject", f"words {number}", office.first) for number in range(4)]
    hubs = [office.place.sign_in(login) for login in ("abara", "support", "officer", "abara")]
    with ThreadPoolExecutor(4) as pool:
        receipts = list(
            pool.map(lambda pair: push_one(pair[0], pair[1], device=pair[1].id), zip(hubs, changes, strict=True))
        )
    assert sorted(receipt.outcome for receipt in receipts) == ["accepted", "conflict", "conflict", "conflict"]
    assert len({receipt.hub_seq for receipt in receipts}) == 4


def test_a_row_with_a_number_that_is_not_its_transactions_is_refused(office: Office) -> None:
    with psycopg.connect(office.place.url(), autocommit=True) as owner:
        for statement in (
            'UPDATE hub.record SET fields = fields || \'{"subject": "quietly"}\'',
            "UPDATE hub.record SET hub_seq = hub_seq + 1",
            "INSERT INTO hub.gone SELECT scope_id, kind, id, hub_seq FROM hub.record",
            "WITH n AS (SELECT (hub.next_seq()).v) UPDATE hub.record SET hub_seq = n.v - 1 FROM n",
        ):
            with pytest.raises(psycopg.DatabaseError) as refused:
                owner.execute(statement.encode())
            assert refused.value.sqlstate == "HB007", statement


def test_a_push_that_is_refused_takes_no_number(office: Office) -> None:
    before = office.abara.greet("device-1", 1).head
    broken = op("create", "Enquiry!", "enquiry-9", value={})
    with pytest.raises(Exception, match="cannot read"):
        push(office.abara, enquiry("enquiry-2"), broken)
    assert office.abara.greet("device-1", 1).head == before
    assert "enquiry-2" not in rows_of(office.abara, ABARA)
