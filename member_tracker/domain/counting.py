"""Starting the clocks: counting a charter's times on a council's calendar, and writing down every day of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from member_tracker.domain.charter import Charter, Standard, Target, Unit, standard_for
from member_tracker.domain.clock import Clock, ClockEntry, Clocks, Moved, Step
from member_tracker.domain.counting_days import count_in_days
from member_tracker.domain.counting_hours import count_by_the_clock, count_in_working_hours
from member_tracker.domain.dates import LONDON
from member_tracker.domain.extension import Extension, with_extension
from member_tracker.domain.origin import Counted, Origin, dated, dated_if_known, uncounted
from member_tracker.domain.pause import Pause
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage, Start
from member_tracker.domain.working_time import WEEKDAYS, CalendarUnknown, WorkingCalendar

_IN_DAYS = (Unit.WORKING_DAY, Unit.CLOSE_OF_WORKING_DAY)


class _Counting(NamedTuple):
    """What a count rests on: the calendar, how contact is dated, and the events that start clocks."""

    calendar: WorkingCalendar
    after_hours: AfterHours
    day_received: int
    contact: str
    received: Origin | CalendarUnknown
    sent_at: datetime | None
    acknowledged_at: datetime | None
    pauses: Sequence[Pause]
    extensions: Sequence[Extension]


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
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Clocks:
    """Both clocks of a contact under `charter`; call again with whatever has happened to it since.

    `returned_at` is when an officer who was away came back; `after_hours` overrides the charter's reading. Pauses and
    extensions belong to the contact, whatever its kind or channel: they move the answer alone, pauses only where the
    charter pauses. A date the calendar does not reach is None, with a warning.
    """
    reading = after_hours or charter.after_hours
    contact = _contact_in_words(channel, kind, stage)
    received = dated_if_known(calendar, "Received", received_at, reading)
    paused = tuple(pauses) if charter.pauses else ()
    counting = _Counting(
        calendar, reading, charter.day_received, contact, received, sent_at, acknowledged_at, paused, extensions
    )
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
        holding_stops=charter.holding_stops,
    )


def _both_clocks(
    counting: _Counting, standard: Standard, returned_at: datetime | None
) -> tuple[Clock | None, Clock | None]:
    acknowledge = None
    if standard.acknowledge:
        acknowledge = _clock(counting, Step.ACKNOWLEDGEMENT, standard.acknowledge, None)
    promised = standard.respond
    if returned_at and standard.after_return:
        promised = standard.after_return
        back = dated_if_known(counting.calendar, "Officer back", returned_at, AfterHours.SAME_DAY)
        counting = counting._replace(received=back)
    return acknowledge, _answer_clock(counting, promised, acknowledge) if promised else None


def _answer_clock(counting: _Counting, target: Target, acknowledge: Clock | None) -> Clock:
    """The clock of the answer, with its pauses and the extension agreed last."""
    if not (counting.pauses or counting.extensions):
        return _clock(counting, Step.REPLY, target, acknowledge)
    clock = _clock(counting, Step.REPLY, target, acknowledge, counting.pauses)
    if counting.pauses:
        unpaused = _clock(counting, Step.REPLY, target, acknowledge).due_at
        if unpaused != clock.due_at:
            clock = replace(clock, moved=Moved(paused_since=clock.paused_since, unpaused_due_at=unpaused))
    try:
        return with_extension(clock, counting.extensions, counting.pauses, counting.calendar)
    except CalendarUnknown as unknown:
        return replace(clock, due_by=None, due_at=None, warning=str(unknown))


def _clock(
    counting: _Counting, step: Step, target: Target, acknowledge: Clock | None, pauses: Sequence[Pause] = ()
) -> Clock:
    """One clock; where the calendar cannot say, it has no due date and a warning."""
    origin, warning = None, None
    counted = Counted(None, None, ())
    try:
        if target.unit is not Unit.NO_TIME_STATED and (origin := _origin(counting, target, acknowledge)):
            counted = _count(counting, target, origin, pauses)
    except CalendarUnknown as unknown:
        warning = str(unknown)
        counted = Counted(None, None, origin.entries if origin else ())
    return Clock(
        step=step,
        contact=counting.contact,
        within=target.within,
        starts=target.starts,
        days=target.amount if target.unit in _IN_DAYS else None,
        counts_from=origin.day_zero if origin else None,
        due_by=counted.due_by,
        due_at=counted.due_at,
        provisional=origin is not None and (origin.provisional or counted.paused_since is not None),
        warning=warning,
        ledger=counted.entries,
        moved=Moved(paused_since=counted.paused_since) if counted.paused_since else None,
    )


def _origin(counting: _Counting, target: Target, acknowledge: Clock | None) -> Origin | None:
    """Where the count begins; None where the event that starts it has not happened."""
    if target.starts is Start.RECEIVED:
        if isinstance(counting.received, CalendarUnknown):
            raise counting.received
        return counting.received
    if target.starts is Start.SENT:
        sent_at = counting.sent_at
        return dated(counting.calendar, "Sent", sent_at, counting.after_hours) if sent_at else None
    if counting.acknowledged_at:
        return dated(counting.calendar, "Acknowledged", counting.acknowledged_at, AfterHours.SAME_DAY)
    if acknowledge is None or acknowledge.due_by is None or acknowledge.due_at is None:
        return None
    said = "Last day for the acknowledgement"
    entry = uncounted(acknowledge.due_by, f"{said}, so until it comes this is day 0")
    return Origin(acknowledge.due_at, said, acknowledge.due_by, (entry,), provisional=True)


def _count(counting: _Counting, target: Target, origin: Origin, pauses: Sequence[Pause]) -> Counted:
    if target.unit in _IN_DAYS:
        return count_in_days(counting.calendar, target, origin, pauses, day_received=counting.day_received)
    if target.unit is Unit.WORKING_HOUR:
        return count_in_working_hours(counting.calendar, target, origin, pauses)
    return count_by_the_clock(target, origin, pauses)


def _counts_from(counting: _Counting, clock: Clock | None) -> date | None:
    """The day 0 of the first clock; None where it has not started or the calendar does not reach it."""
    if clock and clock.starts is not Start.RECEIVED:
        return clock.counts_from
    return counting.received.day_zero if isinstance(counting.received, Origin) else None


def _nothing_promised(received_at: datetime, contact: str, charter: Charter, standard: Standard | None) -> ClockEntry:
    local = received_at.astimezone(LONDON)
    said = f"Received {local:%H:%M} on {WEEKDAYS[local.weekday()]}"
    notes = f". {standard.notes}" if standard and standard.notes else ""
    return uncounted(local.date(), f"{said}: {charter.id} sets no time for {contact}{notes}")


@lru_cache(maxsize=256)
def _contact_in_words(channel: Channel, kind: Kind, stage: Stage | None) -> str:
    if kind is not Kind.COMPLAINT:
        return channel.words.lower()
    return f"{(stage or Stage.ONE).words.lower()} complaint"
