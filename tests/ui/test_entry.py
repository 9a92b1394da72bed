"""The console script: no Qt for a command, the story in the terminal where there is no screen, a picture on demand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from member_tracker.profile import Profile
from ui.look import Scheme
from ui.picture import check, picture


def run(*code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a fresh process."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    kept.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, *code], env=kept | environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_entry_point_imports_nothing_of_qt() -> None:
    found = run("-c", "import sys, ui.__main__; print([m for m in sys.modules if 'PySide6' in m or 'shiboken' in m])")
    assert found.stdout.strip() == "[]"


def test_a_command_runs_without_qt() -> None:
    code = (
        "import sys; sys.argv = ['member-tracker', 'charter', 'list', '--json']; from ui.__main__ import main;"
        " code = main(); sys.stderr.write(str([m for m in sys.modules if 'PySide6' in m])); sys.exit(code)"
    )
    found = run("-c", code)
    assert found.returncode == 0
    assert found.stderr == "[]"


def test_starting_the_window_imports_nothing_that_speaks_to_a_mail_server(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from member_tracker.profile import Profile;"
        " from ui.picture import picture; folder = Path(sys.argv[1]);"
        " picture(Profile(folder=folder / 'profile'), folder / 'a.png', practice=True);"
        " print([m for m in ('exchangelib', 'msal', 'requests', 'truststore') if m in sys.modules])"
    )
    found = run("-c", code, str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert found.stdout.strip() == "[]", found.stderr
    assert (tmp_path / "a.png").exists()


def test_without_a_screen_the_story_is_told_in_the_terminal(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux may have no screen")
    code = (
        "import sys; sys.argv = ['member-tracker']; import member_tracker.cli as cli;"
        " from ui import __main__ as entry;"
        " cli.main = lambda argv, window: print(argv, window is not None) or 0; sys.exit(entry.main())"
    )
    found = run("-c", code, XDG_DATA_HOME=str(tmp_path))
    assert found.returncode == 0
    assert found.stdout.strip() == "['practice'] True"
    assert found.stderr.count("\n") == 1
    assert "no screen" in found.stderr


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_picture_of_the_window_is_drawn_without_a_screen(
    qtbot: QtBot, practice: Profile, tmp_path: Path, scheme: Scheme
) -> None:
    del qtbot
    file = tmp_path / "pictures" / "today.png"
    picture(practice, file, scheme=scheme)
    drawn = QImage(str(file))
    assert (drawn.width(), drawn.height()) == (1366, 768)
    assert (drawn.pixelColor(900, 700).lightness() < 128) is (scheme is Scheme.DARK)


def test_the_self_test_draws_a_window_and_says_which_qt_did(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    assert check(tmp_path / "window.png").startswith("Qt 6")
    assert (tmp_path / "window.png").exists()
