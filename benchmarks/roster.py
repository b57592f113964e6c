"""The made-up city's roster as plain values, as a workbook, and the office without its people."""

from __future__ import annotations

import marshal
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridoffice.fields import Column, columns
from gridoffice.workers.rows import WorkerRow

if TYPE_CHECKING:
    from gridoffice.demo.data import DemoOffice

TODAY = date(2026, 11, 20)
LEFT_OUT = {"address", "employer", "leave_reason"}
COLUMNS: tuple[Column, ...] = tuple(one for one in columns(WorkerRow) if one.name not in LEFT_OUT)
HEADINGS = (
    "序号",
    *(column.field.label for column in COLUMNS),
    "户籍地址",
    "毕业院校",
    "车牌号",
    "紧急联系人电话",
)
"""Twenty columns: most of what the ledger knows, the running number, and four that nobody asks for."""


def rows(folder: Path, count: int) -> list[list[Any]]:
    """The first `count` workers of the made-up city, aligned with `COLUMNS`."""
    return [
        [_valued(column, text) for column, text in zip(COLUMNS, row, strict=True)]
        for row in texts(folder, count)
    ]


def texts(folder: Path, count: int) -> list[list[str]]:
    """The same as text: codes and dates as they are stored."""
    kept = folder.parent / "city.marshal"
    if not kept.is_file():
        kept.write_bytes(marshal.dumps(_texts()))
    return marshal.loads(kept.read_bytes())[:count]


def workbook(folder: Path, count: int) -> Path:
    """Their roster of 20 columns as Excel saves it (shared strings, dates as numbers); every grid is
    named by its whole path."""
    path = folder / f"roster {count}.xlsx"
    if path.is_file():
        return path
    import xlsxwriter

    from gridoffice.demo.data import paths
    from gridoffice.values import show

    made = _city()
    named = {code: "/".join(names[1:] or names) for code, names in paths(made.grids).items()}
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("花名册")
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, f"{made.name}网格员花名册")
    sheet.write_row(1, 0, HEADINGS)
    for number, (row, worker) in enumerate(zip(rows(folder, count), made.workers, strict=False), 1):
        known = [
            named[worker.grid] if column.name == "grid" else value if isinstance(value, date) else
            show(column.field, value, reveal=True) or None
            for column, value in zip(COLUMNS, row, strict=True)
        ]  # fmt: skip
        others = (f"锦泽市{named[worker.grid][:12]}{number % 97}号{number % 7}栋", "锦泽大学", f"锦A{number:05}"[:7],
                  f"139{number:08}")  # fmt: skip
        sheet.write_row(number + 1, 0, (number, *known, *others))
    book.close()
    return path


def grid_paths(folder: Path) -> Path:
    """A database with the whole path of every grid, as the workbook names them: what a script looks up."""
    path = folder / "grids.db"
    if not path.is_file():
        from gridoffice.demo.data import paths

        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE grid (path TEXT)")
            named = (("/".join(names[1:] or names),) for names in paths(_city().grids).values())
            connection.executemany("INSERT INTO grid VALUES (?)", named)
            connection.commit()
    return path


def office(folder: Path, count: int | None = None, *, people: bool = False) -> Path:
    """A fresh copy of an office with all the city's grids, or with those of the counties where the first
    `count` workers serve; with everybody who serves there or with nobody."""
    kept = folder.parent / f"{'people' if people else 'grids'} {count or 'all'} {schema()}.db"
    if not kept.is_file():
        from dataclasses import replace

        from gridoffice.demo.bulk import fill
        from gridoffice.establish import establish

        made = _city()
        counties = {worker.grid[:6] for worker in made.workers[:count]}
        grids = tuple(grid for grid in made.grids if grid.code[:6] in counties or grid.parent is None)
        empty = establish(kept, name=made.name, organisation=made.organisation)
        fill(empty, replace(made, grids=grids, workers=made.workers if people else ()))
        empty.close()
    copy = folder / "office.db"
    for leftover in folder.glob("office.db*"):
        leftover.unlink()
    shutil.copyfile(kept, copy)
    return copy


def schema() -> str:
    """What tells databases of one schema from those of another."""
    versions = sorted((Path(__file__).parents[1] / "db" / "migrations" / "versions").glob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in versions)).hexdigest()[:8]


@cache
def _city() -> DemoOffice:
    from gridoffice.demo import Size, make

    return make(Size.CITY, TODAY)


def _texts() -> list[list[str]]:
    made = _city()
    names = {grid.code: grid.name for grid in made.grids}
    found = []
    for worker in made.workers:
        values = {
            "name": worker.name,
            "title": worker.post,
            "grid": names[worker.grid],
            "id_number": worker.id_number,
            "phone": worker.phone,
            "sex": worker.sex.value,
            "ethnicity": worker.ethnicity.value,
            "birth": worker.birth.isoformat(),
            "political": worker.political.value,
            "education": worker.education.value,
            "employment": worker.employment.value,
            "from_day": worker.appointed.isoformat(),
            "to_day": worker.left.isoformat() if worker.left else "",
            "contract_end": worker.contract_end.isoformat() if worker.contract_end else "",
            "note": worker.remark,
        }
        found.append([values.get(column.name, "") for column in COLUMNS])
    return found


def _valued(column: Column, text: str) -> Any:
    if not text:
        return None
    if column.field.codes is not None:
        return column.field.codes(text)
    return date.fromisoformat(text) if column.field.kind == "date" else text
