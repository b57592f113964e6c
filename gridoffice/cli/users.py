"""Accounts from the command line: who works in this office, as what, how far he sees, and his password."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from db.enums import Reach, Role
from gridoffice.accounts import keeping, passwords
from gridoffice.accounts.handing_over import hand_over
from gridoffice.accounts.listed import AccountLine, account_line, account_lines
from gridoffice.accounts.policy import BOUNDS, policy_of
from gridoffice.cli.asking import come_in, opened
from gridoffice.cli.output import Voice, table
from gridoffice.errors import RuleBroken
from gridoffice.grids.service import find
from gridoffice.office import Done, Office
from gridoffice.people.hits import person_called

GIVEN = "GRIDOFFICE_NEW_PASSWORD"
"""Where a new password is read from; on a terminal it is asked for."""


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("users", help="账号：新增、批准、停用、密码、交接、安全规矩")
    command.set_defaults(run=listed)
    inner = command.add_subparsers(dest="what")
    inner.add_parser("list", help="列出账号").set_defaults(run=listed)
    one = _named(inner, "show", "看一个账号", shown)
    one = _named(inner, "add", "新增账号", added)
    one.add_argument("--display", help="显示的名字（不写就用账号名）")
    _rights(one, Role.CLERK)
    one.add_argument("--password", action="store_true", help=f"给一个首次登录的密码（{GIVEN}，或当场输入）")
    one = _named(inner, "change", "改名字、角色、范围（设了安全保密管理员的，要等批准）", changed)
    one.add_argument("--display", help="显示的名字（不写就不变）")
    _rights(one, None)
    _named(inner, "approve", "批准新账号或改过的权限", approved)
    one = _named(inner, "reject", "不批准", rejected)
    one.add_argument("--reason", required=True, help="为什么不批准")
    _named(inner, "disable", "停用", disabled)
    _named(inner, "enable", "重新启用", enabled)
    one = _named(inner, "hand-over", "有人离岗：没办完的交给别人，账号停用", handed_over)
    one.add_argument("--to", required=True, metavar="账号", help="谁接手")
    one.add_argument("--grids", action="store_true", help="接手的人以后也看这个账号看的网格")
    _named(inner, "unlock", "解锁输错次数太多的账号", unlocked)
    _named(inner, "reset-password", f"重设别人的密码（{GIVEN}，或当场输入），对方登录时要换", reset)
    own = inner.add_parser("password", help=f"改自己的密码（新密码在 {GIVEN}，或当场输入）")
    own.set_defaults(run=own_password)
    one = _named(inner, "bind", "账号是谁本人、代表哪个评分单位：自己的考核不由自己办", bound)
    one.add_argument("--person", metavar="姓名或身份证号", help="本人（不写就不绑定）")
    one.add_argument("--scorer", default="", metavar="评分单位", help="只交这个单位的指标")
    rules = inner.add_parser("policy", help="密码、锁定、锁屏的规矩；不带参数时列出")
    for key, bounds in BOUNDS.items():
        rules.add_argument(f"--{key}", type=int, metavar=bounds.unit, help=bounds.label)
    rules.set_defaults(run=ruled)


def _named(inner: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    made = inner.add_parser(name, help=words)
    made.add_argument("name", help="账号名")
    made.set_defaults(run=run)
    return made


def _rights(one: argparse.ArgumentParser, role: Role | None) -> None:
    one.add_argument(
        "--role",
        choices=[role.value for role in Role],
        default=role.value if role is not None else None,
        help="、".join(f"{role.value} {role.label}" for role in Role),
    )
    one.add_argument(
        "--reach",
        choices=[reach.value for reach in Reach],
        help="、".join(f"{reach.value} {reach.label}" for reach in Reach),
    )
    one.add_argument(
        "--grid", metavar="编码", action="append", default=[], help="单位，或指定的网格（可多次）"
    )


def _place(office: Office, asked: argparse.Namespace) -> tuple[Reach | None, int | None, list[int]]:
    """What `--reach` and `--grid` mean: a unit, or a list of grids. Raises `RuleBroken`."""
    reach = Reach(asked.reach) if asked.reach else None
    grids = [office.read(find, code) for code in asked.grid]
    if reach is Reach.CUSTOM:
        return reach, None, grids
    if len(grids) > 1:
        raise RuleBroken("一个账号只有一个单位；要几个网格，用 --reach custom。")
    if reach is None and grids:
        reach = Reach.BELOW
    return reach, grids[0] if grids else None, []


def _facts(line: AccountLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "display": line.display,
        "role": line.role,
        "reach": line.reach,
        "grid": line.unit or None,
        "grids": [name for _, name in line.grids],
        "state": line.standing,
        "asked": line.asked or None,
        "person": line.person or None,
        "scorer": line.scorer or None,
        "password": line.has_password,
        "locked_until": line.locked_until.isoformat() if line.locked_until else None,
        "last_seen": line.seen_at.isoformat() if line.seen_at else None,
        "last_seen_from": line.seen_from or None,
        "password_ends": line.ends.isoformat() if line.ends else None,
    }


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    known = opened(asked).read(account_lines)
    rows = [
        (
            line.name,
            line.display,
            line.role.label,
            line.where,
            line.standing.label + (f"（申请：{line.asked}）" if line.asked else ""),
            f"{line.seen_at.astimezone():%Y-%m-%d %H:%M}" if line.seen_at else "",
        )
        for line in known
    ]
    heads = ("账号", "名字", "角色", "管哪里", "状态", "上次登录")
    voice.answer({"users": [_facts(line) for line in known]}, table(heads, rows))


def shown(asked: argparse.Namespace, voice: Voice) -> None:
    line = opened(asked).read(account_line, asked.name)
    facts = _facts(line)
    words = {
        "账号": line.name,
        "名字": line.display,
        "角色": line.role.label,
        "管哪里": line.where,
        "状态": line.standing.label,
        "等批准": f"{line.asked}（{line.asked_by}申请）" if line.asked else "",
        "本人": line.person,
        "评分单位": line.scorer,
        "上次登录": f"{line.seen_at.astimezone():%Y-%m-%d %H:%M}，{line.seen_from}" if line.seen_at else "",
    }
    voice.answer(facts, [f"{name}：{value}" for name, value in words.items() if value])


def added(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    reach, grid_id, grids = _place(office, asked)
    done = office.write(
        keeping.add_account,
        asked.name,
        asked.display or asked.name,
        Role(asked.role),
        grid_id,
        reach=reach,
        grids=grids,
        password=_new_password() if asked.password else "",
    )
    line = office.read(account_line, asked.name)
    waits = "，等批准" if line.asked else ""
    voice.answer(
        {
            "name": asked.name,
            "role": asked.role,
            "grid": asked.grid[0] if asked.grid else None,
            "state": line.standing,
            "action": done.action,
        },
        [f"已新增账号“{asked.name}”，{Role(asked.role).label}{waits}。"],
    )


def changed(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    line = office.read(account_line, asked.name)
    reach, grid_id, grids = _place(office, asked)
    same = reach is None and not asked.grid
    done = office.write(
        keeping.change_account,
        asked.name,
        display=asked.display or line.display,
        role=Role(asked.role) if asked.role else line.role,
        reach=line.reach if same else reach or line.reach,
        grid_id=line.grid_id if same else grid_id,
        grids=[number for number, _ in line.grids] if same else grids,
    )
    _said(asked, voice, done)


def _said(asked: argparse.Namespace, voice: Voice, done: Done) -> None:
    voice.answer({"name": asked.name, "action": done.action}, [f"{done.title}。"])


def approved(asked: argparse.Namespace, voice: Voice) -> None:
    _said(asked, voice, opened(asked).write(keeping.approve_account, asked.name))


def rejected(asked: argparse.Namespace, voice: Voice) -> None:
    _said(asked, voice, opened(asked).write(keeping.reject_account, asked.name, asked.reason))


def disabled(asked: argparse.Namespace, voice: Voice) -> None:
    _said(asked, voice, opened(asked).write(keeping.disable_account, asked.name))


def enabled(asked: argparse.Namespace, voice: Voice) -> None:
    _said(asked, voice, opened(asked).write(keeping.enable_account, asked.name))


def handed_over(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(hand_over, asked.name, asked.to, asked.grids)
    voice.answer(
        {"name": asked.name, "to": asked.to, "handed_over": done.result, "action": done.action},
        [f"{done.title}。"],
    )


def unlocked(asked: argparse.Namespace, voice: Voice) -> None:
    _said(asked, voice, opened(asked).write(passwords.unlock_account, asked.name))


def reset(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    _said(asked, voice, office.write(passwords.reset_password, asked.name, _new_password()))


def own_password(asked: argparse.Namespace, voice: Voice) -> None:
    """A password that has to be changed is changed on the way in."""
    fresh = _new_password()
    entered, password = come_in(asked, fresh)
    asked.name = entered.office.who.name
    if entered.changed:
        voice.answer({"name": asked.name}, ["已改自己的密码。"])
        return
    done = entered.office.write(passwords.change_own_password, password or "", fresh)
    _said(asked, voice, done)


def bound(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    person = office.read(person_called, asked.person) if asked.person else None
    _said(asked, voice, office.write(keeping.bind_account, asked.name, person, asked.scorer))


def ruled(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    said = {key: value for key in BOUNDS if (value := getattr(asked, key)) is not None}
    if said:
        office.write(passwords.set_policy, said)
    policy = office.read(policy_of)
    values = {key: getattr(policy, key) for key in BOUNDS}
    voice.answer(
        {"policy": values}, [f"{one.label}：{values[key]} {one.unit}" for key, one in BOUNDS.items()]
    )


def _new_password() -> str:
    """A new password, from the environment or asked for twice. Raises `RuleBroken`."""
    given = os.environ.get(GIVEN)
    if given:
        return given
    if not sys.stdin.isatty():
        raise RuleBroken(f"新密码写在环境变量 {GIVEN} 里，或者在终端上当场输入。")
    first = getpass.getpass("新密码：")
    if first != getpass.getpass("再输一次："):
        raise RuleBroken("两次输的不一样。")
    return first
