"""Sending: once or not at all, whatever happens in between."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, Unavailable
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.mail.mailbox import Found, Letter
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import close_enquiry, reopen_enquiry, send_enquiry, tell_resident
from member_tracker.services.parts import App
from member_tracker.services.post import post_queued
from member_tracker.services.remote_work import remote_work
from member_tracker.services.safekeeping import agree_to_post, hold_after_restore
from tests.fakes.mailboxes import Wrapped, mailbox_in, with_mailbox
from tests.fakes.office import Office


class BrokenMailbox:
    """A mailbox that cannot be reached."""

    def look(self, letter: Letter) -> Found:
        del letter
        raise Unavailable("The mailbox cannot be reached.", advice="Try again when there is a connection.")


class PowerCut(BaseException):
    """The machine stops."""


def queued(office: Office) -> tuple[App, QueuedMail]:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    return office.app, office.sent_mail(enquiry)


def test_without_a_connection_mail_waits_and_says_why(office: Office) -> None:
    app, mail = queued(office)
    posted = post_queued(with_mailbox(app, BrokenMailbox()))
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

    class CutWhileSending(Wrapped):
        def send_draft(self, letter: Letter) -> None:
            if went:
                self.within.send_draft(letter)
            raise PowerCut

    with pytest.raises(PowerCut):
        post_queued(with_mailbox(app, CutWhileSending(mailbox_in(app))))
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
    monkeypatch.setattr("member_tracker.services.remote_work.WAIT_SECONDS", 0.05)
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


REPOSITORY = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.soak)])
def test_killed_at_any_moment_of_sending_a_mail_goes_once(office: Office, step: int) -> None:
    for number, moment in enumerate(count(1, step), start=1):
        enquiry = office.log()
        send_enquiry(office.app, enquiry.id)
        command = [sys.executable, "-m", "tests.services.posting_cut_short", str(office.parts.profile.folder)]
        ended = subprocess.run([*command, str(moment)], cwd=REPOSITORY, check=False, env=os.environ)
        post_queued(office.app)
        assert office.read(enquiry).status is Status.WITH_SERVICE_AREA
        assert office.sent_mail(enquiry).state is OutgoingState.SENT
        with office.app.store.reading() as tx:
            kinds = [entry.kind for entry in tx.every(Entry, enquiry_id=enquiry.id)]
        assert kinds.count(EntryKind.SENT) == 1
        assert len(list(office.outbox.iterdir())) == number, "one file for each mail, and none half written"
        if ended.returncode == 0:
            break
    assert moment > 10


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
def test_two_processes_that_post_at_once_send_each_mail_once(office: Office) -> None:
    for _ in range(5):
        send_enquiry(office.app, office.log().id)
    command = [sys.executable, "-m", "tests.services.posting_cut_short", str(office.parts.profile.folder), "0"]
    both = [subprocess.Popen(command, cwd=REPOSITORY) for _ in range(2)]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    with office.app.store.reading() as tx:
        assert [mail.state for mail in tx.every(QueuedMail)] == [OutgoingState.SENT] * 5
        assert [entry.kind for entry in tx.every(Entry)].count(EntryKind.SENT) == 5


def test_an_outbox_that_cannot_be_written_keeps_mail_waiting_and_says_so(office: Office) -> None:
    app, mail = queued(office)
    office.outbox.parent.mkdir(exist_ok=True)
    office.outbox.write_text("a file where the folder should be")
    posted = post_queued(app)
    assert (posted.sent, posted.waiting) == (0, 1)
    assert "could not be written" in (posted.problem or "") or "cannot be read" in (posted.problem or "")
    office.outbox.unlink()
    assert post_queued(app).sent == 1
    with app.store.reading() as tx:
        assert tx.get(QueuedMail, mail.id).problem is None


def test_mail_that_cannot_be_asked_after_waits_and_does_not_stop_the_others(office: Office) -> None:
    app, stuck = queued(office)
    with app.store.writing(author=None) as tx:
        tx.save(replace(stuck, state=OutgoingState.SENDING))
    _, other = queued(office)

    class CannotSay(Wrapped):
        def look(self, letter: Letter) -> Found:
            if letter.key == stuck.key:
                raise Unavailable("The mailbox cannot say.", advice="Try again.")
            return self.within.look(letter)

    posted = post_queued(with_mailbox(app, CannotSay(mailbox_in(app))))
    assert (posted.sent, posted.waiting, posted.unknown) == (1, 1, 0)
    with app.store.reading() as after:
        assert after.get(QueuedMail, stuck.id).state is OutgoingState.QUEUED
        assert after.get(QueuedMail, stuck.id).problem is not None
        assert after.get(QueuedMail, other.id).state is OutgoingState.SENT
    assert post_queued(app).sent == 1


def waiting_for(office: Office, enquiry: Enquiry) -> list[OutgoingState]:
    with office.app.store.reading() as tx:
        return [mail.state for mail in tx.every(QueuedMail, enquiry_id=enquiry.id)]


def test_an_enquiry_closed_before_it_was_sent_does_not_go_out(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id)
    close_enquiry(office.app, enquiry.id, "The resident rang: it is mended")
    assert post_queued(office.app).sent == 0
    assert waiting_for(office, enquiry) == [OutgoingState.WRITTEN]
    reopen_enquiry(office.app, enquiry.id)
    send_enquiry(office.app, enquiry.id)
    assert post_queued(office.app).sent == 1
    assert len(list(office.outbox.iterdir())) == 1


def test_an_enquiry_closed_while_its_mail_was_being_sent_does_not_go_out_if_it_had_not_gone(office: Office) -> None:
    app, mail = queued(office)
    with app.store.writing(author=None) as tx:
        tx.save(replace(mail, state=OutgoingState.SENDING))
    close_enquiry(app, mail.enquiry_id, "No longer needed")
    assert post_queued(app).sent == 0
    with app.store.reading() as after:
        assert after.get(QueuedMail, mail.id).state is OutgoingState.WRITTEN


def test_a_closed_enquiry_still_tells_its_resident(office: Office) -> None:
    enquiry = office.logged_and_sent()
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    tell_resident(office.app, enquiry.id, "The council says it is mended.")
    close_enquiry(office.app, enquiry.id)
    assert post_queued(office.app).sent == 1
    assert waiting_for(office, enquiry) == [OutgoingState.SENT, OutgoingState.SENT]


def test_a_restored_profile_sends_nothing_until_a_person_agrees(office: Office) -> None:
    app, _ = queued(office)
    with app.store.writing(author=None) as tx:
        hold_after_restore(tx, app.now())
    with pytest.raises(NotAllowed):
        post_queued(app)
    assert not list(office.outbox.glob("*.eml"))
    agree_to_post(app)
    assert post_queued(app).sent == 1


def test_a_mail_that_was_handed_over_is_not_begun_anew_because_the_mailbox_may_not_be_opened_for_a_while(
    office: Office,
) -> None:
    app, _ = queued(office)

    class SendsAndIsCut(Wrapped):
        def send_draft(self, letter: Letter) -> None:
            self.within.send_draft(letter)
            raise Unavailable("Cut.", advice="Look again.")

    class MayNotBeOpened(Wrapped):
        def look(self, letter: Letter) -> Found:
            del letter
            raise NotAllowed("You may not open the mailbox.", advice="Ask for Full Access.")

    post_queued(with_mailbox(app, SendsAndIsCut(mailbox_in(app))))
    posted = post_queued(with_mailbox(app, MayNotBeOpened(mailbox_in(app))))
    assert (posted.sent, posted.waiting) == (0, 1)
    for copy in office.outbox.glob("*.eml"):
        copy.unlink()  # somebody tidies up, so that looking does not find it any more
    post_queued(app)
    assert not list(office.outbox.glob("*.eml")), "sent a second time"
    office.clock.forward(minutes=20)
    assert post_queued(office.app).unknown == 1


def test_a_mail_in_doubt_comes_before_a_person_though_the_clock_was_put_back(office: Office) -> None:
    app, mail = queued(office)
    with app.store.writing(author=None) as tx:
        told = app.now() + timedelta(days=365)
        tx.save(replace(mail, state=OutgoingState.SENDING, handed_over_at=told))
    assert post_queued(app).unknown == 1
