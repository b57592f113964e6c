"""The commands of the office, all but the monthly assessment's."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from gridoffice import history, ledgers, safekeeping, settings
from gridoffice.cli.output import MARKS, Voice, problem_facts, problem_line, table
from gridoffice.errors import RuleBroken, Severity
from gridoffice.establish import establish
from gridoffice.grids import pack
from gridoffice.grids import service as grids
from gridoffice.grids.listing import GRIDS
from gridoffice.intake import Merge, Options, Outcome, Preview
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.findings import check as findings
from gridoffice.spreadsheet.guide import Guide, Hidden


def add(below: Any) -> None:
    """Say every command of this file to the parser."""
    command = below.add_parser("init", help="新建一个空的资料库")
    command.add_argument("--model", default="chengdu-3+1", help="治理模式（models 列出全部）")
    command.add_argument("--name", default="网格办", help="本办简称")
    command.add_argument("--organisation", default="网格化服务管理办公室", help="落款单位")
    command.set_defaults(run=init)

    below.add_parser("models", help="列出治理模式").set_defaults(run=models)

    command = below.add_parser("demo", help="做一个示范街道")
    command.add_argument("folder", type=Path)
    command.add_argument("--size", choices=("street", "county", "city"), default="street")
    command.set_defaults(run=demo)

    command = below.add_parser("import", help="导入一个台账")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    command.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    command.add_argument("--good-rows-only", action="store_true", help="有错的行不写，其余照写")
    command.add_argument("--merge", choices=[m.value for m in Merge], default=Merge.FILL.value)
    command.add_argument("--month", help="月份，如 2026-06（月度指标数据用）")
    command.add_argument("--receipt", type=Path, metavar="文件", help="错误回执：原表标出问题另存")
    command.add_argument("--sheet", action="append", default=[], metavar="表名", help="只读这张表，可多次")
    command.add_argument(
        "--hidden", choices=[h.value for h in Hidden], default=Hidden.ASK.value, help="藏起来的行和表怎么办"
    )
    command.set_defaults(run=import_)

    command = below.add_parser("export", help="导出一个台账")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    _scope(command)
    command.add_argument("--month", help="月份（月度指标数据用）")
    _reveal(command)
    command.set_defaults(run=export)

    command = below.add_parser("template", help="台账的空表")
    command.add_argument("ledger")
    command.add_argument("file", type=Path)
    command.add_argument("--month", help="月份（月度指标数据用）")
    command.set_defaults(run=template)

    command = below.add_parser("fill", help="填别人发来的空表")
    command.add_argument("form", type=Path)
    command.add_argument("file", type=Path)
    command.add_argument("--ledger", required=True)
    _scope(command)
    _reveal(command)
    command.set_defaults(run=fill)

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
    _scope(command)
    command.set_defaults(run=check)

    command = below.add_parser("grid", help="网格")
    inner = command.add_subparsers(dest="what", required=True)
    listed = inner.add_parser("list", help="列出网格")
    _scope(listed)
    listed.set_defaults(run=grid_list)

    command = below.add_parser("report", help="打印报告为 PDF")
    command.add_argument("name")
    command.add_argument("file", type=Path)
    command.add_argument("--month", help="月份，如 2026-06")
    _scope(command)
    _reveal(command)
    command.set_defaults(run=report)
    below.add_parser("reports", help="列出报告").set_defaults(run=reports)

    command = below.add_parser("backup", help="备份")
    command.add_argument("file", type=Path)
    command.set_defaults(run=backup)
    command = below.add_parser("restore", help="从备份恢复（先把现在的备份一份）")
    command.add_argument("file", type=Path)
    command.set_defaults(run=restore)
    below.add_parser("verify", help="核验资料库、变动记录和已锁定的月份").set_defaults(run=verify)

    below.add_parser("self-test", help="把整个程序走一遍").set_defaults(run=self_test)
    command = below.add_parser("desktop", help="打开窗口")
    command.add_argument(
        "--screenshots", type=Path, metavar="文件夹", help="打开每一页，各存一张图，然后结束"
    )
    command.set_defaults(run=desktop)


def _scope(command: argparse.ArgumentParser) -> None:
    command.add_argument("--grid", metavar="编码", help="只看这个网格和它的下级")
    command.add_argument("--as-of", metavar="日期", help="按哪一天，如 2026-06-30")


def _reveal(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reveal", action="store_true", help="带完整身份证号和电话")
    command.add_argument("--reason", help="为什么要带完整的")


def whole(text: str) -> int:
    """A number from one up to what a database counts to."""
    number = int(text)
    if not 1 <= number < 2**63:
        raise argparse.ArgumentTypeError(f"“{text}”不是从 1 数起的号码")
    return number


def opened(asked: argparse.Namespace) -> Office:
    """The office that the command line names; opened once, closed when the command has run."""
    if asked.office is None:
        asked.office = Office.open(asked.database or settings.default_database(), asked.account)
    return asked.office


def day_of(text: str | None) -> date | None:
    """A day from the command line. Raises `RuleBroken`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RuleBroken(f"“{text}”不是日期，写成 2026-06-30 这样。") from None


def ask_of(office: Office, asked: argparse.Namespace) -> Ask:
    scope = office.read(grids.find, asked.grid) if asked.grid else None
    return Ask(scope=scope, day=day_of(asked.as_of))


def init(asked: argparse.Namespace, voice: Voice) -> None:
    database = asked.database or settings.default_database()
    office = establish(database, asked.model, asked.name, asked.organisation)
    said = pack.load(asked.model)
    office.close()
    voice.answer(
        {"database": str(database), "model": said.key},
        [f"已建好资料库“{database}”，治理模式：{said.name}。"],
    )


def models(asked: argparse.Namespace, voice: Voice) -> None:
    found = [pack.load(key) for key in pack.names()]
    voice.answer(
        {"models": [{"key": one.key, "name": one.name} for one in found]},
        table(("模式", "名称"), [(one.key, one.name) for one in found]),
    )


def demo(asked: argparse.Namespace, voice: Voice) -> None:
    from gridoffice.demo.build import build
    from gridoffice.demo.data import Size

    built = build(asked.folder, Size(asked.size))
    facts = {
        "folder": str(asked.folder),
        "database": str(built.database),
        "month": built.month,
        "grids": built.grids,
        "workers": built.workers,
        "pdf": str(built.pdf),
    }
    voice.answer(
        facts,
        [
            f"示范资料在“{asked.folder}”：{built.grids} 个网格、{built.workers} 人，{built.month} 考核已锁定。",
            f"资料库：{built.database}",
            f"考核通报：{built.pdf}",
        ],
    )


def preview_facts(preview: Preview, action: int | None) -> dict[str, Any]:
    """An import as JSON, the shape that outside checks rely on."""
    layout = preview.incoming.layout
    return {
        "ledger": preview.ledger,
        "file": preview.incoming.file,
        "sheet": preview.incoming.sheet,
        "sheets": [
            {"name": one.name, "rows": len(one.taken.rows), "header_rows": list(one.layout.header_rows)}
            for one in preview.incoming.taken.sheets
        ],
        "left_out": [
            {"sheet": one.sheet, "why": one.why, "rows": one.rows} for one in preview.incoming.taken.left_out
        ],
        "header_rows": list(layout.header_rows),
        "written": preview.written,
        "action": action,
        "rows": len(preview.rows),
        "new": preview.count(Outcome.NEW),
        "updated": preview.count(Outcome.UPDATED),
        "unchanged": preview.count(Outcome.UNCHANGED),
        "conflicts": preview.count(Outcome.CONFLICT),
        "errors": preview.count(Outcome.ERROR),
        "skipped": 0,
        "skipped_rows": [{"row": one.row, "why": one.why} for one in preview.incoming.taken.skipped],
        "mapping": [
            {"column": one.letter, "heading": one.heading, "field": one.column.field.label, "how": one.how}
            for one in layout.columns
        ],
        "unmapped": list(layout.unmapped),
        "problems": [problem_facts(problem) for problem in preview.problems],
    }


def import_(asked: argparse.Namespace, voice: Voice) -> int:
    office = opened(asked)
    guide = Guide(hidden=Hidden(asked.hidden), sheets=tuple(asked.sheet))
    options = Options(Merge(asked.merge), asked.good_rows_only, asked.month, guide)
    done = ledgers.import_file(office, asked.ledger, asked.file, options, asked.dry_run)
    preview = done.preview
    stopped = preview.blocked and not asked.good_rows_only
    if stopped:
        last = f"有 {preview.blocked} 行要先处理，一行也没有写入。"
    elif asked.dry_run:
        last = "只核对，没有写入。"
    elif done.action is None:
        last = "没有变化，没有写入。"
    else:
        last = f"已写入，变动编号 {done.action}。"
    if asked.receipt is not None:
        marked = ledgers.receipt(office, preview, asked.receipt)
        last += f"错误回执在“{asked.receipt}”，标出 {marked.cells} 格。"
    skipped = Counter(one.why for one in preview.incoming.taken.skipped)
    lines = [
        f"{preview.title}“{asked.file.name}”，工作表“{preview.incoming.sheet}”："
        f"{len(preview.rows)} 行，{preview.in_words()}。"
    ]
    if skipped:
        lines.append("不算数据的行：" + "、".join(f"{why} {count}" for why, count in skipped.items()) + "。")
    if preview.incoming.layout.unmapped:
        lines.append(f"没认出的列：{'、'.join(preview.incoming.layout.unmapped)}。")
    shown = preview.problems[:50]
    lines += [problem_line(problem) for problem in shown]
    if len(preview.problems) > len(shown):
        lines.append(f"  ……还有 {len(preview.problems) - len(shown)} 处。")
    voice.answer(preview_facts(preview, done.action), [*lines, last])
    return 1 if stopped else 0


def export(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ledger = ledgers.ledger_called(asked.ledger)
    if ledger.listing is None:
        raise RuleBroken(f"{ledger.title}按月导出：assess export {asked.month or '月份'} 文件。")
    count = ledgers.export(
        office, ledger.listing, asked.file, ask_of(office, asked), reveal=asked.reveal, reason=asked.reason
    )
    voice.answer(
        {"ledger": ledger.key, "file": str(asked.file), "rows": count, "revealed": asked.reveal},
        [f"已导出{ledger.title} {count} {ledger.unit}到“{asked.file}”。"],
    )


def template(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ledgers.template(office, asked.ledger, asked.file, Options(month=asked.month))
    voice.answer(
        {"ledger": asked.ledger, "file": str(asked.file)},
        [f"{ledgers.ledger_called(asked.ledger).title}的空表在“{asked.file}”。"],
    )


def fill(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    form, done = ledgers.fill(
        office,
        asked.ledger,
        asked.form,
        asked.file,
        ask_of(office, asked),
        reveal=asked.reveal,
        reason=asked.reason,
    )
    voice.answer(
        {
            "ledger": asked.ledger,
            "form": str(asked.form),
            "file": str(asked.file),
            "rows": done.rows,
            "sheets": list(done.sheets),
            "known": [{"heading": heading, "field": what.field.label} for heading, what in form.main.known],
            "unknown": list(done.unknown),
            "without_line": list(done.without_line),
            "without_record": list(done.without_record),
            "not_offered": list(done.not_offered),
            "revealed": asked.reveal,
        },
        [form.in_words(), f"已填 {done.rows} 行到“{asked.file}”。"],
    )


def undo(asked: argparse.Namespace, voice: Voice) -> None:
    _undone(voice, opened(asked).write(history.undo, asked.action), "撤销")


def redo(asked: argparse.Namespace, voice: Voice) -> None:
    _undone(voice, opened(asked).write(history.redo, asked.action), "恢复")


def _undone(voice: Voice, done: Any, word: str) -> None:
    result: history.Undone = done.result
    kept = [{"kind": one.noun, "name": one.name, "why": one.why} for one in result.kept]
    lines = [f"已{word}“{result.title}”，涉及 {result.records} 条。"]
    if kept:
        lines.append(
            f"{len(kept)} 条保持现状：" + "、".join(f"{one.name}（{one.why}）" for one in result.kept[:20])
        )
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
            *(f"{MARKS[one.severity]}　{one.topic.label}　{one.grid}：{one.message}" for one in found),
            summary or "没有发现问题。",
        ],
    )


def grid_list(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    ask = ask_of(office, asked)
    rows = office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, ask)))
    voice.answer(
        {"grids": rows},
        table(
            ("编码", "名称", "类型", "上级", "户数", "人口"),
            [(row.code, row.name, row.kind, row.parent, row.households, row.population) for row in rows],
        ),
    )


def report(asked: argparse.Namespace, voice: Voice) -> None:
    from gridoffice.documents.render import pages
    from gridoffice.reports import REPORTS, Wish, report_pdf

    office = opened(asked)
    ask = ask_of(office, asked)
    pdf = report_pdf(office, asked.name, Wish(asked.month, ask.scope, ask.day, asked.reveal, asked.reason))
    _write(asked.file, pdf)
    count = pages(pdf)
    voice.answer(
        {"report": asked.name, "file": str(asked.file), "pages": count},
        [f"{REPORTS[asked.name].title}在“{asked.file}”，共 {count} 页。"],
    )


def _write(file: Path, content: bytes) -> None:
    """The file appears whole or not at all."""
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise RuleBroken(f"写不到“{file}”：{error.strerror or error}。可能正开着，关掉后再试。") from error


def reports(asked: argparse.Namespace, voice: Voice) -> None:
    from gridoffice.reports import REPORTS

    voice.answer(
        {"reports": [{"name": r.key, "title": r.title, "monthly": r.monthly} for r in REPORTS.values()]},
        table(
            ("名称", "报告", ""), [(r.key, r.title, "按月" if r.monthly else "") for r in REPORTS.values()]
        ),
    )


def backup(asked: argparse.Namespace, voice: Voice) -> None:
    done = safekeeping.back_up(opened(asked), asked.file)
    voice.answer(
        {"file": done.file, "people": done.people, "rows": done.rows},
        [f"已备份到“{done.file}”，核对过：{done.people} 人，共 {done.rows} 行。"],
    )


def restore(asked: argparse.Namespace, voice: Voice) -> None:
    done = safekeeping.restore(opened(asked), asked.file)
    voice.answer(
        {"file": done.file, "people": done.people, "rows": done.rows, "before": done.before},
        [f"已从“{done.file}”恢复：{done.people} 人。恢复前的资料在“{done.before}”。"],
    )


def verify(asked: argparse.Namespace, voice: Voice) -> int:
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

    return import_module("ui.app").run(asked.database, asked.account, getattr(asked, "screenshots", None))
