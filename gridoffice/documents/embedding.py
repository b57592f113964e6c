"""Our typefaces as a PDF sets and embeds them: only the glyphs used, and the way back to characters.

reportlab's own `TTFont` refuses CFF outlines, has no fallback, and writes a ToUnicode map in which no
character beyond U+FFFF is right (𬭎 prints, but copies out as something else). Here a face becomes a Type 0
font with Identity-H, its descendant a CIDFontType2 (glyf) or a CIDFontType0 (CFF).
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Any

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import (
    BasicFonts,
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFStream,
    PDFString,
)

from gridoffice.documents.fonts import Face, Font, Glyph

hb: Any = uharfbuzz  # a compiled module without type information

_KEPT = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING
_NEEDLESS = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "name", "cmap", "gasp")


class EmbeddedFace:
    """Collects the characters of one face that a document uses, then adds the font to the document.

    With glyf outlines every character gets its own code (so 人 and ⼈, which share a glyph, copy as what
    they are); with CFF outlines the code is the number of the glyph.
    """

    def __init__(self, face: Face, resource: str):
        self.face = face
        self.resource = resource
        self._codes: dict[str, int] = {}
        self._glyphs: dict[int, int] = {}  # code -> glyph of the file

    def code(self, char: str, glyph: Glyph) -> int:
        """The code of a character in this document."""
        code = self._codes.get(char)
        if code is None:
            code = glyph.number if self.face.cff else len(self._codes) + 1
            self._codes[char] = code
            self._glyphs[code] = glyph.number
        return code

    def addObjects(self, doc: PDFDocument) -> None:
        """Called when the document is finished and everything it uses is known."""
        font_name = PDFName(f"{self._tag()}+{self.face.name}")
        descendant = {
            "Type": PDFName("Font"),
            "BaseFont": font_name,
            "CIDSystemInfo": PDFDictionary(
                {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
            ),
            "DW": 1000,
            "W": self._widths(),
        }
        subset = self._subset()
        if self.face.cff:
            program = stream(subset.reference_table("CFF ").data, Subtype=PDFName("CIDFontType0C"))
            descriptor = self._descriptor(font_name) | {"FontFile3": program}
            descendant["Subtype"] = PDFName("CIDFontType0")
        else:
            program = stream(subset.blob.data, Length1=len(subset.blob.data))
            descriptor = self._descriptor(font_name) | {"FontFile2": program}
            descendant["Subtype"] = PDFName("CIDFontType2")
            descendant["CIDToGIDMap"] = stream(self._glyph_map())
        if getattr(doc, "cid_sets", False):
            descriptor["CIDSet"] = stream(self._cid_set())
        descendant["FontDescriptor"] = doc.Reference(PDFDictionary(descriptor))
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": font_name,
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(PDFDictionary(descendant))]),
                "ToUnicode": stream(self._to_unicode()),
            }
        )
        fonts: Any = doc.idToObject[BasicFonts]  # the dictionary that every page refers to
        fonts[self.resource] = doc.Reference(font)

    def _subset(self) -> Any:
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(self._glyphs.values())
        wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(
            int.from_bytes(tag.encode(), "big") for tag in _NEEDLESS
        )
        wanted.flags = _KEPT
        if self.face.cff:
            # The codes are on the pages already, so glyphs keep their numbers, and number = CID.
            wanted.flags |= hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.CFF_IDENTITY_CHARSET
            return hb.subset(self.face.hb_face, wanted)
        plan = hb.SubsetPlan(self.face.hb_face, wanted)
        self._renumbered = plan.old_to_new_glyph_mapping
        return plan.execute()

    def _glyph_map(self) -> bytes:
        numbers = [self._renumbered[self._glyphs[code]] for code in sorted(self._glyphs)]
        return struct.pack(f">{len(numbers) + 1}H", 0, *numbers)

    def _cid_set(self) -> bytes:
        """A bit for each code that the subset has, which PDF/A-1 wants (ISO 19005-1 6.3.5)."""
        bits = bytearray((max(self._glyphs) >> 3) + 1)
        for code in (0, *self._glyphs):
            bits[code >> 3] |= 0x80 >> (code & 7)
        return bytes(bits)

    def _tag(self) -> str:
        """Six letters that tell this subset from another of the same font (PDF 32000-1, 9.6.4)."""
        used = "".join(sorted(self._codes)).encode("utf-8", "surrogatepass")
        return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(used).digest()[:6])

    def _widths(self) -> PDFArray:
        parts: list[Any] = []
        before = -1
        for code in sorted(self._glyphs):
            width = round(self.face.advance(self._glyphs[code]) * 1000)
            if code == before + 1:
                parts[-1].sequence.append(width)
            else:
                parts += [code, PDFArray([width])]
            before = code
        return PDFArray(parts)

    def _descriptor(self, font_name: str) -> dict[str, Any]:
        scale = 1000 / self.face.hb_face.upem
        box = struct.unpack_from(">4h", self.face.hb_face.reference_table("head").data, 36)
        extents = self.face.hb_font.get_font_extents("ltr")
        ascent, descent = round(extents.ascender * scale), round(extents.descender * scale)
        return {
            "Type": PDFName("FontDescriptor"),
            "FontName": font_name,
            "Flags": 4,
            "FontBBox": PDFArray([round(edge * scale) for edge in box]),
            "ItalicAngle": 0,
            "Ascent": ascent,
            "Descent": descent,
            "CapHeight": ascent,
            "StemV": 80,
        }

    def _to_unicode(self) -> bytes:
        """What each code stands for; beyond U+FFFF as a UTF-16BE pair, or copying and searching fail."""
        pairs = sorted((code, char) for char, code in self._codes.items())
        rows = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in pairs]
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


class Stream(PDFStream):
    """A stream whose end stands on a line of its own, as PDF/A wants and reportlab does not write."""

    def format(self, document: Any) -> bytes:
        entries = PDFDictionary(self.dictionary.dict | {"Length": len(self.content)})
        return entries.format(document) + b"\nstream\n" + self.content + b"\nendstream\n"


def stream(data: bytes, **entries: Any) -> Stream:
    """A packed stream with more `entries` of its dictionary."""
    return Stream(PDFDictionary(entries | {"Filter": PDFName("FlateDecode")}), zlib.compress(data))


class _NoFont:
    """What a canvas takes for its font before ours are set; any of its own would be declared on every page
    and not embedded."""

    name = fontName = "GridOffice"
    _dynamicFont = _multiByte = True

    def __init__(self) -> None:
        self.face = self


NO_FONT = _NoFont.fontName
pdfmetrics.registerFont(_NoFont())


Coded = tuple[str, str, float]
"""A character or a run: its resource, its codes in hexadecimal, how far its strokes are thickened (em)."""


class _Look:
    """A look in one document: the codes of its first face, and those of all its faces with their resource."""

    def __init__(self) -> None:
        self.first = ""
        self.codes: dict[str, str] = {}
        self.all: dict[str, Coded] = {}


class DocumentFonts:
    """The looks of one document as its pages name them; the faces add themselves when it is finished.

    The looks share their faces: what 仿宋 lacks comes from the file that 宋体 is set in.
    """

    def __init__(self, document: Any):
        self._document = document
        self._faces: dict[Face, EmbeddedFace] = {}
        self._looks: dict[Font, _Look] = {}

    def runs(self, text: str, font: Font) -> list[Coded]:
        """The text as runs of one face each. Raises OfficeError naming a character that no face has."""
        look = self._looks.get(font)
        if look is None:
            look = self._looks[font] = _Look()
        codes = look.codes
        try:  # nearly every text is set in one face
            return [(look.first, "".join([codes[char] for char in text]), 0.0)]
        except KeyError:
            pass
        runs: list[Coded] = []
        for char in text:
            found = look.all.get(char) or self._new(char, text, font, look)
            if runs and runs[-1][0] == found[0]:
                runs[-1] = (found[0], runs[-1][1] + found[1], found[2])
            else:
                runs.append(found)
        return runs

    def _new(self, char: str, text: str, font: Font, look: _Look) -> Coded:
        glyph = font.glyph(char, text)
        face = self._faces.get(glyph.face)
        if face is None:
            face = self._faces[glyph.face] = EmbeddedFace(glyph.face, f"F{len(self._faces) + 1}")
            self._document.delayedFonts.append(face)
        code = f"{face.code(char, glyph):04X}"
        if glyph.face is font.layers[0][0]:
            look.first = face.resource
            look.codes[char] = code
        found = look.all[char] = face.resource, code, font.thickened.get(glyph.face, 0.0)
        return found
