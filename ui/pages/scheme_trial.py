"""What a scheme would have made of a month that is past: who would stand elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridoffice.assessment.rules import counted, unit_of
from gridoffice.assessment.simulation import Moved, Simulated, Standing, simulate
from gridoffice.scoring.scheme import Scheme
from gridoffice.scoring.shapes import plain
from ui.widgets.badges import note
from ui.widgets.parts import Box, Choice, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from gridoffice.assessment.month import MonthLine
    from ui.main_window import MainWindow

MOST = 40
"""So many of those who would move furthest are shown."""


def fill_trial(desk: MainWindow, panel: SidePanel, scheme: Scheme, months: Sequence[MonthLine]) -> None:
    """Choose a month that is past; below it what the scheme would have made of it."""
    alike = [(one.address, one.words) for one in months if one.target is scheme.target]
    if not alike:
        words = f"还没有考核过{scheme.target.label}，没有可以试算的月份。"
        panel.inside.put_all([label(words, "fact", wrap=True), None])
        return
    month, result = Choice(alike, "月份", 200), column(gap=6)

    def try_on(period: str) -> None:
        grades = [one.name for one in scheme.grades]
        then = lambda found: put_trial(result, found[0], grades)  # noqa: E731
        desk.read(panel, simulate, scheme, [period], then=then, topic="trial", heavy=True)

    month.activated.connect(lambda _: try_on(month.currentData()))
    words = "拿当月记下的数据按这个方案再算一遍，只看，什么都不改。"
    panel.inside.put_all([label(words, "hint", wrap=True), month, result, None])
    try_on(alike[0][0])


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
