"""Where the data of this profile is: its folder, its key, where it goes, what is held for whom, and its back-ups."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from member_tracker.domain.people import Councillor
from member_tracker.services.hub_here import HubHere, hub_here
from member_tracker.services.locking import lock_after
from member_tracker.services.parts import App
from member_tracker.services.replacing import Former, forget_formers, formers
from member_tracker.services.safekeeping import BACKUPS
from member_tracker.store.copies import Copy
from member_tracker.store.keys import KeyKind, key_kind
from member_tracker.store.lists import Wanted, Which
from member_tracker.store.residents import ResidentReading

__all__ = ["HeldFor", "KeyKind", "Whereabouts", "WrittenBackup", "forget_kept", "whereabouts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFor:
    """How much of one councillor's casework is kept on this computer."""

    councillor: str
    enquiries: int
    residents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenBackup:
    """A back-up written from here; `is_there` is whether the file still lies where it was written."""

    file: Path
    size: int
    made_at: datetime
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where everything is; sizes in bytes. `hub` is None where the profile works by itself.

    `copies` were made before the file was brought up to date, `formers` gave way to a back-up. `lock_is_fixed` says
    that the council set `lock_after`.
    """

    folder: Path
    size: int
    key: KeyKind
    hub: str | None
    unsent: str
    mailboxes: tuple[str, ...]
    held: tuple[HeldFor, ...]
    backups: tuple[WrittenBackup, ...]
    copies: tuple[Copy, ...]
    formers: tuple[Former, ...]
    lock_after: int
    lock_is_fixed: bool
    practice: bool


def whereabouts(app: App) -> Whereabouts:
    """Look where everything is."""
    here = hub_here(app)
    shared = here if isinstance(here, HubHere) else None
    return Whereabouts(
        folder=app.profile.folder,
        size=_size(app.profile.folder),
        key=key_kind(app.profile.folder),
        hub=f"{shared.hub}, as {shared.login}" if shared else None,
        unsent=shared.unsent.sentence if shared and shared.unsent.is_any else "",
        mailboxes=tuple(account.address for account in app.profile.settings().mailboxes),
        held=_held(app),
        backups=_backups(app),
        copies=app.store.copies(),
        formers=formers(app.profile),
        lock_after=lock_after(app),
        lock_is_fixed=app.profile.policy.lock_minutes is not None,
        practice=app.practice,
    )


def forget_kept(app: App) -> None:
    """Take away for good the copies and former profiles that are kept beside this one."""
    app.store.forget_copies()
    forget_formers(app.profile)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _held(app: App) -> tuple[HeldFor, ...]:
    with app.store.reading_by(ResidentReading) as tx:
        found = [
            HeldFor(
                councillor=councillor.name,
                enquiries=tx.enquiry_count(
                    Wanted(which=Which.ALL, today=app.today(), councillor_id=councillor.id, now=app.now())
                ),
                residents=tx.count_of(councillor.id),
            )
            for councillor in tx.every(Councillor)
        ]
    return tuple(each for each in found if each.enquiries or each.residents)


def _backups(app: App) -> tuple[WrittenBackup, ...]:
    with app.store.reading() as tx:
        kept = json.loads(tx.local(BACKUPS) or "[]")
    return tuple(
        WrittenBackup(
            file=Path(each["file"]),
            size=each["size"],
            made_at=datetime.fromisoformat(each["at"]),
            is_there=Path(each["file"]).exists(),
        )
        for each in reversed(kept)
    )
