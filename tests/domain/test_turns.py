"""Turn about: nobody on duty gets more than one enquiry more than another, whoever worked it out and wherever."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.turns import LOOK_BACK, Given, Turn, next_in_turn

NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ALL = tuple(
    DutyOfficer(name=name, email=f"{name.lower()}@example.org") for name in ("Sam", "Asha", "Jo", "Ines", "Bob")
)
SAM, ASHA, JO = ALL[:3]

officers = st.lists(st.sampled_from(ALL), min_size=1, max_size=5, unique=True)


def minutes(count: int) -> datetime:
    return NINE + timedelta(minutes=count)


def gave(officer: DutyOfficer, at: datetime) -> Given:
    return Given(address=officer.email.upper(), at=at)


def turn(on_duty: list[DutyOfficer], given_: list[Given], since: datetime = NINE) -> Turn:
    found = next_in_turn(on_duty, given_, since=since)
    assert found is not None
    return found


def dealt(on_duty: list[DutyOfficer], given_: list[Given], number: int, *, first: int = 1) -> list[Given]:
    """What was given once so many more were sent, a minute each."""
    for count in range(first, first + number):
        given_ = [*given_, gave(turn(on_duty, given_).officer, minutes(count))]
    return given_


def shares(on_duty: list[DutyOfficer], given_: list[Given]) -> list[int]:
    had = Counter(each.address.casefold() for each in given_)
    return [had[officer.email] for officer in on_duty]


@given(officers, st.integers(0, 40))
def test_nobody_has_more_than_one_more_than_another(on_duty: list[DutyOfficer], number: int) -> None:
    had = shares(on_duty, dealt(on_duty, [], number))
    assert sum(had) == number
    assert max(had) - min(had) <= 1


@given(officers, st.lists(st.integers(0, 9), min_size=1, max_size=8))
def test_nor_over_several_slots_with_the_same_officers(on_duty: list[DutyOfficer], numbers: list[int]) -> None:
    given_: list[Given] = []
    for day, number in enumerate(numbers):
        since = NINE + timedelta(days=day)
        for count in range(number):
            found = turn(on_duty, given_, since)
            given_ = [*given_, gave(found.officer, since + timedelta(minutes=count + 1))]
    had = shares(on_duty, given_)
    assert max(had) - min(had) <= 1


@given(officers, st.lists(st.tuples(st.sampled_from(ALL), st.integers(-5000, -1)), max_size=20), st.integers(0, 20))
def test_what_was_before_the_slot_makes_nobody_catch_up(
    on_duty: list[DutyOfficer], before: list[tuple[DutyOfficer, int]], number: int
) -> None:
    known = [gave(officer, minutes(count)) for officer, count in before]
    after = dealt(on_duty, known, number)[len(known) :]
    had = shares(on_duty, after)
    assert max(had) - min(had) <= 1


@given(officers, st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.randoms(use_true_random=False))
def test_two_computers_apart_agree_again_and_even_out_once_they_know_of_each_other(
    on_duty: list[DutyOfficer], together: int, here: int, there: int, random: object
) -> None:
    known = dealt(on_duty, [], together)
    one = dealt(on_duty, known, here, first=100)
    other = dealt(on_duty, known, there, first=100)
    both = [*one, *other[len(known) :]]
    shuffled = list(both)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands in a random.Random
    assert turn(on_duty, both) == turn(on_duty, shuffled)
    had = shares(on_duty, both)
    assert max(had) - min(had) <= 2  # each was fair by itself
    evened = shares(on_duty, dealt(on_duty, both, len(on_duty) * 3, first=200))
    assert max(evened) - min(evened) <= 1


@given(officers, st.lists(st.tuples(st.sampled_from(ALL), st.integers(-200, 200)), max_size=20))
def test_the_turn_is_somebody_on_duty_and_says_why(
    on_duty: list[DutyOfficer], given_: list[tuple[DutyOfficer, int]]
) -> None:
    found = turn(on_duty, [gave(officer, minutes(count)) for officer, count in given_])
    assert found.officer in on_duty
    assert found.words.startswith(f"Next in turn: {found.officer.name}, because ")
    assert found.because


def test_nobody_on_duty_has_no_turn() -> None:
    assert next_in_turn([], [gave(SAM, NINE)], since=NINE) is None


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ([], "Next in turn: Sam, because nobody on duty has had any lately, and Sam comes first in the rota."),
        ([(SAM, 1)], "Next in turn: Asha, because Asha and Jo have had none lately, and Asha comes first in the rota."),
        ([(SAM, 1), (JO, 2)], "Next in turn: Asha, because Asha has had fewest since 09:00: none, and Sam 1 and Jo 1."),
        (
            [(SAM, 3), (ASHA, 2), (JO, 1)],
            "Next in turn: Jo, because Jo’s last is longest ago: 09:01 on Monday 16 November 2026.",
        ),
        (
            [(SAM, 3), (ASHA, 2), (JO, 1), (JO, 4)],
            (
                "Next in turn: Asha, because Sam and Asha have had fewest since 09:00, "
                "and Asha’s last is longest ago: 09:02 on Monday 16 November 2026."
            ),
        ),
        ([(SAM, -9), (ASHA, -8)], "Next in turn: Jo, because Jo has had none lately."),
    ],
)
def test_why_is_said_in_words(given_: list[tuple[DutyOfficer, int]], words: str) -> None:
    assert turn([SAM, ASHA, JO], [gave(officer, minutes(count)) for officer, count in given_]).words == words


def test_one_alone_is_next_for_nobody_else_is_there() -> None:
    assert turn([JO], [gave(JO, minutes(1))]).words == "Next in turn: Jo, because nobody else is on duty."


def test_what_was_long_ago_says_nothing() -> None:
    long_ago = NINE - LOOK_BACK - timedelta(minutes=1)
    assert turn([SAM, ASHA], [gave(SAM, long_ago)]).officer == SAM
    assert turn([SAM, ASHA], [gave(SAM, NINE - timedelta(days=1))]).officer == ASHA
