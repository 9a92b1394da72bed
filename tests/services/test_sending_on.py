"""Sending an enquiry once more to whom an automatic reply names, and only to somebody of the same body."""

import pytest

from member_tracker.cli.absences import absences_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.services.post import post_queued
from member_tracker.services.sending_on import send_to_alternative
from member_tracker.services.setup import AreaFacts, keep_service_area
from tests.fakes.office import Office
from tests.services.deeds import answered, mails, shown, timeline

AUTOMATIC = "Auto-Submitted: auto-replied\n"


def away(office: Office, enquiry: Enquiry, contact: str, sender: str | None = None) -> None:
    """An automatic reply comes back that names somebody else."""
    text = f"I am out of the office until 24 November 2026. Please contact {contact} instead."
    office.reply(enquiry, text, headers=AUTOMATIC, sender=sender)
    office.collect()


def colleague(office: Office, enquiry: Enquiry) -> str:
    return f"desk@{office.area(enquiry).addresses[0].rpartition('@')[2]}"


def test_it_goes_to_whom_the_automatic_reply_names_and_its_dates_stay(office: Office) -> None:
    enquiry = office.logged_and_sent()
    away(office, enquiry, colleague(office, enquiry))
    before = office.read(enquiry)
    send_to_alternative(office.app, enquiry.id)
    assert post_queued(office.app).sent == 1
    assert mails(office, enquiry)[-1].to == (colleague(office, enquiry),)
    after = office.read(enquiry)
    assert (after.status, after.sent_at, after.clocks) == (before.status, before.sent_at, before.clocks)
    assert any("is away: waiting to send to desk@" in entry.text for entry in timeline(office, enquiry))


def test_it_goes_there_once(office: Office) -> None:
    enquiry = office.logged_and_sent()
    away(office, enquiry, colleague(office, enquiry))
    send_to_alternative(office.app, enquiry.id)
    with pytest.raises(NotAllowed, match="already"):
        send_to_alternative(office.app, enquiry.id)


def test_an_address_elsewhere_is_refused_until_the_service_area_has_it(office: Office) -> None:
    enquiry = office.logged_and_sent()
    away(office, enquiry, "thief@elsewhere.example.net")
    with pytest.raises(NotAllowed, match="no address of Housing"):
        send_to_alternative(office.app, enquiry.id)
    own = office.area(enquiry).addresses
    keep_service_area(office.app, AreaFacts(name="Housing", addresses=(*own, "thief@elsewhere.example.net")))
    send_to_alternative(office.app, enquiry.id)
    assert mails(office, enquiry)[-1].to == ("thief@elsewhere.example.net",)


def test_an_automatic_reply_of_somebody_else_names_nobody(office: Office) -> None:
    enquiry = office.logged_and_sent()
    away(office, enquiry, colleague(office, enquiry), sender="stranger@elsewhere.example.net")
    with pytest.raises(NotFound, match="No automatic reply"):
        send_to_alternative(office.app, enquiry.id)


def test_a_telephone_number_is_no_address(office: Office) -> None:
    enquiry = office.logged_and_sent()
    away(office, enquiry, "01257 515151")
    with pytest.raises(NotFound, match="No automatic reply"):
        send_to_alternative(office.app, enquiry.id)


def test_what_was_not_sent_or_is_answered_goes_nowhere_else(office: Office) -> None:
    with pytest.raises(NotAllowed, match="does not wait"):
        send_to_alternative(office.app, office.log().id)
    enquiry = office.logged_and_sent()
    away(office, enquiry, colleague(office, enquiry))
    answered(office, enquiry)
    with pytest.raises(NotAllowed, match="does not wait"):
        send_to_alternative(office.app, enquiry.id)


def test_what_is_shown_says_who_is_away_and_whom_to_ask(office: Office) -> None:
    enquiry = office.logged_and_sent()
    assert absences_in_words(shown(office, enquiry)) == []
    away(office, enquiry, "old@example.org")
    office.clock.forward(hours=1)
    away(office, enquiry, colleague(office, enquiry))
    sender = office.area(enquiry).addresses[0]
    assert absences_in_words(shown(office, enquiry))[1:] == [
        "Who is away",
        f"  {sender} is away until Tuesday 24 November 2026; contact instead: {colleague(office, enquiry)}.",
    ]
