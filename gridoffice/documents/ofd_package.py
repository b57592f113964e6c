"""The files inside an OFD file (GB/T 33190-2016, clause 7): its entry, the document with its pages,
typefaces, pictures, outline and attached description."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

import uharfbuzz

from gridoffice.documents import fonts

hb: Any = uharfbuzz  # a compiled module without type information

PRODUCER = "网格办 GridOffice"
NOT_FOR_SEALS = "不用于电子签章"
"""What the file says of its purpose: seals (GB/T 38540) are another trade."""

_XMLNS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_UNDATED = (1980, 1, 1, 0, 0, 0)  # the earliest that a packed file can say
_DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "DSIG", "gasp")


def attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def content(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size and its objects as they are written."""

    width: float
    height: float
    objects: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the outline: the page counted from 1, and where on it."""

    title: str
    page: int
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture among the resources."""

    id: int
    file: str
    kind: str
    content: bytes


@dataclass(slots=True)
class Face:
    """A typeface and the glyphs that the document uses of it. Glyphs keep their numbers in the subset."""

    id: int
    face: fonts.Face
    used: set[int] = field(default_factory=set)
    chars: set[str] = field(default_factory=set)

    def choose(self, run: Sequence[tuple[str, fonts.Glyph]]) -> str:
        """Note what is used; where a glyph is not the one that the file has for its character (figures of
        one width), it is named."""
        found: list[str] = []
        for place, (char, glyph) in enumerate(run):
            self.used.add(glyph.number)
            self.chars.add(char)
            if self.face.hb_font.get_nominal_glyph(ord(char)) != glyph.number:
                found.append(
                    f'<ofd:CGTransform CodePosition="{place}" CodeCount="1" GlyphCount="1">'
                    f"<ofd:Glyphs>{glyph.number}</ofd:Glyphs></ofd:CGTransform>"
                )
        return "".join(found)

    def subset(self) -> bytes:
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(self.used)
        wanted.sets(hb.SubsetInputSets.UNICODE).update(map(ord, self.chars))
        wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(
            int.from_bytes(tag.encode(), "big") for tag in _DROPPED
        )
        wanted.flags = (
            hb.SubsetFlags.NO_LAYOUT_CLOSURE
            | hb.SubsetFlags.NOTDEF_OUTLINE
            | hb.SubsetFlags.NO_HINTING
            | hb.SubsetFlags.RETAIN_GIDS
        )
        return hb.subset(self.face.hb_face, wanted).blob.data

    @property
    def file(self) -> str:
        return f"font_{self.id}.{'otf' if self.face.cff else 'ttf'}"


class Package:
    """Collects what a document is made of, and packs it."""

    def __init__(self, title: str, author: str, day: date | None):
        self.title, self.author, self.day = title, author, day
        self.marks: list[Mark] = []
        self._id = 1
        self._faces: list[Face] = []
        self._pictures: list[Picture] = []
        self._pages: list[tuple[int, Page]] = []
        self._packed = BytesIO()
        self._file = zipfile.ZipFile(self._packed, "w", zipfile.ZIP_DEFLATED)
        self._sum = hashlib.sha256()

    def next_id(self) -> int:
        """Numbers are given out once in a document, whatever they stand for."""
        self._id += 1
        return self._id

    @property
    def pages(self) -> int:
        return len(self._pages)

    def add_face(self, face: fonts.Face) -> Face:
        made = Face(self.next_id(), face)
        self._faces.append(made)
        return made

    def add_picture(self, data: bytes, shape: float) -> Picture:
        """A picture cut evenly at both sides to this width by height."""
        from PIL import Image

        number = self.next_id()
        with Image.open(BytesIO(data)) as opened:
            wide, tall = opened.size
            across, down = min(wide, tall * shape), min(tall, wide / shape)
            left, top = (wide - across) / 2, (tall - down) / 2
            whole = (round(left), round(top), round(left + across), round(top + down))
            if whole == (0, 0, wide, tall) and opened.format in ("PNG", "JPEG"):
                kind, made = opened.format, data
            else:
                target = BytesIO()
                opened.crop(whole).convert("RGB").save(target, "PNG")
                kind, made = "PNG", target.getvalue()
        picture = Picture(number, f"image_{number}.{'jpg' if kind == 'JPEG' else 'png'}", kind, made)
        self._pictures.append(picture)
        return picture

    def add_page(self, page: Page) -> None:
        """A page is packed at once: a city's roster has thousands."""
        number = self.next_id()
        layer = self.next_id()
        box = f"0 0 {page.width:g} {page.height:g}"
        self._write(
            f"Doc_0/Pages/Page_{len(self._pages)}/Content.xml",
            f"<ofd:Page {_XMLNS}><ofd:Area><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:Area>"
            f'<ofd:Content><ofd:Layer ID="{layer}" Type="Body">{page.objects}</ofd:Layer></ofd:Content>'
            "</ofd:Page>",
        )
        self._pages.append((number, Page(page.width, page.height, "")))

    def finish(self) -> bytes:
        self._write_resources()
        self._write_document()
        self._write_description()
        self._write_entry()
        self._file.close()
        return self._packed.getvalue()

    def _write(self, name: str, xml: str | bytes) -> None:
        data = (_HEAD + xml).encode() if isinstance(xml, str) else xml
        self._sum.update(name.encode() + data)
        entry = zipfile.ZipInfo(name, _UNDATED)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self._file.writestr(entry, data)

    def _write_resources(self) -> None:
        for face in self._faces:
            self._write(f"Doc_0/Res/{face.file}", face.subset())
        listed = "".join(
            f'<ofd:Font ID="{face.id}" FontName="{attribute(face.face.name)}" '
            f'FamilyName="{attribute(face.face.name)}"><ofd:FontFile>{face.file}</ofd:FontFile></ofd:Font>'
            for face in self._faces
        )
        public = f'<ofd:Res {_XMLNS} BaseLoc="Res"><ofd:Fonts>{listed}</ofd:Fonts></ofd:Res>'
        self._write("Doc_0/PublicRes.xml", public)
        for picture in self._pictures:
            self._write(f"Doc_0/Res/{picture.file}", picture.content)
        media = "".join(
            f'<ofd:MultiMedia ID="{one.id}" Type="Image" Format="{one.kind}">'
            f"<ofd:MediaFile>{one.file}</ofd:MediaFile></ofd:MultiMedia>"
            for one in self._pictures
        )
        inside = f"<ofd:MultiMedias>{media}</ofd:MultiMedias>" if media else ""
        self._write("Doc_0/DocumentRes.xml", f'<ofd:Res {_XMLNS} BaseLoc="Res">{inside}</ofd:Res>')

    def _write_document(self) -> None:
        first = self._pages[0][1] if self._pages else Page(210.0, 297.0, "")
        pages = "".join(
            f'<ofd:Page ID="{number}" BaseLoc="Pages/Page_{place}/Content.xml"/>'
            for place, (number, _) in enumerate(self._pages)
        )
        marks = "".join(
            f'<ofd:OutlineElem Title="{attribute(mark.title)}"><ofd:Actions><ofd:Action Event="CLICK">'
            f'<ofd:Goto><ofd:Dest Type="XYZ" PageID="{self._pages[mark.page - 1][0]}" '
            f'Left="{mark.left:g}" Top="{mark.top:g}" Zoom="0"/></ofd:Goto></ofd:Action></ofd:Actions>'
            "</ofd:OutlineElem>"
            for mark in self.marks
        )
        outline = f"<ofd:Outlines>{marks}</ofd:Outlines>" if marks else ""
        self._write(
            "Doc_0/Document.xml",
            f"<ofd:Document {_XMLNS}><ofd:CommonData><ofd:MaxUnitID>{self._id}</ofd:MaxUnitID>"
            f"<ofd:PageArea><ofd:PhysicalBox>0 0 {first.width:g} {first.height:g}</ofd:PhysicalBox>"
            "</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
            "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
            f"<ofd:Pages>{pages}</ofd:Pages>{outline}"
            "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>",
        )

    def _write_description(self) -> None:
        """What the file is, attached so that an archive can read it without drawing a page."""
        said = {
            "题名": self.title,
            "责任者": self.author,
            "成文日期": self.day.isoformat() if self.day else "",
            "页数": len(self._pages),
            "制作程序": PRODUCER,
            "用途": NOT_FOR_SEALS,
        }
        data = json.dumps(said, ensure_ascii=False, indent=1).encode()
        self._write("Doc_0/Attachs/metadata.json", data)
        day = self.day.isoformat() if self.day else "1980-01-01"
        self._write(
            "Doc_0/Attachs/Attachments.xml",
            f'<ofd:Attachments {_XMLNS}><ofd:Attachment ID="1" Name="元数据" Format="json" '
            f'CreationDate="{day}" Size="{len(data) / 1024:.3f}" Visible="false">'
            "<ofd:FileLoc>metadata.json</ofd:FileLoc></ofd:Attachment></ofd:Attachments>",
        )

    def _write_entry(self) -> None:
        number = self._sum.hexdigest()[:32]  # of the contents, so that the same drawing has the same name
        created = f"<ofd:CreationDate>{self.day.isoformat()}</ofd:CreationDate>" if self.day else ""
        self._write(
            "OFD.xml",
            f'<ofd:OFD {_XMLNS} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
            f"<ofd:DocID>{number}</ofd:DocID><ofd:Title>{content(self.title)}</ofd:Title>"
            f"<ofd:Author>{content(self.author)}</ofd:Author>{created}"
            f"<ofd:DocUsage>Normal</ofd:DocUsage><ofd:Creator>{PRODUCER}</ofd:Creator>"
            "<ofd:CustomDatas>"
            f'<ofd:CustomData Name="用途">{NOT_FOR_SEALS}</ofd:CustomData></ofd:CustomDatas>'
            "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
