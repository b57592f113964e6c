"""What a month that was taken up again changed of the locked one it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gridoffice.assessment.reopening import Diff, SheetMoved, Side, month_diff
from gridoffice.scoring.shapes import plain
from ui.widgets.parts import column, label
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

MOST = 60
"""So many sheets are named."""


class DiffPanel(SidePanel):
    """Beside the month: every sheet that moved, and why."""

    def __init__(self, desk: MainWindow, month_id: int):
        super().__init__("和上一版的不同")
        desk.read(self, month_diff, month_id, then=self._show, topic="diff", heavy=True)

    def _show(self, said: Diff) -> None:
        inside = self.inside
        inside.put(label(f"第 {said.edition} 版，重开原因：{said.reason}", "fact", wrap=True))
        moved = f"{said.sheets} 份里 {len(said.moved)} 份有变动。" if said.moved else "还没有改动。"
        inside.put(label(moved, "name"))
        for one in said.moved[:MOST]:
            inside.put(column(*(label(text, role, wrap=True) for text, role in told(one)), gap=0))
        if len(said.moved) > MOST:
            inside.put(label(f"还有 {len(said.moved) - MOST} 份。", "hint"))
        inside.put(None)


def told(one: SheetMoved) -> list[tuple[str, str]]:
    """One sheet: who, from what to what, which values."""
    found = [(f"{one.name}　{one.grid}", "name")]
    if one.before != one.after:
        found.append((f"{_stands(one.before)} → {_stands(one.after)}", "fact"))
    values = [f"{heading} {_said(before)} → {_said(after)}" for heading, before, after in one.values]
    found += [(text, "hint") for text in (*values, *one.changes)]
    return found


def _stands(side: Side) -> str:
    if side.total is None:
        return "待补"
    rank = f" 第 {side.rank} 名" if side.rank is not None else ""
    return f"{plain(side.total)} 分 {side.grade or '不定等次'}{rank}"


def _said(value: Any) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"“{value}”" if isinstance(value, str) else plain(value)
