"""Putting what the hub says in place beneath what is still to be sent, with everything that goes with a record."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING, Any

from member_tracker.domain.change import RecordKind, Verb
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.in_step import Row
from member_tracker.domain.people import Resident
from member_tracker.store import in_step_bulk, in_step_copy, in_step_removing, in_step_uses, records, search
from member_tracker.store.codec import to_json
from member_tracker.store.in_step_copy import Copy
from member_tracker.store.in_step_overlay import Pending, Standing, overlay, pass_ops, pending
from member_tracker.store.kept import Kept, R
from member_tracker.store.shapes import every_shape, shape_of_kind
from member_tracker.store.transaction import Transaction, Writing

if TYPE_CHECKING:
    from member_tracker.store.shapes import Shape

_KINDS: "Mapping[str, Shape[Any]]" = {shape.kind.value: shape for shape in every_shape()}


class Taking(Transaction):
    """A transaction that writes what the hub says: it makes no ops, and history tells of others' changes."""

    def __init__(self, connection: sqlite3.Connection, writing: Writing) -> None:
        super().__init__(connection, writing)
        self.erased = False
        self._taken = 0

    def take_rows(self, rows: Sequence[Row]) -> None:
        """Puts rows in place, whatever the order they come in; those not known here all at once."""
        before, self._taken = self._taken, self._taken + len(rows)
        if before < in_step_bulk.MANY <= self._taken:
            in_step_bulk.make_room(self._connection, self._taken)
        by_kind: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_kind[row.kind].append(row)
        # Residents before their enquiries, so that the words of an enquiry are put together once.
        for kind in _in_order(by_kind):
            if kind in _KINDS:
                self._take_kind(_KINDS[kind], by_kind[kind])
            else:
                for row in by_kind[kind]:
                    self._take_unknown(row)

    def _take_kind(self, shape: "Shape[Any]", rows: Sequence[Row]) -> None:
        met = in_step_bulk.met(self._connection, shape, [row.id for row in rows])
        fresh: list[Row] = []
        others: list[Row] = []
        for row in rows:
            (others if row.gone or row.erased or row.id in met else fresh).append(row)
            met.add(row.id)
        unreadable = in_step_bulk.make(self._connection, shape, fresh) if fresh else []
        self._known.clear()
        self.touched += zip(repeat(shape.kind), [row.id for row in fresh])
        for row in (*unreadable, *others):
            self.take_row(row)

    # --- one row ------------------------------------------------------------------------------------------------------

    def take_row(self, row: Row) -> None:
        """Puts one row in place; one that is older than what is here changes nothing."""
        if row.kind not in _KINDS:
            self._take_unknown(row)
            return
        shape = _KINDS[row.kind]
        if row.erased:
            self.erase(shape.kind, row.id)
            return
        here = self.base(shape, row.id)
        if row.gone:
            if here is None or here.scope_id == row.scope_id:
                self.remove(shape.kind, row.id)
            return
        if here is not None and row.hub_seq < here.hub_seq:
            return
        pass_ops(self._connection, row.kind, row.id, row.hub_seq)
        fields, heads = shape.whole(in_step_bulk.fields_of(row)), dict(row.heads)
        said = Copy(scope_id=row.scope_id, hub_seq=row.hub_seq, fields=fields, heads=heads)
        self.stand(shape, row.id, said)

    def _take_unknown(self, row: Row) -> None:
        """Keeps a record of a kind this program does not know for one that does."""
        here = in_step_copy.find(self._connection, row.kind, row.id)
        if row.erased or (row.gone and here is not None and here.scope_id == row.scope_id):
            in_step_copy.drop(self._connection, row.kind, row.id)
        elif not row.gone and (here is None or here.hub_seq <= row.hub_seq):
            self._hide(row.kind, row.id, row)

    def _hide(self, kind: str, record_id: str, said: "Row | Copy") -> None:
        copy = Copy(
            scope_id=said.scope_id, hub_seq=said.hub_seq, fields=dict(said.fields), heads=dict(said.heads), hidden=True
        )
        in_step_copy.put(self._connection, kind, record_id, copy)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def base(self, shape: "Shape[Any]", record_id: str) -> Copy | None:
        """What the hub has said of a record, whole; None where it has said nothing."""
        kept: Kept[Any] | None = self._kept(shape.of, record_id)
        copy = in_step_copy.find(self._connection, shape.kind.value, record_id)
        if kept is None or kept.hub_seq is None:
            return copy and replace(copy, fields=shape.whole({**copy.fields, "id": record_id}))
        fields = shape.every_plain(kept.value)
        if copy is not None:
            return Copy(
                scope_id=copy.scope_id,
                hub_seq=copy.hub_seq,
                fields={**fields, **copy.fields},
                heads=copy.heads,
            )
        return Copy(scope_id=kept.scope_id, hub_seq=kept.hub_seq, fields=fields, heads=kept.heads)

    def stand_again(self, kind: RecordKind, record_id: str) -> None:
        """Shows a record anew, after an edit to it was taken back."""
        shape = shape_of_kind(kind)
        self.stand(shape, record_id, self.base(shape, record_id))

    def stand(self, shape: "Shape[R]", record_id: str, base: Copy | None) -> None:
        """Shows a record as the hub has it, beneath what is still to be sent."""
        edits = pending(self._connection, [record_id]).get((shape.kind.value, record_id), [])
        standing = overlay(Standing(fields=base.fields, heads=base.heads) if base else None, edits)
        kept = self._kept(shape.of, record_id)
        value = (
            None if standing is None else in_step_bulk.readable(shape, standing.fields, kept.value if kept else None)
        )
        if standing is None or value is None:
            self._take_away(shape.kind, record_id)
            if base is not None:
                self._hide(shape.kind.value, record_id, base)
            return
        after = Kept(
            value=value,
            heads=standing.heads,
            scope_id=base.scope_id if base else kept.scope_id if kept else self._whose_here(shape, value),
            document=kept.document if kept else None,
            hub_seq=base.hub_seq if base else None,
        )
        self._show(shape, kept, after)
        self._keep_copy(shape, after, base, edits)

    def _whose_here(self, shape: "Shape[R]", value: R) -> str:
        """Whose a record is that only this computer knows of; its enquiry may be gone by now."""
        whose = getattr(value, shape.whose)
        if shape.whose == "enquiry_id" and whose is not None and self.find(Enquiry, whose) is None:
            return str(whose)
        return self._whose(shape, value)

    def _show(self, shape: "Shape[R]", kept: Kept[R] | None, after: Kept[R]) -> None:
        value = after.value
        if kept is None:
            made = _with_document(after, self._index(None, value))
            records.make(self._connection, shape, made, shape.every_plain(value))
            self._note_written(shape, None, made)
            return
        changes = _differences(shape, kept.value, value)
        changed = _with_document(after, self._index(kept, value) if changes else kept.document)
        if shape.kind is RecordKind.ENTRY and changes:
            with in_step_removing.as_the_hub_says(self._connection):
                records.change(self._connection, shape, kept, changed)
        else:
            records.change(self._connection, shape, kept, changed)
        if changes:
            self._note_history(shape, value.id, Verb.SET, changes)
        if changes or kept.scope_id != changed.scope_id:
            self._note_written(shape, kept, changed)
        self._known[type(value), value.id] = changed

    def _keep_copy(self, shape: "Shape[R]", shown: Kept[R], base: Copy | None, edits: Sequence[Pending]) -> None:
        """Keeps of the hub's copy what is not shown, or cannot be, for when the edits above it are answered."""
        kind, record_id = shape.kind.value, shown.value.id
        if base is None:
            in_step_copy.drop(self._connection, kind, record_id)
            return
        plain = shape.every_plain(shown.value)
        hidden = {
            name: said
            for name, said in base.fields.items()
            if name not in plain or not in_step_bulk.same(shape, name, said, plain[name])
        }
        if hidden or edits:
            copy = Copy(scope_id=base.scope_id, hub_seq=base.hub_seq, fields=hidden, heads=base.heads)
            in_step_copy.put(self._connection, kind, record_id, copy)
        else:
            in_step_copy.drop(self._connection, kind, record_id)

    # --- taking away --------------------------------------------------------------------------------------------------

    def remove(self, kind: RecordKind, record_id: str) -> None:
        """Takes a record away that the hub no longer has in its scope."""
        self._take_away(kind, record_id)
        in_step_copy.drop(self._connection, kind.value, record_id)

    def _take_away(self, kind: RecordKind, record_id: str) -> None:
        shape = shape_of_kind(kind)
        if self.find(shape.of, record_id) is not None:
            self.remove_all(shape, [record_id], may_move=True)

    def remove_all(self, shape: "Shape[Any]", record_ids: Sequence[str], *, may_move: bool = False) -> None:
        """Takes records of one kind away; enquiries that stay are found without the name of a resident."""
        in_step_removing.remove(self._connection, shape, record_ids, may_move=may_move)
        self._known.clear()
        self.touched += [(shape.kind, record_id) for record_id in record_ids]
        if shape.of is Resident:
            for record_id in record_ids:
                self._index_without(record_id)

    def _index_without(self, resident_id: str) -> None:
        for enquiry in self.every(Enquiry, resident_id=resident_id):
            kept = self._kept(Enquiry, enquiry.id)
            search.put(self._connection, search.of_enquiry(enquiry, None), kept.document if kept else None)

    def erase(self, kind: RecordKind, record_id: str) -> None:
        """Leaves nothing of a record anywhere in the file, nor of what hangs on it here and the hub never saw."""
        gone = [(kind, record_id), *in_step_removing.only_ours(self._connection, kind, record_id)]
        resident = self.find(Resident, record_id) if kind is RecordKind.RESIDENT else None
        self.forget_drafts([each_id for _, each_id in gone] + ([resident.name] if resident else []))
        for each, each_id in gone:
            self.remove(each, each_id)
            in_step_uses.forget(self._connection, to_json([each_id]))
            in_step_removing.blank_ops(self._connection, each.value, each_id, self._at)
        self.erased = True

    def give_room_back(self) -> None:
        """Keeps no more of the file in memory than is usual, unless it is being filled."""
        if self._taken < in_step_bulk.MANY:
            in_step_bulk.make_room(self._connection, self._taken)

    def forget_words(self) -> None:
        """Leaves no word of what must not stay in the search index, which only marks it as gone until then."""
        if self.erased:
            in_step_removing.forget_words(self._connection)


def _in_order(kinds: Iterable[str]) -> list[str]:
    """The kinds known here in their order, then the others."""
    return sorted(kinds, key=lambda kind: list(_KINDS).index(kind) if kind in _KINDS else len(_KINDS))


def _with_document(kept: Kept[R], document: int | None) -> Kept[R]:
    return Kept(value=kept.value, heads=kept.heads, scope_id=kept.scope_id, document=document, hub_seq=kept.hub_seq)


def _differences(shape: "Shape[R]", before: R, after: R) -> dict[str, list[object]]:
    """Field → value before and after, of the fields that differ; another order of a set is no difference."""
    found: dict[str, list[object]] = {}
    for name in shape.fields:
        if getattr(before, name) == getattr(after, name):
            continue
        old, new = shape.plain(before, name), shape.plain(after, name)
        if not in_step_bulk.alike(old, new, is_set=name in shape.sets):
            found[name] = [old, new]
    return found
