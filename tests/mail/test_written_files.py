"""Files that go with our own mail: what is written is what arrives, whatever they are called."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.correspondence import OutgoingFile, OutgoingMail
from member_tracker.mail.mime import read_mail, write_mail
from tests.mail.test_written import AT, MAIL

PHOTO = OutgoingFile(name="Heol Tŷ Gwyn.jpg", media_type="image/jpeg", content=bytes(range(256)) * 40)
LIST = OutgoingFile(name="list of lights.csv", media_type="text/csv", content=b"a,b\r\n1,2\n")
WITH_FILES = replace(MAIL, attachments=(PHOTO, LIST))


def with_file(**changes: object) -> OutgoingMail:
    return replace(MAIL, attachments=(replace(PHOTO, **changes),))  # type: ignore[arg-type]  # checked by the dataclass


def as_others_read(mail: OutgoingMail) -> EmailMessage:
    return message_from_bytes(write_mail(mail, at=AT), policy=policy.default)


def test_the_text_stands_first_and_the_files_follow_whole() -> None:
    mail = read_mail(write_mail(WITH_FILES, at=AT))
    assert (mail.text, mail.defects) == (MAIL.body, ())
    assert [(file.name, file.media_type, file.content) for file in mail.attachments] == [
        (PHOTO.name, "image/jpeg", PHOTO.content),
        (LIST.name, "text/csv", LIST.content),
    ]


def test_another_reader_finds_the_same_names_and_bytes() -> None:
    strict = as_others_read(WITH_FILES)
    assert [part.get_content_type() for part in strict.iter_parts()] == ["text/plain", "image/jpeg", "text/csv"]
    files = list(strict.iter_attachments())
    assert [part.get_filename() for part in files] == [PHOTO.name, LIST.name]
    assert [part.get_payload(decode=True) for part in files] == [PHOTO.content, LIST.content]
    assert not [defect for part in strict.walk() for defect in part.defects]


def test_the_same_mail_is_the_same_bytes() -> None:
    assert write_mail(WITH_FILES, at=AT) == write_mail(replace(WITH_FILES), at=AT)


def test_lines_stay_short_and_end_as_mail_wants() -> None:
    raw = write_mail(replace(WITH_FILES, body="wörd " * 5_000), at=AT)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_a_text_that_looks_like_the_boundary_does_not_end_the_text() -> None:
    boundary = as_others_read(WITH_FILES).get_boundary()
    body = f"Dear officer,\n--{boundary}--\n--{boundary}\nand more\n"
    mail = read_mail(write_mail(replace(WITH_FILES, body=body), at=AT))
    assert (mail.text, len(mail.attachments)) == (body, 2)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Users\\ned\\passwd", "/passwd", "passwd"])
def test_no_path_leaves_with_a_file(name: str) -> None:
    raw = write_mail(with_file(name=name), at=AT)
    assert b'filename="passwd"' in raw
    assert not any(word in raw for word in (b"etc/", b"Users", b".."))


@pytest.mark.parametrize("said", ["message/rfc822", "multipart/mixed", "text", "", "a/b\r\nBcc: thief@example.org"])
def test_a_media_type_no_file_may_have_becomes_plain_bytes(said: str) -> None:
    (part,) = as_others_read(with_file(media_type=said)).iter_attachments()
    assert (part.get_content_type(), part.get_payload(decode=True)) == ("application/octet-stream", PHOTO.content)


@given(name=st.text(max_size=200), content=st.binary(max_size=300))
def test_any_file_arrives_whole_and_its_name_gets_no_header_in(name: str, content: bytes) -> None:
    hostile = f"{name}\r\nBcc: thief@example.org\r\n\r\n{name}"
    strict = as_others_read(with_file(name=hostile, content=content))
    assert strict["bcc"] is None
    (part,) = strict.iter_attachments()
    assert part.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]
    assert part.get_payload(decode=True) == content
    assert read_mail(write_mail(with_file(name=name, content=content), at=AT)).attachments[0].content == content


def test_what_a_file_is_called_and_holds_is_not_in_its_description() -> None:
    assert "Heol" not in repr(WITH_FILES.attachments)
    assert "content" not in repr(WITH_FILES.attachments)
