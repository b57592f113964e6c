"""The power fails in the middle of an import: afterwards the ledger is wholly before or wholly after.

A roster of a whole county, some 7,000 people, is imported in a process that is killed with SIGKILL
at seeded moments: at each stage of the work, and at random distances behind it.
"""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from gridoffice import history, ledgers, safekeeping
from gridoffice.demo import Size, make
from gridoffice.demo.bulk import fill
from gridoffice.demo.data import DemoOffice
from gridoffice.demo.ledgers import roster_rows, write_roster
from gridoffice.establish import establish
from gridoffice.intake import Options
from gridoffice.office import Office
from tests.offices import Copies, Opening, journal_lines
from tests.stories.killing import killed_at

STAGES = (
    # what the import says last before it is killed, and how many seconds later at most
    ("before start", 0.12),
    ("before 与资料库核对", 0.4),
    ("inside 写入资料库", 0.05),
    ("inside person", 0.05),
    ("inside person", 0.02),
    ("inside post", 0.03),
    ("inside post", 0.01),
    ("inside action", 0.01),
    ("inside action_part", 0.01),
    ("inside commit", 0.004),
    ("inside commit", 0.02),
)


@pytest.fixture(scope="module")
def county() -> DemoOffice:
    return make(Size.COUNTY, date.today())


@pytest.fixture(scope="module")
def county_copies(county: DemoOffice, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """The grids of the county, and nobody in them yet."""
    file = tmp_path_factory.mktemp("county") / "office.db"
    office = establish(file, name=county.name, organisation=county.organisation)
    fill(office, DemoOffice(**{**_parts(county), "workers": ()}))
    office.close()
    return Copies(file, "county")


def _parts(county: DemoOffice) -> dict[str, object]:
    return {name: getattr(county, name) for name in DemoOffice.__dataclass_fields__}


@pytest.fixture(scope="module")
def incoming(county: DemoOffice, county_copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The roster of everybody, written as a workbook, read, and kept for the processes."""
    folder = tmp_path_factory.mktemp("roster")
    root = county.grids[0]
    write_roster(folder / "花名册.xlsx", county, root, roster_rows(county, root))
    office = Office.open(county_copies.file)
    come = ledgers.read_in(office, "workers", folder / "花名册.xlsx", Options())
    office.close()
    assert len(come.taken.rows) > 6500
    (folder / "come.pickle").write_bytes(pickle.dumps(come))
    return folder / "come.pickle"


class Importer:
    """The process that forks the imports, and what they say."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        assert self._out.readline() == "0 ready\n"

    def killed(self, address: str, stage: str, wait: float) -> str:
        """Import there, kill it `wait` seconds after it says `stage`; answers the last stage it said."""
        self._in.write(address + "\n")
        self._in.flush()
        last = ""
        while True:
            number, where, *words = self._out.readline().split()
            if where == "ended":
                assert words[0] in ("0", "-9"), words
                return last
            last = f"{where} {' '.join(words)}"
            if last == stage:
                time.sleep(wait)
                with suppress(ProcessLookupError):  # it was quicker
                    os.kill(int(number), signal.SIGKILL)


@contextmanager
def importer(incoming: Path) -> Iterator[Importer]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.stories.importing", str(incoming)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            yield Importer(process)
        finally:
            process.kill()


def test_a_killed_import_is_wholly_there_or_not_at_all(
    backend: str,
    county: DemoOffice,
    county_copies: Copies,
    incoming: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    office_at: Opening,
    record_property: Callable[[str, object], None],
) -> None:
    rng = random.Random(f"kill {backend}")
    address = county_copies.address(backend, tmp_path, request)
    office = office_at(address)
    lines, people = journal_lines(office), len(county.workers)
    assert _people(office) == 0
    landed: Counter[str] = Counter()
    with importer(incoming) as process:
        for stage, longest in STAGES:
            last = process.killed(address, stage, rng.uniform(0, longest))
            landed[last.split()[0]] += 1
            count = _people(office)
            written = journal_lines(office) - lines
            assert (count, written) in ((0, 0), (people, 1)), f"killed at {last}: {count} people"
            if last.startswith("before"):
                assert count == 0
            elif last.startswith("after"):
                assert count == people
            assert safekeeping.verify(office).findings == (), f"killed at {last}"
            if count:
                office.write(history.undo)
                lines = journal_lines(office)
                assert _people(office) == 0
    record_property("landed", dict(landed))
    assert landed["inside"] >= 4, landed
    assert landed["before"] >= 1, landed


def _people(office: Office) -> int:
    return office.read(lambda session: session.execute(text("SELECT count(*) FROM person")).scalar_one())


@pytest.mark.parametrize(("protected", "kills"), [(False, 14), (True, 8)])
def test_a_killed_writer_loses_nothing_it_was_answered(
    small_copies: Copies, tmp_path: Path, protected: bool, kills: int
) -> None:
    """Edits, new people, ended posts, undoing, backups, killed in the middle; 200 moments in `dev.py bench kill`."""
    address = str(tmp_path / "office.db")
    if protected:
        address = small_copies.with_password(tmp_path)
    else:
        Path(address).write_bytes(small_copies.file.read_bytes())
    came = killed_at(kills, address, tmp_path)
    assert came["kills"] == kills
    assert came["lines"] > kills
