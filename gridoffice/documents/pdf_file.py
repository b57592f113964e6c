"""Writes the objects of a PDF file: numbered objects, streams, cross-reference table, trailer.

Written here rather than taken from a library because a page is then compressed and let go as soon as it
is finished (a ledger of 8,000 pages stays small in memory) and because every byte is ours: the same
document gives the same file, to the byte.
"""

from __future__ import annotations

import hashlib
import zlib


def name(text: str) -> str:
    """A PDF name; characters that may not stand in one are written as #xx."""
    return "/" + "".join(
        char if char.isascii() and (char.isalnum() or char in "+-_.,") else f"#{ord(char) & 0xFF:02X}"
        for char in text
    )


def text_string(text: str) -> str:
    """A text string of the document information: UTF-16BE, so that any name can stand in it."""
    return "<FEFF" + text.encode("utf-16-be").hex().upper() + ">"


class PdfFile:
    """The bytes of a PDF 1.7 file as they grow. Object numbers may be handed out before use."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        self._offsets: dict[int, int] = {}
        self._last = 0
        self._digest = hashlib.sha256()
        # The comment of bytes above 127 tells transfer programs that the file is binary.
        self._write(b"%PDF-1.7\n%\xe7\xbd\x91\xe6\xa0\xbc\n")

    def _write(self, data: bytes) -> None:
        self._parts.append(data)
        self._length += len(data)
        self._digest.update(data)

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._last += 1
        return self._last

    def put(self, body: str | bytes, number: int | None = None) -> int:
        """Write an object; answers its number."""
        number = number or self.reserve()
        self._offsets[number] = self._length
        data = body if isinstance(body, bytes) else body.encode("ascii")
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, data))
        return number

    def stream(self, data: bytes, entries: str = "", number: int | None = None, packed: bool = True) -> int:
        """Write a stream with more `entries` of its dictionary; answers its number."""
        if packed:
            data = zlib.compress(data, 6)
            entries += " /Filter /FlateDecode"
        head = f"<<{entries} /Length {len(data)}>>\nstream\n".encode("ascii")
        return self.put(head + data + b"\nendstream", number)

    def finish(self, catalogue: int, info: int) -> bytes:
        """Write the cross-reference table and the trailer; answers the whole file."""
        identity = self._digest.hexdigest()[:32].upper()
        start = self._length
        rows = [b"xref\n0 %d\n0000000000 65535 f \n" % (self._last + 1)]
        rows += [b"%010d 00000 n \n" % self._offsets[number] for number in range(1, self._last + 1)]
        rows.append(
            f"trailer\n<</Size {self._last + 1} /Root {catalogue} 0 R /Info {info} 0 R "
            f"/ID [<{identity}> <{identity}>]>>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
        )
        self._write(b"".join(rows))
        return b"".join(self._parts)
