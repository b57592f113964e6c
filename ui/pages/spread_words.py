"""校准: what the spread of points says in one sentence, and its data as lines."""

from __future__ import annotations

from decimal import Decimal

from gridoffice.assessment.calibration import Distribution, Spread
from gridoffice.grids.naming import short
from gridoffice.scoring.shapes import plain

DRAWN = 48
"""So many groups the charts show at most."""
FAR = Decimal(2)
"""A mean so many points away from the whole is worth a word."""


def number(value: Decimal | None) -> str:
    return "—" if value is None else plain(value)


def shares(one: Spread) -> tuple[Decimal | None, ...]:
    """Of a unit's people, how many per cent lie in each span."""
    if not one.people:
        return tuple(None for _ in one.counts)
    return tuple((Decimal(count) * 100 / one.people).quantize(Decimal("0.1")) for count in one.counts)


def apart(said: Distribution, one: Spread) -> tuple[Decimal, Decimal]:
    """How far a group's mean lies from that of the whole: after adjustments, and before them."""
    found = [
        mean - whole if mean is not None and whole is not None else Decimal(0)
        for mean, whole in ((one.after, said.whole.after), (one.before, said.whole.before))
    ]
    return found[0], found[1]


def drawn(said: Distribution) -> tuple[Spread, ...]:
    """The groups that the charts show, in their order: of many those whose mean lies furthest from the whole's,
    since a city has thousands and those are the ones to be looked at."""
    if len(said.groups) <= DRAWN:
        return said.groups
    far = sorted(range(len(said.groups)), key=lambda place: -abs(apart(said, said.groups[place])[0]))
    return tuple(said.groups[place] for place in sorted(far[:DRAWN]))


def sentence(said: Distribution) -> str:
    """Who gave more and who gave less than the whole."""
    unit = "%" if said.by == "scorer" else " 分"
    whole = said.whole.after
    known = [one for one in said.groups if one.after is not None]
    if whole is None or not known:
        return "还没有总分。"
    words = f"总体平均 {plain(whole)}{unit}，柱上写的是平均分（浅色是校准前）"
    if len(known) < 2:
        return words
    most = max(known, key=lambda one: one.after or Decimal(0))
    least = min(known, key=lambda one: one.after or Decimal(0))
    above, under = (most.after or whole) - whole, whole - (least.after or whole)
    words += (
        f"。{short(most.name)}最宽，高 {plain(above)}{unit}；{short(least.name)}最严，低 {plain(under)}{unit}"
    )
    if len(said.groups) > DRAWN:
        words += f"；图上是差得最多的 {DRAWN} 个，共 {len(said.groups)} 个"
    adjusted = sum(one.adjusted for one in said.groups)
    return f"{words}；已校准 {adjusted} 份" if adjusted else words


def lines(said: Distribution) -> list[tuple[str, str]]:
    """Name and numbers of every group."""
    return [
        (
            one.name,
            f"校准前 {number(one.before)}　校准后 {number(one.after)}　{one.people} 份，校准 {one.adjusted} 份",
        )
        for one in (said.whole, *said.groups)
    ]
