"""The rules about the code itself: who may know whom, how long things may be, and what must never be written down."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
CODE = ("member_tracker", "ui", "tests", "benchmarks", "installer", "resources")

# Written in pieces, so that this file does not break its own rule.
REGISTRIES = "|".join(
    re.escape(name + "." + end)
    for name, end in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("deb.debian", "org"),
        ("snapshot.debian", "org"),
        ("registry.npmjs", "org"),
        ("crates", "io"),
        ("proxy.golang", "org"),
        ("ghcr", "io"),
    )
)
MACHINE_PATH = r"(?<![\w.:/-])/(?:" + "|".join(("work", "root", "opt", "tmp/" + "lab")) + r")/|(?<![\w.:/-])/home/\w"


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py")))


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file of the project that git keeps or is about to be given."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout, so nobody can say which files belong to it")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return tuple(path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file())


def imports_of(path: Path) -> Iterator[str]:
    """The absolute modules a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def lines_matching(pattern: str, *, ignore_case: bool = False) -> list[str]:
    found = []
    wanted = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    for path in kept_files():
        text = path.read_bytes()
        if b"\0" in text:
            continue
        for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), start=1):
            if wanted.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


def test_every_import_keeps_to_the_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("logging.config.dictConfig", lambda config: None)  # it would silence every logger there is
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, verbose=False)
    assert status == EXIT_STATUS_SUCCESS, "run lint-imports to see which import breaks which rule"


def test_no_part_of_member_tracker_imports_qt_or_the_window() -> None:
    offenders = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / "member_tracker").rglob("*.py")
        for module in imports_of(path)
        if module.split(".")[0] in {"PySide6", "shiboken6", "ui"}
    ]
    assert offenders == []


def test_the_domain_imports_the_standard_library_and_itself_alone() -> None:
    offenders = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / "member_tracker" / "domain").rglob("*.py")
        for module in imports_of(path)
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("member_tracker.domain")
    ]
    assert offenders == []


def test_no_file_is_longer_than_a_person_will_read() -> None:
    lengths = {path: len(path.read_bytes().splitlines()) for path in python_files()}
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen_or_two() -> None:
    offenders = {}
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    offenders[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert offenders == {}


def test_no_file_names_a_package_registry() -> None:
    assert lines_matching(REGISTRIES, ignore_case=True) == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert lines_matching(MACHINE_PATH) == []


def test_the_locks_hold_hashes_alone_and_for_every_system() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, f"{lock.name} names an address"
        assert " @ " not in text, f"{lock.name} names a file"
        pinned = re.split(r"\n(?=\S)", text.strip())
        assert [pin for pin in pinned if "--hash=sha256:" not in pin] == [], f"{lock.name} has a package without a hash"
    run = (ROOT / "requirements" / "run.lock").read_text(encoding="utf-8")
    assert "sys_platform == 'win32'" in run
    assert "sys_platform == 'linux'" in run


def test_what_is_pinned_for_running_is_pinned_alike_for_the_tests() -> None:
    pins = {
        lock: set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in ("build.lock", "run.lock", "dev.lock")
    }
    assert pins["build.lock"] <= pins["run.lock"] <= pins["dev.lock"]
