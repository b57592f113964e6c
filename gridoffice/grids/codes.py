"""Codes of grids: the division code of the place and a sequence, as the pack's pattern says.

Divisions are numbered by GB/T 2260 (six digits, down to the county) and GB/T 10114-2003 (three more:
001–099 街道, 100–199 镇, 200–399 乡, 400–599 units where government and enterprise are one); the three
digits after them are the community's, by statistical practice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid, GridCode, GridPeriod
from gridoffice.errors import Problem, RuleBroken, Severity
from gridoffice.grids.pack import GridKind

WIDTHS = (2, 3, 4, 5, 6, 1)
"""How long a sequence may be where no grid beside shows it."""

TOWNSHIPS = (
    # first, last, what such a division is called, how its name ends
    (1, 99, "街道", ("街道", "街道办事处")),
    (100, 199, "镇", ("镇",)),
    (200, 399, "乡", ("乡", "民族乡", "苏木")),
    (400, 599, "政企合一单位", ()),
)
"""GB/T 10114-2003, the seventh to ninth digit of a division code."""


def township(code: str) -> str | None:
    """What a division of nine or more digits is by GB/T 10114 (`街道`, `镇`, `乡`, `政企合一单位`); None
    when the digits are no such code."""
    if not re.match(r"\d{9}", code):
        return None
    number = int(code[6:9])
    return next((word for first, last, word, _ in TOWNSHIPS if first <= number <= last), None)


def check_division(code: str, name: str) -> list[Problem]:
    """The digits of a township agree with GB/T 10114 and with its name; a misfit is a warning."""
    if not re.fullmatch(r"\d{9}", code):
        return []
    said = township(code)
    if said is None:
        return [
            Problem(
                f"编码“{code}”第 7 至 9 位“{code[6:9]}”不在国标的号段里（001–599）。",
                Severity.WARNING,
                field="网格编码",
                value=code,
            )
        ]
    named = next((word for _, _, word, ends in TOWNSHIPS if any(name.endswith(end) for end in ends)), said)
    if said in (named, "政企合一单位"):
        return []
    return [
        Problem(
            f"编码“{code}”按国标是{said}的号段，“{name}”看名称是{named}。",
            Severity.WARNING,
            field="网格编码",
            value=code,
        )
    ]


def next_codes(
    session: Session,
    kind: GridKind,
    parent_code: str | None,
    count: int,
    name: str = "",
    used: Iterable[str] = (),
) -> list[str]:
    """The next free codes below a parent, by the kind's pattern and as long as those beside; none was
    ever used by anybody.

    Raises `RuleBroken` when the pattern is not the parent's code and a sequence, or all are used up.
    """
    start = parent_code or ""
    taken = set(used)
    for column in (Grid.code, GridCode.code, GridPeriod.code):
        taken |= set(session.scalars(select(column).where(column.startswith(start, autoescape=True))))
    beside = Counter(
        len(code) - len(start)
        for code in taken
        if code.startswith(start) and code.removeprefix(start).isdecimal() and kind.code.fullmatch(code)
    )
    widths = (*(width for width, _ in beside.most_common()), *WIDTHS)
    width = next((w for w in widths if kind.code.fullmatch(start + "1".zfill(w))), None)
    if not start or width is None:
        raise RuleBroken(f"{kind.label}的编码不是上级编码加顺序号，写上编码。")
    first, last = _range(start, width, name)
    free = (
        code
        for number in range(first, last + 1)
        if (code := f"{start}{number:0{width}d}") not in taken and kind.code.fullmatch(code)
    )
    found = [code for code, _ in zip(free, range(count), strict=False)]
    if len(found) < count:
        raise RuleBroken(f"“{start}”下面的{kind.label}编码用完了，只剩 {len(found)} 个。")
    return found


def _range(start: str, width: int, name: str) -> tuple[int, int]:
    if len(start) == 6 and width == 3:
        for first, last, _, ends in TOWNSHIPS:
            if any(name.endswith(end) for end in ends):
                return first, last
    return 1, 10**width - 1
