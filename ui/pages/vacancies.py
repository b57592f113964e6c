"""空缺: what each grid's team lacks, since when, and who could fill it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.overview.vacancies import VacancyRow, vacancies_listing
from gridoffice.reports import REPORTS
from gridoffice.workers.reserve import Candidate, candidates
from ui.exporting import Exporting, Way
from ui.pages.appointing import AppointPanel, Known, shown_panel
from ui.pages.page import Page
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.drawer import Drawer, body
from ui.widgets.filter_bar import FilterBar
from ui.widgets.form import fact
from ui.widgets.listing_table import ListingTable
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOLD = frozenset({"grid", "post", "reserve", "setting"})
WIDTHS = {
    "unit": 112.0,
    "grid": 176,
    "who": 176,
    "missing": 84,
    "since": 128,
    "days": 100,
    "waiting": 100,
    "least": 72,
    "present": 72,
    "kind": 104,
}
ORDER = tuple(WIDTHS)
"""What is missing and since when stands before the numbers it is worked out from."""
NARROW = tuple(name for name in ORDER if name != "unit") + ("unit",)
"""In a narrow window the grid's own name says enough of where it lies."""
LONG = 90
"""A post vacant for so many days is an alarm."""


def _missing(_: VacancyRow, missing: int) -> Cell:
    return Cell(str(missing), tone="warn", weight=500, lead=("alert-triangle", "warn"))


def _since(line: VacancyRow, since: Any) -> Cell:
    if since is None:
        return Cell("一直没配齐", tone="text3")
    if line.days is not None and line.days > LONG:
        return Cell(since.isoformat(), badge="err")
    return Cell(since.isoformat(), tone="text2")


DRESS: dict[str, Dress] = {
    "grid": lambda _, text: Cell(text, weight=500),
    "missing": _missing,
    "since": _since,
    "unit": lambda _, text: Cell(text, tone="text2"),
}


class VacanciesPage(Page):
    """The list of vacancies, and one of them with those who wait for it."""

    key, words, icon, title = "vacancies", "空缺", "users", "岗位空缺"
    reached_from = "workers"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self._seen: tuple[Any, ...] | None = None
        self._line: VacancyRow | None = None
        self._panel: AppointPanel | None = None
        self.put_head()
        self._fill_button = button("配人", "user-plus", "primary", keys="Ctrl+N", on_click=self._appoint)
        self._fill_button.setEnabled(self.may_edit)
        if not self.may_edit:
            self._fill_button.setToolTip(f"账号“{desk.office.who.display}”只能查看。")
        self.exporting = Exporting(desk, self)
        self._export_button = button("导出", "download", keys="Ctrl+E", on_click=self._export)
        self._columns_button = button(
            "",
            "columns-3",
            "quiet",
            tip="显示哪些列",
            on_click=lambda: self.kept.open_at(self._columns_button),
        )
        self.put_bar(
            self._fill_button,
            self._export_button,
            button("打印", "printer", "quiet", keys="Ctrl+P", on_click=self._print),
            rule(vertical=True, length=20),
            button("后备名册", "user-plus", "quiet", on_click=lambda: desk.go("reserve")),
            None,
            self._columns_button,
        )
        self.table = ListingTable(
            desk.runner,
            desk.office,
            vacancies_listing(),
            dress=DRESS,
            widths=dict(WIDTHS),
            ticks=False,
            beside=desk.read,
        )
        self.kept = ColumnLayout(self.table, f"{desk.office.who.name} vacancies")
        self.filters = FilterBar(self.table, "找网格、岗位")
        for part in (self.filters, rule(), (self.table, 1)):
            self.main.put(part)
        self.setFocusProxy(self.table)
        self.table.counted.connect(self._counted)
        self.table.opened.connect(self._open)
        self.table.moved.connect(lambda number: self._open(number) if self._line is not None else None)
        self.table.copied.connect(lambda words: desk.say(words, can_undo=False))
        self.table.failed.connect(desk.complain)
        self.drawer = Drawer()
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)
        self.commands = {
            "find": self.filters.begin,
            "new": self._appoint,
            "print": self._print,
            "export": self._export,
            "save": self._save,
            "close": self._close,
            "clear": self.table.clear_filters,
            "refresh": self._again,
        }

    # asking

    def opened(self) -> None:
        first = NARROW if self.desk.width() < look.px(1366) else ORDER
        self.kept.propose(list(first))
        asked = (self.desk.scope_id, self.desk.day)
        if asked != self._seen and (self.desk.scope_id is not None or self.desk.scope.model.loaded_once):
            self._seen = asked
            founded = self.desk.scope_id is not None
            self.table.empty_words = "岗位都配齐了。" if founded else "还没有网格。"
            self.table.empty_buttons = lambda: [] if founded else [self._first_grids()]
            self.table.show_what(scope=self.desk.scope_id, day=self.desk.day)

    def _first_grids(self) -> Button:
        return button("导入网格台账", "upload", on_click=lambda: self.desk.go("import", ledger="grids"))

    def _again(self) -> None:
        self._seen = None
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self._close()
            self.opened()

    def day_changed(self) -> None:
        self._seen = None
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & TOLD:
            return
        self._seen = None
        if self.desk.page is self:
            self.opened()

    def _counted(self, count: int) -> None:
        ids = self.table.model.ids
        narrowed = bool(self.table.ask.filters or self.table.ask.search)
        said = f"{'筛出' if narrowed else '共'} {count} 处空缺"
        self.head_facts.setText(f"{self.desk.scope_name}·{self.desk.day.isoformat()}·{said}")
        self.show_facts([f"{self.desk.scope_name} {count} 处空缺"])
        if self._line is not None and self._line.id not in ids and not shown_panel(self._panel, self):
            self._close()

    # the drawer

    def _open(self, number: int) -> None:
        self.table.go_to(number)
        place = self.table.model.ids.index(number) if number in self.table.model.ids else -1
        line = self.table.model.values(place) if place >= 0 else None
        if line is None:
            return
        self._line = line
        self.table.model.mark(number)
        self.drawer.name(line.grid, f"缺 {line.missing} 人·{line.who}")
        made = body()
        lasted = f"从 {line.since} 起缺，{line.days} 天了。" if line.since is not None else "一直没有配齐过。"
        tone = "err" if line.days is not None and line.days > LONG else "warn"
        made.put(note(tone, f"应配 {line.least} 人，实有 {line.present} 人。{lasted}"))
        made.put(
            column(
                fact("网格类型", line.kind), fact("可以配的", label("、".join(line.posts), wrap=True)), gap=0
            )
        )
        made.put(rule())
        waiting = column(gap=8)
        made.put(waiting)
        made.put(None)
        self.drawer.fill(made)
        acts = [button("看这里的人", "users", on_click=lambda: self._there(line))]
        if self.may_edit and not self.desk.past:
            acts.insert(0, button("新增人员", "user-plus", on_click=lambda: self._enter(line)))
        self.drawer.act(*acts, None)
        self.set_side(self.drawer)
        day = self.desk.day
        self.desk.read(
            waiting,
            candidates,
            line.grid_id,
            line.posts,
            day,
            then=lambda found: self._candidates(waiting, line, found),
            topic="candidates",
        )

    def _candidates(self, made: Box, line: VacancyRow, found: Sequence[Candidate]) -> None:
        made.put(label(f"后备人员 {len(found)} 人", "strong"))
        for one in found:
            since = f"{one.since} 入库" if one.since is not None else ""
            now = f"现在{one.serves}" if one.serves else "没有岗位"
            said = "　".join(
                part for part in (one.title or "什么岗位都行", since, one.source or "", now) if part
            )
            parts: list[Child] = [(column(label(one.name, "name"), label(said, "hint", wrap=True), gap=0), 1)]
            if self.may_edit and not self.desk.past:
                take = button("上岗", kind="link", on_click=lambda one=one: self._take(line, one))
                take.setAccessibleName(f"“{one.name}”上岗")
                parts.append(take)
            made.put(row(*parts))
        if not found:
            made.put(label("后备名册里没有合适的人。", "hint", wrap=True))
            made.put(
                row(button("去后备名册", "user-plus", "link", on_click=lambda: self.desk.go("reserve")), None)
            )

    def _step(self, step: int) -> None:
        other = self.table.neighbour(self._line.id, step) if self._line is not None else None
        if other is not None:
            self._open(other)

    def _close(self) -> None:
        if not hasattr(self, "drawer") or self.side is None:
            return
        back = self._line if shown_panel(self._panel, self) else None
        self._panel = None
        if back is not None and back.id in self.table.model.ids:
            self._open(back.id)
            return
        self._line = None
        self.table.model.mark(None)
        self.set_side(None)
        self.table.setFocus()

    # filling it

    def _there(self, line: VacancyRow) -> None:
        self.desk.scope.choose(line.grid_id)
        self.desk.go("workers")

    def _enter(self, line: VacancyRow) -> None:
        self.desk.scope.choose(line.grid_id)
        self.desk.go("workers", new={"title": line.posts[0]} if line.posts else {})

    def _take(self, line: VacancyRow, one: Candidate) -> None:
        title = (one.title,) if one.title else line.posts
        self._begin(Known((one.person_id, one.name), (line.grid_id, line.grid), title))

    def _appoint(self) -> None:
        """For the vacancy in the drawer, or the one the keyboard stands on."""
        here = self.table.view.currentIndex().row()
        line = self._line or (self.table.model.values(here) if here >= 0 else None)
        if line is None:
            self.desk.say("先选一处空缺。", can_undo=False)
        elif self.may_edit and self.desk.may_change():
            self._line = line
            self._begin(Known(grid=(line.grid_id, line.grid), posts=line.posts))

    def _begin(self, known: Known) -> None:
        panel = self._panel = AppointPanel(self.desk, known)
        panel.closed.connect(self._close)
        panel.done.connect(self._filled)
        self.set_side(panel)

    def _filled(self) -> None:
        self._panel, self._line = None, None
        self.table.model.mark(None)
        self.set_side(None)
        self.table.setFocus()

    def _save(self) -> None:
        if self._panel is not None and shown_panel(self._panel, self):
            self._panel.save()

    # out

    def _print(self) -> None:
        self.desk.go("documents", report="vacancies")

    def _export(self) -> None:
        title = REPORTS["vacancies"].title
        name = f"{self.desk.scope_name}{title}{self.desk.day.isoformat()}"
        way = Way("gridoffice.reports:shown_book", ("vacancies",), title, name)
        self.exporting.offer(self.table, way, self._export_button)
