"""The set-up program for one person's own account, compiled by NSIS."""

import os
import subprocess
import sys
from pathlib import Path

from installer import icons
from installer.windows import sign
from installer.windows.layout import INSIDE
from installer.windows.product import COMMAND, SOURCES, VERSION, WINDOW, four_numbers

REMOVED = frozenset({WINDOW, COMMAND, INSIDE, "licences"})
"""What member_tracker.nsi takes away when it updates or removes the program: nothing else may lie at the top."""


class NotRemoved(Exception):
    """A bundle holds something that an uninstaller would leave behind."""


def build_set_up(bundle: Path, icon: Path, target: Path, *, version: str = VERSION, quick: bool = False) -> Path:
    """Make the set-up program of a bundle; `quick` packs less tightly, for a trial. Raises `NotRemoved`."""
    if unknown := {each.name for each in bundle.iterdir()} - REMOVED:
        raise NotRemoved(f"member_tracker.nsi does not take away {', '.join(sorted(unknown))}.")
    size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file()) // 1024
    picture = target.with_suffix(".bmp")
    picture.write_bytes(icons.side())
    words = {
        "VERSION": version,
        "NUMBERS": ".".join(str(number) for number in four_numbers(version)),
        "BUNDLE": str(bundle),
        "ICON": str(icon),
        "SIDE": str(picture),
        "OUT": str(target),
        "SIZE": str(size),
    }
    if os.environ.get(sign.COMMAND):
        words["SIGN"] = f'"{sys.executable}" "{sign.__file__}"'  # NSIS works in the folder of its source
    if quick:
        words["QUICK"] = "1"
    defined = [f"-D{name}={value}" for name, value in words.items()]
    whole = ["makensis", "-V2", "-WX", *defined, str(SOURCES / "member_tracker.nsi")]
    subprocess.run(whole, check=True)
    picture.unlink()
    return target
