"""Named ways of looking at a list, below a button of the page: taken with one click, kept alone or shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from db.enums import Right
from gridoffice import settings
from gridoffice.accounts.rules import may
from gridoffice.errors import OfficeError
from gridoffice.views import (
    LONGEST,
    View,
    named,
    plain_view,
    share_view,
    shared_views,
    unshare_view,
    view_from,
)
from ui.widgets.column_layout import ColumnLayout
from ui.widgets.parts import Box, Input, button, column, label, row, rule
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WORDS = "视图"


class Views(QObject):
    """The views of one list, and the button that offers them: it bears the name of the one that is taken."""

    def __init__(self, desk: MainWindow, page: QWidget, kept: ColumnLayout, listing: str):
        super().__init__(page)
        self.desk, self.kept, self.listing = desk, kept, listing
        self._key = f"views {desk.office.who.name} {listing}"
        self._taken: View | None = None
        self.panel: ViewsPanel | None = None
        self.button = button(
            WORDS, "list-details", "link", tip="把筛选、排序和列记成一个名字，一点就回来", on_click=self.offer
        )
        kept.table.asked.connect(self._say_taken)
        kept.changed.connect(self._say_taken)

    # the clerk's own

    def own(self) -> list[View]:
        """What the clerk keeps alone, by name."""
        kept = settings.recall(self._key)
        found = map(view_from, kept if isinstance(kept, list) else ())
        return sorted((one for one in found if one is not None), key=lambda one: one.name)

    def keep(self, view: View) -> None:
        """Keep a view alone; one of the same name is replaced."""
        self._keep([*(one for one in self.own() if one.name != view.name), view])
        self.taken(view)

    def drop(self, view: View) -> None:
        self._keep([one for one in self.own() if one.name != view.name])

    def _keep(self, views: Sequence[View]) -> None:
        settings.remember(self._key, [plain_view(one) for one in views])

    # taking one

    def take(self, view: View) -> None:
        """Look at the list as the view says."""
        self.kept.take(view.look)
        self.taken(view)

    def taken(self, view: View) -> None:
        """The list is looked at as this view says: the button bears its name until it no longer is."""
        self._taken = view
        self._say_taken()

    def is_taken(self, view: View) -> bool:
        """Whether the list is looked at so now; widths do not count."""
        return _without_widths(view.look) == _without_widths(self.kept.look())

    def _say_taken(self) -> None:
        taken = self._taken
        self.button.say(taken.name if taken is not None and self.is_taken(taken) else WORDS)

    # offering them

    def offer(self) -> None:
        """Open the panel below the button, once what is shared is known."""
        self.desk.read(self, shared_views, self.listing, then=self._open, topic="views")

    def _open(self, shared: list[View]) -> None:
        panel = self.panel = ViewsPanel(self, shared)
        popover = Popover(self.desk, panel, 320)
        place = QRect(self.button.mapTo(self.desk, QPoint(0, 0)), self.button.size())
        popover.open_at(place)
        panel.wants_room.connect(lambda: popover.open_at(place))
        panel.done.connect(popover.shut)
        popover.take_keyboard()


def _without_widths(look: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in look.items() if name != "widths" and value}


class ViewsPanel(Box):
    """The content of the popover: the views, each a click away, and a line to name the present look."""

    wants_room = Signal()
    done = Signal()

    def __init__(self, views: Views, shared: Sequence[View]):
        super().__init__([], True, 4, (12, 8, 12, 12), "", None, None)
        self.views, self._shared = views, list(shared)
        self._listed = column(gap=0)
        self.put(label("视图", "strong"))
        self.put(self._listed)
        self.put(rule())
        self.name = Input("给现在的样子起个名字", name="视图的名字")
        self.name.setMaxLength(LONGEST)
        self.name.returnPressed.connect(self._save)
        self.put(row((self.name, 1), button("记下", on_click=self._save), gap=8))
        self.everybody = QCheckBox("大家都能用")
        self.everybody.setVisible(self._may_share)
        self.put(self.everybody)
        self._wrong = label("", "error", wrap=True)
        self._wrong.hide()
        self.put(self._wrong)
        self._list()

    @property
    def _may_share(self) -> bool:
        return may(self.views.desk.office.who.role, Right.EDIT_PEOPLE)

    def _list(self, dropped: View | None = None) -> None:
        self._listed.clear()
        every = [*self._shared, *self.views.own()]
        for view in every:
            self._listed.put(self._line(view))
        if not every and dropped is None:
            words = "筛选好、排好、收起不看的列，起个名字记下，下回一点就是这个样子。"
            self._listed.put(label(words, "small", wrap=True))
        if dropped is not None:
            back = button("放回去", kind="link", on_click=lambda: self._put_back(dropped))
            self._listed.put(row(label(f"去掉了“{dropped.name}”。", "small"), None, back))
        self.wants_room.emit()

    def _line(self, view: View) -> Box:
        taken = self.views.is_taken(view)
        parts = [
            button(view.name, "check" if taken else "", "quiet", on_click=lambda: self._take(view)),
            None,
        ]
        if view.by:
            parts.append(label("共用", "hint"))
        if not view.by or self._may_share:
            away = button("", "x", "quiet", tip=f"去掉视图“{view.name}”", on_click=lambda: self._drop(view))
            parts.append(away)
        return row(*parts, gap=4, height=34)

    def _take(self, view: View) -> None:
        self.done.emit()
        self.views.take(view)

    def _put_back(self, view: View) -> None:
        self.views.keep(view)
        self._list()

    def _drop(self, view: View) -> None:
        if not view.by:
            self.views.drop(view)
            self._list(view)
            return
        self._write(unshare_view, view.name)

    def _save(self) -> None:
        look = self.views.kept.look()
        try:
            name = named(self.name.text())
        except OfficeError as error:
            self._refuse(error)
            return
        if self.everybody.isChecked():
            self._write(share_view, name, look)
            return
        self.views.keep(View(name, look))
        self.done.emit()
        self.views.desk.say(f"记下了视图“{name}”。", can_undo=False)

    def _write(self, service: Callable[..., None], name: str, *look: Mapping[str, Any]) -> None:
        views = self.views

        def done(_: Any) -> None:
            self.done.emit()
            for one in look:
                views.taken(View(name, one, views.desk.office.who.name))

        views.desk.write(views, service, views.listing, name, *look, then=done, wrong=self._refuse)

    def _refuse(self, error: Exception) -> None:
        """What was typed stays; why it cannot be kept so stands below it."""
        self._wrong.setText(error.message if isinstance(error, OfficeError) else str(error))
        self._wrong.show()
        self.wants_room.emit()
        self.name.setFocus()
