"""What must be true of party organisations, members, and the grids they answer for."""

from __future__ import annotations

from datetime import date, timedelta

from db.enums import PartyMemberKind, PartyOrgKind
from gridoffice.dates import years_on
from gridoffice.errors import Problem, Severity
from gridoffice.grids.pack import Pack, PartyTier, plain

FULL_MEMBERS = {PartyOrgKind.COMMITTEE: 100, PartyOrgKind.GENERAL: 50, PartyOrgKind.BRANCH: 3}
"""How many full members an organisation is set up with (党章第三十条: 正式党员三人以上; 《中国共产党支部工作
条例（试行）》第五条; 50 and 100 as organisation departments keep them). Soft: the committee above may decide
otherwise."""

ADULT = 18
"""党章第一条: 年满十八岁."""

PROBATION = 1
"""党章第七条: 预备党员的预备期为一年."""


def too_small(kind: PartyOrgKind, full_members: int) -> str | None:
    """A sentence when an organisation has fewer full members than its kind is set up with. For
    committees and general branches only those of a branch are asked: the rest is custom."""
    if kind is not PartyOrgKind.BRANCH or full_members >= FULL_MEMBERS[kind]:
        return None
    return f"正式党员只有 {full_members} 人，党支部要有 {FULL_MEMBERS[kind]} 人以上，不足的设联合党支部或党小组。"


_ENDINGS = (
    ("联合党支部", PartyOrgKind.JOINT_BRANCH),
    ("联合支部", PartyOrgKind.JOINT_BRANCH),
    ("联合支部委员会", PartyOrgKind.JOINT_BRANCH),
    ("党总支", PartyOrgKind.GENERAL),
    ("总支", PartyOrgKind.GENERAL),
    ("总支部", PartyOrgKind.GENERAL),
    ("总支部委员会", PartyOrgKind.GENERAL),
    ("支部", PartyOrgKind.BRANCH),
    ("支部委员会", PartyOrgKind.BRANCH),
    ("党小组", PartyOrgKind.GROUP),
    ("党委", PartyOrgKind.COMMITTEE),
    ("党工委", PartyOrgKind.COMMITTEE),
    ("委员会", PartyOrgKind.COMMITTEE),
)


def kind_of(name: str) -> PartyOrgKind | None:
    """The kind that an organisation's own name tells: `梧桐社区第一党支部` is a branch."""
    fitting = [(len(ending), kind) for ending, kind in _ENDINGS if name.endswith(ending)]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None


def leader_title(kind: PartyOrgKind) -> str:
    """What the one who leads an organisation is called."""
    return "组长" if kind is PartyOrgKind.GROUP else "书记"


_BELOW = {
    PartyOrgKind.COMMITTEE: (PartyOrgKind.COMMITTEE,),
    PartyOrgKind.GENERAL: (PartyOrgKind.COMMITTEE,),
    PartyOrgKind.BRANCH: (PartyOrgKind.COMMITTEE, PartyOrgKind.GENERAL),
    PartyOrgKind.JOINT_BRANCH: (PartyOrgKind.COMMITTEE, PartyOrgKind.GENERAL),
    PartyOrgKind.GROUP: (PartyOrgKind.BRANCH, PartyOrgKind.JOINT_BRANCH),
}


def check_parent(kind: PartyOrgKind, parent: PartyOrgKind | None, said: str | None) -> list[Problem]:
    """An organisation hangs below one that may carry it; a group always hangs below a branch."""
    if parent is None or parent in _BELOW[kind]:
        return []
    allowed = "或".join(one.label for one in _BELOW[kind])
    message = f"{kind.label}的上级应是{allowed}，这里是{parent.label}。"
    return [Problem(message, Severity.WARNING, field="上级党组织", value=said)]


def confirmation_day(joined: date) -> date:
    """The day from which a probationary member may become a full one."""
    return years_on(joined, PROBATION)


def check_member(
    kind: PartyMemberKind, joined: date | None, confirmed: date | None, birth: date | None
) -> list[Problem]:
    """The days of a membership against each other, and against the birthday."""
    found = []
    if joined and confirmed and confirmed < joined:
        said = f"转正日期 {confirmed} 早于入党日期 {joined}。"
        found.append(Problem(said, field="转正日期", value=str(confirmed)))
    # 1921–1969 without a year of probation: members of then still stand in the rosters of today
    elif joined and confirmed and joined.year >= 1970 and confirmed < confirmation_day(joined):
        said = f"预备期是一年，{joined} 入党的转正不早于 {confirmation_day(joined)}。看看对不对。"
        found.append(Problem(said, Severity.WARNING, field="转正日期", value=str(confirmed)))
    if kind is PartyMemberKind.PROBATIONARY and confirmed and confirmed <= date.today():
        said = "填了转正日期，人员类别还是预备党员。看看对不对。"
        found.append(Problem(said, Severity.WARNING, field="人员类别", value=kind.label))
    if joined and birth and joined < years_on(birth, ADULT):
        said = f"入党日期 {joined} 时未满 {ADULT} 岁。看看对不对。"
        found.append(Problem(said, Severity.WARNING, field="入党日期", value=str(joined)))
    return found


def due(kind: PartyMemberKind, joined: date | None, day: date) -> date | None:
    """Since when a probationary member should have been confirmed; None when that is not yet so."""
    if kind is not PartyMemberKind.PROBATIONARY or joined is None:
        return None
    ready = confirmation_day(joined)
    return ready if ready <= day else None


def check_days(from_day: date | None, to_day: date | None) -> list[Problem]:
    """Nothing ends before it begins."""
    if from_day and to_day and to_day < from_day:
        said = f"终止日期 {to_day} 早于起始日期 {from_day}。"
        return [Problem(said, field="终止日期", value=str(to_day))]
    return []


def overlap(
    from_day: date | None, to_day: date | None, other_from: date | None, other_to: date | None
) -> bool:
    """Whether two periods share a day; an open end goes on for ever."""
    return (from_day or date.min) <= (other_to or date.max) and (other_from or date.min) <= (
        to_day or date.max
    )


def day_before(day: date) -> date:
    """The last day of what ends where something else begins."""
    return day - timedelta(days=1)


# Who answers for which kind of grid


def tier_name(tier: PartyTier) -> str:
    """The kind of members that stands at a tier, as a ledger writes it: without the examples in
    brackets behind it."""
    return tier.supervisor.partition("（")[0]


def tier_names(pack: Pack) -> list[str]:
    """The kinds of members that the red line knows."""
    return [tier_name(one) for one in pack.party if one.supervisor]


def tiers_of(pack: Pack, grid_kind: str) -> tuple[PartyTier, ...]:
    """What the red line asks for at a kind of grid."""
    return tuple(tier for tier in pack.party if tier.kind == grid_kind)


def tier_called(pack: Pack, word: str) -> PartyTier | None:
    """The tier that a ledger means by a kind of members."""
    said = plain(word)
    for tier in pack.party:
        if tier.supervisor and said in (plain(tier_name(tier)), plain(tier.supervisor)):
            return tier
    return None


def check_tie(pack: Pack, kind: str, grid_kind: str) -> list[Problem]:
    """The kind of members fits the kind of grid they answer for."""
    tier = tier_called(pack, kind)
    if tier is None:
        known = "、".join(tier_names(pack))
        said = f"“{kind}”不在本办的入格类别里，照原样记下。" + (f"已有：{known}。" if known else "")
        return [Problem(said, Severity.WARNING, field="入格类别", value=kind)]
    if tier.kind != grid_kind:
        said = f"{tier_name(tier)}应入{pack.kind(tier.kind).label}，这里是{pack.kind(grid_kind).label}。"
        return [Problem(said, Severity.WARNING, field="入格类别", value=kind)]
    return []
