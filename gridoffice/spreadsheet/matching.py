"""Which row is the header, and which column of the sheet is which column of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridoffice.errors import BadSheet, Problem
from gridoffice.fields import Column
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.letters import letter
from gridoffice.spreadsheet.reading import Book, Cell, Sheet

SEARCHED = 30
"""Rows from the top among which the header is looked for."""

DEEPEST = 3
"""Rows that a header may have."""

FACTS = (
    "填报单位",
    "单位",
    "填报时间",
    "填报日期",
    "填表单位",
    "填表时间",
    "日期",
    "时间",
    "制表",
    "统计时间",
    "联系人",
)
"""How the fill-in lines between title and header begin."""

SUMMARIES = ("汇总", "合计", "说明", "填表", "填报", "字典", "选项", "统计")
"""Sheets whose name holds one of these repeat or explain the others."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """One column of the sheet that is taken: where it stands, what it says, what it means."""

    index: int
    letter: str
    heading: str
    column: Column
    how: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is to be read. Row numbers are Excel's own; `first_row` is the first data row.

    `repeats` are further blocks of the same columns beside the first (sign-in sheets with two
    people in a row); `facts` are the fill-in lines above the header.
    """

    header_rows: tuple[int, ...]
    columns: tuple[Mapped, ...]
    unmapped: tuple[str, ...]
    title: str | None
    first_row: int
    facts: tuple[str, ...] = ()
    repeats: tuple[tuple[Mapped, ...], ...] = ()
    score: float = 0.0

    def has(self, name: str) -> bool:
        """Is the column of this name in the sheet?"""
        return any(mapped.column.name == name for mapped in self.columns)


def match(sheet: Sheet, columns: Sequence[Column], *, path_name: str) -> Layout:
    """Find the header of a sheet and name its columns.

    Raises `BadSheet` when there is no header or a required column is missing; the sentence says
    which row was taken for the header, what is missing and what is unknown.
    """
    wanted = tuple(column for column in columns if not column.field.computed)
    layout = find(sheet, columns)
    if layout is None:
        labels = headings.names([c for c in wanted if c.field.required] or wanted)
        raise BadSheet(
            f"“{path_name}”的前 {SEARCHED} 行里没找到表头。这份台账至少要有这些列：{labels}。",
            [
                Problem(f"没找到“{c.field.label}”这一列。", field=c.field.label)
                for c in wanted
                if c.field.required
            ],
        )
    missing = [c for c in wanted if c.field.required and not layout.has(c.name)]
    if missing:
        rows = "、".join(map(str, layout.header_rows))
        unknown = f"不认识的列：{'、'.join(layout.unmapped)}。" if layout.unmapped else ""
        raise BadSheet(
            f"“{path_name}”里没找到{'、'.join(f'“{c.field.label}”' for c in missing)}列"
            f"（按第 {rows} 行是表头来看）。{unknown}看看是不是拿错了表。",
            [
                Problem(f"没找到“{c.field.label}”这一列。", row=layout.header_rows[-1], field=c.field.label)
                for c in missing
            ]
            + [
                Problem(f"不认识“{heading}”这一列。", row=layout.header_rows[-1], value=heading)
                for heading in layout.unmapped
            ],
        )
    return layout


def matching_sheets(book: Book, columns: Sequence[Column]) -> list[tuple[Sheet, Layout]]:
    """The visible sheets that can be read as this ledger, in the book's order, summaries left out."""
    found = []
    for sheet in book.sheets:
        if sheet.hidden or not sheet.rows or any(word in sheet.name for word in SUMMARIES):
            continue
        try:
            found.append((sheet, match(sheet, columns, path_name=book.path.name)))
        except BadSheet:
            continue
    return found


def best_sheet(book: Book, columns: Sequence[Column]) -> tuple[Sheet, Layout]:
    """The sheet that matches best; the earlier of two that match alike. Raises `BadSheet` for none.

    Hidden sheets are looked at only when no visible one matches.
    """
    for hidden in (False, True):
        candidates = []
        for place, sheet in enumerate(book.sheets):
            if sheet.hidden is hidden and sheet.rows:
                layout = find(sheet, columns)
                if layout is not None:
                    lacking = sum(
                        c.field.required and not c.field.computed and not layout.has(c.name) for c in columns
                    )
                    summary = any(word in sheet.name for word in SUMMARIES)
                    candidates.append((lacking, summary, -layout.score, place, sheet))
        if candidates and (min(candidates)[0] == 0 or hidden or not _has_hidden(book)):
            sheet = min(candidates)[-1]
            return sheet, match(sheet, columns, path_name=book.path.name)
    shown = next((sheet for sheet in book.sheets if sheet.rows and not sheet.hidden), book.sheets[0])
    return shown, match(shown, columns, path_name=book.path.name)


def _has_hidden(book: Book) -> bool:
    return any(sheet.hidden and sheet.rows for sheet in book.sheets)


def find(sheet: Sheet, columns: Sequence[Column]) -> Layout | None:
    """The likeliest reading of a sheet's head, None when no row names two of the columns."""
    known = tuple(column for column in columns)
    least = min(2, len(known))
    texts = [_heading_texts(sheet, row) for row in range(min(SEARCHED, len(sheet.rows)))]
    best: tuple[float, int, int] | None = None  # score, -depth, -top
    count = 0
    for top in range(len(texts)):
        if not any(texts[top]):
            continue
        for depth in range(1, DEEPEST + 1):
            if top + depth > len(texts):
                break
            mapped, _, score = _map(_flatten(texts[top : top + depth]), known)
            # of two readings that say the same, the one with fewer rows and higher up is right
            offer = (round(score, 6), -depth, -top)
            if len(mapped) >= least and (best is None or offer > best):
                best, count = offer, len(mapped)
    if best is None:
        return None
    start, end = -best[2], -best[2] - best[1] - 1
    top, bottom = _whole_header(sheet, start, end)
    flat = _flatten(texts[top : bottom + 1])
    mapped, unmapped, score = _map(flat, known)
    if len(mapped) < count:
        top, bottom = start, end
        flat = _flatten(texts[top : bottom + 1])
        mapped, unmapped, score = _map(flat, known)
    repeats, unmapped = _repeats(flat, mapped, unmapped)
    title, facts = _above(sheet, top)
    return Layout(
        header_rows=tuple(range(top + 1, bottom + 2)),
        columns=mapped,
        unmapped=tuple(heading for _, heading in unmapped),
        title=title,
        first_row=bottom + 2,
        facts=facts,
        repeats=repeats,
        score=score,
    )


def _heading_texts(sheet: Sheet, row: int) -> list[str]:
    """The texts of one row with horizontally merged cells filled to the right."""
    cells = sheet.rows[row]
    texts = [_heading(cell) for cell in cells]
    for (first, left), (last, right) in sheet.merges:
        if first <= row <= last and right > left and left < len(sheet.rows[first]):
            text = _heading(sheet.rows[first][left])
            texts.extend([""] * (right + 1 - len(texts)))
            for column in range(left, right + 1):
                texts[column] = texts[column] or text
    return texts


def _heading(cell: Cell) -> str:
    return " ".join(cell.split()).replace("/", "／") if isinstance(cell, str) else ""


def _flatten(rows: list[list[str]]) -> list[str]:
    """One heading a column: the texts from top to bottom, joined by a slash, no text twice in a row."""
    if len(rows) == 1:
        return rows[0]
    width = max(map(len, rows))
    flat = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            text = row[column] if column < len(row) else ""
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        flat.append("/".join(parts))
    return flat


Unmapped = list[tuple[int, str]]


def _map(flat: list[str], columns: tuple[Column, ...]) -> tuple[tuple[Mapped, ...], Unmapped, float]:
    """Give each column of the ledger the heading that names it best, each heading once."""
    offers = []
    for index, heading in enumerate(flat):
        if not heading or len(heading) > 60 or headings.is_serial(heading):
            continue
        for place, column in enumerate(columns):
            found = headings.likeness(heading, column)
            if found is not None:
                offers.append((-found.score, index, place, found.how))
    offers.sort()
    taken: dict[int, Mapped] = {}
    used: set[int] = set()
    total = 0.0
    for score, index, place, how in offers:
        if index in taken or place in used:
            continue
        used.add(place)
        taken[index] = Mapped(index, letter(index), flat[index].replace("／", "/"), columns[place], how)
        total -= score
    rest = [
        (index, heading.replace("／", "/"))
        for index, heading in enumerate(flat)
        if heading and index not in taken and not headings.is_serial(heading)
    ]
    return tuple(taken[index] for index in sorted(taken)), rest, total


def _whole_header(sheet: Sheet, top: int, bottom: int) -> tuple[int, int]:
    """Take in the rows that merged heading cells reach into, three at most."""
    for (first, left), (last, right) in sheet.merges:
        whole_width = right - left + 1 >= max(3, len(sheet.rows[top]) - 1)
        if first <= bottom and last >= top and last - first < DEEPEST:
            if last > bottom and last - top < DEEPEST:
                bottom = last
            if first < top and bottom - first < DEEPEST:
                top = first
        elif (
            last == top - 1
            and first == last
            and right > left
            and not whole_width
            and bottom - first < DEEPEST
            and _groups(sheet, first, top)
        ):
            top = first
    return top, min(bottom, len(sheet.rows) - 1)


def _groups(sheet: Sheet, row: int, below: int) -> bool:
    """Is `row` a row of group headings for the row below it: two groups or more, and no fill-in line?"""
    texts = [text for text in map(_heading, sheet.rows[row]) if text]
    if len(texts) < 2 or any(text.startswith(FACTS) for text in texts):
        return False
    return any(first == row and right > left for (first, left), (_, right) in sheet.merges)


def _repeats(
    flat: list[str], mapped: tuple[Mapped, ...], unmapped: Unmapped
) -> tuple[tuple[tuple[Mapped, ...], ...], Unmapped]:
    """Further blocks of the same headings at the right: sheets with two people side by side."""
    if len(mapped) < 2:
        return (), unmapped
    width = mapped[-1].index + 1
    start = next((i for i in range(mapped[0].index + 1) if flat[i]), 0)
    period = next(
        (
            step
            for step in range(width - start, len(flat) - start)
            if all(m.index + step < len(flat) and flat[m.index + step] == flat[m.index] for m in mapped)
        ),
        None,
    )
    if period is None:
        return (), unmapped
    blocks = []
    step = period
    while all(m.index + step < len(flat) and flat[m.index + step] == flat[m.index] for m in mapped):
        blocks.append(
            tuple(Mapped(m.index + step, letter(m.index + step), m.heading, m.column, m.how) for m in mapped)
        )
        step += period
    repeated = {m.index for block in blocks for m in block}
    return tuple(blocks), [(index, heading) for index, heading in unmapped if index not in repeated]


def _above(sheet: Sheet, top: int) -> tuple[str | None, tuple[str, ...]]:
    """The title and the fill-in lines above the header."""
    title: str | None = None
    facts = []
    for row in range(top):
        texts = list(
            dict.fromkeys(text.replace("／", "/") for text in map(_heading, sheet.rows[row]) if text)
        )
        if not texts:
            continue
        line = "　".join(texts)
        if title is None and len(line) >= 4 and not line.startswith(FACTS):
            title = line
        else:
            facts.append(line)
    return title, tuple(facts)
