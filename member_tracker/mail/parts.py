"""The parts of a message sorted into what is read, what is attached, and what it is an answer or report about."""

import hashlib
import quopri
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from member_tracker.domain.correspondence import Attachment
from member_tracker.mail.attachments import safe_name
from member_tracker.mail.charsets import decode_text
from member_tracker.mail.fields import filename, media_type, parameters, raw_header
from member_tracker.mail.headers import decode_words, lenient_base64, message_id
from member_tracker.mail.html_text import text_of
from member_tracker.mail.outlook import TNEF_SIGNATURE, Unreadable, is_msg, message_of_msg, message_of_tnef

# Newer Pythons refuse to write down a header that could not be sent; this one is only kept, and stays as it was found.
_AS_FOUND = (
    compat32.clone(verify_generated_headers=False) if hasattr(compat32, "verify_generated_headers") else compat32
)

DEEPEST = 30
MOST_PARTS = 1_000
ENOUGH = 200  # characters of plain text: with so many, its HTML twin need not be read
LONGEST_TEXT = 1_000_000  # characters of readable text that are kept

LARGEST_PART = 30_000_000  # bytes: a larger part is told of, and is only in the original

_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MAIL = frozenset({"message/rfc822", "message/global", "application/vnd.ms-outlook"})
_CLOSED = {
    "application/pkcs7-mime": "the message is encrypted or sealed and could not be read",
    "application/x-pkcs7-mime": "the message is encrypted or sealed and could not be read",
    "application/pgp-encrypted": "the message is encrypted and could not be read",
}
_AS_IT_IS = ("7bit", "8bit", "binary", "7-bit", "8-bit")
_UNDONE = frozenset({"base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"})

_ORIGINAL_ID = re.compile(r"^[> \t]{0,20}Message-ID:[ \t\r\n]{0,5}(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
_ORIGINAL_KEY = re.compile(r"^[> \t]{0,20}X-Enquiry-Key:[ \t]{0,5}([0-9a-f]{16,128})", re.IGNORECASE | re.MULTILINE)
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml", "text/calendar": ".ics",
            "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf",
            "application/ms-tnef": ".dat", "message/delivery-status": ".txt"}  # fmt: skip


@dataclass(slots=True)
class Parts:
    """What a walk over a message found."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    original_message_ids: tuple[str, ...] = ()
    original_keys: tuple[str, ...] = ()
    original_subjects: tuple[str, ...] = ()
    enclosed_text: str = ""
    types: tuple[str, ...] = ()
    defects: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    ids: dict[str, None] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)
    subjects: dict[str, None] = field(default_factory=dict)
    enclosed: list[str] = field(default_factory=list)
    types: dict[str, None] = field(default_factory=dict)
    defects: dict[str, None] = field(default_factory=dict)
    packed: list[str] = field(default_factory=list)
    parts: int = 0
    deep: int = 0

    def take_in(self, other: "_Walk") -> None:
        """Everything the walk over a part found, but its text."""
        self.parts = max(self.parts, other.parts)
        self.packed += other.packed
        self.attachments += other.attachments
        self.ids.update(other.ids)
        self.keys.update(other.keys)
        self.subjects.update(other.subjects)
        self.enclosed += other.enclosed
        self.types.update(other.types)
        self.defects.update(other.defects)

    def defect(self, words: str) -> None:
        self.defects[words] = None


def collect(message: Message) -> Parts:
    """Walk the message; every leaf becomes text or an attachment, and nothing stops the walk."""
    walk = _Walk()
    _visit(message, walk, depth=0)
    if not any(piece.strip() for piece in walk.texts):
        walk.texts = walk.packed
    text = "\n\n".join(piece for piece in walk.texts if piece.strip())[:LONGEST_TEXT]
    _remember_ids(text[:200_000], walk)
    return Parts(
        text=text,
        attachments=tuple(walk.attachments),
        original_message_ids=tuple(walk.ids),
        original_keys=tuple(walk.keys),
        original_subjects=tuple(walk.subjects),
        enclosed_text="\n\n".join(piece for piece in walk.enclosed if piece.strip())[:LONGEST_TEXT],
        types=tuple(walk.types),
        defects=list(walk.defects),
    )


def _remember_ids(text: str, walk: _Walk) -> None:
    """Note the Message-IDs and keys of ours in header fields that stand in a text."""
    folded = text.casefold()
    if "message-id:" in folded:
        walk.ids.update(dict.fromkeys(_ORIGINAL_ID.findall(text)))
    if "x-enquiry-key:" in folded:
        walk.keys.update(dict.fromkeys(found.lower() for found in _ORIGINAL_KEY.findall(text)))


def _visit(part: Message, walk: _Walk, *, depth: int) -> None:
    walk.parts += 1
    walk.deep = depth
    if depth > DEEPEST or walk.parts > MOST_PARTS:
        walk.defect("nested too deeply or too many parts: the rest was not read")
        return
    for defect in part.defects:
        walk.defect(_words(type(defect).__name__))
    kind = media_type(part)
    walk.types[kind] = None
    if part.is_multipart():
        _visit_children(part, kind, walk, depth)
    elif kind.startswith("multipart/"):
        walk.texts.append(_text(part, "text/plain", walk))
    elif is_body(part, kind):
        walk.texts.append(_text(part, kind, walk))
    else:
        _attach(part, kind, walk)


def _visit_children(part: Message, kind: str, walk: _Walk, depth: int) -> None:
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if kind in {"message/rfc822", "message/global"}:
        _enclosed(part, children, walk, depth)
    elif kind == "message/delivery-status":
        walk.texts.append("\n".join(_fields_as_text(child) for child in children))
    elif kind == "multipart/alternative":
        _visit_alternatives(children, walk, depth)
    else:
        for child in children:
            _visit(child, walk, depth=depth + 1)


def _visit_alternatives(children: list[Message], walk: _Walk, depth: int) -> None:
    """The plain form where it says something, else the first that is no stub; none is read that is not needed."""
    said: list[list[str]] = []
    for child in children:
        one = _Walk(parts=walk.parts)
        if media_type(child) == "text/html" and _says_enough(said):
            one.types["text/html"] = None
        else:
            _visit(child, one, depth=depth + 1)
        said.append(one.texts)
        walk.take_in(one)
    walk.texts += _best(said)


def _says_enough(said: list[list[str]]) -> bool:
    return any(len(text) > ENOUGH for texts in said for text in texts)


def _best(candidates: list[list[str]]) -> list[str]:
    """The first alternative that is not a stub: at least a fifth as long as the longest."""
    lengths = [len("".join("".join(texts).split())) for texts in candidates]
    enough = max(lengths, default=0) / 5
    return next((texts for texts, length in zip(candidates, lengths, strict=True) if length and length >= enough), [])


def _enclosed(part: Message, children: list[Message], walk: _Walk, depth: int) -> None:
    """A mail inside the mail: an attachment with what is attached to it; its text is never the sender's own."""
    children = _unwrapped(part, children)
    content = _flattened(children)
    subject = decode_words(str(raw_header(children[0], "subject"))) if children else ""
    _add(walk, safe_name(filename(part) or f"{subject[:80]}.eml", otherwise="message.eml"), "message/rfc822", content)
    if depth > DEEPEST:
        walk.defect("nested too deeply or too many parts: the rest was not read")
    for child in children:
        _open_enclosed(child, walk, depth)


def _unwrapped(part: Message, children: list[Message]) -> list[Message]:
    """The enclosed mails; one that was encoded although no mail may be is decoded first."""
    encoding = raw_header(part, "content-transfer-encoding").strip().lower()
    if encoding not in _UNDONE or len(children) != 1 or children[0].keys() or children[0].is_multipart():
        return children
    content = _decoded(str(children[0].get_payload()).encode("ascii", "ignore"), encoding)
    try:
        return [message_from_bytes(content)]
    except (RecursionError, ValueError):
        return children


def _open_enclosed(message: Message, walk: _Walk, depth: int) -> None:
    """Take what an enclosed mail says and brings, but for what it is made of: that tells nothing of this mail."""
    _remember(message, walk)
    inner = _Walk(parts=walk.parts)
    _visit(message, inner, depth=depth + 1)
    inner.enclosed = [*inner.texts, *inner.enclosed]
    inner.types.clear()
    inner.defects.clear()
    walk.take_in(inner)


def _remember(message: Message, walk: _Walk) -> None:
    if found := message_id(raw_header(message, "message-id")):
        walk.ids[found] = None
    if key := raw_header(message, "x-enquiry-key").strip().lower():
        walk.keys[key[:128]] = None
    if subject := decode_words(raw_header(message, "subject")):
        walk.subjects[subject[:500]] = None


def _flattened(children: list[Message]) -> bytes:
    try:
        return b"\n".join(child.as_bytes(policy=_AS_FOUND) for child in children)
    except (MessageError, RecursionError, ValueError, TypeError, LookupError, AttributeError):
        return b""


def _fields_as_text(message: Message) -> str:
    return "\n".join(f"{name}: {decode_words(str(value))}" for name, value in message.raw_items())


def is_body(part: Message, kind: str) -> bool:
    """Whether a leaf is text to be read where it stands."""
    disposition = raw_header(part, "content-disposition").partition(";")[0].strip().lower()
    if kind in {"message/delivery-status", "message/feedback-report"}:
        return True
    if kind not in {"text/plain", "text/html", "text/enriched", "application/xhtml+xml"}:
        return False
    return (
        disposition != "attachment"
        and not (disposition != "inline" and filename(part))
        and not (disposition == "inline" and filename(part) and kind != "text/plain")
    )


def source_of(part: Message) -> str:
    """The text of a leaf as it was written, HTML with its tags."""
    return _source(part, _Walk())[0]


def _text(part: Message, kind: str, walk: _Walk) -> str:
    text, given = _source(part, walk)
    if kind in {"text/html", "application/xhtml+xml"}:
        return text_of(text)
    return (
        _unflowed(text, given.get("delsp", "").lower() == "yes")
        if given.get("format", "").lower() == "flowed"
        else text
    )


def _source(part: Message, walk: _Walk) -> tuple[str, dict[str, str]]:
    """The decoded text of a leaf, with the parameters of its media type."""
    data = content_of(part, walk)
    given = parameters(";" + raw_header(part, "content-type").partition(";")[2])
    text, problem = decode_text(data[: 4 * LONGEST_TEXT], given.get("charset"))
    if problem:
        walk.defect(problem)
    if len(text) > LONGEST_TEXT:
        walk.defect("a text part is very long: only its beginning was read")
        text = text[:LONGEST_TEXT]
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""), given


def _unflowed(text: str, delete_space: bool) -> str:
    """Soft line breaks of format=flowed joined, each quoting depth by itself (RFC 3676)."""
    done: list[str] = []
    joins: str | None = None  # the quotation marks of the line that goes on, None where none does
    for line in text.split("\n"):
        quote = line[: len(line) - len(line.lstrip(">"))]
        rest = line[len(quote) :].removeprefix(" ")
        if joins == quote:
            done[-1] += rest
        else:
            done.append(f"{quote} {rest}" if quote else rest)
        goes_on = rest.endswith(" ") and rest != "-- "
        joins = quote if goes_on else None
        if goes_on and delete_space:
            done[-1] = done[-1][:-1]
    return "\n".join(done)


def _attach(part: Message, kind: str, walk: _Walk) -> None:
    content = content_of(part, walk)
    if kind in {"text/rfc822-headers", "message/rfc822", "message/global-headers"}:
        head = content[:200_000].decode("utf-8", "replace")
        _remember_ids(head, walk)
    if closed := _CLOSED.get(kind):
        walk.defect(f"{closed}; the original is kept")
    otherwise = f"part-{len(walk.attachments) + 1}{_ENDINGS.get(kind, '')}"
    name = safe_name(filename(part), otherwise=otherwise)
    _add(walk, name, kind, content)
    _open(name, kind, content, walk)


def _open(name: str, kind: str, content: bytes, walk: _Walk) -> None:
    """Read what a part holds where it is a mail, or the file in which Outlook packs its own."""
    try:
        if kind in _TNEF or content.startswith(TNEF_SIGNATURE):
            _open_tnef(message_of_tnef(content), walk)
        elif is_msg(content) and (kind in _MAIL or name.lower().endswith(".msg")):
            _open_enclosed(message_of_msg(content), walk, walk.deep)
        elif content and (kind in _MAIL or name.lower().endswith(".eml")) and len(content) <= LARGEST_PART:
            _open_enclosed(message_from_bytes(content), walk, walk.deep)
    except RecursionError:
        walk.defect("nested too deeply or too many parts: the rest was not read")
    except Unreadable as problem:
        walk.defect(f"“{name}” is in Outlook's own format and could not be read: {problem}; the original is kept")


def _open_tnef(message: Message, walk: _Walk) -> None:
    """A winmail.dat: its files are the mail's own, and its text is where the mail has none besides."""
    inner = _Walk(parts=walk.parts)
    _visit(message, inner, depth=walk.deep + 1)
    inner.types.clear()
    walk.take_in(inner)
    walk.packed += inner.texts


def _add(walk: _Walk, name: str, kind: str, content: bytes) -> None:
    """Note the attachment; one that is too large is told of, and its bytes are in the original alone."""
    too_large = len(content) > LARGEST_PART
    if too_large:
        words = f"“{name}” is larger than {LARGEST_PART // 1_000_000} MB ({len(content) // 1_000_000} MB)"
        walk.defect(f"{words} and is not kept by itself; the original is kept")
    walk.attachments.append(
        Attachment(
            name=name,
            media_type=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=None if too_large else content,
        )
    )


def content_of(part: Message, walk: _Walk) -> bytes:
    """The bytes of a leaf, its transfer encoding undone as far as it can be.

    Asked for without decoding, the library would already have replaced 8-bit bytes by guesses.
    """
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    declared = raw_header(part, "content-transfer-encoding").lower()
    encoding = declared.strip().strip("\"' ;")
    if not encoding or encoding == declared or encoding.startswith(_AS_IT_IS):
        if encoding and encoding not in _UNDONE and not encoding.startswith(_AS_IT_IS):
            walk.defect(f"unknown transfer encoding {decode_words(encoding)!r:.40}")
        return data
    return _decoded(data, encoding)


def _decoded(data: bytes, encoding: str) -> bytes:
    """The encodings the library does not recognise for a stray character beside their name."""
    match encoding:
        case "base64":
            return lenient_base64(data)
        case "quoted-printable":
            return quopri.decodestring(data)
        case _:
            return data


def _words(name: str) -> str:
    """The parser's name of a defect as words."""
    return re.sub(r"(?<!^)([A-Z])", r" \1", name.removesuffix("Defect")).lower()
