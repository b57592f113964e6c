"""Drop-downs of a template: their texts stand on a very hidden sheet, however many there are.

A list written into the rule itself damages the file beyond 255 characters. Where one column depends
on another (街道 → 社区 → 网格), the rule looks up the part of the list that belongs to what was
chosen before: names need not be unique, and no defined name is needed for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridoffice.errors import OfficeError
from gridoffice.fields import Column, Kind
from gridoffice.spreadsheet.letters import letter

CHOICES = "选项"
"""Name of the very hidden sheet that holds the texts."""

_BETWEEN = "|"
_LONGEST_RULE = 255


@dataclass(frozen=True, slots=True)
class Cascade:
    """Columns of which each narrows down the next. `paths` are the texts from the first column to
    the last; a shorter path offers nothing in the columns behind it, an empty text nothing in its own
    (a grid that stands right below the street)."""

    columns: tuple[str, ...]
    paths: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where drop-downs are wanted: the first and last row and the columns' offset, all from 0."""

    first: int
    last: int
    offset: int


def add_drop_downs(
    book: Any,
    sheet: Any,
    place: Place,
    columns: Sequence[Column],
    choices: Mapping[str, Sequence[str]],
    cascades: Iterable[Cascade],
) -> None:
    """Put the texts on a hidden sheet of an XlsxWriter workbook and the rules on the columns."""
    where = {column.name: index for index, column in enumerate(columns)}
    cascades = [cascade for cascade in cascades if all(name in where for name in cascade.columns)]
    if not choices and not cascades:
        return
    lists = _Lists(book)
    narrowed = {name for cascade in cascades for name in cascade.columns}
    for index, column in enumerate(columns):
        texts = choices.get(column.name)
        if texts and column.name not in narrowed:
            # codes can be chosen only from the list; a grid may also be written by code or path
            strict = column.field.codes is not None or column.field.kind is Kind.YES_NO
            _rule(sheet, place, index, column, lists.add(texts), strict=strict)
    for cascade in cascades:
        for level, name in enumerate(cascade.columns):
            above = [letter(where[one] + place.offset) for one in cascade.columns[:level]]
            source = lists.add_below(
                cascade.paths, level, [f"${column}{place.first + 1}" for column in above]
            )
            _rule(sheet, place, where[name], columns[where[name]], source, strict=False)


class _Lists:
    """The hidden sheet, a column after the other."""

    def __init__(self, book: Any):
        self._sheet = book.add_worksheet(CHOICES)
        self._sheet.very_hidden()
        self._used = 0

    def add(self, texts: Sequence[str]) -> str:
        """A plain list; answers what the rule refers to."""
        return f"={self._column(texts)}"

    def add_below(self, paths: Sequence[tuple[str, ...]], level: int, chosen: Sequence[str]) -> str:
        """The texts of one level, beside each the path above it; answers the rule that picks those
        below what was chosen."""
        pairs = dict.fromkeys(
            (path[:level], path[level]) for path in paths if len(path) > level and path[level]
        )
        if level == 0:
            return self.add([text for _, text in pairs])
        ordered = sorted(pairs, key=lambda pair: pair[0])
        keys = self._column([_BETWEEN.join(above) for above, _ in ordered])
        texts = self._column([text for _, text in ordered])
        key = f'&"{_BETWEEN}"&'.join(chosen)
        start = texts.split(":")[0]
        return f"=OFFSET({start},MATCH({key},{keys},0)-1,0,COUNTIF({keys},{key}),1)"

    def _column(self, texts: Sequence[str]) -> str:
        for row, text in enumerate(texts):
            self._sheet.write_string(row, self._used, text)
        name = letter(self._used)
        self._used += 1
        return f"{CHOICES}!${name}$1:${name}${max(len(texts), 1)}"


def _rule(sheet: Any, place: Place, index: int, column: Column, source: str, *, strict: bool) -> None:
    if len(source) > _LONGEST_RULE:
        raise OfficeError(f"“{column.field.label}”的下拉太深，Excel 放不下。")
    sheet.data_validation(
        place.first,
        index + place.offset,
        place.last,
        index + place.offset,
        {
            "validate": "list",
            "source": source,
            "error_type": "stop" if strict else "information",
            "error_title": column.field.label,
            "error_message": "从下拉里选一项。" if strict else "下拉里没有这一项。",
        },
    )
