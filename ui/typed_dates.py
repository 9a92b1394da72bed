"""Dates as people type them: 24/11, 24 nov, yesterday, last friday, 3 days ago, +5wd; with or without a time of day.

Working days are counted by `is_working`, weekdays where nobody says which days the council works.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from member_tracker.domain.dates import LONDON, local_date
from member_tracker.domain.errors import Invalid
from ui.language import tr, tr_count
from ui.words import day_in_words

ADVICE = tr("Type it like 24/11/2026, 24 nov, yesterday or last friday.")
IsWorking = Callable[[date], bool]
_MIDDAY = time(12, 0)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TODAY = "today"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"[\s,T]+(?:at\s+)?([01]?\d|2[0-3])[:.]([0-5]\d)$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_COUNTED = re.compile(
    r"(?P<way>[+-]|in\s+)?\s*(?P<many>\d{1,3}|a|an|one)\s*(?P<unit>wd|working\s+days?|d|days?|w|wks?|weeks?)(?P<ago>\s+ago)?"
)
_NAMED = re.compile(r"(?:[a-z]+,?\s+)??(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?(?:,?\s+(\d{4}|\d{2}))?")


def weekday(day: date) -> bool:
    """Whether a day is from Monday to Friday."""
    return day.weekday() < 5


def as_typed(on: date, today: date) -> str:
    """A day as it could have been typed, which is the same in every language: “Tue 24 Nov”."""
    year = "" if on.year == today.year else f" {on.year}"
    return f"{_WEEKDAYS[on.weekday()][:3].title()} {on.day} {_MONTHS[on.month - 1].title()}{year}"


def typed_moment(text: str, now: datetime, is_working: IsWorking = weekday) -> datetime:
    """The moment something was received, as typed: never in the future; a past day without a time is its midday.

    Today without a time is `now`. Raises `Invalid` with advice for what cannot be read or is still to come.
    """
    today = local_date(now)
    words, at = _split_time(text)
    on = today if words in {"", "now"} and at is not None else _day(words, today, _latest, is_working)
    if on == today and at is None:
        return now
    moment = datetime.combine(on, at or _MIDDAY, LONDON)
    if moment > now:
        raise Invalid(tr("The date received is still to come."), advice=tr("Give the date the contact came in."))
    return moment


def typed_day(text: str, today: date, is_working: IsWorking = weekday) -> date:
    """A day somebody promised, as typed; without a year the next such day. Raises `Invalid` with advice."""
    return _day(" ".join(text.casefold().split()), today, _next, is_working)


def typed_past_day(text: str, today: date, is_working: IsWorking = weekday) -> date:
    """A day that has come, as typed; without a year the latest such day. Raises `Invalid` with advice."""
    on = _day(" ".join(text.casefold().split()), today, _latest, is_working)
    if on > today:
        raise Invalid(tr("That day is still to come."), advice=tr("Give a day that has been, such as yesterday."))
    return on


def echo(moment: datetime, now: datetime) -> str:
    """What was understood, in words."""
    on = local_date(moment)
    near = {0: tr("today, "), 1: tr("yesterday, ")}.get((local_date(now) - on).days, "")
    words = tr("{near}{day} at {time:%H:%M}").format(near=near, day=day_in_words(on), time=moment.astimezone(LONDON))
    return words[0].upper() + words[1:]


def echo_day(on: date, today: date, is_working: IsWorking = weekday) -> str:
    """A day as it was understood, with how many working days off: “Friday 27 November 2026, in 3 working days”."""
    words = day_in_words(on)
    near = {0: tr("today, "), 1: tr("tomorrow, "), -1: tr("yesterday, ")}.get((on - today).days)
    if near is not None:
        return near.capitalize() + words
    between = range(1, min(abs((on - today).days), _FAR) + 1)
    way = 1 if on > today else -1
    count = sum(is_working(today + timedelta(days=way * days)) for days in between)
    if len(between) == _FAR or not count:
        return words
    ahead = tr_count("{day}, in {n} working day", "{day}, in {n} working days", count)
    ago = tr_count("{day}, {n} working day ago", "{day}, {n} working days ago", count)
    return (ahead if way > 0 else ago).format(day=words, n=count)


_FAR = 366


def _split_time(text: str) -> tuple[str, time | None]:
    words = " ".join(text.split())
    found = _TIME.search(f" {words}")
    if found is None:
        return words.casefold(), None
    rest = f" {words}"[: found.start()].strip().casefold()
    return rest.removesuffix(" at").removesuffix(","), time(int(found[1]), int(found[2]))


def _day(words: str, today: date, year_of: Callable[[int, int, date], date], is_working: IsWorking) -> date:
    near = _NEAR.get(words)
    if near is not None:
        return today + timedelta(days=near)
    if counted := _COUNTED.fullmatch(words):
        return _counted(counted, today, is_working)
    way, _, named = words.partition(" ") if words.startswith(("last ", "next ", "this ")) else ("", "", words)
    number = next((n for n, name in enumerate(_WEEKDAYS) if len(named) >= 3 and name.startswith(named)), None)
    if number is not None:
        is_ahead = {"last": False, "next": True}.get(way, year_of is _next)
        ahead = (number - today.weekday()) % 7
        return today + timedelta(days=ahead or 7) if is_ahead else today - timedelta(days=(7 - ahead) % 7 or 7)
    try:
        return _written_day(words, today, year_of)
    except ValueError:
        raise Invalid(tr("There is no such date as “{words}”.").format(words=words), advice=ADVICE) from None


_NEAR = {
    "now": 0,
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "the day before yesterday": -2,
    "day before yesterday": -2,
}
_NEAR |= {"last week": -7, "next week": 7}


def _counted(said: re.Match[str], today: date, is_working: IsWorking) -> date:
    """A day so many days, working days or weeks from today; “ago” and a minus go back."""
    many = int(said["many"]) if said["many"].isdigit() else 1
    way = -1 if said["ago"] or said["way"] == "-" else 1
    if (said["ago"] and said["way"]) or not (said["ago"] or said["way"] or said["unit"].startswith(("wd", "working"))):
        raise Invalid(
            tr("“{said}” is not a date.").format(said=said[0]), advice=tr("Type + or in before it, or ago after it.")
        )
    if not said["unit"].startswith(("wd", "working")):
        return today + timedelta(days=way * many * (7 if said["unit"].startswith("w") else 1))
    day, left = today, many
    while left:
        day += timedelta(days=way)
        left -= is_working(day)
    return day


def _written_day(words: str, today: date, year_of: Callable[[int, int, date], date]) -> date:
    if found := _ISO.fullmatch(words):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.fullmatch(words):
        return _with_year(int(found[1]), int(found[2]), found[3], today, year_of)
    found = _NAMED.fullmatch(words)
    if found and found[2][:3] in _MONTHS:
        return _with_year(int(found[1]), _MONTHS.index(found[2][:3]) + 1, found[3], today, year_of)
    raise Invalid(
        tr("“{words}” is not a date.").format(words=words) if words else tr("There is no date."), advice=ADVICE
    )


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
