"""Attachments too large for one request: taken out of a message before it is saved, and put onto the draft one by one.

https://learn.microsoft.com/graph/outlook-large-attachments
"""

import base64
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from http import HTTPStatus

from member_tracker.domain.errors import NotAllowed, Offline
from member_tracker.mail.graph_errors import Refusal
from member_tracker.mail.graph_http import Graph, Json, text
from member_tracker.mail.headers import decode_words

BY_SESSION = 3 * 1024 * 1024 - 4096  # bytes from which an attachment goes by an upload session
CHUNK = 10 * 320 * 1024  # bytes at a time: a multiple of 320 KiB, below 4 MB
MOST_MIME = 2_800_000  # bytes of a message that fit into one request of 4 MB, written as base64

_POLICY = compat32.clone(linesep="\r\n", mangle_from_=False)
_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels beside the message."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


def lightened(raw: bytes) -> tuple[bytes, tuple[Attachment, ...]]:
    """The message without the attachments it is too large with, and those; nothing is changed where all fits."""
    if len(raw) <= MOST_MIME:
        return raw, ()
    message = message_from_bytes(raw, policy=_POLICY)
    payload = message.get_payload()
    if not isinstance(payload, list) or message.get_content_type() != "multipart/mixed":
        return raw, ()
    parts = [part for part in payload if isinstance(part, Message)]
    sizes = {number: len(part.as_bytes()) for number, part in enumerate(parts) if _is_file(part)}
    weight, taken = len(raw), set[int]()
    for number in sorted(sizes, key=lambda one: sizes[one], reverse=True):
        if weight <= MOST_MIME:
            break
        taken.add(number)
        weight -= sizes[number]
    heavy = tuple(_attachment(parts[number]) for number in sorted(taken))
    message.set_payload([part for number, part in enumerate(parts) if number not in taken])
    return message.as_bytes(policy=_POLICY), heavy


def attach(graph: Graph, message: str, attachment: Attachment) -> None:
    """Put a file onto the draft at the address `message`; raises `NotAllowed` where large ones are refused."""
    if len(attachment.content) < BY_SESSION:
        graph.create(f"{message}/attachments", _file(attachment))
        return
    item = {
        "attachmentType": "file",
        "name": attachment.name,
        "size": len(attachment.content),
        "contentType": attachment.content_type,
    }
    try:
        session = graph.create(f"{message}/attachments/createUploadSession", {"AttachmentItem": item})
    except Refusal as refusal:
        if refusal.status != HTTPStatus.FORBIDDEN:
            raise
        refused = refusal.code
    else:
        _upload(graph, text(session, "uploadUrl"), attachment.content)
        return
    raise NotAllowed(
        f"Exchange Online takes no large attachments in the mailbox {graph.account.address} ({refused}).",
        advice="Attach a file smaller than 3 MB, or put it where the reader can fetch it and send the link.",
    )


def _upload(graph: Graph, url: str, content: bytes) -> None:
    """Send the file piece by piece, after a cut from where the server says; what cannot be finished is called off."""
    start = tried = 0
    try:
        while start < len(content):
            try:
                start = _piece(graph, url, content, start)
                tried = 0
            except (Offline, Refusal) as problem:
                tried += 1
                if tried >= _TRIES or (
                    isinstance(problem, Refusal) and problem.nothing_was_done and not _busy(problem)
                ):
                    raise
                wait = problem.wait_seconds if isinstance(problem, Refusal) else None
                graph.pause(min(wait or 2.0**tried, 10.0))
                start = _next(graph.elsewhere("GET", url), len(content))
    except (Offline, Refusal):
        _call_off(graph, url)
        raise


def _piece(graph: Graph, url: str, content: bytes, start: int) -> int:
    """Send the piece from `start`; where the next one begins."""
    piece = content[start : start + CHUNK]
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Range": f"bytes {start}-{start + len(piece) - 1}/{len(content)}",
    }
    answer = graph.elsewhere("PUT", url, body=piece, headers=headers)
    end = start + len(piece)
    return end if end == len(content) else _next(answer, len(content), otherwise=end)


def _next(session: Json, whole: int, otherwise: int = 0) -> int:
    """Where the server wants the upload to go on: the beginning of the first range it misses."""
    ranges = session.get("nextExpectedRanges")
    if not isinstance(ranges, list):
        return otherwise
    first = str(ranges[0]).partition("-")[0] if ranges else str(whole)
    return int(first) if first.isdigit() else otherwise


def _call_off(graph: Graph, url: str) -> None:
    try:
        graph.elsewhere("DELETE", url)
    except (Offline, Refusal):
        return  # the session runs out by itself


def _busy(refusal: Refusal) -> bool:
    return refusal.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" and not part.is_multipart()


def _attachment(part: Message) -> Attachment:
    content = part.get_payload(decode=True)
    return Attachment(
        name=decode_words(part.get_filename() or "") or "attachment",
        content_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else b"",
    )


def _file(attachment: Attachment) -> Json:
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": attachment.name,
        "contentType": attachment.content_type,
        "contentBytes": base64.b64encode(attachment.content).decode("ascii"),
    }
