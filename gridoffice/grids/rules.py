"""What must be true of a grid, and of the tree."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from gridoffice.errors import Problem, Severity
from gridoffice.grids.pack import GridKind, Pack

SEGMENT = 5
"""Characters of a path that are a grid's own."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def segment(grid_id: int) -> str:
    """A grid's own part of its path: its number in base 36, always five characters."""
    text = ""
    for _ in range(SEGMENT):
        grid_id, digit = divmod(grid_id, 36)
        text = _DIGITS[digit] + text
    if grid_id:
        raise ValueError("grid numbers end at 36^5")
    return text


def path_ids(path: str) -> list[int]:
    """The numbers of the grids on a path, from the root down to the grid itself."""
    return [int(path[start : start + SEGMENT], 36) for start in range(0, len(path), SEGMENT)]


def below(path: str) -> tuple[str, str]:
    """The half-open range of paths of a grid and all below it."""
    return path, path[:-1] + chr(ord(path[-1]) + 1)


def meeting(path: str, other: str) -> str:
    """The path of the lowest grid that two lie in; empty where they have none."""
    end = 0
    while path[end : end + SEGMENT] == other[end : end + SEGMENT] != "":
        end += SEGMENT
    return path[:end]


def rounded(area: Decimal | None) -> Decimal | None:
    """An area as it is kept: square metres to two places. A map's own has more."""
    return None if area is None else area.quantize(Decimal("0.01"), ROUND_HALF_UP)


def check_code(kind: GridKind, code: str) -> list[Problem]:
    """The code fits the kind's pattern; a pattern is a custom, so a misfit is only a warning."""
    if kind.code.fullmatch(code):
        return []
    return [
        Problem(
            f"编码“{code}”不像{kind.label}的编码，看看位数对不对。",
            Severity.WARNING,
            field="网格编码",
            value=code,
        )
    ]


def check_parent(pack: Pack, kind: GridKind, parent: GridKind | None, said: str | None) -> list[Problem]:
    """A grid hangs under a kind that may carry it; only the pack's root kinds stand alone."""
    if parent is None:
        if kind.key in pack.root or not kind.parents:
            return []
        allowed = "或".join(pack.kind(key).label for key in sorted(kind.parents))
        return [Problem(f"{kind.label}要有上级，上级应是{allowed}。", field="上级网格", value=said)]
    if parent.key in kind.parents:
        return []
    allowed = "或".join(pack.kind(key).label for key in sorted(kind.parents)) or "无"
    return [Problem(f"{kind.label}的上级应是{allowed}，不能是{parent.label}。", field="上级网格", value=said)]


def check_ring(code: str, parents: Mapping[str, str | None]) -> list[Problem]:
    """No grid stands below itself. `parents` maps each code to its parent's."""
    seen = {code}
    above = parents.get(code)
    while above is not None:
        if above in seen:
            return [Problem("网格不能挂在自己或自己的下级下面。", field="上级网格", value=parents.get(code))]
        seen.add(above)
        above = parents.get(above)
    return []
