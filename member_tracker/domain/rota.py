"""The duty rota: who is on when, and the opening hours for which nobody is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from member_tracker.domain.dates import LONDON
from member_tracker.domain.errors import Invalid

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to|until)\s*(\d{1,2})(?:[:.](\d{2}))?")
_ADVICE = "Write for example: Sam Reed <sam.reed@council.example.org>: Mon-Fri 08:45-17:00; Sat 9-12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Some weekdays (0 is Monday) from `begins` to `ends`, both in minutes after midnight on the office clock."""

    days: tuple[int, ...]
    begins: int
    ends: int

    @property
    def words(self) -> str:
        """The shift as somebody writes it."""
        return f"{_days_in_words(self.days)} {minute_in_words(self.begins)}-{minute_in_words(self.ends)}"

    def covers(self, weekday: int, minute: int) -> bool:
        """Whether it includes that minute of that weekday; its last minute is the one before `ends`."""
        return weekday in self.days and self.begins <= minute < self.ends


class OnRota(Protocol):
    """Somebody with shifts; none means whenever the offices are open."""

    @property
    def shifts(self) -> tuple[Shift, ...]: ...


def is_on_duty(officer: OnRota, at: datetime) -> bool:
    """Whether somebody's turn it is at that moment; whoever has no shifts is on whenever the offices are open."""
    local = at.astimezone(LONDON)
    minute = local.hour * 60 + local.minute
    return not officer.shifts or any(shift.covers(local.weekday(), minute) for shift in officer.shifts)


def uncovered(officers: Sequence[OnRota], weekday: int, hours: tuple[time, time] | None) -> tuple[tuple[int, int], ...]:
    """The parts of that day's opening hours, in minutes after midnight, for which nobody is on; none where shut."""
    if hours is None:
        return ()
    at, end = _minute(hours[0]), _minute(hours[1])
    if any(not officer.shifts for officer in officers):
        return ()
    shifts = [shift for officer in officers for shift in officer.shifts if weekday in shift.days]
    gaps = []
    for shift in sorted(shifts, key=lambda shift: shift.begins):
        if shift.begins > at:
            gaps.append((at, min(shift.begins, end)))
        at = max(at, shift.ends)
        if at >= end:
            break
    if at < end:
        gaps.append((at, end))
    return tuple(gap for gap in gaps if gap[0] < gap[1])


def shifts_said(said: str) -> tuple[Shift, ...]:
    """Shifts as somebody writes them, such as `Mon-Fri 08:45-17:00; Sat 9-12`; raises `Invalid` for anything else."""
    return tuple(_shift_said(part.strip()) for part in said.split(";") if part.strip())


def minute_in_words(minute: int) -> str:
    """A time of day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _shift_said(said: str) -> Shift:
    found = _HOURS.search(said)
    if found is None:
        raise Invalid(f"“{said}” does not say from when until when.", advice=_ADVICE)
    begins, ends = (_minutes(found[hour], found[hour + 1], said) for hour in (1, 3))
    if ends <= begins:
        raise Invalid(f"“{said}” ends before it begins.", advice="Write times as 08:45-17:00, on the 24-hour clock.")
    days = _days_said((said[: found.start()] + said[found.end() :]).strip(" ,"), said)
    return Shift(days=days, begins=begins, ends=ends)


def _minutes(hour: str, minute: str | None, said: str) -> int:
    at = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or at > 24 * 60:
        raise Invalid(f"There is no such time as in “{said}”.", advice="Write times as 08:45-17:00.")
    return at


def _days_said(words: str, said: str) -> tuple[int, ...]:
    """Weekdays as written: Mon-Fri, or Mon, Wed; none means Monday to Friday."""
    if not words:
        return (0, 1, 2, 3, 4)
    found: list[int] = []
    for part in re.split(r"\s*(?:,|\band\b|&)\s*", words):
        ends = [_day_said(each, said) for each in re.split(r"\s*(?:-|–|\bto\b)\s*", part) if each]
        if len(ends) == 2:
            found += [(ends[0] + step) % 7 for step in range((ends[1] - ends[0]) % 7 + 1)]
        else:
            found += ends
    return tuple(sorted(set(found)))


def _day_said(word: str, said: str) -> int:
    begins = word.strip().casefold()[:3]
    for number, day in enumerate(_DAYS):
        if day.casefold() == begins:
            return number
    raise Invalid(f"“{word}” in “{said}” is not a weekday.", advice=_ADVICE)


def _days_in_words(days: Sequence[int]) -> str:
    """Weekdays in few words: “Mon-Fri”, “Mon, Wed”."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = []
    for run in runs:
        said += [f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}"] if len(run) > 2 else [_DAYS[day] for day in run]
    return ", ".join(said)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
