"""Undoing the last thing somebody did to an enquiry; what has left the building stays sent."""

from dataclasses import replace
from datetime import datetime

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.timeline import Entry, EntryKind, Suggestion, SuggestionState
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.services.enquiries import write_entry
from member_tracker.services.held_drafts import give_back
from member_tracker.services.letters import keep_back
from member_tracker.services.parts import App, author_of
from member_tracker.store.store import Reading, Transaction

_NO_DEEDS = (EntryKind.MAIL, EntryKind.SENT, EntryKind.UNDONE)
"""What nobody did: mail that came or went by itself, and undoing, which is not undone but done again."""


def undo_last(app: App, enquiry_id: EnquiryId) -> Enquiry:
    """Put back what the last deed changed; raises `NotAllowed` with advice where that cannot be."""
    with app.store.writing(author=author_of(app)) as tx:
        last = last_deed(tx, enquiry_id)
        if last is None or last.kind is EntryKind.LOGGED:
            raise NotAllowed(
                "There is nothing to undo here.",
                advice="An enquiry logged by mistake is closed with that as the reason.",
            )
        return undo_in(app, tx, last)


def undo_in(app: App, tx: Transaction, entry: Entry) -> Enquiry:
    """Put back, as part of a deed, what the deed behind an entry changed; raises `NotAllowed` where that cannot be."""
    deed = entry.details.get("deed", "")
    changes = tx.changes_of(deed)
    if not changes:
        raise NotAllowed("That was done on another computer.", advice="Undo it there, or change it by hand.")
    for kind, record_id, _, _ in changes:
        _must_be_here_still(tx, kind, record_id)
    for kind, record_id in tx.put_back(deed):
        _take_back(tx, kind, record_id)
    enquiry = tx.get(Enquiry, entry.enquiry_id)
    write_entry(tx, app, enquiry, EntryKind.UNDONE, f"Undone: {entry.text}", details={"undoes": entry.id})
    return enquiry


def last_deed(tx: Reading, enquiry_id: EnquiryId) -> Entry | None:
    """The newest thing somebody did to the enquiry and that was not undone; None where there is nothing."""
    entries = sorted(tx.every(Entry, enquiry_id=enquiry_id), key=_in_turn)
    undone = {entry.details.get("undoes") for entry in entries}
    deeds = [entry for entry in entries if entry.kind not in _NO_DEEDS and entry.id not in undone]
    return deeds[-1] if deeds else None


def _in_turn(entry: Entry) -> tuple[bool, datetime, str]:
    """Logging comes first, though a clock was wrong then."""
    return entry.kind is not EntryKind.LOGGED, entry.written_at, entry.id


def _must_be_here_still(tx: Reading, kind: RecordKind, record_id: str) -> None:
    """Mail of ours that has gone, or is going, cannot be called back."""
    if kind is RecordKind.OUTGOING and tx.get(QueuedMail, record_id).state not in _NOT_GONE:
        raise NotAllowed(
            "The mail has gone, and sent mail cannot be taken back.",
            advice="Write to whoever got it, or close the enquiry with a reason.",
        )


def _take_back(tx: Transaction, kind: RecordKind, record_id: str) -> None:
    """What the deed made: a mail is kept back, a suggestion put aside; the rest does no harm and stays."""
    if kind is RecordKind.OUTGOING:
        tx.save(keep_back(tx.get(QueuedMail, record_id), "it was taken back"))
        give_back(tx, record_id)
    elif kind is RecordKind.SUGGESTION:
        tx.save(replace(tx.get(Suggestion, record_id), state=SuggestionState.DISMISSED))
    elif kind is RecordKind.ENQUIRY:
        raise NotAllowed(
            "This step made a new enquiry, which stays.", advice="Close the new enquiry with a reason instead."
        )


_NOT_GONE = (OutgoingState.WRITTEN, OutgoingState.QUEUED)
