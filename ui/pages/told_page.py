"""A list and, beside it, a drawer that tells of one of its lines; at times a panel in the drawer's place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from db.listening import Spot
from ui.pages.list_page import ListPage
from ui.pages.page import Page
from ui.widgets.drawer import Drawer
from ui.widgets.listing_table import ListingTable

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Telling(Page):
    """A page that tells of a line; `side` holds the drawer, or a panel that is filled in."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._shown: int | None = None
        self.panel: Any | None = None
        self.drawer = Drawer()
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)

    # what a page of this kind says of itself

    def list_shown(self) -> ListingTable:
        """The list whose lines are told of."""
        raise NotImplementedError

    def tell(self, line: Any) -> None:
        """Fill the drawer."""
        raise NotImplementedError

    # the drawer

    def attend(self, table: ListingTable) -> None:
        """Open what is opened in a list, and follow the keyboard while the drawer is open."""
        table.opened.connect(self._open)
        table.moved.connect(lambda number: self._open(number) if self._telling else None)

    @property
    def _telling(self) -> bool:
        return self._shown is not None and self.side is self.drawer

    @property
    def spot(self) -> Spot | None:
        number = self._shown if self._telling else None
        return super().spot if number is None else Spot(self.list_shown().listing.key, number)

    def _open(self, number: int) -> None:
        self._let_go()
        table = self.list_shown()
        self._shown = number
        table.go_to(number)
        table.model.mark(number)
        table.with_line(number, self._told)

    def _told(self, line: Any) -> None:
        if line.id == self._shown and self.panel is None:
            self.tell(line)
            self.set_side(self.drawer)

    def tell_again(self) -> None:
        """What the drawer tells may have changed."""
        if self._telling and self._shown is not None:
            self.list_shown().with_line(self._shown, self._told)

    def _step(self, step: int) -> None:
        other = self.list_shown().neighbour(self._shown, step) if self._shown is not None else None
        if other is not None:
            self._open(other)

    def show_panel(self, panel: Any, back: bool = False) -> None:
        """Something to be filled in, in the drawer's place; the line that was told of comes `back` when
        the panel is closed."""
        self._let_go()
        if not back:
            self._shown = None
            self.list_shown().model.mark(None)
        self.panel = panel
        panel.closed.connect(self._close)
        self.set_side(panel)
        panel.setFocus()

    def _let_go(self) -> None:
        """A panel goes for good; the drawer is kept."""
        panel, self.panel = self.panel, None
        if isinstance(panel, QWidget):
            self.list_shown().setFocus()  # before what has the keyboard goes away
            self.set_side(None)
            panel.deleteLater()

    def _save(self) -> None:
        if self.panel is not None:
            self.panel.save()

    def _close(self) -> None:
        """The nearest first: a panel, then the drawer."""
        if self.side is None and self.panel is None:
            return
        back = self._shown if self.panel is not None else None
        self._let_go()
        if back is not None and back in self.list_shown().model.ids:
            self._open(back)
            return
        self.leave_line()

    def leave_line(self) -> None:
        """Nothing is told of any more."""
        self._let_go()
        self._shown = None
        self.list_shown().model.mark(None)
        if self.side is not None:
            self.set_side(None)
            self.list_shown().setFocus()


class ToldPage(Telling, ListPage):
    """One list, and one of its lines in the drawer."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.attend(self.table)
        self.table.counted.connect(lambda _: self._stay())
        self.commands |= {"close": self._close, "save": self._save}

    def list_shown(self) -> ListingTable:
        return self.table

    def day_changed(self) -> None:
        self._close()
        super().day_changed()

    def _stay(self) -> None:
        """The list is here anew: what is told of is told as it is now, and a line that is gone is left."""
        if not self._telling:
            return
        if self._shown in self.table.model.ids:
            self.tell_again()
        else:
            self.leave_line()
