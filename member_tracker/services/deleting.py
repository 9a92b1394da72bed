"""Deleting what was entered by mistake: thirty days among the recently deleted, then gone for good.

A deleted record keeps all it holds and says when it was deleted, a field like any other, so that every laptop hides it
and any of them can put it back. The hub's own verb for deleting would drop the fields everywhere at once, and nothing
could be put back; and the hub never lets go of a timeline, which is insert-only. So a profile that works by itself is
emptied for good after thirty days, while at a hub a deleted record stays hidden until an administrator erases it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from member_tracker.domain.change import RecordKind
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.people import Resident, ResidentId
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.services.enquiries import write_entry
from member_tracker.services.merged import absorbed_by
from member_tracker.services.parts import App, author_of, is_shared
from member_tracker.store.emptying import Emptying
from member_tracker.store.residents import DeletedRow, ResidentReading
from member_tracker.store.store import Reading, Transaction

__all__ = [
    "KEPT_DAYS",
    "DeletedRow",
    "RecentlyDeleted",
    "delete_enquiry",
    "delete_resident",
    "empty_deleted",
    "put_back",
    "recently_deleted",
]

KEPT_DAYS = 30
_NOT_SENT = "Not sent: the enquiry was deleted first."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentlyDeleted:
    """What was deleted and can be put back; `is_shared` says that a hub keeps it until an administrator erases it."""

    rows: tuple[DeletedRow, ...]
    is_shared: bool


def delete_enquiry(app: App, enquiry_id: EnquiryId) -> Enquiry:
    """Put an enquiry that was logged by mistake among the recently deleted; what waits to be sent is held back."""
    with app.store.writing(author=author_of(app)) as tx:
        enquiry = tx.get(Enquiry, enquiry_id)
        _must_stand_alone(tx, enquiry)
        if enquiry.deleted_at is not None:
            return enquiry
        for mail in tx.every(QueuedMail, enquiry_id=enquiry.id, state=OutgoingState.QUEUED):
            tx.save(replace(mail, state=OutgoingState.WRITTEN, problem=_NOT_SENT))
        deleted = replace(enquiry, deleted_at=app.now())
        tx.save(deleted)
        write_entry(tx, app, deleted, EntryKind.DELETED, "Deleted. It can be put back for 30 days.")
    return deleted


def delete_resident(app: App, resident_id: ResidentId) -> Resident:
    """Put a resident who has no enquiries among the recently deleted."""
    with app.store.writing(author=author_of(app)) as tx:
        resident = tx.get(Resident, resident_id)
        kept = [each for each in tx.every(Enquiry, resident_id=resident.id) if each.deleted_at is None]
        if kept:
            count = "an enquiry" if len(kept) == 1 else f"{len(kept)} enquiries"
            raise NotAllowed(
                f"This resident has {count}, so the record stays.",
                advice="Merge it with another record of the same person, or delete enquiries logged by mistake first.",
            )
        deleted = replace(resident, deleted_at=resident.deleted_at or app.now())
        tx.save(deleted)
    return deleted


def put_back(app: App, kind: RecordKind, record_id: str) -> str:
    """Put something back as it was; gives in words what. An enquiry brings back its resident too."""
    with app.store.writing(author=author_of(app)) as tx:
        if kind is RecordKind.RESIDENT:
            _put_back_resident(tx, record_id)
            return "The resident is back."
        enquiry = tx.get(Enquiry, record_id)
        back = replace(enquiry, deleted_at=None)
        tx.save(back)
        for mail in tx.every(QueuedMail, enquiry_id=enquiry.id, state=OutgoingState.WRITTEN):
            if mail.problem == _NOT_SENT:
                tx.save(replace(mail, state=OutgoingState.QUEUED, problem=None))
        _put_back_resident(tx, enquiry.resident_id)
        if enquiry.deleted_at is not None:
            write_entry(tx, app, back, EntryKind.PUT_BACK, "Put back.")
        return f"{enquiry.reference} is back."


def recently_deleted(app: App) -> RecentlyDeleted:
    """What was deleted within the last thirty days, the latest first."""
    oldest = app.now() - timedelta(days=KEPT_DAYS)
    with app.store.reading_by(ResidentReading) as tx:
        rows = tuple(row for row in tx.deleted() if row.deleted_at > oldest)
        return RecentlyDeleted(rows=rows, is_shared=is_shared(tx))


def empty_deleted(app: App) -> int:
    """Take away for good what was deleted more than thirty days ago, in a profile that works by itself; gives how much.

    Done at every start.
    """
    with app.store.reading_by(ResidentReading) as tx:
        old = () if is_shared(tx) else tx.deleted(before=app.now() - timedelta(days=KEPT_DAYS))
        going = {row.id for row in old}
        enquiries = [row.id for row in old if row.kind is RecordKind.ENQUIRY]
        residents = [
            row.id
            for row in old
            if row.kind is RecordKind.RESIDENT
            and all(each.id in going for each in tx.every(Enquiry, resident_id=row.id))
        ]
    if enquiries or residents:
        with app.store.writing_by(Emptying) as writing:
            writing.take_for_good(enquiries, residents)
        app.store.settle_file()
    return len(enquiries) + len(residents)


def _put_back_resident(tx: Transaction, record_id: str) -> None:
    resident = tx.get(Resident, record_id)
    if resident.deleted_at is not None and resident.merged is None:
        tx.save(replace(resident, deleted_at=None))


def _must_stand_alone(tx: Reading, enquiry: Enquiry) -> None:
    """A merged enquiry is taken apart first: mail for the other would else land on what is deleted."""
    if enquiry.merged is not None or absorbed_by(tx, enquiry):
        raise NotAllowed(
            f"{enquiry.reference} is merged with another enquiry.",
            advice="Take them apart first, then delete this one.",
        )
