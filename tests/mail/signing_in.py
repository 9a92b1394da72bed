"""What the tests of signing in share: a sign-in server, a browser with somebody at it, a keyring, an account."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SignInWay
from member_tracker.mail.signin import MicrosoftSignIn
from tests.fakes.browser import CA, visit
from tests.fakes.http_loopback import make_ca
from tests.fakes.keyring_backend import FILE, FileKeyring
from tests.fakes.login_server import CLIENT_ID, Directory, LoginServer

CLERK = "a.clerk@example.org"
SHARED = "members@example.org"
PASSWORD = "correct horse battery staple"


def wall_clock() -> datetime:
    """The real time: msal looks at it too."""
    return datetime.now(UTC)  # noqa: TID251 - the time is handed in here and nowhere else


@contextmanager
def ring_in_use(ring: KeyringBackend) -> Iterator[None]:
    """Let this be the system's keyring."""
    before = keyring.get_keyring()
    keyring.set_keyring(ring)
    try:
        yield
    finally:
        keyring.set_keyring(before)


@pytest.fixture
def ring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file behind a keyring that works."""
    file = tmp_path / "ring.json"
    monkeypatch.setenv(FILE, str(file))
    with ring_in_use(FileKeyring()):  # type: ignore[no-untyped-call]  # keyring's own constructor has no types
        yield file


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoginServer]:
    """A sign-in server that knows one clerk, over TLS by an authority of its own."""
    (tmp_path / "ca").mkdir()
    authority = make_ca(tmp_path / "ca")
    monkeypatch.setenv(CA, str(authority.ca_file))
    with LoginServer(Directory(wall_clock), authority) as server:
        server.directory.add(CLERK)
        yield server


@pytest.fixture
def browser() -> Iterator[Callable[[str], bool]]:
    """A browser beside the program, with somebody at it who signs in at once."""
    visits: list[threading.Thread] = []

    def open_page(url: str) -> bool:
        visits.append(threading.Thread(target=visit, args=(url,), daemon=True))
        visits[-1].start()
        return True

    yield open_page
    for one in visits:
        one.join(timeout=30)


def account_at(server: LoginServer, **settings: object) -> MailboxAccount:
    """The clerk's shared mailbox, as it stands in the settings."""
    values: dict[str, object] = {
        "address": SHARED,
        "user": CLERK,
        "kind": MailboxKind.EXCHANGE_ONLINE,
        "sign_in": SignInWay.MICROSOFT,
        "authority": server.authority,
        "ca_file": str(server.ca_file),
        "client_id": CLIENT_ID,
    }
    return MailboxAccount(**{**values, **settings})  # type: ignore[arg-type]  # values of the right kinds


def sign_in_at(
    server: LoginServer, file: Path, open_page: Callable[[str], bool], **settings: object
) -> MicrosoftSignIn:
    """The clerk's sign-in; a waiting of seconds takes no time."""
    account = account_at(server, **settings)
    return MicrosoftSignIn(account, cache_file=file, open_browser=open_page, wait=lambda _: None)
