"""Merging two enquiries that are one: the earliest receipt, the stricter clock, and all that is needed to undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.clock import Clock, Clocks
from member_tracker.domain.pause import Pause
from member_tracker.domain.people import PersonId
from member_tracker.domain.vocabulary import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a merge may change of an enquiry, as it was before."""

    status: Status
    received_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    clocks: Clocks | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One enquiry merged into another: which, by whom and when, and how both stood before; both histories stay."""

    survivor_id: str
    absorbed_id: str
    at: datetime
    by: PersonId
    survivor_was: Standing
    absorbed_was: Standing

    @property
    def histories(self) -> tuple[str, str]:
        """The enquiries whose histories are to be read together, the survivor first."""
        return self.survivor_id, self.absorbed_id


def stricter(one: Clocks | None, other: Clocks | None) -> Clocks | None:
    """The clocks of two enquiries as one: counted from the earlier receipt, each promise by the earlier due moment.

    A clock that has a due moment is stricter than one that has none; each keeps its own ledger and standard.
    """
    if one is None or other is None:
        return one or other
    first, second = sorted((one, other), key=lambda clocks: clocks.received_at)
    acknowledge = stricter_clock(first.acknowledge, second.acknowledge)
    respond = stricter_clock(first.respond, second.respond)
    ruling = second if respond is not None and respond is not first.respond else first
    return replace(
        ruling,
        received_at=first.received_at,
        acknowledge=acknowledge,
        respond=respond,
        note=None if acknowledge or respond else ruling.note,
    )


def stricter_clock(one: Clock | None, other: Clock | None) -> Clock | None:
    """The clock that is due earlier, the first where neither is."""
    if one is None or other is None:
        return one or other
    if one.due_at is None or other.due_at is None:
        return one if one.due_at is not None or other.due_at is None else other
    return one if one.due_at <= other.due_at else other


def pauses_after_merging(absorbed: Sequence[Pause], survivor: Sequence[Pause], merged: Merged) -> tuple[Pause, ...]:
    """The pauses by which the absorbed enquiry's clock is counted anew: its own, and the survivor's entered since."""
    since = [pause for pause in survivor if pause.entered_at >= merged.at and pause not in absorbed]
    return tuple(sorted((*absorbed, *since), key=lambda pause: (pause.from_at, pause.entered_at)))


def survivor_of(enquiry_id: str, merged_into: Mapping[str, str]) -> str:
    """The enquiry on which mail for `enquiry_id` lands, followed through every merge."""
    seen = {enquiry_id}
    while (following := merged_into.get(enquiry_id)) is not None and following not in seen:
        enquiry_id = following
        seen.add(enquiry_id)
    return enquiry_id
