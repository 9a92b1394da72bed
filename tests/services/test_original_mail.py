"""The original of a mail: as it was laid out and as text, safe to show, and saved as it came."""

import logging
from pathlib import Path

import pytest

from member_tracker.domain.errors import NotFound, Unavailable
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.services.original_mail import OriginalMail, original_mail, save_original
from tests.fakes.office import Office
from tests.mail.messages import message
from tests.mail.outlook_files import compound_file, msg_folder

PAGE = (
    "<h2>Mill Lane</h2><p>The <b>gully</b> was emptied.<script>alert(1)</script><img src='https://example.org/p'></p>"
)


def read(office: Office, raw: bytes, name: str = "one.eml") -> tuple[str, OriginalMail]:
    """The mail in the bytes once it has come in, with its id."""
    office.inbox.mkdir(parents=True, exist_ok=True)
    (office.inbox / name).write_bytes(raw)
    office.collect()
    with office.app.store.reading() as tx:
        (mail,) = tx.every(ReceivedMail)
    return mail.id, original_mail(office.app, mail.id)


def test_a_mail_is_read_as_it_was_laid_out_and_as_text_below_its_head(office: Office) -> None:
    _, mail = read(office, message("Subject: <b>Bins</b> \u202ekcab", "Content-Type: text/html", body=PAGE))
    assert mail.html == (
        "<p>From: Pat Green &lt;pat@example.org&gt;<br>To: members@example.org<br>"
        "Date: Wed, 18 Nov 2026 09:30:00 +0000<br>Subject: &lt;b&gt;Bins&lt;/b&gt; kcab<br>"
        "Message-ID: &lt;one@example.org&gt;</p><hr>"
        "<h2>Mill Lane</h2><p>The <b>gully</b> was emptied.[Picture]</p>"
    )
    assert mail.is_whole
    assert mail.text.startswith("From: Pat Green <pat@example.org>\nTo: members@example.org\n")
    assert mail.text.endswith("\n\nMill Lane\n\nThe gully was emptied.\n")
    assert mail.file_name == "mail.eml"


def test_a_mail_of_text_alone_is_text_alone(office: Office) -> None:
    _, mail = read(office, message("Subject: Bins", body="The <b>bin</b> was emptied.\n"))
    assert mail.html == ""
    assert mail.is_whole
    assert mail.text.endswith("\n\nThe <b>bin</b> was emptied.\n")


def test_a_file_of_outlooks_is_laid_out_and_saved_as_what_it_is(office: Office, tmp_path: Path) -> None:
    text, page = "The bin was emptied.", "<p>The <i>bin</i> was emptied.</p>"
    sender = {"0C1A": "Pat Green", "5D01": "pat@example.org"}
    raw = compound_file(msg_folder({"0037": "Bins", "1000": text, "1013": page, **sender}))
    mail_id, mail = read(office, raw, "one.msg")
    assert mail.html == f'<p>From: "Pat Green" &lt;pat@example.org&gt;<br>Subject: Bins</p><hr>{page}'
    assert mail.file_name == "mail.msg"
    save_original(office.app, mail_id, tmp_path / "kept.msg")
    assert (tmp_path / "kept.msg").read_bytes() == raw


def test_of_a_mail_of_five_megabytes_a_part_is_laid_out_and_all_of_it_is_saved(office: Office, tmp_path: Path) -> None:
    raw = message("Subject: Bins", "Content-Type: text/html", body="<p>The <b>gully</b> was emptied.</p>\n" * 140_000)
    assert len(raw) > 5_000_000
    mail_id, mail = read(office, raw)
    assert not mail.is_whole
    assert len(mail.html) < 1_000_000
    save_original(office.app, mail_id, tmp_path / "kept.eml")
    assert (tmp_path / "kept.eml").read_bytes() == raw


def test_a_line_without_end_is_broken_where_it_is_shown(office: Office) -> None:
    _, mail = read(office, message("Subject: Bins", body="x" * 12_000))
    assert mail.text.splitlines()[-3:] == ["x" * 5_000, "x" * 5_000, "x" * 2_000]


def test_where_it_cannot_be_saved_that_is_said(office: Office, tmp_path: Path) -> None:
    mail_id, _ = read(office, message(body=PAGE))
    with pytest.raises(Unavailable, match="could not be written"):
        save_original(office.app, mail_id, tmp_path / "nowhere" / "kept.eml")
    with pytest.raises(NotFound):
        original_mail(office.app, "nobody")
    assert list(tmp_path.rglob("kept.eml")) == []


def test_nothing_of_a_mail_is_logged(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    read(
        office, message("Subject: Bins", "Content-Type: text/html; charset=nonsense", body=f"{PAGE}<a href='https://[")
    )
    assert not any(word in caplog.text for word in ("gully", "Mill Lane", "Bins", "Pat", "example.org"))
