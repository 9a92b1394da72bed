"""The tree of files that is installed, each bearing the moment of the last commit and the usual rights."""

import gzip
import os
import shutil
from pathlib import Path

from installer import bundle, icons

FILES = Path(__file__).resolve().parent
PROGRAM = Path("usr/lib") / bundle.FOLDER
SHARE = Path("usr/share")
_ICON_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def lay_out(program: Path, tree: Path, *, made_at: int) -> None:
    """Lay the frozen program and what a desktop wants to know of it out below `tree`, as it will lie below /."""
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(program, tree / PROGRAM, symlinks=True)
    (tree / "usr/bin").mkdir()
    for name in (bundle.COMMAND, bundle.WINDOW):
        (tree / "usr/bin" / name).symlink_to(f"../lib/{bundle.FOLDER}/{name}")
    _put(tree / SHARE / "applications/member-tracker.desktop", (FILES / "member-tracker.desktop").read_bytes())
    _lay_out_icons(tree / SHARE / "icons/hicolor")
    _lay_out_manual(tree / SHARE / "man/man1")
    _lay_out_documents(tree / SHARE / "doc" / bundle.FOLDER)
    settle(tree, made_at=made_at)


def settle(tree: Path, *, made_at: int) -> None:
    """Give every file below a folder the same moment and the usual rights."""
    for path in (*tree.rglob("*"), tree):
        if not path.is_symlink():
            runs = path.is_dir() or (path.parent.name == bundle.FOLDER and path.name in {bundle.COMMAND, bundle.WINDOW})
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (made_at, made_at), follow_symlinks=False)


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _lay_out_icons(folder: Path) -> None:
    _put(folder / "scalable/apps/member-tracker.svg", icons.drawing().encode())
    for size in _ICON_SIZES:
        _put(folder / f"{size}x{size}/apps/member-tracker.png", icons.png(size))


def _lay_out_manual(folder: Path) -> None:
    _put(folder / "member-tracker.1.gz", _packed((FILES / "member-tracker.1").read_bytes()))
    _put(folder / "MemberTracker.1.gz", _packed(b".so man1/member-tracker.1\n"))


def _lay_out_documents(folder: Path) -> None:
    _put(folder / "changelog.gz", _packed((bundle.ROOT / "CHANGELOG.md").read_bytes()))
    licence = (bundle.ROOT / "LICENSE").read_text(encoding="utf-8")
    others = f"\nThe licences of everything that comes along are in /{PROGRAM}/licences: READ-ME-FIRST.txt.\n"
    _put(folder / "copyright", (licence + others).encode())


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
