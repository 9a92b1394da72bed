"""An office for every test of a deed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office of Chorley on a Monday morning."""
    opened = open_office(tmp_path / "office")
    yield opened
    opened.parts.store.close()
