"""Rows put into a sheet, with everything that points below them: formulas of all sheets, merged
ranges, drop-downs, conditional formats, print areas, page breaks, pictures, comments, charts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from gridoffice.spreadsheet.cell_xml import XmlCell, escaped
from gridoffice.spreadsheet.parts import (
    BOOK_ORDER,
    WORKBOOK,
    Element,
    Parts,
    child,
    elements,
    set_text,
    text_in,
)
from gridoffice.spreadsheet.sheet_part import SheetPart
from gridoffice.spreadsheet.shifting import Shift, copied

_FORMULA = re.compile(r"<f\b([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
_ANY_FORMULA = re.compile(r"(<(?:\w+:)?(?:f|formula|formula1|formula2)(?:\s[^>]*)?>)([^<]+)(?=</)")
_RESULT = re.compile(r"<v\b[^>]*?(?:/>|>.*?</v>)", re.DOTALL)


def plain_formulas(part: SheetPart) -> None:
    """Write out formulas that are kept as "the same as in that cell": each can then move by itself."""
    if not any(b't="shared"' in xml for xml in part.raw.values()):
        return
    masters: dict[str, tuple[int, int, str]] = {}
    for number in sorted(part.raw):
        if b't="shared"' not in part.raw[number]:
            continue
        for cell in part.row(number).cells.values():
            found = _FORMULA.search(cell.inner)
            key = re.search(r'\bsi="(\d+)"', found[1]) if found and 't="shared"' in found[1] else None
            if found is None or key is None:
                continue
            if found[2]:
                text = unescape(found[2])
                masters[key[1]] = number, cell.column, text
            elif key[1] in masters:
                row, column, text = masters[key[1]]
                text = copied(text, number - row, cell.column - column)
            else:
                continue
            cell.inner = _FORMULA.sub(lambda _, text=text: f"<f>{escaped(text)}</f>", cell.inner, count=1)


def insert_rows(part: SheetPart, at: int, count: int, *, grows: bool) -> Shift:
    """Push row `at` and all below down by `count`. `grows` lets ranges of formulas grow that end just
    above (drop-downs and formats always do). The new rows are still to be filled."""
    shift = Shift(part.name, at, count)
    plain_formulas(part)
    _move_rows(part, shift, grows=grows)
    _move_around(part, shift, grows=grows)
    _move_names(part.parts, shift, grows=grows)
    for name, other in part.parts.sheets.items():
        if name != part.name and other in part.parts.names:
            _move_texts(part.parts, other, shift, grows=grows)
    for name in list(part.parts.names):
        if name.startswith("xl/charts/") and name.endswith(".xml"):
            _move_texts(part.parts, name, shift, grows=grows)
    _move_linked(part, shift)
    return shift


def recalculate(parts: Parts) -> None:
    """Have every formula computed when the file is opened; kept results of an older state go."""
    for kind, chain in list(parts.links(WORKBOOK).values()):
        if kind == "calcChain":
            parts.drop(chain)
    book = parts.document(WORKBOOK).documentElement
    child(book, "calcPr", BOOK_ORDER).setAttribute("fullCalcOnLoad", "1")


def without_result(cell: XmlCell) -> None:
    """A formula whose kept result may no longer be true loses it: better none than a wrong one."""
    if cell.formula is not None or "<f" in cell.inner:
        cell.inner = _RESULT.sub("", cell.inner)
        cell.kind = ""


def _move_rows(part: SheetPart, shift: Shift, *, grows: bool) -> None:
    for number in [n for n, xml in part.raw.items() if n >= shift.at or b"<f" in xml]:
        part.row(number)
    for row in part.taken_rows():
        for cell in row.cells.values():
            if "<f" in cell.inner:
                cell.inner = _FORMULA.sub(
                    lambda found: _moved_formula(found, shift, grows=grows), cell.inner, count=1
                )
    part.renumber(shift.row)


def _moved_formula(found: re.Match[str], shift: Shift, *, grows: bool) -> str:
    words = re.sub(r'\bref="([^"]*)"', lambda ref: f'ref="{shift.ranges(ref[1], grows=grows)}"', found[1])
    text = escaped(shift.formula(unescape(found[2] or ""), here=True, grows=grows))
    return f"<f{words}>{text}</f>" if text else f"<f{words}/>"


def _move_around(part: SheetPart, shift: Shift, *, grows: bool) -> None:
    """Everything of the sheet that names cells, outside its rows."""
    for one in _all(part.around):
        name = one.nodeName.rpartition(":")[2]
        if name == "mergeCell":
            one.setAttribute("ref", shift.ranges(one.getAttribute("ref")))
        elif name in ("dataValidation", "conditionalFormatting", "ignoredError", "protectedRange"):
            if one.getAttribute("sqref"):
                one.setAttribute("sqref", shift.ranges(one.getAttribute("sqref"), grows=True))
        elif name == "sqref":
            set_text(one, shift.ranges(text_in(one), grows=True))
        elif name in ("f", "formula", "formula1", "formula2"):
            set_text(one, shift.formula(text_in(one), here=True, grows=grows))
        elif name in ("autoFilter", "hyperlink", "sortState", "dimension"):
            if one.getAttribute("ref"):
                one.setAttribute("ref", shift.ranges(one.getAttribute("ref"), grows=name == "autoFilter"))
        elif name == "brk" and one.parentNode.nodeName == "rowBreaks":
            # a break stands below the row of its number
            one.setAttribute("id", str(shift.row(int(one.getAttribute("id")) + 1) - 1))


def _all(element: Element) -> Iterator[Element]:
    for one in element.childNodes:
        if one.nodeType == one.ELEMENT_NODE:
            yield one
            yield from _all(one)


def _move_names(parts: Parts, shift: Shift, *, grows: bool) -> None:
    for one in elements(parts.document(WORKBOOK), "definedName"):
        set_text(one, shift.formula(text_in(one), here=False, grows=grows))


def _move_texts(parts: Parts, name: str, shift: Shift, *, grows: bool) -> None:
    """Formulas of another part that speak of this sheet."""
    before = parts.read(name).decode()
    after = _ANY_FORMULA.sub(
        lambda found: found[1] + escaped(shift.formula(unescape(found[2]), here=False, grows=grows)), before
    )
    if after != before:
        parts.put(name, after.encode())


def _move_linked(part: SheetPart, shift: Shift) -> None:
    """Pictures, comments and tables of the sheet."""
    for kind, target in part.parts.links(part.part).values():
        if kind == "drawing":
            _move_drawing(part.parts, target, shift)
        elif kind == "comments":
            for one in elements(part.parts.document(target), "comment"):
                one.setAttribute("ref", shift.ranges(one.getAttribute("ref")))
        elif kind == "vmlDrawing":
            _move_boxes(part.parts, target, shift)
        elif kind == "table":
            document = part.parts.document(target)
            for one in (*elements(document, "table"), *elements(document, "autoFilter")):
                one.setAttribute("ref", shift.ranges(one.getAttribute("ref"), grows=True))


def _move_drawing(parts: Parts, name: str, shift: Shift) -> None:
    for one in elements(parts.document(name), "xdr:row"):
        set_text(one, str(shift.row(int(text_in(one)) + 1) - 1))


def _move_boxes(parts: Parts, name: str, shift: Shift) -> None:
    """The boxes of comments: the cell they belong to, and the rows that they stand over."""

    def row(found: re.Match[str]) -> str:
        return f"{found[1]}{shift.row(int(found[2]) + 1) - 1}"

    def anchor(found: re.Match[str]) -> str:
        numbers = [part.strip() for part in found[2].split(",")]
        for place in (2, 6):
            if len(numbers) == 8:
                numbers[place] = str(shift.row(int(numbers[place]) + 1) - 1)
        return found[1] + ", ".join(numbers)

    rules: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
        (r"(<(?:\w+:)?Row>\s*)(\d+)", row),
        (r"(<(?:\w+:)?Anchor>\s*)([\d,\s]+)", anchor),
    )
    text = parts.read(name).decode()
    for pattern, rule in rules:
        text = re.sub(pattern, rule, text)
    parts.put(name, text.encode())
