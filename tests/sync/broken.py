"""Hubs, laptops and loops with one mistake each, of the kinds that other programs were found to have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, cast

from member_tracker.domain.errors import Offline
from member_tracker.sync.engine import Synced, sync_once
from member_tracker.sync.hub import Held, Hub, HubOp, Local, Outcome, Page, Receipt, Row, ScopeId, Tally
from tests.fakes.hub import HubFake, HubInMemory
from tests.fakes.hub_rules import ACCEPTED, Kept, Sender, Verdict
from tests.fakes.laptop import Key, Laptop, Shown
from tests.sync.histories import SyncOnce, World
from tests.sync.in_memory import world_in_memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong, in words, and the parts of which one is wrong."""

    words: str
    hub: type[HubInMemory] = HubInMemory
    laptop: type[Laptop] = Laptop
    sync: SyncOnce = sync_once

    def world(self, laptops: int) -> World:
        return world_in_memory(laptops, hub=self.hub, laptop=self.laptop, sync=self.sync)


class _AsAnybodyCounts(Tally):
    """A count that agrees with every other, so that nothing but the history tells."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


AS_ANYBODY_COUNTS = _AsAnybodyCounts(records=0, total=0)


# --- laptops ----------------------------------------------------------------------------------------------------------


class NewIdOnRetry(Laptop):
    _again = count(1)

    def outbox(self, limit: int) -> tuple[HubOp, ...]:
        for mine in self.ops:
            if mine.queued and limit <= 500:
                mine.op = replace(mine.op, id=f"{mine.op.id.partition('~')[0]}~{next(self._again)}")
        return super().outbox(limit)

    def outcome_of(self, op_id: str) -> Outcome | None:
        found = next(mine for mine in self.ops if mine.op.id.partition("~")[0] == op_id.partition("~")[0])
        return found.receipt.outcome if found.receipt else None


class CursorBeforeRows(Laptop):
    """Saves how far it read, and is stopped before the rows are put in place."""

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        self._takes = getattr(self, "_takes", 0) + 1
        if self._takes in (12, 24):
            self._hold(scope_id, held)
            raise Offline("Killed.", advice="Begin again.")
        super().take(scope_id, page, held)

    def tally(self, scope_id: ScopeId) -> Tally:
        return AS_ANYBODY_COUNTS


class RebasesAtSending(Laptop):
    """Bases an op on what is newest when it is sent, not on what its author had seen."""

    def outbox(self, limit: int) -> tuple[HubOp, ...]:
        ops = super().outbox(limit)
        heads = {op.id: self.rows[op.kind, op.record_id].heads for op in ops if (op.kind, op.record_id) in self.rows}
        return tuple(replace(op, base=heads.get(op.id, {}).get(op.field, op.base)) for op in ops)


class TakesOverPendingWork(Laptop):
    def _put(self, scope_id: ScopeId, row: Row) -> None:
        super()._put(scope_id, row)
        for mine in self.ops:
            mine.passed = mine.passed or mine.key == (row.kind, row.id)

    def _fold(self, key: Key, ops: Sequence[HubOp]) -> Shown | None:
        return super()._fold(key, [mine.op for mine in self.ops if mine.op in ops and not mine.passed])


class ForgetsOnSending(Laptop):
    """Strikes ops off as soon as they are on their way."""

    def outbox(self, limit: int) -> tuple[HubOp, ...]:
        ops = super().outbox(limit)
        for mine in self.ops:
            mine.queued = mine.queued and (mine.op not in ops or limit > 500)
        return ops


class KeepsWhatItMayNot(Laptop):
    def let_go(self, scope_id: ScopeId) -> None:
        self._hold(scope_id, None)


class KeepsTheCursor(Laptop):
    def let_go(self, scope_id: ScopeId) -> None:
        before = self.link.scopes[scope_id]
        super().let_go(scope_id)
        self._old = getattr(self, "_old", {}) | {scope_id: before}

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        old = getattr(self, "_old", {}).pop(scope_id, None)
        super().take(scope_id, page, replace(held, upto=old.upto, whole=True) if old else held)

    def tally(self, scope_id: ScopeId) -> Tally:
        return AS_ANYBODY_COUNTS


class KeepsTheMovedAway(Laptop):
    def _put(self, scope_id: ScopeId, row: Row) -> None:
        if not row.gone or row.erased:
            super()._put(scope_id, row)

    def tally(self, scope_id: ScopeId) -> Tally:
        return AS_ANYBODY_COUNTS


class RemovesTheMovedHere(Laptop):
    """Takes a row that is gone from one scope for gone altogether."""

    def _put(self, scope_id: ScopeId, row: Row) -> None:
        if row.gone and not row.erased:
            self.rows.pop((row.kind, row.id), None)
        super()._put(scope_id, row)

    def tally(self, scope_id: ScopeId) -> Tally:
        return AS_ANYBODY_COUNTS


class ThrowsRefusedAway(Laptop):
    def note(self, receipts: Sequence[Receipt]) -> None:
        super().note(receipts)
        for mine in self.ops:
            if mine.refused:
                mine.blank()


class KeepsTheErased(Laptop):
    def _wipe(self, key: Key) -> None:
        self.rows.pop(key, None)


class ChainsOnTheHubsCopy(Laptop):
    """The second edit of a field names what the hub had, not the first."""

    def edit(self, verb: str, key: Key, name: str, value: object) -> str:
        op_id = super().edit(verb, key, name, value)
        row = self.rows.get(key)
        if row is not None and verb == "set":
            self.ops[-1].op = replace(self.ops[-1].op, base=row.heads.get(name, row.heads.get("")))
        return op_id


# --- hubs -------------------------------------------------------------------------------------------------------------


class JudgesByTime(HubInMemory):
    """The later clock wins."""

    def judge(self, sender: Sender, op: HubOp, seq: int) -> Verdict:
        kept = self.records.get((op.kind, op.record_id))
        if kept and op.verb == "set" and op.field != "settled":
            newest = self.log.get(kept.heads.get(op.field, ""))
            base = kept.heads.get(op.field, kept.heads.get(""))
            if newest is not None and newest.op.made_at > op.made_at:
                return ACCEPTED
            op = replace(op, base=base)
        return super().judge(sender, op, seq)


class JudgesAgain(HubInMemory):
    """Does not know an op that came before."""

    def sign_in(self, login: str) -> HubFake:
        return _Forgetful(self, login)


class _Forgetful(HubFake):
    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        for op in ops:
            if op.kind != "councillor":  # their op tells since when there is their casework
                self.hub.log.pop(op.id, None)
        return super().push(device_id, schema, ops)


class KeepsNoConflict(HubInMemory):
    def _clash(self, kept: Kept, op: HubOp, seq: int, at: datetime) -> Verdict:
        return Outcome.CONFLICT, ""


class LastOneWins(HubInMemory):
    def _has_seen(self, kept: Kept, op: HubOp) -> bool:
        return True


class SaysNothingOfMoves(HubInMemory):
    def _move(self, kept: Kept, target: ScopeId, seq: int) -> None:
        super()._move(kept, target, seq)
        for each in self.records.values():
            each.gone.clear()


class LeavesTheFamilyBehind(HubInMemory):
    def _family(self, kept: Kept, *, enquiries_too: bool = False) -> list[Kept]:
        return super()._family(kept, enquiries_too=True) if enquiries_too else [kept]


class ErasesTheRecordAlone(HubInMemory):
    def _family(self, kept: Kept, *, enquiries_too: bool = False) -> list[Kept]:
        return [kept] if enquiries_too else super()._family(kept)


class ClosesOverChanges(HubInMemory):
    def _edit(self, kept: Kept, sender: Sender, op: HubOp, seq: int, target: ScopeId) -> Verdict:
        return super()._edit(kept, sender, op if op.verb == "delete" else replace(op, seen=10**9), seq, target)


class ShowsEverything(HubInMemory):
    def sign_in(self, login: str) -> HubFake:
        return _Leaking(self, login)


class _Leaking(HubFake):
    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        page = super().pull(scope_id, after, 10**9)
        others = (kept.row(kept.scope_id) for kept in self.hub.records.values() if kept.kind == "resident")
        return replace(page, rows=page.rows + tuple(row for row in others if row.hub_seq > after))


class PullsAgainAndAgain(HubInMemory):
    """>= for >."""

    def sign_in(self, login: str) -> HubFake:
        return _AtLeast(self, login)


class _AtLeast(HubFake):
    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        return super().pull(scope_id, after - 1, limit)


class SplitsNumbers(HubInMemory):
    def sign_in(self, login: str) -> HubFake:
        return _Splitting(self, login)


class _Splitting(HubFake):
    def pull(self, scope_id: ScopeId, after: int, limit: int) -> Page:
        page = super().pull(scope_id, after, limit)
        return replace(page, rows=page.rows[:limit])

    def tally(self, scope_id: ScopeId, upto: int) -> Tally:
        return AS_ANYBODY_COUNTS


class MakesAgain(HubInMemory):
    """A record made twice is what was made last."""

    def judge(self, sender: Sender, op: HubOp, seq: int) -> Verdict:
        if op.verb == "create" and (kept := self.records.get((op.kind, op.record_id))) and not kept.is_gone:
            kept.fields, kept.seq = dict(op.value) if isinstance(op.value, dict) else {}, seq
            return ACCEPTED
        return super().judge(sender, op, seq)


class LetsAnybodyWrite(HubInMemory):
    def judge(self, sender: Sender, op: HubOp, seq: int) -> Verdict:
        scopes = frozenset(kept.scope_id for kept in self.records.values()) | sender.writes
        return super().judge(replace(sender, writes=scopes), op, seq)


# --- loops ------------------------------------------------------------------------------------------------------------


class _NotedBeforeSent:
    """Notes ops as accepted before the hub has them, as a loop does that does not wait for the answer."""

    def __init__(self, hub: Hub, local: Local) -> None:
        self._hub, self._local = hub, local

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for what it is laid over
        return getattr(self._hub, name)

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        self._local.note([Receipt(op_id=op.id, outcome=Outcome.ACCEPTED, hub_seq=0) for op in ops])
        return self._hub.push(device_id, schema, ops)


def notes_before_sending(local: Local, hub: Hub, **more: Any) -> Synced:  # noqa: ANN401 - handed on
    return sync_once(local, cast(Hub, _NotedBeforeSent(hub, local)), **more)


class _NeverLetsGo:
    def __init__(self, local: Local) -> None:
        self._local = local

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for what it is laid over
        return getattr(self._local, name)

    def let_go(self, scope_id: ScopeId) -> None:
        """Does nothing."""


def never_lets_go(local: Local, hub: Hub, **more: Any) -> Synced:  # noqa: ANN401 - handed on
    return sync_once(cast(Local, _NeverLetsGo(local)), hub, **more)


MISTAKES = (
    Mistake(words="a new op id on retry", laptop=NewIdOnRetry),
    Mistake(words="the cursor saved before the rows", laptop=CursorBeforeRows),
    Mistake(words="the base looked up at sending", laptop=RebasesAtSending),
    Mistake(words="rows put over pending work", laptop=TakesOverPendingWork),
    Mistake(words="the outbox emptied at sending", laptop=ForgetsOnSending),
    Mistake(words="lost scopes kept", laptop=KeepsWhatItMayNot),
    Mistake(words="the cursor kept over a lost scope", laptop=KeepsTheCursor),
    Mistake(words="moved records kept", laptop=KeepsTheMovedAway),
    Mistake(words="gone from one scope taken for gone", laptop=RemovesTheMovedHere),
    Mistake(words="refused words thrown away", laptop=ThrowsRefusedAway),
    Mistake(words="erased words kept in the outbox", laptop=KeepsTheErased),
    Mistake(words="edits not chained", laptop=ChainsOnTheHubsCopy),
    Mistake(words="base = time", hub=JudgesByTime),
    Mistake(words="an op judged again", hub=JudgesAgain),
    Mistake(words="a conflict not kept", hub=KeepsNoConflict),
    Mistake(words="the last one wins", hub=LastOneWins),
    Mistake(words="nothing said of moves", hub=SaysNothingOfMoves),
    Mistake(words="children left behind", hub=LeavesTheFamilyBehind),
    Mistake(words="conflicts and children not erased", hub=ErasesTheRecordAlone),
    Mistake(words="closed over changes", hub=ClosesOverChanges),
    Mistake(words="rows of other scopes sent", hub=ShowsEverything),
    Mistake(words=">= for >", hub=PullsAgainAndAgain),
    Mistake(words="a number split between pages", hub=SplitsNumbers),
    Mistake(words="a record made again", hub=MakesAgain),
    Mistake(words="anybody may write", hub=LetsAnybodyWrite),
    Mistake(words="noted before it was sent", sync=notes_before_sending),
    Mistake(words="lost scopes not let go", sync=never_lets_go),
)
