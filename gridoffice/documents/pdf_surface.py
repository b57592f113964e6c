"""The surface that writes PDF: pages are compressed as they are finished, fonts are embedded at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gridoffice.documents.embedding import EmbeddedFace
from gridoffice.documents.fonts import POINT, Face, Font, Glyph
from gridoffice.documents.pdf_file import PdfFile, text_string
from gridoffice.documents.surface import BLACK, Colour

PRODUCER = "网格办 GridOffice"

_Codes = dict[str, tuple[EmbeddedFace, str]]


class PdfSurface:
    """A document in PDF 1.7 with every font embedded, the same bytes for the same drawing.

    `title`, `author` and `subject` become the information of the file. No date is written: the date of an
    official document is the one it is signed under.
    """

    def __init__(self, title: str, author: str = "", subject: str = ""):
        self._file = PdfFile()
        self._catalogue = self._file.reserve()
        self._pages = self._file.reserve()
        self._resources = self._file.reserve()
        self._information = {"Title": title, "Author": author, "Subject": subject, "Creator": PRODUCER}
        self._page_numbers: list[int] = []
        self._outline: list[tuple[str, int, float]] = []
        self._faces: dict[Face, EmbeddedFace] = {}
        self._codes: dict[Font, _Codes] = {}
        self._plain: dict[Font, tuple[EmbeddedFace, dict[str, str]]] = {}
        self._ops: list[str] = []
        self._open = False
        self._reset()

    def _reset(self) -> None:
        """A page (and what follows a restored state) begins with nothing known to be set."""
        self._font_now: tuple[str, float] | None = None
        self._spacing_now = 0.0
        self._stretch_now = 1.0
        self._fill_now = BLACK
        self._stroke_now = BLACK
        self._width_now: float | None = None

    def page(self, width: float, height: float, turn: int = 0) -> None:
        self._close_page()
        self._open = True
        self._size = (width / POINT, height / POINT)
        self._turn = turn
        self._left, self._top = 0.0, self._size[1]
        self._page_numbers.append(self._file.reserve())

    def _close_page(self) -> None:
        if not self._open:
            return
        content = self._file.stream("\n".join(self._ops).encode("ascii"))
        turn = f" /Rotate {self._turn}" if self._turn else ""
        self._file.put(
            f"<</Type /Page /Parent {self._pages} 0 R /MediaBox [0 0 {self._size[0]:.3f} {self._size[1]:.3f}]"
            f"{turn} /Resources {self._resources} 0 R /Contents {content} 0 R>>",
            self._page_numbers[-1],
        )
        self._ops.clear()
        self._open = False
        self._reset()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        font: Font,
        size: float,
        *,
        spacing: float = 0.0,
        colour: Colour = BLACK,
        stretch: float = 1.0,
    ) -> None:
        if not text:
            return
        ops = self._ops
        if colour != self._fill_now:
            ops.append(f"{colour.red:g} {colour.green:g} {colour.blue:g} rg")
            self._fill_now = colour
        ops.append("BT")
        if spacing != self._spacing_now:
            ops.append(f"{spacing / POINT:.4f} Tc")
            self._spacing_now = spacing
        if stretch != self._stretch_now:
            ops.append(f"{stretch * 100:.2f} Tz")
            self._stretch_now = stretch
        where = f"{self._left + x / POINT:.3f} {self._top - y / POINT:.3f} Td"
        for face, codes in self._encode(text, font):
            if self._font_now != (face.resource, size):
                ops.append(f"/{face.resource} {size:g} Tf")
                self._font_now = (face.resource, size)
            show = f"[<{codes}>] TJ" if ">" in codes else f"<{codes}> Tj"
            ops.append(f"{where} {show}" if where else show)
            where = ""
        ops.append("ET")

    def _encode(self, text: str, font: Font) -> list[tuple[EmbeddedFace, str]]:
        """The text as runs of one face each, in codes of this document."""
        plain = self._plain.get(font)
        if plain is not None:
            try:  # nearly every text is wholly in the first layer
                return [(plain[0], "".join([plain[1][char] for char in text]))]
            except KeyError:
                pass
        runs: list[tuple[EmbeddedFace, str]] = []
        for char in text:
            face, code = self._code(char, text, font)
            if runs and runs[-1][0] is face:
                runs[-1] = (face, runs[-1][1] + code)
            else:
                runs.append((face, code))
        return runs

    def _code(self, char: str, text: str, font: Font) -> tuple[EmbeddedFace, str]:
        known = self._codes.setdefault(font, {})
        found = known.get(char)
        if found is None:
            glyph = font.glyph(char, text)
            face = self._faces.get(glyph.face)
            if face is None:
                face = self._faces[glyph.face] = EmbeddedFace(glyph.face, f"F{len(self._faces) + 1}")
            found = known[char] = (face, _shifted(face.code(char, glyph), glyph))
            plain = self._plain.setdefault(font, (face, {}))
            if plain[0] is face:
                plain[1][char] = found[1]
        return found

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK) -> None:
        if colour != self._stroke_now:
            self._ops.append(f"{colour.red:g} {colour.green:g} {colour.blue:g} RG")
            self._stroke_now = colour
        if width != self._width_now:
            self._ops.append(f"{width / POINT:.3f} w")
            self._width_now = width
        left, top = self._left, self._top
        self._ops.append(
            f"{left + x1 / POINT:.2f} {top - y1 / POINT:.2f} m {left + x2 / POINT:.2f} {top - y2 / POINT:.2f} l S"
        )

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        if fill != self._fill_now:
            self._ops.append(f"{fill.red:g} {fill.green:g} {fill.blue:g} rg")
            self._fill_now = fill
        self._ops.append(
            f"{self._left + x / POINT:.2f} {self._top - (y + height) / POINT:.2f} "
            f"{width / POINT:.2f} {height / POINT:.2f} re f"
        )

    @contextmanager
    def turned(self, x: float, y: float) -> Iterator[None]:
        outer = self._left, self._top
        self._ops.append(f"q 0 1 -1 0 {self._left + x / POINT:.3f} {self._top - y / POINT:.3f} cm")
        self._reset_drawing()
        self._left = self._top = 0.0
        yield
        self._ops.append("Q")
        self._reset_drawing()
        self._left, self._top = outer

    def _reset_drawing(self) -> None:
        # q and Q carry the state of text and colour with them; saying it again is cheaper than a stack.
        self._ops.append("0 Tc 100 Tz 0 0 0 rg 0 0 0 RG")
        self._reset()

    def bookmark(self, title: str, y: float = 0.0) -> None:
        self._outline.append((title, self._page_numbers[-1], self._size[1] - y / POINT))

    def finish(self) -> bytes:
        self._close_page()
        file = self._file
        fonts = " ".join(f"/{face.resource} {face.write(file)} 0 R" for face in self._faces.values())
        file.put(f"<</Font <<{fonts}>> /ProcSet [/PDF /Text]>>", self._resources)
        kids = " ".join(f"{number} 0 R" for number in self._page_numbers)
        file.put(f"<</Type /Pages /Kids [{kids}] /Count {len(self._page_numbers)}>>", self._pages)
        entries = "/Lang (zh-CN) /ViewerPreferences <</DisplayDocTitle true>>"
        if self._outline:
            entries += f" /Outlines {self._write_outline()} 0 R /PageMode /UseOutlines"
        file.put(f"<</Type /Catalog /Pages {self._pages} 0 R {entries}>>", self._catalogue)
        information = " ".join(
            f"/{key} {text_string(value)}" for key, value in self._information.items() if value
        )
        return file.finish(self._catalogue, file.put(f"<<{information} /Producer {text_string(PRODUCER)}>>"))

    def _write_outline(self) -> int:
        file = self._file
        root = file.reserve()
        items = [file.reserve() for _ in self._outline]
        for place, (title, page, top) in enumerate(self._outline):
            before = f" /Prev {items[place - 1]} 0 R" if place else ""
            after = f" /Next {items[place + 1]} 0 R" if place + 1 < len(items) else ""
            file.put(
                f"<</Title {text_string(title)} /Parent {root} 0 R{before}{after} "
                f"/Dest [{page} 0 R /XYZ null {top:.1f} null]>>",
                items[place],
            )
        return file.put(
            f"<</Type /Outlines /First {items[0]} 0 R /Last {items[-1]} 0 R /Count {len(items)}>>", root
        )


def _shifted(code: str, glyph: Glyph) -> str:
    """The code, moved inside its advance by breaking the string: a fragment of a TJ array."""
    if abs(glyph.shift) < 0.004:
        return code
    move = f"{-glyph.shift * 1000:.0f}"
    return f">{move}<{code}>{move}<"
