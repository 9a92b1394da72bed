"""A back-up in the place of a profile that is in use: looked through first, put in place whole, the former kept."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from member_tracker import app as assembly
from member_tracker.app import App
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, Unavailable
from member_tracker.profile import Profile
from member_tracker.services.replacing import (
    NotReplaced,
    forget_formers,
    formers,
    must_not_be_in_use,
    prepare,
    put_in_place,
)
from member_tracker.services.safekeeping import Restoring, back_up, is_held
from member_tracker.services.setup import SetUp, set_up
from member_tracker.store import keys
from member_tracker.store.keys import KEY_FILE, has_key
from member_tracker.store.sealing import Cost
from member_tracker.system_keyring import find
from tests.fakes.keyring_backend import FILE, FileKeyring
from tests.fakes.office import Office

OWN, WORDS = "the words of this profile", "seven grey herons"
MOMENT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
RESTORING = Restoring(
    now=lambda: MOMENT, new_id=assembly.new_id, random_bytes=os.urandom, profile_passphrase=lambda: OWN
)


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_REAL_COST", keys._PRACTICE_COST)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile with one enquiry that was backed up, and one that came after."""
    found = Profile(folder=tmp_path / "own")
    office = Office(parts=opened(found), clock=lambda: MOMENT)  # type: ignore[arg-type] # a clock that stands still
    set_up(office.parts, SetUp(council="Chorley", councillors=("Cllr Vera Quill",)))
    office.log(subject="Before")
    back_up(office.parts, tmp_path / "b.backup", WORDS, cost=Cost(n=2**10, r=8, p=1))
    office.log(subject="After")
    office.parts.store.close()
    return found


def opened(profile: Profile) -> App:
    return replace(assembly.build(profile, passphrase=lambda: OWN), now=lambda: MOMENT)


def subjects(profile: Profile) -> list[str]:
    app = opened(profile)
    with app.store.reading() as tx:
        found = sorted(each.subject for each in tx.every(Enquiry))
    app.store.close()
    return found


def made_ready(profile: Profile, words: str = WORDS) -> None:
    prepare(profile, profile.folder.parent / "b.backup", lambda: words, RESTORING)


def beside(profile: Profile) -> list[str]:
    return sorted(path.name for path in profile.folder.parent.iterdir())


def test_until_it_is_opened_again_the_profile_is_as_it_was_and_then_it_is_the_back_up(profile: Profile) -> None:
    app = opened(profile)
    made_ready(profile)
    with app.store.reading() as tx:
        assert sorted(each.subject for each in tx.every(Enquiry)) == ["After", "Before"]
    app.store.close()
    assert subjects(profile) == ["Before"]
    (former,) = formers(profile)
    assert subjects(Profile(folder=former.folder)) == ["After", "Before"]
    assert former.kept_until == former.set_aside_at + timedelta(days=30)
    again = opened(profile)
    with again.store.reading() as tx:
        assert is_held(tx)
    again.store.close()
    assert len(formers(profile)) == 1


def test_broken_off_between_the_two_renames_the_next_opening_goes_on(profile: Profile) -> None:
    made_ready(profile)
    profile.folder.rename(profile.folder.with_name("own.before-20261201T090000000000"))
    assert not profile.is_new
    assert subjects(profile) == ["Before"]
    assert len(formers(profile)) == 1


def test_a_profile_another_process_has_open_stays_as_it_is(profile: Profile) -> None:
    code = (
        "import sys; from pathlib import Path; from member_tracker.app import build\n"
        "from member_tracker.profile import Profile\n"
        "a = build(Profile(folder=Path(sys.argv[1])), passphrase=lambda: sys.argv[2]); print(); sys.stdout.flush();"
        "sys.stdin.read(); a.store.close()"
    )
    made_ready(profile)
    ready = profile.restored_folder.rename(profile.folder.parent / "aside")
    command = [sys.executable, "-c", code, str(profile.folder), OWN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        ready.rename(profile.restored_folder)
        with pytest.raises(Unavailable, match="in use by another"):
            must_not_be_in_use(profile)
        with pytest.raises(Unavailable, match="in use by another"):
            put_in_place(profile, MOMENT)
        other.communicate("")
    assert not profile.restored_folder.exists()
    assert formers(profile) == ()
    assert subjects(profile) == ["After", "Before"]
    must_not_be_in_use(profile)


def test_a_rename_that_fails_leaves_the_profile_as_it_was(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    made_ready(profile)
    whole = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path == profile.restored_folder:
            raise PermissionError(13, "Permission denied")
        return whole(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(Unavailable, match="in use by another"):
        put_in_place(profile, MOMENT)
    assert beside(profile) == ["b.backup", "own"]
    assert subjects(profile) == ["After", "Before"]


def test_a_back_up_that_cannot_be_opened_or_is_of_practice_data_changes_nothing(
    profile: Profile, office: Office
) -> None:
    with pytest.raises(Invalid, match="not the passphrase"):
        made_ready(profile, "other words")
    file = profile.folder.parent / "b.backup"
    back_up(replace(office.parts, practice=True), file.with_name("p.backup"), WORDS, cost=Cost(n=2**10, r=8, p=1))
    with pytest.raises(NotAllowed, match="a back-up of practice data"):
        prepare(profile, file.with_name("p.backup"), lambda: WORDS, RESTORING)
    assert not profile.restored_folder.exists()
    assert not [name for name in beside(profile) if name.endswith("restoring")]
    assert subjects(profile) == ["After", "Before"]


def test_a_profile_that_can_no_longer_be_read_is_replaced_and_kept_too(profile: Profile) -> None:
    (profile.folder / KEY_FILE).write_text("damaged", encoding="utf-8")
    made_ready(profile)
    assert subjects(profile) == ["Before"]
    assert len(formers(profile)) == 1


def test_former_profiles_go_for_good_after_thirty_days_and_their_keys_with_them(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE, str(profile.folder.parent / "ring.json"))
    monkeypatch.setattr("keyring.get_keyring", FileKeyring)
    app = assembly.build(Profile(folder=profile.folder.parent / "kept"), passphrase=lambda: None)
    app.store.close()
    key = keys._text(keys._read(app.profile.folder), "id")
    app.profile.folder.rename(profile.folder.with_name("own.before-20261201T090000000000"))
    assert find(key) is not None
    assert forget_formers(profile, before=MOMENT) == 0
    assert forget_formers(profile, before=MOMENT + timedelta(seconds=1)) == 1
    assert find(key) is None
    assert formers(profile) == ()
    assert has_key(profile.folder)


def test_no_key_is_left_in_the_keyring_of_what_did_not_take_its_place(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = profile.folder.parent / "ring.json"
    monkeypatch.setenv(FILE, str(ring))
    monkeypatch.setattr("keyring.get_keyring", FileKeyring)
    made_ready(profile)
    made_ready(profile)
    assert len(json.loads(ring.read_text("utf-8"))) == 1
    monkeypatch.setattr("member_tracker.services.replacing.is_open_elsewhere", lambda _file: True)
    with pytest.raises(NotReplaced):
        put_in_place(profile, MOMENT)
    with pytest.raises(Invalid):
        made_ready(profile, "other words")
    assert json.loads(ring.read_text("utf-8")) == {}
    assert subjects(profile) == ["After", "Before"]
