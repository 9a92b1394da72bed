"""Councillors and staff as the office keeps them: added, changed, retired, undone; at a hub they are read alone."""

from dataclasses import replace

import pytest

from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import Councillor, Ward
from member_tracker.domain.vocabulary import Role
from member_tracker.services.office_people import PersonSaid, UnusableEmail, keep_person, office_people, undo_person
from member_tracker.services.office_records import Row
from member_tracker.services.parts import OWN_HUB
from member_tracker.services.setup import SetUp, set_up
from tests.fakes.office import Office


def found(office: Office, name: str) -> Row[PersonSaid]:
    return next(row for row in office_people(office.app).rows if row.said.name == name)


def add(office: Office, name: str, **said: object) -> Row[PersonSaid]:
    return keep_person(office.app, replace(PersonSaid(name=name), **said)).row  # type: ignore[arg-type]  # by name


def test_a_councillor_is_added_with_ward_and_address_and_raises_enquiries(office: Office) -> None:
    made = add(office, " Cllr Ida\tMoss ", ward="Adlington", email="ida.moss@example.org")
    assert made.said == PersonSaid(name="Cllr Ida Moss", ward="Adlington", email="ida.moss@example.org")
    enquiry = office.log(councillor="Cllr Ida Moss")
    assert enquiry.raised_by == made.id
    add(office, "Cllr Tom Ash", ward="adlington")
    with office.app.store.reading() as tx:
        assert [ward.name for ward in tx.every(Ward)] == ["Adlington"]


def test_staff_come_after_councillors_and_who_has_left_comes_last(office: Office) -> None:
    add(office, "Lena Ford", role=Role.SUPPORT)
    ida = add(office, "Cllr Ida Moss")
    add(office, "Ann Bell", role=Role.OFFICER)
    keep_person(office.app, replace(ida.said, retired=True), before=ida)
    rows = [row for row in office_people(office.app).rows if row.said.name != "Cllr Vera Quill"]
    assert [(row.said.name, row.said.retired) for row in rows] == [
        ("Ann Bell", False),
        ("Lena Ford", False),
        ("Cllr Ida Moss", True),
    ]


def test_a_councillor_keeps_casework_under_another_name_and_when_they_have_left(office: Office) -> None:
    enquiry = office.log(councillor="Cllr Vera Quill")
    vera = found(office, "Cllr Vera Quill")
    renamed = keep_person(office.app, replace(vera.said, name="Cllr Vera Moss", retired=True), before=vera)
    with office.app.store.reading() as tx:
        assert tx.get(Councillor, enquiry.raised_by).name == "Cllr Vera Moss"
    back = keep_person(office.app, replace(renamed.row.said, retired=False), before=renamed.row)
    assert not back.row.said.retired
    with office.app.store.reading() as tx:
        assert tx.get(Councillor, enquiry.raised_by).until_on is None


def test_a_change_is_undone(office: Office) -> None:
    ida = add(office, "Cllr Ida Moss", email="ida@example.org")
    kept = keep_person(office.app, replace(ida.said, ward="Adlington", email="", retired=True), before=ida)
    assert kept.deed is not None
    assert undo_person(office.app, ida.id, kept.deed).row == ida


def test_what_cannot_be_kept_is_refused_and_nothing_changes(office: Office) -> None:
    set_up(office.app, SetUp(council="Chorley", me="Cllr Own Self"))
    ida, own = add(office, "Cllr Ida Moss"), found(office, "Cllr Own Self")
    before = office_people(office.app)
    with pytest.raises(Invalid, match="no name"):
        add(office, " ")
    with pytest.raises(Invalid, match="of this name already"):
        add(office, "cllr ida moss")
    with pytest.raises(UnusableEmail):
        keep_person(office.app, replace(ida.said, email="ida"), before=ida)
    with pytest.raises(Invalid, match="has a ward"):
        add(office, "Lena Ford", role=Role.SUPPORT, ward="Adlington")
    with pytest.raises(Invalid, match="kept apart"):
        keep_person(office.app, replace(ida.said, role=Role.OFFICER), before=ida)
    with pytest.raises(Invalid, match="profile is theirs"):
        keep_person(office.app, replace(own.said, retired=True), before=own)
    assert office_people(office.app) == before


def test_what_somebody_else_changed_is_not_written_over(office: Office) -> None:
    ida = add(office, "Cllr Ida Moss")
    keep_person(office.app, replace(ida.said, email="ida@example.org"), before=ida)
    with pytest.raises(NotFound, match="by somebody else"):
        keep_person(office.app, replace(ida.said, name="Cllr Ida Ash"), before=ida)


def test_at_a_hub_people_come_from_there(office: Office) -> None:
    ida = add(office, "Cllr Ida Moss")
    with office.app.store.writing(author=None) as tx:
        tx.set_local(OWN_HUB, "vera@postgresql://hub.example.org/council")
    assert "come from there" in office_people(office.app).not_allowed
    with pytest.raises(NotAllowed):
        keep_person(office.app, ida.said, before=ida)
    with pytest.raises(NotAllowed):
        undo_person(office.app, ida.id, "any")
