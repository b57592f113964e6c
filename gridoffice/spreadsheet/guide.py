"""What the clerk, or the office's memory, says about how a workbook is to be read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from gridoffice.spreadsheet import headings

Choice = Mapping[str, str | None]
"""By heading (or, where the clerk chose, also by column letter): the name of the ledger's column, or
None for a column that is to be left out."""


class Hidden(StrEnum):
    """What becomes of rows, columns and sheets that are hidden in the workbook.

    `ASK` is for when nobody has been asked yet: rows and columns are read, sheets are not, and a
    warning says how many there are.
    """

    ASK = "ask"
    INCLUDE = "include"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Guide:
    """How a workbook is to be read, as far as it is known beforehand.

    `remembered` holds the choices of earlier times by `layout_key`; `forced` those of this time;
    `header_rows` (Excel's numbers) are the clerk's answer to which rows are the header; `sheets`
    are the sheets to read, in place of all that match.
    """

    remembered: Mapping[str, Choice] = field(default_factory=dict)
    forced: Choice = field(default_factory=dict)
    header_rows: tuple[int, ...] = ()
    hidden: Hidden = Hidden.ASK
    sheets: tuple[str, ...] = ()


def layout_key(heads: Iterable[str]) -> str:
    """A name for a layout that stays the same when columns change places, headings are broken into
    lines otherwise, or our own column of reasons is added."""
    known = sorted(headings.normal(head) for head in heads if head and not headings.is_ours(head))
    return hashlib.sha256("\x1f".join(known).encode()).hexdigest()[:32]


_NUMBERING = re.compile(
    r"[（(][一二三四五六七八九十\d]{1,3}[)）]\s*|[一二三四五六七八九十\d]{1,3}[、.．)）]\s*"
)
_REMARK = re.compile(r"[（(：:].*$|\s*共?\s*\d+\s*[人户名个].*$")
_NO_PLACE = re.compile(r"[，,。;；?？!！/\\\d]")
_LONGEST_PLACE = 15


@dataclass(frozen=True, slots=True)
class Group:
    """A column that offices also write once above its rows, as a sheet's name, or in the title.

    `endings` are how such a text ends (社区, 村), `names` the texts known to the office, `labels` what
    stands before it in a fill-in line (培训主题：). Of several groups the higher comes first: a new
    street ends the community.
    """

    column: str
    endings: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ()

    def named_by(self, text: str) -> str | None:
        """`一、梧桐社区（12人）` → `梧桐社区`; None when the text names nothing of this kind."""
        text = "".join(text.split())
        if text in self.names:
            return text
        if text.isalpha() and not text.endswith(self.endings):
            return None  # most texts of a sheet are somebody's name, without number or remark
        bare = _REMARK.sub("", _NUMBERING.sub("", text, count=1))
        if bare in self.names:
            return bare
        like = bool(self.endings) and bare.endswith(self.endings) and bare not in self.endings
        return bare if like and len(bare) <= _LONGEST_PLACE and not _NO_PLACE.search(bare) else None

    def named_in(self, text: str) -> str | None:
        """The longest known name that stands somewhere in a title; guesses nothing."""
        plain = "".join(text.split())
        return max((name for name in self.names if len(name) > 2 and name in plain), key=len, default=None)

    def named_after(self, line: str) -> str | None:
        """What a fill-in line says of it, known or not: `培训主题：消防　地点：三楼` → `消防`."""
        for label in self.labels:
            found = re.search(rf"(?<!\w){label}\s*[:：](.*?)(?:\s+\w{{2,8}}\s*[:：].*)?$", line)
            if found and found[1].strip("_ 　"):
                return found[1].strip("_ 　")
        return None


@cache
def numbering(text: str) -> str:
    """In which style a divider is numbered: `一、` and `二、` are alike, `（一）` is another."""
    found = _NUMBERING.match(text.strip())
    return (
        re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", found.group().strip())) if found else ""
    )
