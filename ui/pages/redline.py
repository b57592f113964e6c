"""红线: the red line of the party drawn level by level, where it breaks, and how it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.leaving import purpose_of
from gridoffice.listing import Filter
from gridoffice.overview.red_list import BROKEN, red_listing
from gridoffice.party.proposals import LinkProposal, link_kinds, link_proposal, org_proposal
from gridoffice.party.red_cards import Card, Drawn, drawn
from ui.pages.page import Page
from ui.pages.party_panels import DeedPanel, LinkPanel, OrgPanel
from ui.pages.redline_leaving import RedLineLeaving
from ui.pages.redline_side import CardSide, CoverageSide
from ui.widgets.cells import Cell
from ui.widgets.filter_bar import FilterBar
from ui.widgets.listing_table import Blank, ListingTable
from ui.widgets.parts import button, column, rule
from ui.widgets.purpose import PurposeLine
from ui.widgets.redline_key import RedLineKey
from ui.widgets.redline_view import RedLineView

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOLD = frozenset({"grid", "post", "person", "setting", "party_org", "org_seat", "party_link", "party_member"})


class RedLinePage(Page):
    """The drawing (or, for those who listen, the same as a list), and beside it coverage and breaks."""

    key, words, icon, title = "redline", "红线", "flag", "一根红线"
    tab = "一根红线"

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.may_edit = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self._seen: tuple[Any, ...] | None = None
        self._drawn: Drawn | None = None
        self._kept: frozenset[int] | None = None
        self._kinds: tuple[str, ...] = ()
        self.put_head(RedLineKey())
        new_org = button(
            "建立党组织", "plus", "primary", keys="Ctrl+N", on_click=lambda: self.establish(None)
        )
        new_link = button("党员入格", "user-plus", on_click=lambda: self.enter(None))
        for made in (new_org, new_link):
            made.setEnabled(self.may_edit)
            if not self.may_edit:
                made.setToolTip(f"账号“{desk.office.who.display}”只能查看。")
        self._unfold = button("全部展开", "list-details", "quiet", on_click=self._open_all)
        self._only = button("只看断点", "unlink", "quiet", on_click=self._filter)
        self._only.setCheckable(True)
        self._as_list = button("看成列表", "columns-3", "quiet", on_click=self._turn)
        self._as_list.setCheckable(True)
        self.purpose = PurposeLine(across=True)
        self.purpose.propose(purpose_of(desk.office, "一根红线"))
        self.put_bar(
            new_org,
            new_link,
            button("导出图", "download", keys="Ctrl+E", on_click=self._export),
            rule(vertical=True, length=20),
            self._unfold,
            self._only,
            self._as_list,
            None,
            self.purpose,
        )
        self.main.put(4)
        self.main.put(rule())
        self.view = RedLineView()
        self._leaving = RedLineLeaving(desk, self.view)
        self.view.opened.connect(self._open_card)
        self.view.wanted.connect(self._fetch)
        self.blank = Blank(self.view)
        self.view.resized.connect(lambda: self.blank.setGeometry(self.view.rect()))
        self.list = ListingTable(
            desk.runner,
            desk.office,
            red_listing(),
            dress={"missing": _missing_cell},
            widths={"grid": 200, "org": 240, "missing": 260, "tied": 160},
            ticks=False,
            beside=desk.read,
        )
        self.list.opened.connect(self._open_card)
        self.list.failed.connect(desk.complain)
        self.filters = FilterBar(self.list, "找网格、党组织、人")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(column(self.filters, rule(), (self.list, 1), gap=0))
        self.main.put((self.stack, 1))
        self.setFocusProxy(self.view)
        self.cover = CoverageSide(self.may_edit)
        self.cover.area_wanted.connect(lambda grid_id: desk.scope.choose(grid_id))
        self.cover.break_shown.connect(self._show_break)
        self.cover.break_wanted.connect(self._mend)
        self.cover.list_wanted.connect(self.show_breaks)
        self.set_side(self.cover, narrow="hide")
        self.panel: DeedPanel | CardSide | None = None
        self.commands = {
            "new": lambda: self.establish(None),
            "export": self._export,
            "print": lambda: desk.go("documents", report="redline"),
            "close": self._close,
            "save": self._save,
            "refresh": self._again,
            "find": self._find,
            "next": lambda: self.view.next_break(1),
            "previous": lambda: self.view.next_break(-1),
        }

    # asking

    def opened(self) -> None:
        asked = (self.desk.scope_id, self.desk.day, self._only.isChecked())
        if self.desk.scope_id is None:
            self._no_grids()
        if asked == self._seen or self.desk.scope_id is None:
            return
        if self._seen is None or asked[:2] != self._seen[:2]:
            self._kept = None
        self._seen = asked
        self.desk.read(
            self,
            drawn,
            self.desk.scope_id,
            self.desk.day,
            self._only.isChecked(),
            then=self._show,
            topic="line",
            heavy=True,
        )
        self.desk.read(self, link_kinds, then=self._kinds_are, topic="kinds")
        if self.stack.currentIndex():
            self._show_list()

    def _kinds_are(self, kinds: list[str]) -> None:
        self._kinds = tuple(kinds)

    def _again(self) -> None:
        self._kept = self.view.standing if self._drawn is not None else None
        self._seen = None
        self.list.forget()
        self.opened()

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.opened()

    def day_changed(self) -> None:
        self._shut()
        self._seen = None
        self.list.forget()
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if changes and not changes.keys() & TOLD:
            return
        if self.desk.page is self:
            self._again()
            if isinstance(self.panel, CardSide):
                self.panel.look()
        else:
            self._kept = self.view.standing if self._drawn is not None else None
            self._seen = None
            self.list.forget()

    def arrive(self, where: Mapping[str, Any]) -> None:
        if where.get("breaks"):
            self.show_breaks()
        if "establish" in where:
            self._mend(where["establish"], False)
        if "enter" in where:
            self._mend(where["enter"], True)

    # the drawing

    def _show(self, found: Drawn) -> None:
        self._drawn = found
        kept = self._kept if self._kept is not None and not self._only.isChecked() else None
        self.view.show_line(found, kept)
        self.cover.show_line(found)
        if self.panel is None:
            self.set_side(self.cover, narrow="hide")
        self._only.say(f"只看断点 {found.broken}")
        self._unfold.say("全部展开")
        cover = self.cover.cover()
        scope = f"{self.desk.scope_name}·{found.day.isoformat()}"
        self.head_facts.setText(f"{scope}·党组织跟着网格走，一级连一级")
        orgs = sum(level.organisations for level in found.levels)
        facts = [f"党组织 {orgs} 个"]
        if cover is not None and cover.wanted:
            facts.append(f"网格覆盖 {cover.organised}/{cover.wanted}")
        self.show_facts([*facts, f"断点 {found.broken} 处"])
        self._say_blank(found)

    def _no_grids(self) -> None:
        """The tree is not here yet, or there is none."""
        to_grids = button("去建网格", "sitemap", on_click=lambda: self.desk.go("grids"))
        self.blank.say("还没有网格，建了网格才有红线。", [to_grids])
        if self.panel is None:
            self.set_side(None)

    def _say_blank(self, found: Drawn) -> None:
        if not found.levels:
            words = "本办的治理模式没有写各级党组织，画不出红线。"
            settings = button("去设置里补上", "settings", on_click=lambda: self.desk.go("settings"))
            self.blank.say(words, [settings])
        elif self._only.isChecked() and not found.broken:
            back = button("看全部", "list-details", on_click=self._only.click)
            self.blank.say(f"“{self.desk.scope_name}”没有断点。", [back])
        else:
            self.blank.hide()

    def _fetch(self, grid_id: int) -> None:
        """What hangs below a card of a large office is asked for when it is opened."""
        self.desk.read(
            self,
            drawn,
            grid_id,
            self.desk.day,
            then=self._add,
            topic="branch",
            heavy=True,
        )

    def _add(self, found: Drawn) -> None:
        """Its columns are counted from its own top; here they stand further right."""
        if not found.cards or found.cards[0].grid_id not in self.view.cards:
            return
        shift = self.view.cards[found.cards[0].grid_id].column - found.cards[0].column
        self.view.add([replace(card, column=card.column + shift) for card in found.cards])

    def _open_all(self) -> None:
        if self._unfold.words() == "全部收起":
            self.view.fold_all()
            self._unfold.say("全部展开")
            return
        self.view.open_all()
        self._unfold.say("全部收起")
        if self._drawn is not None and self._drawn.cut:
            self.desk.say("网格太多，先展开到这一级；在左边选小一点的范围再展开。", can_undo=False)

    def _filter(self) -> None:
        self._kept = None
        if self.stack.currentIndex():
            self._show_list()
        self.opened()

    def _turn(self) -> None:
        """The same as a list, or as a drawing again."""
        self.stack.setCurrentIndex(int(self._as_list.isChecked()))
        self.setFocusProxy(self.list if self._as_list.isChecked() else self.view)
        if self._as_list.isChecked():
            self._show_list()
        self.setFocus()

    def show_breaks(self) -> None:
        """All breaks as a list."""
        self._only.setChecked(True)
        self._as_list.setChecked(True)
        self._turn()
        self.opened()

    def _show_list(self) -> None:
        filters = (Filter("state", (BROKEN,)),) if self._only.isChecked() else ()
        self.list.show_what(scope=self.desk.scope_id, day=self.desk.day, filters=filters)

    def _find(self) -> None:
        if not self.stack.currentIndex():
            self._as_list.setChecked(True)
            self._turn()
        self.filters.begin()

    # beside it

    def _show_break(self, grid_id: int) -> None:
        if grid_id in self.view.cards:
            self.view.go_to(grid_id)
            self.view.setFocus()
        self._open_card(grid_id)

    def _mend(self, grid_id: int, organised: bool) -> None:
        if grid_id in self.view.cards:
            self.view.go_to(grid_id)
        if organised:
            self.enter(grid_id)
        else:
            self.establish(grid_id)

    def _open_card(self, grid_id: int) -> None:
        card = self.view.cards.get(grid_id)
        if card is None:
            self.desk.read(self, _card_of, grid_id, self.desk.day, then=self._put_card, topic="card")
        else:
            self._put_card(card)

    def _put_card(self, card: Card) -> None:
        panel = CardSide(self.desk, card, self.may_edit, self.establish, self.enter)
        self._put(panel)
        panel.look()

    def establish(self, grid_id: int | None) -> None:
        """建立党组织, for a grid that lacks one."""
        if not self.may_edit or not self.desk.may_change():
            return
        if grid_id is None:
            self._put(OrgPanel(self.desk))
        else:
            self.desk.read(
                self,
                org_proposal,
                grid_id,
                self.desk.day,
                then=lambda found: self._put(OrgPanel(self.desk, found)),
                topic="proposal",
            )

    def enter(self, grid_id: int | None) -> None:
        """党员入格, for a grid that nobody answers for."""
        if not self.may_edit or not self.desk.may_change():
            return
        if grid_id is None:
            self._put(LinkPanel(self.desk, self._kinds))
            return

        def begin(found: LinkProposal) -> None:
            self._put(LinkPanel(self.desk, self._kinds, found))

        self.desk.read(self, link_proposal, grid_id, self.desk.day, then=begin, topic="proposal")

    def _put(self, panel: DeedPanel | CardSide) -> None:
        old, self.panel = self.panel, panel
        panel.closed.connect(self._close)
        if isinstance(panel, DeedPanel):
            panel.saved.connect(lambda _: self._close())
        self.set_side(panel)
        if isinstance(panel, DeedPanel):
            panel.begin()
        else:
            self.view.marked = panel.card.grid_id
            self.view.viewport().update()
        if old is not None:
            old.deleteLater()

    def _save(self) -> None:
        if isinstance(self.panel, DeedPanel):
            self.panel.save()

    def _shut(self) -> None:
        panel, self.panel = self.panel, None
        self.view.marked = None
        if panel is not None:
            self.set_side(self.cover, narrow="hide")
            panel.deleteLater()

    def _close(self) -> None:
        if self.panel is not None:
            self.setFocus()
            self._shut()

    def _export(self) -> None:
        if self._drawn is not None and self._drawn.cards:
            self._leaving.save(self._drawn.day, self.purpose.said())


def _card_of(session: Any, grid_id: int, day: Any) -> Card:
    """The card of a grid that is not drawn."""
    return drawn(session, grid_id, day, most=1).cards[0]


def _missing_cell(_: Any, words: str | None) -> Cell:
    return Cell(words, badge="warn") if words else Cell()
