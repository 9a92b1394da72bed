"""Sending what is queued, under the remote-work lock: no transaction is open while the network is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.enquiry import Enquiry, mark_sent
from member_tracker.domain.errors import TrackerError, Unavailable
from member_tracker.domain.mailbag import MailPurpose, QueuedMail
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.mail.mailbox import SentReceipt
from member_tracker.services.enquiries import write_entry
from member_tracker.services.judging import judge_again
from member_tracker.services.letters import keep_back
from member_tracker.services.parts import App
from member_tracker.services.safekeeping import must_not_be_held

WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How many mails went, how many still wait, and how many a person must look at; `problem` says why some wait."""

    sent: int
    waiting: int
    unknown: int
    problem: str | None = None


@contextmanager
def remote_work(app: App) -> Iterator[None]:
    """Hold the lock of remote work for this profile; raises `Unavailable` where another process holds it."""
    import filelock

    lock = filelock.FileLock(app.profile.remote_lock, timeout=WAIT_SECONDS)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise Unavailable(
            "Another window or command is sending or collecting mail for this profile.",
            advice="Wait until it has finished, then try again.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def post_queued(app: App) -> Posted:
    """Send every queued mail once; one that cannot go waits and does not stop the others.

    Mail left in the middle of sending is asked after before anything is tried again.
    """
    sent, problem = 0, None
    with app.store.reading() as tx:
        must_not_be_held(tx)
    with remote_work(app):
        for state, deed in ((OutgoingState.SENDING, _ask_after), (OutgoingState.QUEUED, _post)):
            for mail in _mails(app, state):
                try:
                    sent += deed(app, mail)
                except TrackerError as error:
                    problem = str(error)
                    _move(app, mail, state=state, problem=problem)
        waiting, unknown = (
            sum(len(_mails(app, state)) for state in states)
            for states in ((OutgoingState.QUEUED, OutgoingState.SENDING), (OutgoingState.UNKNOWN,))
        )
    return Posted(sent=sent, waiting=waiting, unknown=unknown, problem=problem)


def _ask_after(app: App, mail: QueuedMail) -> bool:
    """Whether a mail left in the middle of sending had gone; else it is queued again."""
    receipt = app.mailbox.was_sent(mail.key)
    if receipt is None:
        _move(app, mail, state=OutgoingState.QUEUED)
        return False
    _mark_posted(app, mail, receipt)
    return True


def _post(app: App, mail: QueuedMail) -> bool:
    """Claim the mail and commit, touch the network, then commit what came of it; whether it went."""
    if not _claimed(app, mail):
        return False
    with app.store.reading() as tx:
        raw = tx.original(mail.original)
    _mark_posted(app, mail, app.mailbox.send(mail.key, raw))
    return True


def _claimed(app: App, mail: QueuedMail) -> bool:
    """Mark the mail as being sent, where it still waits and its enquiry was not closed meanwhile."""
    with app.store.writing(author=None) as tx:
        kept = tx.get(QueuedMail, mail.id)
        if kept.state is not OutgoingState.QUEUED:
            return False
        wanted = kept.purpose is not MailPurpose.ENQUIRY or tx.get(Enquiry, kept.enquiry_id).status.is_open
        claimed = replace(kept, state=OutgoingState.SENDING, claimed_at=app.now(), problem=None)
        tx.save(claimed if wanted else keep_back(kept))
    return wanted


def _mark_posted(app: App, mail: QueuedMail, receipt: SentReceipt) -> None:
    with app.store.writing(author=None) as tx:
        posted = replace(
            tx.get(QueuedMail, mail.id),
            state=OutgoingState.SENT,
            sent_at=receipt.sent_at,
            server_message_id=receipt.message_id if receipt.message_id != mail.message_id else None,
            problem=None,
        )
        tx.save(posted)
        enquiry = tx.get(Enquiry, mail.enquiry_id)
        if mail.purpose is MailPurpose.ENQUIRY:
            enquiry = judge_again(app, tx, mark_sent(enquiry, at=receipt.sent_at))
            tx.save(enquiry)
        details = {"to": ", ".join(mail.to), "message_id": mail.message_id, "subject": mail.subject}
        text = f"Sent to {', '.join(mail.to)}; written at {moment_in_words(mail.queued_at)}."
        write_entry(tx, app, enquiry, EntryKind.SENT, text, at=receipt.sent_at, details=details)


def _mails(app: App, state: OutgoingState) -> tuple[QueuedMail, ...]:
    with app.store.reading() as tx:
        return tx.every(QueuedMail, state=state)


def _move(app: App, mail: QueuedMail, *, state: OutgoingState, problem: str | None = None) -> None:
    with app.store.writing(author=None) as tx:
        tx.save(replace(tx.get(QueuedMail, mail.id), state=state, problem=problem))
