"""An imaginary council's Exchange organisation, without a network: mailboxes, rights, sending, delivery and memory.

    world = World(clock)
    world.add_mailbox("members@example.org", "Member Services", shared=True)
    draft = world.save_draft("members@example.org", mime)
    world.send(draft, by="a.clerk@example.org")

Everything happens under one lock (`world.lock`, which a server may hold for a whole request); ids come from a counter
and times from the clock handed in, so that the same acts always give the same organisation. What Exchange would refuse
raises `Refused` with Exchange's word for it. The EWS and the Graph server both stand on one of these.
"""

from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from threading import RLock

from tests.fakes import exchange_post as post
from tests.fakes.exchange_items import (
    NOTE,
    Busy,
    BusyTime,
    ChangePage,
    Folder,
    Item,
    Mailbox,
    PropertyKey,
    Refused,
    Right,
)
from tests.fakes.exchange_sending import PostRoom

FOLDERS = (
    ("root", "", "root"),
    ("msgfolderroot", "root", "Top of Information Store"),
    ("inbox", "msgfolderroot", "Inbox"),
    ("drafts", "msgfolderroot", "Drafts"),
    ("sentitems", "msgfolderroot", "Sent Items"),
    ("outbox", "msgfolderroot", "Outbox"),
    ("deleteditems", "msgfolderroot", "Deleted Items"),
    ("junkemail", "msgfolderroot", "Junk Email"),
    ("archive", "msgfolderroot", "Archive"),
)
DEFAULT_PASSWORD = "a long and easy sentence"
DEFAULT_LIMIT = 36_700_160


class World:
    """The organisation. Switches: `replaces_message_id`, `strips_x_headers`, `new_immutable_id_on_send`."""

    def __init__(self, now: Callable[[], datetime], *, host: str = "mail.example.org") -> None:
        self.now = now
        self.host = host
        self.lock = RLock()
        self.mailboxes: dict[str, Mailbox] = {}
        self.max_message_size = DEFAULT_LIMIT
        self.replaces_message_id = False
        self.strips_x_headers = False
        self.new_immutable_id_on_send = False
        self.sent_outside: list[tuple[str, bytes]] = []
        self._items: dict[str, Item] = {}
        self._post_room = PostRoom(self)
        self._count = 0

    # --- who there is, and who may do what

    def add_mailbox(
        self, address: str, name: str, *, password: str = DEFAULT_PASSWORD, shared: bool = False
    ) -> Mailbox:
        """A new mailbox with the usual folders; nobody can sign in as a shared one."""
        with self.lock:
            mailbox = Mailbox(address=address.lower(), name=name, password=password, shared=shared)
            self.mailboxes[mailbox.address] = mailbox
            ids = {"": ""}
            for well_known, parent, title in FOLDERS:
                folder = self._new_folder(mailbox, title, ids[parent] or None, well_known)
                ids[well_known] = folder.id
            return mailbox

    def mailbox(self, address: str) -> Mailbox:
        """The mailbox of an address in any case, or of a name such as DOMAIN\\name; ErrorNonExistentMailbox."""
        wanted = address.lower().rpartition("\\")[2]
        for one in self.mailboxes.values():
            if one.address == wanted or ("@" not in wanted and one.address.partition("@")[0] == wanted):
                return one
        raise Refused("ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.")

    def grant(self, user: str, mailbox: str, *rights: Right) -> None:
        """Give a user rights over another's mailbox."""
        self.mailbox(mailbox).rights.setdefault(self.mailbox(user).address, set()).update(rights)

    def revoke(self, user: str, mailbox: str, *rights: Right) -> None:
        """Take rights away again."""
        self.mailbox(mailbox).rights.get(self.mailbox(user).address, set()).difference_update(rights)

    def has_right(self, user: str, mailbox: str, right: Right) -> bool:
        """Whether the user has this right; over one's own mailbox one has them all."""
        owner = self.mailbox(mailbox)
        who = self.mailbox(user).address
        return who == owner.address or right in owner.rights.get(who, set())

    def may_open(self, user: str, mailbox: str) -> bool:
        """Whether the user may read and write this mailbox."""
        return self.has_right(user, mailbox, Right.FULL_ACCESS)

    def signs_in(self, user: str, password: str) -> str | None:
        """The address of who signs in, or None when the name or the password is wrong."""
        try:
            mailbox = self.mailbox(user)
        except Refused:
            return None
        return mailbox.address if not mailbox.shared and mailbox.password == password else None

    # --- folders and items

    def add_folder(self, mailbox: str, name: str, *, parent: str = "msgfolderroot") -> Folder:
        """A folder somebody made; ErrorFolderExists when there is one of this name beside it."""
        with self.lock:
            owner = self.mailbox(mailbox)
            above = owner.folder(parent)
            if any(one.parent_id == above.id and one.name == name for one in owner.folders.values()):
                raise Refused("ErrorFolderExists", "A folder with the specified name already exists.")
            return self._new_folder(owner, name, above.id, "")

    def folder_by_id(self, folder_id: str) -> Folder:
        """The folder of this id in whatever mailbox; ErrorFolderNotFound."""
        for mailbox in self.mailboxes.values():
            if folder_id in mailbox.folders:
                return mailbox.folders[folder_id]
        raise Refused("ErrorFolderNotFound", "The specified folder could not be found in the store.")

    def folder_of(self, item: Item) -> Folder:
        """Where the item lies now."""
        return self.mailboxes[item.mailbox].folders[item.folder_id]

    def item(self, item_id: str) -> Item:
        """The item of this id, or of this immutable id; ErrorItemNotFound, also for the id from before a move."""
        found = self._items.get(item_id)
        if found is None:
            raise Refused("ErrorItemNotFound", "The specified object was not found in the store.")
        return found

    def items(self, mailbox: str, folder: str = "inbox") -> list[Item]:
        """What lies in a folder, oldest first."""
        with self.lock:
            return list(self.mailbox(mailbox).folder(folder).items.values())

    def find_message(self, mailbox: str, message_id: str) -> list[Item]:
        """Every item of a mailbox with this Message-ID."""
        with self.lock:
            folders = self.mailbox(mailbox).folders.values()
            return [item for one in folders for item in one.items.values() if item.internet_message_id == message_id]

    # --- changing them

    def save(self, mailbox: str, mime: bytes, *, folder: str = "drafts", **more: object) -> Item:
        """Put a message into a folder as it is; `more` are fields of `Item` (`is_draft`, `properties`, ...)."""
        with self.lock:
            owner = self.mailbox(mailbox)
            if len(mime) > self.max_message_size:
                raise Refused("ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.")
            into = owner.folder(folder)
            if not post.message_id_of(mime):
                mime = post.with_headers(mime, add=[("Message-ID", self.new_message_id())])
            item = self._new_item(into, mime)
            for name, value in more.items():
                setattr(item, name, value)
            into.take(item)
            return item

    def save_draft(self, mailbox: str, mime: bytes, properties: dict[PropertyKey, str] | None = None) -> Item:
        """A draft in Drafts, with extended properties; ErrorMessageSizeExceeded."""
        return self.save(mailbox, mime, is_draft=True, is_read=True, properties=dict(properties or {}))

    def update(
        self,
        item: Item,
        *,
        properties: dict[PropertyKey, str] | None = None,
        without: Iterable[PropertyKey] = (),
        mime: bytes | None = None,
    ) -> None:
        """Set extended properties, take some away, or replace the whole message."""
        with self.lock:
            for key in without:
                item.properties.pop(key, None)
            item.properties.update(properties or {})
            if mime is not None:
                item.mime = mime
                item.internet_message_id = post.message_id_of(mime)
            self._touch(item)

    def mark_read(self, item: Item, is_read: bool = True) -> None:
        """Mark an item read or unread."""
        with self.lock:
            if item.is_read != is_read:
                item.is_read = is_read
                self._touch(item, only_read_flag=True)

    def move(self, item: Item, folder: str) -> Item:
        """Move an item to a folder of its mailbox (name or id): it keeps its immutable id and loses its id."""
        with self.lock:
            target = self.mailboxes[item.mailbox].folder(folder)
            self.folder_of(item).give_up(item)
            del self._items[item.id]
            item.id = self._new_id("AAMk", "moved")
            item.folder_id = target.id
            item.modified_at = self.now()
            item.change_key = self._new_change_key()
            self._items[item.id] = item
            target.take(item)
            return item

    def delete(self, item: Item, *, hard: bool = False) -> None:
        """Move an item to Deleted Items, or out of the world if it is there or `hard`."""
        with self.lock:
            bin_ = self.mailboxes[item.mailbox].folder("deleteditems")
            if not hard and item.folder_id != bin_.id:
                self.move(item, "deleteditems")
                return
            self.folder_of(item).give_up(item)
            del self._items[item.id], self._items[item.immutable_id]

    def forget_immutable_id(self, item: Item) -> None:
        """Give an item another immutable id, as a server does that makes a new item of what it sent."""
        del self._items[item.immutable_id]
        item.immutable_id = self._new_id("AAkA", "immutable")
        self._items[item.immutable_id] = item

    def holds(self, item: Item) -> bool:
        """Whether the item is still in some folder."""
        return self._items.get(item.id) is item

    # --- what a client may have missed

    def changes(self, folder: Folder, position: int, limit: int) -> ChangePage:
        """At most `limit` changes of a folder after a position (0: from the start)."""
        with self.lock:
            return folder.changes_since(position, limit)

    def state_of(self, folder: Folder, position: int) -> str:
        """An opaque word for "I know this folder up to here"."""
        generation = self.mailboxes[folder.mailbox].generation
        return b64encode(f"{generation}:{position}:{folder.id}".encode()).decode()

    def position_in(self, folder: Folder, state: str) -> int:
        """The position such a word stands for; ErrorInvalidSyncStateData when it is not of this folder or forgotten."""
        try:
            generation, position, folder_id = b64decode(state, validate=True).decode().split(":")
            if folder_id == folder.id and int(generation) == self.mailboxes[folder.mailbox].generation:
                return min(int(position), folder.position)
        except ValueError:
            pass
        raise Refused("ErrorInvalidSyncStateData", "Synchronization state data is corrupt or otherwise invalid.")

    def forget_sync_state(self, mailbox: str) -> None:
        """From now on nobody's sync state of this mailbox is understood."""
        with self.lock:
            self.mailbox(mailbox).generation += 1

    # --- arriving

    def deliver(
        self,
        address: str,
        mime: bytes,
        *,
        received_at: datetime | None = None,
        item_class: str | None = None,
        folder: str = "inbox",
        properties: dict[PropertyKey, str] | None = None,
    ) -> Item:
        """A message arrives from elsewhere, byte for byte as given."""
        with self.lock:
            into = self.mailbox(address).folder(folder)
            item = self._new_item(into, mime)
            item.received_at = received_at or self.now()
            item.item_class = item_class or post.class_of(mime)
            item.properties.update(properties or {})
            into.take(item)
            return item

    def deliver_many(self, address: str, mail: Iterable[tuple[datetime, bytes]], *, folder: str = "inbox") -> int:
        """Many messages arrive, each with its moment; how many they were."""
        count = 0
        for received_at, mime in mail:
            self.deliver(address, mime, received_at=received_at, item_class=NOTE, folder=folder)
            count += 1
        return count

    # --- sending

    def send_mime(
        self,
        mailbox: str,
        mime: bytes,
        *,
        by: str,
        save_copy: bool = True,
        properties: dict[PropertyKey, str] | None = None,
    ) -> None:
        """Send without a draft, in one act."""
        with self.lock:
            self._post_room.check(mailbox, mime, by)
            item = self.save(mailbox, mime, folder="outbox", is_read=True, properties=dict(properties or {}))
            self._post_room.submit(item, by=by, save_copy=save_copy)

    def send(self, item: Item, *, by: str, save_copy: bool = True) -> None:
        """Send a draft: it goes to the Outbox, then to Sent Items and to its recipients, each time under a new id.

        Refused: ErrorItemNotFound for what is no draft, ErrorSendAsDenied, ErrorInvalidRecipients,
        ErrorMessageSizeExceeded; the draft then stays where it is.
        """
        with self.lock:
            if not item.is_draft or not self.holds(item):
                raise Refused("ErrorItemNotFound", "The specified object was not found in the store.")
            self._post_room.check(item.mailbox, item.mime, by)
            self.move(item, "outbox")
            self._post_room.submit(item, by=by, save_copy=save_copy)

    def delay_sending(self, looks: int | None = None) -> None:
        """Keep what is sent from now on in the Outbox for so many looks, or until `settle`."""
        self._post_room.looks_before_sending = looks

    def look(self) -> None:
        """Somebody looks into a folder; servers call it, and mail in an Outbox comes closer to leaving."""
        with self.lock:
            self._post_room.look()

    def settle(self) -> None:
        """Everything in an Outbox leaves now."""
        with self.lock:
            self._post_room.settle()

    # --- calendars

    def busy(self, address: str, start: datetime, end: datetime, kind: Busy = Busy.BUSY) -> None:
        """Somebody is taken from `start` to `end`."""
        self.mailbox(address).busy.append(BusyTime(start, end, kind))

    # --- new things

    def new_message_id(self) -> str:
        """A Message-ID of the server's own."""
        return f"<{self._next():012X}@{self.host}>"

    def _next(self) -> int:
        with self.lock:
            self._count += 1
            return self._count

    def _new_id(self, start: str, kind: str) -> str:
        digest = sha256(f"{kind}:{self._next()}".encode()).digest()
        return f"{start}{urlsafe_b64encode(digest).decode()}"

    def _new_change_key(self) -> str:
        return "CQAAABYAAAB" + b64encode(self._next().to_bytes(9, "big")).decode()

    def _new_folder(self, mailbox: Mailbox, name: str, parent_id: str | None, well_known: str) -> Folder:
        folder = Folder(
            id=self._new_id("AQMk", "folder"),
            mailbox=mailbox.address,
            name=name,
            parent_id=parent_id,
            well_known=well_known,
            change_key=self._new_change_key(),
        )
        mailbox.folders[folder.id] = folder
        return folder

    def _new_item(self, folder: Folder, mime: bytes) -> Item:
        now = self.now()
        item = Item(
            id=self._new_id("AAMk", "item"),
            immutable_id=self._new_id("AAkA", "immutable"),
            change_key=self._new_change_key(),
            mailbox=folder.mailbox,
            folder_id=folder.id,
            mime=mime,
            item_class=NOTE,
            received_at=now,
            created_at=now,
            modified_at=now,
            internet_message_id=post.message_id_of(mime),
        )
        self._items[item.id] = self._items[item.immutable_id] = item
        return item

    def _touch(self, item: Item, *, only_read_flag: bool = False) -> None:
        item.modified_at = self.now()
        item.change_key = self._new_change_key()
        self.folder_of(item).note(item, only_read_flag=only_read_flag)
