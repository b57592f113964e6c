"""What each kind of paper says, without a word about how it looks; nothing here needs a font."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A natural paragraph of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number as it is printed: 一、 (level 1), （一） (2), 1. (3), （1） (4)."""

    level: int
    text: str


class ChartKind(Enum):
    """How numbers are drawn: standing columns, lying bars (for many or long names), a line through time."""

    COLUMNS = "columns"
    BARS = "bars"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one kind, one for each category; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as it is printed: black, white and grey, so that every copy shows it.

    `title` stands below it, `unit` above its axis. `places` are the decimals of the numbers beside the marks.
    """

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    kind: ChartKind = ChartKind.COLUMNS
    unit: str = ""
    places: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart among the paragraphs; with its title it takes `lines` lines of the page."""

    chart: Chart
    lines: int = 8


Block = Paragraph | Heading | Figure


@dataclass(frozen=True, slots=True)
class HeadGroup:
    """A heading that spans several columns, each with its own heading below (or a group of them)."""

    title: str
    columns: tuple[ColumnHead, ...]


ColumnHead = str | HeadGroup


@dataclass(frozen=True, slots=True)
class Sums:
    """What is added up in a table: the `columns` by place, with one total at the end. `groups` names the
    group of each row; without it there are no subtotals. `unit` is the counting word of a row. The words of
    a sum stand in the columns before the first that is added up."""

    columns: tuple[int, ...] = ()
    groups: Sequence[str] = ()
    unit: str = "人"


@dataclass(frozen=True, slots=True)
class TableAnnex:
    """An attachment that is a table.

    `rows` hold texts, one a column. `widths` are weights; without them they follow from the contents.
    `align` is a letter a column: l, c or r; without it numbers go right, short columns to the centre.
    `landscape` turns the table a quarter to the left on its portrait sheet (GB/T 9704-2012 clause 8).
    `notes` stand below the table. `facts` (unit, month) stand above it, left and right. `persons` says that it
    lists persons, and is not made to be posted.
    """

    title: str
    headings: tuple[ColumnHead, ...]
    rows: Sequence[Sequence[str]]
    widths: tuple[float, ...] | None = None
    align: str | None = None
    landscape: bool = False
    notes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sums: Sums | None = None
    persons: bool = False


@dataclass(frozen=True, slots=True)
class TextAnnex:
    """An attachment that is text."""

    title: str
    body: tuple[Block, ...]

    persons = False
    """It is text: nobody is listed in it."""


Attachment = TableAnnex | TextAnnex


class Form(Enum):
    """The form of an official document: common (clause 7), 信函 (10.1) or 纪要 (10.3)."""

    COMMON = "common"
    LETTER = "letter"
    MINUTES = "minutes"

    @property
    def label(self) -> str:
        return {Form.COMMON: "公文", Form.LETTER: "信函", Form.MINUTES: "纪要"}[self]


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """An official document in a form of GB/T 9704-2012. A line break in `title` is kept.

    Nothing red is printed unless `red_head` is given (the words of 发文机关标志, such as
    青禾街道办事处文件). `preprinted` leaves the room of the head empty, for paper with a printed head.
    Of a joint issue, `red_head` and `signature` name an organ a line, the one in charge first; a line of
    `red_head` that is 文件 alone stands right of the names.

    `copy_number` (份号), `secrecy` (密级和保密期限) and `urgency` (紧急程度) stand at the upper left;
    `signers` (签发人) make it a document to a superior, its `number` at the left. `remark` is the 附注
    without its brackets. `sealed` leaves the room for seals over signature and date. `copies_to` and
    `issued_by` print the 版记 (抄送; 印发机关, with `issued_on` or the day of the document). `attendance`
    are the words 出席, 请假, 列席 of minutes with the names.

    `compact` sets lines at 28.99 pt instead of 29.61 pt. `mirrored` binds the backs of sheets at their
    right, and `imprint_on_back` puts the 版记 on the last back, behind an empty page if need be.
    `landscape_sheets` puts wide tables on landscape sheets with the page number below, as many
    offices do, instead of turning them on upright ones.
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
    form: Form = Form.COMMON
    copy_number: str | None = None
    secrecy: str | None = None
    urgency: str | None = None
    signers: tuple[str, ...] = ()
    remark: str | None = None
    attendance: tuple[tuple[str, str], ...] = ()
    mirrored: bool = False
    landscape_sheets: bool = False
    imprint_on_back: bool = False

    @property
    def signed_by(self) -> tuple[str, ...]:
        """The organs that sign, the one in charge first."""
        return tuple(line.strip() for line in self.signature.split("\n") if line.strip())


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


class BadgeLayout(Enum):
    """The size of a card: that of an ID-1 card (ISO/IEC 7810), or one to hang round the neck."""

    CARD = "card"
    HANGING = "hanging"

    @property
    def label(self) -> str:
        return "卡片 85.6×54 毫米" if self is BadgeLayout.CARD else "挂牌 70×100 毫米"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return (85.6, 54.0) if self is BadgeLayout.CARD else (70.0, 100.0)

    @property
    def grid(self) -> tuple[int, int]:
        """How many lie side by side and one below the other."""
        return (2, 5) if self is BadgeLayout.CARD else (2, 2)


@dataclass(frozen=True, slots=True)
class Badge:
    """One card. `code` is the text in its QR code, `photo` a picture; without one the frame stays blank."""

    name: str
    title: str
    grid: str
    number: str
    until: str
    organisation: str
    code: str
    photo: bytes | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """What stands on a sheet: `facts` are words with what is said (empty: room to write it), `people` are
    name, unit and the end of the phone. `blank` rows at least are left to write in."""

    title: str
    facts: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, str], ...]
    organisation: str
    two: bool = False
    blank: int = 5


class CertificateLayout(Enum):
    """How certificates lie on the paper: `label` in the clerk's words."""

    SHEET = "sheet"
    HALF = "half"
    FORM = "form"

    @property
    def label(self) -> str:
        return {
            CertificateLayout.SHEET: "A4 横排，一张一本",
            CertificateLayout.HALF: "A4 竖排，一张两本",
            CertificateLayout.FORM: "套打，只印文字",
        }[self]


@dataclass(frozen=True, slots=True)
class CompletionPaper:
    """One certificate: the name stands by itself, `text` is what was completed, in one sentence."""

    name: str
    number: str
    text: str
    organisation: str
    day: str


def chinese_date(day: date) -> str:
    """成文日期 in Arabic figures without leading zeros (GB/T 9704-2012 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
