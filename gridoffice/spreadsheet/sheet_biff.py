"""What the parser leaves out of old workbooks (.xls, .et), taken straight from their records.

[MS-CFB] for the container, [MS-XLS] for the records: error cells, formulas whose result is an
error, cells shown as per cent, hidden rows and columns.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from gridoffice.spreadsheet.sheet_xml import Marks

_FREE = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}

_FORMULA, _EOF, _BOOLERR, _COLINFO, _ROW, _XF, _FORMAT, _BOUNDSHEET, _BOF = (
    0x0006, 0x000A, 0x0205, 0x007D, 0x0208, 0x00E0, 0x041E, 0x0085, 0x0809,
)  # fmt: skip
_NUMBER, _RK, _MULRK = 0x0203, 0x027E, 0x00BD
_CLEAN_FORMAT = re.compile(r'"[^"]*"|\\.')


def marks(content: bytes) -> dict[str, Marks]:
    """Marks of every sheet by its name. A container that cannot be followed has none."""
    try:
        stream = _workbook_stream(content)
        return _marks(stream) if stream else {}
    except (struct.error, IndexError, UnicodeDecodeError):
        # the parser proper will say whether the file is damaged
        return {}


def _workbook_stream(content: bytes) -> bytes:
    """The stream of the workbook inside the compound file ([MS-CFB] 2.2-2.6)."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    small_sector = 1 << struct.unpack_from("<H", content, 32)[0]
    first_directory, _, cutoff, first_small = struct.unpack_from("<IIII", content, 48)
    first_table, tables = struct.unpack_from("<II", content, 68)
    heads = list(struct.unpack_from("<109I", content, 76))
    while first_table < _FREE and tables > 0:
        entries = struct.unpack_from(f"<{sector // 4}I", content, (first_table + 1) * sector)
        heads.extend(entries[:-1])
        first_table, tables = entries[-1], tables - 1
    chain: list[int] = []
    for head in heads:
        if head < _FREE:
            chain.extend(struct.unpack_from(f"<{sector // 4}I", content, (head + 1) * sector))

    def joined(start: int) -> bytes:
        parts = []
        while start < _FREE and len(parts) <= len(chain):
            parts.append(content[(start + 1) * sector : (start + 2) * sector])
            start = chain[start]
        return b"".join(parts)

    directory = joined(first_directory)
    root: tuple[int, int] = (0, 0)
    found: tuple[int, int] | None = None
    for place in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le")
        where = struct.unpack_from("<II", directory, place + 116)
        if directory[place + 66] == 5:
            root = where
        elif name in ("Workbook", "Book"):
            found = where
    if found is None:
        return b""
    start, size = found
    if size >= cutoff:
        return joined(start)[:size]
    small = joined(root[0])
    small_table = joined(first_small)
    small_chain = struct.unpack(f"<{len(small_table) // 4}I", small_table)
    parts = []
    while start < _FREE and len(parts) <= len(small_chain):
        parts.append(small[start * small_sector : (start + 1) * small_sector])
        start = small_chain[start]
    return b"".join(parts)[:size]


def _records(stream: bytes, place: int) -> Iterator[tuple[int, int, bytes]]:
    """Number, position and body of every record of one substream."""
    depth = 0
    end = len(stream) - 3
    while place < end:
        number, length = struct.unpack_from("<HH", stream, place)
        if number == _BOF:
            depth += 1
        elif number == _EOF:
            depth -= 1
            if depth == 0:
                return
        yield number, place, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _marks(stream: bytes) -> dict[str, Marks]:
    sheets: dict[str, int] = {}
    formats = {9, 10}  # the built-in 0% and 0.00%
    styles: list[int] = []
    for number, _, body in _records(stream, 0):
        if number == _BOUNDSHEET:
            characters, wide = body[6], body[7] & 1
            text = body[8 : 8 + characters * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1")
            sheets[text] = struct.unpack_from("<I", body)[0]
        elif number == _FORMAT:
            key, characters, wide = struct.unpack_from("<HHB", body)
            code = body[5:].decode("utf-16-le" if wide & 1 else "latin-1")[:characters]
            if "%" in _CLEAN_FORMAT.sub("", code):
                formats.add(key)
        elif number == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    percents = {index for index, key in enumerate(styles) if key in formats}
    return {name: _sheet_marks(stream, place, percents) for name, place in sheets.items()}


def _sheet_marks(stream: bytes, start: int, percents: set[int]) -> Marks:
    found = Marks()
    for number, _, body in _records(stream, start):
        if number == _BOOLERR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                found.errors[row, column] = _ERRORS.get(value, "#N/A")
        elif number == _FORMULA:
            row, column, style = struct.unpack_from("<HHH", body)
            if body[12:14] == b"\xff\xff":
                if body[6] == 2:
                    found.errors[row, column] = _ERRORS.get(body[8], "#N/A")
            elif style in percents:
                found.percents.add((row, column))
        elif number in (_NUMBER, _RK):
            row, column, style = struct.unpack_from("<HHH", body)
            if style in percents:
                found.percents.add((row, column))
        elif number == _MULRK and percents:
            row, column = struct.unpack_from("<HH", body)
            for index in range((len(body) - 6) // 6):
                if struct.unpack_from("<H", body, 4 + 6 * index)[0] in percents:
                    found.percents.add((row, column + index))
        elif number == _ROW:
            if body[12] & 0x20:
                found.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif number == _COLINFO:
            first, last, _, _, options = struct.unpack_from("<HHHHH", body)
            if options & 1:
                found.hidden_columns.update(range(first, min(last, 255) + 1))
    return found
