"""资源 and 问题 of one grid in its drawer: the lists beside its team, and problems by month."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from db.enums import ResourceKind
from gridoffice.grids.rows import GridRow
from gridoffice.masking import mask_phone
from gridoffice.registers.lists import Lists, lists_of
from gridoffice.registers.rows import IssueRow, ResourceRow
from gridoffice.registers.rules import Standing
from ui.pages.grid_tabs import asking, empty, line_of, table_of_lines
from ui.widgets.badges import Badge
from ui.widgets.parts import Box, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SETTLED_SHOWN = 5
"""So many settled problems are listed; the page has them all."""
_BADGES = {Standing.LATE: "err", Standing.SOON: "clock", Standing.LEFT: "mute", Standing.SETTLED: "ok"}


def put_resources(made: Box, desk: MainWindow, grid: GridRow) -> None:
    """What the grid can call on, kind by kind, each leading to its line of the list."""

    def put(holder: Box, said: Lists) -> None:
        for kind in ResourceKind:
            some = [one for one in said.resources if one.kind is kind]
            if some:
                holder.put(column(label(f"{kind.label} {len(some)}", "strong"), *map(_resource, some), gap=4))
        if not said.resources:
            holder.put(empty("这个网格自己还没有登记资源。"))
        _onward(holder, desk, grid, "resources", said.resources_below, "项")

    def _resource(one: ResourceRow) -> Box:
        below = "　".join(part for part in (one.quantity, one.contact, mask_phone(one.phone or "")) if part)
        onward = button("打开", kind="link", on_click=lambda: desk.go("resources", show=one.id))
        onward.setAccessibleName(f"打开{one.name}")
        return line_of(one.name, below or one.address or "", onward)

    asking(made, desk, grid, lists_of, put)


def put_issues(made: Box, desk: MainWindow, grid: GridRow) -> None:
    """What is to be put right here, the latest due first, what was settled, and problems by month."""

    def put(holder: Box, said: Lists) -> None:
        left = [one for one in said.issues if one.standing is not Standing.SETTLED]
        settled = [one for one in said.issues if one.standing is Standing.SETTLED]
        holder.put(label(f"没办结 {len(left)} 个" if left else "没有没办结的问题", "strong"))
        for one in left:
            holder.put(_issue(one))
        if settled:
            holder.put(rule())
            holder.put(label(f"已了结 {len(settled)} 个", "strong"))
            for one in settled[:SETTLED_SHOWN]:
                holder.put(_issue(one))
        _onward(holder, desk, grid, "grid-issues", said.issues_below, "个")
        if any(count for _, count, _ in said.months):
            holder.put(rule())
            holder.put(label("近 6 个月（含下面各网格）", "strong"))
            lines = [
                (month, f"{count} 个", f"{done} 个") for month, count, done in reversed(said.months) if count
            ]
            holder.put(table_of_lines("近 6 个月的问题", ["月份", "发现", "已了结"], lines))

    def _issue(one: IssueRow) -> Box:
        days = [f"{one.day} 发现" if one.day is not None else "", _until(one)]
        below = "　".join(part for part in (one.kind or "", *days, one.department or "") if part)
        onward = button("打开", kind="link", on_click=lambda: desk.go("grid-issues", show=one.id))
        onward.setAccessibleName(f"打开{one.what}")
        return line_of(one.what, below, Badge(_BADGES[one.standing], one.standing.label), onward)

    asking(made, desk, grid, lists_of, put)


def _until(one: IssueRow) -> str:
    if one.closed is not None:
        return f"{one.closed} {one.state.label if one.state else '了结'}"
    return f"{one.due} 前办结" if isinstance(one.due, date) else ""


def _onward(holder: Box, desk: MainWindow, grid: GridRow, page: str, below: int, unit: str) -> None:
    def go() -> None:
        desk.scope.choose(grid.id)
        desk.go(page)

    words = f"下面各网格还有 {below} {unit}。" if below else ""
    ways: list[Child] = [(label(words, "hint", wrap=True), 1)]
    holder.put(row(*ways, button("看清单", "list-details", "link", on_click=go)))
