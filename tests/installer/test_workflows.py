"""The workflows of the repository: least rights, actions pinned, nothing secret said aloud, only commands there are."""

import base64
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(
    r"^\s*(?:- )?uses: (?P<action>actions/[\w-]+)@(?P<commit>[0-9a-f]{40}) # v(?P<version>\d+\.\d+\.\d+)$"
)

Mapping = dict[str, object]


def _mapping(value: object) -> Mapping:
    assert isinstance(value, dict)
    return value


def _read(file: Path) -> Mapping:
    return _mapping(yaml.safe_load(file.read_text(encoding="utf-8")))


def _jobs(file: Path) -> Iterator[tuple[str, Mapping]]:
    for name, job in _mapping(_read(file)["jobs"]).items():
        yield name, _mapping(job)


def _steps(file: Path) -> Iterator[Mapping]:
    for _, job in _jobs(file):
        steps = job["steps"]
        assert isinstance(steps, list)
        yield from map(_mapping, steps)


def _commands(file: Path) -> str:
    return "\n".join(str(step["run"]) for step in _steps(file) if "run" in step)


def test_there_is_one_to_check_and_one_to_release() -> None:
    assert [file.name for file in FILES] == ["check.yml", "release.yml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_may_only_read_and_only_the_release_may_write(file: Path) -> None:
    assert _read(file)["permissions"] == {"contents": "read"}
    more = {name: job["permissions"] for name, job in _jobs(file) if "permissions" in job}
    assert more == ({"release": {"contents": "write"}} if file.name == "release.yml" else {})


def test_what_may_write_runs_nothing_of_the_source() -> None:
    release = dict(_jobs(ROOT / ".github" / "workflows" / "release.yml"))["release"]
    steps = release["steps"]
    assert isinstance(steps, list)
    assert not any("checkout" in str(step.get("uses", "")) for step in steps)
    assert release["if"] == "github.ref_type == 'tag'"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_action_is_githubs_own_and_pinned_or_said_not_to_be(file: Path) -> None:
    unproved = (ROOT / "docs" / "unproved.md").read_text(encoding="utf-8")
    for line in file.read_text(encoding="utf-8").splitlines():
        if "uses:" in line and not PINNED.match(line):
            assert f"`{line.split('uses:', 1)[1].strip()}`" in unproved, line


def test_an_action_is_pinned_to_one_commit_everywhere() -> None:
    found = {match["action"]: set[str]() for file in FILES for match in _pins(file)}
    for file in FILES:
        for match in _pins(file):
            found[match["action"]].add(match["commit"])
    assert found
    assert [action for action, commits in found.items() if len(commits) != 1] == []


def _pins(file: Path) -> list[re.Match[str]]:
    return [match for line in file.read_text(encoding="utf-8").splitlines() if (match := PINNED.match(line))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_secret_is_handed_to_one_step_and_never_stands_in_a_command(file: Path) -> None:
    commands = _commands(file)
    assert "secrets." not in commands
    assert "${{" not in commands, "what GitHub puts in is read from the environment, for it might be a command"
    for step in _steps(file):
        if "secrets." in str(step.get("env", "")):
            said = re.findall(r"^\s*(?:echo|cat|printenv|env|set -x).*$", str(step["run"]), re.MULTILINE)
            assert not any(re.search(r"\$\{?(CERTIFICATE|PASSWORD)\b", line) for line in said)
    assert not re.search(r"pull_request_target|set -x|printenv", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_checkout_leaves_no_key_behind(file: Path) -> None:
    for step in _steps(file):
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            assert _mapping(step["with"])["persist-credentials"] is False


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_job_ends_by_itself(file: Path) -> None:
    assert [name for name, job in _jobs(file) if not isinstance(job.get("timeout-minutes"), int)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_command_of_ours_is_there(file: Path) -> None:
    commands = _commands(file)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z-]+)", commands, re.MULTILINE)) <= targets
    for module in re.findall(r"python -m (installer[.\w]*)", commands):
        assert (ROOT / Path(*module.split("."))).with_suffix(".py").is_file(), module
    for lock in re.findall(r"requirements/[\w-]+\.lock", commands):
        assert (ROOT / lock).is_file(), lock


def test_what_is_asked_for_in_one_job_is_made_in_an_earlier_one() -> None:
    file = ROOT / ".github" / "workflows" / "release.yml"
    made: set[str] = set()
    for name, job in _jobs(file):
        needs = job.get("needs", [])
        assert set([needs] if isinstance(needs, str) else needs if isinstance(needs, list) else []) <= made, name
        made.add(name)
    uploaded = _artifacts(file, "actions/upload-artifact@")
    assert {each for each in _artifacts(file, "actions/download-artifact@") if "*" not in each} <= uploaded


def _artifacts(file: Path, action: str) -> set[str]:
    steps = (step for step in _steps(file) if str(step.get("uses", "")).startswith(action))
    return {str(words.get("name", words.get("pattern"))) for words in (_mapping(step["with"]) for step in steps)}


# --- steps that can be run here ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_command_is_one_that_bash_can_read(file: Path) -> None:
    for step in _steps(file):
        if "run" in step:
            read = subprocess.run(["bash", "-n"], input=str(step["run"]), capture_output=True, check=False, text=True)
            assert read.stderr == "", step


def test_the_certificate_is_written_for_nobody_else_and_never_said(tmp_path: Path) -> None:
    known = {"CERTIFICATE": base64.b64encode(b"a certificate").decode(), "PASSWORD": "a passphrase", "TIMESTAMPS": ""}
    said = _run_step("The certificate, in files that end with the job", tmp_path, **known)
    assert said == ""
    files = {file.name: file for file in tmp_path.iterdir()}
    assert files["certificate.p12"].read_bytes() == b"a certificate"
    assert files["certificate.password"].read_text("ascii") == "a passphrase"
    assert {oct(files[name].stat().st_mode & 0o777) for name in ("certificate.p12", "certificate.password")} == {
        "0o600"
    }
    handed_on = files["environment"].read_text("ascii")
    assert handed_on.startswith("MEMBER_TRACKER_SIGN=osslsigncode sign -pkcs12 ")
    assert handed_on.endswith(" -h sha256  -in {file} -out {out}\n")
    assert "a passphrase" not in handed_on
    _run_step("The certificate goes", tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["environment"]


def test_time_stamps_are_asked_for_where_a_server_is_named(tmp_path: Path) -> None:
    known = {"CERTIFICATE": "", "PASSWORD": "", "TIMESTAMPS": "http://timestamps.example.org"}
    _run_step("The certificate, in files that end with the job", tmp_path, **known)
    assert " -ts http://timestamps.example.org -in {file}" in (tmp_path / "environment").read_text("ascii")


def test_the_checksums_are_those_of_every_package(tmp_path: Path) -> None:
    for name in ("a.deb", "b.msi"):
        (tmp_path / name).write_text(name, encoding="ascii")
    _run_step("Checksums", tmp_path)
    lines = [f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in ("a.deb", "b.msi")]
    assert (tmp_path / "SHA256SUMS").read_text("ascii") == "".join(lines)


def _run_step(name: str, folder: Path, **environment: str) -> str:
    """Run a step of the release in a folder; what it prints."""
    step = next(each for each in _steps(ROOT / ".github" / "workflows" / "release.yml") if each.get("name") == name)
    known = {**os.environ, **environment, "RUNNER_TEMP": str(folder), "GITHUB_ENV": str(folder / "environment")}
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", str(step["run"])]
    return subprocess.run(words, capture_output=True, check=True, cwd=folder, env=known, text=True).stdout
