"""Any part of a list, read from either side, is what the whole sorted list has there."""

import itertools
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.people import Resident, ResidentId
from member_tracker.domain.vocabulary import Status
from member_tracker.store import windows
from member_tracker.store.queries import Anchor, Known, Mark, Order, Wanted, Which
from member_tracker.store.store import Store
from tests.store.office import ANNA, BILAL, NOON, PARKS, ROSE, TODAY, WASTE, clocks_due, enquiry

ORDERS = [order for order in Order if order is not Order.RELEVANCE]
NAMES = {ROSE.id: ROSE.name, "adam": "adam green", "ben": "Ben", "zoe": "Ärla"}
AREAS = {WASTE.id: WASTE.name, PARKS.id: PARKS.name}


@pytest.fixture
def made(office: Store, monkeypatch: pytest.MonkeyPatch) -> list[Enquiry]:
    """Some hundred enquiries, many alike; a walk notes where it is every seven rows."""
    monkeypatch.setattr(windows, "STRIDE", 7)
    draw = random.Random(3)
    kept = [
        enquiry(
            number,
            status=draw.choice((Status.WITH_SERVICE_AREA, Status.CLOSED)),
            clocks=clocks_due(draw.choice((None, TODAY, TODAY + timedelta(days=1), TODAY - timedelta(days=1)))),
            received_at=NOON + timedelta(minutes=draw.randrange(9)),
            raised_by=draw.choice((ANNA.id, BILAL.id)),
            service_area_id=draw.choice(list(AREAS)),
            resident_id=draw.choice(list(NAMES)),
            ward_id=draw.choice((None, "north")),
        )
        for number in range(1, 161)
    ]
    with office.writing(author=None) as tx:
        for resident_id, name in NAMES.items():
            if resident_id != ROSE.id:
                tx.save(Resident(id=ResidentId(resident_id), councillor_id=ANNA.id, name=name))
        for each in kept:
            tx.save(each)
    return kept


def in_order(made: list[Enquiry], wanted: Wanted) -> list[str]:
    """The ids of a list as it should be."""
    far = (TODAY + timedelta(days=999)).isoformat()
    keys: dict[Order, Any] = {
        Order.DUE: lambda each: (each.respond_by.isoformat() if each.respond_by else far, each.id),
        Order.OLDEST: lambda each: (each.received_at, each.id),
        Order.RESIDENT: lambda each: (
            NAMES[each.resident_id].casefold(),
            not each.status.is_open,
            -int(each.id.rpartition("-")[2]),
        ),
        Order.AREA: lambda each: (AREAS[each.service_area_id], *keys[Order.DUE](each)),
    }
    backwards = {
        Order.DUE_LAST: Order.DUE,
        Order.NEWEST: Order.OLDEST,
        Order.RESIDENT_LAST: Order.RESIDENT,
        Order.AREA_LAST: Order.AREA,
    }
    shown = [
        each
        for each in made
        if (wanted.which is not Which.OPEN or each.status.is_open)
        and (wanted.councillor_id in {None, each.raised_by})
        and (wanted.ward_id in {None, each.ward_id})
        and (wanted.status in {None, each.status})
        and (not wanted.late or (each.status.is_open and each.respond_by is not None and each.respond_by < TODAY))
    ]
    key = keys[backwards.get(wanted.order, wanted.order)]
    return [each.id for each in sorted(shown, key=key, reverse=wanted.order in backwards)]


NARROWED: list[dict[str, Any]] = [
    {},
    {"which": Which.OPEN},
    {"councillor_id": ANNA.id},
    {"ward_id": "north"},
    {"status": Status.CLOSED},
    {"which": Which.OPEN, "late": True},
]


def test_any_part_of_a_list_is_what_the_whole_list_has_there(office: Store, made: list[Enquiry]) -> None:
    draw = random.Random(1)
    for order, narrowed in itertools.product(ORDERS, NARROWED):
        _read_here_and_there(office, made, replace(Wanted(which=Which.ALL, today=TODAY, order=order), **narrowed), draw)


def _read_here_and_there(office: Store, made: list[Enquiry], wanted: Wanted, draw: random.Random) -> None:
    whole = in_order(made, wanted)
    with office.reading() as tx:
        known: Known | None = None
        for first in [0, 150, *(draw.randrange(0, 160, 10) for _ in range(12))]:
            read = tx.enquiry_window(wanted, first=first, limit=10, known=known)
            assert read.count == len(whole)
            assert read.first == min(first, (len(whole) - 1) // 10 * 10)
            assert [row.id for row in read.rows] == whole[read.first : read.first + 10]
            marks = {mark.number: mark for mark in (*(known.marks if known else ()), *read.marks)}
            known = Known(version=read.version, count=read.count, marks=tuple(marks.values()))
            for mark in read.marks:
                assert tx.enquiry_number(wanted, mark.anchor) == mark.number - 1


def test_a_list_with_nothing_in_it_has_an_empty_window(office: Store) -> None:
    with office.reading() as tx:
        read = tx.enquiry_window(Wanted(which=Which.ALL, today=TODAY), first=50, limit=10)
    assert (read.count, read.first, read.rows, read.marks) == (0, 0, (), ())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=st.integers(0, 159), order=st.sampled_from(ORDERS), known=st.lists(st.integers(1, 160), max_size=5))
def test_from_whatever_place_it_is_reached_a_window_is_the_same(
    office: Store, made: list[Enquiry], first: int, order: Order, known: list[int]
) -> None:
    wanted = Wanted(which=Which.ALL, today=TODAY, order=order)
    with office.reading() as tx:
        straight = tx.enquiry_window(wanted, first=first, limit=10)
        marks: list[Mark] = []
        for number in known:
            anchor = tx.enquiry_anchor(wanted, ahead=number)
            assert anchor is not None
            marks.append(Mark(number=number, anchor=anchor))
        by_way = Known(version=straight.version, count=len(made), marks=tuple(marks))
        assert tx.enquiry_window(wanted, first=first, limit=10, known=by_way).rows == straight.rows


def test_what_was_known_before_somebody_wrote_serves_no_more(office: Store, made: list[Enquiry]) -> None:
    wanted = Wanted(which=Which.ALL, today=TODAY, order=Order.OLDEST)
    with office.reading() as tx:
        before = tx.enquiry_window(wanted, first=0, limit=10)
    with office.writing(author=None) as tx:
        tx.save(enquiry(900, received_at=NOON - timedelta(days=1)))
    stale = Known(version=before.version, count=before.count, marks=(Mark(number=20, anchor=Anchor(key="x", pos=1)),))
    with office.reading() as tx:
        after = tx.enquiry_window(wanted, first=20, limit=10, known=stale)
    assert after.version != before.version
    assert after.count == len(made) + 1
    assert after.rows[0].id == in_order(made, wanted)[19]


GROUPED = {Order.RESIDENT, Order.RESIDENT_LAST, Order.AREA, Order.AREA_LAST}


@pytest.mark.parametrize("order", ORDERS)
def test_no_part_of_a_long_list_is_sorted_to_find_it(office: Store, order: Order) -> None:
    """What is narrowed and in groups is gathered first: it is a small part of all."""
    asked: list[str] = []
    anchor = Anchor(key="2026", pos=1, group=("n", 1))
    narrowed: list[dict[str, Any]] = [{}, {"councillor_id": "anna"}, {"ward_id": "north"}, {"status": Status.CLOSED}]
    with office.reading() as tx:
        tx._connection.set_trace_callback(asked.append)
        for which in (Which.ALL, Which.OPEN, Which.CLOSED):
            for terms in narrowed[:1] if order in GROUPED else narrowed:
                wanted = Wanted(which=which, today=TODAY, order=order, **terms)
                tx.enquiry_rows(wanted, limit=5, after=anchor)
                tx.enquiry_rows(wanted, limit=5)
        tx._connection.set_trace_callback(None)
        plans = [
            " / ".join(step[3] for step in tx._connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
            for sql in asked
            if "ORDER BY" in sql
        ]
    assert len(plans) >= 9
    for plan in plans:
        assert "TEMP B-TREE" not in plan, plan
        assert "INDEX ix_enquiry" in plan, plan
