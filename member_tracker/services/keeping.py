"""Keeping one mail that came in: matched, read, placed where it belongs, with what it proposes for a person."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from member_tracker.domain.correspondence import Attachment, IncomingMail, TimeSource
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import UNFORESEEN
from member_tracker.domain.loops import MOST_RETURNS, RETURNS_COUNTED_OVER
from member_tracker.domain.mailbag import Likely, MailAttachment, MailPlace, ReceivedMail
from member_tracker.domain.matching import Decision, Match, match
from member_tracker.domain.people import Council, PersonId
from member_tracker.domain.reading import Reading as WhatItSays
from member_tracker.domain.reading import WorkingDays, read_reply
from member_tracker.domain.reading_kind import classify, may_be_automatic
from member_tracker.domain.senders import SenderRole
from member_tracker.domain.timeline import Entry, EntryId, EntryKind, MailId, Suggestion, SuggestionId
from member_tracker.domain.vocabulary import MailKind, Status
from member_tracker.services.bounces import mark_bounced
from member_tracker.services.enquiries import effect_of
from member_tracker.services.knowing import StoreLookup, sent_mails
from member_tracker.services.parts import App, me, the_council
from member_tracker.store.store import Reading, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is the same for every mail of a transaction: looked up once."""

    app: App
    council: Council
    calendar: WorkingDays
    own_addresses: tuple[str, ...]
    author: PersonId | None
    lookup: StoreLookup


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a mail is, says and belongs to."""

    mail: IncomingMail
    says: WhatItSays
    found: Match


def surroundings(app: App, tx: Reading) -> Surroundings:
    """Look up what does not change from mail to mail."""
    council = the_council(tx)
    return Surroundings(
        app=app,
        council=council,
        calendar=app.charters.calendar(council.name, council.closure_days),
        own_addresses=tuple(map(str.casefold, app.profile.settings().own_addresses)),
        author=me(tx),
        lookup=StoreLookup(tx),
    )


def keep(around: Surroundings, tx: Transaction, identity: MailId, mail: IncomingMail, raw: bytes) -> MailPlace:
    """Store a new mail with its original bytes, placed where it belongs."""
    understood = understand(around, tx, mail)
    received = _received(around, tx, identity, understood, raw)
    tx.save(received)
    follow_up(around, tx, received, understood)
    if understood.says.kind is MailKind.BOUNCE:
        mark_bounced(tx, understood.mail, received.enquiry_id)
    return received.place


def place_again(around: Surroundings, tx: Transaction, kept: ReceivedMail, mail: IncomingMail) -> ReceivedMail:
    """Match a mail from the tray once more; it files itself where what it answers has become known meanwhile."""
    understood = understand(around, tx, mail, kept=kept)
    found, says = understood.found, understood.says
    placed = replace(
        kept,
        place=_place(says.kind, found),
        enquiry_id=found.enquiry_id,
        candidates=_likely(found),
        mentions=tuple(dict.fromkeys((*kept.mentions, *found.mentions))),
        forwarded=found.is_forward,
        proposal=says.proposal,
        sentence=says.sentence or None,
        others=says.other_proposals,
        promised_on=says.promised_on,
    )
    tx.save(placed)
    if placed.enquiry_id is not None:
        follow_up(around, tx, placed, understood)
    return placed


def understand(
    around: Surroundings, tx: Reading, mail: IncomingMail, *, kept: ReceivedMail | None = None
) -> Understood:
    """What the mail is, where it belongs and what it says; one nobody thought of is left to a person."""
    try:
        made = classify(mail)
        if made[0] is MailKind.HUMAN and may_be_automatic(mail):
            made = classify(mail, our_mail_sent_at=_answered_mail_sent_at(tx, mail))
        never = kept.unfiled_from if kept else ()
        found = match(mail, around.lookup, kind=made[0], own_addresses=around.own_addresses, never=never)
        return Understood(mail=mail, says=read_as(around, mail, found.sender_role, made=made), found=found)
    except UNFORESEEN as problem:
        doubtful = replace(mail, defects=(*mail.defects, f"It could not be understood ({type(problem).__name__})."))
        nowhere = Match(decision=Decision.TRAY, why="it could not be understood")
        return Understood(mail=doubtful, says=WhatItSays(kind=MailKind.HUMAN), found=nowhere)


def _answered_mail_sent_at(tx: Reading, mail: IncomingMail) -> datetime | None:
    return max((sent.sent_at for sent in sent_mails(tx, mail.in_reply_to) if sent.sent_at), default=None)


def read_as(
    around: Surroundings, mail: IncomingMail, role: SenderRole, *, made: tuple[MailKind, str] | None = None
) -> WhatItSays:
    """What the mail says; a stranger's is read as an officer's would be, for a person to place."""
    return read_reply(
        mail,
        received_on=local_date(mail.received_at or around.app.now()),
        calendar=around.calendar,
        sender=SenderRole.SERVICE_AREA if role is SenderRole.UNKNOWN else role,
        made=made,
    )


def follow_up(around: Surroundings, tx: Transaction, received: ReceivedMail, understood: Understood) -> None:
    """What a mail leaves behind in the timelines of the enquiries it belongs to or names."""
    if received.enquiry_id is not None:
        enquiry = tx.get(Enquiry, received.enquiry_id)
        write_mail_entry(around, tx, enquiry, received)
        if received.place is MailPlace.FILED and not received.forwarded:
            tx.save(suggestion_of(around.app, received, enquiry, understood.says, doubt_about(understood.mail)))
    for mentioned in received.mentions:
        text = f"Named in a mail from {received.from_address} that is not filed here: {received.subject}"
        _write(around, tx, tx.get(Enquiry, mentioned), received, text)
    if received.returned_key is not None:
        _notice_loop(around, tx, received, received.returned_key)


def _notice_loop(around: Surroundings, tx: Transaction, received: ReceivedMail, key: str) -> None:
    """Tell a person, once, that mail of ours comes back again and again."""
    since = around.app.now() - RETURNS_COUNTED_OVER
    if tx.times_returned(key, since) != MOST_RETURNS + 1:
        return
    for candidate in around.lookup.by_keys((key,)).values():
        text = (
            f"A mail of ours came back more than {MOST_RETURNS} times within the hour, last from "
            f"{received.from_address}. No reminders are sent for this until that has ended."
        )
        _write(around, tx, tx.get(Enquiry, candidate.enquiry_id), received, text, kind=EntryKind.NOTE)


def _received(
    around: Surroundings, tx: Transaction, identity: MailId, understood: Understood, raw: bytes
) -> ReceivedMail:
    """The mail as it is kept, its original bytes first."""
    mail, says, found = understood.mail, understood.says, understood.found
    now = around.app.now()
    return ReceivedMail(
        id=identity,
        message_id=mail.message_id,
        content_hash=mail.content_hash,
        original=tx.keep_original(raw, "message/rfc822"),
        from_address=mail.from_address,
        from_name=mail.from_name,
        to=mail.to,
        subject=mail.subject,
        received_at=mail.received_at or now,
        collected_at=now,
        kind=says.kind,
        proposal=says.proposal,
        place=_place(says.kind, found),
        reply_text=mail.reply_text,
        text=mail.text,
        sent_at=mail.sent_at,
        in_reply_to=mail.in_reply_to[0] if mail.in_reply_to else None,
        references=mail.references,
        sentence=says.sentence or None,
        others=says.other_proposals,
        promised_on=says.promised_on,
        returns_on=says.returns_on,
        enquiry_id=found.enquiry_id,
        candidates=_likely(found),
        attachments=tuple(_keep_attachment(tx, part) for part in mail.attachments),
        defects=mail.defects,
        alternative_contact=says.alternative_contact,
        mentions=found.mentions,
        forwarded=found.is_forward,
        thread_key=mail.thread_key or None,
        returned_key=_returned_key(around, mail),
    )


def _returned_key(around: Surroundings, mail: IncomingMail) -> str | None:
    """The key of a mail of ours that somebody else sends back to us, in its head or enclosed."""
    if mail.from_address.casefold() in around.own_addresses:
        return None
    keys = [key for key in (mail.enquiry_key, *mail.original_keys) if key]
    return next(iter(around.lookup.by_keys(keys)), None) if keys else None


def _keep_attachment(tx: Transaction, part: Attachment) -> MailAttachment:
    """The attachment as it is kept: its bytes under their checksum, once however many mails bring them."""
    if part.content is not None:
        tx.keep_original(part.content, part.media_type)
    return MailAttachment(name=part.name, media_type=part.media_type, size=part.size, sha256=part.sha256)


def _place(kind: MailKind, found: Match) -> MailPlace:
    """Automatic mail never lies in the tray; the rest is filed, our own, or waits there for a person."""
    if kind is not MailKind.HUMAN:
        return MailPlace.AUTOMATIC
    match found.decision:
        case Decision.FILE:
            return MailPlace.FILED
        case Decision.OWN:
            return MailPlace.OWN
        case Decision.TRAY:
            return MailPlace.TRAY


def _likely(found: Match) -> tuple[Likely, ...]:
    return tuple(
        Likely(
            enquiry_id=ranked.candidate.enquiry_id,
            reference=ranked.candidate.reference,
            score=ranked.score,
            signals=ranked.words,
        )
        for ranked in found.candidates
    )


def suggestion_of(app: App, mail: ReceivedMail, enquiry: Enquiry, says: WhatItSays, doubt: str | None) -> Suggestion:
    """What the mail proposes for its enquiry; the same on every laptop that reads it."""
    name = f"suggestion:{enquiry.id}:{len(mail.unfiled_from)}"
    suggestion = Suggestion(
        id=SuggestionId(str(uuid.uuid5(uuid.UUID(mail.id), name))),
        enquiry_id=enquiry.id,
        mail_id=mail.id,
        kind=says.kind,
        proposal=says.proposal,
        others=says.other_proposals,
        sentence=says.sentence or None,
        arrived_at=mail.received_at,
        collected_at=mail.collected_at,
        promised_on=says.promised_on,
        returns_on=says.returns_on,
        arrived_doubt=doubt,
    )
    return replace(suggestion, arrived_doubt=effect_of(suggestion, enquiry, None, app.now())[1])


def doubt_about(mail: IncomingMail) -> str | None:
    """Why the time a mail arrived is not sure, in words; None where the server or a mail host wrote it down."""
    match mail.received_at_source:
        case TimeSource.DATE_HEADER:
            return "Only the sender's own date says when it came."
        case TimeSource.UNKNOWN:
            return "The mail does not say when it came, so the time it was collected counts."
        case _:
            return None


def write_mail_entry(around: Surroundings, tx: Transaction, enquiry: Enquiry, mail: ReceivedMail) -> None:
    """Say in the timeline of its enquiry that a mail came."""
    what = "Forwarded copy" if mail.forwarded else mail.kind.words
    text = f"{what}: mail from {mail.from_address}: {mail.subject}"
    if enquiry.status is Status.CLOSED and mail.kind is MailKind.HUMAN:
        text += " It came after this was closed. Reopen it?"
    _write(around, tx, enquiry, mail, text)


def _write(
    around: Surroundings,
    tx: Transaction,
    enquiry: Enquiry,
    mail: ReceivedMail,
    text: str,
    *,
    kind: EntryKind = EntryKind.MAIL,
) -> None:
    name = f"entry:{kind.value}:{enquiry.id}:{len(mail.unfiled_from)}"
    identity = EntryId(str(uuid.uuid5(uuid.UUID(mail.id), name)))  # the same on every computer that reads the mail
    if tx.find(Entry, identity) is not None:
        return
    entry = Entry(
        id=identity,
        enquiry_id=enquiry.id,
        kind=kind,
        at=mail.received_at,
        written_at=around.app.now(),
        author=around.author,
        text=text,
        details={"mail": mail.id, "kind": mail.kind.value},
    )
    tx.add(entry)
