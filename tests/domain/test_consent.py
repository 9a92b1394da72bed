"""Consent: what may leave the office, to whom, and until when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.consent import (
    THE_COUNCIL,
    Consent,
    ConsentKind,
    Detail,
    details_allowed,
    implied_by_asking,
    must_allow_special_category,
    special_category_hints,
    withdraw,
)
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.people import PersonId, Resident, ResidentId

ASKED = date(2026, 6, 1)
POLICE = "Made-Up Police"
RESIDENT = Resident(
    id=ResidentId("r"),
    councillor_id=PersonId("p"),
    name="Ana Example",
    email="ana@example.org",
    phone="01632 960002",
    address="1 Made-Up Lane",
)
days = st.dates(date(2026, 5, 1), date(2026, 8, 1))
bodies = st.sampled_from([THE_COUNCIL, POLICE, "Made-Up Homes"])
consents = st.builds(
    Consent,
    kind=st.sampled_from(ConsentKind),
    given_on=st.none() | days,
    bodies=st.lists(bodies, max_size=3).map(tuple),
    until=st.none() | days,
    special_category=st.booleans(),
    withdrawn_on=st.none() | days,
)


def explicit(*to: str, until: date | None = None, special: bool = True) -> Consent:
    return Consent(
        kind=ConsentKind.EXPLICIT, how="signed", given_on=ASKED, bodies=to, until=until, special_category=special
    )


def test_who_asks_for_help_lets_the_council_know_and_nobody_else() -> None:
    consent = implied_by_asking(ASKED)
    assert consent.kind is ConsentKind.IMPLIED
    assert details_allowed(consent, RESIDENT, THE_COUNCIL, ASKED) == tuple(Detail)
    assert details_allowed(consent, RESIDENT, POLICE, ASKED) == ()


def test_only_details_that_are_known_are_named() -> None:
    bare = replace(RESIDENT, phone=None, address=None)
    assert details_allowed(implied_by_asking(ASKED), bare, THE_COUNCIL, ASKED) == (Detail.NAME, Detail.EMAIL)


@pytest.mark.parametrize(
    ("day", "covered"),
    [(date(2026, 5, 31), False), (ASKED, True), (date(2026, 6, 30), True), (date(2026, 7, 1), False)],
)
def test_consent_runs_from_its_first_day_to_its_last(day: date, covered: bool) -> None:
    assert explicit(POLICE, until=date(2026, 6, 30)).covers(POLICE.lower(), day) is covered


def test_withdrawing_stops_everything_from_that_day_on() -> None:
    withdrawn = withdraw(implied_by_asking(ASKED), on=date(2026, 6, 10))
    assert withdrawn.covers(THE_COUNCIL, date(2026, 6, 9))
    assert not withdrawn.covers(THE_COUNCIL, date(2026, 6, 10))
    assert withdraw(withdrawn, on=date(2026, 6, 20)) == withdrawn


@given(consents, bodies, days)
def test_nothing_leaves_without_consent_that_covers_it(consent: Consent, body: str, on: date) -> None:
    allowed = details_allowed(consent, RESIDENT, body, on)
    assert bool(allowed) is consent.covers(body, on)
    if consent.kind is ConsentKind.NONE or body not in consent.bodies:
        assert allowed == ()


@given(consents, bodies, days, days, st.integers(0, 60))
def test_withdrawn_consent_never_covers_anything_again(
    consent: Consent, body: str, on: date, withdrawn: date, later: int
) -> None:
    gone = withdraw(consent, on=withdrawn)
    assert not gone.covers(body, withdrawn + timedelta(days=later))
    assert not gone.covers(body, on) or consent.covers(body, on)


@given(consents, bodies, days)
def test_special_category_text_needs_explicit_consent_that_names_it(consent: Consent, body: str, on: date) -> None:
    allowed = (
        consent.kind is ConsentKind.EXPLICIT
        and consent.special_category
        and bool(details_allowed(consent, RESIDENT, body, on))
    )
    if allowed:
        must_allow_special_category(consent, body, on)
    else:
        with pytest.raises(NotAllowed) as refused:
            must_allow_special_category(consent, body, on)
        assert "Ask the resident" in refused.value.advice


@pytest.mark.parametrize(
    ("consent", "on", "said"),
    [
        (implied_by_asking(ASKED), ASKED, "has not agreed to that in so many words"),
        (explicit(THE_COUNCIL), ASKED, "has not agreed that Made-Up Police is told"),
        (explicit(POLICE, special=False), ASKED, "does not include it"),
        (explicit(POLICE, until=ASKED), date(2026, 6, 2), "consent ended on Monday 1 June 2026"),
        (withdraw(explicit(POLICE), on=date(2026, 6, 5)), date(2026, 6, 6), "was withdrawn on Friday 5 June 2026"),
    ],
)
def test_a_refusal_says_what_is_missing(consent: Consent, on: date, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        must_allow_special_category(consent, POLICE, on)


def test_hints_are_whole_words_and_only_a_suggestion() -> None:
    assert special_category_hints("My GP says the damp makes my Asthma worse, as asthma does.") == ("gp", "asthma")
    assert special_category_hints("The embrace of the churchyard raced by; the bins were missed.") == ()
