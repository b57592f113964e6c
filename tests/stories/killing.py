"""Kills a writing process at random moments, and looks at what it left: shared by the test and the bench."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from db import backup
from gridoffice import safekeeping
from gridoffice.office import Office
from tests.offices import journal_lines

MOST, LONGEST = 8, 0.03
"""After how many writes a child is killed at most, and how many seconds later."""


def killed_at(points: int, address: str, folder: Path) -> Counter[str]:
    """Kill a writer so many times at seeded moments. Answers what was found: how many committed lines, how many
    backups that were whole. Raises `AssertionError` when anything was lost, torn or invented."""
    rng = random.Random("200 moments")
    came: Counter[str] = Counter()
    office = Office.open(address)
    lines = journal_lines(office)
    words = [sys.executable, "-m", "tests.stories.writing"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        try:
            assert process.stdin is not None and process.stdout is not None
            out = process.stdout.fileno()
            assert _line(out, bytearray()) == "0 ready"
            for point in range(points):
                process.stdin.write(f"{point}\t{address}\t{folder}\n".encode())
                process.stdin.flush()
                told, child = _kill(out, rng.randrange(MOST), rng.uniform(0, LONGEST))
                now = journal_lines(office)
                # what was answered is there, and at most the one that was being answered
                known = told if told is not None else lines
                assert known <= now <= known + 1, (
                    f"kill {point}: {known} lines were answered, {now} are there"
                )
                findings = safekeeping.verify(office).findings
                assert findings == (), f"kill {point}: {findings}"
                for file in folder.glob("*.backup"):
                    backup.check(file)
                    came["whole backups"] += 1
                came["kills"] += 1
                came["lines"] += now - lines
                came["cut off before the answer"] += now != known
                lines = now
                assert child > 0
        finally:
            process.kill()
            office.close()
    return came


def _kill(out: int, writes: int, wait: float) -> tuple[int | None, int]:
    """Let the child write so often and for so long; answers the last line it told of, and its number."""
    held = bytearray()
    told: int | None = None
    child = 0
    until: float | None = None
    while True:
        if until is not None and time.monotonic() >= until and child:
            os.kill(child, signal.SIGKILL)
            until = None
        ready, _, _ = select.select([out], [], [], 0.002 if until is not None else 0.5)
        if not ready:
            continue
        number, where, *words = _line(out, held).split()
        if where == "ended":
            assert words[0] == "-9", f"the writer ended by itself: {words}"
            return told, child
        child = int(number)
        if where == "wrote":
            told = int(words[0])
            writes -= 1
        if writes == 0:
            until = time.monotonic() + wait
            writes = -1


def _line(out: int, held: bytearray) -> str:
    while b"\n" not in held:
        said = os.read(out, 1)
        assert said, "the writers' process ended"
        held += said
    line, _, rest = bytes(held).partition(b"\n")
    held[:] = rest
    return line.decode()
