"""What a scheme would have made of a month that is past: who would stand elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from gridoffice.assessment.rules import counted, unit_of
from gridoffice.assessment.simulation import Moved, Simulated, Standing
from gridoffice.scoring.shapes import plain
from ui.widgets.badges import note
from ui.widgets.parts import Box, column, label, row, rule

MOST = 40
"""So many of those who would move furthest are shown."""


def put_trial(place: Box, found: Simulated, grades: Sequence[str]) -> None:
    place.clear()
    unit = unit_of(found.target)[:1]
    moved = sorted((one for one in found.people if one.before != one.after), key=_distance)
    place.put(
        label(
            f"{counted(found.target, len(found.people))}里 {found.regraded} {unit}等次会变，"
            f"{len(moved)} {unit}得分或名次会变。",
            wrap=True,
        )
    )
    if found.lacking:
        place.put(note("warn", f"当月没有记{_listed(found.lacking)}，按未填算。"))
    for name in dict.fromkeys([*grades, *found.grades_after, *found.grades_before]):
        before, after = found.grades_before.get(name, 0), found.grades_after.get(name, 0)
        place.put(
            row(
                (label(name or "待补", "fact"), 1),
                label(f"{before} {unit} → {after} {unit}"),
                gap=8,
                height=28,
            )
        )
    if moved:
        place.put_all([rule(), label("变动最大的", "strong")])
    for one in moved[:MOST]:
        place.put(
            column(
                row(
                    (label(f"{one.name}　{one.grid}", "name", elide=True), 1),
                    label(_climb(one), "hint"),
                    gap=8,
                ),
                label(f"{_stands(one.before)} → {_stands(one.after)}", "hint", elide=True),
                gap=0,
            )
        )
    if len(moved) > MOST:
        place.put(label(f"还有 {len(moved) - MOST} {unit}。", "hint"))


def _distance(one: Moved) -> tuple[bool, int]:
    return one.before.grade == one.after.grade, -abs(one.climbed)


def _climb(one: Moved) -> str:
    if (one.before.rank is None) != (one.after.rank is None):
        return "没有总分了" if one.after.rank is None else "有总分了"
    if not one.climbed:
        return "名次不变"
    return f"升 {one.climbed} 名" if one.climbed > 0 else f"降 {-one.climbed} 名"


def _stands(one: Standing) -> str:
    return "待补" if one.total is None else f"{plain(one.total)} 分 {one.grade} 第 {one.rank} 名"


def _listed(names: Sequence[str]) -> str:
    return "、".join(f"“{one}”" for one in names[:5]) + ("等" if len(names) > 5 else "")
