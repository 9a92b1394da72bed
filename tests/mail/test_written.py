"""Our own mail as bytes, and back."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.correspondence import OutgoingMail
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import make_reference
from member_tracker.mail.mime import read_mail, write_mail

AT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
MAIL = OutgoingMail(
    id="mail-1",
    enquiry_id=EnquiryId("enquiry-1"),
    key="ab" * 16,
    message_id="<0123456789abcdef@council.example.org>",
    from_address="members@council.example.org",
    to=("streets@example.org", "duty@example.org"),
    subject=f"Golau stryd – light out [{make_reference('7K3M', 142)}]",
    body="Dear officer,\n\nThe light in Heol Tŷ Gwyn is out.\nFrom Monday on it has been dark.\n",
    reference=make_reference("7K3M", 142),
    in_reply_to="<theirs@example.org>",
    references=tuple(f"<{number:032d}@mail.some-long-domain.example.org>" for number in range(20)),
)


def test_what_is_written_is_read_back() -> None:
    mail = read_mail(write_mail(MAIL, at=AT))
    assert (mail.subject, mail.text, mail.message_id) == (MAIL.subject, MAIL.body, MAIL.message_id)
    assert (mail.from_address, mail.to) == (MAIL.from_address, MAIL.to)
    assert (mail.in_reply_to, mail.references) == (("<theirs@example.org>",), MAIL.references)
    assert (mail.enquiry_key, mail.enquiry_reference) == (MAIL.key, MAIL.reference)
    assert (mail.sent_at, mail.defects) == (AT, ())


def test_a_strict_reader_reads_the_same() -> None:
    strict = message_from_bytes(write_mail(MAIL, at=AT), policy=policy.default)
    assert strict["subject"] == MAIL.subject
    assert strict["references"].split() == list(MAIL.references)
    assert strict.get_content().replace("\r\n", "\n") == MAIL.body


def test_lines_are_short_and_end_as_mail_wants() -> None:
    raw = write_mail(replace(MAIL, body="word " * 5_000, subject="wörd " * 40), at=AT)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_only_automatic_mail_says_that_it_is() -> None:
    assert b"Auto-Submitted" not in write_mail(MAIL, at=AT)
    assert b"X-Auto-Response-Suppress" not in write_mail(MAIL, at=AT)
    automatic = write_mail(replace(MAIL, automatic=True), at=AT)
    assert b"Auto-Submitted: auto-generated\r\n" in automatic
    assert b"X-Auto-Response-Suppress: OOF, AutoReply\r\n" in automatic


def test_there_is_never_a_blind_copy() -> None:
    assert b"bcc" not in write_mail(MAIL, at=AT).lower()


@given(st.text(max_size=120))
def test_no_subject_gets_a_header_in(subject: str) -> None:
    hostile = f"{subject}\r\nBcc: thief@example.org\n\nbody{subject}"
    raw = write_mail(replace(MAIL, subject=hostile), at=AT)
    head = message_from_bytes(raw)
    assert head["bcc"] is None
    assert head.keys() == message_from_bytes(write_mail(MAIL, at=AT)).keys()


@given(st.text(max_size=300))
def test_any_body_is_read_back(body: str) -> None:
    mail = read_mail(write_mail(replace(MAIL, body=body), at=AT))
    sayable = body.encode("utf-8", "replace").decode("utf-8")
    plain = sayable.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    assert mail.text == (plain if plain.strip() else "")


@pytest.mark.parametrize(
    "changes",
    [
        {"to": ("streets@example.org\r\nBcc: thief@example.org",)},
        {"to": ("not an address",)},
        {"from_address": "méchant@example.org"},
        {"message_id": "<a@b>\r\nBcc: thief@example.org"},
        {"in_reply_to": "no brackets"},
        {"references": ("<a b@c>",)},
        {"key": "AB" * 16},
    ],
)
def test_what_cannot_stand_in_a_header_is_refused_with_advice(changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        write_mail(replace(MAIL, **changes), at=AT)  # type: ignore[arg-type]  # the names are checked by the dataclass
