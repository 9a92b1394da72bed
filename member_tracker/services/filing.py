"""Filing by hand: putting a mail from the tray with its enquiry, and taking it away again."""

from dataclasses import replace

from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.timeline import EntryKind, Suggestion, SuggestionState
from member_tracker.domain.vocabulary import MailKind
from member_tracker.mail.mime import read_mail
from member_tracker.services.bounces import mark_bounced
from member_tracker.services.enquiries import write_entry
from member_tracker.services.keeping import doubt_about, read_as, suggestion_of, surroundings, write_mail_entry
from member_tracker.services.knowing import StoreLookup
from member_tracker.services.lists import tray
from member_tracker.services.parts import App, author_of
from member_tracker.store.store import Reading


def file_by_hand(app: App, mail_id: str, enquiry_id: EnquiryId) -> None:
    """Put a mail from the tray with an enquiry; what it proposes then waits for a decision."""
    with app.store.writing(author=author_of(app)) as tx:
        mail = tray_mail(tx, mail_id)
        if mail.enquiry_id is not None and mail.place is not MailPlace.TRAY:
            raise NotAllowed("This mail is filed already.", advice="Take it back first: member-tracker mail unfile ID")
        around = surroundings(app, tx)
        enquiry = StoreLookup(tx).survivor(tx.get(Enquiry, enquiry_id))
        place = MailPlace.FILED if mail.kind is MailKind.HUMAN else MailPlace.AUTOMATIC
        filed = replace(mail, place=place, enquiry_id=enquiry.id)
        tx.save(filed)
        write_mail_entry(around, tx, enquiry, filed)
        original = read_mail(tx.original(mail.original))
        if mail.kind is MailKind.BOUNCE:
            mark_bounced(tx, original, enquiry.id)
        if place is MailPlace.FILED and not mail.forwarded:
            doubt = doubt_about(original) if original.received_at in (mail.received_at, None) else None
            original = replace(original, received_at=mail.received_at)
            role = StoreLookup(tx).candidate(enquiry).role_of(mail.from_address)
            tx.save(suggestion_of(app, filed, enquiry, read_as(around, original, role), doubt))


def unfile_by_hand(app: App, mail_id: str) -> None:
    """Take a mail away from its enquiry; it goes back to the tray and does not file itself there again."""
    with app.store.writing(author=author_of(app)) as tx:
        mail = tray_mail(tx, mail_id)
        if mail.enquiry_id is None:
            raise NotAllowed("This mail is not filed anywhere.", advice="It lies in the tray: member-tracker mail tray")
        enquiry = tx.get(Enquiry, mail.enquiry_id)
        decided = tx.every(Suggestion, mail_id=mail.id)  # some may lie with what the enquiry was merged into
        if any(found.state is SuggestionState.ACCEPTED for found in decided):
            raise NotAllowed(
                "What this mail proposed was already accepted.",
                advice=f"It is part of what happened to {enquiry.reference}; add a note there if it was a mistake.",
            )
        for suggestion in decided:
            if suggestion.state is not SuggestionState.OPEN:
                continue
            tx.save(replace(suggestion, state=SuggestionState.DISMISSED, decided_at=app.now()))
        unfiled_from = tuple(dict.fromkeys((*mail.unfiled_from, enquiry.id)))
        tx.save(replace(mail, place=MailPlace.TRAY, enquiry_id=None, unfiled_from=unfiled_from))
        write_entry(tx, app, enquiry, EntryKind.UNFILED, f"Mail from {mail.from_address} taken away again.")


def tray_mail(tx: Reading, mail_id: str) -> ReceivedMail:
    """The mail of that id; raises `NotFound` with advice."""
    found = tx.find(ReceivedMail, mail_id.strip().casefold())
    if found is None:
        raise NotFound(f"There is no mail “{mail_id}”.", advice="Look it up: member-tracker mail tray")
    return found


def tray_as_json(app: App) -> list[dict[str, object]]:
    """The tray in the form of `mail tray`."""
    return [
        {
            "id": mail.id,
            "from": mail.from_address,
            "subject": mail.subject,
            "candidates": [
                {"reference": likely.reference, "score": likely.score, "signals": list(likely.signals)}
                for likely in mail.candidates
            ],
        }
        for mail in tray(app)
    ]
