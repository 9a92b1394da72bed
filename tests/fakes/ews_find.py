"""Finding items in the test Exchange server: FindItem with its restrictions, order and pages, and SyncFolderItems."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from xml.etree.ElementTree import Element

from tests.fakes.ews_asking import Asking, each, item_id, shape_of
from tests.fakes.ews_shapes import Shown, extended_value, shown, wanted_in
from tests.fakes.ews_xml import (
    Reply,
    children,
    find,
    find_all,
    is_true,
    local,
    m,
    moment_of,
    needed,
    responses,
    t,
    text_at,
    truth,
)
from tests.fakes.exchange_items import Change, Folder, Refused

MOST_CHANGES = 512
MOST_FOUND = 1000
ONLY_BY_GET_ITEM = {"item:Body", "item:Attachments", "item:InternetMessageHeaders", "message:ToRecipients"}
Value = str | int | bool | datetime | None
Test = Callable[[Shown], bool]


def find_item(asking: Asking, body: Element) -> Element:
    """Answer FindItem; properties that only GetItem can give are not given."""
    asking.world.look()
    wanted = wanted_in(shape_of(body, "ItemShape"))
    restriction = find(body, "Restriction")
    page = find(body, "IndexedPageItemView")

    def one(named: Element) -> Reply:
        if wanted.with_mime or wanted.paths & ONLY_BY_GET_ITEM:
            raise Refused("ErrorInvalidPropertyRequest", "Property is not valid for this operation.")
        fits = _everything if restriction is None or asking.switches.ignores_restrictions else test_of(restriction[0])
        folder = asking.folder(named)
        found = _sorted([view for item in folder.items.values() if fits(view := Shown(item, folder))], body)
        start, end = _page(page, len(found))
        items = t("Items", None, *(shown(asking, view.item, wanted) for view in found[start:end]))
        root = m("RootFolder", None, items)
        root.attrib["IndexedPagingOffset"] = str(end)
        root.attrib.update(TotalItemsInView=str(len(found)), IncludesLastItemInRange=truth(end >= len(found)))
        return Reply(parts=(root,))

    return responses("FindItem", each(children(find(body, "ParentFolderIds")), one))


def _page(page: Element | None, count: int) -> tuple[int, int]:
    offset = int(page.get("Offset", "0")) if page is not None else 0
    most = min(int(page.get("MaxEntriesReturned", "1000")) if page is not None else MOST_FOUND, MOST_FOUND)
    if page is not None and page.get("BasePoint") == "End":
        return max(0, count - offset - most), max(0, count - offset)
    return min(offset, count), min(offset + most, count)


def _sorted(found: list[Shown], body: Element) -> list[Shown]:
    """In the order asked for, otherwise the newest first."""
    orders = find_all(body, "SortOrder/FieldOrder")
    if not orders:
        return sorted(found, key=lambda one: one.item.received_at, reverse=True)
    for order in reversed(orders):
        found = sorted(found, key=partial(_for_sorting, path=order[0]), reverse=order.get("Order") == "Descending")
    return found


def _for_sorting(view: Shown, path: Element) -> tuple[bool, str]:
    value = _value(view, path)
    text = (
        value.isoformat() if isinstance(value, datetime) else f"{value:020}" if isinstance(value, int) else str(value)
    )
    return value is not None, text


# --- restrictions


def test_of(restriction: Element) -> Test:
    """What an element of a `Restriction` asks of an item; ErrorUnsupportedPathForQuery for a property not kept here."""
    kind = local(restriction)
    if kind in {"And", "Or"}:
        parts = [test_of(one) for one in restriction]
        together = all if kind == "And" else any
        return lambda view: together(part(view) for part in parts)
    if kind == "Not":
        inner = test_of(restriction[0])
        return lambda view: not inner(view)
    path = restriction[0]
    if kind == "Exists":
        return lambda view: _value(view, path) is not None
    if kind == "Contains":
        return _contains(restriction)
    compare = COMPARISONS.get(kind)
    if compare is None:
        raise Refused("ErrorUnsupportedTypeForConversion", f"The restriction {kind} is not supported here.")
    constant = find(restriction, "FieldURIOrConstant/Constant")
    given = "" if constant is None else constant.get("Value", "")
    return lambda view: _compared(compare, _value(view, path), given)


COMPARISONS: dict[str, Callable[..., bool]] = {
    "IsEqualTo": eq,
    "IsNotEqualTo": ne,
    "IsGreaterThan": gt,
    "IsGreaterThanOrEqualTo": ge,
    "IsLessThan": lt,
    "IsLessThanOrEqualTo": le,
}


def _compared(compare: Callable[..., bool], value: Value, given: str) -> bool:
    """Words are compared without regard to case, as Exchange does."""
    if value is None:
        return compare is ne
    if isinstance(value, datetime):
        return compare(value.replace(microsecond=0), moment_of(given))
    if isinstance(value, bool):
        return compare(value, is_true(given))
    return compare(value, int(given)) if isinstance(value, int) else compare(value.lower(), given.lower())


def _contains(restriction: Element) -> Test:
    wanted = needed(restriction, "Constant").get("Value", "")
    mode = restriction.get("ContainmentMode", "Substring")
    exact = restriction.get("ContainmentComparison", "Exact") == "Exact"

    def fits(view: Shown) -> bool:
        value = str(_value(view, restriction[0]) or "")
        here, there = (value, wanted) if exact else (value.lower(), wanted.lower())
        if mode == "FullString":
            return here == there
        return here.startswith(there) if mode.startswith("Prefix") else there in here

    return fits


def _everything(_: Shown) -> bool:
    return True


def _value(view: Shown, path: Element) -> Value:
    if local(path) == "ExtendedFieldURI":
        return extended_value(view, path)
    value = SEARCHABLE.get(path.get("FieldURI", ""))
    if value is None:
        raise Refused("ErrorUnsupportedPathForQuery", "The property can not be used with this type of restriction.")
    return value(view)


SEARCHABLE: dict[str, Callable[[Shown], Value]] = {
    "item:DateTimeReceived": lambda one: one.item.received_at,
    "item:DateTimeSent": lambda one: one.sent_at,
    "item:DateTimeCreated": lambda one: one.item.created_at,
    "item:LastModifiedTime": lambda one: one.item.modified_at,
    "item:ItemClass": lambda one: one.item.item_class,
    "item:Subject": lambda one: one.line("Subject"),
    "item:Size": lambda one: one.item.size,
    "item:IsDraft": lambda one: one.item.is_draft,
    "item:HasAttachments": lambda one: bool(one.attachments),
    "message:IsRead": lambda one: one.item.is_read,
    "message:InternetMessageId": lambda one: one.item.internet_message_id,
    "message:From": lambda one: one.line("From"),
}


# --- synchronising


def sync_folder_items(asking: Asking, body: Element) -> Element:
    """Answer SyncFolderItems: at most so many changes after a state, and the state after them.

    Whole messages, bodies and attachments are left out even where they are asked for: GetItem gives them.
    """
    asking.world.look()
    asked = wanted_in(shape_of(body, "ItemShape"))
    wanted = asked._replace(paths=asked.paths - ONLY_BY_GET_ITEM, with_mime=False)
    most = min(int(text_at(body, "MaxChangesReturned", "10")), MOST_CHANGES)

    def one(named: Element) -> Reply:
        folder = asking.folder(named)
        position = _position(asking, folder, text_at(body, "SyncState"))
        page = asking.world.changes(folder, position, most)
        ignored = {skipped.get("Id") for skipped in children(find(body, "Ignore"))}
        changes = m("Changes")
        for change, gone_id, _, item in page.changes:
            if gone_id in ignored:
                continue
            if item is None:
                changes.append(t("Delete", None, t("ItemId", None, Id=gone_id, ChangeKey="AQAAAA==")))
            elif change is Change.READ_FLAG and not asking.switches.read_flag_as_update:
                changes.append(t("ReadFlagChange", None, item_id(item), t("IsRead", truth(item.is_read))))
            else:
                name = "Create" if change is Change.CREATE else "Update"
                changes.append(t(name, None, shown(asking, item, wanted)))
        state = m("SyncState", asking.world.state_of(folder, page.position))
        return Reply(parts=(state, m("IncludesLastItemInRange", truth(not page.more)), changes))

    return responses("SyncFolderItems", each(children(find(body, "SyncFolderId")), one))


def _position(asking: Asking, folder: Folder, state: str) -> int:
    if not state:
        return 0
    try:
        return asking.world.position_in(folder, state)
    except Refused:
        if asking.switches.silent_resync:
            return 0
        raise
