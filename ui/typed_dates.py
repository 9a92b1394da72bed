"""Dates as people type them: 2026-11-24, 24/11, 24 nov, yesterday, monday; with or without a time of day."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from member_tracker.domain.dates import LONDON, day_in_words, local_date
from member_tracker.domain.errors import Invalid

ADVICE = "Type it like 24/11/2026, 24 nov or yesterday."
_MIDDAY = time(12, 0)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"[\s,T]+(?:at\s+)?([01]?\d|2[0-3])[:.]([0-5]\d)$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_NAMED = re.compile(r"(?:[a-z]+,?\s+)??(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?(?:,?\s+(\d{4}|\d{2}))?")


def typed_moment(text: str, now: datetime) -> datetime:
    """The moment something was received, as typed: never in the future; a past day without a time is its midday.

    Today without a time is `now`. Raises `Invalid` with advice for what cannot be read or is still to come.
    """
    today = local_date(now)
    words, at = _split_time(text)
    on = today if words in {"", "now"} and at is not None else _day(words, today, _latest)
    if on == today and at is None:
        return now
    moment = datetime.combine(on, at or _MIDDAY, LONDON)
    if moment > now:
        raise Invalid("The date received is still to come.", advice="Give the date the contact came in.")
    return moment


def typed_day(text: str, today: date) -> date:
    """A day somebody promised, as typed; without a year the next such day. Raises `Invalid` with advice."""
    return _day(" ".join(text.casefold().split()), today, _next)


def typed_past_day(text: str, today: date) -> date:
    """A day that has come, as typed; without a year the latest such day. Raises `Invalid` with advice."""
    on = _day(" ".join(text.casefold().split()), today, _latest)
    if on > today:
        raise Invalid("That day is still to come.", advice="Give a day that has been, such as yesterday.")
    return on


def echo(moment: datetime, now: datetime) -> str:
    """What was understood, in words."""
    on = local_date(moment)
    near = {0: "today, ", 1: "yesterday, "}.get((local_date(now) - on).days, "")
    words = f"{near}{day_in_words(on)} at {moment.astimezone(LONDON):%H:%M}"
    return words[0].upper() + words[1:]


def _split_time(text: str) -> tuple[str, time | None]:
    words = " ".join(text.split())
    found = _TIME.search(f" {words}")
    if found is None:
        return words.casefold(), None
    rest = f" {words}"[: found.start()].strip().casefold()
    return rest.removesuffix(" at").removesuffix(","), time(int(found[1]), int(found[2]))


def _day(words: str, today: date, year_of: Callable[[int, int, date], date]) -> date:
    near = {"now": 0, "today": 0, "yesterday": -1, "tomorrow": 1}.get(words)
    if near is not None:
        return today + timedelta(days=near)
    weekday = next((n for n, name in enumerate(_WEEKDAYS) if len(words) >= 3 and name.startswith(words)), None)
    if weekday is not None:
        ahead = (weekday - today.weekday()) % 7
        return today + timedelta(days=ahead or 7) if year_of is _next else today - timedelta(days=(7 - ahead) % 7 or 7)
    try:
        return _written_day(words, today, year_of)
    except ValueError:
        raise Invalid(f"There is no such date as “{words}”.", advice=ADVICE) from None


def _written_day(words: str, today: date, year_of: Callable[[int, int, date], date]) -> date:
    if found := _ISO.fullmatch(words):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.fullmatch(words):
        return _with_year(int(found[1]), int(found[2]), found[3], today, year_of)
    found = _NAMED.fullmatch(words)
    if found and found[2][:3] in _MONTHS:
        return _with_year(int(found[1]), _MONTHS.index(found[2][:3]) + 1, found[3], today, year_of)
    raise Invalid(f"“{words}” is not a date." if words else "There is no date.", advice=ADVICE)


def _with_year(day: int, month: int, year: str | None, today: date, year_of: Callable[[int, int, date], date]) -> date:
    if year is None:
        return year_of(day, month, today)
    return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)


def _latest(day: int, month: int, today: date) -> date:
    """The latest such day that is not in the future."""
    return _first_that(day, month, range(today.year, today.year - 9, -1), lambda on: on <= today)


def _next(day: int, month: int, today: date) -> date:
    """The next such day, today included."""
    return _first_that(day, month, range(today.year, today.year + 9), lambda on: on >= today)


def _first_that(day: int, month: int, years: range, fits: Callable[[date], bool]) -> date:
    """The first such day that fits, years without a 29 February left out."""
    for year in years:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if (day, month) == (29, 2) and not leap:
            continue
        if fits(date(year, month, day)):
            return date(year, month, day)
    raise ValueError("no year has that day")
