"""What the hub's answers change here: edits taken or not, scopes read to their end, let go, or read from nothing."""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from member_tracker import __version__
from member_tracker.domain.change import RecordKind
from member_tracker.domain.in_step import Outcome, Receipt, ScopeId
from member_tracker.store import blobs, in_step_contact, in_step_copy, in_step_removing, in_step_uses
from member_tracker.store.codec import to_json
from member_tracker.store.in_step_taking import Taking
from member_tracker.store.moments import utc_moment, utc_text
from member_tracker.store.shapes import every_shape, shape_of_kind
from member_tracker.store.transaction import TRAY_KEY

if TYPE_CHECKING:
    from member_tracker.store.shapes import Shape

KEPT_FOR = timedelta(days=30)
"""How long an acknowledged edit is kept, for a hub that is restored from an older back-up."""

_AT_ONCE = 5_000
_FORM = "hub/form"


class Answering(Taking):
    """A transaction that writes what the hub made of ops and of scopes."""

    _hub_at: str | None = None

    # --- receipts -----------------------------------------------------------------------------------------------------

    def note(self, receipt: Receipt) -> None:
        """Keeps what became of an op; what was not accepted is taken back from what is shown."""
        found = self._connection.execute(
            "SELECT kind, record_id, outcome FROM op WHERE op_id = ?", (receipt.op_id,)
        ).fetchone()
        if found is None:
            return
        kind, record_id, before = RecordKind(found[0]), found[1], found[2]
        if receipt.outcome is Outcome.ERASED:
            self.erase(kind, record_id)
        taken = receipt.outcome is Outcome.ACCEPTED
        self._connection.execute(
            "UPDATE op SET outcome = ?, hub_seq = ?, acked_at = ?, reason = ?, passed = max(passed, ?) WHERE op_id = ?",
            (
                receipt.outcome.value,
                receipt.hub_seq,
                max(self._at, self._told_at()),
                receipt.reason,
                int(not taken),
                receipt.op_id,
            ),
        )
        if taken and before is None:
            self._pass_if_here(kind, record_id)
        elif not taken:
            self._take_back(kind, record_id, receipt)

    def _pass_if_here(self, kind: RecordKind, record_id: str) -> None:
        """Where the hub's copy came before the receipt, it holds the edit already and may hold what came after."""
        base = self.base(shape_of_kind(kind), record_id)
        if base is not None and self._passed(kind.value, record_id, base.hub_seq):
            self.stand_again(kind, record_id)

    def _take_back(self, kind: RecordKind, record_id: str, receipt: Receipt) -> None:
        if receipt.row is not None and (receipt.row.kind, receipt.row.id) == (kind.value, record_id):
            self.take_row(receipt.row)
        self.stand_again(kind, record_id)

    def _passed(self, kind: str, record_id: str, upto: int) -> bool:
        changed = self._connection.execute(
            "UPDATE op SET passed = 1 WHERE passed = 0 AND record_id = ? AND hub_seq <= ? AND kind = ?",
            (record_id, upto, kind),
        )
        return changed.rowcount > 0

    # --- the end of a scope -------------------------------------------------------------------------------------------

    def round_off(self, scope_id: ScopeId, upto: int, *, whole: bool) -> None:
        """What follows once a scope was read to its end: edits it holds are done with, and old ones forgotten."""
        answered = self._connection.execute(
            "SELECT DISTINCT kind, record_id FROM op WHERE passed = 0 AND hub_seq <= ?", (upto,)
        ).fetchall()
        for kind, record_id in answered:
            self._settle(RecordKind(kind), record_id, scope_id, upto)
        if whole:
            self._leave_out_unconfirmed(scope_id)
        before = utc_text(utc_moment(min(self._at, self._told_at() or self._at)) - KEPT_FOR)
        self._connection.execute(
            "DELETE FROM op WHERE acked_at < ? AND passed = 1 AND outcome IN ('accepted', 'conflict')", (before,)
        )

    def _told_at(self) -> str:
        """The hub's time at the last contact, which no wrong clock here moves; nothing before the first."""
        if self._hub_at is None:
            joined = in_step_contact.joined(self)
            self._hub_at = utc_text(joined.hub_at) if joined and joined.hub_at else ""
        return self._hub_at

    def _settle(self, kind: RecordKind, record_id: str, scope_id: ScopeId, upto: int) -> None:
        """Passes accepted edits that no row will tell of: one that gave its record no new number changed nothing."""
        shape = shape_of_kind(kind)
        base, kept = self.base(shape, record_id), self._kept(shape.of, record_id)
        whose = base.scope_id if base else kept.scope_id if kept else scope_id
        number = upto if whose == scope_id else self._out_of_sight(ScopeId(whose), scope_id, upto)
        if self._passed(kind.value, record_id, number):
            self.stand_again(kind, record_id)

    def _out_of_sight(self, whose: ScopeId, scope_id: ScopeId, upto: int) -> int:
        """Up to which number edits to what lies in a scope that is not held here are nothing to be shown here.

        That is known once all that is held was read so far, and the hub has told since what may be held: a scope that
        came to be with these very edits is granted at the next contact.
        """
        joined = in_step_contact.joined(self)
        if joined is None or whose in joined.scopes:
            return 0
        others = [held.upto for scope, held in joined.scopes.items() if scope != scope_id]
        return min(upto, joined.granted_at, *others)

    def _leave_out_unconfirmed(self, scope_id: ScopeId) -> None:
        """Takes away what a hub read from nothing no longer has; what is made here and still to be sent stays."""
        for shape in every_shape():
            found = self._connection.execute(
                f"SELECT id FROM {shape.table.name} WHERE scope_id = ? AND hub_seq = 0",  # noqa: S608 - our tables
                (scope_id,),
            ).fetchall()
            for (record_id,) in found:
                self._unknown_there(shape, record_id)
        self._connection.execute("DELETE FROM hub_copy WHERE scope_id = ? AND hub_seq = 0", (scope_id,))

    def _unknown_there(self, shape: "Shape[Any]", record_id: str) -> None:
        in_step_copy.drop(self._connection, shape.kind.value, record_id)
        self._connection.execute(
            f"UPDATE {shape.table.name} SET hub_seq = NULL WHERE id = ?",  # noqa: S608 - our tables
            (record_id,),
        )
        self._known.clear()
        self.stand(shape, record_id, None)

    def look_again(self) -> None:
        """After the program was replaced by one that knows more, shows what an older one could only keep."""
        known_fields = [[each.kind.value, *each.fields] for each in every_shape()]
        form = hashlib.sha256(to_json([__version__, known_fields]).encode()).hexdigest()
        if self.local(_FORM) == form:
            return
        self.set_local(_FORM, form)
        known = {shape.kind.value for shape in every_shape()}
        kept = self._connection.execute("SELECT kind, record_id FROM hub_copy").fetchall()
        for kind, record_id in kept:
            if kind in known:
                self.stand_again(RecordKind(kind), record_id)

    # --- scopes -------------------------------------------------------------------------------------------------------

    def let_go(self, scope_id: ScopeId) -> None:
        """Takes away everything of a scope; edits the hub has not answered for stay to be sent and refused."""
        for shape in every_shape():
            found = self._connection.execute(
                f"SELECT id FROM {shape.table.name} WHERE scope_id = ?",  # noqa: S608 - our tables
                (scope_id,),
            ).fetchall()
            ids = [record_id for (record_id,) in found]
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                self.remove_all(shape, some)
                in_step_removing.remove_answered_ops(self._connection, shape.kind.value, some)
        self._connection.execute("DELETE FROM hub_copy WHERE scope_id = ?", (scope_id,))
        self.erased = True

    def start_over(self, scope_id: ScopeId | None) -> None:
        """Forgets the numbers of a scope, or of all: what the hub told is kept until it tells of it again, or not."""
        where = "hub_seq > 0" if scope_id is None else "hub_seq > 0 AND scope_id = ?"
        for table in (*(shape.table.name for shape in every_shape()), "hub_copy"):
            self._connection.execute(
                f"UPDATE {table} SET hub_seq = 0 WHERE {where}",  # noqa: S608 - our tables
                () if scope_id is None else (scope_id,),
            )
        self._known.clear()

    def send_again_after(self, head: int) -> int:
        """Puts edits the hub answered above a number back into the outbox; what is shown stays as it is."""
        again = self._connection.execute(
            "UPDATE op SET outcome = NULL, hub_seq = NULL, acked_at = NULL, reason = NULL"
            " WHERE outcome IN ('accepted', 'conflict') AND hub_seq > ?",
            (head,),
        )
        return again.rowcount

    def move_tray(self) -> None:
        """Lets unmatched mail that only this laptop knows of belong to whom the tray does."""
        whose = self.local(TRAY_KEY) or "tray"
        moved = self._connection.execute(
            "UPDATE mail SET scope_id = ? WHERE enquiry_id IS NULL AND hub_seq IS NULL AND scope_id <> ? RETURNING id",
            (whose, whose),
        ).fetchall()
        self._connection.executemany(
            "UPDATE blob_use SET scope_id = ? WHERE record_id = ?", [(whose, mail_id) for (mail_id,) in moved]
        )

    # --- bytes --------------------------------------------------------------------------------------------------------

    def let_parted_go(self) -> None:
        """Forgets bytes of what left a scope and has not come into another one since."""
        in_step_uses.let_parted_go(self._connection)

    def keep_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        """Keeps bytes from the hub that a record of the scope speaks of."""
        if in_step_uses.is_wanted(self._connection, scope_id, sha256):
            blobs.keep(self._connection, content, "application/octet-stream")
            in_step_uses.settle(self._connection, scope_id, sha256)
            in_step_uses.arrived(self._connection, sha256)

    def blob_sent(self, scope_id: ScopeId, sha256: str) -> None:
        """Remembers that the hub holds these bytes."""
        in_step_uses.settle(self._connection, scope_id, sha256)
