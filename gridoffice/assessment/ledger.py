"""月度指标数据 as Excel knows it: a person a row, a column for each value the month's scheme asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy.orm import Session

from db.enums import Right
from gridoffice.assessment import month as kept
from gridoffice.assessment.checking import check_values
from gridoffice.assessment.month import month_record, scheme_of
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.scheme import all_inputs, value_columns
from gridoffice.assessment.service import refuse_unless_open, write_inputs
from gridoffice.errors import Problem, RuleBroken
from gridoffice.fields import Column, Field, Kind, Sensitive, columns
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.service import service
from gridoffice.settling import settle
from gridoffice.spreadsheet.taking import TakenRow


@dataclass(frozen=True, slots=True)
class Whom:
    """The columns by which a month's workbook names a person."""

    name: Annotated[
        str,
        Field(
            "姓名", Kind.NAME, width=10, required=True, aliases=("名字", "网格员姓名", "网格员", "人员姓名")
        ),
    ]
    id_number: Annotated[
        str | None,
        Field(
            "身份证号码",
            Kind.ID_NUMBER,
            width=20,
            sensitive=Sensitive.ID_NUMBER,
            aliases=("身份证号", "公民身份证号", "公民身份号码", "证件号码", "证件号", "身份证"),
        ),
    ]
    grid: Annotated[
        str | None, Field("所属网格", width=22, aliases=("网格", "网格名称", "责任网格", "所在网格"))
    ]


def ledger_columns(session: Session, options: Options) -> tuple[Column, ...]:
    """Name, ID number, and what the month's scheme asks."""
    if options.month is None:
        raise RuleBroken("没说是哪个月的数据。")
    return (*columns(Whom), *value_columns(scheme_of(session, month_record(session, options.month))))


def plan(session: Session, rows: Sequence[TakenRow], options: Options, _ground: None) -> list[Planned]:
    """Each row against the sheet of the person it means."""
    assert options.month is not None
    month = month_record(session, options.month)
    scheme = scheme_of(session, month)
    entries = all_inputs(scheme)
    sheets = kept.sheet_rows(session, month.id)
    by_number = {sheet["id_number"]: sheet for sheet in sheets if sheet["id_number"]}
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for sheet in sheets:
        by_name[sheet["name"]].append(sheet)
    seen: dict[int, TakenRow] = {}
    planned = []
    for row in rows:
        said = row.values
        problems: list[Problem] = []
        sheet, problem = _sheet(by_number, by_name, said, options.month)
        if problem is not None and not (problem.field == "身份证号码" and row.problems):
            problems.append(problem)
        if sheet is not None:
            if sheet["id"] in seen:
                there = seen[sheet["id"]].seen_from(row)
                problems.append(Problem(f"与{there}是同一个人。", field="姓名", value=sheet["name"]))
            seen.setdefault(sheet["id"], row)
        given = {entry.key: said[entry.key] for entry in entries if entry.key in said}
        before = kept.raw_values(entries, sheet["inputs"]) if sheet is not None else {}
        after = before | {key: options.merge.of(before.get(key), value) for key, value in given.items()}
        problems += check_values(scheme, after)
        changes = {key: (before.get(key), after[key]) for key in given if after[key] != before.get(key)}
        planned.append(
            settle(
                row,
                problems,
                changes=changes,
                record=sheet["id"] if sheet is not None else None,
                resolved={"inputs": sheet["inputs"] if sheet is not None else {}},
            )
        )
    return planned


def _sheet(
    by_number: dict[str, dict[str, Any]],
    by_name: dict[str, list[dict[str, Any]]],
    said: dict[str, Any],
    period: str,
) -> tuple[dict[str, Any] | None, Problem | None]:
    number, name, grid = said.get("id_number"), said.get("name"), said.get("grid")
    words = in_words(period)
    if number:
        sheet = by_number.get(number)
        if sheet is None:
            return None, Problem(
                f"{words}考核里没有“{name}”这个身份证号的人。", field="身份证号码", value=number
            )
        if name and sheet["name"] != name:
            return None, Problem(
                f"这个身份证号在考核里是“{sheet['name']}”，这里写的是“{name}”。", field="姓名", value=name
            )
        return sheet, None
    namesakes = by_name.get(name or "", [])
    if len(namesakes) > 1 and grid:
        here = [one for one in namesakes if one["grid_name"] == grid or one["grid_name"].endswith(grid)]
        namesakes = here or namesakes
    if not namesakes:
        return None, Problem(f"{words}考核里没有“{name}”。", field="姓名", value=name)
    if len(namesakes) > 1:
        return None, Problem(
            f"{words}考核里有 {len(namesakes)} 个“{name}”，补上身份证号。", field="姓名", value=name
        )
    return namesakes[0], None


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Put the changed values on the sheets."""
    assert options.month is not None
    month = month_record(session, options.month)
    refuse_unless_open(month)
    updates = {}
    for row in rows:
        inputs = dict(row.resolved["inputs"])
        for key, (_, value) in row.changes.items():
            if value is None:
                inputs.pop(key, None)
            else:
                inputs[key] = kept.stored_value(value)
        updates[row.record or 0] = {"inputs": inputs}
    write_inputs(session, month, updates)
    return {}


@service("导入月度指标数据", needs=Right.ASSESS)
def import_indicators(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a month's values in, whole."""
    return take_in(session, INDICATOR_LEDGER, come, options, ready)


INDICATOR_LEDGER = Ledger(
    key="indicators",
    title="月度指标数据",
    unit="人",
    columns=ledger_columns,
    ground=lambda _session, _options: None,
    plan=plan,
    write=write,
    service=import_indicators,
)
