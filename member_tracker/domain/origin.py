"""Where a count begins: the moment of an event, the day that is day 0, and the rows of the ledger up to that day."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from member_tracker.domain.clock import ClockEntry
from member_tracker.domain.dates import LONDON
from member_tracker.domain.vocabulary import AfterHours
from member_tracker.domain.working_time import WEEKDAYS, CalendarUnknown, WorkingCalendar

DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)


class Origin(NamedTuple):
    """The moment a count begins and how it is said, its day 0, and the rows of the ledger up to that day."""

    at: datetime
    said: str
    day_zero: date
    entries: tuple[ClockEntry, ...]
    provisional: bool = False


class Counted(NamedTuple):
    """What a count comes to: the last day, the last second, every day on the way, and whether it stands still."""

    due_by: date | None
    due_at: datetime | None
    entries: tuple[ClockEntry, ...]
    paused_since: datetime | None = None


def day_zero(calendar: WorkingCalendar, at: datetime, after_hours: AfterHours) -> date:
    """The date that contact at `at` counts from; the closing minute itself counts as after closing."""
    local = at.astimezone(LONDON)
    day = local.date()
    if after_hours is AfterHours.SAME_DAY:
        return day
    if not calendar.is_working(day):
        return calendar.working_day_on_or_after(day)
    hours = calendar.time_open(day)
    return calendar.working_day_on_or_after(day + DAY) if hours and local.time() >= hours[1] else day


def dated(calendar: WorkingCalendar, verb: str, at: datetime, after_hours: AfterHours) -> Origin:
    """The origin at a moment, with an entry for each day that it is put off to the next working day."""
    local = at.astimezone(LONDON)
    day = local.date()
    zero = day if after_hours is AfterHours.SAME_DAY else day_zero(calendar, local, after_hours)
    said = f"{verb} {local.hour:02}:{local.minute:02} on {WEEKDAYS[day.weekday()]}"
    if zero == day:
        return Origin(at, said, day, (ClockEntry(on=day, counted=False, reason=f"{said}: day 0"),))
    closed, hours = calendar.why_closed(day), calendar.time_open(day)
    why = f"no working day ({closed})" if closed else f"after closing at {hours[1]:%H:%M}" if hours else "closed"
    entries = [uncounted(day, f"{said}, {why}: counts from the next working day")]
    while (day := day + DAY) < zero:
        entries.append(uncounted(day, calendar.why_closed(day) or ""))
    entries.append(uncounted(zero, f"Counts as the day it was {verb.lower()}: day 0"))
    return Origin(at, said, zero, tuple(entries))


def dated_if_known(
    calendar: WorkingCalendar, verb: str, at: datetime, after_hours: AfterHours
) -> Origin | CalendarUnknown:
    """The origin at a moment, or why the calendar cannot date it."""
    try:
        return dated(calendar, verb, at, after_hours)
    except CalendarUnknown as unknown:
        return unknown


def uncounted(day: date, reason: str) -> ClockEntry:
    """A row of the ledger for a day that does not count."""
    return ClockEntry(on=day, counted=False, reason=reason)


@lru_cache(maxsize=4096)
def end_of(day: date) -> datetime:
    """The last second of a day in London, in UTC."""
    return datetime.combine(day, _LAST_SECOND, LONDON).astimezone(UTC)
