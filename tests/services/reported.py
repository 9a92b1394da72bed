"""Casework to report on: some hundred made-up enquiries in every state, and what each counts as, worked out plainly."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import cast

from member_tracker.domain.clock import Clock, Clocks, Moved, Step
from member_tracker.domain.dates import LONDON, local_date
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.judged import Measure, Standing
from member_tracker.domain.merge import Merged
from member_tracker.domain.merge import Standing as Before
from member_tracker.domain.outcome import outcome_of
from member_tracker.domain.people import (
    Council,
    Councillor,
    PersonId,
    ServiceArea,
    ServiceAreaId,
    Ward,
    WardId,
)
from member_tracker.domain.vocabulary import AfterHours, Channel, Start, State, Status
from tests.fakes.office import Office
from tests.store.office import enquiry

AREAS = ("Housing", "Planning", "Waste")
STANDARDS = {
    "Housing": (("chorley-south-ribble-2023", "T7"),),
    "Planning": (("chorley-south-ribble-2023", "T7"), ("chorley-2010", "T3"), ("unheard-of", "any")),
    "Waste": (("chorley-2010", "T3"),),
}
_STANDINGS = {
    State.MET: Standing.KEPT,
    State.MISSED: Standing.LATE,
    State.OVERDUE: Standing.LATE,
    State.DUE_TODAY: Standing.NOT_DUE,
    State.IN_TIME: Standing.NOT_DUE,
    State.NOT_MEASURED: Standing.NOT_MEASURED,
}


def casework(office: Office, count: int, *, days: int = 200, seed: int = 7) -> tuple[Enquiry, ...]:
    """So many enquiries, received in the days before the office's clock and one day after."""
    dice = random.Random(seed)
    with office.app.store.writing(author=None) as tx:
        council = tx.every(Council)[0]
        for number in range(3):
            tx.save(Ward(id=WardId(f"ward-{number}"), council_id=council.id, name=f"Ward {number}"))
            tx.save(
                Councillor(
                    id=PersonId(f"member-{number}"),
                    council_id=council.id,
                    name=f"Cllr Number {number}",
                    email=f"member{number}@example.org",
                )
            )
        areas = [area for area in tx.every(ServiceArea) if area.name in AREAS]
        made = tuple(_one(number, office.clock(), areas, dice, days) for number in range(1, count + 1))
        for each in made:
            tx.save(each)
    return made


def _one(number: int, now: datetime, areas: Sequence[ServiceArea], dice: random.Random, days: int) -> Enquiry:
    received = now - timedelta(seconds=dice.randrange(-86_400, days * 86_400))
    area = dice.choice(areas)
    charter, standard = dice.choice(STANDARDS[area.name])
    due_on = local_date(received) + timedelta(days=dice.choice((2, 10, 30)))
    answered = received + timedelta(days=dice.random() * 20) if dice.random() < 0.6 else None
    answered = answered if answered and answered <= now else None
    clock = _clock(due_on, answered, dice)
    status = dice.choice((Status.ANSWERED, Status.CLOSED)) if answered else dice.choice((Status.DRAFT, Status.CLOSED))
    closed_at = (answered or received + timedelta(days=dice.random() * 40)) if status is Status.CLOSED else None
    clocks = Clocks(
        charter_id=charter,
        standard_id=standard,
        received_at=received,
        after_hours=AfterHours.SAME_DAY,
        counts_from=local_date(received),
        acknowledge=None
        if dice.random() < 0.2
        else replace(_due(clock, due_on), step=Step.ACKNOWLEDGEMENT, moved=None),
        respond=clock,
    )
    made = enquiry(
        number,
        service_area_id=ServiceAreaId(area.id),
        ward_id=dice.choice((None, WardId("ward-0"), WardId("ward-1"), WardId("ward-2"))),
        raised_by=PersonId(f"member-{dice.randrange(3)}"),
        channel=dice.choice((Channel.EMAIL, Channel.LETTER, Channel.TELEPHONE)),
        received_at=received,
        clocks=None if dice.random() < 0.05 else clocks,
        status=status,
        answered_at=answered,
        closed_at=closed_at,
        handovers=dice.choice((0, 0, 1, 4)),
    )
    return _merged(made) if dice.random() < 0.05 else made


def _clock(due_on: date, answered: datetime | None, dice: random.Random) -> Clock:
    clock = Clock(step=Step.REPLY, contact="Email", within="2 working days", starts=Start.RECEIVED, stopped_at=answered)
    what = dice.random()
    if what < 0.1:
        return clock
    running = _due(clock, due_on)
    before = _end_of(due_on - timedelta(days=dice.randrange(1, 9)))
    if what < 0.2:
        agreed = due_on + timedelta(days=9)
        return replace(_due(clock, agreed), moved=Moved(extended_to=agreed, standard_due_at=_end_of(due_on)))
    if what < 0.3:
        return replace(running, moved=Moved(unpaused_due_at=before))
    if what < 0.35 and answered is None:
        paused = Moved(paused_since=before, unpaused_due_at=_end_of(due_on))
        return replace(running, due_by=None, due_at=None, provisional=True, moved=paused)
    return running


def _due(clock: Clock, on: date) -> Clock:
    return replace(clock, due_by=on, due_at=_end_of(on))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), LONDON)


def _merged(made: Enquiry) -> Enquiry:
    was = Before(
        status=made.status,
        received_at=made.received_at,
        acknowledged_at=None,
        closed_at=None,
        close_reason=None,
        clocks=made.clocks,
    )
    return replace(
        made,
        merged=Merged(
            survivor_id="another",
            absorbed_id=made.id,
            at=made.received_at,
            by=made.entered_by,
            survivor_was=was,
            absorbed_was=was,
        ),
    )


def counts_as(each: Enquiry, measure: Measure, now: datetime) -> Standing:
    """How an enquiry counts, by its own clocks and status."""
    if measure is Measure.RECEIVED:
        return Standing.KEPT
    clocks = each.clocks
    clock = None if clocks is None else clocks.acknowledge if measure is Measure.ACKNOWLEDGED else clocks.respond
    unanswered = not each.status.is_open and clock is not None and clock.stopped_at is None
    outcome = outcome_of(clock, cast("datetime", each.closed_at) if unanswered else now)
    state = {
        Measure.ACKNOWLEDGED: outcome.with_extension,
        Measure.ANSWERED: outcome.by_standard,
        Measure.EXTENDED: outcome.with_extension,
        Measure.UNPAUSED: outcome.without_pauses,
    }[measure]
    if unanswered and state is not State.OVERDUE:
        return Standing.NOT_MEASURED
    return _STANDINGS[state]
