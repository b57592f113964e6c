"""What the drawer of a grid and the home page tell of resources and problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid, Issue, Resource
from gridoffice.errors import NotFound
from gridoffice.grids.history import Tree, tree_on
from gridoffice.listing import Ask
from gridoffice.registers.listing import issue_ids, issue_rows, resource_ids, resource_rows
from gridoffice.registers.rows import IssueRow, ResourceRow


@dataclass(frozen=True, slots=True)
class Lists:
    """The resources of a grid, and its problems: those that are left, then those settled; how many stand
    in the lists of the grids below; problems found in the last months, oldest month (YYYY-MM) first, with
    how many of them are settled."""

    resources: tuple[ResourceRow, ...]
    issues: tuple[IssueRow, ...]
    resources_below: int
    issues_below: int
    months: tuple[tuple[str, int, int], ...]


MONTHS = 6


def lists_of(session: Session, grid_id: int, day: date) -> Lists:
    """The lists of a grid as of a day. Raises `NotFound`."""
    tree = tree_on(session, day)
    path = session.scalar(select(tree.c.path).where(tree.c.id == grid_id, tree.standing()))
    if path is None:
        raise NotFound("那一天还没有这个网格。")
    every = Ask(scope=grid_id, day=day)
    resources, issues = resource_ids(session, every), issue_ids(session, every)
    own = _of_grid(session, Resource, grid_id, resources)
    here = _of_grid(session, Issue, grid_id, issues)
    return Lists(
        tuple(resource_rows(session, own, day)),
        tuple(issue_rows(session, here, day)),
        len(resources) - len(own),
        len(issues) - len(here),
        _months(session, tree, path, day),
    )


def _of_grid(
    session: Session, record: type[Resource] | type[Issue], grid_id: int, ids: Sequence[int]
) -> list[int]:
    """Those of some records that belong to the grid itself, in their order."""
    own = set(session.scalars(select(record.id).where(record.grid_id == grid_id)))
    return [one for one in ids if one in own]


def _months(session: Session, tree: Tree, path: str, day: date) -> tuple[tuple[str, int, int], ...]:
    last = day.year * 12 + day.month - 1
    spans = [(one // 12, one % 12 + 1) for one in range(last - MONTHS + 1, last + 1)]
    counted = {span: [0, 0] for span in spans}
    query = select(Issue.day, Issue.closed).join(Grid, Grid.id == Issue.grid_id)
    query = query.where(tree.within(Grid.path, path), Issue.day >= date(*spans[0], 1), Issue.day <= day)
    for found, closed in session.execute(query):
        tally = counted[found.year, found.month]
        tally[0] += 1
        tally[1] += closed is not None and closed <= day
    return tuple((f"{year}-{month:02}", *tally) for (year, month), tally in counted.items())  # type: ignore[misc]
