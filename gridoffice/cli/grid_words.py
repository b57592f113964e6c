"""What the command line says of a change of the tree: what it would touch, what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from gridoffice.cli.output import Voice, problem_facts, problem_line
from gridoffice.grids.changing import Changed
from gridoffice.grids.effects import Preview
from gridoffice.grids.service import grid_row
from gridoffice.office import Done, Office


def answer(office: Office, voice: Voice, done: Done) -> None:
    """Say what was written: the new grids, or that it waits for its day."""
    changed: Changed = done.result
    established = [
        {"code": row.code, "name": row.name}
        for row in (office.read(grid_row, number) for number in changed.established)
    ]
    said = [f"{done.title}。", *(f"新网格：{one['name']} {one['code']}" for one in established)]
    if changed.plan is not None:
        said.append(f"还没生效，到那天用 grid apply {changed.plan} 办理。")
    voice.answer(
        {
            "written": done.action is not None,
            "action": done.action,
            "title": done.title,
            "grids": established,
            "plan": changed.plan,
        },
        said if done.action is not None else ["和现在一样，没有变动。"],
    )


def tell(voice: Voice, told: Preview) -> int:
    """Say what a change would touch; 1 when it is forbidden."""
    voice.answer(_told(told), _in_words(told))
    return 0 if told.allowed else 1


def _told(told: Preview) -> dict[str, Any]:
    """A preview as JSON: its fields by name."""
    found = {one.name: getattr(told, one.name) for one in fields(told)}
    found["problems"] = [problem_facts(problem) for problem in told.problems]
    return {"written": False, "allowed": told.allowed, **found}


def _in_words(told: Preview) -> list[str]:
    said = [f"{told.day} 起：", *(f"  {words}" for words in told.steps)]
    said += _section("网格", [f"{one.name} {one.code}：{one.says}" for one in told.grids], len(told.grids))
    moved = [
        f"{one.person}（{one.title}）：{one.grid} → {one.to or '离任'}" for one in (*told.posts, *told.links)
    ]
    said += _section("人员", moved, len(moved))
    said += _section(
        "一起走的网格", [f"{one.name} {one.grid}" for one in told.grids_along_named], told.grids_along
    )
    said += _section(
        "一起走的人员", [f"{one.name}（{one.grid}）" for one in told.posts_along_named], told.posts_along
    )
    said += _section("没锁定的考核表", [f"{one.month} {one.person}" for one in told.sheets], len(told.sheets))
    seated = [f"{one.name}：{one.grid} → {'、'.join(one.to) or '撤销'}" for one in told.organisations]
    said += _section("党组织", seated, len(seated))
    said += _section("范围没有了的账号", told.accounts, len(told.accounts))
    said += [problem_line(problem) for problem in told.problems]
    return said


def _section(title: str, names: Sequence[str], count: int) -> list[str]:
    """The first ten of some, and how many there are."""
    if not count:
        return []
    more = [f"    … 还有 {count - len(names[:10])} 个"] if count > len(names[:10]) else []
    return [f"  {title} {count}", *(f"    {name}" for name in names[:10]), *more]
