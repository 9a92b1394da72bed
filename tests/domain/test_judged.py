"""How an enquiry counts in reports is what its clocks say, whenever somebody asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.clock import Clock, Clocks, Moved, Step, state_of
from member_tracker.domain.dates import local_date
from member_tracker.domain.judged import (
    NOT_JUDGED,
    Measure,
    Standing,
    judged_text,
    read_judged,
    second_of,
    standard_key,
)
from member_tracker.domain.outcome import outcome_of
from member_tracker.domain.vocabulary import AfterHours, Start, State, Status
from member_tracker.services.charters import CharterShelf

NOON = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
moments = st.integers(-400_000, 400_000).map(lambda seconds: NOON + timedelta(seconds=seconds))
STANDINGS = {
    State.MET: Standing.KEPT,
    State.MISSED: Standing.LATE,
    State.OVERDUE: Standing.LATE,
    State.DUE_TODAY: Standing.NOT_DUE,
    State.IN_TIME: Standing.NOT_DUE,
    State.NOT_MEASURED: Standing.NOT_MEASURED,
}


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """A clock of the answer: running, stopped, paused, extended, or without a day."""
    due_at = draw(st.none() | moments)
    moved = None
    if due_at is not None and draw(st.booleans()):
        extended = draw(st.booleans())
        moved = Moved(
            unpaused_due_at=draw(st.none() | moments),
            extended_to=local_date(due_at) if extended else None,
            standard_due_at=draw(moments) if extended else None,
            paused_since=draw(st.none() | moments),
        )
    return Clock(
        step=Step.REPLY,
        contact="Email",
        within="2 working days",
        starts=Start.RECEIVED,
        due_by=local_date(due_at) if due_at else None,
        due_at=due_at,
        stopped_at=draw(st.none() | moments),
        moved=moved,
    )


def pair(clock: Clock | None) -> Clocks:
    return Clocks(
        charter_id="charter",
        standard_id="standard",
        received_at=NOON,
        after_hours=AfterHours.SAME_DAY,
        counts_from=None,
        acknowledge=clock,
        respond=clock,
    )


@given(clock=st.none() | clocks(), now=moments)
def test_an_open_enquiry_counts_as_its_clock_stands_judged_all_three_ways(clock: Clock | None, now: datetime) -> None:
    judged = read_judged(judged_text(pair(clock), Status.ACKNOWLEDGED, closed_at=None))
    outcome = outcome_of(clock, now)
    said = {measure: judged.standing(measure, second_of(now)) for measure in Measure}
    assert said[Measure.RECEIVED] is Standing.KEPT
    assert said[Measure.ACKNOWLEDGED] is STANDINGS[state_of(clock, now)]
    assert said[Measure.ANSWERED] is STANDINGS[outcome.by_standard]
    assert said[Measure.EXTENDED] is STANDINGS[outcome.with_extension]
    assert said[Measure.UNPAUSED] is STANDINGS[outcome.without_pauses]


@given(clock=clocks(), closed_at=moments, now=moments)
def test_one_closed_unanswered_is_late_only_if_it_was_by_then(clock: Clock, closed_at: datetime, now: datetime) -> None:
    running = replace(clock, stopped_at=None)
    judged = read_judged(judged_text(pair(running), Status.CLOSED, closed_at=closed_at))
    was_late = outcome_of(running, closed_at).by_standard is State.OVERDUE
    assert judged.standing(Measure.ANSWERED, second_of(now)) is (Standing.LATE if was_late else Standing.NOT_MEASURED)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CLOSED])
def test_one_no_charter_judges_is_received_and_nothing_else(status: Status) -> None:
    assert judged_text(None, status, closed_at=NOON) == NOT_JUDGED
    judged = read_judged(NOT_JUDGED)
    assert judged.standing(Measure.ANSWERED, second_of(NOON)) is Standing.NOT_MEASURED
    assert judged.standard == ""


def test_the_standard_and_a_provisional_day_are_told() -> None:
    clock = Clock(
        step=Step.REPLY,
        contact="",
        within="",
        starts=Start.ACKNOWLEDGED,
        due_by=NOON.date(),
        due_at=NOON,
        provisional=True,
    )
    judged = read_judged(judged_text(pair(clock), Status.ACKNOWLEDGED, closed_at=None))
    assert (judged.standard, judged.provisional) == (standard_key("charter", "standard"), True)


def test_no_two_standards_that_ship_have_one_key() -> None:
    charters = CharterShelf.shipped().charters
    named = [(charter.id, standard) for charter in charters for standard in (None, *(s.id for s in charter.standards))]
    assert len({standard_key(*each) for each in named}) == len(named) > 30


@given(one=moments, other=moments)
def test_moments_sort_as_they_are_written(one: datetime, other: datetime) -> None:
    assert (second_of(one) < second_of(other)) == (one.replace(microsecond=0) < other.replace(microsecond=0))
