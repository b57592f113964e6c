"""A month of 150,000 workers: from the values as stored to totals, grades, ranks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from benchmarks.measure import Watch

if TYPE_CHECKING:
    from gridoffice.assessment.scheme import Scheme

TITLE = "月度考核计算：150,000 人，默认方案"
REPEAT = 3
MONTH = "2026-10"
COUNT = 150_000


def packed(count: int) -> tuple[Scheme, list[bytes]]:
    from datetime import date

    from gridoffice.assessment.schemes import shipped_scheme
    from gridoffice.assessment.scoring import pack
    from gridoffice.demo import Size, make
    from gridoffice.demo.indicators import indicators
    from gridoffice.demo.values import indicator_values

    scheme = shipped_scheme("street-default")
    office = make(Size.COUNTY, date(2026, 11, 20))
    found = indicator_values(office, indicators(scheme), date(2026, 10, 1))
    some = pack(scheme, [values for _, values in found])
    return scheme, (some * (count // len(some) + 1))[:count]


def totals(_: Path, watch: Watch) -> None:
    from gridoffice.assessment.scoring import score_packed

    scheme, rows = packed(COUNT)
    with watch:
        score_packed(scheme, rows)


def decimals(_: Path, watch: Watch) -> None:
    from gridoffice.assessment.scoring import results, score_packed

    scheme, rows = packed(COUNT)
    with watch:
        results(scheme, score_packed(scheme, rows), range(COUNT))


def _month(folder: Path) -> Path:
    """An office of a city whose month has a value in every cell. Made once."""
    from random import Random

    from benchmarks import roster
    from db.enums import Right
    from gridoffice.assessment.month import month_record, scheme_of
    from gridoffice.assessment.scheme import Measure, all_inputs
    from gridoffice.assessment.service import open_month, write_inputs
    from gridoffice.intake import Options
    from gridoffice.office import Office
    from gridoffice.review import Review
    from gridoffice.service import service

    file = folder / "month.db"
    if file.exists():
        return file
    office = Office.open(roster.office(folder))
    Review(office, "workers", roster.workbook(folder, COUNT), Options()).write()
    office.write(open_month, MONTH)
    chance = Random(20261101)

    @service("装入考核数据", needs=Right.ASSESS)
    def enter(session: Any) -> None:
        month = month_record(session, MONTH)
        scheme = scheme_of(session, month)
        made: dict[Measure, Any] = {
            Measure.RATE: lambda: Decimal(chance.randint(6000, 10_000)).scaleb(-2),
            Measure.COUNT: lambda: chance.randint(0, 3),
            Measure.AMOUNT: lambda: Decimal(chance.randint(0, 1000)).scaleb(-2),
            Measure.YES_NO: lambda: False,
        }
        ids = session.execute(text("SELECT id FROM sheet")).scalars().all()
        entries = all_inputs(scheme)
        values = {sheet: {entry.key: made[entry.measure]() for entry in entries} for sheet in ids}
        write_inputs(session, month, scheme, values)

    office.write(enter)
    office.close()
    (folder / "office.db").replace(file)
    return file


def stored(folder: Path, watch: Watch) -> None:
    """As the window does it: read, compute, keep results with what they come from, journal."""
    from gridoffice.assessment.service import compute
    from gridoffice.office import Office

    copy = folder / "copy.db"
    copy.write_bytes(_month(folder).read_bytes())
    office = Office.open(copy)
    with watch:
        watch.note("人", office.write(compute, MONTH).result, "")
    office.close()


def one_by_one(_: Path, watch: Watch) -> None:
    """What a loop over workers costs; a hundredth of them, and no ranks."""
    from gridoffice.assessment.scoring import score_packed

    scheme, rows = packed(COUNT // 100)
    with watch:
        for row in rows:
            score_packed(scheme, [row])
    watch.note("折合 150,000 人", watch.wall * 100, " 秒")


CASES = {
    "取值、计算、写回资料库": stored,
    "总分、等次、名次": totals,
    "再成为精确小数": decimals,
    "逐人计算（1,500 人）": one_by_one,
}
