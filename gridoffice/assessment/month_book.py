"""A month's results as a workbook: one sheet with the areas beside each other, and one for each area."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from gridoffice.assessment.annexes import WHOM, grade_notes, heads_of, ranks_within
from gridoffice.assessment.areas import area_table
from gridoffice.assessment.comparing import comparison
from gridoffice.assessment.month import Where, month_record, scheme_of
from gridoffice.assessment.printed import Cell, Printed
from gridoffice.assessment.rows import SheetRow, results
from gridoffice.assessment.rules import in_words
from gridoffice.documents.model import ColumnHead, HeadGroup
from gridoffice.grids.service import root_id
from gridoffice.listing import Ask, Listing
from gridoffice.scoring.scheme import Scheme, Target, has_points
from gridoffice.spreadsheet.paper_book import BookSheet


def month_sheets(session: Session, where: Where, scope: int | None = None) -> list[BookSheet]:
    """The sheets: 汇总, then one for each grid next below `scope` (None: the office), those who serve on the
    grid itself on one of their own. Raises `RuleBroken` when nothing is computed or nothing lies below."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)
    summary = area_table(session, month.id, scope)
    listing = results(session, month.id)
    words = in_words(month.period)
    rest = {row.id: row for row in _rows(session, listing, root_id(session) if scope is None else scope)}
    sheets = [summary.sheet("汇总")]
    for area in comparison(session, scheme.key, month.period, scope).areas:
        rows = _rows(session, listing, area.grid_id)
        sheets.append(score_table(scheme, f"{words}{area.name}", rows).sheet(area.name))
        for row in rows:
            rest.pop(row.id, None)
    if rest:
        sheets.append(score_table(scheme, f"{words}本级", rest.values()).sheet("本级"))
    return sheets


def _rows(session: Session, listing: Listing, scope: int | None) -> list[SheetRow]:
    return listing.rows(session, listing.ids(session, Ask(scope=scope)))


def score_table(scheme: Scheme, what: str, rows: Iterable[SheetRow]) -> Printed:
    """Everybody's points by indicator, in the order given; `what` is the month with a place."""
    shown = [one for one in scheme.indicators if has_points(one)]
    groups: dict[str, list[str]] = {}
    for one in shown:
        groups.setdefault(one.dimension, []).append(one.name)
    heads: list[ColumnHead] = []
    for dimension, names in groups.items():
        heads += [HeadGroup(dimension, tuple(names))] if dimension and len(names) > 1 else names
    in_order = [one for dimension in groups for one in shown if one.dimension == dimension]
    people = scheme.target is Target.POST
    inside = ranks_within(scheme)
    first = ("排名", "姓名", "所属网格", "职务") if people else ("排名", WHOM[scheme.target])
    cells = tuple(
        (
            row.rank,
            *((row.name, row.grid, row.title) if people else (row.name,)),
            *(row.parts.get(one.key) for one in in_order),
            row.total,
            row.grade,
            *((row.unit_rank,) if inside else ()),
        )
        for row in rows
    )
    after: tuple[Cell, ...] = ("合计", "等次", *((f"{scheme.group.label}排名",) if inside else ()))
    return Printed(
        title=f"{what}{WHOM[scheme.target]}考核成绩表",
        facts=(f"方案：{scheme.name}", f"共{len(cells)}{heads_of(scheme)}", "单位：分"),
        headings=(*first, *heads, *map(str, after)),
        rows=cells,
        places=(
            *(None,) * len(first),
            *(scheme.places,) * (len(in_order) + 1),
            *(None,) * (len(after) - 1),
        ),
        notes=grade_notes(scheme),
    )
