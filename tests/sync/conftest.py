"""Hubs, and laptops that share them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from member_tracker.sync.administration import Administration
from tests.sync.at_work import Work
from tests.sync.deeds import Office, open_office
from tests.sync.hub_place import COUNCIL, HubPlace
from tests.sync.in_earnest import Earnest
from tests.sync.one_laptop import OneLaptop, people_the_hub
from tests.sync.postgres_server import TestServer


@pytest.fixture
def database(pg_server: TestServer) -> Iterator[str]:
    """The name of an empty database of one test's own; logins that a hub made in it go with it."""
    name = pg_server.make_database()
    yield name
    pg_server.drop_database(name, with_logins=True)


@pytest.fixture(scope="session")
def hub_template(pg_server: TestServer) -> Iterator[str]:
    """A database with a hub in it that knows nobody but its administrator; only to be copied."""
    name = pg_server.make_database()
    administration = Administration(pg_server.url(name))
    administration.create(council_id=COUNCIL, person_id=None)
    administration.close()
    yield name
    pg_server.drop_database(name)


@pytest.fixture
def hub_place(pg_server: TestServer, hub_template: str) -> Iterator[HubPlace]:
    """A hub of one test's own."""
    place = HubPlace(server=pg_server, database=pg_server.make_database(hub_template))
    yield place
    place.close()
    pg_server.drop_database(place.database, with_logins=True)


@pytest.fixture
def office(hub_place: HubPlace) -> Office:
    """A hub with people in it and one enquiry."""
    return open_office(hub_place)


@pytest.fixture
def work(hub_place: HubPlace, tmp_path: Path) -> Iterator[Work]:
    """A laptop with an enquiry that waits to be sent."""
    officer = people_the_hub(hub_place)
    one = OneLaptop.joined(tmp_path, hub_place)
    one.log()
    with psycopg.connect(hub_place.url(), autocommit=True) as inside:
        yield Work(place=hub_place, one=one, officer=officer, inside=inside)
    one.store.close()


@pytest.fixture(scope="module")
def earnest(pg_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Earnest]:
    """What makes worlds for histories in earnest."""
    made = Earnest(pg_server, tmp_path_factory.mktemp("laptops"))
    yield made
    made.close()
