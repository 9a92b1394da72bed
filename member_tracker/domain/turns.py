"""Turn about: which of several duty officers takes the next enquiry, worked out from what each was sent.

Nothing is counted up and kept: two computers that do not hear of each other may give the same turn to one officer, and
the next turns make up for it as soon as each knows what the other sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from member_tracker.domain.dates import moment_in_words, time_in_words
from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.values import listed

LOOK_BACK = timedelta(weeks=13)
"""What was sent longer ago says nothing about whose turn it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An enquiry that was sent to a duty officer, or waits to go to them, and when it was given."""

    address: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who takes the next enquiry, and why as the rest of a sentence."""

    officer: DutyOfficer
    because: str

    @property
    def words(self) -> str:
        """Both in a sentence."""
        return f"Next in turn: {self.officer.name}, because {self.because}."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Had:
    """How many enquiries an officer was given since the slot began, and when the last of all (None: none lately)."""

    officer: DutyOfficer
    count: int
    last_at: datetime | None


def next_in_turn(on_duty: Sequence[DutyOfficer], given: Iterable[Given], *, since: datetime) -> Turn | None:
    """Whose turn it is of those on duty since `since`; None where nobody is on.

    Whoever has had fewest since then; of several the one whose last is longest ago; of several the first in the rota.
    """
    if not on_duty:
        return None
    known = list(given)
    had = [_had(officer, known, since) for officer in on_duty]
    fewest = min(each.count for each in had)
    level = [each for each in had if each.count == fewest]
    first = min(level, key=lambda each: (each.last_at is not None, each.last_at or since))
    return Turn(officer=first.officer, because=_because(first, had, level, since))


def _had(officer: DutyOfficer, given: Iterable[Given], since: datetime) -> _Had:
    moments = [each.at for each in given if each.address.casefold() == officer.email.casefold()]
    moments = [at for at in moments if at > since - LOOK_BACK]
    return _Had(officer=officer, count=sum(at >= since for at in moments), last_at=max(moments, default=None))


def _because(first: _Had, had: list[_Had], level: list[_Had], since: datetime) -> str:
    name, begun = first.officer.name, time_in_words(since)
    if len(had) == 1:
        return "nobody else is on duty"
    if len(level) == 1:
        others = listed([f"{each.officer.name} {each.count}" for each in had if each is not first])
        return f"{name} has had fewest since {begun}: {first.count or 'none'}, and {others}"
    among = "" if len(level) == len(had) else f"{listed(_names(level))} have had fewest since {begun}, and "
    if first.last_at is not None:
        return f"{among}{name}’s last is longest ago: {moment_in_words(first.last_at)}"
    never = [each for each in level if each.last_at is None]
    if len(never) == 1:
        return f"{name} has had none lately"
    whom = "nobody on duty has had any" if len(never) == len(had) else f"{listed(_names(never))} have had none"
    return f"{whom} lately, and {name} comes first in the rota"


def _names(some: Iterable[_Had]) -> list[str]:
    return [each.officer.name for each in some]
