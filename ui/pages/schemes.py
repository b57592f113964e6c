"""考核方案: what is measured and how, an office's own scheme written from a copy, and a scheme tried on
months that are past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPlainTextEdit

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.scheme import Scheme
from gridoffice.assessment.schemes import copy_scheme, remove_scheme, save_scheme, text_of
from gridoffice.assessment.shapes import plain
from gridoffice.assessment.simulation import Moved, Simulated, Standing, simulate
from gridoffice.errors import OfficeError
from gridoffice.overview.scheme_rules import KnownScheme, KnownSchemes, known_schemes, rules_listing
from ui.pages.page import Page
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import ListingTable
from ui.widgets.parts import Choice, Input, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTH = 460
TEXT_HEIGHT = 480
MOST = 40
"""So many of those who would move furthest are shown."""
WIDTHS = {"name": 176, "dimension": 112, "full": 64, "rule": 420, "nature": 72, "origin": 96, "scorer": 120}


class SchemesPage(Page):
    """The indicators of one scheme; its text, a copy and a trial at the side."""

    key, words, icon, title = "schemes", "考核方案", "list-details", "考核方案"
    reached_from = "assessment"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.may_edit = may(desk.office.who.role, Right.ADMINISTER)
        self.known: KnownSchemes | None = None
        self.table: ListingTable | None = None
        self.filters: FilterBar | None = None
        self.panel: SidePanel | None = None
        self.choice = Choice((), "考核方案", 300)
        self.choice.activated.connect(lambda _: self.show_scheme(self.choice.currentData()))
        self.put_head(self.choice)
        self.copy_button = button("另存一份来改", "device-floppy", "primary", on_click=self.ask_copy)
        self.text_button = button("看全文", "file-text", on_click=self._ask_text)
        self.remove_button = button("删除", "x", "quiet", on_click=self.remove)
        self.put_bar(
            self.copy_button,
            self.text_button,
            button("拿过去的月份试算", "eye", on_click=self.ask_trial),
            None,
            self.remove_button,
        )
        self.said = column(gap=4, margins=(20, 8, 20, 8))
        self.main.put(self.said)
        self.holder = column(gap=0)
        self.main.put((self.holder, 1))
        self.commands = {
            "find": lambda: self.filters.begin() if self.filters else None,
            "close": self._close,
            "refresh": self._read,
        }

    # reading

    def opened(self) -> None:
        if self.known is None:
            self._read()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if not changes or changes.keys() & {"setting", "month"}:
            self.known = None
            if self.desk.page is self:
                self._read()

    def _read(self, then: str | None = None) -> None:
        self.desk.read(self, known_schemes, then=lambda known: self._is_known(known, then), topic="schemes")

    def _is_known(self, known: KnownSchemes, wanted: str | None) -> None:
        keys = [one.scheme.key for one in known.all]
        now = wanted or self.choice.currentData()
        self.known = known
        self.choice.fill(
            [
                (one.scheme.key, f"{one.scheme.name}（本办的）" if one.own else one.scheme.name)
                for one in known.all
            ]
        )
        self.show_scheme(now if now in keys else keys[0])

    @property
    def shown(self) -> KnownScheme:
        """The one that is looked at."""
        assert self.known is not None
        return next(one for one in self.known.all if one.scheme.key == self.choice.currentData())

    def show_scheme(self, key: str) -> None:
        """Its indicators, and what is to be said of it."""
        self.choice.setCurrentIndex(self.choice.findData(key))
        one, scheme = self.shown, self.shown.scheme
        self.head_facts.setText(
            f"{scheme.target.label}·{len(scheme.indicators)} 项·满分 {plain(scheme.full)} 分"
        )
        self.text_button.setText("改全文" if one.own and self.may_edit else "看全文")
        self.remove_button.setVisible(one.own and self.may_edit)
        self.said.clear()
        grades = "、".join(_grade(one.name, one.minimum, one.quota) for one in scheme.grades)
        self.said.put_all(
            [
                label(f"出处：{scheme.source or '没有写'}", "hint", elide=True),
                label(
                    f"数量类 {plain(one.quantity)} 分，质量类 {plain(one.quality)} 分；等次：{grades}",
                    "fact",
                    elide=True,
                ),
                *(note("warn", words) for words in one.warnings[:3]),
            ]
        )
        self._show_rules(key)
        self.show_facts([f"{scheme.name} {len(scheme.indicators)} 项"])

    def _show_rules(self, key: str) -> None:
        self.holder.clear()
        self.table = ListingTable(
            self.desk.runner, self.desk.office, rules_listing(key), widths=dict(WIDTHS), ticks=False
        )
        self.table.copied.connect(lambda words: self.desk.say(words, can_undo=False))
        self.table.failed.connect(self.desk.complain)
        self.filters = FilterBar(self.table, "找指标")
        self.holder.put_all([self.filters, rule(), (self.table, 1)])
        self.setFocusProxy(self.table)
        self.table.show_what()

    # the side

    def _open(self, title: str) -> SidePanel:
        panel = SidePanel(title, WIDTH)
        panel.closed.connect(self._close)
        old, self.panel = self.panel, panel
        self.set_side(panel)
        if old is not None:
            old.deleteLater()
        return panel

    def _close(self) -> None:
        if self.panel is not None:
            self.setFocus()
            self.set_side(None)
            self.panel.deleteLater()
            self.panel = None

    def _refused(self, error: Exception) -> None:
        if self.panel is None or not isinstance(error, OfficeError):
            self.desk.complain(error)
            return
        problems = [one.message for one in error.problems] or [error.message]
        self.panel.judge(*(note("err", words) for words in problems[:4]))

    def ask_copy(self) -> None:
        """Name a copy that the office may change."""
        if self.known is None or not self.may_edit:
            self.desk.say(f"账号“{self.desk.office.who.display}”不能改考核方案。", can_undo=False)
            return
        scheme, panel = self.shown.scheme, self._open("另存一份来改")
        name, key = Input(f"{scheme.name}（本办）", name="名称"), Input("例如：qinghe-2026", name="代号")
        panel.inside.put_all(
            [
                label(f"从“{scheme.name}”另存，随程序带的那一份不动。", "hint", wrap=True),
                column(label("名称", "hint"), name, gap=2),
                column(label("代号，字母、数字、汉字和短横", "hint"), key, gap=2),
                None,
            ]
        )

        def save() -> None:
            self.copy(key.text().strip(), name.text().strip() or f"{scheme.name}（本办）")

        panel.act(
            button("另存", "device-floppy", "primary", on_click=save), button("取消", on_click=self._close)
        )
        name.setFocus()

    def copy(self, key: str, name: str) -> None:
        """Keep a copy as the office's own; its text is then open."""

        def kept(_: Any) -> None:
            self._read(key)
            self.desk.read(self, text_of, key, then=self.show_text, topic="text")

        self.desk.write(self, copy_scheme, self.shown.scheme.key, key, name, then=kept, wrong=self._refused)

    def _ask_text(self) -> None:
        if self.known is not None:
            self.desk.read(self, text_of, self.shown.scheme.key, then=self.show_text, topic="text")

    def show_text(self, text: str) -> None:
        """The whole scheme as it is written; the office's own can be changed."""
        own = self.shown.own and self.may_edit
        panel = self._open("方案全文")
        page = QPlainTextEdit(text)
        page.setAccessibleName("考核方案全文")
        page.setReadOnly(not own)
        page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        page.setMinimumHeight(look.px(TEXT_HEIGHT))
        words = (
            "改完保存，有错会指出在哪一项。已经开始的月份照原来的算，下一个月起用新的。"
            if own
            else "随程序带的不能改，另存一份就能改。"
        )
        panel.inside.put_all([label(words, "hint", wrap=True), (page, 1)])
        keep = button("保存", "check", "primary", on_click=lambda: self.save_text(page.toPlainText()))
        panel.act(
            keep if own else button("另存一份来改", "device-floppy", on_click=self.ask_copy),
            button("关上", on_click=self._close),
        )
        self.commands["save"] = (lambda: self.save_text(page.toPlainText())) if own else lambda: None
        page.setFocus()

    def save_text(self, text: str) -> None:
        self.desk.write(
            self, save_scheme, text, then=lambda done: self._saved(done.result), wrong=self._refused
        )

    def _saved(self, key: str) -> None:
        if self.panel is not None:
            self.panel.judge()
        self._read(key)

    def remove(self) -> None:
        """Give up the office's own scheme; months that used it keep theirs."""
        self._close()
        self.desk.write(
            self, remove_scheme, self.shown.scheme.key, then=lambda _: self._read(), wrong=self._refused
        )

    # a trial

    def ask_trial(self) -> None:
        """Choose a month that is past."""
        if self.known is None:
            return
        panel = self._open("试算")
        if not self.known.months:
            panel.inside.put_all([label("还没有月度考核，没有可以试算的月份。", "fact", wrap=True), None])
            return
        month = Choice([(one, in_words(one)) for one in self.known.months], "月份", 200)
        month.activated.connect(lambda _: self.try_on(month.currentData(), result))
        result = column(gap=6)
        panel.inside.put_all(
            [
                label("拿当月记下的数据按这个方案再算一遍，只看，什么都不改。", "hint", wrap=True),
                month,
                result,
                None,
            ]
        )
        self.try_on(self.known.months[0], result)

    def try_on(self, period: str, place: Any) -> None:
        scheme: Scheme = self.shown.scheme
        self.desk.read(
            self,
            simulate,
            scheme,
            [period],
            then=lambda found: _put_trial(place, found[0], [one.name for one in scheme.grades]),
            topic="trial",
            heavy=True,
        )


def _put_trial(place: Any, found: Simulated, grades: Sequence[str]) -> None:
    place.clear()
    moved = sorted((one for one in found.people if one.before != one.after), key=_distance)
    place.put(
        label(
            f"{len(found.people)} 人里 {found.regraded} 人等次会变，{len(moved)} 人得分或名次会变。",
            wrap=True,
        )
    )
    if found.lacking:
        place.put(note("warn", f"当月没有记{_listed(found.lacking)}，按未填算。"))
    for name in dict.fromkeys([*grades, *found.grades_after, *found.grades_before]):
        before, after = found.grades_before.get(name, 0), found.grades_after.get(name, 0)
        place.put(
            row((label(name or "待补", "fact"), 1), label(f"{before} 人 → {after} 人"), gap=8, height=28)
        )
    if moved:
        place.put_all([rule(), label("变动最大的人", "strong")])
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
        place.put(label(f"还有 {len(moved) - MOST} 人。", "hint"))


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


def _grade(name: str, minimum: Any, quota: Any) -> str:
    return f"{name} {plain(minimum)} 分起" + (f"（不超过 {plain(quota)}%）" if quota is not None else "")
