"""Consent decides what leaves the building."""

from datetime import date

import pytest

from member_tracker.domain.consent import ConsentKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.vocabulary import Status
from member_tracker.services.casework import enquiry_as_json
from member_tracker.services.consenting import Agreed, record_consent, withdraw_consent
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.post import post_queued
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office

DETAILS = ["resident_address=3 Canal Row", "resident_phone=01632 960101", "resident_email=ned.barlow@example.org"]


def an_enquiry(office: Office) -> Enquiry:
    enquiry = office.log(text="Ned Barlow of 3 Canal Row, 01632 960101, has damp. Write to NED.BARLOW@example.org.")
    return edit_enquiry(office.app, enquiry.id, DETAILS)


def what_left(office: Office, enquiry: Enquiry) -> str:
    send_enquiry(office.app, enquiry.id)
    post_queued(office.app)
    return " ".join(file.read_text() for file in office.outbox.glob("*.eml")).replace("=\n", "")


def test_who_asked_for_help_agreed_that_the_council_is_told(office: Office) -> None:
    enquiry = an_enquiry(office)
    shown = enquiry_as_json(office.app, enquiry.id)["consent"]
    assert isinstance(shown, dict)
    assert (shown["kind"], shown["bodies"]) == ("implied", ["council"])
    assert "Ned Barlow" in what_left(office, enquiry)


@pytest.mark.parametrize("how", ["none", "withdrawn", "ended"])
def test_without_consent_no_detail_leaves_not_even_in_the_text(office: Office, how: str) -> None:
    enquiry = an_enquiry(office)
    if how == "none":
        record_consent(office.app, enquiry.id, Agreed(kind=ConsentKind.NONE))
    elif how == "withdrawn":
        withdraw_consent(office.app, enquiry.id)
    else:
        record_consent(office.app, enquiry.id, Agreed(kind=ConsentKind.IMPLIED, until=date(2026, 11, 15)))
    sent = what_left(office, enquiry).casefold()
    for detail in ("barlow", "canal row", "960101", "ned.barlow"):
        assert detail not in sent
    assert "[name left out]" in sent
    assert "has damp" in sent


def test_a_withdrawal_holds_back_what_was_waiting_and_it_goes_again_without_the_details(office: Office) -> None:
    enquiry = an_enquiry(office)
    send_enquiry(office.app, enquiry.id)
    assert withdraw_consent(office.app, enquiry.id).status is Status.DRAFT
    assert post_queued(office.app).sent == 0
    assert "Barlow" not in what_left(office, enquiry)


def test_special_category_text_is_not_sent_without_explicit_consent(office: Office) -> None:
    enquiry = an_enquiry(office)
    edit_enquiry(office.app, enquiry.id, ["special_category=yes"])
    with pytest.raises(NotAllowed, match="special category") as refused:
        send_enquiry(office.app, enquiry.id)
    assert "record" in refused.value.advice
    record_consent(office.app, enquiry.id, Agreed(kind=ConsentKind.EXPLICIT, how="by telephone", special_category=True))
    assert "has damp" in what_left(office, enquiry)


def test_explicit_consent_says_how_it_was_given(office: Office) -> None:
    enquiry = an_enquiry(office)
    with pytest.raises(Invalid, match="how the resident agreed"):
        record_consent(office.app, enquiry.id, Agreed(kind=ConsentKind.EXPLICIT))
    with pytest.raises(Invalid, match="explicit consent"):
        record_consent(office.app, enquiry.id, Agreed(kind=ConsentKind.IMPLIED, special_category=True))


def test_a_body_that_is_not_known_is_refused(office: Office) -> None:
    enquiry = an_enquiry(office)
    with pytest.raises(NotFound):
        record_consent(office.app, enquiry.id, Agreed(kind=ConsentKind.IMPLIED, bodies=("Polise",)))
    assert office.read(enquiry) == enquiry


def test_consent_recorded_by_mistake_is_undone(office: Office) -> None:
    enquiry = an_enquiry(office)
    record_consent(office.app, enquiry.id, Agreed(kind=ConsentKind.NONE))
    assert undo_last(office.app, enquiry.id) == enquiry
