"""套表: somebody else's blank form, filled. Its formats, merged cells, formulas, drop-downs, print
settings and other sheets stay; lines are added in the form's own style where it has too few."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from gridoffice.errors import OfficeError
from gridoffice.fields import Column, Kind
from gridoffice.progress import counted, report
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.cards import fill_cards, person_of
from gridoffice.spreadsheet.facts import Facts, beside, written
from gridoffice.spreadsheet.form_lines import (
    Work,
    follow,
    forget_numbers,
    hidden_places,
    make_room,
    old_line,
    style_at,
)
from gridoffice.spreadsheet.form_values import FormStyle, Writer, writer
from gridoffice.spreadsheet.forms import Body, Form, FormKind, choices_of, form_parts
from gridoffice.spreadsheet.inserting import plain_formulas, recalculate, without_result
from gridoffice.spreadsheet.letters import letter
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.page_marks import mark_pages
from gridoffice.spreadsheet.reading import read
from gridoffice.spreadsheet.replacing import replacing
from gridoffice.spreadsheet.sheet_names import rename_sheet
from gridoffice.spreadsheet.sheet_part import SheetPart
from gridoffice.spreadsheet.styles import Styles
from gridoffice.values import show

Record = Sequence[Any]
"""Values aligned with the columns."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a form: records written, headings left blank, columns that the form computes
    itself, records that the form has no line for, lines that there is no record for, and values that
    its drop-downs do not offer."""

    rows: int
    sheets: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    without_line: tuple[str, ...] = ()
    without_record: tuple[str, ...] = ()
    not_offered: tuple[str, ...] = ()


def fill_form(
    form: Form,
    target: Path,
    columns: Sequence[Column],
    records: Iterable[Record] | Mapping[str, Iterable[Record]],
    *,
    facts: Facts | None = None,
    style: FormStyle | None = None,
    reveal: bool = False,
    mark: str = "",
) -> Filled:
    """Fill a form and write it to `target`. `records` go to the sheet that asks for most, or to
    each sheet named. ID numbers and telephones are masked unless `reveal`; `mark` is printed at the head of
    the pages that were filled.

    Raises `OfficeError` when the form has changed since it was read.
    """
    target = Path(target)
    if target.suffix.lower() not in (".xlsx", ".xlsm"):
        raise OfficeError(f"填好的表存成 .xlsx，“{target.name}”不行。")
    book = read(form.path)
    if book.digest != form.digest:
        raise OfficeError(f"“{form.path.name}”刚刚改过，重新打开它再填。")
    parts, _ = form_parts(book)
    styles = Styles(parts)
    given = records if isinstance(records, Mapping) else {form.main.name: records}
    by_sheet = {name: [list(record) for record in listed] for name, listed in given.items()}
    titles = {
        sheet.name: rename_sheet(parts, sheet.name, person)
        for sheet in form.sheets
        if sheet.kind is FormKind.CARD
        and (listed := by_sheet.get(sheet.name))
        and (person := person_of(columns, listed[0]))
    }
    done: list[Filled] = []
    changed: dict[str, SheetPart] = {}
    for form_sheet in form.sheets:
        if form_sheet.name not in by_sheet:
            continue
        report(f"填“{form_sheet.name}”")
        part = SheetPart(parts, titles.get(form_sheet.name, form_sheet.name))
        work = Work(
            part,
            next(sheet for sheet in book.sheets if sheet.name == form_sheet.name),
            book,
            styles,
            form_sheet,
            columns,
            facts or Facts(),
            style or FormStyle(),
            reveal,
            form.converted,
        )
        listed = by_sheet[form_sheet.name]
        changed[part.part] = part
        if form_sheet.kind is FormKind.CARD:
            _fill_facts(work, None)
            for copy in fill_cards(
                part, styles, form_sheet.name, form_sheet.blanks, columns, listed, work.style, reveal=reveal
            ):
                changed[copy.part] = copy
            done.append(Filled(len(listed), (form_sheet.name,), form_sheet.unknown))
        else:
            done.append(_fill_rows(work, listed))
    if mark:
        for part in changed.values():
            mark_pages(part, mark)
    recalculate(parts)
    report(f"写出“{target.name}”")
    with replacing(target) as file:
        parts.save(file, {name: part.pieces() for name, part in changed.items()})
    return _together(done)


def _together(done: Sequence[Filled]) -> Filled:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for one in done for text in getattr(one, name)))

    return Filled(
        sum(one.rows for one in done),
        all_of("sheets"),
        all_of("unknown"),
        all_of("computed"),
        all_of("without_line"),
        all_of("without_record"),
        all_of("not_offered"),
    )


@dataclass(frozen=True, slots=True)
class _Target:
    """One column to fill: where it stands in the sheet and in the record, and how it is written."""

    index: int
    place: int
    column: Column
    write: Writer


def _fill_rows(work: Work, records: list[list[Any]]) -> Filled:
    layout, body = work.form.layout, work.form.body
    if layout is None or body is None:
        raise AssertionError("a form of rows has a layout and a body")
    plain_formulas(work.part)
    _forget_results(work.part)
    _fill_facts(work, body)
    targets = _targets(work, layout, body)
    lines, left, blank = _lines(work, body, targets, records)
    added = 0
    if body.key is None:
        added = max(len(records) - (body.last - body.first + 1), 0)
    sample, at = make_room(work, layout, body, added)
    serials = [index for index, heading in enumerate(layout.headings) if headings.is_serial(heading)]
    sums: dict[int, Decimal] = {}
    covered = hidden_places(work)
    for place, (number, record) in enumerate(counted(lines, f"填“{work.form.name}”", len(lines))):
        fresh = at <= number < at + added
        row = sample.copy(number) if fresh else work.part.row(number)
        if fresh:
            follow(row, sample.number)
        for index in serials:
            cell = row.cell(index, style_at(work, sample, index))
            if cell.formula is None and (body.key is None or fresh):
                cell.set(place + 1)
        if work.converted:
            old_line(work, row, layout)
        for target in targets:
            if (number, target.index) in covered or (body.key and _written(work, number, target.index)):
                continue
            cell = row.cell(target.index, style_at(work, sample, target.index))
            if cell.formula is not None:
                continue
            value = record[target.place]
            if value is None or value == "":
                cell.set(None)
            else:
                target.write(cell, value)
            if target.column.field.kind in (Kind.INTEGER, Kind.DECIMAL) and value is not None:
                sums[target.index] = sums.get(target.index, Decimal(0)) + Decimal(str(value))
        if fresh:
            work.part.raw[number] = row.xml().encode()
        else:
            work.part.put(row)
    last = max((number for number, _ in lines), default=body.last) if body.key is None else body.last
    _totals(work, body, targets, sums, added, max(last, body.last + added))
    work.part.set_dimension(max(work.part.last_row, 1), max(len(layout.headings) - 1, 0))
    return Filled(
        len(lines),
        (work.form.name,),
        work.form.unknown,
        work.form.computed,
        tuple(left),
        tuple(blank),
        tuple(sorted(work.unknown)),
    )


def _targets(work: Work, layout: Layout, body: Body) -> list[_Target]:
    places = {column.name: place for place, column in enumerate(work.columns)}
    found = []
    for mapped in layout.columns:
        if mapped.column.name not in places:
            continue
        write = writer(
            mapped.column,
            mapped.heading,
            work.styles,
            style=work.style,
            reveal=work.reveal,
            choices=choices_of(work.part, work.book, body.first, mapped.index),
            unknown=work.unknown,
        )
        found.append(_Target(mapped.index, places[mapped.column.name], mapped.column, write))
    return found


def _lines(
    work: Work, body: Body, targets: Sequence[_Target], records: list[list[Any]]
) -> tuple[list[tuple[int, list[Any]]], list[str], list[str]]:
    """Which record goes into which row; records without a row, and rows without a record."""
    if body.key is None:
        return list(enumerate(records, body.first)), [], []
    key = next((target for target in targets if target.index == body.key.index), None)
    if key is None:
        return [], [], [text for _, text in body.keys]
    by_name: dict[str, list[list[Any]]] = {}
    for record in records:
        by_name.setdefault(_plain(show(key.column.field, record[key.place], reveal=True)), []).append(record)
    lines, blank, used = [], [], set()
    for number, text in body.keys:
        name = _same(_plain(text), by_name)
        found = _meant(work, number, [one for one in targets if one is not key], by_name.get(name or "", []))
        if name and (above := _above(text, name)):
            found = [one for one in found if _lies_in(work, one, above, key)]
        if name is None or len(found) != 1:
            blank.append(text if not found else f"{text}（有 {len(found)} 个）")
        else:
            lines.append((number, found[0]))
        if found:
            used.add(name)
    return lines, [name for name in by_name if name not in used and name], blank


def _meant(work: Work, number: int, others: Sequence[_Target], namesakes: list[list[Any]]) -> list[list[Any]]:
    """Of several records of a name those that also agree with what else stands in the line: of all the
    first grids that of the community beside it. The only one of a name has to lie where the line says."""
    line = work.sheet.rows[number - 1]
    for target in others:
        cell = line[target.index] if target.index < len(line) else None
        if isinstance(cell, str) and cell.strip() and (len(namesakes) > 1 or _tells_above(target.column)):
            shown = [_plain(show(target.column.field, one[target.place], reveal=True)) for one in namesakes]
            if not any(shown):
                continue  # an office of one community has no street to compare with
            wanted = _same(_plain(cell), dict.fromkeys(shown))
            namesakes = [one for one, text in zip(namesakes, shown, strict=True) if text == wanted]
    return namesakes


_TELL_ABOVE = ("street", "community", "parent", "org", "title")
_COUNTED = re.compile(r"^[（(]?[\d一二三四五六七八九十]+[）)、.．]+|^(?:中国共产党|中共)")
_OFFICE = re.compile(r"(?:办事处|居委会|居民委员会|村委会|村民委员会)$")


def _tells_above(column: Column) -> bool:
    """Does a column say where a record belongs?"""
    return column.field.kind is Kind.GRID or column.name in _TELL_ABOVE


def _above(text: str, name: str) -> str:
    """What a line writes before the name it ends with, without its numbering."""
    plain = _plain(text)
    return _OFFICE.sub("", _COUNTED.sub("", plain.removesuffix(name))) if plain.endswith(name) else ""


def _lies_in(work: Work, record: list[Any], above: str, key: _Target) -> bool:
    """Does a record say of itself what a line writes before its name: 梧桐社区 of 梧桐·第一网格? One
    that says nothing of where it belongs cannot be told to be another."""
    name = record[key.place]
    said = [
        _plain(value)
        for column, value in zip(work.columns, record, strict=True)
        if _tells_above(column) and isinstance(value, str) and value and value != name
    ]
    fits = any(text.startswith(above) or above.endswith(text) for text in said)
    return not said or (len(above) > 1 and fits)


def _written(work: Work, number: int, index: int) -> bool:
    """Has the form something in this cell of a line that it names itself?"""
    line = work.sheet.rows[number - 1] if number <= len(work.sheet.rows) else []
    return index < len(line) and line[index] is not None


def _plain(text: str) -> str:
    return re.sub(r"[\s·/]", "", text)


def _same(text: str, names: Mapping[str, Any]) -> str | None:
    """The record that a line of the form names: by the same name, else by the longest that it ends with
    (青禾街道梧桐社区), else by the only one that begins with it or that it begins with (梧桐, 梧桐社区)."""
    if text in names:
        return text
    if ending := max((name for name in names if name and text.endswith(name)), key=len, default=None):
        return ending
    near = [name for name in names if name and (name.startswith(text) or text.startswith(name))]
    return near[0] if len(near) == 1 else None


# ---- totals and fill-in lines --------------------------------------------------------------------

_SUM = re.compile(r"SUM\(\$?([A-Z]{1,3})\$?(\d+):\$?\1\$?(\d+)\)")


def _totals(
    work: Work, body: Body, targets: Sequence[_Target], sums: Mapping[int, Decimal], added: int, last: int
) -> None:
    """Rows that add the lines up: the form's own formulas, and ours where it left a blank."""
    for old in body.totals:
        number = old + added if old >= body.first else old
        row = work.part.row(number)
        if work.converted:
            forget_numbers(row)
        for target in targets:
            if target.column.field.kind not in (Kind.INTEGER, Kind.DECIMAL):
                continue
            column = letter(target.index)
            cell = row.cell(target.index, style_at(work, row, target.index))
            if cell.formula is None and not cell.inner:
                cell.set_formula(
                    f"SUM({column}{body.first}:{column}{last})", sums.get(target.index, Decimal(0))
                )
            elif cell.formula is not None and (found := _SUM.fullmatch(cell.formula)):
                whole = found[1] == column and int(found[2]) <= body.first and int(found[3]) >= last
                if whole:
                    cell.set_formula(cell.formula, sums.get(target.index, Decimal(0)))


def _forget_results(part: SheetPart) -> None:
    """Results that were kept with formulas belong to the blank form."""
    for number in [n for n, xml in part.raw.items() if b"<f" in xml]:
        row = part.row(number)
        for cell in row.cells.values():
            without_result(cell)


def _fill_facts(work: Work, body: Body | None) -> None:
    """The fill-in lines above the header and below the lines."""
    layout = work.form.layout
    for number, row in enumerate(work.sheet.rows, 1):
        if layout is not None and body is not None and layout.header_rows[0] <= number <= body.last:
            continue
        for index, cell in enumerate(row):
            if not isinstance(cell, str) or (number - 1, index) in work.sheet.filled:
                continue
            text = written(cell, work.facts)
            if text != cell:
                work.part.row(number).cell(index).set(text)
            elif (value := beside(cell, work.facts)) and layout is not None:
                _put_beside(work, number, index, row, value)


def _put_beside(work: Work, number: int, index: int, row: Sequence[Any], value: str) -> None:
    """A label in a box of its own has its blank in the next one."""
    at = index + 1
    for (first, left), (_, right) in work.sheet.merges:
        if (first, left) == (number - 1, index):
            at = right + 1
    xml = work.part.row(number)
    if at in xml.cells and not xml.cells[at].inner and (at >= len(row) or row[at] is None):
        xml.cells[at].set(value)
