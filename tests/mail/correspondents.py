"""Somebody with a mailbox of each kind, for the contract every mailbox keeps."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from member_tracker.app import now
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.mail.folder import FolderMailbox
from member_tracker.mail.mailbox import Mailbox
from tests.fakes.exchange_world import World

FOREIGN = "MEMBER_TRACKER_TEST_EWS"
KINDS = ("folder", "ews", "graph") + (("foreign",) if os.environ.get(f"{FOREIGN}_URL") else ())
ADDRESS = "members@example.org"
PASSWORD = "open sesame"
WRONG = "wrong sesame"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """An address, its mailbox, and the same mailbox for somebody who does not know the password.

    `others` are messages that were there before or are none of ours: they need not be fetched again and again.
    `repeats` says that what is known may come again beside what is new: a folder looks again at whatever shares a
    bucket with it, one file of a thousand.
    """

    address: str
    mailbox: Mailbox
    with_a_wrong_password: Callable[[], Mailbox]
    others: set[str] = field(default_factory=set)
    repeats: bool = False


@contextmanager
def correspondent_of(kind: str, folder: Path) -> Iterator[Correspondent]:
    """Somebody with a mailbox of this kind; what stands behind it runs until the end of the block."""
    with _MADE[kind](folder) as made:
        yield made
        made.mailbox.close()


@contextmanager
def _folder(folder: Path) -> Iterator[Correspondent]:
    """What is sent arrives, for the folder is its own outbox; nobody asks for a password, a folder may be missing."""
    box = folder / "box"
    box.mkdir()
    yield Correspondent(
        address=ADDRESS,
        mailbox=FolderMailbox(box, box),
        with_a_wrong_password=lambda: FolderMailbox(folder / "elsewhere", box),
        repeats=True,
    )


@contextmanager
def _ews(folder: Path) -> Iterator[Correspondent]:
    """An Exchange Server that checks every message both ways."""
    from member_tracker.mail.ews import EwsMailbox
    from tests.fakes.ews_server import EwsServer

    del folder
    world = World(now)
    world.add_mailbox(ADDRESS, "Member Services", password=PASSWORD)
    with EwsServer(world) as server:
        account = MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER, url=server.url)
        yield Correspondent(
            address=ADDRESS,
            mailbox=EwsMailbox(account, password=lambda: PASSWORD, now=now),
            with_a_wrong_password=lambda: EwsMailbox(account, password=lambda: WRONG, now=now),
        )


@contextmanager
def _graph(folder: Path) -> Iterator[Correspondent]:
    """An Exchange Online that checks every message both ways; a wrong password is a token nobody gave."""
    from member_tracker.mail.graph import GraphMailbox
    from tests.fakes.graph_server import GraphServer
    from tests.fakes.login_server import Directory

    del folder
    world, directory = World(now), Directory(now)
    world.add_mailbox(ADDRESS, "Member Services", password=PASSWORD)
    directory.add(ADDRESS)
    token = directory.issue(ADDRESS)
    with GraphServer(world, accepts=directory.accepts) as server:
        account = MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_ONLINE, url=server.url)
        yield Correspondent(
            address=ADDRESS,
            mailbox=GraphMailbox(account, token=lambda claims: token, now=now),
            with_a_wrong_password=lambda: GraphMailbox(account, token=lambda claims: WRONG, now=now),
        )


@contextmanager
def _foreign(folder: Path) -> Iterator[Correspondent]:
    """The server named in the environment, by the way of sending it proves."""
    from member_tracker.mail.ews import EwsMailbox

    del folder
    said = {name: os.environ.get(f"{FOREIGN}_{name}", "") for name in ("URL", "USER", "PASSWORD", "CA", "ADDRESS")}
    account = MailboxAccount(
        address=said["ADDRESS"] or said["USER"],
        kind=MailboxKind.EXCHANGE_SERVER,
        user=said["USER"],
        url=said["URL"].strip().rstrip("/"),
        ca_file=said["CA"],
        since=(now() - timedelta(days=2)).date(),
    )
    if "@" not in account.address:
        account = replace(account, address=_address_of(account, said["PASSWORD"]))
    with suppress(TrackerError):  # what is wrong then, each test says for itself
        account = replace(account, sending=EwsMailbox(account, password=lambda: said["PASSWORD"], now=now).prove().way)
    yield Correspondent(
        address=account.address,
        mailbox=EwsMailbox(account, password=lambda: said["PASSWORD"], now=now),
        with_a_wrong_password=lambda: EwsMailbox(account, password=lambda: WRONG, now=now),
    )


def _address_of(account: MailboxAccount, password: str) -> str:
    """The mail address of a user given as DOMAIN\\name: as the server resolves it, else at the server's own domain."""
    from member_tracker.mail import ews_xml as xml
    from member_tracker.mail.ews_connection import Connection

    name, host = account.user.rpartition("\\")[2], urlsplit(account.url).hostname or ""
    likely = f"{name}@{host.partition('.')[2] or host}"
    connection = Connection(replace(account, address=likely), password=lambda: password, now=now)
    asked = xml.m("ResolveNames", xml.m("UnresolvedEntry", name), ReturnFullContactData="false")
    found = ""
    with suppress(TrackerError):
        found = xml.words(connection.read(asked)[0].element, "EmailAddress")
    connection.close()
    return found if "@" in found else likely


_MADE = {"folder": _folder, "ews": _ews, "graph": _graph, "foreign": _foreign}
