"""A month of 150,000 workers: from the values as stored to totals, grades, ranks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Watch

if TYPE_CHECKING:
    from gridoffice.assessment.scheme import Scheme

TITLE = "月度考核计算：150,000 人，默认方案"
REPEAT = 3
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


def one_by_one(_: Path, watch: Watch) -> None:
    """What a loop over workers costs; a hundredth of them, and no ranks."""
    from gridoffice.assessment.scoring import score_packed

    scheme, rows = packed(COUNT // 100)
    with watch:
        for row in rows:
            score_packed(scheme, [row])
    watch.note("折合 150,000 人", watch.wall * 100, " 秒")


CASES = {"总分、等次、名次": totals, "再成为精确小数": decimals, "逐人计算（1,500 人）": one_by_one}
