"""A laptop that shares a hub's casework and is set back by a back-up: it falls into step and doubles nothing."""

import os
from pathlib import Path

from member_tracker.app import build, new_id
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.people import Resident
from member_tracker.services.conflicts import conflicts
from member_tracker.services.hub_people import erase, status, verify
from member_tracker.services.not_accepted import not_accepted
from member_tracker.services.parts import own_device
from member_tracker.services.replacing import formers, prepare, put_in_place
from member_tracker.services.safekeeping import Restoring, back_up
from member_tracker.store.sealing import Cost
from tests.fakes.hub_offices import Shared, in_step
from tests.fakes.office import Office

WORDS = "seven grey herons"


def subjects(office: Office) -> list[str]:
    with office.app.store.reading() as tx:
        return sorted(each.subject for each in tx.every(Enquiry))


def set_back(hub: Shared, office: Office, file: Path) -> Office:
    """The same laptop with what a back-up held."""
    profile, clock = office.parts.profile, office.clock
    restoring = Restoring(now=clock, new_id=new_id, random_bytes=os.urandom, profile_passphrase=lambda: None)
    prepare(profile, file, lambda: WORDS, restoring)
    office.parts.store.close()
    put_in_place(profile, clock())
    again = Office(parts=build(profile, passphrase=lambda: None), clock=clock)
    again.parts.hubs.known.update(office.parts.hubs.known)
    hub.offices.append(again)
    return again


def test_a_laptop_set_back_sends_nothing_twice_and_holds_nobody_who_was_erased_meanwhile(
    hub: Shared, vera: Office, tmp_path: Path
) -> None:
    boss = hub.offices[0]
    vera.log(subject="Of somebody erased", resident="Rose Gale")
    in_step(vera, boss)
    vera.log(subject="Not sent when it was backed up")
    file = tmp_path / "b.backup"
    back_up(vera.app, file, WORDS, cost=Cost(n=2**10, r=8, p=1))
    vera.log(subject="Logged after it was backed up")
    erase(boss.app, "Rose Gale", None, lambda _login: None, agreed=True)
    in_step(vera, boss)
    before = status(boss.app)["records"]
    device = own_device(vera.app)

    again = set_back(hub, vera, file)
    assert "Of somebody erased" in subjects(again)
    assert own_device(again.app) != device
    in_step(again)
    assert subjects(again) == ["Logged after it was backed up", "Not sent when it was backed up"]
    with again.app.store.reading() as tx:
        assert "Rose Gale" not in {each.name for each in tx.every(Resident)}
    assert conflicts(again.app) == ()
    assert not_accepted(again.app) == ()
    assert status(boss.app)["records"] == before
    assert verify(boss.app)["ok"]

    again.log(subject="Logged on the laptop set back")
    in_step(again, boss)
    assert "Logged on the laptop set back" in subjects(boss)
    assert len(formers(again.parts.profile)) == 1
