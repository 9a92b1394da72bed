"""Many records made in one deed, and all of them taken back again as if they had never been."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from member_tracker.domain.change import RecordKind, Verb
from member_tracker.store.in_step_removing import remove
from member_tracker.store.reading import Reading
from member_tracker.store.transaction import Transaction

_LISTED = "(SELECT value FROM json_each(:ids))"
_AT_ONCE = 5_000
_MADE = "SELECT kind, record_id FROM history WHERE deed = ? AND verb = 'create' ORDER BY pos DESC"
_SOME_MADE = (
    "SELECT pos, kind, record_id FROM history WHERE deed = ? AND verb = 'create' AND pos < ? ORDER BY pos DESC LIMIT ?"
)
_LAST = 2**63 - 1
_PEOPLE_SINCE = "SELECT EXISTS (SELECT 1 FROM history WHERE pos > ? AND kind IN ('resident', 'councillor'))"
_SINCE = f"SELECT record_id FROM history WHERE record_id IN {_LISTED} AND +deed <> :deed"  # noqa: S608 - fixed words
_NOT_OF_THE_DEED = " AND NOT EXISTS (SELECT 1 FROM history h WHERE h.record_id = t.id AND +h.deed = :deed)"
_AS_ME = f"SELECT value FROM local WHERE key = 'me' AND value IN {_LISTED}"  # noqa: S608 - fixed words
# What keeps a record of each kind, beside what anybody did to it in another deed. What was made of people hangs on them
# whoever made it: those who take a deed back do so from the end, and enquiries are gone before their people are.
_KEPT_BY = {
    RecordKind.ENQUIRY: tuple(
        f"SELECT enquiry_id FROM {table} t WHERE enquiry_id IN {_LISTED}{_NOT_OF_THE_DEED}"  # noqa: S608 - as above
        for table in ("entry", "mail", "suggestion", "outgoing")
    ),
    RecordKind.RESIDENT: (f"SELECT resident_id FROM enquiry WHERE resident_id IN {_LISTED}",),  # noqa: S608 - fixed
    RecordKind.COUNCILLOR: (
        f"SELECT raised_by FROM enquiry WHERE raised_by IN {_LISTED}",  # noqa: S608 - fixed words
        f"SELECT councillor_id FROM resident WHERE councillor_id IN {_LISTED}",  # noqa: S608 - fixed words
        _AS_ME,
    ),
}
_IN_ORDER = (RecordKind.RESIDENT, RecordKind.COUNCILLOR)


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

    def made_by(self, deed: str) -> dict[RecordKind, list[str]]:
        """The records that a deed made on this computer and that are there still, by kind, the last first."""
        made: dict[RecordKind, list[str]] = {}
        for kind, record_id in self._connection.execute(_MADE, (deed,)):
            made.setdefault(RecordKind(kind), []).append(record_id)
        return made


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

    def take_back(self, deed: str, *, told: bool, last: int, before: int | None = None) -> tuple[int, int | None]:
        """Takes away so many of the last records that the deed made, but for those that were worked on since.

        An enquiry goes or stays with its whole timeline, and whoever is spoken of by one that stays does too. Gives how
        many records were looked at, and `before` for the next call: None where there are no more. With `told` the hub,
        which may have them, is told so too.
        """
        self._known.clear()
        rows = self._connection.execute(_SOME_MADE, (deed, _LAST if before is None else before, last)).fetchall()
        made: dict[RecordKind, list[str]] = {}
        for _pos, kind, record_id in rows:
            made.setdefault(RecordKind(kind), []).append(record_id)
        self._take_enquiries_back(deed, made, told=told)
        for kind in (*_IN_ORDER, *(kind for kind in made if kind not in _IN_ORDER)):
            ids = made.get(kind, [])
            stay = self._worked_on(kind, ids, deed)
            self._take(kind, [record_id for record_id in ids if record_id not in stay], told=told)
        self._known.clear()
        return len(rows), rows[-1][0] if len(rows) == last else None

    def _take_enquiries_back(self, deed: str, made: dict[RecordKind, list[str]], *, told: bool) -> None:
        """Takes the enquiries that were made, and those whose timeline was, away with all of that."""
        entries = made.pop(RecordKind.ENTRY, [])
        enquiries = dict.fromkeys([*made.pop(RecordKind.ENQUIRY, []), *self._enquiries_of(entries)])
        stay = self._worked_on(RecordKind.ENQUIRY, list(enquiries), deed)
        going = [record_id for record_id in enquiries if record_id not in stay]
        self._take(RecordKind.ENTRY, self._found("SELECT id FROM entry WHERE enquiry_id IN", going), told=told)
        self._take(RecordKind.ENQUIRY, going, told=told)

    def _enquiries_of(self, entries: Sequence[str]) -> list[str]:
        return self._found("SELECT DISTINCT enquiry_id FROM entry WHERE id IN", entries)

    def _worked_on(self, kind: RecordKind, ids: Sequence[str], deed: str) -> frozenset[str]:
        """Ids of those that somebody has changed since, or that something else hangs on."""
        asked = ((listed, sql) for listed in _in_lists(ids) for sql in (_SINCE, *_KEPT_BY.get(kind, ())))
        return frozenset(
            found for listed, sql in asked for (found,) in self._connection.execute(sql, {"ids": listed, "deed": deed})
        )

    def _found(self, sql: str, ids: Sequence[str]) -> list[str]:
        return [
            found
            for listed in _in_lists(ids)
            for (found,) in self._connection.execute(f"{sql} {_LISTED}", {"ids": listed})
        ]

    def _take(self, kind: RecordKind, ids: Sequence[str], *, told: bool) -> None:
        from member_tracker.store.shapes import shape_of_kind

        shape = shape_of_kind(kind)
        for listed in _in_lists(ids):
            if told:
                self._note_deleted(shape, json.loads(listed))
            else:
                self._connection.execute(
                    f"DELETE FROM op WHERE passed = 0 AND record_id IN {_LISTED} AND kind = :kind",  # noqa: S608 - ours
                    {"ids": listed, "kind": kind.value},
                )
            remove(self._connection, shape, json.loads(listed))
        self.touched += [(kind, record_id) for record_id in ids]

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
