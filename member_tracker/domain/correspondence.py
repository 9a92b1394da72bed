"""Mail as values: what came in, what goes out, and how a mail to a service area is composed."""

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import Invalid
from member_tracker.domain.reference import Reference
from member_tracker.domain.senders import SenderProof


class TimeSource(StrEnum):
    """Where the time a mail was received comes from, most trustworthy first."""

    SERVER = "server"
    RECEIVED_HEADER = "received_header"
    DATE_HEADER = "date_header"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part of a mail that is not its text; `name` is safe to use as a file name."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMail:
    """A mail somebody sent us, decoded; times are UTC, message ids keep their angle brackets.

    `sent_at` is None where the Date header is missing or unreadable, `received_at` where no time at all is known,
    `message_id` where the mail carries none. `headers` holds lower-case (name, value) pairs: only those that tell
    automatic mail from a person's. `enclosed_text` is what mails attached to it say, never the sender's own words;
    `original_references` are the references in the subjects of those. `sender_proof` is what the server that took the
    mail in says of its sender.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_address: str = ""
    from_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None
    received_at_source: TimeSource = TimeSource.UNKNOWN
    reply_text: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    original_message_ids: tuple[str, ...] = ()
    original_keys: tuple[str, ...] = ()
    original_references: tuple[Reference, ...] = ()
    enclosed_text: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    part_types: tuple[str, ...] = ()
    item_class: str = ""
    thread_index: str = ""
    enquiry_key: str = ""
    enquiry_reference: str = ""
    content_hash: str = ""
    size: int = 0
    defects: tuple[str, ...] = ()
    sender_proof: SenderProof = SenderProof.NOT_TOLD

    def header(self, name: str) -> str:
        """The first value of a kept header, or an empty text where it is missing."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def own_text(self) -> str:
        """The visible reply without lines it quotes (`>`): the sender's own words alone."""
        return "\n".join(line for line in self.reply_text.split("\n") if not line.lstrip().startswith(">"))

    @property
    def thread_key(self) -> str:
        """What Outlook keeps the same in every mail of a conversation, in hex; empty where the mail has none."""
        return thread_key(self.thread_index)

    @property
    def from_domain(self) -> str:
        """The part of the sender's address after the last @, in lower case."""
        return self.from_address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingFile:
    """A file that goes with a mail of ours; what it is called and what it holds are never written into a log."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A mail of ours, composed once; `key` is lower-case hex and never changes, so that sending is safe to repeat."""

    id: str
    enquiry_id: EnquiryId
    key: str
    message_id: str
    from_address: str
    to: tuple[str, ...]
    subject: str
    body: str = field(repr=False)
    reference: Reference
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: bool = False
    attachments: tuple[OutgoingFile, ...] = ()
    cc: tuple[str, ...] = ()


_THREAD_BYTES = 22
_TICK = timedelta(microseconds=1)
_KEY_BYTES = 16
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def thread_key(thread_index: str) -> str:
    """The first 22 bytes of a Thread-Index, in hex: every reply adds five bytes and leaves these as they are."""
    try:
        index = base64.b64decode(thread_index, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return index[:_THREAD_BYTES].hex() if len(index) >= _THREAD_BYTES else ""


def thread_index(key: str, at: datetime) -> str:
    """The Thread-Index that begins a conversation: six bytes of the time, then the key of our mail (hex, 16 bytes)."""
    ticks = 10 * ((at - _FILETIME_EPOCH) // _TICK)  # hundreds of nanoseconds
    return base64.b64encode(ticks.to_bytes(8, "big")[:6] + bytes.fromhex(key)[:_KEY_BYTES]).decode("ascii")


def key_in_thread(key_of_thread: str) -> str:
    """The key that would stand in the Thread-Index of a conversation that a mail of ours began."""
    return key_of_thread[-2 * _KEY_BYTES :]


def content_hash(*, sent: str, sender: str, subject: str, body: str) -> str:
    """SHA-256 (hex) of what makes a mail the same mail where it has no Message-ID: date, sender, subject and body."""
    joined = f"{sent}\x00{sender.casefold()}\x00{subject}\x00{body}"
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def mail_identity(council_id: str, mail: IncomingMail) -> str:
    """The id of a mail within a council: the same for everybody who reads it, whatever the mailbox."""
    name = mail.message_id or f"content:{mail.content_hash}"
    return str(uuid.uuid5(_namespace(council_id), f"mail:{name}"))


def _namespace(council_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(council_id)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_OID, council_id)


def compose(
    *,
    id: str,  # noqa: A002 - the field's own name
    enquiry_id: EnquiryId,
    key: str,
    message_id: str,
    reference: Reference,
    from_address: str,
    to: Sequence[str],
    topic: str,
    body: str,
    resident_details: Iterable[str] = (),
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    automatic: bool = False,
    attachments: Sequence[OutgoingFile] = (),
    cc: Sequence[str] = (),
) -> OutgoingMail:
    """A mail about an enquiry, its reference in the subject and in the last line; it takes no internal notes at all.

    `resident_details` are the resident's name, address, telephone and so on: a topic that holds one of them is refused.
    Raises `Invalid` for that, and where there is nobody to send it to.
    """
    recipients = tuple(dict.fromkeys(address.strip() for address in to if address.strip()))
    known = {address.casefold() for address in recipients}
    copied = {address.strip().casefold(): address.strip() for address in cc if address.strip()}
    if not recipients:
        raise Invalid(
            "This mail has nobody to go to.",
            advice="Give the service area a mailbox address in Settings, then send again.",
        )
    return OutgoingMail(
        id=id,
        enquiry_id=enquiry_id,
        key=key.lower(),
        message_id=message_id,
        from_address=from_address.strip(),
        to=recipients,
        subject=subject_line(topic, reference, resident_details=resident_details),
        body=f"{body.rstrip()}\n\nPlease keep this reference: {reference}\n",
        reference=reference,
        in_reply_to=in_reply_to,
        references=tuple(references),
        automatic=automatic,
        attachments=tuple(attachments),
        cc=tuple(address for folded, address in copied.items() if folded not in known),
    )


def subject_line(topic: str, reference: Reference, *, resident_details: Iterable[str] = ()) -> str:
    """`topic [reference]`; raises `Invalid` where the topic names the resident or gives their details."""
    one_line = " ".join(topic.split())
    for detail in resident_details:
        if (found := _detail_in(one_line, detail)) is not None:
            raise Invalid(
                f"The subject “{one_line}” would show “{found}”, which is about the resident.",
                advice="Change the subject so that it says only what the enquiry is about. The text may name them.",
            )
    return f"{one_line} [{reference}]" if one_line else f"[{reference}]"


_TITLES = frozenset("mr mrs ms miss mx dr prof rev sir lady lord cllr councillor".split())


def _detail_in(topic: str, detail: str) -> str | None:
    """The words of the topic that give the detail away, or None where it does not occur."""
    words = re.findall(r"\w+", detail.casefold())
    if not words or len("".join(words)) < 3:
        return None
    name = [word for word in words if word not in _TITLES]
    patterns = [words, name, [name[0], name[-1]] if len(name) > 2 and not any(map(str.isdigit, name)) else []]
    tried = [_separated(pattern) for pattern in patterns if len(pattern) > 1 or any(map(str.isdigit, "".join(pattern)))]
    if 2 <= len(name) <= 4 and all(word.isalpha() for word in name):
        tried.append(rf"(?:{'|'.join(sorted(_TITLES))})\.?\s+{re.escape(name[-1])}")
    for pattern in tried:
        if found := re.search(rf"(?<!\w){pattern}(?!\w)", topic, re.IGNORECASE):
            return found.group()
    return _number_in(topic, detail)


def _separated(words: Sequence[str]) -> str:
    return r"\W{0,3}".join(re.escape(word) for word in words)


def _number_in(topic: str, detail: str) -> str | None:
    """A telephone number written with other spacing."""
    digits = re.sub(r"\D", "", detail)
    if len(digits) < 9 or not re.fullmatch(r"[\d\s()+.-]+", detail):
        return None
    found = re.search(r"[\s().-]{0,2}".join(digits[-9:]), topic)
    return found.group() if found else None
