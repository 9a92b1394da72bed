"""Holding replies written and received, and promises kept or broken."""

from dataclasses import replace
from datetime import date

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.mailbag import MailPurpose
from member_tracker.domain.promise import PromiseState
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Proposal, State, Status
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import Accepting, accept_suggestion, close_enquiry
from member_tracker.services.promising import hold_resident, promise
from tests.fakes.office import Office
from tests.services.deeds import answered, clock_at, mails, replied, shown, suggestions, timeline

IN_FULL = HoldingReply(
    who="Ada Finch", why="A survey is needed first", promised_on=date(2026, 11, 27), urgent_number="01632 960111"
)
RECEIVED = (
    "Thank you. The surveyor is away, so I will send you a full answer by 27 November. Ring 01632 960111 if urgent."
)


def accepted(office: Office, enquiry: Enquiry, text: str, accepting: Accepting | None = None) -> Enquiry:
    replied(office, enquiry, text)
    return accept_suggestion(office.app, suggestions(office, enquiry)[-1].id, accepting or Accepting())


def test_a_holding_reply_of_ours_says_all_four_things_and_goes_to_the_resident(office: Office) -> None:
    enquiry = office.logged_and_sent()
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    held = hold_resident(office.app, enquiry.id, IN_FULL)
    (mail,) = [sent for sent in mails(office, enquiry) if sent.purpose is MailPurpose.RESIDENT_UPDATE]
    assert mail.to == ("ned.barlow@example.org",)
    for said in ("Ada Finch", "A survey is needed first", "Friday 27 November 2026", "01632 960111"):
        assert said in mail.body
    assert held.holding == IN_FULL
    assert timeline(office, enquiry)[-1].kind is EntryKind.HELD


@pytest.mark.parametrize("gap", ["who", "why", "promised_on", "urgent_number"])
def test_a_holding_reply_of_ours_with_a_gap_is_refused_and_sends_nothing(office: Office, gap: str) -> None:
    enquiry = office.logged_and_sent()
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    before = office.read(enquiry)
    lacking = {"who": "", "why": " ", "promised_on": None, "urgent_number": ""}
    fields = {
        "who": IN_FULL.who, "why": IN_FULL.why, "promised_on": IN_FULL.promised_on,
        "urgent_number": IN_FULL.urgent_number,
    } | {gap: lacking[gap]}  # fmt: skip
    with pytest.raises(Invalid) as refused:
        hold_resident(office.app, enquiry.id, HoldingReply(**fields))  # type: ignore[arg-type] # one field is emptied
    assert refused.value.advice
    assert office.read(enquiry) == before
    assert len(mails(office, enquiry)) == 1


def test_a_holding_reply_of_ours_moves_no_clock_and_is_no_answer(office: Office) -> None:
    enquiry = office.logged_and_sent()
    held = hold_resident(office.app, enquiry.id, IN_FULL)
    assert held.clocks == enquiry.clocks
    assert held.answered_at is None
    office.clock.forward(days=4)
    assert held.state(office.clock()) is State.OVERDUE


def test_only_where_the_charter_says_so_does_a_holding_reply_with_a_date_end_the_clock(office: Office) -> None:
    shelf = office.parts.charters
    office.parts = replace(
        office.parts,
        charters=replace(shelf, charters=tuple(replace(charter, holding_stops=True) for charter in shelf.charters)),
    )
    enquiry = office.logged_and_sent()
    held = accepted(office, enquiry, RECEIVED)
    office.clock.forward(days=30)
    assert (held.status, held.answered_at) == (Status.HOLDING_REPLY, None)
    assert held.state(office.clock()) is State.MET
    assert close_enquiry(office.app, enquiry.id, "Settled").state(office.clock()) is State.MET
    undated = office.logged_and_sent()
    accepted(office, undated, "Thank you, we have this.", Accepting(proposal=Proposal.HOLDING))
    office.clock.forward(days=30)
    assert office.read(undated).state(office.clock()) is State.OVERDUE


def test_a_holding_reply_received_is_kept_with_who_why_when_and_the_number(office: Office) -> None:
    enquiry = office.logged_and_sent()
    held = accepted(office, enquiry, RECEIVED)
    assert held.holding is not None
    assert "surveyor is away" in held.holding.why
    assert held.holding.urgent_number == "01632 960111"
    assert held.holding.promised_on == date(2026, 11, 27)
    assert held.status is Status.HOLDING_REPLY


def test_what_a_holding_reply_leaves_out_is_named_counted_and_offered_as_a_chaser(office: Office) -> None:
    enquiry = office.logged_and_sent()
    accepted(office, enquiry, "Thank you for this. A full answer will be sent to you by 27 November.")
    holding = shown(office, enquiry)["holding"]
    assert isinstance(holding, dict)
    assert "a telephone number if it is urgent" in holding["gaps"]
    assert "telephone number" in str(holding["chaser"])
    assert "telephone number" in timeline(office, enquiry)[-1].details["gaps"]


def test_a_person_fills_in_what_the_mail_does_not_say(office: Office) -> None:
    enquiry = office.logged_and_sent()
    said = HoldingReply(who="Ada Finch", why="Staff are away", urgent_number="01632 960222")
    held = accepted(office, enquiry, "A full answer will be sent to you by 27 November.", Accepting(holding=said))
    assert held.holding == replace(said, promised_on=date(2026, 11, 27))
    assert held.holding.gaps == ()


def test_a_holding_reply_without_a_date_is_an_acknowledgement_with_a_gap(office: Office) -> None:
    enquiry = office.logged_and_sent()
    held = accepted(
        office, enquiry, "Thank you, the surveyor is looking into this.", Accepting(proposal=Proposal.HOLDING)
    )
    assert held.status is Status.ACKNOWLEDGED
    assert held.promises == ()
    assert held.holding is not None
    assert held.holding.is_only_an_acknowledgement


def test_a_promise_is_kept_by_an_answer_that_day_and_broken_by_one_the_day_after(office: Office) -> None:
    for day, state in (("2026-11-27T16:00", PromiseState.KEPT), ("2026-11-28T16:00", PromiseState.BROKEN)):
        clock_at(office, "2026-11-16T10:00")
        enquiry = office.logged_and_sent()
        promise(office.app, enquiry.id, promised_on=date(2026, 11, 27), made_by="Ada Finch")
        clock_at(office, day)
        done = answered(office, enquiry)
        assert [each.state(date(2026, 12, 31)) for each in done.promises] == [state]


def test_a_later_promise_does_not_take_back_the_one_before(office: Office) -> None:
    enquiry = office.logged_and_sent()
    promise(office.app, enquiry.id, promised_on=date(2026, 11, 20), made_by="Ada Finch")
    clock_at(office, "2026-11-19T10:00")
    promise(office.app, enquiry.id, promised_on=date(2026, 11, 27), made_by="Ada Finch")
    clock_at(office, "2026-11-26T10:00")
    done = answered(office, enquiry)
    states = [each.state(date(2026, 11, 26)) for each in done.promises]
    assert states == [PromiseState.BROKEN, PromiseState.KEPT]


def test_of_two_answers_the_earlier_decides_whether_a_promise_was_kept(office: Office) -> None:
    enquiry = office.logged_and_sent()
    promise(office.app, enquiry.id, promised_on=date(2026, 11, 17), made_by="Ada Finch")
    clock_at(office, "2026-11-17T10:00")
    replied(office, enquiry, message_id="<first@example.org>")
    clock_at(office, "2026-11-19T10:00")
    replied(office, enquiry, message_id="<second@example.org>")
    first, second = suggestions(office, enquiry)
    late = accept_suggestion(office.app, second.id, Accepting(proposal=Proposal.ANSWER))
    early = accept_suggestion(office.app, first.id, Accepting(proposal=Proposal.ANSWER))
    assert late.promises[0].state(date(2026, 12, 1)) is PromiseState.BROKEN
    assert early.promises[0].state(date(2026, 12, 1)) is PromiseState.KEPT


def test_a_promise_moves_no_clock(office: Office) -> None:
    enquiry = office.logged_and_sent()
    promised = promise(office.app, enquiry.id, promised_on=date(2026, 11, 27), made_by="Ada Finch")
    assert promised.clocks == enquiry.clocks
    assert promised.promised_on == date(2026, 11, 27)


def test_a_promise_for_a_day_gone_by_or_from_nobody_or_after_the_answer_is_refused(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(Invalid):
        promise(office.app, enquiry.id, promised_on=date(2026, 11, 1), made_by="Ada Finch")
    with pytest.raises(Invalid):
        promise(office.app, enquiry.id, promised_on=date(2026, 11, 27), made_by=" ")
    answered(office, enquiry)
    with pytest.raises(NotAllowed):
        promise(office.app, enquiry.id, promised_on=date(2026, 11, 27), made_by="Ada Finch")
    with pytest.raises(NotAllowed):
        hold_resident(office.app, enquiry.id, IN_FULL)
