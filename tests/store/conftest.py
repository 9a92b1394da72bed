"""An encrypted file of its own for each test, with a small office in it where that is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from member_tracker.store.store import Store
from tests.store.office import KEY, Clockwork, furnish, open_store


@pytest.fixture
def clockwork() -> Clockwork:
    return Clockwork()


@pytest.fixture
def store(tmp_path: Path, clockwork: Clockwork) -> Iterator[Store]:
    opened = open_store(tmp_path / "profile", clockwork)
    yield opened
    opened.close()


@pytest.fixture
def office(store: Store) -> Store:
    furnish(store)
    return store


@pytest.fixture
def key() -> bytes:
    return KEY
