"""The same histories on a real PostgreSQL with an encrypted file on every laptop."""

from collections.abc import Iterator

import pytest

from tests.sync.drawn import history
from tests.sync.in_earnest import Earnest, hub_with_accounts
from tests.sync.postgres_server import TestServer

BLOCKS = 200
IN_A_BLOCK = 100


@pytest.fixture(scope="module")
def earnest(pg_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Earnest]:
    template = hub_with_accounts(pg_server)
    made = Earnest(pg_server, template, tmp_path_factory.mktemp("laptops"))
    yield made
    made.clear()
    pg_server.drop_database(template, with_logins=True)


def live_through(earnest: Earnest, first: int, number: int) -> None:
    for seed in range(first, first + number):
        try:
            history(seed, earnest.world, longest=24, most=4)
        except Exception as problem:
            problem.add_note(f"history(seed={seed}) in earnest")
            raise


@pytest.mark.soak
@pytest.mark.parametrize("block", range(BLOCKS))
def test_none_of_twenty_thousand_histories_in_earnest_does(earnest: Earnest, block: int) -> None:
    live_through(earnest, 1_000 + block * IN_A_BLOCK, IN_A_BLOCK)
