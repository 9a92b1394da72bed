"""The hub's server stopped as if the power had failed, in mid-push: what was acknowledged is there, once."""

import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random, SystemRandom
from threading import Event

import psycopg
import pytest

from member_tracker.domain.errors import Offline
from member_tracker.sync.administration import Administration
from member_tracker.sync.hub import HubOp, Receipt
from member_tracker.sync.postgres import PostgresHub
from member_tracker.sync.practice_server import PracticeServer, scratch_folder, start_server
from tests.sync.hub_place import COUNCIL, HubPlace
from tests.sync.one_laptop import DEVICE, OneLaptop, at_the_hub, people_the_hub
from tests.sync.postgres_server import TestServer

KEPT_ON_DISK = ("fsync = on", "full_page_writes = on", "synchronous_commit = on")
TWENTIES = 10
ROUNDS_IN_SOAK = 200
LONGEST_PUSH = 0.25
"""Seconds within which the server is stopped, counted from the beginning of a push."""


class TellsOfPushes(PostgresHub):
    """Says when a push begins."""

    begins: Event

    def push(self, device_id: str, schema: int, ops: Sequence[HubOp]) -> tuple[Receipt, ...]:
        self.begins.set()
        return super().push(device_id, schema, ops)


@dataclass(kw_only=True)
class OwnServer:
    """A server that may be stopped, with a hub in it, and where it listens by now."""

    server: PracticeServer
    place: HubPlace

    def start(self) -> None:
        self.server = self.server.start()
        self.place = replace(self.place, server=TestServer(superuser_url=self.server.url(), own=self.server))

    def stop(self, draw: Random) -> None:
        """At once, by the signal of `pg_ctl stop -m immediate`; or what serves the laptop is killed before."""
        if draw.random() < 0.3:
            with psycopg.connect(self.place.url(), autocommit=True) as inside:
                found = inside.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'abara'").fetchall()
            for (serving,) in found:
                os.kill(serving, signal.SIGKILL)
        number = int((self.server.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        os.kill(number, signal.SIGQUIT)
        self.server.stop("immediate")


@pytest.fixture
def own() -> Iterator[OwnServer]:
    """A server of the test's own that keeps what it says it keeps."""
    folder = scratch_folder()
    try:
        server = start_server(folder, settings=KEPT_ON_DISK)
        tests = TestServer(superuser_url=server.url(), own=server)
        made = OwnServer(server=server, place=HubPlace(server=tests, database=tests.make_database()))
        administration = Administration(made.place.url())
        administration.create(council_id=COUNCIL, person_id=None)
        administration.close()
        yield made
        made.server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop_in_mid_push(own: OwnServer, one: OneLaptop, draw: Random) -> None:
    """One contact broken off by the end of the server; then a whole one."""
    one.url = own.place.url("abara")
    ops = tuple(each for _ in range(TWENTIES) for each in one.twenty())
    hub = TellsOfPushes(one.url, password=one.password)
    hub.begins = Event()
    with ThreadPoolExecutor(1) as pool:
        contact = pool.submit(one.sync, hub)
        assert hub.begins.wait(60)
        Event().wait(draw.random() * LONGEST_PUSH)
        own.stop(draw)
        with suppress(Offline):
            contact.result()
    hub.close()
    own.start()
    one.url = own.place.url("abara")
    with psycopg.connect(own.place.url(), autocommit=True) as inside:
        acknowledged = tuple(each for each, outcome in zip(ops, one.outcomes(ops), strict=True) if outcome)
        assert at_the_hub(inside, acknowledged) == one.outcomes(acknowledged)
        assert one.sync().in_step
        assert at_the_hub(inside, ops) == one.outcomes(ops)
        with one.store.reading() as tx:
            mine = tx._connection.execute("SELECT count(*) FROM op").fetchone()
        assert inside.execute("SELECT count(*) FROM hub.op WHERE device = %s", (DEVICE,)).fetchone() == mine


def stop_again_and_again(own: OwnServer, folder: Path, rounds: int) -> None:
    people_the_hub(own.place)
    own.place.close()
    one = OneLaptop.joined(folder, own.place)
    seed = SystemRandom().randrange(2**32)
    draw = Random(seed)
    for number in range(rounds):
        try:
            stop_in_mid_push(own, one, draw)
        except Exception as problem:
            problem.add_note(f"stop {number} of {rounds}, seed {seed}")
            raise
    one.store.close()
    assert own.place.administration().verify().is_whole
    own.place.close()


def test_five_stops_in_mid_push_lose_nothing_acknowledged_and_double_nothing(own: OwnServer, tmp_path: Path) -> None:
    stop_again_and_again(own, tmp_path, 5)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(4))
def test_two_hundred_stops_in_mid_push_lose_nothing_acknowledged_and_double_nothing(
    own: OwnServer, tmp_path: Path, block: int
) -> None:
    del block
    stop_again_and_again(own, tmp_path, ROUNDS_IN_SOAK // 4)
