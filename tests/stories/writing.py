"""Writes to an office without end, each time in a process of its own that a test may kill.

`python -m tests.stories.writing` reads lines `SEED ADDRESS FOLDER` on stdin and forks for each a child that edits,
adds, ends, undoes and backs up there at random. The child says `wrote N` behind every committed line N of the
journal; the last line is `ended` and how.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from gridoffice import history, safekeeping
from gridoffice.errors import OfficeError
from gridoffice.establish import establish
from gridoffice.grids.service import save_grid
from gridoffice.listing import Ask
from gridoffice.office import Done, Office
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import furnish, grid_id, number


def say(*words: object) -> None:
    # one write, so that a kill never leaves half a line
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write_on(seed: str, address: str, folder: Path) -> None:
    """Until somebody ends it."""
    rng = random.Random(seed)
    me = os.getpid()
    office = Office.open(address)
    grid, place = grid_id(office, "519921001"), grid_id(office, "519921001001001")
    say(me, "open")
    while True:
        done = _once(office, rng, grid, place, folder)
        if done is not None and done.action is not None:
            say(me, "wrote", done.action)


def _once(office: Office, rng: random.Random, grid: int, place: int, folder: Path) -> Done | None:
    way = rng.random()
    try:
        if way < 0.35:
            return office.write(save_grid, grid, {"population": rng.randrange(10**6)})
        if way < 0.6:
            values = {
                "name": "周敏",
                "id_number": number(rng.randrange(100, 490)),
                "grid_id": place,
                "from_day": date(2025, 1, 1),
            }
            return office.write(save_worker, None, values)
        if way < 0.75:
            ids = office.read(lambda session: WORKERS.ids(session, Ask()))
            chosen = rng.sample(list(ids), min(len(ids), 5))
            return office.write(end_posts, chosen, date.today() - timedelta(days=1)) if chosen else None
        if way < 0.9:
            return office.write(history.undo)
        safekeeping.back_up(office, folder / f"{rng.randrange(4)}.backup")
    except OfficeError:
        pass  # a number that is there already, nothing left to undo: another way next
    return None


def _warm(folder: Path) -> None:
    """What is compiled at the first write is there in every child."""
    office = establish(folder / "warm.db")
    furnish(office)
    rng, grid, place = random.Random("warm"), grid_id(office, "519921001"), grid_id(office, "519921001001001")
    for _ in range(12):
        _once(office, rng, grid, place, folder)
    office.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _warm(Path(folder))
    say("0 ready")
    for line in sys.stdin:
        seed, address, folder = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            write_on(seed, address, Path(folder))
        _, status = os.waitpid(child, 0)
        say(child, "ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
