"""What the tests of waiting, promising, passing along and merging share."""

from datetime import UTC, datetime

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.timeline import Entry, Suggestion, SuggestionState
from member_tracker.services.casework import enquiry_as_json
from member_tracker.services.enquiries import Accepting, accept_suggestion
from tests.fakes.office import Office

ANSWER = (
    "I have inspected the flat and found a broken gutter above the bedroom. The gutter was repaired yesterday and "
    "the wall has been treated. We apologise to the resident for the delay and for the damage to the furniture."
)


def at(text: str) -> datetime:
    """A moment of the office's winter, when London is on UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def clock_at(office: Office, text: str) -> datetime:
    """Put the office's clock to that moment."""
    return office.clock.forward(seconds=(at(text) - office.clock()).total_seconds())


def timeline(office: Office, enquiry: Enquiry) -> tuple[Entry, ...]:
    with office.app.store.reading() as tx:
        return tx.every(Entry, enquiry_id=enquiry.id)


def mails(office: Office, enquiry: Enquiry) -> tuple[QueuedMail, ...]:
    with office.app.store.reading() as tx:
        return tx.every(QueuedMail, enquiry_id=enquiry.id)


def suggestions(office: Office, enquiry: Enquiry) -> tuple[Suggestion, ...]:
    with office.app.store.reading() as tx:
        return tx.every(Suggestion, enquiry_id=enquiry.id, state=SuggestionState.OPEN)


def replied(office: Office, enquiry: Enquiry, text: str = ANSWER, **more: str) -> None:
    """A reply of the service area comes in."""
    office.reply(enquiry, text, **more)
    office.collect()


def answered(office: Office, enquiry: Enquiry) -> Enquiry:
    """The enquiry once its answer has come just now and was accepted."""
    replied(office, enquiry)
    return accept_suggestion(office.app, suggestions(office, enquiry)[-1].id, Accepting())


def shown(office: Office, enquiry: Enquiry) -> dict[str, object]:
    return enquiry_as_json(office.app, enquiry.id)
