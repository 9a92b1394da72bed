"""Keeping what a holding reply that was received says, and what it leaves out."""

from dataclasses import replace
from datetime import date, datetime

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.holding_reading import holding_said
from member_tracker.domain.mailbag import ReceivedMail
from member_tracker.domain.promise import Promise, give


def said_in(mail: ReceivedMail, *, promised_on: date | None) -> HoldingReply:
    """What a mail says of what a holding reply owes, and so what it leaves out, before anybody accepts it as one."""
    return holding_said(mail.reply_text, sender=mail.from_name, promised_on=promised_on)


def keep_holding(
    enquiry: Enquiry, mail: ReceivedMail, said: HoldingReply, *, promised_on: date | None, at: datetime
) -> Enquiry:
    """The enquiry with the holding reply of `mail`, gaps and all, and the day it promises.

    `said` is what a person adds or says differently; empty, or no date, leaves what the mail says.
    """
    read = said_in(mail, promised_on=promised_on)
    holding = HoldingReply(
        who=said.who or read.who,
        why=said.why or read.why,
        promised_on=promised_on,
        urgent_number=said.urgent_number or read.urgent_number,
    )
    if promised_on is None:
        return replace(enquiry, holding=holding)
    new = Promise(promised_on=promised_on, made_at=at, made_by=mail.from_name.strip() or mail.from_address)
    return replace(enquiry, holding=holding, promises=give(enquiry.promises, new))
