"""A measured figure, the limit it was measured beside, and how both are timed fairly."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many times the limit's cost ours is, and how many it may be."""

    name: str
    ours: float
    limit: float
    unit: str
    at_most: float

    @property
    def ratio(self) -> float:
        """Ours over the limit: 1.0 is as good as can be had."""
        return self.ours / self.limit

    @property
    def holds(self) -> bool:
        """Whether the figure is within its target."""
        return self.ratio <= self.at_most

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "TOO SLOW"
        return (
            f"{self.name:44} {self.ours:10.2f} {self.unit:5} limit {self.limit:10.2f}"
            f"   {self.ratio:6.2f} x, at most {self.at_most:g} x   {verdict}"
        )


def cpu_seconds(run: Callable[[], object]) -> float:
    """The processor time one run takes in this process."""
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def side_by_side(
    ours: Callable[[], object],
    limit: Callable[[], object],
    *,
    runs: int = RUNS,
    before: Callable[[], object] = lambda: None,
) -> tuple[float, float]:
    """The median processor seconds of both, run in turn so that a busy machine slows both alike.

    What is done `before` each turn does not count.
    """
    pairs = []
    for _ in range(runs):
        before()
        pairs.append((cpu_seconds(ours), cpu_seconds(limit)))
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
