"""The time a report is about: a month, a quarter, a financial year from 1 April, or any two days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from member_tracker.domain.dates import LONDON, day_in_words
from member_tracker.domain.errors import Invalid

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days from `first` to `last`, both counted, as the office calendar has them."""

    first: date
    last: date

    @property
    def starts_at(self) -> datetime:
        """The first moment of it."""
        return datetime.combine(self.first, time.min, LONDON)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + _ONE, time.min, LONDON)

    @property
    def words(self) -> str:
        """The period as a person says it."""
        if self == month_of(self.first):
            return plain_day(self.first).partition(" ")[2]
        if self == year_of(self.first):
            return f"financial year {_years(self.first)}"
        said = f"{plain_day(self.first)} to {plain_day(self.last)}"
        if self == quarter_of(self.first):
            return f"quarter {(self.first.month - 4) % 12 // 3 + 1} of {_years(self.first)} ({said})"
        return said

    def stretches(self) -> "Iterator[Stretch]":
        """The months it is made of, the first and the last of them perhaps in part."""
        day = self.first
        while day <= self.last:
            month = month_of(day)
            end = min(month.last, self.last)
            part = Period(first=day, last=end)
            yield Stretch(part=part, month=f"{day:%Y-%m}" if part == month else None)
            day = end + _ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Part of a period within one month; `month` names it where it is the whole of it."""

    part: Period
    month: str | None


def plain_day(on: date) -> str:
    """A day such as “4 June 2026”."""
    return day_in_words(on).partition(" ")[2]


def between(first: date, last: date) -> Period:
    """The days from one to another; refused where the second comes before the first."""
    if last < first:
        raise Invalid(
            f"{plain_day(last)} comes before {plain_day(first)}.", advice="Give the first day of the period first."
        )
    return Period(first=first, last=last)


def month_of(day: date) -> Period:
    """The month that holds a day."""
    first = day.replace(day=1)
    return Period(first=first, last=_next_month(first) - _ONE)


def quarter_of(day: date) -> Period:
    """The quarter that holds a day; the first one of a financial year begins on 1 April."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(first=first, last=_next_month(first, 3) - _ONE)


def year_of(day: date) -> Period:
    """The financial year that holds a day: 1 April to 31 March."""
    first = date(day.year - (day.month < 4), 4, 1)
    return Period(first=first, last=date(first.year + 1, 3, 31))


def _next_month(first: date, months: int = 1) -> date:
    ahead = first.month - 1 + months
    return date(first.year + ahead // 12, ahead % 12 + 1, 1)


def _years(first: date) -> str:
    start = first.year - (first.month < 4)
    return f"{start}/{(start + 1) % 100:02}"
