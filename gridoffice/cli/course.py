"""`assess …`: the course of a month beside values and points: who takes part, calibration, appeals, approval,
editions."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Decision, MonthState
from gridoffice.assessment import appeals, calibration, collection, dues, pulling, reasons, reopening, service
from gridoffice.assessment.departments import DEPARTMENTS, save_department
from gridoffice.assessment.month import Where, address_of, month_facts, month_record, scheme_of
from gridoffice.cli.asking import day_of, opened
from gridoffice.cli.output import Voice, table
from gridoffice.errors import NotFound, RuleBroken, has_error
from gridoffice.grids.service import find
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.sheet_hits import sheet_names
from gridoffice.scoring.columns import value_columns
from gridoffice.values import parse

Run = Callable[[argparse.Namespace, Voice], int | None]


def of_month(inner: Any, name: str, words: str, run: Run) -> argparse.ArgumentParser:
    """A command of one month, which `--scheme` and `--version` single out where there are several."""
    command = inner.add_parser(name, help=words)
    command.add_argument("month", help="月份，如 2026-06")
    command.add_argument("--scheme", help="按哪个方案的考核（一个月有几个时）")
    command.add_argument("--version", type=int, help="第几版（不写就是最后一版）")

    def meant(asked: argparse.Namespace, voice: Voice) -> int | None:
        asked.meant = asked.month
        if asked.scheme is not None or asked.version is not None:
            asked.meant = opened(asked).read(_address, asked.month, asked.scheme, asked.version)
        return run(asked, voice)

    command.set_defaults(run=meant)
    return command


def _address(session: Session, period: str, scheme_key: str | None, edition: int | None) -> str:
    return address_of(month_record(session, period, scheme_key, edition))


def add(inner: Any) -> None:
    """Say every command of this file to the parser."""
    of_month(inner, "refresh", "补进开始以后到岗的人", refresh)
    command = of_month(inner, "exclude", "不参加本月考核", exclude)
    _of_people(command)
    command.add_argument("--reason", required=True, help="原因")
    _of_people(of_month(inner, "readmit", "恢复参加本月考核", readmit))
    of_month(inner, "progress", "数据到了多少：按评分单位、按社区", progress)
    command = of_month(inner, "pull", "从台账取数（由台账计算的指标）", pull)
    command.add_argument("--only", action="append", metavar="指标", help="只取这一项，可多次")
    command = of_month(inner, "due", "定各步期限", due)
    command.add_argument(
        "days", nargs="+", metavar="步骤=日期", help="如 collecting=2026-07-05；空着就是不定"
    )

    command = of_month(inner, "calibrate", "校准：加减分或定等次", calibrate)
    _of_people(command)
    _of_change(command)
    command.add_argument("--reason", required=True, help="原因")

    command = of_month(inner, "appeals", "申诉登记簿", list_appeals)
    command = of_month(inner, "appeal", "登记申诉", appeal)
    command.add_argument("person", metavar="姓名或身份证号")
    command.add_argument("what", help="申诉什么")
    command.add_argument("--wanted", default="", help="要求")
    command.add_argument("--date", metavar="日期", help="哪天提出（不写就是今天）")
    command = of_month(inner, "decide", "答复申诉", decide)
    command.add_argument("number", type=int, metavar="第几号")
    command.add_argument("decision", choices=[one.value for one in Decision])
    command.add_argument("answer", help="答复")
    _of_change(command)
    command.add_argument("--set", action="append", default=[], metavar="列名=值", help="改这一项数据，可多次")

    of_month(inner, "approve", "审定", approve)
    command = of_month(inner, "reopen", "重新考核已锁定的月份（另成一版）", reopen)
    command.add_argument("--reason", required=True, help="原因")
    of_month(inner, "diff", "这一版比上一版改了什么", diff)

    command = inner.add_parser("departments", help="要考核的部门：列出，或登记一个")
    command.add_argument("--add", metavar="名称", help="登记这个部门")
    command.add_argument("--grid", metavar="编码", help="服务哪个网格（不写就是全办）")
    command.add_argument("--leader", default="", metavar="姓名", help="负责人")
    command.set_defaults(run=list_departments)


def list_departments(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    if asked.add:
        grid = office.read(find, asked.grid) if asked.grid else None
        values = {"name": asked.add, "grid_id": grid, "leader": asked.leader}
        office.write(save_department, None, values)
    found = office.read(lambda session: DEPARTMENTS.rows(session, DEPARTMENTS.ids(session, Ask())))
    voice.answer(
        {
            "departments": [
                {"name": one.name, "grid": one.grid, "leader": one.leader, "active": one.active}
                for one in found
            ]
        },
        table(
            ("部门", "服务区域", "负责人", "参加考核"),
            [(one.name, one.grid or "全办", one.leader, "是" if one.active else "否") for one in found],
        ),
    )


def _of_people(command: argparse.ArgumentParser) -> None:
    command.add_argument("people", nargs="+", metavar="姓名或身份证号")


def _of_change(command: argparse.ArgumentParser) -> None:
    command.add_argument("--points", metavar="分", help="加减几分，如 -1.5")
    command.add_argument("--grade", metavar="等次", help="定为哪一等")


def _points(asked: argparse.Namespace) -> Decimal | None:
    if asked.points is None:
        return None
    try:
        return Decimal(asked.points)
    except InvalidOperation:
        raise RuleBroken(f"“{asked.points}”不是分数，写成 -1.5 这样。") from None


def _sheets(office: Office, asked: argparse.Namespace, said: list[str], left_out: bool = False) -> list[int]:
    """The sheets that these names or ID numbers mean, among those that take part or are `left_out`. Raises
    `NotFound`, and `RuleBroken` for namesakes."""
    known = office.read(sheet_names, asked.meant, left_out)
    found = []
    for wanted in said:
        meant = [one for one, (name, number) in known.items() if wanted in (name, number)]
        if not meant:
            where = f"{asked.month} 不参加考核的人里" if left_out else f"{asked.month} 考核里"
            raise NotFound(f"{where}没有“{wanted}”。")
        if len(meant) > 1:
            raise RuleBroken(f"{asked.month} 考核里有 {len(meant)} 个“{wanted}”，写身份证号。")
        found += meant
    return found


def _values(session: Session, where: Where, said: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Raw values as somebody wrote them (heading, text), by column key. Raises `RuleBroken`."""
    scheme = scheme_of(session, month_record(session, where))
    columns = {one.field.label: one for one in value_columns(scheme)}
    found = {}
    for label, text in said:
        if label not in columns:
            raise RuleBroken(f"方案里没有“{label}”这一列，有：{'、'.join(columns)}。")
        value, problems = parse(columns[label].field, text)
        if has_error(problems):
            raise RuleBroken(problems[0].message, problems)
        found[columns[label].name] = value
    return found


def _done(asked: argparse.Namespace, voice: Voice, done: Any, **facts: Any) -> None:
    voice.answer({"month": asked.month, **facts, "action": done.action}, [f"{done.title}。"])


def refresh(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(service.refresh_month, asked.meant)
    _done(asked, voice, done, added=done.result)


def exclude(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    sheets = _sheets(office, asked, asked.people)
    done = office.write(service.exclude, asked.meant, sheets, asked.reason)
    _done(asked, voice, done, excluded=done.result)


def readmit(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    sheets = _sheets(office, asked, asked.people, left_out=True)
    done = office.write(service.readmit, asked.meant, sheets)
    _done(asked, voice, done, readmitted=done.result)


def progress(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    found = office.read(collection.progress, asked.meant)
    spoken = office.read(collection.spoken, asked.meant, None)
    lacking = office.read(reasons.unexplained, asked.meant)
    kinds = {collection.SCORER: "评分单位", collection.UNIT: "社区"}
    voice.answer(
        {
            "month": asked.month,
            "progress": [
                {"kind": one.kind, "name": one.name, "wanted": one.wanted, "filled": one.filled}
                for one in found
            ],
            "opinions": [
                {
                    "stage": one.stage.value,
                    "wanted": one.wanted,
                    "given": one.given,
                    "missing": list(one.missing),
                }
                for one in spoken
            ],
            "unexplained": [
                {"name": one.name, "indicator": one.indicator.name, "mark": one.mark} for one in lacking
            ],
        },
        table(
            ("", "名称", "应填", "已填", "还差"),
            [(kinds[one.kind], one.name, one.wanted, one.filled, one.wanted - one.filled) for one in found]
            + [("意见", one.stage.label, one.wanted, one.given, one.owing) for one in spoken],
        )
        + [f"{one.words()}没写说明" for one in lacking],
    )


def pull(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    scheme = office.read(lambda session: scheme_of(session, month_record(session, asked.meant)))
    known = {indicator.name: indicator.key for indicator, _, _ in pulling.computed(scheme)}
    unknown = [name for name in asked.only or () if name not in known]
    if unknown:
        raise RuleBroken(f"“{unknown[0]}”不由台账计算，能取的有：{'、'.join(known) or '没有'}。")
    keys = None if asked.only is None else [known[name] for name in asked.only]
    done = office.write(pulling.pull, asked.meant, keys)
    _done(asked, voice, done, sheets=done.result, indicators=list(asked.only or known))


def due(asked: argparse.Namespace, voice: Voice) -> None:
    days = {}
    for said in asked.days:
        code, _, day = said.partition("=")
        if code not in [state.value for state in MonthState]:
            raise RuleBroken(f"没有“{code}”这一步，有：{'、'.join(s.value for s in MonthState)}。")
        days[MonthState(code)] = day_of(day or None)
    done = opened(asked).write(dues.set_due, asked.meant, days)
    _done(asked, voice, done)


def calibrate(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    sheets = _sheets(office, asked, asked.people)
    done = office.write(calibration.calibrate, sheets, _points(asked), asked.grade, asked.reason)
    _done(asked, voice, done, sheets=done.result)


def list_appeals(asked: argparse.Namespace, voice: Voice) -> None:
    rows = _appeals(opened(asked), asked)
    voice.answer(
        {
            "month": asked.month,
            "appeals": [
                {
                    "number": row.number,
                    "name": row.name,
                    "what": row.what,
                    "wanted": row.wanted,
                    "raised_on": row.raised_on,
                    "due_on": row.due_on,
                    "state": row.state,
                    "answer": row.answer,
                    "late": row.late,
                }
                for row in rows
            ],
        },
        table(
            ("号", "姓名", "申诉什么", "应答复", "状态", "答复"),
            [(row.number, row.name, row.what, row.due_on, row.state, row.answer) for row in rows],
        ),
    )


def _appeals(office: Office, asked: argparse.Namespace) -> list[Any]:
    listing = office.read(appeals.appeals, asked.meant)
    return office.read(lambda session: listing.rows(session, listing.ids(session, Ask())))


def appeal(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    (sheet,) = _sheets(office, asked, [asked.person])
    done = office.write(appeals.raise_appeal, sheet, asked.what, asked.wanted, day_of(asked.date))
    number = next(row.number for row in _appeals(office, asked) if row.id == done.result)
    _done(asked, voice, done, number=number)


def decide(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    row = next((row for row in _appeals(office, asked) if row.number == asked.number), None)
    if row is None:
        raise NotFound(f"{asked.month} 考核没有第 {asked.number} 号申诉。")
    values = office.read(_values, asked.meant, [said.partition("=")[::2] for said in asked.set])
    done = office.write(
        appeals.decide_appeal,
        row.id,
        Decision(asked.decision),
        asked.answer,
        values or None,
        _points(asked),
        asked.grade,
    )
    _done(asked, voice, done, number=asked.number, decision=asked.decision)


def approve(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(service.move_month, asked.meant, MonthState.APPROVED)
    _done(asked, voice, done, state=MonthState.APPROVED.value)


def reopen(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = office.write(reopening.reopen_month, asked.meant, asked.reason)
    facts = office.read(month_facts, done.result)
    _done(asked, voice, done, version=facts.edition, state=facts.state.value)


def diff(asked: argparse.Namespace, voice: Voice) -> None:
    found = opened(asked).read(reopening.month_diff, asked.meant)
    voice.answer(
        {
            "month": asked.month,
            "version": found.edition,
            "follows": found.followed,
            "reason": found.reason,
            "moved": [
                {
                    "name": one.name,
                    "grid": one.grid,
                    "before": {
                        "total": one.before.total,
                        "grade": one.before.grade,
                        "rank": one.before.rank,
                    },
                    "after": {"total": one.after.total, "grade": one.after.grade, "rank": one.after.rank},
                    "values": [
                        {"column": name, "before": was, "after": now} for name, was, now in one.values
                    ],
                    "changes": list(one.changes),
                }
                for one in found.moved
            ],
        },
        [
            f"第{found.edition}版比第{found.followed}版，{len(found.moved)}/{found.sheets} 张考核表不同。"
            f"原因：{found.reason}",
            *table(
                ("姓名", "所属网格", "原得分", "现得分", "原等次", "现等次", "改了什么"),
                [
                    (
                        one.name,
                        one.grid,
                        one.before.total,
                        one.after.total,
                        one.before.grade,
                        one.after.grade,
                        "；".join((*(name for name, _, _ in one.values), *one.changes)),
                    )
                    for one in found.moved
                ],
            ),
        ],
    )
