"""The mark at the head of a sheet's printed pages: who took it out, when and what for. It stands in no cell, so
that the sheet is read in again as it is."""

from __future__ import annotations

import re

from gridoffice.spreadsheet.parts import child, set_text, text_in
from gridoffice.spreadsheet.sheet_part import SheetPart

MOST = 255
"""Signs that Excel takes in a head, its commands counted."""

# Small and grey. A figure right behind the colour would be read with it, hence the blank.
_LOOK = "&8&K808080 "
_OURS = re.compile(rf"\n?{_LOOK}(?:[^&]|&&)*")
_ORDER = "oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter".split()


def page_head(mark: str, before: str = "") -> str:
    """The head that says the mark at the right, below whatever it says `before`; what is too long is cut."""
    before = _OURS.sub("", before).removesuffix("&R")
    start = f"{before}\n{_LOOK}" if "&R" in before else f"{before}&R{_LOOK}"
    room = max(MOST - len(start), 0)
    said = mark.replace("&", "&&")[:room]
    if said.endswith("&") and not said.endswith("&&"):
        said = said[:-1]
    return f"{start}{said}" if room else before


def mark_pages(part: SheetPart, mark: str) -> None:
    """Put the mark on the pages of a sheet that somebody else made; what their head says stays."""
    around = part.ensure("headerFooter")
    kinds = {one.nodeName for one in around.childNodes if one.nodeName.endswith("Header")} | {"oddHeader"}
    for name, when in (("evenHeader", "differentOddEven"), ("firstHeader", "differentFirst")):
        if around.getAttribute(when) in ("1", "true"):
            kinds.add(name)
    for name in kinds:
        head = child(around, name, _ORDER)
        set_text(head, page_head(mark, text_in(head)))
