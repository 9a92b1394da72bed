"""What an officer's holding reply says of who, why, by when and an urgent number."""

from datetime import date

import pytest

from member_tracker.domain.holding_reading import holding_said

FRIDAY = date(2026, 11, 27)


def test_an_officer_who_speaks_for_themselves_is_dealing_with_it() -> None:
    said = holding_said("I will send you a full answer by Friday.", sender="Ada Finch", promised_on=FRIDAY)
    assert said.who == "Ada Finch"


def test_a_reply_that_speaks_for_nobody_leaves_open_who_is_dealing_with_it() -> None:
    said = holding_said("A full answer will follow by Friday.", sender="Housing", promised_on=FRIDAY)
    assert said.who == ""
    assert "who is dealing with it" in said.gaps


def test_a_colleague_named_in_so_many_words_is_dealing_with_it() -> None:
    said = holding_said("I have passed this to Basil Thorne for a reply.", sender="Ada Finch", promised_on=FRIDAY)
    assert said.who == "Basil Thorne"


@pytest.mark.parametrize(
    "text",
    [
        "Please wait. The surveyor is on leave. We will write by Friday.",
        "We are waiting for the contractor.",
        "This is delayed due to the flood.",
        "We need to inspect the roof first.",
    ],
)
def test_the_sentence_that_gives_the_reason_is_kept(text: str) -> None:
    assert holding_said(text, sender="", promised_on=FRIDAY).why in text
    assert "why it takes longer" not in holding_said(text, sender="", promised_on=FRIDAY).gaps


@pytest.mark.parametrize(
    "text",
    [
        "A full answer will follow.",
        "We will answer as soon as possible.",
        "Apologies for the delay. Sorry to keep you waiting.",
        "If you need to ring, please do so while we are open.",
    ],
)
def test_a_reply_without_a_reason_has_that_gap(text: str) -> None:
    assert "why it takes longer" in holding_said(text, sender="", promised_on=FRIDAY).gaps


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("If it is urgent ring 01632 960111.", "01632 960111"),
        ("Call me on (01632) 960 111 any time.", "(01632) 960 111"),
        ("For urgent matters: +44 1632 960111", "+44 1632 960111"),
        ("The contract is number 01632960111.", ""),
        ("Ring me.", ""),
    ],
)
def test_a_number_counts_only_where_it_is_one_to_ring(text: str, number: str) -> None:
    assert holding_said(text, sender="", promised_on=None).urgent_number == number
