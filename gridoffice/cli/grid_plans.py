"""`grid pending | apply | give-up`: changes of the tree that wait for their day."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from typing import Any

from gridoffice.cli.asking import day_of, opened
from gridoffice.cli.grid_words import answer, tell
from gridoffice.cli.output import Voice
from gridoffice.grids.changing import carry_out_plan, give_up_plan, preview
from gridoffice.grids.waiting import Plan, plan_of, waiting


def add(inner: Any) -> None:
    """Say them to the parser of `grid`."""
    command = inner.add_parser("pending", help="待生效的调整")
    command.set_defaults(run=pending)
    command = inner.add_parser("apply", help="办理一项待生效的调整")
    command.add_argument("plan", metavar="序号", type=int, help="grid pending 里的序号")
    command.add_argument("--date", metavar="日期", help="换一个生效日期；今天以后的继续等")
    command.add_argument("--dry-run", action="store_true", help="只看现在会牵动什么，不写入")
    command.set_defaults(run=apply)
    command = inner.add_parser("give-up", help="放弃一项待生效的调整")
    command.add_argument("plan", metavar="序号", type=int)
    command.set_defaults(run=give_up)


def pending(asked: argparse.Namespace, voice: Voice) -> None:
    found = opened(asked).read(waiting)
    voice.answer(
        {"plans": [_facts(one) for one in found]},
        [_line(one) for one in found] or ["没有待生效的调整。"],
    )


def _facts(one: Plan) -> dict[str, Any]:
    basis = one.basis
    return {
        "plan": one.id,
        "day": one.day,
        "due": one.day <= date.today(),
        "kind": one.kind.value,
        "steps": list(one.words),
        "reason": basis.reason,
        "approval": basis.approval,
    }


def _line(one: Plan) -> str:
    due = "　到日子了，待办理" if one.day <= date.today() else ""
    said = [f"{one.id}　{one.day}　{one.says}", one.basis.reason, one.basis.approval]
    return "　".join(part for part in said if part) + due


def apply(asked: argparse.Namespace, voice: Voice) -> int:
    """Draw it against the tree as it is, and tell it or carry it out."""
    office = opened(asked)
    plan = office.read(plan_of, asked.plan)
    day = day_of(asked.date)
    basis = plan.basis if day is None else replace(plan.basis, day=day)
    if asked.dry_run:
        return tell(voice, office.read(preview, basis, plan.operations))
    answer(office, voice, office.write(carry_out_plan, plan.id, basis))
    return 0


def give_up(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(give_up_plan, asked.plan)
    voice.answer({"action": done.action, "title": done.title}, [f"{done.title}。"])
