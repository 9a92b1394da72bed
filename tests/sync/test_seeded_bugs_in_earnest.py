"""Mistakes that others were found to have, put in on purpose before a real hub and real files, are caught there too."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

import pytest

from member_tracker.domain.errors import Offline, TrackerError
from member_tracker.sync.engine import Synced, sync_once
from member_tracker.sync.hub import Held, Hub, HubOp, Local, Page, Receipt, ScopeId, Tally
from tests.sync.broken import AS_ANYBODY_COUNTS
from tests.sync.drawn import history
from tests.sync.histories import SyncOnce, World
from tests.sync.in_earnest import Earnest, OfficeOnPostgres
from tests.sync.ledger import Violation

AT_MOST = 40


@dataclass(kw_only=True)
class Laid:
    """Stands between the loop and one of its sides, for one contact; `kept` is what lasts for a whole history."""

    over: Any
    office: OfficeOnPostgres
    kept: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for what it is laid over
        return getattr(self.over, name)


class NewIdOnRetry(Laid):
    def outbox(self, limit: int) -> tuple[HubOp, ...]:
        self.kept["tried"] = self.kept.get("tried", 0) + 1
        return tuple(replace(op, id=f"{op.id}~{self.kept['tried']}") for op in self.over.outbox(limit))

    def note(self, receipts: Sequence[Receipt]) -> None:
        self.over.note([replace(receipt, op_id=receipt.op_id.partition("~")[0]) for receipt in receipts])


class CursorBeforeRows(Laid):
    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        self.kept["taken"] = self.kept.get("taken", 0) + bool(page.rows)
        if page.rows and self.kept["taken"] % 7 == 0:
            self.over.take(scope_id, replace(page, rows=()), held)
            raise Offline("Killed.", advice="Begin again.")
        self.over.take(scope_id, page, held)

    def tally(self, scope_id: ScopeId) -> Tally:
        del scope_id
        return AS_ANYBODY_COUNTS


class AtLeast(Laid):
    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        page: Page = self.over.pull(scope_id, after - 1, limit)
        return page


class JudgesByTime(Laid):
    """The later clock wins, whatever its author had seen."""

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        receipts: tuple[Receipt, ...] = self.over.push(device_id, schema, [self._later(op) for op in ops])
        return receipts

    def _later(self, op: HubOp) -> HubOp:
        found = self.office.inside.execute(
            "SELECT p.op_id FROM hub.record r JOIN hub.op p ON p.op_id = coalesce(r.heads ->> %s, r.heads ->> '')"
            " WHERE r.kind = %s AND r.id = %s AND p.made_at <= %s",
            [op.field, op.kind, op.record_id, op.made_at],
        ).fetchone()
        return replace(op, base=found[0]) if found and op.verb == "set" else op


def loop(mistake: Callable[..., Laid], office: OfficeOnPostgres) -> SyncOnce:
    """The loop with a mistake on the side of it that the mistake is made on."""
    kept: dict[str, Any] = {}
    at_hub = mistake in (AtLeast, JudgesByTime)

    def sync(local: Local, hub: Hub, **more: Any) -> Synced:  # noqa: ANN401 - handed on
        wrong = mistake(over=hub if at_hub else local, office=office, kept=kept)
        return sync_once(local if at_hub else cast(Local, wrong), cast(Hub, wrong) if at_hub else hub, **more)

    return sync


def live_through(earnest: Earnest, mistake: Callable[..., Laid]) -> None:
    """Lives through histories until one notices."""
    for seed in range(AT_MOST):
        world: Callable[[int], World] = partial(earnest.world, sync=loop(mistake, earnest.office))
        history(seed, world, longest=24, most=4)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (NewIdOnRetry, r"edits were made, \d+ came to the hub"),  # counted by enquiry: every id is there once
        (CursorBeforeRows, "lacks|was lost|no end"),
        (AtLeast, "no end to it|do not go on"),
        (JudgesByTime, "was lost|and lost to it"),
    ],
)
def test_a_mistake_put_in_on_purpose_is_caught_in_earnest(
    earnest: Earnest, mistake: Callable[..., Laid], words: str
) -> None:
    with pytest.raises((Violation, TrackerError), match=words):
        live_through(earnest, mistake)
