"""Passing an enquiry along: to another service area, to somebody higher, to a body outside the council."""

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.people import OutsideBody, ServiceArea
from member_tracker.domain.routing import EscalationLevel
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Flag, Kind, OutgoingState, Status
from member_tracker.services.enquiries import Accepting, accept_suggestion, send_enquiry
from member_tracker.services.post import post_queued
from member_tracker.services.rerouting import escalate, pass_on, reroute
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office
from tests.services.deeds import ANSWER, answered, mails, replied, shown, suggestions, timeline


def area_called(office: Office, name: str) -> ServiceArea:
    with office.app.store.reading() as tx:
        (found,) = tx.every(ServiceArea, name=name)
    return found


def filed_with(office: Office, enquiry: Enquiry) -> int:
    with office.app.store.reading() as tx:
        return len(tx.every(ReceivedMail, enquiry_id=enquiry.id, place=MailPlace.FILED))


def test_a_rerouted_enquiry_keeps_the_day_it_was_received_and_its_clocks(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(days=1)
    moved = reroute(office.app, enquiry.id, to="Planning", reason="It is about a planning condition")
    assert (moved.received_at, moved.clocks, moved.sent_at) == (enquiry.received_at, enquiry.clocks, enquiry.sent_at)
    assert moved.flags == (Flag.REROUTED,)
    assert moved.handovers == 1
    entry = timeline(office, enquiry)[-1]
    assert entry.kind is EntryKind.REROUTED
    assert "It is about a planning condition" in entry.text


def test_it_is_sent_again_to_the_new_service_area_and_every_handover_is_counted(office: Office) -> None:
    enquiry = office.logged_and_sent()
    reroute(office.app, enquiry.id, to="Planning", reason="a planning condition")
    assert reroute(office.app, enquiry.id, to="Communities", reason="a community matter").handovers == 2
    post_queued(office.app)
    sent = [mail for mail in mails(office, enquiry) if mail.state is OutgoingState.SENT]
    assert [mail.to for mail in sent] == [
        area_called(office, "Housing").addresses,
        area_called(office, "Communities").addresses,
    ]
    assert office.read(enquiry).status is Status.WITH_SERVICE_AREA


def test_what_the_first_service_area_still_answers_is_filed_with_the_enquiry(office: Office) -> None:
    enquiry = office.logged_and_sent()
    first = area_called(office, "Housing").addresses[0]
    reroute(office.app, enquiry.id, to="Planning", reason="a planning condition")
    post_queued(office.app)
    office.clock.forward(hours=2)
    replied(office, enquiry, ANSWER, sender=first)
    assert filed_with(office, enquiry) == 1
    done = accept_suggestion(office.app, suggestions(office, enquiry)[0].id, Accepting())
    assert done.status is Status.ANSWERED


def test_one_that_waits_to_be_sent_goes_to_the_new_service_area_alone(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    moved = reroute(office.app, enquiry.id, to="Planning", reason="a planning condition")
    post_queued(office.app)
    sent = [mail.to for mail in mails(office, enquiry) if mail.state is OutgoingState.SENT]
    assert sent == [area_called(office, "Planning").addresses]
    assert moved.status is Status.WAITING_TO_SEND
    assert office.read(enquiry).status is Status.WITH_SERVICE_AREA


def test_a_draft_is_rerouted_without_any_mail(office: Office) -> None:
    enquiry = office.log()
    assert reroute(office.app, enquiry.id, to="Planning", reason="a planning condition").status is Status.DRAFT
    assert mails(office, enquiry) == ()


def test_rerouting_needs_a_reason_another_area_and_an_open_question(office: Office) -> None:
    enquiry = office.logged_and_sent()
    before = office.read(enquiry)
    for to, reason, refusal in (
        ("Planning", " ", Invalid),
        ("Housing", "a mistake", NotAllowed),
        ("Plannning", "a planning condition", NotFound),
    ):
        with pytest.raises(refusal):
            reroute(office.app, enquiry.id, to=to, reason=reason)
    assert office.read(enquiry) == before
    answered(office, enquiry)
    with pytest.raises(NotAllowed):
        reroute(office.app, enquiry.id, to="Planning", reason="a planning condition")


def test_rerouting_may_be_undone_before_the_new_mail_has_gone(office: Office) -> None:
    enquiry = office.logged_and_sent()
    reroute(office.app, enquiry.id, to="Planning", reason="a planning condition")
    assert undo_last(office.app, enquiry.id) == enquiry
    assert post_queued(office.app).sent == 0


def test_an_escalation_is_noted_and_nobody_is_written_to(office: Office) -> None:
    enquiry = office.logged_and_sent()
    told = escalate(office.app, enquiry.id, to=EscalationLevel.HEAD_OF_SERVICE, reason="It is late")
    assert told.flags == (Flag.ESCALATED,)
    assert told.clocks == enquiry.clocks
    assert len(mails(office, enquiry)) == 1
    (found,) = list(shown(office, enquiry)["escalations"])  # type: ignore[call-overload] # a list, as `show` prints it
    assert (found["to"], found["reason"]) == ("head_of_service", "It is late")


def test_a_complaint_escalated_to_the_chief_executive_is_decided_there(office: Office) -> None:
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    told = escalate(office.app, enquiry.id, to=EscalationLevel.CHIEF_EXECUTIVE, reason="A child is at risk")
    assert told.complaint is not None
    assert told.complaint.serious == "A child is at risk"
    complaint = shown(office, enquiry)["complaint"]
    assert isinstance(complaint, dict)
    assert complaint["decider"] == "chief_executive"


def test_what_is_passed_to_an_outside_body_is_flagged_and_not_answered(office: Office) -> None:
    enquiry = office.logged_and_sent()
    passed = pass_on(office.app, enquiry.id, to="Lancashire County Council", reason="It is a county road")
    assert passed.flags == (Flag.OUTSIDE_BODY,)
    assert (passed.status, passed.clocks, passed.handovers) == (enquiry.status, enquiry.clocks, 1)
    assert "has not agreed" in timeline(office, enquiry)[-1].text


def test_an_outside_body_is_made_once_and_a_slip_in_its_name_is_refused(office: Office) -> None:
    enquiry = office.logged_and_sent()
    pass_on(office.app, enquiry.id, to="Lancashire County Council", reason="a county road")
    pass_on(office.app, enquiry.id, to="lancashire county council", reason="a county road still")
    with pytest.raises(NotFound, match="Lancashire"):
        pass_on(office.app, enquiry.id, to="Lancashire Conty Council", reason="a county road")
    with office.app.store.reading() as tx:
        assert [body.name for body in tx.every(OutsideBody)] == ["Lancashire County Council"]
