"""Making an enquiry of a row that is ready: its people where they are new, its clocks, and how far it had come."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from member_tracker.domain import enquiry as steps
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.people import Councillor, Resident, ResidentId
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.values import with_fields
from member_tracker.services.enquiries import Draft, log_in, write_entry
from member_tracker.services.importing_fields import Field
from member_tracker.services.importing_rows import Plan, Ready, plain_name
from member_tracker.services.judging import judge_again
from member_tracker.services.parts import App, the_council
from member_tracker.services.people import councillor_added, residents_of
from member_tracker.store.bulk import Bulk

_BEFORE = "It was closed before it was imported."


@dataclass(slots=True, kw_only=True)
class Maker:
    """Makes enquiries within one transaction after another, and counts the people made for them."""

    app: App
    plan: Plan
    tx: Bulk = field(init=False)
    residents: int = 0
    councillors: int = 0
    _known_councillors: dict[str, Councillor] = field(default_factory=dict)
    _looked_up: set[str] = field(default_factory=set)
    _known_residents: dict[tuple[str, str], list[Resident]] = field(default_factory=dict)
    _mark: tuple[int, int] | None = None

    def begin(self, tx: Bulk) -> None:
        """Go on in this transaction; people are looked up again where some were written by others since the last."""
        self.tx = tx
        if self._mark is not None and tx.people_changed_since(self._mark):
            for known in (self._known_councillors, self._looked_up, self._known_residents):
                known.clear()

    def end(self) -> None:
        """Note how people stand at the end of a transaction."""
        self._mark = self.tx.people_mark()

    def make(self, row: Ready) -> Enquiry:
        """Log the row as it was, and take it as far as its dates say."""
        councillor = self._councillor(row.councillor)
        resident = self._resident(councillor, row)
        logged = log_in(
            self.tx,
            self.app,
            Draft(
                raised_by=councillor.id,
                resident_id=resident.id,
                service_area_id=row.area.id,
                channel=row.channel,
                subject=row.subject,
                text=row.text,
                kind=row.kind,
                priority=row.priority,
                received_at=row.received_at,
                other_reference=row.reference or None,
                tags=row.tags,
            ),
            taken_on=lambda enquiry: self._taken_on(enquiry, row.moments, row.reason),
        )
        if row.note:
            write_entry(self.tx, self.app, logged, EntryKind.NOTE, row.note)
        return logged

    def _councillor(self, name: str) -> Councillor:
        found = self._known_councillors.get(plain_name(name))
        if found is None:
            before = len(self.tx.every(Councillor))
            found = councillor_added(self.tx, self.app, name, the_council(self.tx).id)
            self.councillors += len(self.tx.every(Councillor)) - before
            self._known_councillors[plain_name(name)] = found
        return found

    def _resident(self, councillor: Councillor, row: Ready) -> Resident:
        """The resident of that name in the councillor's casework, by their email where several have it."""
        if councillor.id not in self._looked_up:
            self._looked_up.add(councillor.id)
            for person in residents_of(self.tx, councillor.id):
                self._known_residents.setdefault((councillor.id, plain_name(person.name)), []).append(person)
        same = self._known_residents.setdefault((councillor.id, plain_name(row.resident)), [])
        email = row.contact.get("email", "").casefold()
        found = next((person for person in same if not email or (person.email or "").casefold() in ("", email)), None)
        if found is not None:
            return found
        bare = Resident(id=ResidentId(self.app.new_id()), councillor_id=councillor.id, name=row.resident)
        made = with_fields(bare, row.contact)
        self.tx.save(made)
        self.residents += 1
        same.append(made)
        return made

    def _taken_on(self, logged: Enquiry, moments: Mapping[Field, datetime], reason: str) -> Enquiry:
        """The enquiry as its dates say it went; one that was answered had been sent, on that day at the latest."""
        moved = logged
        came_back = [moments[name] for name in (Field.ACKNOWLEDGED, Field.ANSWERED) if name in moments]
        sent_at = moments.get(Field.SENT) or (logged.received_at if came_back else None)
        if sent_at is not None:
            sent_at = min([sent_at, *came_back])
            moved = steps.mark_sent(steps.mark_queued(moved), at=sent_at)
        if Field.ACKNOWLEDGED in moments:
            moved = steps.acknowledge(moved, at=moments[Field.ACKNOWLEDGED])
        if moved is not logged:
            moved = judge_again(self.app, self.tx, moved)
        if Field.ANSWERED in moments:
            moved = steps.answer(moved, at=moments[Field.ANSWERED])
        if Field.TOLD in moments:
            moved = steps.tell_resident(moved, at=moments[Field.TOLD])
        if Field.CLOSED in moments:
            moved = _closed(moved, moments[Field.CLOSED], reason)
        return moved


def _closed(enquiry: Enquiry, at: datetime, reason: str) -> Enquiry:
    """Closed as it was elsewhere, where a stage 1 complaint needed no findings in a field of their own."""
    said = reason or _BEFORE
    with_findings = replace(enquiry, findings=enquiry.findings or said, solution=enquiry.solution or said)
    return steps.close(with_findings if enquiry.stage else enquiry, at=at, reason=said)
