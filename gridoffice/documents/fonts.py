"""The typefaces of official paper, each a stack of font files that together miss no character.

A `Font` is one look (仿宋, 楷体, 黑体, 宋体, 小标宋). Its layers are asked in order for each single
character, so a rare name inside a line of 仿宋 falls back to the next file for that character alone.
What no layer has is an `OfficeError` that names the character: never a box on paper.

Bundled files are described in resources/fonts/README.md. On Windows the real 仿宋, 楷体, 黑体, 宋体 are
opened where they lie and used in front of the bundled ones, unless GRIDOFFICE_BUNDLED_FONTS=1 (tests,
and wherever the same bytes must come out on every machine).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import uharfbuzz

import resources
from gridoffice.errors import OfficeError, Problem

hb: Any = uharfbuzz  # a compiled module without type information

POINT = 25.4 / 72
"""Millimetres in one point."""


BUNDLED_ONLY = "GRIDOFFICE_BUNDLED_FONTS"

# Zero-width and control characters that workbooks carry into names; they have no form on paper.
_INVISIBLE = dict.fromkeys(
    [*range(0x00, 0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
    + [*range(0x2060, 0x2065), 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
)
_INVISIBLE[0x09] = _INVISIBLE[0x0A] = _INVISIBLE[0x0D] = " "
_INVISIBLE[0xA0] = " "


def printable(text: str) -> str:
    """The text without what has no form on paper; tabs and line breaks become spaces."""
    return text if text.isprintable() and text.isascii() else text.translate(_INVISIBLE)


class Unprintable(OfficeError):
    """A character that no font has; `char` is it."""

    def __init__(self, message: str, problems: Iterable[Problem] = (), char: str = ""):
        super().__init__(message, problems)
        self.char = char


class Face:
    """One font file, opened when first needed. Lengths are in em."""

    def __init__(self, path: Path, index: int = 0):
        self.path = path
        self.index = index

    @cached_property
    def hb_face(self) -> Any:
        # Not Blob.from_file_path: it fails below a user name in Chinese.
        return hb.Face(resources.content(self.path), self.index)

    @cached_property
    def hb_font(self) -> Any:
        return hb.Font(self.hb_face)

    @cached_property
    def cff(self) -> bool:
        """PostScript outlines (CFF) rather than TrueType outlines (glyf)."""
        return "CFF " in self.hb_face.table_tags

    @cached_property
    def name(self) -> str:
        """The PostScript name."""
        return self.hb_face.get_name(6) or self.path.stem

    @cached_property
    def embeddable(self) -> bool:
        """Whether the maker lets a subset stand in a document (OS/2 fsType bits 1 and 8)."""
        table = self.hb_face.reference_table("OS/2").data
        return not table or not struct.unpack_from(">H", table, 8)[0] & 0x0102

    @cached_property
    def _twins(self) -> frozenset[int]:
        """Characters that must be looked for elsewhere, because their glyph belongs to another one.

        In a CFF font a glyph can stand for one character only when the text is copied out, so of
        人 (U+4EBA) and ⼈ (U+2F08) the ideograph keeps the glyph.
        """
        if not self.cff:
            return frozenset()
        owner: dict[int, int] = {}
        for code in sorted(self.hb_face.unicodes, key=lambda code: (not 0x3000 <= code < 0xA000, code)):
            owner.setdefault(self.hb_font.get_nominal_glyph(code) or 0, code)
        return frozenset(set(self.hb_face.unicodes) - set(owner.values()))

    @cached_property
    def _figures(self) -> Mapping[int, int]:
        """The figures, half an em wide where the file has such (OpenType feature hwid).

        As in 宋体 itself, they then have one width and stand below each other in a column.
        """
        buffer = hb.Buffer()
        buffer.add_str("0123456789")
        buffer.guess_segment_properties()
        hb.shape(self.hb_font, buffer, {"hwid": True, "calt": False, "liga": False})
        return {0x30 + place: info.codepoint for place, info in enumerate(buffer.glyph_infos)}

    def glyph(self, code: int) -> int:
        """The glyph of a character, 0 when the file has none."""
        if 0x30 <= code <= 0x39:
            return self._figures[code]
        found = self.hb_font.get_nominal_glyph(code) or 0
        return 0 if found and code in self._twins else found

    def advance(self, glyph: int) -> float:
        return self.hb_font.get_glyph_h_advance(glyph) / self.hb_face.upem

    def ink(self, glyph: int) -> tuple[float, float]:
        """Top and bottom of the inked part, above the baseline."""
        extents = self.hb_font.get_glyph_extents(glyph)
        if extents is None:
            return 0.0, 0.0
        top = extents.y_bearing / self.hb_face.upem
        return top, top + extents.height / self.hb_face.upem


@dataclass(frozen=True, slots=True)
class Glyph:
    """How a font sets one character: which layer, which glyph, how wide in em."""

    face: Face
    number: int
    advance: float


Suits = Callable[[int], bool]


def _any(_code: int) -> bool:
    return True


def _beyond_latin(code: int) -> bool:
    # FandolFang's digits and letters look like Helvetica; those of the serif suit 仿宋.
    return code >= 0x2000


def _beyond_quotes(code: int) -> bool:
    # WenKai has Latin (narrow) quotation marks, and handwritten digits.
    return code >= 0x2000 and not 0x2018 <= code <= 0x201F


@contextmanager
def naming(rows: Sequence[Sequence[str]]) -> Iterator[None]:
    """Inside, a character that no font has is told with the row of the table in which it stands."""
    try:
        yield
    except Unprintable as error:
        for number, row in enumerate(rows, 1):
            if any(error.char in text for text in row):
                words = "，".join([text for text in row if text and len(text) <= 20][:3])
                raise OfficeError(f"第 {number} 行（{words}）：{error.message}") from error
        raise


@contextmanager
def whose(record: str) -> Iterator[None]:
    """Inside, a character that no font has is told with the person or grid whose paper it is."""
    try:
        yield
    except Unprintable as error:
        if error.char in record:  # the message says the name already
            raise
        raise Unprintable(f"{record}：{error.message}", char=error.char) from error


@contextmanager
def within(text: str) -> Iterator[None]:
    """Inside, where a text is set piece by piece, a character that no font has is told with what stands
    around it."""
    try:
        yield
    except Unprintable as error:
        raise Unprintable(_missing(error.char, text), char=error.char) from error


class Font:
    """One look: layers of faces, each asked only for the characters it suits.

    `thickened` faces are too light for the look: their strokes gain so many em.
    """

    def __init__(
        self, name: str, layers: Iterable[tuple[Face, Suits]], thickened: Mapping[Face, float] | None = None
    ):
        self.name = name
        self.layers = tuple(layers)
        self.thickened = thickened or {}
        self._glyphs: dict[str, Glyph] = {}
        self._advances: dict[str, float] = {}

    def has(self, char: str) -> bool:
        return self._find(char) is not None

    def glyph(self, char: str, text: str = "") -> Glyph:
        """How `char` is set. `text` is where it stands, for the message when nobody has it."""
        glyph = self._glyphs.get(char)
        if glyph is None:
            glyph = self._find(char)
            if glyph is None:
                raise Unprintable(_missing(char, text), char=char)
            self._glyphs[char] = glyph
            self._advances[char] = glyph.advance
        return glyph

    def width(self, text: str, size: float = 1 / POINT) -> float:
        """Width in millimetres at `size` points (in em when no size is given)."""
        advances = self._advances
        try:
            em = sum([advances[char] for char in text])
        except KeyError:
            em = sum([self.glyph(char, text).advance for char in text])
        return em * size * POINT

    def _find(self, char: str) -> Glyph | None:
        code = ord(char)
        for face, suits in self.layers:
            if suits(code) and (number := face.glyph(code)):
                return Glyph(face, number, face.advance(number))
        return None


_AROUND = 12
"""So many characters are told on either side of one that no font has."""


def _missing(char: str, text: str) -> str:
    place = text.find(char)
    around = text[max(0, place - _AROUND) : place + _AROUND + 1].strip() if place >= 0 else text
    where = f"“{around}”里的" if around and around != char else ""
    return (
        f"{where}“{char}”（U+{ord(char):04X}）没有字体能显示，文件没有生成。"
        "核对这个字，或者让管理员装上含这个字的字体。"
    )


@dataclass(frozen=True)
class FontSet:
    """The looks of official paper. `substitutes` says which look is stood in for, and by what."""

    song: Font
    fang: Font
    kai: Font
    hei: Font
    title: Font
    substitutes: Mapping[str, str]

    @staticmethod
    def bundled() -> FontSet:
        """Only the files that ship with the program: the same bytes on every machine."""
        return _font_set(())

    @staticmethod
    def found() -> FontSet:
        """The computer's own 仿宋, 楷体, 黑体, 宋体, 小标宋 where present, the bundled ones behind them."""
        if os.environ.get(BUNDLED_ONLY) == "1":
            return FontSet.bundled()
        return _font_set(tuple(font_folders()))


def font_folders() -> list[Path]:
    """Where Windows keeps fonts: for everybody, and for this user alone."""
    places = [
        (os.environ.get("WINDIR"), "Fonts"),
        (os.environ.get("LOCALAPPDATA"), "Microsoft/Windows/Fonts"),
    ]
    return [folder for root, rest in places if root and (folder := Path(root, rest)).is_dir()]


# The real thing first, by the names under which Windows, WPS and office IT install it.
_REAL: Mapping[str, tuple[str, ...]] = {
    "宋体": ("simsun.ttc", "simsun.ttf"),
    "仿宋": ("simfang.ttf",),
    "楷体": ("simkai.ttf",),
    "黑体": ("simhei.ttf",),
    "小标宋": ("FZXBSJW.TTF", "FZXBSK.TTF", "方正小标宋简体.ttf", "方正小标宋_GBK.ttf"),
}
_STAND_IN: Mapping[str, tuple[str, str]] = {
    "宋体": ("思源宋体", "NotoSerifSC-Regular"),
    "仿宋": ("Fandol 仿宋", "FandolFang-Regular"),
    "楷体": ("文楷", "WenKaiDaily-Regular"),
    "黑体": ("思源黑体", "NotoSansSC-Medium"),
    "小标宋": ("思源宋体粗体", "NotoSerifSC-Bold"),
}
"""What stands in for a look that the computer does not have: its name, and the one inside the file."""


def stand_ins(pdf: bytes) -> str:
    """Which typefaces of a paper are stood in for, and by what, in the words of the status line; empty when
    all are the computer's own."""
    lacking = FontSet.found().substitutes
    used = [look for look in lacking if f"+{_STAND_IN[look][1]}".encode() in pdf]
    return f"代用字体：{'、'.join(f'{look}（{lacking[look]}）' for look in used)}" if used else ""


@cache
def _bundled_face(name: str) -> Face:
    return Face(resources.FOLDER / "fonts" / name)


def _real_face(look: str, folders: tuple[Path, ...]) -> Face | None:
    for folder in folders:
        for name in _REAL[look]:
            if (folder / name).is_file():
                face = Face(folder / name)
                if face.embeddable:
                    return face
    return None


@cache
def _font_set(folders: tuple[Path, ...]) -> FontSet:
    song = _bundled_face("NotoSerifSC-Regular.ttf")
    light = _bundled_face("NotoSerifSC-Light.ttf")
    bold = _bundled_face("NotoSerifSC-Bold.ttf")
    sans = _bundled_face("NotoSansSC-Regular.ttf")
    medium = _bundled_face("NotoSansSC-Medium.ttf")
    last = _bundled_face("HanaMinB.ttf")
    kai = _bundled_face("WenKaiDaily-Regular.ttf")  # has the few signs of GB 18030 that the others lack: ≒
    stand_ins: Mapping[str, tuple[tuple[Face, Suits], ...]] = {
        "宋体": ((song, _any), (last, _any), (kai, _any)),
        "仿宋": (
            (_bundled_face("FandolFang-Regular.otf"), _beyond_latin),
            (light, _any),
            (song, _any),
            (last, _any),
            (kai, _any),
        ),
        "楷体": ((kai, _beyond_quotes), (song, _any), (last, _any)),
        "黑体": ((medium, _any), (sans, _any), (song, _any), (last, _any), (kai, _any)),
        "小标宋": ((bold, _any), (song, _any), (last, _any), (kai, _any)),
    }
    # By eye, so that a rare name in a heading is as dark as the characters beside it.
    heavy = {"黑体": {sans: 0.015, song: 0.04, last: 0.045}, "小标宋": {song: 0.022, last: 0.03}}
    substitutes: dict[str, str] = {}
    fonts: dict[str, Font] = {}
    for look, layers in stand_ins.items():
        real = _real_face(look, folders)
        if real is None:
            substitutes[look] = _STAND_IN[look][0]
        fonts[look] = Font(look, ([(real, _any)] if real else []) + list(layers), heavy.get(look))
    return FontSet(
        song=fonts["宋体"],
        fang=fonts["仿宋"],
        kai=fonts["楷体"],
        hei=fonts["黑体"],
        title=fonts["小标宋"],
        substitutes=substitutes,
    )
