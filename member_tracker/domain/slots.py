"""Slots of a duty rota: stretches of a day in which the same officers are on, and what one hands over to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from member_tracker.domain.dates import LONDON
from member_tracker.domain.people import DutyOfficer, HandoverNote

_DAY_ENDS = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """From `begins_at` up to `ends_at` these officers are on duty together, in the rota's order, and nobody else."""

    begins_at: datetime
    ends_at: datetime
    officers: tuple[DutyOfficer, ...]

    def has(self, at: datetime) -> bool:
        """Whether it runs at that moment; its last moment is the one before `ends_at`."""
        return self.begins_at <= at < self.ends_at


def slots_on(officers: Sequence[DutyOfficer], day: date, hours: tuple[time, time] | None) -> tuple[Slot, ...]:
    """The slots of a day, in order; `hours` are when the offices are open, None where they are shut that day.

    Whoever has no shifts is on for those hours; shifts count as they are written, whether the offices are open or not.
    """
    opens, closes = (_minute(hours[0]), _minute(hours[1])) if hours else (0, 0)
    shifts = [(shift.begins, shift.ends) for each in officers for shift in each.shifts if day.weekday() in shift.days]
    cuts = sorted({opens, closes, *(minute for shift in shifts for minute in shift)})
    found: list[Slot] = []
    for begins, ends in pairwise(cuts):
        is_open = opens <= begins < closes
        on = tuple(each for each in officers if _is_on(each, day.weekday(), begins, is_open=is_open))
        if found and found[-1].officers == on and found[-1].ends_at == _moment(day, begins):
            begun = found.pop().begins_at
        else:
            begun = _moment(day, begins)
        if on:
            found.append(Slot(begins_at=begun, ends_at=_moment(day, ends), officers=on))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The hand-over notes to read at a moment: those of the slot that runs, and those of the slot before it."""

    running: tuple[HandoverNote, ...] = ()
    before: tuple[HandoverNote, ...] = ()


def handed_over(notes: Iterable[HandoverNote], slots: Sequence[Slot], at: datetime) -> Said:
    """Of these notes what is to be read at `at`; `slots` are those around it in order, days before it included.

    A note is read while its slot runs, and in the next one, by whoever comes on then. After that it is not shown.
    """
    now = next((slot for slot in slots if slot.has(at)), None)
    reached = now.begins_at if now else at
    before = next((slot for slot in reversed(slots) if slot.ends_at <= reached), None)
    in_order = sorted(notes, key=lambda note: note.from_at)
    ended = [note for note in in_order if note.until_at <= reached]
    return Said(
        running=tuple(note for note in in_order if note.from_at <= at < note.until_at),
        before=tuple(note for note in ended if before is not None and note.until_at > before.begins_at),
    )


def _is_on(officer: DutyOfficer, weekday: int, minute: int, *, is_open: bool) -> bool:
    if not officer.shifts:
        return is_open
    return any(shift.covers(weekday, minute) for shift in officer.shifts)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _moment(day: date, minute: int) -> datetime:
    """That minute of the day on the office clock; the last one is the midnight after it."""
    if minute == _DAY_ENDS:
        return datetime.combine(day + timedelta(days=1), time(), LONDON)
    return datetime.combine(day, time(minute // 60, minute % 60), LONDON)
