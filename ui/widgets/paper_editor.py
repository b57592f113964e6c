"""The text of a document as it is written: paragraphs, headings by their numbers, and numbers of the office,
which stand on a soft ground and follow the records until somebody types over them.

What is kept is plain text with the names of numbers in braces (`gridoffice.papers.wording`).
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QMimeData, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QSyntaxHighlighter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit

from gridoffice.papers.wording import level_of, names_in, next_number
from ui.theme import look

NAME = QTextFormat.Property.UserProperty + 1
"""Under this property a piece of text knows which number it shows."""
SIZE = 15


class _Levels(QSyntaxHighlighter):
    """Headings are heavier; numbers stand on a soft ground as long as they are what the records say."""

    def __init__(self, document: QTextDocument, editor: PaperEditor):
        super().__init__(document)
        self._editor = editor

    def highlightBlock(self, text: str) -> None:
        level = 0 if self._editor.short else level_of(text)
        if level:
            heavy = QTextCharFormat()
            heavy.setFontWeight(QFont.Weight.Bold if level == 1 else QFont.Weight.Medium)
            self.setFormat(0, len(text.encode("utf-16-le")) // 2, heavy)
        if text.startswith("【图：") and text.rstrip().endswith("】"):
            quiet = QTextCharFormat()
            quiet.setForeground(look.color("accent_text"))
            self.setFormat(0, len(text.encode("utf-16-le")) // 2, quiet)
        part = self.currentBlock().begin()
        start = self.currentBlock().position()
        while not part.atEnd():
            piece = part.fragment()
            name = piece.charFormat().property(NAME)
            if name and self._editor.still(name, piece.text()):
                for place in range(piece.position() - start, piece.position() - start + piece.length()):
                    ground = self.format(place)
                    ground.setBackground(look.color("soft"))
                    ground.setForeground(look.color("accent_text"))
                    ground.setToolTip(f"{name}：随资料变")
                    self.setFormat(place, 1, ground)
            part += 1


class PaperEditor(QTextEdit):
    """Types the text of a document. `edited` a moment after the text was changed by hand."""

    edited = Signal()

    def __init__(self, name: str = "正文", short: bool = False) -> None:
        """A `short` one holds a title: nothing is set in, no headings."""
        super().__init__()
        self.setObjectName("paper_editor")
        self.setAccessibleName(name)
        self.short = short
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self._facts: Mapping[str, str] = {}
        self._quiet = False
        self._levels = _Levels(self.document(), self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(300)
        self._pause.timeout.connect(self.edited)
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._plain_ahead)
        self.relook()

    def relook(self) -> None:
        self.document().setDefaultFont(look.font(14 if self.short else SIZE, 400))
        self.document().setDocumentMargin(look.px(4 if self.short else 16))
        self._shape()
        self._levels.rehighlight()

    # text in and out

    def shown(self, name: str) -> str:
        """What stands in the text for a number: what it is, or its name where there is none."""
        return self._facts.get(name) or f"{{{name}}}"

    def still(self, name: str, text: str) -> bool:
        """Whether a piece of text is the number as the records say it, perhaps several times in a row."""
        shown = self.shown(name)
        return bool(text) and text == shown * (len(text) // len(shown))

    def set_text(self, text: str, facts: Mapping[str, str]) -> None:
        """Show another text with its numbers; nothing of it can be taken back."""
        self._facts = dict(facts)
        self._fill(text)
        self.document().clearUndoRedoStacks()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def update_facts(self, facts: Mapping[str, str]) -> None:
        """Numbers that are something else now are shown as they are; the keyboard stays where it is."""
        text = self.text()
        used = names_in(text)
        same = all(self._facts.get(name) == facts.get(name, self._facts.get(name)) for name in used)
        known = {**self._facts, **facts}
        if same:
            self._facts = known
            return
        cursor = self.textCursor()
        block, column, scrolled = (
            cursor.blockNumber(),
            cursor.positionInBlock(),
            self.verticalScrollBar().value(),
        )
        self._facts = known
        self._fill(text)
        place = self.document().findBlockByNumber(block)
        cursor = QTextCursor(place)
        cursor.setPosition(place.position() + min(column, max(0, place.length() - 1)))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(scrolled)

    def _fill(self, text: str) -> None:
        self._quiet = True
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        for number, line in enumerate(text.split("\n")):
            if number:
                cursor.insertBlock()
            self._insert_line(cursor, line)
        cursor.endEditBlock()
        self._shape()
        self._quiet = False

    def _insert_line(self, cursor: QTextCursor, text: str) -> None:
        """Text with whatever numbers stand in it, in the order of the text."""
        found = [name for name in names_in(text) if name in self._facts]
        places = sorted((text.index(f"{{{name}}}"), name) for name in found)
        if not places:
            cursor.insertText(text, QTextCharFormat())
            return
        _, name = places[0]
        before, rest = text.split(f"{{{name}}}", 1)
        cursor.insertText(before, QTextCharFormat())
        cursor.insertText(self.shown(name), _named(name))
        self._insert_line(cursor, rest)

    def text(self) -> str:
        """The text as it is kept: a number that nobody typed over is its name in braces."""
        lines: list[str] = []
        block = self.document().begin()
        while block.isValid():
            line = ""
            part = block.begin()
            while not part.atEnd():
                piece = part.fragment()
                name = piece.charFormat().property(NAME)
                text = piece.text()
                times = len(text) // len(self.shown(name)) if name and self.still(name, text) else 0
                line += f"{{{name}}}" * times if times else text
                part += 1
            lines.append(line.replace("\u2028", " "))
            block = block.next()
        return "\n".join(lines)

    # typing

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Only words come in: an empty line of what is pasted is no paragraph."""
        lines = [line.strip() for line in source.text().replace("\r\n", "\n").split("\n")]
        self.textCursor().insertText("\n".join(line for line in lines if line), QTextCharFormat())
        self._shape()

    def insert_number(self, name: str, value: str) -> None:
        """Put a number of the office where the keyboard is."""
        self._facts = {**self._facts, name: value}
        cursor = self.textCursor()
        cursor.insertText(self.shown(name), _named(name))
        cursor.insertText("", QTextCharFormat())
        self.setTextCursor(cursor)
        self._plain_ahead()
        self.setFocus()

    def insert_line(self, text: str) -> None:
        """Put a line of its own below the one where the keyboard is."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.insertText(f"\n{text}" if cursor.block().text().strip() else text, QTextCharFormat())
        self.setTextCursor(cursor)
        self._shape()
        self.setFocus()

    def set_level(self, level: int) -> None:
        """Make the line a heading of a level, with the number that comes next, or a paragraph (0)."""
        cursor = self.textCursor()
        block = cursor.block()
        line = block.text()
        now = level_of(line)
        if now == level:
            return
        marked = line
        if now:
            mark = {1: "、", 2: "）", 3: ".", 4: "）"}[now]
            marked = line.split(mark, 1)[1] if mark in line else line
        before = "\n".join(self.toPlainText().split("\n")[: block.blockNumber()])
        marks = next_number(before, level) if level else ""
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(
            QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, len(line) - len(marked)
        )
        cursor.insertText(marks, QTextCharFormat())
        if level and marked and marked[-1] in "。；，：":
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            cursor.deletePreviousChar()
        cursor.endEditBlock()
        self.setFocus()

    def level(self) -> int:
        """Of which level the line is where the keyboard is."""
        return level_of(self.textCursor().block().text())

    def _plain_ahead(self) -> None:
        """What is typed behind a number is not part of it."""
        if not self.textCursor().hasSelection() and self.currentCharFormat().hasProperty(NAME):
            self.setCurrentCharFormat(QTextCharFormat())

    def _changed(self) -> None:
        if not self._quiet:
            self._pause.start()

    def _shape(self) -> None:
        """Every paragraph two characters in, with room between the lines."""
        if self.short:
            return
        shape = QTextBlockFormat()
        shape.setTextIndent(2 * look.px(SIZE))
        shape.setLineHeight(150, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        quiet, self._quiet = self._quiet, True
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(shape)
        self._quiet = quiet


def _named(name: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setProperty(NAME, name)
    return made
