"""Attachments are opened from a private folder that does not outlive the program, and nothing that runs is."""

import io
import stat
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.errors import NotAllowed, NotFound, Unavailable
from member_tracker.domain.mailbag import MailAttachment
from member_tracker.services.opened_files import FOLDER, empty, put_out, save_as, shown_name, why_only_saved
from member_tracker.services.risky_files import why_risky
from tests.fakes.office import Office

PDF = b"%PDF-1.7\nA letter."


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return held.getvalue()


def kept(office: Office, name: str, content: bytes) -> MailAttachment:
    with office.app.store.writing(author=None) as tx:
        tx.keep_original(content, "application/octet-stream")
    return MailAttachment(
        name=name, media_type="application/pdf", size=len(content), sha256=sha256(content).hexdigest()
    )


def test_a_letter_is_opened_under_a_name_that_says_nothing_where_nobody_else_may_look(office: Office) -> None:
    path = put_out(office.app, kept(office, "Rose Made-Up medical.pdf", PDF))
    assert path.read_bytes() == PDF
    assert path.suffix == ".pdf"
    assert "Rose" not in path.name
    assert path.parent == office.parts.profile.folder / FOLDER
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert put_out(office.app, kept(office, "Rose Made-Up medical.pdf", PDF)) != path


def test_the_folder_is_emptied_whatever_was_left_in_it(office: Office) -> None:
    path = put_out(office.app, kept(office, "a.pdf", PDF))
    (path.parent / "left by a crash").mkdir()
    empty(office.parts.profile)
    assert not path.parent.exists()
    empty(office.parts.profile)


def test_a_link_in_place_of_the_folder_is_not_followed(office: Office, tmp_path: Path) -> None:
    (office.parts.profile.folder / FOLDER).symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(Unavailable):
        put_out(office.app, kept(office, "a.pdf", PDF))


def test_bytes_that_have_not_come_yet_are_said_in_words(office: Office) -> None:
    with pytest.raises((NotFound, Unavailable)) as refused:
        put_out(office.app, MailAttachment(name="a.pdf", media_type="x", size=1, sha256="0" * 64))
    assert refused.value.advice


RISKY = {
    "letter.exe": b"",
    "letter.pdf.exe": b"",
    "letter.exe.pdf": PDF,
    "LETTER.SCR ": b"",
    "letter.pdf.": b"MZ\x90",
    "letter.pdf": b"\x7fELF",
    "script.txt": b"#!/bin/sh",
    "photo.jpg": b"L\x00\x00\x00\x01\x14\x02\x00\x00",
    "invoice.iso": b"",
    "invoice.doc": bytes(0x8001) + b"CD001",
    "minutes.docm": b"",
    "minutes.docx": packed("word/document.xml", "word/vbaProject.bin"),
    "minutes.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"),
    "page.html": b"",
    "page.txt": b"\xef\xbb\xbf <!DOCTYPE html><script>",
    "wide.txt": "\ufeff<html>".encode("utf-16-le"),
    "photos.zip": packed("summer/holiday.jpg.exe"),
    "broken.zip": b"PK\x03\x04 and no more",
    "program.pdf": packed("META-INF/MANIFEST.MF", "a.class"),
    "link.url": b"",
    "list.library-ms": b"",
}


@pytest.mark.parametrize("name", RISKY)
def test_what_would_run_something_is_only_saved_and_it_is_said_why(office: Office, name: str) -> None:
    attachment = kept(office, name, RISKY[name])
    with pytest.raises(NotAllowed, match="not opened: it is ") as refused:
        put_out(office.app, attachment)
    assert "Save it only if" in refused.value.advice
    assert why_only_saved(office.app, attachment)
    target = office.parts.profile.folder / "saved"
    save_as(office.app, attachment, target)
    assert target.read_bytes() == RISKY[name]


FINE = {
    "letter.pdf": PDF,
    "minutes of 3.11.2025.docx": packed("word/document.xml"),
    "photo.jpg": b"\xff\xd8\xff",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "notes.txt": b"a < b and <c>",
    "photos.zip": packed("one.jpg", "two.png"),
    "no ending": b"plain words",
    "": b"",
}


@pytest.mark.parametrize("name", FINE)
def test_ordinary_letters_and_pictures_are_opened(name: str) -> None:
    assert why_risky(name, FINE[name]) is None


@given(st.text(max_size=40), st.binary(max_size=200))
def test_no_name_and_no_bytes_upset_the_look_at_them(name: str, content: bytes) -> None:
    why_risky(name, content)
    why_risky(name, b"PK\x05\x06" + content)


@given(st.text(max_size=30))
def test_a_shown_name_turns_no_letters_round(name: str) -> None:
    shown = shown_name(f"letter\u202efdp.{name}exe")
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f/\\\x00")


def test_a_file_saved_in_place_of_another_replaces_it_whole_or_not_at_all(office: Office) -> None:
    target = office.parts.profile.folder / "saved.pdf"
    target.write_bytes(b"before")
    save_as(office.app, kept(office, "a.pdf", PDF), target)
    assert target.read_bytes() == PDF
    with pytest.raises(Unavailable, match="could not be written"):
        save_as(office.app, kept(office, "a.pdf", PDF), office.parts.profile.folder / "gone" / "a.pdf")
