"""Another name for a sheet of a workbook file, wherever the file speaks of it."""

from __future__ import annotations

import re
from html import unescape

from gridoffice.spreadsheet.cell_xml import attribute
from gridoffice.spreadsheet.parts import WORKBOOK, Parts, elements, set_text, text_in
from gridoffice.spreadsheet.skeleton import sheet_name

_SPEAKING = re.compile(r"xl/(?:worksheets|charts|chartsheets)/[^/]+\.xml")
_FORMULA = re.compile(r"(<(?:\w+:)?(?:f|formula[12]?)\b[^>]*>)([^<]+)")
_LOCATION = re.compile(r'(\blocation=")([^"]+)')


def free_name(parts: Parts, wanted: str, own: str = "") -> str:
    """A name that no other sheet of the workbook has: `王一`, then `王一(2)`."""
    base = sheet_name(wanted)
    # Excel takes names that differ in nothing but case for the same
    taken = {one.casefold() for one in parts.sheets if one != own}
    title, number = base, 1
    while title.casefold() in taken:
        number += 1
        title = f"{base[:27]}({number})"
    return title


def renamed(formula: str, old: str, new: str) -> str:
    """A formula that speaks of a sheet by its new name."""
    quoted = re.escape("'" + old.replace("'", "''") + "'")
    plain = rf"(?<![\w.'\]]){re.escape(old)}"
    words = "'" + new.replace("'", "''") + "'"
    return re.sub(rf"(?:{quoted}|{plain})!", lambda _: f"{words}!", formula)


def renamed_within(xml: bytes, old: str, new: str) -> bytes:
    """The same for all formulas and links of a part."""

    def again(found: re.Match[str]) -> str:
        before = unescape(found[2])
        after = renamed(before, old, new)
        return found[1] + attribute(after) if after != before else found[0]

    return _LOCATION.sub(again, _FORMULA.sub(again, xml.decode())).encode()


def rename_sheet(parts: Parts, old: str, wanted: str) -> str:
    """Give a sheet another name, before any of the sheets is taken apart; answers the name."""
    new = free_name(parts, wanted, own=old)
    if new == old:
        return old
    for name in [one for one in parts.names if _SPEAKING.fullmatch(one)]:
        before = parts.read(name)
        if (after := renamed_within(before, old, new)) != before:
            parts.put(name, after)
    book = parts.document(WORKBOOK)
    for one in elements(book, "sheet"):
        if one.getAttribute("name") == old:
            one.setAttribute("name", new)
    for one in elements(book, "definedName"):
        set_text(one, renamed(text_in(one), old, new))
    parts.sheets = {new if name == old else name: part for name, part in parts.sheets.items()}
    return new
