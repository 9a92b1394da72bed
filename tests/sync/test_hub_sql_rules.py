"""What the hub decides about an op, for each kind of field."""

import pytest

from member_tracker.sync.hub import TRAY, HubOp, Outcome, Row
from tests.sync.deeds import ABARA, BYRNE, Office, conflicts_of, edit, enquiry, made, op, push, push_one, rows_of
from tests.sync.hub_place import COUNCIL


def test_an_op_that_comes_twice_is_answered_as_the_first_time_and_done_once(office: Office) -> None:
    change = edit("enquiry-1", "subject", "Bins and gulls", office.first)
    first = push_one(office.abara, change)
    assert push_one(office.abara, change) == first
    twice = push(office.abara, office.first, change, change)
    assert [receipt.outcome for receipt in twice] == ["accepted"] * 3
    assert twice[1] == twice[2] == first


def test_whoever_saw_the_newest_op_is_accepted_whatever_their_clock_says(office: Office) -> None:
    first = edit("enquiry-1", "subject", "one", office.first)
    second = edit("enquiry-1", "subject", "two", first)
    assert {receipt.outcome for receipt in push(office.abara, first, second)} == {"accepted"}
    assert rows_of(office.abara, ABARA)["enquiry-1"].fields["subject"] == "two"


def test_who_had_not_seen_the_newest_op_gets_a_conflict_with_both_values(office: Office) -> None:
    push_one(office.abara, edit("enquiry-1", "subject", "mine", office.first))
    late = edit("enquiry-1", "subject", "theirs", office.first)
    receipt = push_one(office.support, late, device="device-2")
    assert receipt.outcome is Outcome.CONFLICT
    assert receipt.row is not None
    assert receipt.row.fields["subject"] == "mine"
    (conflict,) = conflicts_of(office.abara, ABARA)
    said = {name: conflict.fields[name] for name in ("record_id", "field", "kept", "lost", "lost_op", "by", "settled")}
    assert said == {
        "record_id": "enquiry-1", "field": "subject", "kept": "mine", "lost": "theirs", "lost_op": late.id,
        "by": "person-support", "settled": None,
    }  # fmt: skip


def test_two_who_wrote_the_same_do_not_clash(office: Office) -> None:
    push_one(office.abara, edit("enquiry-1", "subject", "the same", office.first))
    again = edit("enquiry-1", "subject", "the same", office.first)
    assert push_one(office.support, again, device="device-2").outcome is Outcome.ACCEPTED
    assert push_one(office.support, edit("enquiry-1", "subject", "next", again)).outcome is Outcome.ACCEPTED


def test_different_fields_of_one_record_never_clash(office: Office) -> None:
    push_one(office.abara, edit("enquiry-1", "subject", "mine", office.first))
    push_one(office.support, edit("enquiry-1", "priority", "urgent", office.first), device="device-2")
    fields = rows_of(office.abara, ABARA)["enquiry-1"].fields
    assert (fields["subject"], fields["priority"]) == ("mine", "urgent")


def test_a_conflict_is_settled_by_one_act_which_can_be_taken_back(office: Office) -> None:
    push_one(office.abara, edit("enquiry-1", "subject", "mine", office.first))
    push_one(office.support, edit("enquiry-1", "subject", "theirs", office.first), device="device-2")
    (conflict,) = conflicts_of(office.abara, ABARA)
    settled = edit(conflict.id, "settled", "lost", conflict.heads[""], kind="conflict")
    taken_back = edit(conflict.id, "settled", None, settled, kind="conflict")
    nonsense = edit(conflict.id, "settled", "neither", taken_back, kind="conflict")
    forged = edit(conflict.id, "kept", "neither", conflict.heads[""], kind="conflict")
    outcomes = [receipt.outcome for receipt in push(office.abara, settled, taken_back, nonsense, forged)]
    assert outcomes == ["accepted", "accepted", "illegal", "illegal"]
    assert push_one(office.abara, made("conflict", "forged", scope_id=ABARA)).outcome is Outcome.DENIED


def test_tags_come_and_go_one_by_one_and_never_clash(office: Office) -> None:
    push(
        office.abara,
        op("add", "enquiry", "enquiry-1", "tags", "flood"),
        op("add", "enquiry", "enquiry-1", "tags", "a/b"),
    )
    other = (op("add", "enquiry", "enquiry-1", "tags", "gulls"), op("remove", "enquiry", "enquiry-1", "tags", "flood"))
    assert {receipt.outcome for receipt in push(office.support, *other, device="device-2")} == {"accepted"}
    row = rows_of(office.abara, ABARA)["enquiry-1"]
    assert row.fields["tags"] == ["a/b", "gulls"]
    assert row.heads["tags/flood"] == other[1].id
    assert push_one(office.abara, op("add", "enquiry", "enquiry-1", "subject", "x")).outcome is Outcome.ILLEGAL
    assert push_one(office.abara, edit("enquiry-1", "tags", [], office.first)).outcome is Outcome.ILLEGAL


@pytest.mark.parametrize("status", ["answered", "acknowledged", "resident_told", "somewhere"])
def test_a_status_no_step_leads_to_is_refused(office: Office, status: str) -> None:
    receipt = push_one(office.abara, edit("enquiry-1", "status", status, office.first))
    assert (receipt.outcome, receipt.reason) == ("illegal", "step")
    assert rows_of(office.abara, ABARA)["enquiry-1"].fields["status"] == "draft"


def test_each_step_of_the_office_and_undoing_it_is_legal(office: Office) -> None:
    base: HubOp = office.first
    for status in "waiting_to_send with_service_area acknowledged answered resident_told closed resident_told".split():
        step = edit("enquiry-1", "status", status, base, seen=10_000)
        assert push_one(office.abara, step).outcome is Outcome.ACCEPTED, status
        base = step


def test_closing_what_somebody_else_changed_meanwhile_stays_open_with_a_conflict(office: Office) -> None:
    seen = rows_of(office.abara, ABARA)["enquiry-1"].hub_seq
    push_one(office.support, edit("enquiry-1", "subject", "more to do", office.first), device="device-2")
    closing = edit("enquiry-1", "status", "closed", office.first, seen=seen)
    receipt = push_one(office.abara, closing)
    assert receipt.outcome is Outcome.CONFLICT
    assert rows_of(office.abara, ABARA)["enquiry-1"].fields["status"] == "draft"
    now_seen = rows_of(office.abara, ABARA)["enquiry-1"].hub_seq
    again = edit("enquiry-1", "status", "closed", office.first, seen=now_seen)
    assert push_one(office.abara, again).outcome is Outcome.ACCEPTED


def test_an_edit_beats_a_deletion_that_had_not_seen_it_and_one_that_had_stands(office: Office) -> None:
    push_one(office.support, edit("enquiry-1", "subject", "needed", office.first), device="device-2")
    assert push_one(office.abara, op("delete", "enquiry", "enquiry-1", seen=1)).outcome is Outcome.CONFLICT
    seen = rows_of(office.abara, ABARA)["enquiry-1"].hub_seq
    assert push_one(office.abara, op("delete", "enquiry", "enquiry-1", seen=seen)).outcome is Outcome.ACCEPTED
    row = rows_of(office.abara, ABARA)["enquiry-1"]
    assert (row.gone, row.fields, row.heads) == (True, {}, {})


def test_an_edit_made_before_its_author_knew_of_a_deletion_brings_the_record_back(office: Office) -> None:
    seen = rows_of(office.abara, ABARA)["enquiry-1"].hub_seq
    deletion = op("delete", "enquiry", "enquiry-1", seen=seen)
    push_one(office.abara, deletion)
    late = edit("enquiry-1", "subject", "needed", office.first)
    assert push_one(office.support, late, device="device-2").outcome is Outcome.ACCEPTED
    row = rows_of(office.abara, ABARA)["enquiry-1"]
    assert (row.gone, row.fields["subject"]) == (False, "needed")
    (conflict,) = conflicts_of(office.abara, ABARA)
    assert (conflict.fields["field"], conflict.fields["lost_op"]) == ("", deletion.id)


def test_what_stands_in_the_timeline_cannot_be_changed(office: Office) -> None:
    entry = made("entry", "entry-1", enquiry_id="enquiry-1", text="Called", author=ABARA)
    assert push_one(office.abara, entry).outcome is Outcome.ACCEPTED
    for verb in ("set", "add", "remove", "delete"):
        change = op(verb, "entry", "entry-1", "text", "Did not call", base=entry.id)
        assert push_one(office.abara, change).outcome is Outcome.ILLEGAL


def test_two_laptops_that_read_one_mailbox_make_one_mail_and_go_on_from_it(office: Office) -> None:
    mine, theirs = (made("mail", "mail-1", enquiry_id=None, original="0" * 64, place="tray") for _ in range(2))
    assert push_one(office.support, mine, device="device-1").outcome is Outcome.ACCEPTED
    filed = edit("mail-1", "enquiry_id", "enquiry-1", theirs, kind="mail")
    placed = edit("mail-1", "place", "filed", theirs, kind="mail")
    receipts = push(office.officer, theirs, filed, placed, device="device-2")
    assert [receipt.outcome for receipt in receipts] == ["accepted"] * 3
    row = rows_of(office.abara, ABARA)["mail-1"]
    assert (row.fields["place"], row.heads[""]) == ("filed", mine.id)
    assert rows_of(office.support, TRAY)["mail-1"].gone


def test_mail_nobody_has_filed_lies_in_the_tray_and_a_councillors_own_with_the_councillor(office: Office) -> None:
    push_one(office.support, made("mail", "shared", enquiry_id=None))
    push_one(office.byrne, made("mail", "private", enquiry_id=None))
    assert "shared" in rows_of(office.officer, TRAY)
    assert "private" in rows_of(office.byrne, BYRNE)


def test_a_reference_is_given_once(office: Office) -> None:
    receipt = push_one(office.byrne, enquiry("enquiry-2", BYRNE, reference="ENQ-enquiry-1"))
    assert (receipt.outcome, receipt.reason, receipt.row) == ("denied", "reference", None)
    other = enquiry("enquiry-2", BYRNE)
    receipts = push(office.byrne, other, edit("enquiry-2", "reference", "ENQ-enquiry-1", other))
    assert [receipt.outcome for receipt in receipts] == ["accepted", "denied"]


def test_an_enquiry_that_changes_hands_takes_all_that_hangs_on_it_along(office: Office) -> None:
    push(
        office.officer,
        made("entry", "entry-1", enquiry_id="enquiry-1", text="x"),
        made("mail", "mail-1", enquiry_id="enquiry-1", original=None),
    )
    push_one(office.abara, edit("enquiry-1", "subject", "mine", office.first))
    push_one(office.support, edit("enquiry-1", "subject", "theirs", office.first), device="device-2")
    before = office.abara.pull(ABARA, 0, 100).upto  # type: ignore[arg-type]
    assert push_one(office.officer, edit("enquiry-1", "raised_by", BYRNE, office.first)).outcome is Outcome.ACCEPTED
    left = rows_of(office.abara, ABARA, before)
    there = rows_of(office.byrne, BYRNE)
    assert {row.gone for row in left.values()} == {True}
    assert {each for each in there if not there[each].gone} == {"enquiry-1", "entry-1", "mail-1", *left} == set(left)
    (conflict,) = conflicts_of(office.byrne, BYRNE)
    assert conflict.fields["scope_id"] == BYRNE
    back = edit("enquiry-1", "raised_by", ABARA, there["enquiry-1"].heads["raised_by"])
    assert push_one(office.officer, back).outcome is Outcome.ACCEPTED
    again = rows_of(office.abara, ABARA)
    assert not any(row.gone for row in again.values())
    assert {row.gone for row in rows_of(office.byrne, BYRNE).values()} == {True}


def test_whoever_may_write_in_one_scope_only_cannot_move_an_enquiry_into_another(office: Office) -> None:
    for hub in (office.abara, office.support, office.byrne):
        assert push_one(hub, edit("enquiry-1", "raised_by", BYRNE, office.first)).outcome is Outcome.DENIED
    assert not rows_of(office.abara, ABARA)["enquiry-1"].gone


def test_an_op_outside_ones_scopes_is_denied_without_a_word_about_the_record(office: Office) -> None:
    receipt = push_one(office.byrne, edit("enquiry-1", "subject", "mine", office.first))
    unknown = push_one(office.byrne, edit("enquiry-404", "subject", "mine", office.first))
    assert (receipt.outcome, receipt.row) == (unknown.outcome, unknown.row) == (Outcome.DENIED, None)
    assert receipt.reason == unknown.reason
    assert push_one(office.abara, made("ward", "ward-1", council_id=COUNCIL)).outcome is Outcome.DENIED
    assert push_one(office.abara, enquiry("enquiry-9", "nobody")).outcome is Outcome.DENIED


def test_a_pull_in_small_pages_gives_what_one_large_page_gives(office: Office) -> None:
    for number in range(7):
        push(office.abara, *(enquiry(f"more-{number}-{each}") for each in range(number + 1)))
    whole = office.abara.pull(ABARA, 0, 1_000)  # type: ignore[arg-type]
    pieces: list[Row] = []
    after, more = 0, True
    while more:
        page = office.abara.pull(ABARA, after, 3)  # type: ignore[arg-type]
        pieces += page.rows
        after, more = page.upto, page.more
    assert tuple(pieces) == whole.rows
    tally = office.abara.tally(ABARA, whole.upto)  # type: ignore[arg-type]
    assert (tally.records, tally.total) == (len(whole.rows), sum(row.hub_seq for row in whole.rows))
