"""Lists and counts say what the enquiries themselves say, page by page."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_tracker.domain.dates import LONDON
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.timeline import SuggestionState
from member_tracker.domain.vocabulary import OutgoingState, State, Status
from member_tracker.store.queries import (
    Anchor,
    EnquiryPage,
    EnquiryRow,
    Order,
    TodayCounts,
    Wanted,
    Which,
)
from member_tracker.store.store import Reading, Store
from tests.store.office import (
    ANNA,
    BILAL,
    NOON,
    PARKS,
    TODAY,
    WASTE,
    clocks_due,
    enquiry,
    queued,
    received,
    suggestion,
)

SOON = TODAY + timedelta(days=2)


def save(store: Store, *enquiries: Enquiry) -> None:
    with store.writing(author=None) as tx:
        for each in enquiries:
            tx.save(each)


def pages(tx: Reading, wanted: Wanted, limit: int) -> list[EnquiryRow]:
    """All rows of a list, read page by page."""
    rows: list[EnquiryRow] = []
    after: Anchor | None = None
    while True:
        page = tx.enquiry_rows(wanted, limit=limit, after=after)
        rows += page.rows
        if page.next is None:
            return rows
        after = page.next


def numbers(rows: Sequence[EnquiryRow]) -> list[int]:
    return [int(row.id.rpartition("-")[2]) for row in rows]


def listed(store: Store, which: Which, changes: Mapping[str, Any] = MappingProxyType({})) -> list[int]:
    wanted = replace(Wanted(which=which, today=TODAY), **changes)
    with store.reading() as tx:
        return numbers(pages(tx, wanted, 3))


def test_a_row_shows_the_names_and_the_standing_of_its_enquiry(office: Store) -> None:
    late = enquiry(1, clocks=clocks_due(TODAY - timedelta(days=1)), status=Status.ACKNOWLEDGED, sent_at=NOON)
    save(office, late)
    with office.writing(author=None) as tx:
        tx.save(suggestion(1))
        tx.save(suggestion(2))
        tx.save(suggestion(3, state=SuggestionState.DISMISSED))
        page = tx.enquiry_rows(Wanted(which=Which.OPEN, today=TODAY), limit=10)
    assert page == EnquiryPage(
        rows=(
            EnquiryRow(
                id=late.id,
                reference=late.reference,
                subject=late.subject,
                councillor="Anna Ash",
                resident="Rose Müller",
                service_area="Waste",
                status=Status.ACKNOWLEDGED,
                kind=late.kind,
                priority=late.priority,
                acknowledge_by=None,
                respond_by=TODAY - timedelta(days=1),
                state=State.OVERDUE,
                received_at=late.received_at,
                answered_at=None,
                sent_at=NOON,
                waiting_suggestions=2,
            ),
        ),
        next=None,
    )


def test_each_list_shows_what_its_name_says(office: Store) -> None:
    answered = {"status": Status.ANSWERED, "answered_at": NOON}
    save(
        office,
        enquiry(1, clocks=clocks_due(TODAY - timedelta(days=1))),
        enquiry(2, clocks=clocks_due(TODAY)),
        enquiry(3, clocks=clocks_due(SOON)),
        enquiry(4, clocks=clocks_due(SOON + timedelta(days=1))),
        enquiry(5),
        enquiry(6, clocks=clocks_due(TODAY - timedelta(days=3), stopped_at=NOON), **answered),
        enquiry(7, clocks=clocks_due(TODAY - timedelta(days=4)), status=Status.CLOSED, closed_at=NOON),
    )
    with office.writing(author=None) as tx:
        tx.save(suggestion(1, enquiry_id=enquiry(3).id))
        tx.save(suggestion(2, enquiry_id=enquiry(7).id))
        tx.save(suggestion(3, enquiry_id=enquiry(4).id, state=SuggestionState.ACCEPTED))
    assert listed(office, Which.OVERDUE) == [1]
    assert listed(office, Which.DUE_SOON, {"until": SOON}) == [2, 3]
    assert listed(office, Which.DUE_WITHIN, {"until": SOON}) == [1, 2, 3]
    assert listed(office, Which.DUE_WITHIN) == [1, 2]
    assert listed(office, Which.OPEN) == [6, 1, 2, 3, 4, 5]
    assert listed(office, Which.CLOSED) == [7]
    assert listed(office, Which.REPLIES) == [7, 3]
    assert listed(office, Which.ALL) == [7, 6, 1, 2, 3, 4, 5]
    assert listed(office, Which.ALL, {"order": Order.NEWEST}) == [7, 6, 5, 4, 3, 2, 1]
    assert listed(office, Which.ALL, {"order": Order.OLDEST}) == [1, 2, 3, 4, 5, 6, 7]


def test_a_list_can_be_kept_to_a_service_area_and_a_councillor(office: Store) -> None:
    save(
        office,
        enquiry(1),
        enquiry(2, service_area_id=PARKS.id),
        enquiry(3, raised_by=BILAL.id),
        enquiry(4, raised_by=BILAL.id, service_area_id=PARKS.id, status=Status.CLOSED),
    )
    assert listed(office, Which.ALL, {"service_area_id": PARKS.id}) == [2, 4]
    assert listed(office, Which.OPEN, {"service_area_id": PARKS.id}) == [2]
    assert listed(office, Which.ALL, {"councillor_id": BILAL.id}) == [3, 4]
    assert listed(office, Which.OPEN, {"councillor_id": ANNA.id, "service_area_id": WASTE.id}) == [1]


def test_the_counts_of_today_are_those_of_the_lists(office: Store) -> None:
    save(
        office,
        *(enquiry(n, clocks=clocks_due(TODAY + timedelta(days=n - 4))) for n in range(1, 9)),
        enquiry(20, status=Status.WITHDRAWN, clocks=clocks_due(TODAY - timedelta(days=9))),
    )
    with office.writing(author=None) as tx:
        tx.save(suggestion(1))
        tx.save(received(1))
        tx.save(received(2))
        for number, state in enumerate(OutgoingState):
            tx.save(queued(number, state=state))
        assert tx.counts(today=TODAY, soon=SOON) == TodayCounts(
            open=8, overdue=3, due_soon=3, replies=1, tray=2, waiting_to_send=2
        )
        for number, device in enumerate(("here", "here sending", "there", "there sending"), start=20):
            tx.save(queued(number, state=OutgoingState.QUEUED, device=device))
        assert tx.counts(today=TODAY, soon=SOON, device="here").waiting_to_send == 4
        for which in (Which.OPEN, Which.OVERDUE, Which.DUE_SOON, Which.DUE_WITHIN, Which.ALL, Which.CLOSED):
            wanted = Wanted(which=which, today=TODAY, until=SOON)
            assert tx.enquiry_count(wanted) == len(pages(tx, wanted, 100))


def test_a_standard_in_hours_is_judged_to_the_second_where_the_time_is_given(office: Store) -> None:
    at_four = datetime(2026, 6, 3, 16, 0, tzinfo=LONDON).astimezone(UTC)
    clocks = clocks_due(TODAY)
    assert clocks.respond is not None
    due = enquiry(1, clocks=replace(clocks, respond=replace(clocks.respond, due_at=at_four)))
    save(office, due)
    for now, state in ((at_four, State.DUE_TODAY), (at_four + timedelta(seconds=1), State.OVERDUE)):
        wanted = Wanted(which=Which.ALL, today=TODAY, now=now)
        with office.reading() as tx:
            assert tx.enquiry_rows(wanted, limit=1).rows[0].state is state is due.state(now)
            overdue = tx.enquiry_rows(replace(wanted, which=Which.OVERDUE), limit=1).rows
            assert len(overdue) == tx.counts(today=TODAY, soon=TODAY, now=now).overdue == (state is State.OVERDUE)


days = st.one_of(st.none(), st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)))
moments = st.one_of(st.none(), st.timedeltas(timedelta(days=-4), timedelta(days=4)).map(NOON.__add__))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(due=days, status=st.sampled_from(Status), answered=moments, closed=moments, now=moments)
def test_the_state_of_a_row_is_the_state_of_its_enquiry(
    office: Store,
    due: date | None,
    status: Status,
    answered: datetime | None,
    closed: datetime | None,
    now: datetime | None,
) -> None:
    clocks = clocks_due(due, stopped_at=answered)
    judged = enquiry(1, clocks=clocks, status=status, answered_at=answered, closed_at=closed)
    today = TODAY if now is None else now.astimezone(LONDON).date()
    save(office, judged)
    with office.reading() as tx:
        wanted = Wanted(which=Which.ALL, today=today, now=now)
        (row,) = tx.enquiry_rows(wanted, limit=2).rows
        state = judged.state(now or datetime(today.year, today.month, today.day, tzinfo=LONDON))
        assert row.state is state
        late = tx.enquiry_rows(replace(wanted, which=Which.OVERDUE), limit=2).rows
        assert bool(late) == (state is State.OVERDUE and status.is_open)


@pytest.fixture
def crowded(office: Store) -> list[Enquiry]:
    """Twenty thousand enquiries, many of them due on the same day and received at the same minute."""
    draw = random.Random(7)
    made = []
    for number in range(1, 20_001):
        status = draw.choice((Status.WITH_SERVICE_AREA, Status.ACKNOWLEDGED, Status.CLOSED))
        due = draw.choice((None, *(TODAY + timedelta(days=n) for n in range(-20, 20))))
        made.append(
            enquiry(
                number,
                status=status,
                clocks=clocks_due(due),
                received_at=NOON + timedelta(minutes=draw.randrange(200)),
                raised_by=draw.choice((ANNA.id, BILAL.id)),
            )
        )
    save(office, *made)
    return made


@pytest.mark.soak
def test_twenty_thousand_rows_page_by_page_are_the_sorted_list(office: Store, crowded: list[Enquiry]) -> None:
    def due(each: Enquiry) -> tuple[date, int]:
        return each.respond_by or date.max, position[each.id]

    def received_at(each: Enquiry) -> tuple[datetime, int]:
        return each.received_at, position[each.id]

    position = {each.id: number for number, each in enumerate(crowded)}
    expected: dict[tuple[Which, Order], list[Enquiry]] = {
        (Which.ALL, Order.DUE): sorted(crowded, key=due),
        (Which.ALL, Order.NEWEST): sorted(crowded, key=received_at, reverse=True),
        (Which.OPEN, Order.DUE): sorted((each for each in crowded if each.status.is_open), key=due),
        (Which.OPEN, Order.OLDEST): sorted((each for each in crowded if each.status.is_open), key=received_at),
        (Which.OVERDUE, Order.DUE): sorted(
            (each for each in crowded if each.status.is_open and each.respond_by and each.respond_by < TODAY), key=due
        ),
    }
    with office.reading() as tx:
        for (which, order), sorted_list in expected.items():
            wanted = Wanted(which=which, today=TODAY, order=order)
            assert [row.id for row in pages(tx, wanted, 777)] == [each.id for each in sorted_list]
        for order in (Order.DUE, Order.NEWEST):
            wanted = Wanted(which=Which.ALL, today=TODAY, order=order)
            for ahead in (1, 500, 9_999, 20_000):
                anchor = tx.enquiry_anchor(wanted, ahead=ahead)
                assert anchor is not None
                assert [row.id for row in tx.enquiry_rows(wanted, limit=5, after=anchor).rows] == [
                    each.id for each in expected[Which.ALL, order][ahead : ahead + 5]
                ]
                if ahead + 3_001 <= 20_000:
                    further = tx.enquiry_anchor(wanted, ahead=3_001, after=anchor)
                    assert further == tx.enquiry_anchor(wanted, ahead=ahead + 3_001)
            assert tx.enquiry_anchor(wanted, ahead=20_001) is None


@pytest.mark.parametrize("order", [Order.DUE, Order.NEWEST, Order.OLDEST])
@pytest.mark.parametrize("which", [Which.ALL, Which.OPEN, Which.CLOSED])
@pytest.mark.parametrize("kept_to", [{}, {"councillor_id": "anna"}, {"service_area_id": "waste"}])
def test_no_page_of_a_long_list_is_sorted_or_scanned(
    office: Store, which: Which, order: Order, kept_to: dict[str, Any]
) -> None:
    asked: list[str] = []
    with office.reading() as tx:
        tx._connection.set_trace_callback(asked.append)
        wanted = Wanted(which=which, today=TODAY, order=order, **kept_to)
        tx.enquiry_rows(wanted, limit=5, after=Anchor(key="2026", pos=1))
        tx.enquiry_rows(wanted, limit=5)
        tx._connection.set_trace_callback(None)
        plans = [
            " / ".join(step[3] for step in tx._connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
            for sql in asked
            if "FROM enquiry e" in sql
        ]
    assert len(plans) == 3
    for plan in plans:
        assert "TEMP B-TREE" not in plan, plan
        assert "INDEX ix_enquiry" in plan, plan


def test_what_was_seen_of_a_mailbox_is_found_without_reading_all_that_was_seen_of_it(office: Store) -> None:
    asked: list[str] = []
    with office.writing(author=None) as tx:
        for number in range(3):
            tx.note_seen("members", f"message {number}", f"mail {number}")
        tx._connection.set_trace_callback(asked.append)
        assert tx.seen("members", ["message 1", "message 7"]) == {"message 1"}
        tx._connection.set_trace_callback(None)
        (sql,) = asked
        plan = " / ".join(step[3] for step in tx._connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert "(mailbox=? AND provider_id=?)" in plan, plan
