"""What stands between this laptop and its hub: edits that wait, edits that were not taken; and beginning anew."""

import json
from dataclasses import dataclass
from datetime import datetime

from member_tracker.domain.change import RecordKind
from member_tracker.domain.in_step import HubOp, Outcome
from member_tracker.store import drafts
from member_tracker.store.in_step_looking import Looking
from member_tracker.store.in_step_removing import as_the_hub_says
from member_tracker.store.moments import utc_moment
from member_tracker.store.shapes import every_shape
from member_tracker.store.transaction import Transaction

_REFUSED = f"('{Outcome.DENIED.value}', '{Outcome.ILLEGAL.value}', '{Outcome.ERASED.value}')"
_ALL = -1  # as SQLite has it
_SHOWN = "op_id, verb, kind, record_id, field, value, outcome, reason, made_at"
_BESIDE = "op hub_copy history address search_document blob_use blob_chunk blob sighting".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An edit the hub did not take: what it said, and why it was not taken; `value` is JSON."""

    op_id: str
    verb: str
    kind: RecordKind
    record_id: str
    field: str
    value: object
    outcome: Outcome
    reason: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeHere:
    """An edit made on this laptop, by its place in order; `value` is JSON."""

    place: int
    verb: str
    kind: RecordKind
    record_id: str
    field: str
    value: object
    made_at: datetime


class Outbox(Looking):
    """Edits as they stand with the hub."""

    def last_place(self) -> int:
        """The place of the newest edit made here; nought where there is none."""
        return int(self._connection.execute("SELECT coalesce(max(pos), 0) FROM op").fetchone()[0])

    def made_here(self, after: int, upto: int) -> tuple[MadeHere, ...]:
        """The edits made here behind one place and up to another, in order, as far back as they are kept."""
        found = self._connection.execute(
            "SELECT pos, verb, kind, record_id, field, value, made_at FROM op WHERE pos > ? AND pos <= ? ORDER BY pos",
            (after, upto),
        )
        return tuple(
            MadeHere(
                place=place,
                verb=verb,
                kind=RecordKind(kind),
                record_id=record_id,
                field=field,
                value=json.loads(value),
                made_at=utc_moment(made_at),
            )
            for place, verb, kind, record_id, field, value, made_at in found
        )

    def waiting(self) -> int:
        """How many edits the hub has not answered for."""
        return int(self._connection.execute("SELECT count(*) FROM op WHERE outcome IS NULL").fetchone()[0])

    def refused(self) -> tuple[Refusal, ...]:
        """The edits the hub did not take and nobody has seen to, oldest first."""
        found = self._connection.execute(
            f"SELECT {_SHOWN} FROM op WHERE outcome IN {_REFUSED} ORDER BY pos"  # noqa: S608 - words from above
        )
        return tuple(
            Refusal(
                op_id=op_id,
                verb=verb,
                kind=RecordKind(kind),
                record_id=record_id,
                field=field,
                value=json.loads(value),
                outcome=Outcome(outcome),
                reason=reason or "",
                made_at=utc_moment(made_at),
            )
            for op_id, verb, kind, record_id, field, value, outcome, reason, made_at in found
        )

    def ops_of(self, kind: RecordKind, record_id: str, field: str) -> tuple[HubOp, ...]:
        """The edits of one field of a record that the hub has not answered for, oldest first."""
        return tuple(op for op in self.ops(_ALL) if (op.kind, op.record_id, op.field) == (kind, record_id, field))

    def is_at_hub(self, kind: RecordKind, record_id: str) -> bool:
        """Whether the hub has a record, so that others may know of it."""
        made = self._connection.execute(
            "SELECT 1 FROM op WHERE record_id = ? AND kind = ? AND verb = 'create' AND outcome IS NULL",
            (record_id, kind.value),
        ).fetchone()
        return made is None


class Clearing(Transaction):
    """Takes off what was seen to, or everything."""

    def forget_refused(self, op_id: str) -> bool:
        """Forgets an edit the hub did not take; whether there was one."""
        gone = self._connection.execute(
            f"DELETE FROM op WHERE op_id = ? AND outcome IN {_REFUSED}",  # noqa: S608 - words from above
            (op_id,),
        )
        return gone.rowcount > 0

    def empty(self) -> None:
        """Takes every record away, with its edits, history, words, bytes and drafts; the settings here stay."""
        with as_the_hub_says(self._connection):
            for shape in every_shape():
                self._connection.execute(f"DELETE FROM {shape.table.name}")  # noqa: S608 - our tables
        for table in _BESIDE:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our tables
        self._connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
        drafts.forget_all(self._connection)
        self._known.clear()
        self.touched += [(shape.kind, "") for shape in every_shape()]

    def forget_settings(self) -> None:
        """Forgets the settings of this device too."""
        self._connection.execute("DELETE FROM local")
