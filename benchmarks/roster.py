"""The made-up city's roster as plain values, kept in the bench's folder so that it is made once."""

from __future__ import annotations

import marshal
from datetime import date
from pathlib import Path
from typing import Any

from gridoffice.fields import Column, columns
from gridoffice.workers.rows import WorkerRow

TODAY = date(2026, 11, 20)
COLUMNS: tuple[Column, ...] = columns(WorkerRow)


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
        kept.write_bytes(marshal.dumps(_made()))
    return marshal.loads(kept.read_bytes())[:count]


def _made() -> list[list[str]]:
    from gridoffice.demo import Size, make

    office = make(Size.CITY, TODAY)
    names = {grid.code: grid.name for grid in office.grids}
    found = []
    for worker in office.workers:
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
