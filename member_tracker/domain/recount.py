"""Counting open enquiries again after a charter, calendar or closure day was changed: what would move, before it does.

What was judged stays judged: a clock that has stopped is never counted again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from member_tracker.domain.charter import Charter
from member_tracker.domain.clock import Clock, Clocks, Step
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import day_in_words
from member_tracker.domain.extension import Extension
from member_tracker.domain.pause import Pause
from member_tracker.domain.vocabulary import AfterHours, Channel, Kind, Stage
from member_tracker.domain.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the clocks of an enquiry are counted from, beside the charter and the calendar."""

    channel: Channel
    kind: Kind
    received_at: datetime
    stage: Stage | None = None
    sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    returned_at: datetime | None = None
    after_hours: AfterHours | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClocks:
    """The clocks of one open enquiry as they are, and what they are counted from."""

    enquiry_id: str
    reference: str
    clocks: Clocks
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldChange:
    """One promise whose due day would move; None for a day there was not, or would not be."""

    enquiry_id: str
    reference: str
    step: Step
    was: date | None
    becomes: date | None

    @property
    def words(self) -> str:
        """The change in one sentence."""
        return f"{self.reference}: {self.step} due {_said(self.was)} would be due {_said(self.becomes)}."


def count_again(clocks: Clocks, facts: Facts, *, charter: Charter, calendar: WorkingCalendar) -> Clocks:
    """The clocks under the charter and calendar as they are now, those that have stopped exactly as they were."""
    if _is_judged(clocks):
        return clocks
    again = start_clocks(
        charter=charter,
        calendar=calendar,
        channel=facts.channel,
        kind=facts.kind,
        stage=facts.stage,
        received_at=facts.received_at,
        sent_at=facts.sent_at,
        acknowledged_at=facts.acknowledged_at,
        returned_at=facts.returned_at,
        after_hours=facts.after_hours,
        pauses=facts.pauses,
        extensions=facts.extensions,
    )
    stopped = clocks.acknowledge if clocks.acknowledge and clocks.acknowledge.stopped_at else None
    return replace(again, acknowledge=stopped) if stopped else again


def what_would_change(
    open_clocks: Iterable[OpenClocks], *, charters: Mapping[str, Charter], calendar: WorkingCalendar
) -> tuple[WouldChange, ...]:
    """Every due day that would move, in the order given; `charters` by id, as they are now to be.

    An enquiry keeps the charter it was judged by; where that is not among them it would not change.
    """
    changes: list[WouldChange] = []
    for each in open_clocks:
        charter = charters.get(each.clocks.charter_id)
        if charter is None:
            continue
        again = count_again(each.clocks, each.facts, charter=charter, calendar=calendar)
        steps = (
            (Step.ACKNOWLEDGEMENT, each.clocks.acknowledge, again.acknowledge),
            (Step.REPLY, each.clocks.respond, again.respond),
        )
        changes += [
            WouldChange(
                enquiry_id=each.enquiry_id, reference=each.reference, step=step, was=_due(was), becomes=_due(becomes)
            )
            for step, was, becomes in steps
            if _moment(was) != _moment(becomes)
        ]
    return tuple(changes)


def _is_judged(clocks: Clocks) -> bool:
    return clocks.respond is not None and clocks.respond.stopped_at is not None


def _due(clock: Clock | None) -> date | None:
    return clock.due_by if clock else None


def _moment(clock: Clock | None) -> datetime | None:
    return clock.due_at if clock else None


def _said(day: date | None) -> str:
    return f"on {day_in_words(day)}" if day else "on no day"
