"""The self-test: every part is asked whatever the others say, and what ends without a word is told of in words."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from member_tracker.cli.call import Window
from member_tracker.cli.self_test import check
from member_tracker.system_keyring import NoKeyring, working_keyring
from tests.cli.conftest import Run

ANSWERS = "import json, sys; print(json.dumps({'ok': True, sys.argv[3]: 'drawn'}))"
STOPS = "import os, sys; sys.stderr.write('no libEGL.so.1 here'); sys.stderr.flush(); os.kill(os.getpid(), 6)"


def window(program: str, run: Callable[[Path], str] = lambda _folder: "drawn here") -> Window:
    return Window(
        open=lambda _profile: 0,
        picture=lambda _profile, _file: None,
        pdf=lambda _table: b"",
        checks={"window": run},
        program=(sys.executable, "-c", program),
    )


def asked(program: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the whole self-test says where all that needs no Qt is at work."""
    monkeypatch.setattr("member_tracker.cli.self_test._checks", lambda _folder: {"mail": lambda: "a mail is read"})
    return check(window(program))


def test_what_needs_qt_is_asked_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    said = asked(ANSWERS, monkeypatch)
    assert (said["ok"], said["mail"], said["window"]) == (True, "a mail is read", "drawn")


def test_a_window_that_ends_its_process_is_told_of_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    said = asked(STOPS, monkeypatch)
    assert (said["ok"], said["mail"]) == (False, "a mail is read")
    assert said["window"] == "failed: it ended with signal 6: no libEGL.so.1 here"


def test_one_part_alone_is_asked_here_and_one_that_fails_says_why() -> None:
    def breaks(_folder: Path) -> str:
        raise OSError("no room left")

    assert check(window(STOPS), only=["window"])["window"] == "drawn here"
    said = check(window(STOPS, breaks), only=["window", "charter"])
    assert (said["ok"], said["window"]) == (False, "failed: OSError: no room left")
    assert said["charter"] == "a due date is worked out"


def test_the_self_test_makes_no_profile_and_knows_its_parts(run: Run, tmp_path: Path) -> None:
    assert run("self-test", "--part", "store", "--part", "workbook", "--part", "files").code == 0
    assert not (tmp_path / "profile").exists()
    refused = run("self-test", "--part", "teapot")
    assert refused.code == 2
    assert "imports, files, store" in refused.err


def test_a_keyring_that_is_not_there_says_why() -> None:
    with pytest.raises(NoKeyring, match="none that keeps secrets"):
        working_keyring()
