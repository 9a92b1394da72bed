"""What somebody is reminded of: never outside opening hours, each thing at most once a day, by references alone."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.dates import LONDON, local_date
from member_tracker.domain.working_time import ClosureDay, Division, OpeningHours, Purpose, WorkingCalendar
from member_tracker.services.reminders import About, Reminder, Thing, is_open, reminders, to_tell
from member_tracker.services.shipped_councils import load_bank_holidays
from tests.fakes.office import Office

CLOSED_ON = date(2026, 12, 29)
WEEK = ((time(8, 45), time(17)),) * 4 + ((time(9), time(16, 30)), None, None)
HOURS = OpeningHours(purpose=Purpose.OFFICES, week=WEEK)
CALENDAR = WorkingCalendar(
    bank_holidays=load_bank_holidays(Division.ENGLAND_AND_WALES),
    closure_days=(ClosureDay(on=CLOSED_ON, reason="Christmas closing"),),
    opening_hours=(HOURS,),
)
CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28), CLOSED_ON, date(2027, 1, 1)}
THINGS = [
    Thing(about=about, enquiry_id=f"id-{number}", reference=f"ENQ-7K3M-{number}-XR")
    for about in About
    for number in range(3)
]

moments = st.integers(min_value=0, max_value=27 * 24 * 60).map(
    lambda minutes: datetime(2026, 12, 14, tzinfo=UTC) + timedelta(minutes=minutes)
)


def may_be_told(at: datetime) -> bool:
    """The same said another way: on a day that is no weekend or holiday, between the hours of that weekday."""
    local = at.astimezone(LONDON)
    hours = WEEK[local.weekday()]
    return local.date() not in CHRISTMAS and hours is not None and hours[0] <= local.time() < hours[1]


@given(st.lists(st.tuples(moments, st.sets(st.sampled_from(THINGS))), max_size=30))
def test_nothing_is_told_outside_opening_hours_or_twice_a_day(asked: list[tuple[datetime, set[Thing]]]) -> None:
    told: dict[str, date] = {}
    heard: Counter[tuple[str, date]] = Counter()
    for now, things in sorted(asked, key=lambda each: each[0]):
        telling = [thing for some in to_tell(things, now=now, calendar=CALENDAR, told=told) for thing in some.things]
        assert not telling or may_be_told(now)
        if may_be_told(now):
            assert {thing.key for thing in things} - {thing.key for thing in telling} <= set(told)
        heard.update((thing.key, local_date(now)) for thing in telling)
        told |= {thing.key: local_date(now) for thing in telling}
    assert all(count == 1 for count in heard.values())


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 23, 8, 44, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 8, 45, tzinfo=UTC), True),
        (datetime(2026, 11, 27, 16, 30, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 25, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 29, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 6, 7, 50, tzinfo=UTC), True),
        (datetime(2049, 3, 3, 12, 0, tzinfo=UTC), True),
        (datetime(2049, 3, 6, 12, 0, tzinfo=UTC), False),
    ],
)
def test_the_hours_are_those_of_the_office_on_that_day(at: datetime, expected: bool) -> None:
    assert is_open(CALENDAR, at) is expected


def test_without_known_hours_working_days_from_nine_to_five_are_kept_to() -> None:
    plain = WorkingCalendar(bank_holidays=CALENDAR.bank_holidays)
    for calendar in (None, plain):
        assert is_open(calendar, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        assert not is_open(calendar, datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
        assert not is_open(calendar, datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    assert not is_open(plain, datetime(2026, 12, 25, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 enquiry is overdue: ENQ-7K3M-0-XR."),
        (2, "2 enquiries are overdue: ENQ-7K3M-0-XR and ENQ-7K3M-1-XR."),
        (40, "40 enquiries are overdue, among them ENQ-7K3M-0-XR, ENQ-7K3M-1-XR and ENQ-7K3M-2-XR."),
    ],
)
def test_a_reminder_says_how_many_and_which(count: int, words: str) -> None:
    things = tuple(
        Thing(about=About.OVERDUE, enquiry_id=str(number), reference=f"ENQ-7K3M-{number}-XR") for number in range(count)
    )
    assert Reminder(about=About.OVERDUE, things=things).words == words


def test_an_office_is_reminded_in_the_morning_of_what_fell_due_and_of_silence_and_names_nobody(office: Office) -> None:
    enquiry = office.logged_and_sent(resident="Ada Greenhalgh", subject="Damp by the canal")
    assert reminders(office.app).standing == ()
    office.clock.moment = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
    for _day in range(40):
        before = reminders(office.app)
        office.clock.forward(hours=24)
        if before.standing:
            break
    early = reminders(office.app)
    assert early.standing
    assert early.told_now == (), "at seven in the morning nobody is reminded"
    office.clock.moment = _next_working_noon(office.clock())
    now = reminders(office.app)
    assert [reminder.about for reminder in now.told_now] == [reminder.about for reminder in now.standing]
    assert enquiry.reference in now.told_now[0].words
    assert "Greenhalgh" not in str(now)
    assert "canal" not in str(now)
    assert reminders(office.app).told_now == (), "once is enough"
    office.clock.moment = _next_working_noon(office.clock() + timedelta(days=1))
    assert reminders(office.app).told_now == reminders(office.app).standing


def _next_working_noon(at: datetime) -> datetime:
    noon = at.replace(hour=12, minute=0)
    while not may_be_told(noon):
        noon += timedelta(days=1)
    return noon
