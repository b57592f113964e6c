"""A month of 150,000 workers by 21 indicators: from the values as stored to totals, grades, ranks in the
database, with the journal. What a score comes from is not stored: it follows from the sheet and its scheme
and is put into words when somebody looks, which the first case does for a thousand of them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from benchmarks import city_month
from benchmarks.measure import Watch

TITLE = "月度考核计算：150,000 人 × 21 项指标"
REPEAT = 3
COUNT = 150_000
SHEET = 7_000
"""So many rows has the workbook that LibreOffice computes: a county's."""


def prepare(folder: Path) -> None:
    city_month.filled(folder)


def stored(folder: Path, watch: Watch) -> None:
    """As the window does it: read, compute, keep the results, journal; and a thousand traces."""
    from gridoffice.assessment.service import compute
    from gridoffice.office import Office

    office = Office.open(city_month.filled(folder))
    with watch:
        watch.note("人", office.write(compute, city_month.MONTH).result)
    office.close()


def shared(folder: Path, watch: Watch) -> None:
    """The same in a PostgreSQL on this machine; CPU seconds are those of the program alone."""
    from db import backup, migrate
    from db.session import Store
    from gridoffice.assessment.service import compute
    from gridoffice.office import Office
    from tests import postgresql

    with postgresql.running() as server:
        store = Store(server.create("office"))
        migrate.upgrade(store.engine)
        backup.restore(city_month.filled(folder), store)
        store.close()
        server.execute("VACUUM ANALYZE")
        office = Office.open(server.url("office"))
        with watch:
            watch.note("人", office.write(compute, city_month.MONTH).result)
        office.close()


def arrays(_: Path, watch: Watch) -> None:
    """Packed rows to totals, grades and ranks, nothing read or written."""
    from gridoffice.scoring.scores import Circumstances, score_packed

    scheme, rows = city_month.scheme(), city_month.packed(COUNT)
    beside = Circumstances(groups=[place // 30 for place in range(COUNT)])
    with watch:
        score_packed(scheme, rows, beside)


def typed(_: Path, watch: Watch) -> None:
    """One value after another into a month in memory: total, grade, rank, who else moved."""
    from random import Random
    from time import perf_counter

    from gridoffice.assessment.live import LiveMonth
    from gridoffice.scoring.scores import Circumstances

    scheme, rows = city_month.scheme(), city_month.packed(COUNT)
    beside = Circumstances(groups=[place // 30 for place in range(COUNT)])
    live, chance, worst = LiveMonth(scheme, range(COUNT), rows, beside), Random(5), 0.0
    with watch:
        for _number in range(100):
            start = perf_counter()
            live.set(chance.randrange(COUNT), "handled", Decimal(chance.randint(4000, 10_000)).scaleb(-2))
            worst = max(worst, perf_counter() - start)
    watch.note("最久一次", worst * 1000, " ms")


def plain_sql(folder: Path, watch: Watch) -> None:
    """Window functions over a table with a column a value; every total and rank is ours to the cent."""
    import numpy as np

    from gridoffice.scoring.scores import Circumstances, score_packed

    scheme = city_month.scheme()
    connection = city_month.wide(folder / "wide.db", COUNT)
    with watch:
        connection.execute(f"CREATE TABLE result AS {city_month.sql(scheme)}")
        connection.commit()
    theirs = np.array(connection.execute("SELECT * FROM result ORDER BY 1").fetchall())
    beside = Circumstances(groups=[place // 30 for place in range(COUNT)])
    ours = score_packed(scheme, city_month.packed(COUNT), beside)
    assert (theirs[:, 1] == ours.total).all(), "totals differ"
    assert (theirs[:, 2] == ours.rank).all(), "ranks differ"
    assert (theirs[:, 3] == ours.group_rank).all(), "ranks in the communities differ"
    watch.note("与我们不同的", 0)


def one_by_one(_: Path, watch: Watch) -> None:
    """What a loop over people and indicators costs in exact decimals; a tenth of them, and no ranks."""
    from gridoffice.scoring.scores import score_packed, unpack

    scheme, rows = city_month.scheme(), city_month.packed(COUNT // 10)
    people = unpack(scheme, rows)
    with watch:
        totals = [_total(scheme, values) for values in people]
    ours = score_packed(scheme, rows).total.tolist()
    assert [int(total * 100) for total in totals] == ours, "totals differ"
    watch.note("折合 150,000 人", watch.cpu * 10, " CPU 秒")


def _total(scheme: Any, values: Any) -> Decimal:
    from gridoffice.scoring import shapes

    cent, total, bonus = Decimal("0.01"), Decimal(0), Decimal(0)
    for entry in scheme.indicators:
        value, full = Decimal(values[entry.key] or 0), entry.full
        match entry.rule:
            case shapes.RateTimesWeight():
                points = value / 100 * full
            case shapes.InverseRateTimesWeight():
                points = (1 - value / 100) * full
            case shapes.Linear(slope=slope):
                points = min(value * slope, full)
            case shapes.Deduction(each=each, cap=cap):
                points = full - min(value * each, cap or full)
            case shapes.FloorPerN(n=n, points=each):
                points = full - min(value // n * each, full)
            case shapes.Bands(bands=bands, below=points):
                for band in bands:
                    points = band.points if value >= band.at else points
            case shapes.Bonus(each=each, cap=cap):
                bonus += min(value * each, cap or scheme.bonus_cap)
                continue
            case shapes.Manual():
                points = min(value, full)
            case _:
                continue
        total += points.quantize(cent, ROUND_HALF_UP)
    return min(total, scheme.full) + min(bonus, scheme.bonus_cap).quantize(cent, ROUND_HALF_UP)


def workbook(folder: Path, watch: Watch) -> None:
    """A scoring workbook of 7,000 rows with a formula a cell, computed and saved by LibreOffice; the totals
    it finds are ours to the cent."""
    import shutil
    import subprocess

    from python_calamine import CalamineWorkbook

    from gridoffice.scoring.scores import score_packed

    if shutil.which("soffice") is None:
        raise SystemExit("没有 soffice，这一项测不了")
    _formulas(folder / "scores.xlsx")
    made = folder / "computed"
    # else it shows the numbers that are in the file
    settings = folder / "office" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'office').resolve().as_uri()}"
    words = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(made),
        str(folder / "scores.xlsx"),
    ]
    with watch:
        subprocess.run(words, check=True, capture_output=True)
    rows = CalamineWorkbook.from_path(made / "scores.xlsx").get_sheet_by_index(0).to_python()
    ours = score_packed(city_month.scheme(), city_month.packed(SHEET))
    theirs = [round(float(row[-2]) * 100) for row in rows]  # type: ignore[arg-type] - a number
    assert theirs == ours.total.tolist(), "totals differ"
    watch.note("折合 150,000 人", watch.cpu * COUNT / SHEET, " CPU 秒以上")


_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def _formulas(path: Path) -> None:
    import xlsxwriter
    from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

    from gridoffice.scoring import shapes

    scheme, table = city_month.scheme(), city_month.cells(SHEET)
    width = len(scheme.indicators)
    total_column = xl_col_to_name(2 * width)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for row, values in enumerate(table.tolist()):
        sheet.write_row(row, 0, [value / 10_000 for value in values])
        parts = []
        for column, entry in enumerate(scheme.indicators):
            cell, full = xl_rowcol_to_cell(row, column), entry.full
            match entry.rule:
                case shapes.RateTimesWeight():
                    said = f"{cell}/100*{full}"
                case shapes.InverseRateTimesWeight():
                    said = f"(1-{cell}/100)*{full}"
                case shapes.Linear(slope=slope):
                    said = f"MIN({cell}*{slope},{full})"
                case shapes.Deduction(each=each, cap=cap):
                    said = f"{full}-MIN({cell}*{each},{cap or full})"
                case shapes.FloorPerN(n=n, points=each):
                    said = f"{full}-MIN(INT({cell}/{n})*{each},{full})"
                case shapes.Bands(bands=bands, below=below):
                    said = str(below)
                    for band in bands:
                        said = f"IF({cell}>={band.at},{band.points},{said})"
                case shapes.Bonus(each=each, cap=cap):
                    said = f"MIN({cell}*{each},{cap})"
                case shapes.Manual():
                    said = f"MIN({cell},{full})"
                case _:
                    said = "0"
            parts.append(xl_rowcol_to_cell(row, width + column))
            sheet.write_formula(row, width + column, f"=ROUND({said},2)")
        sheet.write_formula(row, 2 * width, f"=ROUND(SUM({parts[0]}:{parts[-1]}),2)")
        own = f"{total_column}{row + 1}"
        sheet.write_formula(row, 2 * width + 1, f"=RANK({own},${total_column}$1:${total_column}${SHEET})")
    book.close()


CASES = {
    "取值、计算、写回、记入变动": stored,
    "同上，PostgreSQL": shared,
    "总分、等次、名次（不读不写）": arrays,
    "录入 100 个值，每次更新全部名次": typed,
    "纯 SQL（窗口函数），逐分核对": plain_sql,
    "逐人逐项循环（15,000 人）": one_by_one,
    "LibreOffice 重算评分表（7,000 行）": workbook,
}
