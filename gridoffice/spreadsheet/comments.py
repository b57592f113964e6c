"""Comments at cells: a list of texts and a drawing of the boxes, as Excel has kept them since 2007."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gridoffice.spreadsheet.letters import column_index, letter
from gridoffice.spreadsheet.parts import MAIN, RELATION, Element, elements, set_text, text_in
from gridoffice.spreadsheet.sheet_part import SheetPart

AUTHOR = "网格办"

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY = f'<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'
_BLOCK = 1024  # box numbers that one group of a drawing may use
_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_DRAWING = (
    f'<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
    'o:connecttype="rect"/></v:shapetype></xml>'
)
# other programs name the namespaces of a drawing otherwise: every box brings its own
_BOX = (
    f"<v:shape {_SPACES}"
    ' id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:5pt;'
    'width:{width}pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 10, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)

Place = tuple[int, int]
"""Excel's row number and the column from 0."""


def mark(sheet: SheetPart, texts: Mapping[Place, str]) -> None:
    """Give cells these comments. Those that we gave an earlier copy of the sheet go; those that
    somebody else wrote stay, with ours behind theirs."""
    parts = sheet.parts
    links = parts.links(sheet.part)
    part = next((target for kind, target in links.values() if kind == "comments"), None)
    if part is None and not texts:
        return
    if part is None:
        part = parts.fresh("xl/comments{}.xml")
        parts.put(part, _EMPTY.encode())
        parts.announce(part, _CONTENT_TYPE)
        parts.link(sheet.part, "comments", part)
    document = parts.document(part)
    author = str(_author(document))
    (listed,) = elements(document, "commentList")
    there: dict[Place, Element] = {}
    gone: set[Place] = set()
    for one in elements(listed, "comment"):
        if one.getAttribute("authorId") == author:
            gone.add(_place(one))
            listed.removeChild(one)
        else:
            there[_place(one)] = one
            _take_back(one)
    fresh = {place: text for place, text in texts.items() if place not in there}
    for place, text in texts.items():
        if place in there:
            (old,) = elements(there[place], "text")
            _append(_append(old, "r"), "t", f"\n{AUTHOR}：{text}")
        else:
            made = _append(listed, "comment")
            made.setAttribute("ref", f"{letter(place[1])}{place[0]}")
            made.setAttribute("authorId", author)
            _append(_append(made, "text"), "t", text)
    for one in sorted(elements(listed, "comment"), key=_place):
        listed.appendChild(one)
    _draw(sheet, links, fresh, gone)


def _take_back(comment: Element) -> None:
    """Take out what we added to somebody else's comment in an earlier copy."""
    ours = False
    for one in elements(comment, "t"):
        before, sign, _ = text_in(one).partition(f"\n{AUTHOR}：")
        if ours or sign:
            set_text(one, "" if ours else before)
        ours = ours or bool(sign)


def _author(document: Element) -> int:
    (authors,) = elements(document, "authors")
    names = [text_in(one) for one in elements(authors, "author")]
    if AUTHOR not in names:
        authors.appendChild(document.createElement("author")).appendChild(document.createTextNode(AUTHOR))
        names.append(AUTHOR)
    return names.index(AUTHOR)


def _append(parent: Element, name: str, text: str | None = None) -> Element:
    document = parent.ownerDocument
    made = document.createElement(name)
    if text is not None:
        made.setAttribute("xml:space", "preserve")
        made.appendChild(document.createTextNode(text))
    return parent.appendChild(made)


def _place(comment: Element) -> Place:
    found = re.fullmatch(r"([A-Z]+)([0-9]+)", comment.getAttribute("ref"))
    return (int(found[2]), column_index(found[1])) if found else (0, 0)


_SHAPE = re.compile(r"<((?:\w+:)?shape)\b.*?</\1>", re.DOTALL)


def _draw(
    sheet: SheetPart, links: Mapping[str, tuple[str, str]], texts: Mapping[Place, str], gone: set[Place]
) -> None:
    """Draw the boxes, and take those away whose comments are gone."""
    parts = sheet.parts
    old = sheet.find("legacyDrawing")
    part = (
        links[old.getAttribute("r:id")][1] if old is not None and old.getAttribute("r:id") in links else None
    )
    if part is None:
        part = parts.fresh("xl/drawings/vmlDrawing{}.vml")
        parts.put(part, _DRAWING.encode())
        parts.announce_ending("vml", _DRAWING_TYPE)
        made = sheet.document.createElement("legacyDrawing")
        sheet.around.setAttribute("xmlns:r", RELATION)
        made.setAttribute("r:id", parts.link(sheet.part, "vmlDrawing", part))
        sheet.add(made)
    xml = parts.read(part).decode()
    xml = _SHAPE.sub(lambda shape: "" if _box_of(shape[0]) in gone else shape[0], xml)
    number = max((int(n) for n in re.findall(r'id="_x0000_s(\d+)"', xml)), default=_BLOCK) + 1
    boxes = []
    for place, ((row, column), text) in enumerate(sorted(texts.items())):
        lines = sum(1 + len(line) // 14 for line in text.split("\n"))
        boxes.append(
            _BOX.format(
                number=number + place,
                width=150,
                height=14 * lines + 12,
                row=row - 1,
                column=column,
                left=column + 1,
                right=column + 3,
                top=max(row - 2, 0),
                bottom=max(row - 2, 0) + lines + 1,
            )
        )
    groups = ",".join(str(n) for n in range(1, (number + len(boxes)) // _BLOCK + 1))
    xml = re.sub(r'(<(?:\w+:)?idmap [^>]*?data=")[^"]*"', rf'\g<1>{groups}"', xml, count=1)
    end = xml.rindex("</xml>")
    parts.put(part, (xml[:end] + "".join(boxes) + xml[end:]).encode())


def _box_of(shape: str) -> Place:
    row = re.search(r"<(?:\w+:)?Row>\s*(\d+)\s*<", shape)
    column = re.search(r"<(?:\w+:)?Column>\s*(\d+)\s*<", shape)
    return (int(row[1]) + 1, int(column[1])) if row and column else (0, -1)
