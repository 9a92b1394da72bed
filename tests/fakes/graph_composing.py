"""Messages made from Graph's JSON, and parts put into messages that exist."""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from http import HTTPStatus

from tests.fakes import exchange_post as post
from tests.fakes.exchange_items import Item, PropertyKey
from tests.fakes.graph_desk import Desk
from tests.fakes.graph_properties import settable_key
from tests.fakes.graph_query import invalid
from tests.fakes.graph_shapes import KEYWORDS, content_of, readable, whole_message
from tests.fakes.graph_words import Call, GraphError, text_of

PEOPLE = {
    "toRecipients": "To",
    "ccRecipients": "Cc",
    "bccRecipients": "Bcc",
    "replyTo": "Reply-To",
}
MOST_HEADERS = 5


def mime_of_body(call: Call) -> bytes:
    """The message in a body of text/plain: base64 of MIME."""
    try:
        mime = b64decode(call.body, validate=True)
    except BadBase64:
        text = "Invalid base64 string for MIME content."
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorMimeContentInvalidBase64String", text) from None
    if b":" not in mime.partition(b"\n")[0]:
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorMimeContentInvalid", "The MIME content is invalid.")
    return mime


def compose(desk: Desk, call: Call, given: dict[str, object]) -> bytes:
    """A message with these properties, from the mailbox unless they say otherwise."""
    message = EmailMessage(policy=SMTP)
    message["From"] = str(_person(given.get("from")) or Address(addr_spec=call.mailbox))
    message["Date"] = format_datetime(desk.world.now())
    message["Message-ID"] = text_of(given, "internetMessageId") or desk.world.new_message_id()
    message.set_content("")
    _set_properties(message, given)
    for name, value in _own_headers(given):
        message[name] = value
    for attachment in _objects(given.get("attachments")):
        attach(message, attachment)
    return message.as_bytes()


def changed(item: Item, given: dict[str, object]) -> bytes:
    """A draft with some properties changed."""
    message = whole_message(item.mime)
    if _person(given.get("from")):
        del message["From"]
        message["From"] = str(_person(given.get("from")))
    _set_properties(message, given)
    return message.as_bytes(policy=SMTP)


def reply_to(desk: Desk, call: Call, item: Item, given: dict[str, object], comment: str) -> bytes:
    """An answer to a message, in its conversation."""
    head = post.heading(item.mime)
    topic = post.conversation_topic_of(item.mime)
    index = post.conversation_index_of(item.mime) + desk.world.now().microsecond.to_bytes(5, "big")
    message = EmailMessage(policy=SMTP)
    message["From"] = call.mailbox
    message["To"] = str(head.get("Reply-To") or head.get("From", ""))
    message["Subject"] = f"RE: {readable(topic)}"
    message["Date"] = format_datetime(desk.world.now())
    message["Message-ID"] = desk.world.new_message_id()
    message["In-Reply-To"] = item.internet_message_id
    message["References"] = f"{str(head.get('References', '')).strip()} {item.internet_message_id}".strip()
    message["Thread-Topic"] = readable(topic)
    message["Thread-Index"] = b64encode(index).decode()
    quoted = content_of(whole_message(item.mime).get_body(("plain", "html")))
    message.set_content(f"{comment}\n\n________________________________\n{quoted}")
    _set_properties(message, given)
    return message.as_bytes()


def attach(message: EmailMessage, given: dict[str, object]) -> None:
    """Put a file, as Graph describes it, into a message."""
    try:
        content = b64decode(text_of(given, "contentBytes"), validate=True)
    except BadBase64:
        raise invalid("Invalid contentBytes.") from None
    kind = text_of(given, "contentType") or "application/octet-stream"
    add_file(message, content, text_of(given, "name"), kind, is_inline=given.get("isInline") is True)


def add_file(message: EmailMessage, content: bytes, name: str, kind: str, *, is_inline: bool = False) -> None:
    """Put a file into a message, which becomes multipart/mixed if it is not."""
    main, _, sub = kind.partition("/")
    if main in {"text", "message", "multipart"} or not sub:
        main, sub = "application", "octet-stream"
    if message.get_content_type() != "multipart/mixed":
        message.make_mixed()
    if is_inline:
        message.add_attachment(content, main, sub, filename=name, disposition="inline", cid=make_msgid())
    else:
        message.add_attachment(content, main, sub, filename=name)


def properties_of(given: dict[str, object]) -> dict[PropertyKey, str]:
    """The extended properties and categories among these properties."""
    found = {
        settable_key(text_of(one, "id")): text_of(one, "value")
        for one in _objects(given.get("singleValueExtendedProperties"))
    }
    categories = given.get("categories")
    return found | ({KEYWORDS: ";".join(map(str, categories))} if isinstance(categories, list) else {})


def _set_properties(message: EmailMessage, given: dict[str, object]) -> None:
    if "subject" in given:
        _replace(message, "Subject", text_of(given, "subject"))
    if "importance" in given:
        _replace(message, "Importance", text_of(given, "importance"))
    for name, header in PEOPLE.items():
        if name in given:
            people = [person for one in _objects(given[name]) if (person := _person(one))]
            _replace(message, header, ", ".join(map(str, people)))
    body = given.get("body")
    if isinstance(body, dict):
        part = message.get_body(("html", "plain")) or message
        subtype = "html" if text_of(body, "contentType").lower() == "html" else "plain"
        part.set_content(text_of(body, "content"), subtype=subtype)


def _replace(message: EmailMessage, name: str, value: str) -> None:
    del message[name]
    if value:
        message[name] = value


def _own_headers(given: dict[str, object]) -> list[tuple[str, str]]:
    found = [(text_of(one, "name"), text_of(one, "value")) for one in _objects(given.get("internetMessageHeaders"))]
    for name, _ in found:
        if not name.lower().startswith("x-"):
            text = f"The internet message header name '{name}' should start with 'x-' or 'X-'."
            raise GraphError(HTTPStatus.BAD_REQUEST, "InvalidInternetMessageHeader", text)
    if len(found) > MOST_HEADERS:
        text = "Maximum number of headers in one message should be less than or equal to 5."
        raise GraphError(HTTPStatus.BAD_REQUEST, "InvalidInternetMessageHeaderCollection", text)
    return found


def _person(value: object) -> Address | None:
    if not isinstance(value, dict) or not isinstance(value.get("emailAddress"), dict):
        return None
    address = text_of(value["emailAddress"], "address")
    if "@" not in address:
        text = "At least one recipient is not valid."
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidRecipients", text)
    return Address(text_of(value["emailAddress"], "name"), addr_spec=address)


def _objects(value: object) -> Iterable[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
