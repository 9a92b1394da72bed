"""A council that takes over: what came in before is judged as it was."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.vocabulary import Channel
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import close_enquiry
from member_tracker.services.judging import judge
from member_tracker.services.setup import profile_as_json
from member_tracker.services.succeeding import carry_over_enquiry
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office, open_office

DAY = date(2026, 12, 1)
ADDRESS = "housing@newcouncil.example.org"


def test_an_open_enquiry_goes_on_under_the_new_council_with_every_date_intact(office: Office) -> None:
    enquiry = office.logged_and_sent()
    carried = carry_over_enquiry(office.app, enquiry.id, to="A New Council", on=DAY, address=ADDRESS)
    assert (carried.clocks, carried.received_at, carried.reference) == (
        enquiry.clocks,
        enquiry.received_at,
        enquiry.reference,
    )
    assert office.area(carried).addresses == (ADDRESS,)
    with office.app.store.reading() as tx:
        assert judge(office.app, tx, carried).clocks == enquiry.clocks


def test_the_profile_still_belongs_to_its_own_council(office: Office) -> None:
    enquiry = office.logged_and_sent()
    carry_over_enquiry(office.app, enquiry.id, to="A New Council", on=DAY, address=ADDRESS)
    assert profile_as_json(office.app)["council"] == "Chorley"
    assert office.log().council_id == enquiry.council_id


def test_a_service_area_not_known_there_needs_an_address(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(NotFound, match="no service area"):
        carry_over_enquiry(office.app, enquiry.id, to="A New Council", on=DAY)
    assert office.read(enquiry) == enquiry


def test_what_was_closed_stays_with_the_old_council(office: Office) -> None:
    enquiry = office.logged_and_sent()
    close_enquiry(office.app, enquiry.id, "She has moved away")
    with pytest.raises(NotAllowed):
        carry_over_enquiry(office.app, enquiry.id, to="A New Council", on=DAY, address=ADDRESS)


def test_carrying_over_is_undone(office: Office) -> None:
    enquiry = office.logged_and_sent()
    carry_over_enquiry(office.app, enquiry.id, to="South Ribble", on=DAY)
    assert undo_last(office.app, enquiry.id) == enquiry


def test_a_voicemail_for_an_officer_who_was_away_runs_from_the_return(tmp_path: Path) -> None:
    office = open_office(tmp_path / "allerdale", datetime(2022, 6, 13, 16, 0, tzinfo=UTC), council="Allerdale")
    enquiry = office.log(channel=Channel.VOICEMAIL)
    assert enquiry.respond_by == date(2022, 6, 14)
    office.clock.forward(days=4)
    edited = edit_enquiry(office.app, enquiry.id, ["officer_back_at=2022-06-16T09:30"])
    assert edited.clocks is not None
    assert edited.clocks.respond is not None
    assert edited.clocks.respond.due_at == datetime(2022, 6, 17, 8, 30, tzinfo=UTC)
    office.parts.store.close()
