"""What must be asked about a subject, what was said, and which subjects are alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.asked import Answer, is_like, missing, subject_typed, with_answers

SUBJECTS = ("Missed bin", "Missed bin (assisted)", "Damp or mould", "Bin")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Missed bin", "Missed bin"),
        ("missed  BIN again", "Missed bin"),
        ("Missed bin (assisted), third time", "Missed bin (assisted)"),
        ("Missed bins", None),
        ("binoculars", None),
        ("Bin: lid broken", "Bin"),
        ("", None),
    ],
)
def test_a_subject_is_known_by_how_the_line_begins_the_longest_first(typed: str, expected: str | None) -> None:
    assert subject_typed(typed, SUBJECTS) == expected


def test_a_question_is_missing_until_it_is_answered_or_the_resident_does_not_know() -> None:
    answers = (
        Answer(question="Which bin?"),
        Answer(question="Since when?", unknown=True),
        Answer(question="Where is it", said=" Mill Lane "),
        Answer(question="How many?", said="  "),
    )
    assert missing(answers) == ("Which bin?", "How many?")
    assert with_answers("Not emptied.", answers[1:3]) == (
        "Not emptied.\n\nSince when? the resident does not know\nWhere is it: Mill Lane"
    )
    assert with_answers("Not emptied.", ()) == "Not emptied."


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Damp in a flat", "Damp and mould in the flat again", True),
        ("Missed bins", "Missed bin, Mill Lane", True),
        ("Pothole in Elm Close", "Missed bin", False),
        ("Streetlight out", "Streetlight out for weeks", True),
        ("again", "again", False),
        ("", "", False),
    ],
)
def test_subjects_that_share_half_of_what_counts_are_alike(one: str, other: str, alike: bool) -> None:
    assert is_like(one, other) is alike
    assert is_like(other, one) is alike


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert is_like(one, other) == is_like(other, one)
