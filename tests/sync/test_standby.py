"""A hub with a standby by PostgreSQL's own replication: the laptops go on where the primary is lost."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from member_tracker.domain.errors import Unavailable
from member_tracker.sync import practice_server
from member_tracker.sync.administration import Administration
from member_tracker.sync.practice_server import PracticeServer, scratch_folder, start_server
from tests.sync.hub_place import COUNCIL, HubPlace
from tests.sync.one_laptop import OneLaptop, at_the_hub, people_the_hub
from tests.sync.postgres_server import TestServer


@dataclass(kw_only=True)
class Pair:
    """A primary and a standby that confirms every commit, and the hub on them."""

    primary: PracticeServer
    standby: PracticeServer
    place: HubPlace

    def on_standby(self) -> HubPlace:
        return replace(self.place, server=TestServer(superuser_url=self.standby.url(), own=self.standby))

    def address(self) -> str:
        """Both servers, whichever takes changes."""
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (self.primary, self.standby))
        return f"postgresql://abara@{hosts}/{self.place.database}"


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A hub with a standby."""
    folder = scratch_folder()
    try:
        primary = start_server(folder)
        standby = copied(primary, folder / "standby").start()
        server = TestServer(superuser_url=primary.url(), own=primary)
        place = HubPlace(server=server, database=server.make_database())
        administration = Administration(place.url())
        administration.create(council_id=COUNCIL, person_id=None)
        administration.close()
        with psycopg.connect(primary.url(), autocommit=True) as owner:
            owner.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            owner.execute("SELECT pg_reload_conf()")
        yield Pair(primary=primary, standby=standby, place=place)
        for each in (primary, standby):
            each.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copied(primary: PracticeServer, data: Path) -> PracticeServer:
    """A standby of the primary, not started yet."""
    data.mkdir(mode=0o700)
    if practice_server._is_root():
        shutil.chown(data, "nobody")
    words = ("-D", str(data), "-R", "--checkpoint=fast", "--no-sync", "-d", primary.url())
    assert practice_server._run(primary.programs / "pg_basebackup", *words) == 0
    return replace(primary, data=data, port=0)


def test_when_the_primary_is_lost_the_standby_is_gone_on_with_and_nothing_acknowledged_is_lost(
    pair: Pair, tmp_path: Path
) -> None:
    people_the_hub(pair.place)
    one = OneLaptop.joined(tmp_path, pair.place)
    one.url = pair.address()
    hub = one.hub()
    ops = one.twenty()
    assert one.sync(hub).in_step
    pair.place.close()
    one.log()
    with pytest.raises(Unavailable, match="copy for reading") as told:
        OneLaptop(url=pair.on_standby().url("abara"), store=one.store, password=one.password).sync()
    assert "address" in told.value.advice
    pair.primary.stop("immediate")
    assert pair.standby._control("promote", "-w")
    told_then = one.sync(hub)
    assert (told_then.in_step, told_then.restored) == (True, False)
    assert not one.waiting()
    with psycopg.connect(pair.on_standby().url(), autocommit=True) as inside:
        assert at_the_hub(inside, ops) == one.outcomes(ops)
    hub.close()
    one.store.close()
