"""Names of attachments that are safe to show and to save under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.mail.attachments import safe_name
from member_tracker.mail.mime import read_mail
from tests.mail.messages import message


@pytest.mark.parametrize(
    ("wanted", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\evil.exe", "evil.exe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("lpt1.doc", "_lpt1.doc"),
        ("name.txt. . .", "name.txt"),
        (" .hidden", "hidden"),
        ("..", "part-1"),
        ("", "part-1"),
        ('a<b>:"c|d?*.txt', "a_b___c_d__.txt"),
        ("llun o'r gwli.jpg", "llun o'r gwli.jpg"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(wanted: str, safe: str) -> None:
    assert safe_name(wanted, otherwise="part-1") == safe


@given(st.text(max_size=200))
def test_every_name_is_safe(wanted: str) -> None:
    name = safe_name(wanted, otherwise="part-1")
    assert name
    assert not set(name) & set('/\\<>:"|?*\x00\u202e\u200f')
    assert all(char.isprintable() or char == " " for char in name)
    assert name[-1] not in ". "
    assert not name.startswith(".")
    assert len(name) <= 120
    assert len(name.encode()) <= 255


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=plain.txt; size=3", "plain.txt"),
        ("attachment; filename*=UTF-8''caf%C3%A9.txt", "café.txt"),
        ('attachment; filename*0="long"; filename*1="er.txt"', "longer.txt"),
        ("attachment; filename*0*=UTF-8''caf%C3; filename*1*=%A9.txt", "café.txt"),
        ('attachment; filename="=?utf-8?B?Y2Fmw6kudHh0?="', "café.txt"),
        ('attachment; filename="../../up.txt"', "up.txt"),
        ('attachment; filename="caf\udcc3\udca9.txt"', "café.txt"),
        ("attachment", "part-1.txt"),
        ('attachment; filename="unclosed', "unclosed"),
    ],
)
def test_names_are_found_however_they_are_written(disposition: str, name: str) -> None:
    mail = read_mail(message("Content-Type: text/plain", f"Content-Disposition: {disposition}"))
    assert [attachment.name for attachment in mail.attachments] == [name]
