"""Starting: from the beginning of a process to the first painted window and to the real list, beside a bare window.

Each start is a process of its own, in turn; its processor time is what the system says of it at its end. As in an
installed program, every module was compiled before: by a first start of each kind, into the scratch folder.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure
from member_tracker.app import build
from member_tracker.profile import Profile
from member_tracker.services.practice import fill

RUNS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one start took: seconds of the processor, and megabytes at most."""

    seconds: float
    megabytes: float


def figures() -> Iterator[Figure]:
    """First window, real list, and memory once the list is there."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = practice_profile(Path(scratch))
        script = [sys.executable, "-m", "benchmarks.start_child"]
        kinds = {"hello": [*script, "hello"], "window": [*script, "window", folder], "list": [*script, "list", folder]}
        compiled = Path(scratch) / "compiled"
        for words in kinds.values():
            start(words, compiled)
        starts = [{kind: start(words, compiled) for kind, words in kinds.items()} for _ in range(RUNS)]
    seconds = {kind: statistics.median(each[kind].seconds for each in starts) * 1e3 for kind in kinds}
    megabytes = {kind: statistics.median(each[kind].megabytes for each in starts) for kind in kinds}
    limit = seconds["hello"]
    yield Figure(name="start: first window painted", ours=seconds["window"], limit=limit, unit="ms", at_most=1.4)
    yield Figure(name="start: real list painted", ours=seconds["list"], limit=limit, unit="ms", at_most=2.2)
    yield Figure(
        name="start: memory with the list", ours=megabytes["list"], limit=megabytes["hello"], unit="MB", at_most=1.7
    )


def practice_profile(scratch: Path) -> str:
    """The folder of a profile with practice data, below a scratch folder."""
    folder = scratch / "profile"
    app = build(Profile(folder=folder), passphrase=lambda: None, practice=True)
    fill(app)
    app.store.close()
    return str(folder)


def start(words: list[str], compiled: Path) -> Start:
    """Start something without a screen and wait for its end; raises `RuntimeError` where that is a bad one."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        words,
        env={**kept, "PYTHONPYCACHEPREFIX": str(compiled), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    said = process.stdout.read() if process.stdout is not None else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"a start ended with {process.returncode}")
    return Start(seconds=used.ru_utime + used.ru_stime, megabytes=int(said.split()[-1]) / 1024)
