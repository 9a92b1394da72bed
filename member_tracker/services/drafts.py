"""Drafts: what somebody is writing on this computer and has not kept yet, so that a crash costs a few seconds at most.

They lie in the encrypted file among the settings of this device. They are part of a back-up, are never sent to a hub,
and `Transaction.forget_drafts` takes them away with somebody they name who is erased.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from member_tracker.services.parts import App
from member_tracker.store.codec import to_json
from member_tracker.store.drafts import UNDER

Plain = Mapping[str, object]
"""Fields by name with values that JSON has: texts, numbers, yes or no, lists and mappings of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """What was being written under `key`, such as `enquiry` or `reply:ID`, and when it was last saved (UTC)."""

    key: str
    plain: Plain
    saved_at: datetime


def save_draft(app: App, key: str, plain: Plain) -> KeptDraft:
    """Keep what is written so far in place of what was kept under the key; nothing is announced and nothing synced."""
    saved = KeptDraft(key=key, plain=plain, saved_at=app.now())
    with app.store.writing(author=None) as tx:
        tx.set_local(UNDER + key, to_json({"at": saved.saved_at.isoformat(), "plain": plain}))
    return saved


def find_draft(app: App, key: str) -> KeptDraft | None:
    """What was being written under the key; None where nothing is."""
    with app.store.reading() as tx:
        kept = tx.local(UNDER + key)
    return None if kept is None else _draft(key, kept)


def drop_draft(app: App, key: str) -> None:
    """Forget what was being written under the key, because it is done or thrown away."""
    with app.store.writing(author=None) as tx:
        tx.set_local(UNDER + key, None)


def drafts(app: App) -> tuple[KeptDraft, ...]:
    """Everything that is being written on this computer, the newest first."""
    with app.store.reading() as tx:
        kept = tx.locals_under(UNDER)
    found = (_draft(key.removeprefix(UNDER), value) for key, value in kept.items())
    return tuple(sorted(found, key=lambda draft: draft.saved_at, reverse=True))


def _draft(key: str, kept: str) -> KeptDraft:
    said = json.loads(kept)
    return KeptDraft(key=key, plain=said["plain"], saved_at=datetime.fromisoformat(said["at"]))
