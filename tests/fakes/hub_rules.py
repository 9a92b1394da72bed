"""What becomes of an op at the hub: the rules of the real one, in memory, where they are best read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from member_tracker.domain.vocabulary import Status
from member_tracker.store.moments import utc_text
from member_tracker.store.shapes import every_shape
from member_tracker.sync.hub import HubOp, Outcome, Row, ScopeId

WHOSE = {shape.kind.value: shape.whose for shape in every_shape()} | {"conflict": "scope_id"}
SETS = {(shape.kind.value, name) for shape in every_shape() for name in shape.sets}
CHILDREN = {kind for kind, whose in WHOSE.items() if whose == "enquiry_id"}
Verdict = tuple[Outcome, str]
ACCEPTED, CONFLICT, ILLEGAL = (Outcome.ACCEPTED, ""), (Outcome.CONFLICT, ""), (Outcome.ILLEGAL, "step")
NOT_YOURS, REFERENCE, ERASED = (Outcome.DENIED, "scope"), (Outcome.DENIED, "reference"), (Outcome.ERASED, "")


@dataclass(slots=True, kw_only=True)
class Kept:
    """A record; `by` holds at which number each device changed it last, `gone` the scopes it has moved out of."""

    kind: str
    id: str
    scope_id: ScopeId
    seq: int
    fields: dict[str, Any]
    heads: dict[str, str]
    by: dict[str, int] = field(default_factory=dict)
    gone: dict[ScopeId, int] = field(default_factory=dict)
    deleted: bool = False
    erased: bool = False

    @property
    def is_gone(self) -> bool:
        return self.deleted or self.erased

    def seq_in(self, scope_id: ScopeId) -> int:
        """The number it has in a scope; nought where it never was."""
        return self.seq if scope_id == self.scope_id else self.gone.get(scope_id, 0)

    def row(self, scope_id: ScopeId | None = None) -> Row:
        """How it stands where it is, or that it is no longer in a scope it has left."""
        scope_id = scope_id or self.scope_id
        gone, seq = self.is_gone or scope_id != self.scope_id, self.seq_in(scope_id)
        fields, heads = ({}, {}) if gone else (dict(self.fields), dict(self.heads))
        return Row(
            kind=self.kind, id=self.id, scope_id=scope_id, hub_seq=seq, fields=fields, heads=heads, gone=gone,
            erased=self.erased,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends: their device, the scopes they may write, and whose a mail is that they filed nowhere."""

    device: str
    writes: frozenset[ScopeId]
    unfiled: ScopeId
    at: datetime


@dataclass(slots=True, kw_only=True)
class Judged:
    op: HubOp
    device: str
    verdict: Verdict
    seq: int


def _is_illegal(op: HubOp) -> bool:
    """Whether no record could take the op: an entry stays as it is, a conflict is settled, elements come one by one."""
    element = op.verb in ("add", "remove")
    return (
        op.kind == "entry"
        or (op.kind == "conflict" and (op.verb, op.field) != ("set", "settled"))
        or (op.field == "status" and op.value not in set(Status))
        or (op.verb != "delete" and element != ((op.kind, op.field) in SETS))
    )


def _ties(op: HubOp) -> set[str]:
    """The record an op is about, and the enquiry and resident it speaks of."""
    said: dict[str, Any] = op.value if isinstance(op.value, dict) and not op.field else {op.field: op.value}
    return {op.record_id, *(each for each in (said.get("enquiry_id"), said.get("resident_id")) if each)}


class Rules:
    """The records and the ops that made them."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], Kept] = {}
        self.log: dict[str, Judged] = {}

    def judge(self, sender: Sender, op: HubOp, seq: int) -> Verdict:
        kept, made = self.records.get((op.kind, op.record_id)), op.verb == "create"
        if made and kept:
            return ERASED if kept.erased else ACCEPTED
        fields = dict(op.value) if isinstance(op.value, dict) and made else {op.field: op.value}
        moves = made or op.field == WHOSE[op.kind]
        target = self._scope_of(sender, op.kind, fields) if moves else kept.scope_id if kept else None
        if target not in sender.writes or not (made or (kept and kept.scope_id in sender.writes)):
            return NOT_YOURS
        if self.is_erased(op):
            return ERASED
        if op.kind == "enquiry" and self._is_taken(fields.get("reference"), op.record_id):
            return REFERENCE
        if kept:
            return self._edit(kept, sender, op, seq, target)
        kept = Kept(kind=op.kind, id=op.record_id, scope_id=target, seq=seq, fields=fields, heads={"": op.id})
        kept.fields.pop("id", None)
        self.records[op.kind, op.record_id] = kept
        return self._write(kept, sender, seq)

    def _edit(self, kept: Kept, sender: Sender, op: HubOp, seq: int, target: ScopeId) -> Verdict:
        unseen = any(device != sender.device and number > op.seen for device, number in kept.by.items())
        if _is_illegal(op):
            return ILLEGAL
        closes = (op.field, op.value) == ("status", Status.CLOSED) and kept.fields.get("status") != Status.CLOSED
        if unseen and (closes or op.verb == "delete"):
            return self._clash(kept, op, seq, sender.at)
        if op.verb == "delete":
            kept.deleted, kept.heads["deleted"] = True, op.id
            return self._write(kept, sender, seq)
        if kept.deleted:  # an edit beats a deletion that its author had not seen
            kept.deleted = False
            self._clash(kept, self.log[kept.heads.pop("deleted")].op, seq, sender.at)
            self._write(kept, sender, seq)
        if op.verb == "set":
            stands = kept.fields.get(op.field, None if op.value else op.value)  # what nothing was said of is empty
            if stands != op.value and not self._has_seen(kept, op):
                return self._clash(kept, op, seq, sender.at)
            kept.fields[op.field], kept.heads[op.field] = op.value, op.id
            self._move(kept, target, seq)
        else:
            others = [each for each in kept.fields.get(op.field) or [] if each != op.value]
            kept.fields[op.field] = [*others, op.value] if op.verb == "add" else others
            kept.heads[f"{op.field}/{op.value}"] = op.id
        return self._write(kept, sender, seq)

    def _has_seen(self, kept: Kept, op: HubOp) -> bool:
        """Whether the author had seen the newest op; who made the same record alike had seen what it was made with."""
        base = self.log[op.base].op if op.base in self.log else None
        if base and base.verb == "create" and base.record_id == kept.id and isinstance(base.value, dict):
            return op.field not in kept.heads and base.value.get(op.field) == kept.fields.get(op.field)
        return op.base == kept.heads.get(op.field, kept.heads.get(""))

    @staticmethod
    def _write(kept: Kept, sender: Sender, seq: int) -> Verdict:
        kept.seq = kept.by[sender.device] = seq
        return ACCEPTED

    def _clash(self, kept: Kept, op: HubOp, seq: int, at: datetime) -> Verdict:
        """Lets stand what stands and keeps what came for a person to settle; two who settle otherwise are only told."""
        if kept.kind != "conflict":
            about = {"scope_id": kept.scope_id, "record_kind": kept.kind, "record_id": kept.id, "field": op.field}
            values = {"kept": kept.fields.get(op.field), "lost": op.value, "lost_op": op.id, "by": op.author}
            fields = about | values | {"at": utc_text(at), "settled": None}
            fields |= self._who_wrote(kept, op.field)
            made = Kept(kind="conflict", id=op.id, scope_id=kept.scope_id, seq=seq, fields=fields, heads={"": op.id})
            self.records["conflict", op.id] = made
        return CONFLICT

    def _who_wrote(self, kept: Kept, name: str) -> dict[str, str | None]:
        """Who wrote what stands in a field, and when; of a whole record nobody in particular."""
        head = self.log.get(kept.heads.get(name, kept.heads.get("", ""))) if name else None
        return {"kept_by": head.op.author if head else None, "kept_at": utc_text(head.op.made_at) if head else None}

    def _scope_of(self, sender: Sender, kind: str, fields: Mapping[str, Any]) -> ScopeId | None:
        whose = fields.get(WHOSE[kind])
        if kind not in CHILDREN:
            return whose
        parent = self.records.get(("enquiry", whose or ""))
        return parent.scope_id if parent else sender.unfiled if whose is None else None

    def _move(self, kept: Kept, target: ScopeId, seq: int) -> None:
        """Takes a record to another scope with all that hangs on it, and leaves word in the old one."""
        for each in self._family(kept) if target != kept.scope_id else []:
            if each.scope_id != target:
                each.gone[each.scope_id] = each.seq = seq
                each.gone.pop(target, None)
                each.scope_id = target
                each.fields |= {"scope_id": target} if each.kind == "conflict" else {}

    def _family(self, kept: Kept, *, enquiries_too: bool = False) -> list[Kept]:
        """The record, what hangs on it, and the conflicts about any of these; of a resident also the enquiries."""
        found, every = {kept.id: kept}, list(self.records.values())
        if enquiries_too and kept.kind == "resident":
            found |= {each.id: each for each in every if each.fields.get("resident_id") == kept.id}
        found |= {each.id: each for each in every if each.kind in CHILDREN and each.fields.get("enquiry_id") in found}
        return [*found.values(), *(each for each in every if each.fields.get("record_id") in found)]

    def blank(self, kept: Kept, seq: int) -> None:
        """Blanks a record and all that hangs on it, wherever it ever was; a resident takes their enquiries along.

        So goes what was said about them, and about what was to hang on them and was not made.
        """
        gone: set[str] = set()
        for each in self._family(kept, enquiries_too=True):
            each.fields, each.heads, each.erased, each.seq = {}, {}, True, seq
            each.gone = dict.fromkeys(each.gone, seq)
            gone.add(each.id)
        for judged in self.log.values():
            refused = judged.verdict[0] is not Outcome.ACCEPTED
            if judged.op.record_id in gone or (refused and gone & _ties(judged.op)):
                gone.add(judged.op.record_id)
                judged.op = replace(judged.op, value=None)

    def is_erased(self, op: HubOp) -> bool:
        """Whether the record, or the enquiry or resident it is about, was erased."""
        return any(kept.erased for kept in self.records.values() if kept.id in _ties(op))

    def is_unspeakable(self, op: HubOp) -> bool:
        """Whether not even its words may be kept: as of what hangs on a record that an erasure kept from being made."""
        unborn = (each.op for each in self.log.values() if each.op.record_id in _ties(op) and each.op.verb == "create")
        return self.is_erased(op) or any(each.value is None for each in unborn)

    def _is_taken(self, reference: object, but_for: str) -> bool:
        enquiries = (each for (kind, id_), each in self.records.items() if kind == "enquiry" and id_ != but_for)
        return reference is not None and any(each.fields.get("reference") == reference for each in enquiries)
