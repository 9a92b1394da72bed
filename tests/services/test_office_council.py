"""The council's own details: kept, leaving under mails and on letters, put back; at a hub by those it lets."""

from dataclasses import replace
from datetime import date

import pytest

from member_tracker.app import App
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import Council, Resident
from member_tracker.domain.vocabulary import Channel
from member_tracker.domain.writing import Wanted, Way, Writing
from member_tracker.policy import Policy
from member_tracker.services.closing_days import add_closure_day
from member_tracker.services.composing import begin
from member_tracker.services.office_council import (
    CouncilSaid,
    OfficeCouncil,
    UnusableLetterhead,
    UnusableNumber,
    keep_council,
    office_council,
    undo_council,
)
from member_tracker.services.parts import the_council
from member_tracker.services.printed_letters import letter_to_resident
from member_tracker.services.wording import save_sign_off
from tests.fakes.office import Office
from tests.services.hub_rights import belong_to_a_hub

NUMBER = "01257 515151"
ADDRESS = "Civic Offices\nUnion Street"


def said(app: App) -> CouncilSaid:
    return office_council(app).said


def kept(app: App) -> Council:
    with app.store.reading() as tx:
        return the_council(tx)


def change(app: App, **fields: object) -> OfficeCouncil:
    before = said(app)
    return keep_council(app, replace(before, **fields), before=before)  # type: ignore[arg-type]  # by name


def no_charter_is_known(office: Office) -> App:
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(the_council(tx), name="Exmple"))
    return office.app


def test_what_is_said_is_kept_tidily_and_leaves_under_mails_and_on_letters(office: Office) -> None:
    changed = change(office.app, number=f"  {NUMBER}\n", address=" Civic  Offices \n\n Union\tStreet\n")
    assert (changed.said.number, changed.said.address) == (NUMBER, ADDRESS)
    assert changed.said == said(office.app)
    assert f"Telephone: {NUMBER}" in changed.sign_off
    enquiry = office.logged_and_sent()
    assert f"Telephone: {NUMBER}" in office.sent_mail(enquiry).body
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Resident, enquiry.resident_id), address="2 Mill Lane"))
    blank = begin(office.app, Wanted(enquiry_id=enquiry.id, writing=Writing.UPDATE))
    letter = letter_to_resident(office.app, replace(blank.written, template="update", body="It is mended."))
    assert letter.sender == ("Chorley", "Civic Offices", "Union Street", NUMBER)


def test_what_ships_is_named_as_made_up_until_it_is_replaced_or_taken_away(office: Office) -> None:
    assert office_council(office.app).made_up == ("telephone number", "address")
    assert change(office.app, address=ADDRESS).made_up == ("telephone number",)
    nothing = change(office.app, number="", address="")
    assert nothing.made_up == ()
    assert nothing.said == replace(nothing.said, number="", address="")
    assert "Telephone" not in nothing.sign_off
    assert "Telephone" not in office.sent_mail(office.logged_and_sent()).body


def test_what_nobody_touched_stays_as_it_ships(office: Office) -> None:
    change(office.app, address=ADDRESS)
    assert kept(office.app).main_number is None


def test_when_letters_go_decides_how_a_resident_is_told(office: Office) -> None:
    enquiry = office.logged_and_sent()
    who = {"email": "ned@example.org", "address": "2 Mill Lane", "preferred_channel": Channel.LETTER}
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(Resident, enquiry.resident_id), **who))  # type: ignore[arg-type]  # by name

    def way() -> Way:
        return begin(office.app, Wanted(enquiry_id=enquiry.id, writing=Writing.UPDATE)).way

    assert said(office.app).only_without_email
    assert way() is not Way.LETTER
    change(office.app, only_without_email=False)
    assert way() is Way.LETTER


@pytest.mark.parametrize(
    ("fields", "refusal", "words"),
    [
        ({"number": "ring us"}, UnusableNumber, "no telephone number"),
        ({"number": "1" * 41}, UnusableNumber, "no telephone number"),
        ({"address": "\n".join("abcdefg")}, UnusableLetterhead, "7 lines, and 6 are the most"),
        ({"address": "a" * 81}, UnusableLetterhead, "longer than 80 letters"),
        ({"name": " \n"}, Invalid, "no name"),
        ({"name": "Chorlton"}, NotAllowed, "has to stay"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(
    office: Office, fields: dict[str, object], refusal: type[Exception], words: str
) -> None:
    before = kept(office.app)
    with pytest.raises(refusal, match=words):
        change(office.app, **fields)
    assert kept(office.app) == before


def test_a_name_no_charter_goes_by_can_be_put_right_but_is_nobody_elses(office: Office) -> None:
    assert "go by this name" in office_council(office.app).name_stays
    app = no_charter_is_known(office)
    assert office_council(app).name_stays == ""
    with pytest.raises(NotAllowed, match="a charter of its own"):
        change(app, name="south  ribble")
    assert change(app, name="Example").said.name == "Example"


def test_a_name_the_councils_it_fixed_stays(office: Office) -> None:
    app = no_charter_is_known(office)
    fixed = replace(app, profile=replace(app.profile, policy=Policy(council="Exmple", contact="the desk")))
    assert "ask the desk" in office_council(fixed).name_stays
    with pytest.raises(NotAllowed, match="has to stay"):
        change(fixed, name="Example")
    change(fixed, number=NUMBER)


def test_what_was_changed_is_put_back_and_what_else_the_council_says_stays(office: Office) -> None:
    before = said(office.app)
    deed = change(office.app, number=NUMBER, address=ADDRESS, only_without_email=False).deed
    assert deed is not None
    save_sign_off(office.app, "Yours\n{{ council.name }}")
    add_closure_day(office.app, date(2026, 12, 24), "Shut", agreed=True)
    assert undo_council(office.app, deed).said == before
    assert kept(office.app).main_number is None
    assert kept(office.app).sign_off is not None
    assert kept(office.app).closure_days
    with pytest.raises(NotAllowed, match="changed again since"):
        undo_council(office.app, deed)


def test_nothing_different_is_nothing_to_undo(office: Office) -> None:
    assert change(office.app, number=f" {said(office.app).number} ").deed is None
    assert kept(office.app).main_number is None


def test_what_somebody_else_changed_meanwhile_is_not_written_over(office: Office) -> None:
    before = said(office.app)
    change(office.app, number=NUMBER)
    with pytest.raises(NotFound, match="by somebody else"):
        keep_council(office.app, replace(before, address=ADDRESS), before=before)


def test_a_sign_off_that_cannot_be_used_says_so_in_its_place(office: Office) -> None:
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(the_council(tx), sign_off="{{ council.motto }}"))
    assert "motto" in office_council(office.app).sign_off


@pytest.mark.parametrize("can_write", [True, False])
def test_at_a_hub_those_alone_change_it_whom_it_lets(office: Office, *, can_write: bool) -> None:
    deed = change(office.app, number=NUMBER).deed
    assert deed is not None
    belong_to_a_hub(office, can_write=can_write)
    assert bool(office_council(office.app).not_allowed) is not can_write
    if can_write:
        undo_council(office.app, deed)
        change(office.app, address=ADDRESS)
        return
    with pytest.raises(NotAllowed, match="details come from the hub"):
        change(office.app, address=ADDRESS)
    with pytest.raises(NotAllowed, match="details come from the hub"):
        undo_council(office.app, deed)
