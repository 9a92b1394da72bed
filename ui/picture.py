"""A picture of the window, made where there is no screen."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QDeadlineTimer,
    QEventLoop,
    QMessageLogContext,
    QObject,
    QSize,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtWidgets import QApplication, QPushButton

from member_tracker.domain.errors import Unavailable
from member_tracker.profile import Profile
from ui import look
from ui.jobs import Jobs
from ui.language import tr
from ui.look import Scheme

USUAL = QSize(1366, 768)
_PATIENCE_MS = 30_000
_LOOK_MS = 10
_MOMENT_MS, _CALM_LOOKS = 500, 4


def picture(
    profile: Profile, file: Path, *, scheme: Scheme = Scheme.LIGHT, size: QSize = USUAL, practice: bool = False
) -> None:
    """Draw the window of a profile, as it opens, into a PNG file."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.app import Running, application

    before = qInstallMessageHandler(_pass_on)
    app = application()
    running = Running(app, profile)
    try:
        if practice:
            running.opening.practise()
        else:
            running.opening.start()
        wait_until(lambda: running.desk.is_open and not running.desk.jobs.under_way)
        look.dress(app, scheme)
        running.window.wear()
        running.window.resize(size)
        running.window.show()
        settle(running.desk.jobs)
        file.parent.mkdir(parents=True, exist_ok=True)
        if not running.window.grab().save(str(file)):
            raise Unavailable(
                tr("The picture could not be written."),
                advice=tr("Check that {parent} can be written to.").format(parent=file.parent),
            )
    finally:
        running.stop()
        qInstallMessageHandler(before)


def _pass_on(_kind: QtMsgType, _where: QMessageLogContext, message: str | None) -> None:
    """What Qt says, without what it says of every window it draws where there is no screen."""
    if message and "propagateSizeHints" not in message:
        sys.stderr.write(message + "\n")


def check(file: Path) -> str:
    """Open the window on a practice profile beside `file`, draw it into that file, and say which Qt did so."""
    picture(Profile(folder=file.parent / "window"), file, practice=True)
    return f"Qt {qVersion()}"


def settle(jobs: Jobs) -> None:
    """Wait until every page has its answers and is painted: nothing is asked, and nothing waits to be."""
    calm = 0

    def is_calm() -> bool:
        nonlocal calm
        calm = 0 if jobs.under_way or _about_to_act(jobs) else calm + 1
        return calm == _CALM_LOOKS

    wait_until(is_calm)


def _about_to_act(jobs: Jobs) -> bool:
    """Whether anything waits a moment before it asks: a search for the end of typing, a button to come up again."""
    windows = QApplication.topLevelWidgets()
    roots: list[QObject] = [*windows, _root(jobs)]
    return any(button.isDown() for window in windows for button in window.findChildren(QPushButton)) or any(
        timer.isSingleShot() and timer.isActive() and timer.interval() <= _MOMENT_MS
        for root in roots
        for timer in root.findChildren(QTimer)
    )


def _root(child: QObject) -> QObject:
    """What in the end owns it."""
    parent: QObject | None = child.parent()
    return child if parent is None else _root(parent)


def wait_for(milliseconds: int) -> None:
    """Handle events for a while."""
    deadline = QDeadlineTimer(milliseconds)
    wait_until(deadline.hasExpired)


def wait_until(met: Callable[[], bool]) -> None:
    """Handle events until something is, or for a moment was, so; raises `Unavailable` when it takes too long."""
    deadline = QDeadlineTimer(_PATIENCE_MS)
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(_LOOK_MS)
    was_met = met()

    def look_again() -> None:
        nonlocal was_met
        was_met = was_met or met()
        if was_met or deadline.hasExpired():
            loop.quit()

    timer.timeout.connect(look_again)
    timer.start()
    if not was_met:
        loop.exec()
    timer.stop()
    if not was_met:
        raise Unavailable(
            tr("The window did not open in time."), advice=tr("Try again when the computer is less busy.")
        )
