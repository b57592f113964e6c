"""The parts of a Word file that python-docx has no words for: the character grid, frames at a place of the
page, borders, fonts with their stand-ins, page numbers."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from gridoffice.documents import official_format as form
from gridoffice.documents.fonts import POINT
from gridoffice.documents.surface import BLACK, RED, Colour

FACES = {
    "仿宋": "仿宋_GB2312",
    "楷体": "楷体_GB2312",
    "黑体": "黑体",
    "宋体": "宋体",
    "小标宋": "方正小标宋简体",
}
"""The typefaces by the names under which offices have them installed."""

_INSTEAD = {
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "方正小标宋简体": "方正小标宋_GBK;华文中宋;宋体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
LINE = Pt(28.95)
"""22 lines have room in a word processor only when each is a little less than 29 pt high."""

# Word counts the grid's characters in 4096ths of a point more or less than the type of the text.
_CHARACTER = round((form.CELL / POINT - form.SIZE_3) * 4096)
_NARROWER = -5
"""Twentieths of a point that body type is set closer, so that 28 characters stand in a line. The page says
its grid, but the text does not snap to it: other word processors part figures and letters there."""


_ORDER = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
).split()
"""The properties of a paragraph in the order that the format demands (ISO/IEC 29500-1, 17.3.1.26)."""


def put_property(paragraph: Any, made: Any) -> None:
    """A property of a paragraph at its place among the others, instead of an earlier one."""
    properties = paragraph._p.get_or_add_pPr()
    name = made.tag.rpartition("}")[2]
    for old in properties.findall(made.tag):
        properties.remove(old)
    after = [f"w:{one}" for one in _ORDER[_ORDER.index(name) + 1 :]]
    properties.insert_element_before(made, *after)


def element(name: str, **attributes: Any) -> Any:
    """An element of WordprocessingML: `element("w:jc", val="center")`."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def twips(millimetres: float) -> int:
    """A length as Word counts it: twentieths of a point."""
    return round(millimetres / POINT * 20)


def hexadecimal(colour: Colour) -> str:
    return "".join(f"{round(part * 255):02X}" for part in (colour.red, colour.green, colour.blue))


def set_section(section: Any, *, landscape: bool = False, mirrored: bool = False) -> None:
    """A4 with the margins of the standard and its 22 x 28 grid; a landscape sheet has the text area of a
    turned page."""
    wide, tall = form.PAGE_WIDTH, form.PAGE_HEIGHT
    top, bottom, left = form.HEAD_MARGIN, tall - form.AREA_BOTTOM, form.BINDING_MARGIN
    right = wide - form.AREA_RIGHT
    if landscape:
        wide, tall = tall, wide
        top, bottom = form.BINDING_MARGIN, form.PAGE_WIDTH - form.AREA_RIGHT
        left = right = (form.PAGE_HEIGHT - form.AREA_HEIGHT) / 2
    section.page_width, section.page_height = Mm(wide), Mm(tall)
    section.orientation = 1 if landscape else 0
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    # The dashes of the page number 7 mm below the text area, in the middle of their line.
    section.footer_distance = Mm(max(bottom - form.PAGE_NUMBER_DROP - form.SIZE_4 * POINT / 2, 8.0))
    section.header_distance = Mm(15)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = (
        {"type": "lines", "linePitch": round(LINE.pt * 20)}
        if landscape
        else {
            "type": "linesAndChars",
            "linePitch": round(LINE.pt * 20),
            "charSpace": _CHARACTER,
        }
    )
    properties.append(element("w:docGrid", **grid))


def set_font(run: Any, look: str, size: float, colour: Colour = BLACK) -> None:
    """A run in one of the official looks, `size` in points."""
    name = FACES[look]
    properties = run._r.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    run.font.size = Pt(size)
    for old in (*properties.findall(qn("w:color")), *properties.findall(qn("w:spacing"))):
        properties.remove(old)
    after = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    if colour is not BLACK:
        properties.insert_element_before(element("w:color", val=hexadecimal(colour)), "w:spacing", *after)
    if size == form.SIZE_3:
        properties.insert_element_before(element("w:spacing", val=_NARROWER), *after)


def set_lines(paragraph: Any, height: Any = LINE) -> None:
    """Lines of exactly this height, nothing before and after."""
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = height
    for name in ("autoSpaceDE", "autoSpaceDN", "snapToGrid"):  # figures stand as close as on paper
        put_property(paragraph, element(f"w:{name}", val=0))


def put_in_frame(
    paragraph: Any, x: float, y: float, width: float, height: float, *, exact: bool = True
) -> None:
    """The paragraph stands at a place of the sheet, in millimetres from its upper left corner."""
    frame = element(
        "w:framePr",
        w=twips(width),
        h=twips(height),
        hRule="exact" if exact else "atLeast",
        hSpace=0,
        vSpace=0,
        wrap="around",
        vAnchor="page",
        hAnchor="page",
        x=twips(x),
        y=twips(y),
    )
    put_property(paragraph, frame)


def set_borders(paragraph: Any, **widths: float) -> None:
    """Lines above (`top`) and below (`bottom`), as thick as said in millimetres; red ones by `red=1`."""
    colour = hexadecimal(RED) if widths.pop("red", 0) else "000000"
    borders = element("w:pBdr")
    for side, width in widths.items():
        eighths = max(2, round(width / POINT * 8))
        borders.append(element(f"w:{side}", val="single", sz=eighths, space=0, color=colour))
    put_property(paragraph, borders)


def indent(paragraph: Any, left: float = 0.0, first: float = 0.0, right: float = 0.0) -> None:
    """Empty space in millimetres; `first` more (or less) in the first line."""
    shape = paragraph.paragraph_format
    shape.left_indent, shape.right_indent, shape.first_line_indent = Mm(left), Mm(right), Mm(first)


def indent_characters(paragraph: Any, count: int) -> None:
    """The first line `count` characters in, whatever the type's size: what Word shows as 首行缩进."""
    properties = paragraph._p.get_or_add_pPr()
    found = properties.get_or_add_ind()
    found.set(qn("w:firstLineChars"), str(count * 100))
    found.set(qn("w:firstLine"), str(twips(count * form.CELL)))


def set_outline(paragraph: Any, level: int) -> None:
    """A heading for Word's own outline, level 1 to 9."""
    put_property(paragraph, element("w:outlineLvl", val=level - 1))


def put_page_number(paragraph: Any, size: float = form.SIZE_4) -> None:
    """— 1 —, the number a field."""
    run = paragraph.add_run("— ")
    set_font(run, "宋体", size)
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "/>')
    number = paragraph.add_run("1")
    set_font(number, "宋体", size)
    field.append(number._r)
    paragraph._p.append(field)
    set_font(paragraph.add_run(" —"), "宋体", size)


def name_stand_ins(package: Any) -> None:
    """What Word takes where a typeface is not installed, said in the file's table of fonts."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for name, instead in _INSTEAD.items()
    )
    for part in package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = (
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
            ).encode()
