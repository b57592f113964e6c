"""Typing over cells of a file under review, as in Excel: F2 or a letter, Enter down, Tab right, paste,
fill down, and Ctrl+Z for what was typed last.

What is typed is no change of the clerk's file: it becomes a correction (`Options.fixes`), and the file
is checked again with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent

from gridoffice.fields import Column
from gridoffice.intake import Planned
from gridoffice.spreadsheet.taking import RowKey
from gridoffice.values import show
from ui.theme import look
from ui.widgets.entry import CellEditor
from ui.widgets.preview import Fixes
from ui.widgets.preview_table import PreviewTable

MOST = 5_000
"""A paste of more rows belongs into the workbook."""

Rows = Callable[[Sequence[int], Callable[[list[Planned]], None]], None]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed over cells in one go, with the corrections as they were before."""

    before: Fixes
    cells: int


class PreviewTyping(QObject):
    """Makes the table's cells writable. `put` has the file checked with other corrections; `rows`
    answers rows that are not in sight; `refuse` says why nothing was changed."""

    def __init__(
        self,
        table: PreviewTable,
        put: Callable[[Fixes], None],
        rows: Rows,
        refuse: Callable[[str], None],
    ):
        super().__init__(table)
        self.table, self.sheet = table, table.sheet
        self._put, self._rows, self._refuse = put, rows, refuse
        self.frozen = False
        """Set once the file is written: then its cells are only looked at."""
        self.history: list[Typed] = []
        self._open: tuple[int, int] | None = None
        self._anchor: tuple[int, int] | None = None
        self.editor = CellEditor(table.viewport())
        self.editor.setAccessibleName("单元格")
        self.editor.hide()
        self.editor.installEventFilter(self)
        table.installEventFilter(self)
        table.viewport().installEventFilter(self)
        table.edit_wanted.connect(self.begin)
        table.verticalScrollBar().valueChanged.connect(self._place)
        table.horizontalScrollBar().valueChanged.connect(self._place)
        self.sheet.modelAboutToBeReset.connect(self._shut)
        self.sheet.rowsInserted.connect(self._place)
        self.sheet.rowsRemoved.connect(self._place)

    def forget(self) -> None:
        """Another file: nothing typed before belongs to it."""
        self.history.clear()
        self.frozen = False
        self._shut()
        self._anchor = self.table.painter.block = None

    # the editor

    def held(self, planned: Planned, what: Column) -> str:
        """What stands in a cell, in full: the clerk's own file hides nothing from the clerk."""
        fixed = self.sheet.fixes.get(planned.key, {}).get(what.name)
        if fixed is not None:
            return fixed
        return planned.texts.get(what.name) or show(what.field, planned.values.get(what.name), reveal=True)

    def begin(self, text: str | None = None) -> None:
        """Open the current cell: on what it holds, or on the first character typed."""
        at = self.table.currentIndex()
        what = self.sheet.field_at(at.column()) if at.isValid() else None
        planned = self.sheet.row_at(at.row()) if at.isValid() else None
        if self.frozen or what is None or planned is None:
            return
        self._open = at.row(), at.column()
        self.editor.setFont(look.font(14))
        self.editor.setText(self.held(planned, what) if text is None else text)
        self._place()
        self.editor.show()
        self.editor.setFocus()
        if text is None:
            self.editor.selectAll()

    def _place(self, *_: object) -> None:
        if self._open is not None:
            self.editor.setGeometry(self.table.visualRect(self.sheet.index(*self._open)))

    def _shut(self) -> None:
        if self._open is not None:
            self._open = None
            self.editor.hide()
            self.table.setFocus()

    def _take(self, rows: int, columns: int) -> None:
        """Keep what was typed and move on."""
        if self._open is None:
            return
        row, column = self._open
        planned, what = self.sheet.row_at(row), self.sheet.field_at(column)
        text = self.editor.text().strip()
        self._shut()
        if planned is not None and what is not None and text != self.held(planned, what):
            self._type({planned.key: {what.name: text}}, 1)
        target = self.table.next_row(row, rows) if rows else row
        self._go(target, column + columns)

    def _go(self, row: int, column: int, keep: bool = False) -> None:
        column = max(0, min(column, len(self.sheet.headings) - 1))
        at = self.table.currentIndex()
        self._anchor = (self._anchor or (at.row(), at.column())) if keep else None
        index = self.sheet.index(row, column)
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self.table.painter.block = self._block() if self._anchor is not None else None
        self.table.viewport().update()

    def _block(self) -> tuple[range, range]:
        at = self.table.currentIndex()
        top, left = self._anchor or (at.row(), at.column())
        return (
            range(min(top, at.row()), max(top, at.row()) + 1),
            range(min(left, at.column()), max(left, at.column()) + 1),
        )

    # corrections

    def _type(self, cells: Mapping[RowKey, Mapping[str, str]], count: int) -> None:
        before = self.sheet.fixes
        self.history.append(Typed(before, count))
        fixes = dict(before)
        for key, texts in cells.items():
            fixes[key] = {**fixes.get(key, {}), **texts}
        self._put(fixes)

    def undo(self) -> bool:
        """Take back what was typed last; False when nothing was."""
        if not self.history or self.frozen:
            return False
        self._put(self.history.pop().before)
        return True

    def put_texts(self, top: int, left: int, texts: Sequence[Sequence[str]]) -> None:
        """Type a block of texts over cells, row by row from this one on."""
        if self.frozen or left < self.sheet.first:
            return
        if len(texts) > MOST:
            self._refuse(f"一次最多贴 {MOST} 行。更多的改在 Excel 里，再选一次文件。")
            return
        if max(map(len, texts)) > len(self.sheet.headings) - left:
            self._refuse(f"要贴 {max(map(len, texts))} 列，右边没有这么多列，一格也没有改。")
            return
        places = [place for place in range(top, min(top + 2 * len(texts), len(self.sheet.ids)))]
        places = [place for place in places if self.sheet.is_row(place)][: len(texts)]
        if len(places) < len(texts):
            self._refuse(f"要贴 {len(texts)} 行，从这里往下只有 {len(places)} 行，一格也没有改。")
            return

        def arrived(rows: list[Planned]) -> None:
            cells: dict[RowKey, dict[str, str]] = {}
            for planned, line in zip(rows, texts, strict=True):
                for place, text in enumerate(line):
                    what = self.sheet.field_at(left + place)
                    if what is not None and text.strip() != self.held(planned, what):
                        cells.setdefault(planned.key, {})[what.name] = text.strip()
            if cells:
                self._type(cells, sum(map(len, cells.values())))

        self._rows([self.sheet.ids[place] - 1 for place in places], arrived)

    def _rows_of_block(self) -> tuple[list[int], range]:
        rows, columns = self._block()
        return [place for place in rows if self.sheet.is_row(place)], columns

    def copy(self) -> None:
        """The block as it is shown, as Excel takes it."""
        rows, columns = self._rows_of_block()
        lines = ("\t".join(self.sheet.cell(row, column).text for column in columns) for row in rows)
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def paste(self) -> None:
        text = QGuiApplication.clipboard().text().replace("\r\n", "\n").removesuffix("\n")
        texts = [line.split("\t") for line in text.split("\n")]
        rows, columns = self._rows_of_block()
        if len(texts) == 1 and len(texts[0]) == 1:
            texts = [[texts[0][0]] * len(columns) for _ in rows]
        self.put_texts(rows[0], columns.start, texts)

    def fill_down(self) -> None:
        """The top row of the block into the rest; a single cell takes what stands above it."""
        rows, columns = self._rows_of_block()
        if len(rows) == 1:
            above = self.table.next_row(rows[0], -1)
            rows = [above, rows[0]] if above != rows[0] else []
        planned = self.sheet.row_at(rows[0]) if rows else None
        if planned is None:
            return
        fields = [self.sheet.field_at(column) for column in columns]
        line = [self.held(planned, what) if what is not None else "" for what in fields]
        self.put_texts(rows[1], columns.start, [line] * (len(rows) - 1))

    def clear(self) -> None:
        rows, columns = self._rows_of_block()
        self.put_texts(rows[0], columns.start, [[""] * len(columns) for _ in rows])

    # keys and mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if watched is self.editor:
                return event.type() is QEvent.Type.KeyPress and self._editor_key(event)
            if event.type() is QEvent.Type.ShortcutOverride and watched is self.table:
                if event.matches(QKeySequence.StandardKey.Undo) and self.history and not self.frozen:
                    event.accept()  # else the window would take back the office's last action
                    return True
            return event.type() is QEvent.Type.KeyPress and watched is self.table and self._key(event)
        if isinstance(event, QInputMethodEvent) and watched is self.table:
            self.begin("")  # an input method began to compose: it goes on in the cell
            return self._open is not None and QCoreApplication.sendEvent(self.editor, event)
        if event.type() is QEvent.Type.FocusOut and watched is self.editor and self.editor.isVisible():
            self._take(0, 0)
        elif isinstance(event, QMouseEvent) and watched is self.table.viewport():
            return self._mouse(event)
        return False

    def _editor_key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Return: (1, 0),
            Qt.Key.Key_Enter: (1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Tab: (0, 1),
            Qt.Key.Key_Backtab: (0, -1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self._take(*step)
        elif event.key() == Qt.Key.Key_Escape:
            self._shut()
        else:
            return False
        return True

    def _key(self, event: QKeyEvent) -> bool:
        at, key, held = self.table.currentIndex(), Qt.Key(event.key()), event.modifiers()
        if not at.isValid():
            return False
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.undo()
        keep = bool(held & Qt.KeyboardModifier.ShiftModifier)
        if held & Qt.KeyboardModifier.ControlModifier:
            does = {Qt.Key.Key_C: self.copy, Qt.Key.Key_V: self.paste, Qt.Key.Key_D: self.fill_down}.get(key)
            if does is None:
                return False
            does()
            return True
        if held & Qt.KeyboardModifier.AltModifier:
            return False
        moves = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1),
                 Qt.Key.Key_Right: (0, 1)}  # fmt: skip
        if key in moves and keep:
            rows, columns = moves[key]
            self._go(self.table.next_row(at.row(), rows) if rows else at.row(), at.column() + columns, True)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._go(at.row(), at.column() + (1 if key == Qt.Key.Key_Tab else -1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self.table.next_row(at.row(), -1 if keep else 1), at.column())
        elif key == Qt.Key.Key_Delete:
            self.clear()
        elif event.text().isprintable() and event.text().strip():
            self.begin(event.text())
        else:
            if key in moves:
                self._anchor = self.table.painter.block = None
            return False
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        index = self.table.indexAt(event.position().toPoint())
        if not index.isValid() or not self.sheet.is_row(index.row()):
            return False
        if event.type() is QEvent.Type.MouseButtonDblClick:
            self.begin()
            return True
        pressed = event.type() is QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton
        dragged = event.type() is QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton
        if pressed or dragged:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.table.setFocus()
            self._go(index.row(), index.column(), keep=bool(dragged or shift))
            return True
        return False
