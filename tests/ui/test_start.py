"""What a start imports before the window is painted, and before its first list is: nothing that can wait."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from member_tracker.profile import Profile

_CHILD = """
import json, os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QTableView
from ui import app

class Looking(QObject):
    at_window = None

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            if self.at_window is None and isinstance(watched, QMainWindow):
                self.at_window = sorted(sys.modules)
            view = watched.parent()
            if isinstance(view, QTableView) and view.viewport() is watched and view.model().rowCount() > 0:
                print(json.dumps([self.at_window, sorted(sys.modules)]), flush=True)
                os._exit(0)
        return False

looking = Looking()
app.application().installEventFilter(looking)
sys.argv[1:] = ["--profile", sys.argv[1]]
from ui.__main__ import main
main()
"""
_NEVER = (
    "PySide6.QtPrintSupport",
    "alembic",
    "exchangelib",
    "holidays",
    "keyring",
    "msal",
    "nh3",
    "requests",
    "sqlalchemy",
    "typer",
)
_AFTER_THE_WINDOW = (
    "PySide6.QtNetwork",
    "PySide6.QtSvg",
    "cryptography",
    "importlib.resources",
    "member_tracker.domain.mailboxes",
    "member_tracker.domain.watching",
    "member_tracker.services",
    "member_tracker.store",
    "member_tracker.sync",
    "sqlcipher3",
    "ui.enquiries",
    "ui.first_run",
    "ui.today",
)
_AFTER_THE_LIST = (
    "email.policy",
    "logging.handlers",
    "member_tracker.app",
    "member_tracker.domain.charter",
    "member_tracker.domain.enquiry",
    "member_tracker.domain.mailboxes",
    "member_tracker.domain.people",
    "member_tracker.mail",
    "member_tracker.services.charters",
    "member_tracker.services.enquiries",
    "member_tracker.services.hub_health",
    "member_tracker.services.lists",
    "member_tracker.services.parts",
    "member_tracker.services.sending_by_hand",
    "member_tracker.store.reading",
    "member_tracker.store.store",
    "member_tracker.sync",
    "ui.compose",
    "ui.deeds",
    "ui.enquiries.page",
    "ui.logbook",
    "ui.mail_round",
    "ui.menus",
    "ui.pages",
    "ui.privacy",
    "ui.shell.strips",
    "ui.sync_round",
)


@pytest.fixture
def imported(practice: Profile, repository: Path) -> tuple[list[str], list[str]]:
    """The modules imported when the window was painted first, and when its first list was."""
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, str(practice.folder)],
        cwd=repository,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    at_window, at_list = json.loads(ran.stdout)
    return at_window, at_list


def test_the_window_and_its_first_list_are_painted_before_anything_slow_is_imported(
    imported: tuple[list[str], list[str]],
) -> None:
    at_window, at_list = imported
    assert "ui.main_window" in at_window
    assert "ui.today.page" in at_list
    assert _of(at_window, _NEVER + _AFTER_THE_WINDOW + _AFTER_THE_LIST) == []
    assert _of(at_list, _NEVER + _AFTER_THE_LIST) == []


def _of(modules: list[str], packages: tuple[str, ...]) -> list[str]:
    return [name for name in modules if any(name == each or name.startswith(f"{each}.") for each in packages)]
