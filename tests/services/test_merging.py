"""Merging two enquiries that are one, and taking them apart again."""

from datetime import date

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.promise import PromiseState
from member_tracker.domain.timeline import Suggestion
from member_tracker.domain.vocabulary import Channel, OutgoingState, Role, Status
from member_tracker.services.casework import open_enquiry
from member_tracker.services.enquiries import Accepting, accept_suggestion, add_note, reopen_enquiry, send_enquiry
from member_tracker.services.merging import merge, unmerge
from member_tracker.services.post import post_queued
from member_tracker.services.promising import promise
from member_tracker.services.setup import SetUp, set_up
from member_tracker.services.undoing import undo_last
from member_tracker.services.waiting import extend, pause, resume
from tests.fakes.office import Office
from tests.services.deeds import ANSWER, answered, clock_at, mails, replied, shown, suggestions


def two(office: Office, *, apart_days: float = 1, **second: object) -> tuple[Enquiry, Enquiry]:
    """An enquiry, and a second one about the same thing that came some days later."""
    first = office.logged_and_sent()
    office.clock.forward(days=apart_days)
    return first, office.logged_and_sent(**second)


def belongs_to(office: Office, subject: str) -> list[str | None]:
    with office.app.store.reading() as tx:
        return [mail.enquiry_id for mail in tx.every(ReceivedMail) if subject in mail.subject]


@pytest.mark.parametrize("named", ["survivor", "absorbed"])
def test_a_reply_to_either_reference_lands_on_the_survivor(office: Office, named: str) -> None:
    survivor, absorbed = two(office)
    merge(office.app, absorbed.id, survivor.id)
    asked = survivor if named == "survivor" else absorbed
    replied(office, asked, ANSWER, in_reply_to="<lost@example.org>", subject=f"Damp [{asked.reference}]")
    replied(office, asked, ANSWER)
    with office.app.store.reading() as tx:
        assert {mail.enquiry_id for mail in tx.every(ReceivedMail)} == {survivor.id}
        assert {found.enquiry_id for found in tx.every(Suggestion)} == {survivor.id}


def test_the_councillor_of_the_absorbed_enquiry_is_known_on_the_survivor(office: Office) -> None:
    survivor, absorbed = two(office, service_area="Planning")
    merge(office.app, absorbed.id, survivor.id)
    planning = office.area(absorbed).addresses[0]
    replied(office, survivor, ANSWER, sender=planning)
    with office.app.store.reading() as tx:
        assert [mail.enquiry_id for mail in tx.every(ReceivedMail)] == [survivor.id]


def test_the_earliest_receipt_is_kept_and_the_stricter_clock_rules(office: Office) -> None:
    first, second = two(office)
    kept = merge(office.app, first.id, second.id)
    assert kept.id == second.id
    assert kept.received_at == first.received_at
    assert (kept.acknowledge_by, kept.respond_by) == (first.acknowledge_by, first.respond_by)
    assert office.read(first).status is Status.CLOSED
    assert office.read(first).merged_into == second.id


def test_a_later_enquiry_with_a_shorter_time_rules_where_it_is_due_earlier(office: Office) -> None:
    letter = office.logged_and_sent(channel=Channel.LETTER)
    office.clock.forward(hours=1)
    email = office.logged_and_sent()
    assert letter.respond_by is not None
    assert email.respond_by is not None
    assert email.respond_by < letter.respond_by
    kept = merge(office.app, email.id, letter.id)
    assert kept.respond_by == email.respond_by
    assert kept.received_at == letter.received_at


def test_a_pause_or_an_extension_after_merging_moves_both_clocks_and_the_stricter_still_rules(office: Office) -> None:
    letter = office.logged_and_sent(channel=Channel.LETTER)
    email = office.logged_and_sent()
    merged = merge(office.app, email.id, letter.id)
    pause(office.app, letter.id, reason="photographs")
    office.clock.forward(days=2)
    resumed = resume(office.app, letter.id)
    assert merged.respond_by == date(2026, 11, 18)
    assert resumed.respond_by == date(2026, 11, 19)
    agreed = extend(office.app, letter.id, until_on=date(2026, 12, 4), reason="survey", agreed_by="Cllr Vera Quill")
    assert agreed.respond_by == date(2026, 12, 4)


def test_both_histories_and_their_mails_are_shown_together_and_marked(office: Office) -> None:
    survivor, absorbed = two(office)
    replied(office, absorbed, ANSWER)
    add_note(office.app, absorbed.id, "Rang the resident")
    merge(office.app, absorbed.id, survivor.id)
    found = shown(office, survivor)
    timeline, received, sent = found["timeline"], found["mails"], found["sent"]
    assert isinstance(timeline, list)
    assert isinstance(received, list)
    assert isinstance(sent, list)
    (note,) = [entry for entry in timeline if entry["text"] == "Rang the resident"]
    assert note["merged_from"] == absorbed.reference
    assert [mail["merged_from"] for mail in received] == [absorbed.reference]
    assert {mail["merged_from"] for mail in sent} == {None, absorbed.reference}
    assert found["absorbed"] == [absorbed.reference]
    assert shown(office, absorbed)["merged_into"] == survivor.reference
    moments = [entry.at for entry in open_enquiry(office.app, survivor.id).entries]
    assert moments == sorted(moments)


def test_what_waits_for_a_decision_goes_along_and_comes_back(office: Office) -> None:
    survivor, absorbed = two(office)
    replied(office, absorbed, ANSWER)
    (waiting,) = suggestions(office, absorbed)
    merge(office.app, absorbed.id, survivor.id)
    assert [found.id for found in suggestions(office, survivor)] == [waiting.id]
    unmerge(office.app, absorbed.id)
    assert suggestions(office, survivor) == ()
    assert accept_suggestion(office.app, waiting.id, Accepting()).id == absorbed.id


def test_merging_can_be_undone_either_way_and_both_stand_as_they_stood(office: Office) -> None:
    survivor, absorbed = two(office)
    for taken_apart in (unmerge, undo_last):
        merge(office.app, survivor.id, absorbed.id)
        taken_apart(office.app, absorbed.id)
        assert (office.read(survivor), office.read(absorbed)) == (survivor, absorbed)
    merge(office.app, survivor.id, absorbed.id)
    assert unmerge(office.app, survivor.id) == survivor


def test_what_happened_to_the_survivor_meanwhile_stays_and_its_pauses_move_both(office: Office) -> None:
    first, second = two(office, apart_days=0)
    merge(office.app, first.id, second.id)
    pause(office.app, second.id, reason="photographs")
    office.clock.forward(days=2)
    resume(office.app, second.id)
    back = unmerge(office.app, first.id)
    assert back.respond_by == office.read(second).respond_by == date(2026, 11, 19)
    assert len(back.pauses) == 1


def test_a_question_that_waits_to_be_sent_is_not_sent_twice_and_is_queued_again_when_taken_apart(
    office: Office,
) -> None:
    survivor = office.logged_and_sent()
    absorbed = office.log()
    send_enquiry(office.app, absorbed.id)
    merge(office.app, absorbed.id, survivor.id)
    assert post_queued(office.app).sent == 0
    assert unmerge(office.app, absorbed.id).status is Status.WAITING_TO_SEND
    assert post_queued(office.app).sent == 1
    assert [mail.state for mail in mails(office, absorbed)] == [OutgoingState.SENT]


def test_three_that_are_one_follow_through_and_come_apart_in_turn(office: Office) -> None:
    first, second = two(office)
    third = office.logged_and_sent()
    merge(office.app, first.id, second.id)
    kept = merge(office.app, second.id, third.id)
    assert kept.respond_by == first.respond_by
    replied(office, first, ANSWER)
    with office.app.store.reading() as tx:
        assert [mail.enquiry_id for mail in tx.every(ReceivedMail)] == [third.id]
    with pytest.raises(NotAllowed):
        unmerge(office.app, first.id)
    unmerge(office.app, second.id)
    unmerge(office.app, first.id)
    assert [office.read(each).clocks for each in (first, second, third)] == [
        first.clocks, second.clocks, third.clocks,
    ]  # fmt: skip


def test_an_answer_already_judged_is_not_judged_again(office: Office) -> None:
    survivor, absorbed = two(office, apart_days=0)
    done = answered(office, survivor)
    clock_at(office, "2026-11-20T10:00")
    kept = merge(office.app, absorbed.id, survivor.id)
    assert (kept.clocks, kept.answered_at) == (done.clocks, done.answered_at)


def test_a_councillor_does_not_merge_alone_what_another_raised(office: Office) -> None:
    mine, other = two(office, councillor="Cllr Amos Reed", resident="Ned Barlow")
    set_up(office.app, SetUp(council="Chorley", me="Cllr Vera Quill", role=Role.COUNCILLOR))
    with pytest.raises(NotAllowed, match="two councillors"):
        merge(office.app, other.id, mine.id)
    assert office.read(other) == other
    set_up(office.app, SetUp(council="Chorley", me="Joan Marsh", role=Role.SUPPORT))
    assert merge(office.app, other.id, mine.id).id == mine.id


def test_an_enquiry_is_merged_once_and_not_with_itself(office: Office) -> None:
    first, second = two(office)
    with pytest.raises(NotAllowed):
        merge(office.app, first.id, first.id)
    with pytest.raises(NotAllowed):
        unmerge(office.app, first.id)
    merge(office.app, first.id, second.id)
    for absorbed, survivor in ((first, second), (second, first)):
        with pytest.raises(NotAllowed):
            merge(office.app, absorbed.id, survivor.id)


def test_what_was_promised_on_an_absorbed_enquiry_is_kept_by_the_answer_to_the_survivor(office: Office) -> None:
    survivor, absorbed = two(office)
    promise(office.app, absorbed.id, promised_on=date(2026, 11, 20), made_by="Ada Finch")
    merge(office.app, absorbed.id, survivor.id)
    answered(office, survivor)
    assert [each.state(date(2026, 12, 1)) for each in office.read(absorbed).promises] == [PromiseState.KEPT]


def test_an_absorbed_enquiry_is_taken_apart_and_not_reopened(office: Office) -> None:
    survivor, absorbed = two(office)
    merge(office.app, absorbed.id, survivor.id)
    with pytest.raises(NotAllowed, match="merged"):
        reopen_enquiry(office.app, absorbed.id)


def test_what_officers_have_is_not_merged_into_a_draft_they_would_never_see(office: Office) -> None:
    sent, draft = office.logged_and_sent(), office.log()
    with pytest.raises(NotAllowed) as refused:
        merge(office.app, sent.id, draft.id)
    assert f"merge {draft.reference} {sent.reference}" in refused.value.advice
    assert merge(office.app, draft.id, sent.id).id == sent.id
