"""Posts from the command line: a person's history, transfers, ends, bulk changes, taking a post."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Employment
from gridoffice.cli.asking import day_of, opened
from gridoffice.cli.output import Voice, table
from gridoffice.errors import RuleBroken
from gridoffice.grids.service import find
from gridoffice.office import Office
from gridoffice.overview.moves import MovePreview, move_preview
from gridoffice.people.hits import person_called
from gridoffice.workers.moving import Transfer, bulk_change, change_posts, transfer_posts
from gridoffice.workers.posts import main_post_on, post_row, posts_of, remove_post, save_post
from gridoffice.workers.reserve import appoint
from gridoffice.workers.rules import span
from gridoffice.workers.service import end_posts

EMPLOYMENTS = {how.label: how for how in Employment}


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("posts", help="任职：经历、加一段、更正、调整、结束、批量修改、上岗")
    inner = command.add_subparsers(dest="what", required=True)
    one = inner.add_parser("list", help="一个人的任职经历")
    one.add_argument("person", metavar="姓名或身份证号")
    one.set_defaults(run=listed)
    one = _of_people(inner.add_parser("transfer", help="调整网格或职务：原任职前一天结束"))
    one.add_argument("--to", metavar="编码", help="调到哪个网格")
    one.add_argument("--title", help="任什么职务（不写就不变）")
    one.add_argument("--employment", choices=EMPLOYMENTS, help="专兼职（不写就不变）")
    _of_a_day(one)
    one.add_argument("--dry-run", action="store_true", help="只看谁能调、会缺什么，不写入")
    one.add_argument("--possible-only", action="store_true", help="不能调的不调，其余照调")
    one.set_defaults(run=transferred)
    one = _of_people(inner.add_parser("end", help="结束任职"))
    _of_a_day(one, "最后一天")
    one.set_defaults(run=ended)
    one = _of_people(inner.add_parser("change", help="批量修改：合同到期日、用工单位、专兼职、职务"))
    one.add_argument("--contract-end", metavar="日期")
    one.add_argument("--employer", metavar="用工单位")
    one.add_argument("--employment", choices=EMPLOYMENTS)
    one.add_argument("--title", metavar="职务")
    one.set_defaults(run=changed)
    one = inner.add_parser("add", help="加一段任职")
    one.add_argument("person", metavar="姓名或身份证号")
    _of_a_post(one)
    one.set_defaults(run=added)
    one = inner.add_parser("correct", help="更正写错的一段任职（编号见 posts list）")
    one.add_argument("post", type=int, metavar="编号")
    _of_a_post(one)
    one.add_argument("--why", required=True, help="更正原因，记入变动")
    one.set_defaults(run=corrected)
    one = inner.add_parser("remove", help="删去录错的一段任职（编号见 posts list）")
    one.add_argument("post", type=int, metavar="编号")
    one.add_argument("--why", required=True, help="更正原因，记入变动")
    one.set_defaults(run=removed)
    one = inner.add_parser("appoint", help="上岗：从后备、别的网格或没有岗位的人里")
    one.add_argument("person", metavar="姓名或身份证号")
    one.add_argument("--to", metavar="编码", required=True)
    one.add_argument("--title", help="任什么职务（不写就按网格类型）")
    _of_a_day(one)
    one.set_defaults(run=appointed)


def _of_people(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("people", nargs="+", metavar="姓名或身份证号")
    return command


def _of_a_post(command: argparse.ArgumentParser) -> None:
    command.add_argument("--grid", metavar="编码")
    command.add_argument("--title", metavar="职务")
    command.add_argument("--employment", choices=EMPLOYMENTS)
    command.add_argument("--from", dest="from_day", metavar="日期", help="任职日期")
    command.add_argument("--until", dest="to_day", metavar="日期", help="离任日期")
    command.add_argument("--contract-end", metavar="日期")
    command.add_argument("--employer", metavar="用工单位")
    command.add_argument("--reason", metavar="任职原因")
    command.add_argument("--leave-reason", metavar="离任原因")
    command.add_argument("--concurrent", action=argparse.BooleanOptionalAction, help="兼任，还是主要岗位")


def _said(office: Office, asked: argparse.Namespace) -> dict[str, Any]:
    """What the command line says of a post; what it leaves out stays."""
    said = {
        "grid_id": office.read(find, asked.grid) if asked.grid else None,
        "title": asked.title,
        "employment": EMPLOYMENTS[asked.employment] if asked.employment else None,
        "from_day": day_of(asked.from_day),
        "to_day": day_of(asked.to_day),
        "contract_end": day_of(asked.contract_end),
        "employer": asked.employer,
        "reason": asked.reason,
        "leave_reason": asked.leave_reason,
        "concurrent": asked.concurrent,
    }
    return {name: value for name, value in said.items() if value is not None}


def _of_a_day(command: argparse.ArgumentParser, what: str = "从哪天起") -> None:
    command.add_argument("--date", metavar="日期", help=f"{what}，不写就是今天")
    command.add_argument("--reason", metavar="原因")


def main_posts_on(session: Session, people: list[str], day: date) -> list[int]:
    """The main post of each of some people on a day. Raises `RuleBroken` naming whoever has none."""
    found = []
    for said in people:
        post = main_post_on(session, person_called(session, said), day)
        if post is None:
            raise RuleBroken(f"“{said}”{day} 没有主要岗位。")
        found.append(post)
    return found


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    found = office.read(lambda session: posts_of(session, person_called(session, asked.person)))
    voice.answer(
        {"posts": found},
        table(
            ("编号", "起止", "网格", "职务", "专兼职", "", "原因"),
            [
                (
                    one.id,
                    span(one.from_day, one.to_day),
                    one.grid or "",
                    one.title or "",
                    one.employment.label if one.employment else "",
                    "兼任" if one.concurrent else "",
                    "；".join(part for part in (one.reason, one.leave_reason) if part),
                )
                for one in found
            ],
        ),
    )


def transferred(asked: argparse.Namespace, voice: Voice) -> None:
    office, day = opened(asked), day_of(asked.date) or date.today()
    grid = office.read(find, asked.to) if asked.to else None
    employment = EMPLOYMENTS[asked.employment] if asked.employment else None
    wanted = Transfer(day, grid, asked.title, employment, reason=asked.reason)
    posts = office.read(main_posts_on, asked.people, day)
    seen: MovePreview = office.read(move_preview, posts, wanted)
    lines = [f"不能调：{one.refused}" for one in seen.refused] + [one.message for one in seen.effects]
    if asked.dry_run:
        lines.append(f"能调 {len(seen.going)} 人。没有写入。")
        voice.answer({"going": seen.going, "refused": seen.refused, "effects": seen.effects}, lines)
        return
    ids = [one.post_id for one in seen.going] if asked.possible_only else posts
    if not ids:
        raise RuleBroken("没有能调的人。")
    done = office.write(transfer_posts, ids, wanted)
    voice.answer(
        {"posts": done.result, "refused": seen.refused, "effects": seen.effects, "action": done.action},
        [*lines, f"{done.title}。"],
    )


def ended(asked: argparse.Namespace, voice: Voice) -> None:
    office, day = opened(asked), day_of(asked.date) or date.today()
    posts = office.read(main_posts_on, asked.people, day)
    done = office.write(end_posts, posts, day, asked.reason)
    voice.answer({"ended": done.result, "action": done.action}, [f"{done.title}。"])


def changed(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    said = {
        "contract_end": day_of(asked.contract_end),
        "employer": asked.employer,
        "employment": EMPLOYMENTS[asked.employment] if asked.employment else None,
        "title": asked.title,
    }
    values = {name: value for name, value in said.items() if value is not None}
    posts = office.read(main_posts_on, asked.people, date.today())
    same = office.read(bulk_change, posts, values).same
    done = office.write(change_posts, posts, values)
    lines = [f"{done.title}。"] if done.result else []
    lines += [f"{same} 人已经是这样，不用改。"] if same else []
    voice.answer({"changed": done.result, "same": same, "action": done.action}, lines)


def added(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = office.write(save_post, office.read(person_called, asked.person), None, _said(office, asked))
    voice.answer({"post": done.result, "action": done.action}, [f"{done.title}。"])


def corrected(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    before = office.read(post_row, asked.post)
    done = office.write(save_post, before.person_id, before.id, _said(office, asked), asked.why, before)
    voice.answer({"post": done.result, "action": done.action}, [f"{done.title}。"])


def removed(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(remove_post, asked.post, asked.why)
    voice.answer({"action": done.action}, [f"{done.title}。"])


def appointed(asked: argparse.Namespace, voice: Voice) -> None:
    office, day = opened(asked), day_of(asked.date) or date.today()
    person, grid = office.read(person_called, asked.person), office.read(find, asked.to)
    done = office.write(appoint, person, grid, asked.title, day, asked.reason)
    voice.answer({"post": done.result, "action": done.action}, [f"{done.title}。"])
