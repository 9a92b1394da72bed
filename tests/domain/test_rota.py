"""The duty rota: read as somebody writes it, and held against opening hours minute by minute."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.errors import Invalid
from member_tracker.domain.rota import Shift, is_on_duty, shifts_said, uncovered


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """Whoever has these shifts."""

    shifts: tuple[Shift, ...] = ()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mon-Fri 08:45-17:00", ["Mon-Fri 08:45-17:00"]),
        ("9-12.30", ["Mon-Fri 09:00-12:30"]),
        ("monday, wed and Fri 9 to 17", ["Mon, Wed, Fri 09:00-17:00"]),
        ("Tue 13:00-17:00; Sat 9-12", ["Tue 13:00-17:00", "Sat 09:00-12:00"]),
        ("Fri-Mon 10-11", ["Mon, Fri-Sun 10:00-11:00"]),
        ("", []),
    ],
)
def test_shifts_are_read_as_somebody_writes_them(said: str, words: list[str]) -> None:
    assert [shift.words for shift in shifts_said(said)] == words


@pytest.mark.parametrize("said", ["Mon", "Mon 17-9", "Moonday 9-12", "Mon 9-25", "Mon 9:70-10", "always"])
def test_what_cannot_be_read_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        shifts_said(said)
    assert "08:45-17:00" in refused.value.advice


shifts = st.builds(
    lambda days, begins, length: Shift(days=tuple(sorted(days)), begins=begins, ends=min(begins + length, 24 * 60)),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 23 * 60),
    st.integers(1, 600),
)


@given(st.lists(shifts, max_size=3))
def test_a_shift_written_out_reads_back_the_same(drawn: list[Shift]) -> None:
    assert shifts_said("; ".join(shift.words for shift in drawn)) == tuple(drawn)


@given(st.lists(st.lists(shifts, min_size=1, max_size=3), max_size=4), st.integers(0, 6))
def test_the_gaps_are_the_open_minutes_for_which_nobody_is_on(rota: list[list[Shift]], weekday: int) -> None:
    officers = [Somebody(shifts=tuple(each)) for each in rota]
    gaps = uncovered(officers, weekday, (time(8, 45), time(17, 0)))
    for minute in range(0, 24 * 60, 5):
        is_open = 8 * 60 + 45 <= minute < 17 * 60
        covered = any(shift.covers(weekday, minute) for officer in officers for shift in officer.shifts)
        assert (is_open and not covered) == any(begins <= minute < ends for begins, ends in gaps)


def test_whoever_has_no_shifts_is_on_whenever_the_offices_are_open() -> None:
    assert uncovered([Somebody()], 0, (time(9), time(17))) == ()
    assert uncovered([], 0, (time(9), time(17))) == ((540, 1020),)
    assert uncovered([], 6, None) == ()


def test_a_turn_is_by_the_office_clock() -> None:
    officer = Somebody(shifts=shifts_said("Mon 9-12"))
    assert is_on_duty(officer, datetime(2026, 7, 6, 8, 0, tzinfo=UTC))
    assert not is_on_duty(officer, datetime(2026, 7, 6, 11, 0, tzinfo=UTC))
    assert is_on_duty(officer, datetime(2026, 11, 23, 11, 59, tzinfo=UTC))
    assert is_on_duty(Somebody(), datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
