"""Finding people and places by name, today and after a reorganisation."""

from dataclasses import replace
from datetime import timedelta

import pytest

from member_tracker.domain.errors import NotFound
from member_tracker.domain.people import CouncilId, OutsideBody, OutsideBodyId, Resident, ServiceArea
from member_tracker.domain.vocabulary import ResidentKind
from member_tracker.services.casework import enquiry_as_json, open_enquiry
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import send_enquiry, tell_resident
from member_tracker.services.people import service_area_named
from tests.fakes.office import Office


def test_a_service_area_that_has_ended_takes_nothing_new_and_keeps_its_name_on_what_it_had(office: Office) -> None:
    enquiry = office.log()
    with office.app.store.writing(author=None) as tx:
        area = tx.get(ServiceArea, enquiry.service_area_id)
        tx.save(replace(area, until_on=office.app.today()))
    office.clock.forward(days=1)
    with office.app.store.reading() as tx, pytest.raises(NotFound):
        service_area_named(tx, office.app, "Housing")
    assert enquiry_as_json(office.app, enquiry.id)["service_area"] == "Housing"


def test_a_service_area_named_wrongly_is_refused_with_the_nearest(office: Office) -> None:
    with office.app.store.reading() as tx, pytest.raises(NotFound) as refused:
        service_area_named(tx, office.app, "Plannning")
    assert "Planning" in refused.value.advice


def test_names_are_found_whatever_their_case_and_spaces(office: Office) -> None:
    with office.app.store.reading() as tx:
        assert service_area_named(tx, office.app, " council   TAX ").name == "Council Tax"


def test_the_same_person_helped_by_two_councillors_is_two_records(office: Office) -> None:
    first = office.log()
    second = office.log(councillor="Cllr Bertrand Ames")
    assert first.resident_id != second.resident_id


def test_a_resident_is_found_again_by_the_same_councillor(office: Office) -> None:
    assert office.log().resident_id == office.log(resident="NED  barlow").resident_id


def test_a_resident_who_prefers_the_telephone_is_not_told_by_mail(office: Office) -> None:
    enquiry = office.logged_and_sent()
    edit_enquiry(
        office.app, enquiry.id, ["resident_email=ned.barlow@example.org", "resident_preferred_channel=telephone"]
    )
    tell_resident(office.app, enquiry.id, "The gutter is mended.")
    assert len(open_enquiry(office.app, enquiry.id).sent) == 1


def test_language_and_needs_travel_with_the_enquiry(office: Office) -> None:
    enquiry = office.log()
    edit_enquiry(
        office.app, enquiry.id, ["resident_language=Welsh", "resident_communication_needs=Large print, please"]
    )
    send_enquiry(office.app, enquiry.id)
    body = office.sent_mail(enquiry).body
    assert "Welsh" in body
    assert "Large print" in body


def test_a_business_is_helped_like_a_person(office: Office) -> None:
    enquiry = office.log(resident="Canal Row Bakery")
    with office.app.store.writing(author=None) as tx:
        resident = tx.get(Resident, enquiry.resident_id)
        tx.save(replace(resident, kind=ResidentKind.BUSINESS))
    with office.app.store.reading() as tx:
        assert tx.get(Resident, enquiry.resident_id).kind is ResidentKind.BUSINESS


def test_an_outside_body_such_as_the_police_is_kept_with_its_dates(office: Office) -> None:
    enquiry = office.log()
    police = OutsideBody(
        id=OutsideBodyId(office.app.new_id()),
        council_id=CouncilId(enquiry.council_id),
        name="Police",
        addresses=("enquiries@police.example.org",),
        direct_number="101",
        until_on=office.app.today() + timedelta(days=365),
    )
    with office.app.store.writing(author=None) as tx:
        tx.save(police)
    with office.app.store.reading() as tx:
        assert tx.every(OutsideBody) == (police,)
