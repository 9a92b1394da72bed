"""Outlook's own formats (.msg files and winmail.dat) opened and put into the form of any other mail."""

import base64
import binascii
import logging
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from email.utils import format_datetime
from typing import TYPE_CHECKING

from member_tracker.domain.errors import UNFORESEEN

if TYPE_CHECKING:
    from oxmsg.storage import Storage

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TNEF_SIGNATURE = b"\x78\x9f\x3e\x22"
LARGEST = 40_000_000  # bytes of a file that is opened
MOST_ENTRIES = 5_000
DEEPEST = 5

# What the libraries raise on bytes that are not what they seem; NameError too, for variables they never set.
_STUMBLES = (*UNFORESEEN, OSError, struct.error, AssertionError, MemoryError, NameError, StopIteration)

_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_SENT, _SUBJECT, _HEADERS, _TEXT, _HTML = "0039", "0037", "007D", "1000", "1013"
_MESSAGE_ID, _IN_REPLY_TO, _REFERENCES, _CONVERSATION = "1035", "1042", "1039", "0071"
_SENDER_NAME, _SENDER_ADDRESSES = "0C1A", ("5D01", "0C1F", "5D02", "0065")
_NAME, _ADDRESSES = "3001", ("39FE", "3003")
_DATA, _DATA_NAMES, _DATA_TYPE = "3701", ("3707", "3704", "3001"), "370E"
_NOT_OURS = ("content-", "mime-version")


class Unreadable(ValueError):
    """A file in Outlook's own format that cannot be opened, and why, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file found in one: a mail where `message` is there."""

    name: str
    media_type: str = "application/octet-stream"
    content: bytes = b""
    message: Message | None = None


def is_msg(raw: bytes) -> bool:
    """Whether the bytes are a file as Outlook saves one."""
    return raw.startswith(OLE_SIGNATURE)


def message_of_msg(raw: bytes) -> Message:
    """The mail in a .msg file; raises `Unreadable`."""
    from olefile import OleFileIO  # type: ignore[import-untyped]  # it ships no types
    from oxmsg.storage import Storage

    if len(raw) > LARGEST:
        raise Unreadable("it is too large to be opened")
    if not _counts_are_possible(raw):
        raise Unreadable("it is damaged")
    try:
        with OleFileIO(raw) as ole:
            entries = [entry for entry in ole.direntries if entry is not None]
            if len(entries) > MOST_ENTRIES or sum(entry.size for entry in entries) > 4 * len(raw):
                raise Unreadable("it is not put together as Outlook does it")
            return _message_in(Storage.from_ole(ole), depth=0)
    except _STUMBLES as problem:
        raise problem if isinstance(problem, Unreadable) else Unreadable("it is damaged") from problem


def _counts_are_possible(raw: bytes) -> bool:
    """Whether a compound file has room for the sectors its head counts ([MS-CFB] 2.2); the library takes its word."""
    shift = int.from_bytes(raw[30:32], "little")
    counts = (int.from_bytes(raw[at : at + 4], "little") for at in (40, 44, 64, 72))
    return shift in (9, 12) and all(count <= len(raw) >> shift for count in counts)


def _message_in(storage: "Storage", *, depth: int) -> Message:
    streams = _streams(storage)
    files = [_file_in(part, depth=depth) for part in storage.storages if part.name.startswith("__attach_version1.0_#")]
    text, html = _text(streams, _TEXT), streams.get(f"__substg1.0_{_HTML}0102") or _text(streams, _HTML).encode()
    if not text and not html and not _text(streams, _SUBJECT) and not files:
        raise Unreadable("there is no mail in it")
    return _message(_head_in(storage, streams, depth), text, html, files)


def _head_in(storage: "Storage", streams: dict[str, bytes], depth: int) -> list[tuple[str, str]]:
    """The head as it came in, else what Outlook wrote down of it."""
    given = HeaderParser(policy=compat32).parsestr(_text(streams, _HEADERS).lstrip("\r\n")).raw_items()
    head = [(name, str(value)) for name, value in given if not name.lower().startswith(_NOT_OURS)]
    there = {name.lower() for name, _ in head}
    known = {
        "From": _person(streams, _SENDER_NAME, _SENDER_ADDRESSES),
        "To": ", ".join(
            _person(_streams(one), _NAME, _ADDRESSES)
            for one in storage.storages
            if one.name.startswith("__recip_version1.0_#")
        ),
        "Subject": _text(streams, _SUBJECT),
        "Date": _date(streams.get("__properties_version1.0", b""), 24 if depth else 32),
        "Message-ID": _text(streams, _MESSAGE_ID),
        "In-Reply-To": _text(streams, _IN_REPLY_TO),
        "References": _text(streams, _REFERENCES),
        "Thread-Index": base64.b64encode(streams.get(f"__substg1.0_{_CONVERSATION}0102", b"")).decode(),
    }
    return head + [
        (name, " ".join(value.split())) for name, value in known.items() if value and name.lower() not in there
    ]


def _file_in(storage: "Storage", *, depth: int) -> _File:
    streams = _streams(storage)
    name = next((found for pid in _DATA_NAMES if (found := _text(streams, pid))), "")
    inner = next((one for one in storage.storages if one.name.startswith(f"__substg1.0_{_DATA}")), None)
    if inner is not None and depth < DEEPEST:
        return _File(name=name, message=_message_in(inner, depth=depth + 1))
    media_type = _text(streams, _DATA_TYPE) or "application/octet-stream"
    return _File(name=name, media_type=media_type, content=streams.get(f"__substg1.0_{_DATA}0102", b""))


def _streams(storage: "Storage") -> dict[str, bytes]:
    return {stream.name: stream.bytes_ for stream in storage.streams}


def _text(streams: dict[str, bytes], pid: str) -> str:
    """A text property, Unicode or Windows Western; empty where it is not there."""
    if (wide := streams.get(f"__substg1.0_{pid}001F")) is not None:
        return wide.decode("utf-16-le", "replace").rstrip("\x00")
    return streams.get(f"__substg1.0_{pid}001E", b"").decode("cp1252", "replace").rstrip("\x00")


def _person(streams: dict[str, bytes], name_pid: str, address_pids: Sequence[str]) -> str:
    name = " ".join(_text(streams, name_pid).replace('"', "").split())
    address = next((found for pid in address_pids if "@" in (found := _text(streams, pid))), "")
    return f'"{name}" <{address}>' if address else name


def _date(properties: bytes, start: int) -> str:
    """When it was sent, as a Date header; empty where that is not known."""
    for at in range(start, len(properties) - 15, 16):
        kind, pid = struct.unpack_from("<HH", properties, at)
        if (kind, f"{pid:04X}") == (0x40, _SENT):
            (ticks,) = struct.unpack_from("<Q", properties, at + 8)
            return format_datetime(_FILETIME_EPOCH + timedelta(microseconds=ticks // 10))
    return ""


# --- winmail.dat ------------------------------------------------------------------------------------------------------

_OBJECT = struct.Struct("<BHHI")
_PROPERTIES, _ATTACHED = 0x9003, 0x9005
_WANTED = frozenset({0x9006, 0x9007, 0x8008, 0x800C, 0x9002, 0x800F, 0x8010, _PROPERTIES, _ATTACHED})
_LONG_NAME = 0x3707


def message_of_tnef(raw: bytes) -> Message:
    """What is in a winmail.dat, as a mail without a head; raises `Unreadable`."""
    return _opened_tnef(raw, depth=0)


def _opened_tnef(raw: bytes, *, depth: int) -> Message:
    from tnefparse import TNEF  # type: ignore[import-untyped]  # it ships no types

    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # it would print what it thinks of each file
    if len(raw) > LARGEST or depth > DEEPEST:
        raise Unreadable("it is too large, or nested too deeply, to be opened")
    try:
        sound, inside = _sound(raw)
        opened = TNEF(sound, do_checksum=False)
        files = [
            _File(name=_name_of(one.long_filename() or one.name), content=bytes(one.data))
            for one in opened.attachments
            if one.data
        ]
        text, html = _as_text(opened.body), _as_bytes(opened.htmlbody)
    except _STUMBLES as problem:
        raise problem if isinstance(problem, Unreadable) else Unreadable("it is damaged") from problem
    files += [_File(name="message.eml", message=_opened_tnef(one, depth=depth + 1)) for one in inside]
    return _message([], text, html, files)


def _sound(raw: bytes) -> tuple[bytes, list[bytes]]:
    """The objects of a winmail.dat that the library can be trusted with, and the mails inside it.

    The library believes the counts it reads, for hours where they are false, and follows mails in mails by itself.
    """
    if not raw.startswith(TNEF_SIGNATURE):
        raise Unreadable("it is not in the form it claims")
    kept, inside, at = [raw[:6]], [], 6
    while at + _OBJECT.size + 2 < len(raw):
        _, name, _, length = _OBJECT.unpack_from(raw, at)
        end = min(len(raw), at + _OBJECT.size + length + 2)
        content = raw[at + _OBJECT.size : end - 2]
        embedded = content.find(TNEF_SIGNATURE) if name == _ATTACHED else -1
        if embedded >= 0:
            inside.append(content[embedded:])
        elif name in _WANTED and (name not in (_PROPERTIES, _ATTACHED) or _count_is_sound(content)):
            kept.append(raw[at:end])
        at = end
    if len(kept) + len(inside) > MOST_ENTRIES // 10:
        raise Unreadable("it is not put together as Outlook does it")
    return b"".join(kept), inside


def _count_is_sound(content: bytes) -> bool:
    return len(content) >= 4 and int(struct.unpack_from("<I", content)[0]) <= len(content) // 8


def _name_of(name: object) -> str:
    return name if isinstance(name, str) else ""


def _as_text(body: object) -> str:
    """A body however the library hands it over."""
    if isinstance(body, bytes):
        return body.decode("cp1252", "replace").rstrip("\x00")
    return body.rstrip("\x00") if isinstance(body, str) else ""


def _as_bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else b""


# --- a mail put together ----------------------------------------------------------------------------------------------


def _message(head: Iterable[tuple[str, str]], text: str, html: bytes, files: Iterable[_File]) -> Message:
    """A mail of these parts; nothing is lost where a file in it has no name or type."""
    message = Message(policy=compat32)
    for name, value in head:
        message[name] = " ".join(value.split())
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/mixed"
    parts: list[Message | str] = []
    if text.strip():
        parts.append(_leaf("text/plain; charset=utf-8", text.encode("utf-8", "replace")))
    if html.strip():
        parts.append(_leaf("text/html", html))
    if len(parts) > 1:
        parts = [_choice(parts)]
    parts.extend(
        _leaf(file.media_type, file.content, file.name) if file.message is None else _enclosed(file.name, file.message)
        for file in files
    )
    message.set_payload(parts)
    return message


def _choice(forms: list[Message | str]) -> Message:
    part = Message(policy=compat32)
    part["Content-Type"] = "multipart/alternative"
    part.set_payload(forms)
    return part


def _leaf(media_type: str, content: bytes, name: str = "") -> Message:
    part = Message(policy=compat32)
    part["Content-Type"] = " ".join(media_type.split())[:200]
    part["Content-Transfer-Encoding"] = "base64"
    if not media_type.startswith("text/") or name:
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    part.set_payload(binascii.b2a_base64(content).decode("ascii"))
    return part


def _enclosed(name: str, message: Message) -> Message:
    part = Message(policy=compat32)
    part["Content-Type"] = "message/rfc822"
    if name:
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    part.set_payload([message])
    return part
