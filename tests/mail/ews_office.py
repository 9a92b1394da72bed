"""An office with an Exchange Server: a shared mailbox, a clerk who opens it, and mail to put into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.mail.ews import EwsMailbox
from member_tracker.mail.mailbox import Arrival, Arrivals, Cursor, Letter
from tests.fakes.clock import StoppedClock
from tests.fakes.ews_server import EwsServer
from tests.fakes.exchange_items import Item
from tests.fakes.exchange_world import World
from tests.fakes.http_loopback import Authority
from tests.fakes.imaginary_council import CLERK, SHARED, imaginary_council

PASSWORD = "a long and easy sentence"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "The lamp in Mill Lane is dark again"


@dataclass
class Office:
    """A server, the world it stands on, and mailboxes of it."""

    world: World
    server: EwsServer
    clock: StoppedClock
    opened: list[EwsMailbox] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def account(self) -> MailboxAccount:
        """The shared mailbox, opened by the clerk."""
        return MailboxAccount(address=SHARED, kind=MailboxKind.EXCHANGE_SERVER, user=CLERK, url=self.server.url)

    def box(self, *, password: str = PASSWORD, **changes: object) -> EwsMailbox:
        """The shared mailbox as the program opens it, with other settings where they are given."""
        account = replace(self.account, **changes)  # type: ignore[arg-type]  # the names are checked by the dataclass
        box = EwsMailbox(account, password=lambda: password, now=self.clock)
        self.opened.append(box)
        return box

    def letter(self, *, to: str = "housing@example.org", size: int = 0) -> Letter:
        """A mail of ours, another each time."""
        number = next(self.numbers)
        return Letter(
            key=f"{number:032x}",
            message_id=f"<letter.{number}@example.org>",
            raw=message(f"letter.{number}", sender=SHARED, to=to, body=WORDS + "x" * size),
        )

    def arrive(self, name: str = "", *, days_ago: float = 0, to: str = SHARED, **more: object) -> Item:
        """A mail comes in from elsewhere."""
        mime = message(name or f"in.{next(self.numbers)}", sender="a.resident@example.org", to=to)
        received_at = self.clock() - timedelta(days=days_ago)
        return self.world.deliver(to, mime, received_at=received_at, **more)  # type: ignore[arg-type]  # as deliver has

    def lies_in(self, letter: Letter) -> list[str]:
        """The names of the folders of the shared mailbox in which the letter lies."""
        items = self.world.find_message(SHARED, letter.message_id)
        return [self.world.folder_of(item).well_known for item in items]

    def received(self, letter: Letter, by: str = "housing@example.org") -> int:
        """How often the letter arrived."""
        return sum(one.internet_message_id == letter.message_id for one in self.world.items(by))


@contextmanager
def office(*, authority: Authority | None = None, **options: object) -> Iterator[Office]:
    """An office for one test; every mailbox is closed again, and the server says so if a letter broke the schemas."""
    clock = StoppedClock(NOON)
    world = imaginary_council(clock)
    with EwsServer(world, authority=authority, **options) as server:  # type: ignore[arg-type]  # as the server has
        place = Office(world, server, clock)
        try:
            yield place
        finally:
            for box in place.opened:
                box.close()


def message(name: str, *, sender: str, to: str, body: str = WORDS) -> bytes:
    """A message as it stands in a mailbox."""
    lines = (
        f"From: {sender}",
        f"To: {to}",
        f"Subject: {name}",
        f"Message-ID: <{name}@example.org>",
        "Date: Fri, 20 Nov 2026 11:00:00 +0000",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        body,
        "",
    )
    return "\r\n".join(lines).encode()


def all_of(box: EwsMailbox, cursor: Cursor | None = None, *, known: frozenset[str] = frozenset()) -> list[Arrivals]:
    """Every page from the cursor on."""
    pages = [box.arrivals(cursor, lambda ids: known & set(ids))]
    while pages[-1].more:
        pages.append(box.arrivals(pages[-1].cursor, lambda ids: known & set(ids)))
        assert len(pages) < 1000
    return pages


def mail_in(pages: list[Arrivals]) -> list[Arrival]:
    """What arrived on these pages."""
    return [arrival for page in pages for arrival in page.page]
