"""Enquiries that move as a whole: complaints and their stages, two that are one, and a council that takes over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain import enquiry as steps
from member_tracker.domain.charter import charter_in_force
from member_tracker.domain.clock import Clocks, Step, state_of, stop
from member_tracker.domain.complaint import (
    OMBUDSMAN,
    ComplaintRoute,
    Decider,
    closing_words,
    must_differ_in_decider,
    send_to_chief_executive,
    who_decides,
)
from member_tracker.domain.counting import start_clocks
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.merge import pauses_after_merging, stricter, survivor_of
from member_tracker.domain.people import CouncilId, PersonId, ResidentId, ServiceAreaId
from member_tracker.domain.reference import make_reference
from member_tracker.domain.succession import Succession, council_on, judging_council
from member_tracker.domain.transfer import (
    StageTwoRequest,
    ask_for_stage_two,
    become_complaint,
    carry_over,
    merge,
    unmerge,
)
from member_tracker.domain.vocabulary import Channel, Flag, Kind, Stage, State, Status
from member_tracker.services.charters import CharterShelf
from tests.domain.waiting import a_pause, at

SHELF = CharterShelf.shipped()
CHORLEY, ALLERDALE, CUMBERLAND = CouncilId("chorley"), CouncilId("allerdale"), CouncilId("cumberland")
HANDOVER = Succession(old=ALLERDALE, new=CUMBERLAND, on=date(2023, 4, 1))
BY = PersonId("p")


def judged(enquiry: Enquiry, council: str = "Chorley") -> Enquiry:
    charter = charter_in_force(SHELF.charters, council, local_date(enquiry.received_at), enquiry.kind)
    assert charter is not None
    clocks = start_clocks(
        charter=charter,
        calendar=SHELF.calendar(council),
        channel=enquiry.channel,
        kind=enquiry.kind,
        stage=enquiry.stage,
        received_at=enquiry.received_at,
        sent_at=enquiry.sent_at,
    )
    return steps.judged_by(enquiry, clocks)


def an_enquiry(
    number: int = 1,
    received: str | datetime = "2026-06-01T10:00",
    *,
    channel: Channel = Channel.EMAIL,
    kind: Kind = Kind.ENQUIRY,
    stage: Stage | None = None,
    council: CouncilId = CHORLEY,
) -> Enquiry:
    """One that its service area has, judged by the charter of its day."""
    received_at = at(received) if isinstance(received, str) else received
    enquiry = Enquiry(
        id=EnquiryId(f"enquiry-{number}"),
        reference=make_reference("GHVJ", number),
        council_id=council,
        raised_by=PersonId("councillor"),
        resident_id=ResidentId("r"),
        entered_by=BY,
        service_area_id=ServiceAreaId("housing"),
        channel=channel,
        received_at=received_at,
        subject="Damp",
        text="Please inspect.",
        logged_at=received_at,
        kind=kind,
        stage=stage,
    )
    sent = steps.mark_sent(steps.mark_queued(enquiry), at=received_at)
    return judged(sent, "Allerdale" if council == ALLERDALE else "Chorley")


def due(clocks: Clocks | None, step: Step) -> datetime | None:
    assert clocks is not None
    clock = clocks.acknowledge if step is Step.ACKNOWLEDGEMENT else clocks.respond
    return clock.due_at if clock else None


def request(received: str) -> StageTwoRequest:
    return StageTwoRequest(
        id=EnquiryId("enquiry-2"),
        reference=make_reference("GHVJ", 2),
        received_at=at(received),
        logged_at=at(received),
        entered_by=BY,
        dissatisfied="The solution was not carried out.",
    )


# --- complaints -------------------------------------------------------------------------------------------------------


def test_the_officers_who_decide_are_those_the_policy_names() -> None:
    assert [who_decides(stage) for stage in Stage] == [None, Decider.MANAGER, Decider.HEAD_OF_SERVICE]
    route = send_to_chief_executive(ComplaintRoute(), why="it names a head of service")
    assert [route.decider(stage) for stage in Stage] == [Decider.CHIEF_EXECUTIVE] * 3
    assert [decider.words for decider in Decider] == [
        "Team leader or manager",
        "Head of service or senior management",
        "Chief Executive",
    ]
    with pytest.raises(Invalid, match="for a reason"):
        send_to_chief_executive(ComplaintRoute(), why=" ")


def test_stage_two_is_decided_by_somebody_else() -> None:
    must_differ_in_decider("Sam Sample", "Toni Test")
    must_differ_in_decider("", "Sam Sample")
    with pytest.raises(NotAllowed, match="decided stage 1"):
        must_differ_in_decider("Sam Sample", " sam  sample ")


def test_the_last_letter_of_stage_two_is_final_and_names_the_ombudsman() -> None:
    assert "final response" in closing_words(Stage.TWO)
    assert OMBUDSMAN in closing_words(Stage.TWO)
    assert closing_words(Stage.ONE) == ""


def test_an_enquiry_that_becomes_a_complaint_keeps_the_date_it_was_received() -> None:
    enquiry = an_enquiry()
    informal = judged(become_complaint(enquiry, Stage.INFORMAL))
    formal = judged(become_complaint(informal, Stage.ONE))
    assert informal.received_at == formal.received_at == enquiry.received_at
    assert formal.flags == (Flag.BECAME_COMPLAINT,)
    assert (informal.respond_by, formal.respond_by) == (None, date(2026, 6, 15))


def test_what_cannot_become_a_complaint_is_refused() -> None:
    complaint = an_enquiry(kind=Kind.COMPLAINT, stage=Stage.ONE)
    answered = steps.answer(an_enquiry(), at=at("2026-06-02T10:00"))
    closed = steps.close(an_enquiry(), at=at("2026-06-02T10:00"), reason="withdrawn")
    refused = ((complaint, Stage.ONE), (answered, Stage.ONE), (closed, Stage.ONE), (an_enquiry(), Stage.TWO))
    for enquiry, stage in refused:
        with pytest.raises(NotAllowed):
            become_complaint(enquiry, stage)


def test_stage_two_counts_from_its_own_request_and_leads_back_to_stage_one() -> None:
    decided = steps.answer(an_enquiry(kind=Kind.COMPLAINT, stage=Stage.ONE), at=at("2026-06-12T10:00"))
    stage_two, route = ask_for_stage_two(decided, request("2026-06-19T10:00"))
    stage_two = judged(stage_two)
    assert (stage_two.stage, stage_two.status, stage_two.answered_at) == (Stage.TWO, Status.DRAFT, None)
    assert stage_two.respond_by == date(2026, 7, 3)
    assert stage_two.acknowledge_by is None
    assert (route.stage_one_id, route.first_received_at) == (decided.id, decided.received_at)
    assert decided.state(at("2026-08-01T10:00")) is State.MET


def test_stage_two_waits_for_a_decision_at_stage_one_and_is_the_last() -> None:
    undecided = an_enquiry(kind=Kind.COMPLAINT, stage=Stage.ONE)
    decided = steps.answer(undecided, at=at("2026-06-12T10:00"))
    for enquiry in (undecided, an_enquiry(), replace(decided, stage=Stage.TWO), replace(decided, stage=Stage.INFORMAL)):
        with pytest.raises(NotAllowed):
            ask_for_stage_two(enquiry, request("2026-06-19T10:00"))
    with pytest.raises(Invalid, match="before the stage 1 decision"):
        ask_for_stage_two(decided, request("2026-06-11T10:00"))


# --- merging ----------------------------------------------------------------------------------------------------------

received = st.integers(0, 14 * 24).map(lambda hours: at("2026-06-01T10:00") + timedelta(hours=hours))
channels = st.sampled_from([Channel.EMAIL, Channel.LETTER, Channel.WEB, Channel.TEXT])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Enquiry, Enquiry]:
    first = an_enquiry(1, draw(received), channel=draw(channels))
    second = an_enquiry(2, draw(received), channel=draw(channels))
    if draw(st.booleans()):
        second = steps.acknowledge(second, at=second.received_at + timedelta(hours=draw(st.integers(1, 90))))
    return first, second


@given(pairs())
def test_the_survivor_keeps_the_earliest_receipt_and_the_stricter_clocks(pair: tuple[Enquiry, Enquiry]) -> None:
    survivor, absorbed, merged = merge(*pair, at=at("2026-06-20T10:00"), by=BY, merged_into={})
    assert survivor.received_at == min(each.received_at for each in pair)
    for step in Step:
        moments = [moment for each in pair if (moment := due(each.clocks, step))]
        assert due(survivor.clocks, step) == min(moments, default=None)
    assert (absorbed.status, absorbed.close_reason) == (Status.CLOSED, f"Merged into {survivor.reference}")
    assert merged.histories == (survivor.id, absorbed.id)


@given(pairs())
def test_a_merge_can_be_undone_without_a_trace(pair: tuple[Enquiry, Enquiry]) -> None:
    survivor, absorbed, merged = merge(*pair, at=at("2026-06-20T10:00"), by=BY, merged_into={})
    assert unmerge(merged, survivor, absorbed) == pair


@given(pairs(), st.integers(1, 200))
def test_what_happened_to_the_survivor_since_stays_when_the_merge_is_undone(
    pair: tuple[Enquiry, Enquiry], hours: int
) -> None:
    survivor, absorbed, merged = merge(*pair, at=at("2026-06-20T10:00"), by=BY, merged_into={})
    answered_at = at("2026-06-20T10:00") + timedelta(hours=hours)
    apart, back = unmerge(merged, steps.answer(survivor, at=answered_at), absorbed)
    assert apart.answered_at == answered_at
    assert apart.received_at == pair[0].received_at
    assert back == pair[1]
    clock = apart.clocks.respond if apart.clocks else None
    assert clock is None or clock.stopped_at == answered_at


@given(pairs())
def test_it_does_not_matter_for_the_clocks_which_of_the_two_survives(pair: tuple[Enquiry, Enquiry]) -> None:
    one, other = stricter(pair[0].clocks, pair[1].clocks), stricter(pair[1].clocks, pair[0].clocks)
    assert [due(one, step) for step in Step] == [due(other, step) for step in Step]


def test_an_answer_already_judged_is_not_judged_again_by_a_merge() -> None:
    answered = steps.answer(an_enquiry(1, "2026-06-08T10:00"), at=at("2026-06-09T10:00"))
    survivor, _, _ = merge(
        answered, an_enquiry(2, "2026-06-01T10:00"), at=at("2026-06-20T10:00"), by=BY, merged_into={}
    )
    assert (survivor.clocks, survivor.received_at) == (answered.clocks, answered.received_at)


def test_what_cannot_be_merged_is_refused() -> None:
    survivor, other = an_enquiry(1), an_enquiry(2)
    answered = steps.answer(other, at=at("2026-06-02T10:00"))
    closed = steps.close(survivor, at=at("2026-06-02T10:00"), reason="withdrawn")
    none: dict[str, str] = {}
    refused: Sequence[tuple[Enquiry, Enquiry, dict[str, str]]] = (
        (survivor, survivor, none),
        (closed, other, none),
        (survivor, answered, none),
        (survivor, other, {other.id: "enquiry-3"}),
        (survivor, an_enquiry(2, kind=Kind.COMPLAINT, stage=Stage.ONE), none),
        (survivor, replace(other, council_id=CouncilId("south-ribble")), none),
    )
    for one, two, merged_into in refused:
        with pytest.raises(NotAllowed):
            merge(one, two, at=at("2026-06-20T10:00"), by=BY, merged_into=merged_into)


def test_only_the_two_that_were_merged_can_be_taken_apart() -> None:
    survivor, absorbed, merged = merge(an_enquiry(1), an_enquiry(2), at=at("2026-06-20T10:00"), by=BY, merged_into={})
    with pytest.raises(NotAllowed):
        unmerge(merged, absorbed, survivor)


def test_mail_to_either_reference_lands_on_the_last_survivor() -> None:
    merged_into = {"a": "b", "b": "c"}
    assert [survivor_of(each, merged_into) for each in "abcd"] == ["c", "c", "c", "d"]
    assert survivor_of("a", {"a": "b", "b": "a"}) in ("a", "b")


def test_an_absorbed_clock_is_counted_with_the_pauses_entered_since_the_merge() -> None:
    _, _, merged = merge(an_enquiry(1), an_enquiry(2), at=at("2026-06-03T10:00"), by=BY, merged_into={})
    own, before = a_pause("2026-06-02T09:00", "2026-06-02T18:00"), a_pause("2026-06-01T09:00", "2026-06-01T18:00")
    since = a_pause("2026-06-04T09:00", None)
    assert pauses_after_merging((own,), (before, since), merged) == (own, since)


# --- a new council ----------------------------------------------------------------------------------------------------


def test_an_open_enquiry_is_carried_to_the_new_council_with_its_dates_intact() -> None:
    enquiry = an_enquiry(1, "2023-03-30T10:00", council=ALLERDALE)
    moved, carried = carry_over(enquiry, HANDOVER, service_area_id=ServiceAreaId("cumberland-housing"))
    assert replace(moved, council_id=ALLERDALE, service_area_id=enquiry.service_area_id) == enquiry
    assert moved.respond_by == date(2023, 4, 3)
    assert moved.clocks is not None
    assert moved.clocks.charter_id == "allerdale-2022"
    assert judging_council(moved.council_id, local_date(moved.received_at), (carried,)) == ALLERDALE


def test_what_comes_in_after_the_change_is_judged_by_the_new_council() -> None:
    _, carried = carry_over(
        an_enquiry(1, "2023-03-30T10:00", council=ALLERDALE), HANDOVER, service_area_id=ServiceAreaId("x")
    )
    assert judging_council(CUMBERLAND, date(2023, 4, 1), (carried,)) == CUMBERLAND
    assert judging_council(CUMBERLAND, date(2023, 3, 31), ()) == CUMBERLAND
    assert council_on(ALLERDALE, date(2023, 3, 31), [HANDOVER]) == ALLERDALE
    assert council_on(ALLERDALE, date(2023, 4, 1), [HANDOVER]) == CUMBERLAND


def test_a_closed_enquiry_stays_with_the_council_that_closed_it() -> None:
    enquiry = an_enquiry(1, "2023-03-30T10:00", council=ALLERDALE)
    closed = steps.close(enquiry, at=at("2023-03-31T10:00"), reason="withdrawn")
    for refused in (closed, replace(enquiry, council_id=CUMBERLAND)):
        with pytest.raises(NotAllowed):
            carry_over(refused, HANDOVER, service_area_id=ServiceAreaId("x"))


def test_a_merged_clock_that_was_stopped_stays_stopped() -> None:
    first, second = an_enquiry(1, "2026-06-08T10:00"), an_enquiry(2, "2026-06-01T10:00")
    second = steps.acknowledge(second, at=at("2026-06-01T12:00"))
    survivor, _, _ = merge(first, second, at=at("2026-06-09T10:00"), by=BY, merged_into={})
    assert survivor.clocks is not None
    assert survivor.clocks.acknowledge is not None
    assert survivor.clocks.acknowledge == stop(survivor.clocks.acknowledge, at("2026-06-01T12:00"))
    assert state_of(survivor.clocks.acknowledge, at("2026-06-09T10:00")) is State.MET
