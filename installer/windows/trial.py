"""What must hold of the Windows packages when they are installed, updated and removed: on Windows, and under wine.

`python -m installer.windows.trial FOLDER` tries those in a folder on this computer, which must be a Windows, as an
administrator, and one that nobody else uses: the release workflow does. Not on a computer with casework.
"""

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.windows.machine import Machine, Windows, value
from installer.windows.msi import KEPT, POLICY_FILE
from installer.windows.product import COMMAND, VERSION

OLDER = "0.0.1"
ONLY_IN_OLDER = "only in the older version.txt"
HUB = "postgresql://hub.example.org/casework"
REFUSED = 2
_UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\MemberTracker"
_MAY_ONLY_READ = r"BUILTIN\Users:(OI)(CI)(RX)"


class Failed(Exception):
    """Something that must hold does not; says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An older and a newer package of one kind, and the computer they are tried on."""

    machine: Machine
    older: Path
    newer: Path


def main(words: Sequence[str]) -> int:
    """Try older.msi, older.exe and the packages of this version in a folder; 0 where everything holds."""
    if platform.system() != "Windows" or len(words) != 1:
        print("On Windows, say in which folder the packages are. Elsewhere: make package-windows-check.")
        return 2
    folder = Path(words[0]).resolve()
    machine = Windows()
    try:
        for suffix, check in ((".msi", check_msi), (".exe", check_set_up)):
            newer = next(folder.glob(f"member-tracker-*{suffix}"))
            check(Trial(machine=machine, older=folder / f"older{suffix}", newer=newer))
    except Failed as wrong:
        print(f"FAILED: {wrong}")
        return 1
    return 0


def check_msi(trial: Trial) -> None:
    """Install the older for the whole computer, the newer over it, and remove it; raises `Failed`."""
    machine, here = trial.machine, trial.machine.drive / "Program Files" / "Member Tracker"
    written = machine.drive / "ProgramData" / "MemberTracker" / POLICY_FILE
    casework = _casework(machine)
    first = machine.run("msiexec", "/i", str(trial.older), "/qn", f"HUB_ADDRESS={HUB}", "TENANT=example.org")
    must(first.returncode == 0 and (here / COMMAND).is_file(), "the MSI installs without a question")
    must(f"address='{HUB}'" in _text(written), "what is said when installing is in the policy file")
    newer = machine.run("msiexec", "/i", str(trial.newer), "/qn", "MAILBOX=members@example.org")
    must(newer.returncode == 0, "a newer version installs over it")
    must(not list(here.rglob(ONLY_IN_OLDER)), "nothing of the older version is left")
    if isinstance(machine, Windows):  # wine keeps no rights of its own
        must(_MAY_ONLY_READ in machine.run("icacls", str(written.parent)).stdout, "users may only read the policy")
    _must_work(machine, here / COMMAND, fixed=(HUB, '"example.org"', "members@example.org"))
    must(machine.run("msiexec", "/i", str(trial.older), "/qn").returncode != 0, "an older version is refused")
    must(value(machine, rf"HKLM\{KEPT}", "VERSION") == VERSION, "and the newer one is still there")
    removed = machine.run("msiexec", "/x", str(trial.newer), "/qn")
    must(removed.returncode == 0 and not here.exists(), "it is removed without a question, with all its files")
    must("=" not in _text(written), "nothing is fixed by the policy any more")
    must(casework.read_text("ascii") == "casework", "the casework is where it was")


def check_set_up(trial: Trial) -> None:
    """Install the older for one account, the newer over it, and remove it; raises `Failed`."""
    machine, here = trial.machine, trial.machine.local / "Programs" / "Member Tracker"
    casework = _casework(machine)
    first = machine.run(str(trial.older), "/S")
    must(first.returncode == 0 and (here / COMMAND).is_file(), "the set-up program installs without a question")
    must(value(machine, _UNINSTALL, "DisplayVersion") == OLDER, "Windows lists it under what is installed")
    newer = machine.run(str(trial.newer), "/S")
    must(newer.returncode == 0, "a newer version takes its place")
    must(not list(here.rglob(ONLY_IN_OLDER)), "nothing of the older version is left")
    _must_work(machine, here / COMMAND)
    must(machine.run(str(trial.older), "/S").returncode == REFUSED, "an older version is refused")
    into = machine.run(str(trial.newer), "/S", "/D=" + _as_windows_says(machine, casework.parent))
    must(into.returncode == REFUSED, "it does not go into the folder of the casework")
    listed = value(machine, _UNINSTALL, "Comments") or ""
    must(r"AppData\Local\MemberTracker" in listed, "what is listed says where the casework stays")
    machine.run(str(here / "uninstall.exe"), "/S")
    gone = not here.exists() and value(machine, _UNINSTALL, "DisplayVersion") is None
    must(gone, "it is removed without a question, with all its files")
    must(casework.read_text("ascii") == "casework", "the casework is where it was")


def must(holds: bool, what: str) -> None:
    """Says what holds; raises `Failed` where it does not."""
    if not holds:
        raise Failed(what)
    print(f"  ok: {what}", flush=True)


def _must_work(machine: Machine, program: Path, *, fixed: Sequence[str] = ()) -> None:
    """The installed program passes its own self-test, and reads of the policy what is fixed."""
    tested = machine.run(str(program), "self-test", "--json")
    print("\n".join(f"     {line}" for line in tested.stdout.splitlines()))
    must(tested.returncode == 0, f"the installed program passes its self-test {tested.stderr[-500:]}".strip())
    said = machine.run(str(program), "policy", "--json").stdout
    must(all(each in said for each in fixed), f"the program knows that {len(fixed)} settings are fixed")


def _casework(machine: Machine) -> Path:
    """A file in the place of somebody's casework."""
    file = machine.local / "MemberTracker" / "own" / "tracker.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("casework", encoding="ascii")
    return file


def _as_windows_says(machine: Machine, place: Path) -> str:
    return "C:\\" + "\\".join(place.relative_to(machine.drive).parts)


def _text(file: Path) -> str:
    return file.read_text("ascii") if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
