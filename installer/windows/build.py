"""`python -m installer.windows.build BUNDLE`: both Windows packages of a bundle that was frozen on Windows, into dist/.

The programs in the bundle are signed first, then the uninstaller on its way into the set-up program, then the packages;
by whom, sign.py says. This needs wixl, msitools and NSIS, and so runs on Linux, for a release as for a trial. What the
trial on Windows needs besides, packages of an older version, goes to build/windows.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from installer import bundle as spec
from installer import icons
from installer.windows import layout, sign
from installer.windows.msi import build_msi
from installer.windows.product import COMMAND, VERSION, WINDOW
from installer.windows.set_up import build_set_up
from installer.windows.trial import OLDER, ONLY_IN_OLDER

OUT = spec.ROOT / "dist"
FOR_TRIAL = spec.ROOT / "build" / "windows"


def main(words: Sequence[str]) -> int:
    """Make both packages; 2 where no bundle is named that has both programs, else the exit code of the signing."""
    bundle = Path(words[0]) if len(words) == 1 else Path()
    programs = [bundle / WINDOW, bundle / COMMAND]
    if len(words) != 1 or not all(program.is_file() for program in programs):
        print(f"Say which bundle: a folder with {WINDOW} and {COMMAND}, as installer.freeze makes it on Windows.")
        return 2
    OUT.mkdir(exist_ok=True)
    FOR_TRIAL.mkdir(parents=True, exist_ok=True)
    icon = make_icon(FOR_TRIAL)
    build_older(bundle, icon, FOR_TRIAL)
    if code := sign.main([str(program) for program in programs]):
        return code
    msi = build_msi(bundle, icon, OUT / f"member-tracker-{VERSION}-windows-x64.msi")
    set_up = build_set_up(bundle, icon, OUT / f"member-tracker-{VERSION}-windows-x64-setup.exe")
    return sign.main([str(msi), str(set_up)])


def make_icon(folder: Path) -> Path:
    """The icon as a file of Windows'."""
    icon = folder / "app.ico"
    icon.write_bytes(icons.ico())
    return icon


def build_older(bundle: Path, icon: Path, folder: Path) -> dict[str, Path]:
    """Packages of an older version by their endings, to be replaced in a trial: little works in them.

    They share libraries with the bundle, for Windows is particular about replacing those, and hold a file it has not.
    """
    few = folder / "few"
    shutil.rmtree(few, ignore_errors=True)
    (few / layout.INSIDE).mkdir(parents=True)
    (few / layout.INSIDE / ONLY_IN_OLDER).write_text("gone after the update", encoding="ascii")
    for name in (WINDOW, COMMAND):
        shutil.copyfile(bundle / name, few / name)
    for library in (bundle / layout.INSIDE).glob("*.dll"):
        shutil.copyfile(library, few / layout.INSIDE / library.name)
    return {
        ".msi": build_msi(few, icon, folder / "older.msi", version=OLDER),
        ".exe": build_set_up(few, icon, folder / "older.exe", version=OLDER, quick=True),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
