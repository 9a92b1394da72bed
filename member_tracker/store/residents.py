"""Looking for residents: pages by name, found as one types, who may be the same person, and what was deleted."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from member_tracker.domain.change import RecordKind
from member_tracker.domain.people import Resident
from member_tracker.domain.vocabulary import ResidentKind
from member_tracker.store.lists import Anchor
from member_tracker.store.moments import utc_moment
from member_tracker.store.reading import Reading

MOST_FOUND = 500
"""How many residents are shown of those that have the words typed: to find one, more is to be typed."""

_NUMBER = re.compile(r"\+?[\d\s()-]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRow:
    """One line of a list of residents, with how many of their enquiries are open."""

    id: str
    name: str
    kind: ResidentKind
    councillor: str
    address: str | None
    phone: str | None
    email: str | None
    confirmed_on: date | None
    open_enquiries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentPage:
    """Some rows of a list; `next` is None at its end. `more_found` says that more fit the words than are shown."""

    rows: tuple[ResidentRow, ...]
    next: Anchor | None
    more_found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedRow:
    """Something that was deleted and can be put back: an enquiry by its reference and subject, a resident by name."""

    kind: RecordKind
    id: str
    reference: str
    title: str
    deleted_at: datetime


class ResidentReading(Reading):
    """A reading that looks for residents."""

    def resident_rows(self, *, find: str = "", after: Anchor | None = None, limit: int) -> ResidentPage:
        """Residents by name after an anchor (None: from the top); with words to find, those that have them all."""
        words = expression(find)
        if words is not None:
            return self._found(words)
        if find.strip():
            return ResidentPage(rows=(), next=None)
        anchors = self._walk(limit, after)
        full = len(anchors) == limit
        return ResidentPage(rows=self._rows(anchors), next=anchors[-1] if full else None)

    def alike(self, resident: Resident, limit: int = 5) -> dict[str, str]:
        """Ids of residents who may be the same person, with what they have in common; nobody of another councillor."""
        given = {
            "id": resident.id,
            "councillor": resident.councillor_id,
            "email": (resident.email or "").strip().casefold(),
            "phone": f'"{number}"' if (number := digits_of(resident.phone)) else "",
            "name": resident.name,
            "address": resident.address or "",
            "limit": limit,
        }
        found: dict[str, str] = {}
        for why, needed, sql in _ALIKE:
            if given[needed]:
                for (each,) in self._connection.execute(sql, given):
                    found.setdefault(each, why)
        return found

    def count_of(self, councillor_id: str) -> int:
        """How many residents are in a councillor's casework."""
        [(every,)] = self._connection.execute("SELECT count(*) FROM resident WHERE councillor_id = ?", (councillor_id,))
        [(deleted,)] = self._connection.execute(
            "SELECT count(*) FROM resident WHERE deleted_at IS NOT NULL AND +councillor_id = ?", (councillor_id,)
        )
        return int(every) - int(deleted)

    def merged_into(self, survivor_id: str) -> tuple[Resident, ...]:
        """The records that were merged into this one, the first merged first."""
        found = self._connection.execute(
            "SELECT id FROM resident WHERE deleted_at IS NOT NULL AND json_extract(merged, '$.survivor_id') = ?"
            " ORDER BY deleted_at, pos",
            (survivor_id,),
        )
        return tuple(self.get(Resident, each) for (each,) in found.fetchall())

    def deleted(self, *, before: datetime | None = None) -> tuple[DeletedRow, ...]:
        """Enquiries and residents that were deleted, the latest first; merged residents are not among them."""
        found = [
            DeletedRow(
                kind=RecordKind(kind), id=each, reference=reference, title=title, deleted_at=utc_moment(deleted_at)
            )
            for kind, each, reference, title, deleted_at in self._connection.execute(_DELETED)
        ]
        return tuple(row for row in found if before is None or row.deleted_at < before)

    def _walk(self, limit: int, after: Anchor | None) -> list[Anchor]:
        if after is None:
            return _anchors(self._connection, f"{_KEPT} ORDER BY name COLLATE NOCASE, pos LIMIT ?", (limit,))
        same = f"{_KEPT} AND name = ? COLLATE NOCASE AND pos > ? ORDER BY pos LIMIT ?"
        found = _anchors(self._connection, same, (after.key, after.pos, limit))
        beyond = f"{_KEPT} AND name > ? COLLATE NOCASE ORDER BY name COLLATE NOCASE, pos LIMIT ?"
        return found + _anchors(self._connection, beyond, (after.key, limit - len(found)))

    def _found(self, words: str) -> ResidentPage:
        """Those that have the words, by name; where they are many, the newest alone."""
        found = self._connection.execute(
            "SELECT rowid FROM resident_search WHERE resident_search MATCH ? ORDER BY rowid DESC LIMIT ?",
            (words, MOST_FOUND + 1),
        ).fetchall()
        rows = self._rows([Anchor(key="", pos=pos) for (pos,) in found[:MOST_FOUND]])
        ordered = tuple(sorted(rows, key=lambda row: row.name.casefold()))
        return ResidentPage(rows=ordered, next=None, more_found=len(found) > MOST_FOUND)

    def _rows(self, anchors: Sequence[Anchor]) -> tuple[ResidentRow, ...]:
        marks = ",".join("?" * len(anchors))
        kept = self._connection.execute(
            f"{_ROWS} WHERE r.pos IN ({marks})",
            [anchor.pos for anchor in anchors],
        )
        by_place = {row[0]: _row(row[1:]) for row in kept}
        return tuple(by_place[anchor.pos] for anchor in anchors if anchor.pos in by_place)


def digits_of(phone: str | None) -> str:
    """A telephone number as it is found by: without gaps."""
    return "".join(character for character in phone or "" if character not in " -")


def expression(typed: str) -> str | None:
    """What a person typed as a query in which each word may be a beginning; None without a word."""
    cleaned = typed.replace("\x00", " ").encode("utf-8", "replace").decode().strip()
    if _NUMBER.fullmatch(cleaned):
        cleaned = digits_of(cleaned.replace("(", "").replace(")", ""))
    words = [word for word in cleaned.split() if any(character.isalnum() for character in word)]
    return " AND ".join('"' + word.replace('"', '""') + '"*' for word in words) or None


def _anchors(connection: sqlite3.Connection, sql: str, given: tuple[object, ...]) -> list[Anchor]:
    return [Anchor(key=key, pos=pos) for key, pos in connection.execute(sql, given)]


def _row(kept: Sequence[str | int | None]) -> ResidentRow:
    id_, name, kind, councillor, address, phone, email, confirmed_on, open_ones = kept
    return ResidentRow(
        id=str(id_),
        name=str(name),
        kind=ResidentKind(str(kind)),
        councillor=str(councillor),
        address=None if address is None else str(address),
        phone=None if phone is None else str(phone),
        email=None if email is None else str(email),
        confirmed_on=None if confirmed_on is None else date.fromisoformat(str(confirmed_on)),
        open_enquiries=int(open_ones or 0),
    )


_KEPT = "SELECT name, pos FROM resident WHERE deleted_at IS NULL"
_ROWS = """
SELECT r.pos, r.id, r.name, r.kind, coalesce(c.name, ''), r.address, r.phone, r.email, r.confirmed_on,
       (SELECT count(*) FROM enquiry e WHERE e.resident_id = r.id AND e.is_open = 1)
FROM resident r LEFT JOIN councillor c ON c.id = r.councillor_id
"""
_SAME_EMAIL, _SAME_PHONE, _SAME_NAME = (
    "the same email address",
    "the same telephone number",
    "the same name and address",
)
_NEEDED = {_SAME_EMAIL: "email", _SAME_PHONE: "phone", _SAME_NAME: "address"}
# The pluses keep SQLite from going through all residents of the councillor.
_OTHERS = "r.id <> :id AND +r.councillor_id = :councillor AND +r.deleted_at IS NULL LIMIT :limit"
_BY_EMAIL = f"""
SELECT r.id FROM address a JOIN resident r ON r.id = a.record_id
WHERE a.kind = 'resident' AND a.address = :email AND {_OTHERS}
"""  # noqa: S608 - fixed words
_BY_PHONE = f"""
SELECT r.id FROM resident_search f JOIN resident r ON r.pos = f.rowid
WHERE f.resident_search MATCH :phone AND replace(replace(r.phone, ' ', ''), '-', '') = trim(:phone, '"') AND {_OTHERS}
"""  # noqa: S608 - fixed words
_BY_NAME = f"""
SELECT r.id FROM resident r
WHERE r.name = :name COLLATE NOCASE AND r.address = :address COLLATE NOCASE AND {_OTHERS}
"""  # noqa: S608 - fixed words
_ALIKE = (
    ("the same email address", "email", _BY_EMAIL),
    ("the same telephone number", "phone", _BY_PHONE),
    ("the same name and address", "address", _BY_NAME),
)
_DELETED = """
SELECT 'enquiry', id, reference, subject, deleted_at FROM enquiry WHERE deleted_at IS NOT NULL
UNION ALL
SELECT 'resident', id, '', name, deleted_at FROM resident WHERE deleted_at IS NOT NULL AND merged IS NULL
ORDER BY 5 DESC
"""
