"""A back-up made and restored on another computer; nothing in it can be read, and nothing waiting is sent by itself."""

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from member_tracker import app as assembly
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Invalid, NotAllowed, TrackerError, Unavailable
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.reference import make_reference
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.profile import Profile
from member_tracker.services.enquiries import send_enquiry
from member_tracker.services.parts import App
from member_tracker.services.post import post_queued
from member_tracker.services.safekeeping import (
    Restored,
    Restoring,
    agree_to_post,
    back_up,
    is_held,
    must_not_be_held,
    restore,
)
from member_tracker.store.backup import MAGIC
from member_tracker.store.keys import KeyKind, key_kind
from member_tracker.store.sealing import Cost
from tests.fakes.office import Office, open_office
from tests.store.agreement import disagreements
from tests.store.office import everything_in

PASSPHRASE = "seven grey herons at dusk"
OWN = "the passphrase of the new profile"
CHEAP = Cost(n=2**10, r=8, p=1)
MOMENT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
RESTORING = Restoring(
    now=lambda: MOMENT, new_id=assembly.new_id, random_bytes=os.urandom, profile_passphrase=lambda: OWN
)


@pytest.fixture
def filled(office: Office) -> Office:
    """An office with an enquiry sent and answered, one that waits to be sent, and settings of its own."""
    office.parts.profile.settings_file.write_text('[mailbox]\nfrom = "vera.quill@example.org"\n', "utf-8")
    office.reply(office.logged_and_sent(subject="Zygomorphic lamp"), "We will repair it by 27 November 2026.")
    office.collect()
    send_enquiry(office.app, office.log(text="Zygomorphic damp").id)
    return office


def backed_up(office: Office, folder: Path) -> Path:
    file = folder / "tuesday.backup"
    back_up(office.app, file, PASSPHRASE, cost=CHEAP)
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A back-up for tests that spoil it."""
    folder = tmp_path_factory.mktemp("made")
    office = open_office(folder / "office")
    office.log()
    file = backed_up(replace(office, parts=replace(office.parts, practice=False)), folder)
    office.parts.store.close()
    return file.read_bytes()


@pytest.fixture
def file(made: bytes, tmp_path: Path) -> Path:
    """A back-up of an office with one enquiry."""
    path = tmp_path / "tuesday.backup"
    path.write_bytes(made)
    return path


def restored(file: Path, folder: Path) -> Restored:
    return restore(Profile(folder=folder), file, lambda: PASSPHRASE, RESTORING)


def opened(folder: Path) -> App:
    return replace(assembly.build(Profile(folder=folder), passphrase=lambda: OWN), now=lambda: MOMENT)


@pytest.fixture
def own(filled: Office) -> Office:
    """The same office as somebody's own profile, not for practice."""
    filled.parts = replace(filled.parts, practice=False)
    return filled


def test_another_computer_restores_everything_and_gives_its_own_references(own: Office, tmp_path: Path) -> None:
    before = everything_in(own.parts.store)
    with own.parts.store.reading() as tx:
        old_device = tx.local("device")
    done = restored(backed_up(own, tmp_path), tmp_path / "other" / "profile")
    assert (done.enquiries, done.held, done.profile) == (2, 1, tmp_path / "other" / "profile")
    assert key_kind(done.profile) is KeyKind.PASSPHRASE
    app = opened(done.profile)
    try:
        assert app.profile.settings().from_address == "vera.quill@example.org"
        after = everything_in(app.store)
        differing = [{*ours} ^ {*theirs} for ours, theirs in zip(before, after, strict=True) if ours != theirs]
        assert len(differing) == 1, "more than the settings of this device differs"
        assert all(
            row.startswith(("('device'", "('device_id'", "('serial'", "('held_after_restore'")) for row in differing[0]
        )
        logged = Office(parts=app, clock=own.clock).log()
        assert done.device != old_device
        assert logged.reference == make_reference(done.device, 1)
    finally:
        app.store.close()
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["profile"], "something was left beside it"


def test_a_restored_profile_agrees_with_itself(own: Office, tmp_path: Path) -> None:
    done = restored(backed_up(own, tmp_path), tmp_path / "other")
    app = opened(done.profile)
    try:
        assert disagreements(app.store) == []
    finally:
        app.store.close()


def test_what_waited_is_posted_only_when_a_person_agrees_and_what_went_meanwhile_not_again(
    own: Office, tmp_path: Path
) -> None:
    file = backed_up(own, tmp_path)
    assert post_queued(own.app).sent == 1
    done = restored(file, tmp_path / "other")
    app = replace(opened(done.profile), mailboxes=own.parts.mailboxes)
    try:
        with app.store.reading() as tx:
            assert is_held(tx)
            with pytest.raises(NotAllowed, match="1 mail waits") as held:
                must_not_be_held(tx)
        assert "post --agree" in held.value.advice
        assert agree_to_post(app) == 1
        with app.store.reading() as tx:
            assert not is_held(tx)
            must_not_be_held(tx)
        sent_before = sorted(own.outbox.iterdir())
        assert post_queued(app).sent == 1
        assert sorted(own.outbox.iterdir()) == sent_before
        with app.store.reading() as tx:
            assert {mail.state for mail in tx.every(QueuedMail)} == {OutgoingState.SENT}
    finally:
        app.store.close()


def test_what_did_not_go_meanwhile_goes_after_a_person_has_agreed(own: Office, tmp_path: Path) -> None:
    done = restored(backed_up(own, tmp_path), tmp_path / "other")
    app = opened(done.profile)
    try:
        agree_to_post(app)
        assert post_queued(app).sent == 1
        assert len(list((done.profile / "mailbox" / "outbox").glob("*.eml"))) == 1
    finally:
        app.store.close()


def test_a_back_up_holds_nothing_that_can_be_read_and_leaves_nothing_beside_it(own: Office, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    file = backed_up(own, folder)
    kept = file.read_bytes()
    for word in (b"Zygomorphic", b"zygomorphic", b"Quill", b"vera.quill", b"SQLite format", PASSPHRASE.encode()):
        assert word not in kept.removeprefix(MAGIC)
    assert list(folder.iterdir()) == [file]
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_practice_profile_is_restored_as_one(filled: Office, tmp_path: Path) -> None:
    done = restored(backed_up(filled, tmp_path), tmp_path / "other")
    assert key_kind(done.profile) is KeyKind.PRACTICE


def test_a_back_up_made_while_others_write_is_of_one_moment(own: Office, tmp_path: Path) -> None:
    logged: list[Enquiry] = []

    def log_another(stage: str, share: float) -> None:
        del share
        if stage == "Copying" and len(logged) < 3:
            logged.append(own.log())

    file = tmp_path / "busy.backup"
    back_up(own.app, file, PASSPHRASE, cost=CHEAP, watch=Watch(progress=log_another))
    assert logged, "nobody wrote meanwhile"
    done = restored(file, tmp_path / "other")
    assert done.enquiries == 2


def test_a_back_up_replaces_no_file(own: Office, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all", "utf-8")
    with pytest.raises(NotAllowed, match="is there already"):
        back_up(own.app, file, PASSPHRASE, cost=CHEAP)
    assert file.read_text("utf-8") == "Dear all"


def test_a_short_passphrase_is_refused(own: Office, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="too short"):
        back_up(own.app, tmp_path / "x", "  pass  ", cost=CHEAP)
    assert not (tmp_path / "x").exists()


def stopping_at(stage: str) -> Watch:
    """Somebody who stops the deed once it has come to that stage."""
    told: list[str] = []
    return Watch(progress=lambda at, _: told.append(at), stop=lambda: told[-1:] == [stage])


def test_stopping_a_back_up_leaves_nothing(own: Office, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    for stage in ("Copying", "Writing"):
        with pytest.raises(Stopped):
            back_up(own.app, folder / "x", PASSPHRASE, cost=CHEAP, watch=stopping_at(stage))
        assert list(folder.iterdir()) == []


def test_stopping_a_restore_leaves_nothing(file: Path, tmp_path: Path) -> None:
    for stage in ("Checking", "Reading"):
        with pytest.raises(Stopped):
            restore(
                Profile(folder=tmp_path / "new" / "profile"),
                file,
                lambda: PASSPHRASE,
                RESTORING,
                watch=stopping_at(stage),
            )
        assert not (tmp_path / "new").exists() or list((tmp_path / "new").iterdir()) == []


def test_a_profile_in_use_is_not_restored_over_and_what_is_there_is_named(
    file: Path, office: Office, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed, match=r"key\.json, tracker\.db"):
        restore(office.parts.profile, file, lambda: PASSPHRASE, RESTORING)
    busy = tmp_path / "busy"
    busy.mkdir()
    (busy / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(NotAllowed, match=r"notes\.txt"):
        restore(Profile(folder=busy), file, lambda: PASSPHRASE, RESTORING)
    assert [path.name for path in busy.iterdir()] == ["notes.txt"]


def test_empty_folders_are_no_hindrance(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other" / "mailbox" / "inbox").mkdir(parents=True)
    assert restored(file, tmp_path / "other").enquiries == 1


def cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def last_byte_gone(raw: bytes) -> bytes:
    return raw[:-1]


def flipped_in_the_middle(raw: bytes) -> bytes:
    return raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :]


def head_gone(raw: bytes) -> bytes:
    return raw[: len(MAGIC) + 40]


def from_the_future(raw: bytes) -> bytes:
    return raw.replace(b'"format": 1', b'"format": 2', 1)


def another_file(raw: bytes) -> bytes:
    return b"PK" + raw


def greedy(raw: bytes) -> bytes:
    return raw.replace(b'"n": 1024', b'"n": 1024000', 1)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (cut, "damaged or not whole"),
        (last_byte_gone, "damaged or not whole"),
        (flipped_in_the_middle, "damaged or not whole"),
        (head_gone, "damaged or not whole"),
        (greedy, "damaged or not whole"),
        (from_the_future, "newer version"),
        (another_file, "is not a back-up"),
        (lambda raw: b"", "is not a back-up"),
    ],
)
def test_a_spoilt_back_up_is_refused_in_words_and_nothing_is_made(
    file: Path, tmp_path: Path, spoil: Callable[[bytes], bytes], says: str
) -> None:
    file.write_bytes(spoil(file.read_bytes()))
    spoilt = file.read_bytes()
    with pytest.raises(TrackerError, match=says) as refused:
        restored(file, tmp_path / "new" / "profile")
    assert refused.value.advice
    assert not (tmp_path / "new").exists()
    assert file.read_bytes() == spoilt


def test_every_bit_of_the_first_lines_matters(file: Path, tmp_path: Path) -> None:
    raw = file.read_bytes()
    for place in range(0, raw.index(b"\n", len(MAGIC)) + 1, 7):
        file.write_bytes(raw[:place] + bytes([raw[place] ^ 4]) + raw[place + 1 :])
        with pytest.raises(TrackerError):
            restored(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_wrong_passphrase_is_refused_and_nothing_is_made(file: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not the passphrase of this back-up"):
        restore(Profile(folder=tmp_path / "new"), file, PASSPHRASE.upper, RESTORING)
    assert not (tmp_path / "new").exists()


def test_a_missing_back_up_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="There is no file"):
        restored(tmp_path / "missing", tmp_path / "new")


def test_a_missing_folder_for_the_back_up_is_told_in_words(own: Office, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="There is no folder"):
        back_up(own.app, tmp_path / "missing" / "x", PASSPHRASE, cost=CHEAP)
