"""Histories drawn from a seed, without Hypothesis: many of them in little time, each told by its number."""

from collections.abc import Callable
from random import Random

from tests.sync.histories import FAULTS, World, one_laptop_behind

WORKING = (
    "write", "rewrite", "rewrite", "log", "note", "step", "tag", "flag", "collect", "suggest", "file", "move", "delete",
    "settle",
)  # fmt: skip
ADMINISTERING = ("grant", "revoke", "disable", "update", "clock", "erase")


def history(seed: int, world_of: Callable[[int], World], *, longest: int = 60, most: int = 6) -> None:
    """Lives through one history, then lets everything come to rest and looks at it."""
    draw = Random(seed)
    laptops = draw.randint(2, most)
    world = world_of(laptops)
    if draw.random() < 0.5:
        one_laptop_behind(world.users)
    for _ in range(draw.randint(5, longest)):
        chance, number = draw.random(), draw.getrandbits(16)
        if chance < 0.6:
            world.work(draw.randrange(laptops), draw.choice(WORKING), number)
        elif chance < 0.92:
            world.sync(draw.randrange(laptops), number, draw.choice(FAULTS))
        else:
            world.administer(draw.choice(ADMINISTERING), number)
    world.quiet()
