"""What the test Graph server's endpoints stand on: the organisation, what a test has arranged, how things are found."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from tests.fakes.exchange_items import Folder, Item, Refused
from tests.fakes.exchange_world import World
from tests.fakes.graph_shapes import Shown
from tests.fakes.graph_words import Call, GraphError
from tests.fakes.http_faults import Traffic

ITEM_ID = re.compile(r"AA[Mk][kA][A-Za-z0-9_=+/-]{20,}")
FOLDER_ID = re.compile(r"AQMk[A-Za-z0-9_=+/-]{20,}")


@dataclass(slots=True, kw_only=True)
class Upload:
    """A large attachment on its way, in pieces."""

    mailbox: str
    item: Item
    name: str
    content_type: str
    is_inline: bool
    size: int
    expires_at: datetime
    received: bytearray = field(default_factory=bytearray)


@dataclass(slots=True, kw_only=True)
class Desk:
    """The organisation and the switches of this server.

    Delta: `empty_pages`, so many pages come with nothing but a link; `repeats` shows the last change of a page on the
    next again; `pages_before_forgetting`, after so many pages the state is lost, as `gone_status` and `gone_code` say;
    `sparse_updates`, a message that was read or unread comes with nothing but that.

    `new_message_id_of_drafts` puts a Message-ID of the server's on every draft. `closed_status` answers who may not
    open a mailbox. `on_premises` are mailboxes Graph does not reach. `large_uploads_refused_to_delegates` is a known
    issue of Graph's. `throttled_in_batch`: so many of the next requests inside a batch are answered 429.
    """

    world: World
    root_url: str = ""
    empty_pages: int = 0
    repeats: bool = False
    pages_before_forgetting: int | None = None
    gone_status: int = HTTPStatus.GONE
    gone_code: str = "syncStateNotFound"
    sparse_updates: bool = True
    new_message_id_of_drafts: bool = False
    delta_limit: int = 5_000
    closed_status: int = HTTPStatus.FORBIDDEN
    on_premises: set[str] = field(default_factory=set)
    large_uploads_refused_to_delegates: bool = False
    throttled_in_batch: int = 0
    uploads: dict[str, Upload] = field(default_factory=dict)
    traffic: Traffic = field(default_factory=Traffic)

    def open_mailbox(self, call: Call) -> None:
        """Whether the caller may work in this mailbox; otherwise Graph's refusal."""
        try:
            self.world.mailbox(call.mailbox)
        except Refused:
            text = f"The requested user '{call.mailbox}' is invalid."
            raise GraphError(HTTPStatus.NOT_FOUND, "ErrorInvalidUser", text) from None
        if call.mailbox in self.on_premises:
            text = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
            raise GraphError(HTTPStatus.NOT_FOUND, "MailboxNotEnabledForRESTAPI", text)
        if not self.world.may_open(call.user, call.mailbox):
            raise self.closed()

    def closed(self) -> GraphError:
        """The answer to who may not open a mailbox: Graph gives one or the other."""
        if self.closed_status == HTTPStatus.NOT_FOUND:
            text = "The specified object was not found in the store., Default folder Inbox not found."
            return GraphError(HTTPStatus.NOT_FOUND, "ErrorItemNotFound", text)
        return access_denied()

    def folder(self, call: Call, name: str) -> Folder:
        """A folder of the mailbox by its id or well-known name."""
        folders = self.world.mailbox(call.mailbox).folders
        if name in folders:
            return folders[name]
        for one in folders.values():
            if one.well_known and one.well_known == name.lower():
                return one
        raise _not_found() if FOLDER_ID.fullmatch(name) else _malformed()

    def message(self, call: Call, item_id: str) -> Item:
        """A message of the mailbox by either kind of id."""
        try:
            item = self.world.item(item_id)
        except Refused:
            raise (_not_found() if ITEM_ID.fullmatch(item_id) else _malformed()) from None
        if item.mailbox != call.mailbox:
            raise _not_found()
        return item

    def shown(self, call: Call, item: Item) -> Shown:
        """A message as this caller is shown it."""
        as_text = call.prefer.get("outlook.body-content-type", "").lower() == "text"
        folder = self.world.folder_of(item)
        return Shown(item, folder, immutable_ids=call.immutable_ids, as_text=as_text)

    def context(self, call: Call, *parts: str) -> str:
        """The @odata.context of an answer."""
        return f"{self.root_url}/v1.0/$metadata#users('{call.mailbox}')/" + "/".join(parts)


def access_denied() -> GraphError:
    """No right, or no scope, to do this."""
    text = "Access is denied. Check credentials and try again."
    return GraphError(HTTPStatus.FORBIDDEN, "ErrorAccessDenied", text)


def _not_found() -> GraphError:
    return GraphError(HTTPStatus.NOT_FOUND, "ErrorItemNotFound", "The specified object was not found in the store.")


def _malformed() -> GraphError:
    return GraphError(HTTPStatus.BAD_REQUEST, "ErrorInvalidIdMalformed", "Id is malformed.")
