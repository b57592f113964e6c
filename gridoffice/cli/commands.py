"""The commands of the office, all but the monthly assessment's."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from gridoffice import history, settings
from gridoffice.cli import (
    drafts,
    excel,
    forms,
    grids,
    keeping,
    models,
    own_tables,
    packages,
    posts,
    schemes,
    users,
)
from gridoffice.cli.asking import add_reveal, add_scope, ask_of, opened
from gridoffice.cli.output import MARKS, Voice, table
from gridoffice.documents.protection import protected
from gridoffice.errors import RuleBroken, Severity
from gridoffice.establish import establish
from gridoffice.grids import pack_text
from gridoffice.overview.findings import check as findings
from gridoffice.people.hits import person_called


def add(below: Any) -> None:
    """Say every command of this file to the parser."""
    command = below.add_parser("init", help="新建一个空的资料库")
    command.add_argument("--model", default="chengdu-3+1", help="治理模式（models 列出全部）")
    command.add_argument("--name", default="网格办", help="本办简称")
    command.add_argument("--organisation", default="网格化服务管理办公室", help="落款单位")
    command.set_defaults(run=init)

    models.add(below)
    schemes.add(below)

    command = below.add_parser("demo", help="做一个示范街道")
    command.add_argument("folder", type=Path)
    command.add_argument("--size", choices=("street", "county", "city"), default="street")
    command.add_argument("--model", help="按哪个治理模式做一个小街道（models 列出全部）")
    command.set_defaults(run=demo)

    excel.add(below)
    forms.add(below)

    command = below.add_parser("undo", help="撤销一步")
    command.add_argument("action", type=whole, nargs="?")
    command.set_defaults(run=undo)
    command = below.add_parser("redo", help="恢复撤销的一步")
    command.add_argument("action", type=whole, nargs="?")
    command.set_defaults(run=redo)
    command = below.add_parser("journal", help="变动记录")
    command.add_argument("--limit", type=whole, default=30)
    command.set_defaults(run=journal)

    command = below.add_parser("check", help="检查网格和人员")
    add_scope(command)
    command.set_defaults(run=check)

    grids.add(below)
    posts.add(below)
    users.add(below)
    own_tables.add(below)
    drafts.add(below)
    packages.add(below)

    command = below.add_parser(
        "report",
        help="打印报告为 PDF，或写成 OFD（文件名以 .ofd 结尾）、Word（.docx，限公文）、Excel（.xlsx）",
    )
    command.add_argument("name")
    command.add_argument("file", type=Path)
    command.add_argument("--month", help="月份，如 2026-06")
    command.add_argument("--person", metavar="姓名或身份证号", help="谁的（工作交接清单用）")
    command.add_argument("--phone", metavar="号码", help="公示牌上的办公电话，记在这个村（社区）名下")
    command.add_argument("--supervision", metavar="号码", help="公示牌上的监督电话，记在本办名下")
    command.add_argument("--training", metavar="名称", help="哪一场培训；重名的后面写上日期")
    command.add_argument(
        "--layout",
        default="",
        help="版式：台账 community 按村（社区）小计；签到表 two 双栏；结业证书 sheet、half、form；工作证 card、hanging",
    )
    command.add_argument(
        "--password-file",
        type=Path,
        metavar="文件",
        help="打开 PDF 要的密码，写在这个文件的第一行（AES-256 加密）",
    )
    add_scope(command)
    add_reveal(command)
    command.set_defaults(run=report)
    below.add_parser("reports", help="列出报告").set_defaults(run=reports)

    keeping.add(below)

    below.add_parser("self-test", help="把整个程序走一遍").set_defaults(run=self_test)
    command = below.add_parser("desktop", help="打开窗口")
    command.add_argument(
        "--screenshots", type=Path, metavar="文件夹", help="打开每一页，各存一张图，然后结束"
    )
    command.add_argument("--open", type=Path, nargs="?", metavar="文件", help="双击的文件：资料库，或上报包")
    command.set_defaults(run=desktop)


def whole(text: str) -> int:
    """A number from one up to what a database counts to."""
    number = int(text)
    if not 1 <= number < 2**63:
        raise argparse.ArgumentTypeError(f"“{text}”不是从 1 数起的号码")
    return number


def init(asked: argparse.Namespace, voice: Voice) -> None:
    database = asked.database or settings.default_database()
    office = establish(database, asked.model, asked.name, asked.organisation)
    said = pack_text.load(asked.model)
    office.close()
    voice.answer(
        {"database": str(database), "model": said.key},
        [f"已建好资料库“{database}”，治理模式：{said.name}。"],
    )


def demo(asked: argparse.Namespace, voice: Voice) -> None:
    from gridoffice.demo.build import build, build_pack
    from gridoffice.demo.data import Size

    if asked.model is None:
        built = build(asked.folder, Size(asked.size))
    else:
        built = build_pack(asked.folder, asked.model)
    facts = {
        "folder": str(asked.folder),
        "database": str(built.database),
        "month": built.month,
        "grids": built.grids,
        "workers": built.workers,
        "pdf": str(built.pdf),
        "planted": built.planted,
    }
    voice.answer(
        facts,
        [
            f"示范资料在“{asked.folder}”：{built.grids} 个网格、{built.workers} 人，{built.month} 考核已锁定。",
            f"资料库：{built.database}",
            f"考核通报：{built.pdf}",
        ],
    )


def undo(asked: argparse.Namespace, voice: Voice) -> None:
    _undone(voice, opened(asked).write(history.undo, asked.action), "撤销")


def redo(asked: argparse.Namespace, voice: Voice) -> None:
    _undone(voice, opened(asked).write(history.redo, asked.action), "恢复")


def _undone(voice: Voice, done: Any, word: str) -> None:
    result: history.Undone = done.result
    kept = [
        {"kind": one.noun, "name": one.name, "why": one.why, "records": one.records} for one in result.kept
    ]
    lines = [f"已{word}“{result.title}”，涉及 {result.records} 条。"]
    if kept:
        count = sum(one.records for one in result.kept)
        lines.append(f"{count} 条保持现状：" + "、".join(one.in_words() for one in result.kept[:20]))
    voice.answer(
        {
            "action": result.action,
            "title": result.title,
            "records": result.records,
            "kept": kept,
            "line": done.action,
        },
        lines,
    )


def journal(asked: argparse.Namespace, voice: Voice) -> None:
    lines = opened(asked).read(history.journal, asked.limit)
    voice.answer(
        {
            "actions": [
                {
                    "id": line.id,
                    "at": line.at,
                    "who": line.who,
                    "terminal": line.terminal,
                    "deed": line.deed.value,
                    "title": line.title,
                    "undoable": line.undoable,
                    "undone": line.undone,
                    "detail": line.detail,
                }
                for line in lines
            ]
        },
        table(
            ("编号", "时间", "账号", "事项", ""),
            [
                (
                    line.id,
                    f"{line.at.astimezone():%Y-%m-%d %H:%M}",
                    line.who,
                    line.title,
                    "已撤销" if line.undone else "",
                )
                for line in lines
            ],
        ),
    )


def check(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ask = ask_of(office, asked)
    found = office.read(findings, ask.scope, ask.day)
    counts = Counter(one.severity for one in found)
    summary = "、".join(f"{MARKS[severity]} {counts[severity]}" for severity in Severity if counts[severity])
    voice.answer(
        {"findings": found, "counts": {severity.value: counts[severity] for severity in Severity}},
        [
            *(
                f"{MARKS[one.severity]}　{one.topic.label}　{one.grid}：{one.message}（{one.fix}）"
                for one in found
            ),
            summary or "没有发现问题。",
        ],
    )


def report(asked: argparse.Namespace, voice: Voice) -> None:
    from gridoffice.documents.render import pages
    from gridoffice.leaving import leave_as, of_paper
    from gridoffice.overview.signs import save_sign_phones
    from gridoffice.report_files import report_file
    from gridoffice.reports import REPORTS, Wish, report_book

    office = opened(asked)
    ask = ask_of(office, asked)
    find = REPORTS[asked.name].of if asked.name in REPORTS else None
    training = office.read(find, asked.training) if find is not None and asked.training else None
    wish = Wish(
        asked.month,
        ask.scope,
        ask.day,
        asked.reveal,
        asked.reason,
        person=office.read(person_called, asked.person) if asked.person else None,
        training=training,
        layout=asked.layout,
    )
    if ask.scope is not None and (asked.phone or asked.supervision):
        office.write(save_sign_phones, ask.scope, asked.phone, asked.supervision)
    if asked.file.suffix.lower() == ".xlsx":
        rows = report_book(office, asked.name, wish, asked.file)
        voice.answer(
            {"report": asked.name, "file": str(asked.file), "rows": rows},
            [f"{REPORTS[asked.name].title}在“{asked.file}”，共 {rows} 行。"],
        )
        return
    made = report_file(office, asked.name, wish, asked.file.name)
    content = _locked(made.content, asked.password_file)
    count = pages(made.content) if made.content[:4] == b"%PDF" else 0
    out = of_paper(REPORTS[asked.name].title, count, reveal=asked.reveal, reason=made.reason)
    leave_as(office, out, asked.file, content)
    if not count:
        voice.answer(
            {"report": asked.name, "file": str(asked.file)},
            [f"{REPORTS[asked.name].title}在“{asked.file}”。"],
        )
        return
    voice.answer(
        {"report": asked.name, "file": str(asked.file), "pages": count},
        [f"{REPORTS[asked.name].title}在“{asked.file}”，共 {count} 页。"],
    )


def _locked(made: bytes, password_file: Path | None) -> bytes:
    """The file as it is, or opening with the password only."""
    if password_file is None:
        return made
    if made[:4] != b"%PDF":
        raise RuleBroken("只有 PDF 能加密码。文件名以 .pdf 结尾。")
    try:
        lines = password_file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleBroken(f"读不出密码文件“{password_file}”。") from error
    return protected(made, lines[0].strip() if lines else "")


def reports(asked: argparse.Namespace, voice: Voice) -> None:
    from gridoffice.reports import REPORTS

    voice.answer(
        {"reports": [{"name": r.key, "title": r.title, "monthly": r.monthly} for r in REPORTS.values()]},
        table(
            ("名称", "报告", ""), [(r.key, r.title, "按月" if r.monthly else "") for r in REPORTS.values()]
        ),
    )


def self_test(asked: argparse.Namespace, voice: Voice) -> int:
    from gridoffice.selftest import self_test as walk

    steps = walk()
    voice.answer(
        {"ok": all(step.ok for step in steps), "steps": steps},
        [f"{'好' if step.ok else '不好'}　{step.name}　{step.detail}" for step in steps],
    )
    return 0 if all(step.ok for step in steps) else 1


def desktop(asked: argparse.Namespace, voice: Voice) -> int:
    # the window sits above this room: it is called by name, only here
    from importlib import import_module

    return import_module("ui.app").run(
        asked.database, asked.account, getattr(asked, "screenshots", None), getattr(asked, "open", None)
    )
