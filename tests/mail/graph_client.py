"""What the tests of Exchange Online share: an imaginary organisation, its server, and our mailbox in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest

from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.mail.graph import GraphMailbox
from member_tracker.mail.mailbox import NOTHING_KNOWN, Arrivals, Cursor, Known, Letter
from tests.fakes.clock import StoppedClock
from tests.fakes.exchange_items import Right
from tests.fakes.exchange_world import World
from tests.fakes.graph_server import GraphServer
from tests.mail.messages import message

SHARED, CLERK, HOUSING = "members@example.org", "a.clerk@example.org", "housing@example.org"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENT_ON = "Mon, 23 Nov 2026 09:00:00 +0000"
KEY = "0f" * 16


@pytest.fixture
def clock() -> StoppedClock:
    """It is Monday morning."""
    return StoppedClock(MONDAY)


@pytest.fixture
def world(clock: StoppedClock) -> World:
    """A shared mailbox, a clerk who may use it, and a service to write to."""
    made = World(clock)
    made.add_mailbox(SHARED, "Member Services", shared=True)
    made.add_mailbox(CLERK, "Ann Clerk")
    made.add_mailbox(HOUSING, "Housing")
    made.grant(CLERK, SHARED, Right.FULL_ACCESS, Right.SEND_AS)
    return made


@pytest.fixture
def server(world: World) -> Iterator[GraphServer]:
    """The server; an address is a token, and a schema error fails the test."""
    with GraphServer(world, accepts=lambda token: token if token in world.mailboxes else None) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    """The seconds the mailbox waited, none of which take any time."""
    return []


@pytest.fixture
def mailbox(server: GraphServer, clock: StoppedClock, waits: list[float]) -> Iterator[GraphMailbox]:
    """The clerk at the shared mailbox."""
    with mailbox_at(server, clock, waits) as made:
        yield made


@contextmanager
def mailbox_at(
    server: GraphServer, clock: Callable[[], datetime], waits: list[float], **settings: object
) -> Iterator[GraphMailbox]:
    """A mailbox with other settings."""
    values: dict[str, object] = {
        "address": SHARED,
        "user": CLERK,
        "kind": MailboxKind.EXCHANGE_ONLINE,
        "url": server.url,
        "since": date(2026, 11, 1),
    }
    account = MailboxAccount(**{**values, **settings})  # type: ignore[arg-type]  # values of the right kinds
    made = GraphMailbox(account, token=lambda _: CLERK, now=clock, wait=waits.append)
    try:
        yield made
    finally:
        made.close()


def letter_to(to: str = HOUSING, *, key: str = KEY, body: str = "A question\n", raw: bytes = b"") -> Letter:
    """A letter of the shared mailbox."""
    message_id = f"<{key}@example.org>"
    lines = (f"From: {SHARED}", f"To: {to}", "Subject: A question", f"Message-ID: {message_id}", f"Date: {SENT_ON}")
    return Letter(key=key, message_id=message_id, raw=raw or message(*lines, body=body))


def read_on(
    mailbox: GraphMailbox, cursor: Cursor | None, known: Known = NOTHING_KNOWN
) -> tuple[list[Arrivals], Cursor]:
    """Every page until there is no more, and the cursor after them."""
    pages = [mailbox.arrivals(cursor, known)]
    while pages[-1].more:
        pages.append(mailbox.arrivals(pages[-1].cursor, known))
        assert len(pages) < 500, "it never ends"
    return pages, pages[-1].cursor


def names(pages: list[Arrivals]) -> list[str]:
    """The Message-IDs that came, in order."""
    return [arrival.name for page in pages for arrival in page.page]


def arriving(number: int) -> bytes:
    """A mail from outside."""
    return message(f"Message-ID: <m{number}@example.org>", f"Subject: Mail {number}", body=f"Text {number}\n")
