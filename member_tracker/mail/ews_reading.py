"""Reading a mailbox by Exchange Web Services: what changed since the last page, and the bytes of what is wanted.

Source: https://learn.microsoft.com/exchange/client-developer/exchange-web-services/mailbox-synchronization-and-ews-in-exchange
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from member_tracker.domain.dates import LONDON
from member_tracker.domain.errors import TooMuch, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount
from member_tracker.domain.watching import Watch
from member_tracker.mail import ews_errors as told
from member_tracker.mail import ews_xml as xml
from member_tracker.mail.ews_connection import Connection
from member_tracker.mail.ews_folders import Folders
from member_tracker.mail.ews_xml import Element, Reply, Seen, m
from member_tracker.mail.mailbox import Arrival, Arrivals, Cursor, Known, Refused

PAGE = 100
BATCH = 50  # messages a call, fewer where they are large
BATCH_BYTES = 8_000_000
LARGEST = 150_000_000
LOOK_BACK = timedelta(days=7)
_UNKNOWN_SIZE = 200_000
_NOT_MAIL = frozenset({"CalendarItem", "Contact", "DistributionList", "Task", "Persona"})
_LISTED = ("item:DateTimeReceived", "item:ItemClass", "item:Size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far a folder was read: the server's own state, and since when nothing older than `after` is fetched."""

    folder: str
    state: str = ""
    good_at: datetime | None = None
    after: datetime | None = None

    @classmethod
    def of(cls, cursor: Cursor | None, folder: str) -> "Place":
        """The place in the cursor; the beginning where it is of another folder or cannot be read."""
        try:
            kept = json.loads(cursor or "{}")
            if kept.get("folder") == folder:
                times = [xml.moment_of(str(kept.get(name))) for name in ("good", "after")]
                return cls(folder=folder, state=str(kept.get("state", "")), good_at=times[0], after=times[1])
        except (ValueError, AttributeError):
            pass
        return cls(folder=folder)

    def cursor(self) -> Cursor:
        """The place as it is kept."""
        kept = {"folder": self.folder, "state": self.state}
        if self.good_at:
            kept["good"] = xml.stamp(self.good_at)
        if self.after:
            kept["after"] = xml.stamp(self.after)
        return Cursor(json.dumps(kept, separators=(",", ":"), ensure_ascii=False))


@dataclass(slots=True)
class _Page:
    """What one call said had changed."""

    there: list[Seen] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    state: str = ""
    more: bool = False


class Reader:
    """Reads one folder of one mailbox."""

    def __init__(self, account: MailboxAccount, connection: Connection, folders: Folders) -> None:
        self._account = account
        self._connection = connection
        self._folders = folders

    # --- what changed

    def arrivals(self, cursor: Cursor | None, known: Known, watch: Watch) -> Arrivals:
        """The page after the cursor: one call for what changed, then the bytes of what is not known."""
        place = Place.of(cursor, self._account.folder)
        watch.at("Asking for new mail", 0, 1)
        page, begun_again = self._changes(place), False
        if page is None:
            place, begun_again = _begun_again(place, self._connection.now()), True
            page = self._changes(place)
        if page is None:
            raise Unavailable(
                f"The mail server does not tell what is new in {self._account.address}.",
                advice="Try again later. If it happens again, ask your Exchange administrator.",
            )
        fetched, refused = self._fetched(self._wanted(page.there, place, known), watch)
        more = page.more and (page.state != place.state or bool(page.there))
        new = replace(place, state=page.state, good_at=self._connection.now(), after=place.after if more else None)
        return Arrivals(
            page=tuple(one for one in fetched if _is_since(one.received_at, self._since(place))),
            cursor=new.cursor(),
            more=more,
            refused=tuple(refused),
            left=tuple(page.left),
            begun_again=begun_again,
        )

    def _changes(self, place: Place) -> _Page | None:
        """One page of changes; None where the server has lost its place."""
        state = (m("SyncState", place.state),) if place.state else ()
        reply = self._folders.about_folder(
            lambda folder: m(
                "SyncFolderItems",
                xml.item_shape(*(xml.field(one) for one in _LISTED)),
                m("SyncFolderId", folder),
                *state,
                m("MaxChangesReturned", str(PAGE)),
            )
        )
        if reply.code in told.LOST_PLACE and place.state:
            return None
        return _page_of(self._connection.must(reply), place.state)

    def _since(self, place: Place) -> datetime | None:
        chosen = [at for at in (beginning(self._account.since), place.after) if at is not None]
        return max(chosen, default=None)

    def _wanted(self, there: Sequence[Seen], place: Place, known: Known) -> list[Seen]:
        since = self._since(place)
        new = {one.id: one for one in there if one.kind not in _NOT_MAIL and _is_since(one.received_at, since)}
        have = known(tuple(new)) if new else frozenset()
        return [one for one in new.values() if one.id not in have]

    # --- the sweep

    def sweep(self, since: datetime, known: Known, watch: Watch) -> Arrivals:
        """What was received since then and is not known, at most a page of it."""
        limit = max(filter(None, (since, beginning(self._account.since))))
        wanted: list[Seen] = []
        for listed in self._listed(limit):
            watch.at("Looking for mail that was missed", 0, 1)
            new = {one.id: one for one in listed if one.kind not in _NOT_MAIL and _is_since(one.received_at, limit)}
            have = known(tuple(new)) if new else frozenset()
            wanted += [one for one in new.values() if one.id not in have]
            if len(wanted) > PAGE:
                break
        fetched, refused = self._fetched(wanted[:PAGE], watch)
        page = tuple(one for one in fetched if _is_since(one.received_at, limit))
        return Arrivals(page=page, cursor=Cursor(""), more=len(wanted) > PAGE, refused=tuple(refused))

    def _listed(self, since: datetime) -> Iterator[list[Seen]]:
        """The folder from that moment on, page by page; all of it where the server cannot choose."""
        chosen = xml.where("IsGreaterThanOrEqualTo", xml.field("item:DateTimeReceived"), xml.stamp(since))
        parts: tuple[Element, ...] = (chosen, xml.newest_first())
        offset, met = 0, set[str]()
        while True:
            reply = self._folders.about_folder(partial(_find, offset, parts))
            if parts and (not reply.is_good or xml.first(reply.element, "RootFolder") is None):
                parts = ()
                continue
            found = [one for item in self._connection.must(reply).items() if (one := xml.seen(item))]
            fresh = [one for one in found if one.id not in met]
            if not fresh:
                return
            met.update(one.id for one in fresh)
            yield fresh
            if len(found) < PAGE or _is_last(reply) or _is_past(fresh, since):
                return
            offset += len(found)

    # --- what is still there

    def still_there(self, ids: Sequence[str]) -> AbstractSet[str]:
        """Which of the items the server still has under these ids."""
        there: set[str] = set()
        for start in range(0, len(ids), PAGE):
            some = ids[start : start + PAGE]
            replies = self._connection.read(m("GetItem", xml.item_shape(), xml.item_ids(some)))
            if replies[0].fault or len(replies) != len(some):
                self._connection.must(replies[0])
            for identity, reply in zip(some, replies, strict=False):
                if reply.code not in told.GONE and not reply.code.startswith("ErrorInvalidId"):
                    self._connection.must(reply)
                    there.add(identity)
        return there

    # --- the bytes

    def _fetched(self, wanted: Sequence[Seen], watch: Watch) -> tuple[list[Arrival], list[Refused]]:
        arrived: list[Arrival] = []
        refused: list[Refused] = []
        small = [one for one in wanted if one.size <= LARGEST]
        refused += [_refused(one, "it is too large to be fetched") for one in wanted if one.size > LARGEST]
        done = 0
        for batch in _batches(small):
            watch.at("Fetching mail", done, len(small))
            for one in self._batch(batch):
                if isinstance(one, Arrival):
                    arrived.append(one)
                elif one is not None:
                    refused.append(one)
            done += len(batch)
        return arrived, refused

    def _batch(self, batch: Sequence[Seen]) -> Iterator[Arrival | Refused | None]:
        """Each message of the batch; where the server does not give all at once, each half is asked for by itself."""
        shape = xml.item_shape(*(xml.field(one) for one in ("item:MimeContent", *_LISTED)))
        replies = self._connection.read(m("GetItem", shape, xml.item_ids(one.id for one in batch)))
        whole = len(replies) == len(batch) and not replies[0].fault
        if not whole and replies[0].code in told.BUSY:
            self._connection.must(replies[0])
        if len(batch) == 1:
            yield self._one(batch[0], replies[0])
        elif not whole:
            half = len(batch) // 2
            yield from self._batch(batch[:half])
            yield from self._batch(batch[half:])
        else:
            for one, reply in zip(batch, replies, strict=True):
                if reply.code in told.BUSY:
                    yield from self._batch([one])
                else:
                    yield self._one(one, reply)

    def _one(self, listed: Seen, reply: Reply) -> Arrival | Refused | None:
        """The message; None where it is gone or no mail at all, and what is wrong where it cannot be had."""
        if reply.code in told.GONE | told.NOT_MAIL:
            return None
        if not reply.is_good:
            error = told.translated(reply.code, self._connection.about, wait_seconds=reply.wait_seconds)
            if isinstance(error, TooMuch):
                raise error
            return _refused(listed, error.title)
        item = next(reply.items(), None)
        if item is None or xml.local_name(item) in _NOT_MAIL:
            return None
        raw = xml.content_of(item) or self._content_said_otherwise(listed)
        if not raw:
            return _refused(listed, "the server does not hand its content over")
        return Arrival(
            name=name_of(listed.id),
            raw=raw,
            provider_id=listed.id,
            received_at=xml.moment(item, "DateTimeReceived") or listed.received_at,
            item_class=xml.words(item, "ItemClass") or listed.item_class,
            stamped=True,
        )

    def _content_said_otherwise(self, listed: Seen) -> bytes:
        """The content asked for in the other way there is; some servers know but one."""
        reply = self._connection.read(m("GetItem", xml.item_shape(mime=True), xml.item_ids([listed.id])))[0]
        item = next(reply.items(), None) if reply.is_good else None
        return xml.content_of(item) if item is not None else b""


def name_of(identity: str) -> str:
    """What a message goes by in lists of what went wrong: nothing that is in it."""
    return f"message {hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def beginning(since: date | None) -> datetime | None:
    """The first moment of the day the mailbox is read from."""
    return datetime.combine(since, time.min, LONDON).astimezone(UTC) if since else None


def _begun_again(place: Place, now: datetime) -> Place:
    """The folder from some days back on; a clock that was ahead when it was read must not hide what came since."""
    return replace(place, state="", after=min(place.good_at, now) - LOOK_BACK if place.good_at else None)


def _is_since(at: datetime | None, since: datetime | None) -> bool:
    return at is None or since is None or at >= since


def _page_of(reply: Reply, state: str) -> _Page:
    page = _Page(state=xml.words(reply.element, "SyncState") or state)
    page.more = xml.truth(reply.element, "IncludesLastItemInRange") is False
    for change in _changes_in(reply.element):
        kind = xml.local_name(change)
        if kind == "Delete":
            found = xml.first(change, "ItemId")
            page.left.append((found.get("Id") or "") if found is not None else "")
        elif kind in {"Create", "Update"}:
            page.there += [one for item in change if (one := xml.seen(item))]
    page.left = [one for one in page.left if one]
    return page


def _changes_in(element: Element) -> Iterator[Element]:
    for holder in xml.every(element, "Changes"):
        yield from holder


def _find(offset: int, by: Sequence[Element], folder: Element) -> Element:
    view = m("IndexedPageItemView", MaxEntriesReturned=str(PAGE), Offset=str(offset), BasePoint="Beginning")
    shape = xml.item_shape(*(xml.field(one) for one in _LISTED))
    return m("FindItem", shape, view, *by, m("ParentFolderIds", folder), Traversal="Shallow")


def _is_last(reply: Reply) -> bool:
    root = xml.first(reply.element, "RootFolder")
    return root is not None and root.get("IncludesLastItemInRange") in {"true", "1"}


def _is_past(listed: Sequence[Seen], since: datetime) -> bool:
    """Whether the list has come, newest first, to what is older: a server may not choose by date though asked to."""
    newest, oldest = listed[0].received_at, listed[-1].received_at
    return newest is not None and oldest is not None and oldest < since and oldest < newest


def _batches(wanted: Sequence[Seen]) -> Iterator[list[Seen]]:
    batch: list[Seen] = []
    size = 0
    for one in wanted:
        more = one.size or _UNKNOWN_SIZE
        if batch and (len(batch) >= BATCH or size + more > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += more
    if batch:
        yield batch


def _refused(listed: Seen, reason: str) -> Refused:
    return Refused(name=name_of(listed.id), reason=reason)
