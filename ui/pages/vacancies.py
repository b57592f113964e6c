"""空缺: what each grid's team lacks, since when, and who could fill it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gridoffice.overview.vacancies import VacancyRow, vacancies_listing
from gridoffice.workers.reserve import Candidate, candidates
from ui.pages.appointing import AppointPanel, Known
from ui.pages.told_page import ToldPage
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.drawer import body
from ui.widgets.form import fact
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

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


class VacanciesPage(ToldPage):
    """The list of vacancies, and one of them with those who wait for it."""

    key, words, icon, title = "vacancies", "空缺", "users", "岗位空缺"
    reached_from = "workers"
    listing = vacancies_listing()
    shown = ORDER
    tables = frozenset({"grid", "post", "reserve", "setting"})
    report = "vacancies"
    empty = "岗位都配齐了。"
    finder = "找网格、岗位"
    widths = WIDTHS
    ticks = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.commands["new"] = self._appoint

    def first(self) -> Sequence[Child]:
        return (self.guarded(button("配人", "user-plus", "primary", keys="Ctrl+N", on_click=self._appoint)),)

    def tools(self) -> Sequence[Child]:
        return (button("后备名册", "user-plus", "quiet", on_click=lambda: self.desk.go("reserve")),)

    def dress(self) -> dict[str, Dress]:
        return DRESS

    def instead(self) -> Sequence[Button]:
        if self.desk.scope_id is not None:
            return ()
        ledger = "grids"
        return (button("导入网格台账", "upload", on_click=lambda: self.desk.go("import", ledger=ledger)),)

    def opened(self) -> None:
        self.kept.propose(list(NARROW if self.desk.width() < look.px(1366) else ORDER))
        self.table.empty_words = self.empty if self.desk.scope_id is not None else "还没有网格。"
        super().opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.leave_line()
        super().scope_changed()

    # the drawer

    def tell(self, line: VacancyRow) -> None:
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
        self.desk.read(
            waiting,
            candidates,
            line.grid_id,
            line.posts,
            self.desk.day,
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
        if not self.may_edit or not self.desk.may_change():
            return
        here = self.table.view.currentIndex().row()
        number = self._shown if self._shown is not None else self.table.model.ids[here] if here >= 0 else None
        if number is None:
            self.desk.say("先选一处空缺。", can_undo=False)
            return
        self._shown = number
        self.table.model.mark(number)
        self.table.with_line(
            number,
            lambda line: self._begin(Known(grid=(line.grid_id, line.grid), posts=line.posts)),
        )

    def _begin(self, known: Known) -> None:
        panel = AppointPanel(self.desk, known)
        panel.done.connect(self.leave_line)
        self.show_panel(panel, back=True)
