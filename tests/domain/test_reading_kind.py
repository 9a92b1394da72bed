"""Automatic mail told from a person's."""

from datetime import UTC, datetime, timedelta

import pytest

from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.reading_kind import classify
from member_tracker.domain.vocabulary import MailKind

SENT_AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def mail(
    subject: str = "RE: Street light [ENQ-7K3M-142-XR]",
    *,
    text: str = "The light was repaired on Monday.",
    sender: str = "officer@example.org",
    item_class: str = "",
    parts: tuple[str, ...] = ("text/plain",),
    after: timedelta = timedelta(hours=3),
    **headers: str,
) -> IncomingMail:
    return IncomingMail(
        message_id="<reply@example.org>",
        from_address=sender,
        subject=subject,
        text=text,
        reply_text=text,
        item_class=item_class,
        part_types=parts,
        sent_at=SENT_AT + after,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
    )


def kind(of: IncomingMail) -> MailKind:
    return classify(of, our_mail_sent_at=SENT_AT)[0]


@pytest.mark.parametrize(
    "automatic",
    [
        mail(auto_submitted="auto-replied"),
        mail(auto_submitted="auto-generated; type=vacation"),
        mail(x_autoreply="yes"),
        mail(x_autorespond="On holiday"),
        mail(precedence="auto_reply"),
        mail(x_post_messageclass="9; Autoresponder"),
        mail(return_path="<>"),
        mail(item_class="IPM.Note.Rules.OofTemplate.Microsoft"),
        mail(item_class="IPM.Note.Rules.ReplyTemplate.Microsoft"),
        mail(item_class="ipm.note.rules.ooftemplate.microsoft"),
        mail("Automatic reply: Street light"),
        mail("Out of office: Street light"),
        mail("Out of Office Re: Street light"),
        mail("Ateb awtomatig: Golau stryd"),
        mail("Ymateb awtomatig: Golau stryd"),
        mail("Allan o'r swyddfa: Golau stryd"),
        mail("Allan o’r swyddfa"),
        mail("Neges awtomatig: Golau stryd"),
        mail(text="This is an automated response. Your message has been received."),
        mail(text="Mae hon yn neges awtomatig. Diolch am gysylltu."),
        mail(precedence="bulk", after=timedelta(seconds=20)),
        mail(precedence="bulk", x_ms_exchange_inbox_rules_loop="officer@example.org"),
        mail(sender="noreply@example.org", after=timedelta(seconds=5)),
    ],
)
def test_automatic_replies_are_known(automatic: IncomingMail) -> None:
    assert kind(automatic) is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    "human",
    [
        mail(),
        mail(x_auto_response_suppress="All"),
        mail(x_auto_response_suppress="DR, OOF, AutoReply"),
        mail(auto_submitted="no"),
        mail("RE: Automatic reply: Street light"),
        mail("FW: Out of office: Street light"),
        mail("RE: Jane is out of the office"),
        mail("Out of office chairs for the library"),
        mail(precedence="list", list_id="<members.example.org>"),
        mail(precedence="bulk"),
        mail(sender="noreply@example.org"),
        mail(return_path="<officer@example.org>"),
        mail(after=timedelta(seconds=30)),
        mail("Undeliverable bins in Mill Lane", text="The crew could not get in."),
        mail("RE: Undeliverable: Street light", text="I think you had the wrong address for me."),
        mail(item_class="IPM.Note"),
        mail(item_class="IPM.Note.SMIME.MultipartSigned"),
        mail(item_class="IPM.Note.Rules"),
        mail(item_class="IPM.Post"),
        mail(item_class="REPORT"),
    ],
)
def test_a_person_is_not_taken_for_a_machine(human: IncomingMail) -> None:
    assert kind(human) is MailKind.HUMAN


@pytest.mark.parametrize(
    "bounce",
    [
        mail(parts=("multipart/report", "message/delivery-status"), text="Action: failed"),
        mail(content_type="multipart/report; report-type=delivery-status"),
        mail(content_type="multipart/report; report-type=feedback-report"),
        mail(item_class="REPORT.IPM.Note.NDR"),
        mail(item_class="report.ipm.note.ndr", auto_submitted="auto-generated"),
        mail(item_class="REPORT.IPM.Schedule.Meeting.Request.NDR"),
        mail(x_failed_recipients="streets@example.org"),
        mail("Undelivered Mail Returned to Sender", sender="MAILER-DAEMON@example.org", return_path="<>"),
        mail("Hello", sender="postmaster@example.org", text="550 no such user here"),
        mail("Undeliverable: Street light", text="Your message could not be delivered."),
        mail(auto_submitted="auto-replied", parts=("message/delivery-status",), text="Action: failed"),
    ],
)
def test_mail_that_came_back_is_a_bounce(bounce: IncomingMail) -> None:
    assert kind(bounce) is MailKind.BOUNCE


@pytest.mark.parametrize(
    "receipt",
    [
        mail(content_type="multipart/report; report-type=disposition-notification"),
        mail(item_class="REPORT.IPM.Note.IPNRN"),
        mail(item_class="REPORT.IPM.Note.IPNNRN"),
        mail(item_class="REPORT.IPM.Note.DR"),
        mail(parts=("message/delivery-status",), text="Final-Recipient: x\nAction: delivered"),
    ],
)
def test_receipts_are_known(receipt: IncomingMail) -> None:
    assert kind(receipt) is MailKind.RECEIPT


@pytest.mark.parametrize(
    "calendar",
    [
        mail(parts=("text/plain", "text/calendar")),
        mail(item_class="IPM.Schedule.Meeting.Request"),
        mail(item_class="IPM.Schedule.Meeting.Resp.Pos"),
        mail(item_class="IPM.Schedule.Meeting.Canceled"),
    ],
)
def test_an_invitation_and_the_answer_to_one_are_calendar_mail(calendar: IncomingMail) -> None:
    assert kind(calendar) is MailKind.CALENDAR


def test_the_sign_relied_on_is_given_in_words() -> None:
    assert classify(mail(auto_submitted="auto-replied"))[1] == "it has the header auto-submitted"
