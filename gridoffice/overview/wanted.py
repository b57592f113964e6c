"""What a pack asks of one grid's team, beside who serves there: one place for drawer, vacancies and moves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gridoffice.grids import norms
from gridoffice.grids.norms import Holder
from gridoffice.grids.pack import GridKind, Pack


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the pack asks for: so many of `who`, from `least` to `most` (None: without end). `posts` are
    the titles that count (empty: any), `full_time` says that only those in full time do."""

    who: str
    least: int
    most: int | None
    present: int
    posts: tuple[str, ...] = ()
    full_time: bool = False

    @property
    def missing(self) -> int:
        return max(0, self.least - self.present)

    @property
    def over(self) -> int:
        return max(0, self.present - self.most) if self.most is not None else 0

    def counts(self, holder: Holder) -> bool:
        """Whether somebody who serves so is one of those asked for."""
        title, how = holder
        return (not self.posts or title in self.posts) and (not self.full_time or how == norms.FULL)


def wanted(pack: Pack, kind: GridKind, households: int | None, held: Collection[Holder]) -> Iterator[Wanted]:
    """The staffing formula, the rules of the team that it does not already imply, the committee, and the
    sides of a mixed team."""
    staff = kind.staff
    needed = norms.required(staff, households) if staff is not None else 0
    if staff is not None and needed:
        here = norms.present(staff, held)
        yield Wanted(norms.whom(staff), needed, None, here, staff.posts, staff.full_time)
    for rule in kind.team:
        counted = staff is not None and bool(rule.posts) and set(staff.posts) <= set(rule.posts)
        if counted and rule.most is None and rule.least <= needed:
            continue
        count = sum(1 for title, _ in held if not rule.posts or title in rule.posts)
        yield Wanted("或".join(rule.posts) or "队伍", rule.least, rule.most, count, rule.posts)
    committee = pack.options.committee
    if committee is not None and kind.key in committee.kinds:
        count = sum(1 for title, _ in held if title in committee.posts)
        yield Wanted(committee.name, committee.least, None, count, committee.posts)
    mixed = pack.options.mixed
    if mixed is not None and kind.key in mixed.kinds:
        for side in mixed.sides:
            posts = tuple(post.label for post in pack.posts if post.side is side)
            count = sum(1 for title, _ in held if title in posts)
            yield Wanted(side.label, 1, None, count, posts or (side.label,))
