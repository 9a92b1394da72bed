"""Counting hours: those the offices are open, or, where a promise is by the clock, every one; pauses are left out."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from member_tracker.domain.charter import Target, Unit
from member_tracker.domain.clock import ClockEntry
from member_tracker.domain.dates import LONDON, local_date, moment_in_words
from member_tracker.domain.origin import DAY, Counted, Origin, end_of, uncounted
from member_tracker.domain.pause import Pause, open_pause, pause_at, paused_since, running_between
from member_tracker.domain.working_time import WorkingCalendar

_NO_TIME = timedelta()
_SECOND = timedelta(seconds=1)
_LENGTHS = {Unit.SECOND: timedelta(seconds=1), Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}

_Stretch = tuple[datetime, datetime | None]


def count_in_working_hours(
    calendar: WorkingCalendar, target: Target, origin: Origin, pauses: Sequence[Pause]
) -> Counted:
    """The last second of a promise in hours the offices are open, with a row for every day."""
    left = timedelta(hours=target.amount)
    calendar.add_working_time(origin.at, left)  # refuses where no opening hours are set
    since = origin.at.astimezone(UTC).replace(microsecond=0)
    day = local_date(since)
    entries: list[ClockEntry] = []
    while True:
        hours = calendar.time_open(day)
        stretches = _open_stretches(day, hours, since, pauses) if hours else []
        used, due_at = _use_up(left, stretches, pauses)
        left -= used
        on = _paused_on(day, hours, pauses)
        said = f"{origin.said}: " if not entries else ""
        entries.append(_hours_of_a_day(day, said, calendar.why_closed(day), (used, left, due_at), on))
        if due_at is not None:
            return Counted(day, due_at, tuple(entries))
        if hours and (waiting := _waiting(day, _closing(day, hours) - _SECOND, pauses)):
            row, stands_still = waiting
            return Counted(None, None, (*entries, row), stands_still)
        day += DAY


def count_by_the_clock(target: Target, origin: Origin, pauses: Sequence[Pause]) -> Counted:
    """Seconds and minutes give no due day; hours do, whatever the opening times."""
    start_at = origin.at.astimezone(UTC)
    start = local_date(start_at)
    if target.unit.is_instant:
        said = f"{origin.said}: {target.within}, too short for a due day"
        return Counted(None, start_at + target.amount * _LENGTHS[target.unit], (uncounted(start, said),))
    stretches = running_between(pauses, start_at, None)
    _, due_at = _use_up(target.amount * _LENGTHS[target.unit], stretches, pauses)
    still = open_pause(pauses)
    waiting = _waiting(max(local_date(still.from_at), start + DAY), still.from_at, pauses) if still else None
    if due_at is None and waiting is not None:
        last, since = waiting
        reached = last.on
    else:
        local = (due_at or start_at).astimezone(LONDON)
        reached, since = local.date(), None
        last = ClockEntry(on=reached, counted=True, reason=f"{target.amount} hours are up at {local:%H:%M}")
    entries = [uncounted(start, f"{origin.said}: {target.amount} hours from then")]
    between = (date.fromordinal(ordinal) for ordinal in range(start.toordinal() + 1, reached.toordinal()))
    entries += [_day_by_the_clock(day, pauses) for day in between]
    return Counted(reached if due_at else None, due_at, (*entries, last), since)


def _use_up(
    left: timedelta, stretches: Iterable[_Stretch], pauses: Sequence[Pause]
) -> tuple[timedelta, datetime | None]:
    """How much of `left` the stretches take, and when the last of it is gone; None where they are too short for it.

    What is gone at the very moment a pause begins is not gone before the pause ends.
    """
    used = _NO_TIME
    for start, end in stretches:
        rest = left - used
        if end is None or rest < end - start or (rest == end - start and not pause_at(pauses, end)):
            return left, start + rest
        used += end - start
    return used, None


def _waiting(day: date, at: datetime, pauses: Sequence[Pause]) -> tuple[ClockEntry, datetime] | None:
    """The last row of a clock that stands still at `at` without an end, and since when; None where it runs on."""
    still = pause_at(pauses, at)
    if still is None or still.until_at is not None:
        return None
    since = paused_since(pauses, at)
    said = f"Paused since {moment_in_words(since)}: {still.said}"
    return ClockEntry(on=day, counted=False, reason=said, paused=True), since


def _open_stretches(
    day: date, hours: tuple[time, time], since: datetime, pauses: Sequence[Pause]
) -> Iterable[_Stretch]:
    start, closing = max(datetime.combine(day, hours[0], LONDON).astimezone(UTC), since), _closing(day, hours)
    return running_between(pauses, start, closing) if start < closing else ()


def _paused_on(day: date, hours: tuple[time, time] | None, pauses: Sequence[Pause]) -> Pause | None:
    """A pause that takes something from the opening time of that day."""
    if hours is None:
        return None
    opening = datetime.combine(day, hours[0], LONDON).astimezone(UTC)
    return _touching(pauses, opening, _closing(day, hours))


def _touching(pauses: Sequence[Pause], start: datetime, end: datetime) -> Pause | None:
    touching = (p for p in pauses if p.from_at < end and (p.until_at is None or p.until_at > start))
    return next(touching, None)


def _hours_of_a_day(
    day: date,
    said: str,
    closed: str | None,
    counted: tuple[timedelta, timedelta, datetime | None],
    on: Pause | None,
) -> ClockEntry:
    used, left, due_at = counted
    if closed:
        return uncounted(day, f"{said}{closed}")
    paused = f", paused: {on.said}" if on else ""
    counts = used > _NO_TIME or due_at is not None
    reason = f"{said}{_in_words(used)} counted, {_in_words(left)} left{paused}"
    return ClockEntry(on=day, counted=counts, reason=reason, paused=bool(on) and not counts)


def _day_by_the_clock(day: date, pauses: Sequence[Pause]) -> ClockEntry:
    on = _touching(pauses, end_of(day - DAY) + _SECOND, end_of(day))
    if on is None:
        return uncounted(day, "The hours run on, open or closed")
    return ClockEntry(on=day, counted=False, reason=f"Paused for all or some of the day: {on.said}", paused=True)


def _closing(day: date, hours: tuple[time, time]) -> datetime:
    return datetime.combine(day, hours[1], LONDON).astimezone(UTC)


def _in_words(length: timedelta) -> str:
    hours, seconds = divmod(int(length.total_seconds()), 3600)
    minutes, seconds = divmod(seconds, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return " ".join(part for part in parts if part) or "nothing"
