"""One clerk of several who work on the same office at the same time, in a process of its own.

`python -m tests.stories.together_client ADDRESS NUMBER OF WORK SECONDS PAUSE` prepares, says `ready`,
waits for a line on stdin, works for so many seconds and says what became of it as one line of JSON.
What is written is such that a write that was lost or done twice shows at the end.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from db.enums import MonthState, Sex
from db.listening import Changed, Found, Listener, Lost
from db.notices import head
from gridoffice.assessment.month import month_record, scheme_of, sheet_rows
from gridoffice.assessment.service import compute, enter_values, move_month
from gridoffice.errors import Busy, Conflict, OfficeError, RuleBroken
from gridoffice.errors import Lost as ConnectionLost
from gridoffice.intake import Options
from gridoffice.listing import Ask
from gridoffice.office import Done, Office
from gridoffice.patience import for_seconds
from gridoffice.review import Review
from gridoffice.scoring.scheme import Measure, all_inputs
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import save_worker, worker_row
from tests.offices import PERIOD, number, workbook

T = TypeVar("T")

COUNTED = 12
"""So many people of whom all clerks count up the same remark."""
IMPORTED = 25
HEADINGS = ("姓名", "身份证号码", "联系电话", "所属网格", "岗位")


def latest(session: Session) -> int:
    """The number of the latest line of the journal."""
    return head(session.connection())


class Clerk:
    """What one does, and what became of it."""

    def __init__(self, address: str, place: int, of: int, pause: float):
        self.office = Office.open(address, make_url(address).username)
        self.office.patience = for_seconds(60)
        self.place, self.of, self.pause = place, of, pause
        self.rng = random.Random(place)
        self.lines: list[int] = []
        """The journal lines that were answered, in order."""
        self.saves: list[tuple[float, float]] = []
        """When each save by hand began, and how many seconds it took."""
        self.counted: dict[int, int] = {}
        """How often this clerk counted up a person's remark."""
        self.values: dict[str, int] = {}
        """The last value of each cell that is this clerk's."""
        self.phones: dict[str, str] = {}
        """The last phone of each person that this clerk imports."""
        self.conflicts = self.busy = self.lost = self.found = 0
        self.troubles: list[str] = []
        self.caught_up = 0
        """Up to this line it was told at once that much had changed."""
        self.heard: dict[int, float] = {}
        """When each line was heard of."""
        self.posts = list(self.read(lambda session: WORKERS.ids(session, Ask())))[:COUNTED]
        self.cells = self.read(self._cells)
        self.folder = Path(tempfile.mkdtemp())
        self.imports = 0
        # everybody listens before anybody writes
        self.over = threading.Event()
        self.listener = Listener(self.office.store, self.office.who.display, _line=self.read(latest))
        self.ears = threading.Thread(target=self.listen, daemon=True)
        self.ears.start()
        self.listened_until = 0.0

    def _cells(self, session: Any) -> list[tuple[int, str]]:
        """The cells of the month that are this clerk's: of every sheet some columns."""
        month = month_record(session, PERIOD)
        keys = [
            entry.key for entry in all_inputs(scheme_of(session, month)) if entry.measure is Measure.COUNT
        ]
        sheets = [sheet["id"] for sheet in sheet_rows(session, month.id)][:20]
        every = [(sheet, key) for sheet in sheets for key in keys]
        return every[self.place :: self.of]

    # reading and writing

    def read(self, question: Callable[..., T], *args: Any) -> T:
        """Ask; a window asks again when the database is there again."""
        while True:
            try:
                return self.office.read(question, *args)
            except ConnectionLost:
                time.sleep(0.3)

    def write(self, service: Callable[..., Any], *args: Any, by_hand: bool = True, **keywords: Any) -> bool:
        """Carry out a service; answers whether it was written."""
        at, begun = time.time(), time.perf_counter()
        try:
            self._done(self.office.write(service, *args, **keywords))
        except Conflict:
            self.conflicts += 1
            return False
        except Busy:
            self.busy += 1
            return False
        if by_hand:
            self.saves.append((at, time.perf_counter() - begun))
        return True

    def _done(self, done: Done) -> None:
        if done.action is not None:
            self.lines.append(done.action)

    # what clerks do

    def edits(self) -> None:
        """Count up somebody's remark, from what is seen."""
        post = self.rng.choice(self.posts)
        seen = self.read(worker_row, post)
        if self.write(save_worker, post, {"note": str(int(seen.note or 0) + 1)}, seen=seen):
            self.counted[post] = self.counted.get(post, 0) + 1

    def points(self) -> None:
        """Type points into cells of one sheet."""
        sheet, _ = self.rng.choice(self.cells)
        mine = {key: self.rng.randrange(3) for one, key in self.cells if one == sheet}
        if self.write(enter_values, PERIOD, {sheet: mine}):
            self.values |= {f"{sheet} {key}": value for key, value in mine.items()}

    def importing(self) -> None:
        """Take in a small roster of people of one's own, every time with other phones."""
        self.imports += 1
        rows = []
        for one in range(IMPORTED):
            phone = f"1{38 + self.place % 10}{self.imports % 10000:04d}{one:04d}"
            whose = number(one, Sex.MALE, date(1970 + self.place, 1, 1 + one))
            rows.append((f"新人{self.place:02d}{one:02d}", whose, phone, "梧桐社区", "微网格员"))
        file = workbook(self.folder / f"{self.imports}.xlsx", HEADINGS, rows)
        review = self._again(lambda: Review(self.office, "workers", file, Options()))
        try:
            said = review.write()
        except Busy:
            self.busy += 1
            return
        if said.action is not None:
            self.lines.append(said.action)
        self.phones |= {row[1]: row[2] for row in rows}

    def steps(self) -> None:
        """Compute the month, and take it to the next step and back."""
        self.write(compute, PERIOD, by_hand=False)
        if self.rng.random() < 0.3:
            with suppress(RuleBroken):  # somebody typed a value since: it is to be computed first
                self.write(move_month, PERIOD, MonthState.REVIEW, by_hand=False)
                self.write(move_month, PERIOD, MonthState.SCORING, "再核一遍", by_hand=False)

    def _again(self, what: Callable[[], T]) -> T:
        while True:
            try:
                return what()
            except ConnectionLost:
                time.sleep(0.3)

    # the day

    def listen(self) -> None:
        for news in self.listener.follow(self.over.is_set):
            match news:
                case Changed(notices):
                    self.heard |= {one.action: time.time() for one in notices}
                    self.caught_up = max(
                        [self.caught_up, *(one.action for one in notices if one.changes is None)]
                    )
                case Lost():
                    self.lost += 1
                case Found():
                    self.found += 1
                case _:
                    pass

    def work(self, kinds: str, seconds: float) -> None:
        does = {"e": self.edits, "p": self.points, "i": self.importing, "s": self.steps}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(self.rng.expovariate(1 / self.pause))
            try:
                does[self.rng.choice(kinds)]()
            except OfficeError as error:
                self.troubles.append(f"{type(error).__name__} {error.message}")
            except Exception as error:
                self.troubles.append(f"{type(error).__name__} {error}")
        time.sleep(2.5)  # what was written last is heard within two seconds
        self.listened_until = time.time()
        self.over.set()
        self.ears.join()
        self.office.close()


def main(address: str, place: str, of: str, kinds: str, seconds: str, pause: str) -> None:
    clerk = Clerk(address, int(place), int(of), float(pause))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    clerk.work(kinds, float(seconds))
    names = (
        "lines",
        "saves",
        "counted",
        "values",
        "phones",
        "conflicts",
        "busy",
        "lost",
        "found",
        "troubles",
        "heard",
        "caught_up",
        "listened_until",
    )
    sys.stdout.write(json.dumps({name: getattr(clerk, name) for name in names}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
