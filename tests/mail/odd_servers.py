"""Servers of one's own making that answer as servers do that are not Exchange: any operation, in any shape."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SendingWay, SignInWay
from member_tracker.mail.ews import EwsMailbox
from member_tracker.mail.mailbox import Letter
from tests.fakes.clock import StoppedClock
from tests.fakes.http_faults import Trouble
from tests.fakes.http_loopback import Answer, Authority, LoopbackServer, Request
from tests.mail.ews_office import NOON

ADDRESS = "members@example.org"
RAW = b"Message-ID: <m1@example.org>\r\nSubject: lamp\r\n\r\nIt is dark.\r\n"
LETTER = Letter(key="ab" * 16, message_id="<m1@example.org>", raw=RAW)
ENVELOPE = (
    '<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" '
    'xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><SOAP:Body>{}</SOAP:Body></SOAP:Envelope>'
)
Said = str | Answer


class OddServer(LoopbackServer):
    """Answers each operation by a function of the request's text, and remembers what it was asked."""

    def __init__(self, answers: dict[str, Callable[[str], Said]], *, authority: Authority | None = None) -> None:
        super().__init__(authority=authority)
        self.answers = answers
        self.asked: list[str] = []

    def operation_of(self, request: Request) -> str:
        named = re.search(rb"Body>\s*<m:(\w+)", request.body)
        return named[1].decode() if named else "POST"

    def signed_in(self, request: Request) -> str | Answer:
        return "clerk" if request.headers.get("Authorization") else self.refused(request)

    def answer(self, request: Request, user: str) -> Answer:
        del user
        text = request.body.decode()
        self.asked.append(text)
        said = self.answers[self.operation_of(request)](text)
        if isinstance(said, Answer):
            return said
        status = 500 if "Fault>" in said else 200
        return Answer(status=status, body=ENVELOPE.format(said).encode(), headers=(("Content-Type", "text/xml"),))

    def busy(self, trouble: Trouble) -> Answer:
        del trouble
        return Answer(status=503)

    def refused(self, request: Request) -> Answer:
        del request
        return Answer(status=401, headers=(("WWW-Authenticate", "Basic realm=x"),))


@dataclass
class OddPlace:
    server: OddServer
    opened: list[EwsMailbox] = field(default_factory=list)

    def box(
        self, *, sending: SendingWay | None = None, sign_in: SignInWay | None = SignInWay.BASIC, ca_file: str = ""
    ) -> EwsMailbox:
        account = MailboxAccount(
            address=ADDRESS,
            kind=MailboxKind.EXCHANGE_SERVER,
            url=self.server.root_url + "/EWS/Exchange.asmx",
            sign_in=sign_in,
            ca_file=ca_file,
            sending=sending,
        )
        self.opened.append(EwsMailbox(account, password=lambda: "sesame", now=StoppedClock(NOON)))
        return self.opened[-1]


@contextmanager
def odd(**answers: Callable[[str], Said]) -> Iterator[OddPlace]:
    """A server that answers these operations, and nothing else."""
    with OddServer(answers) as server:
        place = OddPlace(server)
        yield place
        for box in place.opened:
            box.close()


def always(said: Said) -> Callable[[str], Said]:
    return lambda _: said


def one_after_another(*said: Said) -> Callable[[str], Said]:
    waiting = list(said)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def replies(operation: str, *messages: str) -> str:
    return (
        f"<m:{operation}Response><m:ResponseMessages>{''.join(messages)}</m:ResponseMessages></m:{operation}Response>"
    )


def good(operation: str, inside: str = "") -> str:
    return (
        f'<m:{operation}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
        f"{inside}</m:{operation}ResponseMessage>"
    )


def bad(operation: str, code: str) -> str:
    return (
        f'<m:{operation}ResponseMessage ResponseClass="Error"><m:MessageText>It is the lamp.</m:MessageText>'
        f"<m:ResponseCode>{code}</m:ResponseCode></m:{operation}ResponseMessage>"
    )


def fault(code: str) -> str:
    return f"<SOAP:Fault><faultcode>{code}</faultcode><faultstring>It is the lamp.</faultstring></SOAP:Fault>"


def message(identity: str = "one", inside: str = "") -> str:
    return f'<t:Message><t:ItemId Id="{identity}" ChangeKey="k"/>{inside}</t:Message>'


def mime(raw: bytes = RAW) -> str:
    return f"<t:MimeContent>{b64encode(raw).decode()}</t:MimeContent>"


def items(*inside: str) -> str:
    return f"<m:Items>{''.join(inside)}</m:Items>"


def changed(*inside: str, last: str = "true", state: str = "s1") -> str:
    parts = (
        f"<m:SyncState>{state}</m:SyncState><m:IncludesLastItemInRange>{last}</m:IncludesLastItemInRange>"
        f"<m:Changes>{''.join(inside)}</m:Changes>"
    )
    return replies("SyncFolderItems", good("SyncFolderItems", parts))


def created(*identities: str) -> str:
    return "".join(f"<t:Create>{message(one)}</t:Create>" for one in identities)


def found(*inside: str) -> str:
    return replies("FindItem", good("FindItem", f"<m:RootFolder><t:Items>{''.join(inside)}</t:Items></m:RootFolder>"))
