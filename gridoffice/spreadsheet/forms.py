"""Somebody else's blank form: what it asks for, where its lines begin and end, what it keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gridoffice.errors import BadSheet
from gridoffice.fields import Column, Kind
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.converting import as_xlsx
from gridoffice.spreadsheet.guide import Guide, layout_key
from gridoffice.spreadsheet.inserting import plain_formulas
from gridoffice.spreadsheet.letters import column_index, letter
from gridoffice.spreadsheet.matching import Layout, Mapped, find
from gridoffice.spreadsheet.parts import Parts, elements, text_in
from gridoffice.spreadsheet.reading import Book, Sheet, read
from gridoffice.spreadsheet.sheet_part import SheetPart
from gridoffice.spreadsheet.sieve import BLANK, EXAMPLE, NUMBERING, ONLY_NUMBER, REPEATED_HEADER, TOTAL, Sieve
from gridoffice.spreadsheet.styles import Styles


class FormKind(StrEnum):
    """`ROWS`: a line for each record. `CARD`: a sheet for each record, labels beside blanks."""

    ROWS = "rows"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank of a card: the label beside it, the column it asks for (None: nobody knows), Excel's
    row and the column from 0 where the value goes, and how the label was understood."""

    label: str
    column: Column | None
    row: int
    at: int
    how: str = ""

    @property
    def cell(self) -> str:
        """Where the value goes, as Excel calls it."""
        return f"{letter(self.at)}{self.row}"


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a form, Excel's row numbers. `last` is below `first` when there is none yet.
    `totals` are the rows that add them up; `keys` the texts that stand in the lines beforehand, of
    the column `key`, when the form names its records itself; `named` the names of all columns that
    have such texts."""

    first: int
    last: int
    totals: tuple[int, ...] = ()
    key: Mapped | None = None
    keys: tuple[tuple[int, str], ...] = ()
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet of a form and how it is to be filled. `computed` are the headings below which the
    form has formulas of its own."""

    name: str
    kind: FormKind
    layout: Layout | None
    body: Body | None
    blanks: tuple[Blank, ...] = ()
    computed: tuple[str, ...] = ()
    card_key: str = ""

    @property
    def known(self) -> tuple[tuple[str, Column], ...]:
        """The headings that are known, each with what it means."""
        if self.layout is None:
            return tuple((blank.label, blank.column) for blank in self.blanks if blank.column is not None)
        return tuple((mapped.heading, mapped.column) for mapped in self.layout.columns)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings that are not, or are to be left out, and that the form does not compute."""
        if self.layout is None:
            return tuple(blank.label for blank in self.blanks if blank.column is None)
        open_ = {*self.layout.unmapped, *self.layout.left_out} - set(self.computed)
        return tuple(heading for heading in dict.fromkeys(self.layout.headings) if heading in open_)

    @property
    def key(self) -> str:
        """The name under which the mapping of this form is remembered."""
        return self.card_key if self.layout is None else self.layout.key

    @property
    def choice(self) -> dict[str, str | None]:
        """The mapping to remember: every heading that is known or left out, with the name of its column."""
        if self.layout is not None:
            return self.layout.choice
        said = (blank for blank in self.blanks if blank.column is not None or blank.how)
        return {blank.label: blank.column.name if blank.column is not None else None for blank in said}

    @property
    def total(self) -> int:
        """How many columns or blanks there are; running numbers do not count."""
        return len({heading for heading, _ in self.known} | {*self.unknown, *self.computed})


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was read. `converted` tells that it was an old workbook, whose look is not kept."""

    path: Path
    digest: str
    sheets: tuple[FormSheet, ...]
    converted: bool

    @property
    def main(self) -> FormSheet:
        """The sheet that asks for most."""
        return max(self.sheets, key=lambda sheet: len(sheet.known))

    def in_words(self) -> str:
        """`这张表有 23 列，认得 21 列。不认识的列留空：党费、车牌号。`"""
        sheet = self.main
        unit = "列" if sheet.kind is FormKind.ROWS else "项"
        text = f"这张表有 {sheet.total} {unit}，认得 {len(sheet.known)} {unit}。"
        if sheet.computed:
            text += f"表里自己算的：{'、'.join(sheet.computed)}。"
        if sheet.unknown:
            text += f"不认识的{unit}留空：{'、'.join(sheet.unknown)}。"
        if self.converted:
            text += "这是旧格式，版式和公式不能全部保留；要原样，用 WPS 另存为 .xlsx 再来。"
        return text


def read_form(path: Path, columns: Sequence[Column], guide: Guide | None = None) -> Form:
    """Find out what a form asks for. Raises `BadSheet` when it asks for nothing that we know."""
    path = Path(path)
    book = read(path)
    parts, converted = form_parts(book)
    styles = Styles(parts)
    sheets = []
    for sheet in book.sheets:
        if sheet.hidden or sheet.name not in parts.sheets or not sheet.rows:
            continue
        found = _form_sheet(sheet, SheetPart(parts, sheet.name), styles, columns, guide or Guide())
        if found is not None:
            sheets.append(found)
    if not sheets:
        raise BadSheet(f"“{path.name}”里没找到要填的栏目，看看是不是拿错了表。")
    return Form(path, book.digest, tuple(sheets), converted)


def form_parts(book: Book) -> tuple[Parts, bool]:
    """The form's file to write into, and whether it had to be made from an old workbook."""
    content = book.path.read_bytes()
    if content.startswith(b"PK"):
        try:
            return Parts(content), False
        except KeyError:
            pass  # an open document, which is another kind of archive
    return Parts(as_xlsx(book)), True


def _form_sheet(
    sheet: Sheet, part: SheetPart, styles: Styles, columns: Sequence[Column], guide: Guide
) -> FormSheet | None:
    layout = find(sheet, columns, guide)
    blanks, key = _blanks(sheet, part, columns, guide)
    known = [blank for blank in blanks if blank.column is not None]
    lines = {blank.row for blank in known}
    rows = len(layout.columns) if layout is not None else 0
    if len(known) >= 2 and (len(known) > rows or (len(lines) >= 2 and len(known) >= rows)):
        return FormSheet(sheet.name, FormKind.CARD, None, None, blanks, card_key=key)
    if layout is None:
        return None
    body = _body(sheet, part, styles, layout)
    return FormSheet(
        sheet.name, FormKind.ROWS, layout, body, computed=_computed(part, layout, body.first, body.last)
    )


# ---- a line for each record --------------------------------------------------------------------


def _body(sheet: Sheet, part: SheetPart, styles: Styles, layout: Layout) -> Body:
    """Where the lines of a form stand: below the header, above totals, signatures and notes."""
    sieve = Sieve(sheet, layout)
    first, last = layout.first_row, layout.first_row - 1
    totals: list[int] = []
    boxed: bool | None = None
    end = max(part.last_row, len(sheet.rows))
    number = layout.first_row
    while number <= end:
        row = sheet.rows[number - 1] if number <= len(sheet.rows) else []
        why = sieve.why_not(number - 1, row) if any(cell is not None for cell in row) else BLANK
        if why in (EXAMPLE, NUMBERING, REPEATED_HEADER) or (why == TOTAL and last < first):
            if last >= first:
                break
            totals += [number] if why == TOTAL else []
            first, last = number + 1, number
        elif why in (BLANK, ONLY_NUMBER, None):
            has_box = _boxed(part, styles, layout, number)
            boxed = has_box if boxed is None else boxed
            if boxed and not has_box:
                break
            last = number
        else:
            break
        number += 1
    while number <= min(end, len(sheet.rows)):
        row = sheet.rows[number - 1]
        if any(cell is not None for cell in row) and sieve.why_not(number - 1, row) == TOTAL:
            totals.append(number)
        number += 1
    if not boxed:
        last = _without_blank_end(sheet, first, last)
    return Body(first, last, tuple(totals), *_keys(sheet, layout, first, last))


def _computed(part: SheetPart, layout: Layout, first: int, last: int) -> tuple[str, ...]:
    """The headings that have a formula in the first line."""
    if last < first or not part.has_row(first):
        return ()
    plain_formulas(part)
    cells = part.row(first).cells
    return tuple(
        heading
        for index, heading in enumerate(layout.headings)
        if index in cells and cells[index].formula is not None and not headings.is_ours(heading)
    )


def _boxed(part: SheetPart, styles: Styles, layout: Layout, number: int) -> bool:
    """Do the cells of a line have borders?"""
    if not part.has_row(number):
        return False
    row = part.row(number)
    boxed = [
        m for m in layout.columns if m.index in row.cells and styles.has_border(row.cells[m.index].style)
    ]
    return 2 * len(boxed) >= len(layout.columns)


def _without_blank_end(sheet: Sheet, first: int, last: int) -> int:
    """Of lines without borders, the blank row before the signatures is no line."""
    own = sheet.rows[last - 1] if last <= len(sheet.rows) else []
    below = sheet.rows[last] if last < len(sheet.rows) else []
    blank = all(cell is None for cell in own)
    return last - 1 if last > first and blank and any(cell is not None for cell in below) else last


def _keys(
    sheet: Sheet, layout: Layout, first: int, last: int
) -> tuple[Mapped | None, tuple[tuple[int, str], ...], frozenset[str]]:
    """The column in which the form itself names its records (a list of communities to be counted), its
    texts, and the names of all such columns. Of several (the street stands beside each community) it is
    the one that tells the lines apart best."""
    best: tuple[int, Mapped | None, tuple[tuple[int, str], ...]] = 0, None, ()
    named: set[str] = set()
    for mapped in layout.columns:
        if mapped.column.field.kind not in (Kind.GRID, Kind.TEXT, Kind.NAME):
            continue
        texts = []
        for number in range(first, last + 1):
            row = sheet.rows[number - 1] if number <= len(sheet.rows) else []
            cell = row[mapped.index] if mapped.index < len(row) else None
            if isinstance(cell, str) and cell.strip():
                texts.append((number, " ".join(cell.split())))
        if len(texts) >= 2 and 2 * len(texts) >= last - first + 1:
            named.add(mapped.column.name)
            distinct = len({text for _, text in texts})
            if distinct >= best[0]:
                best = distinct, mapped, tuple(texts)
    return best[1], best[2], frozenset(named)


# ---- a sheet for each record -------------------------------------------------------------------

_SURE = (headings.EXACT, headings.ALIAS, headings.NORMALISED)
_LONGEST_LABEL = 20
_NO_LABEL = re.compile(r"[:：，。]|^[\d一二三四五六七八九十]+[、.]")
"""A sentence, a note, or a line to be filled in."""


def _blanks(
    sheet: Sheet, part: SheetPart, columns: Sequence[Column], guide: Guide
) -> tuple[tuple[Blank, ...], str]:
    """The labels that have a blank to their right, each with the column it asks for: as the clerk
    chose, else as was chosen the last time for the same labels, else by the dictionary. And the name
    under which a choice is remembered."""
    places = list(_places(sheet, part))
    key = layout_key(label for label, _, _ in places)
    by_name = {column.name: column for column in columns}
    given = {
        headings.normal(head): (name, headings.REMEMBERED)
        for head, name in guide.remembered.get(key, {}).items()
    } | {headings.normal(head): (name, headings.CHOSEN) for head, name in guide.forced.items()}
    free = set(by_name) - {name for name, _ in given.values()}
    found: list[Blank] = []
    for label, row, at in places:
        # of several equal labels (a card also asks for the family) only the first is the person's
        place = given.pop(headings.normal(f"{letter(at)}{row}"), None)
        name, how = place or given.pop(headings.normal(label), (None, ""))
        column = by_name.get(name or "")
        if not how:
            column, how = _named(label, [one for one in columns if one.name in free])
            free -= {column.name if column is not None else None}
        if how or not _NO_LABEL.search(label):
            found.append(Blank(label, column, row, at, how))
    # what stands above all that is known is the title
    top = min((blank.row for blank in found if blank.column is not None), default=0)
    return tuple(blank for blank in found if blank.row >= top), key


def _places(sheet: Sheet, part: SheetPart) -> Iterator[tuple[str, int, int]]:
    """What may be a label: its text, Excel's row, and the column from 0 of the blank beside it."""
    ends = {start: (end[0], end[1]) for start, end in sheet.merges}
    covered = {
        (row, column)
        for (first, left), (last, right) in sheet.merges
        for row in range(first, last + 1)
        for column in range(left, right + 1)
        if (row, column) != (first, left)
    }
    width = max(map(len, sheet.rows))
    for row, cells in enumerate(sheet.rows):
        for place, cell in enumerate(cells):
            if not isinstance(cell, str) or not 1 < len(cell) <= _LONGEST_LABEL or (row, place) in covered:
                continue
            at = ends.get((row, place), (row, place))[1] + 1
            if (at < len(cells) and cells[at] is not None) or (row, at) in covered:
                continue
            if at >= width and not (part.has_row(row + 1) and at in part.row(row + 1).cells):
                continue
            yield "".join(cell.split()), row + 1, at


def _named(label: str, columns: Sequence[Column]) -> tuple[Column | None, str]:
    best: tuple[float, Column | None, str] = 0.0, None, ""
    for column in columns:
        like = headings.likeness(label.rstrip(":："), column)
        if like is not None and like.how in _SURE and like.score > best[0]:
            best = like.score, column, like.how
    return best[1], best[2]


# ---- what a form lets one choose ---------------------------------------------------------------

_RANGE = re.compile(r"(?:(?P<sheet>'(?:[^']|'')+'|[^!'\"]+)!)?\$?(?P<left>[A-Z]{1,3})\$?(?P<first>\d+)"
                    r":\$?(?P<right>[A-Z]{1,3})\$?(?P<last>\d+)")  # fmt: skip


def choices_of(part: SheetPart, book: Book, row: int, column: int) -> tuple[str, ...]:
    """The texts of the drop-down at a cell; empty when it has none or computes them."""
    for one in [*elements(part.document, "dataValidation"), *elements(part.document, "x14:dataValidation")]:
        if one.getAttribute("type") != "list":
            continue
        ranges = one.getAttribute("sqref") or next(map(text_in, elements(one, "xm:sqref")), "")
        if any(_within(row, column, area) for area in ranges.split()):
            source = [*elements(one, "formula1"), *elements(one, "x14:formula1")]
            return _listed(part, book, text_in(source[0]).strip()) if source else ()
    return ()


def _within(row: int, column: int, area: str) -> bool:
    start, _, end = area.partition(":")
    first, last = re.fullmatch(r"([A-Z]+)(\d+)", start), re.fullmatch(r"([A-Z]+)(\d+)", end or start)
    return bool(
        first
        and last
        and int(first[2]) <= row <= int(last[2])
        and column_index(first[1]) <= column <= column_index(last[1])
    )


def _listed(part: SheetPart, book: Book, source: str) -> tuple[str, ...]:
    if source.startswith('"'):
        return tuple(text.strip() for text in source.strip('"').split(",") if text.strip())
    names = {
        one.getAttribute("name"): text_in(one)
        for one in elements(part.parts.document("xl/workbook.xml"), "definedName")
    }
    found = _RANGE.fullmatch(names.get(source, source))
    if found is None:
        return ()
    name = (found["sheet"] or part.name).strip("'").replace("''", "'")
    sheet = next((one for one in book.sheets if one.name == name), None)
    texts = []
    for row in sheet.rows[int(found["first"]) - 1 : int(found["last"])] if sheet is not None else ():
        for cell in row[column_index(found["left"]) : column_index(found["right"]) + 1]:
            if isinstance(cell, str) and cell.strip():
                texts.append(cell.strip())
    return tuple(texts)
