"""A laptop in memory: what the loop needs of it, and edits made on it while nobody is connected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256 as digest_of
from typing import Any

from member_tracker.domain.errors import Invalid
from member_tracker.sync.hub import TRAY, Held, HubOp, Joined, Outcome, Page, Receipt, Row, ScopeId, Tally
from tests.fakes.hub_rules import CHILDREN, WHOSE

Key = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Mine:
    """An op of ours; `queued` until it is answered, `passed` once what the hub made of it has come back in a row."""

    op: HubOp
    scope_id: ScopeId
    queued: bool = True
    passed: bool = False
    receipt: Receipt | None = None

    @property
    def shown(self) -> bool:
        """Whether it lies over the hub's copy."""
        return self.receipt is None or (self.receipt.outcome is Outcome.ACCEPTED and not self.passed)

    @property
    def refused(self) -> bool:
        return self.receipt is not None and self.receipt.outcome in (Outcome.DENIED, Outcome.ILLEGAL)

    @property
    def key(self) -> Key:
        return self.op.kind, self.op.record_id

    def blank(self) -> None:
        """Forgets what was said, not that it was."""
        self.op, self.passed = replace(self.op, value=None), True


@dataclass(slots=True, kw_only=True)
class Shown:
    """A record as its user sees it."""

    scope_id: ScopeId
    fields: dict[str, Any]
    heads: dict[str, str]
    seen: int


@dataclass(slots=True, kw_only=True)
class Laptop:
    """The hub's copy of rows beneath, ops of ours above."""

    link: Joined
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    author: str | None = None
    unfiled: ScopeId = TRAY
    rows: dict[Key, Row] = field(default_factory=dict)
    ops: list[Mine] = field(default_factory=list)
    bytes_of: dict[str, bytes] = field(default_factory=dict)
    confirmed: set[tuple[ScopeId, str]] = field(default_factory=set)

    # --- what its user does -------------------------------------------------------------------------------------------

    def create(self, key: Key, fields: dict[str, Any]) -> str:
        """Makes a record; gives the id of the op."""
        return self._note_op("create", key, "", dict(fields), base=None)

    def edit(self, verb: str, key: Key, name: str, value: object) -> str:
        """Sets a field, adds or removes an element, or deletes; based on the newest op seen for it, whoever made it."""
        heads = self.at(key).heads
        head = f"{name}/{value}" if verb in ("add", "remove") else name
        return self._note_op(verb, key, name, value, base=heads.get(head, heads.get("")))

    def _note_op(self, verb: str, key: Key, name: str, value: object, *, base: str | None) -> str:
        made = value if verb == "create" and isinstance(value, dict) else None
        scope_id = self.at(key).scope_id if made is None else self._scope_of(key[0], made)
        # What came beneath an edit that still waits was hidden by it, and so has not been seen.
        hidden = [mine.op.seen for mine in self.ops if mine.key == key and mine.receipt is None]
        seen = min([self.rows[key].hub_seq if key in self.rows else 0, *hidden])
        op = HubOp(
            id=self.new_id(), verb=verb, kind=key[0], record_id=key[1], field=name, value=value, base=base,
            author=self.author, made_at=self.now(), seen=seen,
        )  # fmt: skip
        self.ops.append(Mine(op=op, scope_id=scope_id))
        return op.id

    def at(self, key: Key) -> Shown:
        """A record as it is shown; raises `KeyError` where none is."""
        found = self.shown(key)
        if found is None:
            raise KeyError(key)
        return found

    def shown(self, key: Key) -> Shown | None:
        """The hub's copy and what of ours lies over it."""
        return self._fold(key, [mine.op for mine in self.ops if mine.shown and mine.key == key])

    def everything(self) -> dict[Key, Shown]:
        """Every record that is shown."""
        above: dict[Key, list[HubOp]] = {key: [] for key in self.rows}
        for mine in self.ops:
            if mine.shown:
                above.setdefault(mine.key, []).append(mine.op)
        return {key: found for key, ops in above.items() if (found := self._fold(key, ops)) is not None}

    def _fold(self, key: Key, ops: Sequence[HubOp]) -> Shown | None:
        row, found = self.rows.get(key), None
        if row is not None:
            found = Shown(scope_id=row.scope_id, fields=dict(row.fields), heads=dict(row.heads), seen=row.hub_seq)
        for op in ops:
            found = self._with(found, op)
        return found

    def _with(self, found: Shown | None, op: HubOp) -> Shown | None:
        if op.verb == "create" and found is None and isinstance(op.value, dict):
            scope_id = self._scope_of(op.kind, op.value)
            return Shown(scope_id=scope_id, fields=dict(op.value), heads={"": op.id}, seen=0)
        if found is None or op.verb in ("create", "delete"):
            return None if op.verb == "delete" else found
        if op.verb == "set":
            found.fields[op.field], found.heads[op.field] = op.value, op.id
            if op.field == WHOSE[op.kind]:
                found.scope_id = self._scope_of(op.kind, found.fields)
            return found
        others = [each for each in found.fields.get(op.field) or [] if each != op.value]
        found.fields[op.field] = [*others, op.value] if op.verb == "add" else others
        found.heads[f"{op.field}/{op.value}"] = op.id
        return found

    def _scope_of(self, kind: str, fields: dict[str, Any]) -> ScopeId:
        whose = fields.get(WHOSE[kind])
        if kind not in CHILDREN:
            return ScopeId(str(whose))
        parent = self.shown(("enquiry", whose)) if whose else None
        return parent.scope_id if parent else self.unfiled

    def outcome_of(self, op_id: str) -> Outcome | None:
        """What became of an op of ours; None while it waits."""
        return next(mine.receipt.outcome if mine.receipt else None for mine in self.ops if mine.op.id == op_id)

    def refused(self) -> list[object]:
        """What of ours the hub would not take."""
        return [mine.op.value for mine in self.ops if mine.refused]

    def every_word(self) -> Iterator[object]:
        """All that is written anywhere here."""
        yield from (row.fields for row in self.rows.values())
        yield from (mine.op.value for mine in self.ops)

    # --- what the loop asks of it -------------------------------------------------------------------------------------

    def joined(self) -> Joined | None:
        return self.link

    def held(self, scope_id: ScopeId) -> Held:
        assert self.link is not None
        return self.link.scopes[scope_id]

    def remember(self, joined: Joined) -> None:
        self.link = joined

    def outbox(self, limit: int) -> tuple[HubOp, ...]:
        return tuple(mine.op for mine in self.ops if mine.queued)[:limit]

    def note(self, receipts: Sequence[Receipt]) -> None:
        mine_by_id = {mine.op.id: mine for mine in self.ops}
        for receipt in receipts:
            mine = mine_by_id[receipt.op_id]
            mine.queued, mine.receipt = False, replace(receipt, row=None)
            if receipt.outcome is Outcome.ERASED:
                self._wipe(mine.key)

    def _wipe(self, key: Key) -> None:
        self.rows.pop(key, None)
        for mine in self.ops:
            if mine.key == key and mine.receipt:
                mine.blank()

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        for row in page.rows:
            self._put(scope_id, row)
        for mine in self.ops:
            mine.passed = mine.passed or self._has_passed(mine, {**self.link.scopes, scope_id: held})
        before = self.link.scopes.get(scope_id)
        if held.whole and before and not before.whole:
            stray = [key for key, row in self.rows.items() if row.scope_id == scope_id and not row.hub_seq]
            for key in stray:
                del self.rows[key]
        self._hold(scope_id, held)

    def _put(self, scope_id: ScopeId, row: Row) -> None:
        key = (row.kind, row.id)
        have = self.rows.get(key)
        if row.erased:
            self._wipe(key)
        elif not row.gone and (have is None or have.hub_seq <= row.hub_seq):
            self.rows[key] = row
        elif row.gone and have is not None and have.scope_id == scope_id and have.hub_seq <= row.hub_seq:
            del self.rows[key]

    def _has_passed(self, mine: Mine, scopes: Mapping[ScopeId, Held]) -> bool:
        """Whether the record came back with it; or everything was read that far, and it is nowhere we may look."""
        if mine.receipt is None:
            return False
        row, seq = self.rows.get(mine.key), mine.receipt.hub_seq
        return (row is not None and row.hub_seq >= seq) or all(held.upto >= seq for held in scopes.values())

    def _hold(self, scope_id: ScopeId, held: Held | None) -> None:
        others = {each: kept for each, kept in self.link.scopes.items() if each != scope_id}
        self.link = replace(self.link, scopes=others | ({scope_id: held} if held else {}))

    def let_go(self, scope_id: ScopeId) -> None:
        gone = {key for key, row in self.rows.items() if row.scope_id == scope_id}
        self.rows = {key: row for key, row in self.rows.items() if key not in gone}
        for mine in self.ops:
            if (mine.key in gone or mine.scope_id == scope_id) and mine.receipt and not mine.refused:
                mine.blank()
        self._hold(scope_id, None)

    def send_again_after(self, head: int) -> int:
        again = [mine for mine in self.ops if mine.receipt and mine.receipt.hub_seq > head]
        again = [mine for mine in again if mine.receipt and mine.receipt.outcome is not Outcome.ERASED]
        for mine in again:
            mine.queued = mine.op.value is not None or mine.op.verb != "create"
        return len(again)

    def start_over(self, scope_id: ScopeId | None = None) -> None:
        over = self.link.scopes if scope_id is None else [scope_id]
        self.rows = {key: row._replace(hub_seq=0) if row.scope_id in over else row for key, row in self.rows.items()}
        for each in list(over):
            if each in self.link.scopes:
                self._hold(each, replace(self.link.scopes[each], upto=0, whole=False))

    def tally(self, scope_id: ScopeId) -> Tally:
        upto = self.link.scopes[scope_id].upto
        live = [row.hub_seq for row in self.rows.values() if row.scope_id == scope_id and 0 < row.hub_seq <= upto]
        return Tally(records=len(live), total=sum(live))

    # --- attachments --------------------------------------------------------------------------------------------------

    def _spoken_of(self) -> Iterator[tuple[ScopeId, str]]:
        for row in self.rows.values():
            attachments = row.fields.get("attachments")
            for each in attachments if isinstance(attachments, list) else []:
                yield row.scope_id, each["sha256"]

    def wanted_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        return tuple(dict.fromkeys(each for each in self._spoken_of() if each[1] not in self.bytes_of))[:limit]

    def unsent_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        here = (each for each in self._spoken_of() if each[1] in self.bytes_of and each not in self.confirmed)
        return tuple(dict.fromkeys(here))[:limit]

    def blob(self, sha256: str) -> bytes:
        return self.bytes_of[sha256]

    def keep_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        if digest_of(content).hexdigest() != sha256:
            raise Invalid("These bytes are not what they should be.", advice="They are fetched again next time.")
        self.bytes_of[sha256] = content
        self.confirmed.add((scope_id, sha256))

    def blob_sent(self, scope_id: ScopeId, sha256: str) -> None:
        self.confirmed.add((scope_id, sha256))
