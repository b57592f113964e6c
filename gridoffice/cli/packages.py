"""上报包 from the command line: keys, cards, partners; made, taken in, listed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gridoffice.cli.asking import opened, put_text, text_in
from gridoffice.cli.output import Voice, problem_facts, problem_line, table
from gridoffice.errors import RuleBroken
from gridoffice.grids import service as grids
from gridoffice.intake import Outcome
from gridoffice.listing import Ask
from gridoffice.packages import keys
from gridoffice.packages.given import take_rules
from gridoffice.packages.listing import PACKAGES
from gridoffice.packages.partners import add_partner, partner_called, partners, remove_partner
from gridoffice.packages.preparing import Sending
from gridoffice.packages.receiving import receive, save_paper, take_back, take_in
from gridoffice.packages.sending import send
from gridoffice.packages.standing import received_as


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("package", help="上报包：没有网络时，和上级、下级单位交换资料")
    command.set_defaults(run=listed)
    inner = command.add_subparsers(dest="what")

    one = inner.add_parser("keys", help="设上报密码，生成本办密钥；已有的改密码")
    _add_password(one)
    one.add_argument("--new-password-file", type=Path, metavar="文件", help="改成这个文件第一行的密码")
    one.set_defaults(run=make_keys)

    one = inner.add_parser("card", help="存出本办的名片，交给对方")
    one.add_argument("file", type=Path)
    one.set_defaults(run=card)

    inner.add_parser("partners", help="列出往来单位和指纹").set_defaults(run=listed_partners)
    one = inner.add_parser("partner", help="读入对方的名片")
    one.add_argument("file", type=Path)
    one.add_argument("--grid", metavar="编码", help="它管哪个网格和它的下级")
    one.add_argument("--fingerprint", metavar="数字", help="对方在电话里念的指纹，一致才能收发")
    one.set_defaults(run=partner)
    one = inner.add_parser("remove-partner", help="删去没有收发过的往来单位")
    one.add_argument("name")
    one.set_defaults(run=remove)

    one = inner.add_parser("send", help="做一个上报包")
    one.add_argument("partner", help="发给谁")
    one.add_argument("file", type=Path)
    one.add_argument("--whole", action="store_true", help="全部，不只是上次以后的变化")
    one.add_argument("--month", metavar="月份", help="带上这个月的考核原始值，如 2026-06")
    one.add_argument("--grid", metavar="编码", help="只发这个网格和它的下级")
    one.add_argument(
        "--rules",
        action="store_true",
        help="带上本办自己的治理模式、考核方案和规定、这个月的成绩单（发给下级）",
    )
    _add_password(one)
    one.set_defaults(run=make)

    one = inner.add_parser("receive", help="收一个上报包，像导入 Excel 一样核对和写入")
    one.add_argument("file", type=Path)
    one.add_argument("--dry-run", action="store_true", help="只看是谁发的、有什么，登记下来，不写入")
    one.add_argument("--good-rows-only", action="store_true", help="有问题的行不要，其余写入")
    one.add_argument("--rules", action="store_true", help="包里有上级的规定就采用")
    one.add_argument("--papers", type=Path, metavar="文件夹", help="包里有成绩单就存到这里")
    _add_password(one)
    one.set_defaults(run=take)

    one = inner.add_parser("undo", help="撤销从一个上报包写入的全部内容")
    one.add_argument("partner", help="谁发的")
    one.add_argument("number", type=int, help="第几号")
    one.set_defaults(run=back)


def _add_password(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--password-file", type=Path, metavar="文件", required=True, help="上报密码，写在这个文件的第一行"
    )


def _password(file: Path) -> str:
    lines = text_in(file).splitlines()
    return lines[0].strip() if lines else ""


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    found = opened(asked).read(lambda session: PACKAGES.rows(session, PACKAGES.ids(session, Ask())))
    voice.answer(
        {
            "packages": [
                {
                    "way": one.way.value,
                    "partner": one.partner,
                    "number": one.number,
                    "made": one.made,
                    "holds": one.holds,
                    "state": one.state,
                }
                for one in found
            ]
        },
        table(
            ("收发", "往来单位", "第几号", "制作时间", "内容", "办理情况"),
            [(one.way.label, one.partner, one.number, one.made, one.holds, one.state) for one in found],
        ),
    )


def make_keys(asked: argparse.Namespace, voice: Voice) -> None:
    office, password = opened(asked), _password(asked.password_file)
    if asked.new_password_file is not None:
        office.write(keys.change_password, password, _password(asked.new_password_file))
        said = "上报密码已改，名片不用换。"
    else:
        office.write(keys.make_keys, password)
        said = "已设上报密码，本办密钥已生成。密码忘了，收到的包就打不开。"
    own = office.read(keys.own_card)
    voice.answer({"name": own.name, "fingerprint": own.fingerprint}, [said, f"本办指纹：{own.fingerprint}"])


def card(asked: argparse.Namespace, voice: Voice) -> None:
    own = opened(asked).read(keys.own_card)
    put_text(asked.file, keys.card_text(own))
    voice.answer(
        {"file": str(asked.file), "fingerprint": own.fingerprint},
        [f"本办名片在“{asked.file}”。", f"电话里念给对方听的指纹：{own.fingerprint}"],
    )


def listed_partners(asked: argparse.Namespace, voice: Voice) -> None:
    found = opened(asked).read(partners)
    voice.answer(
        {
            "partners": [
                {
                    "name": one.name,
                    "fingerprint": one.fingerprint,
                    "confirmed": one.confirmed,
                    "place": one.place,
                }
                for one in found
            ]
        },
        table(
            ("往来单位", "管哪里", "指纹", ""),
            [(one.name, one.place, one.fingerprint, "" if one.confirmed else "还没核对") for one in found],
        ),
    )


def partner(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    theirs = keys.read_card(asked.file)
    grid = office.read(grids.find, asked.grid) if asked.grid else None
    same = asked.fingerprint is not None and _figures(asked.fingerprint) == _figures(theirs.fingerprint)
    if asked.fingerprint is not None and not same:
        raise RuleBroken(f"指纹不一致，名片可能被换过。这张名片的指纹是 {theirs.fingerprint}。")
    done = office.write(add_partner, theirs, same, grid)
    if same:
        said = f"已登记“{theirs.name}”，指纹一致，可以收发。"
    else:
        said = f"已登记“{theirs.name}”。给对方打电话核对指纹 {theirs.fingerprint}，一致再用 --fingerprint 登记一次。"
    voice.answer({"name": theirs.name, "partner": done.result, "confirmed": same}, [said])


def _figures(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def remove(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = office.write(remove_partner, office.read(partner_called, asked.name).id)
    voice.answer({"name": asked.name, "action": done.action}, [f"已删去往来单位“{asked.name}”。"])


def make(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    wish = Sending(
        office.read(partner_called, asked.partner).id,
        office.read(grids.find, asked.grid) if asked.grid else None,
        asked.whole,
        asked.month,
        asked.rules,
    )
    done = send(office, wish, _password(asked.password_file), asked.file)
    lines = [part.words for part in done.parts] or ["只有规定和回执"]
    voice.answer(
        {
            "file": str(done.file),
            "number": done.number,
            "action": done.action,
            "parts": [{"ledger": part.key, "title": part.title, "rows": part.rows} for part in done.parts],
        },
        [f"发给“{asked.partner}”的第 {done.number} 号上报包在“{done.file}”：", *lines],
    )


def take(asked: argparse.Namespace, voice: Voice) -> int:
    office = opened(asked)
    arrived = receive(office, asked.file, _password(asked.password_file))
    said = arrived.said
    head = (
        f"“{arrived.partner.name}”第 {said.number} 号上报包，{said.made.astimezone():%Y-%m-%d %H:%M} 做的。"
    )
    lines, found, problems, stopped = [head], [], [], False
    if said.rules and asked.rules and not asked.dry_run:
        office.write(take_rules, said.rules, arrived.partner.name)
        lines.append("上级的规定已采用。")
    elif said.rules:
        lines.append("包里有上级的规定，加 --rules 采用。")
    for paper in said.papers:
        if asked.papers is not None:
            save_paper(office, arrived, paper.title, asked.papers / f"{paper.title}.xlsx")
            lines.append(f"{paper.title}在“{asked.papers}”。")
        else:
            lines.append(f"包里有{paper.title}，加 --papers 存出来。")
    for one in () if asked.dry_run else take_in(office, arrived, asked.good_rows_only):
        seen, stopped = one.seen, one.stopped
        counts = {outcome.value: seen.counts[outcome] for outcome in Outcome}
        found.append({"ledger": one.key, "action": seen.action, "written": seen.written, **counts})
        lines.append(f"{one.title}：{seen.in_words()}。")
        problems += [problem_facts(problem) for problem in one.problems]
        if stopped:
            lines.append(f"{one.title}有 {seen.blocked} 行要先处理，这份和后面的还没写入。")
            lines += [problem_line(problem) for problem in one.problems[:20]]
    if asked.dry_run:
        lines += [part.words for part in said.parts] + ["还没写入。"]
    voice.answer(
        {
            "partner": arrived.partner.name,
            "problems": problems,
            "number": said.number,
            "parts": [{"ledger": part.key, "title": part.title, "rows": part.rows} for part in said.parts],
            "taken": found,
            "rules": bool(said.rules),
            "papers": [paper.title for paper in said.papers],
            "stopped": stopped,
        },
        lines,
    )
    return 1 if stopped else 0


def back(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    sender = office.read(partner_called, asked.partner)
    count = take_back(office, office.read(received_as, sender.id, asked.number))
    said = (
        f"“{asked.partner}”第 {asked.number} 号上报包写入的 {count} 份已撤销。" if count else "没有要撤销的。"
    )
    voice.answer({"partner": asked.partner, "number": asked.number, "undone": count}, [said])
