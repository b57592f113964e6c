"""Workbooks of finished tables: several sheets, heads several levels deep, ready to be printed.

Values only, no formulas: what leaves the office is what was decided. A ledger that is filled in and read
back is `writing`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from gridoffice.errors import OfficeError
from gridoffice.progress import counted
from gridoffice.spreadsheet.cell_xml import LONGEST
from gridoffice.spreadsheet.page_marks import page_head
from gridoffice.spreadsheet.replacing import replacing
from gridoffice.spreadsheet.skeleton import (
    FONT,
    HEADER_FILL,
    INK,
    LINE,
    TITLE_FONT,
    display_width,
    sheet_name,
)

Heading = str | tuple[str, tuple["Heading", ...]]
"""The heading of a column, or one over several with theirs."""

Cell = str | int | Decimal | None

_WIDEST = 44
_ROW = 19.0  # points
_NAME_LENGTH = 31


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One sheet. `places` are the decimals that a column's numbers are shown with (None: text or whole
    numbers). `facts` stand below the title in one line, `notes` and `signature` below the rows; the last
    `sums` rows are set bold. Nothing is said about widths: they follow from what stands in the cells."""

    name: str
    title: str
    facts: tuple[str, ...]
    headings: tuple[Heading, ...]
    rows: Sequence[Sequence[Cell]]
    places: tuple[int | None, ...]
    notes: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    landscape: bool = True
    sums: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a heading stands, counted from the head's first row."""

    text: str
    top: int
    bottom: int
    left: int
    right: int


def write_book(path: Path, sheets: Sequence[BookSheet], mark: str = "") -> int:
    """Write the workbook and answer the number of data rows in all sheets. `mark` is printed at the head of every
    page.

    Written beside and renamed, so that a broken run never leaves half a file. Raises `OfficeError` when the
    file is open in another program or the folder cannot be written, and for a text Excel cannot hold."""
    import xlsxwriter  # 50 ms that the first window need not wait for

    path = Path(path)
    with replacing(path) as target:
        book = xlsxwriter.Workbook(target, {"in_memory": True})
        styles = _Styles(book)
        for sheet, name in zip(
            counted(sheets, f"写出“{path.name}”", len(sheets), every=1), _names(sheets), strict=True
        ):
            made = book.add_worksheet(name)
            _write(made, styles, sheet)
            if mark:
                made.set_header(page_head(mark))
        book.close()
    return sum(len(sheet.rows) for sheet in sheets)


def _names(sheets: Sequence[BookSheet]) -> list[str]:
    """Names as Excel takes them, no two alike."""
    found: list[str] = []
    taken: set[str] = set()
    for sheet in sheets:
        plain = sheet_name(sheet.name)
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: _NAME_LENGTH - len(str(number)) - 2]}（{number}）"[:_NAME_LENGTH]
        taken.add(name.casefold())
        found.append(name)
    return found


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any):
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def of(self, **words: Any) -> Any:
        key = tuple(sorted(words.items()))
        if key not in self._made:
            usual = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
            self._made[key] = self._book.add_format(usual | words)
        return self._made[key]

    def boxed(self, **words: Any) -> Any:
        return self.of(border=1, border_color=LINE, **words)


def _write(sheet: Any, styles: _Styles, table: BookSheet) -> None:
    places = list(_placed(table.headings, 0, 0))
    depth = 1 + max((place.bottom for place in places), default=0)
    width = len(table.places)
    last_column = width - 1
    sheet.set_default_row(_ROW)
    _across(sheet, 0, last_column, table.title, styles.of(font_name=TITLE_FONT, font_size=18, align="center"))
    sheet.set_row(0, 36)
    top = 1
    if table.facts:
        _across(sheet, 1, last_column, "　　".join(table.facts), styles.of(align="left"))
        top = 2
    head = styles.boxed(bold=True, align="center", text_wrap=True, bg_color=HEADER_FILL)
    for place in places:
        bottom = depth - 1 if place.left == place.right and _is_leaf(place, places) else place.bottom
        _merged(sheet, top + place.top, place.left, top + bottom, place.right, place.text, head)
    first = top + depth
    for level in range(depth):
        sheet.set_row(top + level, 30 if level == depth - 1 else _ROW + 3)
    for number, row in enumerate(table.rows):
        bold = number >= len(table.rows) - table.sums
        for column, (value, decimals) in enumerate(zip(row, table.places, strict=True)):
            _cell(sheet, styles, first + number, column, value, decimals, bold)
    last = first + len(table.rows) - 1
    for column, wide in enumerate(_widths(table, places)):
        sheet.set_column(column, column, wide)
    end = max(last, first) + 1
    for note in table.notes:
        _across(sheet, end, last_column, note, styles.of(align="left", text_wrap=True))
        end += 1
    if table.signature:
        _across(sheet, end, last_column, "　　　　".join(table.signature), styles.of(align="left"))
        sheet.set_row(end, 30)
        end += 1
    sheet.freeze_panes(first, 0)
    sheet.set_paper(9)
    sheet.set_landscape() if table.landscape else sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top, first - 1)
    sheet.print_area(0, 0, end - 1, last_column)
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _placed(headings: Sequence[Heading], level: int, first: int) -> Iterator[_Place]:
    for heading in headings:
        if isinstance(heading, str):
            yield _Place(heading, level, level, first, first)
            first += 1
        else:
            text, below = heading
            inside = list(_placed(below, level + 1, first))
            last = max(place.right for place in inside)
            yield _Place(text, level, level, first, last)
            yield from inside
            first = last + 1


def _is_leaf(place: _Place, places: Sequence[_Place]) -> bool:
    """Whether nothing stands below a heading of one column."""
    return not any(one.left == place.left and one.top > place.top for one in places)


def _merged(sheet: Any, top: int, left: int, bottom: int, right: int, text: str, style: Any) -> None:
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", style)
    sheet.write_string(top, left, text, style)


def _across(sheet: Any, row: int, last_column: int, text: str, style: Any) -> None:
    """One text over the whole width; one that begins with = is a text all the same."""
    _merged(sheet, row, 0, row, last_column, text, style)


def _cell(
    sheet: Any, styles: _Styles, row: int, column: int, value: Cell, places: int | None, bold: bool
) -> None:
    usual: dict[str, Any] = {"bold": True} if bold else {}
    if value is None or value == "":
        sheet.write_blank(row, column, None, styles.boxed(**usual))
    elif isinstance(value, str):
        if len(value) > LONGEST:
            raise OfficeError(f"有一格超过 {LONGEST} 个字，Excel 放不下。")
        align = "center" if display_width(value) <= 12 else "left"
        sheet.write_string(
            row, column, value, styles.boxed(num_format="@", align=align, text_wrap=True, **usual)
        )
    else:
        whole = isinstance(value, int) and not places
        shown, align = ("0", "center") if whole else ("0." + "0" * (2 if places is None else places), "right")
        sheet.write_number(row, column, value, styles.boxed(num_format=shown, align=align, **usual))


def _widths(table: BookSheet, places: Sequence[_Place]) -> list[float]:
    """What heads and cells need, within what can be read on paper."""
    found = []
    heads = {
        place.left: place.text for place in places if place.left == place.right and _is_leaf(place, places)
    }
    for column, decimals in enumerate(table.places):
        need = (
            display_width(heads.get(column, "")) / (2 if display_width(heads.get(column, "")) > 10 else 1) + 2
        )
        for row in table.rows:
            value = row[column]
            if isinstance(value, str):
                need = max(need, min(display_width(value), _WIDEST) + 2)
            elif value is not None:
                need = max(need, len(f"{value:.{decimals or 0}f}") + 2)
        found.append(min(max(need, 6.0), _WIDEST))
    return found
