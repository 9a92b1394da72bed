"""The other end of the line: an Exchange organisation of either kind behind a real server, and the way to its mailbox.

    with exchange_office("ews", folder) as exchange:
        main(["mailbox", "add", *exchange.words]) ...

The clerk signs in and opens the shared mailbox of Member Services. What the clerk sends is in `exchange.sent()`, and
`exchange.deliver(raw)` lets a mail arrive.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from unittest import mock

from keyring.backend import KeyringBackend

from member_tracker.app import now
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from tests.fakes import browser, keyring_backend
from tests.fakes.ews_server import EwsServer
from tests.fakes.exchange_items import Right
from tests.fakes.exchange_world import DEFAULT_PASSWORD, World
from tests.fakes.graph_server import GraphServer
from tests.fakes.http_faults import Faults, Traffic
from tests.fakes.http_loopback import make_ca
from tests.fakes.imaginary_council import CLERK, SHARED
from tests.fakes.login_server import CLIENT_ID, TENANT, Directory, LoginServer

KINDS = ("ews", "graph")
PASSWORD = DEFAULT_PASSWORD


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A running organisation: its world, its servers, and the account that opens its shared mailbox."""

    account: MailboxAccount
    world: World
    server: EwsServer | GraphServer
    directory: Directory | None = None
    words: list[str] = field(default_factory=list)

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.server.faults

    @property
    def traffic(self) -> Traffic:
        """What was asked of the mail server."""
        return self.server.traffic

    def deliver(self, raw: bytes, received_at: datetime | None = None) -> None:
        """Let a mail arrive in the shared mailbox."""
        self.world.deliver(SHARED, raw, received_at=received_at)

    def sent(self) -> list[Message]:
        """What lies in the Sent Items of the shared mailbox."""
        return [message_from_bytes(item.mime) for item in self.world.items(SHARED, "sentitems")]

    def drafts(self) -> int:
        """How many drafts lie about."""
        return len(self.world.items(SHARED, "drafts")) + len(self.world.items(SHARED, "outbox"))


@contextmanager
def exchange_office(kind: str, folder: Path, *, clock: Callable[[], datetime] = now) -> Iterator[Exchange]:
    """An organisation with Exchange Server (`ews`) or Exchange Online (`graph`); it must have kept to the schemas."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World(clock)
    world.add_mailbox(SHARED, "Member Services", shared=True)
    world.add_mailbox(CLERK, "Ann Clerk", password=PASSWORD)
    world.grant(CLERK, SHARED, Right.FULL_ACCESS, Right.SEND_AS)
    with ExitStack() as running:
        yield (_server if kind == "ews" else _online)(world, folder, running)


def _server(world: World, folder: Path, running: ExitStack) -> Exchange:
    del folder
    server = running.enter_context(EwsServer(world))
    account = MailboxAccount(address=SHARED, kind=MailboxKind.EXCHANGE_SERVER, user=CLERK, url=server.url)
    words = [SHARED, "--user", CLERK, "--url", server.url]
    return Exchange(account=account, world=world, server=server, words=words)


def _online(world: World, folder: Path, running: ExitStack) -> Exchange:
    directory = Directory(now)
    directory.add(CLERK)
    authority = make_ca(folder)
    login = running.enter_context(LoginServer(directory, authority))
    server = running.enter_context(GraphServer(world, accepts=directory.accepts))
    account = MailboxAccount(
        address=SHARED,
        kind=MailboxKind.EXCHANGE_ONLINE,
        user=CLERK,
        url=server.url,
        tenant=TENANT,
        client_id=CLIENT_ID,
        authority=login.authority,
        ca_file=str(authority.ca_file),
    )
    words = [SHARED, "--user", CLERK, "--url", server.url, "--tenant", TENANT, "--client-id", CLIENT_ID]
    words += ["--authority", login.authority, "--ca-file", str(authority.ca_file)]
    return Exchange(account=account, world=world, server=server, directory=directory, words=words)


@contextmanager
def a_clerk_at_the_desk(exchange: Exchange, folder: Path) -> Iterator[None]:
    """A keyring as narrow as that of Windows, the clerk's password in the environment, a browser that follows links."""
    import keyring

    folder.mkdir(parents=True, exist_ok=True)
    said = {
        keyring_backend.FILE: str(folder / "keyring.json"),
        "PYTHON_KEYRING_BACKEND": "tests.fakes.keyring_backend.FileKeyring",
        "MEMBER_TRACKER_MAILBOX_PASSWORD": PASSWORD,
        browser.CA: exchange.account.ca_file,
        "BROWSER": browser.as_setting(),
    }
    before = keyring.get_keyring()
    ring: KeyringBackend = keyring_backend.FileKeyring()  # type: ignore[no-untyped-call]  # keyring's own
    with mock.patch.dict(os.environ, said):
        keyring.set_keyring(ring)
        try:
            yield
        finally:
            keyring.set_keyring(before)
