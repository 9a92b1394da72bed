"""Proving how a mailbox sends: a message to itself, sent one way after another until one came and nothing else did.

Servers answer "done" and send nothing, or send and keep the draft; only what then lies where it should proves a way.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from member_tracker.domain.errors import Offline, SignInNeeded, TooMuch, TrackerError
from member_tracker.domain.mailboxes import Finding, Holds, MailboxAccount, Right, SendingWay
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.mail.ews import EwsMailbox
from member_tracker.mail.ews_sending import DRAFTS, SENT
from member_tracker.mail.ews_xml import Seen
from member_tracker.mail.mailbox import Letter, Proof

SUBJECT = "Member Tracker test message"
PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)  # seconds before each look; a server takes its time
WAYS = (SendingWay.UPDATE, SendingWay.SEND_ITEM, SendingWay.CREATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What one test message came to: `stop` says that another would not tell more."""

    proved: bool = False
    stop: bool = False
    words: str = ""
    advice: str = ""


def prove(
    account: MailboxAccount,
    *,
    password: Callable[[], str],
    now: Callable[[], datetime],
    new_key: Callable[[], str],
    wait: Callable[[float], object],
    watch: Watch = UNWATCHED,
) -> Proof:
    """Send at most one test message a way, and say which way works; the messages are deleted again.

    `new_key` gives a key of 32 hexadecimal digits, `wait` waits so many seconds (or less, where somebody gives up).
    Raises what keeps the mailbox from being reached, and `Stopped`.
    """
    first_problem: _Outcome | None = None
    for number, way in enumerate(WAYS):
        mailbox = EwsMailbox(replace(account, sending=way), password=password, now=now)
        watch.at("Sending a test message", number, len(WAYS))
        try:
            outcome = _tried(mailbox, _letter_to_oneself(account.address, new_key(), now()), wait, watch)
            if outcome.proved:
                findings = mailbox.check(way)
                return Proof(way=way, findings=_told(findings, outcome, Holds.YES) if outcome.words else findings)
            first_problem = first_problem or outcome
            if outcome.stop or way is WAYS[-1]:
                return Proof(way=None, findings=_told(mailbox.check(), first_problem, Holds.NO))
        finally:
            mailbox.close()
    raise AssertionError  # pragma: no cover - the last way always returns


def _letter_to_oneself(address: str, key: str, at: datetime) -> Letter:
    """A small message from the mailbox to itself, marked as written by a machine."""
    message = EmailMessage(policy=SMTP)
    message["From"] = address
    message["To"] = address
    message["Subject"] = SUBJECT
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id = f"<{key}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content("Member Tracker sent this to see how this mailbox sends. It deletes it again by itself.\n")
    return Letter(key=key, message_id=message_id, raw=message.as_bytes())


def _tried(mailbox: EwsMailbox, letter: Letter, wait: Callable[[float], object], watch: Watch) -> _Outcome:
    received: list[str] = []
    try:
        try:
            mailbox.save_draft(letter)
            mailbox.send_draft(letter)
        except (Offline, SignInNeeded, TooMuch):
            raise
        except TrackerError as error:
            return _Outcome(words=error.title, advice=error.advice)
        copies = mailbox.sender.copies(letter)
        for pause in PAUSES:
            _pause(pause, wait, watch)
            copies = mailbox.sender.copies(letter)
            received = mailbox.sender.received({letter.message_id, *(one.message_id for one in copies[SENT])})
            if received and copies[SENT]:
                break
        return _judged(mailbox.account, copies, received)
    finally:
        with suppress(TrackerError):
            mailbox.sender.delete_test(letter, received)


def _pause(seconds: float, wait: Callable[[float], object], watch: Watch) -> None:
    """Wait, and look every second whether somebody wants no more of it."""
    while True:
        watch.at("Waiting for the test message", 0, 1)
        if seconds <= 0:
            return
        wait(min(seconds, 1.0))
        seconds -= 1.0


def _judged(account: MailboxAccount, copies: Mapping[str, Sequence[Seen]], received: Sequence[str]) -> _Outcome:
    """One in Sent Items, one that came, and none left in Drafts: anything else proves nothing."""
    if len(received) > 1 or len(copies[SENT]) > 1:
        return _Outcome(words="The test message went more than once.", advice="Another way is tried.")
    if copies[SENT] and not received:
        return _Outcome(
            # A server that moves the draft it is told to send has sent it; a rule may have put it elsewhere since.
            proved=account.sending is SendingWay.UPDATE and not copies[DRAFTS],
            stop=True,
            words=f"The test message went, but did not arrive in the Inbox of {account.address} within a minute.",
            advice="Look whether a rule moves it or a gateway holds it back, then test again.",
        )
    if not copies[SENT]:
        return _Outcome(
            words="The server took the test message, but it is not in Sent Items.",
            advice="If no way works, ask your Exchange administrator whether programs may send by EWS.",
        )
    if copies[DRAFTS]:
        return _Outcome(words="The test message went, but a draft of it stayed behind.", advice="Another way is tried.")
    return _Outcome(proved=True)


def _told(findings: tuple[Finding, ...], outcome: _Outcome, holds: Holds) -> tuple[Finding, ...]:
    """The findings with what came of sending in the place of what is usually said of it."""
    told = Finding(right=Right.SEND_AS, holds=holds, words=outcome.words, advice=outcome.advice)
    return tuple(told if one.right is Right.SEND_AS else one for one in findings)
