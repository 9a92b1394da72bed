"""The console script: a command runs without a window, and without a command the window opens.

Nothing of Qt is imported here; the functions a command may need for a window import it when they are called.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from member_tracker.domain.report_table import Table
    from member_tracker.profile import Profile


def main() -> int:
    """Run what the command line says and return the exit code."""
    from member_tracker.cli import split_options
    from ui.shell.handed import is_handed

    words, folder, _as_json = split_options(sys.argv[1:])
    files = tuple(words)
    if not all(map(is_handed, files)):
        return _run_command(sys.argv[1:])
    if not has_screen():
        print("There is no screen here, so the practice story is told in the terminal instead.", file=sys.stderr)
        return _run_command(["practice"])
    from member_tracker.profile import profile_named

    named = folder or os.environ.get("MEMBER_TRACKER_PROFILE")
    return _open(profile_named(folder) if named else None, files)


def _run_command(argv: list[str]) -> int:
    from member_tracker.cli import main as run_command
    from member_tracker.cli.call import Window

    checks = {"screens": _screens, "window": _drawn, "paper": _printed}
    return run_command(argv, window=Window(open=_open, picture=_picture, pdf=_pdf, checks=checks, program=_program()))


def has_screen() -> bool:
    """Whether a window can be shown: outside Linux there is always a screen."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _open(profile: "Profile | None", files: tuple[str, ...] = ()) -> int:
    from ui.app import open_window

    return open_window(profile, files)


def _picture(profile: "Profile", file: Path) -> None:
    from ui.picture import picture

    picture(profile, file)


def _pdf(table: "Table") -> bytes:
    from ui.reports.paper import draw_without_a_window

    return draw_without_a_window(table)


def _screens(_folder: Path) -> str:
    from ui.self_test import screens

    return screens()


def _drawn(folder: Path) -> str:
    from ui.self_test import window

    return window(folder)


def _printed(_folder: Path) -> str:
    from ui.self_test import paper

    return paper()


def _program() -> tuple[str, ...]:
    """What starts this program once more, with its words on the command line: when packaged, never the windowed one."""
    here = Path(sys.executable)
    return (str(here.with_name(f"member-tracker{here.suffix}")),) if hasattr(sys, "frozen") else (str(here), "-m", "ui")


if __name__ == "__main__":
    sys.exit(main())
