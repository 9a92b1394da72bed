"""Promises kept and broken, and what a holding reply owes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.charter_file import read_charter
from member_tracker.domain.errors import Invalid
from member_tracker.domain.holding import HoldingReply, must_be_in_full
from member_tracker.domain.promise import Promise, PromiseState, count, keep
from member_tracker.domain.settings_table import BadFile

MADE = datetime(2026, 6, 1, 9, tzinfo=UTC)
FULL = HoldingReply(
    who="Sam Sample, Highways", why="it needs a survey", promised_on=date(2026, 6, 12), urgent_number="01632 960001"
)
days = st.dates(date(2026, 5, 1), date(2026, 8, 1))
moments = st.datetimes(datetime(2026, 6, 1), datetime(2026, 8, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis
promises = st.builds(
    Promise, promised_on=days, made_at=st.just(MADE), made_by=st.just("Sam Sample"), kept_at=st.none() | moments
)


def promised(day: int) -> Promise:
    return Promise(promised_on=date(2026, 6, day), made_at=MADE, made_by="Sam Sample")


@pytest.mark.parametrize(
    ("kept", "on", "state"),
    [
        (None, 12, PromiseState.OPEN),
        (None, 13, PromiseState.BROKEN),
        (11, 20, PromiseState.KEPT),
        (12, 20, PromiseState.KEPT),
        (13, 20, PromiseState.BROKEN),
        (11, 10, PromiseState.OPEN),
    ],
)
def test_a_promise_is_kept_on_its_day_and_broken_after_it(kept: int | None, on: int, state: PromiseState) -> None:
    promise = promised(12)
    if kept:
        (promise,) = keep((promise,), at=datetime(2026, 6, kept, 22, tzinfo=UTC))
    assert promise.state(date(2026, 6, on)) is state


def test_a_promise_kept_just_before_midnight_in_london_is_kept() -> None:
    (late,) = keep((promised(12),), at=datetime(2026, 6, 12, 22, 59, tzinfo=UTC))
    (too_late,) = keep((promised(12),), at=datetime(2026, 6, 12, 23, 0, tzinfo=UTC))
    on = date(2026, 6, 20)
    assert (late.state(on), too_late.state(on)) == (PromiseState.KEPT, PromiseState.BROKEN)


def test_a_later_promise_does_not_take_back_an_earlier_one() -> None:
    answered = keep((promised(5), promised(12)), at=datetime(2026, 6, 10, 9, tzinfo=UTC))
    counted = count(answered, date(2026, 6, 30))
    assert (counted.open, counted.kept, counted.broken, counted.share_kept) == (0, 1, 1, 50)


def test_a_share_of_nothing_is_no_share() -> None:
    assert count((promised(12),), date(2026, 6, 2)).share_kept is None


@given(st.lists(promises), days)
def test_every_promise_is_open_kept_or_broken(given_promises: list[Promise], on: date) -> None:
    counted = count(given_promises, on)
    assert counted.given == len(given_promises)


@given(promises, days, st.integers(0, 60))
def test_a_broken_promise_stays_broken(promise: Promise, on: date, later: int) -> None:
    if promise.state(on) is PromiseState.BROKEN:
        assert promise.state(on + timedelta(days=later)) is PromiseState.BROKEN


def test_a_holding_reply_says_four_things_and_each_gap_is_named() -> None:
    assert FULL.is_in_full
    assert FULL.chaser == ""
    assert HoldingReply().gaps == (
        "who is dealing with it",
        "why it takes longer",
        "the day a full reply is promised",
        "a telephone number if it is urgent",
    )
    part = HoldingReply(who="Sam Sample", promised_on=date(2026, 6, 12), urgent_number="switchboard")
    assert part.gaps == ("why it takes longer", "a telephone number if it is urgent")
    assert part.chaser == (
        "Thank you for your holding reply. Please also tell us why it takes longer and a telephone number if it is"
        " urgent."
    )


def test_a_holding_reply_without_a_day_only_acknowledges() -> None:
    assert HoldingReply(who="Sam Sample", why="busy", urgent_number="01632 960001").is_only_an_acknowledgement
    assert not FULL.is_only_an_acknowledgement


def test_one_that_we_write_must_be_in_full_and_promise_a_day_to_come() -> None:
    assert must_be_in_full(FULL, written_on=date(2026, 6, 12)) == FULL
    with pytest.raises(Invalid, match="does not say why it takes longer"):
        must_be_in_full(
            HoldingReply(who="S", promised_on=FULL.promised_on, urgent_number="999"), written_on=MADE.date()
        )
    with pytest.raises(Invalid, match="a day that has passed"):
        must_be_in_full(FULL, written_on=date(2026, 6, 13))


def test_a_charter_says_with_its_source_that_a_holding_reply_stops_the_clock() -> None:
    plain = 'id = "ours"\ntitle = "Ours"\n'
    assert not read_charter("ours.toml", plain).holding_stops
    said = read_charter("ours.toml", f'{plain}holding_reply_stops = true\nholding_reply_source = "policy para 3"\n')
    assert (said.holding_stops, said.holding_source) == (True, "policy para 3")
    with pytest.raises(BadFile, match="holding_reply_source"):
        read_charter("ours.toml", f"{plain}holding_reply_stops = true\n")
