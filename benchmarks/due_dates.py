"""One due date, beside the least that could be done: a search in a list of working days made beforehand."""

import json
import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from benchmarks.figure import Figure, side_by_side
from member_tracker.domain.charter_file import read_charter
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import LONDON
from member_tracker.domain.vocabulary import Channel, Kind
from member_tracker.domain.working_time import (
    BankHolidays,
    BankHolidaySource,
    Division,
    OpeningHours,
    Purpose,
    WorkingCalendar,
)
from member_tracker.shipped import shipped

STARTS = 20_000
OPENS, SHUTS = time(8, 45), time(17)
OPEN_MINUTE, SHUT_MINUTE = OPENS.hour * 60 + OPENS.minute, SHUTS.hour * 60 + SHUTS.minute


def england_and_wales() -> BankHolidays:
    """The bank holidays that ship with the program."""
    kept = json.loads(shipped("bank_holidays", "england-and-wales.json").read_text("utf-8"))
    sources = tuple(
        BankHolidaySource(
            from_on=date.fromisoformat(source["from"]),
            until_on=date.fromisoformat(source["to"]),
            name=source["source"],
        )
        for source in kept["sources"]
    )
    names = {date.fromisoformat(day): name for day, name in kept["days"].items()}
    return BankHolidays(division=Division.ENGLAND_AND_WALES, names=names, sources=sources)


def starting_points() -> list[datetime]:
    """The same made-up moments in ten years, every time."""
    dice = random.Random(20_230_119)
    first = datetime(2016, 1, 1, tzinfo=LONDON)
    return [first + timedelta(minutes=dice.randrange(10 * 365 * 24 * 60)) for _ in range(STARTS)]


class Least:
    """The limit: the two sums with nothing around them."""

    def __init__(self, holidays: BankHolidays) -> None:
        known = range(holidays.known_from.toordinal(), holidays.known_until.toordinal() + 1)
        closed = {day.toordinal() for day in holidays.names}
        self.working = [day for day in known if (day - 1) % 7 < 5 and day not in closed]

    def days(self, start: date, count: int) -> date:
        """`count` working days on."""
        return date.fromordinal(self.working[bisect_right(self.working, start.toordinal()) - 1 + count])

    def minutes(self, start: datetime, count: int) -> datetime:
        """`count` open minutes on."""
        ordinal, minute = start.toordinal(), start.hour * 60 + start.minute
        place = bisect_left(self.working, ordinal)
        if self.working[place] != ordinal or minute < OPEN_MINUTE:
            minute = OPEN_MINUTE
        elif minute >= SHUT_MINUTE:
            place, minute = place + 1, OPEN_MINUTE
        whole, rest = divmod(minute - OPEN_MINUTE + count, SHUT_MINUTE - OPEN_MINUTE)
        if not rest:
            whole, rest = whole - 1, SHUT_MINUTE - OPEN_MINUTE
        at = OPEN_MINUTE + rest
        return datetime.combine(date.fromordinal(self.working[place + whole]), time(at // 60, at % 60), LONDON)


def figures() -> Iterator[Figure]:
    """Two working days, ten working hours, and both clocks of an email with every line of their ledgers."""
    holidays = england_and_wales()
    hours = OpeningHours(purpose=Purpose.OFFICES, week=((OPENS, SHUTS),) * 5 + (None, None))
    calendar = WorkingCalendar(bank_holidays=holidays, opening_hours=(hours,))
    least, moments = Least(holidays), starting_points()
    days, ten_hours = [moment.date() for moment in moments], timedelta(hours=10)

    assert [calendar.add_working_days(day, 2) for day in days] == [least.days(day, 2) for day in days]
    assert [calendar.add_working_time(at, ten_hours) for at in moments] == [least.minutes(at, 600) for at in moments]

    ours, limit = side_by_side(
        lambda: [calendar.add_working_days(day, 2) for day in days], lambda: [least.days(day, 2) for day in days]
    )
    yield _figure("two working days", ours, limit, at_most=3)
    ours, limit = side_by_side(
        lambda: [calendar.add_working_time(at, ten_hours) for at in moments],
        lambda: [least.minutes(at, 600) for at in moments],
    )
    yield _figure("ten working hours", ours, limit, at_most=3)
    yield _with_ledger(calendar, least, moments)


def _with_ledger(calendar: WorkingCalendar, least: Least, moments: list[datetime]) -> Figure:
    name = "chorley-south-ribble-2023.toml"
    charter = read_charter(name, shipped("charters", name).read_text("utf-8"))

    def both_clocks() -> None:
        for at in moments:
            start_clocks(
                charter=charter, calendar=calendar, channel=Channel.EMAIL, kind=Kind.ENQUIRY, stage=None, received_at=at
            )

    def both_sums() -> None:
        for at in moments:
            least.days(at.date(), 1)
            least.days(at.date(), 2)

    ours, limit = side_by_side(both_clocks, both_sums)
    return _figure("both clocks of an email, with their ledgers", ours, limit, at_most=30)


def _figure(name: str, ours: float, limit: float, *, at_most: float) -> Figure:
    each = 1e6 / STARTS
    return Figure(name=name, ours=ours * each, limit=limit * each, unit="µs", at_most=at_most)
