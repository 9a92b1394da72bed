"""How many records have come from the hub so far, told with how far fetching them has come."""

from dataclasses import dataclass

from member_tracker.domain.in_step import Held, Page, ScopeId
from member_tracker.domain.watching import Watch
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.store import Store

FETCHING = "Fetching records"


class CountingLocal(StoreLocal):
    """The laptop's side of falling into step, counting the records that come."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.records = 0

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        """Put rows in place, and count them."""
        super().take(scope_id, page, held)
        self.records += len(page.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedWatch(Watch):
    """A watch that also hears how many records have come."""

    inner: Watch
    local: CountingLocal

    def at(self, stage: str, done: int, whole: int) -> None:
        """Pass it on, with the count where records are fetched."""
        counts = stage == FETCHING and self.local.records
        self.inner.at(f"{stage} ({self.local.records:,} so far)" if counts else stage, done, whole)
