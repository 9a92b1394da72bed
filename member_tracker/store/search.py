"""The search index: one document for each enquiry, note and mail; words typed by a person can never be a syntax."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail, ReceivedMail
from member_tracker.domain.people import Resident
from member_tracker.domain.timeline import Entry, EntryKind

NAMED = 64
SHORT, NAMED_SHORT = 2, 16


class Named(Protocol):
    """Whom an enquiry is about, as it is found by."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str | None: ...


SEARCHED_ENTRIES = frozenset({EntryKind.NOTE, EntryKind.RESIDENT_TOLD})
"""The entries that people word."""


class Document(NamedTuple):
    """What can be searched of one record; `enquiry_id` is None while a mail lies in the tray."""

    kind: RecordKind
    record_id: str
    enquiry_id: str | None
    subject: str
    words: str


def of_enquiry(enquiry: Enquiry, resident: Named | None) -> Document:
    """An enquiry with its resident's name and address and its reference."""
    who = (resident.name, resident.address or "") if resident else ()
    return Document(
        kind=RecordKind.ENQUIRY,
        record_id=enquiry.id,
        enquiry_id=enquiry.id,
        subject=enquiry.subject,
        words="\n".join((enquiry.reference, enquiry.other_reference or "", *who, enquiry.text)),
    )


def same_words(before: Enquiry, after: Enquiry) -> bool:
    """Whether the document of an enquiry stays as it was."""
    return _searched(before) == _searched(after)


def _searched(enquiry: Enquiry) -> tuple[object, ...]:
    return enquiry.subject, enquiry.text, enquiry.reference, enquiry.other_reference, enquiry.resident_id


def of_entry(entry: Entry) -> Document | None:
    """A note or a word to the resident; None for the entries the program words itself."""
    if entry.kind not in SEARCHED_ENTRIES:
        return None
    return Document(
        kind=RecordKind.ENTRY, record_id=entry.id, enquiry_id=entry.enquiry_id, subject="", words=entry.text
    )


def of_received(mail: ReceivedMail) -> Document:
    """A mail that came in, with its sender."""
    words = "\n".join((mail.from_name, mail.from_address, mail.text or mail.reply_text))
    return Document(
        kind=RecordKind.MAIL, record_id=mail.id, enquiry_id=mail.enquiry_id, subject=mail.subject, words=words
    )


def of_queued(mail: QueuedMail) -> Document:
    """A mail of ours."""
    return Document(
        kind=RecordKind.OUTGOING,
        record_id=mail.id,
        enquiry_id=mail.enquiry_id,
        subject=mail.subject,
        words=mail.body,
    )


def document_of(value: object, resident: Resident | None) -> Document | None:
    """What can be searched of any record, an enquiry with its resident; None where it is not searched."""
    match value:
        case Enquiry():
            return of_enquiry(value, resident)
        case Entry():
            return of_entry(value)
        case ReceivedMail():
            return of_received(value)
        case QueuedMail():
            return of_queued(value)
        case _:
            return None


def put_all(connection: sqlite3.Connection, documents: Sequence[Document]) -> range:
    """Puts documents that are new into the index all at once, and gives their places."""
    (last,) = connection.execute("SELECT coalesce(max(pos), 0) FROM search_document").fetchone()
    places = range(last + 1, last + 1 + len(documents))
    if documents:
        kinds, ids, enquiries, subjects, words = zip(*documents, strict=True)
        connection.executemany(
            "INSERT INTO search_document (pos, kind, record_id, enquiry_id) VALUES (?, ?, ?, ?)",
            zip(places, [kind.value for kind in kinds], ids, enquiries, strict=True),
        )
        connection.executemany(
            "INSERT INTO search (rowid, subject, words) VALUES (?, ?, ?)", zip(places, subjects, words, strict=True)
        )
    return places


def put(connection: sqlite3.Connection, document: Document, place: int | None) -> int:
    """Puts a document into the index, in its old place if it had one, and gives its place."""
    if place is None:
        row = connection.execute(
            "INSERT INTO search_document (kind, record_id, enquiry_id) VALUES (?, ?, ?) RETURNING pos",
            (document.kind.value, document.record_id, document.enquiry_id),
        ).fetchone()
        place = int(row[0])
    else:
        connection.execute("DELETE FROM search WHERE rowid = ?", (place,))
        move(connection, document, place)
    connection.execute(
        "INSERT INTO search (rowid, subject, words) VALUES (?, ?, ?)", (place, document.subject, document.words)
    )
    return place


def move(connection: sqlite3.Connection, document: Document, place: int) -> None:
    """Says which enquiry a document now belongs to; its words stay as they are."""
    connection.execute("UPDATE search_document SET enquiry_id = ? WHERE pos = ?", (document.enquiry_id, place))


def expression(connection: sqlite3.Connection, typed: str) -> str | None:
    """What a person typed as a query: every word must be there, the last may be a beginning; None without a word."""
    cleaned = typed.replace("\x00", " ").encode("utf-8", "replace").decode()
    words = [word for word in cleaned.split() if any(character.isalnum() for character in word)]
    if not words:
        return None
    *whole, last = words
    begun = _begun(connection, last, alone=not whole)
    return " AND ".join([*(_quoted(word) for word in whole), *([begun] if begun else [])])


def _begun(connection: sqlite3.Connection, word: str, *, alone: bool) -> str | None:
    """A query for the words that begin so; None where one or two letters beside other words narrow nothing yet.

    SQLite gathers every place of every such word before it gives the first; the words named one by one are read only
    as far as they are needed. Where they are many, or not plain letters, SQLite is left to it; but one or two letters
    with which many words begin are a word themselves, such as a number, or somebody is still typing.
    """
    if not (word.isascii() and word.isalnum()):
        return f"{_quoted(word)}*"
    is_short = len(word) <= SHORT
    terms = _terms(connection, word.lower(), most=NAMED_SHORT if is_short else NAMED)
    if terms:
        return f"({' OR '.join(_quoted(term) for term in terms)})"
    if is_short and terms is None:
        return _quoted(word) if alone or _is_word(connection, word.lower()) else None
    return f"{_quoted(word)}*"


def _terms(connection: sqlite3.Connection, start: str, *, most: int) -> list[str] | None:
    """The words of the index that begin so, in order; None where they are more than are worth naming."""
    terms: list[str] = []
    at = start
    while len(terms) <= most:
        # A step to the next word; a range would read every place of every word in it.
        found = connection.execute("SELECT term FROM search_term WHERE term >= ? LIMIT 1", (at,)).fetchone()
        if found is None or not found[0].startswith(start):
            return terms
        terms.append(found[0])
        at = found[0] + "\x01"
    return None


def _is_word(connection: sqlite3.Connection, word: str) -> bool:
    """Whether the index has this very word."""
    return connection.execute("SELECT 1 FROM search_term WHERE term = ? LIMIT 1", (word,)).fetchone() is not None


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
