"""Which area, which plan and which posts a row of a ledger means by its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import TrainingPlan
from gridoffice.accounts.service import Scope, data_scope
from gridoffice.errors import Problem
from gridoffice.grids.asking import NOWHERE, Found, Places, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Options
from gridoffice.questions import Answers, Asked, Choice
from gridoffice.settling import out_of_scope
from gridoffice.training import rules

AREA = "培训范围"


@dataclass(frozen=True, slots=True)
class Meant:
    """Everything that words are looked up in."""

    places: Places
    plans: Mapping[str, Sequence[int]]
    titles: tuple[str, ...]
    scope: Scope | None

    @classmethod
    def open(cls, session: Session, options: Options, remembered: Mapping[str, str]) -> Meant:
        pack = office_pack(session)
        plans: dict[str, list[int]] = {}
        for number, name in session.execute(select(TrainingPlan.id, TrainingPlan.name)):
            plans.setdefault(name, []).append(number)
        places = Places(
            gazetteer(session, pack), {}, Answers(options.answers, remembered), create_missing=False
        )
        return cls(places, plans, tuple(post.label for post in pack.posts), data_scope(session))

    def area(self, said: Mapping[str, Any], problems: list[Problem]) -> tuple[Found, bool]:
        """The area of a row, and whether the account at work may change nothing there."""
        found = self.places.find((said["area"],), AREA) if said.get("area") else NOWHERE
        problems += found.problems
        if found.grid_id is None or self.scope is None or self.scope.holds(self.places.path(found.grid_id)):
            return found, False
        where = self.places.display(found.grid_id)
        problems.append(out_of_scope(AREA, where, f"你管“{self.scope.name}”，这一行的是“{where}”"))
        return found, True

    def plan(self, name: str | None, problems: list[Problem]) -> int | None:
        """The plan of that name."""
        if not name:
            return None
        found = self.plans.get(name, ())
        if len(found) == 1:
            return found[0]
        said = (
            f"没有培训计划“{name}”，先导入培训计划。"
            if not found
            else f"叫“{name}”的计划有 {len(found)} 个。"
        )
        problems.append(Problem(said, field="所属计划", value=name))
        return None

    def posts(self, said: dict[str, Any], problems: list[Problem]) -> None:
        """The posts of a row, in the one form they are stored in."""
        if said.get("posts"):
            problems += rules.check_posts(said["posts"], self.titles)
            said["posts"] = "、".join(rules.posts_in(said["posts"])) or None

    def changed_area(self, old: Mapping[str, Any], grid_id: int | None) -> dict[str, tuple[Any, Any]]:
        """What a row changes of the area; one that says none leaves it."""
        if grid_id is None or grid_id == old["grid_id"]:
            return {}
        before = self.places.display(old["grid_id"]) if old["grid_id"] is not None else None
        return {"area": (before, self.places.display(grid_id))}


def place_choices(session: Session, _ground: object, asked: Asked) -> tuple[Choice, ...]:
    """Which grid a row may mean."""
    return grid_choices(gazetteer(session, office_pack(session)), asked, create=False)
