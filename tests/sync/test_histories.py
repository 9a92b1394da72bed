"""Laptops that work alone and meet a hub in any order, well or badly, are alike in the end, and nothing is lost."""

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.sync.drawn import ADMINISTERING, WORKING, history
from tests.sync.histories import FAULTS, World, one_laptop_behind
from tests.sync.in_memory import world_in_memory

HISTORIES = 500
BLOCKS, IN_A_BLOCK = 100, 1_000

seeds = st.integers(0, 2**16 - 1)
somebody = st.integers(0, 5)


class Histories(RuleBasedStateMachine):
    """Two to six people at laptops, and one hub in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None

    @initialize(laptops=st.integers(2, 6), behind=st.booleans())
    def begin(self, laptops: int, behind: bool) -> None:
        self.world = world_in_memory(laptops)
        if behind:
            one_laptop_behind(self.world.users)

    def _go(self) -> World:
        """The world, put aside until the step has gone well, so that a broken one is not looked at again."""
        world, self.world = self.world, None
        assert world is not None
        return world

    @rule(who=somebody, step=st.sampled_from(WORKING), draw=seeds)
    def work(self, who: int, step: str, draw: int) -> None:
        world = self._go()
        world.work(who % len(world.users), step, draw)
        self.world = world

    @rule(who=somebody, fault=st.sampled_from(FAULTS), draw=seeds)
    def meet_the_hub(self, who: int, fault: str, draw: int) -> None:
        world = self._go()
        world.sync(who % len(world.users), draw, fault)
        self.world = world

    @rule(step=st.sampled_from(ADMINISTERING), draw=seeds)
    def run_the_hub(self, step: str, draw: int) -> None:
        world = self._go()
        world.administer(step, draw)
        self.world = world

    def teardown(self) -> None:
        if self.world is not None:
            self.world.quiet()


seed(5)(Histories)
TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=HISTORIES, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_history_of_a_hundred_thousand_loses_or_invents_anything(block: int) -> None:
    for number in range(block * IN_A_BLOCK, (block + 1) * IN_A_BLOCK):
        try:
            history(number, world_in_memory)
        except Exception as problem:
            problem.add_note(f"history(seed={number})")
            raise
