"""The file under review as the window speaks of it: what is asked of the worker, what comes back.

The rows stay in the worker process. When that is lost, the file is read anew by itself, with every
choice and correction made so far; nobody but the progress line tells of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from gridoffice.errors import OfficeError
from gridoffice.intake import Options, Outcome, Planned
from gridoffice.progress import Step
from gridoffice.review import Lines, Reviewed
from gridoffice.spreadsheet.receipt import Receipt
from ui.review_jobs import ReviewLost, Tops
from ui.tasks import Fault, Job, TaskRunner, WorkerGone

ATTEMPTS = 2
"""A file that costs the worker its life so often in a row is not read again by itself."""

_numbers = itertools.count(1)


class FileUnderReview(QObject):
    """One file (or text from the clipboard) between reading and writing."""

    reviewed = Signal(object)
    """`Reviewed`: the file was read, or planned again."""
    refused = Signal(object)
    """The file cannot be read (as this ledger): the exception."""
    failed = Signal(object)
    """Something else went wrong: the exception. What was shown is still true."""
    stepped = Signal(object)
    """`Step` of long work, None when it is over."""
    interrupted = Signal()
    """The worker was lost while it wrote; the file was read anew and tells what is true now."""

    def __init__(self, runner: TaskRunner, database: str, account: str, parent: QObject | None = None):
        super().__init__(parent)
        self._runner = runner
        self._here = {"database": database, "account": account}
        self.key = ""
        self.source: Path | str = ""
        self.options = Options()
        self.now: Reviewed | None = None
        self._number = 0
        self._turn = 0
        self._long: Job | None = None
        self.writing = False
        """While it is being written nothing else is asked of it."""
        self._attempts = 0
        self._when_read: Callable[[], None] | None = None
        """What was asked of a worker that was lost, to be asked again once the file is read anew."""

    # what the page asks for

    def get_ready(self) -> None:
        """A file may come soon: have the worker open the office, if it runs already."""
        if self._runner.pid is not None:
            self._runner.run("ui.review_jobs:review_ready", dict(self._here), asker=self)

    def open(self, key: str, source: Path | str, options: Options) -> None:
        """Read a file; `reviewed` or `refused` answers."""
        self.close()
        self.key, self.source, self.options = key, source, options
        self._attempts, self._when_read = 0, None
        self._read(self.refused.emit)

    def _read(self, wrong: Callable[[Exception], None], after: Callable[[], None] | None = None) -> None:
        """Read the file under a new number, so that what was asked about its old rows is not mistaken."""
        self.cancel()
        self._number = next(_numbers)

        def done(found: Reviewed) -> None:
            self._take(found)
            if after is not None:
                after()

        self._work(
            "review_open",
            done,
            wrong,
            **self._here,
            number=self._number,
            key=self.key,
            source=self.source,
            options=self.options,
        )

    def again(self, options: Options) -> None:
        """The same file by other options; of several in a row only the last counts."""
        if self.writing:
            return
        before, number, self.options = self.options, self._number, options

        def wrong(error: Exception) -> None:
            if self.options is options:
                self.options, self._number = before, number
            self.failed.emit(error)

        if (options.guide, options.month) != (before.guide, before.month):
            self._read(wrong)
        else:
            self.cancel()
            self._work("review_again", self._take, wrong, number=number, options=options)

    def write(self, options: Options, then: Callable[[Reviewed], None]) -> None:
        """Write the file with these options."""

        def done(found: Reviewed) -> None:
            self.writing = False
            self._take(found)
            then(found)

        def wrong(error: Exception) -> None:
            self.writing = False
            self.failed.emit(error)

        self.options, self.writing = options, True
        self._work("review_write", done, wrong, number=self._number, options=options)

    def receipt(self, target: Path, then: Callable[[Receipt], None]) -> None:
        self._work("review_receipt", then, self.failed.emit, number=self._number, target=target)

    def tops(
        self, options: Options, then: Callable[[Tops], None], wrong: Callable[[Exception], None]
    ) -> None:
        """The heads of the file's sheets, read by this guide."""
        self._work(
            "review_tops",
            then,
            wrong,
            **self._here,
            key=self.key,
            source=self.source,
            options=options,
        )

    def lines(self, outcomes: tuple[Outcome, ...], search: str, then: Callable[[Lines], None]) -> None:
        self._turn += 1
        turn = self._turn

        def done(found: Lines) -> None:
            if turn == self._turn:
                then(found)

        def lost() -> None:
            if turn == self._turn:
                self._when_read = lambda: self.lines(outcomes, search, then)

        self._ask("review_lines", done, lost, outcomes=outcomes, search=search)

    def rows(
        self,
        positions: Sequence[int],
        then: Callable[[list[Planned]], None],
        lost: Callable[[], None] | None = None,
    ) -> None:
        self._ask("review_rows", then, lost, positions=list(positions))

    def cancel(self) -> None:
        """Stop the long work; nothing is written."""
        if self._long is not None:
            self._long.cancel()

    def close(self) -> None:
        """Let the file go."""
        self.cancel()
        self._long, self.now, self.writing = None, None, False
        if self._number:
            self._runner.run("ui.review_jobs:review_close", {"number": self._number}, asker=self)
        self._number = 0
        self.stepped.emit(None)

    # the worker

    def _take(self, found: Reviewed) -> None:
        self.now, self._attempts = found, 0
        self.reviewed.emit(found)
        again, self._when_read = self._when_read, None
        if again is not None:
            again()

    def _ask(
        self, job: str, then: Callable[[Any], None], lost: Callable[[], None] | None = None, **keywords: Any
    ) -> None:
        """A short question about the rows; its answer is dropped when another file came meanwhile."""
        number = self._number

        def done(found: Any) -> None:
            if number == self._number:
                then(found)

        def wrong(error: Exception) -> None:
            if number == self._number:
                if lost is not None:
                    lost()
                self._lost_or(error, self.failed.emit)

        self._runner.run(f"ui.review_jobs:{job}", {"number": number, **keywords}, done, wrong, asker=self)

    def _work(
        self,
        job: str,
        then: Callable[[Any], None],
        wrong: Callable[[Exception], None],
        **keywords: Any,
    ) -> None:
        """Long work, one at a time, with its steps told."""
        number = self._number

        def over() -> bool:
            if self._long is not mine:
                return False  # something later took its place
            self._long = None
            self.stepped.emit(None)
            return True

        def done(found: Any) -> None:
            if over() and number == self._number:
                then(found)

        def failed(error: Exception) -> None:
            if over() and number == self._number:
                after = self.interrupted.emit if job == "review_write" else None
                self._lost_or(error, wrong, after)

        def step(found: Step) -> None:
            if self._long is mine:
                self.stepped.emit(found)

        mine = self._runner.run(f"ui.review_jobs:{job}", keywords, done, failed, step, asker=self)
        self._long = mine
        self.stepped.emit(Step(""))

    def _lost_or(
        self, error: Exception, wrong: Callable[[Exception], None], after: Callable[[], None] | None = None
    ) -> None:
        """Read the file anew when the worker is gone; everything else is the asker's."""
        self.writing = False
        if not isinstance(error, ReviewLost | WorkerGone):
            wrong(error)
        elif self._attempts < ATTEMPTS:
            if self._long is None:  # else it is being read anew already
                self._attempts += 1
                self._read(self.refused.emit, after)
        else:
            self.refused.emit(error)


def sentence(error: Exception) -> str:
    """What went wrong, for the screen."""
    return error.message if isinstance(error, OfficeError | Fault) else str(error)
