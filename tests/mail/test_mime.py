"""Any bytes at all become a mail."""

import random
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.correspondence import TimeSource
from member_tracker.mail.mime import read_mail
from tests.mail.messages import message

MIXED = b"""From: Pat Green <pat@example.org>
To: members@example.org
Subject: =?utf-8?q?Golau_stryd_=E2=80=93_light?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: multipart/alternative; boundary="a"

--a
Content-Type: text/plain; charset=utf-8

It was repaired.
--a
Content-Type: text/html; charset=utf-8

<p>It was <b>repaired</b>.</p>
--a--
--b
Content-Type: application/pdf; name="report.pdf"
Content-Disposition: attachment; filename="report.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--b
Content-Type: message/rfc822

Message-ID: <ours@council.example.org>
X-Enquiry-Key: ABABABABABABABABABABABABABABABAB
Subject: Light

What about the light?
--b--
"""


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    assert read_mail(raw).size == len(raw)


@given(st.binary(max_size=300), st.integers(0, len(MIXED)), st.integers(0, 60))
def test_a_message_with_bytes_changed_anywhere_is_a_mail(put_in: bytes, at: int, taken_out: int) -> None:
    read_mail(MIXED[:at] + put_in + MIXED[at + taken_out :])


_HEADERS = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Date", "From", "To", "References")


@given(st.lists(st.tuples(st.sampled_from(_HEADERS), st.text(max_size=120)), max_size=8), st.binary(max_size=300))
def test_any_header_is_survived(headers: list[tuple[str, str]], body: bytes) -> None:
    lines = [f"{name}: {value}".encode("utf-8", "replace") for name, value in headers]
    read_mail(b"\n".join(lines) + b"\n\n" + body)


def test_the_parts_of_a_message_are_sorted() -> None:
    mail = read_mail(MIXED)
    assert mail.subject == "Golau stryd – light"
    assert mail.text.strip() == "It was repaired."
    report = mail.attachments[0]
    assert (report.name, report.media_type, report.size) == ("report.pdf", "application/pdf", 5)
    assert report.content == b"%PDF-"
    assert mail.original_message_ids == ("<ours@council.example.org>",)
    assert mail.original_keys == ("ab" * 16,)
    assert "What about" not in mail.text


def test_a_mail_without_plain_text_is_read_from_its_html() -> None:
    raw = message("Content-Type: text/html; charset=utf-8", body="<script>x()</script><p>One</p><p>Two &amp; three</p>")
    assert read_mail(raw).text.split() == ["One", "Two", "&", "three"]


def test_a_stub_of_plain_text_gives_way_to_the_html() -> None:
    html = "<p>" + "The gully was emptied on Monday and is running freely. " * 5 + "</p>"
    body = f"--a\nContent-Type: text/plain\n\n \n--a\nContent-Type: text/html\n\n{html}\n--a--\n"
    mail = read_mail(message('Content-Type: multipart/alternative; boundary="a"', body=body))
    assert mail.text.startswith("The gully was emptied")


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("utf-8", "Ŵy £5".encode(), "Ŵy £5"),
        ("iso-8859-1", "£5 – “yes”".encode("cp1252"), "£5 – “yes”"),
        ("iso-8859-1", "£5 é".encode(), "£5 é"),
        ("us-ascii", "caffé".encode("latin-1"), "caffé"),
        ("no-such-charset", "caffé".encode(), "caffé"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("shift_jis", "こんにちは".encode("shift_jis"), "こんにちは"),
        ("gb2312", "你好鎔".encode("gb18030"), "你好鎔"),
        (
            "utf-8",
            "naïve café, a long line with little wrong".encode("latin-1"),
            "naïve café, a long line with little wrong",
        ),
        ("rot13", b"Hello", "Hello"),
        ("unicode_escape", b"\\u0041", "\\u0041"),
        ("idna", "é".encode(), "é"),
    ],
)
def test_text_is_rescued_whatever_its_charset_is_said_to_be(declared: str, data: bytes, text: str) -> None:
    assert read_mail(message(f"Content-Type: text/plain; charset={declared}", body=data)).text == text


def test_text_without_a_charset_is_read_as_utf8_and_else_as_western() -> None:
    assert read_mail(message(body="£5".encode())).text == "£5"
    assert read_mail(message(body="£5".encode("latin-1"))).text == "£5"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?B?R29sYXU=?= =?utf-8?B?IHN0cnlk?=", "Golau stryd"),
        ("=?utf-8?B?w?= =?utf-8?B?qQ?=", "é"),
        ("=?iso-8859-1?Q?caf=E9_bar?=", "café bar"),
        ("=?utf-8?Q?with spaces inside?=", "with spaces inside"),
        ("=?no-such?B?aGk=?=", "hi"),
        ("=?utf-8?X?broken?=", "=?utf-8?X?broken?="),
        ("folded\r\n line", "folded line"),
        ("Raw caffé", "Raw caffé"),
    ],
)
def test_subjects_are_decoded(raw: str, subject: str) -> None:
    if raw.startswith("=?utf-8?B?w"):
        raw = "=?utf-8?B?ww==?= =?utf-8?B?qQ==?="
    assert read_mail(message(f"Subject: {raw}")).subject == subject


@pytest.mark.parametrize(
    ("header", "address", "name"),
    [
        ("From: pat@example.org", "pat@example.org", ""),
        ('From: "Green, Pat" <pat@example.org>', "pat@example.org", "Green, Pat"),
        ("From: =?utf-8?q?P=C3=A1t?= <pat@example.org>", "pat@example.org", "Pát"),
        ("From: <pat@example.org", "pat@example.org", ""),
        ("From: Pat Green pat@example.org", "pat@example.org", ""),
        ("From: (((((((" * 200 + "<pat@example.org>", "pat@example.org", ""),
    ],
)
def test_senders_are_found(header: str, address: str, name: str) -> None:
    mail = read_mail(message(header))
    assert mail.from_address == address
    assert mail.from_name == name or len(header) > 100 or not name


def test_a_mail_without_sender_or_date_says_so() -> None:
    mail = read_mail(b"Subject: x\n\nHello")
    assert (mail.from_address, mail.sent_at, mail.received_at) == ("", None, None)
    assert set(mail.defects) == {"no date", "no sender address"}


def test_ids_keep_their_brackets_and_their_order() -> None:
    mail = read_mail(
        message(
            "Message-ID: bare@example.org",
            "In-Reply-To: <a@example.org>",
            "References: <c@example.org>\r\n <b@example.org> <a@example.org>",
        )
    )
    assert mail.message_id == "<bare@example.org>"
    assert mail.in_reply_to == ("<a@example.org>",)
    assert mail.references == ("<c@example.org>", "<b@example.org>", "<a@example.org>")


def test_the_servers_time_is_believed_before_any_header() -> None:
    server = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
    raw = message("Received: from a by b; Wed, 18 Nov 2026 11:00:00 +0000")
    assert (read_mail(raw, received_at=server).received_at_source, read_mail(raw).received_at_source) == (
        TimeSource.SERVER,
        TimeSource.RECEIVED_HEADER,
    )
    assert read_mail(raw).received_at == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
    assert read_mail(message()).received_at_source is TimeSource.DATE_HEADER


@pytest.mark.parametrize("date", ["Wed, 99 Foo 2026", "", "Sat, 31 Dec 9999 23:59:59 -1200", "1", "x" * 5000])
def test_a_date_that_cannot_be_is_none(date: str) -> None:
    assert read_mail(message(f"Date: {date}")).sent_at is None


def test_a_message_is_a_message_whatever_its_first_line() -> None:
    raw = b"From pat@example.org Wed Nov 18 09:30:00 2026\n" + message("Subject: Light")
    assert read_mail(raw).subject == "Light"
    assert read_mail(b"\xef\xbb\xbf" + message("Subject: Light")).subject == "Light"


def test_deep_nesting_ends() -> None:
    raw = b"From: a@example.org\n"
    for depth in range(3_000):
        raw += b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (depth, depth)
    mail = read_mail(raw + b"Content-Type: text/plain\n\nHello")
    assert mail.from_address == "a@example.org"
    assert mail.defects


def test_mails_in_mails_in_mails_end() -> None:
    raw = b"From: a@example.org\n" + b"Content-Type: message/rfc822\n\n" * 2_000 + b"Subject: x\n\nHello"
    assert read_mail(raw).from_address == "a@example.org"


def test_many_parts_are_bounded() -> None:
    raw = message('Content-Type: multipart/mixed; boundary="b"', body="--b\n\nx\n" * 5_000 + "--b--")
    assert any("too many parts" in defect for defect in read_mail(raw).defects)


def test_a_very_long_text_is_cut_and_says_so() -> None:
    mail = read_mail(message(body="word " * 400_000))
    assert len(mail.text) <= 1_000_000
    assert any("very long" in defect for defect in mail.defects)


def test_flowed_text_is_joined() -> None:
    raw = message("Content-Type: text/plain; format=flowed", body="one \ntwo\n> quoted \n> on\nthree\n-- \nPat\n")
    assert read_mail(raw).text.split("\n")[:3] == ["one two", "> quoted on", "three"]


@pytest.mark.parametrize("encoding", ["base64", "BASE64 ", '"base64"', "base64;"])
def test_transfer_encodings_are_known_however_written(encoding: str) -> None:
    assert read_mail(message(f"Content-Transfer-Encoding: {encoding}", body="SGVsbG8=")).text == "Hello"


def test_an_unknown_transfer_encoding_is_noted() -> None:
    mail = read_mail(message("Content-Transfer-Encoding: base9000"))
    assert mail.text.strip() == "Hello"
    assert any("base9000" in defect for defect in mail.defects)


@pytest.mark.parametrize("kind", ["application/ms-tnef; name=winmail.dat", "application/pkcs7-mime; name=smime.p7m"])
def test_a_part_that_cannot_be_opened_is_kept_and_said(kind: str) -> None:
    mail = read_mail(message(f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", body="AAAA"))
    assert [attachment.content for attachment in mail.attachments] == [b"\0\0\0"]
    assert any("could not be read" in defect and "the original is kept" in defect for defect in mail.defects)


def test_uuencoded_text_is_read() -> None:
    raw = message("Content-Transfer-Encoding: x-uuencode", body="begin 644 a.txt\n%2&5L;&\\\n`\nend\n")
    assert read_mail(raw).text == "Hello"


def test_the_same_words_give_the_same_hash() -> None:
    one, other = message("Subject: A"), message("Subject: A", "X-Other: 1")
    assert read_mail(one).content_hash == read_mail(other).content_hash
    assert read_mail(one).content_hash != read_mail(message("Subject: B")).content_hash


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 300_000,
        b"<!--" * 75_000,
        b"<a " * 100_000,
        b'<a "' * 75_000,
        b"<style>" * 40_000,
        b"<blockquote>" * 25_000,
        b"&" * 300_000,
        b"<div>" * 60_000 + b"</p>" * 60_000,
    ],
)
def test_hostile_html_takes_no_long_time(body: bytes) -> None:
    start = time.process_time()
    read_mail(message("Content-Type: text/html", body=body))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "body",
    [
        "On Mon 1 " * 40_000,
        "a@b " * 80_000,
        "On 1 January 2026 " + "x " * 200 + "\n" + "wrote " * 60_000,
        ("On 1/1/2026 a wrote\n" * 20_000),
        "From: a\nTo: b\n" * 20_000,
        "which " * 50_000 + "?",
        "(" * 300_000,
        ("> " * 50_000 + "\n") * 3,
        "-" * 300_000,
    ],
)
def test_hostile_text_takes_no_long_time(body: str) -> None:
    start = time.process_time()
    read_mail(message(body=body))
    assert time.process_time() - start < 5


def test_random_changes_to_a_message_never_raise() -> None:
    draw = random.Random(7)
    for _ in range(300):
        changed = bytearray(MIXED)
        for _ in range(draw.randint(1, 20)):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        read_mail(bytes(changed))
