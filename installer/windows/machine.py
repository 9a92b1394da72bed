"""A computer that packages are tried on: a real Windows, or wine in its place (wine.py)."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LONGEST = 900
"""Seconds after which something that was started there counts as hung."""


class Machine(Protocol):
    """What a trial asks of a computer."""

    @property
    def drive(self) -> Path:
        """Its drive C."""
        ...

    @property
    def local(self) -> Path:
        """AppData\\Local of whoever uses it."""
        ...

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program there to its end, with all that it starts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The computer this runs on: a Windows where nobody minds having the program installed and removed."""

    @property
    def drive(self) -> Path:
        """Its drive C."""
        return Path("C:/")

    @property
    def local(self) -> Path:
        """AppData\\Local of whoever uses it."""
        return Path(os.environ["LOCALAPPDATA"])

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program to its end; an uninstaller goes on in a copy of itself, which is waited for too."""
        if words[0].endswith("uninstall.exe"):
            start = f"Start-Process -Wait -FilePath '{words[0]}' -ArgumentList '{' '.join(words[1:])}'"
            words = ("powershell", "-NoProfile", "-Command", start)
        return subprocess.run(
            words, capture_output=True, check=False, errors="replace", stdin=subprocess.DEVNULL, text=True,
            timeout=LONGEST,
        )  # fmt: skip


def value(machine: Machine, key: str, name: str) -> str | None:
    """A value of the registry; None where there is none."""
    done = machine.run("reg", "query", key, "/v", name)
    found = [line.split(maxsplit=2) for line in done.stdout.splitlines() if line.strip().startswith(name)]
    return found[0][2].strip() if done.returncode == 0 and found else None
