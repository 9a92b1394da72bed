"""Working days and hours: weekends, bank holidays of three divisions, closure days, opening hours, clock changes."""

import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.refresh_bank_holidays import write
from member_tracker.domain.dates import LONDON
from member_tracker.domain.working_time import (
    CalendarUnknown,
    ClosureDay,
    Division,
    OpeningHours,
    Purpose,
    WorkingCalendar,
)
from member_tracker.services.shipped_councils import calendar_of, load_bank_holidays, load_councils
from member_tracker.shipped import shipped

CHORLEY, SOUTH_RIBBLE = (
    calendar_of(next(council for council in load_councils() if council.name == name))
    for name in ("Chorley", "South Ribble")
)
ENGLAND = WorkingCalendar(bank_holidays=load_bank_holidays(Division.ENGLAND_AND_WALES))
LIBRARY_NAMES = {Division.ENGLAND_AND_WALES: "ENG", Division.SCOTLAND: "SCT", Division.NORTHERN_IRELAND: "NIR"}
known_days = st.dates(date(2002, 1, 1), date(2028, 12, 31))
early_days = st.dates(date(2002, 1, 1), date(2028, 6, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize("division", Division)
def test_the_shipped_bank_holidays_agree_with_a_second_list(division: Division) -> None:
    shipped_days = {day for day in load_bank_holidays(division).names if day.weekday() < 5}
    library = holidays.country_holidays("GB", subdiv=LIBRARY_NAMES[division], years=range(2002, 2029))
    differences = shipped_days ^ {day for day in library if day.weekday() < 5}
    # Saint Andrew's Day began with an Act of 2007; the day of June 2026 is not on the list that ships.
    expected = {date(2006, 11, 30), date(2026, 6, 15)} if division is Division.SCOTLAND else set()
    assert differences == expected


def test_the_shipped_files_are_what_the_refreshing_tool_writes(tmp_path: Path) -> None:
    write(tmp_path)
    for division in Division:
        name = f"{division}.json"
        assert (tmp_path / name).read_text("utf-8") == shipped("bank_holidays", name).read_text("utf-8")


@pytest.mark.parametrize("division", Division)
def test_each_run_of_years_names_where_its_bank_holidays_come_from(division: Division) -> None:
    earlier, govuk = load_bank_holidays(division).sources
    assert (earlier.from_on, earlier.until_on) == (date(2002, 1, 1), date(2011, 12, 31))
    assert "checked by hand" in earlier.name
    assert govuk.from_on == date(2012, 1, 1)
    assert "GOV.UK" in govuk.name


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2002-06-03", "Golden Jubilee"),
        ("2002-06-04", "Spring Bank Holiday"),
        ("2004-12-28", "Boxing Day (substitute day)"),
        ("2005-01-03", "New Year's Day (substitute day)"),
        ("2010-12-27", "Christmas Day (substitute day)"),
        ("2011-04-29", "Wedding"),
        ("2012-06-04", "Spring bank holiday"),
        ("2012-06-05", "Jubilee"),
        ("2016-12-27", "Christmas Day (substitute day)"),
        ("2020-05-08", "VE day"),
        ("2021-12-28", "Boxing Day (substitute day)"),
        ("2022-06-02", "Spring bank holiday"),
        ("2022-06-03", "Jubilee"),
        ("2022-09-19", "Funeral"),
        ("2023-05-08", "Coronation"),
        ("2026-04-03", "Good Friday"),
        ("2026-04-06", "Easter Monday"),
    ],
)
def test_bank_holidays_moved_substituted_and_of_one_year_only_are_known_by_name(day: str, why: str) -> None:
    assert why.lower() in (ENGLAND.why_closed(date.fromisoformat(day)) or "").lower()


@pytest.mark.parametrize("day", ["2020-05-04", "2002-05-27", "2012-05-28", "2022-05-30", "2024-02-29"])
def test_a_day_whose_holiday_was_moved_away_is_a_working_day(day: str) -> None:
    assert ENGLAND.is_working(date.fromisoformat(day))


def test_the_divisions_keep_their_own_days() -> None:
    calendars = [WorkingCalendar(bank_holidays=load_bank_holidays(division)) for division in Division]
    working = {
        day: [calendar.is_working(date.fromisoformat(day)) for calendar in calendars]
        for day in ("2026-04-06", "2026-01-02", "2026-11-30", "2026-03-17", "2026-07-13", "2026-08-03", "2026-08-31")
    }
    assert working == {
        "2026-04-06": [False, True, False],
        "2026-01-02": [True, False, True],
        "2026-11-30": [True, False, True],
        "2026-03-17": [True, True, False],
        "2026-07-13": [True, True, False],
        "2026-08-03": [True, False, True],
        "2026-08-31": [False, True, False],
    }


def test_a_closure_day_does_not_count_and_says_why() -> None:
    calendar = WorkingCalendar(
        bank_holidays=ENGLAND.bank_holidays, closure_days=(ClosureDay(on=date(2026, 12, 29), reason="Office move"),)
    )
    assert calendar.why_closed(date(2026, 12, 29)) == "Office move: closure day"
    assert calendar.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 30)


def test_a_weekday_on_which_the_offices_never_open_is_no_working_day() -> None:
    open_day = (time(9), time(17))
    hours = OpeningHours(purpose=Purpose.OFFICES, week=(open_day, open_day, None, open_day, open_day, None, None))
    calendar = WorkingCalendar(bank_holidays=ENGLAND.bank_holidays, opening_hours=(hours,))
    assert calendar.why_closed(date(2026, 6, 3)) == "Wednesday: the offices do not open"
    assert calendar.add_working_days(date(2026, 6, 2), 1) == date(2026, 6, 4)


@pytest.mark.parametrize("ask", [date(2001, 12, 31), date(2029, 1, 1)])
def test_a_day_outside_the_known_years_is_not_guessed(ask: date) -> None:
    with pytest.raises(CalendarUnknown) as refusal:
        ENGLAND.is_working(ask)
    assert "31 December 2028" in refusal.value.advice
    with pytest.raises(CalendarUnknown):
        ENGLAND.add_working_days(ask, 1)
    with pytest.raises(CalendarUnknown):
        CHORLEY.add_working_time(datetime.combine(ask, time(12), UTC), timedelta(hours=1))


def test_counting_past_the_end_of_the_list_is_not_guessed() -> None:
    assert ENGLAND.add_working_days(date(2028, 12, 28), 1) == ENGLAND.known_until - timedelta(days=2)
    with pytest.raises(CalendarUnknown):
        ENGLAND.add_working_days(date(2028, 12, 29), 1)
    with pytest.raises(CalendarUnknown):
        CHORLEY.add_working_time(at("2028-12-29T16:00"), timedelta(hours=2))


@given(early_days, st.integers(1, 60))
def test_working_days_added_are_those_counted_one_by_one(day: date, count: int) -> None:
    due = day
    for _ in range(count):
        due += timedelta(days=1)
        while not ENGLAND.is_working(due):
            due += timedelta(days=1)
    assert ENGLAND.add_working_days(day, count) == due


@given(early_days, st.integers(1, 20), st.integers(1, 20))
def test_adding_in_two_steps_is_adding_at_once(day: date, first: int, second: int) -> None:
    in_two = ENGLAND.add_working_days(ENGLAND.add_working_days(day, first), second)
    assert in_two == ENGLAND.add_working_days(day, first + second)


def test_a_hundred_thousand_dates_are_the_same_as_those_counted_slowly() -> None:
    dice = random.Random(2026)
    closed = set(ENGLAND.bank_holidays.names)
    for _ in range(100_000):
        day = due = date(2004, 1, 1) + timedelta(days=dice.randrange(8_000))
        left = 2
        while left:
            due += timedelta(days=1)
            left -= due.weekday() < 5 and due not in closed
        assert ENGLAND.add_working_days(day, 2) == due


def test_the_opening_hours_add_up_to_those_printed() -> None:
    phones = CHORLEY.hours_on(date(2026, 6, 1), Purpose.PHONES)
    offices = SOUTH_RIBBLE.hours_on(date(2026, 6, 1))
    assert phones is not None
    assert offices is not None
    assert (phones.weekly_hours, offices.weekly_hours) == (50, 41.75)


def test_south_ribble_opens_and_closes_differently_through_the_week() -> None:
    week = [SOUTH_RIBBLE.time_open(date(2026, 6, day)) for day in range(1, 8)]
    usual = (time(8, 30), time(17, 15))
    assert week == [usual, usual, (time(10), time(17, 15)), usual, (time(8, 30), time(16, 45)), None, None]


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-06-01T09:00", 1, "2026-06-01T10:00"),
        ("2026-06-01T07:00", 1, "2026-06-01T09:30"),
        ("2026-06-02T16:15", 2, "2026-06-03T11:00"),
        ("2026-06-02T17:15", 1, "2026-06-03T11:00"),
        ("2026-06-05T16:00", 1, "2026-06-08T08:45"),
        ("2026-06-06T12:00", 8.75, "2026-06-08T17:15"),
        ("2026-06-01T08:30", 41.75, "2026-06-05T16:45"),
        ("2026-04-02T17:00", 1, "2026-04-07T09:15"),
    ],
)
def test_working_hours_run_only_while_the_offices_are_open(start: str, hours: float, end: str) -> None:
    assert SOUTH_RIBBLE.add_working_time(at(start), timedelta(hours=hours)) == at(end)


def test_working_hours_of_the_phones_are_their_own() -> None:
    assert CHORLEY.add_working_time(at("2026-06-01T17:30"), timedelta(hours=1), Purpose.PHONES) == at(
        "2026-06-02T08:30"
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-27T16:00", "2026-03-30T09:45"),  # clocks go forward on Sunday 29 March
        ("2026-10-23T16:00", "2026-10-26T09:45"),  # clocks go back on Sunday 25 October
    ],
)
def test_a_clock_change_moves_no_working_hour(start: str, end: str) -> None:
    due = CHORLEY.add_working_time(at(start).astimezone(UTC), timedelta(hours=2))
    assert due == at(end)
    assert due.astimezone(LONDON).strftime("%H:%M") == "09:45"


@given(early_days, st.integers(0, 24 * 60 - 1), st.integers(1, 6_000))
def test_working_time_added_is_open_time_counted_day_by_day(start: date, minute: int, minutes: int) -> None:
    moment = datetime.combine(start, time(minute // 60, minute % 60), LONDON)
    due = SOUTH_RIBBLE.add_working_time(moment, timedelta(minutes=minutes))
    opened = timedelta()
    day = moment.date()
    while day <= due.date():
        if hours := SOUTH_RIBBLE.time_open(day):
            begins = max(datetime.combine(day, hours[0], LONDON), moment)
            ends = min(datetime.combine(day, hours[1], LONDON), due)
            opened += max(ends - begins, timedelta())
        day += timedelta(days=1)
    assert opened == timedelta(minutes=minutes)


def test_working_hours_without_opening_hours_are_refused_with_advice() -> None:
    with pytest.raises(CalendarUnknown) as refusal:
        ENGLAND.add_working_time(at("2026-06-01T09:00"), timedelta(hours=1))
    assert "opening hours" in refusal.value.advice


def test_hours_that_change_on_a_date_count_as_they_stood_on_each_day() -> None:
    before = OpeningHours(
        purpose=Purpose.OFFICES, week=((time(9), time(17)),) * 5 + (None, None), until_on=date(2026, 6, 2)
    )
    after = OpeningHours(
        purpose=Purpose.OFFICES, week=((time(10), time(12)),) * 5 + (None, None), from_on=date(2026, 6, 3)
    )
    calendar = WorkingCalendar(bank_holidays=ENGLAND.bank_holidays, opening_hours=(before, after))
    assert calendar.add_working_time(at("2026-06-02T16:00"), timedelta(hours=4)) == at("2026-06-04T11:00")
