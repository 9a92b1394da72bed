"""Changes to sort out: two people changed one field, neither seeing the other's edit, and one says which stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from member_tracker.domain.change import Conflict, RecordKind
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.people import PersonId
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Word
from member_tracker.services.enquiries import write_entry
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import person_name
from member_tracker.store.store import Reading, Transaction


class Choice(Word):
    """Which of two values is to stand."""

    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A field that two people changed at once: the value that stands, and the other one with whoever wrote it.

    `about` says in words which record it is; `reference` is None for one that belongs to no enquiry.
    """

    id: str
    reference: str | None
    about: str
    kind: RecordKind
    record_id: str
    field: str
    kept: object
    lost: object
    by: str | None

    def as_json(self) -> dict[str, object]:
        """In the form of `conflicts`."""
        return {
            "id": self.id,
            "reference": self.reference,
            "field": self.field,
            "kept": self.kept,
            "lost": self.lost,
            "by": self.by,
            "kind": self.kind.value,
            "about": self.about,
        }


def conflicts(app: App) -> tuple[Clash, ...]:
    """The changes nobody has sorted out yet, oldest first."""
    with app.store.reading() as tx:
        return tuple(_clash(tx, each) for each in tx.every(Conflict) if each.settled is None and _is_for_people(each))


def settle(app: App, conflict_id: str, choice: Choice) -> None:
    """Say which value stands; said again, or undone, it is the other. Raises where there is no such conflict here."""
    with app.store.writing(author=author_of(app)) as tx:
        conflict = tx.find(Conflict, conflict_id.strip().casefold())
        if conflict is None:
            raise NotFound(
                f"There is no conflict “{conflict_id}”.",
                advice="Look them up: member-tracker conflicts, or sync first.",
            )
        if conflict.settled == choice.value:
            return
        enquiry_id = _enquiry_of(tx, conflict)
        standing = conflict.lost if choice is Choice.LOST else conflict.kept
        _let_stand(tx, conflict, standing)
        tx.save(replace(conflict, settled=choice.value))
        if enquiry_id is not None:
            text = f"Two people had changed the {_field_in_words(conflict.field)}. {_CHOSEN[choice]}"
            write_entry(tx, app, tx.get(Enquiry, enquiry_id), EntryKind.EDITED, text)


def _is_for_people(conflict: Conflict) -> bool:
    """Which computer sends a mail, the computers settle among themselves."""
    return (conflict.record_kind, conflict.field) != (RecordKind.OUTGOING, "device")


_CHOSEN = {
    Choice.KEPT: "What stood at the hub stays.",
    Choice.LOST: "What had been put aside stands now.",
}


def _let_stand(tx: Transaction, conflict: Conflict, standing: object) -> None:
    """Give the field that value, where it has another and has not been changed by somebody since."""
    from member_tracker.store.shapes import shape_of_kind

    shape = shape_of_kind(RecordKind(conflict.record_kind))
    record = tx.find(shape.of, conflict.record_id)
    if record is None or conflict.field not in shape.fields:
        if standing == conflict.kept:
            return
        raise NotAllowed(
            "What this change was made to is not here any more.", advice="Settle it as kept, and make the change anew."
        )
    now_there = shape.plain(record, conflict.field)
    if now_there == standing:
        if isinstance(record, Enquiry):
            tx.save(_closed_or_not(record, conflict))
        return
    if conflict.settled is None and now_there != conflict.kept and standing == conflict.kept:
        return  # somebody has changed it again, having seen what stood
    changed = shape.with_plain(record, {conflict.field: standing})
    tx.save(_closed_or_not(changed, conflict) if isinstance(changed, Enquiry) else changed)


def _closed_or_not(enquiry: Enquiry, conflict: Conflict) -> Enquiry:
    """The enquiry with the day it was closed where it is, and none where it is open again."""
    if conflict.field != "status":
        return enquiry
    if enquiry.status.is_open:
        return replace(enquiry, closed_at=None, close_reason=None)
    return replace(enquiry, closed_at=enquiry.closed_at or conflict.at)


def _clash(tx: Reading, conflict: Conflict) -> Clash:
    enquiry_id = _enquiry_of(tx, conflict)
    enquiry = tx.find(Enquiry, enquiry_id) if enquiry_id else None
    kind = RecordKind(conflict.record_kind)
    return Clash(
        id=conflict.id,
        reference=enquiry.reference if enquiry else None,
        about=f"{enquiry.reference} {enquiry.subject}" if enquiry else _named(tx, kind, conflict.record_id),
        kind=kind,
        record_id=conflict.record_id,
        field=conflict.field,
        kept=conflict.kept,
        lost=conflict.lost,
        by=person_name(tx, PersonId(conflict.by)) or conflict.by if conflict.by else None,
    )


def _enquiry_of(tx: Reading, conflict: Conflict) -> EnquiryId | None:
    """The enquiry the record is or belongs to; None where it belongs to none, or is not here."""
    from member_tracker.store.shapes import shape_of_kind

    if conflict.record_kind == RecordKind.ENQUIRY:
        found = tx.find(Enquiry, conflict.record_id)
        return found.id if found else None
    record = tx.find(shape_of_kind(RecordKind(conflict.record_kind)).of, conflict.record_id)
    return getattr(record, "enquiry_id", None)


def _named(tx: Reading, kind: RecordKind, record_id: str) -> str:
    from member_tracker.store.shapes import shape_of_kind

    record = tx.find(shape_of_kind(kind).of, record_id)
    return str(getattr(record, "name", kind.words))


def _field_in_words(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ") or "record"


def in_words(clashes: Sequence[Clash]) -> str:
    """The conflicts for a terminal: both values side by side."""
    lines = []
    for each in clashes:
        lines += [
            f"{each.id}  {each.about}: {_field_in_words(each.field)}",
            f"  kept: {each.kept}",
            f"  lost: {each.lost}" + (f" (by {each.by})" if each.by else ""),
        ]
    return "\n".join(lines) or "Nothing to sort out."
