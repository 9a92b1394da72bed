"""The words of Exchange Web Services: requests built element by element, answers read by name alone.

Answers are read without regard to the order or the namespace of what is in them: servers other than Exchange are free
with both. Source: https://learn.microsoft.com/exchange/client-developer/web-service-reference/
"""

import binascii
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from exchangelib.util import create_element

from member_tracker.mail.headers import lenient_base64

SUCCESS = "NoError"
KEY = "send_key"
ATTEMPT = "send_attempt"
OUR_PROPERTIES = "6b7c1c52-5d3f-4a0e-9d0b-2f9a4d0c7e61"  # the set our named properties are in: never change it


class Element(Protocol):
    """What is used of an XML element."""

    tag: str
    text: str | None

    def find(self, path: str) -> "Element | None":
        """The first element at the path."""

    def iterfind(self, path: str) -> "Iterator[Element]":
        """Every element at the path."""

    def get(self, name: str) -> str | None:
        """An attribute."""

    def append(self, element: "Element") -> None:
        """Put another element in, at the end."""

    def iter(self) -> "Iterator[Element]":
        """The element and everything in it."""

    def __iter__(self) -> "Iterator[Element]":
        """What lies directly in it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server says of one thing asked: its code and what belongs to it. A `fault` speaks of the whole call."""

    code: str
    element: Element
    fault: bool = False
    wait_seconds: float | None = None

    @property
    def is_good(self) -> bool:
        """Whether the server did what it was asked."""
        return self.code == SUCCESS

    def items(self) -> Iterator[Element]:
        """The items in it, whatever they are."""
        for holder in self.element.iterfind(".//{*}Items"):
            yield from holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item as a list shows it."""

    id: str
    change_key: str = ""
    kind: str = ""
    item_class: str | None = None
    received_at: datetime | None = None
    sent_at: datetime | None = None
    size: int = 0
    message_id: str = ""
    is_draft: bool | None = None
    conversation_index: str = ""
    key: str = ""
    attempt: str = ""


# --- asking


def m(name: str, *inside: "Element | str", **attributes: str) -> Element:
    """An element of a message."""
    return _element(f"m:{name}", inside, attributes)


def t(name: str, *inside: "Element | str", **attributes: str) -> Element:
    """An element of a value."""
    return _element(f"t:{name}", inside, attributes)


def _element(name: str, inside: Sequence["Element | str"], attributes: dict[str, str]) -> Element:
    made: Element = create_element(name, attrs=attributes)
    for one in inside:
        if isinstance(one, str):
            made.text = one
        else:
            made.append(one)
    return made


def folder_id(name: str, mailbox: str) -> Element:
    """A folder every mailbox has, such as `inbox`; `mailbox` is empty for that of who signs in."""
    owner = (t("Mailbox", t("EmailAddress", mailbox)),) if mailbox else ()
    return t("DistinguishedFolderId", *owner, Id=name)


def item_id(item: Seen) -> Element:
    """The item, in the state in which it was seen."""
    return t("ItemId", Id=item.id, ChangeKey=item.change_key) if item.change_key else t("ItemId", Id=item.id)


def item_ids(ids: Iterable[str]) -> Element:
    """Items by their ids alone."""
    return m("ItemIds", *(t("ItemId", Id=one) for one in ids))


def field(uri: str) -> Element:
    """A field of an item or folder, such as `item:Size`."""
    return t("FieldURI", FieldURI=uri)


def our_property(name: str) -> Element:
    """A named property of ours."""
    return t("ExtendedFieldURI", PropertySetId=OUR_PROPERTIES, PropertyName=name, PropertyType="String")


def our_value(name: str, value: str) -> Element:
    """A named property of ours with its value."""
    return t("ExtendedProperty", our_property(name), t("Value", value))


def item_shape(*fields: Element, mime: bool = False) -> Element:
    """What is wanted of each item beside its id."""
    parts = [t("BaseShape", "IdOnly")]
    if mime:
        parts.append(t("IncludeMimeContent", "true"))
    if fields:
        parts.append(t("AdditionalProperties", *fields))
    return m("ItemShape", *parts)


def where(test: str, what: Element, value: str) -> Element:
    """Only what passes the test, such as `IsEqualTo`."""
    return m("Restriction", t(test, what, t("FieldURIOrConstant", t("Constant", Value=value))))


def newest_first() -> Element:
    """By when it was received, newest first."""
    return m("SortOrder", t("FieldOrder", field("item:DateTimeReceived"), Order="Descending"))


def message_of(raw: bytes, key: str) -> Element:
    """A new message made of its bytes, with its key."""
    content = t("MimeContent", b64encode(raw).decode("ascii"), CharacterSet="UTF-8")
    return t("Message", content, our_value(KEY, key))


def stamp(at: datetime) -> str:
    """A moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- reading


def first(element: Element | None, name: str) -> Element | None:
    """The first element of this name anywhere inside."""
    return None if element is None else element.find(f".//{{*}}{name}")


def every(element: Element, name: str) -> Iterator[Element]:
    """Every element of this name anywhere inside."""
    return element.iterfind(f".//{{*}}{name}")


def words(element: Element | None, name: str) -> str:
    """The text of the first element of this name; empty where there is none."""
    found = first(element, name)
    return (found.text or "").strip() if found is not None else ""


def truth(element: Element | None, name: str) -> bool | None:
    """Yes or no; None where nothing is said."""
    return {"true": True, "1": True, "false": False, "0": False}.get(words(element, name).lower())


def number(element: Element | None, name: str) -> int | None:
    """A whole number; None where there is none."""
    found = words(element, name)
    return int(found) if re.fullmatch(r"-?\d{1,18}", found) else None


def moment(element: Element | None, name: str) -> datetime | None:
    """A moment, UTC where no zone is written; None where it cannot be read."""
    return moment_of(words(element, name))


def moment_of(text: str) -> datetime | None:
    """A moment as servers write it."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def content_of(item: Element) -> bytes:
    """The message itself; no bytes where the server gave none."""
    try:
        return lenient_base64(words(item, "MimeContent").encode("ascii", "ignore"))
    except binascii.Error:
        return b""


def seen(item: Element) -> Seen | None:
    """The item as it is listed; None where it has no id."""
    found = first(item, "ItemId")
    identity = "" if found is None else found.get("Id")
    if found is None or not identity:
        return None
    return Seen(
        id=identity,
        change_key=found.get("ChangeKey") or "",
        kind=local_name(item),
        item_class=words(item, "ItemClass") or None,
        received_at=moment(item, "DateTimeReceived"),
        sent_at=moment(item, "DateTimeSent"),
        size=number(item, "Size") or 0,
        message_id=words(item, "InternetMessageId"),
        is_draft=truth(item, "IsDraft"),
        conversation_index=words(item, "ConversationIndex"),
        key=_ours(item, KEY),
        attempt=_ours(item, ATTEMPT),
    )


def _ours(item: Element, name: str) -> str:
    for one in every(item, "ExtendedProperty"):
        of = first(one, "ExtendedFieldURI")
        if of is None or of.get("PropertyName") != name:
            continue
        if (of.get("PropertySetId") or "").lower() == OUR_PROPERTIES:
            return words(one, "Value")
    return ""
