"""The packaged program, as `make package` made it: its size and its start, beside a bare window frozen the same way.

A start is that of benchmarks/start.py: processor time until the real list of practice data is painted. The same script
begins it frozen and not frozen, in turn.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.start import Start, practice_profile, start
from installer import bundle, freeze
from installer.linux.package import MOST_INSTALLED_MB, MOST_PACKED_MB, OUT, megabytes

ON_DEMAND = True
SLOWER_AT_MOST = 1.15
RUNS = 21  # a difference of some 30 ms is looked for
_BEGINS_WITH = "benchmarks/start_child.py"
_MEASURED = freeze.BUILD / "measured"


def figures() -> Iterator[Figure]:
    """Installed and packed size against the most they may be, and beside the bare window; start against not frozen."""
    hello = _frozen("hello", bundle.ROOT / "installer" / "hello.spec")
    ours = _frozen("ours", freeze.SPEC)
    size = megabytes(freeze.PROGRAM)
    yield Figure(name="packaged: installed", ours=size, limit=MOST_INSTALLED_MB, unit="MB", at_most=1)
    yield Figure(
        name="packaged: installed, beside a bare window",
        ours=size,
        limit=megabytes(hello.parent),
        unit="MB",
        at_most=round(MOST_INSTALLED_MB / megabytes(hello.parent), 2),
    )
    for package in sorted(file for file in OUT.iterdir() if file.suffix in {".deb", ".xz"}):
        packed = package.stat().st_size / 1e6
        yield Figure(name=f"packaged: {package.suffix}", ours=packed, limit=MOST_PACKED_MB, unit="MB", at_most=1)
    yield from _starts(hello, ours)


def _starts(hello: Path, ours: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        profile, compiled = practice_profile(Path(scratch)), Path(scratch) / "compiled"
        script = [sys.executable, "-m", "benchmarks.start_child"]
        kinds: dict[str, list[str]] = {
            "hello": [str(hello), "hello"],
            "frozen": [str(ours), "list", str(profile)],
            "unfrozen": [*script, "list", str(profile)],
        }
        for words in kinds.values():
            start(words, compiled)
        starts = [{kind: start(words, compiled) for kind, words in kinds.items()} for _ in range(RUNS)]
    frozen, unfrozen, bare = (_median(starts, kind) for kind in ("frozen", "unfrozen", "hello"))
    yield Figure(name="packaged: start", ours=frozen, limit=unfrozen, unit="ms", at_most=SLOWER_AT_MOST)
    yield Figure(name="packaged: start, beside a bare window", ours=frozen, limit=bare, unit="ms", at_most=2.2)


def _median(starts: list[dict[str, Start]], kind: str) -> float:
    return statistics.median(each[kind].seconds for each in starts) * 1e3


def _frozen(name: str, spec: Path) -> Path:
    """The frozen program that begins with the script of starts; made anew where ours is newer."""
    program = _MEASURED / name / bundle.FOLDER / bundle.COMMAND
    newest = (freeze.PROGRAM / bundle.COMMAND).stat().st_mtime
    if not program.exists() or program.stat().st_mtime < newest:
        shutil.rmtree(_MEASURED / name, ignore_errors=True)
        words = freeze.words(spec, to=_MEASURED / name, work=freeze.BUILD / f"work-{name}")
        subprocess.run(
            [*words, "--", _BEGINS_WITH], check=True, cwd=bundle.ROOT, env={**os.environ, **freeze.environment()}
        )
    return program
