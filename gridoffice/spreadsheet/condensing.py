"""A workbook with each different cell once, for the parser to read, and the way back to the original.

A roster of 150,000 rows says the same days and shares again and again, and the rest is text. What a number
means with the attributes of its cell, and what becomes of a text in which something is to be interpreted,
the parser tells, once for each that differs, from a small workbook that is otherwise the original.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gridoffice.spreadsheet.inflating import inflated
from gridoffice.spreadsheet.scanning import NotAlike, Scan
from gridoffice.spreadsheet.sheet_rows import Rows

_TEXTS = "xl/sharedStrings.xml"
_MEDIA = "xl/media/"
_PLAIN = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_ITEM = re.compile(rb"<si>.*?</si>|<si/>", re.DOTALL)
_INTERPRETED = {
    b"&": (b"&",),
    b"\r": (b"\r",),
    b"_": (b"_x",),
    b" ": (b"<t> ", b" </t>"),
    b"\t": (b"<t>\t", b"\t</t>"),
    b"\n": (b"<t>\n", b"\n</t>"),
}
"""What stands where a text is to be interpreted (entities, line ends, escapes, outer space), by the
character without which it is not there: that is found faster."""
_MOST_ROWS = 1_000_000


class Scans:
    """The scans of the sheets of a workbook, by their part of the archive; none any more as soon as one of
    them is `NotAlike`."""

    def __init__(self) -> None:
        self.by_part: dict[str, Scan] | None = {}

    def of(self, part: str) -> Callable[[bytes], bytes]:
        """What a sheet's XML is shown to, piece by piece; answers what is to be looked through for signs."""
        scan = Scan()
        if self.by_part is not None:
            self.by_part[part] = scan

        def see(piece: bytes) -> bytes:
            if self.by_part is not None:
                try:
                    return scan.add(piece)
                except NotAlike:
                    self.by_part = None
            return piece

        return see


def condensed(archive: zipfile.ZipFile, scans: Scans) -> Condensed | None:
    """A workbook whose sheets were looked through; None when it is to be read as it is."""
    try:
        return Condensed(archive, scans.by_part) if scans.by_part is not None else None
    except NotAlike:
        return None


class Condensed:
    """The small workbook as `content`."""

    def __init__(self, archive: zipfile.ZipFile, scans: Mapping[str, Scan]):
        """`scans` are those of all sheets, by their part of the archive. Raises `NotAlike`."""
        names = archive.namelist()
        said = b"".join(inflated(archive, _TEXTS)) if _TEXTS in names else b""
        self._texts, unclear = _texts(said)
        self._unclear = list(unclear)
        self._scans = scans
        small = io.BytesIO()
        with zipfile.ZipFile(small, "w") as target:
            for name in names:
                if name in scans:
                    scans[name].close(len(self._texts))
                    target.writestr(name, self._sheet(scans[name]))
                elif name == _TEXTS:
                    head = said[: said.find(b"<si")] if unclear else b"<sst>"
                    target.writestr(name, head + b"".join(unclear.values()) + b"</sst>")
                elif not name.startswith(_MEDIA):
                    target.writestr(name, archive.read(name))
        self.content = small.getvalue()

    def _sheet(self, scan: Scan) -> bytes:
        """A sheet with what is asked below each other, before that the texts."""
        cells = [b' t="s"><v>%d</v></c>' % number for number in range(len(self._unclear))] + scan.asks
        if len(cells) > _MOST_ROWS:
            raise NotAlike
        rows = (b'<row r="%d"><c r="A%d"%s</row>' % (at, at, cell) for at, cell in enumerate(cells, 1))
        return scan.head + b"".join(rows) + scan.tail

    def spread(self, part: str, small: Rows) -> Rows:
        """The rows of a sheet, from those that the parser read in its place."""
        scan, texts = self._scans[part], len(self._unclear)
        answers = [*small.column(0), *[None] * (texts + len(scan.asks) - len(small))]
        self._texts[self._unclear] = answers[:texts]
        return scan.spread(answers[texts:], self._texts)


def _texts(said: bytes) -> tuple[Any, dict[int, bytes]]:
    """The texts of a workbook, and by their places the XML of those that are to be interpreted."""
    found: list[str | None] = _PLAIN.findall(said.decode())
    unclear: dict[int, bytes] = {}
    count = said.count(b"<si")
    start = max(said.find(b"<si"), 0)
    signs = [
        sign
        for char, some in _INTERPRETED.items()
        if said.find(char, start) >= 0
        for sign in some
        if said.find(sign, start) >= 0
    ]
    if len(found) < count:  # parts in other type, readings above characters
        items = _ITEM.findall(said)
        if len(items) < count:
            raise NotAlike
        found = [None] * count
        for place, item in enumerate(items):
            text = _PLAIN.fullmatch(item.decode())
            if text is None or any(sign in item for sign in signs):
                unclear[place] = item
            else:
                found[place] = text[1]
    elif signs:
        place, at = -1, start
        for hit in re.compile(b"|".join(map(re.escape, signs))).finditer(said, start):
            place, at = place + said.count(b"<si", at, hit.end()), hit.end()
            begin = said.rfind(b"<si", 0, at)
            unclear[place] = said[begin : said.find(b"</si>", begin) + len(b"</si>")]
    texts = np.empty(count, object)
    texts[:] = found
    texts[texts == ""] = None
    return texts, unclear
