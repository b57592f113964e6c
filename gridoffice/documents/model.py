"""What an official document says, without a word about how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A natural paragraph of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number as it is printed: 一、 (level 1), （一） (2), 1. (3), （1） (4)."""

    level: int
    text: str


Block = Paragraph | Heading


@dataclass(frozen=True, slots=True)
class HeadGroup:
    """A heading that spans several columns, each with its own heading below."""

    title: str
    columns: tuple[str, ...]


ColumnHead = str | HeadGroup


@dataclass(frozen=True, slots=True)
class TableAnnex:
    """An attachment that is a table.

    `rows` hold texts, one a column. `widths` are weights; without them they follow from the contents.
    `align` is a letter a column: l, c or r; without it numbers go right, short columns to the centre.
    `landscape` turns the table a quarter to the left on its portrait sheet (GB/T 9704-2012 clause 8).
    `notes` stand below the table. `facts` (unit, month) stand above it, left and right.
    """

    title: str
    headings: tuple[ColumnHead, ...]
    rows: Sequence[Sequence[str]]
    widths: tuple[float, ...] | None = None
    align: str | None = None
    landscape: bool = False
    notes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextAnnex:
    """An attachment that is text."""

    title: str
    body: tuple[Block, ...]


Attachment = TableAnnex | TextAnnex


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """An official document in the common form (GB/T 9704-2012 clause 7).

    Nothing red is printed unless `red_head` is given (the words of 发文机关标志, such as
    青禾街道办事处文件). `preprinted` leaves the room of the head empty, for paper with a printed head.
    `sealed` leaves the room for a seal over signature and date. `copies_to` and `issued_by` print
    the 版记 (抄送; 印发机关, with `issued_on` or the day of the document). `compact` sets lines at 28.99 pt
    instead of 29.61 pt. A line break in `title` is kept.
    """

    organisation: str
    title: str
    body: tuple[Block, ...]
    signature: str
    day: date
    recipients: str | None = None
    number: str | None = None
    red_head: str | None = None
    attachments: tuple[Attachment, ...] = ()
    copies_to: str | None = None
    issued_by: str | None = None
    issued_on: date | None = None
    sealed: bool = False
    preprinted: bool = False
    compact: bool = False


@dataclass(frozen=True, slots=True)
class PublicSign:
    """The public sign of a grid (网格公示牌): nothing on it is private.

    `place` is what the grid lies in, `people` are names with their posts, `phones` words with a number
    of the office. `scope` and `duties` are lines; either may be missing.
    """

    title: str
    name: str
    place: str
    scope: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    duties: tuple[str, ...]
    phones: tuple[tuple[str, str], ...]
    organisation: str
    made: str


def chinese_date(day: date) -> str:
    """成文日期 in Arabic figures without leading zeros (GB/T 9704-2012 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
