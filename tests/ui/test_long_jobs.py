"""Long jobs say how far they are, and give up when somebody wants no more of them or the program ends."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.watching import Stopped
from ui.jobs import Jobs, Lane, Line, Step


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    del qtbot
    made = Jobs()
    yield made
    made.close()


def go_on(line: Line) -> None:
    """Work until somebody wants no more of it."""
    never = threading.Event()
    while True:
        line.watch.at("Working", 1, 3)
        never.wait(0.005)


def test_a_step_is_heard_on_the_gui_thread_with_its_counts(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[tuple[Step, bool]] = []

    def hear(step: Step) -> None:
        heard.append((step, threading.current_thread() is threading.main_thread()))

    def work(number: int, line: Line) -> int:
        line.watch.at("Sending mail", 1, 5)
        return number

    done: list[int] = []
    jobs.run_long(Lane.REMOTE, work, 7, owner=jobs, heard=hear, done=done.append)
    qtbot.waitUntil(lambda: done == [7])
    assert heard == [(Step(stage="Sending mail", done=1, whole=5), True)]


def test_of_many_steps_the_last_is_always_heard_and_never_more_than_were_told(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[Step] = []
    done: list[None] = []

    def work(line: Line) -> None:
        for number in range(5_000):
            line.watch.at("Reading", number, 0)

    jobs.run_long(Lane.REMOTE, work, owner=jobs, heard=heard.append, done=done.append)
    qtbot.waitUntil(lambda: len(done) == 1)
    counts = [step.done for step in heard]
    assert counts == sorted(set(counts))
    assert counts[-1] == 4_999


def test_words_somebody_must_read_are_never_passed_over(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[Step] = []
    done: list[None] = []

    def work(line: Line) -> None:
        for number in range(20):
            line.watch.progress("Waiting", number / 20)
            line.say(f"Type {number}")

    jobs.run_long(Lane.REMOTE, work, owner=jobs, heard=heard.append, done=done.append)
    qtbot.waitUntil(lambda: len(done) == 1)
    assert [step.stage for step in heard if step.must_read] == [f"Type {number}" for number in range(20)]


def test_a_job_that_is_stopped_says_so_to_whoever_asked(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[Step] = []
    failed: list[TrackerError] = []
    job = jobs.run_long(Lane.REMOTE, go_on, owner=jobs, heard=heard.append, failed=failed.append)
    qtbot.waitUntil(lambda: bool(heard))
    job.stop()
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert isinstance(failed[0], Stopped)
    assert jobs.under_way == 0


def test_a_job_that_is_stopped_before_it_began_is_not_begun(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    failed: list[TrackerError] = []
    jobs.run(Lane.REMOTE, gate.wait, owner=jobs)
    ran: list[Line] = []
    job = jobs.run_long(Lane.REMOTE, ran.append, owner=jobs, heard=lambda _step: None, failed=failed.append)
    job.stop()
    gate.set()
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert ran == []


def test_closing_stops_what_is_under_way_and_a_second_time_does_nothing(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[Step] = []
    jobs.run_long(Lane.REMOTE, go_on, owner=jobs, heard=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    closed: list[bool] = []
    jobs.close(lambda: closed.append(True))
    jobs.close(lambda: closed.append(True))
    assert closed == [True]
