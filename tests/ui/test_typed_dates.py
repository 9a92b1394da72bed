"""Dates as people type them are understood, and what is not is refused with advice."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.dates import LONDON
from member_tracker.domain.errors import Invalid
from ui.typed_dates import as_typed, echo, echo_day, typed_day, typed_moment, weekday

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("24/11/2026 09:05", (2026, 11, 24, 9, 5)),
        ("2026-11-20", (2026, 11, 20, 12, 0)),
        ("2026-11-20T16:50", (2026, 11, 20, 16, 50)),
        ("yesterday", (2026, 11, 23, 12, 0)),
        ("yesterday 16:50", (2026, 11, 23, 16, 50)),
        ("Yesterday at 16.50", (2026, 11, 23, 16, 50)),
        ("20 nov", (2026, 11, 20, 12, 0)),
        ("20 November 2026", (2026, 11, 20, 12, 0)),
        ("Fri 20th Nov", (2026, 11, 20, 12, 0)),
        ("20/11", (2026, 11, 20, 12, 0)),
        ("20/11/26", (2026, 11, 20, 12, 0)),
        ("20.11.2026", (2026, 11, 20, 12, 0)),
        ("30 nov", (2025, 11, 30, 12, 0)),
        ("monday", (2026, 11, 23, 12, 0)),
        ("tue", (2026, 11, 17, 12, 0)),
        ("wednesday", (2026, 11, 18, 12, 0)),
        ("09:05", (2026, 11, 24, 9, 5)),
        ("29 feb", (2024, 2, 29, 12, 0)),
        ("1 july 10:00", (2026, 7, 1, 10, 0)),
        ("last friday", (2026, 11, 20, 12, 0)),
        ("last tuesday", (2026, 11, 17, 12, 0)),
        ("Last Friday at 9:30", (2026, 11, 20, 9, 30)),
        ("this monday", (2026, 11, 23, 12, 0)),
        ("day before yesterday", (2026, 11, 22, 12, 0)),
        ("3 days ago", (2026, 11, 21, 12, 0)),
        ("a week ago", (2026, 11, 17, 12, 0)),
        ("-2w", (2026, 11, 10, 12, 0)),
        ("last week", (2026, 11, 17, 12, 0)),
        ("-3wd", (2026, 11, 19, 12, 0)),
        ("2 working days ago", (2026, 11, 20, 12, 0)),
    ],
)
def test_a_date_received_is_understood_as_typed(typed: str, expected: tuple[int, int, int, int, int]) -> None:
    assert typed_moment(typed, NOW) == datetime(*expected, tzinfo=LONDON)


@pytest.mark.parametrize("typed", ["today", "Now", " today "])
def test_today_is_this_moment(typed: str) -> None:
    assert typed_moment(typed, NOW) == NOW


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tomorrow",
        "25/11/2026",
        "24/11/2026 16:00",
        "31/02/2026",
        "soon",
        "24 nib",
        "1/2/3/4",
        "+5wd",
        "in 2 days",
        "3 days",
        "in 3 days ago",
        "+ ago",
        "last nib",
        "next monday",
    ],
)
def test_what_is_no_past_date_is_refused_with_advice(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        typed_moment(typed, NOW)
    assert refused.value.advice


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("4 dec", date(2026, 12, 4)),
        ("Fri 4 Dec", date(2026, 12, 4)),
        ("4/1", date(2027, 1, 4)),
        ("monday", date(2026, 11, 30)),
        ("tuesday", date(2026, 12, 1)),
        ("tomorrow", date(2026, 11, 25)),
        ("+5wd", date(2026, 12, 1)),
        ("+ 5 wd", date(2026, 12, 1)),
        ("5 working days", date(2026, 12, 1)),
        ("in 5 working days", date(2026, 12, 1)),
        ("in a week", date(2026, 12, 1)),
        ("+3d", date(2026, 11, 27)),
        ("in 2 weeks", date(2026, 12, 8)),
        ("next friday", date(2026, 11, 27)),
        ("last friday", date(2026, 11, 20)),
        ("+0wd", date(2026, 11, 24)),
    ],
)
def test_a_promised_day_without_a_year_is_the_next_one(typed: str, expected: date) -> None:
    assert typed_day(typed, date(2026, 11, 24)) == expected


@given(st.datetimes(datetime(2001, 1, 1), datetime(2026, 11, 23)))  # noqa: DTZ001 - a local time
def test_any_past_moment_written_as_it_is_echoed_or_as_iso_is_understood(local: datetime) -> None:
    moment = local.replace(second=0, microsecond=0, tzinfo=LONDON)
    if moment.astimezone(UTC).astimezone(LONDON) != moment or moment.fold:
        return
    assert typed_moment(f"{moment:%Y-%m-%d %H:%M}", NOW) == moment
    spoken = echo(moment, NOW).removeprefix("Yesterday, ").removeprefix("Today, ")
    assert typed_moment(spoken, NOW) == moment


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_past_moment_or_is_refused(typed: str) -> None:
    with suppress(Invalid):
        assert typed_moment(typed, NOW) <= NOW


def test_working_days_are_those_of_the_council() -> None:
    shut = {date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 29)}
    christmas_eve = date(2026, 12, 24)

    def is_working(day: date) -> bool:
        return day.weekday() < 5 and day not in shut

    assert typed_day("+1wd", christmas_eve, is_working) == date(2026, 12, 30)
    assert typed_day("-1wd", date(2026, 12, 30), is_working) == christmas_eve
    assert echo_day(date(2026, 12, 31), christmas_eve, is_working) == "Thursday 31 December 2026, in 2 working days"


@given(st.integers(1, 300), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_so_many_working_days_on_are_as_many_back(many: int, today: date) -> None:
    on = typed_day(f"+{many}wd", today)
    assert weekday(on)
    if weekday(today):
        assert typed_day(f"{many} working days ago", on) == today
    if 1 < (on - today).days <= 365:
        assert echo_day(on, today).endswith(f"in {many} working day{'' if many == 1 else 's'}")


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 24), "Today, Tuesday 24 November 2026"),
        (date(2026, 11, 25), "Tomorrow, Wednesday 25 November 2026"),
        (date(2026, 11, 27), "Friday 27 November 2026, in 3 working days"),
        (date(2026, 11, 19), "Thursday 19 November 2026, 3 working days ago"),
        (date(2028, 11, 24), "Friday 24 November 2028"),
    ],
)
def test_a_day_is_echoed_with_how_far_off_it_is(on: date, said: str) -> None:
    assert echo_day(on, date(2026, 11, 24)) == said


@given(st.text(max_size=30))
def test_whatever_is_typed_for_a_promise_gives_a_day_or_is_refused(typed: str) -> None:
    with suppress(Invalid):
        assert isinstance(typed_day(typed, date(2026, 11, 24)), date)


def test_the_echo_says_the_day_in_words() -> None:
    assert echo(NOW, NOW) == "Today, Tuesday 24 November 2026 at 15:30"
    assert echo(NOW - timedelta(days=1), NOW).startswith("Yesterday, Monday 23")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_day_put_into_a_field_is_understood_there(on: date, today: date) -> None:
    understood = typed_day(as_typed(on, today), today)
    assert understood == on or (on.year == today.year and understood == on.replace(year=on.year + 1))
