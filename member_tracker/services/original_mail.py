"""A mail as it came: its head and its whole text, read from the bytes that are kept for ever."""

from email import message_from_bytes
from email.header import decode_header, make_header

from member_tracker.domain.errors import UNFORESEEN
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.services.parts import App

SHOWN_HEADS = ("From", "Sender", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID")
_LONGEST_HEAD = 2_000


def original_text(app: App, mail_id: str) -> str:
    """The lines of the head that say who wrote to whom and when, then all of the text; never anything fetched."""
    with app.store.reading() as tx:
        mail = tx.get(ReceivedMail, mail_id)
        raw = tx.original(mail.original)
    return "\n".join([*_heads(raw), "", mail.text.strip(), ""])


def _heads(raw: bytes) -> list[str]:
    try:
        parsed = message_from_bytes(raw[:200_000])
        return [f"{name}: {_said(str(value))}" for name in SHOWN_HEADS for value in parsed.get_all(name, [])]
    except UNFORESEEN:
        return []


def _said(value: str) -> str:
    try:
        words = str(make_header(decode_header(value)))
    except UNFORESEEN:
        words = value
    return " ".join(words.split())[:_LONGEST_HEAD]
