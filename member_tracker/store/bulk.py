"""Many records made in one deed, and all of them taken back again as if they had never been."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from member_tracker.domain.change import RecordKind, Verb
from member_tracker.store.in_step_removing import remove
from member_tracker.store.reading import Reading
from member_tracker.store.transaction import Transaction

_LISTED = "(SELECT value FROM json_each(?1))"
_AT_ONCE = 5_000
_MADE = "SELECT kind, record_id FROM history WHERE deed = ? AND verb = 'create' ORDER BY pos DESC LIMIT ?"
_PEOPLE_SINCE = "SELECT EXISTS (SELECT 1 FROM history WHERE pos > ? AND kind IN ('resident', 'councillor'))"
# What anybody did to these records in another deed, and what hangs on them that the deed did not make.
_SINCE = (
    f"SELECT record_id FROM history WHERE record_id IN {_LISTED} AND +deed <> ?2",  # noqa: S608 - fixed words
    *(
        f"SELECT {column} FROM {table} t WHERE {column} IN {_LISTED} AND NOT EXISTS"  # noqa: S608 - names from below
        " (SELECT 1 FROM history h WHERE h.record_id = t.id AND +h.deed = ?2)"
        for table, column in (
            ("entry", "enquiry_id"),
            ("mail", "enquiry_id"),
            ("suggestion", "enquiry_id"),
            ("outgoing", "enquiry_id"),
            ("enquiry", "resident_id"),
        )
    ),
)


class BulkReading(Reading):
    """A reading that can hold a whole table against what is kept."""

    def other_references(self, references: Sequence[str]) -> frozenset[str]:
        """Which of these references are those of an enquiry here, ours or those of elsewhere."""
        found = self._connection.execute(
            "WITH asked(one) AS MATERIALIZED (SELECT value FROM json_each(?))"
            " SELECT other_reference FROM enquiry WHERE other_reference IN (SELECT one FROM asked)"
            " UNION SELECT reference FROM enquiry WHERE reference IN (SELECT one FROM asked)",
            (json.dumps(list(references)),),
        )
        return frozenset(reference for (reference,) in found) if references else frozenset()

    def made_by(self, deed: str, *, last: int | None = None) -> dict[RecordKind, list[str]]:
        """The records that a deed made on this computer, or so many of the last of them, by kind, the last first."""
        made: dict[RecordKind, list[str]] = {}
        for kind, record_id in self._connection.execute(_MADE, (deed, -1 if last is None else last)):
            made.setdefault(RecordKind(kind), []).append(record_id)
        return made

    def touched_since(self, deed: str, *, last: int | None = None) -> frozenset[str]:
        """Ids of those records that somebody has changed since, or that something else hangs on."""
        ids = [record_id for some in self.made_by(deed, last=last).values() for record_id in some]
        return frozenset(
            found
            for listed in _in_lists(ids)
            for sql in _SINCE
            for (found,) in self._connection.execute(sql, (listed, deed))
        )


class Bulk(Transaction, BulkReading):
    """A transaction that makes many records, or takes back those that another made."""

    def go_on(self, deed: str) -> None:
        """Whatever is written from here on belongs to that deed, begun in another transaction."""
        self.deed = deed

    def people_mark(self) -> tuple[int, int]:
        """How things stand, for `people_changed_since` to hold against later."""
        pos = self._connection.execute("SELECT coalesce(max(pos), 0) FROM history").fetchone()[0]
        return int(pos), self._residents()

    def people_changed_since(self, mark: tuple[int, int]) -> bool:
        """Whether residents or councillors may have come, changed or gone since."""
        pos, residents = mark
        return residents != self._residents() or bool(self._connection.execute(_PEOPLE_SINCE, (pos,)).fetchone()[0])

    def _residents(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM resident").fetchone()[0])

    def take_back(self, deed: str, *, told: bool, last: int) -> int:
        """Takes away so many of the last records that the deed made, and says how many those were.

        With `told` the hub, which may have them, is told so too.
        """
        from member_tracker.store.shapes import shape_of_kind

        self._known.clear()
        made = self.made_by(deed, last=last)
        for kind, ids in made.items():
            shape = shape_of_kind(kind)
            for listed in _in_lists(ids):
                if told:
                    self._note_deleted(shape, json.loads(listed))
                else:
                    self._connection.execute(
                        f"DELETE FROM op WHERE passed = 0 AND record_id IN {_LISTED} AND kind = ?2",  # noqa: S608 - ours
                        (listed, kind.value),
                    )
                remove(self._connection, shape, json.loads(listed))
            self.touched += [(kind, record_id) for record_id in ids]
        self._known.clear()
        return sum(map(len, made.values()))

    def _note_deleted(self, shape: Any, ids: Sequence[str]) -> None:  # noqa: ANN401 - a shape of any kind
        for record_id in ids:
            kept = self._kept(shape.of, record_id)
            if kept is not None:
                seen, base = self._had_seen(shape, kept), kept.heads.get("")
                self._note_op(shape, record_id, Verb.DELETE, field="", value=None, base=base, seen=seen)
        self._known.clear()


def _in_lists(ids: Sequence[str]) -> Iterator[str]:
    """The ids as JSON, some at a time."""
    for start in range(0, len(ids), _AT_ONCE):
        yield json.dumps(ids[start : start + _AT_ONCE])
