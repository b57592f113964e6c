"""What stands beside 一根红线: coverage by area with the breaks, or one grid with what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridoffice.overview.grid_facts import Party, Tie, party
from gridoffice.party.red_cards import Break, Card, Drawn
from gridoffice.party.redline import Candidate, Coverage, candidates
from gridoffice.party.rows import OrgRow
from gridoffice.party.rules import leader_title
from gridoffice.party.service import save_link, set_secretary
from ui.theme import look
from ui.widgets.badges import Badge, note
from ui.widgets.coverage import CoverageBars, share_words
from ui.widgets.drawer import PANEL
from ui.widgets.parts import Box, Choice, Picture, button, column, label, row, rule, scrolled, size
from ui.widgets.person_picker import PersonPicker
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = 12
"""So many breaks stand beside the picture; the list has them all."""


class CoverageSide(QWidget):
    """`break_wanted` leads to a break and how it is mended, `area_wanted` to an area."""

    break_wanted = Signal(int, bool)
    break_shown = Signal(int)
    area_wanted = Signal(int)
    list_wanted = Signal()

    def __init__(self, may_edit: bool):
        super().__init__()
        self.setObjectName("drawer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        size(self, PANEL)
        self._may_edit = may_edit
        self._drawn: Drawn | None = None
        self.level = Choice((), "看哪一级")
        self.level.activated.connect(lambda _: self._show_level())
        self.figure = label("", "figure")
        self._said = column(gap=0)
        self.bars = CoverageBars("各片覆盖")
        self.bars.picked.connect(lambda key: self.area_wanted.emit(int(key)))
        self._breaks = column(gap=0)
        self._people = label("", "fact", wrap=True)
        self._inside = column(
            label("网格党组织覆盖", "section"),
            self.level,
            row(self.figure, self._said, None, gap=12),
            4,
            self.bars,
            rule(),
            self._breaks,
            rule(),
            self._people,
            None,
            gap=6,
            margins=(16, 14, 16, 14),
            name="surface",
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.addWidget(scrolled(self._inside))

    def sizeHint(self) -> QSize:
        return QSize(look.px(PANEL), look.px(400))

    def show_line(self, drawn: Drawn) -> None:
        """Another line; the level that is looked at stays."""
        before = self.level.currentText()
        self._drawn = drawn
        levels = [(place, one.label) for place, one in enumerate(drawn.levels) if one.cover.wanted]
        self.level.fill([*levels, (-1, "各级一起")])
        grids = max(self.level.findText(before), 0) if before else min(1, max(len(levels) - 1, 0))
        self.level.setCurrentIndex(grids)
        self.level.setVisible(bool(levels))
        self._show_level()
        self._show_breaks(drawn)
        tied = drawn.members - drawn.waiting
        self._people.setText(
            f"党员 {drawn.members} 人：书记、组长 {drawn.leaders} 名，已入格 {tied} 人，"
            f"待入格 {drawn.waiting} 人。"
        )

    def cover(self) -> Coverage | None:
        """The coverage that is looked at."""
        if self._drawn is None:
            return None
        place = self.level.currentData()
        return self._drawn.cover if place is None or place < 0 else self._drawn.levels[place].cover

    def _show_level(self) -> None:
        cover, drawn = self.cover(), self._drawn
        if cover is None or drawn is None:
            return
        place = self.level.currentData()
        self.figure.setText(share_words(cover.organised, cover.wanted))
        self._said.clear()
        self._said.put(label(f"{cover.organised} / {cover.wanted} 个网格", "fact"))
        missing = f"目标 100%，还差 {cover.missing} 个" if cover.missing else "目标 100%，齐了"
        self._said.put(label(missing, "fact"))
        self.bars.show_areas(drawn.areas if place is None or place < 0 else drawn.levels[place].areas)

    def _show_breaks(self, drawn: Drawn) -> None:
        self._breaks.clear()
        self._breaks.put(label(f"断点 {drawn.broken} 处" if drawn.broken else "断点", "section"))
        for one in drawn.breaks[:SHOWN]:
            self._breaks.put(self._break(one))
        if drawn.broken > SHOWN:
            more = button(f"还有 {drawn.broken - SHOWN} 处", kind="link", on_click=self.list_wanted.emit)
            self._breaks.put(row(more, None))
        if not drawn.broken:
            self._breaks.put(note("ok", "没有断点，每一级都连着。" if drawn.cards else "还没有要看的网格。"))

    def _break(self, one: Break) -> Box:
        verb = "去入格" if one.organised else "去建"
        cut = look.metrics().elidedText(one.place, Qt.TextElideMode.ElideLeft, look.px(150))
        tip = f"{one.place}：{one.words}"
        place = button(cut, kind="link", tip=tip, on_click=lambda: self.break_shown.emit(one.grid_id))
        below = row((label(one.words, "hint", elide=True), 1), margins=(5, 0, 0, 0))
        words = column(row(place, None), below, gap=0)
        mend = button(verb, kind="link", on_click=lambda: self.break_wanted.emit(one.grid_id, one.organised))
        mend.setAccessibleName(f"{verb}：{one.place}")
        mend.setVisible(self._may_edit)
        return row(Picture("unlink", "warn", 18), (words, 1), mend, gap=4, height=52)


class CardSide(SidePanel):
    """One grid on the line: its organisation, who leads it, who answers for the grid, what is missing."""

    def __init__(
        self,
        desk: MainWindow,
        card: Card,
        may_edit: bool,
        establish: Callable[[int], None],
        enter: Callable[[int], None],
    ):
        super().__init__(card.name, PANEL)
        self.desk, self.card, self._may_edit = desk, card, may_edit and not desk.past
        self._establish, self._enter = establish, enter
        self._holder = column(gap=10)
        self.inside.put(label(card.kind_label, "fact"))
        self.inside.put(self._holder)
        self.inside.put(None)

    def look(self) -> None:
        """Ask what there is, and who could come where nobody is."""
        desk, grid_id = self.desk, self.card.grid_id

        def told(said: Party) -> None:
            self.show_party(said)
            if not any(tie.fits for tie in said.ties) and said.members_wanted:
                desk.read(self, candidates, grid_id, desk.day, then=self.put_candidates, topic="candidates")

        desk.read(self, party, grid_id, desk.day, then=told, topic="party")

    def show_party(self, said: Party) -> None:
        """What there is, and what can be done."""
        made = self._holder
        made.clear()
        for words in said.missing:
            made.put(note("warn", f"{words}。"))
        made.put(label("党组织", "strong"))
        for org in said.organisations:
            self._put_org(made, org)
        if not said.organisations:
            made.put(label("这个网格没有自己的党组织。", "hint", wrap=True))
        made.put(rule())
        made.put(label(f"入格党员 {len(said.ties)} 人" if said.ties else "入格党员", "strong"))
        if said.members_wanted:
            made.put(label(f"应由{said.members_wanted}入格。", "hint", wrap=True))
        for tie in said.ties:
            self._put_tie(made, said, tie)
        made.put(
            row(
                button("看这里的网格资料", "sitemap", "link", on_click=self._to_grid),
                None,
            )
        )
        acts: list[QWidget] = []
        lacks = not said.organisations and bool(said.organisation_wanted)
        if self._may_edit:
            new_org = button("建立党组织", "plus", "primary" if lacks else "", on_click=self._new_org)
            new_link = button(
                "党员入格",
                "user-plus",
                "" if lacks else "primary",
                on_click=lambda: self._enter(self.card.grid_id),
            )
            acts = [new_org, new_link] if lacks else [new_link, new_org]
        self.act(*acts)

    def _new_org(self) -> None:
        self._establish(self.card.grid_id)

    def _put_org(self, made: Box, org: OrgRow) -> None:
        title = leader_title(org.kind) if org.kind is not None else "书记"
        onward = button("打开", kind="link", on_click=lambda: self.desk.go("party-orgs", show=org.id))
        onward.setAccessibleName(f"打开{org.name}")
        made.put(row((label(org.name, "name", wrap=True), 1), onward, gap=8))
        led = row(
            (label(f"{title} {org.secretary or '空缺'}　党员 {org.members} 人", "hint", wrap=True), 1), gap=8
        )
        made.put(led)
        if self._may_edit:
            change = button(f"设{title}", "edit", "link")
            change.clicked.connect(lambda _=False: self._ask_secretary(led, org, title))
            led.put(change)

    def _ask_secretary(self, led: Box, org: OrgRow, title: str) -> None:
        led.clear()
        picker = PersonPicker(self.desk, title)

        def take() -> None:
            if picker.picked is not None:
                self._write(set_secretary, org.id, picker.picked)

        picker.changed.connect(take)
        led.put((picker, 1))
        picker.setFocus()

    def _put_tie(self, made: Box, said: Party, tie: Tie) -> None:
        since = f"{tie.since.isoformat()} 起" if tie.since is not None else ""
        below = "　".join(part for part in (tie.kind, tie.duty or "没填职责", since) if part)
        line = row((column(label(tie.name, "name"), label(below, "hint", wrap=True), gap=0), 1), gap=4)
        if said.members_wanted and not tie.fits:
            line.put(Badge("warn", "不是这里要的"))
        onward = button("打开", kind="link", on_click=lambda: self.desk.go("party-links", show=tie.link_id))
        onward.setAccessibleName(f"打开{tie.name}")
        line.put(onward)
        made.put(line)

    def put_candidates(self, found: list[Candidate]) -> None:
        """Who could answer for the grid, one click each."""
        if not found or not self._may_edit:
            return
        self._holder.put(rule())
        self._holder.put(label("可以请谁", "strong"))
        for one in found:
            enter = button("入格", "plus", "link", on_click=lambda one=one: self._link(one.person_id))
            enter.setAccessibleName(f"让{one.name}入格")
            self._holder.put(
                row((column(label(one.name, "name"), label(one.reason, "hint", wrap=True), gap=0), 1), enter)
            )

    def _link(self, person_id: int) -> None:
        values = {"person_id": person_id, "grid_id": self.card.grid_id, "from_day": self.desk.day}
        self._write(save_link, None, values)

    def _write(self, service: Callable[..., Any], *args: Any) -> None:
        self.desk.write(self, service, *args, wrong=self._refused)

    def _refused(self, error: Exception) -> None:
        self.judge(note("err", str(getattr(error, "message", error))))

    def _to_grid(self) -> None:
        self.desk.go("grids", show=self.card.grid_id)
