"""What the drawer of a sheet asks and tells: attendance, opinions, the way to the next grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.enums import AwayKind, Labelled, OpinionStage, Standing
from gridoffice.fields import Column, Field, Kind
from gridoffice.overview.sheet_story import Said, SheetStory
from gridoffice.scoring.reaching import Reaching
from gridoffice.scoring.shapes import plain
from ui.widgets.form import fact
from ui.widgets.parts import Child, column, label, row


class Given(Labelled):
    """Whose words are recorded by hand; calibration and appeals have pages of their own."""

    SELF = OpinionStage.SELF.value, OpinionStage.SELF.label
    FIRST = OpinionStage.FIRST.value, OpinionStage.FIRST.label


class Aside(Labelled):
    """Why somebody has no grade this month; to take no part at all is a step of its own."""

    PROBATION = Standing.PROBATION.value, "试用期，参加考核不定等次"
    ABSENT = Standing.ABSENT.value, "缺勤过半，不定等次"


@dataclass(frozen=True, slots=True)
class Told:
    """A sheet as the form of attendance reads it."""

    story: SheetStory

    @property
    def aside(self) -> Aside | None:
        standing = self.story.standing
        if standing is None or standing is Standing.EXCLUDED:
            return None
        return Aside(standing.value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.story, name)


PRESENCE = (
    Column("away", Field("缺勤天数", Kind.INTEGER)),
    Column("away_kind", Field("什么假", Kind.CODE, codes=AwayKind)),
    Column("aside", Field("情况", Kind.CODE, codes=Aside)),
    Column("standing_reason", Field("说明", hint="例如：6 月 3 日至 20 日病假")),
)
OPINION = (
    Column("stage", Field("谁的", Kind.CODE, codes=Given, required=True)),
    Column("points", Field("打几分", Kind.DECIMAL)),
    Column("text", Field("意见")),
)
OWN_OPINION = tuple(one for one in OPINION if one.name != "stage")
"""What somebody says of his own sheet."""


def presence_facts(story: SheetStory) -> list[Child]:
    """Days served and away, and what follows from them."""
    there = "整月" if story.days in (None, story.whole) else f"{story.days} 天（本月 {story.whole} 天）"
    found: list[Child] = [fact("在岗", there)]
    if story.away:
        kind = f"，{story.away_kind.label}" if story.away_kind is not None else ""
        found.append(fact("缺勤", f"{story.away} 天{kind}"))
    if story.standing is not None:
        found.append(fact("情况", story.standing.label))
    if story.standing_reason:
        found.append(label(story.standing_reason, "hint", wrap=True))
    if story.days not in (None, story.whole) or story.away:
        found.append(label("分值按在岗的天数折算。", "hint"))
    return found


def way_lines(found: Reaching) -> list[Child]:
    """What would bring the next grade."""
    made: list[Child] = [label(found.words, "hint", wrap=True)]
    ways: Sequence = found.ways or found.together
    if found.ways:
        made.append(label("下面任意一项就够：" if len(found.ways) > 1 else "这一项就够：", "hint"))
    elif found.together:
        made.append(label("要这几项一起：", "hint"))
    made += [label(way.words(), "name", wrap=True) for way in ways]
    return made


def opinion_line(one: Said, total: Decimal | None) -> Child:
    """Whose points, how far from what was computed, in which words."""
    points = f"{plain(one.points)} 分" if one.points is not None else ""
    if one.change is not None:
        points = f"{'加' if one.change > 0 else '减'} {plain(abs(one.change))} 分"
    if one.grade:
        points = f"{points} 定为“{one.grade}”".strip()
    apart = ""
    if one.points is not None and total is not None:
        gap = one.points - total
        apart = "同算出的一样" if not gap else f"比算出的{'高' if gap > 0 else '低'} {plain(abs(gap))} 分"
    parts: list[Child] = [
        row(label(one.stage.label, "strong"), (label(apart, "hint", elide=True), 1), label(points, "name"))
    ]
    if one.text:
        parts.append(label(one.text, wrap=True))
    parts.append(label(f"{one.by}　{one.on.month}月{one.on.day}日", "hint"))
    return column(*parts, gap=2)
