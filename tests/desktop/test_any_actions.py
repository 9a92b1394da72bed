"""Two minutes, or twenty, of anything a user might do, with mail coming in: nothing breaks, nothing grows, all agrees.

To do a run again: MEMBER_TRACKER_SEED=… with the seed it printed.
"""

import ctypes
import gc
import logging
import os
import secrets
import socket
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox

from member_tracker.app import App, build
from member_tracker.domain.enquiry import Enquiry
from member_tracker.profile import Profile
from member_tracker.services.judging import count_again
from member_tracker.services.practice import fill
from tests.desktop.any_actions import Somebody
from tests.store.agreement import disagreements
from tests.ui.windows import at_rest, watch_the_store, window_on
from ui.app import Running, Sweeper
from ui.picture import wait_until

Say = Callable[[str], None]

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
MOST_GROWTH_MB = 16.0
"""What a process may hold more in the last quarter of a run than in the second: made-up casework grows too."""
NO_SCREEN = "This plugin does not support"
"""What Qt says of a screen that is none."""
EVERY = 50
"""After so many deeds memory is looked at."""


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Says something whether the test passes or not."""

    def told(words: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{words}")

    return told


@pytest.mark.desktop
def test_two_minutes_of_anything_break_nothing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    live(qapp, tmp_path, monkeypatch, say, seconds=120)


@pytest.mark.soak
def test_twenty_minutes_of_anything_break_nothing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    live(qapp, tmp_path, monkeypatch, say, seconds=1_200)


def live(qapp: QApplication, folder: Path, monkeypatch: pytest.MonkeyPatch, say: Say, *, seconds: float) -> None:
    """Do anything for so long, and look whether all is well during it and after it."""
    seed = int(os.environ.get("MEMBER_TRACKER_SEED") or secrets.randbelow(10**9))
    say(f"MEMBER_TRACKER_SEED={seed}")
    profile = practice_at(folder / "profile")
    keep_at_home(monkeypatch)
    watch_the_store(monkeypatch)
    with swept(qapp), listening() as heard, window_on(qapp, profile) as running:
        wait_until(lambda: running.desk.is_open)
        at_rest(running)
        running.desk.jobs.broken.connect(lambda error: heard.append(in_full(error)))
        somebody = Somebody(running=running, seed=seed)
        held = go_on(somebody, heard, seconds)
        done_with(running)
    growth = statistics.median(held[-len(held) // 4 :]) - statistics.median(held[len(held) // 4 : len(held) // 2])
    say(f"{somebody.done} deeds, {held[0]:.0f} to {held[-1]:.0f} MB, {growth:+.1f} MB after warming up")
    assert growth < MOST_GROWTH_MB, f"seed {seed}: {[round(each) for each in held]} MB"
    assert after_it(profile) == [], f"seed {seed}"


def go_on(somebody: Somebody, heard: list[str], seconds: float) -> list[float]:
    """One deed after another; how much memory was held, every now and then."""
    held: list[float] = []
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end and not heard:
            somebody.act()
            assert somebody.running.window.findChild(QMessageBox, "apology") is None, "an apology was shown"
            if somebody.done % EVERY == 0:
                held.append(memory_mb())
    except Exception as error:
        raise AssertionError(told(somebody, [in_full(error)])) from error
    assert not heard, told(somebody, heard)
    return held


def told(somebody: Somebody, heard: list[str]) -> str:
    """What went wrong, and what was done before it."""
    return "\n".join((f"seed {somebody.seed}, deed {somebody.done}:", *heard, "the deeds before:", *somebody.did))


def after_it(profile: Profile) -> list[str]:
    """What does not fit in the store, each due date counted anew from its charter among it."""
    app = build(profile, passphrase=lambda: None)
    try:
        return [*disagreements(app.store), *wrong_dates(app)]
    finally:
        app.store.close()


def wrong_dates(app: App) -> list[str]:
    """The enquiries whose charter, counted anew, gives another day than the one that is kept."""
    with app.store.reading() as tx:
        return [
            f"{each.reference} is due {each.respond_by}, counted anew {again.respond_by}"
            for each in tx.every(Enquiry)
            if (again := count_again(app, tx, each)).respond_by != each.respond_by
        ]


# --- around it --------------------------------------------------------------------------------------------------------


def practice_at(folder: Path) -> Profile:
    """A new practice profile."""
    profile = Profile(folder=folder)
    app = build(profile, passphrase=lambda: None, practice=True)
    fill(app)
    app.store.close()
    return profile


def keep_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open nothing in other programs, and no line to other computers."""

    def refuse(*_said: object) -> None:
        raise AssertionError("a line to another computer was asked for")

    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def done_with(running: Running) -> None:
    """Let what is under way end."""
    wait_until(lambda: not running.desk.jobs.under_way)
    at_rest(running)


def memory_mb() -> float:
    """What this process holds in memory, without what it has put by for later."""
    gc.collect()
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES / 1e6


def in_full(error: BaseException) -> str:
    """What was raised, and where."""
    return "".join(traceback.format_exception(error)[-4:])


@contextmanager
def swept(qapp: QApplication) -> Iterator[None]:
    """Collect rubbish as the program does, on the GUI thread alone."""
    sweeper = Sweeper(qapp)
    try:
        yield
    finally:
        sweeper.deleteLater()
        gc.enable()


@contextmanager
def listening() -> Iterator[list[str]]:
    """What Qt warns of, what is raised where nobody catches it, and what is logged as an error."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(f"log: {record.getMessage()}")

    def from_qt(kind: QtMsgType, _where: QMessageLogContext, message: str | None) -> None:
        said = message or ""
        if kind is not QtMsgType.QtDebugMsg and kind is not QtMsgType.QtInfoMsg and NO_SCREEN not in said:
            heard.append(f"Qt: {said}")

    ear = Ear(logging.ERROR)
    logging.getLogger().addHandler(ear)
    hook, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: heard.append(in_full(error))
    before = qInstallMessageHandler(from_qt)
    try:
        yield heard
    finally:
        qInstallMessageHandler(before)
        sys.excepthook = hook
        logging.getLogger().removeHandler(ear)
