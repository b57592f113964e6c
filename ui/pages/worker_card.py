"""One person in the drawer: the facts, six months of scores, what was changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.overview import questions
from gridoffice.values import show
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.rows import WorkerRow
from ui.theme import look
from ui.widgets.badges import Badge, note
from ui.widgets.cells import Cell
from ui.widgets.charts import Bar, BarChart
from ui.widgets.form import fact, facts
from ui.widgets.parts import Box, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SOON = timedelta(days=60)
"""A contract that ends within this time is worth a warning."""


def ending(day: date | None, today: date) -> Cell:
    """A contract's end: a badge once it needs attention."""
    if day is None:
        return Cell()
    if day < today:
        return Cell(f"已过期 {(today - day).days} 天", badge="err")
    if day <= today + SOON:
        return Cell(f"{day.month}月{day.day}日到期", badge="clock")
    return Cell(day.isoformat(), tone="text2")


def put_facts(
    made: Box, desk: MainWindow, person: WorkerRow, open_now: bool, reveal: Callable[[], None]
) -> None:
    """Who somebody is and what post is held; what ends soon comes first. `reveal` shows the numbers."""
    warning = ending(person.contract_end, desk.day)
    if warning.badge and person.contract_end is not None:
        days = (person.contract_end - desk.day).days
        words = f"合同 {warning.text}" if days < 0 else f"合同 {warning.text}，还有 {days} 天"
        made.put(note("err" if days < 0 else "warn", words, "circle-x" if days < 0 else "clock"))
    by_name = {what.name: what for what in WORKERS.columns}
    age = ""
    if person.birth is not None:
        today = desk.day
        years = (
            today.year
            - person.birth.year
            - ((today.month, today.day) < (person.birth.month, person.birth.day))
        )
        age = f"·{years} 岁"
    made.put(label("基本信息", "strong"))
    basic = column(gap=0)
    basic.put(fact("性别 / 年龄", f"{person.sex.label if person.sex else ''}{age}"))
    for name in ("id_number", "phone"):
        field, value = by_name[name].field, getattr(person, name)
        after: list[Any] = [None]
        if value and not open_now and may(desk.office.who.role, Right.REVEAL):
            after.append(
                button(
                    "查看",
                    kind="link",
                    tip="显示 30 秒，会记入变动",
                    on_click=reveal,
                )
            )
        basic.put(fact(field.label, label(show(field, value, reveal=open_now)), *after))
    basic.put_all(facts([by_name[name] for name in ("ethnicity", "birth", "political", "education")], person))
    made.put(basic)
    made.put(rule())
    made.put(label("岗位", "strong"))
    post = column(gap=0)
    names = ("title", "grid", "employment", "from_day", "to_day")
    post.put_all(facts([by_name[name] for name in names], person))
    if warning.badge:
        post.put(fact("合同到期日", Badge(warning.badge, warning.text)))
    else:
        post.put_all(facts([by_name["contract_end"]], person))
    if person.note:
        post.put_all(facts([by_name["note"]], person))
    made.put(post)


def put_scores(made: Box, desk: MainWindow, person: WorkerRow) -> None:
    """The last six months, each with its total."""
    said = label("", "fact")
    made.put(row(label("近 6 个月考核", "strong"), None, said))
    chart = BarChart("近 6 个月考核")
    chart.setFixedHeight(look.px(160))
    made.put(chart)

    def arrived(scores: list[tuple[str, Any, str | None]]) -> None:
        known = [(period, total, grade) for period, total, grade in scores if total is not None]
        if not known:
            chart.hide()
            said.setText("还没有考核分")
            return
        latest = known[-1]
        said.setText(f"{int(latest[0][5:])}月 {latest[1]:.2f}·{latest[2] or '未定等次'}")
        chart.show_bars(
            [
                Bar(f"{int(period[5:])}月", total, words=f"{total:.1f}", current=period == latest[0])
                for period, total, _ in known
            ]
        )

    desk.read(made, questions.scores, person.person_id, then=arrived, topic="scores")


def put_changes(made: Box, desk: MainWindow, person: WorkerRow) -> None:
    """What was done to this person, latest first."""
    made.put(label("这个人的变动", "strong"))
    holder = column(gap=8)
    made.put(holder)

    def arrived(lines: list[Any]) -> None:
        for line in lines:
            holder.put(
                column(
                    label(line.title, wrap=True),
                    label(f"{line.at.astimezone():%Y-%m-%d %H:%M}　{line.who}", "hint"),
                    gap=0,
                )
            )
        if not lines:
            holder.put(label("还没有变动。", "hint"))

    desk.read(made, questions.changes_of_person, person.person_id, person.id, then=arrived, topic="changes")
