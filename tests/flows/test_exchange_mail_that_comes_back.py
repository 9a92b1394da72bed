"""What machines answer over Exchange of either kind: told apart from people, and nothing moves because of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from member_tracker.app import build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.vocabulary import Channel, MailKind, OutgoingState, Status
from member_tracker.profile import Profile
from member_tracker.services.before_sending import before_sending
from member_tracker.services.collecting import collect
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.intake import Intake, log_by_name
from member_tracker.services.lists import Wanted, Which, enquiry_page
from member_tracker.services.mailboxes import add_mailbox
from member_tracker.services.parts import App
from member_tracker.services.post import post_queued
from member_tracker.services.setup import AreaFacts, SetUp, keep_service_area, set_up
from tests.fakes.exchange_items import AutomaticReply
from tests.fakes.exchange_office import KINDS, PASSWORD, Exchange, a_clerk_at_the_desk, exchange_office
from tests.fakes.imaginary_council import SHARED

AWAY = "I am out of the office until 30 November 2026. Please write to sam.reed@example.org instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A profile with a mailbox, and the organisation behind it."""

    app: App
    exchange: Exchange

    def sent_to(self, address: str) -> Enquiry:
        """An enquiry sent to a service area of this address."""
        keep_service_area(self.app, AreaFacts(name="Housing", addresses=(address,)))
        enquiry = log_by_name(
            self.app,
            Intake(
                councillor="Cllr Vera Quill",
                resident="Ned Barlow",
                service_area="Housing",
                channel=Channel.EMAIL,
                subject="Damp in a flat",
                text="The bedroom wall is wet.",
            ),
        )
        send_enquiry(self.app, enquiry.id)
        assert post_queued(self.app).sent == 1
        return enquiry

    def standing(self, enquiry: Enquiry) -> tuple[Enquiry, QueuedMail]:
        """The enquiry and the mail of ours about it, as they are kept now."""
        with self.app.store.reading() as tx:
            return tx.get(Enquiry, enquiry.id), tx.every(QueuedMail, enquiry_id=enquiry.id)[0]

    def came(self) -> ReceivedMail:
        """The one mail that came in."""
        collect(self.app)
        with self.app.store.reading() as tx:
            (mail,) = tx.every(ReceivedMail)
        return mail


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A clerk with a mailbox of either kind."""
    with exchange_office(request.param, tmp_path) as exchange, a_clerk_at_the_desk(exchange, tmp_path / "desk"):
        app = build(Profile(folder=tmp_path / "profile"), passphrase=lambda: "some words")
        set_up(app, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
        add_mailbox(app, exchange.account, PASSWORD)
        yield Desk(app=app, exchange=exchange)
        app.store.close()


def test_mail_to_nobody_comes_back_and_puts_its_enquiry_on_the_list_that_needs_attention(desk: Desk) -> None:
    enquiry = desk.sent_to("nobody@example.org")
    mail = desk.came()
    assert (mail.kind, mail.place, mail.enquiry_id) == (MailKind.BOUNCE, MailPlace.AUTOMATIC, enquiry.id)
    stands, ours = desk.standing(enquiry)
    assert ours.state is OutgoingState.BOUNCED
    assert stands.acknowledged_at is None
    rows = enquiry_page(desk.app, Wanted(which=Which.NEEDS_ATTENTION, today=desk.app.today())).rows
    assert [row.reference for row in rows] == [enquiry.reference]


def test_an_out_of_office_reply_moves_nothing_and_offers_its_date_and_who_to_ask(desk: Desk) -> None:
    desk.exchange.world.add_mailbox("housing@example.org", "Housing").automatic_reply = AutomaticReply(text=AWAY)
    enquiry = desk.sent_to("housing@example.org")
    before, _ = desk.standing(enquiry)
    mail = desk.came()
    assert (mail.kind, mail.place, mail.enquiry_id) == (MailKind.AUTO_REPLY, MailPlace.AUTOMATIC, enquiry.id)
    assert (mail.returns_on, mail.alternative_contact) == (date(2026, 11, 30), "sam.reed@example.org")
    after, ours = desk.standing(enquiry)
    assert after == before
    assert (after.status, ours.state) == (Status.WITH_SERVICE_AREA, OutgoingState.SENT)


def test_what_the_server_says_of_the_service_area_is_said_before_anything_is_sent(desk: Desk) -> None:
    desk.exchange.world.add_mailbox("housing@example.org", "Housing").automatic_reply = AutomaticReply(text=AWAY)
    keep_service_area(desk.app, AreaFacts(name="Housing", addresses=("housing@example.org",)))
    enquiry = log_by_name(
        desk.app,
        Intake(
            councillor="Cllr Vera Quill",
            resident="Ned Barlow",
            service_area="Housing",
            channel=Channel.EMAIL,
            subject="Damp in a flat",
            text="The bedroom wall is wet.",
        ),
    )
    said = before_sending(desk.app, enquiry.id)
    assert "30 November" in " ".join(said.notes)
    assert not desk.exchange.world.items(SHARED), "asking sends nothing"
