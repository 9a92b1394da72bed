"""Attachments of drafts: small ones at once, large ones in pieces to an address of their own.

https://learn.microsoft.com/graph/outlook-large-attachments
"""

import re
from base64 import b64encode
from datetime import timedelta
from email.message import EmailMessage, Message
from email.policy import SMTP
from hashlib import sha256
from http import HTTPStatus

from tests.fakes.exchange_items import Item
from tests.fakes.graph_composing import add_file, attach
from tests.fakes.graph_desk import Desk, Upload, access_denied
from tests.fakes.graph_query import invalid
from tests.fakes.graph_shapes import moment, whole_message
from tests.fakes.graph_words import Call, GraphError, Reply, text_of, without_body
from tests.fakes.http_loopback import Request

SMALL = 3 * 1024 * 1024
LARGEST = 150 * 1024 * 1024
LARGEST_PIECE = 4 * 1024 * 1024
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def list_attachments(desk: Desk, call: Call) -> Reply:
    """GET messages/{id}/attachments."""
    item = desk.message(call, call.path[1])
    rows = [_shown(item, number, part) for number, part in enumerate(_files(whole_message(item.mime)))]
    context = desk.context(call, "messages", "attachments")
    return Reply(json={"@odata.context": context, "value": rows}, type="Collection(attachment)")


def get_attachment(desk: Desk, call: Call) -> Reply:
    """GET messages/{id}/attachments/{id}."""
    item = desk.message(call, call.path[1])
    number, part = _found(item, call.path[3])
    return Reply(json=_shown(item, number, part), type="attachment")


def get_attachment_bytes(desk: Desk, call: Call) -> Reply:
    """GET messages/{id}/attachments/{id}/$value."""
    _, part = _found(desk.message(call, call.path[1]), call.path[3])
    return Reply(raw=_content(part), headers=(("Content-Type", part.get_content_type()),))


def add_attachment(desk: Desk, call: Call) -> Reply:
    """POST messages/{id}/attachments, up to 3 MB."""
    item = _draft(desk, call)
    given = call.entity("attachment")
    if given.get("@odata.type") != "#microsoft.graph.fileAttachment":
        raise invalid("Only #microsoft.graph.fileAttachment is taken here.")
    if len(text_of(given, "contentBytes")) * 3 // 4 > SMALL:
        text = "The request payload is too large; use an upload session."
        raise GraphError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge", text)
    message = whole_message(item.mime)
    attach(message, given)
    _put(desk, item, message)
    files = _files(message)
    shown = _shown(item, len(files) - 1, files[-1])
    return Reply(status=HTTPStatus.CREATED, json=shown, type="attachment")


def remove_attachment(desk: Desk, call: Call) -> Reply:
    """DELETE messages/{id}/attachments/{id}."""
    item = _draft(desk, call)
    number, _ = _found(item, call.path[3])
    message = whole_message(item.mime)
    unwanted = _files(message)[number]
    message.set_payload([part for part in message.iter_parts() if part is not unwanted])
    _put(desk, item, message)
    return without_body()


def create_upload_session(desk: Desk, call: Call) -> Reply:
    """POST messages/{id}/attachments/createUploadSession, for 3 MB to 150 MB."""
    item = _draft(desk, call)
    if desk.large_uploads_refused_to_delegates and call.mailbox != call.user:
        raise access_denied()
    asked = call.parameters("createUploadSession", "Collection(attachment)").get("attachmentitem")
    facts = asked if isinstance(asked, dict) else {}
    size = facts.get("size")
    if facts.get("attachmentType") != "file" or not isinstance(size, int) or not text_of(facts, "name"):
        raise invalid("The AttachmentItem needs attachmentType, name and size.")
    if size < SMALL:
        text = "Attachment size must be greater than the minimum size of an upload session."
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize", text)
    if size > min(LARGEST, desk.world.max_message_size):
        text = "The attachment exceeds the maximum supported size."
        raise GraphError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "ErrorMessageSizeExceeded", text)
    upload = Upload(
        mailbox=call.mailbox,
        item=item,
        name=text_of(facts, "name"),
        content_type=text_of(facts, "contentType") or "application/octet-stream",
        is_inline=facts.get("isInline") is True,
        size=size,
        expires_at=desk.world.now() + timedelta(hours=3),
    )
    word = sha256(f"{item.id}:{len(desk.uploads)}".encode()).hexdigest()
    desk.uploads[word] = upload
    session = {
        "@odata.context": f"{desk.root_url}/v1.0/$metadata#microsoft.graph.uploadSession",
        "uploadUrl": f"{desk.root_url}/upload/{word}?authtoken={word[::-1]}",
        "expirationDateTime": moment(upload.expires_at),
        "nextExpectedRanges": ["0-"],
    }
    return Reply(status=HTTPStatus.CREATED, json=session, type="uploadSession")


def upload_piece(desk: Desk, request: Request) -> Reply:
    """What goes on at an upload's own address: PUT a piece, GET how far it is, DELETE it.

    It is no part of Graph: its answers are those of Outlook's older service, which writes some names with a capital.
    """
    word = request.path.rpartition("/")[2]
    upload = desk.uploads.get(word)
    if upload is None or upload.expires_at <= desk.world.now():
        raise GraphError(HTTPStatus.NOT_FOUND, "ErrorItemNotFound", "The upload session was not found or has expired.")
    if "Authorization" in request.headers:
        text = "An upload session takes no Authorization header."
        raise GraphError(HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", text)
    if request.method == "DELETE":
        del desk.uploads[word]
        return without_body()
    if request.method == "PUT":
        _take_piece(upload, request)
        if len(upload.received) == upload.size:
            return _finished(desk, word, upload)
    state = {"ExpirationDateTime": moment(upload.expires_at), "nextExpectedRanges": [str(len(upload.received))]}
    return Reply(json=state)


def _take_piece(upload: Upload, request: Request) -> None:
    match = RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if match is None or int(match[3]) != upload.size:
        raise GraphError(HTTPStatus.BAD_REQUEST, "InvalidContentRange", "The Content-Range header is invalid.")
    first, last = int(match[1]), int(match[2])
    if last - first + 1 != len(request.body) or len(request.body) > LARGEST_PIECE:
        raise GraphError(HTTPStatus.BAD_REQUEST, "InvalidContentLength", "A piece is 4 MB at most, and as it says.")
    if first != len(upload.received):
        text = f"Expected a piece that begins at {len(upload.received)}."
        raise GraphError(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "InvalidContentRange", text)
    upload.received += request.body


def _finished(desk: Desk, word: str, upload: Upload) -> Reply:
    message = whole_message(upload.item.mime)
    add_file(message, bytes(upload.received), upload.name, upload.content_type, is_inline=upload.is_inline)
    _put(desk, upload.item, message)
    del desk.uploads[word]
    number = len(_files(message)) - 1
    made = _attachment_id(upload.item, number)
    place = f"{desk.root_url}/v1.0/users('{upload.mailbox}')/messages('{upload.item.id}')/attachments('{made}')"
    return Reply(status=HTTPStatus.CREATED, headers=(("Location", place),))


def _draft(desk: Desk, call: Call) -> Item:
    item = desk.message(call, call.path[1])
    if not item.is_draft:
        text = "Attachments can only be changed while the message is a draft."
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidRequest", text)
    return item


def _put(desk: Desk, item: Item, message: EmailMessage) -> None:
    desk.world.update(item, mime=message.as_bytes(policy=SMTP))


def _files(message: EmailMessage) -> list[Message]:
    return list(message.iter_attachments())


def _found(item: Item, attachment_id: str) -> tuple[int, Message]:
    for number, part in enumerate(_files(whole_message(item.mime))):
        if _attachment_id(item, number) == attachment_id:
            return number, part
    raise GraphError(HTTPStatus.NOT_FOUND, "ErrorItemNotFound", "The specified object was not found in the store.")


def _attachment_id(item: Item, number: int) -> str:
    return f"{item.immutable_id}ABEgAQ{number:04d}="


def _shown(item: Item, number: int, part: Message) -> dict[str, object]:
    content = _content(part)
    shown: dict[str, object] = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": part.get_content_type(),
        "id": _attachment_id(item, number),
        "lastModifiedDateTime": moment(item.modified_at),
        "name": part.get_filename() or "attachment",
        "contentType": part.get_content_type(),
        "size": len(content),
        "isInline": part.get_content_disposition() == "inline",
    }
    if part.get_content_type() == "message/rfc822":
        return shown | {"@odata.type": "#microsoft.graph.itemAttachment"}
    named = {"contentId": part.get("Content-ID"), "contentLocation": None}
    return shown | named | {"contentBytes": b64encode(content).decode()}


def _content(part: Message) -> bytes:
    if part.get_content_maintype() == "message":
        inner = part.get_payload(0)
        return inner.as_bytes() if isinstance(inner, Message) else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
