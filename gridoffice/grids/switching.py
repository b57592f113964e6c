"""From one way to run grids to another: what each kind and post becomes, seen before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from db.bulk import bulk_update
from db.enums import Right
from db.journal import entitle
from db.tables import Grid, GridPeriod, Post
from gridoffice.errors import Problem, RuleBroken
from gridoffice.grids.listing import office_pack, standing
from gridoffice.grids.own_packs import pack_called
from gridoffice.grids.pack import Pack
from gridoffice.service import service
from gridoffice.settings import MODEL, set_setting


@dataclass(frozen=True, slots=True)
class Counterpart:
    """One kind or post of today: what it is called, how many there are, and what it becomes (its key
    or title and its label there); None where the other pack has nothing that fits."""

    key: str
    label: str
    count: int
    to: str | None
    becomes: str | None


@dataclass(frozen=True, slots=True)
class Switch:
    """What going over to another pack would do. `problems` say what must be settled first; `codes`
    counts grids whose codes the other pack would write differently (they keep them)."""

    key: str
    name: str
    scheme: str
    kinds: tuple[Counterpart, ...]
    posts: tuple[Counterpart, ...]
    codes: int
    problems: tuple[Problem, ...]

    @property
    def ready(self) -> bool:
        return not self.problems


def preview_switch(
    session: Session,
    key: str,
    kinds: Mapping[str, str] | None = None,
    posts: Mapping[str, str] | None = None,
) -> Switch:
    """What going over to a pack would do. `kinds` and `posts` say what the clerk chose: old kind or post
    to new, in the words of either pack. What nobody chose goes by the same key or word. A post that is
    to keep its title says the same title. Raises `NotFound`."""
    before, after = office_pack(session), pack_called(session, key)
    problems: list[Problem] = []
    kind_map = _kinds(session, before, after, kinds or {}, problems)
    post_map = _posts(session, before, after, posts or {}, problems)
    if not problems:
        problems += _misplaced(session, after, {one.key: one.to for one in kind_map if one.to is not None})
    return Switch(
        after.key,
        after.name,
        after.scheme,
        kind_map,
        post_map,
        _codes(session, after, {one.key: one.to for one in kind_map}),
        tuple(problems),
    )


def _kinds(
    session: Session, before: Pack, after: Pack, chosen: Mapping[str, str], problems: list[Problem]
) -> tuple[Counterpart, ...]:
    counts = Counter(session.scalars(select(Grid.kind)))
    used = set(counts) | set(session.scalars(select(GridPeriod.kind).distinct()))
    known = {kind.key for kind in after.kinds}
    wanted = {}
    for old, new in chosen.items():
        was, becomes = before.kind_called(old), after.kind_called(new)
        if was is None or becomes is None:
            name, word = (before.name, old) if was is None else (after.name, new)
            problems.append(Problem(f"“{name}”里没有“{word}”这种网格类型。", field="网格类型", value=word))
        else:
            wanted[was.key] = becomes.key
    found = []
    for kind in before.kinds:
        if kind.key not in used:
            continue
        to = wanted.get(kind.key) or (kind.key if kind.key in known else None)
        if to is None:
            same = next((one for word in (kind.label, *kind.words) if (one := after.kind_called(word))), None)
            to = same.key if same is not None else None
        if to is None:
            problems.append(
                Problem(
                    f"{kind.label}（{counts[kind.key]} 个）在“{after.name}”里没有对应的类型："
                    "说明对应到哪一类，或先把这些网格并入上级。",
                    field="网格类型",
                    value=kind.label,
                )
            )
        label = after.kind(to).label if to is not None else None
        found.append(Counterpart(kind.key, kind.label, counts[kind.key], to, label))
    return tuple(found)


def _posts(
    session: Session, before: Pack, after: Pack, chosen: Mapping[str, str], problems: list[Problem]
) -> tuple[Counterpart, ...]:
    """Posts held today or later; what was held before keeps the title it had."""
    held = select(Post.title, func.count()).where(_held()).group_by(Post.title).order_by(Post.title)
    found = []
    for title, count in session.execute(held):
        known, same = before.post_called(title), after.post_called(title)
        to = same.label if same is not None else None
        if title in chosen:
            becomes = after.post_called(chosen[title])
            to = becomes.label if becomes is not None else title if chosen[title] == title else None
            if to is None:
                problems.append(
                    Problem(
                        f"“{after.name}”里没有“{chosen[title]}”这个岗位。", field="职务", value=chosen[title]
                    )
                )
        elif to is None and known is None:
            to = title  # written in freely, and kept so
        elif to is None:
            problems.append(
                Problem(
                    f"{title}（{count} 人）在“{after.name}”里没有对应的岗位：说明对应到哪个岗位，或照原样保留。",
                    field="职务",
                    value=title,
                )
            )
        found.append(Counterpart(title, title, count, to, to))
    return tuple(found)


def _held():
    return or_(Post.to_day.is_(None), Post.to_day >= date.today())


def _misplaced(session: Session, after: Pack, to: Mapping[str, str]) -> list[Problem]:
    """Grids that would hang where the other pack has no room for them, by kind."""
    above = aliased(Grid)
    query = (
        select(Grid.kind, above.kind, func.count())
        .outerjoin(above, above.id == Grid.parent_id)
        .where(standing(None))
        .group_by(Grid.kind, above.kind)
        .order_by(Grid.kind, above.kind)
    )
    found = []
    for own, parent, count in session.execute(query):
        kind = after.kind(to[own])
        if parent is None:
            fits = kind.key in after.root or not kind.parents
            where = "没有上级"
        else:
            fits = to[parent] in kind.parents
            where = f"挂在{after.kind(to[parent]).label}下面"
        if not fits:
            allowed = "或".join(after.kind(one).label for one in sorted(kind.parents)) or "无"
            found.append(
                Problem(
                    f"{count} 个{kind.label}会{where}，“{after.name}”里{kind.label}的上级应是{allowed}。"
                    "换一种对应，或先调整这些网格。",
                    field="上级网格",
                    value=kind.label,
                )
            )
    return found


def _codes(session: Session, after: Pack, to: Mapping[str, str | None]) -> int:
    patterns = {old: after.kind(new).code for old, new in to.items() if new is not None}
    rows = session.execute(select(Grid.kind, Grid.code).where(standing(None)))
    return sum(1 for kind, code in rows if kind in patterns and not patterns[kind].fullmatch(code))


@service("更换治理模式", needs=Right.ADMINISTER)
def switch_pack(
    session: Session,
    key: str,
    kinds: Mapping[str, str] | None = None,
    posts: Mapping[str, str] | None = None,
) -> Switch:
    """Go over to another pack: every grid, past and present, gets its kind there, everybody who serves
    the post's title there. Months that are open keep their scheme; the next one opens with the pack's.

    Raises `RuleBroken` with every problem while anything is left unmapped or out of place, and when the
    office works by that pack already."""
    before = office_pack(session)
    if before.key == key:
        raise RuleBroken(f"本办已经按“{before.name}”运行。")
    seen = preview_switch(session, key, kinds, posts)
    if not seen.ready:
        raise RuleBroken(seen.problems[0].message, seen.problems)
    to = {one.key: one.to for one in seen.kinds if one.to != one.key}
    for record in (Grid, GridPeriod):
        rows = session.execute(select(record.id, record.kind).where(record.kind.in_(to))).all()
        bulk_update(session, record, {number: {"kind": to[kind]} for number, kind in rows})
    titles = {one.key: one.to for one in seen.posts if one.to != one.key}
    held = session.execute(select(Post.id, Post.title).where(Post.title.in_(titles), _held())).all()
    bulk_update(session, Post, {number: {"title": titles[title]} for number, title in held})
    set_setting(session, MODEL, key)
    entitle(
        session,
        f"治理模式由“{before.name}”换成“{seen.name}”",
        whole=True,
        day=date.today().isoformat(),
    )
    return seen
