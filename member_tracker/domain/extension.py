"""Extensions: a later day for the answer, agreed with a reason; figures are given before and after them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from member_tracker.domain.clock import Clock, ClockEntry, Moved
from member_tracker.domain.dates import day_in_words, local_date, moment_in_words
from member_tracker.domain.errors import Invalid
from member_tracker.domain.origin import Counted, end_of
from member_tracker.domain.pause import Pause, pause_at, paused_since
from member_tracker.domain.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A day agreed in place of the due day; `agreed_by` is the name of the person who agreed, usually the member."""

    until_on: date
    reason: str
    agreed_by: str
    agreed_at: datetime


def agree_extension(
    extensions: Sequence[Extension], new: Extension, *, clock: Clock | None, now: datetime
) -> tuple[Extension, ...]:
    """The extensions with one more, in the order agreed; refused without reason or name, or for an earlier day."""
    if not new.reason.strip():
        raise Invalid("An extension needs a reason.", advice="Say why the answer takes longer.")
    if not new.agreed_by.strip():
        raise Invalid("An extension needs somebody who agreed to it.", advice="Name the member who agreed.")
    if new.agreed_at > now:
        raise Invalid("An extension cannot be agreed in the future.", advice="Give the moment it was agreed.")
    if clock is not None and clock.due_by is not None and new.until_on <= clock.due_by:
        raise Invalid(
            f"The answer is due on {day_in_words(clock.due_by)} already.", advice="Give a day later than that."
        )
    return tuple(sorted((*extensions, new), key=lambda extension: extension.agreed_at))


def extended(
    counted: Counted, extensions: Sequence[Extension], pauses: Sequence[Pause], calendar: WorkingCalendar
) -> Counted:
    """The count with the extension agreed last in place of the standard's day, where that is later.

    The agreed day is a date and no count, so pauses before it move nothing; only where the clock stands still when it
    ends is it carried over to the working day on which the clock runs again.
    """
    agreed = max(extensions, key=lambda extension: extension.agreed_at)
    if counted.due_by is not None and agreed.until_on <= counted.due_by:
        return counted
    if counted.paused_since is not None and end_of(agreed.until_on) < counted.paused_since:
        return counted
    entries = list(counted.entries)
    if not entries or entries[-1].on < agreed.until_on:
        entries.append(_agreed(agreed, counted))
    day = agreed.until_on
    while still := pause_at(pauses, end_of(day)):
        if still.until_at is None:
            since = paused_since(pauses, end_of(day))
            said = f"Paused since {moment_in_words(since)}: {still.said}"
            entries.append(ClockEntry(on=max(day, entries[-1].on), counted=False, reason=said, paused=True))
            return Counted(None, None, tuple(entries), since)
        day = calendar.working_day_on_or_after(local_date(still.until_at))
        said = f"Paused when the extension ended, so it is carried over to this day: {still.said}"
        entries.append(ClockEntry(on=day, counted=False, reason=said, paused=True, moves_to=day))
    return Counted(day, end_of(day), tuple(entries))


def with_extension(
    clock: Clock, extensions: Sequence[Extension], pauses: Sequence[Pause], calendar: WorkingCalendar
) -> Clock:
    """The clock running to the day agreed last; as it is where none was agreed, or it runs for no day at all."""
    is_instant = clock.due_by is None and clock.due_at is not None
    if not extensions or is_instant or clock.counts_from is None:
        return clock
    standard = Counted(clock.due_by, clock.due_at, clock.ledger, clock.paused_since)
    agreed = extended(standard, extensions, pauses, calendar)
    if agreed == standard:
        return clock
    return replace(
        clock,
        due_by=agreed.due_by,
        due_at=agreed.due_at,
        ledger=agreed.entries,
        provisional=clock.provisional or agreed.paused_since is not None,
        moved=replace(
            clock.moved or Moved(),
            paused_since=agreed.paused_since,
            extended_to=agreed.due_by,
            standard_due_at=clock.due_at,
        ),
    )


def _agreed(extension: Extension, counted: Counted) -> ClockEntry:
    was = f" from {day_in_words(counted.due_by)}" if counted.due_by else ""
    late = ", after it was due" if counted.due_at is not None and extension.agreed_at > counted.due_at else ""
    said = (
        f"Extended{was} to this day, agreed by {extension.agreed_by} on"
        f" {day_in_words(local_date(extension.agreed_at))}{late}: {extension.reason}"
    )
    return ClockEntry(on=extension.until_on, counted=False, reason=said, moves_to=extension.until_on)
