"""What a message looks like in Exchange Web Services: each property by its path, in the order of the schema."""

import email
from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.policy import default as modern
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property
from typing import NamedTuple, cast
from xml.etree.ElementTree import Element

from tests.fakes import exchange_post as post
from tests.fakes.ews_asking import Asking, item_id
from tests.fakes.ews_xml import find, find_all, is_true, local, stamp, t, text_at, truth
from tests.fakes.exchange_items import INTERNET_HEADERS, Folder, Item, PropertyKey


class Shown:
    """An item with its message read only as far as somebody asks."""

    def __init__(self, item: Item, folder: Folder) -> None:
        self.item = item
        self.folder = folder

    @cached_property
    def head(self) -> Message:
        """The header fields, as bytes that are not decoded."""
        return post.heading(self.item.mime)

    @cached_property
    def message(self) -> EmailMessage:
        """The whole message."""
        return email.message_from_bytes(self.item.mime, policy=modern)

    def line(self, name: str) -> str:
        """A header field in words, or nothing."""
        return " ".join(str(self._read.get(name, "")).split())

    @cached_property
    def _read(self) -> EmailMessage:
        end = self.item.mime.find(b"\r\n\r\n")
        return email.message_from_bytes(self.item.mime[:end] if end > 0 else self.item.mime, policy=modern)

    def people(self, name: str) -> list[tuple[str, str]]:
        """Names and addresses of a header field."""
        return [one for one in getaddresses([self.line(name)]) if "@" in one[1]]

    @property
    def sent_at(self) -> datetime:
        """When its writer says it was sent."""
        try:
            said = parsedate_to_datetime(self.line("Date"))
        except ValueError:
            return self.item.created_at
        return said if said.tzinfo else said.replace(tzinfo=UTC)

    @cached_property
    def attachments(self) -> list[EmailMessage]:
        """What is attached, in order."""
        return list(self.message.iter_attachments())


class Wanted(NamedTuple):
    """What a client asked to see: paths of properties, extended properties, header fields by name."""

    paths: frozenset[str]
    extended: tuple[Element, ...]
    with_mime: bool


def wanted_in(shape: Element) -> Wanted:
    """What an `ItemShape` asks for."""
    base = text_at(shape, "BaseShape", "IdOnly")
    asked = find(shape, "AdditionalProperties")
    paths = {one.get("FieldURI", "") for one in find_all(shape, "AdditionalProperties/FieldURI")}
    if base == "Default":
        paths |= DEFAULT
    if base == "AllProperties":
        paths |= set(PROPERTIES) - {"item:MimeContent"}
    extended = [] if asked is None else [one for one in asked if local(one) == "ExtendedFieldURI"]
    with_mime = is_true(text_at(shape, "IncludeMimeContent")) or "item:MimeContent" in paths
    return Wanted(frozenset(paths - {"item:MimeContent"}), tuple(extended), with_mime)


def shown(asking: Asking, item: Item, wanted: Wanted) -> Element:
    """An item with the wanted properties and no others."""
    view = Shown(item, asking.world.folder_of(item))
    parts: list[Element] = []
    if wanted.with_mime:
        asking.traffic.note_mime()
        parts.append(t("MimeContent", b64encode(item.mime).decode(), CharacterSet="UTF-8"))
    parts.append(item_id(item))
    for path, show in PROPERTIES.items():
        if path == EXTENDED:
            parts += _extended(view, wanted.extended)
        elif path in wanted.paths:
            part = show(view)
            parts += [] if part is None else [part]
    return t(element_name(item), None, *parts)


def element_name(item: Item) -> str:
    """The element Exchange shows an item of this class in."""
    return "MeetingRequest" if item.item_class.startswith("IPM.Schedule.Meeting.Request") else "Message"


# --- extended properties


def key_of(uri: Element) -> PropertyKey:
    """The name an `ExtendedFieldURI` gives."""
    space = uri.get("DistinguishedPropertySetId", "") or uri.get("PropertySetId", "").lower()
    name = uri.get("PropertyName", "") or uri.get("PropertyId", "")
    return PropertyKey(space, name) if space else PropertyKey("tag", uri.get("PropertyTag", "").lower())


def extended_value(view: Shown, uri: Element) -> str | None:
    """The value of an extended property, None where the item has none.

    Header fields of the message can be read as properties of INTERNET_HEADERS, and a few MAPI tags are known.
    """
    key = key_of(uri)
    if key in view.item.properties:
        return view.item.properties[key]
    if key.set == INTERNET_HEADERS:
        return view.line(key.name) or None
    if key.set == "tag":
        tag = TAGS.get(int(key.name, 0))
        return None if tag is None else tag(view)
    return None


def _extended(view: Shown, asked: Iterable[Element]) -> list[Element]:
    found = [(uri, extended_value(view, uri)) for uri in asked]
    return [
        t("ExtendedProperty", None, t("ExtendedFieldURI", None, **uri.attrib), t("Value", value))
        for uri, value in found
        if value is not None
    ]


TAGS: dict[int, Callable[[Shown], str]] = {
    0x001A: lambda one: one.item.item_class,
    0x0037: lambda one: one.line("Subject"),
    0x0071: lambda one: b64encode(post.conversation_index_of(one.item.mime)).decode(),
    0x007D: lambda one: one.item.mime.partition(b"\r\n\r\n")[0].decode("latin-1"),
    0x0E08: lambda one: str(one.item.size),
    0x1035: lambda one: one.item.internet_message_id,
    0x1042: lambda one: one.line("In-Reply-To"),
}


# --- the message's own properties


def _person(name: str, person: tuple[str, str], kind: str = "SMTP") -> Element:
    mailbox = t(
        "Mailbox", None, t("Name", person[0] or person[1]), t("EmailAddress", person[1]), t("RoutingType", kind)
    )
    return t(name, None, mailbox)


def _people(name: str, header: str) -> Callable[[Shown], Element | None]:
    def show(view: Shown) -> Element | None:
        everybody = [_person(name, one)[0] for one in view.people(header)]
        return t(name, None, *everybody) if everybody else None

    return show


def _sender(name: str, *headers: str) -> Callable[[Shown], Element | None]:
    def show(view: Shown) -> Element | None:
        for header in headers:
            if found := view.people(header):
                return _person(name, found[0])
        return None

    return show


def _line(name: str, header: str) -> Callable[[Shown], Element | None]:
    def show(view: Shown) -> Element | None:
        text = view.line(header)
        return t(name, text) if text else None

    return show


def _body(view: Shown) -> Element:
    found = view.message.get_body(preferencelist=("plain", "html"))
    if found is None:
        return t("Body", "", BodyType="Text")
    kind = "HTML" if found.get_content_subtype() == "html" else "Text"
    text = str(found.get_content())
    return t("Body", text, BodyType=kind)


def _attachments(view: Shown) -> Element | None:
    found = [attachment_element(view, number) for number in range(len(view.attachments))]
    return t("Attachments", None, *found) if found else None


def attachment_element(view: Shown, number: int) -> Element:
    """One attachment without its content; its id is the item's and its number."""
    part = view.attachments[number]
    inside = part.get_content_type() == "message/rfc822"
    content_id = str(part.get("Content-ID", ""))
    told = [
        t("AttachmentId", None, Id=f"{view.item.id}:{number}"),
        t("Name", part.get_filename() or f"attachment {number + 1}"),
        t("ContentType", part.get_content_type()),
        *([t("ContentId", content_id.strip("<>"))] if content_id else []),
        t("Size", str(len(attachment_bytes(part)))),
        t("LastModifiedTime", stamp(view.item.modified_at)),
        t("IsInline", truth(part.get_content_disposition() == "inline")),
    ]
    return t("ItemAttachment" if inside else "FileAttachment", None, *told)


def attachment_bytes(part: EmailMessage) -> bytes:
    """What is in an attachment; for an attached message, the message."""
    if part.get_content_type() == "message/rfc822":
        return cast("EmailMessage", part.get_content()).as_bytes()
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _headers(view: Shown) -> Element | None:
    every = [t("InternetMessageHeader", value.strip(), HeaderName=name) for name, value in _header_lines(view)]
    return t("InternetMessageHeaders", None, *every) if every and not view.item.is_draft else None


def _header_lines(view: Shown) -> list[tuple[str, str]]:
    return [(name, " ".join(str(value).split())) for name, value in view.head.items()]


def _conversation(view: Shown) -> Element:
    return t("ConversationId", None, Id=post.conversation_id_of(view.item.mime))


EXTENDED = "extended"
DEFAULT = frozenset(
    "item:Subject item:Sensitivity item:DateTimeReceived item:Size item:Importance item:IsDraft item:DateTimeSent "
    "item:DateTimeCreated item:DisplayTo item:HasAttachments message:From message:Sender message:IsRead "
    "message:InternetMessageId".split()
)
Property = Callable[[Shown], Element | None]
PROPERTIES: dict[str, Property] = {
    "item:ParentFolderId": lambda one: t("ParentFolderId", None, Id=one.folder.id, ChangeKey=one.folder.change_key),
    "item:ItemClass": lambda one: t("ItemClass", one.item.item_class),
    "item:Subject": lambda one: t("Subject", one.line("Subject")),
    "item:Sensitivity": lambda _: t("Sensitivity", "Normal"),
    "item:Body": _body,
    "item:Attachments": _attachments,
    "item:DateTimeReceived": lambda one: t("DateTimeReceived", stamp(one.item.received_at)),
    "item:Size": lambda one: t("Size", str(one.item.size)),
    "item:Importance": lambda one: t("Importance", one.line("Importance").capitalize() or "Normal"),
    "item:InReplyTo": _line("InReplyTo", "In-Reply-To"),
    "item:IsDraft": lambda one: t("IsDraft", truth(one.item.is_draft)),
    "item:InternetMessageHeaders": _headers,
    "item:DateTimeSent": lambda one: t("DateTimeSent", stamp(one.sent_at)),
    "item:DateTimeCreated": lambda one: t("DateTimeCreated", stamp(one.item.created_at)),
    "item:DisplayCc": lambda one: t("DisplayCc", "; ".join(who for _, who in one.people("Cc"))),
    "item:DisplayTo": lambda one: t("DisplayTo", "; ".join(who for _, who in one.people("To"))),
    "item:HasAttachments": lambda one: t("HasAttachments", truth(bool(one.attachments))),
    EXTENDED: lambda _: None,
    "item:LastModifiedTime": lambda one: t("LastModifiedTime", stamp(one.item.modified_at)),
    "item:ConversationId": _conversation,
    "message:Sender": _sender("Sender", "Sender", "From"),
    "message:ToRecipients": _people("ToRecipients", "To"),
    "message:CcRecipients": _people("CcRecipients", "Cc"),
    "message:BccRecipients": _people("BccRecipients", "Bcc"),
    "message:ConversationIndex": lambda one: t("ConversationIndex", TAGS[0x0071](one)),
    "message:ConversationTopic": lambda one: t("ConversationTopic", post.conversation_topic_of(one.item.mime)),
    "message:From": _sender("From", "From"),
    "message:InternetMessageId": lambda one: t("InternetMessageId", one.item.internet_message_id),
    "message:IsRead": lambda one: t("IsRead", truth(one.item.is_read)),
    "message:References": _line("References", "References"),
    "message:ReplyTo": _people("ReplyTo", "Reply-To"),
}
