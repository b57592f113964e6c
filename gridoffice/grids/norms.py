"""A grid beside the norms of its pack: each that it breaks as a fault with its fix."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import ceil

from db.enums import Employment, Zone
from gridoffice.grids.pack import GridKind, Pack, Span, Staff

Holder = tuple[str, str]
"""A post held: its title, and the code of its `Employment`."""

FULL = Employment.FULL_TIME.value


@dataclass(frozen=True, slots=True)
class Fault:
    """What is out of keeping, and what to do about it."""

    message: str
    fix: str


def size_fault(
    kind: GridKind,
    households: int | None,
    merchants: int | None,
    population: int | None = None,
    area: Decimal | None = None,
    zone: Zone | None = None,
    alone: bool = False,
) -> Fault | None:
    """A grid larger or smaller than the norm of its kind and class of zones; None when it fits. One
    that is `alone` in a small village is never too small."""
    norm = kind.norm(zone)
    by_merchants = kind.or_merchants and merchants and merchants > (households or 0)
    measures = (
        (norm.households, merchants if by_merchants else households, "家商户" if by_merchants else "户"),
        (norm.merchants, merchants, "家商户"),
        (norm.population, population, "人"),
        (norm.area, area, "平方米"),
    )
    for span, count, unit in measures:
        if span is None or count is None:
            continue
        low, high = span
        if count > high:
            parts = ceil(count / high)
            return Fault(
                f"有 {count:.0f} {unit}，超过{kind.label}的上限 {high} {unit}。",
                f"拆成 {parts} 个，或经批准保留",
            )
        if count < low and not alone:
            return Fault(
                f"只有 {count:.0f} {unit}，不到{kind.label}的下限 {low} {unit}。",
                "并入相邻网格，或经批准保留",
            )
    return None


def by_households(kind: GridKind) -> Span | None:
    """The norm of a kind that is measured by households alone, the same in all zones; an endless one
    where nothing is measured; None where it takes a closer look."""
    if kind.zones or kind.merchants or kind.population or kind.area:
        return None
    return kind.households or (0, sys.maxsize)


def doors(kind: GridKind) -> Decimal | None:
    """How many doors one person reaches within the hours norm; None where there is none."""
    return None if kind.hours is None else kind.hours.limit * 60 / kind.hours.minutes


def unmeasured(kind: GridKind, households: int | None, area: Decimal | None) -> str | None:
    """What a norm asks for and nobody filled in; None when nothing is missing."""
    if kind.households is not None and households is None:
        return "户数"
    if kind.area is not None and area is None:
        return "面积"
    return None


def hours_fault(kind: GridKind, households: int | None, merchants: int | None, people: int) -> Fault | None:
    """Going to every door once takes longer than the hours norm."""
    if kind.hours is None or households is None:
        return None
    work = (households + (merchants or 0)) * kind.hours.minutes / 60
    if work <= kind.hours.limit * max(people, 1):
        return None
    needed, hours = ceil(work / kind.hours.limit), work / max(people, 1)
    return Fault(
        f"走完一遍约要 {hours.quantize(Decimal('0.1'), ROUND_CEILING)} 小时，超过 {kind.hours.limit:f} 小时。",
        f"配到 {needed} 人，或拆小",
    )


def required(staff: Staff, households: int | None) -> int:
    """How many a grid needs by the staffing formula."""
    return max(staff.each, ceil((households or 0) / staff.households) if staff.households else 0)


def present(staff: Staff, held: Collection[Holder]) -> int:
    """How many of those who serve in a grid the staffing formula counts."""
    return sum(1 for title, how in held if title in staff.posts and (how == FULL or not staff.full_time))


def staff_fault(staff: Staff, households: int | None, held: Collection[Holder]) -> Fault | None:
    """Fewer people than the staffing formula asks for."""
    wanted, here = required(staff, households), present(staff, held)
    if here >= wanted:
        return None
    who = whom(staff)
    return Fault(f"应配{who} {wanted} 名，实有 {here} 名。", f"补配 {wanted - here} 名")


def part_time_fault(kind: GridKind, held: Collection[Holder]) -> Fault | None:
    """Somebody serves here, but nobody full-time, where the formula counts only those."""
    if kind.staff is None or not kind.staff.full_time or kind.staff.each < 1 or not held:
        return None
    if any(how == FULL for _, how in held):
        return None
    return Fault("只有兼职或志愿人员，没有专职。", f"配{whom(kind.staff)}")


def whom(staff: Staff) -> str:
    """Whom the staffing formula counts, in words."""
    who = "或".join(staff.posts)
    return f"专职的{who}" if staff.full_time and "专职" not in who else who


def team_fault(kind: GridKind, held: Collection[Holder]) -> Fault | None:
    """The team is not composed as the pack says, all that is wrong in one sentence."""
    missing, over = [], []
    for rule in kind.team:
        count = sum(1 for title, _ in held if not rule.posts or title in rule.posts)
        who = "或".join(rule.posts) or "队伍"
        if count < rule.least:
            missing.append(f"{who}应有 {rule.least} 名，实有 {count} 名")
        elif rule.most is not None and count > rule.most:
            over.append(f"{who}有 {count} 名，多于 {rule.most} 名")
    if not missing and not over:
        return None
    return Fault(f"{'；'.join((*missing, *over))}。", "补齐" if missing else "调整到别的网格")


def lacks_staff(kind: GridKind, held: Collection[Holder]) -> bool:
    """Whether the team lacks the very people that the staffing formula counts: said once is enough."""
    return kind.staff is not None and any(
        rule.posts
        and set(rule.posts) <= set(kind.staff.posts)
        and sum(1 for title, _ in held if title in rule.posts) < rule.least
        for rule in kind.team
    )


def mixed_fault(pack: Pack, kind: GridKind, held: Collection[Holder]) -> Fault | None:
    """A mixed team without one of its sides."""
    mixed = pack.options.mixed
    if mixed is None or kind.key not in mixed.kinds:
        return None
    sides = {post.label: post.side for post in pack.posts}
    here = {sides.get(title) for title, _ in held}
    missing = [side.label for side in mixed.sides if side not in here]
    return Fault(f"团队里没有{'、'.join(missing)}。", "请进团队，或改团队名单") if missing else None


def fixed_fault(pack: Pack, kind: GridKind, bounds: bool, held: Collection[Holder]) -> Fault | None:
    """四定: what of 定格, 定责, 定岗 is not settled (定员 is the finding of a vacant grid)."""
    fixed = pack.options.fixed
    if fixed is None or kind.key not in fixed.kinds:
        return None
    missing = [] if bounds else ["定格（没写四至）"]
    for title in dict.fromkeys(title for title, _ in held):
        if title not in kind.posts:
            missing.append(f"定岗（{title}不是{kind.label}的岗位）")
        elif not pack.duties_of(title):
            missing.append(f"定责（{title}没有职责）")
    return Fault(f"四定还差{'、'.join(missing)}。", "补写四至，或改岗位") if missing else None


def committee_fault(pack: Pack, kind: GridKind, held: Collection[Holder]) -> Fault | None:
    """The self-management committee of a grid has too few members."""
    committee = pack.options.committee
    if committee is None or kind.key not in committee.kinds:
        return None
    count = sum(1 for title, _ in held if title in committee.posts)
    if count >= committee.least:
        return None
    who = "、".join(committee.posts)
    return Fault(
        f"{committee.name}应有 {committee.least} 人以上，现有 {count} 人。",
        f"从{who}里补 {committee.least - count} 人",
    )


def control_fault(pack: Pack, leaders: int, workers: int) -> Fault | None:
    """More workers to a leader than the span of control allows."""
    control = pack.options.control
    if control is None or workers <= max(leaders, 1) * control.most:
        return None
    needed = ceil(workers / control.most)
    return Fault(
        f"{leaders} 名{'、'.join(control.leaders)}带 {workers} 名{'、'.join(control.workers)}，"
        f"每名最多带 {control.most} 名。",
        f"配到 {needed} 名{control.leaders[0]}",
    )


def recommended(norm: Span, total: int) -> tuple[int, int]:
    """How many grids a place of so many households (or square metres) calls for: [⌈H/max⌉, ⌊H/min⌋].

    Where the two do not meet (too few households for one, say) the first number is meant by both.
    """
    low, high = norm
    fewest = max(1, ceil(total / high))
    return fewest, max(fewest, total // low if low else fewest)


def both_hands(pack: Pack, titles: Sequence[str]) -> bool:
    """Whether one person's posts both manage and supervise."""
    axes = {post.label: post.axis for post in pack.posts if post.axis is not None}
    return len({axes[title] for title in titles if title in axes}) > 1
