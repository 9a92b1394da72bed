"""A Debian 12 with nothing in it but what every Debian has, to install the package in: made by debootstrap, as root."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer import freeze

RELEASE = "bookworm"
KEPT = freeze.BUILD / f"{RELEASE}.tar"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
USER, HOME = "councillor", "/srv/councillor"
# What changes by itself, or belongs to the system that lends us its files.
_NOT_LOOKED_AT = ("dev", "proc", "run", "sys", "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log")


class NoRoot(Exception):
    """No bare Debian could be made on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The folder that is / to whatever runs in it."""

    folder: Path

    def run(self, *words: str, user: str = "root", **more: str) -> subprocess.CompletedProcess[str]:
        """Run something in there and wait for it, with an environment of its own and no standard input."""
        return subprocess.run(
            self.words(words, user=user, more=more),
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def must(self, *words: str, user: str = "root", **more: str) -> str:
        """The standard output of something that must succeed; raises `NoRoot` with what it said."""
        done = self.run(*words, user=user, **more)
        if done.returncode != 0:
            raise NoRoot(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def words(self, words: Sequence[str], *, user: str, more: Mapping[str, str]) -> list[str | Path]:
        """The whole command that runs some words in there as somebody."""
        home = "/root" if user == "root" else HOME  # as Debian has it
        usual = {"PATH": PATH, "HOME": home, "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", **more}
        environment = [f"{name}={value}" for name, value in usual.items()]
        return ["chroot", f"--userspec={user}", self.folder, "/usr/bin/env", "-i", *environment, *words]

    def files(self) -> set[str]:
        """Every path in there that is looked at, from /."""
        found: set[str] = set()
        for folder, inside, names in os.walk(self.folder):
            here = Path(folder).relative_to(self.folder)
            inside[:] = [name for name in inside if str(here / name) not in _NOT_LOOKED_AT]
            found |= {f"/{here / name}" for name in (*inside, *names)}
        return found


def bare_root(folder: Path) -> Root:
    """Make it, with the sources of packages that this machine has; raises `NoRoot` where that cannot be."""
    sources = _sources()
    if not KEPT.exists():
        _bootstrap(folder, next(uri for uri, release, _ in sources if release == RELEASE))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _must("tar", "-xpf", KEPT, "-C", folder)
    _lend(folder, sources)
    root = Root(folder=folder)
    root.must("useradd", "--create-home", "--home-dir", HOME, USER)
    root.must("apt-get", "-q", "update")
    return root


def _sources() -> list[tuple[str, str, str]]:
    """Where this machine has Debian 12 from: address, release, part; written down nowhere."""
    told = _must("apt-get", "indextargets", "--format", "$(CREATED_BY)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)")
    lines = [line.split("|") for line in told.splitlines() if line.startswith("Packages|")]
    found = [(uri, release, part) for _, uri, release, part in lines if release.partition("-")[0] == RELEASE]
    if not any(release == RELEASE for _, release, _ in found):
        raise NoRoot(f"apt on this machine knows no packages of Debian 12 ({RELEASE}): run this on a Debian 12.")
    return found


def _bootstrap(folder: Path, uri: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _must("debootstrap", "--variant=minbase", RELEASE, folder, uri)
    part = KEPT.with_suffix(".part")
    _must("tar", "-cpf", part, "--exclude=./var/cache/apt/archives/*.deb", "-C", folder, ".")
    part.replace(KEPT)


def _lend(folder: Path, sources: list[tuple[str, str, str]]) -> None:
    """Let apt in there reach what it reaches here: addresses, proxies, names, the authorities of this machine."""
    lines = [f"deb {uri} {release} {part}\n" for uri, release, part in sources]
    (folder / "etc/apt/sources.list").write_text("".join(lines), encoding="utf-8")
    for settings in Path("/etc/apt/apt.conf.d").iterdir():
        if settings.is_file() and "Acquire::" in settings.read_text(encoding="utf-8", errors="replace"):
            shutil.copy(settings, folder / "etc/apt/apt.conf.d")
    for name in ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"):
        if Path("/", name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path("/", name), folder / name)
    _must("mount", "-t", "proc", "proc", folder / "proc")
    _must("mount", "--bind", "/dev", folder / "dev")


def _must(*words: str | Path) -> str:
    done = subprocess.run(words, capture_output=True, check=False, stdin=subprocess.DEVNULL, text=True)
    if done.returncode != 0:
        raise NoRoot(f"{words[0]} ended with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout
