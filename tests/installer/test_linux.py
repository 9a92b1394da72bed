"""The packages for Linux: what Debian and a desktop are told, the tree of files, and the same bytes every time."""

import configparser
import gzip
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from string import Template

import PySide6
import pytest
import yaml

from installer import bundle
from installer.linux import system_libraries
from installer.linux.package import debian_version, write_archive
from installer.linux.tree import FILES, PROGRAM, lay_out
from ui.shell.handed import is_handed

MADE_AT = 1_790_000_000
NFPM = (FILES / "nfpm.yaml").read_text(encoding="utf-8")
HANDED_IN = {"PACKAGE_ARCHITECTURE", "PACKAGE_COMPRESSION", "PACKAGE_TREE", "PACKAGE_VERSION"}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """What stands for the frozen program: its shape alone counts here."""
    folder = tmp_path / "frozen"
    (folder / "_internal").mkdir(parents=True)
    (folder / bundle.COMMAND).write_bytes(b"runs")
    (folder / bundle.WINDOW).symlink_to(bundle.COMMAND)
    (folder / "_internal" / "a.txt").write_text("data", encoding="utf-8")
    (folder / "_internal" / "a.txt").chmod(0o600)
    return folder


@pytest.fixture
def tree(program: Path, tmp_path: Path) -> Path:
    lay_out(program, tmp_path / "tree", made_at=MADE_AT)
    return tmp_path / "tree"


def test_the_package_asks_for_what_the_program_is_linked_to_and_no_more() -> None:
    asked: list[str] = yaml.safe_load(NFPM)["depends"]
    assert {line.split(" ")[0] for line in asked} == {*system_libraries.PACKAGES.values(), "ca-certificates", "libc6"}
    assert asked == sorted(asked)


def test_what_debian_has_to_know_is_said() -> None:
    said: dict[str, str] = yaml.safe_load(NFPM)
    assert (said["name"], said["license"], said["priority"]) == ("member-tracker", "MIT", "optional")
    assert re.fullmatch(r"[^<>]+ <[^@<>]+@example\.org>", said["maintainer"])
    summary, *more = said["description"].splitlines()
    assert len(summary) < 80
    assert not summary.endswith(".")
    assert all(line.strip() and len(line) <= 80 for line in more)
    assert set(Template(NFPM).get_identifiers()) == HANDED_IN


@pytest.mark.parametrize(
    ("version", "debians"),
    [("0.1.0", "0.1.0"), ("1.0.0rc1", "1.0.0~rc1"), ("1.2.0.dev3", "1.2.0~dev3"), ("2.0b2", "2.0~b2")],
)
def test_a_version_before_a_release_sorts_before_it(version: str, debians: str) -> None:
    assert debian_version(version) == debians


def test_the_desktop_is_told_what_opens_the_window() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # its keys are told apart by their case
    parser.read(FILES / "member-tracker.desktop", encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert (entry["Type"], entry["Terminal"], entry["Icon"]) == ("Application", "false", "member-tracker")
    assert entry["Exec"].split() == [bundle.WINDOW, "%F"]
    assert all(entry[name].endswith(";") for name in ("Categories", "Keywords", "MimeType"))
    assert set(entry["MimeType"].rstrip(";").split(";")) == {"message/rfc822", "application/vnd.ms-outlook"}
    assert is_handed("a.eml")
    assert is_handed("a.msg")


def test_the_manual_names_what_a_script_can_set() -> None:
    manual = (FILES / "member-tracker.1").read_text(encoding="utf-8").replace("\\-", "-")
    sources = (file for package in bundle.OWN for file in (bundle.ROOT / package).rglob("*.py"))
    read = {name for file in sources for name in re.findall(r"MEMBER_TRACKER_[A-Z_]+", file.read_text("utf-8"))}
    assert read == set(re.findall(r"^\.B (MEMBER_TRACKER_[A-Z_]+)$", manual, re.MULTILINE))
    for words in ("--profile", "--json", "self-test", "/usr/lib/member-tracker"):
        assert words in manual


def test_the_tree_has_all_that_a_desktop_wants_to_know(tree: Path) -> None:
    there = {path.relative_to(tree).as_posix() for path in tree.rglob("*")}
    icons = {f"usr/share/icons/hicolor/{size}x{size}/apps/member-tracker.png" for size in (16, 48, 256)}
    assert (
        icons
        | {
            "usr/share/icons/hicolor/scalable/apps/member-tracker.svg",
            "usr/share/applications/member-tracker.desktop",
            "usr/share/doc/member-tracker/copyright",
            "usr/share/man/man1/MemberTracker.1.gz",
        }
        <= there
    )
    for name in (bundle.COMMAND, bundle.WINDOW):
        assert (tree / "usr/bin" / name).resolve() == (tree / PROGRAM / bundle.COMMAND).resolve()
    manual = gzip.decompress((tree / "usr/share/man/man1/member-tracker.1.gz").read_bytes())
    assert manual.startswith(b".TH MEMBER-TRACKER 1")


def test_every_file_bears_one_moment_and_the_usual_rights(tree: Path) -> None:
    for path in tree.rglob("*"):
        assert path.lstat().st_mtime == MADE_AT, path
    assert (tree / PROGRAM / "_internal/a.txt").stat().st_mode & 0o777 == 0o644
    assert (tree / PROGRAM / bundle.COMMAND).stat().st_mode & 0o777 == 0o755
    assert (tree / PROGRAM / "_internal").stat().st_mode & 0o777 == 0o755


def test_the_same_tree_gives_the_same_archive(program: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        lay_out(program, tmp_path / name / "tree", made_at=MADE_AT)
        made.append(write_archive(tmp_path / name / "tree", tmp_path / name, made_at=MADE_AT))
    assert made[0].read_bytes() == made[1].read_bytes()
    with tarfile.open(made[0]) as archive:
        members = {member.name.partition("/")[2]: member for member in archive}
    assert members[bundle.WINDOW].linkname == bundle.COMMAND
    assert "share/applications/member-tracker.desktop" in members
    assert {(each.uname, each.uid, each.mtime) for each in members.values()} == {("root", 0, MADE_AT)}


@pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump, of Debian's binutils, is not on this machine")
def test_a_library_that_is_neither_there_nor_asked_for_is_found_out(tmp_path: Path) -> None:
    library = next(Path(PySide6.__path__[0]).rglob("libQt6Svg.so.6"), None)
    if library is None:
        pytest.skip("this is no Linux")
    shutil.copy(library, tmp_path / library.name)
    unmet = system_libraries.unmet(tmp_path)
    assert unmet["libQt6Core.so.6"] == "libQt6Svg.so.6"
    assert "libc.so.6" not in unmet
    assert "libxcb.so.1" in system_libraries.unneeded(tmp_path)


@pytest.mark.parametrize(("before", "after"), [({}, "None"), ({"LD_LIBRARY_PATH_ORIG": "there"}, "there")])
def test_what_the_program_opens_does_not_load_its_libraries(before: dict[str, str], after: str) -> None:
    hook = bundle.ROOT / "installer" / "hooks" / "as_it_was.py"
    code = f"import os, runpy; runpy.run_path({str(hook)!r}); print(os.environ.get('LD_LIBRARY_PATH'), end=' ');"
    code += "print(os.environ['PYINSTALLER_RESET_ENVIRONMENT'], 'LD_LIBRARY_PATH_ORIG' in os.environ)"
    environment = {**os.environ, "LD_LIBRARY_PATH": "ours", **before}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment, text=True)
    assert done.stdout.split() == [after, "1", "False"]
