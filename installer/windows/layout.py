"""A bundle as PyInstaller would lay it out on Windows, from wheels and a Python for embedding: to try things with.

It stands in for the frozen program where there is no Windows. It is never released: what a release holds is frozen on
Windows by the spec.
"""

import io
import shutil
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

from installer import bundle
from installer.windows import closure
from installer.windows.product import COMMAND, WINDOW

INSIDE = "_internal"
_QT_MODULE = frozenset(f"{name}.pyd" for name in bundle.QT_MODULES)
_NOT_ASKED_FOR = frozenset(name for name in bundle.EXCLUDED_MODULES if "." not in name)
_STARTS_IT = "import sys\nfrom ui.__main__ import main\nsys.exit(main())\n"


def lay_out(site_packages: Path, python: Path, folder: Path) -> Path:
    """Lay out the bundle in `folder` from unpacked wheels and the archive of a Python for Windows."""
    shutil.rmtree(folder, ignore_errors=True)
    inside = folder / INSIDE
    inside.mkdir(parents=True)
    _lay_python(python, inside)
    for file in site_packages.rglob("*"):
        place = PurePosixPath(file.relative_to(site_packages))
        if file.is_file() and is_kept(place):
            _copy(file, inside / place)
    _drop_what_nobody_asks_for(inside)
    for package in bundle.OWN:
        shutil.copytree(bundle.ROOT / package, inside / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(bundle.ROOT / "installer" / "licences", folder / "licences")
    for name, python_exe in ((WINDOW, "pythonw.exe"), (COMMAND, "python.exe")):
        (folder / name).write_bytes(launcher(python_exe, _STARTS_IT))
    return folder


def is_kept(place: PurePosixPath) -> bool:
    """Whether a file of a package goes into the bundle: the spec's own rule, and what PyInstaller would not look at."""
    if place.parts[0].removesuffix(".py") in _NOT_ASKED_FOR or place.suffix in {".exe", ".lib", ".pth", ".pyi"}:
        return False
    if place.parts[0] == "PySide6" and place.name.startswith("Qt") and place.suffix == ".pyd":
        return place.name in _QT_MODULE
    return bundle.is_kept(str(place)) and not _is_only_for_building(place)


def launcher(python: str, script: str) -> bytes:
    """A program that starts the bundle's Python with a script: distlib's launcher, a line, and the script in a zip."""
    from pip._vendor import distlib

    starter = (Path(distlib.__file__).parent / "w64.exe").read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr(zipfile.ZipInfo("__main__.py", (2020, 1, 1, 0, 0, 0)), script)
    return starter + f'#!"<launcher_dir>\\{INSIDE}\\{python}"\n'.encode() + packed.getvalue()


def _lay_python(archive: Path, inside: Path) -> None:
    with tarfile.open(archive) as opened:
        member = next(each for each in opened.getmembers() if each.name.endswith("/data.zip"))
        found = opened.extractfile(member)
        if found is None:
            raise FileNotFoundError(member.name)
        packed = zipfile.ZipFile(io.BytesIO(found.read()))
    for name in packed.namelist():
        place = PurePosixPath(name)
        # Wine has no WMI and ends the program; Python asks in an older way where this is not there.
        if not name.endswith("/") and len(place.parts) > 1 and place.name != "_wmi.pyd":
            (inside / place.name).write_bytes(packed.read(name))
    for listed in inside.glob("python*._pth"):
        listed.write_text(f"{listed.stem}.zip\n.\nimport site\n", encoding="ascii")


def _drop_what_nobody_asks_for(inside: Path) -> None:
    """PyInstaller takes a library along because something asks for it; so does this."""
    programs = [file for file in inside.rglob("*") if file.suffix.lower() in closure.PROGRAMS]
    asked_for = {library for file in programs for library in closure.libraries_of(file)}
    for file in programs:
        if (
            file.parent.name in {"PySide6", "shiboken6"}
            and file.suffix == ".dll"
            and file.name.lower() not in asked_for
        ):
            file.unlink()


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _is_only_for_building(place: PurePosixPath) -> bool:
    folders = {"qml", "metatypes", "typesystems", "glue", "include", "resources", "doc", "support"}
    return place.parts[0] in {"PySide6", "shiboken6"} and len(place.parts) > 1 and place.parts[1] in folders
