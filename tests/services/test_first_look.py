"""The first look at a profile: the same as the page itself, and nothing at all where nothing may be shown yet."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from member_tracker.app import build
from member_tracker.domain.errors import AccountDisabled, Invalid, Unavailable
from member_tracker.domain.in_step import Joined
from member_tracker.domain.working_time import ClosureDay
from member_tracker.profile import Profile
from member_tracker.services.first_look import _may_be_shown, first_look
from member_tracker.services.hub_health import HubHealth, Trouble, _lock, note_failing
from member_tracker.services.lists import today_page
from member_tracker.services.parts import OWN_HUB, App, the_council
from member_tracker.services.practice import fill
from member_tracker.services.shipped_councils import council_called, load_council, load_councils
from member_tracker.store.engine import open_file
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.keys import find_key
from member_tracker.store.today import TodayReading


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> App:
    """A practice profile, filled once."""
    app = build(Profile(folder=tmp_path_factory.mktemp("practice")), passphrase=lambda: None, practice=True)
    fill(app)
    return app


def later(app: App, days: int) -> App:
    moment = app.now() + timedelta(days=days)
    return replace(app, now=lambda: moment)


@pytest.mark.parametrize("days", [0, 1, 2, 3, 4, 5, 6, 9, 40])
def test_the_first_look_is_what_the_page_itself_shows(practice: App, days: int) -> None:
    app = later(practice, days)
    look = first_look(app.profile, now=app.now())
    assert look is not None
    assert look.practice
    assert look.page == today_page(app)
    assert look.page.overdue


def test_a_closure_day_moves_what_is_due_soon_in_the_first_look_too(practice: App) -> None:
    without = {days: today_page(later(practice, days)).counts for days in range(10)}
    closed_from = practice.today() + timedelta(days=1)
    with practice.store.reading() as tx:
        council = the_council(tx)
    shut = tuple(ClosureDay(on=closed_from + timedelta(days=ahead), reason="Works to the roof") for ahead in range(12))
    with practice.store.writing(author=None) as tx:
        tx.save(replace(council, closure_days=shut))
    seen = {}
    for days in range(10):
        app = later(practice, days)
        look = first_look(app.profile, now=app.now())
        assert look is not None
        assert look.page == today_page(app)
        seen[days] = look.page.counts
    assert seen != without


@pytest.mark.parametrize("name", ["Chorley", "south  RIBBLE", "Allerdale", "Elsewhere", "../councils/chorley"])
def test_a_council_read_by_itself_is_the_one_among_all(name: str) -> None:
    assert load_council(name) == council_called(name, load_councils())


def test_a_profile_behind_a_passphrase_shows_nothing_before_it_is_typed(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    build(Profile(folder=folder), passphrase=lambda: "five words for one key").store.close()
    assert first_look(Profile(folder=folder), now=datetime(2026, 6, 3, 9, tzinfo=UTC)) is None


def test_before_a_council_is_set_up_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    app = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    assert first_look(app.profile, now=app.now()) is None
    app.store.close()


def test_a_laptop_of_a_hub_is_looked_at_first_only_where_they_were_in_touch_lately(tmp_path: Path) -> None:
    app = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    fill(app)
    now = app.now()
    with app.store.writing(author=None) as tx:
        tx.set_local(OWN_HUB, "vera@postgresql://hub.example.org/council")
    assert first_look(app.profile, now=now) is None
    StoreLocal(app.store).remember(joined(contact_at=now - timedelta(hours=20)))
    look = first_look(app.profile, now=now)
    assert look is not None
    assert look.page == today_page(replace(app, now=lambda: now))
    assert first_look(app.profile, now=now + timedelta(hours=5)) is None
    note_failing(app, AccountDisabled("Your account was disabled.", advice="Ask your council."))
    assert first_look(app.profile, now=now) is None
    app.store.close()


def joined(*, contact_at: datetime | None, hub_at: datetime | None = None, lease_days: int = 14) -> Joined:
    return Joined(
        hub_id="3f0e4b52-6a53-4b43-9d2f-6f0a4c6c1f10",
        council_id="9a3f8c2e-0b65-4f0d-8a67-0f9a4b1f5c11",
        epoch=1,
        login="vera",
        device_id="5b0e4b52-6a53-4b43-9d2f-6f0a4c6c1f12",
        contact_at=contact_at,
        hub_at=hub_at,
        lease_days=lease_days,
    )


class Settings:
    """The settings of a device, read as a store reads them."""

    def __init__(self, **said: str) -> None:
        self._said = said

    def local(self, key: str) -> str | None:
        return self._said.get(key)


MOMENT = datetime(2026, 6, 3, 9, tzinfo=UTC)
AROUND = st.floats(min_value=-40, max_value=40).map(lambda days: MOMENT + timedelta(days=days))


@given(
    contact_at=st.none() | AROUND,
    hub_at=st.none() | AROUND,
    lease_days=st.integers(0, 30),
    trouble=st.none() | st.sampled_from(Trouble),
)
def test_a_laptop_that_is_locked_is_never_looked_at_first(
    contact_at: datetime | None, hub_at: datetime | None, lease_days: int, trouble: Trouble | None
) -> None:
    kept = {"contact_at": contact_at.isoformat() if contact_at else None, "lease_days": lease_days}
    health = HubHealth(trouble=trouble, title="It is so.", advice="Do this.")
    settings = Settings(
        own_hub="vera@postgresql://hub.example.org/council",
        hub=json.dumps(kept),
        hub_health=json.dumps({"trouble": trouble}),
    )
    shown = _may_be_shown(cast("TodayReading", settings), MOMENT)
    lock = _lock(joined(contact_at=contact_at, hub_at=hub_at, lease_days=lease_days), health, MOMENT)
    assert not (shown and lock)
    event("shown" if shown else "not shown")


def test_a_file_of_another_version_is_opened_in_the_ordinary_way(tmp_path: Path) -> None:
    app = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    fill(app)
    app.store.close()
    key = find_key(app.profile.folder, ask=lambda: None)
    connection = open_file(app.profile.store_file, key)
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    assert first_look(app.profile, now=app.now()) is None
    connection = open_file(app.profile.store_file, key)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
    connection.close()


def test_the_years_whose_bank_holidays_nobody_knows_are_left_to_the_page_itself(practice: App) -> None:
    assert first_look(practice.profile, now=datetime(2099, 6, 3, 9, tzinfo=UTC)) is None


def test_a_damaged_key_is_said_at_once(tmp_path: Path) -> None:
    app = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    app.store.close()
    (app.profile.folder / "key.json").write_text(json.dumps({"kind": "practice"}), encoding="utf-8")
    with pytest.raises(Invalid, match="damaged"):
        first_look(app.profile, now=app.now())


def test_a_profile_without_a_key_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no key"):
        first_look(Profile(folder=tmp_path), now=datetime(2026, 6, 3, 9, tzinfo=UTC))
