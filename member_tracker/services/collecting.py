"""Bringing mail in: each mail is kept once, and nothing it proposes is done without a person."""

import contextlib
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from member_tracker.domain.correspondence import IncomingMail, mail_identity
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import UNFORESEEN, TrackerError, Unavailable
from member_tracker.domain.mailbag import MailPlace, ReceivedMail
from member_tracker.domain.mailboxes import MailboxKind
from member_tracker.domain.matching import Signal
from member_tracker.domain.reference import find_references
from member_tracker.domain.timeline import MailId
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.mail.files import read_messages
from member_tracker.mail.mailbox import Arrival, Arrivals, Cursor, NotOffered, Refused
from member_tracker.mail.mime import read_mail
from member_tracker.services.keeping import (
    Surroundings,
    keep,
    place_again,
    surroundings,
)
from member_tracker.services.knowing import StoreLookup, sent_mails
from member_tracker.services.mailbox_health import (
    CURSOR,
    SWEPT,
    by_a_password_not_refused,
    may_be_tried,
    note_failing,
    note_read,
)
from member_tracker.services.parts import App, OpenMailbox
from member_tracker.services.patience import patiently
from member_tracker.services.remote_work import remote_work
from member_tracker.store.store import Reading, Transaction

AT_ONCE = 100  # mails kept in one transaction: others wait meanwhile
BYTES_AT_ONCE = 4_000_000
TRIED_AGAIN_FOR = timedelta(days=7)
MOST_TRIED_AGAIN = 50
SWEPT_BACK = timedelta(days=14)
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


def collect(app: App, source: Path | None = None, watch: Watch = UNWATCHED) -> Collected:
    """Read the profile's mailboxes, or every message under `source`, and keep what is new.

    A mailbox that cannot be read does not stop the others; where none can be, the first one's error is raised.
    """
    collected = Collected()
    with remote_work(app, watch):
        if source is not None:
            for some in _in_batches(arrivals_in(source, collected)):
                collected.add(_take(app, some))
        else:
            _read_mailboxes(app, collected, watch)
        _try_tray_again(app, collected)
    return collected


def _read_mailboxes(app: App, collected: Collected, watch: Watch) -> None:
    problems: list[TrackerError] = []
    boxes = app.mailboxes()
    for box in boxes:
        if may_be_tried(app, box):
            try:
                with by_a_password_not_refused(app, box):
                    _read_mailbox(app, box, collected, watch)
                note_read(app, box)
            except Stopped:
                raise
            except (TrackerError, *UNFORESEEN) as error:
                problem = error if isinstance(error, TrackerError) else _unforeseen(box, error)
                note_failing(app, box, problem)
                problems.append(problem)
                collected.notices.append(f"{box.name}: {problem}")
    if problems and len(problems) == len(boxes):
        raise problems[0]


def _unforeseen(box: OpenMailbox, error: Exception) -> Unavailable:
    """An answer nobody thought of: trouble of this mailbox alone, and the others are read all the same."""
    return Unavailable(
        f"What the mail server of {box.account.address} answered could not be understood ({type(error).__name__}).",
        advice="It is tried again by itself. If it lasts, give the word in brackets to whoever keeps the program.",
    )


def _read_mailbox(app: App, box: OpenMailbox, collected: Collected, watch: Watch) -> None:
    """Page after page; how far it was read is kept in the same transaction as the page's last mail."""
    known = partial(_known, app, box.name)
    with app.store.reading() as tx:
        said = tx.local(f"{CURSOR}:{box.name}")
    cursor = Cursor(said) if said else None
    more = True
    while more:
        watch.at(f"Reading {box.account.address}", collected.read, 0)
        page = patiently(partial(box.mailbox.arrivals, cursor, known, watch), watch)
        page = replace(page, left=_gone(box, known(page.left), watch) if page.left else ())
        _take_page(app, box, page, collected, cursor=page.cursor if page.cursor != cursor else None)
        cursor, more = page.cursor, page.more
    _sweep(app, box, collected, watch)


def _sweep(app: App, box: OpenMailbox, collected: Collected, watch: Watch) -> None:
    """Once a day, read whatever came in the last two weeks and was told by no page."""
    today = app.today().isoformat()
    with app.store.reading() as tx:
        if tx.local(f"{SWEPT}:{box.name}") == today:
            return
    with contextlib.suppress(NotOffered):
        since, more = app.now() - SWEPT_BACK, True
        while more:
            page = patiently(partial(box.mailbox.sweep, since, partial(_known, app, box.name), watch), watch)
            _take_page(app, box, page, collected, cursor=None)
            more = page.more and bool(page.page)  # what was refused comes again the next day
    with app.store.writing(author=None) as tx:
        tx.set_local(f"{SWEPT}:{box.name}", today)


def _gone(box: OpenMailbox, left: Collection[str], watch: Watch) -> tuple[str, ...]:
    """Of kept messages that left their folder those that lie nowhere else in the mailbox, as far as it can say."""
    if not left:
        return ()
    try:
        there = patiently(lambda: box.mailbox.still_there(tuple(left)), watch)
    except NotOffered:
        there = frozenset()
    return tuple(sorted(set(left) - there))


def _known(app: App, mailbox: str, provider_ids: Collection[str]) -> frozenset[str]:
    """Which of these messages of a mailbox are kept already."""
    with app.store.reading() as tx:
        return tx.seen(mailbox, provider_ids)


def _take_page(app: App, box: OpenMailbox, page: Arrivals, collected: Collected, *, cursor: Cursor | None) -> None:
    """Keep a page's mails, and with the last of them how far the mailbox was read."""
    collected.refused += len(page.refused)
    collected.read += len(page.refused)
    collected.notices += [f"{refused.name}: {refused.reason}" for refused in page.refused]
    batches = list(_in_batches(page.page))
    for number, some in enumerate(batches, start=1):
        last = number == len(batches)
        collected.add(
            _take(app, some, _Whence(box=box, cursor=cursor if last else None, left=page.left if last else ()))
        )
    if not batches and (cursor is not None or page.left):
        with app.store.writing(author=None) as tx:
            _Whence(box=box, cursor=cursor, left=page.left).note(app, tx)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whence:
    """Where some mails were read, and what is kept with them: how far that mailbox was read, and what has left it."""

    box: OpenMailbox
    cursor: Cursor | None = None
    left: tuple[str, ...] = ()

    def note(self, app: App, tx: Transaction) -> None:
        """Write it down, in the transaction of the mails."""
        if self.cursor is not None:
            tx.set_local(f"{CURSOR}:{self.box.name}", self.cursor)
        if self.left:
            tx.note_left(self.box.name, self.left, app.now())

    def note_seen(self, tx: Transaction, arrival: Arrival, mail_id: str) -> None:
        """Remember which message of the mailbox a mail is; files of a folder change their names and are not."""
        if self.box.account.kind is not MailboxKind.FOLDER:
            tx.note_seen(self.box.name, arrival.provider_id, mail_id)


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


def _take(app: App, some: Sequence[Arrival], whence: _Whence | None = None) -> Collected:
    """Keep some mails in one transaction: all of them, or none where anything fails, and they come again.

    Where one cannot be written down as it was read, each is tried by itself, and that one kept by its bytes alone.
    """
    mails = [_parsed(arrival) for arrival in some]
    try:
        return _keep_all(app, list(zip(some, mails, strict=True)), whence)
    except UNFORESEEN as problem:
        if len(some) > 1:
            collected = Collected()
            for number, arrival in enumerate(some, start=1):
                before_the_last = replace(whence, cursor=None, left=()) if whence else None
                collected.add(_take(app, [arrival], whence if number == len(some) else before_the_last))
            return collected
        bare = _bare(some[0], f"It could not be kept as it was read ({type(problem).__name__}).")
        return _keep_all(app, [(some[0], bare)], whence)


def _keep_all(app: App, some: Sequence[tuple[Arrival, IncomingMail]], whence: _Whence | None) -> Collected:
    collected = Collected()
    with app.store.writing(author=None) as tx:
        around = surroundings(app, tx)
        for arrival, mail in some:
            identity = _take_one(around, tx, arrival, mail, collected)
            if whence is not None:
                whence.note_seen(tx, arrival, identity)
        if whence is not None:
            whence.note(app, tx)
    return collected


def _take_one(
    around: Surroundings, tx: Transaction, arrival: Arrival, mail: IncomingMail, collected: Collected
) -> MailId:
    """Keep one mail where it is new, and count what became of it; its identity."""
    collected.read += 1
    identity = MailId(mail_identity(around.council.id, mail))
    kept = tx.find(ReceivedMail, identity)
    if kept is not None or _is_our_own_copy(around, tx, mail):
        collected.known += 1
        if kept is not None and kept.content_hash != mail.content_hash and _keep_other(tx, kept, arrival.raw):
            collected.notices.append(f"{arrival.name}: {_ANOTHER}")
        return identity
    place = keep(around, tx, identity, mail, arrival.raw)
    collected.new += 1
    collected.filed += place is MailPlace.FILED
    collected.tray += place is MailPlace.TRAY
    collected.automatic += place is MailPlace.AUTOMATIC
    return identity


def _parsed(arrival: Arrival) -> IncomingMail:
    try:
        return read_mail(
            arrival.raw, received_at=arrival.received_at, item_class=arrival.item_class, stamped=arrival.stamped
        )
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
    may_be_ours = mail.enquiry_key or mail.from_address.casefold() in around.own_addresses
    if mail.message_id is None or not may_be_ours:
        return False
    sent = sent_mails(tx, (mail.message_id,))
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
