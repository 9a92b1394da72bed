"""More laptops than the hub has connections: who is refused comes again, each at their own moment; none is lost."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import psycopg
import pytest

from member_tracker.domain.vocabulary import Role
from member_tracker.sync.administration import Administration
from member_tracker.sync.engine import Sizes
from member_tracker.sync.hub import ScopeId
from member_tracker.sync.postgres import PostgresHub
from member_tracker.sync.practice_server import PracticeServer, scratch_folder, start_server
from tests.sync.crowd import Comer, come_back
from tests.sync.hub_place import COUNCIL, password_of

LAPTOPS, CONNECTIONS, OPS = 30, 20, 6
RESERVED = 3  # for the superuser


@pytest.fixture
def small_server() -> Iterator[PracticeServer]:
    """A server of its own with few connections and an empty hub."""
    folder = scratch_folder()
    try:
        settings = (f"max_connections = {CONNECTIONS}", f"superuser_reserved_connections = {RESERVED}")
        server = start_server(folder, settings=settings)
        try:
            administration = Administration(server.url())
            administration.create(council_id=COUNCIL, person_id=None)
            administration.close()
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def comers(server: PracticeServer) -> list[Comer]:
    """Two laptops each for as many councillors."""
    administration, numbers = Administration(server.url()), range(LAPTOPS // 2)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("INSERT INTO hub.scope SELECT 'seat' || n, 0 FROM generate_series(0, 99) n")
    for number in numbers:
        login = f"crowd{number}"
        administration.add_user(login, Role.COUNCILLOR, password_of(login), person_id=f"seat{number}")
    administration.close()
    return [
        Comer(
            login=f"crowd{number}", password=password_of(f"crowd{number}"), url=server.url(user=f"crowd{number}"),
            device=f"crowd{number}-{which}", scope_id=ScopeId(f"seat{number}"),
        )
        for number in numbers
        for which in ("first", "second")
    ]  # fmt: skip


def refusals(server: PracticeServer) -> int:
    return (server.data / "server.log").read_text(encoding="utf-8").count("FATAL:")


def test_of_thirty_laptops_at_a_hub_with_twenty_connections_none_is_lost(small_server: PracticeServer) -> None:
    crowd = comers(small_server)
    with ExitStack() as taken:
        for comer in crowd[: CONNECTIONS - RESERVED]:
            hub = PostgresHub(comer.url, password=comer.password)
            taken.callback(hub.close)
            hub.chain_at(0)
        with ThreadPoolExecutor(1) as beside:
            coming = beside.submit(come_back, crowd, ops=OPS, sizes=Sizes(rows=2))
            while refusals(small_server) < LAPTOPS:
                assert not coming.done()
                Event().wait(0.02)
            taken.close()
            arrived = coming.result()
    assert [(each.in_step, each.waiting) for each in arrived] == [(True, 0)] * LAPTOPS
    sent = sorted(op_id for each in arrived for op_id in each.op_ids)
    assert len(sent) == LAPTOPS * OPS
    with psycopg.connect(small_server.url()) as connection:
        accepted = connection.execute("SELECT op_id FROM hub.op WHERE outcome = 'accepted' AND device <> ''").fetchall()
        records = connection.execute("SELECT count(*) FROM hub.record").fetchone()
    assert sorted(op_id for (op_id,) in accepted) == sent
    assert records == (LAPTOPS * OPS // 2,)
