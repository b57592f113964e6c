"""Everything a dated change would touch, before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from gridoffice.assessment.rules import in_words
from gridoffice.errors import Severity
from gridoffice.grids.effects import PostEffect, Preview
from ui.widgets.badges import note
from ui.widgets.parts import Box, button, column, label, row, rule

FIRST = 8
"""So many lines of each kind are shown at once; the rest is one click away."""


def put_preview(made: Box, said: Preview) -> None:
    """Warnings first, then what is touched, each with its count."""
    for problem in said.problems:
        if problem.severity is not Severity.ERROR:
            made.put(note("warn", problem.message))
    if said.steps:
        made.put(rule())
        made.put(label("会影响到", "strong"))
    _group(
        made,
        f"网格 {len(said.grids)} 个",
        [(one.name if one.id is not None else f"{one.name}　{one.code}", one.says) for one in said.grids],
        f"另有 {said.grids_along} 个下级网格跟着走" if said.grids_along else "",
    )
    _group(
        made,
        f"人员 {len(said.posts) + said.posts_along} 人" if said.posts or said.posts_along else "",
        [_moved(one) for one in said.posts],
        f"{said.posts_along} 人跟着网格走，岗位不变" if said.posts_along else "",
    )
    _group(made, f"入格党员 {len(said.links)} 人" if said.links else "", [_moved(one) for one in said.links])
    _group(
        made,
        f"党组织 {len(said.organisations)} 个" if said.organisations else "",
        [(one.name, f"{one.grid} → {'、'.join(one.to) or '撤销'}") for one in said.organisations],
    )
    by_month = groupby(said.sheets, key=lambda one: one.month)
    _group(
        made,
        f"没锁定的考核 {len(said.sheets)} 张" if said.sheets else "",
        [(in_words(month), f"{len(list(sheets))} 人，考核表上仍是原来的网格") for month, sheets in by_month],
    )
    _group(
        made,
        f"账号 {len(said.accounts)} 个" if said.accounts else "",
        [(name, "管的网格撤销，要另派") for name in said.accounts],
    )


def _moved(one: PostEffect) -> tuple[str, str]:
    return f"{one.person}（{one.title}）" if one.title else one.person, f"{one.grid} → {one.to or '离岗'}"


def _group(made: Box, words: str, lines: Sequence[tuple[str, str]], more: str = "") -> None:
    if not words or (not lines and not more):
        return
    holder = column(label(words, "name"), gap=2)
    for name, what in lines[:FIRST]:
        holder.put(_line(name, what))
    if len(lines) > FIRST:
        rest = row(gap=0)

        def show_rest() -> None:
            rest.clear()
            rest.put((column(*(_line(name, what) for name, what in lines[FIRST:]), gap=2), 1))

        rest.put(button(f"还有 {len(lines) - FIRST} 个", kind="link", on_click=show_rest))
        rest.put(None)
        holder.put(rest)
    if more:
        holder.put(label(more, "hint", wrap=True))
    made.put(holder)


def _line(name: str, what: str) -> Box:
    return column(label(name, elide=True), label(what, "hint", wrap=True), gap=0)
