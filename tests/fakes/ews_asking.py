"""One request to the test Exchange server: who asks, of which world, and the items and folders they may name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from xml.etree.ElementTree import Element

from tests.fakes.ews_xml import Reply, find, local, m, t, text_at
from tests.fakes.exchange_items import Folder, Item, Refused
from tests.fakes.exchange_world import World
from tests.fakes.http_faults import Traffic

# What Exchange knows by name and this world does not have; asking for one is no error in the request.
ABSENT = "ErrorFolderNotFound"


@dataclass(slots=True, kw_only=True)
class Switches:
    """How a server falls short of Exchange; all are off at first.

    `lacks` names operations it does not know. `ignores_restrictions`: FindItem returns everything in the folder.
    `read_flag_as_update`: SyncFolderItems has no ReadFlagChange. `odd_send_item_response`: the answer to SendItem has
    another operation's shape. `silent_resync`: a bad sync state is taken for the first. `update_does_not_send`:
    UpdateItem with SendAndSaveCopy only saves. `send_item_fails`: SendItem is refused.
    """

    lacks: set[str] = field(default_factory=set)
    ignores_restrictions: bool = False
    read_flag_as_update: bool = False
    odd_send_item_response: bool = False
    silent_resync: bool = False
    update_does_not_send: bool = False
    send_item_fails: bool = False


@dataclass(slots=True, kw_only=True)
class Asking:
    """Who asks, and of what; `zone_id` is the time zone the request's header names."""

    world: World
    user: str
    zone_id: str
    switches: Switches
    traffic: Traffic

    def folder(self, element: Element) -> Folder:
        """The folder a `FolderId` or `DistinguishedFolderId` names, if the asker may open its mailbox."""
        if local(element) == "FolderId":
            folder = self.world.folder_by_id(element.get("Id", ""))
            self._must_open(
                folder.mailbox, Refused("ErrorAccessDenied", "Access is denied. Check credentials and try again.")
            )
            return folder
        name = element.get("Id", "")
        owner = self.world.mailbox(text_at(element, "Mailbox/EmailAddress") or self.user)
        self._must_open(owner.address, _closed(name))
        found = [one for one in owner.folders.values() if one.well_known == name]
        if not found:
            raise Refused(ABSENT, "The specified folder could not be found in the store.")
        return found[0]

    def item(self, element: Element, *, needs_key: bool = False, right_key: bool = False) -> Item:
        """The item an `ItemId` names; its change key must be there or be the newest where that is asked for."""
        item = self.world.item(element.get("Id", ""))
        if item.immutable_id == element.get("Id"):
            raise Refused("ErrorInvalidIdMalformed", "Id is malformed.")
        self._must_open(
            item.mailbox, Refused("ErrorAccessDenied", "Access is denied. Check credentials and try again.")
        )
        key = element.get("ChangeKey")
        if needs_key and not key:
            raise Refused("ErrorChangeKeyRequired", "This operation requires a change key.")
        if right_key and key != item.change_key:
            raise Refused(
                "ErrorStaleObject", "The send or update operation could not be performed because it is stale."
            )
        return item

    def target(self, holder: Element | None, default: Folder) -> Folder:
        """The folder named inside an element such as `SavedItemFolderId`, or the usual one."""
        return default if holder is None or not len(holder) else self.folder(holder[0])

    def own_folder(self, name: str) -> Folder:
        """A folder of the asker's own mailbox."""
        return self.world.mailbox(self.user).folder(name)

    def _must_open(self, mailbox: str, refusal: Refused) -> None:
        if not self.world.may_open(self.user, mailbox):
            raise refusal


def _closed(name: str) -> Refused:
    """What Exchange says of another's mailbox: its root is not even there."""
    if name in {"root", "msgfolderroot"}:
        return Refused("ErrorItemNotFound", "The specified object was not found in the store.")
    return Refused("ErrorAccessDenied", "Access is denied. Check credentials and try again.")


Part = TypeVar("Part")


def each(parts: Iterable[Part], act: Callable[[Part], Reply]) -> list[Reply]:
    """One reply for each thing asked; what is refused does not stop the others."""
    replies = []
    for part in parts:
        try:
            replies.append(act(part))
        except Refused as refusal:
            replies.append(Reply(code=refusal.code, text=refusal.text))
    return replies


def item_id(item: Item) -> Element:
    """The name of an item and of its present version."""
    return t("ItemId", None, Id=item.id, ChangeKey=item.change_key)


def folder_id(folder: Folder, name: str = "FolderId") -> Element:
    """The name of a folder."""
    return t(name, None, Id=folder.id, ChangeKey=folder.change_key)


def only_ids(*items: Item) -> Element:
    """The `Items` of an answer that tells no more than which they are."""
    return m("Items", None, *(t("Message", None, item_id(one)) for one in items))


def shape_of(body: Element, name: str) -> Element:
    """The element that says which properties are wanted."""
    found = find(body, name)
    return Element(name) if found is None else found
