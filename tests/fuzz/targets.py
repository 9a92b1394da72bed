"""What is given bytes nobody thought of. Another target is one more `Target` in the list at the end of this file."""

import contextlib
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from member_tracker.domain.charter_file import read_charter
from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.matching import Candidate, match
from member_tracker.domain.reading import read_reply
from member_tracker.domain.reading_kind import classify
from member_tracker.domain.reference import Reference, find_broken_references, find_references, make_reference
from member_tracker.mail.attachments import safe_name
from member_tracker.mail.mbox import messages_in
from member_tracker.mail.mime import read_mail
from member_tracker.mail.outlook import Unreadable, message_of_tnef
from member_tracker.services.importing_fields import (
    Dates,
    channel_of,
    guess_columns,
    guess_day_first,
    kind_of,
    priority_of,
)
from member_tracker.services.importing_sheet import read_sheet
from member_tracker.shipped import shipped
from tests.mail.outlook_files import compound_file, msg_folder, winmail

RECEIVED_ON = date(2026, 11, 18)
REFERENCE = make_reference("G7K3", 142)
KEY = "5f" * 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A reader of bytes: it may refuse them in words (`TrackerError`), and nothing else may leave it.

    `seeds` are whole inputs to begin from and `words` what inputs of this kind are made of.
    """

    name: str
    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()
    longest: int = 20_000

    def __call__(self, raw: bytes) -> None:
        """Read the bytes, or refuse them in words with advice."""
        try:
            self.run(raw)
        except TrackerError as refused:
            if not (refused.title and refused.advice):
                raise AssertionError("a refusal without a title or advice") from refused


class _OneEnquiry:
    """Finds one enquiry by everything that can lead to it."""

    candidate = Candidate(
        enquiry_id=EnquiryId("enquiry"),
        reference=REFERENCE,
        topic="Missed bin",
        is_open=True,
        area_addresses=frozenset({"waste@council.example.org"}),
        area_domains=frozenset({"council.example.org"}),
        councillor_addresses=frozenset({"anna.ash@example.org"}),
        resident_addresses=frozenset({"rose.m@example.org"}),
    )

    def by_message_ids(self, ids: Collection[str]) -> Mapping[str, Candidate]:
        return {each: self.candidate for each in ids if each == "<ours@example.org>"}

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Candidate]:
        return {each: self.candidate for each in keys if each == KEY}

    def by_thread(self, thread_key: str) -> Sequence[Candidate]:
        return [self.candidate] if thread_key else []

    def by_references(self, references: Collection[Reference]) -> Mapping[Reference, Candidate]:
        return {each: self.candidate for each in references if each == REFERENCE}

    def by_sender(self, address: str) -> Sequence[Candidate]:
        return [self.candidate] if address.endswith("example.org") else []


def _read_and_match(mail: IncomingMail) -> None:
    kind, _ = classify(mail)
    found = match(mail, _OneEnquiry(), kind=kind, own_addresses=("member.enquiries@example.org",))
    said = read_reply(mail, received_on=RECEIVED_ON, calendar=None, sender=found.sender_role)
    read_reply(mail, received_on=RECEIVED_ON, calendar=None)
    assert said.sentence in mail.reply_text or " ".join(said.sentence.split()) in " ".join(mail.reply_text.split())


def _mail(raw: bytes) -> None:
    """A message as it comes in: taken apart, matched and read."""
    mail = read_mail(raw)
    assert mail.size == len(raw)
    for one in mail.attachments:
        assert one.name == safe_name(one.name, otherwise="?"), "an attachment whose name is not safe"
        assert len(one.sha256) == len(hashlib.sha256().hexdigest())
    _read_and_match(mail)


def _reply(raw: bytes) -> None:
    """A subject and what stands in a reply, without what a mail wraps round it."""
    subject, _, text = raw.decode("utf-8", "replace").partition("\n")
    _read_and_match(
        IncomingMail(
            message_id=None,
            from_address="officer@council.example.org",
            subject=subject,
            reply_text=text,
            text=text,
            original_message_ids=tuple(text.split()[:3]),
        )
    )
    for found in find_references(text):
        assert find_references(found) == (found,)
    find_broken_references(text)


def _tnef(raw: bytes) -> None:
    """A winmail.dat, by itself as the library is given it."""
    try:
        message_of_tnef(raw)
    except Unreadable:
        return


def _charter(raw: bytes) -> None:
    read_charter("charter.toml", raw.decode("utf-8", "replace"))


def _mbox(raw: bytes) -> None:
    last = -1
    for offset, message in messages_in(raw):
        assert offset > last
        assert message in raw
        last = offset


def _table(raw: bytes) -> None:
    """A table somebody wants to import: read, its columns guessed, and its dates and words taken."""
    sheet = read_sheet(raw)
    assert all(len(row.cells) == len(sheet.headers) for row in sheet.rows)
    assert len({header.casefold() for header in sheet.headers}) == len(sheet.headers)
    guess_columns(sheet.headers)
    cells = [cell for row in sheet.rows[:200] for cell in row.cells]
    dates = Dates(day_first=guess_day_first(cells))
    for cell in cells[:500]:
        for read in (dates.moment, channel_of, kind_of, priority_of):
            with contextlib.suppress(TrackerError):
                read(cell)


_HEAD = (
    b"Received: from relay.example.org by mx.example.org; Wed, 18 Nov 2026 09:31:00 +0000\r\n"
    b"From: Olu Officer <officer@council.example.org>\r\nTo: member.enquiries@example.org\r\n"
    b"Subject: RE: [" + REFERENCE.encode() + b"] Missed bin\r\nDate: Wed, 18 Nov 2026 09:30:00 +0000\r\n"
    b"Message-ID: <one@council.example.org>\r\nIn-Reply-To: <ours@example.org>\r\nX-Enquiry-Key: "
    + KEY.encode()
    + b"\r\nMIME-Version: 1.0\r\n"
)
_PLAIN = (
    _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe bin will be emptied by Friday 27 November.\r\n\r\n"
    b"On 17/11/2026, Anna Ash wrote:\r\n> Please look into this.\r\n"
)
_HTML = _HEAD + (
    b"Content-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<html><body><p>We=92ll reply within 10 working days.</p><hr><b>From:</b> Anna<br><b>Sent:</b> today"
    b"<blockquote><table><tr><td>old</td></tr></table></blockquote></body></html>"
)
_MIXED = _HEAD + (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n'
    b"--b\r\nContent-Type: application/pdf; name*=utf-8''a%20b.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@example.org>\r\n"
    b"Subject: =?utf-8?q?B=C3=AFn?=\r\n\r\nOld\r\n"
    b"--b--\r\n"
)
_BOUNCE = (
    b"From: MAILER-DAEMON@example.org\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="c"\r\n\r\n--c\r\n\r\nSorry.\r\n--c\r\n'
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
    b"Final-Recipient: rfc822; waste@council.example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n--c\r\n"
    b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@example.org>\r\n\r\n--c--\r\n"
)
_MAIL_WORDS = tuple(
    word.encode()
    for word in (
        "\r\n\r\n|\r\n--b\r\n|\r\n--b--|=?utf-8?b?|=?iso-8859-1?q?=FF|?=|Content-Type: |Content-Disposition: |"
        "Content-Transfer-Encoding: |base64|quoted-printable|x-uuencode|8bit|multipart/alternative|multipart/related|"
        "message/rfc822|message/partial|text/calendar|text/html|boundary=|charset=|utf-16|utf-7|koi8-r|gb18030|"
        "filename*0*=|name=|References: |Thread-Index: |Auto-Submitted: |Date: |Received: |From: |To: |<|>|<table>|"
        "<blockquote>|<style>|&#x|</|&nbsp;|> |On 1 May 2026, A wrote:|-----Original Message-----|begin 644 a\r\n|"
        '=\r\n|=C3|\x00|;|,|"|(|)|@|..|-- \r\n|Sent from my iPhone'
    ).split("|")
)
_SENTENCE_WORDS = tuple(
    word.encode()
    for word in (
        "by Friday|w/c 7 December|within 10 working days|27/11/2026|31.2.26|29th February|not |will be |has been |"
        "I am out of the office until |Please contact |acknowledge|thank you for your|next week|1/1/0001|99/99/9999|"
        "tomorrow|. |? |\n|> |, |ENQ-|" + REFERENCE + "|Rwyf allan o'r swyddfa|0 working days|9999999999 days|é|\u202e"
    ).split("|")
)
_CHARTERS = tuple(
    each.read_bytes() for each in sorted(shipped("charters").iterdir(), key=lambda one: one.name) if each.is_file()
)
_CHARTER_WORDS = tuple(
    word.encode()
    for word in (
        '[[standard]]|[[indicator]]|id = |"|= true|= 2026-01-01|= 1979-05-27T07:32:00Z|= inf|= nan|= -1|= 1e999|{|}|'
        'channels = ["email"]|respond = { within = 10, unit = "working_day", source = "x" }|unit = |from = |to = |[|]|'
        "\n|#|= 99999999999999999999|'''|\"\"\"|\\u0000|uses = |kinds = |stage = |targets = "
    ).split("|")
)
_ENVELOPE = b"From anna@example.org Wed Nov 18 09:30:00 2026\n"

_SHEET = (
    b"Councillor,Resident,Service area,Received,Subject,Question,Ref\r\n"
    b'Cllr Anna Ash,Rose Made-Up,Housing,24/11/2025,Damp,"The wall, it is wet.\r\nPlease look.",OLD-1\r\n'
    b"Cllr Anna Ash,Ned Example,Waste,24 Nov 2025 4:50 pm,Bins,Again,OLD-2\r\n"
)
_SHEET_WORDS = (
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"sep=;\r\n", b'"', b'""', b",", b";", b"\t", b"|", b"\r", b"\r\n",
    b"\x00", b"\x81", b"45985", b"99999.5", b"31/02/2025", b"0000-00-00", b"24/11/25 25:61", b"Date", b"phone",
    b"\xe2\x80\xae", b"9" * 40, b"\xd8\x00",
)  # fmt: skip

_MSG_TEXTS = {
    "0037": "RE: Missed bin",
    "1000": "The bin will be emptied by Friday.\r\n",
    "007D": "From: Olu <officer@council.example.org>\r\nMessage-ID: <one@council.example.org>\r\n",
}
_MSG = compound_file(msg_folder(_MSG_TEXTS, files=(("a.txt", b"short"),), inner=(msg_folder(_MSG_TEXTS, depth=1),)))
_TNEF = winmail("The bin was emptied.", files=(("a.txt", b"short"),), inner=winmail("Another."))

_MSG_WORDS = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xfe\xff\xff\xff",
    b"\xff\xff\xff\xff",
    *(f"__{name}".encode("utf-16-le") for name in ("substg1.0_1000001F", "attach_version1.0_#", "substg1.0_3701000D")),
)
_TNEF_WORDS = (b"\x78\x9f\x3e\x22", b"\x02\x0f\x80", b"\x01\x03\x90", b"\x02\x02\x90", b"\xff\xff\xff\x7f")

TARGETS: tuple[Target, ...] = (
    Target(name="msg", run=_mail, seeds=(_MSG,), words=_MSG_WORDS, longest=40_000),
    Target(name="tnef", run=_tnef, seeds=(_TNEF, winmail("text only")), words=_TNEF_WORDS),
    Target(name="mail", run=_mail, seeds=(_PLAIN, _HTML, _MIXED, _BOUNCE), words=_MAIL_WORDS),
    Target(
        name="reply",
        run=_reply,
        seeds=(
            b"RE: Missed bin\nThank you. The bin will be emptied by Friday week. Who lives there?",
            b"Automatic reply: away\nI am out of the office until 30 November. Please contact Pat on 01257 000000.",
        ),
        words=_SENTENCE_WORDS,
        longest=8_000,
    ),
    Target(name="table", run=_table, seeds=(_SHEET, _SHEET.decode().encode("utf-16")), words=_SHEET_WORDS),
    Target(name="charter", run=_charter, seeds=_CHARTERS, words=_CHARTER_WORDS),
    Target(
        name="mbox",
        run=_mbox,
        seeds=(_ENVELOPE + _PLAIN.replace(b"\r\n", b"\n") + b"\n" + _ENVELOPE + b"Subject: two\n\nFrom here on\n",),
        words=(_ENVELOPE, b"From ", b">From ", b"\n\n", b"\r\n\r\n", b"Subject: ", b"12:00 2026"),
    ),
)


def target_named(name: str) -> Target:
    """The target of that name."""
    return next(target for target in TARGETS if target.name == name)
