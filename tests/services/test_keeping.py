"""Mail that needs a second look: copies, mentions, late parents, closed enquiries, bounces and loops."""

from datetime import timedelta

import pytest

from member_tracker.domain.loops import Heard, MailHistory, Reminded, may_send_automatic
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.timeline import Entry, Suggestion
from member_tracker.domain.vocabulary import MailKind, OutgoingState, Status
from member_tracker.services.enquiries import Accepting, accept_suggestion, close_enquiry
from member_tracker.services.filing import file_by_hand, unfile_by_hand
from member_tracker.services.knowing import mail_history
from member_tracker.store.queries import Wanted, Which
from tests.fakes.office import MONDAY, Office

DONE = "The gutter was repaired on Tuesday and the wall has been treated. Nothing else is outstanding at the flat."


def mail(office: Office, message_id: str) -> ReceivedMail:
    with office.app.store.reading() as tx:
        (found,) = tx.every(ReceivedMail, message_id=message_id)
    return found


def suggestions(office: Office) -> tuple[Suggestion, ...]:
    with office.app.store.reading() as tx:
        return tx.every(Suggestion)


def entries(office: Office, enquiry_id: str) -> list[str]:
    with office.app.store.reading() as tx:
        return [entry.text for entry in tx.every(Entry, enquiry_id=enquiry_id)]


def test_a_forwarded_copy_is_linked_and_proposes_nothing(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE, subject=f"FW: Damp [{enquiry.reference}]", message_id="<copy@example.org>")
    assert office.collect().filed == 1
    kept = mail(office, "<copy@example.org>")
    assert (kept.forwarded, kept.enquiry_id) == (True, enquiry.id)
    assert suggestions(office) == ()
    assert any(text.startswith("Forwarded copy") for text in entries(office, enquiry.id))


def test_a_forwarded_copy_from_a_stranger_waits_in_the_tray(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE, subject=f"FW: Damp [{enquiry.reference}]", sender="x@elsewhere.example.net")
    assert office.collect().tray == 1


def test_a_mail_for_several_enquiries_waits_with_all_of_them_and_each_is_told(office: Office) -> None:
    first, second = office.logged_and_sent(), office.logged_and_sent()
    subject = f"RE: {first.reference} and {second.reference}"
    office.reply(first, DONE, subject=subject, in_reply_to="<none@example.org>", message_id="<both@example.org>")
    assert office.collect().tray == 1
    kept = mail(office, "<both@example.org>")
    assert {likely.enquiry_id for likely in kept.candidates} == set(kept.mentions) == {first.id, second.id}
    for enquiry in (first, second):
        assert any(text.startswith("Named in a mail") for text in entries(office, enquiry.id))


def test_a_reply_that_came_before_its_parent_files_itself_once_the_parent_is_here(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(
        enquiry, DONE, subject="RE: as I said", in_reply_to="<parent@example.org>", message_id="<child@example.org>"
    )
    assert office.collect().tray == 1
    office.reply(enquiry, "I will look into it.", message_id="<parent@example.org>")
    collected = office.collect()
    assert mail(office, "<child@example.org>").enquiry_id == enquiry.id
    assert "found its enquiry" in collected.notices[-1]
    assert len(suggestions(office)) == 2


def test_after_seven_days_a_reply_without_its_parent_is_left_to_a_person(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(
        enquiry, DONE, subject="RE: as I said", in_reply_to="<parent@example.org>", message_id="<child@example.org>"
    )
    office.collect()
    office.clock.forward(days=8)
    office.reply(enquiry, "I will look into it.", message_id="<parent@example.org>")
    office.collect()
    assert mail(office, "<child@example.org>").place is MailPlace.TRAY


def test_a_mail_taken_away_from_an_enquiry_never_goes_back_there_by_itself(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE, message_id="<away@example.org>")
    office.collect()
    unfile_by_hand(office.app, mail(office, "<away@example.org>").id)
    office.reply(enquiry, "More to come.")
    office.collect()
    assert mail(office, "<away@example.org>").place is MailPlace.TRAY


def test_mail_on_a_closed_enquiry_is_linked_and_asks_whether_to_reopen_it(office: Office) -> None:
    enquiry = office.logged_and_sent()
    close_enquiry(office.app, enquiry.id, "Settled by telephone.")
    office.reply(enquiry, DONE)
    assert office.collect().filed == 1
    assert office.read(enquiry).status is Status.CLOSED
    assert any("Reopen it?" in text for text in entries(office, enquiry.id))


def test_the_outlook_conversation_of_our_mail_files_a_reply_without_ids(office: Office) -> None:
    enquiry = office.logged_and_sent(subject="Damp in a flat")
    with office.app.store.reading() as tx:
        raw = tx.original(office.sent_mail(enquiry).original).decode()
    index = next(line for line in raw.splitlines() if line.startswith("Thread-Index: "))
    office.reply(enquiry, DONE, subject="RE: Damp in a flat", in_reply_to="", headers=f"{index}\n")
    assert office.collect().filed == 1


def bounce(office: Office, *, of: str, action: str = "failed", name: str = "bounce.eml") -> None:
    (office.inbox / name).write_text(
        f"From: MAILER-DAEMON@example.org\nTo: member.enquiries@example.org\nSubject: Undeliverable\n"
        f"Date: Mon, 16 Nov 2026 11:00:00 +0000\nMessage-ID: <{name}@example.org>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYour mail was not delivered.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nAction: {action}\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{of}\n\nText\n--b--\n"
    )


@pytest.mark.parametrize("part", ["id", "key", "reference"])
def test_a_bounce_is_known_by_any_part_of_the_mail_it_returns(office: Office, part: str) -> None:
    enquiry = office.logged_and_sent()
    sent = office.sent_mail(enquiry)
    returned = {
        "id": f"Message-ID: {sent.message_id}",
        "key": f"X-Enquiry-Key: {sent.key}",
        "reference": f"Subject: {sent.subject}",
    }
    bounce(office, of=returned[part])
    office.collect()
    assert mail(office, "<bounce.eml@example.org>").enquiry_id == enquiry.id
    assert office.sent_mail(enquiry).state is OutgoingState.BOUNCED
    with office.app.store.reading() as tx:
        (row,) = tx.enquiry_rows(Wanted(which=Which.NEEDS_ATTENTION, today=MONDAY.date()), limit=5).rows
    assert row.id == enquiry.id


def test_a_notice_that_a_mail_is_late_marks_nothing(office: Office) -> None:
    enquiry = office.logged_and_sent()
    bounce(office, of=f"Message-ID: {office.sent_mail(enquiry).message_id}", action="delayed")
    office.collect()
    assert office.sent_mail(enquiry).state is OutgoingState.SENT
    with office.app.store.reading() as tx:
        assert tx.enquiry_count(Wanted(which=Which.NEEDS_ATTENTION, today=MONDAY.date())) == 0


def test_who_is_away_leaves_a_day_and_somebody_to_ask(office: Office) -> None:
    enquiry = office.logged_and_sent()
    text = "I am out of the office until Monday 30 November. If it is urgent contact duty@example.org."
    office.reply(enquiry, text, headers="Auto-Submitted: auto-replied\n", message_id="<away@example.org>")
    office.collect()
    kept = mail(office, "<away@example.org>")
    assert (kept.alternative_contact, kept.returns_on.isoformat() if kept.returns_on else "") == (
        "duty@example.org",
        "2026-11-30",
    )


def test_our_own_mail_coming_back_again_and_again_is_told_once_and_stops_reminders(office: Office) -> None:
    enquiry = office.logged_and_sent()
    key = office.sent_mail(enquiry).key
    for _ in range(8):
        office.reply(
            enquiry, "Your ticket was opened.", headers=f"X-Enquiry-Key: {key}\nAuto-Submitted: auto-replied\n"
        )
    office.collect()
    assert len([text for text in entries(office, enquiry.id) if "came back more than 5 times" in text]) == 1
    with office.app.store.reading() as tx:
        history = mail_history(tx, enquiry.id, office.clock())
    assert "keeps coming back" in may_send_automatic(history, "other@example.org", office.clock()).why_not


def test_a_reminder_goes_once_a_day_and_never_to_a_machine() -> None:
    day, hour = timedelta(days=1), timedelta(hours=1)
    reminded = MailHistory(reminded=(Reminded(address="A@example.org", at=MONDAY),))
    assert not may_send_automatic(reminded, "a@example.org", MONDAY + day - hour)
    assert may_send_automatic(reminded, "a@example.org", MONDAY + day)
    assert may_send_automatic(reminded, "b@example.org", MONDAY + hour)
    machine = Heard(address="a@example.org", at=MONDAY, by_machine=True)
    assert not may_send_automatic(MailHistory(heard=(machine,)), "a@example.org", MONDAY + hour)
    assert may_send_automatic(MailHistory(heard=(machine,)), "a@example.org", MONDAY + day)
    person = Heard(address="a@example.org", at=MONDAY + hour, by_machine=False)
    assert may_send_automatic(MailHistory(heard=(machine, person)), "a@example.org", MONDAY + 2 * hour)


def test_five_returns_an_hour_are_borne_and_a_sixth_is_not() -> None:
    back = [MONDAY + timedelta(minutes=number) for number in range(6)]
    now = MONDAY + timedelta(minutes=10)
    assert may_send_automatic(MailHistory(returned_at=back[:5]), "a@example.org", now)
    assert not may_send_automatic(MailHistory(returned_at=back), "a@example.org", now)
    assert may_send_automatic(MailHistory(returned_at=back), "a@example.org", now + timedelta(hours=2))


def test_a_mail_that_cannot_be_written_down_does_not_hold_up_the_others(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(enquiry, DONE)
    (office.inbox / "odd.eml").write_bytes(
        b"From: a@example.org\nMessage-ID: <odd@example.org>\nSubject: =?utf-16?B?2AA=?=\n\nHi"
    )
    office.reply(enquiry, DONE)
    collected = office.collect()
    assert (collected.read, collected.new) == (3, 3)


def test_mail_filed_by_hand_after_a_machine_wrote_it_moves_nothing(office: Office) -> None:
    enquiry = office.logged_and_sent()
    office.reply(
        enquiry, "I am away.", sender="x@elsewhere.example.net", headers="Auto-Submitted: auto-replied\n",
        in_reply_to="<none@example.org>", subject="Away", message_id="<machine@example.org>",
    )  # fmt: skip
    office.collect()
    file_by_hand(office.app, mail(office, "<machine@example.org>").id, enquiry.id)
    assert mail(office, "<machine@example.org>").kind is MailKind.AUTO_REPLY
    assert suggestions(office) == ()


def test_an_accepted_answer_on_a_closed_enquiry_is_refused_with_advice(office: Office) -> None:
    from member_tracker.domain.errors import NotAllowed

    enquiry = office.logged_and_sent()
    close_enquiry(office.app, enquiry.id, "Settled by telephone.")
    office.clock.forward(hours=1)
    office.reply(enquiry, DONE)
    office.collect()
    with pytest.raises(NotAllowed) as refused:
        accept_suggestion(office.app, suggestions(office)[0].id, Accepting())
    assert "eopen" in refused.value.advice
