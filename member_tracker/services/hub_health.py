"""How this laptop stands with its hub: in step or not, since when, what is wrong, and whether it may still be used."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from member_tracker.domain.dates import local_date, moment_in_words, time_in_words
from member_tracker.domain.errors import (
    AccountDisabled,
    NotAllowed,
    Offline,
    SignInNeeded,
    TrackerError,
    Unavailable,
    UpdateNeeded,
)
from member_tracker.domain.in_step import Joined
from member_tracker.domain.vocabulary import Word
from member_tracker.services.own import HUB_HEALTH
from member_tracker.services.parts import App, is_shared
from member_tracker.store import in_step_contact
from member_tracker.store.store import Reading
from member_tracker.sync.engine import Synced


class Trouble(Word):
    """What stands between a laptop and its hub."""

    OFFLINE = "offline"
    SIGN_IN = "sign_in"
    DISABLED = "disabled"
    UPDATE = "update"
    REFUSED = "refused"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubHealth:
    """How the last contact went; `in_step_at` is the last that went well, `failing_since` the first since that did not.

    `clock_ahead` is how many seconds this laptop's clock is before the hub's, where that is more than two minutes.
    """

    in_step_at: datetime | None = None
    failing_since: datetime | None = None
    trouble: Trouble | None = None
    title: str = ""
    advice: str = ""
    clock_ahead: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Something about the hub that somebody must know or do at once."""

    title: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the window says of the hub at any time; `words` is one line, `waiting` counts changes still to be sent."""

    words: str
    waiting: int
    is_in_step: bool
    banners: tuple[Banner, ...] = ()


def joined_hub(app: App) -> Joined | None:
    """What is remembered of the hub, its lease no longer than the council fixed; None where there is no hub."""
    with app.store.reading() as tx:
        joined = in_step_contact.joined(tx) if is_shared(tx) else None
    longest = app.profile.policy.lease_days
    if joined is None or longest is None or joined.lease_days <= longest:
        return joined
    return replace(joined, lease_days=longest)


def health_of(tx: Reading) -> HubHealth:
    """How the last contact went; nothing is wrong before the first."""
    said = tx.local(HUB_HEALTH)
    if said is None:
        return HubHealth()
    kept = json.loads(said)
    for moment in ("in_step_at", "failing_since"):
        kept[moment] = datetime.fromisoformat(kept[moment]) if kept[moment] else None
    kept["trouble"] = Trouble(kept["trouble"]) if kept["trouble"] else None
    return HubHealth(**kept)


def note_in_step(app: App, synced: Synced) -> None:
    """There was contact just now, and everything went both ways."""
    ahead = None if synced.clock_ahead is None else synced.clock_ahead.total_seconds()
    _keep(app, HubHealth(in_step_at=app.now(), clock_ahead=ahead))


def note_failing(app: App, problem: TrackerError) -> None:
    """There was no contact, or it went wrong; since when stays what it was."""
    with app.store.reading() as tx:
        before = health_of(tx)
    _keep(
        app,
        replace(
            before,
            failing_since=before.failing_since or app.now(),
            trouble=_trouble(problem),
            title=problem.title,
            advice=problem.advice,
        ),
    )


def standing(app: App) -> Standing | None:
    """How this laptop stands with its hub, for the window to show at any time; None where it belongs to none."""
    from member_tracker.store.in_step_outbox import Outbox

    joined = joined_hub(app)
    if joined is None:
        return None
    with app.store.reading_by(Outbox) as tx:
        health, waiting = health_of(tx), tx.waiting()
    return Standing(
        words=_in_words(joined, health, waiting, app.now()),
        waiting=waiting,
        is_in_step=health.trouble is None and health.in_step_at is not None,
        banners=tuple(_banners(app, joined, health)),
    )


def must_not_be_locked(app: App) -> None:
    """Refuses to show what a laptop holds of a hub after its lease, or once the account was disabled."""
    lock = lock_of(app)
    if lock is not None:
        raise NotAllowed(lock.title, advice=lock.advice)


def lock_of(app: App) -> Banner | None:
    """Why casework may not be shown now, and what to do; None where it may."""
    joined = joined_hub(app)
    if joined is None:
        return None
    with app.store.reading() as tx:
        return _lock(joined, health_of(tx), app.now())


def _lock(joined: Joined, health: HubHealth, now: datetime) -> Banner | None:
    if health.trouble is Trouble.DISABLED:
        return Banner(title=health.title, advice=health.advice)
    if joined.contact_at is None:
        return None
    # A clock that was fast at the last contact and was set back since says nothing of it: then the hub's does.
    since = joined.hub_at if joined.hub_at is not None and now < joined.contact_at else joined.contact_at
    if now - since <= timedelta(days=joined.lease_days):
        return None
    return Banner(
        title=f"This laptop has not been in touch with the hub since {moment_in_words(since)}, "
        f"so it is locked: that may be {joined.lease_days} days at most.",
        advice="Connect it to the council's network, then run: member-tracker sync. What waits to be sent is kept.",
    )


def _banners(app: App, joined: Joined, health: HubHealth) -> list[Banner]:
    lock = _lock(joined, health, app.now())
    if lock is not None:
        return [lock]
    banners = []
    if health.trouble is not None and health.trouble is not Trouble.OFFLINE:
        banners.append(Banner(title=health.title, advice=health.advice))
    if health.clock_ahead is not None:
        banners.append(_clock_banner(health.clock_ahead))
    return banners


def _clock_banner(ahead: float) -> Banner:
    return Banner(
        title=f"This computer's clock is {clock_error_in_words(timedelta(seconds=ahead))}.",
        advice="Set it right in the system's settings. What was logged meanwhile is listed under “Changes to sort "
        "out”, and its times are put right there in one step (member-tracker wrong-times).",
    )


def clock_error_in_words(ahead: timedelta) -> str:
    """How wrong a clock is: “7 minutes fast”."""
    minutes = round(abs(ahead.total_seconds()) / 60)
    if minutes < _HOURS_FROM:
        wrong = f"{minutes} minutes"
    elif minutes < _DAYS_FROM:
        wrong = f"{round(minutes / 60)} hours"
    else:
        wrong = f"{round(minutes / 60 / 24)} days"
    return f"{wrong} {'fast' if ahead > timedelta(0) else 'slow'}"


_HOURS_FROM, _DAYS_FROM = 120, 48 * 60  # minutes


def _in_words(joined: Joined, health: HubHealth, waiting: int, now: datetime) -> str:
    if health.trouble is None and health.in_step_at is not None and not waiting:
        return f"In step at {_when(health.in_step_at, now)}"
    to_send = f", {waiting} {'change' if waiting == 1 else 'changes'} to send" if waiting else ""
    if health.failing_since is not None:
        return f"Working offline since {_when(health.failing_since, now)}{to_send}"
    if health.in_step_at is not None:
        return f"In step at {_when(health.in_step_at, now)}{to_send}"
    if joined.scopes:
        return f"Not everything has been fetched from the hub yet{to_send}"
    return f"Not in touch with the hub yet{to_send}"


def _when(moment: datetime, now: datetime) -> str:
    """The time of day; where that was not today, the day too."""
    return time_in_words(moment) if local_date(moment) == local_date(now) else moment_in_words(moment)


def _trouble(problem: TrackerError) -> Trouble:
    match problem:
        case AccountDisabled():
            return Trouble.DISABLED
        case UpdateNeeded():
            return Trouble.UPDATE
        case SignInNeeded():
            return Trouble.SIGN_IN
        case Offline():
            return Trouble.OFFLINE
        case NotAllowed():
            return Trouble.REFUSED
        case Unavailable():
            return Trouble.OFFLINE
        case _:
            return Trouble.OTHER


def _keep(app: App, health: HubHealth) -> None:
    kept = asdict(health)
    for moment in ("in_step_at", "failing_since"):
        kept[moment] = kept[moment].isoformat() if kept[moment] else None
    with app.store.writing(author=None) as tx:
        tx.set_local(HUB_HEALTH, json.dumps(kept))
