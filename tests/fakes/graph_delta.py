"""What changed in one folder since a link was handed out: https://learn.microsoft.com/graph/delta-query-messages.

The links hold everything: the folder, how far the round has come, and what was asked for at first. With immutable ids a
message that left the folder and came back within a round is told as gone only: a fault of Graph's that clients meet.
"""

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus

from tests.fakes.exchange_items import Change, Folder, FolderChange, Item
from tests.fakes.graph_desk import Desk
from tests.fakes.graph_query import invalid, property_ids
from tests.fakes.graph_shapes import message_json, selected
from tests.fakes.graph_words import Call, GraphError, Reply

FILTER = re.compile(r"receivedDateTime\s+(ge|gt)\s+(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)")
OFFERED = {"$select", "$filter", "$orderby", "$expand", "$top", "changeType"}
KINDS = {
    "created": {Change.CREATE},
    "updated": {Change.UPDATE, Change.READ_FLAG},
    "deleted": {Change.DELETE},
}
DEFAULT_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a round stands: it began after the event `start` and has told everything up to `position`."""

    folder: str
    generation: int
    start: int = 0
    position: int = 0
    select: str = ""
    expand: str = ""
    since: str = ""
    after: bool = False
    kind: str = ""
    top: int = 0
    last: str = ""

    def link(self) -> str:
        """These facts as an opaque word."""
        return urlsafe_b64encode(zlib.compress(json.dumps(asdict(self)).encode())).decode().rstrip("=")


def delta(desk: Desk, call: Call, folder: Folder) -> Reply:
    """One page of a round, with a link to the next page or to the next round."""
    place = _place(desk, call, folder)
    _lose_state(desk, call)
    if place.generation != desk.world.mailbox(call.mailbox).generation or place.folder != folder.id:
        raise _gone(desk, call, folder)
    if desk.empty_pages:
        desk.empty_pages -= 1
        return _page(desk, call, folder, [], place, more=True)
    size = _page_size(call, place)
    entries, place, more = _changes(desk, call, folder, place, size)
    return _page(desk, call, folder, entries, place, more=more)


def _place(desk: Desk, call: Call, folder: Folder) -> _Place:
    token = call.query.get("$deltatoken") or call.query.get("$skiptoken")
    if token and token != "latest":
        return _from_link(token)
    unknown = set(call.query) - OFFERED - {"$deltatoken"}
    if unknown:
        raise invalid(f"The query option {min(unknown)} is not supported on a change-tracked collection.")
    if call.query.get("$orderby", "receivedDateTime desc").lower() != "receiveddatetime desc":
        raise invalid("The given sort order is not supported on a change-tracked collection.")
    if not call.query.get("$top", "0").isdigit():
        raise invalid(f"Invalid value '{call.query['$top']}' for $top query option found.")
    if call.query.get("changeType", "created") not in KINDS:
        raise invalid("changeType must be created, updated or deleted.")
    selected(call.query.get("$select", ""))
    property_ids(call.query.get("$expand", ""))
    place = _Place(
        folder=folder.id,
        generation=desk.world.mailbox(call.mailbox).generation,
        select=call.query.get("$select", ""),
        expand=call.query.get("$expand", ""),
        kind=call.query.get("changeType", ""),
        top=int(call.query.get("$top", "0")),
    )
    return _since(desk, folder, place, call.query.get("$filter", ""))


def _since(desk: Desk, folder: Folder, place: _Place, text: str) -> _Place:
    """The place with the first day read from the filter, moved up where too many messages are as young as that."""
    if not text:
        return place
    match = FILTER.fullmatch(text.strip())
    if match is None:
        raise invalid("The given filter expression is not supported on a change-tracked collection.")
    place = replace(place, since=_moment(match[2]).isoformat(), after=match[1] == "gt")
    young = sorted(item.received_at for item in folder.items.values() if _is_young(place, item))
    if len(young) > desk.delta_limit:
        place = replace(place, since=young[-desk.delta_limit].isoformat(), after=False)
    return place


def _from_link(token: str) -> _Place:
    try:
        facts = json.loads(zlib.decompress(urlsafe_b64decode(token + "=" * (-len(token) % 4))))
        return _Place(**facts)
    except (BadBase64, zlib.error, ValueError, TypeError):
        raise GraphError(HTTPStatus.BAD_REQUEST, "BadRequest", "Badly formed token.") from None


def _lose_state(desk: Desk, call: Call) -> None:
    if desk.pages_before_forgetting is None:
        return
    if desk.pages_before_forgetting == 0:
        desk.pages_before_forgetting = None
        desk.world.forget_sync_state(call.mailbox)
    else:
        desk.pages_before_forgetting -= 1


def _gone(desk: Desk, call: Call, folder: Folder) -> GraphError:
    text = "The sync state generation is not found; continuing sync is not possible and a full sync is required."
    place = f"{_address(desk, call, folder)}?$deltatoken="
    return GraphError(desk.gone_status, desk.gone_code, text, ("Location", place))


def _page_size(call: Call, place: _Place) -> int:
    asked = call.prefer.get("odata.maxpagesize", "")
    return max(1, min(int(asked) if asked.isdigit() else place.top or DEFAULT_PAGE, 1_000))


def _changes(
    desk: Desk, call: Call, folder: Folder, place: _Place, size: int
) -> tuple[list[dict[str, object]], _Place, bool]:
    entries: list[dict[str, object]] = []
    if desk.repeats and place.last and place.last in folder.items:
        entries.append(_entry(desk, call, place, folder.items[place.last]))
    left = _left_since(folder, place.start) if call.immutable_ids else set()
    fresh = 0
    while True:
        page = desk.world.changes(folder, place.position, size - fresh)
        place = replace(place, position=page.position)
        for change in page.changes:
            if _is_told(place, change, left):
                fresh += 1
                entries.append(_told(desk, call, place, change))
                place = replace(place, last=change.item_id)
        if not page.more or fresh >= size:
            return entries, place, page.more


def _is_told(place: _Place, change: FolderChange, left: set[str]) -> bool:
    if place.kind and change.change not in KINDS[place.kind]:
        return False
    if change.item is None:
        return True
    return change.immutable_id not in left and _is_young(place, change.item)


def _left_since(folder: Folder, start: int) -> set[str]:
    """The immutable ids of what was here when the round began and left since."""
    if not start:
        return set()
    return {stay.immutable_id for stay in folder.events[start:] if stay.left > start and stay.came <= start}


def _is_young(place: _Place, item: Item) -> bool:
    if not place.since:
        return True
    since = datetime.fromisoformat(place.since)
    return item.received_at > since if place.after else item.received_at >= since


def _told(desk: Desk, call: Call, place: _Place, change: FolderChange) -> dict[str, object]:
    if change.item is None:
        gone = change.immutable_id if call.immutable_ids else change.item_id
        return {"@odata.type": "#microsoft.graph.message", "id": gone, "@removed": {"reason": "deleted"}}
    if change.change is Change.READ_FLAG and desk.sparse_updates:
        shown = message_json(desk.shown(call, change.item), ["isRead"])
        return {"@odata.type": "#microsoft.graph.message", **shown}
    return _entry(desk, call, place, change.item)


def _entry(desk: Desk, call: Call, place: _Place, item: Item) -> dict[str, object]:
    shown = message_json(desk.shown(call, item), selected(place.select), property_ids(place.expand))
    return {"@odata.type": "#microsoft.graph.message", **shown}


def _page(
    desk: Desk, call: Call, folder: Folder, entries: list[dict[str, object]], place: _Place, *, more: bool
) -> Reply:
    name, token = ("nextLink", "skiptoken") if more else ("deltaLink", "deltatoken")
    if not more:
        place = replace(place, start=place.position)
    shown: dict[str, object] = {
        "@odata.context": desk.context(call, f"mailFolders('{folder.id}')", "messages/$delta"),
        f"@odata.{name}": f"{_address(desk, call, folder)}?${token}={place.link()}",
        "value": entries,
    }
    return Reply(json=shown, type="Collection(message)")


def _address(desk: Desk, call: Call, folder: Folder) -> str:
    return f"{desk.root_url}/v1.0/users('{call.mailbox}')/mailFolders('{folder.id}')/messages/delta"


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"Invalid time '{text}'.") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
