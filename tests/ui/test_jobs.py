"""Jobs run away from the GUI thread, in order, and call back on it."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from member_tracker.domain.errors import NotAllowed, TrackerError
from ui.jobs import Jobs, Lane


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    del qtbot
    made = Jobs()
    yield made
    made.close()


def test_a_job_runs_in_its_lane_and_its_result_arrives_on_the_gui_thread(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[tuple[str, bool]] = []

    def done(lane: str) -> None:
        seen.append((lane, threading.current_thread() is threading.main_thread()))

    for lane in Lane:
        jobs.run(lane, lambda: threading.current_thread().name.split("_")[0], owner=jobs, done=done)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert sorted(seen) == [("local", True), ("remote", True)]


def test_jobs_of_one_lane_run_one_after_another_in_the_order_given(jobs: Jobs, qtbot: QtBot) -> None:
    ran: list[int] = []
    done: list[None] = []
    for number in range(50):
        jobs.run(Lane.LOCAL, ran.append, number, owner=jobs, done=done.append)
    qtbot.waitUntil(lambda: len(done) == 50)
    assert ran == list(range(50))


def test_a_lane_that_waits_does_not_hold_up_the_other(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    local: list[bool] = []
    remote: list[bool] = []
    jobs.run(Lane.REMOTE, gate.wait, owner=jobs, done=remote.append)
    jobs.run(Lane.LOCAL, lambda: True, owner=jobs, done=local.append)
    qtbot.waitUntil(lambda: local == [True])
    assert remote == []
    gate.set()
    qtbot.waitUntil(lambda: remote == [True])


def test_an_error_a_person_can_act_on_goes_to_whoever_asked(jobs: Jobs, qtbot: QtBot) -> None:
    failed: list[TrackerError] = []
    jobs.run(Lane.LOCAL, _refuse, owner=jobs, failed=failed.append)
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert failed[0].title == "Not now."


def test_an_error_nobody_waits_for_is_announced(jobs: Jobs, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.refused) as refused:
        jobs.run(Lane.LOCAL, _refuse, owner=jobs)
    assert isinstance(refused.args[0], NotAllowed)


def test_a_bug_is_never_handed_to_whoever_asked(jobs: Jobs, qtbot: QtBot) -> None:
    failed: list[TrackerError] = []
    with qtbot.waitSignal(jobs.broken) as broken:
        jobs.run(Lane.LOCAL, lambda: 1 // 0, owner=jobs, failed=failed.append)
    assert isinstance(broken.args[0], ZeroDivisionError)
    assert failed == []


def test_a_result_whose_owner_is_gone_is_dropped(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    owner = QObject()
    done: list[bool] = []
    jobs.run(Lane.LOCAL, gate.wait, owner=owner, done=done.append)
    owner.deleteLater()
    qtbot.wait(20)
    gate.set()
    after: list[bool] = []
    jobs.run(Lane.LOCAL, lambda: True, owner=jobs, done=after.append)
    qtbot.waitUntil(lambda: after == [True])
    assert done == []


def test_a_cancelled_job_that_has_not_begun_never_runs(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    ran: list[str] = []
    jobs.run(Lane.LOCAL, gate.wait, owner=jobs)
    unwanted = jobs.run(Lane.LOCAL, ran.append, "unwanted", owner=jobs)
    wanted: list[None] = []
    jobs.run(Lane.LOCAL, ran.append, "wanted", owner=jobs, done=wanted.append)
    unwanted.cancel()
    gate.set()
    qtbot.waitUntil(lambda: len(wanted) == 1)
    assert ran == ["wanted"]


def test_a_cancelled_job_under_way_calls_nobody_back(jobs: Jobs, qtbot: QtBot) -> None:
    begun, gate = threading.Event(), threading.Event()
    done: list[bool] = []

    def work() -> bool:
        begun.set()
        return gate.wait()

    job = jobs.run(Lane.LOCAL, work, owner=jobs, done=done.append)
    begun.wait()
    job.cancel()
    gate.set()
    after: list[bool] = []
    jobs.run(Lane.LOCAL, lambda: True, owner=jobs, done=after.append)
    qtbot.waitUntil(lambda: after == [True])
    assert done == []


def test_remote_work_is_announced_as_it_begins_and_ends(jobs: Jobs, qtbot: QtBot) -> None:
    said: list[bool] = []
    jobs.busy_changed.connect(said.append)
    jobs.run(Lane.REMOTE, lambda: None, owner=jobs)
    jobs.run(Lane.REMOTE, lambda: None, owner=jobs)
    qtbot.waitUntil(lambda: said == [True, False])


def test_closing_waits_for_what_is_under_way_and_starts_nothing_more(jobs: Jobs) -> None:
    ran: list[str] = []
    begun = threading.Event()

    def slow() -> None:
        begun.set()
        threading.Event().wait(0.05)
        ran.append("under way")

    jobs.run(Lane.LOCAL, slow, owner=jobs)
    begun.wait()
    jobs.run(Lane.LOCAL, ran.append, "not begun", owner=jobs)
    jobs.close()
    jobs.run(Lane.LOCAL, ran.append, "too late", owner=jobs)
    assert ran == ["under way"]


def _refuse() -> None:
    raise NotAllowed("Not now.", advice="Later.")
