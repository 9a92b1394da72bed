"""`python -m installer.freeze`: make the packaged program in build/package/dist, the same from the same commit."""

import os
import subprocess
import sys
from pathlib import Path

from installer import bundle

BUILD = bundle.ROOT / "build" / "package"
PROGRAM = BUILD / "dist" / bundle.FOLDER
SPEC = Path(__file__).resolve().parent / "member_tracker.spec"


def main() -> int:
    """Freeze the program; PyInstaller's exit code."""
    asked = words(SPEC, to=PROGRAM.parent, work=BUILD / "work")
    return subprocess.run(asked, check=False, cwd=bundle.ROOT, env={**os.environ, **environment()}).returncode


def words(spec: Path, *, to: Path, work: Path) -> list[str | Path]:
    """What runs PyInstaller on a spec."""
    quietly = ["--noconfirm", "--clean", "--log-level", "ERROR"]
    return [sys.executable, "-m", "PyInstaller", *quietly, "--distpath", to, "--workpath", work, spec]


def environment() -> dict[str, str]:
    """What makes it the same every time, and keeps it out of the home of whoever makes it."""
    return {
        "PYINSTALLER_CONFIG_DIR": str(BUILD / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": str(made_at()),
    }


def made_at() -> int:
    """The moment that everything in the packages bears, in seconds since 1970: that of the last commit.

    SOURCE_DATE_EPOCH says otherwise, and must where this is no checkout; raises `SystemExit` where nobody says.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None:
        git = ["git", "log", "-1", "--format=%ct"]
        said = subprocess.run(git, capture_output=True, check=False, cwd=bundle.ROOT, text=True).stdout.strip()
    if not said:
        sys.exit("This is no checkout: say when the source was made, in SOURCE_DATE_EPOCH (seconds since 1970).")
    return int(said)


if __name__ == "__main__":
    sys.exit(main())
