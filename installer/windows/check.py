"""`make package-windows-check`: what can be shown of the Windows packages where there is no Windows.

The wheels Windows would install are fetched and laid out as a bundle; every library they ask for must be there; both
packages are compiled from the sources a release is made from; and wine installs, updates and removes them, and runs the
self-test of the installed program, lent two libraries that it lacks. A release is tried on Windows by the workflow.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from installer import bundle as spec
from installer.windows import closure, layout, wheels
from installer.windows.build import build_older, make_icon
from installer.windows.msi import build_msi
from installer.windows.set_up import build_set_up
from installer.windows.stand_ins import stand_ins
from installer.windows.trial import Failed, Trial, check_msi, check_set_up, must
from installer.windows.wine import PROGRAM, Wine

BUILD = spec.ROOT / "build" / "windows"
NEEDS = ("makensis", "wixl", "msibuild", "wineserver", PROGRAM)


def main() -> int:
    """Run it all; 0 where everything that can be shown holds."""
    absent = [name for name in NEEDS if shutil.which(name, path=_where()) is None]
    if absent:
        print(f"Missing here: {', '.join(absent)}. As root, installer/setup.sh windows installs them (Debian, Ubuntu).")
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    wine = Wine(folder=BUILD / "wine")
    try:
        made = _bundle()
        _check_closure(made)
        wine.make()
        wine.lend(stand_ins(closure.asked_of(made, "icuuc.dll")))
        _try("For the whole computer (MSI)", check_msi, wine, made, build_msi(made, _icon(), BUILD / "newer.msi"))
        newer = build_set_up(made, _icon(), BUILD / "newer.exe", quick=True)
        _try("For one account (set-up program)", check_set_up, wine, made, newer)
    except Failed as wrong:
        print(f"FAILED: {wrong}")
        return 1
    finally:
        wine.shut_down()
    print("NOT shown here: the window on a screen of Windows, Exchange, rights on folders, and whether a real Windows")
    print("takes both packages. The release workflow tries that (docs/windows.md, docs/unproved.md).")
    return 0


def _bundle() -> Path:
    print(f"Bundle for Windows with Python {wheels.PYTHON}", flush=True)
    fetched = wheels.fetch(BUILD / "wheels")
    python = wheels.fetch_python(BUILD / "python")
    unpacked = BUILD / "site-packages"
    shutil.rmtree(unpacked, ignore_errors=True)
    wheels.unpack(fetched, unpacked)
    made = layout.lay_out(unpacked, python, BUILD / "bundle")
    print(f"  {len(fetched)} wheels by their hashes; {_megabytes(made)} MB laid out")
    return made


def _check_closure(made: Path) -> None:
    lacking = closure.missing(made)
    for each in lacking:
        print(f"  {each.asked_for_by} asks for {each.library}")
    count = sum(1 for file in made.rglob("*") if file.suffix.lower() in closure.PROGRAMS)
    must(not lacking, f"every library that {count} programs and libraries ask for is there or in every Windows 10")


def _try(name: str, check: Callable[[Trial], None], wine: Wine, made: Path, newer: Path) -> None:
    print(f"{name}: {_megabytes(newer)} MB packed", flush=True)
    check(Trial(machine=wine, older=build_older(made, _icon(), BUILD)[newer.suffix], newer=newer))


def _icon() -> Path:
    return make_icon(BUILD)


def _megabytes(place: Path) -> int:
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 1_000_000)


def _where() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/lib/wine"


if __name__ == "__main__":
    sys.exit(main())
