"""Tables in a Word file: the widths, type and heads that the same table has in the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from gridoffice.documents.docx_parts import FACES, twips
from gridoffice.documents.fonts import POINT, printable
from gridoffice.documents.model import ColumnHead, HeadGroup
from gridoffice.documents.official_tables import AnnexTable

_ALIGN = {"l": "left", "c": "center", "r": "right"}


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell of the head: where it begins and how far it reaches, in rows and columns."""

    row: int
    column: int
    rows: int
    columns: int
    title: str


def head_cells(headings: Sequence[ColumnHead]) -> tuple[list[HeadCell], int]:
    """The cells of a head, and how many rows it has."""
    depth = max(map(_depth, headings), default=1)
    found: list[HeadCell] = []
    column = 0
    for heading in headings:
        column = _place(found, heading, 0, column, depth)
    return found, depth


def _depth(heading: ColumnHead) -> int:
    return 1 + max(map(_depth, heading.columns)) if isinstance(heading, HeadGroup) else 1


def _place(found: list[HeadCell], heading: ColumnHead, row: int, column: int, depth: int) -> int:
    """Place a heading and what is below it; answers the column after it."""
    if isinstance(heading, str):
        found.append(HeadCell(row, column, depth - row, 1, heading))
        return column + 1
    after = column
    for one in heading.columns:
        after = _place(found, one, row + 1, after, depth)
    found.append(HeadCell(row, column, 1, after - column, heading.title))
    return after


def add_table(document: Any, laid: AnnexTable) -> None:
    """A table at the end of the document, its head repeated on every page and no row split. Written as
    text: python-docx takes half a millisecond a cell."""
    look, columns = laid.look, laid.table.columns
    cells, depth = head_cells(laid.annex.headings)
    at = {(cell.row, cell.column): cell for cell in cells}
    widths = [twips(column.width) for column in columns]
    height = twips(look.least_height)
    head = _Kind("黑体", look.size, look.head_leading)
    body = _Kind("宋体", look.size, look.leading)
    rows: list[str] = []
    for row in range(depth):
        line: list[str] = []
        column = 0
        while column < len(columns):
            cell = at.get((row, column)) or _above(cells, row, column)
            begins = cell.row == row
            merge = ("restart" if begins else "continue") if cell.rows > 1 else ""
            wide = sum(widths[column : column + cell.columns])
            line.append(head.cell(cell.title if begins else "", wide, "c", cell.columns, merge))
            column += cell.columns
        rows.append(_row(line, height, head=True))
    # Numbers end below each other in the middle of their column, as in the PDF.
    inset = [
        twips(max(0.0, (one.width - min(one.widest, one.width)) / 2 - look.pad_x)) if one.align == "r" else 0
        for one in columns
    ]
    for texts in laid.annex.rows:
        line = [
            body.cell(printable(text), wide, column.align, inset=edge)
            for text, wide, column, edge in zip(texts, widths, columns, inset, strict=True)
        ]
        rows.append(_row(line, height))
    grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
    shape = _look(look.thick, look.thin, look.pad_x, sum(widths))
    text = f"<w:tbl {nsdecls('w')}>{shape}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    document.element.body.insert_element_before(parse_xml(text), "w:sectPr")


def _above(cells: Sequence[HeadCell], row: int, column: int) -> HeadCell:
    """The cell that reaches down into this place."""
    return next(
        cell
        for cell in cells
        if cell.row < row < cell.row + cell.rows and cell.column <= column < cell.column + cell.columns
    )


def _row(cells: Sequence[str], height: int, head: bool = False) -> str:
    repeat = "<w:tblHeader/>" if head else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{repeat}</w:trPr>'
        f"{''.join(cells)}</w:tr>"
    )


def _look(thick: float, thin: float, pad: float, width: int) -> str:
    def border(side: str) -> str:
        line = thin if side.startswith("inside") else thick
        return f'<w:{side} w:val="single" w:sz="{max(2, round(line / POINT * 8))}" w:space="0" w:color="000000"/>'

    borders = "".join(map(border, ("top", "left", "bottom", "right", "insideH", "insideV")))
    margins = "".join(f'<w:{side} w:w="{twips(pad)}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}'
        f'</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    )


class _Kind:
    """Cells of one look: `size` in points, `leading` in em."""

    def __init__(self, look: str, size: float, leading: float):
        fonts = " ".join(f'w:{script}="{FACES[look]}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
        half = round(size * 2)
        self._run = f'<w:rPr><w:rFonts {fonts}/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
        self._spacing = (
            f'<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
            f'<w:spacing w:before="0" w:after="0" w:line="{round(size * leading * 20)}" w:lineRule="exact"/>'
        )

    def cell(self, text: str, width: int, align: str, span: int = 1, merge: str = "", inset: int = 0) -> str:
        pushed = f'<w:ind w:right="{inset}"/>' if inset else ""
        spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
        lines = "<w:br/>".join(
            f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n") if text
        )
        run = f"<w:r>{self._run}{lines}</w:r>" if lines else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{merged}'
            f'<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr>{self._spacing}{pushed}<w:jc w:val="{_ALIGN[align]}"/>{self._run}</w:pPr>'
            f"{run}</w:p></w:tc>"
        )
