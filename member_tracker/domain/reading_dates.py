"""Dates as people write them in mail, read the British way: day before month, working days counted with holidays."""

import calendar as months
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from member_tracker.domain.errors import TrackerError


class WorkingDays(Protocol):
    """Counts working days; a day beyond the known holidays raises a `TrackerError`."""

    def add_working_days(self, day: date, count: int) -> date:
        """The working day `count` working days after `day`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date found in a sentence; `start` and `end` are where its words stand.

    `certainty` is 2 for a day named outright, 1 for a length of time or an end of something, 0 for “next week”.
    """

    on: date
    start: int
    end: int
    words: str
    certainty: int


_CERTAINTY = {"day_only": 1, "latest": 1, "span": 1, "end_of": 1, "weekday": 1, "middle": 1, "from_now": 1, "near": 0}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan ionawr", "february feb chwefror", "march mar mawrth", "april apr ebrill",
            "may mai", "june jun mehefin", "july jul gorffennaf", "august aug awst",
            "september sept sep medi", "october oct hydref", "november nov tachwedd", "december dec rhagfyr",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon llun", "tuesday tues tue", "wednesday wed weds mercher", "thursday thurs thur thu iau",
            "friday fri gwener", "saturday sat sadwrn", "sunday sun sul",
        )
    )
    for name in names.split()
}  # fmt: skip
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "couple of": 2, "twenty-one": 21, "twenty one": 21, "twenty-eight": 28, "thirty": 30}


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = rf"(?P<month>{_one_of(_MONTHS)})\b\.?"
_WEEKDAY = rf"(?:{_one_of(_WEEKDAYS)})"
_NUMBER = rf"(?:\d{{1,3}}|{_one_of(_NUMBERS)})"
_WEEK_OF = r"(?P<week>(?:week (?:commencing|beginning|starting|of)|w/?c|w/?b)(?: on)?(?: the)? )?"
_DAY = r"(?P<day>\d{1,2})"

_PATTERNS: dict[str, tuple[str, ...]] = {
    "iso": (r"\b(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b",),
    "day_month": (
        rf"\b{_WEEK_OF}(?:{_WEEKDAY}\.?,? (?:the )?)?{_DAY}(?:st|nd|rd|th|ain|af|fed|ydd)?,? (?:of |o )?{_MONTH}",
        r"(?:,? (?P<year>20\d\d|'?\d\d(?![\d:.]|\s?[ap]m)))?",
    ),
    "month_day": (
        rf"\b{_WEEK_OF}(?:{_WEEKDAY},? )?{_MONTH} (?:the )?{_DAY}(?:st|nd|rd|th)?\b(?![:.]\d)",
        r"(?:,? (?P<year>20\d\d))?",
    ),
    "numeric": (rf"\b{_WEEK_OF}{_DAY}(?P<dash>[/.-])(?P<number>\d{{1,2}})(?P=dash)(?P<year>20\d\d|\d\d)\b",),
    "slashed": (
        rf"\b(?:(?P<lead>by|on|before|until|till|from|due|week commencing|w/?c|{_WEEKDAY}),?(?: the)? )",
        rf"{_DAY}/(?P<number>\d{{1,2}})\b(?![/.]?\d)",
    ),
    "day_only": (r"\b(?:by|on|until|till|before|from) the (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?! of\b)",),
    "next_week_day": (
        rf"\b(?:next week,? (?:on )?(?P<after>{_WEEKDAY})|(?P<before>{_WEEKDAY}),?(?: of)? next week)\b",
    ),
    "week_after": (
        r"(?<!this )(?<!last )(?<!next )(?<!each )(?<!every )(?<!per )",
        r"\b(?:(?P<count>a|one|two|three|four|\d) )?(?P<unit>week|fortnight)s?,? ",
        r"(?:on |from |come |this |this coming )?",
        rf"(?P<name>today|tomorrow|now|{_WEEKDAY})\b",
    ),
    "day_week": (rf"\b(?P<name>today|tomorrow|{_WEEKDAY}) (?P<unit>week|fortnight)\b(?! (?:commencing|beginning))",),
    "week_of_day": (
        r"\b(?:week (?:commencing|beginning|starting)|w/?c|w/?b)(?: on)?(?: the)? (?P<next>next )?",
        rf"(?:(?P<name>{_WEEKDAY})|(?P<day>\d{{1,2}})(?:st|nd|rd|th))\b",
    ),
    "span": (
        r"\b(?:within|in|inside|takes?|up to|over)",
        r"(?: up to| around| about| approximately| another| roughly| a maximum of)?",
        r"(?: the)?(?: next| coming| following)? ",
        rf"(?:{_NUMBER}(?: to | or | ?[-–] ?))?(?P<count>{_NUMBER})?(?: more)? ?",
        r"(?P<working>working |business |clear working )?(?P<unit>hour|day|week|fortnight|month)s?\b",
    ),
    "from_now": (
        rf"\b(?P<count>{_NUMBER}) (?P<working>working |business )?(?P<unit>day|week|fortnight|month)s?'?s? ",
        r"(?:time|from (?:today|now|receipt|the date of this))\b",
    ),
    "middle": (rf"\b(?:in |by |around )?(?:the )?mid(?:dle of)?[- ]{_MONTH}",),
    "end_of": (
        r"\b(?:by |before |at |towards )?(?:the )?(?:end|close|cop|cob)(?: of)?(?: play| business)?(?: of| on)?",
        r"(?: the| this)? ",
        rf"(?P<which>next week|next month|the week|week|month|today|tomorrow|day|(?:next )?{_WEEKDAY}|{_MONTH})\b",
    ),
    "weekday": (
        r"\b(?P<lead>by|on|before|until|till|this|next|coming|from|for|dydd)(?: this| next| coming)? ",
        rf"(?P<name>{_WEEKDAY})\b",
    ),
    "latest": (rf"\b(?P<name>{_WEEKDAY}) (?:at the (?:very )?latest|or sooner|if not before)\b",),
    "near": (
        r"\b(?:by |until |before )?(?P<which>the weekend|today|tomorrow|yfory|",
        r"(?:early |later |some ?time |mid[- ]?)?(?:next|this) week)\b",
    ),
}
_READERS = tuple((name, re.compile("".join(pieces))) for name, pieces in _PATTERNS.items())
_HINT = re.compile(
    rf"\d|\b(?:{_WEEKDAY}|{_one_of(_MONTHS)}|today|tomorrow|yfory|week|month|day|hour|fortnight|end of|close of)"
)


def find_dates(sentence: str, *, said_on: date, working_days: WorkingDays | None) -> tuple[Dated, ...]:
    """The dates in a sentence in order, past and future; without `working_days` spans of working days are passed over.

    `sentence` is in lower case with single spaces. A date without a year is the nearest to `said_on` that makes sense.
    """
    if not _HINT.search(sentence):
        return ()
    found: list[Dated] = []
    taken: list[tuple[int, int]] = []
    for name, pattern in _READERS:
        for words in pattern.finditer(sentence):
            if any(start < words.end() and words.start() < end for start, end in taken):
                continue
            if (on := _READ[name](words, said_on, working_days)) is not None:
                taken.append(words.span())
                certainty = _CERTAINTY.get(name, 2)
                found.append(
                    Dated(on=on, start=words.start(), end=words.end(), words=words.group(), certainty=certainty)
                )
    return tuple(sorted(found, key=lambda one: one.start))


def _iso(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    return _day(int(words["year"]), int(words["number"]), int(words["day"]))


def _day_month(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    year = (words["year"] or "").lstrip("'")
    on = _on(int(words["day"]), _MONTHS[words["month"]], year, said_on)
    return _friday_of(on) if on and words["week"] else on


def _numeric(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    on = _on(int(words["day"]), int(words["number"]), words["year"], said_on)
    return _friday_of(on) if on and words["week"] else on


def _slashed(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    if (words["day"], words["number"]) in {("24", "7"), ("1", "2"), ("1", "3"), ("1", "4"), ("3", "4")}:
        return None
    on = _on(int(words["day"]), int(words["number"]), "", said_on)
    return _friday_of(on) if on and words["lead"].startswith("w") and words["lead"] not in _WEEKDAYS else on


def _day_only(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    """The next day of that number; “on the 12th” with nothing else says no month."""
    for ahead in (0, 1):
        month = _months_later(said_on.replace(day=1), ahead)
        on = _day(month.year, month.month, int(words["day"]))
        if on is not None and on >= said_on:
            return on
    return None


def _next_week_day(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    """“Next week on Tuesday”, “Tuesday next week”."""
    monday = said_on + timedelta(days=7 - said_on.weekday())
    return monday + timedelta(days=_WEEKDAYS[words["after"] or words["before"]])


def _week_after(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    """“A week on Friday”, “a fortnight today”: so many weeks after the day that is named."""
    given = words["count"] or "a"
    weeks = int(given) if given.isdecimal() else _NUMBERS[given]
    return _named_day(words["name"], said_on) + timedelta(days=weeks * _DAYS_OF[words["unit"]])


def _day_week(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    """“Friday week”, “tomorrow week”: a week after the day that is named."""
    return _named_day(words["name"], said_on) + timedelta(days=_DAYS_OF[words["unit"]])


def _week_of_day(words: re.Match[str], said_on: date, working_days: WorkingDays | None) -> date | None:
    """“W/c Monday”, “w/c 7th”: the Friday of the week that begins then."""
    if words["day"]:
        begins = _day_only(words, said_on, working_days)
    else:
        begins = _next_weekday(said_on, _WEEKDAYS[words["name"]], after_this_week=words["next"] is not None)
    return _friday_of(begins) if begins else None


def _named_day(name: str, said_on: date) -> date:
    if name in _NEAR_DAYS:
        return said_on + timedelta(days=_NEAR_DAYS[name])
    return _next_weekday(said_on, _WEEKDAYS[name], after_this_week=False)


_NEAR_DAYS = {"today": 0, "now": 0, "tomorrow": 1}
_DAYS_OF = {"week": 7, "fortnight": 14}


def _from_now(words: re.Match[str], said_on: date, working_days: WorkingDays | None) -> date | None:
    count = _NUMBERS.get(words["count"]) if words["count"] in _NUMBERS else int(words["count"])
    if words["working"]:
        return _working(said_on, (count or 0) * {"week": 5, "day": 1}.get(words["unit"], 0), working_days)
    if words["unit"] == "month":
        return _months_later(said_on, count or 0)
    return said_on + timedelta(days=(count or 0) * {"day": 1, **_DAYS_OF}[words["unit"]])


def _middle(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    end = _month_end(said_on, _MONTHS[words["month"]])
    return end.replace(day=15)


def _span(words: re.Match[str], said_on: date, working_days: WorkingDays | None) -> date | None:
    count = _NUMBERS.get(words["count"]) if words["count"] in _NUMBERS else int(words["count"] or 1)
    unit = words["unit"]
    if count is None or (unit in {"day", "hour"} and not words["count"]):
        return None
    if words["working"]:
        return _working(said_on, count * {"week": 5, "hour": 0}.get(unit, 1), working_days)
    if unit == "month":
        return _months_later(said_on, count)
    days = {"hour": -(-count // 24), "day": count, "week": 7 * count, "fortnight": 14 * count}[unit]
    return said_on + timedelta(days=days)


def _end_of(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    which = words["which"]
    if words["month"]:
        return _month_end(said_on, _MONTHS[words["month"]])
    if which in {"today", "day"}:
        return said_on
    if which == "tomorrow":
        return said_on + timedelta(days=1)
    if which.endswith("week"):
        return _friday_of(said_on + timedelta(days=7 if which.startswith("next") else 0))
    if which.endswith("month"):
        return _month_end(_months_later(said_on, 1) if which.startswith("next") else said_on, None)
    return _next_weekday(said_on, _WEEKDAYS[which.removeprefix("next ")], after_this_week=which.startswith("next"))


def _weekday(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    after_this_week = words["lead"] == "next" or " next " in words.group()
    return _next_weekday(said_on, _WEEKDAYS[words["name"]], after_this_week=after_this_week)


def _latest(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    return _next_weekday(said_on, _WEEKDAYS[words["name"]], after_this_week=False)


def _near(words: re.Match[str], said_on: date, _: WorkingDays | None) -> date | None:
    which = words["which"]
    if which == "today":
        return said_on
    if which in {"tomorrow", "yfory"}:
        return said_on + timedelta(days=1)
    return _friday_of(said_on + timedelta(days=7 if "next" in which else 0))


_READ: dict[str, Callable[[re.Match[str], date, WorkingDays | None], date | None]] = {
    "iso": _iso,
    "day_month": _day_month,
    "month_day": _day_month,
    "numeric": _numeric,
    "slashed": _slashed,
    "day_only": _day_only,
    "next_week_day": _next_week_day,
    "week_after": _week_after,
    "day_week": _day_week,
    "week_of_day": _week_of_day,
    "span": _span,
    "from_now": _from_now,
    "middle": _middle,
    "end_of": _end_of,
    "weekday": _weekday,
    "latest": _latest,
    "near": _near,
}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _on(day: int, month: int, year: str, said_on: date) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return next(_possible(day, month, said_on), None)


def _possible(day: int, month: int, said_on: date) -> Iterator[date]:
    """The one reading of a date without a year that lies from five months ago to seven months ahead."""
    for year in (said_on.year, said_on.year + 1, said_on.year - 1):
        on = _day(year, month, day)
        if on is not None and timedelta(days=-160) <= on - said_on <= timedelta(days=205):
            yield on


def _friday_of(day: date) -> date:
    """The Friday of that week; on a weekend the day itself."""
    return day + timedelta(days=max(0, 4 - day.weekday()))


def _next_weekday(said_on: date, weekday: int, *, after_this_week: bool) -> date:
    """The first such day after `said_on`; “next” means in the week after this one."""
    ahead = (weekday - said_on.weekday() - 1) % 7 + 1
    same_week = said_on.weekday() + ahead < 7
    return said_on + timedelta(days=ahead + (7 if after_this_week and same_week else 0))


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def _month_end(day: date, month: int | None) -> date:
    """The last day of the month, the next one of that name where a month is given."""
    month = month or day.month
    year = day.year + (month < day.month)
    return date(year, month, months.monthrange(year, month)[1])


def _working(said_on: date, count: int, working_days: WorkingDays | None) -> date | None:
    """None where the holidays of that time are not known: better no date than a wrong one."""
    if working_days is None or not count:
        return None
    try:
        return working_days.add_working_days(said_on, count)
    except TrackerError:
        return None
