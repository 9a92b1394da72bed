"""An office for every test of a deed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from member_tracker.domain.vocabulary import Role
from tests.fakes.hub_offices import VERA, Shared, shared_hub
from tests.fakes.office import Office, open_office
from tests.sync.postgres_server import TestServer


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office of Chorley on a Monday morning."""
    opened = open_office(tmp_path / "office")
    yield opened
    opened.parts.store.close()


@pytest.fixture
def hub(pg_server: TestServer, tmp_path: Path) -> Iterator[Shared]:
    """A hub of Chorley."""
    with shared_hub(pg_server, tmp_path) as shared:
        yield shared


@pytest.fixture
def vera(hub: Shared) -> Office:
    """The councillor's computer."""
    return hub.joined("vera", Role.COUNCILLOR, VERA)
