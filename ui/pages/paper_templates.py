"""本办的模板: what is being written kept as a template, the office's own listed and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect

from gridoffice.papers.drafts import as_template
from gridoffice.papers.numbering import KINDS
from gridoffice.papers.templates import LONGEST_TITLE, Template, keep_template, remove_template, templates
from ui.widgets.parts import Box, Button, Choice, Input, button, column, label, row, rule
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from ui.pages.writing import WritingPage

WIDTH = 340


class PaperTemplates(QObject):
    """Below the button of the page: what is open can be kept, what is kept can go."""

    def __init__(self, page: WritingPage):
        super().__init__(page)
        self._page = page
        self.popover: Popover | None = None
        self.name = Input()
        self.kind = Choice()
        self.own: Box = column(gap=2)

    def offer(self, anchor: Button) -> None:
        """Show the panel."""
        page = self._page
        known = page.templates
        self.own = column(gap=2)
        parts: list[Box] = []
        if page.writing is not None:
            of = known.get(page.writing.template)
            self.name = Input("例如：防汛值班通知", name="模板名称")
            self.name.setMaxLength(LONGEST_TITLE)
            self.name.setText(of.title if of is not None and of.own else "")
            self.kind = Choice([(one, one) for one in KINDS], "文种")
            self.kind.setCurrentIndex(max(0, self.kind.findData(of.kind if of is not None else "")))
            self.name.returnPressed.connect(self.keep)
            keep = button("存为模板", "device-floppy", on_click=self.keep)
            parts = [
                column(
                    label("把这份存为模板", "section"),
                    label("正文里的数字仍随资料变，日期和字号不存；名称相同的换掉。", "hint", wrap=True),
                    row((self.name, 1), self.kind, gap=8),
                    row(None, keep),
                    gap=8,
                ),
                column(rule()),
            ]
        content = column(*parts, label("本办的模板", "section"), self.own, gap=8, margins=(16, 12, 16, 12))
        self._list(known)
        self.popover = Popover(page.desk, content, WIDTH)
        self.popover.open_at(QRect(anchor.mapTo(page.desk, QPoint(0, 0)), anchor.size()))
        self.popover.take_keyboard()

    def _list(self, known: Mapping[str, Template]) -> None:
        own = [one for one in known.values() if one.own]
        if not own:
            self.own.put(label("还没有。打开一份草稿，就能存成模板。", "fact", wrap=True))
        for one in own:
            begin = button(
                f"{one.title}（{one.kind}）",
                "file-text",
                "quiet",
                tip="用它新拟一份",
                on_click=lambda key=one.key: self._begin(key),
            )
            away = button(
                "", "x", "quiet", tip=f"删去“{one.title}”", on_click=lambda key=one.key: self._remove(key)
            )
            away.setEnabled(self._page.may_write)
            self.own.put(row(begin, None, away, gap=4))

    def _shut(self) -> None:
        if self.popover is not None:
            self.popover.shut()
            self.popover = None

    def _begin(self, key: str) -> None:
        page = self._page
        self._shut()
        page.leave_safely(lambda: page.begin(key))

    def keep(self) -> None:
        """Keep what stands in the editor and the fields under the name that was written."""
        page = self._page
        if page.writing is None or not page.may_write:
            return
        made = as_template(page.meant(), self.name.text(), self.kind.currentData())
        self._shut()
        page.desk.write(page, keep_template, made, then=lambda _: self.read())

    def _remove(self, key: str) -> None:
        self._shut()
        self._page.desk.write(self._page, remove_template, key, then=lambda _: self.read())

    def read(self) -> None:
        """The templates as they are now, for the menus of the page."""
        self._page.desk.read(self._page, templates, then=self._known, topic="templates")

    def _known(self, known: Mapping[str, Template]) -> None:
        self._page.templates = known
