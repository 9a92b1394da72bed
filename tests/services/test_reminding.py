"""Reminders: at most one a day, marked as automatic, and never to a machine."""

import pytest

from member_tracker.domain.errors import NotAllowed
from member_tracker.services.casework import open_enquiry
from member_tracker.services.post import post_queued
from member_tracker.services.reminding import remind_service_area
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office


def test_a_reminder_goes_to_the_service_area_marked_as_automatic_and_without_the_resident(office: Office) -> None:
    enquiry = office.logged_and_sent()
    remind_service_area(office.app, enquiry.id)
    assert post_queued(office.app).sent == 1
    (reminder,) = [file.read_text() for file in office.outbox.glob("*.eml") if "reminder" in file.read_text()]
    assert "Auto-Submitted: auto-generated" in reminder
    assert "Barlow" not in reminder
    assert office.read(enquiry) == enquiry


def test_a_second_reminder_waits_for_the_next_day(office: Office) -> None:
    enquiry = office.logged_and_sent()
    remind_service_area(office.app, enquiry.id)
    office.clock.forward(hours=23)
    with pytest.raises(NotAllowed, match="last 24 hours"):
        remind_service_area(office.app, enquiry.id)
    office.clock.forward(hours=2)
    remind_service_area(office.app, enquiry.id)
    assert len(open_enquiry(office.app, enquiry.id).sent) == 3


def test_no_reminder_goes_to_an_address_whose_last_mail_was_automatic(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, "I am away.", subject="Automatic reply: Damp", headers="Auto-Submitted: auto-replied\n")
    office.collect()
    with pytest.raises(NotAllowed, match="automatic"):
        remind_service_area(office.app, enquiry.id)


def test_what_was_not_sent_or_is_answered_is_not_reminded_of(office: Office) -> None:
    with pytest.raises(NotAllowed, match="does not wait"):
        remind_service_area(office.app, office.log().id)


def test_a_reminder_not_yet_sent_is_taken_back_and_does_not_count(office: Office) -> None:
    enquiry = office.logged_and_sent()
    remind_service_area(office.app, enquiry.id)
    undo_last(office.app, enquiry.id)
    assert post_queued(office.app).sent == 0
    remind_service_area(office.app, enquiry.id)
    assert post_queued(office.app).sent == 1
