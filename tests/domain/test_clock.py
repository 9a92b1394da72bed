"""Clocks: what starts and stops them, how they stand, and ledgers from which every due date can be worked out again."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.charter import Charter, CharterId, Standard, StandardId, Target, Unit
from member_tracker.domain.clock import (
    Clock,
    Clocks,
    clocks_from_json,
    clocks_to_json,
    rederive,
    state_of,
    stop,
    why_due,
)
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import LONDON
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage, Start, State
from member_tracker.domain.working_time import WorkingCalendar
from member_tracker.services.charters import CharterShelf

SHELF = CharterShelf.shipped()
EARLIEST = datetime(2002, 1, 1, tzinfo=UTC)
NEXT = AfterHours.NEXT_WORKING_DAY


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def clocks(
    charter: Charter | str,
    received: str,
    *,
    council: str = "Chorley",
    channel: Channel = Channel.EMAIL,
    kind: Kind = Kind.ENQUIRY,
    stage: Stage | None = None,
    sent: str | None = None,
    acknowledged: str | None = None,
    returned: str | None = None,
    after_hours: AfterHours | None = None,
) -> Clocks:
    return start_clocks(
        charter=SHELF.named(charter) if isinstance(charter, str) else charter,
        calendar=SHELF.calendar(council),
        channel=channel,
        kind=kind,
        stage=stage,
        received_at=at(received),
        sent_at=at(sent) if sent else None,
        acknowledged_at=at(acknowledged) if acknowledged else None,
        returned_at=at(returned) if returned else None,
        after_hours=after_hours,
    )


def reply(found: Clocks) -> Clock:
    assert found.respond is not None
    return found.respond


def acknowledgement(found: Clocks) -> Clock:
    assert found.acknowledge is not None
    return found.acknowledge


def promising(amount: int, unit: Unit, *, day_received: int = 0) -> Charter:
    """A set with one standard for everything."""
    target = Target(amount=amount, unit=unit, source="made up")
    standard = Standard(id=StandardId("only"), source="made up", respond=target)
    return Charter(id=CharterId("made-up"), title="Made up", standards=(standard,), day_received=day_received)


everything = st.builds(
    start_clocks,
    charter=st.one_of(
        st.sampled_from(SHELF.charters),
        st.builds(
            promising,
            st.integers(1, 40),
            st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CLOSE_OF_WORKING_DAY, Unit.HOUR, Unit.MINUTE]),
            day_received=st.integers(0, 1),
        ),
    ),
    calendar=st.sampled_from([SHELF.calendar(council.name) for council in SHELF.councils if council.opening_hours]),
    channel=st.sampled_from(Channel),
    kind=st.sampled_from(Kind),
    stage=st.one_of(st.none(), st.sampled_from(Stage)),
    received_at=st.integers(0, 27 * 366 * 24 * 60).map(lambda minutes: EARLIEST + timedelta(minutes=minutes)),
    sent_at=st.one_of(st.none(), st.just(datetime(2026, 6, 5, 18, tzinfo=UTC))),
    acknowledged_at=st.one_of(st.none(), st.just(datetime(2026, 6, 6, 18, tzinfo=UTC))),
    returned_at=st.one_of(st.none(), st.just(datetime(2026, 6, 7, 18, tzinfo=UTC))),
    after_hours=st.one_of(st.none(), st.sampled_from(AfterHours)),
)


@given(everything)
def test_every_due_date_can_be_worked_out_again_from_its_ledger(found: Clocks) -> None:
    for clock in (found.acknowledge, found.respond):
        if clock is not None:
            assert rederive(clock) == clock.due_by
            assert clock.due_by is None or (clock.due_at is not None and clock.due_at.tzinfo is UTC)


@given(everything)
def test_a_ledger_has_every_day_from_the_first_to_the_due_day_once(found: Clocks) -> None:
    for clock in (found.acknowledge, found.respond):
        if clock is not None and clock.due_by is not None:
            days = list(dict.fromkeys(entry.on for entry in clock.ledger))
            assert days == sorted(days)
            assert days[-1] == clock.due_by
            assert (days[-1] - days[0]).days == len(days) - 1
    assert all(entry.reason for entry in found.ledger)


@given(everything)
def test_both_due_dates_can_be_counted_off_the_joint_ledger(found: Clocks) -> None:
    counted = [entry.on for entry in found.ledger if entry.counted]
    same_start = found.acknowledge and found.respond and found.acknowledge.starts is found.respond.starts
    for clock in (found.acknowledge, found.respond):
        if clock and clock.due_by and clock.days and same_start:
            assert counted[clock.days - 1] == clock.due_by


@given(everything)
def test_clocks_survive_being_written_down(found: Clocks) -> None:
    stopped = replace(found, respond=stop(found.respond, found.received_at) if found.respond else None)
    assert clocks_from_json(json.loads(json.dumps(clocks_to_json(stopped)))) == stopped


@given(everything)
def test_contact_after_hours_never_counts_from_an_earlier_day(found: Clocks) -> None:
    if found.counts_from and found.respond and found.respond.starts is Start.RECEIVED:
        assert found.counts_from >= found.received_at.astimezone(LONDON).date()


def test_the_day_of_receipt_is_day_nought_unless_the_set_says_it_counts() -> None:
    by_days = [reply(clocks(promising(2, Unit.WORKING_DAY, day_received=day), "2026-06-02T10:00")) for day in (0, 1)]
    assert [clock.due_by for clock in by_days] == [date(2026, 6, 4), date(2026, 6, 3)]
    assert by_days[1].ledger[0].reason == "Received 10:00 on Tuesday: working day 1 of 2"
    on_saturday = reply(clocks(promising(2, Unit.WORKING_DAY, day_received=1), "2026-06-06T10:00"))
    assert on_saturday.due_by == date(2026, 6, 9)


def test_the_ledger_tells_each_day_in_plain_words() -> None:
    found = clocks("chorley-south-ribble-2023", "2026-04-02T17:20", after_hours=NEXT)
    assert [(str(entry.on), entry.counted, entry.reason) for entry in reply(found).ledger] == [
        ("2026-04-02", False, "Received 17:20 on Thursday, after closing at 17:00: counts from the next working day"),
        ("2026-04-03", False, "Good Friday: bank holiday"),
        ("2026-04-04", False, "Saturday: the council is closed"),
        ("2026-04-05", False, "Sunday: the council is closed"),
        ("2026-04-06", False, "Easter Monday: bank holiday"),
        ("2026-04-07", False, "Counts as the day it was received: day 0"),
        ("2026-04-08", True, "Working day 1 of 2"),
        ("2026-04-09", True, "Working day 2 of 2"),
    ]
    assert found.ledger[-2].reason == "Working day 1 of 1 (acknowledgement); Working day 1 of 2 (reply)"


def test_why_a_reply_is_due_is_said_in_one_sentence() -> None:
    assert why_due(reply(clocks("chorley-south-ribble-2023", "2026-06-02T10:00"))) == (
        "Reply due by Thursday 4 June 2026, because email: 2 working days."
    )
    assert why_due(reply(clocks("chorley-south-ribble-2023", "2026-05-22T10:00"))) == (
        "Reply due by Wednesday 27 May 2026, because email: 2 working days;"
        " Monday 25 May 2026 does not count (Spring bank holiday)."
    )


def test_why_there_is_no_due_day_is_said_too() -> None:
    telephone = reply(clocks("chorley-2010", "2015-06-02T10:00", channel=Channel.TELEPHONE))
    assert why_due(telephone) == "Reply: 20 seconds (telephone); no due day."
    assert why_due(reply(clocks("members-protocol", "2026-06-02T10:00"))) == (
        "Reply: 10 working days from the day the enquiry is sent."
    )
    assert "not known" in why_due(reply(clocks("chorley-south-ribble-2023", "2029-06-02T10:00")))


def test_a_members_enquiry_counts_from_the_day_it_is_sent() -> None:
    waiting = clocks("members-protocol", "2026-06-01T10:00")
    assert (acknowledgement(waiting).due_by, reply(waiting).due_by, waiting.counts_from) == (None, None, None)
    assert waiting.warning is None
    sent = clocks("members-protocol", "2026-06-01T10:00", sent="2026-06-03T09:00")
    assert sent.counts_from == date(2026, 6, 3)
    assert (acknowledgement(sent).due_by, reply(sent).due_by) == (date(2026, 6, 4), date(2026, 6, 17))
    assert reply(sent).ledger[0].reason == "Sent 09:00 on Wednesday: day 0"


def test_the_ombudsmans_reply_is_provisional_until_the_acknowledgement_is_made() -> None:
    waiting = clocks("ombudsman-code", "2026-06-01T10:00", kind=Kind.COMPLAINT, stage=Stage.ONE)
    assert acknowledgement(waiting).due_by == date(2026, 6, 8)
    assert (reply(waiting).due_by, reply(waiting).provisional) == (date(2026, 6, 22), True)
    assert "provisional" in why_due(reply(waiting))
    made = clocks(
        "ombudsman-code", "2026-06-01T10:00", kind=Kind.COMPLAINT, stage=Stage.ONE, acknowledged="2026-06-03T15:00"
    )
    assert (reply(made).due_by, reply(made).provisional) == (date(2026, 6, 17), False)
    assert reply(made).ledger[0].reason == "Acknowledged 15:00 on Wednesday: day 0"


def test_a_voicemail_is_due_by_close_of_business_of_the_next_working_day() -> None:
    charter = SHELF.named("allerdale-2022")
    with_hours = start_clocks(
        charter=charter,
        calendar=SHELF.calendar("South Ribble"),
        channel=Channel.VOICEMAIL,
        kind=Kind.ENQUIRY,
        stage=None,
        received_at=at("2022-06-09T10:00"),
    )
    assert reply(with_hours).due_by == date(2022, 6, 10)
    assert reply(with_hours).due_at == at("2022-06-10T16:44:59")
    without = reply(clocks(charter, "2022-06-09T10:00", council="Allerdale", channel=Channel.VOICEMAIL))
    assert without.due_at == at("2022-06-10T23:59:59")


@pytest.mark.parametrize(
    ("returned", "due"),
    [
        ("2022-06-13T09:00", "2022-06-14T09:00"),
        ("2022-03-26T13:00", "2022-03-27T14:00"),  # the clocks go forward in the night
        ("2022-10-29T13:00", "2022-10-30T12:00"),  # the clocks go back in the night
    ],
)
def test_a_voicemail_for_an_officer_who_was_away_is_due_24_hours_after_the_return(returned: str, due: str) -> None:
    found = reply(
        clocks("allerdale-2022", "2022-02-01T10:00", council="Allerdale", channel=Channel.VOICEMAIL, returned=returned)
    )
    assert found.due_at == at(due)
    assert found.due_by == at(due).date()
    assert found.within == "24 hours of the officer's return"


def test_working_hours_are_counted_day_by_day() -> None:
    found = reply(clocks(promising(10, Unit.WORKING_HOUR), "2026-06-05T15:00", council="South Ribble"))
    assert found.due_at == at("2026-06-08T16:45")
    assert [(str(entry.on), entry.counted, entry.reason) for entry in found.ledger] == [
        ("2026-06-05", True, "Received 15:00 on Friday: 1 h 45 min counted, 8 h 15 min left"),
        ("2026-06-06", False, "Saturday: the council is closed"),
        ("2026-06-07", False, "Sunday: the council is closed"),
        ("2026-06-08", True, "8 h 15 min counted, nothing left"),
    ]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-06-03T23:59", State.IN_TIME),
        ("2026-06-04T00:00", State.DUE_TODAY),
        ("2026-06-04T23:59", State.DUE_TODAY),
        ("2026-06-05T00:00", State.OVERDUE),
    ],
)
def test_an_enquiry_due_today_is_not_late_until_midnight_in_london(now: str, state: State) -> None:
    clock = reply(clocks("chorley-south-ribble-2023", "2026-06-02T10:00"))
    assert state_of(clock, at(now)) is state
    assert state_of(clock, at(now).astimezone(UTC)) is state


def test_a_clock_is_met_up_to_its_last_second_and_missed_after_it() -> None:
    clock = reply(clocks("chorley-south-ribble-2023", "2026-06-02T10:00"))
    last = datetime.combine(date(2026, 6, 4), time(23, 59, 59, 999_999), LONDON)
    late = at("2026-06-20T09:00")
    assert state_of(stop(clock, last), late) is State.MET
    assert state_of(stop(clock, last + timedelta(microseconds=1)), late) is State.MISSED


def test_a_voicemail_answered_in_the_closing_minute_is_late() -> None:
    clock = reply(
        start_clocks(
            charter=SHELF.named("allerdale-2022"),
            calendar=SHELF.calendar("Chorley"),
            channel=Channel.VOICEMAIL,
            kind=Kind.ENQUIRY,
            stage=None,
            received_at=at("2022-06-09T10:00"),
        )
    )
    states = [
        state_of(stop(clock, at(f"2022-06-10T{moment}")), at("2022-06-11T09:00")) for moment in ("16:59", "17:00")
    ]
    assert states == [State.MET, State.MISSED]


def test_a_clock_stopped_twice_stays_at_the_earlier_moment() -> None:
    clock = reply(clocks("chorley-south-ribble-2023", "2026-06-02T10:00"))
    first, second = at("2026-06-03T10:00"), at("2026-06-09T10:00")
    assert stop(stop(clock, first), second) == stop(stop(clock, second), first) == stop(clock, first)


def test_what_gives_no_due_day_is_not_measured() -> None:
    now = at("2026-06-09T10:00")
    telephone = reply(clocks("chorley-south-ribble-2023", "2026-06-02T10:00", channel=Channel.TELEPHONE))
    assert telephone.due_at == at("2026-06-02T10:01:30")
    assert state_of(telephone, now) is state_of(None, now) is State.NOT_MEASURED
    assert state_of(reply(clocks("members-protocol", "2026-06-02T10:00")), now) is State.NOT_MEASURED


def test_no_standard_at_all_is_said_in_the_ledger() -> None:
    found = clocks("chorley-south-ribble-2023", "2026-06-02T10:00", channel=Channel.TEXT)
    assert (found.standard_id, found.acknowledge, found.respond) == (None, None, None)
    assert [entry.reason for entry in found.ledger] == [
        "Received 10:00 on Tuesday: chorley-south-ribble-2023 sets no time for text"
    ]


def test_a_calendar_that_ends_before_the_due_date_warns_and_keeps_the_other_clock() -> None:
    found = clocks("chorley-south-ribble-2023", "2028-12-28T10:00")
    assert acknowledgement(found).due_by == date(2028, 12, 29)
    assert reply(found).due_by is None
    assert "1 January 2029" in (found.warning or "")


def test_a_council_without_hours_moves_only_what_comes_on_a_closed_day() -> None:
    late, weekend = (
        clocks("allerdale-2022", received, council="Allerdale", after_hours=NEXT).counts_from
        for received in ("2022-06-10T23:00", "2022-06-11T09:00")
    )
    assert (late, weekend) == (date(2022, 6, 10), date(2022, 6, 13))


def test_a_calendar_with_no_year_in_common_gives_no_date_in_either_reading() -> None:
    calendar: WorkingCalendar = SHELF.calendar("Chorley")
    assert calendar.known_until == date(2028, 12, 31)
    for reading in AfterHours:
        found = clocks("chorley-south-ribble-2023", "2040-06-02T10:00", after_hours=reading)
        assert reply(found).due_by is None
        assert found.warning
