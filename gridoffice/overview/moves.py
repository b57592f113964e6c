"""A transfer before it is carried out: who goes, who cannot, and what it leaves behind in the grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid, Post
from gridoffice.errors import Severity
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.norms import Holder
from gridoffice.grids.pack import Pack
from gridoffice.grids.service import serving
from gridoffice.listing import chunked
from gridoffice.overview.wanted import wanted
from gridoffice.workers.moving import Mover, Transfer, movers


@dataclass(frozen=True, slots=True)
class Effect:
    """What a transfer does to a grid's team, in one sentence."""

    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class MovePreview:
    """Who goes, each from where (`grids` by number), who cannot, and what it does to the teams."""

    going: tuple[Mover, ...]
    refused: tuple[Mover, ...]
    effects: tuple[Effect, ...]
    grids: dict[int, str]


def move_preview(session: Session, post_ids: Sequence[int], transfer: Transfer) -> MovePreview:
    """What a transfer would come to, without those who cannot go. Raises `RuleBroken` and `NotFound` as
    `movers` does."""
    found = movers(session, post_ids, transfer)
    going = tuple(one for one in found if one.refused is None)
    pack = office_pack(session)
    touched = {one.grid_id for one in found} | {one.to_grid_id for one in found}
    names = {number: name for number, (name, _) in names_of(session, pack, touched).items()}
    return MovePreview(
        going,
        tuple(one for one in found if one.refused is not None),
        tuple(_effects(session, pack, going, transfer, names)),
        names,
    )


def _effects(
    session: Session, pack: Pack, going: Sequence[Mover], transfer: Transfer, names: dict[int, str]
) -> list[Effect]:
    places = sorted({one.grid_id for one in going} | {one.to_grid_id for one in going})
    before = _teams(session, places, transfer.day)
    after = {grid: dict(team) for grid, team in before.items()}
    fresh = 0
    for one in going:
        after[one.grid_id].pop(one.post_id, None)
        fresh -= 1
        after[one.to_grid_id][fresh] = (one.to_title, (transfer.employment or one.employment).value)
    found: list[Effect] = []
    for chunk in chunked(places):
        for grid in session.scalars(select(Grid).where(Grid.id.in_(chunk)).order_by(Grid.path)):
            kind = pack.kind(grid.kind)
            for title in dict.fromkeys(one.to_title for one in going if one.to_grid_id == grid.id):
                if kind.posts and title not in kind.posts:
                    message = f"{kind.label}没有“{title}”这个岗位：{names[grid.id]}。"
                    found.append(Effect(Severity.WARNING, message))
            was = list(wanted(pack, kind, grid.households, list(before[grid.id].values())))
            will = list(wanted(pack, kind, grid.households, list(after[grid.id].values())))
            for old, new in zip(was, will, strict=True):
                if new.missing > old.missing:
                    message = f"{names[grid.id]}调走后缺{new.who} {new.missing} 人。"
                    found.append(Effect(Severity.WARNING, message))
                elif new.over > old.over:
                    found.append(Effect(Severity.NOTE, f"{names[grid.id]}{new.who}多 {new.over} 人。"))
                elif old.missing and not new.missing:
                    found.append(Effect(Severity.NOTE, f"{names[grid.id]}的{new.who}补齐了。"))
    return found


def _teams(session: Session, grid_ids: Sequence[int], day: date) -> dict[int, dict[int, Holder]]:
    """Who serves in some grids on a day, by grid and post."""
    found: dict[int, dict[int, Holder]] = {grid_id: {} for grid_id in grid_ids}
    for chunk in chunked(grid_ids):
        query = select(Post.grid_id, Post.id, Post.title, Post.employment)
        for grid_id, post_id, title, how in session.execute(
            query.where(Post.grid_id.in_(chunk), serving(day))
        ):
            found[grid_id][post_id] = (title, how.value)
    return found
