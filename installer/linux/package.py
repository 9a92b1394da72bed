"""`python -m installer.linux.package`: freeze the program, test it, and pack it as .deb and .tar.xz into dist/."""

import hashlib
import json
import lzma
import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from string import Template

from installer import bundle, freeze
from installer.linux import system_libraries
from installer.linux.tree import FILES, PROGRAM, SHARE, lay_out
from member_tracker import __version__

OUT = bundle.ROOT / "dist"
TREE = freeze.BUILD / "tree"
MOST_INSTALLED_MB, MOST_PACKED_MB = 230, 80
ARCHITECTURES = {"aarch64": "arm64", "x86_64": "amd64"}


class NotFit(Exception):
    """What was made must not be passed on."""


def main() -> int:
    """Make both packages and say how large they are; 1 and the reason where one must not be passed on."""
    if freeze.main() != 0:
        return 1
    made_at = freeze.made_at()
    try:
        must_close(freeze.PROGRAM)
        must_work(freeze.PROGRAM / bundle.COMMAND)
        lay_out(freeze.PROGRAM, TREE, made_at=made_at)
        OUT.mkdir(exist_ok=True)
        packages = [write_archive(TREE, OUT, made_at=made_at), write_deb(TREE, OUT, made_at=made_at)]
        _write_sums(packages)
        must_be_small(TREE, packages)
    except NotFit as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def must_close(program: Path) -> None:
    """Every library is there or asked for, and none is asked for in vain; raises `NotFit`."""
    unmet, unneeded = system_libraries.unmet(program), system_libraries.unneeded(program)
    if unmet or unneeded:
        raise NotFit(f"installer/linux/system_libraries.py: missing {unmet}, no longer needed {unneeded}")


def must_work(command: Path) -> None:
    """Run the self-test of the frozen program where it knows nobody; raises `NotFit` with what it says."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [command, "self-test", "--json"], capture_output=True, check=False, env={"HOME": home}, text=True
        )
    print(done.stdout, end="", flush=True)
    if done.returncode != 0 or json.loads(done.stdout)["ok"] is not True:
        raise NotFit(f"The frozen program does not pass its self-test.\n{done.stderr}")


def must_be_small(tree: Path, packages: list[Path]) -> None:
    """Say how large everything is; raises `NotFit` where it is larger than it may be."""
    sizes = {"installed": (megabytes(tree), MOST_INSTALLED_MB)}
    sizes |= {package.name: (package.stat().st_size / 1e6, MOST_PACKED_MB) for package in packages}
    for name, (size, most) in sizes.items():
        print(f"{name:44} {size:6.1f} MB, at most {most} MB")
    if any(size > most for size, most in sizes.values()):
        raise NotFit("That is larger than it may be: see what has come along, below build/package/dist.")


def megabytes(folder: Path) -> float:
    """What the files below a folder take, in millions of bytes; a link takes nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


# --- the two packages ------------------------------------------------------------------------------------------------


def write_archive(tree: Path, out: Path, *, made_at: int) -> Path:
    """The .tar.xz: one folder that runs from anywhere, with what a desktop wants to know in its folder share."""
    name = f"member-tracker-{__version__}-linux-{platform.machine()}"
    file = out / f"{name}.tar.xz"

    def as_ours(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid, member.gid, member.uname, member.gname, member.mtime = 0, 0, "root", "root", made_at
        return member

    filters = [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 4, "dict_size": 1 << 25}]
    with lzma.open(file, "wb", filters=filters) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for folder, place in ((tree / PROGRAM, name), (tree / SHARE, f"{name}/share")):
            for path in (folder, *sorted(folder.rglob("*"))):
                inside = Path(place) / path.relative_to(folder)
                archive.add(path, str(inside), recursive=False, filter=as_ours)
    return file


def write_deb(tree: Path, out: Path, *, made_at: int, version: str = __version__, compression: str = "zstd") -> Path:
    """The Debian package of a tree, made by nfpm."""
    architecture = ARCHITECTURES[platform.machine()]
    file = out / f"member-tracker_{debian_version(version)}_{architecture}.deb"
    config = freeze.BUILD / "nfpm.yaml"
    config.write_text(
        Template((FILES / "nfpm.yaml").read_text(encoding="utf-8")).substitute(
            PACKAGE_ARCHITECTURE=architecture,
            PACKAGE_COMPRESSION=compression,
            PACKAGE_TREE=tree,
            PACKAGE_VERSION=debian_version(version),
        ),
        encoding="utf-8",
    )
    nfpm = Path(sys.executable).with_name("nfpm")
    words: list[str | Path] = [nfpm, "package", "--packager", "deb", "--config", config, "--target", file]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(made_at)}
    done = subprocess.run(words, capture_output=True, check=False, env=environment, text=True)
    if done.returncode != 0:
        raise NotFit(f"nfpm made no package.\n{done.stdout}{done.stderr}")
    return file


def debian_version(version: str) -> str:
    """A version of Python's as Debian orders it: what comes before a release sorts before it."""
    return re.sub(r"\.?(a|b|rc|dev)(\d+)", r"~\1\2", version)


def _write_sums(packages: list[Path]) -> None:
    lines = [f"{hashlib.sha256(package.read_bytes()).hexdigest()}  {package.name}\n" for package in packages]
    (OUT / "SHA256SUMS").write_text("".join(sorted(lines)), encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
