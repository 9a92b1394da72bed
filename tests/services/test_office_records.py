"""What a council's people share is changed at a hub by those alone whom it lets, and others are told so at once."""

from collections.abc import Callable
from datetime import date

import pytest

from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.people import Council, ServiceArea, ServiceAreaId
from member_tracker.domain.templates import Template, Use
from member_tracker.services.closing_days import add_closure_day
from member_tracker.services.rota import keep_rota
from member_tracker.services.setup import AreaFacts, SetUp, keep_service_area, set_up
from member_tracker.services.wording import drop_template, save_sign_off, save_template
from tests.fakes.office import Office
from tests.services.hub_rights import belong_to_a_hub

OWN = Template(id="", name="Ours", use=Use.UPDATE, text="{{ answer }}", is_own=True)


def housing(office: Office) -> ServiceAreaId:
    with office.app.store.reading() as tx:
        return next(area.id for area in tx.every(ServiceArea) if area.name == "Housing")


CHANGES: dict[str, Callable[[Office], object]] = {
    "rota": lambda office: keep_rota(office.app, housing(office), "Sam Reed <sam.reed@example.org>"),
    "service area": lambda office: keep_service_area(office.app, AreaFacts(name="Housing", direct_number="1234")),
    "new service area": lambda office: keep_service_area(office.app, AreaFacts(name="Parks")),
    "charter": lambda office: set_up(office.app, SetUp(council="Chorley", charter="members-protocol")),
    "closure day": lambda office: add_closure_day(office.app, date(2026, 12, 24), "Shut", agreed=True),
    "template": lambda office: save_template(office.app, OWN),
    "template dropped": lambda office: drop_template(office.app, Use.UPDATE.value),
    "sign-off": lambda office: save_sign_off(office.app, "Yours"),
}


def kept(office: Office) -> object:
    with office.app.store.reading() as tx:
        return tx.every(Council), tx.every(ServiceArea)


@pytest.mark.parametrize("what", CHANGES)
def test_whom_the_hub_does_not_let_change_it_is_told_at_once_and_nothing_is_kept(office: Office, what: str) -> None:
    belong_to_a_hub(office, can_write=False)
    before = kept(office)
    with pytest.raises(NotAllowed, match="come from the hub, and your account may not") as refused:
        CHANGES[what](office)
    assert "administrator of the hub" in refused.value.advice
    assert kept(office) == before


@pytest.mark.parametrize("what", CHANGES)
def test_whom_the_hub_lets_changes_it(office: Office, what: str) -> None:
    belong_to_a_hub(office, can_write=True)
    CHANGES[what](office)


def test_setting_a_laptop_of_the_hub_up_again_as_it_is_changes_nothing_and_is_let_be(office: Office) -> None:
    belong_to_a_hub(office, can_write=False)
    before = kept(office)
    set_up(office.app, SetUp(council="Chorley"))
    assert kept(office) == before
