"""Accepting and dismissing suggestions by name, as the command line does."""

from collections.abc import Sequence
from datetime import date, datetime

from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import Invalid, NotFound
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.timeline import Suggestion, SuggestionState
from member_tracker.domain.vocabulary import Proposal
from member_tracker.services.charters import local_time
from member_tracker.services.editing import split_field, word_of
from member_tracker.services.enquiries import Accepting, accept_suggestion, dismiss_suggestion, effect_of
from member_tracker.services.parts import App
from member_tracker.store.store import Reading


def accept_for(app: App, enquiry_id: EnquiryId, named: str, said: Sequence[str], doubts: list[str]) -> Enquiry:
    """Accept the suggestion named for this enquiry, changed as said; a doubted time is added to `doubts` in words."""
    accepting = accepting_from(said)
    with app.store.reading() as tx:
        suggestion = suggestion_named(tx, enquiry_id, named)
        _, doubt = effect_of(suggestion, tx.get(Enquiry, enquiry_id), accepting.at, app.now())
    accepted = accept_suggestion(app, suggestion.id, accepting)
    if doubt:
        doubts.append(f"{doubt} If that is wrong, say when it came with at=… when accepting.")
    return accepted


def dismiss_for(app: App, enquiry_id: EnquiryId, named: str) -> None:
    """Dismiss the suggestion named for this enquiry."""
    with app.store.reading() as tx:
        suggestion = suggestion_named(tx, enquiry_id, named)
    dismiss_suggestion(app, suggestion.id)


def suggestion_named(tx: Reading, enquiry_id: EnquiryId, named: str) -> Suggestion:
    """The suggestion of this enquiry whose id begins so; raises `NotFound` naming those that wait."""
    every = tx.every(Suggestion, enquiry_id=enquiry_id)
    found = [suggestion for suggestion in every if named and suggestion.id.startswith(named.strip().casefold())]
    if len(found) == 1:
        return found[0]
    waiting = [suggestion.id for suggestion in every if suggestion.state is SuggestionState.OPEN]
    advice = f"Waiting for a decision: {', '.join(waiting)}." if waiting else "Nothing waits for a decision here."
    raise NotFound(f"This enquiry has no one suggestion “{named}”.", advice=advice)


def accepting_from(said: Sequence[str]) -> Accepting:
    """What `FIELD=VALUE` words say differently from a suggestion."""
    proposal: Proposal | None = None
    promised_on: date | None = None
    at: datetime | None = None
    holding: dict[str, str] = {}
    for name, value in map(split_field, said):
        match name:
            case "proposal":
                proposal = word_of(Proposal, value, "proposal")
            case "promised_on":
                promised_on = _date(value)
            case "at":
                at = local_time(value)
            case "who" | "why" | "urgent_number":
                holding[name] = value
            case _:
                raise Invalid(
                    f"A suggestion has no field “{name}”.",
                    advice="Use proposal=, promised_on= or at=; for a holding reply also who=, why= or urgent_number=.",
                )
    stated = HoldingReply(
        who=holding.get("who", ""), why=holding.get("why", ""), urgent_number=holding.get("urgent_number", "")
    )
    return Accepting(proposal=proposal, promised_on=promised_on, at=at, holding=stated)


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Invalid(f"“{value}” is not a date.", advice="Write it as 2026-11-24.") from error
