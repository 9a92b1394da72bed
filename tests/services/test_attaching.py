"""Files that go with a mail of ours: whole, within what the mailbox takes, and counted where they are shown."""

import os
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from member_tracker.domain.correspondence import OutgoingFile
from member_tracker.domain.errors import Invalid, NotAllowed, NotFound
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.vocabulary import OutgoingState, Status
from member_tracker.services.attaching import files_to_send
from member_tracker.services.editing import edit_enquiry
from member_tracker.services.enquiries import send_enquiry, tell_resident
from member_tracker.services.post import post_queued
from member_tracker.services.unsure import Verdict, settle
from tests.fakes.office import Office
from tests.services.deeds import answered, mails, timeline

PHOTO = OutgoingFile(name="wet wall.jpg", media_type="image/jpeg", content=b"\xff\xd8" + bytes(5_000))


def outbox_files(office: Office) -> list[list[tuple[str | None, bytes]]]:
    """The names and bytes of the files in each mail that went."""
    return [
        [
            (part.get_filename(), bytes(part.get_payload(decode=True)))
            for part in message_from_bytes(path.read_bytes()).walk()
            if part.get_filename()
        ]
        for path in sorted(office.outbox.glob("*.eml"))
    ]


def takes_at_most(office: Office, megabytes: int) -> None:
    account = MailboxAccount(address="members@example.org", kind=MailboxKind.EXCHANGE_SERVER, largest_mb=megabytes)
    office.parts.profile.keep_mailboxes([account])


def test_a_file_goes_with_the_enquiry_and_is_kept_with_its_name_and_size(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id, attachments=(PHOTO,))
    post_queued(office.app)
    assert outbox_files(office) == [[(PHOTO.name, PHOTO.content)]]
    (kept,) = office.sent_mail(enquiry).attachments
    assert (kept.name, kept.media_type, kept.size) == (PHOTO.name, "image/jpeg", len(PHOTO.content))
    with office.app.store.reading() as tx:
        assert tx.original(kept.sha256) == PHOTO.content


def test_the_timeline_counts_the_files_and_does_not_name_them(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id, attachments=(PHOTO, PHOTO))
    waiting = timeline(office, enquiry)[-1]
    assert waiting.text.endswith("with 2 files.")
    assert "wet wall" not in str([(entry.text, entry.details) for entry in timeline(office, enquiry)])


def test_a_mail_that_is_too_large_is_refused_in_words_before_anything_is_queued(office: Office) -> None:
    takes_at_most(office, 1)
    enquiry = office.log()
    large = OutgoingFile(name="a.pdf", media_type="application/pdf", content=bytes(1_600_000))
    words = "The mail is 3 MB with its attachments; members@example.org takes at most 1 MB"
    with pytest.raises(Invalid, match=words):
        send_enquiry(office.app, enquiry.id, attachments=(large,))
    assert office.read(enquiry).status is Status.DRAFT
    assert mails(office, enquiry) == ()
    assert [entry.kind.value for entry in timeline(office, enquiry)] == ["logged"]


def test_what_counts_is_the_whole_mail_as_it_is_encoded(office: Office) -> None:
    takes_at_most(office, 1)
    fits = OutgoingFile(name="a.pdf", media_type="application/pdf", content=bytes(725_000))
    send_enquiry(office.app, office.log().id, attachments=(fits,))
    with pytest.raises(Invalid, match=r"is 2 MB .* at most 1 MB"):
        send_enquiry(office.app, office.log().id, attachments=(fits, PHOTO))


def test_files_too_large_together_are_refused_unread(office: Office, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.bin", "b.bin")]
    for path in paths:
        with path.open("wb") as file:
            os.truncate(file.fileno(), 15_000_000_000)
    with pytest.raises(Invalid, match=r"is 41053 MB with its attachments; .* takes at most 25 MB"):
        files_to_send(office.app, paths)


def test_files_are_taken_as_they_lie_there_each_under_a_name_of_its_own(office: Office, tmp_path: Path) -> None:
    given = {"one/Plan.pdf": b"1", "two/plan.PDF": b"2", "letter.docx": b"3", "notes": b"", "old.tar.gz": b"5"}
    for name, content in given.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    files = files_to_send(office.app, [tmp_path / name for name in given])
    assert [(file.name, file.content) for file in files] == [
        ("Plan.pdf", b"1"), ("plan (2).PDF", b"2"), ("letter.docx", b"3"), ("notes", b""), ("old.tar.gz", b"5"),
    ]  # fmt: skip
    assert [file.media_type.rpartition(".")[2] for file in files] == [
        "application/pdf", "application/pdf", "document", "application/octet-stream", "application/octet-stream",
    ]  # fmt: skip


def test_a_folder_a_pipe_and_a_file_that_is_not_there_are_refused_with_advice(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is no file"):
        files_to_send(office.app, [tmp_path])
    for missing in (tmp_path / "missing.pdf", Path("nul\0byte.pdf")):
        with pytest.raises(NotFound, match="cannot be read") as refused:
            files_to_send(office.app, [missing])
        assert refused.value.advice
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(Invalid, match="is no file"):
            files_to_send(office.app, [tmp_path / "pipe"])


def test_a_mail_sent_again_takes_its_files_along(office: Office) -> None:
    enquiry = office.log()
    send_enquiry(office.app, enquiry.id, attachments=(PHOTO,))
    (mail,) = mails(office, enquiry)
    with office.app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(QueuedMail, mail.id), state=OutgoingState.UNKNOWN))
    settle(office.app, mail.id, Verdict.AGAIN)
    post_queued(office.app)
    assert outbox_files(office) == [[(PHOTO.name, PHOTO.content)]]
    again = next(each for each in mails(office, enquiry) if each.id != mail.id)
    assert again.attachments == mail.attachments


def test_the_resident_is_told_with_a_file_and_not_the_same_twice(office: Office) -> None:
    enquiry = answered(office, office.logged_and_sent())
    edit_enquiry(office.app, enquiry.id, ["resident_email=ned@example.org"])
    tell_resident(office.app, enquiry.id, "It is mended.", attachments=(PHOTO,))
    assert "by email with 1 file: It is mended." in timeline(office, enquiry)[-1].text
    with pytest.raises(NotAllowed, match="exactly this already"):
        tell_resident(office.app, enquiry.id, "It is mended.", attachments=(PHOTO,))
    tell_resident(office.app, enquiry.id, "It is mended.")
    post_queued(office.app)
    assert sorted(map(len, outbox_files(office))) == [0, 0, 1]


def test_no_file_goes_to_a_resident_nothing_is_mailed_to(office: Office) -> None:
    enquiry = answered(office, office.logged_and_sent())
    with pytest.raises(NotAllowed, match="Nothing is mailed"):
        tell_resident(office.app, enquiry.id, "It is mended.", attachments=(PHOTO,))
    assert office.read(enquiry).status is Status.ANSWERED
