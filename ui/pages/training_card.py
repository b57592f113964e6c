"""One training in the drawer: the facts, who was asked and who came."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from db.enums import Presence, TrainingState
from gridoffice.listing import Ask
from gridoffice.training.listing import TRAININGS
from gridoffice.training.rows import SheetRow, TrainingRow
from gridoffice.training.sheet import sheet_listing
from ui.widgets.badges import note
from ui.widgets.form import fact, facts
from ui.widgets.parts import Box, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

MOST = 60
"""So many people are named in the drawer; the sheet has them all."""
IN_FACTS = (
    "name",
    "day",
    "form",
    "theme",
    "place",
    "hours",
    "lecturer",
    "organiser",
    "area",
    "posts",
    "plan",
)
BADGES = {TrainingState.PLANNED: "clock", TrainingState.HELD: "ok", TrainingState.CANCELLED: "mute"}


def badge(line: TrainingRow, overdue: bool) -> tuple[str, str]:
    """Icon and words of a training's state."""
    if overdue:
        return "warn", "到日子没登记"
    state = line.state or TrainingState.HELD
    return BADGES[state], state.label


def put_facts(made: Box, line: TrainingRow, overdue: bool, enter: Callable[[], None]) -> None:
    """When, where, for whom, by whom; what is still to be written down comes first."""
    if overdue:
        made.put(
            note("warn", "这场的日子到了，还没有人签到。", "", button("去登记", kind="link", on_click=enter))
        )
    elif line.open and line.state is TrainingState.HELD:
        words = f"还有 {line.open} 人没说到没到。"
        made.put(note("warn", words, "", button("去登记", kind="link", on_click=enter)))
    made.put(label("到场情况", "strong"))
    counts = column(gap=0)
    counts.put(fact("应到", f"{line.invited} 人"))
    counts.put(fact("实到", f"{line.present} 人{_rate(line)}"))
    counts.put(fact("请假", f"{line.leave} 人"))
    counts.put(fact("缺席", f"{line.absent} 人"))
    if line.open:
        counts.put(fact("未登记", f"{line.open} 人"))
    made.put(counts)
    made.put(rule())
    made.put(label("培训", "strong"))
    by_name = {what.name: what for what in TRAININGS.columns}
    shown = column(gap=0)
    for box in facts([by_name[name] for name in IN_FACTS], line, hide_empty=True):
        shown.put(box)
    if not line.area:
        shown.put(fact("培训范围", "全体"))
    if not line.posts:
        shown.put(fact("应参加岗位", "所有岗位"))
    made.put(shown)


def _rate(line: TrainingRow) -> str:
    known = line.invited - line.open
    return f"，到场率 {100 * line.present / known:.0f}%" if known else ""


def put_people(made: Box, desk: MainWindow, line: TrainingRow, enter: Callable[[], None]) -> None:
    """Who is on the sheet, those who came first."""
    said = label("", "fact")
    made.put(row(label("签到表", "strong"), None, said))
    holder = column(gap=4)
    made.put(holder)

    def arrived(rows: list[SheetRow]) -> None:
        said.setText(f"{len(rows)} 人")
        order = [Presence.PRESENT, Presence.LATE, Presence.MADE_UP, None, Presence.LEAVE, Presence.ABSENT]
        rows.sort(key=lambda one: order.index(one.presence))
        for one in rows[:MOST]:
            holder.put(_person(desk, one))
        if len(rows) > MOST:
            more = f"还有 {len(rows) - MOST} 人，到签到表里看"
            holder.put(row(button(more, kind="link", on_click=enter), None))
        if not rows:
            holder.put(label("还没有名单。", "hint"))
            holder.put(row(button("排名单", "user-plus", on_click=enter), None))

    desk.read(made, sheet_people, line.id, then=arrived, topic="sheet")


def _person(desk: MainWindow, one: SheetRow) -> Box:
    words = one.presence.label if one.presence else "未登记"
    score = f"　{one.score.normalize():f} 分" if one.score is not None else ""
    place = "·".join(part for part in (one.grid, one.title) if part)
    name = button(one.name, kind="link", tip=f"看“{one.name}”的学时", on_click=lambda: _go(desk, one))
    return column(
        row(name, None, label(f"{words}{score}", "hint"), gap=4),
        label(place, "small", elide=True),
        gap=0,
    )


def _go(desk: MainWindow, one: SheetRow) -> None:
    desk.go("attendance", search=one.name)


def sheet_people(session: Any, training_id: int) -> list[SheetRow]:
    """Everybody on the sheet of a training."""
    listing = sheet_listing(training_id)
    return listing.rows(session, listing.ids(session, Ask()))
