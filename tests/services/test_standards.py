"""When clocks start and stop through the deeds themselves: sending, accepting, editing, under every kind of charter."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from member_tracker.domain.clock import Clock
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.people import Council
from member_tracker.domain.timeline import Entry, Suggestion, SuggestionState
from member_tracker.domain.values import with_fields
from member_tracker.domain.vocabulary import Kind, Proposal, State
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import Accepting, accept_suggestion, send_enquiry
from member_tracker.services.filing import file_by_hand
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.office import Office

THANKS = "Thank you for your mail. We will look into it."


def adopted(office: Office, charter: str) -> None:
    set_up(office.app, SetUp(council="Chorley", charter=charter))


def reply_clock(enquiry: Enquiry) -> Clock:
    assert enquiry.clocks is not None
    assert enquiry.clocks.respond is not None
    return enquiry.clocks.respond


def newest(office: Office, enquiry: Enquiry) -> Suggestion:
    with office.app.store.reading() as tx:
        return max(
            tx.every(Suggestion, enquiry_id=enquiry.id, state=SuggestionState.OPEN), key=lambda one: one.arrived_at
        )


def came_back(office: Office, enquiry: Enquiry, text: str = THANKS) -> Suggestion:
    office.reply(enquiry, text)
    office.collect()
    return newest(office, enquiry)


def accepted_as(office: Office, suggestion: Suggestion, proposal: Proposal, **more: object) -> Enquiry:
    return accept_suggestion(office.app, suggestion.id, with_fields(Accepting(proposal=proposal), more))


def test_the_ombudsmans_ten_days_count_from_the_acknowledgement_and_are_provisional_until_then(office: Office) -> None:
    adopted(office, "ombudsman-code")
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    assert (enquiry.acknowledge_by, enquiry.respond_by) == (date(2026, 11, 23), date(2026, 12, 7))
    assert reply_clock(enquiry).provisional
    office.clock.forward(days=1)
    suggestion = came_back(office, enquiry)
    office.clock.forward(days=2)
    acknowledged = accepted_as(office, suggestion, Proposal.ACKNOWLEDGEMENT)
    assert acknowledged.respond_by == date(2026, 12, 1)
    assert not reply_clock(acknowledged).provisional


def test_a_holding_reply_is_the_acknowledgement_that_the_ombudsmans_days_count_from(office: Office) -> None:
    adopted(office, "ombudsman-code")
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    office.clock.forward(days=1)
    held = accepted_as(office, came_back(office, enquiry), Proposal.HOLDING, promised_on=date(2026, 12, 20))
    assert (held.respond_by, held.promised_on) == (date(2026, 12, 1), date(2026, 12, 20))


def test_an_earlier_acknowledgement_accepted_later_moves_the_ombudsmans_days_back(office: Office) -> None:
    adopted(office, "ombudsman-code")
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    office.clock.forward(days=1)
    first = came_back(office, enquiry)
    office.clock.forward(days=2)
    second = came_back(office, enquiry, "Thank you, we have your complaint and will look into it.")
    assert accepted_as(office, second, Proposal.ACKNOWLEDGEMENT).respond_by == date(2026, 12, 3)
    assert accepted_as(office, first, Proposal.ACKNOWLEDGEMENT).respond_by == date(2026, 12, 1)


def test_an_answer_without_an_acknowledgement_is_judged_by_the_provisional_date(office: Office) -> None:
    adopted(office, "ombudsman-code")
    enquiry = office.logged_and_sent(kind=Kind.COMPLAINT)
    office.clock.forward(days=25)
    late = accepted_as(office, came_back(office, enquiry), Proposal.ANSWER)
    assert late.state(office.clock()) is State.MISSED


def test_an_enquiry_is_judged_to_its_end_by_the_charter_it_was_logged_under(office: Office) -> None:
    adopted(office, "members-protocol")
    enquiry = office.log()
    with office.app.store.writing(author=None) as tx:
        (council,) = tx.every(Council)
        tx.save(replace(council, adopted=()))
    send_enquiry(office.app, enquiry.id)
    post_queued(office.app)
    sent = office.read(enquiry)
    assert sent.clocks is not None
    assert sent.clocks.charter_id == "members-protocol"
    assert (sent.acknowledge_by, sent.respond_by) == (date(2026, 11, 17), date(2026, 11, 30))


def test_an_enquiry_moved_to_a_day_without_a_charter_is_not_measured(office: Office) -> None:
    edited = edit_enquiry(office.app, office.log().id, ["received_at=2001-06-01"])
    assert (edited.clocks, edited.respond_by, edited.state(office.clock())) == (None, None, State.NOT_MEASURED)


@pytest.mark.parametrize("proposal", [Proposal.ACKNOWLEDGEMENT, Proposal.HOLDING, Proposal.ANSWER, Proposal.QUESTION])
def test_the_acknowledgement_clock_stays_stopped_when_the_channel_is_put_right(
    office: Office, proposal: Proposal
) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(hours=3)
    arrived = office.clock()
    accepted_as(office, came_back(office, enquiry), proposal)
    edited = edit_enquiry(office.app, enquiry.id, ["channel=web"])
    assert edited.clocks is not None
    assert edited.clocks.acknowledge is not None
    assert edited.clocks.acknowledge.stopped_at == arrived


@pytest.mark.parametrize("proposal", [Proposal.CHASING, Proposal.NEW_INFORMATION, Proposal.NONE])
def test_what_is_no_word_of_the_service_area_stops_no_clock(office: Office, proposal: Proposal) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(hours=3)
    assert accepted_as(office, came_back(office, enquiry), proposal) == enquiry


def test_a_mail_dated_after_it_was_collected_counts_from_then_however_late_it_is_accepted(office: Office) -> None:
    enquiry = office.logged_and_sent()
    collected_at = office.clock.forward(hours=2)
    office.clock.forward(days=3)
    office.reply(enquiry, THANKS)
    office.clock.forward(days=-3)
    office.collect()
    suggestion = newest(office, enquiry)
    assert suggestion.arrived_doubt is not None
    assert "in the future" in suggestion.arrived_doubt
    office.clock.forward(days=9)
    assert accepted_as(office, suggestion, Proposal.ANSWER).answered_at == collected_at


def test_a_time_said_to_be_before_the_enquiry_was_sent_is_taken_and_flagged(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(hours=2)
    early = office.clock() - timedelta(hours=5)
    accepted = accepted_as(office, came_back(office, enquiry), Proposal.ANSWER, at=early)
    assert accepted.answered_at == early
    with office.app.store.reading() as tx:
        doubts = [entry.details.get("doubt") for entry in tx.every(Entry, enquiry_id=enquiry.id)]
    assert "That time is before the enquiry was sent." in doubts


def test_a_mail_filed_by_hand_keeps_the_doubt_about_when_it_came(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.clock.forward(hours=2)
    date_line = f"Date: {office.clock():%d %b %Y %H:%M:%S} +0000"
    raw = f"From: stranger@elsewhere.example.net\nSubject: Damp\n{date_line}\n\nDone.\n"
    (office.inbox / "dated.eml").write_text(raw)
    office.collect()
    with office.app.store.reading() as tx:
        (mail,) = tx.every(ReceivedMail)
    file_by_hand(office.app, mail.id, enquiry.id)
    assert newest(office, enquiry).arrived_doubt == "Only the sender's own date says when it came."
