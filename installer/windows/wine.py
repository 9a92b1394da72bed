"""Wine as a stand-in for Windows: a computer of its own in a folder."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.windows.machine import LONGEST

PROGRAM = "/usr/lib/wine/wine64"
_NOT_WANTED = "mscoree,mshtml,winemenubuilder.exe,winedbg.exe="


@dataclass(frozen=True, slots=True, kw_only=True)
class Wine:
    """A computer under wine, kept in a folder."""

    folder: Path

    @property
    def drive(self) -> Path:
        """Its drive C."""
        return self.folder / "drive_c"

    @property
    def local(self) -> Path:
        """AppData\\Local of whoever uses it."""
        return next(each for each in (self.drive / "users").glob("*/AppData") if "Public" not in each.parts) / "Local"

    def make(self) -> None:
        """Make it anew, as a Windows 10."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.run("wineboot", "--init").check_returncode()
        self.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f").check_returncode()

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program there to its end, with all that it starts; its exit code is Windows' modulo 256."""
        done = subprocess.run(
            [PROGRAM, *words], capture_output=True, check=False, env=self._environment(), errors="replace",
            stdin=subprocess.DEVNULL, text=True, timeout=LONGEST,
        )  # fmt: skip
        if words[0].endswith("uninstall.exe"):
            subprocess.run(["wineserver", "-w"], check=False, env=self._environment(), timeout=LONGEST)
        return done

    def lend(self, libraries: Mapping[str, bytes]) -> None:
        """Put libraries among those of Windows."""
        for name, library in libraries.items():
            (self.drive / "windows" / "system32" / name).write_bytes(library)

    def shut_down(self) -> None:
        """End what still runs there."""
        subprocess.run(["wineserver", "-k"], check=False, env=self._environment())

    def _environment(self) -> dict[str, str]:
        path = f"{os.environ.get('PATH', '')}:/usr/lib/wine"
        own = {"WINEPREFIX": str(self.folder.absolute()), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": _NOT_WANTED}
        return {**os.environ, **own, "PATH": path}
