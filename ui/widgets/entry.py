"""Typing into a table as into Excel: a cell editor, pasting, filling down and right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit

from gridoffice.errors import has_error
from gridoffice.fields import Field
from gridoffice.values import parse, show
from ui.theme import look
from ui.widgets.block import Block
from ui.widgets.listing_table import ListingTable

Values = dict[int, dict[str, Any]]
"""New values by id and column name."""


class CellEditor(QLineEdit):
    """The text of one cell while it is typed; while it is open every key is its own."""

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


class Entry(Block):
    """What makes a listing's cells writable.

    `fields` are the columns that can be typed into; `put` carries out all new values as one action,
    `refuse` says why none was written.
    """

    def __init__(
        self,
        table: ListingTable,
        fields: Mapping[str, Field],
        put: Callable[[Values], None],
        refuse: Callable[[str], None],
    ):
        self.fields, self._put, self._refuse = fields, put, refuse
        self._open: tuple[int, int] | None = None
        self.editor = CellEditor(table.view.viewport())
        super().__init__(table)
        self.editor.setAccessibleName("单元格")
        self.editor.hide()
        self.editor.installEventFilter(self)
        self.view.verticalScrollBar().valueChanged.connect(self._place)
        self.view.horizontalScrollBar().valueChanged.connect(self._place)

    # where we are

    def name(self, column: int) -> str:
        place = column - self.model.offset
        return self.model.columns[place].name if 0 <= place < len(self.model.columns) else ""

    def next_gap(self, step: int) -> bool:
        """To the next empty cell of those that were read; False when there is none among them."""
        wide = range(self.model.offset, len(self.model.headings))
        rows = (place for place in range(len(self.model.ids)) if self.model.here(place))
        empty = [(row, at) for row in rows for at in wide if self.model.cell(row, at).wrong]
        here = self.at()
        onward = [at for at in empty if (at > here if step > 0 else at < here)]
        if onward:
            self.go(*(onward[0] if step > 0 else onward[-1]))
        return bool(onward)

    def gap_in(self, row: int) -> int | None:
        """The first empty cell of a row that was read; None when it has none."""
        wide = range(self.model.offset, len(self.model.headings)) if self.model.here(row) else ()
        return next((at for at in wide if self.model.cell(row, at).wrong), None)

    def forget(self) -> None:
        self._shut()
        super().forget()

    # the editor

    def begin(self, text: str | None = None) -> None:
        """Open the current cell: on what it holds, or on the first typed character."""
        row, column = self.at()
        name = self.name(column)
        if name not in self.fields:
            self._refuse(f"“{self.model.headings[column].text}”是算出来的，不能直接改。")
            return
        self._open = row, column
        values = self.model.values(row)
        held = show(self.fields[name], getattr(values, name)) if values is not None else ""
        self.editor.setText(held if text is None else text)
        self.editor.setFont(look.font(14))
        self._place()
        self.editor.show()
        self.editor.setFocus()
        if text is None:
            self.editor.selectAll()

    def _place(self) -> None:
        if self._open is not None:
            self.editor.setGeometry(self.view.visualRect(self.model.index(*self._open)))

    def _shut(self) -> None:
        if self._open is not None:
            self._open = None
            self.editor.hide()
            self.view.setFocus()

    def _take(self, step: tuple[int, int]) -> bool:
        """Write what was typed and move on; what cannot be read stays open."""
        if self._open is None:
            return False
        row, column = self._open
        found = self._read(row, column, self.editor.text())
        if found is None:
            self.editor.selectAll()
            return False
        self._shut()
        self.write(found)
        self.go(row + step[0], column + step[1])
        return True

    # values

    def _who(self, row: int) -> str:
        values = self.model.values(row)
        return values.name if values is not None else f"第 {row + 1} 行"

    def _read(self, row: int, column: int, text: str) -> Values | None:
        """The new value of one cell, {} when nothing changes; None when it was refused."""
        name = self.name(column)
        if name not in self.fields:
            self._refuse(f"“{self.model.headings[column].text}”是算出来的，不能直接改，一格也没有写入。")
            return None
        value, problems = parse(self.fields[name], text.strip() or None)
        if has_error(problems):
            self._refuse(
                f"{self._who(row)}的“{self.fields[name].label}”写的是“{text.strip()}”：{problems[0].message}"
            )
            return None
        values = self.model.values(row)
        if values is not None and getattr(values, name) == value:
            return {}
        return {self.model.ids[row]: {name: value}}

    def write(self, found: Values) -> None:
        if found:
            self._put(found)

    def put_texts(self, top: int, left: int, texts: list[list[str]]) -> None:
        """All cells of a block, or none of them when one cannot be read."""
        if top + len(texts) > len(self.model.ids):
            room = len(self.model.ids) - top
            self._refuse(f"要贴 {len(texts)} 行，从这里往下只有 {room} 人，一格也没有写入。")
            return
        found: Values = {}
        for down, line in enumerate(texts):
            for along, text in enumerate(line):
                if left + along >= len(self.model.headings):
                    self._refuse(f"要贴 {len(line)} 列，右边没有这么多列，一格也没有写入。")
                    return
                one = self._read(top + down, left + along, text)
                if one is None:
                    return
                for number, values in one.items():
                    found.setdefault(number, {}).update(values)
        self.write(found)

    def paste(self) -> None:
        text = QGuiApplication.clipboard().text().replace("\r\n", "\n").removesuffix("\n")
        texts = [line.split("\t") for line in text.split("\n")]
        rows, columns = self.block()
        if len(texts) == 1 and len(texts[0]) == 1:
            texts = [[texts[0][0]] * len(columns) for _ in rows]
        self.put_texts(rows.start, columns.start, texts)

    def fill_down(self) -> None:
        """The top row of the block into the rest; a single cell takes what stands above it."""
        rows, columns = self.block()
        start = rows.start if len(rows) > 1 else rows.start - 1
        if start < 0:
            return
        above = self.model.values(start)
        line = [
            show(self.fields[name], getattr(above, name)) if name in self.fields and above is not None else ""
            for name in map(self.name, columns)
        ]
        self.put_texts(start + 1, columns.start, [line] * (rows.stop - start - 1))

    def fill_right(self) -> None:
        """The left column of the block into the rest; a single cell takes what stands left of it."""
        rows, columns = self.block()
        start = columns.start if len(columns) > 1 else columns.start - 1
        name = self.name(start)
        if name not in self.fields:
            return
        lines = []
        for row in rows:
            values = self.model.values(row)
            text = show(self.fields[name], getattr(values, name)) if values is not None else ""
            lines.append([text] * (columns.stop - start - 1))
        self.put_texts(rows.start, start + 1, lines)

    def clear(self) -> None:
        rows, columns = self.block()
        self.put_texts(rows.start, columns.start, [[""] * len(columns) for _ in rows])

    # keys and mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor:
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                return self._editor_key(event)
            if event.type() is QEvent.Type.FocusOut and self.editor.isVisible() and not self._take((0, 0)):
                self._shut()
            return False
        return super().eventFilter(watched, event)

    def _editor_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._take((1, 0))
        elif key == Qt.Key.Key_Up:
            self._take((-1, 0))
        elif key == Qt.Key.Key_Tab:
            self._take((0, 1))
        elif key == Qt.Key.Key_Backtab:
            self._take((0, -1))
        elif key == Qt.Key.Key_Escape:
            self._shut()
        else:
            return False
        return True

    def key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        row, column = self.at()
        if row < 0:
            return False
        typing = self.name(column) in self.fields
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            commands = {
                Qt.Key.Key_V: self.paste,
                Qt.Key.Key_D: self.fill_down,
                Qt.Key.Key_R: self.fill_right,
            }
            command = commands.get(key)
            if command is None:
                return super().key(event)
            command()
        elif super().key(event):
            return True
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and typing:
            self.go(row + 1, column)
        elif typing and key == Qt.Key.Key_Delete:
            self.clear()
        elif typing and event.text().isprintable() and event.text().strip():
            self.begin(event.text())
        else:
            return False
        return True

    def mouse(self, event: QMouseEvent) -> bool:
        index = self.view.indexAt(event.position().toPoint())
        if index.isValid() and self.name(index.column()) in self.fields:
            if event.type() is QEvent.Type.MouseButtonDblClick:
                self.begin()
                return True
            plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            pressed = event.type() is QEvent.Type.MouseButtonPress
            if pressed and plain and event.button() is Qt.MouseButton.LeftButton:
                self.view.setFocus()
                self.go(index.row(), index.column())
                return True
        return super().mouse(event)
