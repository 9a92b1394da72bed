"""The key: in the keyring or wrapped, never as it is, and never lost to a second one."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import PasswordDeleteError

from member_tracker.domain.errors import Invalid, NotAllowed, TrackerError, Unavailable
from member_tracker.store.keys import KEY_FILE, KeyKind, find_key, has_key, key_kind, make_key
from member_tracker.system_keyring import keyring_works


class InMemory(KeyringBackend):
    """A keyring that keeps what it is given as long as the test lasts."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring has no types there
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


class Forgetful(InMemory):
    """A keyring that says nothing and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password


class Silent(InMemory):
    """A keyring that waits for somebody to unlock it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password
        threading.Event().wait(20)


def nobody() -> str | None:
    return None


def says(passphrase: str) -> Callable[[], str]:
    return lambda: passphrase


def refusal(folder: Path) -> TrackerError | None:
    try:
        find_key(folder, ask=nobody)
    except TrackerError as told:
        return told
    return None


@pytest.fixture
def use_keyring() -> Iterator[Callable[[KeyringBackend], None]]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def chained(*rings: KeyringBackend) -> ChainerBackend:
    chain: ChainerBackend = type("Chain", (ChainerBackend,), {"backends": list(rings)})()
    return chain


def test_a_key_is_kept_in_the_keyring_and_found_again(
    tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]
) -> None:
    ring = InMemory()
    use_keyring(ring)
    assert keyring_works()
    assert ring.kept == {}
    key = make_key(tmp_path, passphrase=None)
    assert (len(key), key_kind(tmp_path)) == (32, KeyKind.KEYRING)
    assert find_key(tmp_path, ask=nobody) == key
    assert list(ring.kept.values()) == [key.hex()]
    assert key.hex() not in (tmp_path / KEY_FILE).read_text()


def test_two_profiles_have_two_keys(tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]) -> None:
    use_keyring(chained(InMemory()))
    one, two = make_key(tmp_path / "one", passphrase=None), make_key(tmp_path / "two", passphrase=None)
    assert one != two
    assert (find_key(tmp_path / "one", ask=nobody), find_key(tmp_path / "two", ask=nobody)) == (one, two)


def test_a_keyring_that_lost_the_key_is_told_in_words(
    tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]
) -> None:
    ring = InMemory()
    use_keyring(ring)
    make_key(tmp_path, passphrase=None)
    (user,) = ring.kept
    ring.kept[user] = "not a key"
    with pytest.raises(Invalid, match="damaged"):
        find_key(tmp_path, ask=nobody)
    ring.kept.clear()
    with pytest.raises(Unavailable, match="not in the keyring"):
        find_key(tmp_path, ask=nobody)


@pytest.mark.parametrize("ring", [Forgetful(), chained(), chained(Forgetful())], ids=["forgetful", "none", "chain"])
def test_without_a_keyring_that_keeps_a_passphrase_is_asked_for(
    tmp_path: Path, use_keyring: Callable[[KeyringBackend], None], ring: KeyringBackend
) -> None:
    use_keyring(ring)
    assert not keyring_works()
    with pytest.raises(Unavailable, match="no keyring") as refused:
        make_key(tmp_path, passphrase=None)
    assert "MEMBER_TRACKER_PASSPHRASE" in refused.value.advice
    assert not has_key(tmp_path)


def test_a_keyring_that_keeps_secrets_readable_does_not_count(use_keyring: Callable[[KeyringBackend], None]) -> None:
    for module in ("keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail"):
        use_keyring(type("Plain", (InMemory,), {"__module__": module})())
        assert not keyring_works()


def test_a_keyring_that_does_not_answer_is_given_up_in_time(use_keyring: Callable[[KeyringBackend], None]) -> None:
    use_keyring(Silent())
    assert not keyring_works(timeout=0.1)


def test_a_passphrase_opens_what_it_locked_and_no_other_does(tmp_path: Path) -> None:
    key = make_key(tmp_path, passphrase="réd kite over the weir")
    assert key_kind(tmp_path) is KeyKind.PASSPHRASE
    assert find_key(tmp_path, ask=says("réd kite over the weir")) == key
    assert find_key(tmp_path, ask=says("re\u0301d kite over the weir")) == key
    for wrong in ("red kite over the weir", "Réd kite over the weir", "", "practice"):
        with pytest.raises(Invalid, match="not the passphrase"):
            find_key(tmp_path, ask=says(wrong))


def test_a_locked_profile_says_how_to_give_the_passphrase(tmp_path: Path) -> None:
    make_key(tmp_path, passphrase="red kite")
    with pytest.raises(Unavailable, match="locked with a passphrase") as refused:
        find_key(tmp_path, ask=nobody)
    assert "MEMBER_TRACKER_PASSPHRASE" in refused.value.advice


@pytest.mark.parametrize("empty", ["", "   "])
def test_an_empty_passphrase_is_refused(tmp_path: Path, empty: str) -> None:
    with pytest.raises(Invalid, match="empty"):
        make_key(tmp_path, passphrase=empty)
    assert not has_key(tmp_path)


def test_the_practice_profile_opens_without_keyring_or_question(tmp_path: Path) -> None:
    key = make_key(tmp_path, passphrase=None, practice=True)
    assert key_kind(tmp_path) is KeyKind.PRACTICE
    assert find_key(tmp_path, ask=nobody) == key


def test_a_real_profile_never_opens_with_the_practice_word_by_itself(tmp_path: Path) -> None:
    make_key(tmp_path, passphrase="practice")
    with pytest.raises(Unavailable, match="locked"):
        find_key(tmp_path, ask=nobody)


def test_a_passphrase_file_relabelled_as_practice_does_not_open(tmp_path: Path) -> None:
    make_key(tmp_path, passphrase="practice")
    said = json.loads((tmp_path / KEY_FILE).read_text())
    (tmp_path / KEY_FILE).write_text(json.dumps(said | {"kind": "practice"}))
    with pytest.raises(Invalid):
        find_key(tmp_path, ask=nobody)


def test_the_key_is_never_in_the_file_as_it_is(tmp_path: Path) -> None:
    import base64

    key = make_key(tmp_path, passphrase="red kite")
    written = (tmp_path / KEY_FILE).read_bytes()
    for form in (key, key.hex().encode(), base64.b64encode(key), b"red kite"):
        assert form not in written


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_its_owner_may_read_the_key_file_and_nothing_else_is_left(tmp_path: Path) -> None:
    make_key(tmp_path / "profile", passphrase="red kite")
    assert [path.name for path in (tmp_path / "profile").iterdir()] == [KEY_FILE]
    assert (tmp_path / "profile" / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_second_key_is_refused_for_it_would_lock_the_file_for_ever(tmp_path: Path) -> None:
    key = make_key(tmp_path, passphrase="red kite")
    with pytest.raises(NotAllowed, match="already has a key"):
        make_key(tmp_path, passphrase="other")
    assert find_key(tmp_path, ask=says("red kite")) == key


def test_a_profile_without_a_key_says_so(tmp_path: Path) -> None:
    assert not has_key(tmp_path)
    with pytest.raises(Unavailable, match="no key"):
        find_key(tmp_path, ask=nobody)


def test_every_damaged_byte_of_the_key_file_is_told_from_a_wrong_passphrase(tmp_path: Path) -> None:
    make_key(tmp_path, passphrase=None, practice=True)
    whole = (tmp_path / KEY_FILE).read_bytes()
    said = json.loads(whole)
    for at in range(len(whole)):
        (tmp_path / KEY_FILE).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        told = refusal(tmp_path)
        # White space between the parts says nothing.
        assert (told and "damaged" in told.title) or json.loads((tmp_path / KEY_FILE).read_bytes()) == said


@pytest.mark.parametrize("left", [0, 1, 40, 200])
def test_a_key_file_cut_short_is_refused(tmp_path: Path, left: int) -> None:
    make_key(tmp_path, passphrase=None, practice=True)
    (tmp_path / KEY_FILE).write_bytes((tmp_path / KEY_FILE).read_bytes()[:left])
    with pytest.raises(Invalid, match="damaged"):
        find_key(tmp_path, ask=nobody)
