"""Pausing, resuming and extending, on a real store: time that does not count, and figures before and after."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from member_tracker.domain.clock import Clock
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Kind, State, Status
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import close_enquiry, send_enquiry
from member_tracker.services.post import post_queued
from member_tracker.services.undoing import undo_last
from member_tracker.services.waiting import extend, pause, resume
from tests.fakes.office import Office
from tests.services.deeds import answered, at, clock_at, shown, timeline


def acknowledgement(enquiry: Enquiry) -> Clock:
    assert enquiry.clocks is not None
    assert enquiry.clocks.acknowledge is not None
    return enquiry.clocks.acknowledge


def paused_between(office: Office, enquiry: Enquiry, start: str, end: str) -> Enquiry:
    clock_at(office, start)
    pause(office.app, enquiry.id, reason="asked for photographs")
    clock_at(office, end)
    return resume(office.app, enquiry.id)


def test_while_paused_an_enquiry_waits_for_the_resident_and_is_due_on_no_day(office: Office) -> None:
    enquiry = office.logged_and_sent()
    paused = pause(office.app, enquiry.id, reason="asked for photographs")
    assert paused.status is Status.WAITING_FOR_RESIDENT
    assert paused.respond_by is None
    assert paused.state(office.clock() + timedelta(days=90)) is State.IN_TIME
    assert timeline(office, enquiry)[-1].kind is EntryKind.PAUSED


def test_a_resumed_enquiry_stands_where_it_stood_and_is_not_overdue_the_moment_it_runs_again(office: Office) -> None:
    enquiry = office.logged_and_sent()
    resumed = paused_between(office, enquiry, "2026-11-16T11:00", "2026-12-07T09:00")
    assert resumed.status is Status.WITH_SERVICE_AREA
    assert resumed.respond_by is not None
    assert resumed.state(office.clock()) in (State.IN_TIME, State.DUE_TODAY)


def test_a_pause_from_friday_evening_to_monday_morning_adds_nothing(office: Office) -> None:
    clock_at(office, "2026-11-20T10:00")
    enquiry = office.logged_and_sent()
    resumed = paused_between(office, enquiry, "2026-11-20T17:00", "2026-11-23T09:00")
    assert resumed.respond_by == enquiry.respond_by


def test_a_pause_over_a_bank_holiday_adds_only_its_working_days(office: Office) -> None:
    clock_at(office, "2026-12-23T10:00")
    enquiry = office.logged_and_sent()
    resumed = paused_between(office, enquiry, "2026-12-24T09:00", "2026-12-31T09:00")
    clocks = resumed.clocks
    assert clocks is not None
    assert clocks.respond is not None
    paused_days = [entry.on for entry in clocks.respond.ledger if entry.paused]
    assert not {date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 27), date(2026, 12, 28)} & set(paused_days)
    assert resumed.respond_by is not None
    assert enquiry.respond_by is not None
    assert resumed.respond_by > enquiry.respond_by


def test_two_pauses_that_overlap_count_once(office: Office) -> None:
    first, second = office.logged_and_sent(), office.logged_and_sent()
    clock_at(office, "2026-11-23T10:00")
    days = ("2026-11-16T12:00", "2026-11-19T12:00")
    one = pause(office.app, first.id, reason="photographs", from_at=at(days[0]), until_at=at(days[1]))
    pause(office.app, second.id, reason="photographs", from_at=at(days[0]), until_at=at("2026-11-18T12:00"))
    two = pause(office.app, second.id, reason="a date", from_at=at("2026-11-17T09:00"), until_at=at(days[1]))
    assert (one.respond_by, len(two.pauses)) == (two.respond_by, 2)


def test_a_change_of_kind_or_channel_keeps_the_pauses(office: Office) -> None:
    enquiry = office.logged_and_sent()
    paused_between(office, enquiry, "2026-11-16T11:00", "2026-11-19T09:00")
    letter = edit_enquiry(office.app, enquiry.id, ["channel=letter"])
    request = edit_enquiry(office.app, enquiry.id, ["kind=service_request"])
    unpaused = edit_enquiry(office.app, office.log(received_at=enquiry.received_at).id, ["channel=letter"])
    assert len(letter.pauses) == len(request.pauses) == 1
    assert request.kind is Kind.SERVICE_REQUEST
    assert letter.respond_by is not None
    assert unpaused.respond_by is not None
    assert letter.respond_by > unpaused.respond_by


def test_a_pause_entered_late_is_honoured_and_marked(office: Office) -> None:
    enquiry = office.logged_and_sent()
    clock_at(office, "2026-11-23T10:00")
    late = pause(
        office.app, enquiry.id, reason="photographs", from_at=at("2026-11-16T12:00"), until_at=at("2026-11-19T12:00")
    )
    assert late.respond_by == date(2026, 11, 20)
    assert late.status is Status.WITH_SERVICE_AREA
    (kept,) = late.pauses
    assert kept.entered_late
    assert "entered late" in timeline(office, enquiry)[-1].text
    assert "entered late" in str(shown(office, enquiry)["ledger"])


def test_the_acknowledgement_is_never_paused(office: Office) -> None:
    enquiry = office.logged_and_sent()
    paused = pause(office.app, enquiry.id, reason="photographs")
    assert acknowledgement(paused) == acknowledgement(enquiry)


def test_an_answer_that_comes_meanwhile_ends_the_pause_and_meets_the_standard(office: Office) -> None:
    enquiry = office.logged_and_sent()
    pause(office.app, enquiry.id, reason="photographs")
    came = clock_at(office, "2026-12-14T10:00")
    done = answered(office, enquiry)
    assert done.pauses[0].until_at == came
    assert done.state(office.clock()) is State.MET
    assert done.respond_by is not None


@pytest.mark.parametrize(
    ("start", "end"), [("2026-11-16T09:00", None), ("2026-12-16T09:00", None), ("2026-11-16T10:30", "2026-11-16T10:15")]
)
def test_a_pause_at_a_time_that_cannot_be_is_refused(office: Office, start: str, end: str | None) -> None:
    enquiry = office.logged_and_sent()
    clock_at(office, "2026-11-16T11:00")
    with pytest.raises(Invalid):
        pause(office.app, enquiry.id, reason="photographs", from_at=at(start), until_at=at(end) if end else None)
    assert office.read(enquiry) == enquiry


def test_what_was_judged_is_neither_paused_nor_extended(office: Office) -> None:
    enquiry = office.logged_and_sent()
    done = answered(office, enquiry)
    deeds: tuple[Callable[[], Enquiry], ...] = (
        lambda: pause(office.app, enquiry.id, reason="photographs"),
        lambda: resume(office.app, enquiry.id),
        lambda: extend(
            office.app, enquiry.id, until_on=date(2026, 12, 1), reason="survey", agreed_by="Cllr Vera Quill"
        ),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    close_enquiry(office.app, enquiry.id, "Moved away")
    with pytest.raises(NotAllowed):
        pause(office.app, enquiry.id, reason="photographs")
    assert office.read(enquiry).clocks == done.clocks


def test_a_clock_that_runs_is_not_resumed_and_one_that_stands_is_not_paused_again(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(NotAllowed):
        resume(office.app, enquiry.id)
    pause(office.app, enquiry.id, reason="photographs")
    with pytest.raises(NotAllowed):
        pause(office.app, enquiry.id, reason="photographs again")


def test_a_pause_may_be_undone(office: Office) -> None:
    enquiry = office.logged_and_sent()
    pause(office.app, enquiry.id, reason="photographs")
    assert undo_last(office.app, enquiry.id) == enquiry


def test_an_extension_keeps_the_reason_and_who_agreed_and_both_figures(office: Office) -> None:
    enquiry = office.logged_and_sent()
    agreed = extend(
        office.app, enquiry.id, until_on=date(2026, 11, 27), reason="a survey is needed", agreed_by="Cllr Vera Quill"
    )
    assert agreed.respond_by == date(2026, 11, 27)
    clock_at(office, "2026-11-26T10:00")
    answered(office, enquiry)
    found = shown(office, enquiry)
    assert found["outcome"] == {
        "by_standard": "missed",
        "with_extension": "met",
        "without_pauses": "missed",
        "words": "Met after extension",
    }
    assert "agreed by Cllr Vera Quill" in str(found["why"])


@pytest.mark.parametrize(
    ("until_on", "reason", "agreed_by"),
    [
        (date(2026, 11, 18), "survey", "Cllr Vera Quill"),
        (date(2026, 11, 27), " ", "Cllr Vera Quill"),
        (date(2026, 11, 27), "survey", " "),
        (date(2026, 11, 2), "survey", "Cllr Vera Quill"),
    ],
)
def test_an_extension_needs_a_later_day_a_reason_and_somebody_who_agreed(
    office: Office, until_on: date, reason: str, agreed_by: str
) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(Invalid):
        extend(office.app, enquiry.id, until_on=until_on, reason=reason, agreed_by=agreed_by)
    assert office.read(enquiry) == enquiry


def test_a_draft_may_be_paused_and_is_still_sent(office: Office) -> None:
    enquiry = office.log()
    paused = pause(office.app, enquiry.id, reason="photographs")
    assert paused.status is Status.DRAFT
    send_enquiry(office.app, enquiry.id)
    post_queued(office.app)
    assert office.read(enquiry).status is Status.WAITING_FOR_RESIDENT


def test_a_pause_with_a_planned_end_is_ended_early(office: Office) -> None:
    enquiry = office.logged_and_sent()
    planned: datetime = office.clock() + timedelta(days=10)
    pause(office.app, enquiry.id, reason="on holiday", until_at=planned)
    office.clock.forward(days=3)
    resumed = resume(office.app, enquiry.id)
    assert resumed.pauses[0].until_at == office.clock()
    assert resumed.status is Status.WITH_SERVICE_AREA
