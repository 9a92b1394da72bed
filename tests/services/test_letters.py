"""What leaves the building: nothing internal, nothing of the resident in a subject, nothing twice, no strange bytes."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.timeline import Entry, EntryKind, Suggestion
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import (
    Accepting,
    accept_suggestion,
    add_note,
    close_enquiry,
    reopen_enquiry,
    send_enquiry,
    tell_resident,
)
from member_tracker.services.post import post_queued
from tests.fakes.office import Office

SECRET = "SECRET-7731 the officer is hopeless"
ANSWER = "The gutter was repaired on Monday and the wall has been treated. We apologise for the delay."
HOSTILE = (
    "{{ config }} {% for entry in tx.every(Entry) %}{{ entry.text }}{% endfor %} {{ enquiry.__class__.__mro__ }} "
    "{{ ''.__class__.__base__.__subclasses__() }} {% include 'to_resident.txt' %} {# a remark #}"
)


def sent_mails(office: Office) -> list[EmailMessage]:
    post_queued(office.app)
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in office.outbox.iterdir()]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def body_of(mail: EmailMessage) -> str:
    return str(mail.get_content())


def with_email(office: Office, enquiry: Enquiry) -> Enquiry:
    return edit_enquiry(office.app, enquiry.id, ["resident_email=ned.barlow@example.org"])


def test_what_looks_like_a_template_is_sent_as_the_words_it_is(office: Office) -> None:
    enquiry = office.log(subject="Bins {{ config }}", text=HOSTILE)
    add_note(office.app, enquiry.id, SECRET)
    with_email(office, enquiry)
    send_enquiry(office.app, enquiry.id)
    tell_resident(office.app, enquiry.id, HOSTILE)
    mails = sent_mails(office)
    assert len(mails) == 2
    for mail in mails:
        assert HOSTILE in " ".join(body_of(mail).split())
        assert SECRET not in mail.as_string()


def test_no_note_reason_finding_or_timeline_entry_is_in_any_mail(office: Office) -> None:
    enquiry = office.log()
    with_email(office, enquiry)
    add_note(office.app, enquiry.id, SECRET)
    edit_enquiry(office.app, enquiry.id, [f"findings={SECRET}", f"solution={SECRET}", f"tags={SECRET}"])
    send_enquiry(office.app, enquiry.id)
    post_queued(office.app)
    office.clock.forward(hours=1)
    office.reply(enquiry, ANSWER)
    office.collect()
    with office.app.store.reading() as tx:
        (suggestion,) = tx.every(Suggestion)
    accept_suggestion(office.app, suggestion.id, Accepting())
    tell_resident(office.app, enquiry.id)
    close_enquiry(office.app, enquiry.id, SECRET)
    reopen_enquiry(office.app, enquiry.id)
    tell_resident(office.app, enquiry.id)
    mails = sent_mails(office)
    assert len(mails) == 3
    assert not any(SECRET in mail.as_string() or SECRET in body_of(mail) for mail in mails)


def test_line_breaks_in_what_is_typed_never_make_a_header(office: Office) -> None:
    enquiry = office.log(subject="Damp\r\nBcc: thief@example.net\n\nOverleaf\x00\x1b[31m", text="Please\x00 look.\x1b")
    assert enquiry.subject == "Damp Bcc: thief@example.net Overleaf[31m"
    assert enquiry.text == "Please look."
    edited = edit_enquiry(office.app, enquiry.id, ["subject=Damp\nBcc: thief@example.net", "other_reference=1\nCc: x"])
    assert "\n" not in edited.subject
    send_enquiry(office.app, enquiry.id)
    (mail,) = sent_mails(office)
    assert mail["Bcc"] is None
    assert mail["Cc"] is None
    assert mail["Subject"] == f"Damp Bcc: thief@example.net [{enquiry.reference}]"


def test_a_mail_to_the_resident_has_nothing_of_the_resident_in_its_subject(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_email(office, enquiry)
    edit_enquiry(office.app, enquiry.id, ["subject=Damp at Ned Barlow's"])
    with pytest.raises(Invalid, match="Ned Barlow"):
        tell_resident(office.app, enquiry.id, "It is being looked at.")
    assert office.read(enquiry).told_at is None
    edit_enquiry(office.app, enquiry.id, ["subject=Damp"])
    tell_resident(office.app, enquiry.id, "It is being looked at.")
    assert {mail["Subject"] for mail in sent_mails(office)} == {
        f"Damp [{enquiry.reference}]",
        f"Damp in a flat [{enquiry.reference}]",
    }


def test_telling_twice_in_the_same_words_sends_one_mail(office: Office) -> None:
    enquiry = office.logged_and_sent()
    with_email(office, enquiry)
    tell_resident(office.app, enquiry.id, "It is mended.")
    with pytest.raises(NotAllowed, match="exactly this already"):
        tell_resident(office.app, enquiry.id, " It is mended. ")
    tell_resident(office.app, enquiry.id, "It is mended, and the wall is dry.")
    assert len(sent_mails(office)) == 3


def test_bytes_that_are_no_letters_are_kept_out(office: Office) -> None:
    enquiry = office.log(resident="N\udcffed", text="caf\udce9", subject="b\udc80")
    add_note(office.app, enquiry.id, "x\udc80y")
    assert (enquiry.text, enquiry.subject) == ("caf?", "b?")
    with office.app.store.reading() as tx:
        assert [entry.text for entry in tx.every(Entry) if entry.kind is EntryKind.NOTE] == ["x?y"]


def test_very_long_words_are_sent_whole(office: Office) -> None:
    enquiry = office.log(subject="é" * 3000, text="ß" * 200_000)
    send_enquiry(office.app, enquiry.id)
    (mail,) = sent_mails(office)
    assert "ß" * 200_000 in body_of(mail)
    (file,) = office.outbox.iterdir()
    assert max(map(len, file.read_bytes().split(b"\r\n"))) <= 998
