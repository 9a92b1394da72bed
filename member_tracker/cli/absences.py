"""Who is away, as their automatic replies say, in words for people at a terminal."""

from collections.abc import Mapping
from datetime import date

from member_tracker.domain.dates import day_in_words
from member_tracker.domain.vocabulary import MailKind


def absences_in_words(enquiry: Mapping[str, object]) -> list[str]:
    """What the newest automatic reply of each sender says of their absence, after a line of its own; else nothing."""
    newest: dict[str, Mapping[str, object]] = {}
    mails = enquiry["mails"]
    for mail in mails if isinstance(mails, list) else []:
        if mail["kind"] == MailKind.AUTO_REPLY.value and (mail["returns_on"] or mail["alternative_contact"]):
            sender = str(mail["from"]).casefold()
            if sender not in newest or str(newest[sender]["received_at"]) <= str(mail["received_at"]):
                newest[sender] = mail
    if not newest:
        return []
    return ["", "Who is away", *(f"  {_absence(mail)}" for mail in newest.values())]


def _absence(mail: Mapping[str, object]) -> str:
    returns_on, contact = mail["returns_on"], mail["alternative_contact"]
    until = f" until {day_in_words(date.fromisoformat(str(returns_on)))}" if returns_on else ""
    instead = f"; contact instead: {contact}" if contact else ""
    return f"{mail['from']} is away{until}{instead}."
