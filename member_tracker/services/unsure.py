"""Mail that may have gone out: nobody can know from here, so a person looks in the mailbox and says."""

from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.correspondence import OutgoingFile, OutgoingMail
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed, NotFound
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.timeline import EntryKind, MailId
from member_tracker.domain.vocabulary import OutgoingState, Word
from member_tracker.mail.mailbox import SentReceipt
from member_tracker.services.enquiries import write_entry
from member_tracker.services.letters import council_key, enquiry_key, message_id, queue
from member_tracker.services.parts import App, author_of
from member_tracker.services.post import mark_as_sent
from member_tracker.store.store import Reading


class Verdict(Word):
    """What a person found out about a mail that may have gone out."""

    WENT = "went"
    AGAIN = "again"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """A mail of which nobody knows whether it went: where to look for it, and since when it is in doubt."""

    id: MailId
    reference: str
    subject: str
    to: tuple[str, ...]
    mailbox: str
    told_at: datetime | None
    problem: str

    def as_json(self) -> dict[str, object]:
        """In the form of `mail unsure`."""
        return {
            "id": self.id,
            "reference": self.reference,
            "subject": self.subject,
            "to": list(self.to),
            "mailbox": self.mailbox,
            "told_at": self.told_at.isoformat() if self.told_at else None,
            "problem": self.problem,
        }


def unsure_mails(app: App) -> tuple[Unsure, ...]:
    """The mails a person must decide about, oldest first."""
    with app.store.reading() as tx:
        mails = sorted(tx.every(QueuedMail, state=OutgoingState.UNKNOWN), key=lambda mail: mail.queued_at)
        return tuple(
            Unsure(
                id=mail.id,
                reference=tx.get(Enquiry, mail.enquiry_id).reference,
                subject=mail.subject,
                to=mail.to,
                mailbox=mail.mailbox or mail.from_address,
                told_at=mail.handed_over_at,
                problem=mail.problem or "",
            )
            for mail in mails
        )


def settle(app: App, mail_id: str, verdict: Verdict) -> None:
    """Take a person's word for it: the mail went, is to be sent again as a new mail, or never went and shall not."""
    with app.store.writing(author=author_of(app)) as tx:
        mail = tx.find(QueuedMail, mail_id.strip().casefold())
        if mail is None:
            raise NotFound(f"There is no mail “{mail_id}”.", advice="Look it up: member-tracker mail unsure")
        if mail.state is not OutgoingState.UNKNOWN:
            raise NotAllowed(
                f"It is known what became of this mail: {mail.state.words.lower()}.",
                advice="There is nothing to decide.",
            )
        enquiry = tx.get(Enquiry, mail.enquiry_id)
        if verdict is Verdict.WENT:
            sent_at = mail.handed_over_at or app.now()
            receipt = SentReceipt(message_id=mail.message_id, sent_at=sent_at, provider_id="")
            mark_as_sent(app, tx, mail, receipt)
            return
        tx.save(replace(mail, state=OutgoingState.WRITTEN, problem="It did not go out: somebody looked."))
        text = f"The mail of {moment_in_words(mail.queued_at)} did not go out."
        if verdict is Verdict.AGAIN:
            queue(app, tx, _written_again(app, tx, mail, enquiry), mail.purpose)
            text += " It is sent again. If the first still lies in the mailbox's Drafts, delete it there."
        write_entry(tx, app, enquiry, EntryKind.NOTE, text)


def _written_again(app: App, tx: Reading, mail: QueuedMail, enquiry: Enquiry) -> OutgoingMail:
    """The same words and files under a key and Message-ID of their own, so that no one takes the two for each other."""
    mail_id = app.new_id()
    return OutgoingMail(
        id=mail_id,
        enquiry_id=mail.enquiry_id,
        key=enquiry_key(council_key(tx), mail_id),
        message_id=message_id(app.random_bytes(16), mail.from_address),
        from_address=mail.from_address,
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        body=mail.body,
        reference=enquiry.reference,
        automatic=mail.automatic,
        attachments=tuple(
            OutgoingFile(name=file.name, media_type=file.media_type, content=tx.original(file.sha256))
            for file in mail.attachments
        ),
    )
