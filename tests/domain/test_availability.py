"""Which duty officer is there, by mail tips and calendars."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.availability import (
    Absence,
    Busy,
    BusyKind,
    MailTip,
    Presence,
    WhoIsThere,
    who_is_there,
    working_window,
)
from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.working_time import WorkingCalendar
from member_tracker.services.charters import CharterShelf

JO = DutyOfficer(name="Jo Fell", email="Jo.Fell@example.org")
SAM = DutyOfficer(name="Sam Reed", email="sam.reed@example.org")
TEN = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
FIVE = TEN.replace(hour=17)


def busy(who: DutyOfficer, first: float, last: float, kind: BusyKind = BusyKind.BUSY) -> Busy:
    """A stretch of that Monday, in hours after midnight."""
    midnight = TEN.replace(hour=0)
    start_at, end_at = midnight + timedelta(hours=first), midnight + timedelta(hours=last)
    return Busy(address=who.email.lower(), start_at=start_at, end_at=end_at, kind=kind)


def asked(*stretches: Busy, tips: tuple[MailTip, ...] = (), **more: Absence) -> WhoIsThere:
    absences = {JO.email.casefold(): more["jo"]} if "jo" in more else {}
    return who_is_there((JO, SAM), tips=tips, absences=absences, busy=stretches, start=TEN, end=FIVE)


def words(found: WhoIsThere) -> list[str]:
    return [each.words for each in found.officers]


def test_of_several_who_are_free_the_first_in_the_list_is_chosen() -> None:
    found = asked()
    assert found.chosen == JO
    assert words(found) == ["Jo Fell is free.", "Sam Reed is free."]


def test_whoever_is_free_soonest_is_chosen_where_nobody_is_free_now() -> None:
    found = asked(busy(JO, 9, 12), busy(JO, 12, 14), busy(SAM, 10, 12.5))
    assert found.chosen == SAM
    assert [each.free_from for each in found.officers] == [TEN.replace(hour=14), TEN.replace(hour=12, minute=30)]
    assert words(found)[0] == "Jo Fell is busy until 14:00 on Monday 16 November 2026."


def test_a_later_meeting_keeps_nobody_from_being_free_now() -> None:
    assert asked(busy(JO, 11, 16)).chosen == JO


@pytest.mark.parametrize("kind", [BusyKind.TENTATIVE, BusyKind.ELSEWHERE])
def test_tentative_appointments_and_work_elsewhere_keep_nobody_from_their_mail(kind: BusyKind) -> None:
    assert asked(busy(JO, 0, 24, kind)).chosen == JO


def test_whoever_is_out_of_the_office_is_away_even_if_back_before_the_other_is_free() -> None:
    found = asked(busy(JO, 9, 11, BusyKind.OUT_OF_OFFICE), busy(SAM, 9, 15))
    assert found.officers[0].presence is Presence.AWAY
    assert found.chosen == SAM


def test_whoever_is_busy_and_then_out_of_the_office_is_away() -> None:
    found = asked(busy(JO, 9, 11), busy(JO, 11, 200, BusyKind.OUT_OF_OFFICE))
    assert words(found)[0] == "Jo Fell is away until 08:00 on Tuesday 24 November 2026."


@pytest.mark.parametrize(("kind", "said"), [(BusyKind.BUSY, "busy"), (BusyKind.OUT_OF_OFFICE, "away")])
def test_what_lasts_as_long_as_was_asked_about_may_last_longer(kind: BusyKind, said: str) -> None:
    found = asked(busy(JO, 9, 17, kind), busy(SAM, 9, 17, kind))
    assert words(found)[0] == f"Jo Fell is {said} until the offices close."
    assert (found.chosen, found.officers[0].free_from) == (None, None)


def test_an_automatic_reply_counts_as_away_whatever_the_calendar_says() -> None:
    tip = MailTip(address="JO.FELL@EXAMPLE.ORG", automatic_reply="I am away.")
    assert words(asked(tips=(tip,)))[0] == "Jo Fell is away."
    away = Absence(returns_on=date(2026, 11, 24), contact="desk@example.org")
    found = asked(tips=(tip,), jo=away)
    assert words(found)[0] == "Jo Fell is away until Tuesday 24 November 2026; contact instead: desk@example.org."
    assert found.chosen == SAM


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ({"invalid": True}, "Jo Fell’s mailbox is no address known there."),
        ({"mailbox_full": True}, "Jo Fell’s mailbox is full, so mail to it may come back."),
        ({"not_accepting": True}, "Jo Fell’s mailbox does not take mail from you."),
    ],
)
def test_whoever_cannot_be_written_to_is_not_chosen(trouble: dict[str, bool], said: str) -> None:
    tip = MailTip(
        address=JO.email,
        invalid=trouble.get("invalid", False),
        mailbox_full=trouble.get("mailbox_full", False),
        not_accepting=trouble.get("not_accepting", False),
    )
    found = asked(tips=(tip,))
    assert (words(found)[0], found.chosen) == (said, SAM)


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    found = asked(busy(JO, 0, 24, BusyKind.NO_INFORMATION))
    assert words(found)[0] == "It is not known whether Jo Fell is there."
    assert found.chosen == SAM
    nobody_asked = who_is_there((JO, SAM), busy=None, start=TEN, end=FIVE)
    assert {each.presence for each in nobody_asked.officers} == {Presence.UNKNOWN}
    assert nobody_asked.chosen is None


stretches = st.builds(
    lambda who, first, length, kind: busy(who, first, first + length, kind),
    st.sampled_from([JO, SAM]),
    st.floats(6, 18),
    st.floats(0.1, 12),
    st.sampled_from(list(BusyKind)),
)


@given(st.lists(stretches, max_size=8))
def test_whoever_is_chosen_is_taken_at_no_moment_they_are_said_to_be_free(taken: list[Busy]) -> None:
    found = asked(*taken)
    for each in found.officers:
        blocking = [
            one
            for one in taken
            if one.address == each.officer.email.lower()
            and one.kind in (BusyKind.BUSY, BusyKind.OUT_OF_OFFICE)
            and each.free_from is not None
            and one.start_at <= each.free_from < one.end_at
        ]
        assert blocking == []
    free = [each.free_from for each in found.officers if each.presence in (Presence.FREE, Presence.BUSY)]
    known = [at for at in free if at is not None]
    chosen = next((each for each in found.officers if each.officer == found.chosen), None)
    assert (chosen.free_from if chosen else None) == min(known, default=None)


CALENDAR: WorkingCalendar = CharterShelf.shipped().calendar("Chorley")


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-11-16T10:00", "2026-11-16T10:00", "2026-11-16T17:00"),
        ("2026-11-16T05:00", "2026-11-16T08:45", "2026-11-16T17:00"),
        ("2026-11-16T16:45", "2026-11-16T16:45", "2026-11-16T17:45"),
        ("2026-11-16T17:00", "2026-11-17T08:45", "2026-11-17T17:00"),
        ("2026-12-24T20:00", "2026-12-29T08:45", "2026-12-29T17:00"),
        ("2026-07-03T20:00", "2026-07-06T07:45", "2026-07-06T16:00"),
    ],
)
def test_the_time_asked_about_is_what_is_left_of_the_working_day_or_the_next(now: str, start: str, end: str) -> None:
    found = working_window(CALENDAR, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert [each.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="minutes") for each in found] == [start, end]


def test_without_opening_hours_the_day_is_from_nine_to_five() -> None:
    start, end = working_window(CharterShelf.shipped().calendar("Nowhere"), TEN.replace(hour=1))
    assert (start.hour, end.hour) == (9, 17)
