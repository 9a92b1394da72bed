"""Locking the window: after how long by itself, and what opens it again."""

from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.policy import MOST_MINUTES
from member_tracker.services.parts import App
from member_tracker.store.keys import KeyKind, find_key, key_kind

__all__ = ["MOST_MINUTES", "USUAL_MINUTES", "lock_after", "must_unlock", "needs_passphrase", "set_lock_after"]

USUAL_MINUTES = 15
_AFTER = "lock_after_minutes"


def lock_after(app: App) -> int:
    """After how many minutes without anybody at the keyboard the window locks itself; nought for never."""
    if app.profile.policy.lock_minutes is not None:
        return app.profile.policy.lock_minutes
    with app.store.reading() as tx:
        said = tx.local(_AFTER)
    return USUAL_MINUTES if said is None else int(said)


def set_lock_after(app: App, minutes: int) -> int:
    """Have the window lock itself after so many minutes, nought for never; a setting of this computer alone."""
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(
            f"The window cannot lock itself after {minutes} minutes.", advice=f"Choose from 0 to {MOST_MINUTES}."
        )
    policy = app.profile.policy
    if policy.lock_minutes not in {None, minutes}:
        raise NotAllowed(
            f"Your council has the window lock itself after {policy.lock_minutes} minutes.",
            advice=f"To have that changed, ask {policy.ask}.",
        )
    with app.store.writing(author=None) as tx:
        tx.set_local(_AFTER, str(minutes))
    return minutes


def needs_passphrase(app: App) -> bool:
    """Whether the profile has a passphrase; without one only the system's own lock protects it."""
    return key_kind(app.profile.folder) is KeyKind.PASSPHRASE


def must_unlock(app: App, passphrase: str) -> None:
    """`Invalid` where that is not the passphrase of this profile; nothing where it has none."""
    if needs_passphrase(app):
        find_key(app.profile.folder, ask=lambda: passphrase)
