"""Promises: days that somebody gave, kept or broken, counted apart from every standard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from member_tracker.domain.dates import local_date
from member_tracker.domain.vocabulary import Word


class PromiseState(Word):
    """Whether a promise still runs, was kept, or was broken."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A day by which somebody said the answer would come; `kept_at` is when it came, None while it has not.

    A later promise does not take back an earlier one: each is kept or broken for itself.
    """

    promised_on: date
    made_at: datetime
    made_by: str
    kept_at: datetime | None = None

    def state(self, on: date) -> PromiseState:
        """How the promise stands on that day: what came late was broken, what is due that day is still open."""
        if self.kept_at is not None and local_date(self.kept_at) <= on:
            return PromiseState.KEPT if local_date(self.kept_at) <= self.promised_on else PromiseState.BROKEN
        return PromiseState.OPEN if on <= self.promised_on else PromiseState.BROKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCount:
    """How many promises stand how."""

    open: int
    kept: int
    broken: int

    @property
    def given(self) -> int:
        """All of them."""
        return self.open + self.kept + self.broken

    @property
    def share_kept(self) -> float | None:
        """Percent kept of those that came due or were kept; None where there are none."""
        settled = self.kept + self.broken
        return 100 * self.kept / settled if settled else None


def give(promises: Sequence[Promise], new: Promise) -> tuple[Promise, ...]:
    """The promises with one more, in the order made; the same day from the same person counts once."""
    if any((each.promised_on, each.made_by) == (new.promised_on, new.made_by) for each in promises):
        return tuple(promises)
    return tuple(sorted((*promises, new), key=lambda each: each.made_at))


def keep(promises: Sequence[Promise], *, at: datetime) -> tuple[Promise, ...]:
    """The promises once the answer came at `at`: each made by then and not yet answered has had its answer."""
    return tuple(
        replace(promise, kept_at=at) if promise.kept_at is None and promise.made_at <= at else promise
        for promise in promises
    )


def keep_from(promises: Sequence[Promise], *, at: datetime) -> tuple[Promise, ...]:
    """The promises once it is known that the answer came as early as `at`: one that came later no longer counts."""
    undecided = [
        replace(promise, kept_at=None) if promise.kept_at and promise.made_at <= at < promise.kept_at else promise
        for promise in promises
    ]
    return keep(undecided, at=at)


def count(promises: Iterable[Promise], on: date) -> PromiseCount:
    """How many of the promises are open, kept and broken on that day."""
    states = [promise.state(on) for promise in promises]
    return PromiseCount(
        open=states.count(PromiseState.OPEN),
        kept=states.count(PromiseState.KEPT),
        broken=states.count(PromiseState.BROKEN),
    )
