"""资料: who somebody is, what ends soon, the posts and certificates of today, six months of scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.dates import years_on
from gridoffice.fields import columns
from gridoffice.overview.person_record import CertificateHat, PersonRecord, PostHat
from gridoffice.people.attachments import Owner
from gridoffice.people.rows import PersonalRow
from gridoffice.qualifications.rules import Validity
from gridoffice.values import show
from ui.pages.certificates import SIGNS
from ui.pages.person_hats import leading, may_enter, put_score_chart, standing
from ui.widgets.badges import Badge, note
from ui.widgets.cells import Cell
from ui.widgets.form import fact
from ui.widgets.parts import Box, Button, Child, Input, button, column, label, row, rule
from ui.widgets.picture import Portrait
from ui.widgets.scans import Scans

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SOON = timedelta(days=60)
"""A contract that ends within this time is worth a warning."""
REASONS = ("核对身份", "联系本人", "填报表格")
"""What numbers are mostly looked at for: one click."""
_FIELDS = {what.name: what.field for what in columns(PersonalRow)}
_MASKED = ("id_number", "phone", "address")
_URGENT = (Validity.DAYS_7, Validity.DAYS_30, Validity.DAYS_60, Validity.DAYS_90)


def ending(day: date | None, today: date) -> Cell:
    """A contract's end: a badge once it needs attention."""
    if day is None:
        return Cell()
    if day < today:
        return Cell(f"已过期 {(today - day).days} 天", badge="err")
    if day <= today + SOON:
        return Cell(f"{day.month}月{day.day}日到期", badge="clock")
    return Cell(day.isoformat(), tone="text2")


class WhyLine(Box):
    """Why somebody's numbers are looked at: one of the usual reasons, or one that is typed."""

    def __init__(self, take: Callable[[str], None], leave: Callable[[], None]):
        self.line = Input("写原因，按回车", name="为什么看")
        self.line.returnPressed.connect(lambda: take(self.line.text()))
        usual: list[Button] = [
            button(words, kind="chip", on_click=lambda words=words: take(words)) for words in REASONS
        ]
        super().__init__(
            [
                row(
                    label("为什么看？会记入变动", "hint"), None, button("不看了", kind="link", on_click=leave)
                ),
                row(*usual, None, gap=4),
                self.line,
            ],
            True,
            4,
            (0, 4, 0, 4),
            "",
            None,
            None,
        )


def put_card(
    made: Box,
    desk: MainWindow,
    said: PersonRecord,
    whole: PersonalRow | None,
    why: Box,
    ask: Callable[[], None],
) -> None:
    """Fill 资料. `whole` holds the numbers while they are looked at; else `ask` opens the question in `why`."""
    for one in alarms(said, desk.day):
        made.put(one)
    made.put(label("基本信息", "strong"))
    made.put(
        row(
            (
                column(
                    fact("性别 / 年龄", _sex_and_age(said, desk.day)),
                    *(
                        fact(_FIELDS[name].label, _told(said, name))
                        for name in ("ethnicity", "birth", "education")
                    ),
                    gap=0,
                ),
                1,
            ),
            Portrait(desk, said.id, said.name),
            gap=8,
        )
    )
    made.put(
        column(*_numbers(desk, said, whole, ask), why, fact("政治面貌", _told(said, "political")), gap=0)
    )
    if said.note:
        made.put(label(f"备注：{said.note}", "hint", wrap=True))
    made.put(rule())
    _put_posts(made, said, desk.day)
    made.put(rule())
    _put_certificates(made, desk, said)
    made.put(rule())
    put_score_chart(made, desk, said.id)
    made.put(rule())
    made.put(Scans(desk, Owner(person=said.id)))


def alarms(said: PersonRecord, day: date) -> list[Box]:
    """What ends soon or has ended: certificates first, then contracts."""
    found: list[Box] = []
    for one in said.certificates:
        if not one.current or one.expires is None:
            continue
        if one.validity is Validity.EXPIRED:
            found.append(note("err", f"{one.certificate} {one.expires}已过期", "circle-x"))
        elif one.validity in _URGENT:
            found.append(note("warn", f"{one.certificate} {_until(one.expires, day)}", "clock"))
    for post in serving_posts(said, day):
        warning = ending(post.contract_end, day)
        if warning.badge and post.contract_end is not None:
            if post.contract_end < day:
                found.append(note("err", f"合同 {warning.text}", "circle-x"))
            else:
                found.append(note("warn", f"合同 {_until(post.contract_end, day)}", "clock"))
    return found


def _until(end: date, day: date) -> str:
    left = (end - day).days
    return f"{end.month}月{end.day}日到期，{f'还有 {left} 天' if left else '就是今天'}"


def serving_posts(said: PersonRecord, day: date) -> list[PostHat]:
    """The posts held on a day."""
    return [
        one
        for one in said.posts
        if (one.from_day is None or one.from_day <= day) and (one.to_day is None or one.to_day >= day)
    ]


def _sex_and_age(said: PersonRecord, day: date) -> str:
    sex = said.sex.label if said.sex is not None else ""
    if said.birth is None:
        return sex
    years = day.year - said.birth.year
    years -= years_on(said.birth, years) > day
    return "·".join(part for part in (sex, f"{years} 岁") if part)


def _told(said: Any, name: str) -> str:
    return show(_FIELDS[name], getattr(said, name))


def _numbers(
    desk: MainWindow, said: PersonRecord, whole: PersonalRow | None, ask: Callable[[], None]
) -> Sequence[Box]:
    """What is masked, with the way to see it whole for those who may."""
    may_see = whole is None and may(desk.office.who.role, Right.REVEAL)
    found = []
    for name in _MASKED:
        value = getattr(whole if whole is not None else said, name)
        after: list[Child] = []
        if value and may_see:
            tip = f"看完整的{_FIELDS[name].label}：写明原因后显示 30 秒，会记入变动"
            after.append(button("查看", kind="link", tip=tip, keys="F4", on_click=ask))
        found.append(fact(_FIELDS[name].label, show(_FIELDS[name], value, reveal=whole is not None), *after))
    return found


def _put_posts(made: Box, said: PersonRecord, day: date) -> None:
    held = serving_posts(said, day)
    made.put(label("岗位", "strong"))
    if not held:
        words = "没有任职。" if not said.posts else "现在没有任职，以前的见“任职”。"
        made.put(label(words, "hint"))
    for one in held:
        lines = column(gap=0)
        kind = "·".join(part for part in (one.employment.label, "兼任" if one.concurrent else "") if part)
        lines.put(fact("职务", f"{one.title}·{kind}"))
        lines.put(fact("所属网格", one.grid))
        since = one.from_day.isoformat() if one.from_day is not None else ""
        lines.put(fact("任职日期", since))
        if one.contract_end is not None:
            cell = ending(one.contract_end, day)
            lines.put(fact("合同到期日", Badge(cell.badge, cell.text) if cell.badge else cell.text))
        made.put(lines)


def _put_certificates(made: Box, desk: MainWindow, said: PersonRecord) -> None:
    held = [one for one in said.certificates if one.current]
    add = (
        leading(desk, "certificates", "添加", "plus", new={"person_id": (said.id, said.name)})
        if may_enter(desk)
        else None
    )
    made.put(row(label("资格证书", "strong"), None, *([add] if add is not None else [])))
    if not held:
        made.put(label("没有登记证书。", "hint"))
    lines = column(gap=0)
    for one in held:
        onward = leading(desk, "certificates", "续证" if one.validity in SIGNS else "打开", show=one.id)
        after: list[Child] = [onward] if onward is not None else []
        lines.put(_certificate(one, after))
    made.put(lines)


def _certificate(one: CertificateHat, after: Sequence[Child]) -> Box:
    name = label(one.certificate, elide=True)
    name.setToolTip("·".join(part for part in (one.certificate, one.level) if part))
    state: Child = label(f"有效至 {one.expires}" if one.expires is not None else "长期", "fact")
    if one.validity in SIGNS and one.expires is not None:
        state = standing(one)
    return row((name, 1), state, *after, gap=8, height=32)
