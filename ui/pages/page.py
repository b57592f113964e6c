"""What every page is: a head with title and facts, a body, and at the right a drawer that gives way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from db.listening import Beside, Spot
from gridoffice.errors import NotFound
from ui.theme import look
from ui.together import in_words
from ui.widgets.drawer import Drawer
from ui.widgets.parts import Box, Child, column, label, row, size
from ui.widgets.side_panel import SidePanel
from ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from ui.main_window import MainWindow

COVERS_BELOW = 1180
"""A window narrower than this has no room beside the table: the drawer covers it."""


def unless_gone(desk: MainWindow, then: Callable[[], None]) -> Callable[[Exception], None]:
    """What is done when something cannot be read: `then` where it is not there any more, else that is said."""

    def wrong(error: Exception) -> None:
        then()
        if not isinstance(error, NotFound):
            desk.complain(error)

    return wrong


class Page(QWidget):
    """A page of the navigation. `desk` is the window: it reads, writes and works for the page."""

    key = ""
    words = ""
    icon = ""
    title = ""
    tab = ""
    """Its word among its sisters, where the one in the navigation stands for all of them."""
    reached_from = ""
    """The sister that stands in the navigation; a page that has none stands there itself."""
    scoped = True
    """Whether the scope pane stands open beside it; else it is folded to its rail."""

    facts_changed = Signal()
    rearranged = Signal()

    def __init__(self, desk: MainWindow):
        super().__init__()
        self.desk = desk
        self.setObjectName("content")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._facts: Sequence[str] = ()
        self._side: QWidget | None = None
        self._narrow = "cover"
        self.foot: QWidget | None = None
        """The bar at the bottom of the page, where it has one."""
        self.commands: dict[str, Callable[[], Any]] = {}
        """What the window's keys do here: find, new, save, print, import, export, next, …"""
        self.main = column(gap=0)
        self.main.setParent(self)
        self.head_facts = label("", "fact", elide=True)
        self._beside = label("", "fact")
        """Who else is at what the page itself shows."""
        self._beside.hide()

    # building

    def put_head(self, *right: Child) -> Box:
        """Title, one line of facts, and what stands at the right; below them the page's sisters."""
        made = row(
            label(self.title, "title"),
            (self.head_facts, 1),
            self._beside,
            *right,
            gap=12,
            margins=(20, 0, 20, 0),
            height=52,
        )
        self.main.put(made)
        sisters = self.sisters(self.desk.page_types)
        if len(sisters) > 1:
            strip = Tabs([one.tab or one.words for one in sisters], margin=20)
            strip.show_tab(sisters.index(type(self)))
            strip.picked.connect(lambda place: self._to_sister(strip, sisters[place].key))
            self.main.put(strip)
            gap = QWidget()
            size(gap, height=8)
            self.main.put(gap)
        return made

    @classmethod
    def sisters(cls, pages: Sequence[type[Page]]) -> list[type[Page]]:
        """The pages behind one word of the navigation, this one among them, in their order."""
        family = cls.reached_from or cls.key
        return [one for one in pages if (one.reached_from or one.key) == family]

    def _to_sister(self, strip: Tabs, key: str) -> None:
        strip.show_tab([one.key for one in self.sisters(self.desk.page_types)].index(self.key))
        self.desk.go(key)

    def put_bar(self, *children: Child, height: float = 40) -> Box:
        """A command bar."""
        made = row(*children, margins=(20, 0, 20, 0), height=height)
        self.main.put(made)
        return made

    def set_side(self, side: QWidget | None, narrow: str = "cover") -> None:
        """What stands at the right; None takes it away. In a narrow window it covers the rest
        ("cover"), gives way ("hide") or goes on pushing ("push"); "over" always covers."""
        self._narrow = narrow
        if self._side is not None and self._side is not side:
            self._side.hide()
        self._side = side
        if side is not None:
            side.setParent(self)
            side.show()
        self._arrange()
        self.tell_spot()

    def tell_spot(self) -> None:
        """Something else is looked at: the others are told, and those who were there are not here."""
        self._attend("")
        if self.desk.page is self:
            self.desk.together.look(self.spot)

    @property
    def side(self) -> QWidget | None:
        return self._side

    def _arrange(self) -> None:
        side = self._side
        if side is None:
            self.main.setGeometry(self.rect())
            self.rearranged.emit()
            return
        roomy = self.desk.width() >= look.px(COVERS_BELOW)
        side.setVisible(roomy or self._narrow != "hide")
        wide = min(side.maximumWidth(), side.sizeHint().width())
        pushes = (roomy and self._narrow != "over") or self._narrow == "push"
        taken = wide if pushes and not side.isHidden() else 0
        self.main.setGeometry(0, 0, self.width() - taken, self.height())
        side.setGeometry(self.width() - wide, 0, wide, self.height())
        side.raise_()
        self.rearranged.emit()

    def free_corner(self) -> QPoint:
        """The lower right corner that a toast may stand in: left of the side, above what acts."""
        side = self._side
        right = side.x() if side is not None and side.isVisible() else self.width()
        foot = self.foot
        return QPoint(right, self.height() - (foot.height() if foot is not None and foot.isVisible() else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def relook(self) -> None:
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(400), look.px(300))

    def show_facts(self, facts: Sequence[str]) -> None:
        """The left part of the status bar while this page is shown."""
        self._facts = tuple(facts)
        self.facts_changed.emit()

    @property
    def facts(self) -> Sequence[str]:
        return self._facts

    # what the window tells

    def opened(self) -> None:
        """The page is shown (again)."""

    def scope_changed(self) -> None:
        """Another grid, or another day, is looked at."""

    def day_changed(self) -> None:
        """Another day is looked at: everything is asked for again."""
        self.told({})
        self.scope_changed()

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        """Something was written: ids by table; empty when it cannot be said what."""

    @property
    def spot(self) -> Spot | None:
        """The record that is looked at, for others who look at the same one; what a panel fills in comes first."""
        return self._side.spot if isinstance(self._side, SidePanel) else None

    def attended(self, news: Beside) -> None:
        """Others look at the same record, or do no longer: said where it is shown."""
        if self.spot == news.spot:
            self._attend(in_words(news), any(changing for _, changing in news.people))

    def _attend(self, words: str, changing: bool = False) -> None:
        side = self._side
        if isinstance(side, Drawer | SidePanel):
            side.attend(words, changing)
            words = ""
        self._beside.setText(words)
        self._beside.setVisible(bool(words))

    def arrive(self, where: Mapping[str, Any]) -> None:
        """Another page sent the clerk here: what to show."""
