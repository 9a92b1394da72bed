"""An imaginary council's mailboxes, for trying the program by hand against a test server."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.fakes.exchange_items import AutomaticReply, Busy, Right
from tests.fakes.exchange_world import World

SHARED = "members@example.org"
CLERK = "a.clerk@example.org"
SERVICES = (
    ("housing@example.org", "Housing"),
    ("roads@example.org", "Roads and Pavements"),
    ("planning@example.org", "Planning"),
    ("waste@example.org", "Waste and Recycling"),
)
AWAY = "I am away until 30 November. Please write to roads@example.org instead."


def imaginary_council(now: Callable[[], datetime]) -> World:
    """A clerk who may read the shared mailbox and send as it, and services, one of which is away."""
    world = World(now)
    world.add_mailbox(SHARED, "Member Services", shared=True)
    world.add_mailbox(CLERK, "Ann Clerk")
    world.grant(CLERK, SHARED, Right.FULL_ACCESS, Right.SEND_AS)
    for address, name in SERVICES:
        world.add_mailbox(address, name)
    world.mailbox("planning@example.org").automatic_reply = AutomaticReply(text=AWAY)
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    world.busy("housing@example.org", today.replace(hour=13), today.replace(hour=15), Busy.BUSY)
    return world


def wall_clock() -> datetime:
    """The real time, for a server that people use."""
    return datetime.now(UTC)  # noqa: TID251 - the time is handed in here and nowhere else
