"""At a window without a mailbox nothing is said to be sent; commands and named folders go on as they did."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import Status
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import send_enquiry, tell_resident
from member_tracker.services.post import post_queued
from member_tracker.services.reminding import remind_service_area
from tests.fakes.office import Office


def at_a_window(office: Office) -> App:
    """The office of a profile of somebody's own, whose window is open."""
    return replace(office.app, practice=False, folder_stands_in=False)


def kept(office: Office) -> object:
    with office.app.store.reading() as tx:
        return tx.every(Enquiry), tx.every(Entry), tx.every(QueuedMail)


@pytest.mark.parametrize("deed", [send_enquiry, tell_resident])
def test_what_would_be_mailed_is_refused_with_what_to_do_and_nothing_changes(
    office: Office, deed: Callable[[App, str], object]
) -> None:
    enquiry = office.log()
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    before = kept(office)
    with pytest.raises(NotAllowed, match="No mailbox is set up") as refused:
        deed(at_a_window(office), enquiry.id)
    assert "Settings" in refused.value.advice
    assert kept(office) == before


def test_a_reminder_is_refused_too(office: Office) -> None:
    enquiry = office.logged_and_sent()
    before = kept(office)
    with pytest.raises(NotAllowed, match="No mailbox is set up"):
        remind_service_area(at_a_window(office), enquiry.id)
    assert kept(office) == before


def test_whoever_is_not_told_by_mail_is_told_all_the_same(office: Office) -> None:
    enquiry = office.log()
    tell_resident(at_a_window(office), enquiry.id, "It was mended.")
    assert office.read(enquiry).told_at is not None


def test_a_folder_that_the_settings_name_and_commands_take_mail_as_before(office: Office) -> None:
    by_command = replace(office.app, practice=False)
    first, second = office.log(), office.log(subject="Gutter")
    send_enquiry(by_command, first.id)
    office.parts.profile.settings_file.write_text('[mailbox]\noutbox = "mailbox/outbox"\n', encoding="utf-8")
    send_enquiry(at_a_window(office), second.id)
    assert post_queued(at_a_window(office)).sent == 2
    assert {office.read(each).status for each in (first, second)} == {Status.WITH_SERVICE_AREA}
