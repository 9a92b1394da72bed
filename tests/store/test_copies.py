"""The copies made before the file is brought up to date: named, whole, and gone with what is erased and in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from member_tracker.domain.errors import Unavailable
from member_tracker.domain.in_step import ScopeId
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.store import engine
from member_tracker.store.copies import KEPT_FOR, copies_of, forget_copies, new_copy
from member_tracker.store.engine import FILE_NAME
from member_tracker.store.in_step import StoreLocal
from member_tracker.store.store import Store
from tests.store.office import ANNA, KEY, NOON, Clockwork, open_store
from tests.store.test_migrations import made_by_the_first_version, next_version

__all__ = ["next_version"]


def laid(folder: Path, made_at: datetime) -> Path:
    """A copy beside the file, with what a broken database leaves beside it."""
    copy, half = new_copy(folder / FILE_NAME, "0001", made_at)
    for file in (copy, half, half.with_name(f"{half.name}-journal")):
        file.write_bytes(b"a copy")
    return copy


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("tracker-*"))


def open_watched(folder: Path, watch: Watch) -> Store:
    clockwork = Clockwork()
    return Store.open(folder, KEY, now=clockwork.now, new_id=clockwork.new_id, watch=watch)


def test_a_copy_says_by_its_name_which_version_it_is_of_and_when_it_was_made(tmp_path: Path) -> None:
    made_at = datetime(2026, 11, 23, 3, 12, 5, 1, tzinfo=UTC)
    laid(tmp_path, made_at)
    (copy,) = copies_of(tmp_path / FILE_NAME)
    assert copy.file.name == "tracker-0001-20261123T031205000001.db"
    assert (copy.version, copy.made_at, copy.size) == ("0001", made_at, 6)
    assert copy.kept_until == made_at + timedelta(days=30)


def test_copies_go_after_thirty_days_when_the_profile_is_next_opened(tmp_path: Path) -> None:
    laid(tmp_path, NOON - KEPT_FOR - timedelta(seconds=1))
    younger = laid(tmp_path, NOON - KEPT_FOR + timedelta(seconds=1))
    store = open_store(tmp_path)
    assert [copy.file for copy in store.copies()] == [younger]
    store.close()


def test_what_only_looks_like_a_copy_is_left_alone(tmp_path: Path) -> None:
    for name in ("tracker.db", "tracker-notes.db", "tracker-0001-yesterday.db", "other-0001-20200101T000000000000.db"):
        (tmp_path / name).write_bytes(b"somebody's")
    forget_copies(tmp_path / FILE_NAME)
    assert len(list(tmp_path.iterdir())) == 4


def test_no_copy_outlives_what_is_erased_nor_access_that_is_lost(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    laid(tmp_path, NOON)
    store.settle_file()
    assert left(tmp_path) == []
    laid(tmp_path, NOON)
    StoreLocal(store).let_go(ScopeId(ANNA.id))
    assert left(tmp_path) == []
    store.close()


def test_bringing_a_file_up_to_date_tells_how_far_it_is(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    made_by_the_first_version(tmp_path / "profile")
    request.getfixturevalue("next_version")
    told: list[tuple[str, float]] = []
    open_watched(tmp_path / "profile", Watch(progress=lambda stage, share: told.append((stage, share)))).close()
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["Checking", "Copying", "Bringing it up to date"]
    assert told[-1] == ("Bringing it up to date", 1.0)
    told.clear()
    open_watched(tmp_path / "profile", Watch(progress=lambda stage, share: told.append((stage, share)))).close()
    assert told == []


def test_a_copy_that_was_stopped_is_none_and_the_file_is_as_it_was(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made_by_the_first_version(tmp_path / "profile")
    request.getfixturevalue("next_version")
    stages: list[str] = []
    with pytest.raises(Stopped):
        open_watched(
            tmp_path / "profile",
            Watch(progress=lambda stage, _: stages.append(stage), stop=lambda: "Copying" in stages),
        )
    assert copies_of(tmp_path / "profile" / FILE_NAME) == ()
    with engine.open_file(tmp_path / "profile" / FILE_NAME, KEY) as connection:
        assert engine.version_of(connection) == "0001"
    connection.close()


def test_a_file_of_a_newer_program_is_refused_before_anything_is_written(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    request.getfixturevalue("next_version")
    open_store(tmp_path / "profile").close()
    monkeypatch.setattr(engine, "HEAD", "0001")
    before = {path.name: path.read_bytes() for path in (tmp_path / "profile").iterdir()}
    with pytest.raises(Unavailable, match="newer version") as refused:
        open_store(tmp_path / "profile")
    assert "Update the program" in refused.value.advice
    assert {path.name: path.read_bytes() for path in (tmp_path / "profile").iterdir()} == before
