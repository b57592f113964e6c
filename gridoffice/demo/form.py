"""A sheet in the shape that offices give to their tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet


class Form:
    """One sheet of a new workbook, written from the top; `at` is the next row, counted from 0."""

    def __init__(self, path: Path, sheet: str, today: date):
        self.book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
        # Written the same byte for byte, whatever the clock says.
        self.book.set_properties({"created": datetime(today.year, today.month, today.day, tzinfo=UTC)})
        self.sheet: Worksheet = self.book.add_worksheet(sheet)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.at = 0
        face = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        cell = {**face, "border": 1}
        self.formats: dict[str, Format] = {
            "title": self.book.add_format({**face, "font_size": 18, "bold": True, "align": "center"}),
            "facts": self.book.add_format(face),
            "heading": self.book.add_format({**cell, "bold": True, "align": "center", "text_wrap": True}),
            "text": self.book.add_format({**cell, "num_format": "@"}),
            "number": self.book.add_format(cell),
            "date": self.book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        }

    def __enter__(self) -> Form:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.book.close()

    def title(self, text: str, width: int) -> None:
        self.sheet.merge_range(self.at, 0, self.at, width - 1, text, self.formats["title"])
        self.sheet.set_row(self.at, 32)
        self.at += 1

    def facts(self, texts: Sequence[str], width: int) -> None:
        """`texts` in one merged cell, spread out by spaces, as clerks do it."""
        self.sheet.merge_range(
            self.at, 0, self.at, width - 1, "          ".join(texts), self.formats["facts"]
        )
        self.at += 1

    signature = facts

    def headings(self, columns: Sequence[tuple[tuple[str, ...], int]]) -> None:
        """Headings of one or two levels with column widths; equal words side by side are merged."""
        levels = max(len(words) for words, _ in columns)
        top, style = self.at, self.formats["heading"]
        for index, (words, width) in enumerate(columns):
            self.sheet.set_column(index, index, width)
            if len(words) < levels:
                self.sheet.merge_range(top, index, top + levels - 1, index, words[0], style)
            else:
                self.sheet.write_string(top + levels - 1, index, words[-1], style)
        if levels > 1:
            groups = [words[0] if len(words) > 1 else "" for words, _ in columns]
            start = 0
            for index in range(1, len(groups) + 1):
                if index == len(groups) or groups[index] != groups[start]:
                    if groups[start] and index - start > 1:
                        self.sheet.merge_range(top, start, top, index - 1, groups[start], style)
                    start = index
        self.at += levels
        self.sheet.freeze_panes(self.at, 0)
        self.sheet.repeat_rows(top, self.at - 1)

    def row(self, values: Sequence[Any]) -> None:
        for column, value in enumerate(values):
            self.cell(self.at, column, value)
        self.at += 1

    def cell(self, row: int, column: int, value: Any) -> None:
        """Numbers as numbers, dates as dates, and all else as text, ID numbers and phones above all."""
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, self.formats["text"])
        elif isinstance(value, bool):
            self.sheet.write_string(row, column, "是" if value else "否", self.formats["text"])
        elif isinstance(value, (int, float, Decimal)):
            self.sheet.write_number(row, column, float(value), self.formats["number"])
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, datetime.combine(value, time()), self.formats["date"])
        else:
            self.sheet.write_string(row, column, value, self.formats["text"])

    def join(self, first: int, last: int, column: int, value: Any) -> None:
        """Merge the cells of one column from row `first` to `last`, as is done for a shared community."""
        if first == last:
            self.cell(first, column, value)
        else:
            self.sheet.merge_range(first, column, last, column, value, self.formats["heading"])
