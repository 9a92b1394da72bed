"""What every hub keeps to about records that have left the sight of whoever asks."""

from member_tracker.domain.vocabulary import Role
from member_tracker.sync.hub import TRAY
from tests.sync.places import Desk, Place
from tests.sync.test_hub_contract import ENQUIRY, abara, admin, newest, place

__all__ = ["abara", "admin", "place"]


def test_a_mail_that_somebody_filed_out_of_sight_is_not_made_again(place: Place, admin: Desk) -> None:
    support = Desk(hub=place.add_user("s_login", Role.SUPPORT, person_id="s", councillors=["byrne"]), device="s")
    admin.make("mail", "m", enquiry_id="pothole", text="t")
    support.make("mail", "m", enquiry_id=None, text="t")
    assert ("mail", "m") not in support.rows(TRAY)
    assert ("mail", "m") in admin.rows("abara")


def test_a_scope_somebody_erased_had_left_hears_of_it_too(place: Place, admin: Desk, abara: Desk) -> None:
    admin.send(admin.op("set", ENQUIRY, "raised_by", "byrne", base=newest(admin)))
    before = admin.head()
    place.erase("enquiry", "pothole")
    assert abara.rows("abara", before)[ENQUIRY].erased
