"""The first look at a profile: Today, read without most of the program, shown while the rest of it is made ready."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from member_tracker.domain.dates import local_date
from member_tracker.domain.errors import TrackerError
from member_tracker.profile import Profile
from member_tracker.services.own import HUB_HEALTH, OWN_HUB
from member_tracker.services.shipped_councils import calendar_of, load_council
from member_tracker.services.today import SOON_WORKING_DAYS, TodayPage, read_today
from member_tracker.store.first_look import looking
from member_tracker.store.keys import KeyKind, find_key, key_kind
from member_tracker.store.today import HUB, TodayReading

_LATELY = timedelta(days=1)
"""No lease is shorter than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """Today as it stood at a moment, and whether the data is made up."""

    page: TodayPage
    practice: bool


def first_look(profile: Profile, *, now: datetime) -> FirstLook | None:
    """Today in this profile; None where nothing may or can be shown before the profile is open.

    So it is where a passphrase must be typed, where the laptop was not lately in touch with its hub, where no council
    was set up, where a back-up is to take its place, and where the file must be changed first or cannot be read:
    opening the profile says why. Raises `TrackerError` where its key cannot be found.
    """
    if profile.restored_folder.exists():
        return None
    kind = key_kind(profile.folder)
    if kind is KeyKind.PASSPHRASE:
        return None
    key = find_key(profile.folder, ask=lambda: None)
    try:
        page = _today(profile, key, now)
    except TrackerError:
        return None
    return FirstLook(page=page, practice=kind is KeyKind.PRACTICE) if page is not None else None


def _today(profile: Profile, key: bytes, now: datetime) -> TodayPage | None:
    with looking(profile.folder, key) as tx:
        office = tx.office()
        if office is None or not _may_be_shown(tx, now):
            return None
        name, closure_days = office
        calendar = calendar_of(load_council(name), closure_days)
        soon = calendar.add_working_days(local_date(now), SOON_WORKING_DAYS)
        return read_today(tx, now=now, soon=soon)


def _may_be_shown(tx: TodayReading, now: datetime) -> bool:
    """Whether nobody need look further to know that a hub has not locked this laptop: they were in touch just lately.

    Where that is not so, whether it may be shown is worked out when the profile is opened (`hub_health.lock_of`).
    """
    if tx.local(OWN_HUB) is None:
        return True
    kept, health = json.loads(tx.local(HUB) or "{}"), json.loads(tx.local(HUB_HEALTH) or "{}")
    contact = kept.get("contact_at")
    if contact is None or health.get("trouble") not in {None, "offline"} or kept.get("lease_days", 0) < _LATELY.days:
        return False
    return timedelta() <= now - datetime.fromisoformat(contact) <= _LATELY
