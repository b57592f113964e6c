"""Any workbook or text table read into plain rows, as its author sees them.

Rows are 0-based and aligned: Excel's row number is the index + 1, whatever blank rows, titles or
hidden rows there are. Error cells are `CellError`, cells shown as per cent are `Percent`, whole
numbers are `int` as long as no digit can have been lost, vertically merged cells are filled down.
"""

from __future__ import annotations

import csv
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from gridoffice.cells import CellError, Percent
from gridoffice.errors import BadSheet
from gridoffice.names import STANDARD
from gridoffice.progress import report
from gridoffice.spreadsheet import sheet_biff, sheet_ods, sheet_xml
from gridoffice.spreadsheet.sheet_rows import Cell, Rows, plain_rows
from gridoffice.undisturbed import undisturbed

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, (row, column) from 0, both inclusive."""

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt")
"""The endings to offer in a file dialog; what a file is, is told by its content."""

_LARGEST = 4 << 30  # inflated bytes; beyond this an archive is a bomb, not a ledger


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ArithmeticError,
    LookupError,
    SyntaxError,
    ValueError,
    EOFError,
    OSError,
)
"""What following a damaged archive and its XML can raise: the damage may be in any byte."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `filled` are the places (row, column, from 0) filled down from a merged cell."""

    name: str
    rows: Rows
    hidden: bool = False
    filled: frozenset[tuple[int, int]] = frozenset()
    merges: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """A file as it was read: its sheets in order, and the SHA-256 of its bytes."""

    path: Path
    sheets: tuple[Sheet, ...]
    digest: str


@undisturbed()
def read(path: Path) -> Book:
    """Read a workbook (.xlsx .xls .et .ods) or a text table (.csv).

    Raises `BadSheet` with one sentence naming the file when it is absent, empty, protected by a
    password, damaged, or not a table at all.
    """
    path = Path(path)
    report(f"读取“{path.name}”")
    content = _content(path)
    digest = hashlib.sha256(content).hexdigest()
    sheets = _sheets(path, content)
    if not any(sheet.rows for sheet in sheets):
        raise BadSheet(f"“{path.name}”里什么也没有。")
    return Book(path, tuple(sheets), digest)


PASTED = Path("剪贴板")
"""The name of a book that came from the clipboard instead of a file."""


def read_pasted(text: str) -> Book:
    """Read cells that were copied in a spreadsheet program: texts with tabs between them. Raises
    `BadSheet` when there is nothing in them."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    sheet = _separated(PASTED, text, "\t")
    if not sheet.rows:
        raise BadSheet("剪贴板里没有表格内容。")
    return Book(PASTED, (sheet,), digest)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise BadSheet(f"“{path.name}”是文件夹，要选一个表格文件。")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadSheet(f"没有“{path.name}”这个文件。") from None
    except PermissionError:
        raise BadSheet(f"“{path.name}”打不开，可能正在别的程序里用。关掉后再试。") from None
    except OSError as error:
        raise BadSheet(f"“{path.name}”读不出来：{error.strerror or error}。") from None
    if not content:
        raise BadSheet(f"“{path.name}”是空文件。")
    return content


def _sheets(path: Path, content: bytes) -> list[Sheet]:
    if content.startswith(b"PK"):
        return _zipped(path, content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _protected(path)
        return _parsed(path, content, sheet_biff.marks(content))
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<style")):
        raise BadSheet(f"“{path.name}”其实是网页，不是表格。用 WPS 打开，另存为 .xlsx 再导入。")
    return [_text_table(path, content)]


def _zipped(path: Path, content: bytes) -> list[Sheet]:
    # numpy takes a tenth of a second to import: only whoever reads a workbook pays for it
    from gridoffice.spreadsheet import condensing

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise BadSheet(f"“{path.name}”解开后太大，拆成几个文件再导入。")
            if "xl/workbook.xml" not in names:
                if "content.xml" in names and b"spreadsheet" in archive.read("mimetype"):
                    if sheet_ods.is_protected(archive):
                        raise _protected(path)
                    return _parsed(path, content, sheet_ods.marks(archive))
                if "xl/workbook.bin" in names:
                    # its error cells would come out as blanks
                    raise BadSheet(f"“{path.name}”是二进制工作簿。用 WPS 打开，另存为 .xlsx 再导入。")
                raise _not_a_table(path)
            percents = sheet_xml.percent_styles(archive)
            parts = sheet_xml.sheet_parts(archive)
            scans = condensing.Scans()
            found = {
                name: sheet_xml.marks(archive, part, percents, scans.of(part))
                for name, part in parts.items()
                if part in names and part.startswith("xl/worksheets/")
            }
            small = condensing.condensed(archive, scans) if len(found) == len(parts) else None
    except BadSheet:
        raise
    except _BROKEN:
        raise _damaged(path) from None
    if small is None:
        return _parsed(path, content, found)
    return _parsed(path, small.content, found, lambda name, rows: small.spread(parts[name], rows))


def _as_they_are(_name: str, rows: Rows) -> Rows:
    return rows


def _parsed(
    path: Path,
    content: bytes,
    found: dict[str, sheet_xml.Marks],
    spread: Callable[[str, Rows], Rows] = _as_they_are,
) -> list[Sheet]:
    sheets = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for data in book.sheets_metadata:
                if data.typ not in (SheetTypeEnum.WorkSheet,):
                    continue
                sheet = book.get_sheet_by_name(data.name)
                # rows come from row 1 on, but columns only from the first that holds anything
                rows = plain_rows(sheet.iter_rows(), sheet.start[1] if sheet.start else 0)
                rows = spread(data.name, rows)
                marks = found.get(data.name)
                merges = tuple(sheet.merged_cell_ranges or (marks.merges if marks else ()))
                hidden = data.visible is not SheetVisibleEnum.Visible or bool(marks and marks.hidden)
                sheets.append(_sheet(data.name, rows, merges, hidden, marks))
    except PasswordError:
        raise _protected(path) from None
    except CalamineError as error:
        if "assword" in str(error):
            raise _protected(path) from None
        raise _damaged(path) from None
    except (OSError, ValueError, ArithmeticError):  # also a day beyond all calendars
        raise _damaged(path) from None
    except BaseException as error:
        # the parser is written in Rust; when it gives up on a damaged file it panics
        if type(error).__name__ == "PanicException":
            raise _damaged(path) from None
        raise
    return sheets


def _sheet(
    name: str, rows: Rows, merges: tuple[Range, ...], hidden: bool, marks: sheet_xml.Marks | None
) -> Sheet:
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    if marks is not None:
        for (row, column), code in marks.errors.items():
            rows.put(row, column, CellError(code))
        for row, column in marks.percents:
            if row < len(rows) and column < len(rows.columns):
                cell = rows.columns[column][row]
                if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    rows.columns[column][row] = Percent(cell)
        hidden_rows = frozenset(row for row in marks.hidden_rows if row < len(rows))
        hidden_columns = frozenset(marks.hidden_columns)
    filled = _fill_down(rows, merges)
    rows.cut_blank_end()
    return Sheet(name, rows, hidden, filled, merges, hidden_rows, hidden_columns)


def _fill_down(rows: Rows, merges: tuple[Range, ...]) -> frozenset[tuple[int, int]]:
    """Copy a vertically merged cell into the rows below it, in its own column only.

    Its neighbours to the right belong to other columns: a value copied there would be wrong.
    """
    filled = set()
    for (first, index), (last, _) in merges:
        if first >= len(rows) or index >= len(rows.columns) or rows.columns[index][first] is None:
            continue
        column = rows.columns[index]
        for row in range(first + 1, min(last + 1, len(rows))):
            if column[row] is None:
                column[row] = column[first]
                filled.add((row, index))
    return frozenset(filled)


def _text_table(path: Path, content: bytes) -> Sheet:
    text = _decoded(path, content)
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    return _separated(path, text, max(",\t;|", key=lambda sign: sum(line.count(sign) for line in lines)))


def _separated(path: Path, text: str, separator: str) -> Sheet:
    limit = csv.field_size_limit(1 << 24)
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = Rows.of([[_text_cell(cell) for cell in row] for row in table])
    except csv.Error:
        raise _damaged(path) from None
    finally:
        csv.field_size_limit(limit)
    return _sheet(path.stem, rows, (), False, None)


def _text_cell(cell: str) -> Cell:
    cell = cell.strip(" \t")
    # ="510…" and a leading ' are how people keep Excel from turning a number into 5.1E+17
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1]
    elif cell.startswith("'"):
        cell = cell[1:]
    return cell or None


def _decoded(path: Path, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise _damaged(path) from None
    if b"\0" in content:
        raise _not_a_table(path)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(character < " " and character not in "\t\r\n" for character in text[:4096]) > 8:
            raise _not_a_table(path)
        return text.translate(STANDARD) if encoding == "gb18030" else text
    raise _not_a_table(path)


def _protected(path: Path) -> BadSheet:
    return BadSheet(f"“{path.name}”加了密码。去掉密码另存一份，再导入。")


def _damaged(path: Path) -> BadSheet:
    return BadSheet(f"“{path.name}”已损坏，读不出来。用 WPS 打开，另存为 .xlsx 再导入。")


def _not_a_table(path: Path) -> BadSheet:
    return BadSheet(f"“{path.name}”不是表格文件。要选 .xlsx、.xls、.et、.ods 或 .csv。")
