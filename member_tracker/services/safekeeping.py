"""Backing a profile up, restoring it into an empty one, and holding its mail back until a person agrees."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from member_tracker import __version__
from member_tracker.domain.dates import moment_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, Unavailable
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.reference import draw_device
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.domain.watching import UNWATCHED, Watch
from member_tracker.profile import Profile
from member_tracker.services.parts import OWN_DEVICE, App, author_of, device_in
from member_tracker.services.taken_out import note_taken_out
from member_tracker.store.backup import Back, Kept, open_backup, take_out, write_backup
from member_tracker.store.files import make_folder
from member_tracker.store.keys import VARIABLE, forget_key, make_key
from member_tracker.store.sealing import USUAL_COST, Cost
from member_tracker.store.store import Reading, Store, Transaction
from member_tracker.system_keyring import keyring_works

SHORTEST_PASSPHRASE = 8
BACKUPS = "backups"
"""The setting of this device that says where back-ups were written, and when."""
_REMEMBERED = 10

_HELD = "held_after_restore"
_WAITING = (OutgoingState.QUEUED, OutgoingState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A back-up that was written; `size` in bytes."""

    file: Path
    size: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A profile that was restored: how old it is, how much is in it, and how many mails are held back."""

    profile: Path
    made_at: datetime
    device: str
    enquiries: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """What restoring needs from outside: the time, identities, chance, and the passphrase of the new profile.

    `profile_passphrase` is asked only where no keyring can keep the new key, or where `is_locked` wants it anyway.
    """

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    random_bytes: Callable[[int], bytes]
    profile_passphrase: Callable[[], str | None]
    is_locked: bool = False


# --- backing up -------------------------------------------------------------------------------------------------------


def back_up(app: App, file: Path, passphrase: str, *, watch: Watch = UNWATCHED, cost: Cost = USUAL_COST) -> BackedUp:
    """Write everything this profile keeps to one encrypted file, which the passphrase alone opens, on any computer."""
    _must_be_usable(passphrase)
    settings = app.profile.settings_file
    kept = Kept(
        made_at=app.now(),
        made_by=__version__,
        practice=app.practice,
        settings=settings.read_text(encoding="utf-8") if settings.exists() else None,
    )
    size = write_backup(app.store, file, kept, passphrase, cost=cost, watch=watch)
    note_taken_out(app, "back-up", {})
    _note_backup(app, file, size)
    return BackedUp(file=file, size=size, made_at=kept.made_at)


def _note_backup(app: App, file: Path, size: int) -> None:
    """Remember on this computer alone where the latest back-ups were written, and when."""
    said = {"file": str(file.absolute()), "size": size, "at": app.now().isoformat()}
    with app.store.writing(author=None) as tx:
        before = json.loads(tx.local(BACKUPS) or "[]")
        tx.set_local(BACKUPS, json.dumps([*before, said][-_REMEMBERED:]))


def _must_be_usable(passphrase: str) -> None:
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise Invalid(
            "The passphrase is too short to protect a back-up.",
            advice=f"Choose several words, {SHORTEST_PASSPHRASE} characters or more, kept apart from the file.",
        )


# --- restoring --------------------------------------------------------------------------------------------------------


def restore(
    profile: Profile,
    file: Path,
    passphrase: Callable[[], str],
    restoring: Restoring,
    *,
    watch: Watch = UNWATCHED,
) -> Restored:
    """Make an empty profile what a back-up holds, with a key and a device part of its own; its mail is held back.

    The passphrase is asked for once the profile was found empty and the file whole. Everything is made ready beside the
    profile and takes its place at the end, so that a failure leaves it empty.
    """
    _must_be_empty(profile)
    with made_ready(profile, file, passphrase, restoring, watch) as (scratch, restored):
        _must_be_empty(profile)
        if profile.folder.exists():
            shutil.rmtree(profile.folder)
        scratch.rename(profile.folder)
    return restored


@contextmanager
def made_ready(
    profile: Profile, file: Path, passphrase: Callable[[], str], restoring: Restoring, watch: Watch
) -> Iterator[tuple[Path, Restored]]:
    """A folder beside the profile with all that a back-up holds, looked through and up to date, to be renamed within.

    It is gone afterwards unless it was renamed, and nothing else has been touched.
    """
    back = open_backup(file, passphrase, watch=watch)
    folder = profile.folder
    scratch = folder.with_name(f".{folder.name}.{restoring.random_bytes(4).hex()}.restoring")
    make_folder(scratch)
    try:
        key = _new_key(scratch, back, restoring)
        take_out(back, scratch, key, watch=watch)
        if back.kept.settings is not None:
            Profile(folder=scratch).settings_file.write_text(back.kept.settings, encoding="utf-8")
        yield scratch, replace(_adopted(scratch, key, back, restoring), profile=folder)
    except OSError as error:
        raise Unavailable(
            f"The profile cannot be written ({error.strerror}).",
            advice=f"Check your rights to {folder.parent}, and that its disk has room. Nothing has been restored.",
        ) from error
    finally:
        forget_key(scratch)  # of what was not renamed
        shutil.rmtree(scratch, ignore_errors=True)


def _must_be_empty(profile: Profile) -> None:
    """Refuses a folder that holds anything but empty folders, naming what is there."""
    folder = profile.folder
    files = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    there = sorted({path.parts[0] for path in files})
    if folder.exists() and not folder.is_dir():
        there = [folder.name]
    if there:
        more = f" and {len(there) - 3} more" if len(there) > 3 else ""
        raise NotAllowed(
            f"A back-up is restored into an empty profile only, and {folder} holds {', '.join(there[:3])}{more}.",
            advice="Name a new folder (--profile DIR), or say --replace: what is there is kept beside it.",
        )


def _new_key(folder: Path, back: Back, restoring: Restoring) -> bytes:
    if back.kept.practice:
        return make_key(folder, passphrase=None, practice=True)
    said = os.environ.get(VARIABLE) or (
        restoring.profile_passphrase() if restoring.is_locked or not keyring_works() else None
    )
    return make_key(folder, passphrase=said)


def _adopted(folder: Path, key: bytes, back: Back, restoring: Restoring) -> Restored:
    """Bring the store up to date and make it this device's own."""
    from member_tracker.store.in_step import StoreLocal

    store = Store.open(folder, key, now=restoring.now, new_id=restoring.new_id)
    try:
        with store.writing(author=None) as tx:
            before, device = tx.local("device"), draw_device(restoring.random_bytes(8))
            while device == before:
                device = draw_device(restoring.random_bytes(8))
            tx.set_local("device", device)
            tx.set_local("serial", None)
            tx.set_local(OWN_DEVICE, device_id := restoring.new_id())
            hold_after_restore(tx, restoring.now())
            restored = Restored(
                profile=folder,
                made_at=back.kept.made_at,
                device=device,
                enquiries=len(tx.every(Enquiry)),
                held=len(_waiting(tx)),
            )
        local = StoreLocal(store)
        if (joined := local.joined()) is not None:
            local.remember(replace(joined, device_id=device_id))
        return restored
    finally:
        store.close()


# --- mail held back ---------------------------------------------------------------------------------------------------


def hold_after_restore(tx: Transaction, at: datetime) -> None:
    """Let nothing be posted from here until a person agrees: what waits may have gone from another computer."""
    tx.set_local(_HELD, at.isoformat())


def is_held(tx: Reading) -> bool:
    """Whether a person must agree before anything is posted."""
    return tx.local(_HELD) is not None


def held_since(tx: Reading) -> tuple[datetime | None, int]:
    """Since when mail is held back (None: it is not), and how many mails wait."""
    since = tx.local(_HELD)
    return (None, 0) if since is None else (datetime.fromisoformat(since), len(_waiting(tx)))


def must_not_be_held(tx: Reading) -> None:
    """Refuses to post from a restored profile to which nobody has agreed."""
    since, count = held_since(tx)
    if since is not None:
        raise NotAllowed(
            f"This profile was restored from a back-up at {moment_in_words(since)}, and "
            f"{count} {'mail waits' if count == 1 else 'mails wait'} that may have gone from another computer since.",
            advice="Look at what waits, then send it: member-tracker post --agree",
        )


def agree_to_post(app: App) -> int:
    """Let a restored profile post again; gives how many mails wait.

    Each is marked as one that may have gone, so that the mailbox is asked for it before it is sent.
    """
    with app.store.writing(author=author_of(app)) as tx:
        waiting = _waiting(tx)
        if is_held(tx):
            for mail in waiting:
                device = device_in(app, tx)
                claimed_at = mail.claimed_at or app.now()
                tx.save(replace(mail, state=OutgoingState.SENDING, claimed_at=claimed_at, device=device))
            tx.set_local(_HELD, None)
    return len(waiting)


def _waiting(tx: Reading) -> list[QueuedMail]:
    return [mail for state in _WAITING for mail in tx.every(QueuedMail, state=state)]
