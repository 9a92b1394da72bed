"""`python -m benchmarks [NAME…]`: measure every figure, or those of the files named; exit 1 if one is too slow.

A file that says `ON_DEMAND` takes so long that it is measured only where it is named.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType

import benchmarks

NOT_FIGURES = {"__main__", "figure"}


def measured(names: list[str]) -> Iterator[ModuleType]:
    """The files that measure something: each has a function `figures` that yields them."""
    for found in pkgutil.iter_modules(benchmarks.__path__):
        if found.name not in NOT_FIGURES and (not names or found.name in names):
            module = importlib.import_module(f"benchmarks.{found.name}")
            if hasattr(module, "figures") and (names or not getattr(module, "ON_DEMAND", False)):
                yield module


def main(names: list[str]) -> int:
    """Print each figure as it is known; 0 if all hold."""
    late = 0
    for module in measured(names):
        print(module.__name__.rpartition(".")[2])
        for figure in module.figures():
            print(f"  {figure}", flush=True)
            late += not figure.holds
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
