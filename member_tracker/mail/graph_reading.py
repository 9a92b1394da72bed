"""Reading a folder of Exchange Online: what is new by delta, what was missed by a list, and the bytes of each message.

https://learn.microsoft.com/graph/delta-query-messages
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypeVar

from member_tracker.domain.errors import SignInNeeded, TooMuch, Unavailable
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.graph_errors import BUSY, Refusal, in_words
from member_tracker.mail.graph_http import CONNECTIONS, Graph, Json, moment, odata_time, rows, segment, text, with_query
from member_tracker.mail.mailbox import Arrival, Arrivals, Cursor, Known, Refused

T = TypeVar("T")

ITEM_CLASS = "String 0x001A"  # PidTagMessageClass: the only way Graph tells what kind of item a message is
SELECT = "id,internetMessageId,receivedDateTime,isDraft"
EXPAND = f"singleValueExtendedProperties($filter=id eq '{ITEM_CLASS}')"

_LOOK_BACK = timedelta(days=7)
_MOST_BY_DELTA = 5_000  # messages a filtered delta shows at most; what lies beyond is read as a list
_ENOUGH_BYTES = 64_000_000  # of one page that are held at a time: photographs are large
_WELL_KNOWN = {
    "inbox": "inbox",
    "sent items": "sentitems",
    "deleted items": "deleteditems",
    "drafts": "drafts",
    "archive": "archive",
    "junk email": "junkemail",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How far a folder was read: where the next page is (None: at the beginning), and what it takes to begin again.

    `good` is when the folder was last read to its end, `since` the first moment wanted, `seen` how many messages this
    pass has shown; while the rest of a large folder is read as a list, `after` is where the changes go on then. `given`
    are messages of the page at `link` that were handed over already, where the page was too large for once.
    """

    link: str | None = None
    good: datetime | None = None
    since: datetime | None = None
    seen: int = 0
    after: str | None = None
    listing: bool = False
    given: tuple[str, ...] = ()

    def cursor(self) -> Cursor:
        """The place as text."""
        said = {
            "link": self.link,
            "good": self.good.isoformat() if self.good else None,
            "since": self.since.isoformat() if self.since else None,
            "seen": self.seen,
            "after": self.after,
            "listing": self.listing,
            "given": self.given,
        }
        return Cursor(json.dumps(said, separators=(",", ":")))

    def lost(self, first: datetime | None, now: datetime) -> "_Place":
        """Where to begin again: some days before the folder was last read to its end, else at the first day.

        A clock that was ahead when it was read must not hide what came since.
        """
        return _Place(good=self.good, since=min(self.good, now) - _LOOK_BACK if self.good else first)


def _place_in(cursor: Cursor) -> _Place | None:
    """The place a cursor tells; None where it is not one of ours."""
    try:
        said = json.loads(cursor)
        good, since = (datetime.fromisoformat(said[name]) if said[name] else None for name in ("good", "since"))
        texts = {name: str(said[name]) if said[name] else None for name in ("link", "after")}
        seen, listing, given = int(said["seen"]), bool(said["listing"]), tuple(map(str, said["given"]))
        return _Place(good=good, since=since, seen=seen, listing=listing, given=given, **texts)
    except (ValueError, KeyError, TypeError):
        return None


class Reader:
    """Reads one folder through a `Graph`."""

    def __init__(self, graph: Graph, *, first: datetime | None) -> None:
        self._graph = graph
        self._first = first
        self._folder = ""

    def arrivals(self, cursor: Cursor | None, known: Known, watch: Watch) -> Arrivals:
        """The next page; where Graph lost its place the folder is read over, and the page says so."""
        place, begun_again = self._place(cursor)
        try:
            answer = self._page(place, watch)
        except Refusal as refusal:
            if place.link is None or not _is_lost(refusal):
                raise
            place, begun_again = place.lost(self._first, self._graph.now()), True
            answer = self._page(place, watch)
        onward, listed = self._onward(place, answer), rows(answer)
        found, given = self._fetched([one for one in listed if text(one, "id") not in place.given], known, watch)
        if found.more:
            onward = replace(place, given=place.given + given)
        more = found.more or onward.listing or not (text(answer, "@odata.deltaLink") or place.listing)
        return replace(found, cursor=onward.cursor(), more=more, begun_again=begun_again)

    def sweep(self, since: datetime, known: Known, watch: Watch) -> Arrivals:
        """What was received in the folder since then and is not known, up to some 64 MB; `more` says there is more."""
        link: str | None = self._list_from(since)
        page: tuple[Arrival, ...] = ()
        refused: tuple[Refused, ...] = ()
        more = False
        while link and not more:
            answer = self._graph.get(link, watch=watch)
            found, _ = self._fetched(rows(answer), known, watch)
            page, refused = page + found.page, refused + found.refused
            link = self._checked(text(answer, "@odata.nextLink"))
            more = found.more or (bool(link) and sum(len(one.raw) for one in page) > _ENOUGH_BYTES)
        return Arrivals(page=page, cursor=Cursor(""), refused=refused, more=more)

    def still_there(self, ids: Collection[str]) -> frozenset[str]:
        """Which of these messages lie anywhere in the mailbox."""

        def is_there(provider_id: str) -> bool:
            try:
                self._graph.get(self._message(provider_id), {"$select": "id"})
            except Refusal as refusal:
                if refusal.is_gone:
                    return False
                raise
            return True

        wanted = list(dict.fromkeys(ids))
        there = frozenset(one for one, yes in zip(wanted, _by_four(is_there, wanted, UNWATCHED), strict=True) if yes)
        if len(there) < len(wanted):
            self.open_folder()  # a mailbox one may no longer open says of every message that it is not there
        return there

    def folder(self) -> str:
        """The id or well-known name of the folder that is read; raises `Unavailable` where there is none."""
        if not self._folder:
            self._folder = self._found(self._graph.account.folder or "Inbox")
        return self._folder

    def open_folder(self) -> None:
        """Look at the folder, to see whether it can be read."""
        self._graph.get(self._messages(), {"$select": "id", "$top": "1"})

    # --- where to read ------------------------------------------------------------------------------------------------

    def _found(self, path: str) -> str:
        """The folder of a path such as “Inbox/Housing”: names as people see them, from the top or below the Inbox."""
        first, *rest = [name.strip() for name in path.split("/") if name.strip()] or ["Inbox"]
        place = _WELL_KNOWN.get(first.casefold()) or self._named(f"{self._graph.mailbox}/mailFolders", first)
        if not place and not rest:
            place = self._named(f"{self._graph.mailbox}/mailFolders/inbox/childFolders", first)
        for name in rest:
            place = place and self._named(f"{self._graph.mailbox}/mailFolders/{segment(place)}/childFolders", name)
        if not place:
            raise Unavailable(
                f"The mailbox {self._graph.account.address} has no folder “{path}”.",
                advice="Choose another folder in the mailbox's settings, or make it in Outlook.",
            )
        return place

    def _named(self, folders: str, name: str) -> str:
        quoted = name.replace("'", "''")
        answer = self._graph.get(folders, {"$filter": f"displayName eq '{quoted}'", "$select": "id,displayName"})
        return next(
            (text(one, "id") for one in rows(answer) if text(one, "displayName").casefold() == name.casefold()), ""
        )

    def _messages(self) -> str:
        return f"{self._graph.mailbox}/mailFolders/{segment(self.folder())}/messages"

    def _message(self, provider_id: str) -> str:
        return f"{self._graph.mailbox}/messages/{segment(provider_id)}"

    # --- pages --------------------------------------------------------------------------------------------------------

    def _place(self, cursor: Cursor | None) -> tuple[_Place, bool]:
        """The place to read from, and whether an unusable cursor made us begin again."""
        if cursor is None:
            return _Place(since=self._first), False
        place = _place_in(cursor)
        if place is None:
            return _Place(since=self._first), True
        if any(link and not self._graph.is_ours(link) for link in (place.link, place.after)):
            return place.lost(self._first, self._graph.now()), True
        return place, False

    def _page(self, place: _Place, watch: Watch) -> Json:
        if place.link:
            return self._graph.get(place.link, watch=watch)
        query = {"$select": SELECT, "$expand": EXPAND}
        if place.since:
            query["$filter"] = f"receivedDateTime ge {odata_time(place.since)}"
        return self._graph.get(f"{self._messages()}/delta", query, watch=watch)

    def _onward(self, place: _Place, answer: Json) -> _Place:
        """Where the page after this one is."""
        link = self._checked(text(answer, "@odata.nextLink"))
        if link:
            return replace(place, link=link, seen=place.seen + len(rows(answer)))
        if place.listing:
            return _Place(link=place.after, good=self._graph.now(), since=place.since)
        done = self._checked(text(answer, "@odata.deltaLink"))
        if not done:
            raise Unavailable(
                "Microsoft 365 does not say where the next page of mail is.",
                advice="It is tried again by itself. If it lasts, tell your administrator.",
            )
        if place.since and place.seen + len(rows(answer)) >= _MOST_BY_DELTA:
            return replace(place, link=self._list_from(place.since), after=done, listing=True, seen=0)
        return _Place(link=done, good=self._graph.now(), since=place.since)

    def _list_from(self, since: datetime) -> str:
        query = {
            "$select": SELECT,
            "$expand": EXPAND,
            "$filter": f"receivedDateTime ge {odata_time(since)}",
            "$orderby": "receivedDateTime",
        }
        return with_query(self._messages(), query)

    def _checked(self, link: str) -> str:
        if link and not self._graph.is_ours(link):
            raise Unavailable(
                "Microsoft 365 names another server for the next page of mail.",
                advice="Nothing was sent there. Check the server in the mailbox's settings.",
            )
        return link

    # --- messages -----------------------------------------------------------------------------------------------------

    def _fetched(self, listed: list[Json], known: Known, watch: Watch) -> tuple[Arrivals, tuple[str, ...]]:
        """The messages of a page with their bytes, and the ids that are done with; `more` where some must wait.

        What cannot be fetched alone is named, what is gone is left out.
        """
        last = {text(one, "id"): one for one in listed if text(one, "id")}  # the same message may be shown twice
        left = tuple(one for one, said in last.items() if "@removed" in said)
        here = [one for one, said in last.items() if "@removed" not in said and said.get("isDraft") is not True]
        kept = known(here) if here else frozenset()
        wanted = [one for one in here if one not in kept]
        page: list[Arrival] = []
        refused: list[Refused] = []
        done = size = 0
        for got in _by_four(lambda one: self._fetch(last[one], watch), wanted, watch):
            done += 1
            if isinstance(got, Arrival):
                page.append(got)
                size += len(got.raw)
            elif got is not None:
                refused.append(got)
            if size > _ENOUGH_BYTES:
                break
        found = Arrivals(
            page=tuple(page), cursor=Cursor(""), refused=tuple(refused), left=left, more=done < len(wanted)
        )
        return found, (*left, *wanted[:done])

    def _fetch(self, said: Json, watch: Watch) -> Arrival | Refused | None:
        """One message; None where it is gone. Trouble that is not this message's own is raised."""
        provider_id = text(said, "id")
        name = text(said, "internetMessageId") or provider_id
        try:
            if not text(said, "receivedDateTime"):  # a change is told with the changed properties alone
                said = self._graph.get(self._message(provider_id), {"$select": SELECT, "$expand": EXPAND}, watch=watch)
            raw = self._graph.raw(f"{self._message(provider_id)}/$value", watch=watch)
        except Refusal as refusal:
            if refusal.is_gone:
                return None
            problem = in_words(refusal, self._graph.account)
            if refusal.status in BUSY or isinstance(problem, SignInNeeded | TooMuch):
                raise
            return Refused(name=name, reason=str(problem))
        return Arrival(
            name=text(said, "internetMessageId") or name,
            raw=raw,
            provider_id=provider_id,
            received_at=moment(said, "receivedDateTime"),
            item_class=_item_class(said),
            stamped=True,
        )


def _by_four(deed: Callable[[str], T], ids: Sequence[str], watch: Watch) -> Iterator[T]:
    """What the deed comes to for each id, in their order, as many at once as Graph allows; raises `Stopped`."""
    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="graph") as pool:
        for start in range(0, len(ids), CONNECTIONS):
            watch.at("Fetching mail", start, len(ids))
            yield from pool.map(deed, ids[start : start + CONNECTIONS])


def _is_lost(refusal: Refusal) -> bool:
    """Whether a link that Graph gave us is good no longer: nothing in it is ours, so a bad request is its own doing."""
    return refusal.lost_its_place or refusal.status == HTTPStatus.BAD_REQUEST


def _item_class(said: Json) -> str | None:
    """The class of the item, asked for as the one extended property."""
    return next((text(one, "value") for one in rows(said, "singleValueExtendedProperties")), None)
