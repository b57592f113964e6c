"""Accounts from the command line: who works in this office, as what, and below which grid."""

from __future__ import annotations

import argparse
from typing import Any

from db.enums import Role
from gridoffice.accounts.keeping import add_account, bind_account
from gridoffice.accounts.service import accounts
from gridoffice.cli.asking import opened
from gridoffice.cli.output import Voice, table
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import find
from gridoffice.people.hits import person_called


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("users", help="账号：列出、新增、绑定")
    command.set_defaults(run=listed)
    inner = command.add_subparsers(dest="what")
    inner.add_parser("list", help="列出账号").set_defaults(run=listed)
    one = inner.add_parser("add", help="新增账号")
    one.add_argument("name", help="账号名")
    one.add_argument("--display", help="显示的名字（不写就用账号名）")
    one.add_argument(
        "--role",
        choices=[role.value for role in Role],
        default=Role.CLERK.value,
        help="、".join(f"{role.value} {role.label}" for role in Role),
    )
    one.add_argument("--grid", metavar="编码", help="只管这个网格和它的下级")
    one.set_defaults(run=added)
    one = inner.add_parser("bind", help="账号是谁本人、代表哪个评分单位：自己的考核不由自己办")
    one.add_argument("name", help="账号名")
    one.add_argument("--person", metavar="姓名或身份证号", help="本人（不写就不绑定）")
    one.add_argument("--scorer", default="", metavar="评分单位", help="只交这个单位的指标")
    one.set_defaults(run=bound)


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    known = office.read(accounts)
    tops = {who.grid_id for who in known if who.grid_id is not None}
    names = office.read(lambda session: names_of(session, office_pack(session), tops))
    facts = [
        {
            "name": who.name,
            "display": who.display,
            "role": who.role,
            "grid": names[who.grid_id][0] if who.grid_id is not None else None,
        }
        for who in known
    ]
    rows = [(one["name"], one["display"], one["role"].label, one["grid"] or "全办") for one in facts]
    voice.answer({"users": facts}, table(("账号", "名字", "角色", "管哪里"), rows))


def added(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    grid_id = office.read(find, asked.grid) if asked.grid else None
    done = office.write(add_account, asked.name, asked.display or asked.name, Role(asked.role), grid_id)
    voice.answer(
        {"name": asked.name, "role": asked.role, "grid": asked.grid, "action": done.action},
        [f"已新增账号“{asked.name}”，{Role(asked.role).label}。"],
    )


def bound(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    person = office.read(person_called, asked.person) if asked.person else None
    done = office.write(bind_account, asked.name, person, asked.scorer)
    voice.answer({"name": asked.name, "action": done.action}, [f"{done.title}。"])
