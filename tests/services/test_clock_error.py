"""A laptop's clock that was wrong: what was logged meanwhile is listed, put right in one act, and taken back."""

from datetime import datetime, timedelta

import pytest

import member_tracker.app
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import Role
from member_tracker.services.clock_error import correct_times, leave_times, wrong_times
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.hub_health import clock_error_in_words, lock_of
from member_tracker.services.undoing import undo_last
from tests.fakes.hub_offices import VERA, Shared, in_step
from tests.fakes.office import Office


class Clock:
    """A clock that goes, and can be set wrong."""

    def __init__(self, real: object) -> None:
        self._real = real
        self.wrong = timedelta(0)

    def __call__(self) -> datetime:
        return self._real() + self.wrong  # type: ignore[operator, no-any-return]  # the program's own clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(member_tracker.app.now)
    monkeypatch.setattr(member_tracker.app, "now", made)
    return made


@pytest.fixture
def vera(hub: Shared, clock: Clock) -> Office:
    """A laptop whose clock was right at its first contact."""
    office = hub.joined("vera", Role.COUNCILLOR, VERA)
    office.clock = clock  # type: ignore[assignment]  # one that goes
    office.log()
    in_step(office)
    return office


def listed(office: Office) -> list[str]:
    return [each.reference for each in wrong_times(office.app)]


@pytest.mark.parametrize("wrong", [timedelta(minutes=7), timedelta(days=-400)])
def test_what_was_logged_on_a_wrong_clock_is_listed_put_right_at_once_and_taken_back(
    vera: Office, clock: Clock, wrong: timedelta
) -> None:
    clock.wrong = wrong
    began = clock() - wrong
    typed = clock() - timedelta(days=3)
    one, two = vera.log(), vera.log(received_at=typed)
    clock.wrong = wrong
    in_step(vera)
    assert listed(vera) == [one.reference, two.reference]
    clock.wrong = timedelta(0)
    in_step(vera)
    assert listed(vera) == [one.reference, two.reference]
    assert correct_times(vera.app) == 2
    right = vera.read(one)
    assert began <= right.received_at <= clock()
    assert right.received_at == right.logged_at
    assert right.respond_by == vera.log().respond_by
    assert vera.read(two).received_at == typed
    assert listed(vera) == []
    with vera.app.store.reading() as tx:
        said = [entry.text for entry in tx.every(Entry, enquiry_id=one.id)]
    assert any(f"The clock of a computer was {clock_error_in_words(wrong)}" in text for text in said)
    assert undo_last(vera.app, one.id).received_at == one.received_at
    assert listed(vera) == [one.reference]
    leave_times(vera.app)
    assert listed(vera) == []


def test_what_was_logged_after_the_clock_was_set_right_is_not_listed(vera: Office, clock: Clock) -> None:
    clock.wrong = timedelta(days=2)
    wrong = vera.log()
    in_step(vera)
    late = vera.log()  # after the contact that found it out, on the same wrong clock
    clock.wrong = timedelta(0)
    right = vera.log()
    in_step(vera)
    assert listed(vera) == [wrong.reference, late.reference]
    assert right.reference not in listed(vera)


def test_a_time_somebody_has_put_right_by_hand_is_not_shifted(vera: Office, clock: Clock) -> None:
    clock.wrong = timedelta(hours=5)
    enquiry = vera.log()
    in_step(vera)
    by_hand = clock() - timedelta(hours=6)
    edit_enquiry(vera.app, enquiry.id, [f"received_at={by_hand.isoformat()}"])
    (found,) = wrong_times(vera.app)
    assert list(found.times) == ["logged_at"]
    correct_times(vera.app)
    assert abs(vera.read(enquiry).received_at - by_hand) < timedelta(minutes=1)


def test_on_a_right_clock_nothing_is_listed(vera: Office) -> None:
    vera.log()
    in_step(vera)
    assert listed(vera) == []


def test_a_clock_that_was_fast_at_the_last_contact_does_not_prolong_the_lease(vera: Office, clock: Clock) -> None:
    clock.wrong = timedelta(days=365)
    in_step(vera)
    assert lock_of(vera.app) is None
    clock.wrong = timedelta(days=13)
    assert lock_of(vera.app) is None, "set right, and two weeks are not over"
    clock.wrong = timedelta(days=60)
    assert lock_of(vera.app) is not None
    in_step(vera)
    assert lock_of(vera.app) is None


def test_a_wrong_clock_makes_nobody_forget_what_a_restored_hub_would_be_sent_again(vera: Office, clock: Clock) -> None:
    def kept() -> int:
        with vera.app.store.reading() as tx:
            return int(tx._connection.execute("SELECT count(*) FROM op").fetchone()[0])

    before = kept()
    clock.wrong = timedelta(days=365)
    in_step(vera)
    assert kept() == before > 0
    clock.wrong = timedelta(days=-365)
    vera.log()
    in_step(vera)
    more = kept()
    clock.wrong = timedelta(0)
    in_step(vera)
    assert kept() == more > before
