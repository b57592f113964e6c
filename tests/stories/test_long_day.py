"""A long day: hundreds of small actions in no order, undone and done again at random, on both databases.

Whatever happens, the office proves clean after each step, both databases come to the same, and what
can be taken back one after the other brings back the morning.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.enums import Education, Sex
from gridoffice import history
from gridoffice.assessment.service import compute, exclude, open_month
from gridoffice.errors import OfficeError
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.service import save_grid
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.safekeeping import verify
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import PERIOD, Copies, Opening, come, number, records, roster, sheets, workbook

STEPS = 45
NAMES = ("陈建国", "周敏", "刘慧", "吴刚", "郑好", "王𠮷𬭎")


def grids(office: Office) -> list[Any]:
    return office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, Ask())))


def some_grid(office: Office, rng: random.Random, _: Path) -> Any:
    grid, parent = rng.choice(grids(office)), rng.choice(grids(office))
    values: dict[str, Any] = {"households": rng.randrange(700), "note": rng.choice(("甲", "乙", None))}
    if rng.random() < 0.4:
        values["parent_id"] = parent.id
    if rng.random() < 0.3:
        values["name"] = f"网格{rng.randrange(9)}"
    return office.write(save_grid, grid.id, values)


def new_grid(office: Office, rng: random.Random, _: Path) -> Any:
    parent = rng.choice(grids(office))
    kind = {"街道": "总网格", "总网格": "一般网格"}.get(parent.kind, "微网格")
    code = f"{parent.code}{rng.randrange(100, 999)}"
    return office.write(
        save_grid, None, {"code": code, "name": f"新{code[-3:]}", "kind": kind, "parent_id": parent.id}
    )


def some_worker(office: Office, rng: random.Random, folder: Path) -> Any:
    people = roster(office)
    if not people:
        return new_worker(office, rng, folder)
    row = rng.choice(people)
    values: dict[str, Any] = {
        "phone": f"139{rng.randrange(10**8):08d}",
        "education": rng.choice((*Education, None)),
        "note": rng.choice(("甲", None)),
    }
    if rng.random() < 0.3:
        values["grid_id"] = rng.choice(grids(office)).id
    if rng.random() < 0.3:
        values["name"] = rng.choice(NAMES)
    return office.write(save_worker, row.id, values)


def new_worker(office: Office, rng: random.Random, _: Path) -> Any:
    values = {
        "name": rng.choice(NAMES),
        "id_number": number(rng.randrange(100, 400), rng.choice(list(Sex))),
        "grid_id": rng.choice(grids(office)).id,
        "from_day": date.today() - timedelta(days=rng.randrange(900)),
    }
    return office.write(save_worker, None, values)


def leaving(office: Office, rng: random.Random, _: Path) -> Any:
    rows = rng.sample(roster(office), min(2, len(roster(office))))
    return office.write(
        end_posts, [row.id for row in rows], date.today() - timedelta(days=rng.randrange(1, 400))
    )


def a_workbook(office: Office, rng: random.Random, folder: Path) -> Any:
    rows = [
        (
            rng.choice(NAMES),
            number(rng.randrange(100, 400)),
            rng.choice(grids(office)).code,
            rng.choice(("", "甲")),
        )
        for _ in range(rng.randrange(1, 8))
    ]
    file = workbook(folder / "一批.xlsx", ("姓名", "身份证号", "所属网格", "备注"), rows)
    return come(office, "workers", file, good_rows_only=True)


def a_month(office: Office, rng: random.Random, _: Path) -> Any:
    if rng.random() < 0.5:
        return office.write(open_month, PERIOD)
    some = [sheet["id"] for sheet in sheets(office)]
    return (
        office.write(exclude, PERIOD, rng.sample(some, 1), "试")
        if rng.random() < 0.5
        else office.write(compute, PERIOD)
    )


def back(office: Office, rng: random.Random, _: Path) -> Any:
    last = office.read(history.journal, 1)[0].id
    return office.write(history.undo, rng.choice((None, rng.randrange(1, last + 1))))


def again(office: Office, rng: random.Random, _: Path) -> Any:
    undone = [line.id for line in office.read(history.journal, 200) if line.undone]
    return office.write(history.redo, rng.choice((None, *undone)))


DEEDS: tuple[Callable[..., Any], ...] = (
    some_grid,
    new_grid,
    some_worker,
    new_worker,
    leaving,
    a_workbook,
    a_month,
    back,
    back,
    again,
)


@pytest.mark.parametrize("seed", range(2))
def test_a_long_day(
    seed: int,
    small_copies: Copies,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    office_at: Opening,
) -> None:
    told: dict[str, list[str]] = {}
    ends: dict[str, Any] = {}
    for backend in ("sqlite", "postgresql"):
        office = office_at(small_copies.address(backend, tmp_path, request))
        rng = random.Random(f"day {seed}")
        told[backend] = []
        for step in range(STEPS):
            deed = rng.choice(DEEDS)
            try:
                deed(office, rng, tmp_path)
                said = "ok"
            except OfficeError as error:
                said = f"{type(error).__name__}: {error}"
            told[backend].append(f"{step} {deed.__name__}: {said}")
            findings = verify(office).findings
            assert findings == (), told[backend][-6:]
        ends[backend] = records(office)
        for month in ends[backend]["month"]:
            month["computed_at"] = month["computed_at"] is not None
    assert told["sqlite"] == told["postgresql"]
    assert ends["sqlite"] == ends["postgresql"]
    assert sum(line.endswith("ok") for line in told["sqlite"]) > STEPS // 3


@pytest.mark.parametrize("seed", range(2))
def test_the_whole_day_is_taken_back(small_office: Office, tmp_path: Path, seed: int) -> None:
    morning = records(small_office)
    rng = random.Random(f"back {seed}")
    for _ in range(25):
        deed = rng.choice(DEEDS[:-3])
        try:
            deed(small_office, rng, tmp_path)
        except OfficeError:
            continue
    evening, lines = records(small_office), 0
    start = {line.id for line in small_office.read(history.journal, 200)}
    assert evening != morning
    while records(small_office) != morning:
        small_office.write(history.undo)
        lines += 1
        assert lines <= len(start)
    for _ in range(lines):
        small_office.write(history.redo)
    assert records(small_office) == evening
    assert verify(small_office).findings == ()
