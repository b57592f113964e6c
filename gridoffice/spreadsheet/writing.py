"""A ledger as a workbook that can be printed as it is, and as a template to fill in.

XlsxWriter makes the skeleton (styles, title, header, print settings, drop-downs); the data rows are
streamed into the skeleton's sheet as inline strings. That is ten times as fast as writing every
cell through a library, and the rows never stand in memory together.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, islice, repeat
from pathlib import Path
from typing import IO, Any

from gridoffice.cells import LOST_DIGITS
from gridoffice.errors import OfficeError
from gridoffice.fields import Column, Kind
from gridoffice.masking import mask
from gridoffice.progress import counted
from gridoffice.spreadsheet.cell_xml import LONGEST, is_its_own_xml, serial, xml_text
from gridoffice.spreadsheet.drop_downs import Cascade
from gridoffice.spreadsheet.letters import letter
from gridoffice.spreadsheet.replacing import replacing
from gridoffice.spreadsheet.skeleton import Skeleton, display_width, sheet_name
from gridoffice.values import show

MEASURED = 1000
"""Rows whose contents are measured for the column widths."""

_COMPRESSION = 3  # half the time of zlib's default for a tenth more bytes
_PIECE = 400  # rows written to the archive at once
_FIRST_PARTS = ("[Content_Types].xml", "_rels/.rels")


@dataclass(frozen=True, slots=True)
class SheetTable:
    """What is to be written: `rows` hold values aligned with `columns`; `total` is how many there are,
    for the progress, where they come one by one.

    `facts` stand below the title in one line (单位, 日期, 筛选条件); `signature` below the last row.
    Sensitive columns are masked unless `reveal`. `choices` gives a column, by name, the texts of
    its drop-down, `cascades` give columns that narrow each other down. `blank_rows` makes a template:
    that many empty formatted rows, drop-downs for every code, and a note at each heading. `mark` is printed
    at the head of every page.
    """

    title: str
    facts: tuple[str, ...]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    signature: tuple[str, ...] = ()
    reveal: bool = False
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    landscape: bool = True
    blank_rows: int = 0
    numbered: bool = True
    cascades: tuple[Cascade, ...] = ()
    total: int | None = None
    mark: str = ""


def write_ledger(path: Path, table: SheetTable) -> int:
    """Write the workbook and answer the number of data rows.

    Written beside and renamed, so that a broken run never leaves half a file. Raises
    `OfficeError` when the file is open in another program or the folder cannot be written.
    """
    path = Path(path)
    total = len(table.rows) if isinstance(table.rows, Sized) else table.total
    rows = iter(counted(table.rows, f"写出“{path.name}”", total))
    first = [list(row) for row in islice(rows, MEASURED)]
    skeleton = Skeleton(
        title=table.title,
        facts=table.facts,
        columns=tuple(table.columns),
        widths=_widths(table, first),
        signature=table.signature,
        choices=_drop_downs(table),
        landscape=table.landscape,
        blank_rows=table.blank_rows,
        numbered=table.numbered,
        cascades=table.cascades,
        mark=table.mark,
    )
    with replacing(path) as target:
        return _stream(target, skeleton, table, chain(first, rows))


def _widths(table: SheetTable, rows: list[list[Any]]) -> tuple[int, ...]:
    """Declared width, or what heading and contents need, within what can be read on paper."""
    widths = []
    for place, column in enumerate(table.columns):
        shown = max((display_width(show(column.field, row[place], reveal=True)) for row in rows), default=0)
        declared = max(column.field.width, display_width(column.field.label) + 2)
        widths.append(min(max(declared, shown + 2), max(40, column.field.width)))
    return tuple(widths)


def _drop_downs(table: SheetTable) -> dict[str, tuple[str, ...]]:
    """The texts offered in each column: those given, and in a template every code."""
    offered = {name: tuple(texts) for name, texts in table.choices.items()}
    if table.blank_rows:
        for column in table.columns:
            if column.name in offered:
                continue
            if column.field.codes is not None:
                offered[column.name] = tuple(member.label for member in column.field.codes)
            elif column.field.kind is Kind.YES_NO:
                offered[column.name] = ("是", "否")
    return {name: texts for name, texts in offered.items() if texts}


def _stream(target: IO[bytes], skeleton: Skeleton, table: SheetTable, rows: Iterator[Sequence[Any]]) -> int:
    """Write the data sheet row by row, then the other parts, which know the number of rows."""
    head, styles, _ = skeleton.split(0)
    writers = [
        _cell_writer(column, style, reveal=table.reveal)
        for column, style in zip(table.columns, styles[1:] if table.numbered else styles, strict=True)
    ]
    offset = 1 if table.numbered else 0
    opens = [f'<c r="{letter(place + offset)}' for place in range(len(writers))]
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive:
        # programs that sniff a file's kind look at its first entries
        for name, content in skeleton.other_parts(0):
            if name in _FIRST_PARTS:
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(head)
            while some := list(islice(rows, _PIECE)):
                first = skeleton.first_row + count
                numbers = list(map(str, range(first, first + len(some))))
                cells = [[f'<row r="{number}">' for number in numbers]]
                if offset:
                    counted_on = enumerate(numbers, count + 1)
                    cells.append([f'<c r="A{n}" s="{styles[0]}"><v>{line}</v></c>' for line, n in counted_on])
                # column by column: nothing is decided twice for a column
                for start, write, values in zip(opens, writers, zip(*some, strict=True), strict=True):
                    written = zip(numbers, map(write, values), strict=True)
                    cells.append([f"{start}{number}{cell}" for number, cell in written])
                part.write("".join(map("".join, zip(*cells, repeat("</row>"), strict=False))).encode())
                count += len(some)
            for row_number in range(
                skeleton.first_row + count, skeleton.first_row + count + table.blank_rows
            ):
                blank = "".join(
                    f'<c r="{letter(place)}{row_number}" s="{style}"/>' for place, style in enumerate(styles)
                )
                part.write(f'<row r="{row_number}">{blank}</row>'.encode())
            _, _, tail = skeleton.split(count)
            part.write(tail)
        for name, content in skeleton.other_parts(count):
            if name not in _FIRST_PARTS:
                archive.writestr(name, content)
    return count


CellWriter = Callable[[Any], str]
"""The XML of a cell from behind its row number on: `" s="3"><v>12</v></c>`."""


def _cell_writer(column: Column, style: int, *, reveal: bool) -> CellWriter:
    field_ = column.field
    blank = f'" s="{style}"/>'
    number_start = f'" s="{style}"><v>'
    number_end = "</v></c>"
    text_start = f'" s="{style}" t="inlineStr"><is><t>'
    kept_start = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    text_end = "</t></is></c>"

    def text(value: str) -> str:
        if is_its_own_xml(value):
            return f"{text_start}{value}{text_end}"
        if not value:
            return blank
        escaped = xml_text(value)
        if len(escaped) > LONGEST and len(value) > LONGEST:
            raise OfficeError(f"“{field_.label}”里有一格超过 {LONGEST} 个字，Excel 放不下。")
        return (
            (kept_start if escaped[:1].isspace() or escaped[-1:].isspace() else text_start)
            + escaped
            + text_end
        )

    def shown(value: Any) -> str:
        return blank if value is None else text(show(field_, value, reveal=reveal))

    def masked(value: Any) -> str:
        if value is None:
            return blank
        return text(mask(field_.sensitive, value)) if type(value) is str else shown(value)

    def plain_text(value: Any) -> str:
        if value is None:
            return blank
        if type(value) is not str:
            return shown(value)
        # most are letters and figures only, which needs no further look
        return f"{text_start}{value}{text_end}" if value.isalnum() and len(value) < LONGEST else text(value)

    def whole(value: Any) -> str:
        if value is None:
            return blank
        if type(value) is int and -LOST_DIGITS < value < LOST_DIGITS:
            return f"{number_start}{value}{number_end}"
        return shown(value)

    def decimal(value: Any) -> str:
        if value is None:
            return blank
        if isinstance(value, (int, float)):
            value = Decimal(str(value))
        if isinstance(value, Decimal) and _fits(value):
            return f"{number_start}{value:f}{number_end}"
        return shown(value)

    def rate(value: Any) -> str:
        if value is None:
            return blank
        if isinstance(value, (int, float)):
            value = Decimal(str(value))
        if isinstance(value, Decimal) and _fits(value):
            return f"{number_start}{value.scaleb(-2):f}{number_end}"
        return shown(value)

    def day(value: Any) -> str:
        if value is None:
            return blank
        if isinstance(value, date):
            number = serial(value)
            if number is not None:
                return f"{number_start}{number}{number_end}"
        return shown(value)

    by_kind: dict[Kind, CellWriter] = {
        Kind.INTEGER: whole,
        Kind.DECIMAL: decimal,
        Kind.RATE: rate,
        # few different values: each is written once
        Kind.DATE: cache(day),
        Kind.CODE: cache(shown),
        Kind.YES_NO: cache(shown),
    }
    if field_.sensitive is not None and not reveal:
        return masked
    return by_kind.get(field_.kind, plain_text)


def _fits(value: Decimal) -> bool:
    """Excel keeps 15 significant digits; a longer number would come back as another one."""
    return value.is_finite() and len(value.as_tuple().digits) <= 15 and -14 <= value.adjusted() < 15


__all__ = ["SheetTable", "display_width", "sheet_name", "write_ledger"]
