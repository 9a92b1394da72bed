"""What a change of charter, calendar or closure day would move, and what it never moves."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.charter import Charter, Unit
from member_tracker.domain.clock import Clock, Clocks, Step, stop
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.recount import Facts, OpenClocks, count_again, what_would_change
from member_tracker.domain.vocabulary import Channel, Kind
from member_tracker.domain.working_time import WorkingCalendar
from tests.domain.waiting import a_calendar, a_charter, a_pause, at, calendars, moments, pauses_after

FIVE_DAYS = a_charter(5, Unit.WORKING_DAY)


def counted(facts: Facts, charter: Charter = FIVE_DAYS, calendar: WorkingCalendar | None = None) -> Clocks:
    return start_clocks(
        charter=charter,
        calendar=calendar or a_calendar(),
        channel=facts.channel,
        kind=facts.kind,
        stage=facts.stage,
        received_at=facts.received_at,
        pauses=facts.pauses,
    )


def facts_of(received: str | datetime) -> Facts:
    moment = at(received) if isinstance(received, str) else received
    return Facts(channel=Channel.EMAIL, kind=Kind.ENQUIRY, received_at=moment)


def an_open_one(received: str | datetime, facts: Facts | None = None) -> OpenClocks:
    facts = facts or facts_of(received)
    return OpenClocks(enquiry_id="e", reference="ENQ-GHVJ-1-XX", clocks=counted(facts), facts=facts)


def stopped(clock: Clock | None, moment: datetime) -> Clock:
    assert clock is not None
    return stop(clock, moment)


def test_a_new_closure_day_says_which_open_enquiries_it_would_move_and_how() -> None:
    calendar = a_calendar([date(2026, 6, 3)])
    moved, still = an_open_one("2026-06-01T10:00"), an_open_one("2026-07-01T10:00")
    (change,) = what_would_change((moved, still), charters={FIVE_DAYS.id: FIVE_DAYS}, calendar=calendar)
    assert (change.step, change.was, change.becomes) == (Step.REPLY, date(2026, 6, 8), date(2026, 6, 9))
    assert change.words == "ENQ-GHVJ-1-XX: reply due on Monday 8 June 2026 would be due on Tuesday 9 June 2026."


def test_a_changed_charter_keeps_pauses_and_moves_only_what_runs() -> None:
    facts = replace(facts_of("2026-06-01T10:00"), pauses=(a_pause("2026-06-02T09:00", "2026-06-02T18:00"),))
    changes = what_would_change(
        (an_open_one("", facts),), charters={FIVE_DAYS.id: a_charter(7, Unit.WORKING_DAY)}, calendar=a_calendar()
    )
    assert [(change.was, change.becomes) for change in changes] == [(date(2026, 6, 9), date(2026, 6, 11))]


def test_enquiries_of_another_charter_are_left_alone() -> None:
    other = replace(a_charter(7, Unit.WORKING_DAY), id=FIVE_DAYS.id)
    assert (
        what_would_change((an_open_one("2026-06-01T10:00"),), charters={"another": other}, calendar=a_calendar()) == ()
    )


@given(moments, st.integers(1, 20), calendars, st.data())
def test_a_judged_answer_is_never_counted_again(
    received: datetime, amount: int, calendar: WorkingCalendar, data: st.DataObject
) -> None:
    facts = replace(facts_of(received), pauses=data.draw(pauses_after(received)))
    clocks = counted(facts)
    judged = replace(clocks, respond=stopped(clocks.respond, received + timedelta(days=3)))
    charter = a_charter(amount, Unit.WORKING_DAY)
    assert count_again(judged, facts, charter=charter, calendar=calendar) == judged
    one = OpenClocks(enquiry_id="e", reference="r", clocks=judged, facts=facts)
    assert what_would_change((one,), charters={charter.id: charter}, calendar=calendar) == ()


@given(moments, st.integers(1, 20), calendars)
def test_a_judged_acknowledgement_stays_while_the_answer_is_counted_again(
    received: datetime, amount: int, calendar: WorkingCalendar
) -> None:
    facts = facts_of(received)
    clocks = counted(facts)
    half = replace(clocks, acknowledge=stopped(clocks.acknowledge, received + timedelta(hours=3)))
    charter = a_charter(amount, Unit.WORKING_DAY)
    again = count_again(half, facts, charter=charter, calendar=calendar)
    assert again.acknowledge == half.acknowledge
    assert again.respond == counted(facts, charter, calendar).respond


@given(moments, calendars)
def test_counting_again_with_nothing_changed_changes_nothing(received: datetime, calendar: WorkingCalendar) -> None:
    facts = facts_of(received)
    one = OpenClocks(enquiry_id="e", reference="r", clocks=counted(facts, calendar=calendar), facts=facts)
    assert what_would_change((one,), charters={FIVE_DAYS.id: FIVE_DAYS}, calendar=calendar) == ()
