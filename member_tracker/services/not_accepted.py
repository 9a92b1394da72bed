"""Changes the hub did not take: what they said is kept and shown until somebody has seen to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotFound
from member_tracker.domain.in_step import Outcome
from member_tracker.services.parts import App
from member_tracker.services.shown_values import value_in_words
from member_tracker.store.in_step_outbox import Clearing, Outbox, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAccepted:
    """A change that was not taken: what it was about, what it said (`said` for a person), and why the hub did not."""

    id: str
    reference: str | None
    about: str
    field: str
    value: object
    said: str
    why: str
    made_at: str

    def as_json(self) -> dict[str, object]:
        """In the form of `not-accepted`."""
        return {
            "id": self.id,
            "reference": self.reference,
            "about": self.about,
            "field": self.field,
            "value": self.value,
            "why": self.why,
            "made_at": self.made_at,
        }


def not_accepted(app: App) -> tuple[NotAccepted, ...]:
    """The changes the hub did not take and nobody has seen to, oldest first."""
    with app.store.reading_by(Outbox) as tx:
        return tuple(_shown(tx, each) for each in tx.refused())


def dismiss(app: App, op_id: str) -> None:
    """Take a change off the list, once somebody has seen to it."""
    with app.store.writing_by(Clearing) as tx:
        if not tx.forget_refused(op_id.strip().casefold()):
            raise NotFound(f"There is no such change: “{op_id}”.", advice="Look them up: member-tracker not-accepted")


def why(refusal: Refusal) -> str:
    """Why the hub did not take a change, in words."""
    if refusal.outcome is Outcome.ERASED:
        return "The person this was about has been erased."
    if refusal.reason == "reference":
        return "Another enquiry has this reference already. Log it again here: it gets a new one."
    if refusal.outcome is Outcome.ILLEGAL:
        return "Somebody moved the enquiry on meanwhile, and this step cannot follow from where it is now."
    if refusal.reason == "unknown":
        return "The hub does not know the record this changes; it may have been taken away."
    return "Your account may not change this. Ask an administrator of the hub if it should."


def _shown(tx: Outbox, refusal: Refusal) -> NotAccepted:
    enquiry = _enquiry_of(tx, refusal)
    said = refusal.value if isinstance(refusal.value, Mapping) and refusal.verb == "create" else {}
    reference = enquiry.reference if enquiry else said.get("reference")
    named = enquiry.subject if enquiry else said.get("subject") or said.get("name") or said.get("text")
    about = f"{refusal.kind.words} of {moment_in_words(refusal.made_at)}"
    return NotAccepted(
        id=refusal.op_id,
        reference=str(reference) if reference else None,
        about=f"{about}: {named}" if named else about,
        field=refusal.field,
        value=refusal.value,
        said=value_in_words(tx, refusal.kind, refusal.field, refusal.value),
        why=why(refusal),
        made_at=refusal.made_at.isoformat(),
    )


def _enquiry_of(tx: Outbox, refusal: Refusal) -> Enquiry | None:
    """The enquiry a change was about, where it is still here."""
    if refusal.kind is RecordKind.ENQUIRY:
        return tx.find(Enquiry, refusal.record_id)
    said = refusal.value.get("enquiry_id") if isinstance(refusal.value, Mapping) else None
    return tx.find(Enquiry, str(said)) if said else None
