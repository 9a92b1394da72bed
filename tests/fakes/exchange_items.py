"""What an imaginary Exchange organisation is made of: mailboxes, folders, items, and the changes a folder remembers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import NamedTuple

PUBLIC_STRINGS = "PublicStrings"
INTERNET_HEADERS = "InternetHeaders"
NOTE = "IPM.Note"
NON_DELIVERY = "REPORT.IPM.Note.NDR"
OUT_OF_OFFICE = "IPM.Note.Rules.OofTemplate.Microsoft"


class Right(StrEnum):
    """What one person may do with another's mailbox."""

    FULL_ACCESS = "full access"
    SEND_AS = "send as"
    SEND_ON_BEHALF = "send on behalf"


class Change(StrEnum):
    """What happened to an item in a folder since it was last asked about."""

    CREATE = "create"
    UPDATE = "update"
    READ_FLAG = "read flag"
    DELETE = "delete"


class Busy(StrEnum):
    """How taken a stretch of a calendar is, in Exchange's words."""

    FREE = "Free"
    TENTATIVE = "Tentative"
    BUSY = "Busy"
    AWAY = "OOF"
    ELSEWHERE = "WorkingElsewhere"


class Refused(Exception):
    """The organisation says no: `code` is Exchange's own word for it, such as `ErrorItemNotFound`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class PropertyKey(NamedTuple):
    """The name of an extended property: a set (a lower-case GUID, PUBLIC_STRINGS or INTERNET_HEADERS) and a name."""

    set: str
    name: str


@dataclass(slots=True, kw_only=True, eq=False)
class Item:
    """One message in one folder. `id` is another after every move; `immutable_id` never is within the mailbox."""

    id: str
    immutable_id: str
    change_key: str
    mailbox: str
    folder_id: str
    mime: bytes
    item_class: str
    received_at: datetime
    created_at: datetime
    modified_at: datetime
    internet_message_id: str
    is_read: bool = False
    is_draft: bool = False
    properties: dict[PropertyKey, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of the message as it is kept."""
        return len(self.mime)


@dataclass(slots=True, eq=False)
class Stay:
    """One item's time in one folder, by the folder's own count of its events; 0 is "not yet"."""

    item_id: str
    immutable_id: str
    came: int
    changed: int = 0
    read: int = 0
    left: int = 0
    item: Item | None = None


class FolderChange(NamedTuple):
    """One line of what changed: `item` is None for a deletion, when only the ids are left."""

    change: Change
    item_id: str
    immutable_id: str
    item: Item | None


class ChangePage(NamedTuple):
    """Some changes in order, the position after them, and whether more are waiting."""

    changes: list[FolderChange]
    position: int
    more: bool


@dataclass(slots=True, kw_only=True, eq=False)
class Folder:
    """A folder of mail. `well_known` is its distinguished name (`inbox`), empty for one a person made."""

    id: str
    mailbox: str
    name: str
    parent_id: str | None
    well_known: str = ""
    change_key: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    stays: dict[str, Stay] = field(default_factory=dict)
    events: list[Stay] = field(default_factory=list)

    @property
    def position(self) -> int:
        """How many events this folder has seen."""
        return len(self.events)

    @property
    def unread(self) -> int:
        """How many of its items nobody has read."""
        return sum(not item.is_read for item in self.items.values())

    def take(self, item: Item) -> None:
        """Put an item in and remember that it came."""
        stay = Stay(item.id, item.immutable_id, came=self.position + 1, item=item)
        self.items[item.id] = item
        self.stays[item.id] = stay
        self.events.append(stay)

    def give_up(self, item: Item) -> None:
        """Take an item out and remember that it left."""
        del self.items[item.id]
        stay = self.stays.pop(item.id)
        stay.left, stay.item = self.position + 1, None
        self.events.append(stay)

    def note(self, item: Item, *, only_read_flag: bool = False) -> None:
        """Remember that an item was changed, or no more than read or unread."""
        stay = self.stays[item.id]
        if only_read_flag:
            stay.read = self.position + 1
        else:
            stay.changed = self.position + 1
        self.events.append(stay)

    def changes_since(self, position: int, limit: int) -> ChangePage:
        """At most `limit` changes after `position`, oldest first; every item is shown as it is now."""
        found: list[FolderChange] = []
        reached = position
        for number, change in self._changes(position):
            if len(found) == limit:
                return ChangePage(found, reached, more=True)
            found.append(change)
            reached = number
        return ChangePage(found, self.position, more=False)

    def _changes(self, position: int) -> Iterator[tuple[int, FolderChange]]:
        for number in range(position + 1, len(self.events) + 1):
            stay = self.events[number - 1]
            change = _change_at(stay, number, position)
            if change is not None:
                yield number, FolderChange(change, stay.item_id, stay.immutable_id, stay.item)


def _change_at(stay: Stay, number: int, position: int) -> Change | None:
    """What the event of this number tells somebody who knows everything up to `position`; None when nothing."""
    if stay.left:
        return Change.DELETE if number == stay.left and stay.came <= position else None
    if number == stay.came:
        return Change.CREATE
    if stay.came > position or number != max(stay.changed, stay.read):
        return None
    return Change.UPDATE if stay.changed > position else Change.READ_FLAG


class BusyTime(NamedTuple):
    """A stretch of somebody's calendar."""

    start: datetime
    end: datetime
    kind: Busy


@dataclass(slots=True, kw_only=True)
class AutomaticReply:
    """What a mailbox answers by itself, once to each sender; without times it holds until it is taken away."""

    text: str
    start: datetime | None = None
    end: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether it answers at this moment."""
        return not (self.start and moment < self.start) and not (self.end and moment >= self.end)


@dataclass(slots=True, kw_only=True, eq=False)
class Mailbox:
    """One mailbox and what is known of its owner; `accepts_from` None means anybody may write to it."""

    address: str
    name: str
    password: str
    shared: bool
    folders: dict[str, Folder] = field(default_factory=dict)
    rights: dict[str, set[Right]] = field(default_factory=dict)
    busy: list[BusyTime] = field(default_factory=list)
    automatic_reply: AutomaticReply | None = None
    answered: set[str] = field(default_factory=set)
    is_full: bool = False
    accepts_from: set[str] | None = None
    max_message_size: int | None = None
    generation: int = 1

    def folder(self, name: str) -> Folder:
        """The folder of this distinguished name, such as `inbox`, or of this id or display name."""
        found = self.folders.get(name)
        if found is not None:
            return found
        for one in self.folders.values():
            if name.lower() in {one.well_known, one.name.lower()}:
                return one
        raise Refused("ErrorFolderNotFound", "The specified folder could not be found in the store.")

    def busy_between(self, start: datetime, end: datetime) -> list[BusyTime]:
        """What is in the owner's calendar that touches this stretch, in order."""
        return sorted(one for one in self.busy if one.start < end and one.end > start)

    def free_busy_view(self, start: datetime, end: datetime, every: timedelta) -> str:
        """One digit an interval, as both protocols write it: 0 free, 1 tentative, 2 busy, 3 away, 4 elsewhere."""
        order = list(Busy)
        taken = self.busy_between(start, end)
        steps = [start + every * number for number in range(ceil((end - start) / every))]
        return "".join(
            str(max((order.index(one.kind) for one in taken if one.start < at + every and one.end > at), default=0))
            for at in steps
        )
