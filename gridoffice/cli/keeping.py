"""Backups, restoring, proving, and the drill, from the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gridoffice import file_password, rolling, safekeeping
from gridoffice.cli.asking import BACKUP_PASSWORD, NEW_FILE_PASSWORD, fresh_password, opened, unlocked
from gridoffice.cli.output import Voice, table
from gridoffice.drill import drill
from gridoffice.errors import RuleBroken
from gridoffice.moving import move
from gridoffice.rolling import Loss
from gridoffice.updating.keeping import keep


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("backup", help="备份")
    target = command.add_mutually_exclusive_group()
    target.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="存成哪个文件（不写就放进备份文件夹；共享资料库以 .dump 结尾的由 pg_dump 做）",
    )
    target.add_argument(
        "--rolling",
        action="store_true",
        help="今天的自动备份：没有变动就不做，过期的清掉；可由计划任务每天运行",
    )
    target.add_argument(
        "--before-upgrade",
        metavar="VERSION",
        help="升级前由安装程序调用：备份本机上次打开的资料库，没有就什么也不做",
    )
    command.add_argument(
        "--password", action="store_true", help=f"给这一份加密码（问，或写在环境变量 {NEW_FILE_PASSWORD} 里）"
    )
    command.set_defaults(run=backup)
    below.add_parser("backups", help="列出备份").set_defaults(run=backups)
    command = below.add_parser("restore", help="从备份恢复（先把现在的备份一份）")
    command.add_argument("file", type=Path)
    command.add_argument("--preview", action="store_true", help="只说恢复会丢掉什么，不恢复")
    command.set_defaults(run=restore)
    command = below.add_parser("verify", help="核验资料库、变动记录和已锁定的月份")
    command.add_argument(
        "--drill",
        nargs="?",
        const="",
        metavar="FILE",
        help="恢复演练：把最新的（或指定的）备份恢复到临时的地方，在那里核验",
    )
    command.set_defaults(run=verify)
    command = below.add_parser("file-password", help="给本机资料库加密码、换密码、去掉密码")
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--set", action="store_true", help="加上，或换一个：先问现在的，再问新的")
    what.add_argument("--remove", action="store_true", help="去掉")
    command.add_argument("--only-office", action="store_true", help="已有的备份不跟着换密码")
    command.add_argument("--remember", action="store_true", help="新密码存进系统钥匙串")
    command.set_defaults(run=password)
    command = below.add_parser(
        "move-office", help="把整个资料库搬到另一个空的资料库（本机 ↔ 共享），原来的不动"
    )
    command.add_argument("target", help="新文件，或共享资料库的网址")
    command.set_defaults(run=moved)


def moved(asked: argparse.Namespace, voice: Voice) -> None:
    done = move(opened(asked), asked.target)
    logins = "账号的登录名已在服务器上，密码由管理员逐个设。" if done.shared else ""
    voice.answer(
        {
            "target": done.target,
            "tables": done.tables,
            "rows": done.rows,
            "people": done.people,
            "actions": done.actions,
            "locked_months": done.locked_months,
        },
        [done.in_words(), *([logins] if logins else []), "原来的资料库没有动；往后在新的里面办。"],
    )


def password(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = file_password.put(
        office, fresh_password() if asked.set else None, asked.remember, not asked.only_office
    )
    voice.answer(
        {
            "database": str(office.store.file),
            "before": done.before,
            "people": done.people,
            "rows": done.rows,
            "backups": done.backups,
            "left": list(done.left),
        },
        [done.in_words(), *([file_password.LOST] if asked.set else [])],
    )


def backup(asked: argparse.Namespace, voice: Voice) -> None:
    if asked.before_upgrade is not None:
        kept = keep(asked.before_upgrade)
        voice.answer(
            {"file": None if kept is None else str(kept)},
            ["这台电脑上还没有资料库，不用备份。" if kept is None else f"已备份到“{kept}”，核对过。"],
        )
        return
    removed: tuple[str, ...] = ()
    if asked.rolling:
        rolled = rolling.roll(opened(asked))
        if rolled.made is None:
            voice.answer({"file": None, "removed": []}, ["上次备份以后没有变动，不用再备份。"])
            return
        done, removed = rolled.made, rolled.removed
    else:
        if asked.password and asked.file is None:
            raise RuleBroken("--password 用在要带走的一份上，写上存成哪个文件。")
        done = safekeeping.back_up(opened(asked), asked.file, fresh_password() if asked.password else None)
    voice.answer(
        {"file": done.file, "people": done.people, "rows": done.rows, "removed": list(removed)},
        [
            f"已备份到“{done.file}”，核对过：{done.people} 人，共 {done.rows} 行。",
            *([f"清掉过期的自动备份 {len(removed)} 份。"] if removed else []),
        ],
    )


def backups(asked: argparse.Namespace, voice: Voice) -> None:
    shelved = rolling.shelved(opened(asked))
    standing = shelved.standing
    voice.answer(
        {
            "folder": str(standing.shelf.folder),
            "keep": standing.shelf.kept,
            "days_since": standing.days,
            "wrong": list(standing.wrong),
            "advice": list(standing.advice),
            "backups": [
                {
                    "file": str(one.file),
                    "kind": one.kind.value,
                    "at": one.at,
                    "bytes": one.size,
                    "people": one.people,
                    "rows": one.rows,
                    "checked": one.checked,
                    "drilled": one.drilled,
                    "stays": one.stays,
                }
                for one in shelved.backups
            ],
        },
        [
            f"备份放在“{standing.shelf.folder}”。",
            *standing.wrong,
            *standing.advice,
            *table(
                ("时间", "种类", "大小", "人数", "核对", "演练", "文件"),
                [
                    (
                        f"{one.at.astimezone():%Y-%m-%d %H:%M}",
                        one.kind.value + (f"（{one.stays}）" if one.stays else ""),
                        f"{one.size / 2**20:.1f} MB",
                        one.people,
                        "已核对" if one.checked else "没有",
                        one.drilled,
                        one.file.name,
                    )
                    for one in shelved.backups
                ],
            ),
        ],
    )


def restore(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    unlocked(asked.file, BACKUP_PASSWORD)
    if asked.preview:
        lost = rolling.loss(office, asked.file)
        voice.answer(
            {
                "file": str(asked.file),
                "actions_lost": lost.actions,
                "last": list(lost.last),
                "people_then": lost.people_then,
                "people_now": lost.people_now,
                "same_office": not lost.strange,
            },
            loss_in_words(lost),
        )
        return
    done = safekeeping.restore(office, asked.file)
    voice.answer(
        {"file": done.file, "people": done.people, "rows": done.rows, "before": done.before},
        [f"已从“{done.file}”恢复：{done.people} 人。恢复前的资料在“{done.before}”。"],
    )


def loss_in_words(lost: Loss) -> list[str]:
    """What restoring would take away, a sentence a line."""
    people = f"人员：现在 {lost.people_now} 人，恢复后 {lost.people_then} 人。"
    if lost.strange:
        return [f"这份备份不是这个资料库以前的样子，现有的 {lost.actions} 条变动都会换掉。", people]
    if not lost.actions:
        return ["这份备份以后没有变动，恢复不会丢什么。", people]
    return [f"这份备份以后的 {lost.actions} 条变动会没有：", *lost.last, people]


def verify(asked: argparse.Namespace, voice: Voice) -> int:
    if asked.drill is not None:
        office = opened(asked)
        if asked.drill:
            unlocked(Path(asked.drill), BACKUP_PASSWORD)
        came = drill(office, asked.drill or None)
        done = came.verified
        voice.answer(
            {
                "ok": not done.findings,
                "file": came.file,
                "people": came.people,
                "rows": came.rows,
                "actions": done.actions,
                "locked_months": list(done.locked_months),
                "findings": list(done.findings),
            },
            [came.in_words(), *done.findings],
        )
        return 1 if done.findings else 0
    done = safekeeping.verify(opened(asked))
    voice.answer(
        {
            "ok": not done.findings,
            "actions": done.actions,
            "locked_months": list(done.locked_months),
            "findings": list(done.findings),
        },
        list(done.findings)
        or [f"核验无误：变动记录 {done.actions} 条，已锁定 {len(done.locked_months)} 个月。"],
    )
    return 1 if done.findings else 0
