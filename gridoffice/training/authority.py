"""What an account that looks after one place may change of trainings."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from db.tables import Person, Post
from gridoffice.accounts.service import data_scope
from gridoffice.errors import RuleBroken
from gridoffice.grids.listing import path_of
from gridoffice.people.hats import belongings
from gridoffice.settling import out_of_scope
from gridoffice.training.listing import areas


def require_area(session: Session, *grid_ids: int | None) -> None:
    """Raises `RuleBroken` for an area that the account at work does not look after; what is for all
    belongs to everybody."""
    scope = data_scope(session)
    for grid_id in grid_ids:
        if scope is not None and grid_id is not None and not scope.holds(path_of(session, grid_id)):
            name = areas(session, [grid_id]).get(grid_id)
            problem = out_of_scope("培训范围", name, f"你管“{scope.name}”，这一场的是“{name}”")
            raise RuleBroken(problem.message, [problem])


def require_people(session: Session, person_ids: Sequence[int]) -> None:
    """Raises `RuleBroken` for somebody who serves elsewhere only; those who hold no post are
    everybody's."""
    scope = data_scope(session)
    if scope is None:
        return
    for person_id, posts in belongings(session, Post, person_ids).items():
        if not any(scope.holds(one["grid_path"]) for one in posts):
            person = session.get(Person, person_id)
            name = person.name if person is not None else None
            problem = out_of_scope("姓名", name, f"你管“{scope.name}”，“{name}”不在那里")
            raise RuleBroken(problem.message, [problem])
