"""What the drawer tells of a grid beside its own line: each tab asks its own question when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gridoffice.errors import Severity
from gridoffice.grids.rows import GridRow
from gridoffice.overview import grid_facts
from gridoffice.overview.grid_facts import Party, Problems, Scores, Team, Tie, Wanted
from gridoffice.overview.topics import Finding
from ui.pages.page import unless_gone
from ui.widgets.badges import Badge, note
from ui.widgets.parts import Box, Child, Label, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TONES = {Severity.ERROR: "err", Severity.WARNING: "warn", Severity.NOTE: "info"}


def asking(
    made: Box, desk: MainWindow, grid: GridRow, question: Any, put: Callable[[Box, Any], None]
) -> None:
    """Fill a tab with the answer to a question about the grid on the day that is looked at."""
    holder = column(gap=12)
    made.put(holder)
    desk.read(
        holder,
        question,
        grid.id,
        desk.day,
        then=lambda said: put(holder, said),
        topic="grid_tab",
        wrong=unless_gone(desk, lambda: holder.put(note("warn", "这个网格已不在了。"))),
        heavy=question is grid_facts.problems,
    )


def line_of(title: str, below: str, *after: Child) -> Box:
    """Something with a name, what is told of it below, and what stands after it."""
    words: list[Child] = [label(title, "name", wrap=True)]
    words += [label(below, "hint", wrap=True)] if below else []
    return row((column(*words, gap=0), 1), *after, gap=8)


def empty(words: str) -> Label:
    """Why a tab has nothing to show."""
    return label(words, "hint", wrap=True)


def _opens(desk: MainWindow, page: str, number: int, name: str) -> Child:
    """The way to a line of another page."""
    onward = button("打开", kind="link", on_click=lambda: desk.go(page, show=number))
    onward.setAccessibleName(f"打开{name}")
    return onward


# 队伍


def put_team(made: Box, desk: MainWindow, grid: GridRow, all_below: Callable[[], None]) -> None:
    """Who serves in a grid, each leading to the worker, and what its pack asks for. `all_below` leads to
    everybody in the grid and below it."""

    def put(holder: Box, said: Team) -> None:
        if said.vacant:
            to_staff = button("去配人", "arrow-right", "link", on_click=all_below)
            holder.put(note("err", "没有网格员，尽快配人。", "", to_staff))
        if said.wanted:
            holder.put(label("应配", "strong"))
            holder.put(column(*(_wanted(one) for one in said.wanted), gap=4))
            holder.put(rule())
        if said.members or not said.vacant:
            holder.put(label(f"在岗 {len(said.members)} 人" if said.members else "在岗", "strong"))
        for one in said.members:
            since = f"{one.since.isoformat()} 起" if one.since is not None else "任职日期没填"
            holder.put(
                line_of(
                    one.name,
                    f"{one.title}　{one.employment.label}　{since}",
                    _opens(desk, "workers", one.post_id, one.name),
                )
            )
        if not said.members and not said.vacant:
            holder.put(empty("这个网格自己没有人。"))
        if said.below:
            holder.put(
                row(
                    (label(f"下面各网格还有 {said.below} 人。", "hint", wrap=True), 1),
                    button("看这里的人", "users", "link", on_click=all_below),
                )
            )

    asking(made, desk, grid, grid_facts.team, put)


def _wanted(one: Wanted) -> Box:
    if one.most is None or one.most == one.least:
        span = f"{one.least} 人"
    else:
        span = f"{one.least}–{one.most} 人"
    badge = Badge("ok", "齐了")
    if one.missing:
        badge = Badge("warn", f"缺 {one.missing} 人")
    elif one.over:
        badge = Badge("warn", f"多 {one.over} 人")
    return line_of(one.who, f"应有 {span}，实有 {one.present} 人", badge)


# 党建


def put_party(made: Box, desk: MainWindow, grid: GridRow) -> None:
    """What is missing on the red line here, the organisations, and who answers for the grid."""

    def put(holder: Box, said: Party) -> None:
        for words in said.missing:
            lacks = bool(said.organisation_wanted) and not said.organisations and words == said.missing[0]
            verb, way = ("去建", "establish") if lacks else ("去入格", "enter")
            mend = button(verb, "arrow-right", "link")
            mend.clicked.connect(lambda _=False, way=way: desk.go("redline", **{way: grid.id}))
            mend.setAccessibleName(f"{verb}：{words}")
            holder.put(note("warn", f"{words}。", "", mend))
        holder.put(label("党组织", "strong"))
        for org in said.organisations:
            secretary = f"书记 {org.secretary}" if org.secretary else "书记没填"
            onward = _opens(desk, "party-orgs", org.id, org.name)
            holder.put(line_of(org.name, f"{secretary}　党员 {org.members} 人", onward))
        if not said.organisations:
            holder.put(empty("这个网格没有自己的党组织。"))
        elif not said.organisation_wanted:
            holder.put(empty("本办的规定没有要求这里建党组织。"))
        holder.put(rule())
        holder.put(label("入格党员", "strong"))
        if said.members_wanted:
            holder.put(empty(f"应由{said.members_wanted}入格。"))
        for kind in dict.fromkeys(one.kind for one in said.ties):
            some = [one for one in said.ties if one.kind == kind]
            holder.put(row(label(f"{kind} {len(some)} 人", "fact"), None, *_misplaced(said, some[0])))
            for one in some:
                since = f"{one.since.isoformat()} 起" if one.since is not None else ""
                below = "　".join(part for part in (one.duty or "没填职责", since) if part)
                onward = _opens(desk, "party-links", one.link_id, one.name)
                holder.put(line_of(one.name, below, onward))
        if not said.ties:
            holder.put(empty("还没有党员入这个网格。"))

    asking(made, desk, grid, grid_facts.party, put)


def _misplaced(said: Party, tie: Tie) -> list[Child]:
    """Members of another kind than the pack wants here."""
    return [Badge("warn", "不是这里要的")] if said.members_wanted and not tie.fits else []


# 得分


def put_scores(made: Box, desk: MainWindow, grid: GridRow) -> None:
    """The mean of each month beside the street's, and what each person scored."""

    def put(holder: Box, said: Scores) -> None:
        months = [one for one in said.months if one.people]
        if not months:
            holder.put(empty("近 6 个月这里没有人参加考核。"))
            return
        holder.put(label("每月平均分", "strong"))
        heads = ["月份", "人数", "本网格", *([said.beside] if said.beside else [])]
        lines = [
            (
                one.period,
                f"{one.people} 人",
                _points(one.own),
                *([_points(one.beside)] if said.beside else []),
            )
            for one in months
        ]
        holder.put(table_of_lines("每月平均分", heads, lines))
        holder.put(rule())
        holder.put(label("每个人", "strong"))
        for name, post_id, results in said.people:
            lines = [
                (
                    one.period,
                    _points(one.total),
                    one.grade or "未定",
                    f"第 {one.rank} 名" if one.rank is not None else "没排",
                )
                for one in results
            ]
            head = row((label(name, "name", wrap=True), 1), _opens(desk, "workers", post_id, name), gap=8)
            holder.put(column(head, table_of_lines(name, ["月份", "总分", "等次", "名次"], lines), gap=0))
        if said.more:
            holder.put(empty(f"最近一个月还有 {said.more} 人，在“考核”里看。"))

    asking(made, desk, grid, grid_facts.scores, put)


def _points(total: Decimal | None) -> str:
    return "没算" if total is None else f"{total:f}"


def table_of_lines(name: str, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> Box:
    """A few lines in columns, a label a column; read out line by line."""
    made = row(
        *(
            (column(label(head, "hint", elide=True), label("\n".join(cells), "fact"), gap=2), 1)
            for head, cells in zip(heads, zip(*lines, strict=True), strict=True)
        ),
        gap=8,
    )
    made.setAccessibleName(f"{name}：" + "；".join("，".join(line) for line in lines))
    return made


# 问题


def put_problems(made: Box, desk: MainWindow, grid: GridRow, errand: Callable[[Finding], None]) -> None:
    """What does not fit the norms here; `errand` leads to where it is put right."""

    def put(holder: Box, said: Problems) -> None:
        for one in said.own:
            fix = f"{one.topic.label}：{one.fix}" if one.fix else one.topic.label
            onward = button(one.topic.errand, "arrow-right", "link", on_click=lambda one=one: errand(one))
            onward.setAccessibleName(f"{one.topic.errand}：{one.message}")
            holder.put(note(TONES[one.severity], one.message))
            holder.put(row((label(fix, "hint", wrap=True), 1), onward, margins=(10, 0, 0, 4)))
        if not said.own:
            holder.put(note("ok", "这个网格自己没有问题。"))
        if said.below:
            count = sum(number for _, number in said.below)
            holder.put(rule())
            holder.put(
                row(
                    label(f"下面各网格还有 {count} 处", "strong"),
                    None,
                    button("去核对", "clipboard-check", "link", on_click=lambda: _norms(desk, grid)),
                )
            )
            lines: list[Child] = [
                row(label(topic.label, "fact"), None, label(f"{number} {topic.unit}", "hint"))
                for topic, number in said.below
            ]
            holder.put(column(*lines, gap=4))

    asking(made, desk, grid, grid_facts.problems, put)


def _norms(desk: MainWindow, grid: GridRow) -> None:
    desk.scope.choose(grid.id)
    desk.go("norms")
