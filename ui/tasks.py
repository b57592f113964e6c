"""The only place that starts a thread or a process.

`TaskRunner.run` sends long work to one warm worker process; `TaskRunner.ask` and `TaskRunner.do` use
one thread for short reads and writes; `TaskRunner.attend` has a thread of its own follow something.
Whatever comes home arrives through one signal of this one object, in the window's thread; when the
asker is gone, the answer is dropped.
"""

from __future__ import annotations

import atexit
import itertools
import logging
import multiprocessing
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from gridoffice.errors import OfficeError
from gridoffice.progress import Step
from ui.garbage import GarbageWatch
from ui.worker import serve

log = logging.getLogger("gridoffice.ui.tasks")

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
Progressed = Callable[[Step], None]

CRASHES_IN_A_ROW = 3
"""After so many crashes without one finished job the worker is not started again by itself."""


class Fault(Exception):
    """A bug somewhere: the sentence for the screen, the number under which the log tells the rest."""

    def __init__(self, number: str, detail: str):
        super().__init__(f"刚才这一步没做成，资料没有变。故障编号 {number}。")
        self.message = str(self)
        self.number = number
        self.detail = detail


class WorkerGone(Fault):
    """The worker process ended in the middle of a job; another is started by itself."""


def fault(detail: str, kind: type[Fault] = Fault) -> Fault:
    """Log a bug and give it a number."""
    made = kind(f"{datetime.now():%m%d-%H%M%S}", detail)
    log.error("fault %s\n%s", made.number, detail)
    return made


@dataclass(slots=True)
class Job:
    """A piece of work in the worker process."""

    number: int
    name: str
    keywords: dict[str, Any]
    asker: QObject | None
    on_done: Done | None
    on_error: Failed | None
    on_progress: Progressed | None
    runner: TaskRunner = field(repr=False)
    settled: bool = False

    def cancel(self) -> None:
        """Ask the work to stop at its next step; it ends with `Cancelled`, nothing written."""
        self.runner._send(("cancel", self.number))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A short question on its way; `key` is asker and topic where only the latest counts."""

    asker: QObject
    key: tuple[int, str] | None
    on_done: Done | None
    on_error: Failed | None


def _asker_of(given: QObject | None, *callbacks: Any) -> QObject | None:
    """Who asks: the given object, else the QObject whose method is to be called back."""
    if given is not None:
        return given
    for callback in callbacks:
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, QObject):
            return owner
    return None


class TaskRunner(QObject):
    """Long work in one process, short questions in one thread, answers in the window's thread."""

    busy = Signal(bool)
    _home = Signal(object)

    def __init__(self, warm: Sequence[str] = (), parent: QObject | None = None):
        super().__init__(parent)
        self._warm = tuple(warm)
        self._jobs: dict[int, Job] = {}
        self._numbers = itertools.count(1)
        self._latest: dict[tuple[int, str], int] = {}
        self._asked: dict[int, _Asked] = {}
        self._pipe: Any = None
        self._process: Any = None
        self._crashes = 0
        self._closed = False
        self._attended: dict[int, tuple[QObject, Done]] = {}
        self._followers: list[threading.Thread] = []
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ask")
        self._home.connect(self._arrive, Qt.ConnectionType.QueuedConnection)
        self._garbage = GarbageWatch(self)
        atexit.register(self.close)

    # ---- the worker process

    @property
    def pid(self) -> int | None:
        """The worker's process id, for tests and the fault report."""
        return self._process.pid if self._process is not None else None

    @property
    def waiting(self) -> int:
        """How many questions and jobs are on their way."""
        return len(self._asked) + len(self._jobs)

    def start(self) -> None:
        """Start the worker now, so that the first long job finds it warm."""
        if self._process is not None or self._closed:
            return
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self._process = context.Process(target=serve, args=(there,), name="gridoffice-worker", daemon=False)
        self._process.start()
        there.close()
        self._pipe = here
        threading.Thread(target=self._listen, args=(here,), name="worker-home", daemon=True).start()
        if self._warm:
            self._send(("warm", self._warm))

    def run(
        self,
        name: str,
        keywords: dict[str, Any],
        on_done: Done | None = None,
        on_error: Failed | None = None,
        on_progress: Progressed | None = None,
        asker: QObject | None = None,
    ) -> Job:
        """Run "package.module:function" with plain values in the worker process."""
        asker = _asker_of(asker, on_done, on_error)
        job = Job(next(self._numbers), name, keywords, asker, on_done, on_error, on_progress, self)
        self._jobs[job.number] = job
        if len(self._jobs) == 1:
            self.busy.emit(True)
        self.start()
        self._send(("run", job.number, name, keywords))
        return job

    def _send(self, message: tuple[Any, ...]) -> None:
        if self._pipe is None:
            return
        with suppress(OSError):  # the worker is gone: its listener tells, and open jobs are sent again
            self._pipe.send(message)

    def _listen(self, pipe: Any) -> None:
        """In a thread: carry what the worker says to the window's thread."""
        try:
            while True:
                self._tell(pipe.recv())
        except (EOFError, OSError):
            self._tell(("gone", pipe))

    def _tell(self, message: tuple[Any, ...]) -> None:
        with suppress(RuntimeError):  # the runner itself is gone: the program is ending
            self._home.emit(message)

    # ---- short questions

    def ask(
        self,
        asker: QObject,
        question: Callable[..., Any],
        *args: Any,
        on_done: Done,
        on_error: Failed | None = None,
        topic: str = "",
        **keywords: Any,
    ) -> None:
        """Answer a short read in the thread. Of several questions of one asker on one topic only the
        latest is answered."""
        if self._closed:
            return  # the window is going; nobody waits for the answer
        key = (id(asker), topic)
        number = next(self._numbers)
        self._latest[key] = number
        self._asked[number] = _Asked(asker, key, on_done, on_error)
        self._thread.submit(self._work, number, key, question, args, keywords)

    def do(
        self,
        asker: QObject,
        deed: Callable[..., Any],
        *args: Any,
        on_done: Done | None = None,
        on_error: Failed | None = None,
        **keywords: Any,
    ) -> None:
        """A short write in the thread; unlike a question it is never skipped."""
        if self._closed:
            raise RuntimeError("a write was asked for after the window closed")
        number = next(self._numbers)
        self._asked[number] = _Asked(asker, None, on_done, on_error)
        self._thread.submit(self._work, number, None, deed, args, keywords)

    # ---- following

    @property
    def closed(self) -> bool:
        """Whether the window is going; whoever waits for something in a thread gives up."""
        return self._closed

    @property
    def writing(self) -> int:
        """How many short writes are on their way."""
        return sum(1 for asked in self._asked.values() if asked.key is None)

    def attend(
        self, asker: QObject, follow: Callable[[Callable[[], bool]], Iterable[Any]], on_news: Done
    ) -> None:
        """Follow something beside the window as long as it is open: `follow(stopped)` gives news as it
        comes, in a thread of its own, and ends soon after `stopped()` says so."""
        number = next(self._numbers)
        self._attended[number] = asker, on_news
        thread = threading.Thread(target=self._follow, args=(number, follow), name="follow", daemon=True)
        self._followers.append(thread)
        thread.start()

    def _follow(self, number: int, follow: Callable[[Callable[[], bool]], Iterable[Any]]) -> None:
        """In the thread."""
        try:
            for news in follow(lambda: self._closed):
                self._tell(("news", number, news))
        except Exception:
            self._tell(("news", number, fault(traceback.format_exc())))

    def _work(
        self,
        number: int,
        key: tuple[int, str] | None,
        question: Callable[..., Any],
        args: tuple[Any, ...],
        keywords: dict[str, Any],
    ) -> None:
        """In the thread: it holds no widget, so none can be deleted here."""
        if key is not None and self._latest.get(key) != number:
            self._tell(("late", number, None))
            return
        try:
            self._tell(("answer", number, question(*args, **keywords)))
        except OfficeError as error:
            self._tell(("failed", number, error))
        except Exception:
            self._tell(("crashed", number, traceback.format_exc()))

    # ---- coming home

    def _arrive(self, message: tuple[Any, ...]) -> None:
        kind = message[0]
        if kind in ("answer", "failed", "crashed", "late"):
            asked = self._asked.pop(message[1])
            if asked.key is None or self._latest.get(asked.key) == message[1]:
                value = fault(message[2]) if kind == "crashed" else message[2]
                self._call(asked.asker, asked.on_done if kind == "answer" else asked.on_error, value)
        elif kind == "gone":
            if message[1] is self._pipe and not self._closed:
                self._after_crash()
        elif kind == "news":
            self._call(*self._attended[message[1]], message[2])
        elif kind != "ready":
            self._arrive_from_worker(kind, message[1], message[2])

    def _arrive_from_worker(self, kind: str, number: int, value: Any) -> None:
        job = self._jobs.get(number)
        if job is None:
            return
        if kind == "step":
            self._call(job.asker, job.on_progress, value)
            return
        self._crashes = 0
        self._settle(job)
        if kind == "done":
            self._call(job.asker, job.on_done, value)
        else:
            self._call(job.asker, job.on_error, fault(value) if kind == "bug" else value)

    def _settle(self, job: Job) -> None:
        job.settled = True
        del self._jobs[job.number]
        if not self._jobs:
            self.busy.emit(False)

    def _after_crash(self) -> None:
        """The worker died: its running job is told to the asker, what waited behind it is run anew."""
        self._crashes += 1
        process, self._process, self._pipe = self._process, None, None
        process.join()
        waiting = list(self._jobs.values())
        if waiting:
            job = waiting.pop(0)
            self._settle(job)
            self._call(
                job.asker,
                job.on_error,
                fault(f"worker process ended with {process.exitcode} during {job.name}", WorkerGone),
            )
        if self._crashes >= CRASHES_IN_A_ROW:
            for job in waiting:
                self._settle(job)
                self._call(job.asker, job.on_error, fault(f"worker process keeps ending; {job.name} not run"))
            self._crashes = 0
            return
        self.start()
        for job in waiting:
            self._send(("run", job.number, job.name, job.keywords))

    @staticmethod
    def _call(asker: QObject | None, callback: Callable[[Any], None] | None, value: Any) -> None:
        if callback is not None and (asker is None or isValid(asker)):
            callback(value)

    def close(self) -> None:
        """End the worker and the thread; called when the window closes and again at exit."""
        if self._closed:
            return
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=True)
        for follower in self._followers:
            follower.join(timeout=3)
        self._send(("leave",))
        if self._process is not None:
            self._process.join(timeout=3)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        self._garbage.end()
        atexit.unregister(self.close)
