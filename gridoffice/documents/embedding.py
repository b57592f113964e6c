"""A font file inside one PDF: only the glyphs used, and the way back from glyph to character.

A Type 0 font with Identity-H, its descendant a CIDFontType2 (glyf) or a CIDFontType0 (CFF). A reader that
copies or searches text needs the ToUnicode map; beyond U+FFFF it must hold UTF-16BE pairs.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any

import uharfbuzz

from gridoffice.documents.fonts import Face, Glyph
from gridoffice.documents.pdf_file import PdfFile, name

hb: Any = uharfbuzz  # a compiled module without type information

_KEPT = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING
_NEEDLESS = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "name", "cmap", "gasp")
_CID_SYSTEM = "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"


class EmbeddedFace:
    """Collects the characters of one face that a document uses, then writes the font.

    With glyf outlines every character gets its own code (so 人 and ⼈, which share a glyph, copy as what
    they are); with CFF outlines the code is the number of the glyph.
    """

    def __init__(self, face: Face, resource: str):
        self.face = face
        self.resource = resource
        self._codes: dict[str, int] = {}
        self._glyphs: dict[int, int] = {}  # code -> glyph of the file

    def code(self, char: str, glyph: Glyph) -> str:
        """The code of a character in this document, as the four hexadecimal digits of a PDF string."""
        code = self._codes.get(char)
        if code is None:
            code = glyph.number if self.face.cff else len(self._codes) + 1
            self._codes[char] = code
            self._glyphs[code] = glyph.number
        return f"{code:04X}"

    def write(self, file: PdfFile) -> int:
        """Write the font and all it needs; answers the object number of the Type 0 font."""
        subset = self._subset()
        tag = self._tag()
        font_name = name(f"{tag}+{self.face.name}")
        if self.face.cff:
            data = subset.reference_table("CFF ").data
            program = file.stream(data, "/Subtype /CIDFontType0C")
            kind, key, extra = "/CIDFontType0", "/FontFile3", ""
        else:
            data = subset.blob.data
            program = file.stream(data, f"/Length1 {len(data)}")
            kind, key = "/CIDFontType2", "/FontFile2"
            extra = f" /CIDToGIDMap {file.stream(self._glyph_map())} 0 R"
        descriptor = file.put(self._descriptor(font_name, f"{key} {program} 0 R"))
        descendant = file.put(
            f"<</Type /Font /Subtype {kind} /BaseFont {font_name} {_CID_SYSTEM} "
            f"/FontDescriptor {descriptor} 0 R /DW 1000 /W [{self._widths()}]{extra}>>"
        )
        to_unicode = file.stream(self._to_unicode())
        return file.put(
            f"<</Type /Font /Subtype /Type0 /BaseFont {font_name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R>>"
        )

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

    def _tag(self) -> str:
        """Six letters that tell this subset from another of the same font (PDF 32000-1, 9.6.4)."""
        used = "".join(sorted(self._codes)).encode("utf-8", "surrogatepass")
        return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(used).digest()[:6])

    def _widths(self) -> str:
        parts: list[str] = []
        before = -1
        for code in sorted(self._glyphs):
            width = f"{self.face.advance(self._glyphs[code]) * 1000:.0f}"
            parts.append(f" {width}" if code == before + 1 else f"{']' if parts else ''} {code} [{width}")
            before = code
        return "".join(parts) + ("]" if parts else "")

    def _descriptor(self, font_name: str, program: str) -> str:
        upem = self.face.hb_face.upem
        box = struct.unpack_from(">4h", self.face.hb_face.reference_table("head").data, 36)
        extents = self.face.hb_font.get_font_extents("ltr")
        numbers = " ".join(f"{value * 1000 / upem:.0f}" for value in box)
        ascent, descent = extents.ascender * 1000 / upem, extents.descender * 1000 / upem
        return (
            f"<</Type /FontDescriptor /FontName {font_name} /Flags 4 /FontBBox [{numbers}] /ItalicAngle 0 "
            f"/Ascent {ascent:.0f} /Descent {descent:.0f} /CapHeight {ascent:.0f} /StemV 80 {program}>>"
        )

    def _to_unicode(self) -> bytes:
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
