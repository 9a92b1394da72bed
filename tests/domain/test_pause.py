"""Pauses: what stands still, for how long, and what that makes of the day an answer is due."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from member_tracker.domain.charter import Unit
from member_tracker.domain.clock import clocks_from_json, clocks_to_json, rederive, state_of, stop, why_due
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import LONDON
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.outcome import outcome_of
from member_tracker.domain.pause import (
    Pause,
    begin_pause,
    open_pause,
    pause_at,
    paused_since,
    resume,
    resumed_by,
    running_between,
)
from member_tracker.domain.vocabulary import Channel, Kind, Stage, State
from member_tracker.domain.working_time import WorkingCalendar
from tests.domain.waiting import a_calendar, a_charter, a_pause, answer_clock, at, calendars, moments, pauses_after

TEN_DAYS = a_charter(10, Unit.WORKING_DAY)
TEN_HOURS = a_charter(10, Unit.WORKING_HOUR)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
units = st.sampled_from([Unit.WORKING_DAY, Unit.CLOSE_OF_WORKING_DAY, Unit.WORKING_HOUR, Unit.HOUR])


@st.composite
def situations(draw: st.DrawFn) -> tuple[WorkingCalendar, datetime, tuple[Pause, ...]]:
    received = draw(moments)
    return draw(calendars), received, draw(pauses_after(received))


def stands_still(pauses: tuple[Pause, ...], moment: datetime) -> bool:
    return any(p.from_at <= moment and (p.until_at is None or moment < p.until_at) for p in pauses)


def days_by_hand(calendar: WorkingCalendar, received: datetime, amount: int, pauses: tuple[Pause, ...]) -> date | None:
    """The due day found by looking at each calendar day in turn; None where the clock never gets there."""
    day, number = received.astimezone(LONDON).date(), 0
    while day < date(2027, 12, 30):
        day += timedelta(days=1)
        hours = calendar.time_open(day)
        if hours is None:
            continue
        close = datetime.combine(day, hours[1], LONDON).astimezone(UTC) - timedelta(seconds=1)
        night = datetime.combine(day + timedelta(days=1), datetime.min.time(), LONDON).astimezone(UTC) - timedelta(
            seconds=1
        )
        if stands_still(pauses, close) or (number == amount - 1 and stands_still(pauses, night)):
            continue
        number += 1
        if number == amount:
            return day
    return None


def hours_by_hand(
    calendar: WorkingCalendar, received: datetime, hours: int, pauses: tuple[Pause, ...]
) -> datetime | None:
    """The due moment found minute by minute."""
    left, moment = hours * 60, received
    while moment < datetime(2026, 12, 20, tzinfo=UTC):
        local = moment.astimezone(LONDON)
        span = calendar.time_open(local.date())
        is_open = span is not None and span[0] <= local.time() < span[1]
        if left and not is_open:
            moment += HOUR if span is None and local.hour < 23 else MINUTE
            continue
        if standing := [pause.until_at for pause in pauses if pause.covers(moment)]:
            ends = [until for until in standing if until is not None]
            if len(ends) < len(standing):
                return None
            moment = max(ends)
            continue
        if left == 0:
            return moment
        left -= 1
        moment += MINUTE
    return None


@given(situations(), st.integers(1, 25))
def test_a_paused_due_day_is_the_one_found_by_hand(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int
) -> None:
    calendar, received, pauses = situation
    clock = answer_clock(a_charter(amount, Unit.WORKING_DAY), received, pauses, calendar=calendar)
    assert clock.due_by == days_by_hand(calendar, received, amount, pauses)


@given(situations(), st.integers(1, 20))
def test_a_paused_due_moment_in_working_hours_is_the_one_found_minute_by_minute(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int
) -> None:
    calendar, received, pauses = situation
    clock = answer_clock(a_charter(amount, Unit.WORKING_HOUR), received, pauses, calendar=calendar)
    by_hand = hours_by_hand(calendar, received, amount, pauses)
    if clock.due_at is None or by_hand is None:
        assert clock.due_at is None
        assert by_hand is None
        assert clock.paused_since is not None
    elif clock.due_at != by_hand:
        opens = calendar.time_open(clock.due_at.astimezone(LONDON).date())
        assert opens is not None
        assert clock.due_at.astimezone(LONDON).time() == opens[0]
        assert by_hand < clock.due_at


@given(situations(), st.integers(1, 20), units, st.integers(0, 1))
def test_a_paused_due_day_can_be_worked_out_again_from_its_ledger(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int, unit: Unit, day_received: int
) -> None:
    calendar, received, pauses = situation
    clock = answer_clock(a_charter(amount, unit, day_received=day_received), received, pauses, calendar=calendar)
    assert rederive(clock) == clock.due_by
    assert (clock.due_by is None) == (clock.due_at is None) == (clock.paused_since is not None)
    assert all(entry.reason and not (entry.counted and entry.paused) for entry in clock.ledger)
    days = list(dict.fromkeys(entry.on for entry in clock.ledger))
    assert all((after - before).days == 1 for before, after in pairwise(days))


@given(situations(), st.integers(1, 20), units)
def test_no_clock_paused_in_time_is_overdue_the_moment_it_runs_again(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int, unit: Unit
) -> None:
    calendar, received, pauses = situation
    charter = a_charter(amount, unit)
    clock = answer_clock(charter, received, pauses, calendar=calendar)
    for pause in pauses:
        others = tuple(other for other in pauses if other is not pause)
        before = answer_clock(charter, received, others, calendar=calendar)
        runs_again = resumed_by(pauses, pause.from_at)
        in_time = before.due_at is None or pause.from_at <= before.due_at
        if in_time and runs_again is not None and pause.until_at is not None:
            assert state_of(clock, runs_again) is not State.OVERDUE


@given(situations(), st.integers(1, 20), units)
def test_pauses_that_overlap_count_once_in_whatever_order_they_were_entered(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int, unit: Unit
) -> None:
    calendar, received, pauses = situation
    charter = a_charter(amount, unit)
    once = answer_clock(charter, received, pauses, calendar=calendar)
    for others in ((*pauses, *pauses), tuple(reversed(pauses))):
        again = answer_clock(charter, received, others, calendar=calendar)
        assert (again.due_at, again.paused_since) == (once.due_at, once.paused_since)


@given(situations(), st.integers(1, 20), units)
def test_a_pause_never_brings_the_due_moment_forward(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int, unit: Unit
) -> None:
    calendar, received, pauses = situation
    charter = a_charter(amount, unit)
    plain = answer_clock(charter, received, calendar=calendar).due_at
    for kept in range(len(pauses) + 1):
        due_at = answer_clock(charter, received, pauses[:kept], calendar=calendar).due_at
        assert due_at is None or plain is None or plain <= due_at


@given(situations(), st.integers(1, 20), units)
def test_a_charter_that_does_not_pause_counts_as_if_nothing_had_been_paused(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int, unit: Unit
) -> None:
    calendar, received, pauses = situation
    charter = a_charter(amount, unit, pauses=False)
    assert answer_clock(charter, received, pauses, calendar=calendar) == answer_clock(
        charter, received, calendar=calendar
    )


@given(situations(), st.integers(1, 20), units)
def test_the_acknowledgement_is_never_paused(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int, unit: Unit
) -> None:
    calendar, received, pauses = situation
    plain, paused = (
        start_clocks(
            charter=a_charter(amount, unit),
            calendar=calendar,
            channel=Channel.EMAIL,
            kind=Kind.ENQUIRY,
            stage=None,
            received_at=received,
            pauses=those,
        )
        for those in ((), pauses)
    )
    assert plain.acknowledge == paused.acknowledge
    assert clocks_from_json(json.loads(json.dumps(clocks_to_json(paused)))) == paused


@given(situations(), st.integers(1, 20), units)
def test_the_figure_without_pauses_is_that_of_a_clock_that_never_had_any(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]], amount: int, unit: Unit
) -> None:
    calendar, received, pauses = situation
    charter = a_charter(amount, unit)
    answered = received + timedelta(days=12)
    paused = stop(answer_clock(charter, received, pauses, calendar=calendar), answered)
    plain = stop(answer_clock(charter, received, calendar=calendar), answered)
    assert outcome_of(paused, answered).without_pauses is state_of(plain, answered)


def test_an_evening_and_a_weekend_add_nothing() -> None:
    weekend = a_pause("2026-06-05T17:00", "2026-06-08T09:00")
    for received in ("2026-06-01T10:00", "2026-06-04T10:00"):
        plain, paused = (answer_clock(TEN_DAYS, received, pauses) for pauses in ((), (weekend,)))
        assert plain.due_at == paused.due_at
    for received in ("2026-06-04T14:30", "2026-06-05T15:00"):
        plain, paused = (answer_clock(TEN_HOURS, received, pauses) for pauses in ((), (weekend,)))
        assert plain.due_at == paused.due_at


@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        ("2026-05-22T17:00", "2026-05-26T09:00", "2026-06-03"),  # the weekend and the holiday alone
        ("2026-05-22T10:00", "2026-05-26T10:00", "2026-06-04"),  # Friday was paused when it closed
        ("2026-05-22T00:00", "2026-05-27T00:00", "2026-06-05"),  # Friday and Tuesday, nothing between
        ("2026-05-26T10:00", "2026-05-26T16:59", "2026-06-03"),  # running again before closing time
        ("2026-05-26T09:00", "2026-05-26T17:00", "2026-06-04"),  # the whole of one day
        ("2026-05-25T00:00", "2026-05-26T00:00", "2026-06-03"),  # the holiday itself
    ],
)
def test_a_pause_over_a_bank_holiday_adds_only_working_days(start: str, end: str, due: str) -> None:
    calendar = a_calendar([date(2026, 5, 25)])
    charter = a_charter(8, Unit.WORKING_DAY)
    plain = answer_clock(charter, "2026-05-21T10:00", calendar=calendar)
    paused = answer_clock(charter, "2026-05-21T10:00", (a_pause(start, end),), calendar=calendar)
    assert (str(plain.due_by), str(paused.due_by)) == ("2026-06-03", due)


def test_a_pause_over_a_bank_holiday_adds_only_working_hours() -> None:
    calendar = a_calendar([date(2026, 5, 25)])
    pause = a_pause("2026-05-22T15:00", "2026-05-26T10:00")
    plain = answer_clock(TEN_HOURS, "2026-05-22T14:00", calendar=calendar)
    paused = answer_clock(TEN_HOURS, "2026-05-22T14:00", (pause,), calendar=calendar)
    assert (plain.due_at, paused.due_at) == (at("2026-05-26T16:00"), at("2026-05-27T11:00"))


def test_two_pauses_that_overlap_take_their_common_days_once() -> None:
    first, second = a_pause("2026-06-02T09:00", "2026-06-04T18:00"), a_pause("2026-06-03T09:00", "2026-06-05T18:00")
    plain, one, both = (
        answer_clock(TEN_DAYS, "2026-06-01T10:00", some).due_by for some in ((), (first,), (first, second))
    )
    assert [str(day) for day in (plain, one, both)] == ["2026-06-15", "2026-06-18", "2026-06-19"]


def test_a_change_of_kind_or_channel_keeps_the_pauses() -> None:
    pause = a_pause("2026-06-02T09:00", "2026-06-04T18:00")
    for kind, channel, stage in (
        (Kind.ENQUIRY, Channel.LETTER, None),
        (Kind.SERVICE_REQUEST, Channel.EMAIL, Stage.ONE),
    ):
        clock = answer_clock(TEN_DAYS, "2026-06-01T10:00", (pause,), kind=kind, channel=channel, stage=stage)
        assert clock.due_by == date(2026, 6, 18)


def test_a_pause_entered_late_is_honoured_and_marked() -> None:
    pause = a_pause("2026-06-02T09:00", "2026-06-03T10:00", entered="2026-06-20T11:00")
    clock = answer_clock(TEN_DAYS, "2026-06-01T10:00", (pause,))
    assert pause.entered_late
    assert clock.due_by == date(2026, 6, 16)
    assert clock.ledger[1].reason == (
        "Paused at closing time: waiting for photographs, entered late at 11:00 on Saturday 20 June 2026"
    )
    assert not a_pause("2026-06-02T09:00", None).entered_late


def test_a_clock_paused_on_its_last_evening_is_carried_over_to_the_day_it_runs_again() -> None:
    pause = a_pause("2026-06-15T20:00", "2026-06-17T09:30")
    clock = answer_clock(TEN_DAYS, "2026-06-01T10:00", (pause,))
    assert clock.due_by == date(2026, 6, 17)
    assert clock.ledger[-3].reason == "Paused when the last day ended, so it is carried over: waiting for photographs"
    assert state_of(clock, at("2026-06-17T09:30")) is State.DUE_TODAY


def test_what_was_overdue_before_the_pause_stays_overdue() -> None:
    clock = answer_clock(TEN_DAYS, "2026-06-01T10:00", (a_pause("2026-06-16T09:00", None),))
    assert (clock.due_by, clock.paused_since) == (date(2026, 6, 15), None)
    assert state_of(clock, at("2026-06-16T10:00")) is State.OVERDUE


def test_while_it_waits_a_clock_has_no_due_day_is_in_time_and_says_since_when() -> None:
    clock = answer_clock(TEN_DAYS, "2026-06-01T10:00", (a_pause("2026-06-04T11:00", None),))
    assert (clock.due_by, clock.due_at, clock.provisional) == (None, None, True)
    assert clock.paused_since == at("2026-06-04T11:00")
    assert why_due(clock) == (
        "Reply paused since 11:00 on Thursday 4 June 2026 (waiting for photographs): no due day until it runs again."
    )
    much_later = at("2026-09-01T10:00")
    assert state_of(clock, much_later) is State.IN_TIME
    assert outcome_of(clock, much_later).without_pauses is State.OVERDUE
    assert state_of(stop(clock, much_later), much_later) is State.MET


def test_a_clock_that_runs_on_by_night_is_put_off_by_all_of_the_pause() -> None:
    clock = answer_clock(
        a_charter(24, Unit.HOUR), "2026-06-05T16:00", (a_pause("2026-06-05T18:00", "2026-06-07T18:00"),)
    )
    assert clock.due_at == at("2026-06-08T16:00")


def test_several_paused_days_are_told_as_a_number_in_one_sentence() -> None:
    clock = answer_clock(TEN_DAYS, "2026-06-01T10:00", (a_pause("2026-06-02T09:00", "2026-06-04T18:00"),))
    assert why_due(clock) == (
        "Reply due by Thursday 18 June 2026, because email: 10 working days; 3 working days do not count (paused)."
    )


def test_a_pause_is_begun_and_resumed() -> None:
    begun = begin_pause((), a_pause("2026-06-02T09:00", None), charter=TEN_DAYS)
    assert open_pause(begun) == begun[0]
    ended = resume(begun, at=at("2026-06-04T09:00:30.5"))
    assert ended[0].until_at == at("2026-06-04T09:00:30")
    assert open_pause(ended) is None


def test_pauses_that_cannot_be_are_refused_with_advice() -> None:
    begun = begin_pause((), a_pause("2026-06-02T09:00", None), charter=TEN_DAYS)
    refused = (
        ((), a_pause("2026-06-02T09:00", None), a_charter(10, Unit.WORKING_DAY, pauses=False), "does not pause"),
        ((), a_pause("2026-06-02T09:00", None, entered="2026-06-01T09:00"), TEN_DAYS, "in the future"),
        ((), a_pause("2026-06-02T09:00", "2026-06-02T09:00"), TEN_DAYS, "ends before it begins"),
        (begun, a_pause("2026-06-03T09:00", None), TEN_DAYS, "already paused since 09:00"),
    )
    for pauses, new, charter, said in refused:
        with pytest.raises((Invalid, NotAllowed), match=said):
            begin_pause(pauses, new, charter=charter)
    with pytest.raises(NotAllowed, match="is not paused"):
        resume((), at=at("2026-06-02T09:00"))
    with pytest.raises(Invalid, match="began only at"):
        resume(begun, at=at("2026-06-02T09:00"))


@given(situations())
def test_running_and_standing_still_share_out_all_the_time_between_them(
    situation: tuple[WorkingCalendar, datetime, tuple[Pause, ...]],
) -> None:
    _, received, pauses = situation
    end = received + timedelta(days=20)
    stretches = [(start, until or end) for start, until in running_between(pauses, received, end)]
    assume(stretches)
    edges = [moment for stretch in stretches for moment in stretch]
    assert edges == sorted(edges)
    assert received <= edges[0]
    assert edges[-1] <= end
    for start, until in stretches:
        assert pause_at(pauses, start) is None
        assert pause_at(pauses, until - MINUTE / 60) is None
    for (_, until), (start, _) in pairwise(stretches):
        assert pause_at(pauses, until) is not None
        assert paused_since(pauses, until) <= until < start


def test_a_count_of_hours_that_stands_still_ends_its_ledger_with_since_when() -> None:
    clock = answer_clock(TEN_HOURS, "2026-06-02T10:00", (a_pause("2026-06-02T12:00", None),))
    assert (clock.due_by, rederive(clock)) == (None, None)
    assert [entry.reason for entry in clock.ledger] == [
        "Received 10:00 on Tuesday: 2 h counted, 8 h left, paused: waiting for photographs",
        "Paused since 12:00 on Tuesday 2 June 2026: waiting for photographs",
    ]
