"""The libraries that the packaged program takes from the system, and the package of Debian that has each."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

C_LIBRARY = {
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libutil.so.1",
}
PACKAGES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
_NEEDED = re.compile(r"^ +NEEDED +(\S+)", re.MULTILINE)


def unmet(program: Path) -> dict[str, str]:
    """Libraries that neither come along nor are in one of the packages named above, each with a file that needs it."""
    there = {file.name for file in program.rglob("*")}
    return {
        name: file
        for name, file in needed(program).items()
        if name not in there and name not in C_LIBRARY and name not in PACKAGES
    }


def unneeded(program: Path) -> list[str]:
    """Libraries named above that nothing in the program needs any more."""
    return sorted(PACKAGES.keys() - needed(program).keys())


def needed(program: Path) -> dict[str, str]:
    """Every library that some file of the program is linked to, with the name of one such file."""
    found: dict[str, str] = {}
    for file in sorted(program.rglob("*")):
        if file.is_file() and not file.is_symlink() and _is_linked(file):
            told = subprocess.run(["objdump", "-p", file], capture_output=True, check=True, text=True).stdout
            for name in _NEEDED.findall(told):
                found.setdefault(name, file.name)
    return found


def _is_linked(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"
