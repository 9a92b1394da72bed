"""Working through the tray: what a mail would be as an enquiry, and putting aside what is no casework."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from member_tracker.domain.dates import LONDON
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.values import one_line, plain_text
from member_tracker.domain.vocabulary import Channel
from member_tracker.services.filing import file_by_hand, tray_mail
from member_tracker.services.parts import App, author_of

_REPLY = re.compile(r"^\s*(?:(?:re|fw|fwd|aw|wg|ymateb)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FromMail:
    """An enquiry begun from a mail in the tray: the fields of the form that logs it, for a person to check."""

    mail_id: str
    fields: Mapping[str, object]


def begun_from(mail: ReceivedMail) -> FromMail:
    """What a mail would be as an enquiry: its sender the resident, its text the question, received when it came."""
    received = mail.received_at.astimezone(LONDON)
    return FromMail(
        mail_id=mail.id,
        fields={
            "resident": one_line(mail.from_name),
            "email": one_line(mail.from_address),
            "subject": _REPLY.sub("", one_line(mail.subject)),
            "text": plain_text(mail.reply_text or mail.text),
            "channel": Channel.EMAIL.value,
            "received": f"{received:%d/%m/%Y %H:%M}",
        },
    )


def put_aside(app: App, mail_id: str) -> None:
    """Take a mail out of the tray as no casework; it stays kept and found, and can be taken back."""
    _move(app, mail_id, MailPlace.TRAY, MailPlace.ASIDE, "This mail is not in the tray any more.")


def take_back(app: App, mail_id: str) -> None:
    """Put a mail that was put aside into the tray again."""
    _move(app, mail_id, MailPlace.ASIDE, MailPlace.TRAY, "This mail was not put aside.")


def file_with_new(app: App, mail_id: str, enquiry_id: EnquiryId) -> None:
    """File the mail an enquiry was begun from; where somebody has filed it meanwhile it stays there."""
    with app.store.reading() as tx:
        waits = tray_mail(tx, mail_id).place is MailPlace.TRAY
    if waits:
        file_by_hand(app, mail_id, enquiry_id)


def _move(app: App, mail_id: str, here: MailPlace, there: MailPlace, otherwise: str) -> None:
    with app.store.writing(author=author_of(app)) as tx:
        mail = tray_mail(tx, mail_id)
        if mail.place is not here or mail.enquiry_id is not None:
            raise NotAllowed(otherwise, advice="Look at the tray again.")
        tx.save(replace(mail, place=there))
