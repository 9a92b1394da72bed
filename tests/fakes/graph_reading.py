"""Folders and messages read through Graph: lists with filters and pages, one message, its bytes."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from tests.fakes.exchange_items import Folder, Item
from tests.fakes.graph_desk import Desk
from tests.fakes.graph_query import Filter, invalid, parse_filter, property_ids
from tests.fakes.graph_shapes import compared, folder_json, message_json, selected
from tests.fakes.graph_words import Call, GraphError, Reply

Row = TypeVar("Row")
DEFAULT_PAGE, LARGEST_PAGE = 10, 1_000


def list_folders(desk: Desk, call: Call) -> Reply:
    """The folders at the top, or in one: GET mailFolders, GET mailFolders/{id}/childFolders."""
    above = desk.folder(call, call.path[1] if len(call.path) > 1 else "msgfolderroot")
    inside = [one for one in desk.world.mailbox(call.mailbox).folders.values() if one.parent_id == above.id]
    wanted = parse_filter(call.query["$filter"]) if call.query.get("$filter") else None
    rows = [_folder(desk, call, one) for one in inside]
    if wanted is not None:
        rows = [row for row in rows if _folder_meets(wanted, row)]
    page, link = _paged(call, rows)
    parts = ("mailFolders",) if len(call.path) == 1 else (f"mailFolders('{above.id}')", "childFolders")
    return _collection(desk.context(call, *parts), page, link, "Collection(mailFolder)")


def get_folder(desk: Desk, call: Call) -> Reply:
    """GET mailFolders/{id or well-known name}."""
    shown = _folder(desk, call, desk.folder(call, call.path[1]))
    return Reply(json={"@odata.context": desk.context(call, "mailFolders/$entity"), **shown}, type="mailFolder")


def create_folder(desk: Desk, call: Call) -> Reply:
    """POST mailFolders, POST mailFolders/{id}/childFolders."""
    name = call.entity("mailFolder").get("displayName")
    if not isinstance(name, str) or not name:
        raise invalid("The displayName of a folder is required.")
    above = desk.folder(call, call.path[1] if len(call.path) > 1 else "msgfolderroot")
    made = desk.world.add_folder(call.mailbox, name, parent=above.id)
    shown = _folder(desk, call, made)
    context = desk.context(call, "mailFolders/$entity")
    return Reply(status=HTTPStatus.CREATED, json={"@odata.context": context, **shown}, type="mailFolder")


def list_messages(desk: Desk, call: Call) -> Reply:
    """GET messages, GET mailFolders/{id}/messages."""
    desk.world.look()
    items, parts = _all_items(desk, call)
    wanted = parse_filter(call.query["$filter"]) if call.query.get("$filter") else None
    order = _order(call.query.get("$orderby", ""))
    if wanted is not None and call.query.get("$orderby"):
        _check_order(wanted, order)
    if "$search" in call.query:
        raise invalid("This server does not search.")
    found = [item for item in items if wanted is None or _meets(desk, call, wanted, item)]
    for name, descending in reversed(order):
        found.sort(key=_sort_key(desk, call, name), reverse=descending)
    names, extended = selected(call.query.get("$select", "")), property_ids(call.query.get("$expand", ""))
    page, link = _paged(call, found)
    shown = [message_json(desk.shown(call, item), names, extended) for item in page]
    counted: dict[str, object] = {"@odata.count": len(found)} if call.query.get("$count") == "true" else {}
    return _collection(desk.context(call, *parts, "messages"), shown, link, "Collection(message)", counted)


def get_message(desk: Desk, call: Call) -> Reply:
    """GET messages/{id}."""
    item = desk.message(call, call.path[1])
    names, extended = selected(call.query.get("$select", "")), property_ids(call.query.get("$expand", ""))
    shown = message_json(desk.shown(call, item), names, extended)
    return Reply(json={"@odata.context": desk.context(call, "messages/$entity"), **shown}, type="message")


def get_mime(desk: Desk, call: Call) -> Reply:
    """GET messages/{id}/$value."""
    item = desk.message(call, call.path[1])
    desk.traffic.note_mime()
    return Reply(raw=item.mime, headers=(("Content-Type", "text/plain"),))


def _all_items(desk: Desk, call: Call) -> tuple[list[Item], tuple[str, ...]]:
    if call.path[0] == "mailFolders":
        folder = desk.folder(call, call.path[1])
        return list(folder.items.values()), (f"mailFolders('{folder.id}')",)
    folders = desk.world.mailbox(call.mailbox).folders.values()
    return [item for folder in folders for item in folder.items.values()], ()


def _order(text: str) -> list[tuple[str, bool]]:
    """The properties to sort by, each with whether downwards; the youngest first where nothing is said."""
    if not text:
        return [("receivedDateTime", True)]
    found = []
    for one in text.split(","):
        name, _, way = one.strip().partition(" ")
        if way.strip().lower() not in {"", "asc", "desc"}:
            raise invalid(f"Invalid order '{one}'.")
        found.append((name, way.strip().lower() == "desc"))
    return found


def _check_order(wanted: Filter, order: Sequence[tuple[str, bool]]) -> None:
    """Exchange filters by what it sorts by first, or not at all."""
    names = list(dict.fromkeys(wanted.names))
    if names[: len(order)] != [name for name, _ in order]:
        text = "The restriction or sort order is too complex for this operation."
        raise GraphError(HTTPStatus.BAD_REQUEST, "InefficientFilter", text)


def _sort_key(desk: Desk, call: Call, name: str) -> Callable[[Item], str]:
    def key(item: Item) -> str:
        value = compared(desk.shown(call, item), name)
        return str(value).casefold()

    return key


def _meets(desk: Desk, call: Call, wanted: Filter, item: Item) -> bool:
    shown = desk.shown(call, item)
    return wanted.meets(item, lambda name: compared(shown, name))


def _folder(desk: Desk, call: Call, folder: Folder) -> dict[str, object]:
    others = desk.world.mailbox(call.mailbox).folders.values()
    return folder_json(folder, sum(one.parent_id == folder.id for one in others))


def _folder_meets(wanted: Filter, row: dict[str, object]) -> bool:
    def read(name: str) -> object:
        if name not in row:
            raise invalid(f"Could not find a property named '{name}' on type 'microsoft.graph.mailFolder'.")
        return row[name]

    return wanted.meets(None, read)


def _paged(call: Call, rows: list[Row]) -> tuple[list[Row], str]:
    top = call.query.get("$top") or call.prefer.get("odata.maxpagesize") or str(DEFAULT_PAGE)
    skip = call.query.get("$skip", "0")
    if not top.isdigit() or not skip.isdigit() or not 0 < int(top) <= LARGEST_PAGE:
        raise invalid(f"Invalid value '{top}' for $top query option found.")
    end = int(skip) + int(top)
    link = f"{call.base}?{urlencode(call.query | {'$skip': str(end)}, safe='$')}" if end < len(rows) else ""
    return rows[int(skip) : end], link


def _collection(
    context: str, rows: Sequence[object], link: str, type_name: str, more: dict[str, object] | None = None
) -> Reply:
    shown: dict[str, object] = {"@odata.context": context, **(more or {}), "value": list(rows)}
    return Reply(json=shown | ({"@odata.nextLink": link} if link else {}), type=type_name)
