"""Duty officers at offices that share a real hub: turns given apart are no conflict, and both go on alike."""

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.vocabulary import Sharing
from member_tracker.domain.writing import Blank, Wanted, Writing
from member_tracker.services.composing import begin
from member_tracker.services.conflicts import conflicts
from member_tracker.services.not_accepted import not_accepted
from member_tracker.services.rota import AreaRota, keep_handover, keep_rota, rotas
from member_tracker.services.sending_by_hand import send_written
from member_tracker.services.shown_values import field_in_words
from tests.fakes.hub_offices import Shared, in_step
from tests.fakes.office import Office

BOTH = "Sam Reed <sam.reed@example.org>\nAsha Bell <asha.bell@example.org>"


def housing(office: Office) -> AreaRota:
    return next(rota for rota in rotas(office.app) if rota.name == "Housing")


def begun(office: Office, enquiry: Enquiry) -> Blank:
    return begin(office.app, Wanted(enquiry_id=enquiry.id, writing=Writing.ENQUIRY))


def send(office: Office) -> str:
    """An enquiry sent as it is offered; gives the address beside the service area's."""
    blank = begun(office, office.log(resident=f"Ned of {office.parts.profile.folder.name}"))
    send_written(office.app, blank.written)
    return ", ".join(blank.written.to[1:])


def test_two_computers_apart_give_one_turn_twice_and_go_on_alike(hub: Shared) -> None:
    boss, olga = hub.offices[0], hub.joined("olga")
    keep_rota(boss.app, housing(boss).area_id, BOTH, sharing=Sharing.TURN_ABOUT)
    in_step(boss, olga)
    assert [send(office) for office in (boss, olga)] == ["sam.reed@example.org"] * 2
    in_step(boss, olga, boss)
    assert [conflicts(office.app) for office in (boss, olga)] == [(), ()]
    turns = [housing(office).said[1] for office in (boss, olga)]
    assert turns[0] == turns[1]
    assert turns[0].startswith("Next in turn: Asha Bell, because ")
    assert send(olga) == "asha.bell@example.org"
    in_step(olga, boss)
    assert housing(boss).said == housing(olga).said


def test_a_rule_and_a_note_written_apart_both_stand(hub: Shared) -> None:
    boss, olga = hub.offices[0], hub.joined("olga")
    keep_rota(boss.app, housing(boss).area_id, BOTH)
    in_step(boss, olga)
    area = housing(boss)
    keep_rota(boss.app, area.area_id, area.text, sharing=Sharing.CHOOSE)
    keep_handover(olga.app, "Housing", "Boiler calls go to Sam until noon.")
    in_step(boss, olga, boss)
    assert [conflicts(office.app) for office in (boss, olga)] == [(), ()]
    for office in (boss, olga):
        assert housing(office).sharing is Sharing.CHOOSE
        assert housing(office).slots[0].note == "Boiler calls go to Sam until noon."


def test_two_notes_for_one_slot_written_apart_are_shown_to_a_person_in_words(hub: Shared) -> None:
    boss, olga = hub.offices[0], hub.joined("olga")
    keep_rota(boss.app, housing(boss).area_id, BOTH)
    in_step(boss, olga)
    keep_handover(boss.app, "Housing", "Boiler calls go to Sam until noon.")
    keep_handover(olga.app, "Housing", "Ask Asha about the lifts.")
    in_step(boss, olga, boss)
    (clash,) = conflicts(boss.app)
    assert field_in_words(clash.field) == "Hand-over notes"
    assert "Note: Boiler calls go to Sam until noon.\nBy: Ada Clerk" in clash.stands
    assert "Note: Ask Asha about the lifts." in clash.other


def test_an_account_that_may_not_change_the_rota_is_told_so_at_once(hub: Shared, vera: Office) -> None:
    boss = hub.offices[0]
    keep_rota(boss.app, housing(boss).area_id, BOTH)
    in_step(boss, vera)
    area = housing(vera)
    with pytest.raises(NotAllowed, match="your account may not change"):
        keep_rota(vera.app, area.area_id, "")
    with pytest.raises(NotAllowed, match="your account may not change"):
        keep_handover(vera.app, "Housing", "Boiler calls go to Sam until noon.")
    in_step(vera)
    assert not_accepted(vera.app) == ()
    assert housing(vera) == area
