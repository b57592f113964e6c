"""Which row is the header, and which column of the sheet is which column of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridoffice.errors import BadSheet, Problem
from gridoffice.fields import Column
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.guide import Choice, Guide, Hidden, layout_key
from gridoffice.spreadsheet.heading_rows import DEEPEST, above, flatten, heading_texts, whole_header
from gridoffice.spreadsheet.letters import column_index, letter
from gridoffice.spreadsheet.reading import Book, Sheet

SEARCHED = 30
"""Rows from the top among which the header is looked for."""

SUMMARIES = ("汇总", "合计", "说明", "填表", "填报", "字典", "选项", "统计")
"""Sheets whose name holds one of these repeat or explain the others."""

AS_FOUND = Guide()
_GIVEN = 5.0  # what the clerk or the memory says outweighs every likeness


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
    people in a row); `facts` are the fill-in lines above the header; `headings` say what stands
    above every column of the sheet; `left_out` are the headings that were chosen not to be taken.
    """

    header_rows: tuple[int, ...]
    columns: tuple[Mapped, ...]
    unmapped: tuple[str, ...]
    title: str | None
    first_row: int
    facts: tuple[str, ...] = ()
    repeats: tuple[tuple[Mapped, ...], ...] = ()
    score: float = 0.0
    headings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name under which the mapping of this layout is remembered."""
        return layout_key(self.headings)

    @property
    def choice(self) -> dict[str, str | None]:
        """The mapping to remember: every heading of the sheet with the name of its column."""
        found: dict[str, str | None] = {heading: None for heading in self.left_out}
        return found | {mapped.heading: mapped.column.name for mapped in self.columns}

    def has(self, name: str) -> bool:
        """Is the column of this name in the sheet?"""
        return any(mapped.column.name == name for mapped in self.columns)


def match(sheet: Sheet, columns: Sequence[Column], *, path_name: str, guide: Guide = AS_FOUND) -> Layout:
    """Find the header of a sheet and name its columns: as the clerk chose, else as it was chosen
    the last time for the same headings, else by the dictionary.

    Raises `BadSheet` when there is no header or a required column is missing; the sentence says
    which row was taken for the header, what is missing and what is unknown.
    """
    return _demanded(sheet, find(sheet, columns, guide), columns, path_name)


def _demanded(sheet: Sheet, layout: Layout | None, columns: Sequence[Column], path_name: str) -> Layout:
    """A layout with every required column. Raises `BadSheet`."""
    wanted = tuple(column for column in columns if not column.field.computed)
    if layout is None:
        raise _no_header(sheet, wanted, path_name)
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


def _no_header(sheet: Sheet, wanted: Sequence[Column], path_name: str) -> BadSheet:
    """What is missing, and what the row that looks most like a header says instead."""
    labels = headings.names([c for c in wanted if c.field.required] or wanted)
    message = f"“{path_name}”的前 {SEARCHED} 行里没找到表头。这份台账至少要有这些列：{labels}。"
    problems = [
        Problem(f"没找到“{c.field.label}”这一列。", field=c.field.label) for c in wanted if c.field.required
    ]
    rows = [
        [text for text in heading_texts(sheet, row) if text] for row in range(min(SEARCHED, len(sheet.rows)))
    ]
    widest = max(map(len, map(set, rows)), default=0)
    if widest >= 2:
        row = next(place for place, texts in enumerate(rows) if len(set(texts)) == widest)
        unknown = [
            _shown(text)
            for text in dict.fromkeys(rows[row])
            if not headings.is_ours(text) and all(headings.likeness(text, one) is None for one in wanted)
        ]
        if unknown:
            told = "、".join(unknown[:12]) + ("……" if len(unknown) > 12 else "")
            message += f"第 {row + 1} 行写的“{told}”都不认识。看看是不是拿错了表。"
            problems += [Problem(f"不认识“{text}”这一列。", row=row + 1, value=text) for text in unknown]
    return BadSheet(message, problems)


def best_sheet(book: Book, columns: Sequence[Column], guide: Guide = AS_FOUND) -> tuple[Sheet, Layout]:
    """The sheet that matches best; the earlier of two that match alike. Raises `BadSheet` for none.

    Hidden sheets are looked at only when no visible one matches.
    """
    required = [c for c in columns if c.field.required and not c.field.computed]
    for hidden in (False, True):
        candidates = []
        for place, sheet in enumerate(book.sheets):
            if sheet.hidden is hidden and sheet.rows:
                layout = find(sheet, columns, guide)
                if layout is not None:
                    lacking = sum(not layout.has(column.name) for column in required)
                    candidates.append((lacking, is_summary(sheet), -layout.score, place, layout))
        if candidates and (min(candidates)[0] == 0 or hidden or not _has_hidden(book)):
            *_, place, layout = min(candidates)
            sheet = book.sheets[place]
            return sheet, _demanded(sheet, layout, columns, book.path.name)
    shown = next((sheet for sheet in book.sheets if sheet.rows and not sheet.hidden), book.sheets[0])
    return shown, match(shown, columns, path_name=book.path.name, guide=guide)


def is_summary(sheet: Sheet) -> bool:
    """Does the sheet, by its name, repeat or explain the others?"""
    return any(word in sheet.name for word in SUMMARIES)


def _has_hidden(book: Book) -> bool:
    return any(sheet.hidden and sheet.rows for sheet in book.sheets)


def find(sheet: Sheet, columns: Sequence[Column], guide: Guide = AS_FOUND) -> Layout | None:
    """The likeliest reading of a sheet's head, None when no row names two of the columns."""
    known = tuple(columns)
    texts = [heading_texts(sheet, row) for row in range(min(SEARCHED, len(sheet.rows)))]
    if guide.hidden is Hidden.SKIP:
        texts = [
            ["" if place in sheet.hidden_columns else text for place, text in enumerate(row)] for row in texts
        ]
    rows = _asked_rows(guide, len(texts)) or _header_rows(sheet, texts, known, guide)
    if rows is None:
        return None
    top, bottom = rows
    flat = flatten(texts[top : bottom + 1])
    given = _given(flat, guide, by_letter=True)
    mapped, rest, score = _map(flat, known, given)
    left_out = [index for index, (name, _) in given.items() if name is None and index < len(flat)]
    repeats, rest = _repeats(flat, mapped, rest)
    title, facts = above(sheet, top)
    return Layout(
        header_rows=tuple(range(top + 1, bottom + 2)),
        columns=mapped,
        unmapped=tuple(heading for index, heading in rest if index not in left_out),
        title=title,
        first_row=bottom + 2,
        facts=facts,
        repeats=repeats,
        score=score,
        headings=tuple(_shown(heading) for heading in flat),
        left_out=tuple(_shown(flat[index]) for index in left_out),
    )


def _asked_rows(guide: Guide, count: int) -> tuple[int, int] | None:
    if not guide.header_rows:
        return None
    top, bottom = min(guide.header_rows) - 1, max(guide.header_rows) - 1
    return (top, bottom) if top >= 0 and bottom < count else None


def _header_rows(
    sheet: Sheet, texts: list[list[str]], known: tuple[Column, ...], guide: Guide
) -> tuple[int, int] | None:
    """First and last row, from 0, of the header; None when no row names two of the columns."""
    least = min(2, len(known))
    offers: list[tuple[tuple[float, int, int], frozenset[str]]] = []  # score, -depth, -top; what it names
    for top in range(len(texts)):
        if not any(texts[top]):
            continue
        for depth in range(1, DEEPEST + 1):
            if top + depth > len(texts):
                break
            flat = flatten(texts[top : top + depth])
            given = _given(flat, guide, by_letter=False)
            if guide.remembered and layout_key(flat) in guide.remembered:
                return top, top + depth - 1
            mapped, _, score = _map(flat, known, given)
            # of two readings that say the same, the one with fewer rows and higher up is right
            if len(mapped) >= least:
                named = frozenset(one.column.name for one in mapped)
                offers.append(((round(score, 6), -depth, -top), named))
    if not offers:
        return None
    (_, depth, top), named = max(offers, key=_offered)
    # a header that stands again in the middle of the sheet may be plainer than the first; the rows
    # between the two are people
    required = {one.name for one in known if one.field.required and not one.field.computed}
    first = [
        offer
        for offer in offers
        if -offer[0][2] - offer[0][1] <= -top
        and required & named <= offer[1]
        and 2 * len(offer[1] & named) >= len(named)
    ]
    if first:
        (_, depth, top), named = max(first, key=_offered)
    start, end, count = -top, -top - depth - 1, len(named)
    top, bottom = whole_header(sheet, start, end)
    flat = flatten(texts[top : bottom + 1])
    mapped, _, _ = _map(flat, known, _given(flat, guide, by_letter=False))
    # what stands above may be no group; the rows that heading cells reach down into are header
    return (start, bottom) if len(mapped) < count else (top, bottom)


def _offered(offer: tuple[tuple[float, int, int], frozenset[str]]) -> tuple[float, int, int]:
    return offer[0]


Given = dict[int, tuple[str | None, str]]
"""By the sheet's column: the name of the ledger's column, None to leave it out; and who says so."""


def _given(flat: list[str], guide: Guide, *, by_letter: bool) -> Given:
    """What is known beforehand of some columns of a header: the ledger's column and who says so."""
    found: Given = {}
    if guide.remembered:
        _note(found, flat, guide.remembered.get(layout_key(flat), {}), headings.REMEMBERED)
    if guide.forced:
        here = {headings.normal(heading) for heading in flat}
        named = {head: name for head, name in guide.forced.items() if headings.normal(head) in here}
        _note(found, flat, named, headings.CHOSEN)
        for head in guide.forced.keys() - named.keys() if by_letter else ():
            if _is_letter(head):
                found[column_index(head)] = guide.forced[head], headings.CHOSEN
    return found


def _note(found: Given, flat: list[str], choice: Choice, how: str) -> None:
    names = {headings.normal(head): name for head, name in choice.items()}
    for index, heading in enumerate(flat):
        if heading and headings.normal(heading) in names:
            found[index] = names.pop(headings.normal(heading)), how


def _is_letter(head: str) -> bool:
    return head.isascii() and head.isalpha() and head.isupper() and len(head) <= 3


def _shown(heading: str) -> str:
    """A slash inside one cell was set apart from the slash between the rows of a header."""
    return heading.replace("／", "/")


Unmapped = list[tuple[int, str]]


def _map(
    flat: list[str], columns: tuple[Column, ...], given: Given
) -> tuple[tuple[Mapped, ...], Unmapped, float]:
    """Give each column of the ledger the heading that names it best, each heading once."""
    offers = []
    places = {column.name: place for place, column in enumerate(columns)}
    for index, (name, how) in given.items():
        if name in places:
            offers.append((-_GIVEN, index, places[name], how))
    for index, heading in enumerate(flat):
        if not heading or len(heading) > 60 or index in given or headings.is_ours(heading):
            continue
        for place, column in enumerate(columns):
            found = headings.likeness(heading, column)
            if found is not None:
                offers.append((-found.score, index, place, found.how))
    offers.sort()
    taken: dict[int, Mapped] = {}
    used: set[int] = set()
    said: set[str] = set()
    total = 0.0
    for score, index, place, how in offers:
        if index in taken or place in used:
            continue
        heading = flat[index] if index < len(flat) else ""
        if how == headings.SIMILAR and heading in said:
            # two columns under one word: the second is not what the word means, only something like it
            continue
        used.add(place)
        said.add(heading)
        taken[index] = Mapped(index, letter(index), _shown(heading), columns[place], how)
        total -= score
    rest = [
        (index, _shown(heading))
        for index, heading in enumerate(flat)
        if heading and index not in taken and not headings.is_ours(heading)
    ]
    return tuple(taken[index] for index in sorted(taken)), rest, total


def _repeats(
    flat: list[str], mapped: tuple[Mapped, ...], unmapped: Unmapped
) -> tuple[tuple[tuple[Mapped, ...], ...], Unmapped]:
    """Further blocks of the same headings beside the first: sheets with two people side by side. The
    columns of a block may stand in another order, and some that are not required may be missing."""
    if len(mapped) < 2:
        return (), unmapped
    known = {flat[m.index]: m for m in mapped if flat[m.index : m.index + 1]}
    required = {flat[m.index] for m in mapped if m.column.field.required}
    taken = {m.index for m in mapped}
    found: list[dict[str, Mapped]] = [{}]
    for index, heading in enumerate(flat):
        first = known.get(heading)
        if first is None or index in taken:
            continue
        if heading in found[-1]:
            found.append({})
        found[-1][heading] = Mapped(index, letter(index), first.heading, first.column, first.how)
    blocks = tuple(
        tuple(block.values())
        for block in found
        if len(block) >= 2 and 2 * len(block) >= len(mapped) and required <= block.keys()
    )
    repeated = {m.index for block in blocks for m in block}
    return blocks, [(index, heading) for index, heading in unmapped if index not in repeated]
