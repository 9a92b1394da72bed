"""The steps an enquiry may take, in any order somebody may try them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from member_tracker.domain import enquiry as steps
from member_tracker.domain.clock import Clock, Clocks, Step
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.people import CouncilId, PersonId, ResidentId, ServiceAreaId
from member_tracker.domain.reference import make_reference
from member_tracker.domain.vocabulary import AfterHours, Channel, Start, State, Status

RECEIVED = datetime(2026, 11, 16, 10, tzinfo=UTC)
DUE = date(2026, 11, 18)
DUE_AT = datetime(2026, 11, 18, 23, 59, 59, tzinfo=UTC)


def a_clock(step: Step) -> Clock:
    return Clock(step=step, contact="email", within="2 working days", starts=Start.RECEIVED, due_by=DUE, due_at=DUE_AT)


def an_enquiry() -> Enquiry:
    return Enquiry(
        id=EnquiryId("01a20381-8099-70f8-b788-20f0d1e7d863"),
        reference=make_reference("GHVJ", 1),
        council_id=CouncilId("c"),
        raised_by=PersonId("p"),
        resident_id=ResidentId("r"),
        entered_by=PersonId("p"),
        service_area_id=ServiceAreaId("s"),
        channel=Channel.EMAIL,
        received_at=RECEIVED,
        subject="Damp",
        text="Please inspect.",
        logged_at=RECEIVED,
        clocks=Clocks(
            charter_id="c",
            standard_id="T7",
            received_at=RECEIVED,
            after_hours=AfterHours.SAME_DAY,
            counts_from=RECEIVED.date(),
            acknowledge=a_clock(Step.ACKNOWLEDGEMENT),
            respond=a_clock(Step.REPLY),
        ),
    )


def sent() -> Enquiry:
    return steps.mark_sent(steps.mark_queued(an_enquiry()), at=RECEIVED)


class Life(RuleBasedStateMachine):
    """An enquiry to which anything may be tried at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.enquiry = an_enquiry()
        self.now = RECEIVED
        self.answers: list[datetime] = []

    @rule(hours=st.integers(0, 40))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        step=st.sampled_from(["queue", "sent", "acknowledge", "hold", "ask", "answer", "tell", "close", "reopen"]),
        back=st.integers(0, 30),
    )
    def somebody_tries(self, step: str, back: int) -> None:
        at = max(RECEIVED, self.now - timedelta(hours=back))
        before = self.enquiry
        tries = {
            "queue": lambda: steps.mark_queued(before),
            "sent": lambda: steps.mark_sent(before, at=self.now),
            "acknowledge": lambda: steps.acknowledge(before, at=at),
            "hold": lambda: steps.hold(before, at=at, promised_on=at.date() + timedelta(days=5)),
            "ask": lambda: steps.ask_resident(before, at=at),
            "answer": lambda: steps.answer(before, at=at),
            "tell": lambda: steps.tell_resident(before, at=self.now),
            "close": lambda: steps.close(before, at=self.now, reason=None),
            "reopen": lambda: steps.reopen(before),
        }
        try:
            self.enquiry = tries[step]()
        except NotAllowed:
            self.enquiry = before
        else:
            if step == "answer":
                self.answers.append(at)

    @invariant()
    def the_response_clock_stops_only_for_an_answer(self) -> None:
        assert self.enquiry.clocks is not None
        assert self.enquiry.clocks.respond is not None
        stopped = self.enquiry.clocks.respond.stopped_at
        assert (stopped is None) == (not self.answers)
        if stopped is not None:
            assert stopped == min(self.answers) == self.enquiry.answered_at

    @invariant()
    def the_acknowledgement_clock_never_stops_later_than_the_answer(self) -> None:
        clocks = self.enquiry.clocks
        assert clocks is not None
        assert clocks.acknowledge is not None
        if self.answers:
            assert clocks.acknowledge.stopped_at is not None
            assert clocks.acknowledge.stopped_at <= min(self.answers)

    @invariant()
    def a_closed_enquiry_was_told(self) -> None:
        if self.enquiry.status is Status.CLOSED:
            assert self.enquiry.told_at is not None

    @invariant()
    def an_answered_enquiry_is_met_or_missed_for_ever(self) -> None:
        if self.answers:
            state = self.enquiry.state(self.now)
            assert state is (State.MET if min(self.answers) <= DUE_AT else State.MISSED)


TestLife = Life.TestCase


@pytest.mark.parametrize("step", ["acknowledged", "answered", "held", "asked"])
def test_nothing_comes_back_before_an_enquiry_was_sent(step: str) -> None:
    tries = {
        "acknowledged": lambda: steps.acknowledge(an_enquiry(), at=RECEIVED),
        "answered": lambda: steps.answer(an_enquiry(), at=RECEIVED),
        "held": lambda: steps.hold(an_enquiry(), at=RECEIVED, promised_on=DUE),
        "asked": lambda: steps.ask_resident(an_enquiry(), at=RECEIVED),
    }
    with pytest.raises(NotAllowed, match="has not been sent"):
        tries[step]()


def test_an_enquiry_due_today_is_not_overdue_until_midnight_in_the_office() -> None:
    assert sent().state(datetime(2026, 11, 18, 23, 30, tzinfo=UTC)) is State.DUE_TODAY
    assert sent().state(datetime(2026, 11, 19, 0, 30, tzinfo=UTC)) is State.OVERDUE


def test_a_holding_reply_without_a_date_is_an_acknowledgement() -> None:
    held = steps.hold(sent(), at=RECEIVED, promised_on=None)
    assert held.status is Status.ACKNOWLEDGED


def test_a_holding_reply_alone_never_makes_an_enquiry_met() -> None:
    held = steps.hold(sent(), at=RECEIVED, promised_on=DUE)
    assert held.state(RECEIVED) is State.IN_TIME
    assert held.state(DUE_AT + timedelta(days=1)) is State.OVERDUE


def test_an_answer_that_came_earlier_than_the_one_accepted_first_is_the_one_that_counts() -> None:
    later = steps.answer(sent(), at=RECEIVED + timedelta(hours=9))
    both = steps.answer(later, at=RECEIVED + timedelta(hours=2))
    assert both.answered_at == RECEIVED + timedelta(hours=2)
    assert both.clocks is not None
    assert both.clocks.respond is not None
    assert both.clocks.respond.stopped_at == RECEIVED + timedelta(hours=2)


def test_a_resident_told_before_the_answer_came_has_not_been_told_the_answer() -> None:
    answered = steps.answer(steps.tell_resident(sent(), at=RECEIVED), at=RECEIVED + timedelta(hours=2))
    with pytest.raises(NotAllowed, match="has not been told the answer"):
        steps.close(answered, at=RECEIVED + timedelta(days=1), reason=None)
    told = steps.tell_resident(answered, at=RECEIVED + timedelta(hours=3))
    assert steps.close(told, at=RECEIVED + timedelta(days=1), reason=None).status is Status.CLOSED


def test_an_enquiry_reopened_while_its_mail_may_still_go_cannot_be_sent_again() -> None:
    waiting = steps.mark_queued(an_enquiry())
    opened = steps.reopen(steps.close(waiting, at=RECEIVED, reason="No longer needed"), on_its_way=True)
    with pytest.raises(NotAllowed, match="already waiting to send"):
        steps.mark_queued(opened)


def test_a_late_acknowledgement_does_not_take_an_answer_back() -> None:
    answered = steps.answer(sent(), at=RECEIVED + timedelta(hours=3))
    after = steps.acknowledge(answered, at=RECEIVED + timedelta(hours=1))
    assert after.status is Status.ANSWERED
    assert after.clocks is not None
    assert after.clocks.acknowledge is not None
    assert after.clocks.acknowledge.stopped_at == RECEIVED + timedelta(hours=1)


def test_an_enquiry_closed_unanswered_is_missed_only_if_it_was_late() -> None:
    told = steps.tell_resident(sent(), at=RECEIVED)
    in_time = steps.close(told, at=RECEIVED, reason=None)
    late = steps.close(told, at=DUE_AT + timedelta(days=2), reason=None)
    assert in_time.state(DUE_AT + timedelta(days=9)) is State.NOT_MEASURED
    assert late.state(DUE_AT + timedelta(days=9)) is State.MISSED


def test_an_enquiry_without_a_charter_is_not_measured() -> None:
    assert replace(sent(), clocks=None).state(RECEIVED) is State.NOT_MEASURED
