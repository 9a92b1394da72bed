"""`python -m installer.windows.build BUNDLE`: both Windows packages of a bundle that was frozen on Windows, into dist/.

The programs in the bundle are signed first, then the uninstaller on its way into the set-up program, then the packages;
by whom, sign.py says. This needs wixl, msitools and NSIS, and so runs on Linux, for a release as for a trial.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from installer import bundle as spec
from installer import icons
from installer.windows import sign
from installer.windows.msi import build_msi
from installer.windows.product import COMMAND, VERSION, WINDOW
from installer.windows.set_up import build_set_up

OUT = spec.ROOT / "dist"


def main(words: Sequence[str]) -> int:
    """Make both packages; 2 where no bundle is named that has both programs, else the exit code of the signing."""
    bundle = Path(words[0]) if len(words) == 1 else Path()
    programs = [bundle / WINDOW, bundle / COMMAND]
    if len(words) != 1 or not all(program.is_file() for program in programs):
        print(f"Say which bundle: a folder with {WINDOW} and {COMMAND}, as installer.freeze makes it on Windows.")
        return 2
    OUT.mkdir(exist_ok=True)
    icon = OUT / "app.ico"
    icon.write_bytes(icons.ico())
    code = sign.main([str(program) for program in programs])
    if code == 0:
        msi = build_msi(bundle, icon, OUT / f"member-tracker-{VERSION}-windows-x64.msi")
        set_up = build_set_up(bundle, icon, OUT / f"member-tracker-{VERSION}-windows-x64-setup.exe")
        code = sign.main([str(msi), str(set_up)])
    icon.unlink()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
