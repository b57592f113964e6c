"""The cells of a sheet's XML, found by columns of bytes: where each begins, what it is called, which
attributes it has, and its number. A hundred megabytes take a third of a second.

Only what Excel, WPS and most libraries write is understood: `<c r="B7" s="2" t="s"><v>41</v></c>` in rows,
with formulas or without. Everything else is `NotAlike`, and left to the parser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridoffice.spreadsheet.sheet_rows import Cell, Rows

Numbers = NDArray[Any]

_HEAD, _TAIL, _NO_ROWS = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?/>|<f(?:\s[^>]*)?>[^<]*</f>")
_SHARED = re.compile(rb'\st="s"')

_SPREAD = 0x0101010101010101
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
"""The first bytes of eight, by how many."""
_MOST_KINDS = 250
_TEXT, _ASKED, _OPEN = 253, 254, 255
"""Kinds of cells: one of the workbook's texts, one that the parser is asked about, not known yet. Below are
kinds by their attributes, numbers without any in the end."""


class NotAlike(Exception):
    """Written in a way that only the parser knows."""


class Scan:
    """The cells of one sheet, gathered piece by piece. `asks` are those that the parser is to be asked
    about, each that differs once, as XML behind the address."""

    def __init__(self) -> None:
        self.head = self.tail = b""
        self.asks: list[bytes] = []
        self._asked: dict[bytes, int] = {}
        self._kinds: list[tuple[Any, Any, bytes]] = []
        self._found: list[tuple[Numbers, Numbers, Numbers, Numbers]] = []

    def add(self, piece: bytes) -> bytes:
        """Look through more of the sheet's XML, up to the end of a row; answers the attributes of its cells
        that have values, each that differs once. Raises `NotAlike`."""
        if self.tail:
            self.tail += piece
            return piece
        if not self.head:
            sign = _HEAD if _HEAD in piece else _NO_ROWS
            _demand(sign in piece)
            self.head, _, piece = piece.partition(sign)
            self.head += _HEAD
            if sign is _NO_ROWS:
                piece = _TAIL + piece
        piece, end, rest = piece.partition(_TAIL)
        self.tail = end + rest
        if b"f" in piece and b"<f" in piece:  # of most sheets the first already tells, and is found faster
            return b"<f" + self._look_through(_FORMULA.sub(b"", piece))
        return self._look_through(piece)

    def _look_through(self, piece: bytes) -> bytes:
        text = np.frombuffer(piece + bytes(32), np.uint8)
        # eight bytes from each place on, as one number
        words: Numbers = np.ndarray((len(text) - 8,), "<u8", buffer=text.data, strides=(1,))
        opens, then = text[:-1] == ord("<"), text[1:]
        cells, values, rows = (np.flatnonzero(opens & (then == sign)) for sign in b"cvr")
        ends = int(np.count_nonzero(opens & (then == ord("/"))))
        _demand(len(cells) + len(values) + len(rows) + ends == np.count_nonzero(opens))
        _demand(ends <= 2 * len(values) + len(rows))
        _demand(_say(words[cells], b'<c r="') and _say(words[rows], b"<row") and _say(words[values], b"<v>"))
        if len(cells) > len(values):  # a value belongs to the last cell that begins before it
            cells = cells[np.searchsorted(cells, values) - 1]
        _demand(len(cells) == len(values) and bool((cells < values).all()))
        _demand(bool((cells[1:] > values[:-1]).all()))
        column, at = _letters(words, cells + 6)
        row, at, whole = _digits(words, at, '"')
        _demand(bool((whole & (row > 0) & (row <= 1 << 20)).all()))
        here = self._kind(words, at + 1, values - at - 1)
        number, at, whole = _digits(words, values + 3, "<")
        _demand(_say(words[at[whole]], b"</v></c>"))
        kind = here.copy()
        for place in np.flatnonzero(~whole).tolist():
            start = int(values[place]) + 3
            end = piece.find(b"<", start)
            attributes = self._kinds[here[place]][2]
            _demand(piece.startswith(b"</v></c>", end) and not _SHARED.search(attributes))
            number[place] = self.ask(attributes + b"<v>" + piece[start:end] + b"</v></c>")
            kind[place] = _ASKED
        self._found.append((row - 1, column, kind, number))
        return b"".join(self._kinds[known][2] for known in np.flatnonzero(np.bincount(here)).tolist())

    def _kind(self, words: Numbers, start: Numbers, size: Numbers) -> Numbers:
        """A small number for the attributes between address and value of each cell."""
        _demand(bool(((size > 0) & (size <= 16)).all()))
        first = words[start] & _MASKS[np.minimum(size, 8)]
        second = words[start + 8] & _MASKS[np.maximum(size - 8, 0)]
        kind = np.full(len(start), _OPEN, np.uint8)
        for number, (one, other, _) in enumerate(self._kinds):
            kind[(first == one) & (second == other)] = number
        while len(left := np.flatnonzero(kind == _OPEN)):
            one, other = first[left[0]], second[left[0]]
            attributes = (one.tobytes() + other.tobytes())[: size[left[0]]]
            _demand(attributes.endswith(b">") and not attributes.endswith(b"/>"))
            _demand(attributes.count(b">") == 1 and len(self._kinds) < _MOST_KINDS)
            kind[(first == one) & (second == other)] = len(self._kinds)
            self._kinds.append((one, other, attributes))
        return kind

    def ask(self, cell: bytes) -> int:
        """The number of the parser's answer to a cell."""
        number = self._asked.setdefault(cell, len(self.asks))
        if number == len(self.asks):
            self.asks.append(cell)
        return number

    def close(self, texts: int) -> None:
        """All has been looked through; the workbook has so many texts. Raises `NotAlike`."""
        _demand(bool(self.tail))
        empty = (np.empty(0, np.uint8),) * 4
        row, column, kind, number = map(np.concatenate, zip(*(self._found or [empty]), strict=True))
        self._found = []
        for known, (_, _, attributes) in enumerate(self._kinds):
            cells = np.flatnonzero(kind == known)
            if _SHARED.search(attributes):
                _demand(not len(cells) or int(number[cells].max()) < texts)
                kind[cells] = _TEXT
            elif attributes != b">":
                said = number[cells]
                answers = np.zeros(
                    int(said.max(initial=0)) + 1, np.uint32
                )  # the numbers have seven digits at most
                answers[said] = 1
                for one in np.flatnonzero(answers).tolist():
                    answers[one] = self.ask(b"%s<v>%d</v></c>" % (attributes, one))
                number[cells] = answers[said]
                kind[cells] = _ASKED
        order = np.argsort(column, kind="stable")
        self._cells = row[order], column[order], kind[order], number[order]

    def spread(self, answers: Sequence[Cell], texts: NDArray[Any]) -> Rows:
        """The rows of the sheet, from what the parser answered and the workbook's texts."""
        row, column, kind, number = self._cells
        count, width = (int(of.max()) + 1 if len(of) else 0 for of in (row, column))
        told = np.empty(len(answers), object)
        told[:] = answers
        columns: list[list[Cell]] = []
        for start, end in pairwise(np.searchsorted(column, np.arange(width + 1)).tolist()):
            cells = np.full(count, None, object)
            at, of, said = row[start:end], kind[start:end], number[start:end]
            for some, values in ((of == _TEXT, texts), (of == _ASKED, told), (of < _TEXT, None)):
                cells[at[some]] = said[some] if values is None else values[said[some]]
            columns.append(cells.tolist())
        return Rows(columns, count)


def _letters(words: Numbers, at: Numbers) -> tuple[Numbers, Numbers]:
    """The columns that are named at these places, from 0, and where their names end."""
    found = words[at]
    column = np.zeros(len(at), np.uint16)
    more = np.ones(len(at), bool)
    for place in range(3):
        letter = ((found >> np.uint64(8 * place)) & np.uint64(255)).astype(np.uint16) - ord("A")
        more &= letter < 26  # of what comes before A there is nothing below 0
        column = np.where(more, column * 26 + letter + 1, column)
        at = at + more
    _demand(bool((column > 0).all()))
    return column - 1, at


def _digits(words: Numbers, at: Numbers, end: str) -> tuple[Numbers, Numbers, Numbers]:
    """The whole numbers of at most seven digits that stand at these places up to a sign, where each ends,
    and which of them are such numbers. All eight bytes at a time."""
    found = words[at]
    there = found ^ np.uint64(_SPREAD * ord(end))
    there = (there - np.uint64(_SPREAD)) & ~there & np.uint64(_SPREAD << 7)  # the sign's first place
    size = np.bitwise_count((there & (~there + np.uint64(1))) - np.uint64(1)) >> 3
    whole = (size > 0) & (size < 8)
    room = np.where(whole, 8 - size, 0).astype(np.uint64) << np.uint64(3)
    digits = (found << room) | (np.uint64(_SPREAD * ord("0")) & ~(np.uint64(2**64 - 1) << room))
    high = np.uint64(_SPREAD * 0xF0)
    whole &= (digits & high == _SPREAD * 0x30) & (digits + np.uint64(_SPREAD * 6) & high == _SPREAD * 0x30)
    digits = (digits & np.uint64(_SPREAD * 0x0F)) * np.uint64(10 * 2**8 + 1) >> np.uint64(8)
    digits = (digits & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(100 * 2**16 + 1) >> np.uint64(16)
    digits = (digits & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(10_000 * 2**32 + 1) >> np.uint64(32)
    return digits.astype(np.uint32), at + size, whole


def _say(words: Numbers, said: bytes) -> bool:
    """Do all of these begin so?"""
    wanted = np.uint64(int.from_bytes(said, "little"))
    return bool(((words & _MASKS[len(said)]) == wanted).all())


def _demand(alike: bool) -> None:
    if not alike:
        raise NotAlike
