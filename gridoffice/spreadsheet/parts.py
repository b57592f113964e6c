"""A workbook file (.xlsx) as its parts: what nobody touches is copied byte for byte.

A library that reads a workbook into its own objects and writes these back loses what it does not
know: pictures, text boxes, charts, rich text, newer drop-downs. Here a part is changed only where
something has to change. Element names of the file's own namespace are used without a prefix, as
Excel, WPS and all libraries write them; a file with another habit is rewritten when it is opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, dirname, join, normpath, relpath
from typing import IO, Any
from xml.dom.minidom import Document, parseString

from gridoffice.spreadsheet.cell_xml import attribute, escaped
from gridoffice.spreadsheet.sheet_xml import sheet_parts

WORKBOOK = "xl/workbook.xml"
TYPES = "[Content_Types].xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

_PREFIX = re.compile(rb'xmlns:(\w+)="' + re.escape(MAIN.encode()) + rb'"')

ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks "
    "customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects "
    "controls webPublishItems tableParts extLst"
).split()
"""The elements of a sheet in the order that Excel insists on (ECMA-376 part 1, 18.3.1.99)."""

BOOK_ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr"
).split()
"""The same of a workbook, as far as anything is added (18.2.27)."""

Element = Any
"""An element of xml.dom.minidom, whose own types say less than they promise."""


class Parts:
    """The parts of one workbook file, some of them changed."""

    def __init__(self, content: bytes):
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self.names = [entry.filename for entry in self._archive.infolist() if not entry.is_dir()]
        self.sheets: dict[str, str] = sheet_parts(self._archive)
        self._changed: dict[str, bytes] = {}
        self._documents: dict[str, Document] = {}

    def read(self, name: str) -> bytes:
        """The bytes of a part as they stand now, changes of its document not included."""
        if name in self._changed:
            return self._changed[name]
        return _unprefixed(self._archive.read(name)) if name.endswith(".xml") else self._archive.read(name)

    def put(self, name: str, content: bytes) -> None:
        """Add a part or change one as a whole."""
        self._changed[name] = content
        self._documents.pop(name, None)
        if name not in self.names:
            self.names.append(name)

    def drop(self, name: str) -> None:
        """Take a part out, with the lines that announce it."""
        if name not in self.names:
            return
        self.names.remove(name)
        for one in list(self.names):
            if one.endswith(".rels"):
                folder = dirname(dirname(one))
                for link in elements(self.document(one), "Relationship"):
                    if normpath(join(folder, link.getAttribute("Target"))).lstrip("/") == name:
                        link.parentNode.removeChild(link)
        for line in elements(self.document(TYPES), "Override"):
            if line.getAttribute("PartName") == f"/{name}":
                line.parentNode.removeChild(line)

    def document(self, name: str) -> Document:
        """A part as a tree; what is changed in the tree is written."""
        if name not in self._documents:
            self._documents[name] = parseString(self.read(name))
        return self._documents[name]

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """By relation id: the last word of the relation's type and the part it leads to."""
        name = _links_of(part)
        if name not in self.names:
            return {}
        found = {}
        for link in elements(self.document(name), "Relationship"):
            if link.getAttribute("TargetMode") != "External":
                target = link.getAttribute("Target")
                full = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
                found[link.getAttribute("Id")] = basename(link.getAttribute("Type")), full
        return found

    def link(self, part: str, kind: str, target: str) -> str:
        """Announce that `part` uses `target`; answers the relation's id."""
        name = _links_of(part)
        if name not in self.names:
            self.put(name, f'<Relationships xmlns="{PACKAGE}/relationships"></Relationships>'.encode())
        document = self.document(name)
        taken = {link.getAttribute("Id") for link in elements(document, "Relationship")}
        key = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        link = document.createElement("Relationship")
        link.setAttribute("Id", key)
        link.setAttribute("Type", f"{RELATION}/{kind}")
        link.setAttribute("Target", relpath(target, dirname(part)))
        _root(document).appendChild(link)
        return key

    def announce(self, part: str, content_type: str) -> None:
        """Say what kind of part a new one is."""
        document = self.document(TYPES)
        line = document.createElement("Override")
        line.setAttribute("PartName", f"/{part}")
        line.setAttribute("ContentType", content_type)
        _root(document).appendChild(line)

    def announce_ending(self, ending: str, content_type: str) -> None:
        """Say what kind of parts those with this ending are."""
        document = self.document(TYPES)
        if all(line.getAttribute("Extension").lower() != ending for line in elements(document, "Default")):
            line = document.createElement("Default")
            line.setAttribute("Extension", ending)
            line.setAttribute("ContentType", content_type)
            _root(document).insertBefore(line, _root(document).firstChild)

    def fresh(self, pattern: str) -> str:
        """A name for a new part: `xl/comments{}.xml` with the first free number."""
        taken = set(self.names)
        return next(name for number in range(1, 100_000) if (name := pattern.format(number)) not in taken)

    def save(self, target: IO[bytes], streams: Mapping[str, Iterable[bytes]] | None = None) -> None:
        """Write the workbook. `streams` are parts that are too large to be held as a whole."""
        streams = streams or {}
        for name, document in self._documents.items():
            self._changed[name] = _bytes(document)
        # programs that sniff a file's kind look at its first entry
        names = sorted(self.names, key=lambda name: name != TYPES)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name in names:
                if name in streams:
                    with archive.open(name, "w", force_zip64=True) as part:
                        for piece in streams[name]:
                            part.write(piece)
                else:
                    archive.writestr(name, self._changed.get(name) or self._archive.read(name))

    # ---- what every workbook has -------------------------------------------------------------------

    def defined_name(self, name: str, sheet: int, text: str) -> None:
        """Say what a name of one sheet (counted from 0) stands for."""
        book = self.document(WORKBOOK)
        for one in elements(book, "definedName"):
            if one.getAttribute("name") == name and one.getAttribute("localSheetId") == str(sheet):
                set_text(one, text)
                return
        one = book.createElement("definedName")
        one.setAttribute("name", name)
        one.setAttribute("localSheetId", str(sheet))
        one.setAttribute("hidden", "1")
        set_text(one, text)
        child(_root(book), "definedNames", BOOK_ORDER).appendChild(one)


def elements(document: Element, name: str) -> list[Element]:
    """All elements of that name, whatever prefix they have in this part."""
    return [*document.getElementsByTagName(name)]


def child(parent: Element, name: str, order: Sequence[str]) -> Element:
    """The child of that name, put where it belongs when there is none."""
    for one in parent.childNodes:
        if one.nodeName == name:
            return one
    made = parent.ownerDocument.createElement(name)
    parent.insertBefore(made, _first_behind(parent, name, order))
    return made


def add(parent: Element, made: Element, order: Sequence[str]) -> Element:
    """Put a new child where it belongs, behind others of its name."""
    parent.insertBefore(made, _first_behind(parent, made.nodeName, order))
    return made


def _first_behind(parent: Element, name: str, order: Sequence[str]) -> Element | None:
    behind = set(order[order.index(name) + 1 :])
    known = set(order)
    for one in parent.childNodes:
        # what the order does not know (mc:AlternateContent …) stands behind what it knows
        if one.nodeType == one.ELEMENT_NODE and (one.nodeName in behind or one.nodeName not in known):
            return one
    return None


def set_text(element: Element, text: str) -> None:
    """Make a text the only content of an element."""
    while element.firstChild is not None:
        element.removeChild(element.firstChild)
    element.appendChild(element.ownerDocument.createTextNode(text))


def text_in(element: Element) -> str:
    """All text within an element."""
    return "".join(
        text_in(one) if one.nodeType == one.ELEMENT_NODE else one.nodeValue or ""
        for one in element.childNodes
    )


def _links_of(part: str) -> str:
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def _root(document: Document) -> Element:
    return document.documentElement


def _bytes(document: Document) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml_of(_root(document)).encode()


def xml_of(node: Element) -> str:
    """A tree as XML. The tree's own writer loses line breaks in attributes, as prompts have them."""
    if node.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE):
        return escaped(node.data)
    if node.nodeType != node.ELEMENT_NODE:
        return ""
    words = "".join(f' {name}="{attribute(value)}"' for name, value in node.attributes.items())
    inner = "".join(map(xml_of, node.childNodes))
    return f"<{node.nodeName}{words}>{inner}</{node.nodeName}>" if inner else f"<{node.nodeName}{words}/>"


def _unprefixed(content: bytes) -> bytes:
    """The same part with the main namespace as the default one."""
    found = _PREFIX.search(content[:4096])
    if found is None or b' xmlns="' in content[: content.find(b">", found.end())]:
        return content
    prefix = found[1]
    content = content.replace(b"<" + prefix + b":", b"<").replace(b"</" + prefix + b":", b"</")
    return content.replace(b"xmlns:" + prefix + b"=", b"xmlns=", 1)
