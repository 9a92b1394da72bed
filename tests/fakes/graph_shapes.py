"""Messages and folders as Graph writes them in JSON: https://learn.microsoft.com/graph/api/resources/message."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property

from tests.fakes import exchange_post as post
from tests.fakes.exchange_items import PUBLIC_STRINGS, Folder, Item, PropertyKey
from tests.fakes.graph_properties import extended_property, shown_name
from tests.fakes.graph_query import invalid

KEYWORDS = PropertyKey(PUBLIC_STRINGS, "Keywords")
PREVIEW_LENGTH = 255
ON_REQUEST_ONLY = frozenset({"internetMessageHeaders", "uniqueBody"})
WITHOUT_HEADERS = frozenset({"sentitems", "drafts", "outbox"})


class Shown:
    """One message being written down; its parts are read when they are first asked for."""

    def __init__(self, item: Item, folder: Folder, *, immutable_ids: bool, as_text: bool = False) -> None:
        self.item = item
        self.folder = folder
        self.immutable_ids = immutable_ids
        self.as_text = as_text

    @property
    def id(self) -> str:
        """The id of the kind that was asked for."""
        return self.item.immutable_id if self.immutable_ids else self.item.id

    @cached_property
    def head(self) -> Message:
        """The header fields."""
        return post.heading(self.item.mime)

    @cached_property
    def whole(self) -> EmailMessage:
        """The whole message, read."""
        return whole_message(self.item.mime)

    def text(self, name: str) -> str:
        """A header field in readable form."""
        return readable(str(self.head.get(name, "")))

    def people(self, name: str) -> list[dict[str, object]]:
        """The recipients in a header field."""
        return recipients(str(one) for one in self.head.get_all(name, []))

    def person(self, *names: str) -> dict[str, object] | None:
        """The first of the people in the first of these fields that there is."""
        for name in names:
            found = self.people(name)
            if found:
                return found[0]
        return None

    def sent_at(self) -> datetime:
        """When it says it was sent, or when it was made."""
        try:
            return parsedate_to_datetime(str(self.head.get("Date", ""))).astimezone(UTC)
        except ValueError:
            return self.item.created_at

    def body(self) -> dict[str, object]:
        """The body, as text where that was asked for or there is nothing else."""
        part = self.whole.get_body(("plain", "html") if self.as_text else ("html", "plain"))
        kind = "html" if part is not None and part.get_content_subtype() == "html" and not self.as_text else "text"
        return {"contentType": kind, "content": content_of(part)}

    def preview(self) -> str:
        """The beginning of the body on one line."""
        return " ".join(content_of(self.whole.get_body(("plain", "html"))).split())[:PREVIEW_LENGTH]

    def headers(self) -> list[dict[str, object]] | None:
        """The header fields one by one; None where Graph does not hand them out."""
        if self.folder.well_known in WITHOUT_HEADERS:
            return None
        return [{"name": name, "value": " ".join(str(value).split())} for name, value in self.head.items()]


READERS: dict[str, Callable[[Shown], object]] = {
    "createdDateTime": lambda one: moment(one.item.created_at),
    "lastModifiedDateTime": lambda one: moment(one.item.modified_at),
    "changeKey": lambda one: one.item.change_key,
    "categories": lambda one: [word for word in one.item.properties.get(KEYWORDS, "").split(";") if word],
    "receivedDateTime": lambda one: moment(one.item.received_at),
    "sentDateTime": lambda one: moment(one.sent_at()),
    "hasAttachments": lambda one: any(True for _ in one.whole.iter_attachments()),
    "internetMessageId": lambda one: one.item.internet_message_id,
    "subject": lambda one: one.text("Subject"),
    "bodyPreview": Shown.preview,
    "importance": lambda one: importance_of(one.head),
    "parentFolderId": lambda one: one.folder.id,
    "conversationId": lambda one: post.conversation_id_of(one.item.mime),
    "conversationIndex": lambda one: b64encode(post.conversation_index_of(one.item.mime)).decode(),
    "isDeliveryReceiptRequested": lambda one: "Return-Receipt-To" in one.head,
    "isReadReceiptRequested": lambda one: "Disposition-Notification-To" in one.head,
    "isRead": lambda one: one.item.is_read,
    "isDraft": lambda one: one.item.is_draft,
    "webLink": lambda one: f"https://outlook.example.org/owa/?ItemID={one.item.id}",
    "inferenceClassification": lambda _: "focused",
    "body": Shown.body,
    "uniqueBody": Shown.body,
    "sender": lambda one: one.person("Sender", "From"),
    "from": lambda one: one.person("From"),
    "toRecipients": lambda one: one.people("To"),
    "ccRecipients": lambda one: one.people("Cc"),
    "bccRecipients": lambda one: one.people("Bcc"),
    "replyTo": lambda one: one.people("Reply-To"),
    "flag": lambda _: {"flagStatus": "notFlagged"},
    "internetMessageHeaders": Shown.headers,
}
COMPARED: dict[str, Callable[[Shown], object]] = {
    "receivedDateTime": lambda one: one.item.received_at,
    "sentDateTime": Shown.sent_at,
    "createdDateTime": lambda one: one.item.created_at,
    "lastModifiedDateTime": lambda one: one.item.modified_at,
    "from/emailAddress/address": lambda one: post.sender_of(one.item.mime),
    "sender/emailAddress/address": lambda one: post.sender_of(one.item.mime),
    "id": lambda one: one.id,
}
ALL = tuple(name for name in READERS if name not in ON_REQUEST_ONLY)


def selected(select: str) -> tuple[str, ...]:
    """The names in a $select, or all that are given without one; 400 for a name no message has."""
    names = tuple(one.strip() for one in select.split(",") if one.strip())
    for name in names:
        if name not in READERS and name != "id":
            raise invalid(f"Could not find a property named '{name}' on type 'microsoft.graph.message'.")
    return tuple(one for one in names if one != "id") or (() if names else ALL)


def message_json(one: Shown, names: Iterable[str], extended: Iterable[str] = ()) -> dict[str, object]:
    """A message with these properties and those extended properties it has."""
    shown: dict[str, object] = {"@odata.etag": f'W/"{one.item.change_key}"', "id": one.id}
    for name in names:
        value = READERS[name](one)
        if value is not None or name != "internetMessageHeaders":
            shown[name] = value
    values = [
        {"id": shown_name(name), "value": value}
        for name in extended
        if (value := extended_property(one.item, name)) is not None
    ]
    return shown | ({"singleValueExtendedProperties": values} if values else {})


def compared(one: Shown, name: str) -> object:
    """A property as $filter and $orderby see it; 400 for what cannot be filtered on."""
    if name in COMPARED:
        return COMPARED[name](one)
    if name not in READERS:
        raise invalid(f"Could not find a property named '{name}' on type 'microsoft.graph.message'.")
    return READERS[name](one)


def folder_json(folder: Folder, children: int) -> dict[str, object]:
    """A folder of mail."""
    return {
        "id": folder.id,
        "displayName": folder.name,
        "parentFolderId": folder.parent_id,
        "childFolderCount": children,
        "unreadItemCount": folder.unread,
        "totalItemCount": len(folder.items),
        "isHidden": False,
    }


def moment(at: datetime) -> str:
    """A time as Graph writes it: UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def recipients(fields: Iterable[str]) -> list[dict[str, object]]:
    """People in address fields."""
    return [
        {"emailAddress": {"name": readable(name) or address, "address": address}}
        for name, address in getaddresses(list(fields))
        if "@" in address
    ]


def readable(value: str) -> str:
    """A header field without folds and with its encoded words read (RFC 2047); as it stands where that fails."""
    try:
        return " ".join(str(make_header(decode_header(value))).split())
    except (HeaderParseError, LookupError, ValueError):
        return " ".join(value.split())


def importance_of(head: Message) -> str:
    """Low, normal or high."""
    given = str(head.get("Importance", "normal")).strip().lower()
    return given if given in {"low", "high"} else "normal"


def whole_message(mime: bytes) -> EmailMessage:
    """A message with all its parts."""
    return message_from_bytes(mime, _class=EmailMessage, policy=policy.default)


def content_of(part: Message | None) -> str:
    """The text of a part, whatever its character set says."""
    if part is None or part.is_multipart():
        return ""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return str(part.get_payload())
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("latin-1")
