"""Our own mail to the bytes that go out: composed by ourselves so that references and encodings stay as written."""

import re
from base64 import encodebytes
from collections.abc import Sequence
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime

from member_tracker.domain.correspondence import OutgoingFile, OutgoingMail, thread_index
from member_tracker.domain.errors import Invalid
from member_tracker.mail.attachments import safe_name

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,900}>")
_POLICY = compat32.clone(linesep="\r\n", mangle_from_=False)
_LONG_ENOUGH = 32  # digits of a key: with fewer it cannot begin an Outlook conversation
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP


def write_mail(outgoing: OutgoingMail, *, at: datetime) -> bytes:
    """The message as it is sent, text first, then its files (RFC 2046); `at` becomes its Date.

    Raises `Invalid` for an address or message id that cannot stand in a header; line breaks never get into one.
    """
    message = Message(policy=_POLICY)
    message["From"] = _address(outgoing.from_address)
    message["To"] = ",\r\n ".join(_address(address) for address in outgoing.to)
    if outgoing.cc:
        message["Cc"] = ",\r\n ".join(_address(address) for address in outgoing.cc)
    message["Subject"] = _subject(_one_line(outgoing.subject))
    message["Date"] = format_datetime(at.astimezone(UTC))
    message["Message-ID"] = _message_id(outgoing.message_id)
    if outgoing.in_reply_to:
        message["In-Reply-To"] = _message_id(outgoing.in_reply_to)
    if outgoing.references:
        message["References"] = "\r\n ".join(_message_id(one) for one in outgoing.references)
    if len(outgoing.key) >= _LONG_ENOUGH:
        message["Thread-Index"] = thread_index(_key(outgoing.key), at)
    message["X-Enquiry-Ref"] = _one_line(outgoing.reference)
    message["X-Enquiry-Key"] = _key(outgoing.key)
    if outgoing.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message["MIME-Version"] = "1.0"
    if not outgoing.attachments:
        message.set_payload(_sayable(outgoing.body), charset=_UTF8)
        return message.as_bytes(policy=_POLICY)
    boundary = f"=_{_key(outgoing.key)[:_LONG_ENOUGH]}"
    text = Message(policy=_POLICY)
    text.set_payload(_sayable(outgoing.body), charset=_UTF8)
    files = [_file(file, number) for number, file in enumerate(outgoing.attachments, start=1)]
    return _joined(boundary, message, [text.as_bytes(policy=_POLICY), *files])


def _joined(boundary: str, head: Message, parts: Sequence[bytes]) -> bytes:
    """The head and the parts between boundaries: `=_` stands neither in base64 nor in quoted-printable."""
    fence = f"\r\n--{boundary}".encode("ascii")
    fenced = [piece for part in parts for piece in (fence, b"\r\n", part)]
    kind = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n'.encode("ascii")
    return b"".join([head.as_bytes(policy=_POLICY).removesuffix(b"\r\n"), kind, *fenced, fence, b"--\r\n"])


def _file(file: OutgoingFile, number: int) -> bytes:
    """A file as a part: its name without any path, written as RFC 2231 has it where it is more than ASCII."""
    part = Message(policy=_POLICY)
    part["Content-Type"] = _media_type(file.media_type)
    part["Content-Transfer-Encoding"] = "base64"
    name = sendable_name(file.name, number)
    part.add_header("Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name))
    return part.as_bytes(policy=_POLICY) + encodebytes(file.content).replace(b"\n", b"\r\n")


def sendable_name(name: str, number: int) -> str:
    """The name a file goes by in a mail, safe wherever it is saved; one of which nothing is left gets a number."""
    return safe_name(_sayable(name), otherwise=f"file-{number}")


def _media_type(said: str) -> str:
    """The media type; whatever a mail may not carry in base64 as that, or nobody can read, is plain bytes."""
    kind = said.strip().lower()
    simple = re.fullmatch(r"[a-z]{1,30}/[a-z0-9][a-z0-9.+-]{0,100}", kind)
    return kind if simple and not kind.startswith(("message/", "multipart/")) else "application/octet-stream"


def _subject(text: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset=charset, header_name="Subject").encode(linesep="\r\n")


def _one_line(text: str) -> str:
    """The text without line breaks, control characters or halves of characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", _sayable(text)).split())


def _sayable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _address(address: str) -> str:
    if _ADDRESS.fullmatch(address):
        return address
    raise Invalid(
        f"“{_one_line(address)}” is not a mail address.",
        advice="Write it as name@example.org, without spaces or accents.",
    )


def _message_id(text: str) -> str:
    if _MESSAGE_ID.fullmatch(text):
        return text
    raise Invalid(f"“{_one_line(text)}” is not a message id.", advice="Write it as <unique@example.org>.")


def is_message_id(text: str) -> bool:
    """Whether a header of ours may name it; what mails of others call a Message-ID need not be one."""
    return _MESSAGE_ID.fullmatch(text) is not None


def _key(key: str) -> str:
    if re.fullmatch(r"[0-9a-f]{8,128}", key):
        return key
    raise Invalid("The key of this mail is not lower-case hexadecimal.", advice="Compose the mail again.")
