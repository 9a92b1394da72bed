"""What a message says, as an object for other programs: read without a profile, a store or a connection."""

from datetime import date, datetime
from functools import cache

from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.dates import local_date
from member_tracker.domain.reading import Reading, WorkingDays, read_reply
from member_tracker.mail.mailbox import Refused
from member_tracker.mail.mime import read_mail
from member_tracker.services.shipped_councils import ShippedCouncil, calendar_of

Value = str | int | list[str] | list[dict[str, str | int]] | None

_NO_DAY = date(1970, 1, 1)


def mail_read_object(name: str, raw: bytes, *, calendar: WorkingDays | None = None) -> dict[str, Value]:
    """One message as `mail read` prints it: `from` an address, `to` a list, times and dates ISO or null.

    Dates are counted from the day it came, working days by `calendar`: without one, that of England and Wales.
    """
    mail = read_mail(raw)
    came_on = local_date(mail.received_at) if mail.received_at else None
    says = read_reply(mail, received_on=came_on or _NO_DAY, calendar=calendar or _england_and_wales())
    return {
        "file": name,
        "kind": says.kind.value,
        "from": mail.from_address,
        "to": list(mail.to),
        "subject": mail.subject,
        "sent_at": _iso(mail.sent_at),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": list(mail.references),
        "reply_text": mail.reply_text,
        **_says(says, dated=came_on is not None),
        "attachments": _attachments(mail),
        "defects": list(mail.defects),
    }


def refused_object(refused: Refused) -> dict[str, Value]:
    """The object of a file that could not be opened: the same names, and why in `defects`."""
    return mail_read_object(refused.name, b"") | {"defects": [refused.reason]}


def _says(says: Reading, *, dated: bool) -> dict[str, Value]:
    """The reading; where no day is known to count from, it gives no dates."""
    return {
        "proposal": says.proposal.value,
        "sentence": says.sentence or None,
        "promised_on": _iso(says.promised_on) if dated else None,
        "returns_on": _iso(says.returns_on) if dated else None,
    }


def _attachments(mail: IncomingMail) -> list[dict[str, str | int]]:
    return [{"name": one.name, "media_type": one.media_type, "size": one.size} for one in mail.attachments]


def _iso(when: date | datetime | None) -> str | None:
    return when.isoformat() if when else None


@cache
def _england_and_wales() -> WorkingDays:
    return calendar_of(ShippedCouncil(name="England and Wales"))
