"""Mail of ours that came back: known by what the bounce encloses, and marked so that somebody looks at it."""

import re
from dataclasses import replace

from member_tracker.domain.correspondence import IncomingMail
from member_tracker.domain.enquiry import EnquiryId
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.services.knowing import sent_mails
from member_tracker.store.store import Transaction

_ACTION = re.compile(r"^Action:[ \t]*(\w+)", re.MULTILINE | re.IGNORECASE)
_NOT_YET_LOST = frozenset({"delayed", "delivered", "relayed", "expanded"})


def mark_bounced(tx: Transaction, bounce: IncomingMail, enquiry_id: EnquiryId | None) -> None:
    """Mark what was returned as not delivered; a notice that a mail is merely late marks nothing."""
    actions = {action.casefold() for action in _ACTION.findall(bounce.text)}
    if actions and actions <= _NOT_YET_LOST:
        return
    for sent in _returned(tx, bounce, enquiry_id):
        if sent.state is OutgoingState.SENT:
            tx.save(replace(sent, state=OutgoingState.BOUNCED, problem="It was returned: not delivered."))


def _returned(tx: Transaction, bounce: IncomingMail, enquiry_id: EnquiryId | None) -> tuple[QueuedMail, ...]:
    """Our mails the bounce encloses, by Message-ID or key; where it gives only a reference, the one that was sent."""
    by_id = sent_mails(tx, (*bounce.original_message_ids, *bounce.in_reply_to))
    by_key = tuple(mail for key in bounce.original_keys for mail in tx.every(QueuedMail, key=key))
    if by_id or by_key or enquiry_id is None:
        return (*by_id, *by_key)
    gone = tuple(mail for mail in tx.every(QueuedMail, enquiry_id=enquiry_id) if mail.state is not OutgoingState.QUEUED)
    return gone if len(gone) == 1 else ()
