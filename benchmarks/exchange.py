"""Replies fetched from Exchange and brought in, beside the least that could be done with bytes that are there already.

The server runs in a process of its own, so that its time is not counted. What asking it and unpacking its answers take
on our side is measured by itself: bringing in has to hold the same limit as from a folder.
"""

import multiprocessing
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import mock

from benchmarks.figure import Figure, side_by_side
from benchmarks.ingest import ENQUIRIES, Least, office, reply
from member_tracker.app import App
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.domain.watching import Watch
from member_tracker.mail.mailbox import Arrivals
from member_tracker.services.collecting import collect
from member_tracker.services.patience import patiently

ADDRESS = "members@example.org"
PASSWORD = "open sesame"
RUNS = 9  # warming up, and those that are timed


def serve(kind: str, line: Connection) -> None:
    """In a process of its own: a mailbox that takes what comes down the line."""
    from member_tracker.app import now
    from tests.fakes.ews_server import EwsServer
    from tests.fakes.exchange_world import World
    from tests.fakes.graph_server import GraphServer

    world = World(now)
    world.add_mailbox(ADDRESS, "Member Services", password=PASSWORD)
    server = EwsServer(world) if kind == "ews" else GraphServer(world, accepts=lambda token: ADDRESS)
    with server:
        line.send(server.url)
        while raws := line.recv():
            world.deliver_many(ADDRESS, ((now(), raw) for raw in raws))
            line.send(len(raws))


class Talking:
    """Counts the processor seconds each round spends on conversations with the server."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def patiently(self, deed: Callable[[], Arrivals], watch: Watch) -> Arrivals:
        """In place of the one that collecting uses, with a watch held to it."""
        begun = time.process_time()
        try:
            return patiently(deed, watch)
        finally:
            self.seconds[-1] += time.process_time() - begun


def account_at(kind: str, url: str) -> MailboxAccount:
    """The mailbox behind the server."""
    which = MailboxKind.EXCHANGE_SERVER if kind == "ews" else MailboxKind.EXCHANGE_ONLINE
    return MailboxAccount(address=ADDRESS, kind=which, url=url, tenant="tenant", client_id="client")


def figures() -> Iterator[Figure]:
    """Milliseconds of processor time for each reply: read, kept and indexed; before that, asked for and unpacked."""
    for kind in ("ews", "graph"):
        with tempfile.TemporaryDirectory() as scratch:
            line, far_end = multiprocessing.Pipe()
            server = multiprocessing.get_context("spawn").Process(target=serve, args=(kind, far_end), daemon=True)
            server.start()
            app, sent = office(Path(scratch) / "profile")
            app.profile.keep_mailboxes([account_at(kind, line.recv())])
            with (
                mock.patch.dict(os.environ, {"MEMBER_TRACKER_MAILBOX_PASSWORD": PASSWORD}),
                mock.patch("member_tracker.mail.signin.MicrosoftSignIn.token", return_value="token"),
            ):
                yield from measured(kind, app, sent, Path(scratch), line)
            line.send([])
            server.join()
            app.store.close()


def measured(
    kind: str, app: App, sent: tuple[QueuedMail, ...], scratch: Path, line: "Connection[list[bytes], object]"
) -> Iterator[Figure]:
    """Bring in as many replies as there are enquiries, again and again."""
    dice = random.Random(7)
    rounds = [[reply(number, mail, run, dice) for number, mail in enumerate(sent)] for run in range(RUNS)]
    least = Least(scratch, bytes(range(32)), sent)
    ours, theirs = iter(rounds), iter(rounds)
    talking = Talking()

    def arrive() -> None:
        line.send(next(ours))
        line.recv()

    def bring_in() -> None:
        talking.seconds.append(0.0)
        collected = collect(app)
        assert (collected.new, collected.filed) == (ENQUIRIES, ENQUIRIES), collected

    def take_all() -> None:
        for raw in next(theirs):
            least.take(raw)

    with mock.patch("member_tracker.services.collecting.patiently", talking.patiently):
        arrive()
        bring_in()
        take_all()
        our_seconds, least_seconds = side_by_side(bring_in, take_all, before=arrive)
    least.file.close()
    each, talk = 1e3 / ENQUIRIES, statistics.median(talking.seconds[1:])
    limit = least_seconds * each
    yield Figure(
        name=f"a reply fetched by {kind} brought in",
        ours=(our_seconds - talk) * each,
        limit=limit,
        unit="ms",
        at_most=1 / 0.3,
    )
    yield Figure(
        name=f"asking {kind} for it and unpacking the answer", ours=talk * each, limit=limit, unit="ms", at_most=1
    )
