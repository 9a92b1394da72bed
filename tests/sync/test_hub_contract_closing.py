"""What every hub keeps to where two close the same enquiry."""

from tests.sync.places import Desk, Place
from tests.sync.test_hub_contract import ACCEPTED, CONFLICT, ENQUIRY, abara, admin, newest, outcomes, place

__all__ = ["abara", "admin", "place"]


def close(desk: Desk, base: str, seen: int) -> object:
    """Somebody closes the enquiry as they saw it; what became of it."""
    [outcome] = outcomes(desk.send(desk.op("set", ENQUIRY, "status", "closed", base=base, seen=seen)))
    return outcome


def test_closing_what_somebody_else_has_closed_is_no_clash(place: Place, admin: Desk, abara: Desk) -> None:
    del place
    base, seen = newest(admin, "status"), admin.head()
    first = abara.op("set", ENQUIRY, "status", "closed", base=base, seen=seen)
    note = abara.op("set", ENQUIRY, "subject", "Pothole, filled", base=newest(admin, "subject"), seen=seen)
    assert outcomes(abara.send(first, note)) == [ACCEPTED, ACCEPTED]
    assert close(admin, base, seen) == ACCEPTED
    assert ("conflict", f"{admin.device}-{admin.made}") not in admin.rows("abara")


def test_closing_over_a_change_somebody_has_not_seen_is_one(place: Place, admin: Desk, abara: Desk) -> None:
    del place
    base, seen = newest(admin, "status"), admin.head()
    note = abara.op("set", ENQUIRY, "subject", "Pothole, still there", base=newest(admin, "subject"), seen=seen)
    assert outcomes(abara.send(note)) == [ACCEPTED]
    assert close(admin, base, seen) == CONFLICT
    assert admin.rows("abara")[ENQUIRY].fields["status"] == "with_service_area"
