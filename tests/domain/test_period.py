"""The time a report is about, and the months it is made of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.errors import Invalid
from member_tracker.domain.period import Period, between, month_of, quarter_of, year_of

days = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (month_of(date(2026, 2, 7)), "February 2026"),
        (quarter_of(date(2026, 11, 22)), "quarter 3 of 2026/27 (1 October 2026 to 31 December 2026)"),
        (quarter_of(date(2027, 3, 31)), "quarter 4 of 2026/27 (1 January 2027 to 31 March 2027)"),
        (year_of(date(2027, 3, 31)), "financial year 2026/27"),
        (year_of(date(2099, 4, 1)), "financial year 2099/00"),
        (between(date(2026, 6, 4), date(2026, 6, 4)), "4 June 2026 to 4 June 2026"),
    ],
)
def test_a_period_is_said_as_a_person_says_it(period: Period, words: str) -> None:
    assert period.words == words


def test_a_financial_year_begins_on_the_first_of_april() -> None:
    assert year_of(date(2026, 3, 31)) == between(date(2025, 4, 1), date(2026, 3, 31))
    assert year_of(date(2026, 4, 1)) == between(date(2026, 4, 1), date(2027, 3, 31))


@given(day=days)
def test_every_day_lies_in_its_month_quarter_and_year_and_they_within_each_other(day: date) -> None:
    month, quarter, year = month_of(day), quarter_of(day), year_of(day)
    assert year.first <= quarter.first <= month.first <= day <= month.last <= quarter.last <= year.last


@given(first=days, length=st.integers(0, 900))
def test_stretches_cover_each_day_of_a_period_once_and_name_whole_months(first: date, length: int) -> None:
    period = between(first, first + timedelta(days=length))
    day = period.first
    for stretch in period.stretches():
        assert stretch.part.first == day
        assert (stretch.month is not None) == (stretch.part == month_of(day))
        day = stretch.part.last + timedelta(days=1)
    assert day == period.last + timedelta(days=1)


def test_summer_days_begin_an_hour_earlier_than_the_world_clock_says() -> None:
    june = month_of(date(2026, 6, 1))
    assert (june.starts_at.utcoffset(), june.ends_at.utcoffset()) == (timedelta(hours=1), timedelta(hours=1))


def test_a_period_that_ends_before_it_begins_is_refused_with_advice() -> None:
    with pytest.raises(Invalid, match="3 June 2026 comes before 4 June 2026") as refused:
        between(date(2026, 6, 4), date(2026, 6, 3))
    assert refused.value.advice
