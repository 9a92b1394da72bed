"""Numbers are given in the order of commits, so that nobody who reads on from a number misses a row."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest

from member_tracker.domain.errors import TooMuch
from tests.sync.deeds import ABARA, Office, edit, enquiry, op, push, push_one, rows_of
from tests.sync.hub_place import password_of

WRITERS = 6
EACH = 40


def test_a_reader_who_never_waits_misses_no_row_while_many_write(office: Office) -> None:
    done = Event()
    hubs = [office.place.sign_in("support"), office.place.sign_in("abara"), office.place.sign_in("officer")]

    def write(number: int) -> None:
        hub = hubs[number % len(hubs)] if number < len(hubs) else office.place.sign_in("officer")
        for each in range(EACH):
            push_one(hub, enquiry(f"new-{number}-{each}"), device=f"device-{number}")

    def read() -> set[str]:
        seen: set[str] = set()
        after, last = 0, False
        while True:
            page = office.abara.pull(ABARA, after, 50)  # type: ignore[arg-type]
            seen |= {row.id for row in page.rows}
            after = page.upto
            if last and not page.rows:
                return seen
            last = done.is_set()

    with ThreadPoolExecutor(5) as pool:
        reading = pool.submit(read)
        list(pool.map(write, range(4)))
        done.set()
        assert {f"new-{number}-{each}" for number in range(4) for each in range(EACH)} <= reading.result()


def test_the_naive_cursor_on_a_sequence_misses_rows_so_the_test_above_can_fail(office: Office) -> None:
    url = office.place.url()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE public.naive (id bigint GENERATED ALWAYS AS IDENTITY, note text)")
    with psycopg.connect(url) as slow, psycopg.connect(url) as fast, psycopg.connect(url, autocommit=True) as reader:
        slow.execute("INSERT INTO public.naive (note) VALUES ('slow')")
        fast.execute("INSERT INTO public.naive (note) VALUES ('fast')")
        fast.commit()
        after = max(number for (number,) in reader.execute("SELECT id FROM public.naive WHERE id > 0").fetchall())
        slow.commit()
        missed = reader.execute("SELECT note FROM public.naive WHERE id > %s", (after,)).fetchall()
    assert missed == [], "the slow row stands below the cursor, where nobody looks again"


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
