"""上岗: somebody takes a post in a grid on a day, from the reserve list, another grid, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from PySide6.QtCore import Signal

from db.enums import Employment
from gridoffice.errors import OfficeError
from gridoffice.fields import Field, Kind, columns
from gridoffice.people.rows import NAME
from gridoffice.workers.reserve import appoint
from ui.pages.posts_panel import post_titles
from ui.widgets.badges import note
from ui.widgets.form import Form
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import button, label
from ui.widgets.person_picker import PersonPicker
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Appointing:
    """What is asked of whoever takes a post."""

    person: Annotated[str | None, NAME]
    grid: Annotated[str | None, Field("到哪个网格", Kind.GRID, required=True)]
    title: Annotated[str | None, Field("任职务")]
    employment: Annotated[Employment | None, Field("专兼职", Kind.CODE, codes=Employment)]
    day: Annotated[date | None, Field("到任日期", Kind.DATE, required=True)]
    reason: Annotated[str | None, Field("任职原因", hint="例如：补空缺")] = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beforehand: numbers with their words; `posts` are the titles that would do."""

    person: tuple[int, str] | None = None
    grid: tuple[int, str] | None = None
    posts: Sequence[str] = ()


class AppointPanel(SidePanel):
    """Who, where, as what, from when; `done` once it is written."""

    done = Signal()

    def __init__(self, desk: MainWindow, known: Known):
        super().__init__("上岗")
        self.desk, self._known = desk, known
        self.form: Form | None = None
        self.act(
            button("上岗", "check", "primary", keys="Ctrl+S", on_click=self.save),
            button("取消", on_click=self.closed.emit),
        )
        desk.read(self, post_titles, then=self._begin, topic="titles")

    def _begin(self, titles: Sequence[str]) -> None:
        known = self._known
        who = PersonPicker(self.desk)
        where = GridPicker(self.desk.runner, self.desk.find_grids, "到哪个网格")
        offered = list(known.posts) or list(titles)
        empty = Appointing(None, None, offered[0] if known.posts else None, None, self.desk.day)
        form = self.form = Form(
            columns(Appointing), empty, {"title": offered}, pickers={"person": who, "grid": where}
        )
        for picker, found in ((who, known.person), (where, known.grid)):
            if found is not None:
                picker.choose(*found)
        self.inside.put(form)
        told = "已有主要岗位的人从那里调来，原岗位前一天结束；后备名册里的人记为已上岗。"
        self.inside.put(label(told, "hint", wrap=True))
        self.inside.put(None)
        form.first().setFocus()

    def save(self) -> None:
        """Write it; what forbids it is said here."""
        form = self.form
        if form is None or form.take() is None:
            return
        said = {name: field.take()[0] for name, field in form.fields.items()}
        self.desk.write(
            self,
            appoint,
            said["person"],
            said["grid"],
            said["title"] or None,
            said["day"],
            said["reason"],
            said["employment"],
            then=lambda _: self.done.emit(),
            wrong=self._refused,
        )

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, OfficeError):
            self.desk.complain(error)
        elif self.form is None or not self.form.complain(error.problems):
            self.judge(note("err", error.message))


def shown_panel(panel: Any, page: Any) -> bool:
    """Whether a panel stands beside the list of a page."""
    return panel is not None and page.side is panel
