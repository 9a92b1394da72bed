"""Slots of a duty rota: who is on together, from when until when, and which hand-over notes are read then."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.dates import LONDON
from member_tracker.domain.people import DutyOfficer, HandoverNote
from member_tracker.domain.rota import Shift, shifts_said, uncovered
from member_tracker.domain.slots import Slot, handed_over, slots_on

MONDAY = date(2026, 11, 16)
OPEN = (time(8, 45), time(17, 0))


def officer(name: str, shifts: str = "") -> DutyOfficer:
    return DutyOfficer(name=name, email=f"{name.lower()}@example.org", shifts=shifts_said(shifts))


def at(hours: int, minutes: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hours, minutes), LONDON)


def said(slots: tuple[Slot, ...]) -> list[tuple[str, str, list[str]]]:
    return [(f"{s.begins_at:%H:%M}", f"{s.ends_at:%H:%M}", [each.name for each in s.officers]) for s in slots]


def test_several_are_on_duty_in_one_slot() -> None:
    rota = [officer("Sam", "Mon-Fri 08:45-12:30"), officer("Asha", "Mon 08:45-12:30"), officer("Jo", "Mon 12-17")]
    assert said(slots_on(rota, MONDAY, OPEN)) == [
        ("08:45", "12:00", ["Sam", "Asha"]),
        ("12:00", "12:30", ["Sam", "Asha", "Jo"]),
        ("12:30", "17:00", ["Jo"]),
    ]


def test_whoever_has_no_shifts_is_on_from_opening_to_closing() -> None:
    assert said(slots_on([officer("Sam")], MONDAY, OPEN)) == [("08:45", "17:00", ["Sam"])]
    assert slots_on([officer("Sam")], MONDAY, None) == ()
    assert said(slots_on([officer("Sam", "Mon 20-24")], MONDAY, None)) == [("20:00", "00:00", ["Sam"])]


shifts = st.builds(
    lambda days, begins, length: Shift(days=tuple(sorted(days)), begins=begins, ends=min(begins + length, 24 * 60)),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 23 * 60),
    st.integers(1, 600),
)
rotas = st.lists(st.lists(shifts, max_size=3), max_size=4).map(
    lambda drawn: [
        DutyOfficer(name=f"Officer {number}", email=f"{number}@example.org", shifts=tuple(each))
        for number, each in enumerate(drawn)
    ]
)


@given(rotas, st.integers(0, 6), st.sampled_from([OPEN, None]))
def test_a_slot_has_whoever_is_on_in_each_of_its_minutes_and_no_minute_is_in_two(
    rota: list[DutyOfficer], weekday: int, hours: tuple[time, time] | None
) -> None:
    day = MONDAY + timedelta(days=weekday)
    slots = slots_on(rota, day, hours)
    assert all(one.ends_at <= other.begins_at for one, other in pairwise(slots))
    assert all(one.officers != other.officers for one, other in pairwise(slots) if one.ends_at == other.begins_at)
    for minute in range(0, 24 * 60, 7):
        moment = datetime.combine(day, time(), LONDON) + timedelta(minutes=minute)
        is_open = hours is not None and hours[0] <= moment.time() < hours[1]
        on = [
            each
            for each in rota
            if (is_open if not each.shifts else any(shift.covers(weekday, minute) for shift in each.shifts))
        ]
        running = [slot for slot in slots if slot.has(moment)]
        assert [list(slot.officers) for slot in running] == ([on] if on else [])


@given(rotas, st.integers(0, 6))
def test_the_gaps_of_a_rota_are_what_its_slots_leave_open(rota: list[DutyOfficer], weekday: int) -> None:
    day = MONDAY + timedelta(days=weekday)
    slots = slots_on(rota, day, OPEN)
    gaps = uncovered(rota, weekday, OPEN)
    for minute in range(8 * 60 + 45, 17 * 60, 5):
        moment = datetime.combine(day, time(), LONDON) + timedelta(minutes=minute)
        assert any(slot.has(moment) for slot in slots) != any(begins <= minute < ends for begins, ends in gaps)


def test_on_the_night_the_clocks_go_back_a_slot_keeps_the_office_clock() -> None:
    (slot,) = slots_on([officer("Sam", "Sun 0-9")], date(2026, 10, 25), None)
    assert (slot.begins_at.astimezone(UTC).hour, slot.ends_at.astimezone(UTC).hour) == (23, 9)


def note(first: datetime, last: datetime, text: str = "Boiler calls go to Sam until noon.") -> HandoverNote:
    return HandoverNote(from_at=first, until_at=last, note=text)


def test_a_note_is_read_while_its_slot_runs_and_in_the_next_by_whoever_comes_on_then() -> None:
    rota = [officer("Sam", "Mon-Fri 08:45-12:30"), officer("Jo", "Mon-Fri 12:30-17")]
    slots = [slot for ahead in range(2) for slot in slots_on(rota, MONDAY + timedelta(days=ahead), OPEN)]
    written = note(at(8, 45), at(12, 30))
    assert handed_over([written], slots, at(8)) == handed_over([], slots, at(8))
    assert handed_over([written], slots, at(8, 45)).running == (written,)
    later = handed_over([written], slots, at(12, 30))
    assert (later.running, later.before) == ((), (written,))
    tomorrow = MONDAY + timedelta(days=1)
    assert handed_over([written], slots, at(9, day=tomorrow)).before == ()


def test_over_a_weekend_the_note_of_friday_is_read_on_monday() -> None:
    friday = MONDAY - timedelta(days=3)
    rota = [officer("Sam", "Mon, Fri 9-12")]
    slots = [*slots_on(rota, friday, OPEN), *slots_on(rota, MONDAY, OPEN)]
    written = note(at(9, day=friday), at(12, day=friday))
    assert handed_over([written], slots, at(15, day=friday)).before == (written,)
    assert handed_over([written], slots, at(9, 30)).before == (written,)
    assert handed_over([written], slots, at(12)).before == ()


def test_a_note_outlives_a_change_of_the_rota_until_its_own_time_is_over() -> None:
    slots = list(slots_on([officer("Sam", "Mon 9-10"), officer("Jo", "Mon 10-17")], MONDAY, OPEN))
    written = note(at(8, 45), at(12, 30))
    assert handed_over([written], slots, at(11)).running == (written,)
    assert handed_over([written], slots, at(14)).before == ()


@given(rotas, st.lists(st.integers(0, 7 * 24 * 4), max_size=4), st.integers(0, 7 * 24 * 60))
def test_a_note_is_never_read_before_its_slot_nor_twice_at_once(
    rota: list[DutyOfficer], quarters: list[int], minute: int
) -> None:
    begins = datetime.combine(MONDAY, time(), UTC)
    notes = [note(begins + timedelta(minutes=15 * q), begins + timedelta(minutes=15 * q + 90)) for q in set(quarters)]
    slots = [slot for ahead in range(7) for slot in slots_on(rota, MONDAY + timedelta(days=ahead), OPEN)]
    moment = begins + timedelta(minutes=minute)
    found = handed_over(notes, slots, moment)
    assert all(each.from_at <= moment for each in (*found.running, *found.before))
    assert not set(found.running) & set(found.before)
    assert set(found.running) == {each for each in notes if each.from_at <= moment < each.until_at}
