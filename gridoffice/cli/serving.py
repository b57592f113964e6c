"""Setting up and upgrading a shared office, from the command line of whoever looks after the server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import resources
from db.enums import Role
from gridoffice.cli.asking import opened, text_in
from gridoffice.cli.output import Voice, table
from gridoffice.errors import RuleBroken
from gridoffice.serving.openings import openings
from gridoffice.serving.setup import FIRST_ACCOUNTS, FirstAccount, Wanted, set_up
from gridoffice.serving.upgrading import upgrade_database

_OPTIONS = {
    Role.SYSTEM_ADMIN: "--system-admin",
    Role.SECURITY_ADMIN: "--security-admin",
    Role.AUDITOR: "--auditor",
    Role.ADMINISTRATOR: "--administrator",
}


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser(
        "server-setup",
        help="在 PostgreSQL 服务器上建共享资料库（由信息技术人员做，可重复做）",
        description="--database 写 postgresql://管理登录@服务器:5432/资料库名；管理登录的密码放在环境变量 PGPASSWORD"
        " 或密码文件（.pgpass）里。",
    )
    command.add_argument("--model", default=Wanted.model, help="治理模式（models 列出全部）")
    command.add_argument("--name", default=Wanted.name, help="本办简称")
    command.add_argument("--organisation", default=Wanted.organisation, help="落款单位")
    for one in FIRST_ACCOUNTS:
        command.add_argument(
            _OPTIONS[one.role],
            dest=one.role.value,
            default=one.name,
            metavar="账号",
            help=f"{one.role.label}的账号名（不写用 {one.name}）",
        )
    command.add_argument(
        "--password-file",
        type=Path,
        metavar="文件",
        help="每行“账号 密码”；没写到的新账号由程序定一个，只显示一次",
    )
    command.add_argument(
        "--log-sign-ins",
        action="store_true",
        help="让服务器把日志记成 csvlog（要超级用户，要重启一次）：登录失败才记得进变动记录、锁得住",
    )
    command.add_argument(
        "--take-logins",
        action="store_true",
        help="接过以前同名资料库留在服务器上的登录（要超级用户），原来的密码作废",
    )
    command.add_argument(
        "--guide", action="store_true", help="显示说明：准备、加密、备份、升级、连接池、规模"
    )
    command.set_defaults(run=setting_up)
    command = below.add_parser(
        "upgrade-database", help="把共享资料库升级到本程序的版本（由信息技术人员做，先备份）"
    )
    command.add_argument("--backup", type=Path, metavar="文件", help="升级前的备份写到哪里")
    command.set_defaults(run=upgrading)
    command = below.add_parser(
        "openings", help="共享资料库上谁看过完整号码、为什么（审计员看全部，别人看自己的）"
    )
    command.add_argument("--limit", type=int, default=200, help="最多列出多少条")
    command.set_defaults(run=looking_back)


def setting_up(asked: argparse.Namespace, voice: Voice) -> None:
    if asked.guide:
        guide = resources.path("help", "server.md").read_text(encoding="utf-8")
        voice.answer({"guide": guide}, [guide])
        return
    accounts = tuple(FirstAccount(one.role, getattr(asked, one.role.value)) for one in FIRST_ACCOUNTS)
    passwords = _passwords(asked.password_file) if asked.password_file else None
    wanted = Wanted(
        asked.model,
        asked.name,
        asked.organisation,
        accounts,
        passwords,
        take_logins=asked.take_logins,
        log_sign_ins=asked.log_sign_ins,
    )
    done = set_up(asked.database, wanted)
    lines = [*done.done]
    if done.passwords:
        lines.append("下面的密码只显示这一次，交给本人，第一次登录要换：")
        lines += [f"　{name}　{password}" for name, password in done.passwords]
    lines += ["要在服务器上改的："] * bool(done.advice) + [f"　{one}" for one in done.advice]
    voice.answer(
        {
            "database": done.database,
            "done": list(done.done),
            "passwords": dict(done.passwords),
            "advice": list(done.advice),
        },
        lines,
    )


def _passwords(file: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(text_in(file).splitlines(), 1):
        if not line.strip():
            continue
        name, _, password = line.strip().partition(" ")
        if not password.strip():
            raise RuleBroken(f"“{file}”第 {number} 行看不懂，写成“账号 密码”。")
        found[name] = password.strip()
    return found


def upgrading(asked: argparse.Namespace, voice: Voice) -> None:
    done = upgrade_database(asked.database, asked.backup)
    if done.before == done.after:
        said = [f"资料库“{done.database}”已是版本 {done.after}，不用升级；权限已照本程序重设。"]
    else:
        said = [
            f"已备份到“{done.backup}”，核对过，共 {done.rows} 行。",
            f"资料库“{done.database}”已从版本 {done.before} 升级到 {done.after}，权限已重设。",
        ]
    voice.answer(
        {
            "database": done.database,
            "before": done.before,
            "after": done.after,
            "backup": done.backup,
            "rows": done.rows,
        },
        said,
    )


def looking_back(asked: argparse.Namespace, voice: Voice) -> None:
    found = opened(asked).read(openings, asked.limit)
    facts = [
        {"at": one.at.isoformat(), "who": one.who, "terminal": one.terminal, "why": one.why} for one in found
    ]
    rows = [(f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}", one.who, one.terminal, one.why) for one in found]
    voice.answer({"openings": facts}, table(("时间", "账号", "哪台电脑", "为什么"), rows))
