"""The same histories on a real PostgreSQL with an encrypted file on every laptop.

Nobody deletes a record in them: the program has no deed that does. What the hub makes of one that is deleted is told by
the histories in memory and by its own tests.
"""

import pytest

from tests.sync.drawn import history
from tests.sync.in_earnest import Earnest

BLOCKS, IN_A_BLOCK = 10, 10
LONG_BLOCKS, IN_A_LONG_BLOCK = 200, 100
FIRST_OF_THE_LONG = 1_000
EVERY_FIFTH = 5


def live_through(earnest: Earnest, first: int, number: int) -> None:
    """Lives through histories with few people, and some with many that last long."""
    for seed in range(first, first + number):
        longest, most = (24, 4) if seed % EVERY_FIFTH else (60, 6)
        try:
            history(seed, earnest.world, longest=longest, most=most)
        except Exception as problem:
            problem.add_note(f"history(seed={seed}, longest={longest}, most={most}) in earnest")
            raise


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_history_in_earnest_loses_or_invents_anything(earnest: Earnest, block: int) -> None:
    live_through(earnest, block * IN_A_BLOCK, IN_A_BLOCK)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(LONG_BLOCKS))
def test_none_of_twenty_thousand_histories_in_earnest_does(earnest: Earnest, block: int) -> None:
    live_through(earnest, FIRST_OF_THE_LONG + block * IN_A_LONG_BLOCK, IN_A_LONG_BLOCK)
