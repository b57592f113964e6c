"""In which grid a row of a list belongs, and what is stored there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Base, table_of
from gridoffice.accounts.service import Scope, data_scope
from gridoffice.errors import Problem
from gridoffice.grids.asking import NOWHERE, Places, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Options
from gridoffice.listing import chunked
from gridoffice.people.hats import asks_of
from gridoffice.questions import Answers, Asked, Choice
from gridoffice.settling import out_of_scope
from gridoffice.spreadsheet.taking import TakenRow

FIELD = "所属网格"


@dataclass(frozen=True, slots=True)
class Placed:
    """The grid of a row, or what is wrong with it and what is asked."""

    grid_id: int | None
    problems: tuple[Problem, ...] = ()
    asks: tuple[Asked, ...] = ()
    skip: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Placing:
    """Every grid by the words of rows, and what the account at work may change."""

    places: Places
    scope: Scope | None

    @classmethod
    def open(cls, session: Session, options: Options, remembered: Mapping[str, str]) -> Placing:
        """What the rows of one file are placed with."""
        answers = Answers(options.answers, remembered)
        book = gazetteer(session, office_pack(session))
        return cls(Places(book, {}, answers, create_missing=False), data_scope(session))

    def of(self, row: TakenRow) -> Placed:
        """Where one row belongs."""
        said = row.values.get("grid")
        found = self.places.find((said,), FIELD) if said else NOWHERE
        problems, outside = list(found.problems), False
        if found.grid_id is not None and self.scope is not None:
            outside = not self.scope.holds(self.places.path(found.grid_id))
            if outside:
                where = self.places.display(found.grid_id)
                words = f"你管“{self.scope.name}”，这一行的是“{where}”"
                problems.append(out_of_scope(FIELD, where, words))
        return Placed(found.grid_id, tuple(problems), asks_of(found.asked), found.skip, outside)


def choices(session: Session, _ground: object, asked: Asked) -> tuple[Choice, ...]:
    """Which grid a row may mean."""
    return grid_choices(gazetteer(session, office_pack(session)), asked, create=False)


def stored_of(
    session: Session, record: type[Base], grid_ids: Iterable[int | None]
) -> dict[int, list[Mapping[str, Any]]]:
    """What these grids have, by grid, the latest first."""
    table = table_of(record)
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for chunk in chunked(sorted(one for one in grid_ids if one is not None)):
        query = select(table).where(table.c.grid_id.in_(chunk)).order_by(table.c.id.desc())
        for row in session.execute(query).mappings():
            found[row["grid_id"]].append(dict(row))
    return found


def twin(
    seen: dict[Any, TakenRow], key: tuple[Any, ...], row: TakenRow, field: str, what: str
) -> Sequence[Problem]:
    """The problem of a row that says the same as an earlier one of the file."""
    earlier = seen.setdefault(key, row)
    if earlier is row or not key[1]:
        return ()
    return (Problem(f"与{earlier.seen_from(row)}是{what}。", field=field, value=str(key[1])),)
