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
_LENGTHS = {Unit.SECOND: timedelta(seconds=1), Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """What a count rests on: the calendar, how contact is dated, and the events that start clocks."""

    calendar: WorkingCalendar
    after_hours: AfterHours
    day_received: int
    contact: str
    received_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    received_as: str = "Received"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """Where a count begins: the moment and how it is said, the day that is day 0, and the ledger up to that day."""

    at: datetime
    said: str
    day_zero: date
    entries: tuple[ClockEntry, ...]
    provisional: bool = False


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
    counting = _Counting(
        calendar=calendar,
        after_hours=after_hours or charter.after_hours,
        day_received=charter.day_received,
        contact=_contact_in_words(channel, kind, stage),
        received_at=received_at,
        sent_at=sent_at,
        acknowledged_at=acknowledged_at,
    )
    standard = standard_for(charter, channel, kind, stage)
    acknowledge, respond = _both_clocks(counting, standard, returned_at) if standard else (None, None)
    return Clocks(
        charter_id=charter.id,
        standard_id=standard.id if standard else None,
        received_at=received_at,
        after_hours=counting.after_hours,
        counts_from=_counts_from(counting, acknowledge or respond),
        acknowledge=acknowledge,
        respond=respond,
        note=None if acknowledge or respond else _nothing_promised(counting, charter, standard),
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
        counting = replace(
            counting, received_at=returned_at, received_as="Officer back", after_hours=AfterHours.SAME_DAY
        )
    return acknowledge, _clock(counting, Step.REPLY, promised, acknowledge) if promised else None


def _clock(counting: _Counting, step: Step, target: Target, acknowledge: Clock | None) -> Clock:
    """One clock; where the calendar cannot say, it has no due date and a warning."""
    days = target.amount if target.unit in (Unit.WORKING_DAY, Unit.CLOSE_OF_WORKING_DAY) else None
    bare = Clock(step=step, contact=counting.contact, within=target.within, starts=target.starts, days=days)
    try:
        origin = _origin(counting, target, acknowledge)
        if origin is None or target.unit is Unit.NO_TIME_STATED:
            return bare
        zero, provisional = origin.day_zero, origin.provisional
        bare = replace(bare, counts_from=zero, provisional=provisional, ledger=origin.entries)
        if days is not None:
            return _counted_in_days(counting, target, origin, bare)
        if target.unit is Unit.WORKING_HOUR:
            return _counted_in_working_hours(counting, target, origin, bare)
        return _counted_by_the_clock(target, origin, bare)
    except CalendarUnknown as unknown:
        return replace(bare, warning=str(unknown))


def _origin(counting: _Counting, target: Target, acknowledge: Clock | None) -> _Origin | None:
    """Where the count begins; None where the event that starts it has not happened."""
    if target.starts is Start.RECEIVED:
        return _dated(counting.calendar, counting.received_as, counting.received_at, counting.after_hours)
    if target.starts is Start.SENT:
        sent_at = counting.sent_at
        return _dated(counting.calendar, "Sent", sent_at, counting.after_hours) if sent_at else None
    if counting.acknowledged_at:
        return _dated(counting.calendar, "Acknowledged", counting.acknowledged_at, AfterHours.SAME_DAY)
    if acknowledge is None or acknowledge.due_by is None or acknowledge.due_at is None:
        return None
    said = "Last day for the acknowledgement"
    entry = ClockEntry(on=acknowledge.due_by, counted=False, reason=f"{said}, so until it comes this is day 0")
    return _Origin(at=acknowledge.due_at, said=said, day_zero=acknowledge.due_by, entries=(entry,), provisional=True)


def _dated(calendar: WorkingCalendar, verb: str, at: datetime, after_hours: AfterHours) -> _Origin:
    """The origin at a moment, with an entry for each day that it is put off to the next working day."""
    local = at.astimezone(LONDON)
    day = local.date()
    zero = day_zero(calendar, at, after_hours)
    said = f"{verb} {local:%H:%M} on {WEEKDAYS[day.weekday()]}"
    if zero == day:
        return _Origin(at=at, said=said, day_zero=day, entries=(_uncounted(day, f"{said}: day 0"),))
    closed, hours = calendar.why_closed(day), calendar.time_open(day)
    why = f"no working day ({closed})" if closed else f"after closing at {hours[1]:%H:%M}" if hours else "closed"
    entries = [_uncounted(day, f"{said}, {why}: counts from the next working day")]
    while (day := day + _DAY) < zero:
        entries.append(_uncounted(day, calendar.why_closed(day) or ""))
    entries.append(_uncounted(zero, f"Counts as the day it was {verb.lower()}: day 0"))
    return _Origin(at=at, said=said, day_zero=zero, entries=tuple(entries))


def _counted_in_days(counting: _Counting, target: Target, origin: _Origin, clock: Clock) -> Clock:
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
    return replace(clock, due_by=due, due_at=last_second.astimezone(UTC), ledger=(*opening, *entries))


def _counted_in_working_hours(counting: _Counting, target: Target, origin: _Origin, clock: Clock) -> Clock:
    calendar = counting.calendar
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
        done = f"{said}{_in_words(used)} counted, {_in_words(left)} left" if hours else calendar.why_closed(day)
        entries.append(ClockEntry(on=day, counted=used > _NO_TIME, reason=done or f"{said}no opening hours are set"))
        day, since = day + _DAY, time()
    return replace(clock, due_by=due, due_at=due_at.astimezone(UTC), ledger=tuple(entries))


def _counted_by_the_clock(target: Target, origin: _Origin, clock: Clock) -> Clock:
    """Seconds and minutes give no due day; hours do, whatever the opening times."""
    due_at = (origin.at.astimezone(UTC) + target.amount * _LENGTHS[target.unit]).astimezone(UTC)
    start = local_date(origin.at)
    if target.unit.is_instant:
        entry = _uncounted(start, f"{origin.said}: {target.within}, too short for a due day")
        return replace(clock, due_at=due_at, ledger=(entry,))
    local = due_at.astimezone(LONDON)
    up = ClockEntry(on=local.date(), counted=True, reason=f"{target.amount} hours are up at {local:%H:%M}")
    begun = _uncounted(start, f"{origin.said}: {target.amount} hours from then")
    return replace(clock, due_by=local.date(), due_at=due_at, ledger=(begun, up))


def _counts_from(counting: _Counting, clock: Clock | None) -> date | None:
    """The day 0 of the first clock; None where it has not started or the calendar does not reach it."""
    if clock and clock.starts is not Start.RECEIVED:
        return clock.counts_from
    try:
        return day_zero(counting.calendar, counting.received_at, counting.after_hours)
    except CalendarUnknown:
        return None


def _nothing_promised(counting: _Counting, charter: Charter, standard: Standard | None) -> ClockEntry:
    local = counting.received_at.astimezone(LONDON)
    said = f"Received {local:%H:%M} on {WEEKDAYS[local.weekday()]}"
    notes = f". {standard.notes}" if standard and standard.notes else ""
    return _uncounted(local.date(), f"{said}: {charter.id} sets no time for {counting.contact}{notes}")


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
