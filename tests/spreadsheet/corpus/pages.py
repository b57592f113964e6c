"""How a dirty workbook is made: pages of rows, and beside each person the truth about the cells."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from gridoffice.fields import Column, Field
from gridoffice.spreadsheet.guide import Group
from gridoffice.spreadsheet.letters import letter
from tests.spreadsheet.ledger import COLUMNS as LEDGER
from tests.spreadsheet.ledger import member

STREET = Column("street", Field("街道", aliases=("镇街", "乡镇", "所属街道")))
COMMUNITY = Column("community", Field("社区", aliases=("村（社区）", "所属社区", "村社")))
COLUMNS = (*LEDGER, STREET, COMMUNITY)
GROUPS = (Group("street", ("街道", "镇")), Group("community", ("社区", "村")))

HEADS = {
    "name": "姓名",
    "id_number": "身份证号",
    "sex": "性别",
    "phone": "联系电话",
    "grid": "所属网格",
    "education": "学历",
    "since": "任职日期",
}
"""The columns of most pages, with the headings that offices give them."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the result that the file keeps."""

    text: str
    result: Any = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number with a number format of its own."""

    number: float
    code: str


@dataclass(frozen=True, slots=True)
class Person:
    """The truth about one person: where it stands, its values, the letter of each column; and the
    columns whose cells are wrong, or can be read only with a doubt."""

    sheet: str
    row: int
    block: int
    values: Mapping[str, Any]
    letters: Mapping[str, str]
    wrong: frozenset[str]
    doubtful: frozenset[str]

    def cells(self, names: frozenset[str]) -> set[tuple[str, int, str]]:
        """Sheet, row and letter of some columns."""
        return {(self.sheet, self.row, self.letters[name]) for name in names}


@dataclass
class Page:
    """A sheet while it is made."""

    name: str = "花名册"
    heads: Mapping[str, str] = field(default_factory=lambda: HEADS)
    serial: bool = True
    rows: list[list[Any]] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    skipped: int = 0
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    blank_to: int = 0
    count: int = 0

    @property
    def at(self) -> int:
        """Excel's number of the row that was written last."""
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.heads) + self.serial

    def line(self, *cells: Any, across: bool = False, skipped: bool = False) -> None:
        """A row as it is; `skipped` when it stands below the header and is no person."""
        self.rows.append(list(cells))
        self.skipped += skipped
        if across:
            self.merges.append(f"A{self.at}:{letter(self.width - 1)}{self.at}")

    def header(self, *, again: bool = False) -> None:
        self.line(*(["序号"] if self.serial else []), *self.heads.values(), skipped=again)

    def raw(self, number: int, cells: Mapping[str, Any]) -> list[Any]:
        """The cells of a person as they are typed."""
        person = member(number)
        typed = {
            "name": person.name,
            "id_number": person.id_number,
            "sex": person.sex.label if person.sex else None,
            "phone": person.phone,
            "grid": person.grid,
            "education": person.education.label if person.education else None,
            "since": person.since.isoformat() if person.since else None,
        }
        return [cells[key] if key in cells else typed.get(key) for key in self.heads]

    def truth(self, number: int) -> dict[str, Any]:
        """What is to be read of a person whose cells are all right."""
        person = member(number)
        return {key: getattr(person, key) for key in self.heads if hasattr(person, key)}

    def person(
        self,
        cells: Mapping[str, Any] | None = None,
        *,
        means: Mapping[str, Any] | None = None,
        wrong: Sequence[str] = (),
        doubtful: Sequence[str] = (),
    ) -> None:
        """The next person. `cells` are typed otherwise than usual and mean `means` (None where they
        mean nothing); those in `wrong` have to be found, those in `doubtful` pointed out."""
        number = self.count
        self.count += 1
        self.rows.append([*([self.count] if self.serial else []), *self.raw(number, cells or {})])
        self.people.append(self._truth(number, 0, means, wrong, doubtful))

    def _truth(
        self,
        number: int,
        block: int,
        means: Mapping[str, Any] | None,
        wrong: Sequence[str],
        doubtful: Sequence[str],
    ) -> Person:
        letters = {
            key: letter(index + self.serial + block * self.width) for index, key in enumerate(self.heads)
        }
        values = self.truth(number) | dict.fromkeys(wrong, None) | dict(means or {})
        return Person(self.name, self.at, block, values, letters, frozenset(wrong), frozenset(doubtful))

    def pair(self) -> None:
        """Two persons side by side."""
        cells: list[Any] = []
        for _ in (0, 1):
            cells += [*([self.count + 1] if self.serial else []), *self.raw(self.count, {})]
            self.count += 1
        self.rows.append(cells)
        self.people += [self._truth(self.count - 2 + block, block, None, (), ()) for block in (0, 1)]


@dataclass(frozen=True, slots=True)
class Case:
    """A workbook, what is special about it, and the truth. `refused`: the file as a whole is none of
    this ledger and has to be refused; `warned`: something has to be said about the file as a whole."""

    name: str
    write: Callable[[Path], Path]
    people: tuple[Person, ...] = ()
    skipped: int = 0
    refused: bool = False
    warned: bool = False

    @property
    def wrong(self) -> set[tuple[str, int, str]]:
        """Every cell that has to be called wrong."""
        return {cell for one in self.people for cell in one.cells(one.wrong)}

    @property
    def doubtful(self) -> set[tuple[str, int, str]]:
        """Every cell that has to be pointed out."""
        return {cell for one in self.people for cell in one.cells(one.doubtful)}


def case(name: str, *pages: Page, ending: str = "xlsx", warned: bool = False, **how: Any) -> Case:
    """A workbook of these pages."""
    writers: dict[str, Callable[[Path, Sequence[Page]], None]] = {
        "xlsx": write_xlsx,
        "csv": lambda path, made: write_csv(path, made[0], **how),
        "ods": write_ods,
    }

    def write(folder: Path) -> Path:
        path = folder / f"{name}.{ending}"
        writers[ending](path, pages)
        return path

    people = tuple(person for page in pages for person in page.people)
    if ending == "csv":
        people = tuple(replace(one, sheet=name) for one in people)
    return Case(name, write, people, sum(page.skipped for page in pages), warned=warned)


def refused(name: str, write: Callable[[Path], Path]) -> Case:
    """A file that is none of this ledger."""
    return Case(name, write, refused=True)


def write_xlsx(path: Path, pages: Sequence[Page]) -> None:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    formats: dict[str, Any] = {}

    def shaped(code: str) -> Any:
        if code not in formats:
            formats[code] = book.add_format({"num_format": code})
        return formats[code]

    for page in pages:
        sheet: Any = book.add_worksheet(page.name)
        for merged in page.merges:
            sheet.merge_range(merged, "")
        for row, cells in enumerate(page.rows):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                if isinstance(cell, Formula):
                    sheet.write_formula(row, column, cell.text, None, cell.result)
                elif isinstance(cell, Shown):
                    sheet.write_number(row, column, cell.number, shaped(cell.code))
                elif isinstance(cell, bool):
                    sheet.write_boolean(row, column, cell)
                elif isinstance(cell, (int, float)):
                    sheet.write_number(row, column, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(row, column, datetime.combine(cell, time()), shaped("yyyy-mm-dd"))
                else:
                    sheet.write_string(row, column, cell)
        for row in page.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for column in page.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        if page.blank_to:
            blank = book.add_format({"border": 1})
            for row in range(len(page.rows), page.blank_to):
                sheet.write_blank(row, 0, None, blank)
        if page.hidden:
            sheet.hide()
    book.close()


def write_csv(path: Path, page: Page, *, encoding: str = "utf-8-sig", separator: str = ",") -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(
        ["" if cell is None else str(cell) for cell in row] for row in page.rows
    )
    path.write_bytes(text.getvalue().encode(encoding))


def write_ods(path: Path, pages: Sequence[Page]) -> None:
    """Enough of an open document for any reader of them: texts, numbers, merged cells."""
    tables = []
    for page in pages:
        spans = {merged.partition(":")[0]: merged.partition(":")[2] for merged in page.merges}
        rows = []
        for number, cells in enumerate(page.rows, 1):
            row = ""
            for column, cell in enumerate(cells):
                end = spans.get(f"{letter(column)}{number}", "")
                across = ord(end[0]) - 64 - column if end else 1
                down = int(end[1:]) - number + 1 if end else 1
                span = (
                    f' table:number-columns-spanned="{across}" table:number-rows-spanned="{down}"'
                    if end
                    else ""
                )
                if cell is None:
                    row += "<table:table-cell/>"
                elif isinstance(cell, (int, float)):
                    row += f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
                else:
                    row += (
                        f'<table:table-cell office:value-type="string"{span}><text:p>{escape(str(cell))}</text:p>'
                        "</table:table-cell>"
                    )
            rows.append(f"<table:table-row>{row}</table:table-row>")
        tables.append(f'<table:table table:name="{page.name}">{"".join(rows)}</table:table>')
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{''.join(tables)}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
