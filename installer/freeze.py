"""`python -m installer.freeze`: make the packaged program in build/package/dist, the same from the same commit."""

import os
import subprocess
import sys
from pathlib import Path

from installer import bundle

BUILD = bundle.ROOT / "build" / "package"
PROGRAM = BUILD / "dist" / bundle.FOLDER
_ALWAYS = {"PYTHONHASHSEED": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> int:
    """Freeze the program; PyInstaller's exit code."""
    environment = {**os.environ, **_ALWAYS, "SOURCE_DATE_EPOCH": str(made_at())}
    environment["PYINSTALLER_CONFIG_DIR"] = str(BUILD / "cache")
    if sys.platform != "linux":
        _say_what_it_is()
    words = ["--noconfirm", "--clean", "--log-level", "WARN", "--distpath", str(PROGRAM.parent)]
    words += ["--workpath", str(BUILD / "work"), str(Path(__file__).parent / "member_tracker.spec")]
    done = subprocess.run([sys.executable, "-m", "PyInstaller", *words], check=False, cwd=bundle.ROOT, env=environment)
    return done.returncode


def _say_what_it_is() -> None:
    """Write what Windows and macOS want frozen in: the icon, and on Windows what is said of each program."""
    from installer import icons
    from installer.windows import version_resource

    icons.main()
    version_resource.main()


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
