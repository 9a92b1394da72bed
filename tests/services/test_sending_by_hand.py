"""Ten seconds to take a mail back: it is not sent before, never twice, never lost, and its draft comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from member_tracker.app import build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import HELD_FOR, MailPurpose, QueuedMail
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.domain.writing import Wanted, Way, Writing, Written, from_plain
from member_tracker.profile import Profile
from member_tracker.services.composing import begin
from member_tracker.services.drafts import drafts, find_draft, save_draft
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import add_note, close_enquiry
from member_tracker.services.post import post_queued
from member_tracker.services.sending_by_hand import held_mails, keep_as_told, send_written, take_back
from member_tracker.services.undoing import undo_last
from tests.fakes.office import Office
from tests.services.deeds import answered, timeline


def typed(office: Office, enquiry: Enquiry, writing: Writing, body: str | None = None) -> Written:
    blank = begin(office.app, Wanted(enquiry_id=enquiry.id, writing=writing))
    written = replace(blank.written, body=body or f"{blank.written.body}\nTyped by hand.")
    save_draft(office.app, written.wanted.key, written.as_plain())
    return written


def state_of(office: Office, mail_id: str) -> OutgoingState:
    with office.app.store.reading() as tx:
        return tx.get(QueuedMail, mail_id).state


def gone(office: Office) -> int:
    return len(list(office.outbox.iterdir())) if office.outbox.exists() else 0


def told_by_mail(office: Office) -> Enquiry:
    enquiry = office.logged_and_sent()
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])
    return answered(office, enquiry)


def test_a_mail_is_sent_once_and_not_before_its_ten_seconds_are_over(office: Office) -> None:
    held = send_written(office.app, typed(office, office.log(), Writing.ENQUIRY))
    assert held.until == office.clock() + HELD_FOR
    assert (post_queued(office.app).sent, gone(office)) == (0, 0)
    office.clock.forward(seconds=9)
    assert post_queued(office.app).waiting == 1
    office.clock.forward(seconds=1)
    assert [post_queued(office.app).sent for _again in range(3)] == [1, 0, 0]
    assert gone(office) == 1


def test_taking_it_back_brings_the_draft_back_and_nothing_is_sent(office: Office) -> None:
    enquiry = office.log()
    written = typed(office, enquiry, Writing.ENQUIRY)
    held = send_written(office.app, written)
    assert find_draft(office.app, written.wanted.key) is None
    assert office.read(enquiry).status is Status.WAITING_TO_SEND
    assert take_back(office.app, held.mail_id) == written.wanted
    draft = find_draft(office.app, written.wanted.key)
    assert draft is not None
    assert from_plain(draft.plain) == written
    assert office.read(enquiry) == enquiry
    office.clock.forward(hours=1)
    assert (post_queued(office.app).sent, gone(office)) == (0, 0)
    assert timeline(office, enquiry)[-1].kind is EntryKind.UNDONE


def test_what_was_taken_back_can_be_sent_after_all(office: Office) -> None:
    enquiry = office.log()
    written = typed(office, enquiry, Writing.ENQUIRY)
    take_back(office.app, send_written(office.app, written).mail_id)
    again = send_written(office.app, written)
    office.clock.forward(seconds=10)
    post_queued(office.app)
    assert gone(office) == 1
    assert state_of(office, again.mail_id) is OutgoingState.SENT


@pytest.mark.parametrize("writing", [Writing.REPLY, Writing.CHASE, Writing.UPDATE])
def test_whatever_is_written_can_be_taken_back_and_the_enquiry_stands_as_before(
    office: Office, writing: Writing
) -> None:
    enquiry = told_by_mail(office) if writing is Writing.UPDATE else office.logged_and_sent()
    held = send_written(office.app, typed(office, enquiry, writing))
    take_back(office.app, held.mail_id)
    assert office.read(enquiry) == enquiry
    assert state_of(office, held.mail_id) is OutgoingState.WRITTEN


def test_what_somebody_did_meanwhile_stays_done(office: Office) -> None:
    enquiry = office.logged_and_sent()
    held = send_written(office.app, typed(office, enquiry, Writing.REPLY))
    add_note(office.app, enquiry.id, "Rang them.")
    take_back(office.app, held.mail_id)
    assert [entry.text for entry in timeline(office, enquiry) if entry.kind is EntryKind.NOTE] == ["Rang them."]
    assert state_of(office, held.mail_id) is OutgoingState.WRITTEN


def test_undoing_the_last_step_brings_the_draft_back_too(office: Office) -> None:
    enquiry = office.log()
    written = typed(office, enquiry, Writing.ENQUIRY)
    send_written(office.app, written)
    undo_last(office.app, enquiry.id)
    assert find_draft(office.app, written.wanted.key) is not None
    assert held_mails(office.app) == ()


def test_a_crash_within_the_ten_seconds_neither_loses_the_mail_nor_sends_it_twice(office: Office) -> None:
    enquiry = office.log()
    held = send_written(office.app, typed(office, enquiry, Writing.ENQUIRY))
    folder = office.parts.profile.folder
    office.parts.store.close()
    after = Office(parts=build(Profile(folder=folder), passphrase=lambda: None, practice=True), clock=office.clock)
    assert [each.mail_id for each in held_mails(after.app)] == [held.mail_id]
    after.clock.forward(seconds=10)
    post_queued(after.app)
    post_queued(after.app)
    assert gone(after) == 1
    assert held_mails(after.app) == ()
    with pytest.raises(NotAllowed, match="has gone"):
        take_back(after.app, held.mail_id)
    after.parts.store.close()


def test_where_there_is_no_connection_it_can_be_taken_back_for_as_long_as_it_waits(office: Office) -> None:
    held = send_written(office.app, typed(office, office.log(), Writing.ENQUIRY))
    office.clock.forward(days=2)
    take_back(office.app, held.mail_id)
    assert state_of(office, held.mail_id) is OutgoingState.WRITTEN


def test_a_clock_put_back_does_not_hold_a_mail_for_longer(office: Office) -> None:
    send_written(office.app, typed(office, office.log(), Writing.ENQUIRY))
    office.clock.forward(seconds=-timedelta(days=300).total_seconds())
    post_queued(office.app)
    assert gone(office) == 1


def test_no_mail_sent_long_ago_is_kept_as_a_draft(office: Office) -> None:
    send_written(office.app, typed(office, office.log(), Writing.ENQUIRY))
    office.clock.forward(seconds=10)
    post_queued(office.app)
    enquiry = office.logged_and_sent()
    held = send_written(office.app, typed(office, enquiry, Writing.REPLY))
    assert [draft.key for draft in drafts(office.app)] == [f"sent:{held.mail_id}"]


def test_a_mail_nobody_knows_cannot_be_taken_back(office: Office) -> None:
    with pytest.raises(NotFound):
        take_back(office.app, "nothing")


def test_an_update_by_mail_tells_the_resident_and_says_so(office: Office) -> None:
    enquiry = told_by_mail(office)
    held = send_written(office.app, typed(office, enquiry, Writing.UPDATE))
    assert office.read(enquiry).status is Status.RESIDENT_TOLD
    with office.app.store.reading() as tx:
        mail = tx.get(QueuedMail, held.mail_id)
    assert mail.purpose is MailPurpose.RESIDENT_UPDATE
    assert timeline(office, enquiry)[-1].kind is EntryKind.RESIDENT_TOLD
    close_enquiry(office.app, enquiry.id)


def test_the_same_update_is_not_sent_twice(office: Office) -> None:
    enquiry = told_by_mail(office)
    written = typed(office, enquiry, Writing.UPDATE)
    send_written(office.app, written)
    with pytest.raises(NotAllowed, match="exactly this already"):
        send_written(office.app, written)


def test_what_was_said_or_posted_is_kept_and_nothing_is_sent(office: Office) -> None:
    enquiry = answered(office, office.logged_and_sent())
    written = typed(office, enquiry, Writing.UPDATE, body="It is mended.")
    sent_before = gone(office)
    keep_as_told(office.app, written, Way.LETTER)
    entry = timeline(office, enquiry)[-1]
    assert entry.text.startswith("Resident told by letter: It is mended.")
    assert office.read(enquiry).status is Status.RESIDENT_TOLD
    assert find_draft(office.app, written.wanted.key) is None
    office.clock.forward(minutes=1)
    post_queued(office.app)
    assert gone(office) == sent_before


def test_a_mail_in_its_ten_seconds_of_a_closed_enquiry_stays_here(office: Office) -> None:
    enquiry = office.log()
    held = send_written(office.app, typed(office, enquiry, Writing.ENQUIRY))
    close_enquiry(office.app, enquiry.id, "By mistake")
    office.clock.forward(seconds=10)
    post_queued(office.app)
    assert gone(office) == 0
    assert state_of(office, held.mail_id) is OutgoingState.WRITTEN
