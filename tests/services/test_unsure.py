"""What can no longer be known about a mail is put to a person, and nothing is sent twice meanwhile."""

from email import message_from_bytes

import pytest

from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.timeline import Entry
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.mail.mailbox import Found, Letter, Spot
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.parts import App
from member_tracker.services.post import DOUBTED_AFTER, post_queued
from member_tracker.services.unsure import Verdict, settle, unsure_mails
from tests.fakes.mailboxes import Wrapped, mailbox_in, with_mailbox
from tests.fakes.office import Office


class Silent(Wrapped):
    """A mailbox that takes a letter and is never heard of it again, but for a draft somebody tried to send."""

    spot = Spot.TRIED

    def look(self, letter: Letter) -> Found:
        found = self.within.look(letter)
        return Found(spot=self.spot) if found.spot is Spot.SENT else found


class Nowhere(Silent):
    """The same, with nothing left of it at all."""

    spot = Spot.NOWHERE


@pytest.fixture(autouse=True)
def _look_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("member_tracker.services.post.LOOKS_AFTER", (0.0,))


def in_doubt(office: Office, kind: type[Silent] = Silent) -> QueuedMail:
    """A mail that was handed over a quarter of an hour ago and never seen in Sent Items."""
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    assert post_queued(with_mailbox(office.app, kind(mailbox_in(office.app)))).waiting == 1
    office.clock.forward(seconds=DOUBTED_AFTER.total_seconds())
    posted = post_queued(with_mailbox(office.app, kind(mailbox_in(office.app))))
    assert (posted.sent, posted.waiting, posted.unknown) == (0, 0, 1)
    return office.sent_mail(enquiry)


def mails(app: App) -> tuple[QueuedMail, ...]:
    with app.store.reading() as tx:
        return tx.every(QueuedMail)


@pytest.mark.parametrize("kind", [Silent, Nowhere])
def test_a_mail_that_is_not_seen_in_sent_items_is_asked_after_and_then_put_to_a_person(
    office: Office, kind: type[Silent]
) -> None:
    mail = in_doubt(office, kind)
    assert mail.state is OutgoingState.UNKNOWN
    (unsure,) = unsure_mails(office.app)
    assert (unsure.id, unsure.to, unsure.mailbox) == (mail.id, mail.to, mail.from_address)
    assert unsure.told_at is not None
    with office.app.store.reading() as tx:
        assert any("may have gone out" in entry.text for entry in tx.every(Entry, enquiry_id=mail.enquiry_id))
    assert post_queued(office.app).sent == 0, "nothing is done with it until a person says so"
    assert len(list(office.outbox.glob("*.eml"))) == 1


def test_a_sent_copy_that_comes_late_settles_the_doubt_by_itself(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    post_queued(with_mailbox(office.app, Silent(mailbox_in(office.app))))
    office.clock.forward(minutes=14)
    assert post_queued(office.app).sent == 1
    assert office.sent_mail(enquiry).state is OutgoingState.SENT


def test_a_person_who_found_it_among_the_sent_ones_has_it_marked_as_sent_when_it_was_handed_over(
    office: Office,
) -> None:
    mail = in_doubt(office)
    settle(office.app, mail.id.upper(), Verdict.WENT)
    (kept,) = mails(office.app)
    assert (kept.state, kept.sent_at) == (OutgoingState.SENT, mail.handed_over_at)
    with office.app.store.reading() as tx:
        from member_tracker.domain.enquiry import Enquiry

        assert tx.get(Enquiry, mail.enquiry_id).status is Status.WITH_SERVICE_AREA
    assert unsure_mails(office.app) == ()


def test_a_mail_sent_again_has_the_same_words_under_an_identity_of_its_own(office: Office) -> None:
    mail = in_doubt(office)
    settle(office.app, mail.id, Verdict.AGAIN)
    assert post_queued(office.app).sent == 1
    states = {each.id: each.state for each in mails(office.app)}
    assert states.pop(mail.id) is OutgoingState.WRITTEN
    assert list(states.values()) == [OutgoingState.SENT]
    first, second = (message_from_bytes(path.read_bytes()) for path in sorted(office.outbox.glob("*.eml")))
    assert first["Subject"] == second["Subject"]
    assert first.get_payload() == second.get_payload()
    for header in ("Message-ID", "X-Enquiry-Key", "Thread-Index"):
        assert first[header] != second[header]


def test_a_mail_that_shall_not_go_stays_written_and_nothing_is_sent(office: Office) -> None:
    mail = in_doubt(office, Nowhere)
    settle(office.app, mail.id, Verdict.NEVER)
    assert post_queued(office.app).sent == 0
    assert [each.state for each in mails(office.app)] == [OutgoingState.WRITTEN]


def test_only_a_mail_in_doubt_can_be_settled(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with pytest.raises(NotAllowed, match="known what became"):
        settle(office.app, office.sent_mail(enquiry).id, Verdict.AGAIN)
    with pytest.raises(NotFound):
        settle(office.app, "nothing", Verdict.WENT)


def test_a_mail_refused_outright_waits_to_be_sent_and_is_never_in_doubt(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)

    class Refusing(Wrapped):
        def send_draft(self, letter: Letter) -> None:
            raise NotAllowed("You may not send as this mailbox.", advice="Ask for the right to.")

    posted = post_queued(with_mailbox(office.app, Refusing(mailbox_in(office.app))))
    assert posted.problem is not None
    assert "may not send" in posted.problem
    mail = office.sent_mail(enquiry)
    assert (mail.state, mail.handed_over_at) == (OutgoingState.QUEUED, None)
    office.clock.forward(days=1)
    assert post_queued(office.app).sent == 1
