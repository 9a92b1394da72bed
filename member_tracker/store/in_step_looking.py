"""What the loop asks of the store: ops to send, what is in a scope, and which bytes are missing on either side."""

import json

from member_tracker.domain.in_step import HubOp, ScopeId, Tally
from member_tracker.store import in_step_uses
from member_tracker.store.moments import utc_moment
from member_tracker.store.reading import Reading
from member_tracker.store.shapes import every_shape

_OPS = (
    "SELECT op_id, verb, kind, record_id, field, value, base, author, made_at, seen FROM op"
    " WHERE outcome IS NULL ORDER BY pos LIMIT ?"
)


class Looking(Reading):
    """The store as it stands, as the hub's loop needs it."""

    def ops(self, limit: int) -> tuple[HubOp, ...]:
        """The ops no receipt has come for, oldest first."""
        return tuple(
            HubOp(
                id=op_id,
                verb=verb,
                kind=kind,
                record_id=record_id,
                field=field,
                value=json.loads(value),
                base=base,
                author=author,
                made_at=utc_moment(made_at),
                seen=seen,
            )
            for op_id, verb, kind, record_id, field, value, base, author, made_at, seen in self._connection.execute(
                _OPS, (limit,)
            )
        )

    def tally(self, scope_id: ScopeId, upto: int) -> Tally:
        """What the hub has told of a scope up to a number: shown here or kept for later."""
        count = total = 0
        tables = [f"{shape.table.name} WHERE hub_seq > 0" for shape in every_shape()]
        for table in (*tables, "hub_copy WHERE hidden = 1 AND hub_seq > 0"):
            found = self._connection.execute(
                f"SELECT count(*), coalesce(sum(hub_seq), 0) FROM {table} AND hub_seq <= ? AND scope_id = ?",  # noqa: S608 - our tables
                (upto, scope_id),
            ).fetchone()
            count, total = count + found[0], total + found[1]
        return Tally(records=count, total=total)

    def wanted_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        """Bytes that rows here speak of and this laptop lacks."""
        return tuple((ScopeId(scope), sha256) for scope, sha256 in in_step_uses.wanted(self._connection, limit))

    def unsent_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        """Bytes the hub has not confirmed to hold, of rows it has."""
        return tuple((ScopeId(scope), sha256) for scope, sha256 in in_step_uses.unsent(self._connection, limit))
