"""Several clerks on one shared office, each a process of its own, and the server killed under their hands:
no update is lost or done twice, nobody reads an error, the journal is whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.enums import MonthState
from db.turns import Turn
from gridoffice.assessment.service import enter_values
from gridoffice.errors import Busy, Conflict
from gridoffice.history import redo, undo
from gridoffice.ledgers import LEDGERS
from gridoffice.office import Office
from gridoffice.scoring.scheme import Measure, all_inputs
from gridoffice.service import declared
from gridoffice.workers.service import save_worker, worker_row
from tests.crashing import Mortal, mortal
from tests.offices import PERIOD, Copies, Opening, scheme, sheets, to, worker
from tests.stories.together import ROOT, play, shared_office

CLERKS = ("eep", "eep", "ep", "ei", "pi", "es")
SECONDS, PAUSE = 16, 0.25


@pytest.fixture
def cluster() -> Iterator[Mortal]:
    with mortal() as made:
        yield made


def test_six_clerks_and_a_server_that_is_killed(
    cluster: Mortal, small_copies: Copies, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    file = tmp_path / "office.db"
    shutil.copyfile(small_copies.file, file)
    office = Office.open(file)
    to(office, MonthState.SCORING)
    office.close()
    day = play(cluster, shared_office(cluster, file, CLERKS), CLERKS, SECONDS, PAUSE, kills=[SECONDS / 2])
    assert day.faults == []
    assert day.lines >= len(CLERKS)
    assert day.lags
    record_property("lines", day.lines)


def test_one_takes_back_what_one_did_oneself(small_office: Office, office_at: Opening) -> None:
    clerk = office_at(small_office.store.address, "clerk")
    post = worker(small_office, "李䶮").id
    clerk.write(save_worker, post, {"note": "周三值班"})
    other = worker(small_office, "单晓琴").id
    small_office.write(save_worker, other, {"note": "周五值班"})
    clerk.write(undo, own=True)
    assert small_office.read(worker_row, post).note is None
    assert small_office.read(worker_row, other).note == "周五值班"
    clerk.write(redo, own=True)
    assert small_office.read(worker_row, post).note == "周三值班"


def test_two_who_type_into_the_same_cell(small_office: Office) -> None:
    to(small_office, MonthState.SCORING)
    sheet = sheets(small_office)[0]["id"]
    entry = next(one for one in all_inputs(scheme(small_office)) if one.measure is Measure.COUNT)

    def typed(value: int, seen: int | None) -> None:
        small_office.write(enter_values, PERIOD, {sheet: {entry.key: value}}, {sheet: {entry.key: seen}})

    small_office.write(enter_values, PERIOD, {sheet: {entry.key: 1}})
    typed(2, seen=1)
    typed(2, seen=1)  # who wants what stands already loses nothing
    with pytest.raises(Conflict, match=f"{entry.label}：现在是 2，你填的是 3，原来是 1。"):
        typed(3, seen=1)
    typed(3, seen=2)


# turns


def test_whatever_imports_a_file_takes_its_turn() -> None:
    without = [key for key, ledger in LEDGERS.items() if declared(ledger.service).turn is not Turn.IMPORT]
    assert without == []


HOLD = """
import sys
from db.enums import Right
from db.turns import Turn
from gridoffice.office import Office
from gridoffice.service import service

@service("导入名册", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def stay(session):
    print("inside", flush=True)
    sys.stdin.readline()

office = Office.open(sys.argv[1])
office.write(stay)
"""


@contextmanager
def importing(address: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that is in the middle of an import."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, address],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "inside"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_import_is_told_who_is_at_it_since_when(small_office: Office, office_at: Opening) -> None:
    service = LEDGERS["workers"].service
    told = r"^正在由本机用户导入（\d\d:\d\d 开始），等这一步做完再来。$"
    with importing(small_office.store.address), pytest.raises(Busy, match=told):
        small_office.write(service, None, None)


def test_a_killed_import_leaves_its_turn(small_office: Office) -> None:
    with importing(small_office.store.address) as process:
        process.kill()
        process.wait()
    ran = []

    from db.enums import Right
    from gridoffice.service import service

    @service("导入名册", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
    def next_one(_session: object) -> None:
        ran.append(True)

    small_office.write(next_one)
    assert ran == [True]
