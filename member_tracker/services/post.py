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
from member_tracker.services.parts import App

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
    """Send every queued mail once; one that cannot go waits and does not stop the others."""
    sent, problem = 0, None
    with remote_work(app):
        sent += recover(app)
        for mail in _mails(app, OutgoingState.QUEUED):
            try:
                _post(app, mail)
                sent += 1
            except TrackerError as error:
                problem = str(error)
                _keep(app, replace(mail, state=OutgoingState.QUEUED, problem=problem))
        waiting, unknown = len(_mails(app, OutgoingState.QUEUED)), len(_mails(app, OutgoingState.UNKNOWN))
    return Posted(sent=sent, waiting=waiting, unknown=unknown, problem=problem)


def recover(app: App) -> int:
    """Ask after each mail left in the middle of sending before anything is tried again; how many had gone.

    The caller holds the lock.
    """
    gone = 0
    for mail in _mails(app, OutgoingState.SENDING):
        receipt = app.mailbox.was_sent(mail.key)
        if receipt is None:
            _keep(app, replace(mail, state=OutgoingState.QUEUED))
        else:
            _mark_posted(app, mail, receipt)
            gone += 1
    return gone


def _post(app: App, mail: QueuedMail) -> None:
    """Claim the mail and commit, touch the network, then commit what came of it."""
    claimed = replace(mail, state=OutgoingState.SENDING, claimed_at=app.now(), problem=None)
    _keep(app, claimed)
    with app.store.reading() as tx:
        raw = tx.original(mail.original)
    receipt = app.mailbox.send(mail.key, raw)
    _mark_posted(app, claimed, receipt)


def _mark_posted(app: App, mail: QueuedMail, receipt: SentReceipt) -> None:
    posted = replace(
        mail,
        state=OutgoingState.SENT,
        sent_at=receipt.sent_at,
        server_message_id=receipt.message_id if receipt.message_id != mail.message_id else None,
        problem=None,
    )
    with app.store.writing(author=None) as tx:
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


def _keep(app: App, mail: QueuedMail) -> None:
    with app.store.writing(author=None) as tx:
        tx.save(mail)
