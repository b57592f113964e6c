"""A month of the made-up city: 150,000 sheets by a scheme of 21 indicators, and the same sum as plain SQL."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import roster

if TYPE_CHECKING:
    from gridoffice.office import Office
    from gridoffice.scoring.scheme import Indicator, Scheme

MONTH = "2026-10"
KEY = "city-21"


def scheme() -> Scheme:
    """The 21 indicators of K 市, for posts, with ties, a quota of 20 % and one of 30 %."""
    from gridoffice.assessment.schemes import shipped_scheme
    from gridoffice.scoring.scheme import Target

    shipped = shipped_scheme("k-city")
    best, good, *rest = shipped.grades
    quotas = (
        replace(best, minimum=Decimal(70), quota=Decimal(20)),
        replace(good, minimum=Decimal(65), quota=Decimal(30)),
    )
    grades = (*quotas, replace(rest[0], minimum=Decimal(55)), rest[1])
    return replace(shipped, key=KEY, target=Target.POST, grades=grades, ties=("handled", "valid"))


def cells(count: int, seed: int = 20261101) -> Any:
    """Packed raw values of so many people, a row each: NumPy int64."""
    import numpy as np

    from gridoffice.scoring.scheme import Measure, all_inputs

    chance = np.random.default_rng(seed)
    made = {
        Measure.RATE: lambda: chance.integers(400_000, 1_000_000, count),
        Measure.COUNT: lambda: chance.integers(0, 30, count) * 10_000,
        Measure.AMOUNT: lambda: chance.integers(0, 400, count) * 100,
        Measure.YES_NO: lambda: (chance.integers(0, 100, count) == 0) * 10_000,
    }
    return np.stack([made[entry.measure]() for entry in all_inputs(scheme())], axis=1)


def packed(count: int, seed: int = 20261101) -> list[bytes]:
    """The same as sheets keep them."""
    table = cells(count, seed).astype("<i8")
    width = table.shape[1] * 8
    whole = table.tobytes()
    return [whole[at : at + width] for at in range(0, len(whole), width)]


def open_filled(office: Office, period: str = MONTH, seed: int = 20261101) -> int:
    """Open a month for everybody and fill in every value; answers how many sheets."""
    from db.bulk import bulk_update
    from db.enums import Right
    from db.tables import Sheet
    from gridoffice.assessment.month import month_record, sheet_rows
    from gridoffice.assessment.schemes import save_scheme
    from gridoffice.assessment.service import open_month
    from gridoffice.scoring.notation import dump
    from gridoffice.service import service

    @service("装入考核数据", needs=Right.ASSESS)
    def enter(session: Any) -> int:
        ids = [row["id"] for row in sheet_rows(session, month_record(session, period).id)]
        rows = packed(len(ids), seed)
        return bulk_update(
            session, Sheet, {one: {"recorded": row} for one, row in zip(ids, rows, strict=True)}
        )

    office.write(save_scheme, dump(scheme()))
    office.write(open_month, period, KEY)
    return office.write(enter).result


def filled(folder: Path) -> Path:
    """A fresh copy of the city with its month filled in; made once."""
    from gridoffice.office import Office

    kept = folder.parent / f"month 21 {roster.schema()}.db"
    if not kept.is_file():
        office = Office.open(roster.office(folder, people=True))
        open_filled(office)
        office.close()
        (folder / "office.db").replace(kept)
    copy = folder / "month.db"
    for leftover in folder.glob("month.db*"):
        leftover.unlink()
    shutil.copyfile(kept, copy)
    return copy


# ---- the same as SQL -----------------------------------------------------------------------------


def sql(of: Scheme) -> str:
    """Totals, ranks (over all and in the community) and grades by points of `wide(id, unit, c0…)`, whose
    columns are raw values in 1/10,000: all in whole numbers, as an office's own database would be asked."""
    parts = ", ".join(f"{_part(entry, f'c{place}')} AS p{place}" for place, entry in enumerate(of.indicators))
    keys = [entry.key for entry in of.indicators]
    weighing = " + ".join(f"p{place}" for place, entry in enumerate(of.indicators) if entry.full)
    bonus, ties = keys.index("innovation"), ", ".join(f"p{keys.index(key)} DESC" for key in of.ties)
    order = f"ORDER BY total DESC, {ties}"
    return (
        f"WITH parts AS (SELECT id, unit, {parts} FROM wide), "
        f"sums AS (SELECT *, MIN({weighing}, {of.full * 100}) + MIN(p{bonus}, {of.bonus_cap * 100}) AS total FROM parts) "
        f"SELECT id, total, RANK() OVER ({order}), RANK() OVER (PARTITION BY unit {order}) FROM sums"
    )


def _part(entry: Indicator, column: str) -> str:
    """Points in hundredths; each fraction rounded half up once."""
    from gridoffice.scoring import shapes

    full = int(entry.full * 100)
    match entry.rule:
        case shapes.RateTimesWeight():
            return f"({column} * {full} * 2 + 1000000) / 2000000"
        case shapes.InverseRateTimesWeight():
            return f"((1000000 - {column}) * {full} * 2 + 1000000) / 2000000"
        case shapes.Linear(slope=slope):
            return f"MIN(({column} * {int(slope * 10_000)} * 2 + 1000000) / 2000000, {full})"
        case shapes.Deduction(each=each, cap=cap):
            return f"{full} - MIN({column} * {int(each * 100)} / 10000, {int((cap or entry.full) * 100)})"
        case shapes.FloorPerN(n=n, points=points):
            return f"{full} - MIN({column} / {int(n * 10_000)} * {int(points * 100)}, {full})"
        case shapes.Bands(bands=bands, below=below):
            steps = " ".join(
                f"WHEN {column} >= {int(b.at * 10_000)} THEN {int(b.points * 100)}" for b in reversed(bands)
            )
            return f"CASE {steps} ELSE {int(below * 100)} END"
        case shapes.Bonus(each=each, cap=cap):
            return f"MIN(({column} * {int(each * 100)} + 5000) / 10000, {int((cap or 0) * 100)})"
        case shapes.Manual():
            return f"MIN(({column} + 50) / 100, {full})"
        case _:
            return "0"


def wide(file: Path, count: int) -> sqlite3.Connection:
    """A table a spreadsheet person would make: a row a person, a column a value."""
    import numpy as np

    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    table = cells(count)
    names = [f"c{place}" for place in range(table.shape[1])]
    connection.execute(f"CREATE TABLE wide (id INTEGER PRIMARY KEY, unit INTEGER, {', '.join(names)})")
    numbers = np.arange(count)
    rows = np.column_stack((numbers, numbers // 30, table)).tolist()
    connection.executemany(f"INSERT INTO wide VALUES ({', '.join('?' * (len(names) + 2))})", rows)
    connection.commit()
    return connection
