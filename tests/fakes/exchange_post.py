"""What Exchange does to a message on its way: lines added at its head, reports of failure, automatic replies."""

import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Iterable
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses, parseaddr
from hashlib import sha256

from tests.fakes.exchange_items import NON_DELIVERY, NOTE, AutomaticReply

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"^([!-9;-~]+):[^\n]*(?:\n[ \t][^\n]*)*\n?", re.MULTILINE)
_PARSER = BytesHeaderParser()

NO_SUCH_PERSON = ("5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup")
MAILBOX_FULL = ("5.2.2", "STOREDRV.Deliver; mailbox full")
NOT_ACCEPTED = ("5.7.1", "RESOLVER.RST.NotAuthorized; not authorized")
TOO_LARGE = ("5.3.4", "RESOLVER.RST.RecipSizeLimit; message too large for this recipient")


def heading(mime: bytes) -> Message:
    """The header fields of a message, without reading its body."""
    end = _BLANK_LINE.search(mime)
    return _PARSER.parsebytes(mime if end is None else mime[: end.end()])


def with_headers(mime: bytes, *, add: Iterable[tuple[str, str]] = (), drop: Iterable[str] = ()) -> bytes:
    """The same message with these header fields put on top and those of the names in `drop` taken out."""
    unwanted = {name.lower().encode() for name in drop}
    end = _BLANK_LINE.search(mime)
    head, rest = (mime, b"\r\n\r\n") if end is None else (mime[: end.start()], mime[end.start() :])
    kept = _HEADER.sub(lambda field: b"" if field[1].lower() in unwanted else field[0], head + b"\n")
    top = b"".join(f"{name}: {value}\r\n".encode() for name, value in add)
    return top + kept.rstrip(b"\r\n") + rest


def message_id_of(mime: bytes) -> str:
    """The Message-ID with its angle brackets, or nothing."""
    return " ".join(str(heading(mime).get("Message-ID", "")).split())


def sender_of(mime: bytes) -> str:
    """The address in From, in lower case, or nothing."""
    return parseaddr(str(heading(mime).get("From", "")))[1].lower()


def recipients_of(mime: bytes) -> list[str]:
    """Everybody in To, Cc and Bcc once, in order and lower case."""
    head = heading(mime)
    fields = [str(value) for name in ("To", "Cc", "Bcc") for value in head.get_all(name, [])]
    return list(dict.fromkeys(address.lower() for _, address in getaddresses(fields) if "@" in address))


def class_of(mime: bytes) -> str:
    """The item class Exchange gives to a message that comes from elsewhere."""
    content_type = str(heading(mime).get("Content-Type", "")).lower()
    if "multipart/report" in content_type and "delivery-status" in content_type:
        return NON_DELIVERY
    return "IPM.Schedule.Meeting.Request" if "text/calendar" in content_type else NOTE


def conversation_index_of(mime: bytes) -> bytes:
    """Thread-Index as it came, or 22 bytes that begin a conversation."""
    head = heading(mime)
    try:
        given = b64decode(str(head.get("Thread-Index", "")), validate=True)
    except BadBase64:
        given = b""
    if len(given) >= 22:
        return given
    return b"\x01" + sha256(str(head.get("Message-ID", "")).encode()).digest()[:21]


def conversation_topic_of(mime: bytes) -> str:
    """The subject without what answering and forwarding put before it."""
    subject = str(heading(mime).get("Thread-Topic") or heading(mime).get("Subject", ""))
    return re.sub(r"^(?:\s*(?:re|fw|fwd|automatic reply)\s*:)+\s*", "", subject, flags=re.IGNORECASE)


def conversation_id_of(mime: bytes) -> str:
    """One word for a whole conversation, the same in every copy."""
    start = conversation_index_of(mime)[:22] + conversation_topic_of(mime).encode("utf-8", "replace")
    return "AAQk" + sha256(start).hexdigest()[:32] + "="


def received_line(host: str, at: datetime) -> tuple[str, str]:
    """The header field a server adds when it takes a message over."""
    return "Received", f"from {host} (10.0.0.7) by {host} (10.0.0.8) with Microsoft SMTP Server;\r\n {stamp(at)}"


def stamp(at: datetime) -> str:
    """A moment as mail writes it."""
    return format_datetime(at)


def wants_no_automatic_reply(mime: bytes) -> bool:
    """Whether RFC 3834 or the sender forbids answering this message by machine."""
    head = heading(mime)
    if str(head.get("Auto-Submitted", "no")).lower() != "no" or str(head.get("Return-Path", "")).strip() == "<>":
        return True
    suppressed = {word.strip().lower() for word in str(head.get("X-Auto-Response-Suppress", "")).split(",")}
    return bool(suppressed & {"all", "oof", "autoreply"})


def automatic_reply_to(
    mime: bytes, *, reply: AutomaticReply, sender: tuple[str, str], message_id: str, at: datetime
) -> bytes:
    """The absent person's answer; `sender` is their name and address."""
    head = heading(mime)
    answer = EmailMessage()
    answer["From"] = f"{sender[0]} <{sender[1]}>"
    answer["To"] = sender_of(mime)
    answer["Subject"] = f"Automatic reply: {' '.join(str(head.get('Subject', '')).split())}"
    answer["Date"] = stamp(at)
    answer["Message-ID"] = message_id
    answer["In-Reply-To"] = message_id_of(mime)
    answer["References"] = message_id_of(mime)
    answer["Auto-Submitted"] = "auto-replied"
    answer["X-Auto-Response-Suppress"] = "All"
    answer["Return-Path"] = "<>"
    answer.set_content(reply.text)
    return answer.as_bytes().replace(b"\n", b"\r\n")


def non_delivery_report(
    mime: bytes, *, failed: list[tuple[str, tuple[str, str]]], host: str, message_id: str, at: datetime
) -> bytes:
    """The report to the sender that these addresses were not reached, each with its status and reason (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status", boundary="report-" + message_id.strip("<>")[:20])
    report["From"] = f"Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{host}>"
    report["To"] = sender_of(mime)
    report["Subject"] = f"Undeliverable: {' '.join(str(heading(mime).get('Subject', '')).split())}"
    report["Date"] = stamp(at)
    report["Message-ID"] = message_id
    report["In-Reply-To"] = message_id_of(mime)
    report["References"] = message_id_of(mime)
    report["Auto-Submitted"] = "auto-replied"
    report["Return-Path"] = "<>"
    report.attach(MIMEText("Delivery has failed to these recipients:\n" + "\n".join(who for who, _ in failed)))
    report.attach(message_from_string("Content-Type: message/delivery-status\n\n" + _delivery_status(failed, host, at)))
    original = BytesHeaderParser().parsebytes(mime)
    report.attach(MIMEMessage(original))
    return re.sub(rb"\r?\n", b"\r\n", report.as_bytes())


def _delivery_status(failed: list[tuple[str, tuple[str, str]]], host: str, at: datetime) -> str:
    blocks = [f"Reporting-MTA: dns;{host}\nArrival-Date: {stamp(at)}\n"]
    blocks += [
        f"Final-Recipient: rfc822;{who}\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp;550 {status} {why}\n"
        for who, (status, why) in failed
    ]
    return "\n".join(blocks)
