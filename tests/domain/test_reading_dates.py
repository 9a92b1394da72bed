"""Dates as officers write them, read on Wednesday 18 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.reading_dates import find_dates

SAID_ON = date(2026, 11, 18)


class MondayToFriday:
    """Working days without holidays."""

    def add_working_days(self, day: date, count: int) -> date:
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day


def dates(text: str, said_on: date = SAID_ON) -> list[str]:
    return [found.on.isoformat() for found in find_dates(text.lower(), said_on=said_on, working_days=MondayToFriday())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by Friday 27 November", "2026-11-27"),
        ("by 24/11", "2026-11-24"),
        ("on 3/12/2026", "2026-12-03"),
        ("on 24.11.26", "2026-11-24"),
        ("by 01-12-2026", "2026-12-01"),
        ("2026-12-01", "2026-12-01"),
        ("on the 3rd of December", "2026-12-03"),
        ("December 3rd, 2026", "2026-12-03"),
        ("30 Nov", "2026-11-30"),
        ("on 5 January", "2027-01-05"),
        ("on 12 August", "2026-08-12"),
        ("within 5 working days", "2026-11-25"),
        ("within ten working days", "2026-12-02"),
        ("within the next two weeks", "2026-12-02"),
        ("in 3 to 4 weeks", "2026-12-16"),
        ("within a month", "2026-12-18"),
        ("within 48 hours", "2026-11-20"),
        ("by Friday", "2026-11-20"),
        ("next Friday", "2026-11-27"),
        ("next Monday", "2026-11-23"),
        ("on Wednesday", "2026-11-25"),
        ("tomorrow", "2026-11-19"),
        ("by the end of the week", "2026-11-20"),
        ("by the end of next week", "2026-11-27"),
        ("by close of play Monday", "2026-11-23"),
        ("COP Friday", "2026-11-20"),
        ("by the end of November", "2026-11-30"),
        ("by the end of the month", "2026-11-30"),
        ("by the end of February", "2027-02-28"),
        ("week commencing 7 December", "2026-12-11"),
        ("w/c 30/11/2026", "2026-12-04"),
        ("Friday at the latest", "2026-11-20"),
        ("by Friday week", "2026-11-27"),
        ("tomorrow week", "2026-11-26"),
        ("a week on Tuesday", "2026-12-01"),
        ("a week today", "2026-11-25"),
        ("a fortnight today", "2026-12-02"),
        ("two weeks on Friday", "2026-12-04"),
        ("w/c 7 December", "2026-12-11"),
        ("w/c Monday", "2026-11-27"),
        ("week beginning the 7th", "2026-12-11"),
        ("Tuesday next week", "2026-11-24"),
        ("next week on Tuesday", "2026-11-24"),
        ("10 working days from today", "2026-12-02"),
        ("three weeks from now", "2026-12-09"),
        ("by mid-December", "2026-12-15"),
        ("ar 30 Tachwedd 2026", "2026-11-30"),
    ],
)
def test_a_date_is_read_the_british_way(text: str, expected: str) -> None:
    assert dates(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "a 24/7 service",
        "in the last 3 weeks",
        "31 February",
        "it may be done",
        "about 1/2 mile",
        "within days",
        "99/99/2026",
    ],
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert dates(text) == []


def test_the_day_comes_before_the_month() -> None:
    assert dates("on 03/12/2026") == ["2026-12-03"]


def test_a_date_of_last_month_stays_in_the_past() -> None:
    assert dates("inspected on 28 December", date(2027, 1, 5)) == ["2026-12-28"]


def test_working_days_need_a_calendar() -> None:
    assert find_dates("within 5 working days", said_on=SAID_ON, working_days=None) == ()


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_day_written_out_is_read_back(day: date) -> None:
    assert dates(f"{day.day} {day:%B %Y}") == [day.isoformat()]
    assert dates(f"{day:%d/%m/%Y}") == [day.isoformat()]


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(-100, 200))
def test_a_day_without_its_year_is_read_back_when_it_is_near(said_on: date, ahead: int) -> None:
    day = said_on + timedelta(days=ahead)
    assert dates(f"{day.day} {day:%B}", said_on) == [day.isoformat()]


@given(st.text(alphabet="0123456789/.- abcdeinotuwyz", max_size=60))
def test_no_text_breaks_the_search(text: str) -> None:
    dates(text)
