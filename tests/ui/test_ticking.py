"""A window that stays open: another process's commit is seen within a second, a new day and a sleep are noticed."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QElapsedTimer

from member_tracker.domain.change import ChangeSet
from member_tracker.profile import Profile
from tests.fakes.clock import StoppedClock
from tests.ui.test_window import rows
from tests.ui.windows import at_rest
from ui.app import Running
from ui.jobs import Lane
from ui.picture import wait_until
from ui.places import Place
from ui.shell.ticking import Ticking

LOG = """
import sys
from pathlib import Path
from member_tracker.app import build
from member_tracker.domain.vocabulary import Channel
from member_tracker.profile import Profile
from member_tracker.services.intake import Intake, log_by_name
app = build(Profile(folder=Path(sys.argv[1])), passphrase=lambda: None)
sys.stdin.readline()
log_by_name(app, Intake(councillor="Cllr Priya Marsden", resident="Una Bright", service_area="Waste",
                        channel=Channel.EMAIL, subject="Overflowing bin", text="By the gate."))
print("written", flush=True)
app.store.close()
"""


def test_what_another_process_writes_is_on_screen_within_a_second_though_mail_is_under_way(
    running: Running, practice: Profile
) -> None:
    running.window.go_to(Place.ALL)
    at_rest(running)
    other = subprocess.Popen(
        [sys.executable, "-c", LOG, str(practice.folder)],
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    go_on = threading.Event()
    running.desk.jobs.run(Lane.REMOTE, go_on.wait, owner=running)
    other.stdin.write("\n")
    other.stdin.flush()
    assert other.stdout.readline() == "written\n"
    since = QElapsedTimer()
    since.start()
    wait_until(lambda: any("Overflowing bin" in row for row in rows(running.window, "enquiryList")))
    taken = since.elapsed()
    go_on.set()
    other.communicate()
    assert taken < 2_000, "a second, and room for a machine that is busy"


def test_sleep_a_clock_that_was_set_and_midnight_are_noticed(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = StoppedClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    monkeypatch.setattr(running.desk, "now", clock)
    ticking = Ticking(running.desk, running)
    heard: list[ChangeSet] = []
    woke: list[bool] = []
    running.desk.news.changed.connect(heard.append)
    ticking.woke.connect(lambda: woke.append(True))

    def after(passes: timedelta) -> tuple[int, int]:
        """How often every page asks again, and how often it is said that the computer woke."""
        heard.clear()
        woke.clear()
        clock.moment += passes
        ticking.tick()
        return len(heard), len(woke)

    ticking.tick()
    assert after(timedelta(seconds=1)) == (0, 0)
    assert after(timedelta(minutes=-5)) == (1, 1), "the clock was set"
    assert after(timedelta(hours=15, minutes=4, seconds=40)) == (1, 1), "the computer slept"
    assert after(timedelta(seconds=20)) == (1, 0), "a day began"
