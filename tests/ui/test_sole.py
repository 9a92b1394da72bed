"""One window for each profile: a second start raises it and hands over its files, also after a crash."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from ui.picture import wait_until
from ui.shell import sole as module
from ui.shell.sole import SoleWindow

posix = pytest.mark.skipif(sys.platform == "win32", reason="sockets are files elsewhere than on Windows")


@pytest.fixture
def run_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A run-time folder of the test's own; the name of a socket may have no more than a hundred letters."""
    with TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def owner(qtbot: QtBot, run_time: Path) -> Iterator[QObject]:
    """Who the windows of a test belong to."""
    del qtbot, run_time
    holder = QObject()
    yield holder
    for sole in holder.findChildren(SoleWindow):
        sole.close()


def first_window(owner: QObject, folder: Path) -> tuple[SoleWindow, list[tuple[str, ...]]]:
    sole = SoleWindow(folder, owner)
    heard: list[tuple[str, ...]] = []
    sole.called.connect(heard.append)
    assert sole.take()
    assert sole.listen()
    return sole, heard


def start_again(folder: Path, *files: str) -> "subprocess.Popen[bytes]":
    """A second start, as a person makes it."""
    return subprocess.Popen(
        [sys.executable, "-m", "ui", "--profile", str(folder), *files],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def test_a_second_start_ends_and_hands_its_file_to_the_first_window(owner: QObject, tmp_path: Path) -> None:
    _sole, heard = first_window(owner, tmp_path / "profile")
    second = start_again(tmp_path / "profile", "reply from Ŵyn.EML")
    wait_until(lambda: second.poll() is not None)
    assert (second.returncode, second.communicate()[1]) == (0, b"")
    assert heard == [(str(Path("reply from Ŵyn.EML").absolute()),)]


def test_another_profile_has_a_window_of_its_own(owner: QObject, tmp_path: Path) -> None:
    first_window(owner, tmp_path / "one")
    other = SoleWindow(tmp_path / "two", owner)
    assert other.take()
    assert not SoleWindow(tmp_path / "one", owner).take()


def test_what_a_crash_left_behind_is_taken_over(owner: QObject, run_time: Path, tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        " from ui.shell.sole import SoleWindow; app = QCoreApplication([]); sole = SoleWindow(Path(sys.argv[1]));"
        " assert sole.take() and sole.listen(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "profile")], check=False)
    assert len(list(run_time.glob("member-tracker-*"))) == 2
    sole, _heard = first_window(owner, tmp_path / "profile")
    assert not SoleWindow(tmp_path / "profile", owner).take()
    sole.close()
    assert SoleWindow(tmp_path / "profile", owner).take()


def test_a_window_that_goes_over_to_another_profile_is_the_window_of_that_one(owner: QObject, tmp_path: Path) -> None:
    sole, _heard = first_window(owner, tmp_path / "practice")
    sole.follow(tmp_path / "own")
    assert SoleWindow(tmp_path / "practice", owner).take()
    assert not SoleWindow(tmp_path / "own", owner).take()
    sole.follow(tmp_path / "practice")
    assert not SoleWindow(tmp_path / "own", owner).take(), "that profile has a window already"


@posix
def test_nobody_else_can_reach_the_socket_and_its_name_names_nobody(owner: QObject, tmp_path: Path) -> None:
    sole, _heard = first_window(owner, tmp_path / "Ada Greenhalgh")
    address = Path(sole._address)
    assert not stat.S_IMODE(address.stat().st_mode) & 0o077
    assert "Ada" not in address.name
    assert "Greenhalgh" not in address.name


@posix
def test_a_socket_of_another_user_is_told_nothing(
    owner: QObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sole, heard = first_window(owner, tmp_path / "profile")
    monkeypatch.setattr(module, "_CALL_MS", 200)
    monkeypatch.setattr(os, "getuid", lambda: 65_534)
    assert not SoleWindow(tmp_path / "profile", owner).call(["letter.eml"])
    assert heard == []


@pytest.mark.parametrize(
    "said", [b"nonsense\n", b'{"files": []}\n', b"[1]\n", b"[" + b'"a.eml",' * 20_000 + b"\n", b"x" * 70_000]
)
def test_what_is_not_a_second_start_is_hung_up_on(owner: QObject, tmp_path: Path, said: bytes) -> None:
    sole, heard = first_window(owner, tmp_path / "profile")
    line = QLocalSocket(owner)
    line.connectToServer(sole._address)
    line.write(said)
    wait_until(lambda: line.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert (heard, line.readAll().data()) == ([], b"")


def test_only_files_that_can_be_imported_are_handed_over(owner: QObject, tmp_path: Path) -> None:
    sole, heard = first_window(owner, tmp_path / "profile")
    line = QLocalSocket(owner)
    line.connectToServer(sole._address)
    line.write(b'["/there/a.eml", "/there/a.sh", "b.eml"]\n')
    wait_until(lambda: bool(heard))
    assert heard == [("/there/a.eml",)]
