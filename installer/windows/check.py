"""`make package-windows-check`: what can be shown of the Windows packages where there is no Windows.

The wheels Windows would install are fetched and laid out as a bundle; every library they ask for must be there; both
packages are compiled from the sources a release is made from; and wine installs, updates and removes them. The window
itself is not shown: the wine of Debian has not the libraries Qt needs. A release is tried on Windows by the workflow.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from installer import bundle as spec
from installer import icons
from installer.windows import closure, layout, wheels
from installer.windows.msi import KEPT, POLICY_FILE, build_msi
from installer.windows.product import COMMAND, VERSION, WINDOW
from installer.windows.set_up import build_set_up
from installer.windows.wine import PROGRAM, Wine

BUILD = spec.ROOT / "build" / "windows"
NEEDS = ("makensis", "wixl", "msibuild", PROGRAM)
OLDER = "0.0.1"
HUB = "postgresql://hub.example.org/casework"
_UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\MemberTracker"


class Failed(Exception):
    """Something that must hold does not; says what."""


@dataclass(kw_only=True)
class Trial:
    """The packages that are tried, older and newer, and the computer they are tried on."""

    wine: Wine
    older: Path
    newer: Path
    lines: list[str] = field(default_factory=list)

    def must(self, holds: bool, what: str) -> None:
        """Writes down what holds; raises `Failed` where it does not."""
        if not holds:
            raise Failed(what)
        print(f"  ok: {what}", flush=True)


def main() -> int:
    """Run it all; 0 where everything that can be shown holds."""
    absent = [name for name in NEEDS if shutil.which(name) is None]
    if absent:
        print(f"Missing here: {', '.join(absent)}. As root, installer/setup.sh windows installs them (Debian, Ubuntu).")
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    wine = Wine(folder=BUILD / "wine")
    try:
        made = _bundle()
        _check_closure(made)
        wine.make()
        _check_msi(_compiled(wine, made, build_msi, "msi"))
        _check_set_up(_compiled(wine, made, _quick_set_up, "exe"))
    except Failed as wrong:
        print(f"FAILED: {wrong}")
        return 1
    finally:
        wine.shut_down()
    print(
        "NOT shown here: the window, Exchange and certificates on Windows, for wine lacks what they need; and whether"
    )
    print("a real Windows takes both packages. The release workflow does that (docs/windows.md, docs/unproved.md).")
    return 0


def _bundle() -> Path:
    print(f"Bundle for Windows with Python {wheels.PYTHON}", flush=True)
    fetched = wheels.fetch(BUILD / "wheels")
    python = wheels.fetch_python(BUILD / "python")
    unpacked = BUILD / "site-packages"
    shutil.rmtree(unpacked, ignore_errors=True)
    wheels.unpack(fetched, unpacked)
    made = layout.lay_out(unpacked, python, BUILD / "bundle")
    print(f"  {len(fetched)} wheels by their hashes; {_size(made)} MB laid out")
    return made


def _check_closure(made: Path) -> None:
    lacking = closure.missing(made)
    for each in lacking:
        print(f"  {each.asked_for_by} asks for {each.library}")
    if lacking:
        raise Failed("libraries are asked for that are neither in the bundle nor in every Windows 10")
    count = sum(1 for file in made.rglob("*") if file.suffix.lower() in closure.PROGRAMS)
    print(f"  ok: every library that {count} programs and libraries ask for is in the bundle or in every Windows 10")


def _compiled(wine: Wine, made: Path, build: Callable[..., Path], suffix: str) -> Trial:
    """Both packages of a kind: an older one of a few files, which is quick, and the newer one of the bundle."""
    print({"msi": "For the whole computer (MSI)", "exe": "For one account (set-up program)"}[suffix], flush=True)
    icon = BUILD / "app.ico"
    icon.write_bytes(icons.ico())
    few = BUILD / "few"
    shutil.rmtree(few, ignore_errors=True)
    (few / layout.INSIDE).mkdir(parents=True)
    (few / layout.INSIDE / "only in the older version.txt").write_text("gone after the update", encoding="ascii")
    for name in (WINDOW, COMMAND):
        (few / name).write_bytes(layout.launcher("python.exe", "raise SystemExit('the older version')\n"))
    older = build(few, icon, BUILD / f"older.{suffix}", version=OLDER)
    newer = build(made, icon, BUILD / f"newer.{suffix}", version=VERSION)
    print(f"  ok: compiled, {_size(newer)} MB packed")
    return Trial(wine=wine, older=older, newer=newer)


def _quick_set_up(made: Path, icon: Path, target: Path, *, version: str) -> Path:
    return build_set_up(made, icon, target, version=version, quick=True)


def _check_msi(trial: Trial) -> None:
    wine, here = trial.wine, trial.wine.drive / "Program Files" / "Member Tracker"
    written = wine.drive / "ProgramData" / "MemberTracker" / POLICY_FILE
    casework = _casework(wine)
    first = wine.run("msiexec", "/i", str(trial.older), "/qn", f"HUB_ADDRESS={HUB}", "TENANT=example.org")
    trial.must(first.returncode == 0 and (here / COMMAND).is_file(), "installs without a question")
    trial.must(f"address='{HUB}'" in written.read_text("ascii"), "what is said when installing is in the policy file")
    newer = wine.run("msiexec", "/i", str(trial.newer), "/qn", "MAILBOX=members@example.org")
    trial.must(newer.returncode == 0, "a newer version installs over it")
    trial.must(_is_only_newer(here), "nothing of the older version is left")
    failed, answers = wine.smoke(here / layout.INSIDE)
    for part, said in answers.items():
        print(f"     {part}: {said}")
    trial.must(failed == 0, f"{len(answers)} parts of the installed program work under wine")
    fixed = f"hub address = {HUB}, exchange tenant = example.org, mailbox address = members@example.org"
    trial.must(answers["policy"] == fixed, "the program reads what was said at both installations")
    trial.must("COMMAND" in wine.run(str(here / COMMAND), "--help").stdout, "its command line starts")
    trial.must(wine.run("msiexec", "/i", str(trial.older), "/qn").returncode != 0, "an older version is refused")
    trial.must(wine.value(rf"HKLM\{KEPT}", "VERSION") == VERSION, "and the newer one is still there")
    removed = wine.run("msiexec", "/x", str(trial.newer), "/qn")
    trial.must(removed.returncode == 0 and not here.exists(), "it is removed without a question, with all its files")
    trial.must("=" not in _text(written), "nothing is fixed by the policy any more")
    trial.must(casework.read_text("ascii") == "casework", "the casework is where it was")


def _check_set_up(trial: Trial) -> None:
    wine = trial.wine
    here = _local(wine) / "Programs" / "Member Tracker"
    casework = _casework(wine)
    trial.must(
        wine.run(str(trial.older), "/S").returncode == 0, "installs without a question and without an administrator"
    )
    trial.must(wine.value(_UNINSTALL, "DisplayVersion") == OLDER, "Windows lists it under what is installed")
    newer = wine.run(str(trial.newer), "/S")
    trial.must(newer.returncode == 0 and _is_only_newer(here), "a newer version takes its place")
    failed, _ = wine.smoke(here / layout.INSIDE)
    trial.must(failed == 0, "the installed program works under wine as far as above")
    trial.must(wine.run(str(trial.older), "/S").returncode == 2, "an older version is refused")
    into = wine.run(str(trial.newer), "/S", "/D=" + _windows_path(wine, casework.parent))
    trial.must(into.returncode == 2, "it does not go into the folder of the casework")
    trial.must(_says_where(wine), "what is listed says where the casework stays")
    wine.run(str(here / "uninstall.exe"), "/S")
    wine.wait()
    gone = not here.exists() and wine.value(_UNINSTALL, "DisplayVersion") is None
    trial.must(gone, "it is removed without a question, with all its files")
    trial.must(casework.read_text("ascii") == "casework", "the casework is where it was")


def _casework(wine: Wine) -> Path:
    """A file in the place of somebody's casework."""
    file = _local(wine) / "MemberTracker" / "own" / "tracker.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("casework", encoding="ascii")
    return file


def _local(wine: Wine) -> Path:
    """AppData\\Local of whoever uses the computer."""
    return next(each for each in (wine.drive / "users").glob("*/AppData") if "Public" not in each.parts) / "Local"


def _is_only_newer(here: Path) -> bool:
    inside = here / layout.INSIDE
    return (inside / "python.exe").is_file() and not list(inside.glob("only in the older*"))


def _says_where(wine: Wine) -> bool:
    return r"AppData\Local\MemberTracker" in (wine.value(_UNINSTALL, "Comments") or "")


def _windows_path(wine: Wine, place: Path) -> str:
    return "C:\\" + "\\".join(place.relative_to(wine.drive).parts)


def _text(file: Path) -> str:
    return file.read_text("ascii") if file.exists() else ""


def _size(place: Path) -> int:
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1_000_000)


if __name__ == "__main__":
    sys.exit(main())
