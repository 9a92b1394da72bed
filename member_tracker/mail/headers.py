"""Header fields decoded one by one: words, addresses, message ids and times, whatever state they are in."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from member_tracker.mail.charsets import decode_text

LONGEST = 20_000  # characters of one header field that are looked at
MOST_ADDRESSES = 500
MOST_REFERENCES = 200

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_BRACKETED = re.compile(r"<([^<>]{1,998})>")
_BARE_ADDRESS = re.compile(r"[^\s<>\"(),;:]{1,254}@[^\s<>\"(),;:]{1,254}")
_ONE_ADDRESS = re.compile(r"\s*(?:\"([^\"\\]*)\"|([^\"<>@,;:()\\]*))\s*<\s*([^\s<>\"(),;:]+@[^\s<>\"(),;:]+)\s*>\s*")


def unicode_of(raw: str) -> str:
    """A header value whose 8-bit bytes were kept as surrogates: read as UTF-8, else as Windows Western."""
    if raw.isascii():
        return raw
    return decode_text(raw.encode("utf-8", "surrogateescape"), None)[0]


def decode_words(raw: str) -> str:
    """One line of readable text: RFC 2047 words decoded (broken ones too), folds and control characters gone."""
    text = unicode_of(raw[:LONGEST])
    if "=?" in text:
        text = _decoded(text)
    return " ".join(_CONTROL.sub(" ", text).split())


def _decoded(text: str) -> str:
    """The text with its encoded words read; neighbours in one character set are joined before decoding."""
    parts: list[str] = []
    waiting, charset, end = b"", "", 0
    for word in _ENCODED_WORD.finditer(text):
        between = text[end : word.start()]
        if waiting and (between.strip() or word[1].lower() != charset.lower()):
            parts.append(decode_text(waiting, charset)[0])
            waiting = b""
        parts.append("" if end and not between.strip() else between)
        waiting, charset, end = waiting + _word_bytes(word[2], word[3]), word[1], word.end()
    parts.append(decode_text(waiting, charset)[0] if waiting else "")
    parts.append(text[end:])
    return "".join(parts)


def _word_bytes(encoding: str, data: str) -> bytes:
    if encoding in "qQ":
        return binascii.a2b_qp(data.encode("utf-8", "replace"), header=True)
    return lenient_base64(data.encode("ascii", "ignore"))


def lenient_base64(data: bytes) -> bytes:
    """Base64 with rubbish left out and missing padding added; what cannot be read at all gives no bytes."""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def addresses(values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(name, address) pairs of address fields, in order; only what has an @ counts as an address."""
    found: list[tuple[str, str]] = []
    for raw in values:
        found += _addresses_in(unicode_of(raw[:LONGEST]))
    return tuple(found[:MOST_ADDRESSES])


def _addresses_in(text: str) -> list[tuple[str, str]]:
    if one := _ONE_ADDRESS.fullmatch(text):
        return [(decode_words(one[1] or one[2] or "").strip("' "), one[3])]
    try:
        pairs = getaddresses([" ".join(text.split())])
    except (RecursionError, IndexError, ValueError, TypeError):
        pairs = []
    good = [(decode_words(name), address) for name, address in pairs if _BARE_ADDRESS.fullmatch(address)]
    return good or [("", address) for address in _BARE_ADDRESS.findall(text)]


def message_ids(values: Iterable[str]) -> tuple[str, ...]:
    """The message ids in References or In-Reply-To fields, each once, oldest first, with their angle brackets."""
    found: dict[str, None] = {}
    for raw in values:
        for inside in _BRACKETED.findall(unicode_of(raw[:LONGEST])):
            if joined := "".join(inside.split()):
                found[f"<{joined}>"] = None
    return tuple(found)[-MOST_REFERENCES:]


def message_id(raw: str) -> str | None:
    """The Message-ID with angle brackets, even where it was written without; None where there is none."""
    if ids := message_ids([raw]):
        return ids[0]
    words = _CONTROL.sub(" ", unicode_of(raw)).replace("<", " ").replace(">", " ").split()
    return f"<{words[0][:998]}>" if words else None


def time_of(raw: str) -> datetime | None:
    """A mail date as UTC; None where it cannot be read. A date without a zone is taken as UTC."""
    text = " ".join(unicode_of(raw[:200]).split())
    try:
        return _as_utc(parsedate_to_datetime(text))
    except (TypeError, ValueError, IndexError, OverflowError):
        return _as_utc(_iso_time(text))


def _iso_time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _as_utc(when: datetime | None) -> datetime | None:
    if when is None:
        return None
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def verdicts_of(raw: str, method: str) -> tuple[tuple[str, str], ...]:
    """What an Authentication-Results field says of a method, and of which domain, in small letters (RFC 8601).

    Comments and quoted texts in it say nothing; a verdict that names no domain has an empty one.
    """
    result = re.compile(rf"\s*{re.escape(method)}\s*(?:/\s*\d+\s*)?=\s*([a-z]+)(?=\s|$)", re.IGNORECASE)
    verdicts = []
    for part in _without_comments(unicode_of(raw[:4_000])).split(";"):
        if found := result.match(part):
            judged = _JUDGED.search(part)
            verdicts.append((found[1].lower(), judged[1].lower().rstrip(".") if judged else ""))
    return tuple(verdicts)


_JUDGED = re.compile(r"\sheader\.from\s*=\s*([^\s;\"@]{1,255})", re.IGNORECASE)
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)', re.DOTALL)
_DEEPEST_COMMENT = 20


def _without_comments(text: str) -> str:
    """The text with quoted texts and comments in brackets left out, those inside others first."""
    for _ in range(_DEEPEST_COMMENT):
        text, left_out = _COMMENT.subn(" ", text)
        if not left_out:
            break
    return text
