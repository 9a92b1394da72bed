"""Reading the store: records by id, by equal fields, by mail or address, and the lists and counts of screens."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from member_tracker.domain.change import Op, OpId, RecordKind, Verb
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotFound
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.people import PersonId
from member_tracker.store import blobs, queries
from member_tracker.store.kept import Kept, R
from member_tracker.store.moments import utc_moment, utc_text
from member_tracker.store.today import TodayReading

if TYPE_CHECKING:
    from member_tracker.domain.turns import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One change to a record: who, when, and each field's value before and after (none for the making of it)."""

    at: datetime
    author: PersonId | None
    verb: Verb
    changes: Mapping[str, tuple[object, object]]


class Reading(TodayReading):
    """The store as it stood when the reading began; records are values and outlive it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._known: dict[tuple[type, str], Kept[Any] | None] = {}

    def get(self, of: type[R], record_id: str) -> R:
        """The record with this id; raises `NotFound` where there is none."""
        found = self.find(of, record_id)
        if found is None:
            from member_tracker.store.shapes import shape_of

            raise NotFound(
                f"This {shape_of(of).kind.words.lower()} is not on this computer.",
                advice="It may have been moved or removed, or not have arrived yet. Look at the list again.",
            )
        return found

    def find(self, of: type[R], record_id: str) -> R | None:
        """The record with this id, None where there is none."""
        kept = self._kept(of, record_id)
        return kept.value if kept else None

    def _kept(self, of: type[R], record_id: str) -> Kept[R] | None:
        """The record as it is kept; looked up once, for nobody else can change it before this reading ends."""
        known = of, record_id
        if known not in self._known:
            from member_tracker.store import records

            self._known[known] = records.find(self._connection, of, record_id)
        return self._known[known]

    def every(self, of: type[R], **equal: object) -> tuple[R, ...]:
        """The records whose fields have these values: people by name, what happened by time."""
        from member_tracker.store import records

        return records.every(self._connection, of, equal, self._known)

    def enquiry_by_reference(self, reference: str) -> Enquiry | None:
        """The enquiry with this reference, None where there is none."""
        found = self._connection.execute("SELECT id FROM enquiry WHERE reference = ?", (reference,)).fetchone()
        return None if found is None else self.get(Enquiry, found[0])

    def enquiries_by_message_ids(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Message-IDs of mail we sent, or of mail that belongs to an enquiry → ids of the enquiries, each once."""
        found: dict[str, dict[str, None]] = {}
        for message_id, enquiry_id in self._connection.execute(_BY_MESSAGE, {"ids": json.dumps(list(ids))}):
            found.setdefault(message_id, {})[enquiry_id] = None
        return {message_id: tuple(enquiries) for message_id, enquiries in found.items()}

    def enquiries_by_thread(self, thread_key: str) -> tuple[str, ...]:
        """Ids of the enquiries that filed mail of this conversation belongs to, each once."""
        return tuple(found for (found,) in self._connection.execute(_BY_THREAD, (thread_key,)))

    def tray_since(self, moment: datetime, limit: int = 500) -> tuple[ReceivedMail, ...]:
        """The mails in the tray received from `moment` on, newest first."""
        found = self._connection.execute(_TRAY_SINCE, (utc_text(moment), limit)).fetchall()
        return tuple(self.get(ReceivedMail, mail_id) for (mail_id,) in found)

    def times_returned(self, key: str, since: datetime) -> int:
        """How many mails that carry the key of a mail of ours others have sent us from `since` on."""
        found = self._connection.execute(_RETURNED, (utc_text(since), key)).fetchone()
        return int(found[0])

    def enquiries_from(self, address: str, limit: int = 20) -> tuple[Enquiry, ...]:
        """Open enquiries whose resident, councillor or service area writes from there, newest first.

        A service area counts with every address of its domain, for officers answer from mailboxes of their own.
        """
        written = address.strip().casefold()
        asked = {"address": written, "domain": written.rpartition("@")[2], "limit": limit}
        newest: dict[str, str] = {}
        for sql in _FROM_ADDRESS:
            newest.update(self._connection.execute(sql, asked))
        chosen = sorted(newest, key=lambda enquiry_id: newest[enquiry_id], reverse=True)[:limit]
        return tuple(self.get(Enquiry, enquiry_id) for enquiry_id in chosen)

    def given_in(self, area_id: str, since: datetime) -> "tuple[Given, ...]":
        """What was sent to whom, or waits to be, of a service area's enquiries received from `since` on."""
        from member_tracker.domain.turns import Given

        found = self._connection.execute(_GIVEN, (area_id, utc_text(since))).fetchall()
        return tuple(Given(address=address, at=utc_moment(at)) for address, at in found)

    def original(self, sha256: str) -> bytes:
        """The bytes kept under this SHA-256, checked."""
        return blobs.read(self._connection, sha256)

    def locals_under(self, prefix: str) -> dict[str, str]:
        """The settings of this device alone whose keys begin so."""
        asked = (len(prefix), prefix)
        return dict(self._connection.execute("SELECT key, value FROM local WHERE substr(key, 1, ?) = ?", asked))

    def seen(self, mailbox: str, provider_ids: Collection[str]) -> frozenset[str]:
        """Which of these messages of a mailbox are kept already."""
        asked = {"mailbox": mailbox, "ids": json.dumps(list(provider_ids))}
        return frozenset(found for (found,) in self._connection.execute(_SEEN, asked))

    def left_mailboxes(self, mail_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Of these mails those that no mailbox holds any more where they were read, with the names of the mailboxes."""
        gone: dict[str, tuple[str, ...]] = {}
        for mail_id, mailboxes in self._connection.execute(_LEFT, {"ids": json.dumps(list(mail_ids))}):
            gone[mail_id] = tuple(mailboxes.split("\n"))
        return gone

    def history(self, kind: RecordKind, record_id: str) -> tuple[HistoryRow, ...]:
        """What was done to a record, in order."""
        found = self._connection.execute(
            "SELECT at, author, verb, changes FROM history WHERE record_id = ? AND kind = ? ORDER BY pos",
            (record_id, kind.value),
        )
        return tuple(
            HistoryRow(
                at=utc_moment(at),
                author=author,
                verb=Verb(verb),
                changes=_before_and_after(changes),
            )
            for at, author, verb, changes in found
        )

    def changes_of(self, deed: str) -> tuple[tuple[RecordKind, str, Verb, Mapping[str, tuple[object, object]]], ...]:
        """What one deed wrote on this computer, in order: kind, id, verb, and values before and after."""
        found = self._connection.execute(
            "SELECT kind, record_id, verb, changes FROM history WHERE deed = ? ORDER BY pos", (deed,)
        )
        return tuple(
            (RecordKind(kind), record_id, Verb(verb), _before_and_after(changes))
            for kind, record_id, verb, changes in found
        )

    def outbox(self, limit: int = 500) -> tuple[Op, ...]:
        """The oldest ops the hub has not answered for, in the order they were made."""
        found = self._connection.execute(
            "SELECT op_id, verb, kind, record_id, field, value, base FROM op"
            " WHERE outcome IS NULL ORDER BY pos LIMIT ?",
            (limit,),
        )
        return tuple(
            Op(
                id=OpId(op_id),
                verb=Verb(verb),
                kind=RecordKind(kind),
                record_id=record_id,
                field=field,
                value=json.loads(value),
                base=OpId(base) if base else None,
            )
            for op_id, verb, kind, record_id, field, value, base in found
        )

    def outbox_size(self) -> int:
        """How many ops the hub has not answered for."""
        return int(self._connection.execute("SELECT count(*) FROM op WHERE outcome IS NULL").fetchone()[0])

    def enquiry_rows(
        self, wanted: queries.Wanted, *, limit: int, after: queries.Anchor | None = None
    ) -> queries.EnquiryPage:
        """The rows of a list after an anchor (None: from the top)."""
        return queries.enquiry_rows(self._connection, wanted, limit=limit, after=after)

    def found_places(
        self, wanted: queries.Wanted, find: str, *, limit: int, after: queries.Anchor | None = None
    ) -> queries.FoundPage:
        """What has the words, newest first or by relevance, with where they stand."""
        return queries.found_places(self._connection, wanted, find, limit=limit, after=after)

    def kept_references(self, references: Sequence[str]) -> list[str]:
        """Those of these references that an enquiry has."""
        return queries.enquiries_with_references(self._connection, references)

    def enquiry_count(self, wanted: queries.Wanted) -> int:
        """How many rows a list has, words to find left aside."""
        return queries.enquiry_count(self._connection, wanted)

    def enquiry_window(
        self, wanted: queries.Wanted, *, first: int, limit: int, known: queries.Known | None = None
    ) -> queries.Window:
        """The rows of a list from number `first` on, however far down."""
        return queries.window(self._connection, wanted, first=first, limit=limit, known=known)

    def enquiry_number(self, wanted: queries.Wanted, anchor: queries.Anchor) -> int:
        """The number of the row of a list that stands at an anchor."""
        return queries.number_of(self._connection, wanted, anchor)

    def enquiry_anchor(
        self, wanted: queries.Wanted, *, ahead: int, after: queries.Anchor | None = None
    ) -> queries.Anchor | None:
        """The anchor `ahead` rows after another, None past the end; words to find are left aside."""
        return queries.enquiry_anchor(self._connection, wanted, ahead=ahead, after=after)


_BY_MESSAGE = """
WITH asked(id) AS (SELECT value FROM json_each(:ids))
SELECT a.id, o.enquiry_id FROM asked a JOIN outgoing o ON o.message_id = a.id
UNION ALL
SELECT a.id, o.enquiry_id FROM asked a JOIN outgoing o ON o.server_message_id = a.id
UNION ALL
SELECT a.id, m.enquiry_id FROM asked a JOIN mail m ON m.message_id = a.id WHERE m.enquiry_id IS NOT NULL
"""

# CROSS JOIN: else SQLite reads all that was ever seen in the mailbox.
_SEEN = """
SELECT s.provider_id FROM json_each(:ids) asked
CROSS JOIN sighting s ON s.mailbox = :mailbox AND s.provider_id = asked.value
"""
_LEFT = """
SELECT mail_id, group_concat(mailbox, char(10)) FROM sighting
WHERE mail_id IN (SELECT value FROM json_each(:ids))
GROUP BY mail_id HAVING count(left_at) = count(*)
"""
_BY_THREAD = "SELECT DISTINCT enquiry_id FROM mail WHERE thread_key = ? AND enquiry_id IS NOT NULL LIMIT 5"
_TRAY_SINCE = "SELECT id FROM mail WHERE place = 'tray' AND received_at >= ? ORDER BY received_at DESC LIMIT ?"
# CROSS JOIN: else SQLite reads every mail of ours.
_GIVEN = """
SELECT whom.value, o.queued_at FROM enquiry e CROSS JOIN outgoing o ON o.enquiry_id = e.id, json_each(o."to") whom
WHERE e.service_area_id = ? AND e.received_at >= ? AND e.is_open >= 0
AND o.purpose = 'enquiry' AND o.state NOT IN ('written', 'bounced')
"""
_RETURNED = """
SELECT count(*) FROM mail WHERE returned_key IS NOT NULL AND collected_at >= ? AND returned_key = ?
"""

# Those who write from the address (CROSS JOIN keeps the order), and for each the newest open enquiries off an index.
_FROM_ADDRESS = tuple(
    f"""
    SELECT e.id, e.received_at FROM (SELECT DISTINCT record_id FROM address WHERE kind = '{kind}' AND {match}) w
    CROSS JOIN enquiry e
    WHERE e.{column} = w.record_id AND e.is_open = 1 ORDER BY e.received_at DESC LIMIT :limit
    """  # noqa: S608 - fixed words
    for kind, column, match in (
        ("resident", "resident_id", "address = :address"),
        ("councillor", "raised_by", "address = :address"),
        ("service_area", "service_area_id", "domain = :domain"),
    )
)


def _before_and_after(changes: str) -> Mapping[str, tuple[object, object]]:
    return {name: (before, after) for name, (before, after) in json.loads(changes).items()}
