"""Writing the store: each record saved leaves its row, its ops, its history and its search document in one commit."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from member_tracker.domain.change import OpId, RecordKind, Verb
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.in_step import TRAY
from member_tracker.domain.people import PersonId, Resident
from member_tracker.domain.timeline import Entry
from member_tracker.store import blobs, drafts, in_step_copy, in_step_uses, search
from member_tracker.store.codec import to_json
from member_tracker.store.kept import Kept, R, Record
from member_tracker.store.moments import utc_text
from member_tracker.store.reading import Reading

if TYPE_CHECKING:
    from member_tracker.store.shapes import Shape

TRAY_KEY = "tray"
"""The setting of this device that says whose unmatched mail is: a councillor's own; `TRAY` where it is not set."""

_SERIAL = "serial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Who writes, and who tells the time and draws identities."""

    author: PersonId | None
    now: Callable[[], datetime]
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """One op to be: what is done to which field, and under which name its newest op is remembered."""

    verb: Verb
    field: str
    value: object

    @property
    def head(self) -> str:
        """The field; for an element of a set, the field and the element."""
        return self.field if self.verb is Verb.SET else f"{self.field}/{self.value}"


class Transaction(Reading):
    """What is written between the beginning and the commit; nothing of it stays if anything fails."""

    def __init__(self, connection: sqlite3.Connection, writing: Writing) -> None:
        super().__init__(connection)
        self._writing = writing
        self._at = utc_text(writing.now())
        self.deed = writing.new_id()
        self.touched: list[tuple[RecordKind, str]] = []

    def save(self, value: Record) -> None:
        """Makes the record, or changes the fields in which it differs from what is kept; nothing if it does not."""
        from member_tracker.store.shapes import shape_of

        kept = self._kept(type(value), value.id)
        if kept is None:
            self._make(shape_of(type(value)), value)
        else:
            self._change(shape_of(type(value)), kept, value)

    def add(self, entry: Entry) -> None:
        """Adds an entry to a timeline, where it stays as it is; adding the same one again does nothing."""
        from member_tracker.store.shapes import shape_of

        kept = self.find(Entry, entry.id)
        if kept is None:
            self._make(shape_of(Entry), entry)
        elif any(_edits(shape_of(Entry), kept, entry)):
            raise NotAllowed("What stands in the timeline cannot be changed.", advice="Add a note that puts it right.")

    def put_back(self, deed: str) -> tuple[tuple[RecordKind, str], ...]:
        """Gives every field that a deed changed its value from before, and names the records the deed made.

        Raises `NotAllowed`, with nothing put back, where one of those fields has been changed since.
        """
        from member_tracker.store.shapes import shape_of_kind

        made: list[tuple[RecordKind, str]] = []
        for kind, record_id, verb, changes in reversed(self.changes_of(deed)):
            if verb is Verb.CREATE:
                made.append((kind, record_id))
                continue
            shape = shape_of_kind(kind)
            kept = self.get(shape.of, record_id)
            if any(shape.plain(kept, name) != after for name, (_, after) in changes.items()):
                raise NotAllowed(
                    "This has been changed again since, so it cannot be undone by itself.",
                    advice="Undo the later step first, or change it by hand.",
                )
            self.save(shape.with_plain(kept, {name: before for name, (before, _) in changes.items()}))
        return tuple(made)

    def keep_original(self, raw: bytes, media_type: str) -> str:
        """Keeps bytes for ever and gives the SHA-256 to read them by."""
        return blobs.keep(self._connection, raw, media_type)

    def set_local(self, key: str, value: str | None) -> None:
        """Sets a setting of this device alone; None forgets it."""
        if value is None:
            self._connection.execute("DELETE FROM local WHERE key = ?", (key,))
            return
        self._connection.execute(
            "INSERT INTO local (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def forget_drafts(self, naming: Collection[str]) -> None:
        """Forgets what was being written on this device that has one of these ids or names in it."""
        drafts.forget_naming(self._connection, naming)

    def note_seen(self, mailbox: str, provider_id: str, mail_id: str) -> None:
        """Remembers on this computer alone that the mailbox holds a mail that is kept."""
        self._connection.execute(
            "INSERT INTO sighting (mailbox, provider_id, mail_id) VALUES (?, ?, ?) "
            "ON CONFLICT (mailbox, provider_id) DO UPDATE SET mail_id = excluded.mail_id, left_at = NULL",
            (mailbox, provider_id, mail_id),
        )

    def note_left(self, mailbox: str, provider_ids: Collection[str], at: datetime) -> None:
        """Remembers that these messages are no longer where the mailbox held them; the mails themselves stay."""
        self._connection.executemany(
            "UPDATE sighting SET left_at = ? WHERE mailbox = ? AND provider_id = ? AND left_at IS NULL",
            [(utc_text(at), mailbox, each) for each in provider_ids],
        )

    def next_serial(self) -> int:
        """The next number for a reference of this device, from 1, never given twice."""
        serial = int(self.local(_SERIAL) or 0) + 1
        self.set_local(_SERIAL, str(serial))
        return serial

    # --- one record ---------------------------------------------------------------------------------------------------

    def _make(self, shape: "Shape[R]", value: R) -> None:
        from member_tracker.store import records

        plain = shape.every_plain(value)
        op_id = self._note_op(shape, value.id, Verb.CREATE, field="", value=shape.said(plain), base=None)
        document = self._index(None, value)
        made = Kept(value=value, heads={"": op_id}, scope_id=self._whose(shape, value), document=document)
        records.make(self._connection, shape, made, plain)
        self._note_history(shape, value.id, Verb.CREATE, {})
        self._note_written(shape, None, made)

    def _change(self, shape: "Shape[R]", kept: Kept[R], value: R) -> None:
        from member_tracker.store import records

        edits = list(_edits(shape, kept.value, value))
        if not edits:
            return
        heads, seen = dict(kept.heads), self._had_seen(shape, kept)
        for edit in edits:
            base = heads.get(edit.head, heads.get(""))
            heads[edit.head] = self._note_op(
                shape, value.id, edit.verb, field=edit.field, value=edit.value, base=base, seen=seen
            )
        before_and_after = {
            name: [shape.plain(kept.value, name), shape.plain(value, name)]
            for name in sorted({edit.field for edit in edits})
        }
        changed = Kept(
            value=value,
            heads=heads,
            scope_id=self._still_whose(shape, kept, value, before_and_after),
            document=self._index(kept, value),
            hub_seq=kept.hub_seq,
        )
        records.change(self._connection, shape, kept, changed)
        self._note_history(shape, value.id, Verb.SET, before_and_after)
        self._note_written(shape, kept, changed)

    def _had_seen(self, shape: "Shape[R]", kept: Kept[R]) -> int:
        """The number of the record its author has before them; what came beneath an edit that waits is hidden by it."""
        if kept.hub_seq is None:
            return 0
        [(oldest,)] = self._connection.execute(
            "SELECT min(seen) FROM op WHERE passed = 0 AND outcome IS NULL AND record_id = ? AND kind = ?",
            (kept.value.id, shape.kind.value),
        )
        return kept.hub_seq if oldest is None else min(kept.hub_seq, int(oldest))

    def _still_whose(self, shape: "Shape[R]", kept: Kept[R], value: R, changes: "Mapping[str, list[object]]") -> str:
        """Whose a changed record is: once the hub has told of it, it says so, and its copy of the fields is kept."""
        if kept.hub_seq is None:
            return self._whose(shape, value)
        copy = in_step_copy.Copy(
            scope_id=kept.scope_id,
            hub_seq=kept.hub_seq,
            fields={name: before for name, (before, _) in changes.items()},
            heads=kept.heads,
        )
        in_step_copy.keep_before(self._connection, shape.kind.value, value.id, copy)
        return kept.scope_id

    def _note_written(self, shape: "Shape[R]", before: Kept[R] | None, after: Kept[R]) -> None:
        """What follows once a record stands in its table."""
        value = after.value
        self._known[type(value), value.id] = after
        self._note_addresses(shape, before.value if before else None, value)
        if isinstance(value, Resident):
            self._index_enquiries_of(before.value if before else None, value)
        if isinstance(value, Enquiry) and before and before.scope_id != after.scope_id:
            self._move_with(value.id, after.scope_id)
        self._note_uses(shape, before, after)
        self.touched.append((shape.kind, value.id))

    def _whose(self, shape: "Shape[Any]", value: Record) -> str:
        """Who may see the record: the scope it belongs to."""
        whose = getattr(value, shape.whose)
        if shape.whose != "enquiry_id":
            return str(whose)
        if whose is None:
            return self.local(TRAY_KEY) or TRAY
        enquiry = self._kept(Enquiry, whose)
        if enquiry is None:
            raise NotFound(
                "The enquiry this belongs to is not on this computer.", advice="Look at the list again, then repeat it."
            )
        return enquiry.scope_id

    def _move_with(self, enquiry_id: str, scope_id: str) -> None:
        """Lets what hangs on an enquiry follow it to another councillor; of what the hub knows, the hub says so."""
        for table in ("suggestion", "mail", "outgoing", "entry"):
            self._connection.execute(
                f"UPDATE {table} SET scope_id = ? WHERE enquiry_id = ? AND hub_seq IS NULL",  # noqa: S608 - the four tables above
                (scope_id, enquiry_id),
            )
        self._connection.execute(
            "UPDATE blob_use SET scope_id = ?1 WHERE record_id IN (SELECT id FROM mail WHERE enquiry_id = ?2"
            " AND hub_seq IS NULL UNION ALL SELECT id FROM outgoing WHERE enquiry_id = ?2 AND hub_seq IS NULL)",
            (scope_id, enquiry_id),
        )
        self._known.clear()

    # --- what is noted beside it --------------------------------------------------------------------------------------

    def _note_op(
        self,
        shape: "Shape[Any]",
        record_id: str,
        verb: Verb,
        *,
        field: str,
        value: object,
        base: str | None,
        seen: int = 0,
    ) -> OpId:
        op_id = OpId(self._writing.new_id())
        self._connection.execute(
            "INSERT INTO op (op_id, verb, kind, record_id, field, value, base, author, made_at, seen, passed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (
                op_id,
                verb.value,
                shape.kind.value,
                record_id,
                field,
                to_json(value),
                base,
                self._writing.author,
                self._at,
                seen,
            ),
        )
        return op_id

    def _note_history(self, shape: "Shape[Any]", record_id: str, verb: Verb, changes: Mapping[str, object]) -> None:
        self._connection.execute(
            "INSERT INTO history (kind, record_id, at, author, verb, changes, deed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (shape.kind.value, record_id, self._at, self._writing.author, verb.value, to_json(changes), self.deed),
        )

    def _note_addresses(self, shape: "Shape[R]", before: R | None, after: R) -> None:
        """Keeps the addresses somebody writes from where mail can find them."""
        from member_tracker.store.shapes import addresses_of

        addresses = addresses_of(shape, after)
        if addresses == (addresses_of(shape, before) if before else ()):
            return
        self._connection.execute("DELETE FROM address WHERE record_id = ? AND kind = ?", (after.id, shape.kind.value))
        self._connection.executemany(
            "INSERT INTO address (kind, record_id, address, domain) VALUES (?, ?, ?, ?)",
            [(shape.kind.value, after.id, each, each.rpartition("@")[2]) for each in addresses],
        )

    def _note_uses(self, shape: "Shape[R]", before: Kept[R] | None, after: Kept[R]) -> None:
        """Keeps which bytes the record speaks of."""
        wanted, kind, record_id = in_step_uses.hashes(after.value), shape.kind.value, after.value.id
        if before is None:
            in_step_uses.add(self._connection, [(sha256, kind, record_id, after.scope_id) for sha256 in wanted])
        elif (in_step_uses.hashes(before.value), before.scope_id) != (wanted, after.scope_id):
            in_step_uses.note(self._connection, kind, record_id, after.scope_id, wanted)

    def _index(self, kept: Kept[Any] | None, after: Record) -> int | None:
        """Puts the words of the record into the search index where they have changed; gives their place in it."""
        before: Record | None = kept.value if kept else None
        place = kept.document if kept else None
        if isinstance(after, Enquiry) and isinstance(before, Enquiry) and search.same_words(before, after):
            return place
        document = self._document(after)
        if document is None:
            return None
        was = self._document(before) if before else None
        if place is None or was is None or (was.subject, was.words) != (document.subject, document.words):
            return search.put(self._connection, document, place)
        if was != document:
            search.move(self._connection, document, place)
        return place

    def _document(self, value: Record) -> search.Document | None:
        resident = self.find(Resident, value.resident_id) if isinstance(value, Enquiry) else None
        return search.document_of(value, resident)

    def _index_enquiries_of(self, before: Record | None, resident: Resident) -> None:
        if isinstance(before, Resident) and (before.name, before.address) == (resident.name, resident.address):
            return
        for enquiry in self.every(Enquiry, resident_id=resident.id):
            kept = self._kept(Enquiry, enquiry.id)
            search.put(self._connection, search.of_enquiry(enquiry, resident), kept.document if kept else None)


def _edits(shape: "Shape[R]", before: R, after: R) -> Iterator[_Edit]:
    """What changed: one edit for each field, one for each element of a set; another order of a set is no change."""
    for name in shape.fields:
        old, new = getattr(before, name), getattr(after, name)
        # Python holds an hour that comes twice in autumn unequal to itself in UTC; as written they are one.
        if old == new or shape.plain(before, name) == shape.plain(after, name):
            continue
        if name not in shape.sets:
            yield _Edit(verb=Verb.SET, field=name, value=shape.plain(after, name))
            continue
        yield from (
            _Edit(verb=Verb.REMOVE, field=name, value=str(each)) for each in dict.fromkeys(old) if each not in new
        )
        yield from (_Edit(verb=Verb.ADD, field=name, value=str(each)) for each in dict.fromkeys(new) if each not in old)
