"""Working days and hours of a council: weekends, bank holidays, closure days and opening hours, in Europe/London."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from member_tracker.domain.dates import LONDON, day_in_words
from member_tracker.domain.errors import TrackerError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKEND = ("Saturday: the council is closed", "Sunday: the council is closed")
_MIDNIGHT = time()


class CalendarUnknown(TrackerError):
    """A day lies outside the years whose bank holidays are known, or no opening hours are set: nothing is guessed."""


class Division(StrEnum):
    """The parts of the United Kingdom that keep bank holidays of their own."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


class Purpose(StrEnum):
    """What opening hours are for."""

    OFFICES = "offices"
    PHONES = "phones"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankHolidaySource:
    """Where the bank holidays of a run of years were taken from."""

    from_on: date
    until_on: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankHolidays:
    """The bank holidays of one division and the years they are known for, with their sources in order of date."""

    division: Division
    names: Mapping[date, str]
    sources: tuple[BankHolidaySource, ...]

    @property
    def known_from(self) -> date:
        """The first day the list speaks of."""
        return self.sources[0].from_on

    @property
    def known_until(self) -> date:
        """The last day the list speaks of."""
        return self.sources[-1].until_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureDay:
    """A day on which the council itself is shut beside weekends and bank holidays."""

    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """Opening and closing time of each weekday from Monday, None where shut, for one purpose and a run of dates."""

    purpose: Purpose
    week: tuple[tuple[time, time] | None, ...]
    from_on: date | None = None
    until_on: date | None = None

    @property
    def weekly_hours(self) -> float:
        """How many hours a week this adds up to."""
        return sum(_seconds(day[1]) - _seconds(day[0]) for day in self.week if day) / 3600

    def applies(self, day: date) -> bool:
        """Whether these hours are in force on `day`."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class _Timetable:
    """Opening second of each working day, and the seconds open before each; one entry more closes the last day."""

    opens: Sequence[int]
    open_before: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """When a council works; every question outside the years its bank holidays are known raises `CalendarUnknown`."""

    bank_holidays: BankHolidays
    closure_days: tuple[ClosureDay, ...] = ()
    opening_hours: tuple[OpeningHours, ...] = ()
    _closed: Mapping[date, str] = field(init=False, repr=False, compare=False)
    _known: tuple[date, date] = field(init=False, repr=False, compare=False)
    _shut_on_weekdays: bool = field(init=False, repr=False, compare=False)
    _working: Sequence[int] = field(init=False, repr=False, compare=False)
    _timetables: dict[Purpose, _Timetable] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        closed = {day.on: f"{day.reason}: closure day" for day in self.closure_days}
        closed |= {on: _named_bank_holiday(name) for on, name in self.bank_holidays.names.items()}
        object.__setattr__(self, "_closed", closed)
        object.__setattr__(self, "_known", (self.known_from, self.known_until))
        shut = any(None in hours.week[:5] for hours in self.opening_hours if hours.purpose is Purpose.OFFICES)
        object.__setattr__(self, "_shut_on_weekdays", shut)
        object.__setattr__(self, "_working", self._working_ordinals())
        object.__setattr__(self, "_timetables", {})

    @property
    def known_from(self) -> date:
        """The first day this calendar can answer for."""
        return self.bank_holidays.known_from

    @property
    def known_until(self) -> date:
        """The last day this calendar can answer for."""
        return self.bank_holidays.known_until

    def why_closed(self, day: date) -> str | None:
        """Why `day` is no working day, in plain words; None where it is one."""
        first, last = self._known
        if not first <= day <= last:
            raise self._unknown(day)
        if named := self._closed.get(day):
            return named
        weekday = day.weekday()
        if weekday >= 5:
            return _WEEKEND[weekday - 5]
        if self._shut_on_weekdays and (hours := self.hours_on(day)) and hours.week[weekday] is None:
            return f"{WEEKDAYS[weekday]}: the offices do not open"
        return None

    def is_working(self, day: date) -> bool:
        """Whether the council works on `day`."""
        return self.why_closed(day) is None

    def working_day_on_or_after(self, day: date) -> date:
        """`day` itself where it is a working day, else the next one."""
        return self._nth(bisect_left(self._working, day.toordinal()), day)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`th working day after `day`, which itself does not count."""
        return self._nth(bisect_right(self._working, day.toordinal()) - 1 + count, day)

    def add_working_time(self, at: datetime, length: timedelta, purpose: Purpose = Purpose.OFFICES) -> datetime:
        """The moment, in London, when the council has been open for `length` since `at`."""
        timetable = self._timetable_for(purpose)
        local = at.astimezone(LONDON)
        ordinal, before = local.toordinal(), timetable.open_before
        self._must_know(local.date())
        place = bisect_left(self._working, ordinal)
        done = before[place]
        if place < len(self._working) and self._working[place] == ordinal:
            since_opening = local.hour * 3600 + local.minute * 60 + local.second - timetable.opens[place]
            done += min(max(since_opening, 0), before[place + 1] - done)
        target = done + length.days * 86400 + length.seconds
        last = bisect_left(before, target) - 1
        if last >= len(self._working):
            raise self._unknown(self.known_until + timedelta(days=1))
        midnight = datetime.combine(date.fromordinal(self._working[last]), _MIDNIGHT, LONDON)
        return midnight + timedelta(seconds=timetable.opens[last] + target - before[last])

    def time_open(self, day: date, purpose: Purpose = Purpose.OFFICES) -> tuple[time, time] | None:
        """Opening and closing time on `day`; None where it is no working day or no hours are set."""
        hours = self.hours_on(day, purpose)
        return hours.week[day.weekday()] if hours and self.is_working(day) else None

    def hours_on(self, day: date, purpose: Purpose = Purpose.OFFICES) -> OpeningHours | None:
        """The opening hours in force on `day`; None where none are set."""
        return next((hours for hours in self.opening_hours if hours.purpose is purpose and hours.applies(day)), None)

    def _must_know(self, day: date) -> None:
        first, last = self._known
        if not first <= day <= last:
            raise self._unknown(day)

    def _nth(self, place: int, day: date) -> date:
        """The working day at `place` in the list, asked for from `day` on."""
        self._must_know(day)
        if place >= len(self._working):
            raise self._unknown(self.known_until + timedelta(days=1))
        return date.fromordinal(self._working[place])

    def _unknown(self, day: date) -> CalendarUnknown:
        return CalendarUnknown(
            f"The bank holidays of {day_in_words(day)} are not known.",
            advice=f"They are known from {day_in_words(self.known_from)} to {day_in_words(self.known_until)}:"
            " set the date by hand, or bring the program up to date.",
        )

    def _working_ordinals(self) -> list[int]:
        closed = {day.toordinal() for day in self._closed}
        known = range(self.known_from.toordinal(), self.known_until.toordinal() + 1)
        weekdays = [ordinal for ordinal in known if (ordinal + 6) % 7 < 5 and ordinal not in closed]
        if not self._shut_on_weekdays:
            return weekdays
        return [ordinal for ordinal in weekdays if self.is_working(date.fromordinal(ordinal))]

    def _timetable(self, purpose: Purpose) -> _Timetable:
        opens: list[int] = []
        open_before = [0]
        hours, spans = None, [(0, 0)] * 7
        for ordinal in self._working:
            day = date.fromordinal(ordinal)
            if hours is None or not hours.applies(day):
                hours = self.hours_on(day, purpose)
                spans = [_span(times) for times in hours.week] if hours else [(0, 0)] * 7
            opening, length = spans[(ordinal + 6) % 7]
            opens.append(opening)
            open_before.append(open_before[-1] + length)
        return _Timetable(opens, open_before)

    def _timetable_for(self, purpose: Purpose) -> _Timetable:
        if timetable := self._timetables.get(purpose):
            return timetable
        if any(hours.purpose is purpose for hours in self.opening_hours):
            # Made when hours are first counted: days alone, which a start asks for, need none.
            return self._timetables.setdefault(purpose, self._timetable(purpose))
        raise CalendarUnknown(
            f"No opening hours of the {purpose} are set, so working hours cannot be counted.",
            advice="Set the council's opening hours first.",
        )


def weekday_name(day: date) -> str:
    """The English name of the weekday, whatever language the machine speaks."""
    return WEEKDAYS[day.weekday()]


def _named_bank_holiday(name: str) -> str:
    return name if "bank holiday" in name.lower() else f"{name}: bank holiday"


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _span(day: tuple[time, time] | None) -> tuple[int, int]:
    """Opening second and seconds open; (0, 0) where shut."""
    return (_seconds(day[0]), _seconds(day[1]) - _seconds(day[0])) if day else (0, 0)
