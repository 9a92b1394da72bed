"""What the council fixed here and announces, as the window shows it, and mail that is held back after a restore."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from member_tracker.domain.errors import TrackerError
from member_tracker.policy import Fixed
from member_tracker.services.parts import App
from member_tracker.services.safekeeping import held_since
from member_tracker.services.updates import Updates, updates_here


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """Mail is held back since a restore; `waiting` mails might have gone from another computer."""

    since: datetime
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilHere:
    """What is fixed and by which file (None: nothing), whom to ask, and how it stands with updates.

    `problem` says that the file cannot be used, `left_out` are mailboxes of the settings that are not allowed, and
    `held_back` is None where mail goes as usual.
    """

    fixed: tuple[Fixed, ...]
    file: Path | None
    problem: TrackerError | None
    ask: str
    left_out: tuple[str, ...]
    updates: Updates
    held_back: HeldBack | None


def council_here(app: App) -> CouncilHere:
    """How it stands now."""
    policy = app.profile.policy
    with app.store.reading() as tx:
        since, waiting = held_since(tx)
    return CouncilHere(
        fixed=policy.fixed,
        file=policy.file,
        problem=policy.problem,
        ask=policy.ask,
        left_out=tuple(account.address for account in app.profile.settings().left_out),
        updates=updates_here(app),
        held_back=None if since is None else HeldBack(since=since, waiting=waiting),
    )
