"""A small reader of OFD files of its own: it knows the format's clauses and nothing of how we write them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

NAMESPACE = "http://www.ofdspec.org/2016"
Matrix = tuple[float, float, float, float, float, float]


def q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


@dataclass(frozen=True)
class Letter:
    """One character: where its baseline begins on the page, its size, its font, the way it runs."""

    char: str
    x: float
    y: float
    size: float
    font: str
    along: tuple[float, float]
    glyph: int | None


@dataclass(frozen=True)
class Path:
    """A line or an area, its points on the page."""

    points: tuple[tuple[float, float], ...]
    width: float
    filled: bool
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Seen:
    """One page."""

    width: float
    height: float
    letters: tuple[Letter, ...]
    paths: tuple[Path, ...]
    pictures: tuple[tuple[str, tuple[float, float, float, float]], ...]


class Reader:
    """Everything of a file: its description, pages, fonts, pictures, outline, attachments."""

    def __init__(self, data: bytes):
        self.zip = zipfile.ZipFile(BytesIO(data))
        assert self.zip.testzip() is None
        entry = self._xml("OFD.xml")
        info = entry.find(f"{q('DocBody')}/{q('DocInfo')}")
        assert info is not None
        self.info = {one.tag.rpartition("}")[2]: one.text or "" for one in info}
        self.custom = {one.get("Name"): one.text for one in info.iter(q("CustomData"))}
        self.root = entry.findtext(f"{q('DocBody')}/{q('DocRoot')}") or ""
        self.folder = self.root.rpartition("/")[0] + "/"
        self.document = self._xml(self.root)
        self.fonts, self.media = self._resources()
        pages = self.document.findall(f"{q('Pages')}/{q('Page')}")
        self.page_ids = [one.get("ID") for one in pages]
        self.pages = [self._page(self.folder + (one.get("BaseLoc") or "")) for one in pages]
        self.outline = [
            (one.get("Title"), self.page_ids.index(dest.get("PageID")), float(dest.get("Top") or 0))
            for one in self.document.iter(q("OutlineElem"))
            for dest in one.iter(q("Dest"))
        ]
        ids = [one.get("ID") for name in self.zip.namelist() if "Content" in name for one in self._ids(name)]
        assert len(ids) == len(set(ids)), "a number stands for one thing only"
        assert max(map(int, filter(None, ids))) <= int(self.document.findtext(f".//{q('MaxUnitID')}") or 0)

    def _ids(self, name: str) -> list[ElementTree.Element]:
        return [one for one in self._xml(name).iter() if one.get("ID")]

    def _xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.zip.read(name))

    def _resources(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        fonts: dict[str, bytes] = {}
        media: dict[str, bytes] = {}
        for name in ("PublicRes", "DocumentRes"):
            res = self._xml(self.folder + (self.document.findtext(f".//{q(name)}") or ""))
            base = f"{self.folder}{res.get('BaseLoc')}/"
            for one in res.iter(q("Font")):
                fonts[one.get("ID") or ""] = self.zip.read(base + (one.findtext(q("FontFile")) or ""))
            for one in res.iter(q("MultiMedia")):
                media[one.get("ID") or ""] = self.zip.read(base + (one.findtext(q("MediaFile")) or ""))
        return fonts, media

    def attachment(self) -> bytes:
        """The first attached file."""
        listed = self.folder + (self.document.findtext(q("Attachments")) or "")
        place = self._xml(listed).findtext(f"{q('Attachment')}/{q('FileLoc')}")
        return self.zip.read(f"{listed.rpartition('/')[0]}/{place}")

    def _page(self, name: str) -> Seen:
        page = self._xml(name)
        box = _floats(page.findtext(f"{q('Area')}/{q('PhysicalBox')}"))
        letters: list[Letter] = []
        paths: list[Path] = []
        pictures: list[Any] = []
        for one in page.iter():
            kind = one.tag.rpartition("}")[2]
            if kind == "TextObject":
                letters += _letters(one)
            elif kind == "PathObject":
                paths.append(_path(one))
            elif kind == "ImageObject":
                matrix = _matrix(one)
                corner, end = _on_page(one, matrix, 0, 0), _on_page(one, matrix, 1, 1)
                pictures.append((one.get("ResourceID"), (*corner, *end)))
        return Seen(box[2], box[3], tuple(letters), tuple(paths), tuple(pictures))


def _floats(text: str | None) -> list[float]:
    return [float(part) for part in (text or "").split()]


def _matrix(one: ElementTree.Element) -> Matrix:
    a, b, c, d, e, f = _floats(one.get("CTM")) or (1, 0, 0, 1, 0, 0)
    return a, b, c, d, e, f


def _on_page(one: ElementTree.Element, matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    left, top, _, _ = _floats(one.get("Boundary"))
    a, b, c, d, e, f = matrix
    return left + a * x + c * y + e, top + b * x + d * y + f


def _colour(one: ElementTree.Element, name: str) -> tuple[int, int, int]:
    found = one.find(q(name))
    red, green, blue = (
        (int(part) for part in (found.get("Value") or "").split()) if found is not None else (0, 0, 0)
    )
    return red, green, blue


def _letters(one: ElementTree.Element) -> list[Letter]:
    matrix = _matrix(one)
    named = {
        int(shape.get("CodePosition") or 0): int(shape.findtext(q("Glyphs")) or 0)
        for shape in one.findall(q("CGTransform"))
    }
    found: list[Letter] = []
    for code in one.findall(q("TextCode")):
        steps = [0.0, *_floats(code.get("DeltaX"))]
        x, y = float(code.get("X") or 0), float(code.get("Y") or 0)
        for place, (char, step) in enumerate(zip(code.text or "", steps, strict=True)):
            x += step
            at = _on_page(one, matrix, x, y)
            size = float(one.get("Size") or 0)
            font = one.get("Font") or ""
            found.append(Letter(char, *at, size, font, matrix[:2], named.get(place)))
    return found


def _path(one: ElementTree.Element) -> Path:
    matrix = _matrix(one)
    parts = (one.findtext(q("AbbreviatedData")) or "").split()
    points: list[tuple[float, float]] = []
    place = 0
    while place < len(parts):
        if parts[place] == "C":
            place += 1
            continue
        assert parts[place] in ("M", "L")
        points.append(_on_page(one, matrix, float(parts[place + 1]), float(parts[place + 2])))
        place += 3
    filled = one.get("Fill") == "true"
    ink = _colour(one, "FillColor" if filled else "StrokeColor")
    width = 0.0 if one.get("Stroke") == "false" else float(one.get("LineWidth") or 0.353)
    return Path(tuple(points), width, filled, ink)
