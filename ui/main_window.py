"""The window: navigation, scope, page, status."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.enums import Reach, Right
from gridoffice import settings
from gridoffice.accounts.rules import may
from gridoffice.audit import Alarm, alarms
from gridoffice.entering import Before, in_words
from gridoffice.errors import Lost
from gridoffice.grids.history import change_days
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.tree import ancestors, children
from gridoffice.history import redo, undo
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.progress import Step
from ui.day_panel import offer_days
from ui.keys import bind
from ui.lock import Lock
from ui.quick_search import QuickSearch
from ui.shell import Banner, Busy, Nav, StatusBar, Toast, TopBar
from ui.standing import Standing
from ui.tasks import Fault, TaskRunner
from ui.theme import SIZES, Theme, look
from ui.widgets import charts
from ui.widgets.parts import button, relook_all
from ui.widgets.popover import Popover
from ui.widgets.scope import ScopePane
from ui.widgets.side_panel import SidePanel

FOLDS_BELOW = 1366
"""A window narrower than this folds the scope pane to its rail."""
LEAST = (1024, 640)
LARGE, MANY = 20_000, 5_000
"""People, and grids, from which on an office is large."""


class MainWindow(Standing):
    """The one window of the program."""

    def __init__(self, office: Office, runner: TaskRunner, pages: list[type]):
        super().__init__(office, runner)
        self._looked_at: date | None = None
        self.page_types = tuple(pages)
        self._types = {page.key: page for page in pages}
        self.pages: dict[str, Any] = {}
        self.unattended = False
        """Nobody sits before the window (screenshots): nothing may ask, faults are only kept."""
        self.faults: list[Fault] = []
        self.lock = Lock(self)
        self._folded_by_hand: bool | None = None
        self._name = office.read(settings.setting, settings.NAME, "")
        self.setWindowTitle(self._name)
        self._build(pages)
        bind(self)
        self.attend()
        look.changed.connect(self._relook)
        charts.library.wanted.connect(self._fetch_charts)
        self._relook()
        self._kept()

    # building

    def _build(self, pages: list[type]) -> None:
        root = QWidget()
        root.setObjectName("root")
        self.nav = Nav(
            [(page.key, page.words, page.icon) for page in pages if self._stands_in(page) == page.key]
        )
        self.nav.picked.connect(self.go)
        who = self.office.who
        self.top = TopBar(self._name, who.display, who.role.label, self.larger, self.next_theme, self.help)
        self.busy = Busy()
        self.scope = ScopePane(
            self.runner,
            lambda parent: self.office.read(children, parent, self.day),
            lambda number: self.office.read(ancestors, number, self.day),
            self.find_grids,
        )
        self.scope.changed.connect(self._scope_changed)
        self.scope.folded_by_hand.connect(self._folded)
        self.scope.day_wanted.connect(self._choose_day)
        self.scope.setHidden(who.reach is Reach.NONE)
        self.scope.tree.drags = may(self.office.who.role, Right.EDIT_GRIDS)
        self.scope.tree.dropped.connect(lambda grids, to: self.go("grids", move=(grids, to)))
        self.stack = QStackedWidget()
        self.banner = Banner()
        self.status = StatusBar()
        self.status.undo_wanted.connect(self.undo)
        self.status.cancel_wanted.connect(self.cancel)
        content = QWidget()
        content.setObjectName("content")
        self._content = content
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.banner)
        inner.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.scope)
        middle.addWidget(content, 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.busy)
        right.addLayout(middle, 1)
        right.addWidget(self.status)
        whole = QHBoxLayout(root)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.nav)
        whole.addLayout(right, 1)
        self.setCentralWidget(root)
        self.toast = Toast(content, self.undo, self._toast_corner)
        self.search = QuickSearch(self, self.top.search)
        content.installEventFilter(self)

    def command(self, name: str) -> None:
        """Have the page do what a key stands for, if it can. Closing begins with what is on top."""
        floating = [one for one in self.findChildren(Popover) if one.isVisible()]
        if name == "close" and floating:
            floating[-1].shut()
            return
        if name == "import" and "import" not in self.page.commands:
            self.go("import")
            return
        side = self.page.side
        nearer = side.commands if isinstance(side, SidePanel) else {}
        action = nearer.get(name) or self.page.commands.get(name)
        if action is not None:
            action()

    # pages

    @property
    def page(self) -> Any:
        return self.stack.currentWidget()

    def page_of(self, key: str) -> Any:
        """The page, built when it is first needed."""
        if key not in self.pages:
            made = self._types[key](self)
            made.facts_changed.connect(lambda: self._show_facts(made))
            made.rearranged.connect(self.toast.place)
            self.pages[key] = made
            self.stack.addWidget(made)
            relook_all(made)
        return self.pages[key]

    def _stands_in(self, page: type) -> str:
        """Which word of the navigation a page stands behind; one whose own is not there stands there itself."""
        return page.reached_from if page.reached_from in self._types else page.key

    def go(self, key: str, **where: Any) -> None:
        """Show a page; `where` says what it is to show there."""
        for floating in self.findChildren(Popover):
            floating.shut()
        try:
            page = self.page_of(key)
        except Lost as error:  # it was never open before: there is nothing of it to show
            self.complain(error)
            self.nav.show_current(self._stands_in(type(self.page)))
            return
        self.stack.setCurrentWidget(page)
        self.nav.show_current(self._stands_in(type(page)))
        self.show_standing()
        self._fold_as_fits()
        self.toast.place()
        self._show_facts(page)
        page.setFocus()
        page.opened()
        self.together.look(page.spot)
        if where:
            page.arrive(where)

    def turn(self, step: int) -> None:
        """The sister before or after the page that is shown, as Excel goes from sheet to sheet."""
        page = self.page
        sisters = page.sisters(self.page_types)
        place = sisters.index(type(page)) + step
        if 0 <= place < len(sisters):
            self.go(sisters[place].key)

    def _show_facts(self, page: Any) -> None:
        if page is self.page:
            self.status.show_facts(page.facts)

    # the day

    @property
    def day(self) -> date:
        """The day that is looked at."""
        return self._looked_at or date.today()

    @property
    def past(self) -> bool:
        """A day before today is looked at: nothing can be changed there."""
        return self._looked_at is not None

    def look_at(self, day: date | None) -> None:
        """Look at another day; None is today, whenever that is."""
        for floating in self.findChildren(Popover):
            floating.shut()
        self._looked_at = day
        self.scope.show_day(day)
        self.scope.reload()
        self.show_standing()
        for page in self.pages.values():
            page.day_changed()

    def may_change(self) -> bool:
        """Whether today is looked at; else says why nothing can be changed."""
        if self.past:
            self.say(f"看的是 {self.day.isoformat()}，回到今天再改。", can_undo=False)
        return not self.past

    def _choose_day(self) -> None:
        self.read(
            self, change_days, then=lambda days: offer_days(self, self.scope.day_button(), days), topic="days"
        )

    # scope

    @property
    def scope_id(self) -> int | None:
        return self.scope.node.id if self.scope.node is not None else None

    @property
    def scope_name(self) -> str:
        return self.scope.node.name if self.scope.node is not None else self._name

    def _scope_changed(self, _node: object) -> None:
        for page in self.pages.values():
            page.scope_changed()

    def find_grids(self, text: str) -> list[tuple[int, str]]:
        """In the thread: grids by name or number, with the grid above them."""
        found = self.office.read(GRIDS.ids, Ask(search=text, day=self.day))[:12]
        return [
            (line.id, f"{line.name}　{line.parent or ''}") for line in self.office.read(GRIDS.rows, found)
        ]

    def _folded(self, folded: bool) -> None:
        self._folded_by_hand = folded

    def _fold_as_fits(self) -> None:
        narrow = self.width() < look.px(FOLDS_BELOW)
        page = self.page
        wants = page is None or page.scoped
        self.scope.fold(self._folded_by_hand if self._folded_by_hand is not None else narrow or not wants)

    # what the desk asks of the window

    @property
    def large(self) -> bool:
        """Whether whole-office questions take so long that a thread would make the window stutter."""
        root = self.scope.model.node(self.scope.model.index(0, 0))
        return root is not None and (root.workers > LARGE or root.counts.grids > MANY)

    def show_progress(self, step: Step | None) -> None:
        self.status.show_work(step)
        share = step.done / step.total if step is not None and step.total else 0.5
        self.busy.show_share(None if step is None else share)

    # undo

    def undo(self) -> None:
        if may(self.office.who.role, Right.UNDO):
            self.runner.do(
                self, lambda: self.office.write(undo, own=True), on_done=self.tell, on_error=self.complain
            )

    def redo(self) -> None:
        if may(self.office.who.role, Right.UNDO):
            self.runner.do(
                self, lambda: self.office.write(redo, own=True), on_done=self.tell, on_error=self.complain
            )

    # size and theme

    def larger(self) -> None:
        """The next size of 大字; after the largest, normal again."""
        place = SIZES.index(look.scale) if look.scale in SIZES else 0
        look.wear(scale=SIZES[(place + 1) % len(SIZES)])
        settings.remember("scale", look.scale)

    def smaller(self) -> None:
        place = SIZES.index(look.scale) if look.scale in SIZES else 0
        look.wear(scale=SIZES[max(0, place - 1)])
        settings.remember("scale", look.scale)

    def next_theme(self) -> None:
        """Light and dark in turn; high contrast is chosen in the settings."""
        self.wear(Theme.LIGHT if look.theme is Theme.DARK else Theme.DARK)

    def wear(self, theme: Theme) -> None:
        look.wear(theme)
        settings.remember("theme", theme.value)

    def _relook(self) -> None:
        relook_all(self)
        self.setMinimumSize(*LEAST)
        self._fold_as_fits()

    # what floats

    def help(self) -> None:
        self.search.help()

    def _toast_corner(self) -> tuple[int, int]:
        """Right and bottom edge of what is free of the page, in the content's coordinates."""
        page = self.page
        if page is None:
            return self._content.width(), self._content.height()
        edge = self.stack.mapTo(self._content, page.free_corner())
        return edge.x(), edge.y()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._content and event.type() is QEvent.Type.Resize:
            self.toast.place()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_as_fits()
        self.lock.resized()

    def start(self) -> None:
        """After the first paint: the tree, the worker process."""
        self.scope.reload()
        self.together.begin()
        QTimer.singleShot(0, self.runner.start)
        self.keeper.begin()

    def welcome(self, before: Before) -> None:
        """Somebody came in by a password: how it was the last time, and from now on the window locks when
        nobody sits here."""
        self.say(in_words(before), can_undo=False)
        self.lock.read_policy()
        if may(self.office.who.role, Right.AUDIT):
            self.read(self, alarms, then=self._alarmed, topic="alarms")

    def _alarmed(self, found: list[Alarm]) -> None:
        if found:
            words = found[0].words if len(found) == 1 else f"{found[0].words}另有 {len(found) - 1} 件要看。"
            look_at = button("看变动记录", kind="link", on_click=lambda: self.go("journal", ask=found[0].ask))
            self.banner.say("warn", "alert-triangle", words, look_at)

    def _fetch_charts(self) -> None:
        """The first chart has something to show: import what plots it beside the window's thread."""
        self.runner.ask(self, charts.load, on_done=charts.library.arrive, topic="charts")

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_leave():
            event.ignore()
            return
        self.runner.close()
        event.accept()
