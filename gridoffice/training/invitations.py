"""Who is due at a training: those it is for, who are short of hours, who have not been to one like it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.enums import TrainingState
from db.tables import Attendance, Grid, Invitation, Person, Post, Training
from gridoffice.errors import NotFound
from gridoffice.fields import columns
from gridoffice.grids.rules import below
from gridoffice.grids.service import serving
from gridoffice.listing import Listing
from gridoffice.training import rules
from gridoffice.training.rows import SheetRow
from gridoffice.training.service import GONE, shortage_between
from gridoffice.training.sheet import sheet_listing


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody a training is for. `missing` are the hours short of what is asked for, `been` whether
    there was one like it already, `on` whether already on the sheet."""

    person_id: int
    name: str
    title: str
    grid_id: int
    missing: Decimal
    been: bool
    on: bool


def due(session: Session, training_id: int) -> list[Due]:
    """Everybody a training is for, by its area and posts, in the order of the grids; each person once."""
    one = session.get(Training, training_id)
    if one is None:
        raise NotFound(GONE)
    path = session.scalar(select(Grid.path).where(Grid.id == one.grid_id)) if one.grid_id else None
    start, end = below(path) if path is not None else ("", "~")
    query = select(Post.person_id, Person.name, Post.title, Post.grid_id)
    query = query.join(Person, Person.id == Post.person_id)
    query = query.where(serving(one.day), Post.grid_path >= start, Post.grid_path < end)
    posts = rules.posts_in(one.posts)
    if posts:
        query = query.where(Post.title.in_(posts))
    missing: dict[int, Decimal] = {}
    for short in shortage_between(session, start, end, one.day):
        missing[short.person_id] = max(short.missing, missing.get(short.person_id, Decimal(0)))
    been = been_to_one_like(session, one)
    on = set(session.scalars(select(Invitation.person_id).where(Invitation.training_id == training_id)))
    on |= set(session.scalars(select(Attendance.person_id).where(Attendance.training_id == training_id)))
    found: dict[int, Due] = {}
    for person_id, name, title, grid_id in session.execute(query.order_by(Post.grid_path, Post.id)):
        found.setdefault(
            person_id,
            Due(
                person_id,
                name,
                title,
                grid_id,
                missing.get(person_id, Decimal(0)),
                person_id in been,
                person_id in on,
            ),
        )
    return list(found.values())


def been_to_one_like(session: Session, one: Training) -> set[int]:
    """Who was at another session of the same plan, or of the same theme in the same year."""
    like = [Training.plan_id == one.plan_id] if one.plan_id is not None else []
    if one.theme:
        year = one.day.year
        like.append(
            (Training.theme == one.theme)
            & Training.day.between(one.day.replace(year, 1, 1), one.day.replace(year, 12, 31))
        )
    if not like:
        return set()
    query = select(Attendance.person_id).join(Training, Training.id == Attendance.training_id)
    query = query.where(
        or_(*like),
        Training.id != one.id,
        Attendance.presence.in_(rules.THERE),
        or_(Training.state.is_(None), Training.state != TrainingState.CANCELLED),
    )
    return set(session.scalars(query))


def notice_listing(training_id: int) -> Listing:
    """通知名单: the sheet without what is only known afterwards."""
    wanted = {"name", "grid", "title", "phone"}
    shown = tuple(column for column in columns(SheetRow) if column.name in wanted)
    return replace(sheet_listing(training_id), title="培训通知名单", columns=shown)
