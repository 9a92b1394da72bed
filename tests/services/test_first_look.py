"""The first look at a profile: the same as the page itself, and nothing at all where nothing may be shown yet."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from member_tracker.app import build
from member_tracker.domain.errors import Invalid, Unavailable
from member_tracker.domain.working_time import ClosureDay
from member_tracker.profile import Profile
from member_tracker.services.first_look import first_look
from member_tracker.services.lists import today_page
from member_tracker.services.parts import OWN_HUB, App, the_council
from member_tracker.services.practice import fill
from member_tracker.store.engine import open_file
from member_tracker.store.keys import find_key


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


def test_a_profile_behind_a_passphrase_shows_nothing_before_it_is_typed(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    build(Profile(folder=folder), passphrase=lambda: "five words for one key").store.close()
    assert first_look(Profile(folder=folder), now=datetime(2026, 6, 3, 9, tzinfo=UTC)) is None


def test_before_a_council_is_set_up_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    app = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    assert first_look(app.profile, now=app.now()) is None
    app.store.close()


def test_a_laptop_of_a_hub_shows_nothing_before_it_is_known_whether_it_may(tmp_path: Path) -> None:
    app = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    fill(app)
    assert first_look(app.profile, now=app.now()) is not None
    with app.store.writing(author=None) as tx:
        tx.set_local(OWN_HUB, "vera@postgresql://hub.example.org/council")
    assert first_look(app.profile, now=app.now()) is None
    app.store.close()


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
