"""The worker process, for real: progress, cancel, error, crash, and no orphan."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from gridoffice.errors import Cancelled, RuleBroken
from gridoffice.progress import Step
from ui.heartbeat import worst_gap_while
from ui.tasks import Fault, TaskRunner

ROOT = Path(__file__).resolve().parents[2]
JOBS = "tests.ui.jobs:"


@pytest.fixture(autouse=True)
def worker_at_hand() -> None:
    """Here a worker starts as it starts in the program."""


@pytest.fixture
def runner(qapp: QObject) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.close()


class Answers:
    """What came home."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.errors: list[Exception] = []
        self.steps: list[Step] = []

    def ended(self) -> bool:
        return bool(self.done or self.errors)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(condition, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_result_and_progress(runner: TaskRunner, qtbot) -> None:
    got = Answers()
    runner.run(JOBS + "steps", {"total": 300}, got.done.append, got.errors.append, got.steps.append)
    qtbot.waitUntil(got.ended, timeout=20_000)
    assert got.done == [300] and got.errors == []
    assert got.steps and got.steps[0] == Step("数一数", 0, 300)


def test_cancel(runner: TaskRunner, qtbot, tmp_path: Path) -> None:
    got = Answers()
    job = runner.run(
        JOBS + "endless",
        {"beacon": str(tmp_path / "pid")},
        got.done.append,
        got.errors.append,
        got.steps.append,
    )
    qtbot.waitUntil(lambda: bool(got.steps), timeout=20_000)
    job.cancel()
    qtbot.waitUntil(got.ended, timeout=20_000)
    assert isinstance(got.errors[0], Cancelled)


def test_a_sentence_travels_with_its_problems(runner: TaskRunner, qtbot) -> None:
    got = Answers()
    runner.run(JOBS + "refuse", {}, got.done.append, got.errors.append)
    qtbot.waitUntil(got.ended, timeout=20_000)
    error = got.errors[0]
    assert isinstance(error, RuleBroken) and error.problems[0].row == 41


@pytest.mark.logs("fault")
@pytest.mark.parametrize("job", ["stumble", "unportable", "no_such_job"])
def test_a_bug_becomes_a_numbered_fault(runner: TaskRunner, qtbot, job: str) -> None:
    got = Answers()
    runner.run(JOBS + job, {}, got.done.append, got.errors.append)
    qtbot.waitUntil(got.ended, timeout=20_000)
    error = got.errors[0]
    assert isinstance(error, Fault)
    assert "Traceback" in error.detail and error.number in error.message


@pytest.mark.logs("worker process")
def test_a_crash_is_told_and_the_next_job_runs(runner: TaskRunner, qtbot) -> None:
    first, second = Answers(), Answers()
    runner.run(JOBS + "die", {}, first.done.append, first.errors.append)
    runner.run(JOBS + "add", {"one": 1, "other": 2}, second.done.append, second.errors.append)
    qtbot.waitUntil(lambda: first.ended() and second.ended(), timeout=30_000)
    assert isinstance(first.errors[0], Fault)
    assert second.done == [3]


@pytest.mark.logs("worker process")
def test_a_worker_that_keeps_dying_is_given_up(runner: TaskRunner, qtbot) -> None:
    got = [Answers() for _ in range(5)]
    for answers in got:
        runner.run(JOBS + "die", {}, answers.done.append, answers.errors.append)
    qtbot.waitUntil(lambda: all(answers.ended() for answers in got), timeout=40_000)
    assert all(isinstance(answers.errors[0], Fault) for answers in got)


def test_answers_for_a_closed_asker_are_dropped(runner: TaskRunner, qtbot) -> None:
    got, other = Answers(), Answers()
    asker = QObject()
    runner.run(JOBS + "add", {"one": 1, "other": 1}, got.done.append, asker=asker)
    runner.ask(asker, lambda: 1, on_done=got.done.append)
    import shiboken6

    shiboken6.delete(asker)
    runner.run(JOBS + "add", {"one": 2, "other": 2}, other.done.append)
    qtbot.waitUntil(other.ended, timeout=20_000)
    assert got.done == []


def test_only_the_latest_question_is_answered(runner: TaskRunner, qtbot) -> None:
    asker, got, said = QObject(), [], []

    def slow(value: int) -> int:
        time.sleep(0.05)
        said.append(value)
        return value

    for value in range(20):
        runner.ask(asker, slow, value, on_done=got.append)
    qtbot.waitUntil(lambda: bool(got), timeout=10_000)
    qtbot.wait(100)
    assert got == [19]
    assert len(said) <= 2, "outdated questions are not even asked"


def test_writes_are_never_skipped(runner: TaskRunner, qtbot) -> None:
    asker, got = QObject(), []
    for value in range(5):
        runner.do(asker, lambda value: value, value, on_done=got.append)
    qtbot.waitUntil(lambda: len(got) == 5, timeout=10_000)
    assert got == [0, 1, 2, 3, 4]


def test_a_refused_write_comes_home_as_its_sentence(runner: TaskRunner, qtbot) -> None:
    asker, got = QObject(), []

    def refused() -> None:
        raise RuleBroken("网格名称已有。")

    runner.do(asker, refused, on_error=got.append)
    qtbot.waitUntil(lambda: bool(got), timeout=10_000)
    assert isinstance(got[0], RuleBroken)


def test_closing_ends_a_worker_in_the_middle_of_work(qapp, qtbot, tmp_path: Path) -> None:
    runner, beacon = TaskRunner(), tmp_path / "pid"
    runner.run(JOBS + "deaf", {"beacon": str(beacon)})
    qtbot.waitUntil(lambda: beacon.exists() and beacon.read_text() != "", timeout=20_000)
    pid = int(beacon.read_text())
    runner.close()
    assert not alive(pid)


@pytest.mark.parametrize("job", ["endless", "deaf"])
def test_killing_the_window_leaves_no_orphan(tmp_path: Path, job: str) -> None:
    beacon = tmp_path / "pid"
    window = subprocess.Popen([sys.executable, "-m", "tests.ui.orphan", job, str(beacon)], cwd=ROOT)
    wait_for(lambda: beacon.exists() and beacon.read_text() != "")
    worker = int(beacon.read_text())
    assert alive(worker)
    window.send_signal(signal.SIGKILL)
    window.wait()
    wait_for(lambda: not alive(worker), seconds=5)


def test_the_window_lives_while_rows_are_counted(runner: TaskRunner, qtbot) -> None:
    """Not timed strictly: the benchmark holds 60 ms; here only that the loop is not simply blocked."""
    got = Answers()

    def begin(over: Callable[[], None]) -> None:
        def done(value: object) -> None:
            got.done.append(value)
            over()

        runner.run(JOBS + "rows", {"count": 20_000}, done)

    gap = worst_gap_while(begin)
    assert got.done and gap < 5_000
