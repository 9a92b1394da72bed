"""Pauses: time that does not count towards the answer because the council waits for the resident.

A standard in working days counts a day when the office closes, so a day whose closing time falls in a pause does not
count, and every other day does. Whole days out are then whole days added, an evening, a weekend or a bank holiday
adds none, and pauses that overlap are counted once without any sum. Part days are not added up: the one rule can be
checked on a calendar by anybody. The last day has one rule more: if the pause is still on when that day ends, the day
is carried over, so that no clock paused in time is overdue the moment it runs again.
A standard in hours leaves out exactly the counted time that lies in a pause.
The acknowledgement is never paused, and nothing is where the charter does not pause.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from member_tracker.domain.charter import Charter
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.people import PersonId

_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Time not counted, from `from_at` up to but not including `until_at`; None while it is still on."""

    from_at: datetime
    until_at: datetime | None
    reason: str
    entered_at: datetime
    by: PersonId

    @property
    def entered_late(self) -> bool:
        """Whether it was written down after it had begun, as after an afternoon without a connection."""
        return self.entered_at - self.from_at >= _A_MINUTE

    @property
    def said(self) -> str:
        """The reason as the ledger gives it, with the mark of one entered late."""
        late = f", entered late at {moment_in_words(self.entered_at)}" if self.entered_late else ""
        return f"{self.reason}{late}"

    def covers(self, at: datetime) -> bool:
        """Whether the clock stands still at that moment because of this pause."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


def begin_pause(pauses: Sequence[Pause], new: Pause, *, charter: Charter) -> tuple[Pause, ...]:
    """The pauses with one more, in order; refused where the charter does not pause or one is on already."""
    if not charter.pauses:
        raise NotAllowed(
            f"The charter “{charter.title}” does not pause its clocks.",
            advice="Agree an extension instead, or tell the resident when to expect the answer.",
        )
    if not new.reason.strip():
        raise Invalid("A pause needs a reason.", advice="Say what the resident was asked for.")
    if new.from_at > new.entered_at:
        raise Invalid("A pause cannot begin in the future.", advice="Give the moment the resident was asked.")
    if new.until_at is not None and new.until_at <= new.from_at:
        raise Invalid("The pause ends before it begins.", advice="Give an end that is later than its start.")
    if new.until_at is None and (on := open_pause(pauses)):
        raise NotAllowed(
            f"The clock is already paused since {moment_in_words(on.from_at)}.",
            advice="Resume it first, or change the reason of that pause.",
        )
    new = replace(new, from_at=_to_the_second(new.from_at), until_at=new.until_at and _to_the_second(new.until_at))
    return tuple(sorted((*pauses, new), key=lambda pause: (pause.from_at, pause.entered_at)))


def resume(pauses: Sequence[Pause], *, at: datetime) -> tuple[Pause, ...]:
    """The pauses with the one that is on ended at `at`; refused where none is on."""
    on = open_pause(pauses)
    if on is None:
        raise NotAllowed("The clock is not paused.", advice="There is nothing to resume.")
    if at <= on.from_at:
        raise Invalid(
            f"The pause began only at {moment_in_words(on.from_at)}.", advice="Give a later moment, or undo the pause."
        )
    return tuple(replace(pause, until_at=_to_the_second(at)) if pause is on else pause for pause in pauses)


def open_pause(pauses: Sequence[Pause]) -> Pause | None:
    """The pause that is on with no end yet; None where the clock runs."""
    return next((pause for pause in pauses if pause.until_at is None), None)


def pause_at(pauses: Sequence[Pause], at: datetime) -> Pause | None:
    """The pause the clock stands still for at `at`, one without an end before others; None where it runs."""
    covering = [pause for pause in pauses if pause.covers(at)]
    return open_pause(covering) or next(iter(covering), None)


def paused_since(pauses: Sequence[Pause], at: datetime) -> datetime:
    """When the unbroken standstill that holds at `at` began, pauses that touch or overlap taken together."""
    at = at.astimezone(UTC)
    while before := [pause.from_at for pause in pauses if pause.from_at < at and _lasts_until(pause, at)]:
        at = min(before).astimezone(UTC)
    return at


def resumed_by(pauses: Sequence[Pause], at: datetime) -> datetime | None:
    """The first moment from `at` on at which the clock runs; None where it does not run again."""
    while pause := pause_at(pauses, at):
        if pause.until_at is None:
            return None
        at = pause.until_at
    return at


def running_between(
    pauses: Sequence[Pause], start: datetime, end: datetime | None
) -> Iterator[tuple[datetime, datetime | None]]:
    """The stretches from `start` to `end` (None: without end) in which the clock runs, in order."""
    at = start
    for pause in sorted(pauses, key=lambda pause: pause.from_at):
        if end is not None and pause.from_at >= end:
            break
        if pause.from_at > at:
            yield at, pause.from_at
        if pause.until_at is None:
            return
        at = max(at, pause.until_at)
    if end is None or at < end:
        yield at, end


def _lasts_until(pause: Pause, at: datetime) -> bool:
    return pause.until_at is None or pause.until_at >= at


def _to_the_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
