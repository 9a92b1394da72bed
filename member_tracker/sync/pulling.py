"""Rows in: pages of every scope fetched beside what is done here, put in place many together, and counted."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from member_tracker.domain.errors import TooSlow, TrackerError, Unavailable
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.sync.hub import Held, Hub, Local, Page, ScopeId, Tally
from member_tracker.sync.tidying import no_tidying

QUICK, SLOW = timedelta(seconds=1), timedelta(seconds=8)
"""A page that came within the first of these may be followed by a larger one; after the second, by a smaller one."""

FEWEST_ROWS = 20
"""A line so slow that not even this much goes through in one question is none."""

PAGES_TOGETHER = 4
"""The largest pages that are put in place as one, for fewer and larger writes take less."""

BEARABLE = timedelta(seconds=2)
"""No further page is put in place together with those before it after so long: nobody else can save meanwhile."""

_QUARTER = 4
_TRIES = 5  # to count a scope while others write into it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """A page of the scope in that place, how the scope is held with it, and its count there once it has no more."""

    place: int
    scope_id: ScopeId
    page: Page
    held: Held
    tally: Tally | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Some:
    """Pages that came one after another, and what kept more from coming."""

    came: Sequence[_Came]
    problem: TrackerError | Stopped | None = None


@dataclass(slots=True, kw_only=True)
class Pulling:
    """Fetches what changed. `rows` is how many are asked for next, `head` about how far there is to go in a scope."""

    local: Local
    hub: Hub
    now: Callable[[], datetime]
    watch: Watch
    rows: int
    most_rows: int
    head: int
    scopes: Sequence[ScopeId]
    pulled: int = 0
    differing: list[ScopeId] = field(default_factory=list)
    fewest: int = field(init=False)

    def __post_init__(self) -> None:
        self.fewest = min(self.rows, FEWEST_ROWS)

    def pull(self, fetching: Callable[[], Executor]) -> None:
        """Fetches each scope and counts both sides; those that differ are read again, at last from nothing.

        While some pages are put in place here the next ones are on their way, fetched by what `fetching` makes. Those
        that came before something went wrong count.
        """
        differing: list[ScopeId] = []
        unread = self.pages([(scope_id, self.local.held(scope_id)) for scope_id in self.scopes])
        self.tell(0, 0)
        with no_tidying(), fetching() as beside:
            some = self.fetch(unread)
            while some.came:
                coming = beside.submit(self.fetch, unread) if some.problem is None else None
                differing += self.put(some.came)
                some = coming.result() if coming else replace(some, came=())
        if some.problem is not None:
            raise some.problem
        for scope_id in differing:
            if self.agrees(scope_id):
                continue
            self.local.start_over(scope_id)
            if not self.agrees(scope_id):
                self.differing.append(scope_id)

    def fetch(self, unread: Iterator[_Came]) -> _Some:
        """The next pages: as many as are put in place together, or as come within a second."""
        begun, came = self.now(), list[_Came]()
        try:
            for each in unread:
                came.append(each)
                rows = sum(len(one.page.rows) for one in came)
                if rows >= self.most_rows * PAGES_TOGETHER or self.now() - begun > QUICK:
                    break
        except (TrackerError, Stopped) as problem:
            return _Some(came=came, problem=problem)
        return _Some(came=came)

    def pages(self, scopes: Sequence[tuple[ScopeId, Held]]) -> Iterator[_Came]:
        """Page after page of each scope, from where it is held on."""
        for scope_id, begun in scopes:
            held, more = begun, True
            while more:
                page = self.ask(scope_id, held.upto)
                _must_lead_on(page, held)
                more = page.more
                held = replace(held, upto=page.upto, whole=held.whole or not more)
                tally = None if more else self.hub.tally(scope_id, page.upto)
                place = self.scopes.index(scope_id)
                yield _Came(place=place, scope_id=scope_id, page=page, held=held, tally=tally)

    def ask(self, scope_id: ScopeId, after: int) -> Page:
        """Fetches one page; the next may be larger where this one came quickly, and is smaller where it did not.

        One that does not come at all is asked for again with fewer rows.
        """
        asked_at = self.now()
        try:
            page = self.hub.pull(scope_id, after, self.rows)
        except TooSlow:
            if self.rows <= self.fewest:
                raise
            if self.watch.stop():
                raise Stopped from None
            self.rows = max(self.rows // _QUARTER, self.fewest)
            return self.ask(scope_id, after)
        took = self.now() - asked_at
        if took > SLOW:
            self.rows = max(self.rows // 2, self.fewest)
        elif took < QUICK:
            self.rows = min(self.rows * _QUARTER, self.most_rows)
        return page

    def put(self, came: Sequence[_Came]) -> list[ScopeId]:
        """Puts pages in place; which scopes that were read to their end are counted otherwise here."""
        put = list[_Came]()
        while len(put) < len(came) and not (put and self.watch.stop()):
            put += self.put_together(came[len(put) :])
        self.pulled += sum(len(each.page.rows) for each in put)
        self.tell(put[-1].place, put[-1].held.upto)
        ended = [(each.scope_id, each.tally) for each in put if each.tally is not None]
        return [scope_id for scope_id, tally in ended if tally != self.local.tally(scope_id)]

    def put_together(self, came: Sequence[_Came]) -> Sequence[_Came]:
        """Puts as many in place at once as keep somebody who saves meanwhile waiting no longer than they would bear."""
        begun, put = self.now(), list[_Came]()
        with no_tidying(), self.local.together():
            for each in came:
                if put and (self.watch.stop() or self.now() - begun > BEARABLE):
                    break
                self.local.take(each.scope_id, each.page, each.held)
                put.append(each)
        return put

    def agrees(self, scope_id: ScopeId) -> bool:
        """Whether both sides count alike once what others changed between reading and counting is fetched too."""
        for _ in range(_TRIES):
            before = self.pulled
            ended = [self.put([each]) for each in self.pages([(scope_id, self.local.held(scope_id))])]
            if not ended[-1]:
                return True
            if self.pulled == before:
                return False
        return False

    def tell(self, place: int, upto: int) -> None:
        """Says how far fetching has come: in which scope of how many, and how far that one."""
        head = max(self.head, 1)
        self.watch.at("Fetching records", place * head + min(upto, head), len(self.scopes) * head)


def _must_lead_on(page: Page, held: Held) -> None:
    if page.upto < held.upto or (page.more and page.upto == held.upto):
        raise Unavailable(
            "The hub's records do not go on from where they were read to.",
            advice="Nothing was lost here. If this stays so, tell whoever runs the hub.",
        )
