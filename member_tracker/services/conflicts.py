"""Changes to sort out: two people changed one field, neither seeing the other's edit, and one says which stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten

from member_tracker.domain.change import Conflict, RecordKind
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.people import PersonId
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import Word
from member_tracker.services.enquiries import write_entry
from member_tracker.services.judging import judge
from member_tracker.services.parts import App, author_of
from member_tracker.services.people import person_name
from member_tracker.services.shown_values import field_in_words, value_in_words
from member_tracker.store.store import Reading, Transaction


class Choice(Word):
    """Which of two values is to stand."""

    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A field that two people changed at once: the value that stands, the other one, and who wrote each when.

    `about` says in words which record it is; `reference` is None for one that belongs to no enquiry. `kept` and `lost`
    are JSON; `stands` and `other` are the same for a person, `stands` as it is now. `kept_at` is the hub's time.
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
    at: datetime
    kept_by: str | None
    kept_at: datetime | None
    stands: str
    other: str
    changed_since: bool = False

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
            "at": self.at.isoformat(),
            "kept_by": self.kept_by,
            "kept_at": self.kept_at.isoformat() if self.kept_at else None,
        }


def conflicts(app: App) -> tuple[Clash, ...]:
    """The changes nobody has sorted out yet, oldest first."""
    with app.store.reading() as tx:
        open_ones = [each for each in tx.every(Conflict) if each.settled is None and is_for_people(each)]
        return tuple(_clash(tx, each) for each in open_ones if not _goes_with_another(each, open_ones))


def settle(app: App, conflict_id: str, choice: Choice) -> None:
    """Say which value stands; said again, or undone, it is the other. Raises where there is no such conflict here.

    Dates that follow from the field are counted again.
    """
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
        together = (conflict, *_companions(tx, conflict))
        _let_stand(app, tx, together, choice)
        for each in together:
            tx.save(replace(each, settled=choice.value))
        if enquiry_id is not None:
            write_entry(tx, app, tx.get(Enquiry, enquiry_id), EntryKind.EDITED, _settled_in_words(tx, conflict, choice))


def is_for_people(conflict: Conflict) -> bool:
    """Which computer sends a mail, and what dates follow from the facts, the computers settle among themselves."""
    return (conflict.record_kind, conflict.field) not in _AMONG_COMPUTERS


_AMONG_COMPUTERS = frozenset({(RecordKind.OUTGOING, "device"), (RecordKind.ENQUIRY, "clocks")})
_TOGETHER = {"raised_by": "resident_id"}
"""A resident belongs to the councillor's casework, so a change of councillor changes the resident too."""


def _companions(tx: Reading, conflict: Conflict) -> tuple[Conflict, ...]:
    """The conflicts that are settled with this one, being one change of one person."""
    beside = _TOGETHER.get(conflict.field)
    return tuple(each for each in tx.every(Conflict) if each.field == beside and _is_one_change(each, conflict))


def _goes_with_another(conflict: Conflict, others: Sequence[Conflict]) -> bool:
    return any(_TOGETHER.get(each.field) == conflict.field and _is_one_change(each, conflict) for each in others)


def _is_one_change(one: Conflict, other: Conflict) -> bool:
    return (one.record_kind, one.record_id, one.by, one.at) == (
        other.record_kind,
        other.record_id,
        other.by,
        other.at,
    )


def _let_stand(app: App, tx: Transaction, together: Sequence[Conflict], choice: Choice) -> None:
    """Give the fields the values chosen, where they have others and have not been changed by somebody since."""
    from member_tracker.store.shapes import shape_of_kind

    first = together[0]
    shape = shape_of_kind(RecordKind(first.record_kind))
    record = tx.find(shape.of, first.record_id)
    if record is None or first.field not in shape.fields:
        if choice is Choice.KEPT or _value(first, Choice.LOST) == _value(first, Choice.KEPT):
            return
        raise NotAllowed(
            "What this change was made to is not here any more.", advice="Settle it as kept, and make the change anew."
        )
    changed = record
    for each in together:
        standing, now_there = _value(each, choice), shape.plain(record, each.field)
        has_moved_on = each.settled is None and now_there != _value(each, Choice.KEPT) and choice is Choice.KEPT
        if now_there != standing and not has_moved_on:
            changed = shape.with_plain(changed, {each.field: standing})
    tx.save(_followed_up(app, tx, changed, first, was=record) if isinstance(changed, Enquiry) else changed)


def _value(conflict: Conflict, choice: Choice) -> object:
    """The value chosen; the hub, which was never told of a field that is empty, says null of it."""
    from member_tracker.store.shapes import shape_of_kind

    value = conflict.lost if choice is Choice.LOST else conflict.kept
    return shape_of_kind(RecordKind(conflict.record_kind)).empty.get(conflict.field) if value is None else value


def _followed_up(app: App, tx: Transaction, enquiry: Enquiry, conflict: Conflict, *, was: object) -> Enquiry:
    """What follows from a field of an enquiry: the day it was closed, and the days it is due."""
    if conflict.field == "status":
        if enquiry.status.is_open:
            return replace(enquiry, closed_at=None, close_reason=None)
        return replace(enquiry, closed_at=enquiry.closed_at or conflict.at)
    return judge(app, tx, enquiry) if enquiry != was and conflict.field in MOVES_THE_CLOCK else enquiry


MOVES_THE_CLOCK = frozenset(
    "channel kind stage received_at officer_back_at service_area_id council_id sent_at acknowledged_at holding_at "
    "answered_at pauses extensions".split()
)
"""The fields the due dates are counted from."""


def _settled_in_words(tx: Reading, conflict: Conflict, choice: Choice) -> str:
    field = field_in_words(conflict.field).lower()
    chosen = value_in_words(tx, RecordKind(conflict.record_kind), conflict.field, _value(conflict, choice))
    how = "what stood at the hub stays" if choice is Choice.KEPT else "what had been put aside stands now"
    value = f": {shorten(chosen, _SHOWN_LETTERS, placeholder=' …')}" if conflict.field else ""
    return f"Two people had changed the {field}; {how}{value}"


_SHOWN_LETTERS = 120


def _clash(tx: Reading, conflict: Conflict) -> Clash:
    enquiry_id = _enquiry_of(tx, conflict)
    enquiry = tx.find(Enquiry, enquiry_id) if enquiry_id else None
    kind = RecordKind(conflict.record_kind)
    now_there, kept, lost = _now_there(tx, conflict), _value(conflict, Choice.KEPT), _value(conflict, Choice.LOST)
    return Clash(
        id=conflict.id,
        reference=enquiry.reference if enquiry else None,
        about=f"{enquiry.reference} {enquiry.subject}" if enquiry else _named(tx, kind, conflict.record_id),
        kind=kind,
        record_id=conflict.record_id,
        field=conflict.field,
        kept=kept,
        lost=lost,
        by=_who(tx, conflict.by),
        at=conflict.at,
        kept_by=_who(tx, conflict.kept_by),
        kept_at=conflict.kept_at,
        stands=value_in_words(tx, kind, conflict.field, now_there) if conflict.field else "It stays",
        other=value_in_words(tx, kind, conflict.field, lost) if conflict.field else "Taken away",
        changed_since=now_there != kept,
    )


def _now_there(tx: Reading, conflict: Conflict) -> object:
    """The value the field has here now, which somebody may have changed since; else the one that stood."""
    from member_tracker.store.shapes import shape_of_kind

    shape = shape_of_kind(RecordKind(conflict.record_kind))
    record = tx.find(shape.of, conflict.record_id)
    if record is None or conflict.field not in shape.fields:
        return _value(conflict, Choice.KEPT)
    return shape.plain(record, conflict.field)


def _who(tx: Reading, person_id: str | None) -> str | None:
    return (person_name(tx, PersonId(person_id)) or person_id) if person_id else None


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


def in_words(clashes: Sequence[Clash]) -> str:
    """The conflicts for a terminal: both values side by side."""
    lines = []
    for each in clashes:
        lines += [
            f"{each.id}  {each.about}: {field_in_words(each.field).lower()}",
            f"  kept: {each.stands}{_by(each.kept_by)}",
            f"  lost: {each.other}{_by(each.by)}",
        ]
    return "\n".join(lines) or "Nothing to sort out."


def _by(name: str | None) -> str:
    return f" (by {name})" if name else ""
