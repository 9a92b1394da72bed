"""Residents: found as one types, one seen whole, changed and confirmed; nobody deleted or merged is among them."""

from datetime import date

import pytest

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.people import ResidentId
from member_tracker.domain.vocabulary import Channel
from member_tracker.services.consenting import withdraw_consent
from member_tracker.services.deleting import delete_resident
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import tell_resident
from member_tracker.services.residents import (
    confirm_today,
    edit_resident,
    open_resident,
    resident_page,
    undo_resident,
)
from member_tracker.store.lists import Anchor
from member_tracker.store.residents import ResidentReading
from tests.fakes.office import Office
from tests.services.residents import a_resident, resident_now

NED = {"email": "ned.barlow@example.org", "phone": "01632 960101", "address": "3 Canal Row, Leyland"}


def found(office: Office, typed: str) -> list[str]:
    return [row.name for row in resident_page(office.app, typed).rows]


def test_residents_are_listed_by_name_page_after_page(office: Office) -> None:
    for name in ("beth Abbot", "Zoë Pratt", "Ada Lowe", "Cy Moss", "ada lowe"):
        a_resident(office, name)
    names, after = [], None
    while True:
        page = resident_page(office.app, after=after, limit=2)
        names += [row.name for row in page.rows]
        after = page.next
        if after is None:
            break
    assert names == ["Ada Lowe", "beth Abbot", "Cy Moss", "Zoë Pratt"]


@pytest.mark.parametrize(
    "typed", ["bar", "NED b", "canal", "3 canal row", "ned.barlow@ex", "01632 9601", "(01632) 960101", "leyl barl"]
)
def test_a_resident_is_found_by_the_beginnings_of_name_address_telephone_number_and_email(
    office: Office, typed: str
) -> None:
    a_resident(office, "Ned Barlow", NED)
    a_resident(office, "Ada Lowe", {"address": "9 Mill Lane", "phone": "01632 777777"})
    assert found(office, typed) == ["Ned Barlow"]


@pytest.mark.parametrize("typed", ['"', "ned OR ada", "*", "ned NEAR(", "960102", "' --"])
def test_words_typed_are_never_a_syntax(office: Office, typed: str) -> None:
    a_resident(office, "Ned Barlow", NED)
    assert found(office, typed) == []


def test_what_is_found_follows_what_is_changed(office: Office) -> None:
    ned = a_resident(office, "Ned Barlow", NED)
    edit_resident(office.app, ned.id, {"name": "Ned Quick"})
    assert (found(office, "barlow canal"), found(office, "quick canal")) == (["Ned Quick"], ["Ned Quick"])
    edit_resident(office.app, ned.id, {"email": ""})
    assert (found(office, "barlow"), found(office, "quick")) == ([], ["Ned Quick"])
    delete_resident(office.app, ned.id)
    assert found(office, "quick") == found(office, "") == []


def test_one_resident_is_seen_whole(office: Office) -> None:
    enquiry = office.logged_and_sent()
    other = office.log(subject="A lamp is out")
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    office.clock.forward(hours=1)
    tell_resident(office.app, enquiry.id, "The gutter is mended.")
    office.reply(enquiry, "Thank you.", sender="Ned.Barlow@example.org")
    office.collect()
    view = open_resident(office.app, enquiry.resident_id)
    assert (view.resident.name, view.councillor) == ("Ned Barlow", "Cllr Vera Quill")
    assert {row.reference for row in view.enquiries} == {enquiry.reference, other.reference}
    assert view.open_enquiries == 2
    assert {word.what for word in view.words} == {"Mail to them: waiting to send", "Mail from them", "Told"}
    assert view.consent.startswith("By asking for help")
    withdraw_consent(office.app, enquiry.id)
    assert open_resident(office.app, enquiry.resident_id).consent.startswith("Withdrawn on Monday 16 November 2026")


def test_details_are_changed_checked_confirmed_and_the_change_is_undone(office: Office) -> None:
    ned = a_resident(office, "Ned Barlow", NED)
    said = {"preferred_channel": "letter", "communication_needs": "Large print", "phone": ""}
    saved = edit_resident(office.app, ned.id, said)
    assert saved.resident.preferred_channel is Channel.LETTER
    assert (saved.resident.communication_needs, saved.resident.phone) == ("Large print", None)
    assert saved.deed is not None
    confirmed = confirm_today(office.app, ned.id)
    assert confirmed.resident.confirmed_on == date(2026, 11, 16)
    assert confirm_today(office.app, ned.id).deed is None
    assert undo_resident(office.app, ned.id, confirmed.deed or "").confirmed_on is None
    assert undo_resident(office.app, ned.id, saved.deed) == ned
    for wrong in ({"email": "not an address"}, {"name": "  "}, {"preferred_channel": "pigeon"}):
        with pytest.raises(Invalid):
            edit_resident(office.app, ned.id, wrong)
    assert resident_now(office, ned) == ned


def test_what_was_changed_since_is_not_undone(office: Office) -> None:
    ned = a_resident(office, "Ned Barlow")
    saved = edit_resident(office.app, ned.id, {"phone": "01632 960101"})
    edit_resident(office.app, ned.id, {"phone": "01632 960102"})
    with pytest.raises(NotAllowed, match="changed again since"):
        undo_resident(office.app, ned.id, saved.deed or "")


def test_who_may_be_the_same_person_is_shown_with_the_reason(office: Office) -> None:
    ned = a_resident(office, "Ned Barlow", NED)
    alike = {
        a_resident(office, "N. Barlow", {"email": "NED.BARLOW@example.org"}).id: "the same email address",
        a_resident(office, "Edward B", {"phone": "01632-960101"}).id: "the same telephone number",
    }
    a_resident(office, "Ada Lowe", {"phone": "01632 9601011", "address": "3 Canal Row, Leyland"})
    shown = open_resident(office.app, ned.id).alike
    assert {each.resident.id: each.why for each in shown} == alike


def test_another_councillors_resident_is_nobodys_double(office: Office) -> None:
    ned = a_resident(office, "Ned Barlow", NED)
    theirs = office.log(councillor="Cllr Theo Marsh", resident="Ned Barlow").resident_id
    edit_resident(office.app, ResidentId(theirs), NED)
    assert open_resident(office.app, ned.id).alike == ()


def test_a_resident_deleted_is_made_anew_when_the_name_is_typed_again(office: Office) -> None:
    ned = a_resident(office, "Ned Barlow", NED)
    delete_resident(office.app, ned.id)
    assert office.log().resident_id != ned.id
    with pytest.raises(NotAllowed, match="deleted or merged"):
        edit_resident(office.app, ned.id, {"phone": "1"})


def test_more_than_can_be_shown_asks_for_more_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("member_tracker.store.residents.MOST_FOUND", 2)
    for name in ("Bea Moss", "Cal Moss", "Dot Moss"):
        a_resident(office, name)
    page = resident_page(office.app, "moss")
    assert ([row.name for row in page.rows], page.more_found) == (["Cal Moss", "Dot Moss"], True)
    assert not resident_page(office.app, "moss d").more_found


def test_no_page_of_residents_is_sorted_and_nobody_alike_is_looked_for_among_all(office: Office) -> None:
    ned = a_resident(office, "Ned Barlow", NED)
    asked: list[str] = []
    with office.app.store.reading_by(ResidentReading) as tx:
        tx._connection.set_trace_callback(asked.append)
        tx.resident_rows(limit=2)
        tx.resident_rows(limit=2, after=Anchor(key="Ada", pos=1))
        tx.alike(ned)
        tx.count_of(ned.councillor_id)
        tx._connection.set_trace_callback(None)
        plans = [
            " / ".join(step[3] for step in tx._connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
            for sql in asked
            if "FROM resident" in sql or "JOIN resident" in sql
        ]
    assert len(plans) > 6
    for plan in plans:
        assert "TEMP B-TREE" not in plan, plan
        assert "ix_resident_councillor" not in plan or "COVERING" in plan, plan
