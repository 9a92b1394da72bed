"""Starting the clocks: counting a charter's times on a council's calendar, and writing down every day of it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from member_tracker.domain.charter import Charter, Standard, Target, Unit, standard_for
from member_tracker.domain.clock import Clock, ClockEntry, Clocks, Step
from member_tracker.domain.dates import LONDON, local_date
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage, Start
from member_tracker.domain.working_time import WEEKDAYS, CalendarUnknown, WorkingCalendar

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_NO_TIME = timedelta()
_LAST_SECOND = time(23, 59, 59)
_IN_DAYS = (Unit.WORKING_DAY, Unit.CLOSE_OF_WORKING_DAY)
_LENGTHS = {Unit.SECOND: timedelta(seconds=1), Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}


_Counted = tuple[date | None, datetime | None, tuple[ClockEntry, ...]]
"""What a count comes to: the last day, the last second, and every day on the way."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a count begins: the moment and how it is said, the day that is day 0, and the ledger up to that day."""

    at: datetime
    said: str
    day_zero: date
    entries: tuple[ClockEntry, ...]
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class _Counting:
    """What a count rests on: the calendar, how contact is dated, and the events that start clocks."""

    calendar: WorkingCalendar
    after_hours: AfterHours
    day_received: int
    contact: str
    received: _Origin | CalendarUnknown
    sent_at: datetime | None
    acknowledged_at: datetime | None


def start_clocks(
    *,
    charter: Charter,
    calendar: WorkingCalendar,
    channel: Channel,
    kind: Kind,
    stage: Stage | None,
    received_at: datetime,
    sent_at: datetime | None = None,
    acknowledged_at: datetime | None = None,
    returned_at: datetime | None = None,
    after_hours: AfterHours | None = None,
) -> Clocks:
    """Both clocks of a contact under `charter`; call again with `sent_at` or `acknowledged_at` once those are known.

    `returned_at` is when an officer who was away came back; `after_hours` overrides the charter's reading. A date the
    calendar does not reach is None, with a warning.
    """
    reading = after_hours or charter.after_hours
    contact = _contact_in_words(channel, kind, stage)
    received = _dated_if_known(calendar, "Received", received_at, reading)
    counting = _Counting(calendar, reading, charter.day_received, contact, received, sent_at, acknowledged_at)
    standard = standard_for(charter, channel, kind, stage)
    acknowledge, respond = _both_clocks(counting, standard, returned_at) if standard else (None, None)
    return Clocks(
        charter_id=charter.id,
        standard_id=standard.id if standard else None,
        received_at=received_at.astimezone(UTC),
        after_hours=reading,
        counts_from=_counts_from(counting, acknowledge or respond),
        acknowledge=acknowledge,
        respond=respond,
        note=None if acknowledge or respond else _nothing_promised(received_at, contact, charter, standard),
    )


def day_zero(calendar: WorkingCalendar, at: datetime, after_hours: AfterHours) -> date:
    """The date that contact at `at` counts from; the closing minute itself counts as after closing."""
    local = at.astimezone(LONDON)
    day = local.date()
    if after_hours is AfterHours.SAME_DAY:
        return day
    if not calendar.is_working(day):
        return calendar.working_day_on_or_after(day)
    hours = calendar.time_open(day)
    return calendar.working_day_on_or_after(day + _DAY) if hours and local.time() >= hours[1] else day


def count_working_days(
    calendar: WorkingCalendar, day: date, amount: int, *, from_next_day: bool = True
) -> tuple[date, list[ClockEntry]]:
    """The `amount`th working day after `day`, or from `day` on, with an entry for every day looked at."""
    if not from_next_day:
        day -= _DAY
    due = calendar.add_working_days(day, amount)
    entries = []
    number = 0
    while day < due:
        day += _DAY
        closed = calendar.why_closed(day)
        if closed is None:
            number += 1
            closed = f"Working day {number} of {amount}"
            entries.append(ClockEntry(on=day, counted=True, reason=closed))
        else:
            entries.append(ClockEntry(on=day, counted=False, reason=closed))
    return due, entries


def _both_clocks(
    counting: _Counting, standard: Standard, returned_at: datetime | None
) -> tuple[Clock | None, Clock | None]:
    acknowledge = _clock(counting, Step.ACKNOWLEDGEMENT, standard.acknowledge, None) if standard.acknowledge else None
    promised = standard.respond
    if returned_at and standard.after_return:
        promised = standard.after_return
        back = _dated_if_known(counting.calendar, "Officer back", returned_at, AfterHours.SAME_DAY)
        counting = replace(counting, received=back)
    return acknowledge, _clock(counting, Step.REPLY, promised, acknowledge) if promised else None


def _clock(counting: _Counting, step: Step, target: Target, acknowledge: Clock | None) -> Clock:
    """One clock; where the calendar cannot say, it has no due date and a warning."""
    origin, warning = None, None
    counted: _Counted = (None, None, ())
    try:
        if target.unit is not Unit.NO_TIME_STATED and (origin := _origin(counting, target, acknowledge)):
            counted = _count(counting, target, origin)
    except CalendarUnknown as unknown:
        warning = str(unknown)
        counted = (None, None, origin.entries if origin else ())
    return Clock(
        step=step,
        contact=counting.contact,
        within=target.within,
        starts=target.starts,
        days=target.amount if target.unit in _IN_DAYS else None,
        counts_from=origin.day_zero if origin else None,
        due_by=counted[0],
        due_at=counted[1],
        provisional=origin is not None and origin.provisional,
        warning=warning,
        ledger=counted[2],
    )


def _origin(counting: _Counting, target: Target, acknowledge: Clock | None) -> _Origin | None:
    """Where the count begins; None where the event that starts it has not happened."""
    if target.starts is Start.RECEIVED:
        if isinstance(counting.received, CalendarUnknown):
            raise counting.received
        return counting.received
    if target.starts is Start.SENT:
        sent_at = counting.sent_at
        return _dated(counting.calendar, "Sent", sent_at, counting.after_hours) if sent_at else None
    if counting.acknowledged_at:
        return _dated(counting.calendar, "Acknowledged", counting.acknowledged_at, AfterHours.SAME_DAY)
    if acknowledge is None or acknowledge.due_by is None or acknowledge.due_at is None:
        return None
    said = "Last day for the acknowledgement"
    entry = _uncounted(acknowledge.due_by, f"{said}, so until it comes this is day 0")
    return _Origin(acknowledge.due_at, said, acknowledge.due_by, (entry,), provisional=True)


def _dated_if_known(
    calendar: WorkingCalendar, verb: str, at: datetime, after_hours: AfterHours
) -> _Origin | CalendarUnknown:
    """The origin at a moment, or why the calendar cannot date it."""
    try:
        return _dated(calendar, verb, at, after_hours)
    except CalendarUnknown as unknown:
        return unknown


def _dated(calendar: WorkingCalendar, verb: str, at: datetime, after_hours: AfterHours) -> _Origin:
    """The origin at a moment, with an entry for each day that it is put off to the next working day."""
    local = at.astimezone(LONDON)
    day = local.date()
    zero = day_zero(calendar, local, after_hours)
    said = f"{verb} {local.hour:02}:{local.minute:02} on {WEEKDAYS[day.weekday()]}"
    if zero == day:
        return _Origin(at, said, day, (_uncounted(day, f"{said}: day 0"),))
    closed, hours = calendar.why_closed(day), calendar.time_open(day)
    why = f"no working day ({closed})" if closed else f"after closing at {hours[1]:%H:%M}" if hours else "closed"
    entries = [_uncounted(day, f"{said}, {why}: counts from the next working day")]
    while (day := day + _DAY) < zero:
        entries.append(_uncounted(day, calendar.why_closed(day) or ""))
    entries.append(_uncounted(zero, f"Counts as the day it was {verb.lower()}: day 0"))
    return _Origin(at, said, zero, tuple(entries))


def _count(counting: _Counting, target: Target, origin: _Origin) -> _Counted:
    if target.unit in _IN_DAYS:
        return _count_in_days(counting, target, origin)
    if target.unit is Unit.WORKING_HOUR:
        return _count_in_working_hours(counting.calendar, target, origin)
    return _count_by_the_clock(target, origin)


def _count_in_days(counting: _Counting, target: Target, origin: _Origin) -> _Counted:
    calendar, zero = counting.calendar, origin.day_zero
    is_day_one = counting.day_received == 1 and target.unit is Unit.WORKING_DAY and calendar.is_working(zero)
    due, entries = count_working_days(calendar, zero, target.amount, from_next_day=not is_day_one)
    opening = origin.entries
    if is_day_one:
        said = opening[-1].reason.removesuffix("day 0")
        entries[0] = replace(entries[0], reason=said + entries[0].reason.lower())
        opening = opening[:-1]
    hours = calendar.time_open(due) if target.unit is Unit.CLOSE_OF_WORKING_DAY else None
    last_second = datetime.combine(due, hours[1], LONDON) - _SECOND if hours else _end_of(due)
    return due, last_second.astimezone(UTC), (*opening, *entries)


def _count_in_working_hours(calendar: WorkingCalendar, target: Target, origin: _Origin) -> _Counted:
    left = timedelta(hours=target.amount)
    due_at = calendar.add_working_time(origin.at, left)
    local = origin.at.astimezone(LONDON)
    day, due = local.date(), due_at.date()
    since = local.time()
    entries: list[ClockEntry] = []
    while day <= due:
        hours = calendar.time_open(day)
        used = min(_between(max(since, hours[0]), hours[1]), left) if hours else _NO_TIME
        left -= used
        said = f"{origin.said}: " if not entries else ""
        done = f"{_in_words(used)} counted, {_in_words(left)} left" if hours else calendar.why_closed(day)
        entries.append(
            ClockEntry(on=day, counted=used > _NO_TIME, reason=f"{said}{done or 'no opening hours are set'}")
        )
        day, since = day + _DAY, time()
    return due, due_at.astimezone(UTC), tuple(entries)


def _count_by_the_clock(target: Target, origin: _Origin) -> _Counted:
    """Seconds and minutes give no due day; hours do, whatever the opening times."""
    due_at = origin.at.astimezone(UTC) + target.amount * _LENGTHS[target.unit]
    start = local_date(origin.at)
    if target.unit.is_instant:
        return None, due_at, (_uncounted(start, f"{origin.said}: {target.within}, too short for a due day"),)
    local = due_at.astimezone(LONDON)
    due = local.date()
    entries = [_uncounted(start, f"{origin.said}: {target.amount} hours from then")]
    between = range(start.toordinal() + 1, due.toordinal())
    entries += [_uncounted(date.fromordinal(day), "The hours run on, open or closed") for day in between]
    entries.append(ClockEntry(on=due, counted=True, reason=f"{target.amount} hours are up at {local:%H:%M}"))
    return due, due_at, tuple(entries)


def _counts_from(counting: _Counting, clock: Clock | None) -> date | None:
    """The day 0 of the first clock; None where it has not started or the calendar does not reach it."""
    if clock and clock.starts is not Start.RECEIVED:
        return clock.counts_from
    return counting.received.day_zero if isinstance(counting.received, _Origin) else None


def _nothing_promised(received_at: datetime, contact: str, charter: Charter, standard: Standard | None) -> ClockEntry:
    local = received_at.astimezone(LONDON)
    said = f"Received {local:%H:%M} on {WEEKDAYS[local.weekday()]}"
    notes = f". {standard.notes}" if standard and standard.notes else ""
    return _uncounted(local.date(), f"{said}: {charter.id} sets no time for {contact}{notes}")


def _contact_in_words(channel: Channel, kind: Kind, stage: Stage | None) -> str:
    if kind is not Kind.COMPLAINT:
        return channel.words.lower()
    return f"{(stage or Stage.ONE).words.lower()} complaint"


def _uncounted(day: date, reason: str) -> ClockEntry:
    return ClockEntry(on=day, counted=False, reason=reason)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _LAST_SECOND, LONDON)


def _between(start: time, end: time) -> timedelta:
    """The time from `start` to `end` of one day; nothing where it is already past."""
    seconds = [moment.hour * 3600 + moment.minute * 60 + moment.second for moment in (start, end)]
    return timedelta(seconds=max(seconds[1] - seconds[0], 0))


def _in_words(length: timedelta) -> str:
    hours, seconds = divmod(int(length.total_seconds()), 3600)
    minutes, seconds = divmod(seconds, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return " ".join(part for part in parts if part) or "nothing"
