"""How each mailbox stands: when it was read last, what is wrong since when, and what somebody should do about it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.errors import Offline, SignInNeeded, SignInRefused, TooMuch, TrackerError
from member_tracker.domain.mailboxes import MailboxAccount, MailboxHealth
from member_tracker.services.parts import App, OpenMailbox
from member_tracker.services.patience import LONGEST, next_wait
from member_tracker.store.store import Reading

# What this computer remembers of a mailbox, each under this word and the mailbox's name.
HEALTH = "mailbox_health"
CURSOR = "mailbox_cursor"
SWEPT = "mailbox_swept"
TRIED_TO_SEND = "mailbox_tried_to_send"
TOO_LONG = timedelta(hours=1)
"""So long a mailbox may go unread without anybody being told, where all that is missing is the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxWarning:
    """A banner: which mailbox, what is wrong since when, and what to do."""

    mailbox: str
    title: str
    advice: str
    needs_sign_in: bool


def health_of(tx: Reading, name: str) -> MailboxHealth:
    """How a mailbox stands; one that was never tried has nothing wrong with it."""
    said = tx.local(f"{HEALTH}:{name}")
    if said is None:
        return MailboxHealth()
    kept = json.loads(said)
    for moment in ("read_at", "failing_since", "not_before"):
        kept[moment] = datetime.fromisoformat(kept[moment]) if kept.get(moment) else None
    return MailboxHealth(**kept)


def may_be_tried(app: App, box: OpenMailbox) -> bool:
    """Whether the server has not asked to be left alone for longer; a clock put back does not hold it up."""
    with app.store.reading() as tx:
        until = health_of(tx, box.name).not_before
    return until is None or not timedelta(0) < until - app.now() <= timedelta(seconds=LONGEST)


@contextmanager
def by_a_password_not_refused(app: App, box: OpenMailbox) -> Iterator[None]:
    """Ask nothing with a password that was refused: shown again it may lock the account. A refusal is noted."""
    with app.store.reading() as tx:
        stands = [health_of(tx, each.name) for each in _of_the_same_user(app, box.account)]
    for health in stands:
        if health.refused:
            raise SignInRefused(health.title, advice=health.advice)
    try:
        yield
    except SignInRefused as refusal:
        note_failing(app, box, refusal)
        raise


@contextmanager
def by_a_person(app: App, box: OpenMailbox) -> Iterator[None]:
    """Ask because somebody wants it now, whatever was refused before; let in, the user's mailboxes are tried again."""
    try:
        yield
    except SignInRefused as refusal:
        note_failing(app, box, refusal)
        raise
    for each in _of_the_same_user(app, box.account):
        with app.store.reading() as tx:
            health = health_of(tx, each.name)
        if health.refused:
            _keep(app, each.name, replace(health, refused=False))


def _of_the_same_user(app: App, account: MailboxAccount) -> list[MailboxAccount]:
    """The mailboxes one password opens, this one first."""
    kept = app.profile.settings().mailboxes
    return [account, *(each for each in kept if each.name != account.name and each.shares_sign_in_with(account))]


def note_read(app: App, box: OpenMailbox) -> None:
    """The mailbox was read to its end just now."""
    _keep(app, box.name, MailboxHealth(read_at=app.now()))


def note_failing(app: App, box: OpenMailbox, problem: TrackerError) -> None:
    """The mailbox could not be read, and why; since when stays what it was."""
    with app.store.reading() as tx:
        before = health_of(tx, box.name)
    busy = isinstance(problem, TooMuch)
    pause = timedelta(seconds=next_wait(problem, before.times_busy)) if isinstance(problem, TooMuch) else None
    failing = replace(
        before,
        failing_since=before.failing_since or app.now(),
        title=problem.title,
        advice=problem.advice,
        needs_sign_in=isinstance(problem, SignInNeeded),
        offline=isinstance(problem, Offline),
        times_busy=before.times_busy + 1 if busy else 0,
        not_before=app.now() + pause if pause else None,
        refused=isinstance(problem, SignInRefused),
    )
    _keep(app, box.name, failing)


def warnings(app: App) -> tuple[MailboxWarning, ...]:
    """The mailboxes somebody must do something about: at once, or where only the network is missing, after an hour."""
    with app.store.reading() as tx:
        stands = [(account.address, health_of(tx, account.name)) for account in app.profile.settings().mailboxes]
    return tuple(
        MailboxWarning(
            mailbox=address,
            title=f"{address} has not been read since {_since(health)}: {health.title}",
            advice=health.advice,
            needs_sign_in=health.needs_sign_in,
        )
        for address, health in stands
        if health.failing_since is not None and _is_worth_saying(health, app.now())
    )


def _is_worth_saying(health: MailboxHealth, now: datetime) -> bool:
    since = health.read_at or health.failing_since or now
    return not (health.offline or health.times_busy) or abs(now - since) >= TOO_LONG


def _since(health: MailboxHealth) -> str:
    if health.read_at is not None:
        return moment_in_words(health.read_at)
    return "it was added" if health.failing_since is None else f"it was added ({moment_in_words(health.failing_since)})"


def forget_health(app: App, name: str) -> None:
    """The mailbox is no longer set up; how far it was read is forgotten with it."""
    with app.store.writing(author=None) as tx:
        for key in (HEALTH, CURSOR, SWEPT, TRIED_TO_SEND):
            tx.set_local(f"{key}:{name}", None)


def _keep(app: App, name: str, health: MailboxHealth) -> None:
    said = asdict(health).items()
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said}
    with app.store.writing(author=None) as tx:
        tx.set_local(f"{HEALTH}:{name}", json.dumps(told))
