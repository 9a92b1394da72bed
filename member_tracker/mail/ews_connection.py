"""One mailbox's way to its server: every call is said once, in one piece, and answered in one piece or not at all.

exchangelib carries, signs in and keeps the connections; its own second tries are left out, because it sends even a mail
once more where it takes the first answer for the wrong version.
"""

import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from exchangelib import DELEGATE, Account, Configuration, Credentials
from exchangelib.errors import ErrorInternalServerTransientError, EWSError
from exchangelib.protocol import Protocol
from exchangelib.services.common import EWSAccountService
from exchangelib.transport import BASIC, NOAUTH
from exchangelib.util import ParseError, to_xml
from exchangelib.version import Build, Version
from requests import RequestException
from spnego.exceptions import SpnegoError

from member_tracker.domain.errors import Invalid, SignInNeeded, TrackerError
from member_tracker.domain.mailboxes import MailboxAccount, SignInWay
from member_tracker.mail import ews_errors as told
from member_tracker.mail import ews_wire as wire
from member_tracker.mail.ews_sign_in import AUTH_TYPES, KERBEROS, must_be_safe, offered
from member_tracker.mail.ews_xml import SUCCESS, Element, Reply, every, first, folder_id, words

CONNECTIONS = 2
VERSIONS = ("Exchange2016", "Exchange2013_SP1", "Exchange2010_SP2", "Exchange2007_SP1")
_A_BUILD = Build(15, 1)  # said to exchangelib only, so that it does not go and ask
_WAYS = {auth_type: way for way, auth_type in AUTH_TYPES.items()}


class _Call(EWSAccountService):  # type: ignore[misc]  # exchangelib has no types
    """One call, carried once."""

    _timezone = None  # every time we write is UTC, and some servers stumble over the time zone's definition

    def carried(self, payload: Element, version: str) -> bytes:
        """The answer's bytes, whole."""
        response = self._get_response(payload=payload, api_version=version)
        content: bytes = response.content
        return content


@dataclass(slots=True)
class _Open:
    """A way that stands: exchangelib's account and how it signs in."""

    account: Account
    auth_type: str


class Connection:
    """Asks the server of one mailbox; opens itself at the first call and again after it was closed."""

    def __init__(self, account: MailboxAccount, *, password: Callable[[], str], now: Callable[[], datetime]) -> None:
        self.url = account.url
        self.host = wire.host_of(account.url)
        self.about = told.Subject(mailbox=account.address, user=account.signs_in_as, host=self.host)
        self.build = account.build
        self.now = now
        self._account = account
        self._password = password
        self._open: _Open | None = None
        self._version = VERSIONS[0]
        self._offered: tuple[str, ...] = ()
        wire.prepare()

    def folder(self, name: str) -> Element:
        """A folder every mailbox has, of this mailbox whoever signs in."""
        return folder_id(name, self._account.address)

    @property
    def sign_in(self) -> SignInWay | None:
        """How it signed in; None before the first call, or where the server wants no name."""
        return _WAYS.get(self._open.auth_type) if self._open else None

    def read(self, payload: Element) -> tuple[Reply, ...]:
        """What the server says; asked once more where the connection had dropped, which is harmless for reading."""
        try:
            return self.ask(payload)
        except told.Dropped:
            return self.ask(payload)

    def ask(self, payload: Element) -> tuple[Reply, ...]:
        """What the server says, carried once; refusals are replies, and raised is only what is not an answer at all."""
        while True:
            replies = self._replies(self._carried(payload))
            older = VERSIONS[VERSIONS.index(self._version) + 1 :]
            if not (replies[0].fault and replies[0].code in told.OTHER_VERSION and older):
                return replies
            self._version = older[0]  # it was refused unread, so it may be said again in older words

    def must(self, reply: Reply) -> Reply:
        """The reply, where the server did as it was asked; its refusal in words is raised else."""
        if reply.is_good:
            return reply
        raise told.translated(reply.code, self.about, wait_seconds=reply.wait_seconds)

    def close(self) -> None:
        """Let go of the connections."""
        if self._open is not None:
            self._open.account.protocol.close()
            self._open = None

    # --- carrying

    def _carried(self, payload: Element) -> bytes:
        opened = self._opened()
        try:
            return self._post(opened, payload)
        except SignInNeeded:
            self._forget(opened)
            if not self._may_try_basic(opened.auth_type):
                raise
        self._open = self._account_by(BASIC)
        try:
            return self._post(self._open, payload)
        except SignInNeeded:
            self._forget(self._open)
            raise

    def _post(self, opened: _Open, payload: Element) -> bytes:
        try:
            return _Call(account=opened.account).carried(payload, self._version)
        except TrackerError:
            raise
        except (EWSError, SpnegoError, OSError, KeyError, ValueError, struct.error) as problem:
            raise self._strange(problem) from None

    def _strange(self, problem: Exception) -> TrackerError:
        """What exchangelib and those it stands on raise beside; their own words are not kept, only their names."""
        if isinstance(problem, RequestException) or isinstance(problem.__context__, OSError):
            return wire.broken(problem, self.about)
        if isinstance(problem, struct.error):
            return told.cut(self.host)  # the server's challenge came in part, and spnego cannot unpack it
        if isinstance(problem, PermissionError | SpnegoError):
            return told.sign_in_refused(self.about)
        if isinstance(problem, ErrorInternalServerTransientError):
            return told.busy(self.host, None)
        return told.not_understood(self.host, type(problem).__name__)

    # --- opening

    def _opened(self) -> _Open:
        if self._open is None:
            wire.believe(self.host, self._account.ca_file)
            self._open = self._account_by(self._auth_type())
        return self._open

    def _auth_type(self) -> str:
        if self._account.sign_in is not None and self._account.sign_in in AUTH_TYPES:
            return str(AUTH_TYPES[self._account.sign_in])
        self._offered = offered(self._account.url, self.about)
        return self._offered[0]

    def _may_try_basic(self, tried: str) -> bool:
        """Some servers offer NTLM and then do not know it; nobody chose it, so the plain way may be tried."""
        if tried == BASIC or BASIC not in self._offered:
            return False
        with suppress(Invalid):
            must_be_safe(self._account.url, BASIC)
            return True
        return False

    def _account_by(self, auth_type: str) -> _Open:
        must_be_safe(self._account.url, auth_type)
        unnamed = auth_type in {KERBEROS, NOAUTH}
        credentials = None if unnamed else Credentials(self._account.signs_in_as, self._password())
        configuration = Configuration(
            service_endpoint=self._account.url,
            credentials=credentials,
            auth_type=auth_type,
            version=Version(_A_BUILD, VERSIONS[0]),
            retry_policy=wire.Policy(self.about),
            max_connections=CONNECTIONS,
        )
        account = Account(
            self._account.address, config=configuration, access_type=DELEGATE, autodiscover=False, default_timezone=UTC
        )
        return _Open(account, auth_type)

    def _forget(self, opened: _Open) -> None:
        """Keep no name and password that were refused: exchangelib would for as long as the process lives."""
        opened.account.protocol.close()
        with suppress(KeyError):
            del Protocol[opened.account.protocol.config]
        self._open = None

    # --- what came back

    def _replies(self, content: bytes) -> tuple[Reply, ...]:
        if not content.rstrip().endswith(b"nvelope>"):
            raise told.cut(self.host) if _is_cut(content) else told.not_understood(self.host, "a page, not an answer")
        try:
            envelope: Element = to_xml(content).getroot()
        except ParseError:
            raise told.not_understood(self.host, "its answer cannot be read") from None
        self._note_build(envelope)
        body = first(envelope, "Body")
        if body is None:
            raise told.not_understood(self.host, "its answer is empty")
        if (fault := first(body, "Fault")) is not None:
            return (_fault(fault),)
        found = [_reply(one) for one in every(body, "FreeBusyResponse")]
        found = found or [_reply(one) for one in body.iter() if one is not body and one.get("ResponseClass")]
        return tuple(found or [_reply(one) for one in body][:1] or [Reply("EmptyAnswer", body)])

    def _note_build(self, envelope: Element) -> None:
        info = first(envelope, "ServerVersionInfo")
        if info is not None:
            parts = [info.get(f"{name}Version") or "0" for name in ("Major", "Minor")]
            parts += [info.get(f"{name}BuildNumber") or "0" for name in ("Major", "Minor")]
            self.build = ".".join(parts)


def _is_cut(content: bytes) -> bool:
    """Whether this is the beginning of an answer, be it no byte of it: cut early, it looks like an empty one."""
    start = content[:500].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return not start or (start.startswith(b"<") and b"<html" not in start and b"<!doctype" not in start)


def _reply(message: Element) -> Reply:
    code = words(message, "ResponseCode") or (SUCCESS if message.get("ResponseClass") != "Error" else "UnnamedError")
    return Reply(code, message, wait_seconds=_wait(message))


def _fault(fault: Element) -> Reply:
    """A call refused as a whole: its code stands in the detail, or in the fault code of servers other than Exchange."""
    code = words(fault, "ResponseCode") or words(fault, "faultcode").rpartition(":")[2] or words(fault, "Value")
    return Reply(code if code and code != SUCCESS else "UnnamedFault", fault, fault=True, wait_seconds=_wait(fault))


def _wait(element: Element) -> float | None:
    for value in every(element, "Value"):
        if value.get("Name") == "BackOffMilliseconds" and (value.text or "").strip().isdigit():
            return int(value.text or "0") / 1000
    return None
