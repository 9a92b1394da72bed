"""Sending what somebody wrote: it waits ten seconds in the queue, and until it is on its way it can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from member_tracker.domain import enquiry as steps
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import HELD_FOR, MailPurpose, QueuedMail
from member_tracker.domain.timeline import Entry, EntryKind
from member_tracker.domain.writing import Wanted, Way, Writing, Written
from member_tracker.services.attaching import files_in_words, files_to_send
from member_tracker.services.composing import must_be_possible, outgoing, text_that_leaves
from member_tracker.services.enquiries import must_be_news, write_entry
from member_tracker.services.held_drafts import can_be_taken_back, put_aside, sent_drafts, written_as
from member_tracker.services.letters import queue
from member_tracker.services.parts import App, author_of
from member_tracker.services.undoing import undo_in
from member_tracker.store.drafts import UNDER
from member_tracker.store.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A mail that was written by hand and waits: until `until` in any case, longer where there is no connection."""

    mail_id: str
    reference: str
    until: datetime


_PURPOSES: Mapping[Writing, MailPurpose] = {
    Writing.ENQUIRY: MailPurpose.ENQUIRY,
    Writing.REPLY: MailPurpose.REPLY,
    Writing.CHASE: MailPurpose.CHASER,
    Writing.UPDATE: MailPurpose.RESIDENT_UPDATE,
}


def send_written(app: App, written: Written) -> Held:
    """Queue the mail; it stays here for ten seconds and then goes by itself. Raises where it may not leave."""
    files = files_to_send(app, [Path(path) for path in written.files])
    with app.store.writing(author=author_of(app)) as tx:
        before = tx.get(Enquiry, written.enquiry_id)
        must_be_possible(app, before, written.writing)
        after = _step(app, before, written.writing)
        mail = outgoing(app, tx, written, files)
        if written.writing is Writing.UPDATE:
            must_be_news(tx, mail)
        until = app.now() + HELD_FOR
        queued = queue(app, tx, mail, _PURPOSES[written.writing], not_before=until)
        tx.save(after)
        _note(app, tx, after, written, queued)
        put_aside(app, tx, written, queued.id)
    return Held(mail_id=queued.id, reference=after.reference, until=until)


def take_back(app: App, mail_id: str) -> Wanted | None:
    """Keep a mail from going and make it a draft again; raises `NotAllowed` where it is on its way.

    None where nothing is kept of what was written, as after somebody it names was erased.
    """
    with app.store.writing(author=author_of(app)) as tx:
        mail = tx.find(QueuedMail, mail_id)
        if mail is None:
            raise NotFound("That mail is not here any more.", advice="Look at the enquiry to see what was sent.")
        if not can_be_taken_back(mail):
            raise NotAllowed(
                "The mail has gone, and sent mail cannot be taken back.",
                advice="Write to whoever got it and put right what was wrong.",
            )
        written = written_as(tx, mail_id)
        undo_in(app, tx, _entry_of(tx, mail))
        return written.wanted if written else None


def held_mails(app: App) -> tuple[Held, ...]:
    """The mails written by hand on this computer that can still be taken back, the newest first."""
    with app.store.reading() as tx:
        held = [
            Held(
                mail_id=mail.id,
                reference=tx.get(Enquiry, mail.enquiry_id).reference,
                until=mail.not_before or mail.queued_at,
            )
            for mail_id in sent_drafts(tx)
            if (mail := tx.find(QueuedMail, mail_id)) and can_be_taken_back(mail)
        ]
    return tuple(sorted(held, key=lambda each: each.until, reverse=True))


def keep_as_told(app: App, written: Written, way: Way) -> Enquiry:
    """Note that the resident was told in these words by letter, or by us; nothing is sent."""
    with app.store.writing(author=author_of(app)) as tx:
        before = tx.get(Enquiry, written.enquiry_id)
        told = steps.tell_resident(before, at=app.now())
        said = text_that_leaves(app, tx, before, written)
        tx.save(told)
        how = "by letter" if way is Way.LETTER else "by us"
        write_entry(tx, app, told, EntryKind.RESIDENT_TOLD, f"Resident told {how}: {said.strip()}")
        tx.set_local(UNDER + written.wanted.key, None)
    return told


def _step(app: App, enquiry: Enquiry, writing: Writing) -> Enquiry:
    """How the enquiry stands once this is in the queue."""
    if writing is Writing.ENQUIRY:
        return steps.mark_queued(enquiry)
    return steps.tell_resident(enquiry, at=app.now()) if writing is Writing.UPDATE else enquiry


def _note(app: App, tx: Transaction, enquiry: Enquiry, written: Written, mail: QueuedMail) -> None:
    """Write into the timeline that it waits to go."""
    whom = ", ".join((*mail.to, *mail.cc))
    files = files_in_words(len(mail.attachments))
    kind, text = {
        Writing.ENQUIRY: (EntryKind.QUEUED, f"Waiting to send to {whom}{files}."),
        Writing.REPLY: (EntryKind.QUEUED, f"A reply waits to go to {whom}{files}."),
        Writing.CHASE: (EntryKind.REMINDED, f"A chaser waits to go to {whom}{files}."),
        Writing.UPDATE: (EntryKind.RESIDENT_TOLD, f"Resident told by email{files}: {mail.body}"),
    }[written.writing]
    write_entry(tx, app, enquiry, kind, text, details={"mail": mail.id})


def _entry_of(tx: Transaction, mail: QueuedMail) -> Entry:
    """The entry that says the mail was put into the queue."""
    for entry in tx.every(Entry, enquiry_id=mail.enquiry_id):
        if entry.details.get("mail") == mail.id:
            return entry
    raise NotAllowed("That mail was not written here.", advice="Undo the sending where it was written.")
