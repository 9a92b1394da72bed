"""Before an enquiry is sent: what the mail server says of its recipients, and which duty officer gets it too."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from member_tracker.domain.availability import Busy, BusyKind, MailTip
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound, Offline, TrackerError
from member_tracker.domain.people import DutyOfficer
from member_tracker.services.before_sending import BeforeSending, before_sending, duty_officer_of
from member_tracker.services.duty_officers import duty_officer_said
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.post import post_queued
from member_tracker.services.remote_work import remote_work
from member_tracker.services.setup import AreaFacts, keep_service_area, service_areas_as_json
from tests.fakes.mailboxes import Wrapped, mailbox_in, with_mailbox
from tests.fakes.office import Office
from tests.services.deeds import timeline

JO = DutyOfficer(name="Jo Fell", email="jo.fell@example.org")
SAM = DutyOfficer(name="Sam Reed", email="sam.reed@example.org")


class Talkative(Wrapped):
    """A mailbox of a server that answers what it is told to, and remembers what it was asked."""

    tips_told: tuple[MailTip, ...] = ()
    busy_told: tuple[Busy, ...] = ()
    refuses: TrackerError | None = None
    asked: tuple[object, ...] = ()

    def tips(self, addresses: Sequence[str]) -> tuple[MailTip, ...]:
        self.asked = (*self.asked, tuple(addresses))
        if self.refuses:
            raise self.refuses
        return self.tips_told

    def free_busy(self, addresses: Sequence[str], start: datetime, end: datetime) -> tuple[Busy, ...]:
        self.asked = (*self.asked, (tuple(addresses), start, end))
        if self.refuses:
            raise self.refuses
        return self.busy_told


@pytest.fixture
def server(office: Office) -> Talkative:
    """What stands behind the office's mailbox, with two duty officers in Housing."""
    keep_service_area(office.app, AreaFacts(name="Housing", duty_officers=(JO, SAM)))
    return Talkative(mailbox_in(office.app))


def look(office: Office, server: Talkative) -> BeforeSending:
    return before_sending(with_mailbox(office.app, server), office.log().id)


def housing(office: Office) -> str:
    return office.area(office.log()).addresses[0]


def test_the_server_is_asked_about_the_area_and_its_officers_for_the_rest_of_the_day(
    office: Office, server: Talkative
) -> None:
    look(office, server)
    now = office.clock()
    close = now.replace(hour=17)
    assert server.asked == ((housing(office), JO.email, SAM.email), ((JO.email, SAM.email), now, close))


def test_whoever_is_there_is_chosen_and_the_rest_is_said_in_words(office: Office, server: Talkative) -> None:
    area = housing(office)
    server.tips_told = (
        MailTip(address=area, automatic_reply="Thank you.\nWe answer within\tten days."),
        MailTip(
            address=JO.email.upper(),
            automatic_reply="I am on leave until 24 November. Please contact desk@example.org instead.",
        ),
    )
    found = look(office, server)
    assert found.notes == (
        "Housing’s mailbox replies automatically: “Thank you. We answer within ten days.”",
        "Jo Fell is away until Tuesday 24 November 2026; contact instead: desk@example.org.",
        "Sam Reed is free.",
    )
    assert (found.duty_officer, found.send_to) == (SAM, (area, SAM.email))
    assert found.as_json() == {
        "reference": found.reference,
        "recipients": [
            {
                "address": area, "name": "Housing", "away": None, "free_from": None,
                "tip": "replies automatically: “Thank you. We answer within ten days.”",
            },
            {
                "address": JO.email, "name": "Jo Fell", "away": True, "free_from": None,
                "tip": "replies automatically: “I am on leave until 24 November. "
                "Please contact desk@example.org instead.”",
            },
            {
                "address": SAM.email, "name": "Sam Reed", "away": False, "tip": None,
                "free_from": office.clock().isoformat(),
            },
        ],
        "send_to": [area, SAM.email],
        "notes": list(found.notes),
        "sharing": "in_order", "on_duty": ["Jo Fell", "Sam Reed"], "next_in_turn": None, "handover": [],
    }  # fmt: skip


def test_a_long_automatic_reply_is_shown_in_part(office: Office, server: Talkative) -> None:
    server.tips_told = (MailTip(address=housing(office), automatic_reply="word " * 200),)
    (note, *_) = look(office, server).notes
    assert len(note) < 260
    assert note.endswith("word…”")


def test_without_anybody_known_to_be_there_it_goes_to_the_service_area_alone(office: Office, server: Talkative) -> None:
    day = timedelta(days=1)
    server.busy_told = tuple(
        Busy(address=who.email, start_at=office.clock() - day, end_at=office.clock() + day, kind=kind)
        for who, kind in ((JO, BusyKind.NO_INFORMATION), (SAM, BusyKind.BUSY))
    )
    found = look(office, server)
    assert found.send_to == (housing(office),)
    assert found.notes == (
        "It is not known whether Jo Fell is there.",
        "Sam Reed is busy until the offices close.",
        "No duty officer is known to be there, so it goes to the service area alone.",
    )
    assert [each.away for each in found.recipients] == [None, None, False]


def test_at_night_the_next_working_day_is_meant_and_said(office: Office, server: Talkative) -> None:
    office.clock.forward(hours=10)
    found = look(office, server)
    assert found.notes[0] == "The offices open at 08:45 on Tuesday 17 November 2026."
    assert found.duty_officer == JO


def test_a_folder_of_messages_says_what_it_cannot_tell_and_stops_nothing(office: Office) -> None:
    keep_service_area(office.app, AreaFacts(name="Housing", duty_officers=(JO,)))
    found = before_sending(office.app, office.log().id)
    assert found.notes == (
        "It is not known whether Jo Fell is there.",
        "No duty officer is known to be there, so it goes to the service area alone.",
        "A folder of messages gives no mail tips.",
        "A folder of messages knows no calendars.",
    )
    assert found.send_to == (housing(office),)


@pytest.mark.parametrize(
    "refusal",
    [
        Offline("There is no connection.", advice="Wait."),
        NotAllowed("You may not see calendars.", advice="Ask."),
    ],
)
def test_a_server_that_cannot_be_asked_is_a_note_and_no_error(
    office: Office, server: Talkative, refusal: TrackerError
) -> None:
    server.refuses = refusal
    found = look(office, server)
    assert any(refusal.title in note for note in found.notes)
    assert found.duty_officer is None


def test_another_window_at_work_is_a_note_and_no_error(
    office: Office, server: Talkative, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("member_tracker.services.remote_work.WAIT_SECONDS", 0.0)
    with remote_work(office.app):
        found = look(office, server)
    assert any("Another window or command" in note for note in found.notes)
    assert server.asked == ()


def test_years_whose_holidays_are_not_known_stop_nothing(office: Office, server: Talkative) -> None:
    office.clock.forward(days=36_500)
    assert look(office, server).duty_officer == JO


def test_the_duty_officer_gets_it_beside_the_service_area_and_the_timeline_says_so(office: Office) -> None:
    keep_service_area(office.app, AreaFacts(name="Housing", duty_officers=(JO, SAM)))
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id, duty_officer=duty_officer_of(office.app, enquiry.id, "sam reed"))
    assert office.sent_mail(enquiry).to == (housing(office), SAM.email)
    entry = timeline(office, enquiry)[-1]
    assert SAM.email in entry.text
    assert entry.details["duty_officer"] == "Sam Reed"


def test_a_duty_officer_at_the_areas_own_address_gets_it_once(office: Office) -> None:
    own = DutyOfficer(name="Jo Fell", email=housing(office).upper())
    keep_service_area(office.app, AreaFacts(name="Housing", duty_officers=(own,)))
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id, duty_officer=own)
    assert office.sent_mail(enquiry).to == (housing(office),)


def test_a_duty_officer_of_another_service_area_is_refused(office: Office) -> None:
    enquiry = office.log()
    with pytest.raises(NotAllowed, match="no duty officer of Housing"):
        send_enquiry(office.app, enquiry.id, duty_officer=JO)
    keep_service_area(office.app, AreaFacts(name="Housing", duty_officers=(JO,)))
    with pytest.raises(NotFound, match="duty officer of Housing"):
        duty_officer_of(office.app, enquiry.id, "Sam Reed")


def test_an_answer_of_the_duty_officer_is_filed_as_the_service_areas(office: Office) -> None:
    domain = housing(office).rpartition("@")[2]
    officer = DutyOfficer(name="Jo Fell", email=f"jo.fell@{domain}")
    keep_service_area(office.app, AreaFacts(name="Housing", duty_officers=(officer,)))
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id, duty_officer=officer)
    post_queued(office.app)
    office.reply(enquiry, "I will look into it.", sender=officer.email)
    assert office.collect().filed == 1


def test_duty_officers_are_written_as_a_name_and_an_address() -> None:
    assert duty_officer_said('"Sam  Reed" < sam.reed@example.org >') == SAM
    for wrong in ("Sam Reed", "sam.reed@example.org", "<sam.reed@example.org>", "Sam <sam>", "Sam <a@example.org> x"):
        with pytest.raises(Invalid):
            duty_officer_said(wrong)


def test_the_duty_officers_of_an_area_are_listed_in_order_and_can_be_taken_off(office: Office) -> None:
    keep_service_area(office.app, AreaFacts(name="housing", duty_officers=(SAM, JO)))
    listed = {str(area["name"]): area["duty_officers"] for area in service_areas_as_json(office.app)}
    assert listed["Housing"] == [
        {"name": "Sam Reed", "email": SAM.email},
        {"name": "Jo Fell", "email": JO.email},
    ]
    assert listed["Planning"] == []
    with pytest.raises(Invalid, match="one name"):
        keep_service_area(
            office.app, AreaFacts(name="Housing", duty_officers=(SAM, DutyOfficer(name="SAM REED", email=JO.email)))
        )
    assert keep_service_area(office.app, AreaFacts(name="Housing", duty_officers=())).duty_officers == ()
