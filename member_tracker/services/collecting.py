"""Bringing mail in: each mail is kept once, and nothing it proposes is done without a person."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from member_tracker.domain.correspondence import IncomingMail, mail_identity
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import UNFORESEEN, NotAllowed, NotFound
from member_tracker.domain.mailbag import MailPlace, QueuedMail, ReceivedMail
from member_tracker.domain.matching import Signal
from member_tracker.domain.reference import find_references
from member_tracker.domain.timeline import EntryKind, MailId, Suggestion, SuggestionState
from member_tracker.domain.vocabulary import MailKind
from member_tracker.mail.files import read_messages
from member_tracker.mail.mailbox import Arrival, Cursor, Refused
from member_tracker.mail.mime import read_mail
from member_tracker.services.bounces import mark_bounced
from member_tracker.services.enquiries import write_entry
from member_tracker.services.keeping import (
    Surroundings,
    doubt_about,
    keep,
    place_again,
    read_as,
    suggestion_of,
    surroundings,
    write_mail_entry,
)
from member_tracker.services.knowing import StoreLookup
from member_tracker.services.lists import tray
from member_tracker.services.parts import App, author_of
from member_tracker.services.post import remote_work
from member_tracker.store.store import Reading, Transaction

AT_ONCE = 100  # mails kept in one transaction: others wait meanwhile
BYTES_AT_ONCE = 4_000_000
TRIED_AGAIN_FOR = timedelta(days=7)
MOST_TRIED_AGAIN = 50
BY_NAME = Signal.THREAD_OTHER_TOPIC.score  # from here on a sign names the enquiry, below it only fits


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

    def add(self, other: "Collected") -> None:
        """Count what came of some of the mails with the rest."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def collect(app: App, source: Path | None = None) -> Collected:
    """Read the profile's mailbox, or every message under `source`, and keep what is new."""
    collected = Collected()
    with remote_work(app):
        if source is not None:
            for some in _in_batches(arrivals_in(source, collected)):
                collected.add(_take(app, some))
        else:
            _read_mailbox(app, collected)
        _try_tray_again(app, collected)
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
        batches = list(_in_batches(page.page))
        for number, some in enumerate(batches, start=1):
            collected.add(_take(app, some, cursor=page.cursor if number == len(batches) else None))
        if not batches and page.cursor != cursor:
            with app.store.writing(author=None) as tx:
                tx.set_local(_CURSOR, page.cursor)
        cursor, more = page.cursor, page.more


def _in_batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """As many mails together as are soon kept in one transaction; a large one by itself."""
    some: list[Arrival] = []
    size = 0
    for arrival in arrivals:
        if some and (len(some) >= AT_ONCE or size + len(arrival.raw) > BYTES_AT_ONCE):
            yield some
            some, size = [], 0
        some.append(arrival)
        size += len(arrival.raw)
    if some:
        yield some


def arrivals_in(source: Path, collected: Collected) -> Iterable[Arrival]:
    """Every message under `source`; files that cannot be read are counted and named."""
    refusals: list[Refused] = []
    for name, raw in read_messages([source], refused=refusals.append):
        yield Arrival(name=name, raw=raw, provider_id=name)
    collected.refused += len(refusals)
    collected.read += len(refusals)
    collected.notices += [f"{refused.name}: {refused.reason}" for refused in refusals]


def _take(app: App, some: Sequence[Arrival], *, cursor: Cursor | None = None) -> Collected:
    """Keep some mails in one transaction: all of them, or none where anything fails, and they come again.

    Where one cannot be written down as it was read, each is tried by itself, and that one kept by its bytes alone.
    """
    mails = [_parsed(arrival) for arrival in some]
    try:
        return _keep_all(app, list(zip(some, mails, strict=True)), cursor)
    except UNFORESEEN as problem:
        if len(some) > 1:
            collected = Collected()
            for number, arrival in enumerate(some, start=1):
                collected.add(_take(app, [arrival], cursor=cursor if number == len(some) else None))
            return collected
        bare = _bare(some[0], f"It could not be kept as it was read ({type(problem).__name__}).")
        return _keep_all(app, [(some[0], bare)], cursor)


def _keep_all(app: App, some: Sequence[tuple[Arrival, IncomingMail]], cursor: Cursor | None) -> Collected:
    collected = Collected()
    with app.store.writing(author=None) as tx:
        around = surroundings(app, tx)
        for arrival, mail in some:
            _take_one(around, tx, arrival, mail, collected)
        if cursor is not None:
            tx.set_local(_CURSOR, cursor)
    return collected


def _take_one(
    around: Surroundings, tx: Transaction, arrival: Arrival, mail: IncomingMail, collected: Collected
) -> None:
    """Keep one mail where it is new, and count what became of it."""
    collected.read += 1
    identity = MailId(mail_identity(around.council.id, mail))
    kept = tx.find(ReceivedMail, identity)
    if kept is not None or _is_our_own_copy(around, tx, mail):
        collected.known += 1
        if kept is not None and kept.content_hash != mail.content_hash and _keep_other(tx, kept, arrival.raw):
            collected.notices.append(f"{arrival.name}: {_ANOTHER}")
        return
    place = keep(around, tx, identity, mail, arrival.raw)
    collected.new += 1
    collected.filed += place is MailPlace.FILED
    collected.tray += place is MailPlace.TRAY
    collected.automatic += place is MailPlace.AUTOMATIC


def _parsed(arrival: Arrival) -> IncomingMail:
    try:
        return read_mail(arrival.raw, received_at=arrival.received_at, item_class=arrival.item_class)
    except UNFORESEEN as problem:
        return _bare(arrival, f"It could not be taken apart ({type(problem).__name__}).")


def _bare(arrival: Arrival, defect: str) -> IncomingMail:
    """A mail of which nothing is known but its bytes."""
    digest = hashlib.sha256(arrival.raw).hexdigest()
    return IncomingMail(
        message_id=None, received_at=arrival.received_at, content_hash=digest, size=len(arrival.raw), defects=(defect,)
    )


_ANOTHER = "Another message came under the same Message-ID; it is kept beside the first."


def _keep_other(tx: Transaction, kept: ReceivedMail, raw: bytes) -> bool:
    """Keep what came under a Message-ID already known but says something else; whether it was new."""
    original = tx.keep_original(raw, "message/rfc822")
    if original in (kept.original, *kept.other_originals):
        return False
    defects = tuple(dict.fromkeys((*kept.defects, _ANOTHER)))
    tx.save(replace(kept, other_originals=(*kept.other_originals, original), defects=defects))
    return True


def _is_our_own_copy(around: Surroundings, tx: Reading, mail: IncomingMail) -> bool:
    """Whether this is a mail of ours coming back from a Sent Items or copied to ourselves."""
    may_be_ours = mail.enquiry_key or mail.from_address.casefold() == around.own_address.casefold()
    if mail.message_id is None or not may_be_ours:
        return False
    sent = tx.every(QueuedMail, message_id=mail.message_id)
    return any(ours.from_address.casefold() == mail.from_address.casefold() for ours in sent)


# --- replies that came before what they answer ------------------------------------------------------------------------


def _try_tray_again(app: App, collected: Collected) -> None:
    """Match mail of the last seven days again where what it answers has become known since it was looked at."""
    with app.store.reading() as tx:
        hopeful = list(islice(_hopeful(tx, tx.tray_since(app.now() - TRIED_AGAIN_FOR)), MOST_TRIED_AGAIN))
    if not hopeful:
        return
    filed = 0
    with app.store.writing(author=None) as tx:
        around = surroundings(app, tx)
        for mail_id in hopeful:
            kept = tx.get(ReceivedMail, mail_id)
            if kept.place is MailPlace.TRAY:
                mail = replace(read_mail(tx.original(kept.original)), received_at=kept.received_at)
                filed += place_again(around, tx, kept, mail).place is MailPlace.FILED
    if filed:
        collected.notices.append(f"{filed} from the tray found {'its' if filed == 1 else 'their'} enquiry.")


def _hopeful(tx: Reading, waiting: Sequence[ReceivedMail]) -> Iterator[MailId]:
    """Mails that name an enquiry which was not known to be meant when they were looked at last."""
    named = {found for mail in waiting for found in _ids(mail)}
    owners = tx.enquiries_by_message_ids(tuple(named)) if named else {}
    for mail in waiting:
        meant = {owner for found in _ids(mail) for owner in owners.get(found, ())}
        if mail.thread_key:
            meant.update(tx.enquiries_by_thread(mail.thread_key))
        for reference in find_references(mail.subject):
            if (enquiry := tx.enquiry_by_reference(reference)) is not None:
                meant.add(enquiry.id)
        lookup = StoreLookup(tx)
        meant = {lookup.survivor(tx.get(Enquiry, owner)).id for owner in meant}
        tried = {likely.enquiry_id for likely in mail.candidates if likely.score >= BY_NAME}
        if meant - tried - set(mail.unfiled_from):
            yield mail.id


def _ids(mail: ReceivedMail) -> tuple[str, ...]:
    return (mail.in_reply_to, *mail.references) if mail.in_reply_to else mail.references


# --- by hand ----------------------------------------------------------------------------------------------------------


def file_by_hand(app: App, mail_id: str, enquiry_id: EnquiryId) -> None:
    """Put a mail from the tray with an enquiry; what it proposes then waits for a decision."""
    with app.store.writing(author=author_of(app)) as tx:
        mail = tray_mail(tx, mail_id)
        if mail.enquiry_id is not None and mail.place is not MailPlace.TRAY:
            raise NotAllowed("This mail is filed already.", advice="Take it back first: member-tracker mail unfile ID")
        around = surroundings(app, tx)
        enquiry = StoreLookup(tx).survivor(tx.get(Enquiry, enquiry_id))
        place = MailPlace.FILED if mail.kind is MailKind.HUMAN else MailPlace.AUTOMATIC
        filed = replace(mail, place=place, enquiry_id=enquiry.id)
        tx.save(filed)
        write_mail_entry(around, tx, enquiry, filed)
        original = read_mail(tx.original(mail.original))
        if mail.kind is MailKind.BOUNCE:
            mark_bounced(tx, original, enquiry.id)
        if place is MailPlace.FILED and not mail.forwarded:
            doubt = doubt_about(original) if original.received_at in (mail.received_at, None) else None
            original = replace(original, received_at=mail.received_at)
            role = StoreLookup(tx).candidate(enquiry).role_of(mail.from_address)
            tx.save(suggestion_of(app, filed, enquiry, read_as(around, original, role), doubt))


def unfile_by_hand(app: App, mail_id: str) -> None:
    """Take a mail away from its enquiry; it goes back to the tray and does not file itself there again."""
    with app.store.writing(author=author_of(app)) as tx:
        mail = tray_mail(tx, mail_id)
        if mail.enquiry_id is None:
            raise NotAllowed("This mail is not filed anywhere.", advice="It lies in the tray: member-tracker mail tray")
        enquiry = tx.get(Enquiry, mail.enquiry_id)
        decided = tx.every(Suggestion, mail_id=mail.id)  # some may lie with what the enquiry was merged into
        if any(found.state is SuggestionState.ACCEPTED for found in decided):
            raise NotAllowed(
                "What this mail proposed was already accepted.",
                advice=f"It is part of what happened to {enquiry.reference}; add a note there if it was a mistake.",
            )
        for suggestion in decided:
            if suggestion.state is not SuggestionState.OPEN:
                continue
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
