"""Extensions: the day agreed, what it makes of the due day, and figures before and after it."""

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.charter import Unit
from member_tracker.domain.clock import clocks_from_json, clocks_to_json, rederive, state_of, stop, why_due
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.errors import Invalid
from member_tracker.domain.extension import Extension, agree_extension
from member_tracker.domain.outcome import outcome_of
from member_tracker.domain.pause import Pause, resumed_by
from member_tracker.domain.vocabulary import Channel, Kind, State
from tests.domain.waiting import a_calendar, a_charter, a_pause, answer_clock, at, moments, pauses_after

FIVE_DAYS = a_charter(5, Unit.WORKING_DAY)


def agreed(until: str | date, *, on: str = "2026-06-03T10:00") -> Extension:
    day = until if isinstance(until, date) else date.fromisoformat(until)
    return Extension(until_on=day, reason="it needs a survey", agreed_by="Councillor Made-Up", agreed_at=at(on))


@st.composite
def situations(draw: st.DrawFn) -> tuple[datetime, tuple[Pause, ...], tuple[Extension, ...]]:
    received = draw(moments)
    days = draw(st.lists(st.integers(0, 40), max_size=3))
    extensions = tuple(
        Extension(
            until_on=received.date() + timedelta(days=day),
            reason="made up",
            agreed_by="Councillor Made-Up",
            agreed_at=received + timedelta(days=place),
        )
        for place, day in enumerate(days)
    )
    return received, draw(pauses_after(received)), extensions


@given(situations(), st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.CLOSE_OF_WORKING_DAY]))
def test_an_extended_and_paused_due_day_can_be_worked_out_again_from_its_ledger(
    situation: tuple[datetime, tuple[Pause, ...], tuple[Extension, ...]], unit: Unit
) -> None:
    received, pauses, extensions = situation
    found = start_clocks(
        charter=a_charter(8, unit),
        calendar=a_calendar(),
        channel=Channel.EMAIL,
        kind=Kind.ENQUIRY,
        stage=None,
        received_at=received,
        pauses=pauses,
        extensions=extensions,
    )
    assert found.respond is not None
    assert rederive(found.respond) == found.respond.due_by
    assert clocks_from_json(json.loads(json.dumps(clocks_to_json(found)))) == found
    plain = answer_clock(a_charter(8, unit), received, pauses)
    assert found.respond.due_at is None or plain.due_at is None or plain.due_at <= found.respond.due_at
    if found.respond.due_at is not None:
        assert resumed_by(pauses, found.respond.due_at) == found.respond.due_at


@given(situations())
def test_extensions_change_no_figure_of_the_standard(
    situation: tuple[datetime, tuple[Pause, ...], tuple[Extension, ...]],
) -> None:
    received, pauses, extensions = situation
    answered = received + timedelta(days=14)
    plain = stop(answer_clock(FIVE_DAYS, received, pauses), answered)
    extended = stop(answer_clock(FIVE_DAYS, received, pauses, extensions), answered)
    if not any(pause.until_at is None for pause in pauses):
        assert outcome_of(extended, answered).by_standard is state_of(plain, answered)


def test_an_agreed_day_takes_the_place_of_the_standards_and_says_who_agreed() -> None:
    clock = answer_clock(FIVE_DAYS, "2026-06-01T10:00", (), (agreed("2026-06-19"),))
    assert (clock.due_by, clock.due_at) == (date(2026, 6, 19), at("2026-06-19T23:59:59"))
    assert clock.ledger[-1].reason == (
        "Extended from Monday 8 June 2026 to this day, agreed by Councillor Made-Up on Wednesday 3 June 2026:"
        " it needs a survey"
    )
    assert why_due(clock) == (
        "Reply due by Friday 19 June 2026, because email: 5 working days; extended from Monday 8 June 2026 to this day,"
        " agreed by Councillor Made-Up on Wednesday 3 June 2026: it needs a survey."
    )


@pytest.mark.parametrize(
    ("answered", "by_standard", "with_extension", "words"),
    [
        ("2026-06-08T10:00", State.MET, State.MET, "Met"),
        ("2026-06-18T10:00", State.MISSED, State.MET, "Met after extension"),
        ("2026-06-20T10:00", State.MISSED, State.MISSED, "Missed"),
    ],
)
def test_an_answer_is_judged_by_the_standard_and_with_the_extension(
    answered: str, by_standard: State, with_extension: State, words: str
) -> None:
    clock = answer_clock(FIVE_DAYS, "2026-06-01T10:00", (), (agreed("2026-06-19"),))
    outcome = outcome_of(stop(clock, at(answered)), at("2026-07-01T10:00"))
    assert (outcome.by_standard, outcome.with_extension, outcome.words) == (by_standard, with_extension, words)


def test_the_extension_agreed_last_holds_and_an_earlier_day_changes_nothing() -> None:
    later, sooner = agreed("2026-06-30"), agreed("2026-06-19", on="2026-06-04T10:00")
    assert answer_clock(FIVE_DAYS, "2026-06-01T10:00", (), (later, sooner)).due_by == date(2026, 6, 19)
    early = answer_clock(FIVE_DAYS, "2026-06-01T10:00", (), (agreed("2026-06-05"),))
    assert early == answer_clock(FIVE_DAYS, "2026-06-01T10:00")


def test_an_extension_agreed_after_the_due_day_says_so() -> None:
    clock = answer_clock(FIVE_DAYS, "2026-06-01T10:00", (), (agreed("2026-06-19", on="2026-06-10T10:00"),))
    assert "on Wednesday 10 June 2026, after it was due: it needs" in clock.ledger[-1].reason


def test_an_extension_that_ends_in_a_pause_is_carried_over() -> None:
    pause = a_pause("2026-06-18T10:00", "2026-06-20T10:00")
    clock = answer_clock(FIVE_DAYS, "2026-06-01T10:00", (pause,), (agreed("2026-06-19"),))
    assert clock.due_by == clock.extended_to == date(2026, 6, 22)
    waiting = answer_clock(FIVE_DAYS, "2026-06-01T10:00", (a_pause("2026-06-18T10:00", None),), (agreed("2026-06-19"),))
    assert (waiting.due_by, waiting.paused_since) == (None, at("2026-06-18T10:00"))


def test_an_extension_is_agreed_by_somebody_for_a_reason_and_to_a_later_day() -> None:
    clock, now = answer_clock(FIVE_DAYS, "2026-06-01T10:00"), at("2026-06-04T10:00")
    good = agreed("2026-06-19")
    assert agree_extension((), good, clock=clock, now=now) == (good,)
    bad = (
        (Extension(until_on=good.until_on, reason=" ", agreed_by="A", agreed_at=now), "needs a reason"),
        (Extension(until_on=good.until_on, reason="why", agreed_by="", agreed_at=now), "somebody who agreed"),
        (agreed("2026-06-19", on="2026-06-05T10:00"), "in the future"),
        (agreed("2026-06-08"), "due on Monday 8 June 2026 already"),
    )
    for extension, said in bad:
        with pytest.raises(Invalid, match=said):
            agree_extension((), extension, clock=clock, now=now)
