"""Sending: once or not at all, whatever happens in between."""

from dataclasses import replace

import pytest

from member_tracker.domain.errors import Unavailable
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.mail.mailbox import Arrivals, Cursor, SentReceipt
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.parts import App
from member_tracker.services.post import post_queued, remote_work
from tests.fakes.office import Office


class BrokenMailbox:
    """A mailbox that cannot be reached."""

    def arrivals(self, cursor: Cursor | None) -> Arrivals:
        raise Unavailable("The mailbox cannot be reached.", advice="Try again when there is a connection.")

    def send(self, key: str, raw: bytes) -> SentReceipt:
        raise Unavailable("The mailbox cannot be reached.", advice="Try again when there is a connection.")

    def was_sent(self, key: str) -> SentReceipt | None:
        raise Unavailable("The mailbox cannot be reached.", advice="Try again when there is a connection.")


class PowerCut(BaseException):
    """The machine stops."""


def queued(office: Office) -> tuple[App, QueuedMail]:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    return office.app, office.sent_mail(enquiry)


def test_without_a_connection_mail_waits_and_says_why(office: Office) -> None:
    app, mail = queued(office)
    posted = post_queued(replace(app, mailbox=BrokenMailbox()))
    assert (posted.sent, posted.waiting, posted.unknown) == (0, 1, 0)
    assert posted.problem is not None
    with app.store.reading() as tx:
        kept = tx.get(QueuedMail, mail.id)
    assert kept.state is OutgoingState.QUEUED
    assert kept.problem is not None
    assert post_queued(app).sent == 1


@pytest.mark.parametrize("went", [True, False])
def test_a_power_cut_while_sending_sends_once(office: Office, went: bool) -> None:
    app, mail = queued(office)

    class CutWhileSending:
        arrivals, was_sent = app.mailbox.arrivals, app.mailbox.was_sent

        def send(self, key: str, raw: bytes) -> SentReceipt:
            if went:
                app.mailbox.send(key, raw)
            raise PowerCut

    with pytest.raises(PowerCut):
        post_queued(replace(app, mailbox=CutWhileSending()))
    with app.store.reading() as tx:
        assert tx.get(QueuedMail, mail.id).state is OutgoingState.SENDING
    assert post_queued(app).sent == 1
    assert len(list(office.outbox.glob("*.eml"))) == 1
    with app.store.reading() as tx:
        assert tx.get(QueuedMail, mail.id).state is OutgoingState.SENT


def test_posting_twice_sends_once(office: Office) -> None:
    app, _ = queued(office)
    assert post_queued(app).sent == 1
    assert post_queued(app).sent == 0
    assert len(list(office.outbox.glob("*.eml"))) == 1


def test_only_one_process_does_remote_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _ = queued(office)
    monkeypatch.setattr("member_tracker.services.post.WAIT_SECONDS", 0.05)
    with remote_work(app), pytest.raises(Unavailable, match="Another window or command"):
        post_queued(app)
    assert post_queued(app).sent == 1


def test_a_standard_that_starts_at_sending_starts_when_the_mail_goes(office: Office) -> None:
    from member_tracker.services.setup import SetUp, set_up

    set_up(office.app, SetUp(council="Chorley", charter="members-protocol"))
    enquiry = office.log()
    assert enquiry.respond_by is None
    office.clock.forward(days=1)
    send_enquiry(office.app, enquiry.id)
    post_queued(office.app)
    sent = office.read(enquiry)
    assert sent.status is Status.WITH_SERVICE_AREA
    assert sent.respond_by is not None
    assert sent.clocks is not None
    assert sent.clocks.charter_id == "members-protocol"
