"""The workbook around the data rows: styles, title, header, print settings, drop-downs, notes."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gridoffice.fields import Column, Field, Kind
from gridoffice.spreadsheet.drop_downs import Cascade, Place, add_drop_downs
from gridoffice.spreadsheet.page_marks import page_head

FONT = "宋体"
TITLE_FONT = "黑体"
INK = "#000000"
LINE = "#808080"
HEADER_FILL = "#E8EEF5"
REQUIRED_FILL = "#FCE8D5"

_FORMATS = {
    Kind.INTEGER: "0",
    Kind.DECIMAL: "General",
    Kind.RATE: "0.00%",
    Kind.DATE: "yyyy-mm-dd",
}
_CENTRED = (Kind.NAME, Kind.CODE, Kind.YES_NO, Kind.DATE, Kind.ID_NUMBER, Kind.PHONE)
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def display_width(text: str) -> int:
    """Width in half-width characters: a Chinese character counts two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def sheet_name(title: str) -> str:
    """A title as Excel takes it for a sheet: without its forbidden signs, 31 characters at most."""
    return _NOT_IN_NAMES.sub("", title).strip()[:31] or "台账"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Everything of the workbook but the data rows; `widths` align with `columns`."""

    title: str
    facts: tuple[str, ...]
    columns: tuple[Column, ...]
    widths: tuple[int, ...]
    signature: tuple[str, ...]
    choices: dict[str, tuple[str, ...]]
    landscape: bool
    blank_rows: int
    numbered: bool
    cascades: tuple[Cascade, ...] = ()
    mark: str = ""

    @property
    def header_row(self) -> int:
        """Excel's number of the header row."""
        return 2 + bool(self.facts)

    @property
    def first_row(self) -> int:
        """Excel's number of the first data row."""
        return self.header_row + 1

    def split(self, count: int) -> tuple[bytes, list[int], bytes]:
        """The sheet's XML before the data, the style of each column, and the XML behind the data."""
        with zipfile.ZipFile(io.BytesIO(self._book(count))) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        xml = re.sub(r"<dimension [^>]*/>", "", xml)
        if self.signature:
            row = self.first_row + max(count + self.blank_rows, 1)
            xml = _renumbered(xml, self.first_row + 1, row)
        sample = re.search(rf'<row r="{self.first_row}"[^>]*>.*?</row>', xml)
        if sample is None:
            raise AssertionError("the skeleton has no sample row")
        styles = [int(style) for style in re.findall(r'<c r="[A-Z]+[0-9]+" s="([0-9]+)"', sample.group())]
        return xml[: sample.start()].encode(), styles, xml[sample.end() :].encode()

    def other_parts(self, count: int) -> Iterator[tuple[str, bytes]]:
        """All parts of the workbook but the data sheet."""
        with zipfile.ZipFile(io.BytesIO(self._book(count))) as archive:
            for name in archive.namelist():
                if name != "xl/worksheets/sheet1.xml":
                    yield name, archive.read(name)

    def _book(self, count: int) -> bytes:
        target = io.BytesIO()
        import xlsxwriter  # 50 ms that the first window need not wait for

        book = xlsxwriter.Workbook(target, {"in_memory": True})
        book.set_calc_mode("auto")
        sheet = book.add_worksheet(sheet_name(self.title))
        plain = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
        boxed = plain | {"border": 1, "border_color": LINE}
        fields: list[Field | None] = [column.field for column in self.columns]
        widths = list(self.widths)
        if self.numbered:
            fields.insert(0, None)
            widths.insert(0, 6)
        last_column = len(fields) - 1
        header, first = self.header_row - 1, self.first_row - 1
        rows = count + self.blank_rows
        last = first + max(rows, 1) - 1

        title = book.add_format(
            {"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter"}
        )
        _across(sheet, 0, last_column, self.title, title)
        sheet.set_row(0, 36)
        if self.facts:
            _across(
                sheet, 1, last_column, "　　".join(self.facts), book.add_format(plain | {"align": "left"})
            )
            sheet.set_row(1, 20)
        head = boxed | {"bold": True, "align": "center", "text_wrap": True, "bg_color": HEADER_FILL}
        usual, needed = book.add_format(head), book.add_format(head | {"bg_color": REQUIRED_FILL})
        sheet.set_row(header, 28)
        cells = {
            kind: book.add_format(boxed | _cell_format(kind))
            for kind in dict.fromkeys(f.kind if f else None for f in fields)
        }
        for place, field in enumerate(fields):
            marked = bool(self.blank_rows and field and field.required)
            sheet.write_string(header, place, field.label if field else "序号", needed if marked else usual)
            sheet.set_column(place, place, widths[place])
            sheet.write_blank(first, place, None, cells[field.kind if field else None])
            if self.blank_rows and field and (note := _note(field)):
                sheet.write_comment(
                    header, place, note, {"author": "", "x_scale": 1.6, "font_name": FONT, "font_size": 10}
                )
        if self.signature:
            # right below the sample row: XlsxWriter keeps something of every row above its last
            signed = "　　　　".join(self.signature)
            _across(sheet, first + 1, last_column, signed, book.add_format(plain | {"align": "left"}))
            sheet.set_row(first + 1, 30)

        names = [place for place, field in enumerate(fields[:4]) if field and field.kind is Kind.NAME]
        sheet.freeze_panes(first, names[0] + 1 if names else 0)
        sheet.autofilter(header, 0, last, last_column)
        sheet.set_paper(9)
        sheet.set_landscape() if self.landscape else sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(header)
        sheet.print_area(0, 0, last + bool(self.signature), last_column)
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        if self.mark:
            sheet.set_header(page_head(self.mark))
        place = Place(first, last, 1 if self.numbered else 0)
        add_drop_downs(book, sheet, place, self.columns, self.choices, self.cascades)
        book.close()
        return target.getvalue()


def _across(sheet: Any, row: int, last_column: int, text: str, cell_format: Any) -> None:
    """One text over the whole width."""
    if last_column:
        sheet.merge_range(row, 0, row, last_column, "", cell_format)
    # a title that begins with = is a text all the same
    sheet.write_string(row, 0, text, cell_format)


def _renumbered(xml: str, old: int, new: int) -> str:
    """A sheet with one of its rows in another place: the row, its cells, what is merged there."""
    return re.sub(
        rf'(<row r="|<c r="[A-Z]+|<mergeCell ref="[A-Z]+){old}("|:[A-Z]+{old}")',
        lambda found: found[1] + str(new) + found[2].replace(f"{old}", f"{new}"),
        xml,
    )


def _cell_format(kind: Kind | None) -> dict[str, object]:
    if kind is None:
        return {"num_format": "0", "align": "center"}
    if kind in (Kind.INTEGER, Kind.DECIMAL, Kind.RATE):
        return {"num_format": _FORMATS[kind], "align": "right"}
    align: dict[str, object] = (
        {"align": "center"} if kind in _CENTRED else {"align": "left", "text_wrap": True}
    )
    return align | {"num_format": _FORMATS.get(kind, "@")}


_EXPECTED = {
    Kind.ID_NUMBER: "18 位，照身份证填。",
    Kind.PHONE: "手机号 11 位；两个号码之间用空格隔开。",
    Kind.DATE: "写成 2026-12-05 这样。",
    Kind.INTEGER: "填整数。",
    Kind.DECIMAL: "填数字。",
    Kind.RATE: "写成 95.5% 这样。",
    Kind.CODE: "从下拉里选。",
    Kind.YES_NO: "填“是”或“否”。",
    Kind.GRID: "填网格编码，或从街道写起的网格名称。",
}


def _note(field: Field) -> str:
    """What is to be filled in, for the note at the heading."""
    parts = ["必填。" if field.required else "", _EXPECTED.get(field.kind, ""), field.hint]
    return "".join(part for part in parts if part)
