"""Complaints: made of an enquiry, looked at again, decided by somebody else; the date received stays."""

from datetime import timedelta

import pytest

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Flag, Kind, Stage, State, Status
from member_tracker.services.complaints import Asked, ask_for_second_look, complain
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office
from tests.services.deeds import answered, shown, timeline


def test_an_enquiry_turned_into_a_complaint_keeps_the_date_received_and_is_judged_anew(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(days=2)
    became = complain(office.app, enquiry.id)
    assert (became.kind, became.stage, became.flags) == (Kind.COMPLAINT, Stage.ONE, (Flag.BECAME_COMPLAINT,))
    assert became.received_at == enquiry.received_at
    assert became.respond_by is not None
    assert enquiry.respond_by is not None
    assert became.respond_by > enquiry.respond_by
    assert undo_last(office.app, enquiry.id) == enquiry


def test_an_informal_complaint_made_formal_is_the_same_record_with_the_same_date(office: Office) -> None:
    enquiry = office.logged_and_sent()
    informal = complain(office.app, enquiry.id, stage=Stage.INFORMAL)
    office.clock.forward(days=3)
    formal = complain(office.app, enquiry.id)
    assert (informal.stage, formal.stage) == (Stage.INFORMAL, Stage.ONE)
    assert formal.received_at == enquiry.received_at
    assert formal.flags == (Flag.BECAME_COMPLAINT,)


def test_a_serious_complaint_goes_straight_to_the_chief_executive_with_the_reason(office: Office) -> None:
    enquiry = office.logged_and_sent()
    complain(office.app, enquiry.id, serious="A child is at risk")
    assert "Chief Executive" in timeline(office, enquiry)[-1].text
    complaint = shown(office, enquiry)["complaint"]
    assert isinstance(complaint, dict)
    assert (complaint["decider"], complaint["serious"]) == ("chief_executive", "A child is at risk")


def test_stage_2_is_a_record_of_its_own_whose_clock_runs_from_the_request(office: Office) -> None:
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    done = answered(office, enquiry)
    office.clock.forward(days=9)
    second = ask_for_second_look(office.app, enquiry.id, Asked(because="Nobody inspected the roof"))
    assert (second.kind, second.stage, second.status) == (Kind.COMPLAINT, Stage.TWO, Status.DRAFT)
    assert second.received_at == office.clock()
    assert second.respond_by is not None
    assert second.complaint is not None
    assert second.complaint.stage_one_id == enquiry.id
    assert second.complaint.first_received_at == enquiry.received_at
    assert office.read(enquiry) == done
    assert office.read(enquiry).state(office.clock()) is State.MET
    assert timeline(office, enquiry)[-1].kind is EntryKind.STAGE_TWO
    complaint = shown(office, second)["complaint"]
    assert isinstance(complaint, dict)
    assert "Ombudsman" in complaint["closing_words"]


def test_stage_2_is_decided_by_somebody_else(office: Office) -> None:
    enquiry = office.logged_and_sent()
    complain(office.app, enquiry.id, decided_by="Ada Finch")
    answered(office, enquiry)
    with pytest.raises(NotAllowed, match=r"(?i)ada finch"):
        ask_for_second_look(office.app, enquiry.id, Asked(because="No roof", decided_by="ada  finch"))
    second = ask_for_second_look(office.app, enquiry.id, Asked(because="No roof", decided_by="Basil Thorne"))
    assert second.complaint is not None
    assert second.complaint.decided_by == "Basil Thorne"


def test_stage_2_needs_a_decision_a_reason_and_a_request_that_came_after_it(office: Office) -> None:
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    with pytest.raises(NotAllowed):
        ask_for_second_look(office.app, enquiry.id, Asked(because="No roof"))
    answered(office, enquiry)
    now = office.clock()
    for because, received_at in ((" ", None), ("No roof", now + timedelta(days=1)), ("No roof", now - timedelta(1))):
        with pytest.raises(Invalid):
            ask_for_second_look(office.app, enquiry.id, Asked(because=because, received_at=received_at))


def test_what_was_answered_or_is_a_complaint_already_does_not_become_one(office: Office) -> None:
    enquiry = office.logged_and_sent()
    answered(office, enquiry)
    with pytest.raises(NotAllowed):
        complain(office.app, enquiry.id)
    other = office.logged_and_sent(kind=Kind.COMPLAINT)
    for stage in (Stage.ONE, Stage.TWO, Stage.INFORMAL):
        with pytest.raises(NotAllowed):
            complain(office.app, other.id, stage=stage)
