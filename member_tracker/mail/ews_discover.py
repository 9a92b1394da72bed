"""Finding a mailbox's server by autodiscover: asked once when a mailbox is set up, its answer is stored.

exchangelib keeps a pickle of what it found under a name anybody can guess in the shared temporary folder; ours goes
into a folder only the user can open, and is gone afterwards.
"""

import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from exchangelib import Credentials
from exchangelib.autodiscover import Autodiscovery, cache
from exchangelib.errors import EWSError, TransportError, UnauthorizedError
from exchangelib.protocol import Protocol
from requests import RequestException

from member_tracker.domain.errors import TrackerError, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SignInWay
from member_tracker.mail import ews_errors as told
from member_tracker.mail import ews_wire as wire
from member_tracker.mail.ews_connection import Connection
from member_tracker.mail.ews_xml import m, t


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """Where a mailbox is: the address of its web service, how to sign in there, and what the server said it is."""

    url: str
    sign_in: SignInWay | None
    build: str


class _Search(Autodiscovery):  # type: ignore[misc]  # exchangelib has no types
    """Asks the operating system for names, which knows the council's own (VPN, hosts file)."""

    def _ensure_valid_hostname(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            socket.getaddrinfo(parts.hostname, parts.port or 443)
        except OSError:
            raise TransportError("no such name") from None

    def _get_srv_records(self, hostname: str) -> list[object]:
        """None: they name servers by DNS alone, which anybody on the way can forge."""
        del hostname
        return []


def discover(address: str, user: str, password: str, *, now: Callable[[], datetime], ca_file: str = "") -> Discovered:
    """Where the mailbox of this address is, and that one gets in there; up to a minute.

    Raises `SignInNeeded` where name or password are refused, and `Unavailable` where nothing is found.
    """
    domain = address.rpartition("@")[2].lower()
    about = told.Subject(mailbox=address, user=user or address, host=domain)
    wire.prepare()
    for host in (domain, f"autodiscover.{domain}"):
        wire.believe(host.partition(":")[0], ca_file)
    with tempfile.TemporaryDirectory(prefix="member-tracker-") as folder:
        cache.AUTODISCOVER_PERSISTENT_STORAGE = Path(folder, "autodiscover")
        try:
            url = _found(address, Credentials(user or address, password), about)
        finally:
            cache.autodiscover_cache.clear()
    account = MailboxAccount(address=address, kind=MailboxKind.EXCHANGE_SERVER, user=user, url=url, ca_file=ca_file)
    return _asked(Connection(account, password=lambda: password, now=now))


def _found(address: str, credentials: Credentials, about: told.Subject) -> str:
    try:
        _, protocol = _Search(email=address, credentials=credentials).discover()
    except UnauthorizedError:
        raise told.sign_in_refused(about) from None
    except (EWSError, RequestException, OSError, AttributeError, ValueError, KeyError) as problem:
        raise _not_found(address, type(problem).__name__) from None
    del Protocol[protocol.config]  # it would be used for the mailbox, with more patience than is wanted there
    return str(protocol.service_endpoint)


def _asked(connection: Connection) -> Discovered:
    """What the server says it is and how it lets this user in; whether the mailbox opens is another test."""
    try:
        shape = m("FolderShape", t("BaseShape", "IdOnly"))
        connection.read(m("GetFolder", shape, m("FolderIds", connection.folder("inbox"))))
        return Discovered(url=connection.url, sign_in=connection.sign_in, build=connection.build)
    finally:
        connection.close()


def _not_found(address: str, kind: str) -> TrackerError:
    return Unavailable(
        f"No mail server was found for {address} ({kind}).",
        advice="Write the server's address by hand: https://mail.example.org/EWS/Exchange.asmx with the council's own "
        "name in it. Webmail has the same name.",
    )
