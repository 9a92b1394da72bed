"""Extended properties by the names Graph gives them: `String {guid} Name SendKey`, `String 0x001A`.

https://learn.microsoft.com/graph/api/resources/extended-properties-overview
"""

import re
from http import HTTPStatus

from tests.fakes.exchange_items import INTERNET_HEADERS, PUBLIC_STRINGS, Item, PropertyKey
from tests.fakes.exchange_post import heading
from tests.fakes.graph_words import GraphError

NAMED = re.compile(
    r"String \{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}? Name (\S.*)", re.IGNORECASE
)
TAGGED = re.compile(r"String 0x([0-9a-f]{1,4})", re.IGNORECASE)
SETS = {
    "00020329-0000-0000-c000-000000000046": PUBLIC_STRINGS,
    "00020386-0000-0000-c000-000000000046": INTERNET_HEADERS,
}
GUIDS = {name: guid for guid, name in SETS.items()}
ITEM_CLASS, HEADERS, INTERNET_MESSAGE_ID = 0x001A, 0x007D, 0x1035


def property_key(name: str) -> PropertyKey | int:
    """What a name means: a named property, or the number of a tag; 400 for what is neither."""
    named = NAMED.fullmatch(name)
    if named is not None:
        guid = named[1].lower()
        return PropertyKey(SETS.get(guid, guid), named[2])
    tagged = TAGGED.fullmatch(name)
    if tagged is not None:
        return int(tagged[1], 16)
    raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidProperty", f"The property id '{name}' is invalid.")


def settable_key(name: str) -> PropertyKey:
    """What a name means where it is to be set; the tags known here cannot be."""
    key = property_key(name)
    if isinstance(key, int):
        raise GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidPropertySet", f"The property '{name}' is read-only.")
    return key


def extended_property(item: Item, name: str) -> str | None:
    """The value of a property by its name; None when the item has none."""
    key = property_key(name)
    if isinstance(key, PropertyKey):
        return item.properties.get(key)
    if key == ITEM_CLASS:
        return item.item_class
    if key == INTERNET_MESSAGE_ID:
        return item.internet_message_id
    return _transport_headers(item) if key == HEADERS else None


def shown_name(name: str) -> str:
    """The name as Graph gives it back, whatever way it was written."""
    key = property_key(name)
    if isinstance(key, int):
        return f"String 0x{key:x}"
    return f"String {{{GUIDS.get(key.set, key.set)}}} Name {key.name}"


def _transport_headers(item: Item) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in heading(item.mime).items())
