"""What stands beside the scoring grid: distribution, grades with their limits, scheme warnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridoffice.assessment.checking import check
from gridoffice.assessment.collection import SCORER, Progress, Spoken
from gridoffice.assessment.month import MonthFacts
from gridoffice.assessment.rules import unit_of
from gridoffice.errors import Severity
from gridoffice.overview.questions import Spread
from gridoffice.overview.sheet_story import LeftOut
from gridoffice.scoring.policies import RankGroup, Rounding
from gridoffice.scoring.scheme import Scheme
from ui.theme import look
from ui.widgets.badges import BADGES
from ui.widgets.charts import Bar, BarChart, Shares
from ui.widgets.drawer import PANEL
from ui.widgets.parts import Box, Picture, button, column, label, row, rule, scrolled, size

MOST, UNITS = 20, 6
"""So many of those who take no part, and of the units that owe values, are named."""


def grade_badge(scheme: Scheme, grade: str) -> str:
    """The best grade is green, the worst brick, those between blue and grey."""
    names = [one.name for one in scheme.grades]
    place = names.index(grade) if grade in names else len(names)
    if place == 0:
        return "ok"
    return "err" if place >= len(names) - 1 else "info" if place == 1 else "mute"


def trimmed(points: Decimal) -> str:
    """Points as written: no zeros at the end."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quota_words(scheme: Scheme, quota: Decimal, graded: int) -> str:
    """A limit of heads in words: how many of those who are graded, or that each unit has a limit of its
    own."""
    if scheme.quota_pool is not RankGroup.NONE:
        return f"每个{scheme.quota_pool.label.removesuffix('内')}最多 {trimmed(quota)}%"
    share = graded * quota / 100
    way = ROUND_HALF_UP if scheme.quota_rounding is Rounding.HALF_UP else ROUND_DOWN
    return f"最多 {trimmed(quota)}%，即 {share.quantize(Decimal(1), way)} {unit_of(scheme.target)[:1]}"


class MonthPanel(QWidget):
    """Distribution, grades with their limit, and what the scheme should be warned of."""

    def __init__(self) -> None:
        super().__init__()
        self.said = label("", "fact", wrap=True)
        self.chart = BarChart("得分分布", width=0.86)
        size(self.chart, height=160)
        self.shares = Shares("等次")
        self.now = label("", "hint")
        self.now.hide()
        self.warnings: Box = column(gap=6)
        self.coming: Box = column(gap=4)
        self.coming.hide()
        self.marks: Box = column(gap=4)
        self.marks.hide()
        self.aside: Box = column(gap=6)
        self.aside.hide()
        inside = column(
            label("得分分布", "section"),
            self.said,
            self.chart,
            rule(),
            label("等次", "section"),
            self.now,
            self.shares,
            self.coming,
            self.marks,
            self.aside,
            rule(),
            label("方案提醒", "section"),
            self.warnings,
            None,
            gap=8,
            margins=(16, 14, 16, 14),
            name="surface",
        )
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        size(self, PANEL)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.addWidget(scrolled(inside))

    def sizeHint(self) -> QSize:
        return QSize(look.px(PANEL), look.px(400))

    def show_month(self, said: MonthFacts, totals: Spread, scope: str) -> None:
        mean = f"，平均 {totals.mean:.1f} 分" if totals.mean is not None else ""
        self.said.setText(f"{scope} {totals.count} {unit_of(said.target)}有总分{mean}")
        self.chart.show_bars([Bar(str(start), count) for start, count in totals.spans])
        self.chart.setVisible(bool(totals.count))
        self.show_standing(said.scheme, said.counts, None)
        self._warn(said.scheme)

    def show_standing(self, scheme: Scheme, counts: Mapping[str | None, int], mean: Decimal | None) -> None:
        """How many stand in which grade; while values are typed with the mean as it is now."""
        lines = []
        for grade in scheme.grades:
            limit, hint = None, ""
            if grade.quota is not None:
                limit = float(grade.quota) / 100
                graded = sum(count for name, count in counts.items() if name is not None)
                hint = quota_words(scheme, grade.quota, graded)
            lines.append((grade.name, counts.get(grade.name, 0), hint, limit))
        if counts.get(None):
            lines.append(("没有等次", counts[None], "待补、试用期等", None))
        self.shares.show_lines(lines, unit_of(scheme.target)[:1])
        self.now.setText("" if mean is None else f"现在平均 {trimmed(mean)} 分，边填边算")
        self.now.setVisible(mean is not None)

    def show_progress(self, found: Sequence[Progress]) -> None:
        """How far the values have come in: every scorer, then the units that still owe some."""
        scorers = [one for one in found if one.kind == SCORER]
        owing = [one for one in found if one.kind != SCORER and not one.done]
        self.coming.clear()
        self.coming.setVisible(bool(scorers))
        if not scorers:
            return
        self.coming.put_all([rule(), label("收数进度", "section")])
        for one in scorers:
            self.coming.put(_come_in(one, "、".join(one.columns)))
        for one in owing[:UNITS]:
            self.coming.put(_come_in(one, ""))
        left = len(owing) - UNITS
        self.coming.put(
            label(f"还有 {left} 个单位没交齐。" if left > 0 else "" if owing else "各单位都交齐了。", "hint")
        )

    def show_spoken(self, found: Sequence[Spoken], what: str) -> None:
        """How many have marked themselves, how many the first reviewer; those without a mark are named when
        somebody points at the line."""
        self.marks.clear()
        self.marks.setVisible(any(one.wanted for one in found))
        if self.marks.isHidden():
            return
        self.marks.put_all([rule(), label("自评和初评", "section")])
        for one in found:
            name, ink, _ = BADGES["clock" if one.owing else "ok"]
            words = label(f"{one.stage.label} {one.given} {what}", "fact", elide=True)
            owes = label(f"差 {one.owing} {what}" if one.owing else "齐了", "name")
            line = row(Picture(name, ink, 16), (words, 1), owes, gap=6, height=26)
            rest = f"等 {one.owing} {what}" if one.owing > len(one.missing) else ""
            line.setToolTip(f"没有{one.stage.label}：{'、'.join(one.missing)}{rest}" if one.owing else "")
            self.marks.put(line)

    def show_aside(self, found: Sequence[LeftOut], back: Callable[[int], None] | None) -> None:
        """Who takes no part and why; `back` takes one in again, where that may be done."""
        self.aside.clear()
        self.aside.setVisible(bool(found))
        if not found:
            return
        self.aside.put_all([rule(), label(f"不参加 {len(found)}", "section")])
        for one in found[:MOST]:
            again = button("恢复", kind="link", on_click=lambda number=one.sheet_id: back and back(number))
            again.setVisible(back is not None)
            self.aside.put(row((label(f"{one.name}　{one.grid}", "name", elide=True), 1), again, gap=4))
            self.aside.put(label(one.reason or "", "hint", wrap=True))
        if len(found) > MOST:
            self.aside.put(label(f"还有 {len(found) - MOST} 个。", "hint"))

    def _warn(self, scheme: Scheme) -> None:
        self.warnings.clear()
        problems = check(scheme)
        for problem in problems[:4]:
            kind = "err" if problem.severity is Severity.ERROR else "warn"
            name, ink, _ = BADGES[kind]
            self.warnings.put(row(Picture(name, ink, 18), (label(problem.message, "fact", wrap=True), 1)))
        if not problems:
            self.warnings.put(label("方案没有要提醒的。", "hint"))


def _come_in(one: Progress, columns: str) -> Box:
    """One scorer or unit: done, or how many cells it still owes."""
    name, ink, _ = BADGES["ok" if one.done else "clock"]
    words = label(one.name, "fact", elide=True)
    owes = label("齐了" if one.done else f"差 {one.wanted - one.filled} 格", "name")
    line = row(Picture(name, ink, 16), (words, 1), owes, gap=6, height=26)
    line.setToolTip(columns)  # a label that elides sets its own
    return line
