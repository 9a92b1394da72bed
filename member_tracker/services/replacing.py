"""Putting a back-up in the place of a profile that is in use; what was there is kept beside it for a while.

Everything is made ready and looked through while the profile is still open. It takes its place when the profile is next
opened, by two renames: broken off between them, the next opening goes on. Nothing of the former profile is overwritten.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from member_tracker.domain.errors import NotAllowed, TrackerError, Unavailable
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.profile import Profile
from member_tracker.services.parts import App
from member_tracker.services.safekeeping import Restored, Restoring, made_ready
from member_tracker.store.files import is_open_elsewhere
from member_tracker.store.keys import KeyKind, forget_key, has_key, key_kind

KEPT_FOR = timedelta(days=30)

_WHEN = "%Y%m%dT%H%M%S%f"


class NotReplaced(Unavailable):
    """A back-up could not take the place of a profile, which is as it was."""

    def __init__(self) -> None:
        super().__init__(
            "The profile is in use by another window or command, so the back-up was not restored.",
            advice="Close them, then restore it again. Nothing has been changed.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A profile that gave way to a back-up: where it lies, since when, and its size in bytes."""

    folder: Path
    set_aside_at: datetime
    size: int

    @property
    def kept_until(self) -> datetime:
        """When it goes by itself."""
        return self.set_aside_at + KEPT_FOR


def prepare(
    profile: Profile,
    file: Path,
    passphrase: Callable[[], str],
    restoring: Restoring,
    *,
    watch: Watch = UNWATCHED,
) -> Restored:
    """Make a back-up ready to take the place of this profile when it is next opened."""
    is_practice = _is_practice(profile.folder)
    with made_ready(profile, file, passphrase, restoring, watch) as (scratch, restored):
        if has_key(profile.folder) and is_practice != _is_practice(scratch):
            kinds = ("casework", "practice data") if is_practice else ("practice data", "casework")
            raise NotAllowed(
                f"This is a back-up of {kinds[0]}, and this profile holds {kinds[1]}.",
                advice="Restore it into a profile of its own: member-tracker restore FILE --profile DIR",
            )
        _take_away(profile.restored_folder)
        scratch.rename(profile.restored_folder)
    return restored


def prepare_here(app: App, file: Path, passphrase: str, own_passphrase: str | None, watch: Watch) -> Restored:
    """The same for the profile that is open; `own_passphrase` locks it from then on where one locks it now."""
    restoring = Restoring(
        now=app.now,
        new_id=app.new_id,
        random_bytes=app.random_bytes,
        profile_passphrase=lambda: own_passphrase,
        is_locked=own_passphrase is not None,
    )
    return prepare(app.profile, file, lambda: passphrase, restoring, watch=watch)


def put_in_place(profile: Profile, now: datetime) -> Path | None:
    """Have a back-up that was made ready take its place; gives where the former profile lies, None where there is none.

    Where that cannot be, the back-up is given up and the profile stays as it was; raises `NotReplaced`.
    """
    folder, ready = profile.folder, profile.restored_folder
    if not ready.exists():
        return None
    former = folder.with_name(f"{folder.name}.before-{now.astimezone(UTC):{_WHEN}}")
    try:
        must_not_be_in_use(profile)
        if folder.exists():
            folder.rename(former)
        ready.rename(folder)
    except (OSError, TrackerError) as error:
        if former.exists() and not folder.exists():
            former.rename(folder)
        _take_away(ready)
        raise NotReplaced from error
    return former if former.exists() else None


def must_not_be_in_use(profile: Profile) -> None:
    """Refuses a profile that another process has open."""
    if is_open_elsewhere(profile.store_file):
        raise NotReplaced


def formers(profile: Profile) -> tuple[Former, ...]:
    """The profiles that gave way to a back-up here, the oldest first."""
    found = []
    for folder in profile.folder.parent.glob(f"{profile.folder.name}.before-*"):
        told = re.fullmatch(r"\d{8}T\d{12}", folder.name.removeprefix(f"{profile.folder.name}.before-"))
        if told is not None and folder.is_dir():
            at = datetime.strptime(told[0], _WHEN).replace(tzinfo=UTC)
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            found.append(Former(folder=folder, set_aside_at=at, size=size))
    return tuple(sorted(found, key=lambda each: each.set_aside_at))


def forget_formers(profile: Profile, *, before: datetime | None = None) -> int:
    """Take away for good every former profile, or those set aside before a moment, and their keys; gives how many."""
    going = [each for each in formers(profile) if before is None or each.set_aside_at < before]
    for each in going:
        _take_away(each.folder)
    return len(going)


def forget_old_formers(profile: Profile, now: datetime) -> None:
    """Take away for good what was set aside more than thirty days ago."""
    forget_formers(profile, before=now - KEPT_FOR)


def _take_away(folder: Path) -> None:
    """Its key goes first, so that nobody can read what a disk keeps of it."""
    forget_key(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _is_practice(folder: Path) -> bool:
    try:
        return key_kind(folder) is KeyKind.PRACTICE
    except TrackerError:
        return False  # a key that is damaged is a reason to restore
