"""Assessment schemes from the command line: listed, shown, checked, copied, edited, tried on past months."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gridoffice.assessment import schemes as kept
from gridoffice.assessment.checking import check, quantity_and_quality
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.simulation import Moved, Simulated, simulate
from gridoffice.cli.asking import opened, put_text, text_in
from gridoffice.cli.output import Voice, problem_facts, problem_line, table
from gridoffice.errors import has_error
from gridoffice.scoring.notation import load
from gridoffice.scoring.scheme import Scheme, describe
from gridoffice.scoring.shapes import plain

MOST = 20
"""So many of those who would move are told in words."""


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("schemes", help="考核方案：列出、查看、检查、另存、编辑、试算")
    command.set_defaults(run=listed)
    inner = command.add_subparsers(dest="what")

    one = inner.add_parser("show", help="一个考核方案的指标和评分办法")
    one.add_argument("key")
    one.set_defaults(run=show)

    one = inner.add_parser("check", help="检查一个写在文件里的考核方案")
    one.add_argument("file", type=Path)
    one.set_defaults(run=check_file)

    one = inner.add_parser("copy", help="另存为本办自己的考核方案")
    one.add_argument("source", help="从哪一个")
    one.add_argument("key", help="新的 key")
    one.add_argument("--name", required=True, help="新的名称")
    one.set_defaults(run=copy)

    one = inner.add_parser("write", help="把一个考核方案写成文件，好编辑")
    one.add_argument("key")
    one.add_argument("file", type=Path)
    one.set_defaults(run=write)

    one = inner.add_parser("read", help="读入编辑好的考核方案")
    one.add_argument("file", type=Path)
    one.set_defaults(run=read)

    one = inner.add_parser("remove", help="删除本办自己的考核方案")
    one.add_argument("key")
    one.set_defaults(run=remove)

    one = inner.add_parser("simulate", help="拿过去的月份试算一个考核方案，什么都不写")
    one.add_argument("scheme", help="方案的 key，或写着方案的文件")
    one.add_argument("months", nargs="+", metavar="月份", help="如 2026-06")
    one.set_defaults(run=tried)


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    """With a database its own schemes too."""
    shipped = set(kept.scheme_keys())
    if asked.database is None:
        found = [kept.shipped_scheme(key) for key in sorted(shipped)]
    else:
        found = opened(asked).read(kept.schemes)
    voice.answer(
        {"schemes": [{**_facts(one), "own": one.key not in shipped} for one in found]},
        table(
            ("方案", "名称", "项数", ""),
            [(s.key, s.name, len(s.indicators), "" if s.key in shipped else "自己的") for s in found],
        ),
    )


def _facts(scheme: Scheme) -> dict[str, Any]:
    return {
        "key": scheme.key,
        "name": scheme.name,
        "source": scheme.source,
        "indicators": [
            {"key": one.key, "name": one.name, "full": one.full, "rule": describe(scheme, one)}
            for one in scheme.indicators
        ],
    }


def _called(asked: argparse.Namespace, key: str) -> Scheme:
    if asked.database is None and key in kept.scheme_keys():
        return kept.shipped_scheme(key)
    return opened(asked).read(kept.scheme_called, key)


def show(asked: argparse.Namespace, voice: Voice) -> None:
    scheme = _called(asked, asked.key)
    quantity, quality = quantity_and_quality(scheme)
    voice.answer(
        {
            **_facts(scheme),
            "quantity": quantity,
            "quality": quality,
            "grades": [
                {"name": one.name, "minimum": one.minimum, "quota": one.quota} for one in scheme.grades
            ],
            "problems": [problem_facts(one) for one in kept.warnings(scheme)],
        },
        [
            f"{scheme.name}（{scheme.source}）",
            *table(
                ("类别", "指标", "评分办法"),
                [(one.dimension, one.name, describe(scheme, one)) for one in scheme.indicators],
            ),
            f"数量类 {plain(quantity)} 分，质量类 {plain(quality)} 分。",
            *(problem_line(one) for one in kept.warnings(scheme)),
        ],
    )


def check_file(asked: argparse.Namespace, voice: Voice) -> int:
    scheme = load(text_in(asked.file))
    problems = check(scheme)
    voice.answer(
        {"key": scheme.key, "ok": not has_error(problems), "problems": [problem_facts(p) for p in problems]},
        [*(problem_line(one) for one in problems), f"“{scheme.name}”有 {len(problems)} 处要看。"]
        if problems
        else [f"“{scheme.name}”没有要看的。"],
    )
    return 1 if has_error(problems) else 0


def copy(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(kept.copy_scheme, asked.source, asked.key, asked.name)
    voice.answer({"key": done.result, "action": done.action}, [f"已另存考核方案“{done.result}”。"])


def write(asked: argparse.Namespace, voice: Voice) -> None:
    if asked.database is None and asked.key in kept.scheme_keys():
        text = kept.shipped_text(asked.key)
    else:
        text = opened(asked).read(kept.text_of, asked.key)
    put_text(asked.file, text)
    voice.answer({"key": asked.key, "file": str(asked.file)}, [f"考核方案“{asked.key}”在“{asked.file}”。"])


def read(asked: argparse.Namespace, voice: Voice) -> None:
    text = text_in(asked.file)
    done = opened(asked).write(kept.save_scheme, text)
    told = kept.warnings(load(text))
    voice.answer(
        {"key": done.result, "action": done.action, "problems": [problem_facts(one) for one in told]},
        [*(problem_line(one) for one in told), f"已保存考核方案“{done.result}”，下个月开始考核时可用。"],
    )


def remove(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(kept.remove_scheme, asked.key)
    voice.answer({"key": asked.key, "action": done.action}, [f"已删除考核方案“{asked.key}”。"])


def tried(asked: argparse.Namespace, voice: Voice) -> None:
    office, file = opened(asked), Path(asked.scheme)
    scheme = kept.readable(text_in(file)) if file.is_file() else office.read(kept.scheme_called, asked.scheme)
    found = office.read(simulate, scheme, asked.months)
    voice.answer(
        {"scheme": scheme.key, "months": [_simulated(one) for one in found]},
        [line for one in found for line in _told(one)],
    )


def _simulated(one: Simulated) -> dict[str, Any]:
    return {
        "month": one.period,
        "people": len(one.people),
        "lacking": list(one.lacking),
        "regraded": one.regraded,
        "before": {grade or "待补": count for grade, count in one.grades_before.items()},
        "after": {grade or "待补": count for grade, count in one.grades_after.items()},
        "moved": [
            {
                "name": moved.name,
                "grid": moved.grid,
                "before": {
                    "total": moved.before.total,
                    "grade": moved.before.grade,
                    "rank": moved.before.rank,
                },
                "after": {"total": moved.after.total, "grade": moved.after.grade, "rank": moved.after.rank},
            }
            for moved in one.people
            if moved.before != moved.after
        ],
    }


def _told(one: Simulated) -> list[str]:
    furthest = sorted((m for m in one.people if m.before != m.after), key=lambda m: -abs(m.climbed))
    lacking = [f"当月没有记：{'、'.join(one.lacking)}，按未填算。"] if one.lacking else []
    return [
        f"{in_words(one.period)}按“{one.scheme}”：{len(one.people)} 人，{one.regraded} 人等次会变。",
        *lacking,
        *table(
            ("姓名", "所属网格", "原来", "试算"),
            [(m.name, m.grid, _stands(m, "before"), _stands(m, "after")) for m in furthest[:MOST]],
        ),
        *([f"还有 {len(furthest) - MOST} 人，用 --json 看全部。"] if len(furthest) > MOST else []),
    ]


def _stands(moved: Moved, side: str) -> str:
    standing = moved.before if side == "before" else moved.after
    if standing.total is None:
        return "待补"
    return f"{plain(standing.total)} 分 {standing.grade} 第 {standing.rank}"
