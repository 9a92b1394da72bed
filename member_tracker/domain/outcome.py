"""How an answer stands: against the standard, with the extension that was agreed, and with no pause counted."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from member_tracker.domain.clock import Clock, Moved, state_of
from member_tracker.domain.dates import local_date
from member_tracker.domain.vocabulary import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One answer judged three ways.

    `by_standard` leaves extensions out, `with_extension` counts them, and `without_pauses` is the standard with
    neither extension nor pause.
    """

    by_standard: State
    with_extension: State
    without_pauses: State

    @property
    def met_after_extension(self) -> bool:
        """Whether the answer kept the day that was agreed, but not the standard's own."""
        return self.with_extension is State.MET and self.by_standard is not State.MET

    @property
    def words(self) -> str:
        """The outcome as a person reads it."""
        return "Met after extension" if self.met_after_extension else self.with_extension.words


def outcome_of(clock: Clock | None, now: datetime) -> Outcome:
    """The answer judged all three ways at `now`."""
    if clock is None:
        return Outcome(
            by_standard=State.NOT_MEASURED, with_extension=State.NOT_MEASURED, without_pauses=State.NOT_MEASURED
        )
    standard, extended, unpaused = three_ways(clock)
    return Outcome(
        by_standard=state_of(standard, now),
        with_extension=state_of(extended, now),
        without_pauses=state_of(unpaused, now),
    )


def three_ways(clock: Clock) -> tuple[Clock, Clock, Clock]:
    """The clock as the standard has it, with the extension that was agreed, and with neither extension nor pause."""
    moved = clock.moved or Moved()
    standard = _due_at(clock, moved.standard_due_at) if moved.extended_to else clock
    unpaused = _due_at(clock, moved.unpaused_due_at) if moved.unpaused_due_at else standard
    return standard, clock, unpaused


def _due_at(clock: Clock, at: datetime | None) -> Clock:
    """The clock with another last second, running."""
    by: date | None = local_date(at) if at else None
    return replace(clock, due_by=by, due_at=at, moved=None)
