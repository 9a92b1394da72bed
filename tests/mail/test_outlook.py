"""Mail in Outlook's own formats: .msg files and winmail.dat are opened, or said to be unreadable, and kept."""

import base64
import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.reference import make_reference
from member_tracker.mail.files import read_messages
from member_tracker.mail.mime import read_mail
from tests.mail.messages import message
from tests.mail.outlook_files import Folder, compound_file, msg_folder, tnef_object, winmail

REFERENCE = make_reference("7K3M", 142)
HEADERS = (
    "From: Pat Green <pat@example.org>\r\nTo: members@example.org\r\nDate: Wed, 18 Nov 2026 09:30:00 +0000\r\n"
    "Message-ID: <saved@example.org>\r\nIn-Reply-To: <ours@example.org>\r\nSubject: RE: Damp\r\n"
    "Content-Type: multipart/mixed; boundary=gone\r\n\r\n"
)
REPLY = {"0037": "RE: Damp", "1000": "The wall was treated on Monday.\r\n", "007D": HEADERS}
OURS = {"0037": f"Damp [{REFERENCE}]", "1035": "<ours@example.org>", "1000": "Please inspect it.", "007D": ""}


def attached(name: str, kind: str, content: bytes) -> bytes:
    """A mail with a line of text and one file."""
    return message(
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
        body=f'--b\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n--b\r\nContent-Type: {kind}; name="{name}"\r\n'
        f"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.encodebytes(content).decode()}\r\n--b--\r\n",
    )


def test_a_mail_saved_by_outlook_is_read_like_any_other() -> None:
    mail = read_mail(compound_file(msg_folder(REPLY, files=(("report.pdf", b"%PDF" * 2_000), ("a.txt", b"short")))))
    assert (mail.from_address, mail.message_id, mail.in_reply_to) == (
        "pat@example.org", "<saved@example.org>", ("<ours@example.org>",),
    )  # fmt: skip
    assert mail.reply_text == "The wall was treated on Monday."
    assert [(one.name, one.size) for one in mail.attachments] == [("report.pdf", 8_000), ("a.txt", 5)]
    assert mail.defects == ()


def test_a_mail_saved_without_its_head_is_put_together_from_its_properties() -> None:
    folder = msg_folder({"0037": "Damp", "1000": "Hello", "0C1A": "Pat Green", "5D01": "pat@example.org"})
    sent = struct.pack("<HHIQ", 0x40, 0x0039, 6, 134239194000000000)
    folder.streams["__properties_version1.0"] = bytes(32) + sent
    mail = read_mail(compound_file(folder))
    assert (mail.from_address, mail.from_name, mail.subject) == ("pat@example.org", "Pat Green", "Damp")
    assert mail.sent_at is not None
    assert mail.sent_at.year == 2026


def test_an_original_attached_by_outlook_gives_its_id_reference_and_text() -> None:
    original = msg_folder(OURS, depth=1)
    for raw in (
        compound_file(msg_folder(REPLY, inner=(original,))),
        attached("original.msg", "application/vnd.ms-outlook", compound_file(msg_folder(OURS))),
    ):
        mail = read_mail(raw)
        assert mail.original_message_ids == ("<ours@example.org>",)
        assert mail.original_references == (REFERENCE,)
        assert "Please inspect it." in mail.enclosed_text
        assert "Please inspect it." not in mail.text


def test_an_attached_mail_gives_its_text_and_its_files() -> None:
    original = attached("plan.pdf", "application/pdf", b"%PDF plan")
    for kind in ("message/rfc822", "application/octet-stream"):
        mail = read_mail(attached("original.eml", kind, original))
        assert [one.name for one in mail.attachments] == ["original.eml", "plan.pdf"]
        assert mail.enclosed_text.strip() == "See below."
        assert mail.original_message_ids == ("<one@example.org>",)


def test_the_files_in_a_winmail_dat_are_the_mails_own() -> None:
    mail = read_mail(
        attached("winmail.dat", "application/ms-tnef", winmail("Packed text", (("plan.pdf", b"%PDF\0\0"),)))
    )
    assert [(one.name, one.content) for one in mail.attachments][1:] == [("plan.pdf", b"%PDF\0\0")]
    assert mail.text.strip() == "See below."
    assert mail.defects == ()


def test_the_text_of_a_winmail_dat_is_read_where_there_is_no_other() -> None:
    raw = message(
        "Content-Type: application/ms-tnef; name=winmail.dat",
        "Content-Transfer-Encoding: base64",
        body=base64.encodebytes(winmail("The wall was treated.")),
    )
    assert read_mail(raw).reply_text == "The wall was treated."


def test_a_mail_in_a_winmail_dat_is_opened_too() -> None:
    inner = winmail("Inside", (("inner.txt", b"deep"),))
    mail = read_mail(attached("winmail.dat", "application/ms-tnef", winmail("Outside", inner=inner)))
    assert "inner.txt" in [one.name for one in mail.attachments]
    assert "Inside" in mail.enclosed_text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("winmail.dat", winmail("Text")[:30]),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + b"\xff" * 200),
        ("saved.msg", compound_file(msg_folder(REPLY))[:700]),
        ("saved.msg", compound_file(Folder())),
        ("saved.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ],
)
def test_what_cannot_be_opened_is_kept_and_said_so_or_read_as_far_as_it_goes(name: str, content: bytes) -> None:
    mail = read_mail(attached(name, "application/ms-tnef" if name == "winmail.dat" else "application/x", content))
    assert mail.attachments[0].content == content
    assert mail.text.strip() == "See below."
    if name == "saved.msg":
        assert any("could not be read" in defect for defect in mail.defects)


def test_a_broken_outlook_file_is_a_mail_with_a_defect() -> None:
    mail = read_mail(compound_file(msg_folder(REPLY))[:700])
    assert any("could not be read" in defect for defect in mail.defects)


def test_counts_that_lie_do_not_keep_the_reader() -> None:
    lie = struct.pack("<I", 0xFFFFFFFF)
    made = winmail("Text") + tnef_object(1, 0x9003, 6, lie) + tnef_object(1, 0x9004, 6, lie + lie)
    start = time.process_time()
    mail = read_mail(attached("winmail.dat", "application/ms-tnef", made))
    assert time.process_time() - start < 1
    assert mail.attachments


def test_a_part_that_is_too_large_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("member_tracker.mail.parts.LARGEST_PART", 1_000)
    mail = read_mail(attached("plan.tif", "image/tiff", b"x" * 1_001))
    assert (mail.attachments[0].size, mail.attachments[0].content) == (1_001, None)
    assert any("plan.tif" in defect and "is larger than" in defect for defect in mail.defects)


def test_saved_mails_are_found_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "saved.msg").write_bytes(compound_file(msg_folder(REPLY)))
    ((_, raw),) = read_messages([tmp_path])
    assert read_mail(raw).subject == "RE: Damp"


SAVED, PACKED = compound_file(msg_folder(REPLY, files=(("a.txt", b"short"),))), winmail("Text", (("a.txt", b"short"),))


@given(st.sampled_from([SAVED, PACKED]), st.lists(st.tuples(st.integers(0, 6_000), st.integers(0, 255)), max_size=12))
def test_whatever_stands_in_the_bytes_they_are_read_or_refused(raw: bytes, changes: list[tuple[int, int]]) -> None:
    broken = bytearray(raw)
    for at, byte in changes:
        broken[at % len(broken)] = byte
    mail = read_mail(attached("some.msg", "application/ms-tnef", bytes(broken)))
    assert mail.attachments[0].content == bytes(broken)
    read_mail(bytes(broken))


@pytest.mark.parametrize("at", [40, 44, 64, 72])
def test_a_head_that_counts_more_sectors_than_there_are_is_refused_before_it_is_believed(at: int) -> None:
    raw = bytearray(compound_file(msg_folder(REPLY)))
    raw[at : at + 4] = b"\x01\x00\x00\xe4"
    tracemalloc.start()
    mail = read_mail(bytes(raw))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50 * 2**20
    assert any("could not be read" in defect for defect in mail.defects)
