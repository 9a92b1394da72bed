"""Setting a profile up for a council."""

from pathlib import Path

import pytest

from member_tracker.app import App, build
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import ServiceArea
from member_tracker.domain.vocabulary import Role
from member_tracker.profile import Profile
from member_tracker.services.setup import AreaFacts, SetUp, keep_service_area, profile_as_json, set_up
from tests.fakes.office import Office

EIGHT = {
    "Housing",
    "Planning",
    "Licensing",
    "Communities",
    "Environmental Health",
    "Waste",
    "Council Tax",
    "Revenues and Benefits",
}


def fresh(folder: Path) -> App:
    return build(Profile(folder=folder), passphrase=lambda: None, practice=True)


def test_the_eight_service_areas_ship_with_addresses(office: Office) -> None:
    with office.app.store.reading() as tx:
        areas = tx.every(ServiceArea)
    assert {area.name for area in areas} == EIGHT
    assert all(area.addresses for area in areas)


def test_setting_up_twice_changes_nothing_that_was_changed_since(office: Office) -> None:
    keep_service_area(office.app, AreaFacts(name="housing", addresses=("repairs@housing.example.org",)))
    set_up(office.app, SetUp(council="chorley"))
    with office.app.store.reading() as tx:
        housing = next(area for area in tx.every(ServiceArea) if area.name == "Housing")
        assert len(tx.every(ServiceArea)) == len(EIGHT)
    assert housing.addresses == ("repairs@housing.example.org",)


def test_two_laptops_of_one_council_know_the_same_service_areas_by_the_same_ids(tmp_path: Path) -> None:
    ids = []
    for name in ("one", "two"):
        app = fresh(tmp_path / name)
        set_up(app, SetUp(council="South Ribble"))
        with app.store.reading() as tx:
            ids.append({area.id for area in tx.every(ServiceArea)})
        app.store.close()
    assert ids[0] == ids[1]


def test_an_unknown_council_is_refused_with_the_nearest(tmp_path: Path) -> None:
    app = fresh(tmp_path)
    with pytest.raises(NotFound) as refused:
        set_up(app, SetUp(council="Chorly"))
    assert "Chorley" in refused.value.advice
    app.store.close()


def test_a_council_without_a_charter_may_adopt_an_example(tmp_path: Path) -> None:
    app = fresh(tmp_path)
    set_up(app, SetUp(council="Anywhere", charter="members-protocol"))
    said = profile_as_json(app)
    assert (said["council"], said["charters"]) == ("Anywhere", ["members-protocol"])
    app.store.close()


def test_a_profile_belongs_to_one_council(office: Office) -> None:
    with pytest.raises(NotAllowed):
        set_up(office.app, SetUp(council="South Ribble"))
    assert profile_as_json(office.app)["council"] == "Chorley"


def test_whoever_the_profile_belongs_to_types_enquiries_in(office: Office) -> None:
    set_up(office.app, SetUp(council="Chorley", me="Lena Ford", role=Role.SUPPORT))
    enquiry = office.log()
    assert enquiry.entered_by != enquiry.raised_by
    assert profile_as_json(office.app)["me"] == "Lena Ford"


def test_an_unusable_address_is_refused_and_nothing_changes(office: Office) -> None:
    with pytest.raises(Invalid):
        keep_service_area(office.app, AreaFacts(name="Housing", addresses=("not an address",)))
    with office.app.store.reading() as tx:
        assert all("not an address" not in area.addresses for area in tx.every(ServiceArea))


def test_a_profile_with_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    first = build(Profile(folder=tmp_path), passphrase=lambda: "correct horse battery")
    set_up(first, SetUp(council="Chorley"))
    first.store.close()
    with pytest.raises(Invalid):
        build(Profile(folder=tmp_path), passphrase=lambda: "wrong")
    again = build(Profile(folder=tmp_path), passphrase=lambda: "correct horse battery")
    assert profile_as_json(again)["council"] == "Chorley"
    again.store.close()


def test_a_charter_is_adopted_under_its_own_name_however_it_was_typed(office: Office) -> None:
    set_up(office.app, SetUp(council="CHORLEY", charter="Members-Protocol"))
    set_up(office.app, SetUp(council="chorley", charter="members-protocol"))
    profile = profile_as_json(office.app)
    assert profile["adopted"] == ["members-protocol"]
    assert "members-protocol" in str(profile["charters"])
