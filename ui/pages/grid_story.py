"""沿革: what became of a grid, day by day, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.enums import GridChangeKind, GridPart
from gridoffice.grids.history import Event, GivenUp, given_up, story
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.rows import GridRow
from gridoffice.grids.sketch import STATE, State
from gridoffice.grids.surroundings import surroundings
from gridoffice.grids.waiting import Plan, waiting
from gridoffice.values import show
from ui.pages.waiting_changes import plan_line
from ui.widgets.badges import note
from ui.widgets.parts import Box, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_FIELDS = {what.name: what.field for what in GRIDS.columns}


@dataclass(frozen=True, slots=True)
class Story:
    """The events of a grid, what it is now, the codes it gave up, and what waits for its day."""

    events: Sequence[Event]
    now: State
    codes: Sequence[GivenUp]
    waiting: Sequence[Plan]


def story_of(session: Any, grid_id: int, day: Any) -> Story:
    """Raises `NotFound`."""
    now = surroundings(session, [grid_id], day)[0].state
    return Story(story(session, grid_id), now, given_up(session, [grid_id]), waiting(session, [grid_id]))


def put_story(
    made: Box, desk: MainWindow, grid: GridRow, kinds: dict[str, str], take_up: Callable[[int], None]
) -> None:
    """The timeline, above it what waits for its day, which `take_up` leads to; `kinds` are the words of
    the pack by key."""
    holder = column(gap=12)
    made.put(holder)

    def arrived(said: Story) -> None:
        if said.waiting:
            holder.put(label("待生效", "strong"))
            for plan in said.waiting:
                holder.put(plan_line(plan, take_up))
            holder.put(rule())
        after = said.now
        for event in reversed(said.events):
            holder.put(_entry(desk, event, after, kinds))
            after = event.before or after
        if not said.events and not said.waiting:
            holder.put(
                label("还没有变动。从某天起改名、移动、拆分、合并，用下面的“调整”。", "hint", wrap=True)
            )
        established = any(one.kind is GridChangeKind.ESTABLISH for one in said.events)
        if grid.valid_from is not None and not established:
            holder.put(_line(grid.valid_from.isoformat(), "启用"))
        if said.codes:
            holder.put(rule())
            holder.put(label("作废的编码", "strong"))
            for one in said.codes:
                holder.put(_line(one.day.isoformat(), one.code, (), f"{one.reason}，不再使用"))

    def gone(_: Exception) -> None:
        holder.put(note("warn", "这个网格已不在了。"))

    desk.read(holder, story_of, grid.id, desk.day, then=arrived, topic="story", wrong=gone)


def _line(day: str, what: str, kinship: Sequence[Box] = (), *more: str) -> Box:
    words = (label(one, "hint", wrap=True) for one in more if one)
    lines = [label(what, "name", wrap=True), *words, *kinship]
    return row(column(label(day, "fact"), None, gap=0), (column(*lines, None, gap=2), 1), gap=12)


def _entry(desk: MainWindow, event: Event, after: State, kinds: dict[str, str]) -> Box:
    reason = "　".join(part for part in (event.reason or "", event.approval or "") if part)
    kinship: list[Box] = []
    for part in GridPart:
        kin = [one for one in event.kin if one.part is part]
        if not kin or part is GridPart.CARRIED:
            continue
        for one in kin:
            onward = button("打开", kind="link", on_click=lambda number=one.id: desk.go("grids", show=number))
            kinship.append(row(label(f"{part.label}：{one.name}", "hint"), onward, None, gap=4))
    return _line(event.day.isoformat(), _heading(event), kinship, *_differences(event, after, kinds), reason)


def _heading(event: Event) -> str:
    said = {GridPart.BEFORE: "后撤销", GridPart.AFTER: "而设立", GridPart.CARRIED: "时随迁"}
    return f"{event.kind.label}{said.get(event.part, '')}"


def _differences(event: Event, after: State, kinds: dict[str, str]) -> list[str]:
    """Column by column what it was and what it became; a parent only by the fact that it is another."""
    if event.before is None:
        return []
    found = []
    for name in STATE:
        was, now = getattr(event.before, name), getattr(after, name)
        if was == now:
            continue
        if name == "parent_id":
            found.append("换了上级网格")
        elif name == "kind":
            found.append(f"网格类型：{kinds.get(was, was)} → {kinds.get(now, now)}")
        else:
            field = _FIELDS[name]
            found.append(f"{field.label}：{show(field, was) or '空'} → {show(field, now) or '空'}")
    return found
