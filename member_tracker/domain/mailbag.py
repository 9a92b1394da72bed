"""Mail as it is kept: what came in and where it was placed, what goes out and how far it got."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.timeline import MailId
from member_tracker.domain.vocabulary import MailKind, OutgoingState, Proposal, Word

HELD_FOR = timedelta(seconds=10)
"""So long a mail that somebody sends by hand stays here, to be taken back."""


class MailPlace(Word):
    """Where a mail that came in lies; one put aside is no casework, as a person said."""

    TRAY = "tray"
    FILED = "filed"
    AUTOMATIC = "automatic"
    OWN = "own"
    ASIDE = "aside"


class MailPurpose(Word):
    """What a mail of ours is for."""

    ENQUIRY = "enquiry"
    REPLY = "reply"
    RESIDENT_UPDATE = "resident_update"
    CHASER = "chaser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """An enquiry a mail may belong to, with its score (0–100) and the signs in plain words, strongest first."""

    enquiry_id: EnquiryId
    reference: str
    score: int
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAttachment:
    """A file that came or goes with a mail; its bytes are kept under `sha256`."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
    """A mail that came in; its original bytes are kept for ever under `original` (sha256).

    `enquiry_id` is None while it lies in the tray. `unfiled_from` remembers enquiries a person took it away from.
    `other_originals` are messages that came under the same Message-ID and say something else. `mentions` are enquiries
    it names beside the one it belongs to; a `forwarded` copy proposes nothing. `thread_key` is what Outlook keeps the
    same throughout a conversation, `returned_key` the key of a mail of ours that somebody else sent back to us.
    """

    id: MailId
    message_id: str | None
    content_hash: str
    original: str
    from_address: str
    from_name: str
    to: tuple[str, ...]
    subject: str
    received_at: datetime
    collected_at: datetime
    kind: MailKind
    proposal: Proposal
    place: MailPlace
    reply_text: str
    text: str
    sent_at: datetime | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    sentence: str | None = None
    others: tuple[Proposal, ...] = ()
    promised_on: date | None = None
    returns_on: date | None = None
    enquiry_id: EnquiryId | None = None
    candidates: tuple[Likely, ...] = ()
    unfiled_from: tuple[EnquiryId, ...] = ()
    attachments: tuple[MailAttachment, ...] = ()
    defects: tuple[str, ...] = ()
    other_originals: tuple[str, ...] = ()
    alternative_contact: str | None = None
    mentions: tuple[EnquiryId, ...] = ()
    forwarded: bool = False
    thread_key: str | None = None
    returned_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    """A mail of ours: composed once, its bytes kept under `original` and never changed afterwards.

    `message_id` is ours; `server_message_id` is the one found on the copy that was sent (None until then).
    `handed_over_at` is written down just before the mailbox is told to send (None: it was never told to), `mailbox` is
    the one it leaves through, `server_thread_key` what Outlook keeps the same in the conversation the copy began.
    Only the computer `device` names sends it (None: it was queued where nothing is shared), and never before
    `not_before`, so that somebody can take it back.
    """

    id: MailId
    enquiry_id: EnquiryId
    key: str
    message_id: str
    from_address: str
    to: tuple[str, ...]
    subject: str
    body: str
    original: str
    state: OutgoingState
    queued_at: datetime
    purpose: MailPurpose = MailPurpose.ENQUIRY
    automatic: bool = False
    claimed_at: datetime | None = None
    handed_over_at: datetime | None = None
    mailbox: str | None = None
    sent_at: datetime | None = None
    server_message_id: str | None = None
    server_thread_key: str | None = None
    problem: str | None = None
    attachments: tuple[MailAttachment, ...] = ()
    device: str | None = None
    cc: tuple[str, ...] = ()
    not_before: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        """Whether it can still be taken back at leisure; a clock that was put back holds nothing longer than that."""
        return self.not_before is not None and timedelta(0) < self.not_before - now <= HELD_FOR
