"""队伍变化: how its lines look, and what its pictures say in words."""

from __future__ import annotations

from typing import Any

from gridoffice.grids.naming import short
from gridoffice.overview.team_lists import DueRow, MovementRow, Picture, Way
from ui.widgets.cells import Cell
from ui.widgets.models import Dress

GOING = (Way.LEFT.value, Way.WENT.value)


def _left(line: DueRow, days: int) -> Cell:
    if days < 0:
        return Cell(f"过了 {-days} 天", badge="err")
    words = f"{days} 天" if days else "就是今天"
    return Cell(words, badge="clock") if days <= 30 and line.years is None else Cell(words, right=True)


def _way(line: MovementRow, text: str) -> Cell:
    came = text not in GOING
    return Cell(text, lead=("plus", "ok") if came else ("minus", "text2"))


def _quiet(_: Any, text: Any) -> Cell:
    return Cell(str(text or ""), tone="text2")


DRESSES: tuple[dict[str, Dress], ...] = (
    {"title": _quiet, "employer": _quiet},
    {"way": _way, "elsewhere": _quiet, "title": _quiet},
    {"left": _left, "title": _quiet, "employer": _quiet},
)
WIDTHS: tuple[dict[str, float], ...] = (
    {"name": 104.0, "grid": 208, "title": 112, "age_band": 112, "schooling": 96, "tenure_band": 112},
    {"month": 96.0, "day": 112, "way": 92, "name": 104, "grid": 208, "elsewhere": 200, "reason": 140},
    {"due": 152.0, "day": 112, "left": 120, "name": 104, "grid": 208, "title": 112},
)


def brief(words: str) -> str:
    """A band as it stands below a bar."""
    return words.replace(" 岁", "").replace(" ", "")


def _per_cent(rate: Any) -> str:
    return f"{rate}%" if rate is not None else ""


def lines(name: str, said: Picture) -> list[tuple[str, str]]:
    """Name and value of every mark of one picture, and what the marks leave out."""
    found = said.turnover
    if name == "每月进出":
        return [
            (f"{one.start:%Y-%m}", f"来 {one.joined}　走 {one.left}　月末在岗 {one.after}")
            for one in found.months
        ]
    if name == "流失率":
        return [(f"{one.start:%Y-%m}", _per_cent(one.rate)) for one in found.months]
    if name == "各片专职率":
        ends = [one.end for one in found.months]
        return [
            (f"{short(one.name)} {end:%Y-%m}", _per_cent(rate))
            for one in found.areas
            for end, rate in zip(ends, one.rates, strict=True)
        ]
    bands = {"年龄结构": said.ages, "任职年限": said.tenures, "学历结构": said.schoolings}[name]
    whole = max(1, said.serving)
    return [(words, f"{count} 人　{100 * count / whole:.1f}%") for words, count in bands]
