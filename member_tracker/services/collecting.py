"""Bringing mail in: each mail is kept once, matched, read and proposed; nothing is decided without a person."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from member_tracker.domain.correspondence import Attachment, IncomingMail, TimeSource, mail_identity
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import UNFORESEEN, NotAllowed, NotFound
from member_tracker.domain.mailbag import Likely, MailAttachment, MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.matching import Decision, Match, match
from member_tracker.domain.reading import Reading as WhatItSays
from member_tracker.domain.reading import read_reply
from member_tracker.domain.reading_kind import classify
from member_tracker.domain.senders import SenderRole
from member_tracker.domain.timeline import EntryKind, MailId, Suggestion, SuggestionId, SuggestionState
from member_tracker.domain.vocabulary import MailKind, OutgoingState
from member_tracker.mail.files import read_messages
from member_tracker.mail.mailbox import Arrival, Cursor, Refused
from member_tracker.mail.mime import read_mail
from member_tracker.services.enquiries import effect_of, write_entry
from member_tracker.services.knowing import StoreLookup
from member_tracker.services.lists import tray
from member_tracker.services.parts import App, author_of, the_council
from member_tracker.services.post import remote_work
from member_tracker.store.store import Reading, Transaction


@dataclass(slots=True, kw_only=True)
class Collected:
    """What came of collecting: `read` is every message looked at, and each of those is new, known or refused."""

    read: int = 0
    new: int = 0
    known: int = 0
    filed: int = 0
    tray: int = 0
    automatic: int = 0
    refused: int = 0
    notices: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, int]:
        """The counts in the form of `mail collect`."""
        return {name: count for name, count in asdict(self).items() if isinstance(count, int)}


def collect(app: App, source: Path | None = None) -> Collected:
    """Read the profile's mailbox, or every message under `source`, and keep what is new."""
    collected = Collected()
    with remote_work(app):
        if source is not None:
            for arrival in arrivals_in(source, collected):
                _take(app, arrival, collected, cursor=None)
        else:
            _read_mailbox(app, collected)
    return collected


def _read_mailbox(app: App, collected: Collected) -> None:
    """Page after page; how far it was read is kept in the same transaction as the page's last mail."""
    with app.store.reading() as tx:
        said = tx.local(_CURSOR)
    cursor = Cursor(said) if said else None
    more = True
    while more:
        page = app.mailbox.arrivals(cursor)
        collected.refused += len(page.refused)
        collected.read += len(page.refused)
        collected.notices += [f"{refused.name}: {refused.reason}" for refused in page.refused]
        for arrival in page.page[:-1]:
            _take(app, arrival, collected, cursor=None)
        if page.page:
            _take(app, page.page[-1], collected, cursor=page.cursor)
        elif page.cursor != cursor:
            with app.store.writing(author=None) as tx:
                tx.set_local(_CURSOR, page.cursor)
        cursor, more = page.cursor, page.more


def arrivals_in(source: Path, collected: Collected) -> Iterable[Arrival]:
    """Every message under `source`; files that cannot be read are counted and named."""
    refusals: list[Refused] = []
    for name, raw in read_messages([source], refused=refusals.append):
        yield Arrival(name=name, raw=raw, provider_id=name)
    collected.refused += len(refusals)
    collected.read += len(refusals)
    collected.notices += [f"{refused.name}: {refused.reason}" for refused in refusals]


def _take(app: App, arrival: Arrival, collected: Collected, *, cursor: Cursor | None) -> None:
    """Keep one mail: parsed before the transaction, then matched, read and placed within it."""
    mail = _parsed(arrival)
    collected.read += 1
    with app.store.writing(author=None) as tx:
        identity = MailId(mail_identity(the_council(tx).id, mail))
        kept = tx.find(ReceivedMail, identity)
        if kept is not None or _is_our_own_copy(tx, mail):
            collected.known += 1
            if kept is not None and kept.content_hash != mail.content_hash and _keep_other(tx, kept, arrival.raw):
                collected.notices.append(f"{arrival.name}: {_ANOTHER}")
        else:
            place = _keep(app, tx, identity, mail, arrival.raw)
            collected.new += 1
            collected.filed += place is MailPlace.FILED
            collected.tray += place is MailPlace.TRAY
            collected.automatic += place is MailPlace.AUTOMATIC
        if cursor is not None:
            tx.set_local(_CURSOR, cursor)


def _parsed(arrival: Arrival) -> IncomingMail:
    try:
        return read_mail(arrival.raw, received_at=arrival.received_at, item_class=arrival.item_class)
    except UNFORESEEN as problem:
        return IncomingMail(
            message_id=None,
            received_at=arrival.received_at,
            content_hash=hashlib.sha256(arrival.raw).hexdigest(),
            defects=(f"It could not be taken apart ({type(problem).__name__}).",),
        )


def _keep(app: App, tx: Transaction, identity: MailId, mail: IncomingMail, raw: bytes) -> MailPlace:
    """Store the mail with its original bytes, placed where it belongs."""
    try:
        kind, _ = classify(mail)
        found = match(mail, StoreLookup(tx), kind=kind, own_addresses=(app.profile.settings().from_address,))
        says = _read(app, tx, mail, found.sender_role)
    except UNFORESEEN as problem:
        mail = replace(mail, defects=(*mail.defects, f"It could not be understood ({type(problem).__name__})."))
        kind, found = MailKind.HUMAN, Match(decision=Decision.TRAY, why="it could not be understood")
        says = WhatItSays(kind=kind)
    received = _received(app, tx, identity=identity, mail=mail, says=says, found=found, raw=raw)
    tx.save(received)
    if received.enquiry_id is not None:
        enquiry = tx.get(Enquiry, received.enquiry_id)
        _write_mail_entry(app, tx, enquiry, received)
        if received.place is MailPlace.FILED and not found.is_forward:
            tx.save(_suggestion(app, received, enquiry, says, _doubt(mail)))
    if kind is MailKind.BOUNCE:
        _mark_bounced(tx, mail)
    return received.place


_ANOTHER = "Another message came under the same Message-ID; it is kept beside the first."


def _keep_other(tx: Transaction, kept: ReceivedMail, raw: bytes) -> bool:
    """Keep what came under a Message-ID already known but says something else; whether it was new."""
    original = tx.keep_original(raw, "message/rfc822")
    if original in (kept.original, *kept.other_originals):
        return False
    defects = tuple(dict.fromkeys((*kept.defects, _ANOTHER)))
    tx.save(replace(kept, other_originals=(*kept.other_originals, original), defects=defects))
    return True


def _read(app: App, tx: Reading, mail: IncomingMail, role: SenderRole) -> WhatItSays:
    """What the mail says; a stranger's is read as an officer's would be, for a person to place."""
    council = the_council(tx)
    return read_reply(
        mail,
        received_on=local_date(mail.received_at or app.now()),
        calendar=app.charters.calendar(council.name, council.closure_days),
        sender=SenderRole.SERVICE_AREA if role is SenderRole.UNKNOWN else role,
    )


def _received(
    app: App,
    tx: Transaction,
    *,
    identity: MailId,
    mail: IncomingMail,
    says: WhatItSays,
    found: Match,
    raw: bytes,
) -> ReceivedMail:
    """The mail as it is kept, its original bytes first."""
    now = app.now()
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
    )


def _keep_attachment(tx: Transaction, part: Attachment) -> MailAttachment:
    """The attachment as it is kept: its bytes under their checksum, once however many mails bring them."""
    if part.content is not None:
        tx.keep_original(part.content, part.media_type)
    return MailAttachment(name=part.name, media_type=part.media_type, size=part.size, sha256=part.sha256)


def file_by_hand(app: App, mail_id: str, enquiry_id: EnquiryId) -> None:
    """Put a mail from the tray with an enquiry; what it proposes then waits for a decision."""
    with app.store.writing(author=author_of(app)) as tx:
        mail = tray_mail(tx, mail_id)
        if mail.enquiry_id is not None and mail.place is not MailPlace.TRAY:
            raise NotAllowed("This mail is filed already.", advice="Take it back first: member-tracker mail unfile ID")
        enquiry = tx.get(Enquiry, enquiry_id)
        place = MailPlace.FILED if mail.kind is MailKind.HUMAN else MailPlace.AUTOMATIC
        filed = replace(mail, place=place, enquiry_id=enquiry.id)
        tx.save(filed)
        _write_mail_entry(app, tx, enquiry, filed)
        if place is MailPlace.FILED:
            original = read_mail(tx.original(mail.original))
            doubt = _doubt(original) if original.received_at in (mail.received_at, None) else None
            original = replace(original, received_at=mail.received_at)
            role = StoreLookup(tx).candidate(enquiry).role_of(mail.from_address)
            tx.save(_suggestion(app, filed, enquiry, _read(app, tx, original, role), doubt))


def unfile_by_hand(app: App, mail_id: str) -> None:
    """Take a mail away from its enquiry; it goes back to the tray and does not file itself there again."""
    with app.store.writing(author=author_of(app)) as tx:
        mail = tray_mail(tx, mail_id)
        if mail.enquiry_id is None:
            raise NotAllowed("This mail is not filed anywhere.", advice="It lies in the tray: member-tracker mail tray")
        enquiry = tx.get(Enquiry, mail.enquiry_id)
        decided = tx.every(Suggestion, mail_id=mail.id, enquiry_id=enquiry.id)
        if any(found.state is SuggestionState.ACCEPTED for found in decided):
            raise NotAllowed(
                "What this mail proposed was already accepted.",
                advice=f"It is part of what happened to {enquiry.reference}; add a note there if it was a mistake.",
            )
        for suggestion in decided:
            tx.save(replace(suggestion, state=SuggestionState.DISMISSED, decided_at=app.now()))
        unfiled_from = tuple(dict.fromkeys((*mail.unfiled_from, enquiry.id)))
        tx.save(replace(mail, place=MailPlace.TRAY, enquiry_id=None, unfiled_from=unfiled_from))
        write_entry(tx, app, enquiry, EntryKind.UNFILED, f"Mail from {mail.from_address} taken away again.")


def tray_mail(tx: Reading, mail_id: str) -> ReceivedMail:
    """The mail of that id; raises `NotFound` with advice."""
    found = tx.find(ReceivedMail, mail_id.strip().casefold())
    if found is None:
        raise NotFound(f"There is no mail “{mail_id}”.", advice="Look it up: member-tracker mail tray")
    return found


def tray_as_json(app: App) -> list[dict[str, object]]:
    """The tray in the form of `mail tray`."""
    return [
        {
            "id": mail.id,
            "from": mail.from_address,
            "subject": mail.subject,
            "candidates": [
                {"reference": likely.reference, "score": likely.score, "signals": list(likely.signals)}
                for likely in mail.candidates
            ],
        }
        for mail in tray(app)
    ]


_CURSOR = "mailbox_cursor"


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


def _suggestion(app: App, mail: ReceivedMail, enquiry: Enquiry, says: WhatItSays, doubt: str | None) -> Suggestion:
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


def _doubt(mail: IncomingMail) -> str | None:
    """Why the time a mail arrived is not sure, in words; None where the server or a mail host wrote it down."""
    match mail.received_at_source:
        case TimeSource.DATE_HEADER:
            return "Only the sender's own date says when it came."
        case TimeSource.UNKNOWN:
            return "The mail does not say when it came, so the time it was collected counts."
        case _:
            return None


def _write_mail_entry(app: App, tx: Transaction, enquiry: Enquiry, mail: ReceivedMail) -> None:
    text = f"{mail.kind.words}: mail from {mail.from_address}: {mail.subject}"
    details = {"mail": mail.id, "kind": mail.kind.value}
    write_entry(tx, app, enquiry, EntryKind.MAIL, text, at=mail.received_at, details=details)


def _is_our_own_copy(tx: Reading, mail: IncomingMail) -> bool:
    """Whether this is a mail of ours coming back from a Sent Items or copied to ourselves."""
    if mail.message_id is None:
        return False
    sent = tx.every(QueuedMail, message_id=mail.message_id)
    return any(ours.from_address.casefold() == mail.from_address.casefold() for ours in sent)


def _mark_bounced(tx: Transaction, mail: IncomingMail) -> None:
    """A mail of ours that a bounce returns is known not to have arrived."""
    for message_id in mail.original_message_ids:
        for sent in tx.every(QueuedMail, message_id=message_id, state=OutgoingState.SENT):
            tx.save(replace(sent, state=OutgoingState.BOUNCED, problem="It was returned: not delivered."))
