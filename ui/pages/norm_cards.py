"""规范核对: how a finding and a community look, as a line of a list and in the drawer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gridoffice.fields import Column
from gridoffice.overview.redivision import FindingRow, Neighbour, neighbours
from gridoffice.overview.staffing import StaffingRow
from ui.pages.change_drafts import MergeDraft, ReviseDraft
from ui.pages.grid_changes import GridChanges
from ui.pages.split_draft import SplitDraft
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import fact, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SIGNS = {"急": ("circle-x", "err"), "要改": ("alert-triangle", "warn"), "留意": ("info-circle", "info")}
TONES = {"急": "err", "要改": "warn", "留意": "info"}
MOST_NEIGHBOURS = 12


def _topic(line: FindingRow, text: str) -> Cell:
    return Cell(text, weight=500, lead=SIGNS[line.weight])


def _quiet(_: Any, text: str) -> Cell:
    return Cell(text, tone="text2")


def _name(_: Any, text: str) -> Cell:
    return Cell(text, weight=500)


def _gap(line: StaffingRow, gap: int) -> Cell:
    if gap:
        return Cell(str(gap), tone="warn", weight=500, lead=("alert-triangle", "warn"))
    return Cell("0", tone="text3", right=True)


FINDING_DRESS: dict[str, Dress] = {"topic": _topic, "fix": _quiet, "code": _quiet}
FINDING_WIDTHS = {"topic": 176.0, "weight": 80, "grid": 176, "message": 384, "fix": 232, "code": 172}
PLACE_DRESS: dict[str, Dress] = {"place": _name, "gap": _gap}
PLACE_WIDTHS = {
    "place": 200.0,
    "households": 104,
    "grids": 104,
    "advised": 120,
    "required": 96,
    "present": 96,
    "gap": 96,
    "serving": 116,
    "full_time": 96,
    "full_rate": 104,
}


def span_words(low: int | None, high: int | None) -> str:
    """From and to of a bin as its label."""
    if low is None:
        return f"<{(high or 0) + 1}"
    return f">{low - 1}" if high is None else f"{low}–{high}"


def put_finding(made: Box, line: FindingRow) -> None:
    """What is wrong and what to do about it."""
    made.put(note(TONES[line.weight], line.message))
    made.put(
        column(
            *([fact("怎么办", label(line.fix, wrap=True))] if line.fix else []),
            fact("网格编码", line.code),
            gap=0,
        )
    )


def put_trials(made: Box, desk: MainWindow, changes: GridChanges, grid_id: int) -> None:
    """What could be tried on paper: splitting, other figures, merging with a neighbour."""
    made.put(rule())
    made.put(label("先在纸上试", "strong"))
    made.put(label("看得到改完以后合不合标准、动到哪些人。不保存就什么也不变。", "hint", wrap=True))
    split = button("试拆分", "arrows-exchange", on_click=lambda: changes.begin(SplitDraft, [grid_id]))
    revise = button("更新户数", "edit", on_click=lambda: changes.begin(ReviseDraft, [grid_id]))
    made.put(row(split, revise, None))
    near = column(gap=4)
    made.put(near)

    def arrived(found: list[Neighbour]) -> None:
        fitting = [one for one in found if one.fits][:MOST_NEIGHBOURS]
        if found:
            words = "和旁边的合并" if fitting else "和旁边哪个合并都不合标准。"
            near.put(label(words, "hint"))
        for one in fitting:
            attempt = button("试合并", kind="link")
            attempt.clicked.connect(lambda _=False, other=one.id: changes.begin(MergeDraft, [other, grid_id]))
            told = label(f"合起来 {one.together} 户，合标准", "hint", elide=True)
            near.put(row((column(label(one.name, "name", elide=True), told, gap=0), 1), attempt, height=48))

    desk.read(near, neighbours, grid_id, desk.day, then=arrived, topic="neighbours")


def put_place(made: Box, line: StaffingRow, columns: Sequence[Column]) -> None:
    """A community beside what it calls for."""
    fits, words = advice(line)
    made.put(note("ok" if fits else "warn", words))
    if line.gap:
        made.put(note("warn", f"应配 {line.required} 人，缺 {line.gap} 人。"))
    group = column(gap=0)
    group.put_all(facts([what for what in columns if what.name != "place"], line, hide_empty=True))
    made.put(group)


def advice(line: StaffingRow) -> tuple[bool, str]:
    """The recommended number of grids beside those there are; whether that fits."""
    if not line.advised:
        return True, f"现有 {line.grids} 个网格。"
    fewest, _, most = line.advised.partition("–")
    few, many = line.grids < int(fewest), line.grids > int(most or fewest)
    judged = "偏少" if few else "偏多" if many else "合适"
    return not (few or many), f"建议 {line.advised} 个网格，现有 {line.grids} 个，{judged}。"
