"""A page with a list that is read whole, one of its lines in a drawer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from db.listening import Spot
from ui.pages.page import Page
from ui.widgets.drawer import Drawer
from ui.widgets.head import Heading
from ui.widgets.models import SheetModel
from ui.widgets.parts import rule
from ui.widgets.table import Table

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class LinesPage(Page):
    """The list and its drawer. `_shown` is what the drawer tells of, None while it is closed."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self._shown: Any = None

    def put_lines(self, name: str, headings: Sequence[Heading], widths: Sequence[float]) -> None:
        """The table below all that stands there, and the drawer beside it."""
        self.model = SheetModel(list(headings), self)
        self.table = Table(self.model, name=name)
        self.table.set_widths(list(widths))
        self.table.opened.connect(self._open)
        self.table.current.connect(lambda number: self._open(number) if self._shown else None)
        self.main.put(rule())
        self.main.put((self.table, 1))
        self.setFocusProxy(self.table)
        self.drawer = Drawer()
        self.drawer.hide()
        self.drawer.closed.connect(self._close)
        self.drawer.step.connect(self._step)

    def _open(self, number: int) -> None:
        """Tell of the line of that number in the drawer."""
        raise NotImplementedError

    def _close(self) -> None:
        """Close what stands beside the list."""
        raise NotImplementedError

    def _number(self) -> int | None:
        """The number of the line that the drawer tells of, as the list has it now."""
        raise NotImplementedError

    @property
    def spot(self) -> Spot | None:
        number = self._number() if self.side is self.drawer and self._shown is not None else None
        return super().spot if number is None else Spot(self.key, number)

    def _step(self, step: int) -> None:
        number = self._number()
        if number is not None and number in self.model.ids:
            place = self.model.ids.index(number) + step
            if 0 <= place < len(self.model.ids):
                self.table.go(place)
                self._open(self.model.ids[place])

    def _leave(self) -> None:
        """Nothing stands beside the list any more."""
        self._shown = None
        self.model.mark(None)
        self.set_side(None)
        self.table.setFocus()
