"""发文登记簿 as Excel knows it: a number in each row. What is new goes on where the register ends, without a
gap; the first number of a series may be any, as a register is begun in the middle of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import PaperNumber, table_of
from db.turns import Turn
from gridoffice.errors import Problem, has_error
from gridoffice.fields import columns
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.papers.numbering import Number, check_next, check_series, number_in
from gridoffice.papers.register import NUMBERS
from gridoffice.papers.rows import OF_NUMBER, NumberRow
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow


def plan(session: Session, rows: Sequence[TakenRow], options: Options, _ground: object) -> list[Planned]:
    """Each row against the number that it means; new ones in the order of their numbers, whatever the
    order of the rows."""
    stored = {
        Number(one["series"], one["year"], one["serial"]): dict(one)
        for one in session.execute(select(table_of(PaperNumber))).mappings()
    }
    seen: dict[Number, TakenRow] = {}
    lines = [_line(row, seen) for row in rows]
    _check_gaps(stored, lines)
    return [_settled(one, options, stored) for one in lines]


@dataclass(slots=True)
class _Line:
    """A row on its way: the number it means, its values, what is wrong with it."""

    row: TakenRow
    number: Number | None
    said: dict[str, Any]
    problems: list[Problem]

    @property
    def wrong(self) -> bool:
        return has_error([*self.row.problems, *self.problems])


def _line(row: TakenRow, seen: dict[Number, TakenRow]) -> _Line:
    said = dict(row.values)
    number = number_in(said.get("number"))
    problems = check_room(PaperNumber, columns(NumberRow), said)
    if number is None and said.get("number"):
        words = "发文字号写成“青网格办〔2026〕14号”这样。"
        problems.append(Problem(words, field="发文字号", value=said["number"]))
    if number is not None:
        said["number"] = str(number)
        problems += check_series(number.series)
        earlier = seen.setdefault(number, row)
        if earlier is not row:
            words = f"与{earlier.seen_from(row)}是同一个字号。"
            problems.append(Problem(words, field="发文字号", value=str(number)))
    return _Line(row, number, said, problems)


def _check_gaps(stored: Mapping[Number, Any], lines: Sequence[_Line]) -> None:
    """New numbers go on where the register ends; behind one that cannot be taken in no other can."""
    last: dict[tuple[str, int], int | None] = {}
    for one in stored:
        key = one.series, one.year
        last[key] = max(one.serial, last.get(key) or 0)
    stuck: dict[tuple[str, int], Number] = {}
    new = [(one.number, one) for one in lines if one.number is not None and one.number not in stored]
    for number, line in sorted(new, key=lambda pair: (pair[0].series, pair[0].year, pair[0].serial)):
        key = number.series, number.year
        if last.get(key) == number.serial:  # said already that it is there twice
            continue
        if key in stuck:
            if number != stuck[key]:
                words = f"前面的“{stuck[key]}”有错，改好才能接着收。"
                line.problems.append(Problem(words, field="发文字号", value=str(number)))
            continue
        line.problems += check_next(number, last.get(key), None, line.said.get("day"))
        if line.wrong:
            stuck[key] = number
        else:
            last[key] = number.serial


def _settled(line: _Line, options: Options, stored: Mapping[Number, Mapping[str, Any]]) -> Planned:
    old = stored.get(line.number) if line.number is not None else None
    if old is None:
        line.said["void"] = bool(line.said.get("void"))
    return settle(
        line.row,
        line.problems,
        changes=differences(options, old, line.said, OF_NUMBER) if old is not None else {},
        record=old["id"] if old is not None else None,
        resolved=asdict(line.number) if line.number is not None else {},
        values=line.said,
    )


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new numbers, change what is said of the others."""
    write_settled(session, PaperNumber, rows, OF_NUMBER, beside=lambda row: row.resolved)
    return {}


@service("导入发文登记簿", needs=Right.EDIT_PEOPLE, turn=Turn.IMPORT)
def import_numbers(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a register of numbers in, whole."""
    return take_in(session, NUMBER_LEDGER, come, options, ready)


NUMBER_LEDGER = Ledger(
    key="paper-numbers",
    title="发文登记簿",
    unit="个字号",
    columns=lambda _session, _options: columns(NumberRow),
    ground=lambda _session, _options: None,
    plan=plan,
    write=write,
    service=import_numbers,
    listing=NUMBERS,
)
