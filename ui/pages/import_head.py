"""认表头: which sheets are read, which rows are the head, and what each heading means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from gridoffice.errors import OfficeError
from gridoffice.fields import Column
from gridoffice.ledgers import LEDGERS
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.books import HIDDEN_SHEET
from gridoffice.spreadsheet.guide import Guide
from gridoffice.spreadsheet.heading_rows import DEEPEST
from gridoffice.spreadsheet.letters import letter
from ui.review_jobs import Top, Tops
from ui.reviewing import sentence
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.head import Heading
from ui.widgets.mapping_table import MappingLine, MappingTable
from ui.widgets.models import SheetModel
from ui.widgets.parts import Box, button, card, column, label, row, rule, scrolled, size
from ui.widgets.table import Table

SAMPLES = 3
"""So many texts below a heading show what is in its column."""
ROWS_SHOWN = 6.5
"""A half-visible row says that there is more."""


def mapping_lines(top: Top) -> list[MappingLine]:
    """Every heading of a sheet, what it is taken for, and what stands below it."""
    layout = top.layout
    if layout is None:
        return []
    taken = {mapped.index: mapped for mapped in layout.columns}
    beside = {mapped.index for block in layout.repeats for mapped in block}
    below = top.rows[layout.first_row - 1 :]
    found = []
    for index, heading in enumerate(layout.headings):
        if not heading:
            continue
        texts = (row[index] for row in below if index < len(row) and row[index])
        samples = tuple(dict.fromkeys(texts))[:SAMPLES]
        fixed = ""
        if index in beside:
            fixed = "旁边一组，同前面一样"
        elif headings.is_serial(heading) and index not in taken:
            fixed = "序号，不用读"
        elif headings.is_ours(heading):
            fixed = "上次的错误回执，不读"
        mapped = taken.get(index)
        how = mapped.how if mapped else headings.CHOSEN if heading in layout.left_out else ""
        found.append(
            MappingLine(letter(index), heading, samples, mapped.column.name if mapped else None, how, fixed)
        )
    return found


class HeadPanel(Box):
    """The second step. `read_so` with the guide the clerk made; `left` without a change; `looked`
    when the head is to be read by other rows."""

    read_so = Signal(object)
    looked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__((), True, 0, (0, 0, 0, 0), "", None, None)
        self.guide = Guide()
        self.tops: Tops | None = None
        self._current = 0
        self._boxes: list[QCheckBox] = []
        self._auto: tuple[str, ...] = ()
        self._why: Mapping[str, str] = {}
        self._busy = False
        self._said = column(gap=0, margins=(20, 0, 20, 8))
        self._sheets = column(gap=2, margins=(0, 0, 0, 8))
        self._sheets_part = column(
            label("读哪几张表", "strong"),
            scrolled(self._sheets),
            gap=6,
            margins=(20, 4, 0, 12),
            width=264,
        )
        self._rows = SheetModel([], ticks=True)
        self.rows = Table(self._rows, grid=True, name="表头在第几行")
        self._rows.setParent(self.rows)
        size(self.rows, height=36 + ROWS_SHOWN * 32)
        self._rows.ticks_changed.connect(self._rows_ticked)
        self._rows_words = label("", "fact", elide=True)
        self.mapping = MappingTable(none="不要")
        self.mapping.changed.connect(self._show_state)
        right = column(
            row(
                label("表头", "strong"),
                (self._rows_words, 1),
                margins=(20, 4, 20, 0),
                height=32,
            ),
            self.rows,
            8,
            (self.mapping, 1),
            gap=0,
        )
        self._first = label("", "strong", elide=True)
        self._second = label("", "fact", elide=True)
        self.apply = button("按这样读", "check", "primary", keys="Ctrl+S", on_click=self._apply)
        self.foot = row(
            (column(None, self._first, self._second, None, gap=0), 1),
            button("不改了", on_click=self.left.emit),
            self.apply,
            margins=(20, 0, 20, 0),
            name="actions",
            height=60,
        )
        middle = row(self._sheets_part, (right, 1), gap=0)
        self.put_all([self._said, (middle, 1), self.foot])
        self.setFocusProxy(self.mapping)

    # showing

    def show_tops(self, tops: Tops, guide: Guide, read: Sequence[str], why: Mapping[str, str]) -> None:
        """Show the heads of a file's sheets; `read` are the sheets that are read, `why` says of others
        why they are not."""
        self.tops, self.guide, self._auto, self._why = tops, guide, tuple(read), why
        names = [one.sheet for one in tops.sheets]
        self._current = next((place for place, name in enumerate(names) if name in read), 0)
        self._show_sheets()
        self._show_sheet()
        self.complain(None)

    def take_tops(self, tops: Tops) -> None:
        """The same heads, read by other rows."""
        self.tops = tops
        self._show_mapping()

    def complain(self, error: Exception | None) -> None:
        """What stands in the way of reading the file so."""
        self._said.clear()
        if error is not None:
            self._said.put(note("err", sentence(error)))
        self._said.setVisible(error is not None)

    @property
    def top(self) -> Top:
        assert self.tops is not None
        return self.tops.sheets[self._current]

    def _show_sheets(self) -> None:
        assert self.tops is not None
        self._sheets.clear()
        self._boxes = []
        self._sheets_part.setVisible(len(self.tops.sheets) > 1)
        for place, one in enumerate(self.tops.sheets):
            box = QCheckBox(one.sheet if len(one.sheet) <= 14 else f"{one.sheet[:13]}…")
            box.setToolTip(one.sheet)
            box.setChecked(one.sheet in self._auto)
            box.clicked.connect(lambda _, place=place: self._sheet_ticked(place))
            self._boxes.append(box)
            look_at = button(
                "看", kind="link", tip=f"看“{one.sheet}”的表头", on_click=lambda p=place: self._go(p)
            )
            hidden = "藏起来的，" if one.hidden and self._why.get(one.sheet) != HIDDEN_SHEET else ""
            why = self._why.get(one.sheet)
            said = f"{hidden}{why}，没有读" if why else f"{hidden}没有读" if hidden else ""
            lines = column(
                row(box, None, label(f"{one.count} 行", "hint"), look_at, gap=4, height=32),
                *([row(24, label(said, "hint"), None, gap=0)] if said else []),
                gap=0,
                margins=(0, 0, 8, 4),
            )
            self._sheets.put(lines)
        self._sheets.put(None)

    def _go(self, place: int) -> None:
        self._current = place
        self._show_sheet()

    def _sheet_ticked(self, place: int) -> None:
        self._go(place)
        self._show_state()

    def _show_sheet(self) -> None:
        top = self.top
        widest = max((len(one) for one in top.rows), default=1)
        self._busy = True
        self._rows.take(
            [
                (number, [Cell(str(number), right=True, tone="text2"), *(Cell(text) for text in texts)])
                for number, texts in enumerate(top.rows, 1)
            ],
            [Heading("行", right=True), *(Heading(letter(index)) for index in range(widest))],
        )
        self.rows.relook()
        self.rows.set_widths([36, 48, *(_width(top, index) for index in range(widest))])
        self._rows.clear_ticks()
        if top.layout is not None:
            self._rows.tick(top.layout.header_rows)
        self._busy = False
        if top.layout is not None:
            self.rows.scrollTo(self._rows.index(max(0, top.layout.header_rows[0] - 2), 0))
        self._show_mapping()

    def _show_mapping(self) -> None:
        assert self.tops is not None
        self.mapping.show_lines(mapping_lines(self.top), self.tops.columns)
        self._show_state()

    # choosing

    def _rows_ticked(self) -> None:
        """Other rows are the head: one block of at most three, the last tick counts."""
        if self._busy:
            return
        ticked = sorted(self._rows.ticked_ids())
        if not ticked:
            self._show_state()
            return
        last = self.rows.currentIndex().row() + 1
        block = tuple(number for number in ticked if abs(number - last) < DEEPEST) or (ticked[-1],)
        block = tuple(range(block[0], block[-1] + 1))[:DEEPEST]
        if list(block) != ticked:
            self._busy = True
            self._rows.clear_ticks()
            self._rows.tick(block)
            self._busy = False
        self.guide = replace(self.guide, header_rows=block)
        self.looked.emit(self.guide)

    def chosen(self) -> Guide:
        """The guide as it now stands."""
        ticked = tuple(
            one.sheet for one, box in zip(self.tops.sheets, self._boxes, strict=True) if box.isChecked()
        ) if self.tops else ()  # fmt: skip
        sheets = self.guide.sheets if set(ticked) == set(self._auto) else ticked
        return replace(self.guide, forced={**self.guide.forced, **self.mapping.forced()}, sheets=sheets)

    def missing(self) -> list[Column]:
        """The columns that must be there and that no heading stands for."""
        given = {self.mapping.field_of(place) for place in range(len(self.mapping.lines))}
        assert self.tops is not None
        return [what for what in self.tops.columns if what.field.required and what.name not in given]

    def _show_state(self) -> None:
        if self.tops is None:
            return
        layout = self.top.layout
        rows = "、".join(map(str, layout.header_rows)) if layout else ""
        self._rows_words.setText(
            f"第 {rows} 行是表头。不对就勾上对的那一行，两三行的表头一起勾。"
            if layout
            else "没找到表头。勾上表头所在的那一行。"
        )
        places = [place for place in self.mapping.choices]
        given = sum(self.mapping.field_of(place) is not None for place in places)
        unused = len(places) - given
        self._first.setText(f"{given} 列已对上" + (f"，{unused} 列用不上" if unused else ""))
        missing = self.missing()
        sheets = not any(box.isChecked() for box in self._boxes)
        if missing:
            words = "、".join(f"“{what.field.label}”" for what in missing)
            self._second.setText(f"还没有{words}列，给它指一列才能读。")
        elif sheets:
            self._second.setText("一张表也没勾，勾上要读的。")
        else:
            self._second.setText("写入后记住，下次同样的表头不用再指。")
        stopped = bool(missing) or sheets or layout is None
        self.apply.setEnabled(not stopped)
        self.apply.setToolTip(self._second.whole() if stopped else "按这样重新读一遍　Ctrl+S")

    def _apply(self) -> None:
        if self.apply.isEnabled():
            self.read_so.emit(self.chosen())


def _width(top: Top, index: int) -> float:
    longest = max((_half(one[index]) for one in top.rows[:12] if index < len(one)), default=4)
    return min(max(64.0, 20 + 7.5 * longest), 180.0)


def _half(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


class RefusedPanel(Box):
    """A file that cannot be read as this ledger: why, what is missing, what is unknown, and what to do."""

    def __init__(
        self,
        choose: Callable[[], Any],
        head: Callable[[], Any],
        other: Callable[[str], Any],
        back: Callable[[], Any],
    ):
        self._inside = card(gap=10, margins=(24, 20, 24, 20))
        super().__init__((self._inside, None), True, 0, (20, 8, 20, 20), "", None, None)
        self._choose, self._head, self._other, self._back = choose, head, other, back

    def show_error(self, error: Exception, name: str, title: str, tops: Tops | None) -> None:
        """The sentence, the columns in question, and the ways on that there are."""
        self._inside.clear()
        problems = error.problems if isinstance(error, OfficeError) else ()
        missing = [one.field for one in problems if one.field and not one.value]
        unknown = [one.value for one in problems if one.value]
        better = tops.better if tops is not None else None
        heading = f"“{name}”不像{title}" if tops is not None else f"“{name}”读不出来"
        self._inside.put(label(heading, "section", wrap=True))
        if better is not None:
            self._inside.put(label(f"看表头，这是{LEDGERS[better].title}。", wrap=True))
        elif not unknown:
            self._inside.put(label(sentence(error), wrap=True))
        rows = sorted({one.row for one in problems if one.row})
        header = [f"第 {'、'.join(map(str, rows))} 行"] if rows else []
        for words, names in (("缺这些列", missing), ("不认识的列", unknown), ("当作表头", header)):
            if names:
                named = label("、".join(map(str, names)), wrap=True)
                caption = label(words, "hint")
                size(caption, 80)
                self._inside.put(row(caption, (named, 1), gap=8))
        self._inside.put_all([4, rule(), 4])
        ways = []
        if better is not None:
            ways.append(
                button(
                    f"按{LEDGERS[better].title}读",
                    "check",
                    "primary",
                    on_click=lambda: self._other(better),
                )
            )
        ways.append(
            button(
                "换一份文件", "folder-open", "" if better else "primary", keys="Ctrl+O", on_click=self._choose
            )
        )
        if tops is not None:
            ways.append(button("指给它看哪列是什么", "table-export", on_click=self._head))
        ways.append(button("回到开头", on_click=self._back))
        self._inside.put(row(*ways, None, gap=8))
        self.setFocusProxy(ways[0])
        ways[0].setFocus()
