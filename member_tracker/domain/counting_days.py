"""Counting working days: each one counts when the office closes, unless the clock then stands still (`pause.py`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from member_tracker.domain.charter import Target, Unit
from member_tracker.domain.clock import ClockEntry
from member_tracker.domain.dates import LONDON, moment_in_words
from member_tracker.domain.origin import DAY, Counted, Origin, end_of
from member_tracker.domain.pause import Pause, pause_at, paused_since
from member_tracker.domain.working_time import WorkingCalendar

_SECOND = timedelta(seconds=1)


def count_in_days(
    calendar: WorkingCalendar, target: Target, origin: Origin, pauses: Sequence[Pause], *, day_received: int
) -> Counted:
    """The last day and second of a promise in working days, with a row for every day; `day_received` is 0 or 1."""
    zero, opening = origin.day_zero, origin.entries
    by_closing = target.unit is Unit.CLOSE_OF_WORKING_DAY
    is_day_one = day_received == 1 and not by_closing and calendar.is_working(zero)
    before = zero - DAY if is_day_one else zero
    if pauses:
        due, entries, stands_still = _count_with_pauses(calendar, before, target, pauses)
    else:
        due, entries = count_working_days(calendar, before, target.amount)
        stands_still = None
    if is_day_one:
        said, first = opening[-1].reason.removesuffix("day 0"), entries[0]
        entries[0] = replace(first, reason=f"{said}{first.reason[0].lower()}{first.reason[1:]}")
        opening = opening[:-1]
    last_second = (_closing_second(calendar, due) if by_closing else end_of(due)) if due else None
    return Counted(due, last_second, (*opening, *entries), stands_still)


def count_working_days(calendar: WorkingCalendar, day: date, amount: int) -> tuple[date, list[ClockEntry]]:
    """The `amount`th working day after `day`, with an entry for every day looked at."""
    calendar.why_closed(day)
    entries = []
    number = 0
    why_closed = calendar.why_closed
    while number < amount:
        day += DAY
        if closed := why_closed(day):
            entries.append(_closed_day(day, closed))
        else:
            number += 1
            entries.append(_working_day(day, number, amount))
    return day, entries


def _count_with_pauses(
    calendar: WorkingCalendar, day: date, target: Target, pauses: Sequence[Pause]
) -> tuple[date | None, list[ClockEntry], datetime | None]:
    """The same where the clock may stand still; without a day, and with the moment, where it does not run again."""
    calendar.why_closed(day)
    entries: list[ClockEntry] = []
    number = 0
    while number < target.amount:
        day += DAY
        if closed := calendar.why_closed(day):
            entries.append(_closed_day(day, closed))
            continue
        at = _closing_second(calendar, day)
        still = pause_at(pauses, at)
        if still is None and number + 1 == target.amount and target.unit is not Unit.CLOSE_OF_WORKING_DAY:
            at = end_of(day)
            still = pause_at(pauses, at)
        if still is None:
            number += 1
            entries.append(_worked_day(calendar, day, _working_day(day, number, target.amount), pauses))
            continue
        since = paused_since(pauses, at) if still.until_at is None else None
        entries.append(_paused_day(day, still, since, carried_over=at != _closing_second(calendar, day)))
        if since is not None:
            return None, entries, since
    return day, entries, None


def _paused_day(day: date, still: Pause, since: datetime | None, *, carried_over: bool) -> ClockEntry:
    if since is not None:
        said = f"Paused since {moment_in_words(since)}: {still.said}"
    elif carried_over:
        said = f"Paused when the last day ended, so it is carried over: {still.said}"
    else:
        said = f"Paused at closing time: {still.said}"
    return ClockEntry(on=day, counted=False, reason=said, paused=True)


def _worked_day(calendar: WorkingCalendar, day: date, entry: ClockEntry, pauses: Sequence[Pause]) -> ClockEntry:
    """The row of a day that counts, saying so where the clock stood still for some of it and ran again by closing."""
    hours = calendar.time_open(day)
    if hours is None:
        return entry
    opens = datetime.combine(day, hours[0], LONDON).astimezone(UTC)
    closes = _closing_second(calendar, day)
    partly = next((p for p in pauses if p.from_at <= closes and p.until_at is not None and p.until_at > opens), None)
    if partly is None:
        return entry
    return replace(entry, reason=f"{entry.reason}: paused for some of the day, running at closing time ({partly.said})")


def _closing_second(calendar: WorkingCalendar, day: date) -> datetime:
    """The last second the offices are open, of the day itself where no hours are set, in UTC."""
    hours = calendar.time_open(day)
    if hours is None:
        return end_of(day)
    return datetime.combine(day, hours[1], LONDON).astimezone(UTC) - _SECOND


@lru_cache(maxsize=8192)
def _working_day(day: date, number: int, amount: int) -> ClockEntry:
    return ClockEntry(on=day, counted=True, reason=f"Working day {number} of {amount}")


@lru_cache(maxsize=8192)
def _closed_day(day: date, reason: str) -> ClockEntry:
    return ClockEntry(on=day, counted=False, reason=reason)
