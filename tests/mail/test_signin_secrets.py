"""Where passwords and tokens are kept, by whom they can be read, and that they are found nowhere else."""

import json
import logging
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keyring.backend import KeyringBackend

from member_tracker import system_keyring
from member_tracker.domain.errors import SignInNeeded, TrackerError, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.mail.signin import VARIABLE, Passwords
from member_tracker.mail.token_cache import TokenCache
from tests.fakes.keyring_backend import FILE, MOST_CHARACTERS
from tests.fakes.login_server import LoginServer
from tests.mail.signing_in import CLERK, PASSWORD, browser, login, ring_file, ring_in_use, sign_in_at

__all__ = ["browser", "login", "ring_file"]

Browser = Callable[[str], bool]
ACCOUNT = MailboxAccount(address="members@example.org", user="COUNCIL\\clerk", kind=MailboxKind.EXCHANGE_SERVER)


class SilentKeyring(KeyringBackend):
    """A keyring that waits for somebody to unlock it and never answers."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait(30)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        threading.Event().wait(30)


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "tokens.json"


def everything_under(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# --- passwords --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("ring_file")
def test_a_password_in_the_keyring_is_found_by_the_next_run_of_the_program() -> None:
    assert Passwords().keep(ACCOUNT, PASSWORD)
    assert Passwords().find(ACCOUNT) == PASSWORD
    Passwords().forget(ACCOUNT)
    with pytest.raises(SignInNeeded, match="clerk"):
        Passwords().find(ACCOUNT)


def test_without_a_keyring_a_password_lasts_as_long_as_the_program() -> None:
    passwords = Passwords()
    assert not passwords.keep(ACCOUNT, PASSWORD)
    assert passwords.find(ACCOUNT) == PASSWORD
    with pytest.raises(SignInNeeded, match="clerk") as wanted:
        Passwords().find(ACCOUNT)
    assert VARIABLE in wanted.value.advice


@pytest.mark.usefixtures("ring_file")
def test_what_was_typed_counts_before_the_environment_and_that_before_the_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passwords = Passwords()
    passwords.keep(ACCOUNT, "from the keyring")
    monkeypatch.setenv(VARIABLE, "from the environment")
    assert Passwords().find(ACCOUNT) == "from the environment"
    assert passwords.find(ACCOUNT) == "from the keyring"
    passwords.forget(ACCOUNT)
    assert passwords.find(ACCOUNT) == "from the environment"


@pytest.mark.usefixtures("ring_file")
def test_a_password_longer_than_windows_keeps_is_kept_in_memory_alone() -> None:
    passwords = Passwords()
    assert not passwords.keep(ACCOUNT, "x" * (MOST_CHARACTERS + 1))
    assert passwords.find(ACCOUNT) == "x" * (MOST_CHARACTERS + 1)


def test_a_keyring_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_keyring, "_PROBE_SECONDS", 0.1)
    monkeypatch.setattr(system_keyring, "_UNLOCK_SECONDS", 0.1)
    with ring_in_use(SilentKeyring()):  # type: ignore[no-untyped-call]  # keyring's own constructor has no types
        assert not system_keyring.keyring_works()
        assert not system_keyring.keep("name", "secret")
        with pytest.raises(SignInNeeded):
            Passwords().find(ACCOUNT)


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_tokens_are_readable_nowhere_on_disk_and_only_a_short_key_is_in_the_keyring(
    login: LoginServer, tokens: Path, browser: Browser, ring_file: Path
) -> None:
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    held = [sign_in.token(None), *login.directory._refresh]
    assert len(held) == 2
    on_disk = everything_under(tokens.parent)
    assert not [one for one in held if one.encode() in on_disk]
    assert CLERK.encode() not in on_disk
    kept = json.loads(ring_file.read_text("utf-8"))
    assert [len(secret) for secret in kept.values()] == [64]
    assert max(len(one) for one in held) > MOST_CHARACTERS, "no test of the limit otherwise"
    if os.name != "nt":
        assert tokens.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("ring_file")
@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"\xff\x00", b'{"key":"00","nonce":"AA==","sealed":"AA=="}'])
def test_a_damaged_file_means_signing_in_again_and_nothing_worse(
    login: LoginServer, tokens: Path, browser: Browser, damage: bytes
) -> None:
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    tokens.write_bytes(damage)
    with pytest.raises(SignInNeeded):
        sign_in_at(login, tokens, browser).token(None)
    again = sign_in_at(login, tokens, browser)
    again.sign_in()
    assert login.directory.accepts(sign_in_at(login, tokens, browser).token(None)) == CLERK


def test_a_file_whose_key_is_gone_or_was_exchanged_means_signing_in_again(
    login: LoginServer, tokens: Path, browser: Browser, ring_file: Path
) -> None:
    sign_in_at(login, tokens, browser).sign_in()
    kept = json.loads(ring_file.read_text("utf-8"))
    for secret in (None, "ab" * 32, "no hex"):
        ring_file.write_text(json.dumps(dict.fromkeys(kept, secret) if secret else {}), "utf-8")
        with pytest.raises(SignInNeeded):
            sign_in_at(login, tokens, browser).token(None)
    sign_in_at(login, tokens, browser).sign_in()
    assert sign_in_at(login, tokens, browser).token(None)


def test_a_keyring_that_is_locked_for_now_leaves_the_file_as_it_is(
    login: LoginServer, tokens: Path, browser: Browser, ring_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_at(login, tokens, browser).sign_in()
    before = tokens.read_bytes()
    with monkeypatch.context() as locked:
        locked.setattr(system_keyring, "find", _no_answer)
        other = sign_in_at(login, tokens, browser)
        other.sign_in()
        assert not other.is_kept
    assert tokens.read_bytes() == before
    assert sign_in_at(login, tokens, browser).token(None)
    assert ring_file.exists()


def _no_answer(name: str) -> str | None:
    raise system_keyring.NoKeyring(name[:4])


@pytest.mark.usefixtures("ring_file")
def test_two_processes_share_the_tokens(login: LoginServer, tokens: Path, browser: Browser) -> None:
    mine = sign_in_at(login, tokens, browser)
    with pytest.raises(SignInNeeded):
        mine.token(None)
    script = f"""
import sys
from pathlib import Path
from tests.fakes.browser import visit
from tests.mail.signing_in import MicrosoftSignIn, MailboxAccount, MailboxKind
import threading
account = MailboxAccount(address={mine.account.address!r}, user={mine.account.user!r},
    kind=MailboxKind.EXCHANGE_ONLINE, authority={mine.account.authority!r}, ca_file={mine.account.ca_file!r},
    client_id={mine.account.client_id!r})
def open_page(url):
    threading.Thread(target=visit, args=(url,), daemon=True).start()
    return True
one = MicrosoftSignIn(account, cache_file=Path({str(tokens)!r}), open_browser=open_page)
one.sign_in()
print(one.token(None))
"""
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "tests.fakes.keyring_backend.FileKeyring"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert mine.token(None) == done.stdout.strip()


@pytest.mark.usefixtures("ring_file")
def test_a_folder_that_cannot_be_written_to_means_memory_alone(
    login: LoginServer, tmp_path: Path, browser: Browser
) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    sign_in = sign_in_at(login, tmp_path / "file" / "tokens.json", browser)
    sign_in.sign_in()
    assert login.directory.accepts(sign_in.token(None)) == CLERK
    assert not sign_in.is_kept


@pytest.mark.usefixtures("ring_file")
def test_a_file_that_cannot_be_replaced_means_memory_alone(login: LoginServer, tokens: Path, browser: Browser) -> None:
    tokens.mkdir(parents=True)
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    assert login.directory.accepts(sign_in.token(None)) == CLERK
    assert not sign_in.is_kept


@pytest.mark.usefixtures("ring_file")
def test_another_process_at_the_tokens_for_long_is_named(tokens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("member_tracker.mail.token_cache._LOCK_SECONDS", 0.1)
    one, other = TokenCache(tokens), TokenCache(tokens)
    with one.shared(), pytest.raises(Unavailable, match="Another window"), other.shared():
        pass


# --- nowhere else -----------------------------------------------------------------------------------------------------


def said_by(error: BaseException) -> str:
    """All that a log or a crash report could show of an error: its chain, and what the frames of our code held."""
    shown = "".join(traceback.format_exception(error))
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        shown += repr(error) + repr(error.args) + repr(vars(error))
        error = error.__cause__ or error.__context__  # type: ignore[assignment]  # ends with None
    return shown


def test_nothing_secret_is_in_a_log_or_an_error(
    login: LoginServer, tokens: Path, browser: Browser, ring_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    login.directory.access_seconds = 60
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    first = sign_in.token(None)
    errors: list[BaseException] = []
    for number in (53003, 65001, 50173, 90033, 12345):
        login.directory.refuse("token", number, text=f"refused {first}")
        try:
            sign_in_at(login, tokens, browser).token(None)
        except TrackerError as error:
            errors.append(error)
    assert len(errors) == 5
    secrets: list[str] = [first, *login.directory._access, *login.directory._refresh, *login.directory._codes]
    secrets += list(json.loads(ring_file.read_text("utf-8")).values())
    shown = "".join(map(said_by, errors)) + caplog.text + repr(_records(caplog))
    assert not [one[:12] for one in secrets if one in shown]
    assert FILE not in shown


def _records(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [(record.msg, record.args) for record in caplog.records]
