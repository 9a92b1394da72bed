"""What is done to an enquiry, on a real encrypted store."""

from datetime import date, timedelta

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import Resident
from member_tracker.domain.timeline import Entry, EntryKind, Suggestion
from member_tracker.domain.vocabulary import Channel, Kind, Proposal, Stage, State, Status
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import (
    Accepting,
    accept_suggestion,
    add_note,
    close_enquiry,
    dismiss_suggestion,
    enquiry_named,
    reopen_enquiry,
    send_enquiry,
    tell_resident,
)
from member_tracker.services.post import post_queued
from tests.fakes.office import Office


def the_suggestion(office: Office, enquiry: Enquiry) -> Suggestion:
    with office.app.store.reading() as tx:
        (found,) = tx.every(Suggestion, enquiry_id=enquiry.id)
    return found


def timeline(office: Office, enquiry: Enquiry) -> tuple[Entry, ...]:
    with office.app.store.reading() as tx:
        return tx.every(Entry, enquiry_id=enquiry.id)


def answered(office: Office, text: str, *, hours_later: float = 24) -> tuple[Enquiry, Suggestion]:
    enquiry = office.logged_and_sent()
    office.clock.forward(hours=hours_later)
    office.reply(enquiry, text)
    office.collect()
    return enquiry, the_suggestion(office, enquiry)


ANSWER = (
    "I have inspected the flat and found a broken gutter above the bedroom. The gutter was repaired yesterday and "
    "the wall has been treated. We apologise to the resident for the delay and for the damage to the furniture."
)
HOLDING = (
    "Thank you. The surveyor is away, so I will send you a full answer by 27 November. Ring 01632 960111 if urgent."
)


def test_an_enquiry_keeps_councillor_resident_and_who_typed_it_as_three_facts(office: Office) -> None:
    enquiry = office.log()
    with office.app.store.reading() as tx:
        assert tx.get(Resident, enquiry.resident_id).name == "Ned Barlow"
    assert enquiry.raised_by == enquiry.entered_by
    assert enquiry.reference.startswith("ENQ-")


def test_an_enquiry_by_email_is_due_within_the_charter_in_force(office: Office) -> None:
    enquiry = office.log()
    assert (enquiry.acknowledge_by, enquiry.respond_by) == (date(2026, 11, 17), date(2026, 11, 18))
    assert enquiry.clocks is not None
    assert enquiry.clocks.charter_id == "chorley-south-ribble-2023"


def test_two_enquiries_never_share_a_reference(office: Office) -> None:
    assert office.log().reference != office.log().reference


def test_an_enquiry_received_tomorrow_is_refused(office: Office) -> None:
    with pytest.raises(Invalid):
        office.log(received_at=office.clock() + timedelta(days=1))


def test_a_refused_step_leaves_no_trace(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with office.app.store.reading() as tx:
        before = tx.outbox_size()
    with pytest.raises(NotAllowed) as refused:
        send_enquiry(office.app, enquiry.id)
    assert refused.value.advice
    with office.app.store.reading() as tx:
        assert tx.outbox_size() == before


def test_a_sent_enquiry_is_with_its_service_area(office: Office) -> None:
    enquiry = office.logged_and_sent()
    assert enquiry.status is Status.WITH_SERVICE_AREA
    assert enquiry.sent_at == office.clock()


def test_a_subject_that_names_the_resident_is_not_sent(office: Office) -> None:
    enquiry = office.log(subject="Ned Barlow's damp flat")
    with pytest.raises(Invalid, match="Ned Barlow"):
        send_enquiry(office.app, enquiry.id)
    assert office.read(enquiry).status is Status.DRAFT


def test_an_accepted_answer_counts_from_when_its_mail_arrived_not_from_the_click(office: Office) -> None:
    enquiry, suggestion = answered(office, ANSWER)
    arrived = office.clock()
    office.clock.forward(days=5)
    accepted = accept_suggestion(office.app, suggestion.id, Accepting())
    assert suggestion.proposal is Proposal.ANSWER
    assert accepted.status is Status.ANSWERED
    assert accepted.answered_at == arrived
    assert accepted.state(office.clock()) is State.MET
    assert enquiry.id == accepted.id


def test_nothing_moves_before_a_person_accepts(office: Office) -> None:
    enquiry, _ = answered(office, ANSWER)
    assert office.read(enquiry) == enquiry


def test_a_holding_reply_is_not_an_answer(office: Office) -> None:
    _, suggestion = answered(office, HOLDING)
    held = accept_suggestion(office.app, suggestion.id, Accepting())
    assert held.status is Status.HOLDING_REPLY
    assert held.promised_on == date(2026, 11, 27)
    assert held.answered_at is None
    office.clock.forward(days=4)
    assert held.state(office.clock()) is State.OVERDUE
    assert held.clocks is not None
    assert held.clocks.acknowledge is not None
    assert held.clocks.acknowledge.stopped_at is not None


def test_a_suggestion_is_decided_once(office: Office) -> None:
    _, suggestion = answered(office, ANSWER)
    accept_suggestion(office.app, suggestion.id, Accepting())
    with pytest.raises(NotAllowed):
        accept_suggestion(office.app, suggestion.id, Accepting())


def test_a_dismissed_suggestion_changes_nothing_but_the_timeline(office: Office) -> None:
    enquiry, suggestion = answered(office, ANSWER)
    dismiss_suggestion(office.app, suggestion.id)
    assert office.read(enquiry) == enquiry
    assert timeline(office, enquiry)[-1].kind is EntryKind.DISMISSED


def test_a_person_may_say_that_a_mail_is_something_else(office: Office) -> None:
    _, suggestion = answered(office, ANSWER)
    accepted = accept_suggestion(office.app, suggestion.id, Accepting(proposal=Proposal.ACKNOWLEDGEMENT))
    assert accepted.status is Status.ACKNOWLEDGED
    assert accepted.answered_at is None


def test_a_mail_dated_before_the_enquiry_was_sent_counts_from_when_it_was_collected(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(days=-30)
    office.reply(enquiry, ANSWER)
    collected_at = office.clock.forward(days=31)
    office.collect()
    accepted = accept_suggestion(office.app, the_suggestion(office, enquiry).id, Accepting())
    assert accepted.answered_at == collected_at
    assert "before the enquiry was sent" in timeline(office, enquiry)[-1].details["doubt"]


def test_a_resident_with_an_address_is_told_by_mail_and_notes_never_go_along(office: Office) -> None:
    enquiry, suggestion = answered(office, ANSWER)
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    add_note(office.app, enquiry.id, "INTERNAL: the officer is hopeless")
    accept_suggestion(office.app, suggestion.id, Accepting())
    told = tell_resident(office.app, enquiry.id)
    post_queued(office.app)
    assert told.status is Status.RESIDENT_TOLD
    mails = [file.read_text() for file in office.outbox.glob("*.eml")]
    (to_resident,) = [mail for mail in mails if "To: ned.barlow@example.org" in mail]
    assert "gutter" in to_resident
    assert not any("INTERNAL" in mail for mail in mails)


def test_an_untold_resident_needs_a_reason_to_close(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(NotAllowed):
        close_enquiry(office.app, enquiry.id)
    assert close_enquiry(office.app, enquiry.id, "She has moved away").status is Status.CLOSED


def test_a_stage_1_complaint_is_not_closed_without_findings_and_a_solution(office: Office) -> None:
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    assert enquiry.stage is Stage.ONE
    tell_resident(office.app, enquiry.id)
    with pytest.raises(NotAllowed, match="findings"):
        close_enquiry(office.app, enquiry.id)
    edit_enquiry(office.app, enquiry.id, ["findings=The gutter was broken", "solution=It was mended"])
    assert close_enquiry(office.app, enquiry.id).status is Status.CLOSED


def test_a_reopened_enquiry_keeps_what_it_was_judged_by(office: Office) -> None:
    enquiry, suggestion = answered(office, ANSWER)
    accept_suggestion(office.app, suggestion.id, Accepting())
    tell_resident(office.app, enquiry.id)
    close_enquiry(office.app, enquiry.id)
    opened = reopen_enquiry(office.app, enquiry.id)
    assert opened.status is Status.WITH_SERVICE_AREA
    assert opened.reopened == 1
    assert opened.state(office.clock()) is State.MET


def test_a_change_of_channel_moves_the_due_date(office: Office) -> None:
    enquiry = office.log()
    edited = edit_enquiry(office.app, enquiry.id, ["channel=letter"])
    assert edited.respond_by == date(2026, 11, 25)
    assert edited.channel is Channel.LETTER


def test_a_change_of_channel_keeps_a_clock_stopped(office: Office) -> None:
    enquiry, suggestion = answered(office, ANSWER)
    accept_suggestion(office.app, suggestion.id, Accepting())
    edited = edit_enquiry(office.app, enquiry.id, ["channel=letter"])
    assert edited.clocks is not None
    assert edited.clocks.respond is not None
    assert edited.clocks.respond.stopped_at == edited.answered_at


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("status=closed", "status is not edited"),
        ("colour=red", "no field"),
        ("channel=pigeon", "not a channel"),
        ("service_area=Howsing", "no service area"),
        ("received_at=2030-01-01", "still to come"),
        ("subject=", "may not be empty"),
        ("subject", "not FIELD=VALUE"),
        ("resident_email=nobody", "not an email address"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_with_advice_and_changes_nothing(
    office: Office, said: str, title: str
) -> None:
    enquiry = office.log()
    with pytest.raises((Invalid, NotAllowed, NotFound), match=title) as refused:
        edit_enquiry(office.app, enquiry.id, ["priority=urgent", said])
    assert refused.value.advice
    assert office.read(enquiry) == enquiry


def test_only_logging_makes_a_resident(office: Office) -> None:
    first, second = office.log(), office.log(resident="Ada Cole")
    with pytest.raises(NotFound, match="no resident") as refused:
        edit_enquiry(office.app, first.id, ["resident=Ada Coal"])
    assert "Ada Cole" in refused.value.advice
    assert edit_enquiry(office.app, first.id, ["resident=ADA cole"]).resident_id == second.resident_id


def test_only_a_complaint_has_a_stage(office: Office) -> None:
    with pytest.raises(Invalid, match="Only a complaint"):
        office.log(stage=Stage.TWO)
    enquiry = office.log()
    with pytest.raises(NotAllowed, match="Only a complaint"):
        edit_enquiry(office.app, enquiry.id, ["stage=2"])
    assert edit_enquiry(office.app, enquiry.id, ["stage=2", "kind=complaint"]).stage is Stage.TWO
    assert edit_enquiry(office.app, enquiry.id, ["kind=comment"]).stage is None


def test_a_misspelt_resident_is_put_right_for_all_their_enquiries(office: Office) -> None:
    first, second = office.log(), office.log()
    edit_enquiry(office.app, first.id, ["resident_name=Edward Barlow"])
    with office.app.store.reading() as tx:
        assert tx.get(Resident, second.resident_id).name == "Edward Barlow"


def test_what_is_said_of_the_resident_is_said_of_the_one_named_in_the_same_edit(office: Office) -> None:
    first, second = office.log(), office.log(resident="Ada Cole")
    edit_enquiry(office.app, first.id, ["resident_phone=01632 960111", "resident=Ada Cole"])
    with office.app.store.reading() as tx:
        assert tx.get(Resident, second.resident_id).phone == "01632 960111"
        assert tx.get(Resident, first.resident_id).phone is None


def test_a_resident_moved_with_an_enquiry_stays_with_the_first_councillor_too(office: Office) -> None:
    enquiry, there = office.log(), office.log(councillor="Cllr Bo Tree")
    moved = edit_enquiry(office.app, enquiry.id, ["councillor=cllr bo tree"])
    assert moved.raised_by == there.raised_by
    assert len({moved.resident_id, enquiry.resident_id, there.resident_id}) == 3
    with pytest.raises(NotFound, match="Two residents"):
        office.log(councillor="Cllr Bo Tree")


def test_an_edit_that_changes_nothing_leaves_no_trace(office: Office) -> None:
    enquiry = office.log()
    before = timeline(office, enquiry)
    for _ in range(3):
        edit_enquiry(office.app, enquiry.id, ["priority=normal", "resident=ned barlow", "channel=email"])
    assert timeline(office, enquiry) == before


def test_a_residents_id_that_is_somebody_elses_is_refused(office: Office) -> None:
    enquiry = office.log()
    with pytest.raises(NotAllowed, match="Ned Barlow"):
        office.log(resident="Ada Cole", resident_id=enquiry.resident_id)
    with pytest.raises(NotAllowed, match="casework"):
        office.log(councillor="Cllr Bo Tree", resident_id=enquiry.resident_id)


@pytest.mark.parametrize("field", ["findings", "solution", "other_reference", "tags", "tier", "ward"])
def test_an_empty_value_clears_a_field_that_may_be_empty(office: Office, field: str) -> None:
    enquiry = office.log()
    edited = edit_enquiry(office.app, enquiry.id, ["findings=a", "solution=b", "other_reference=c", "tags=d", "tier=2"])
    cleared = edit_enquiry(office.app, enquiry.id, [f"{field}="])
    assert not getattr(cleared, "ward_id" if field == "ward" else field)
    assert edited.tier == 2


def test_an_unknown_reference_is_refused_with_advice(office: Office) -> None:
    with office.app.store.reading() as tx, pytest.raises(NotFound) as refused:
        enquiry_named(tx, "ENQ-0000-1-00")
    assert refused.value.advice


def test_two_residents_of_one_name_are_refused_naming_their_ids(office: Office) -> None:
    first = office.log()
    with office.app.store.writing(author=None) as tx:
        resident = tx.get(Resident, first.resident_id)
        tx.save(
            Resident(
                id=type(resident.id)(office.app.new_id()), councillor_id=resident.councillor_id, name="ned  barlow"
            )
        )
    with pytest.raises(NotFound, match="Two residents") as refused:
        office.log()
    assert first.resident_id in refused.value.advice
    assert office.log(resident_id=first.resident_id).resident_id == first.resident_id
