"""Sending what is queued, once or not at all: each step is written down before it is taken, and looked at after.

A mail goes from *queued* to *sending*, is saved as a draft, handed over, and is *sent* only once its copy lies in Sent
Items. Wherever that was cut short, the next round looks where the mail is before it does anything; what can no longer
be known is *unknown*, and a person decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from member_tracker.domain.correspondence import thread_index, thread_key
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.enquiry import Enquiry, mark_sent
from member_tracker.domain.errors import (
    NotAllowed,
    NotFound,
    TrackerError,
    Unavailable,
)
from member_tracker.domain.mailbag import MailPurpose, QueuedMail
from member_tracker.domain.mailboxes import MailboxKind
from member_tracker.domain.timeline import EntryKind
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.mail.mailbox import Found, Letter, Mailbox, Proof, SentReceipt, Spot
from member_tracker.services.enquiries import write_entry
from member_tracker.services.judging import judge_again
from member_tracker.services.letters import keep_back
from member_tracker.services.mailbox_health import TRIED_TO_SEND, by_a_password_not_refused
from member_tracker.services.parts import App, OpenMailbox, own_device
from member_tracker.services.patience import patiently, wait
from member_tracker.services.remote_work import remote_work
from member_tracker.services.safekeeping import must_not_be_held
from member_tracker.services.taking_over import claim, is_sent_from_here, must_be_claimed, released
from member_tracker.store.store import Transaction

LOOKS_AFTER = (0.0, 1.0, 2.0, 5.0)
"""Seconds between looks for the sent copy in one round; the server sends in its own time."""
DOUBTED_AFTER = timedelta(minutes=15)
PROVED_AGAIN_AFTER = timedelta(hours=1)
"""So long no further test message is sent by a mailbox that was not seen to send one."""
_DOUBT = "It may have gone out: there is no copy in Sent Items, and the mailbox was told to send it."

_IN_A_FOLDER = "Not sent: no mailbox is set up, so it lies in a folder of the computer it was written on."


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How many mails went, how many still wait, and how many a person must look at; `problem` says why some wait."""

    sent: int
    waiting: int
    unknown: int
    problem: str | None = None


def post_queued(app: App, watch: Watch = UNWATCHED) -> Posted:
    """Send every queued mail once; one that cannot go waits and does not stop the others.

    Mail left in the middle of sending is asked after before anything is tried again.
    """
    sent, problem = 0, None
    with app.store.reading() as tx:
        must_not_be_held(tx)
    with remote_work(app, watch):
        states = (OutgoingState.SENDING, OutgoingState.QUEUED)
        mails = [mail for state in states for mail in _ours(app, state) if not mail.is_held(app.now())]
        for number, mail in enumerate(mails):
            watch.at("Sending mail", number, len(mails))
            try:
                sent += _post(app, mail, watch)
            except Stopped:
                raise
            except TrackerError as error:
                problem = str(error)
                _note_problem(app, mail, error)
        waiting, unknown = (
            sum(len(_ours(app, state)) for state in states)
            for states in ((OutgoingState.QUEUED, OutgoingState.SENDING), (OutgoingState.UNKNOWN,))
        )
    return Posted(sent=sent, waiting=waiting, unknown=unknown, problem=problem)


def mailbox_of(app: App, mail: QueuedMail) -> OpenMailbox:
    """The mailbox a mail leaves through: the one it was begun in, else that of its sender; its bytes name no other."""
    boxes = app.mailboxes()
    if not boxes:
        raise NotFound("There is no mailbox to send from.", advice="Add one: member-tracker mailbox add ADDRESS")
    wanted = mail.mailbox or mail.from_address.casefold()
    found = next((box for box in boxes if box.name == wanted), None)
    if found is None:
        raise NotFound(
            f"A mail was written from {wanted}, which is no mailbox of this profile any more.",
            advice="Add that mailbox again in Settings, or undo the sending and send it anew.",
        )
    return found


def prove_sending(app: App, box: OpenMailbox, watch: Watch) -> Proof:
    """Have the mailbox send itself a test message, and remember in the settings which way of sending works."""
    proof = box.mailbox.prove(watch)
    kept = app.profile.settings().mailboxes
    proved = replace(box.account, sending=proof.way or box.account.sending)  # what worked once is not unlearnt
    app.profile.keep_mailboxes([proved if each.name == box.name else each for each in kept])
    return proof


def _proved(app: App, mail: QueuedMail, watch: Watch) -> OpenMailbox:
    """The mailbox the mail leaves through, once it is known how that sends; raises where no way works."""
    box = mailbox_of(app, mail)
    if box.account.kind is MailboxKind.FOLDER or box.account.sending is not None or mail.handed_over_at is not None:
        return box
    with app.store.reading() as tx:
        tried = tx.local(f"{TRIED_TO_SEND}:{box.name}")
    if tried is None or abs(app.now() - datetime.fromisoformat(tried)) >= PROVED_AGAIN_AFTER:
        if prove_sending(app, box, watch).way is not None:
            return mailbox_of(app, mail)
        with app.store.writing(author=None) as writing:
            writing.set_local(f"{TRIED_TO_SEND}:{box.name}", app.now().isoformat())
    raise NotAllowed(
        f"{box.account.address} was not seen to send a test message to itself.",
        advice="Test the mailbox in Settings: it says what is missing and whom to ask.",
    )


def _post(app: App, mail: QueuedMail, watch: Watch) -> bool:
    """Take a mail as far as it goes, from wherever it was left; whether it has gone."""
    box = mailbox_of(app, mail)
    with by_a_password_not_refused(app, box):
        return _post_through(app, _proved(app, mail, watch), mail, watch)


def _post_through(app: App, box: OpenMailbox, mail: QueuedMail, watch: Watch) -> bool:
    with app.store.reading() as tx:
        letter = Letter(key=mail.key, message_id=mail.message_id, raw=tx.original(mail.original))
    if mail.state is OutgoingState.QUEUED and not _claimed_everywhere(app, mail, box):
        return False
    return patiently(lambda: _one_step_after_another(app, mail, box.mailbox, letter, watch), watch)


def _one_step_after_another(app: App, mail: QueuedMail, mailbox: Mailbox, letter: Letter, watch: Watch) -> bool:
    """Look, save the draft, look, hand over, send, look: safe to begin again at any moment."""
    found = mailbox.look(letter)
    with app.store.reading() as tx:
        told_already = tx.get(QueuedMail, mail.id).handed_over_at is not None
    if found.spot is Spot.NOWHERE and not told_already and mailbox.drafts:
        if not _still_wanted(app, mail):
            return False
        mailbox.save_draft(letter)
        found = _must_be_somewhere(mailbox.look(letter))
    if found.spot is Spot.SENT:
        return _mark_posted(app, mail, found)
    ready = found.spot is Spot.DRAFT or (found.spot is Spot.NOWHERE and not mailbox.drafts and not told_already)
    if ready and not _handed_over(app, mail):
        return False
    if ready:
        _send(app, mail, mailbox, letter)
        return _seen_in_sent_items(app, mail, mailbox, letter, watch)
    _doubt(app, mail)
    return False


def _send(app: App, mail: QueuedMail, mailbox: Mailbox, letter: Letter) -> None:
    """Have the mailbox send; what it refuses here and now was not sent, and waits as if it had not been handed over."""
    try:
        mailbox.send_draft(letter)
    except NotAllowed:
        with app.store.writing(author=None) as tx:
            tx.save(replace(tx.get(QueuedMail, mail.id), handed_over_at=None))
        raise


def _must_be_somewhere(found: Found) -> Found:
    if found.spot is Spot.NOWHERE:
        raise Unavailable(
            "The mailbox took the draft and does not show it.",
            advice="It will be tried again. If this goes on, test the mailbox in Settings.",
        )
    return found


def _seen_in_sent_items(app: App, mail: QueuedMail, mailbox: Mailbox, letter: Letter, watch: Watch) -> bool:
    """Look a few times for the sent copy; where it does not come, a later round looks again."""
    for seconds in LOOKS_AFTER:
        wait(seconds, watch)
        found = mailbox.look(letter)
        if found.spot is Spot.SENT:
            return _mark_posted(app, mail, found)
    return False


def _claimed_everywhere(app: App, mail: QueuedMail, box: OpenMailbox) -> bool:
    """Mark the mail as being sent from here; what others may know of is claimed at the hub before that."""
    if must_be_claimed(app, mail) and not claim(app, mail):
        return False
    return _claimed(app, mail, box)


def _claimed(app: App, mail: QueuedMail, box: OpenMailbox) -> bool:
    """Mark the mail as being sent, where it still waits and its enquiry was not closed meanwhile."""
    with app.store.writing(author=None) as tx:
        kept = tx.get(QueuedMail, mail.id)
        if kept.state is not OutgoingState.QUEUED or kept.is_held(app.now()):
            return False
        claimed = replace(
            kept, state=OutgoingState.SENDING, claimed_at=app.now(), mailbox=box.name, handed_over_at=None, problem=None
        )
        wanted = _is_wanted(kept, tx.get(Enquiry, kept.enquiry_id))
        tx.save(claimed if wanted else keep_back(kept))
    return wanted


def _still_wanted(app: App, mail: QueuedMail) -> bool:
    """Whether the enquiry was not closed meanwhile; else the mail is kept back."""
    with app.store.writing(author=None) as tx:
        kept = tx.get(QueuedMail, mail.id)
        wanted = _is_wanted(kept, tx.get(Enquiry, kept.enquiry_id))
        if not wanted:
            tx.save(keep_back(kept))
    return wanted


def _handed_over(app: App, mail: QueuedMail) -> bool:
    """Write down that the mailbox is now told to send, where that is still wanted."""
    with app.store.writing(author=None) as tx:
        kept = tx.get(QueuedMail, mail.id)
        wanted = _is_wanted(kept, tx.get(Enquiry, kept.enquiry_id))
        tx.save(replace(kept, handed_over_at=app.now(), problem=None) if wanted else keep_back(kept))
    return wanted


def _is_wanted(mail: QueuedMail, enquiry: Enquiry) -> bool:
    return mail.purpose is not MailPurpose.ENQUIRY or enquiry.status.is_open


def _doubt(app: App, mail: QueuedMail) -> None:
    """The mail was handed over and is not to be found among what was sent: after a while a person must decide."""
    with app.store.writing(author=None) as tx:
        kept = tx.get(QueuedMail, mail.id)
        since = kept.handed_over_at or app.now()
        late = abs(app.now() - since) >= DOUBTED_AFTER
        state = OutgoingState.UNKNOWN if late else OutgoingState.SENDING
        tx.save(replace(kept, state=state, handed_over_at=since, problem=_DOUBT if late else kept.problem))
        if late:
            text = f"{_DOUBT} Look for it in the mailbox, then say whether it went."
            write_entry(tx, app, tx.get(Enquiry, kept.enquiry_id), EntryKind.NOTE, text)


def _mark_posted(app: App, mail: QueuedMail, found: Found) -> bool:
    """Keep what the sent copy says of itself, and begin the clocks that begin with sending."""
    if found.receipt is None:
        raise RuntimeError("a mail was sent and has no receipt")
    with app.store.writing(author=None) as tx:
        mark_as_sent(app, tx, tx.get(QueuedMail, mail.id), found.receipt)
    return True


def mark_as_sent(app: App, tx: Transaction, mail: QueuedMail, receipt: SentReceipt) -> None:
    """The mail has gone: its Message-ID as it went out is kept beside ours, the clocks that wait for it begin."""
    own_thread = thread_key(thread_index(mail.key, mail.queued_at))
    posted = replace(
        mail,
        state=OutgoingState.SENT,
        sent_at=receipt.sent_at,
        server_message_id=receipt.message_id if receipt.message_id != mail.message_id else None,
        server_thread_key=receipt.thread_key if receipt.thread_key != own_thread else None,
        problem=None,
    )
    tx.save(posted)
    enquiry = tx.get(Enquiry, mail.enquiry_id)
    if mail.purpose is MailPurpose.ENQUIRY:
        enquiry = judge_again(app, tx, mark_sent(enquiry, at=receipt.sent_at))
        tx.save(enquiry)
    details = {"to": ", ".join((*mail.to, *mail.cc)), "message_id": mail.message_id, "subject": mail.subject}
    text = f"Sent to {', '.join(mail.to)}; written at {moment_in_words(mail.queued_at)}."
    if _only_in_a_folder(app, mail):
        text = f"{_IN_A_FOLDER} It is for {', '.join(mail.to)}; written at {moment_in_words(mail.queued_at)}."
        details["in_folder"] = "yes"
    write_entry(tx, app, enquiry, EntryKind.SENT, text, at=receipt.sent_at, details=details)


def _only_in_a_folder(app: App, mail: QueuedMail) -> bool:
    """Whether nobody was handed the mail, as no mailbox is set up; in practice that is what is wanted."""
    folders = {account.name for account in app.profile.accounts() if account.kind is MailboxKind.FOLDER}
    return not app.practice and mail.mailbox in folders


def _ours(app: App, state: OutgoingState) -> tuple[QueuedMail, ...]:
    """The mails in that state that this computer sends."""
    device = own_device(app)
    with app.store.reading() as tx:
        return tuple(mail for mail in tx.every(QueuedMail, state=state) if is_sent_from_here(mail, device))


def _note_problem(app: App, mail: QueuedMail, error: TrackerError) -> None:
    """Say why the mail still waits; one that was handed over is asked after, and not begun anew."""
    with app.store.writing(author=None) as tx:
        kept = tx.get(QueuedMail, mail.id)
        if kept.state not in (OutgoingState.QUEUED, OutgoingState.SENDING):
            return
        state = OutgoingState.QUEUED if kept.handed_over_at is None else OutgoingState.SENDING
        waiting = released(kept) if state is OutgoingState.QUEUED else kept
        tx.save(replace(waiting, state=state, problem=str(error)))
