"""Taking for good from a profile that works by itself what was deleted long ago."""

from collections.abc import Sequence

from member_tracker.domain.change import RecordKind
from member_tracker.store import in_step_removing
from member_tracker.store.transaction import Transaction

_HANGING = (RecordKind.SUGGESTION, RecordKind.MAIL, RecordKind.OUTGOING, RecordKind.ENTRY)


class Emptying(Transaction):
    """A transaction that takes records away with all that hangs on them, and their words out of the search index."""

    def take_for_good(self, enquiry_ids: Sequence[str], resident_ids: Sequence[str]) -> None:
        """Nothing of these enquiries, or of these residents, is left; no other computer is told."""
        for enquiry_id in enquiry_ids:
            for kind in _HANGING:
                found = self._connection.execute(
                    f"SELECT id FROM {kind.value} WHERE enquiry_id = ?",  # noqa: S608 - the kinds above
                    (enquiry_id,),
                )
                self._take(kind, [record_id for (record_id,) in found.fetchall()])
        self._take(RecordKind.ENQUIRY, enquiry_ids)
        self._take(RecordKind.RESIDENT, resident_ids)
        in_step_removing.forget_words(self._connection)

    def _take(self, kind: RecordKind, record_ids: Sequence[str]) -> None:
        from member_tracker.store.shapes import shape_of_kind

        in_step_removing.remove(self._connection, shape_of_kind(kind), record_ids)
        for record_id in record_ids:
            self._connection.execute("DELETE FROM op WHERE kind = ? AND record_id = ?", (kind.value, record_id))
            self.touched.append((kind, record_id))
        self._known.clear()
