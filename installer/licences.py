"""The licences of everything that is passed on with the program, gathered into a folder beside it."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from installer import bundle

FOLDER = "licences"
OURS = Path(__file__).resolve().parent / "licences"
_NAMES = ("licen", "copying", "notice", "authors")
# Wheels that carry no text of their own: the texts are in installer/licences.
_TEXT_IS_OURS = {"PySide6_Essentials", "shiboken6"}


class NoLicence(Exception):
    """Something would be passed on without its licence."""


def write_licences(program: Path) -> None:
    """Put the licence of each package, of Python and of its libraries below the folder of the frozen program.

    Raises `NoLicence` for a part whose licence cannot be found.
    """
    folder = program / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(OURS, folder)
    shutil.copy(bundle.ROOT / "LICENSE", folder / "member-tracker.txt")
    for distribution in bundle.requirements():
        _copy_all(licences_of(distribution), folder / f"{distribution.name}-{distribution.version}")
    _copy_all([_pythons_licence()], folder / f"Python-{sys.version.split()[0]}")
    _copy_all([_bootloaders_licence()], folder / "PyInstaller-bootloader")
    if sys.platform == "linux":
        for library in sorted((program / "_internal").glob("lib*.so*")):
            if not library.is_symlink() and not library.name.startswith("libpython"):
                _copy_all([_licence_of_library(library.name)], folder / "system" / library.name.partition(".so")[0])


def licences_of(distribution: metadata.Distribution) -> list[Path]:
    """The texts that come with a package; raises `NoLicence` where there is none."""
    files = [file for file in distribution.files or () if ".dist-info/" in str(file).replace("\\", "/")]
    texts = [Path(str(file.locate())) for file in files if file.name.lower().startswith(_NAMES)]
    if not texts and distribution.name not in _TEXT_IS_OURS:
        raise NoLicence(f"{distribution.name} comes without the text of its licence.")
    return texts


def _copy_all(texts: Iterable[Path], folder: Path) -> None:
    for text in texts:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / (text.name if text.suffix else f"{text.name}.txt")
        target.write_bytes(text.read_bytes())


def _pythons_licence() -> Path:
    for folder in (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)):
        for name in ("LICENSE.txt", "LICENSE"):
            if (folder / name).exists():
                return folder / name
    raise NoLicence("Python's own licence was not found.")


def _bootloaders_licence() -> Path:
    return next(iter(licences_of(metadata.distribution("pyinstaller"))))


def _licence_of_library(name: str) -> Path:
    """What Debian says of a library of the system that comes along."""
    for path in _places_of(name):
        said = subprocess.run(["dpkg", "-S", path], capture_output=True, check=False, text=True).stdout
        text = Path("/usr/share/doc") / said.partition(":")[0] / "copyright"
        if said and text.exists():
            return text
    raise NoLicence(f"The licence of {name}, a library of this system, was not found.")


def _places_of(name: str) -> Iterator[str]:
    known = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, check=False, text=True).stdout
    for line in known.splitlines():
        if line.split(" ")[0].strip() == name:
            path = line.rpartition("=> ")[2]
            yield from (path, str(Path(path).resolve()), path.removeprefix("/usr"), f"/usr{path}")
