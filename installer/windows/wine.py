"""Wine as a stand-in for Windows: a computer of its own in a folder, and what can be asked of it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "/usr/lib/wine/wine64"
_LONGEST = 300
_NOT_WANTED = "mscoree,mshtml,winemenubuilder.exe,winedbg.exe="


@dataclass(frozen=True, slots=True, kw_only=True)
class Wine:
    """A computer under wine, kept in a folder."""

    folder: Path

    @property
    def drive(self) -> Path:
        """Its drive C."""
        return self.folder / "drive_c"

    def make(self) -> None:
        """Make it anew, as a Windows 10."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.run("wineboot", "--init").check_returncode()
        self.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f").check_returncode()

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a program there to its end; its exit code is only that of Windows' modulo 256."""
        return subprocess.run(
            [PROGRAM, *words], capture_output=True, check=False, env=self._environment(), errors="replace",
            stdin=subprocess.DEVNULL, text=True, timeout=_LONGEST,
        )  # fmt: skip

    def smoke(self, inside: Path) -> tuple[int, dict[str, str]]:
        """Run smoke.py with the Python of a bundle; how many parts failed, and what each said."""
        done = self.run(str(inside / "python.exe"), str(Path(__file__).with_name("smoke.py")))
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if not lines:
            return 1, {"smoke": f"ended without an answer: {done.stderr[-500:]}"}
        return done.returncode, json.loads(lines[-1])

    def value(self, key: str, name: str) -> str | None:
        """A value of the registry; None where there is none."""
        done = self.run("reg", "query", key, "/v", name)
        found = [line.split(maxsplit=2) for line in done.stdout.splitlines() if line.strip().startswith(name)]
        return found[0][2] if done.returncode == 0 and found else None

    def shut_down(self) -> None:
        """End what still runs there."""
        subprocess.run(["wineserver", "-k"], check=False, env=self._environment())

    def wait(self) -> None:
        """Wait until nothing runs there any more: an uninstaller goes on in a copy of itself."""
        subprocess.run(["wineserver", "-w"], check=False, env=self._environment(), timeout=_LONGEST)

    def _environment(self) -> dict[str, str]:
        path = f"{os.environ.get('PATH', '')}:/usr/lib/wine"
        own = {"WINEPREFIX": str(self.folder.absolute()), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": _NOT_WANTED}
        return {**os.environ, **own, "PATH": path}
