"""A mail as it came: its head and its whole text, or as it was laid out, read from the bytes that are kept for ever."""

import re
from dataclasses import dataclass
from pathlib import Path

from member_tracker.domain.errors import UNFORESEEN
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.mail.html_laid_out import laid_out, shown_words
from member_tracker.mail.mime import read_head, read_html
from member_tracker.mail.outlook import is_msg
from member_tracker.services.opened_files import write_whole
from member_tracker.services.parts import App

SHOWN_HEADS = ("From", "Sender", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID")
_LONGEST_HEAD = 2_000
_LONG_LINE = re.compile(r"[^\n]{5000}(?=[^\n])")
"""A line is broken there: the time it takes to show one grows with the square of its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalMail:
    """What can be read of a mail: its text, and as safe HTML how it was laid out (empty where it came as text alone).

    `is_whole` says whether all of the HTML is there, and `file_name` under what the bytes may be saved.
    """

    text: str
    html: str = ""
    is_whole: bool = True
    file_name: str = "mail.eml"


def original_mail(app: App, mail_id: str) -> OriginalMail:
    """The mail with the lines of its head that say who wrote to whom and when; never anything fetched."""
    with app.store.reading() as tx:
        mail = tx.get(ReceivedMail, mail_id)
        raw = tx.original(mail.original)
    heads = _heads(raw)
    html, is_whole = _laid_out(heads, raw)
    return OriginalMail(
        text=_LONG_LINE.sub(r"\g<0>\n", "\n".join([*heads, "", mail.text.strip(), ""])),
        html=html,
        is_whole=is_whole,
        file_name="mail.msg" if is_msg(raw) else "mail.eml",
    )


def save_original(app: App, mail_id: str, path: Path) -> None:
    """Write the bytes of a mail to a file somebody chose; raises `Unavailable` where that cannot be written."""
    with app.store.reading() as tx:
        raw = tx.original(tx.get(ReceivedMail, mail_id).original)
    write_whole(raw, path)


def _laid_out(heads: list[str], raw: bytes) -> tuple[str, bool]:
    """The mail as safe HTML below its head, and whether it is all there; empty where it has none that can be read."""
    try:
        source = read_html(raw)
        if not source:
            return "", True
        body = laid_out(source)
    except UNFORESEEN:
        return "", True
    return f"<p>{'<br>'.join(map(shown_words, heads))}</p><hr>{body.html}", body.is_whole


def _heads(raw: bytes) -> list[str]:
    try:
        head = read_head(raw, SHOWN_HEADS)
    except UNFORESEEN:
        return []
    return [f"{name}: {' '.join(words.split())[:_LONGEST_HEAD]}" for name, words in head]
