"""Service areas as the office keeps them: added, changed, renamed, retired, undone; at a hub by those it lets."""

from dataclasses import replace

import pytest

from member_tracker.domain.charter import CharterId
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.people import ServiceArea
from member_tracker.services.office_records import Row
from member_tracker.services.rota import keep_rota, rotas
from member_tracker.services.service_areas import AreaSaid, keep_office_area, office_areas, undo_office_area
from member_tracker.services.setup import UnusableAddress
from tests.fakes.office import Office
from tests.services.hub_rights import belong_to_a_hub


def found(office: Office, name: str) -> Row[AreaSaid]:
    return next(row for row in office_areas(office.app).rows if row.said.name == name)


def kept(office: Office, area_id: str) -> ServiceArea:
    with office.app.store.reading() as tx:
        return tx.get(ServiceArea, area_id)


def test_an_area_is_added_with_its_addresses_and_takes_enquiries(office: Office) -> None:
    said = AreaSaid(name=" Parks \n and trees ", addresses=(" parks@example.org", "", "trees@example.org"))
    made = keep_office_area(office.app, said)
    assert made.row.said == AreaSaid(name="Parks and trees", addresses=("parks@example.org", "trees@example.org"))
    assert made.deed is None
    office.logged_and_sent(service_area="Parks and trees")


def test_an_enquiry_stays_with_the_area_that_is_renamed_and_mail_goes_to_its_new_address(office: Office) -> None:
    enquiry = office.log()
    housing = found(office, "Housing")
    said = replace(housing.said, name="Homes", addresses=("homes@example.org",), head_of_service="Rosa Villiers")
    keep_office_area(office.app, said, before=housing)
    assert office.area(enquiry).name == "Homes"
    assert kept(office, housing.id).subjects
    sent = office.logged_and_sent(service_area="Homes")
    assert office.sent_mail(sent).to == ("homes@example.org",)


def test_a_new_area_may_have_the_name_another_had_before(office: Office) -> None:
    housing = found(office, "Housing")
    keep_office_area(office.app, replace(housing.said, name="Homes"), before=housing)
    made = keep_office_area(office.app, AreaSaid(name="Housing"))
    assert made.row.id != housing.id
    assert kept(office, housing.id).name == "Homes"


def test_what_is_emptied_is_taken_away(office: Office) -> None:
    housing = found(office, "Housing")
    full = keep_office_area(office.app, replace(housing.said, direct_number="01257 515151"), before=housing)
    keep_office_area(office.app, replace(full.row.said, direct_number=" ", addresses=()), before=full.row)
    assert (kept(office, housing.id).direct_number, kept(office, housing.id).addresses) == (None, ())


def test_a_retired_area_comes_last_takes_no_mail_and_can_be_brought_back(office: Office) -> None:
    waste = found(office, "Communities")
    retired = keep_office_area(office.app, replace(waste.said, retired=True), before=waste)
    assert retired.rows.rows[-1] == retired.row
    with pytest.raises(NotAllowed, match="no longer takes mail"):
        office.logged_and_sent(service_area="Communities")
    keep_office_area(office.app, replace(retired.row.said, retired=False), before=retired.row)
    office.logged_and_sent(service_area="Communities")


def test_a_change_is_undone_unless_it_was_changed_again_since(office: Office) -> None:
    housing = found(office, "Housing")
    once = keep_office_area(office.app, replace(housing.said, name="Homes"), before=housing)
    assert once.deed is not None
    assert undo_office_area(office.app, housing.id, once.deed).row == housing
    again = keep_office_area(office.app, replace(housing.said, name="Homes"), before=housing)
    keep_office_area(office.app, replace(again.row.said, name="Dwellings"), before=again.row)
    assert again.deed is not None
    with pytest.raises(NotAllowed):
        undo_office_area(office.app, housing.id, again.deed)
    same = found(office, "Dwellings")
    assert keep_office_area(office.app, same.said, before=same).deed is None


def test_what_cannot_be_kept_is_refused_and_nothing_changes(office: Office) -> None:
    before = office_areas(office.app)
    housing = found(office, "Housing")
    with pytest.raises(Invalid, match="no name"):
        keep_office_area(office.app, AreaSaid(name=" "))
    with pytest.raises(Invalid, match="called Planning already"):
        keep_office_area(office.app, replace(housing.said, name="planning"), before=housing)
    with pytest.raises(UnusableAddress, match="not an email address"):
        keep_office_area(office.app, replace(housing.said, addresses=("housing",)), before=housing)
    assert office_areas(office.app) == before


def test_what_somebody_else_changed_is_not_written_over_but_another_rota_is_no_matter(office: Office) -> None:
    housing = found(office, "Housing")
    rota = next(area for area in rotas(office.app) if area.name == "Housing")
    keep_rota(office.app, rota.area_id, "Sam Reed <sam.reed@example.org>")
    keep_office_area(office.app, replace(housing.said, addresses=("new@example.org",)), before=housing)
    assert kept(office, housing.id).duty_officers
    with pytest.raises(NotFound, match="by somebody else"):
        keep_office_area(office.app, replace(housing.said, name="Homes"), before=housing)


def test_an_area_the_charter_makes_promises_for_keeps_its_name(office: Office) -> None:
    housing = found(office, "Housing")
    charters = office.app.charters
    own = replace(charters.charters[0], id=CharterId("own"), service_area="Housing")
    app = replace(office.app, charters=replace(charters, charters=(*charters.charters, own)))
    with pytest.raises(Invalid, match="promises of its own for Housing"):
        keep_office_area(app, replace(housing.said, name="Homes"), before=housing)
    keep_office_area(app, replace(housing.said, addresses=("new@example.org",)), before=housing)


@pytest.mark.parametrize("can_write", [True, False])
def test_at_a_hub_those_alone_change_areas_whom_it_lets(office: Office, *, can_write: bool) -> None:
    housing = found(office, "Housing")
    changed = keep_office_area(office.app, replace(housing.said, name="Homes"), before=housing)
    assert changed.deed is not None
    belong_to_a_hub(office, can_write=can_write)
    assert bool(office_areas(office.app).not_allowed) is not can_write
    if can_write:
        undo_office_area(office.app, housing.id, changed.deed)
        keep_office_area(office.app, AreaSaid(name="Parks"))
        return
    with pytest.raises(NotAllowed, match="come from the hub"):
        keep_office_area(office.app, AreaSaid(name="Parks"))
    with pytest.raises(NotAllowed, match="come from the hub"):
        undo_office_area(office.app, housing.id, changed.deed)
