"""The two tables of a month: points as they were computed, raw values as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gridoffice.listing import Listing
from gridoffice.overview.questions import RAW, RawRow, blocking
from gridoffice.scoring.columns import REASON, takes_reason, wants_reason
from gridoffice.scoring.scheme import Scheme, Target
from gridoffice.scoring.shapes import Manual
from gridoffice.values import show
from ui.widgets.cells import Cell
from ui.widgets.listing_table import ListingTable
from ui.widgets.models import Dress
from ui.widgets.month import grade_badge, trimmed

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FIRST = ("rank", "name", "grid", "total", "grade")
WIDTHS = {"rank": 64, "name": 88, "grid": 204, "total": 84, "grade": 116, "unit_rank": 104}
NAMES_OF_UNITS = {"name": 152, "grid": 140}
"""Areas and departments have longer names than people."""


def _rank(_line: Any, rank: int | None) -> Cell:
    return Cell("" if rank is None else str(rank), tone="text2", right=True, sunken=True)


def _second(_line: Any, text: str) -> Cell:
    return Cell(text, tone="text2")


def _total(_line: Any, total: Decimal | None) -> Cell:
    if total is None:
        return Cell("待补", tone="text3", right=True, sunken=True)
    return Cell(trimmed(total), weight=500, right=True, sunken=True)


def _points(line: Any, points: Decimal | None) -> Cell:
    if points is None:
        return Cell("缺", wrong=True) if line.total is None else Cell("—", tone="text3", right=True)
    return Cell(trimmed(points), right=True)


def _table(
    desk: MainWindow,
    listing: Listing,
    dress: dict[str, Any],
    shown: Sequence[Any],
    widths: dict[str, float],
    below: dict[str, str],
    scheme: Scheme,
    ticks: bool = False,
) -> ListingTable:
    made = ListingTable(
        desk.runner,
        desk.office,
        listing,
        dress | {"rank": _rank, "unit_rank": _rank, "grid": _second, "title": _second, "total": _total},
        shown,
        WIDTHS | (NAMES_OF_UNITS if scheme.target is not Target.POST else {}) | widths,
        ticks=ticks,
        grid=True,
        cursor=not ticks,
        below=below,
    )
    whom = "人" if scheme.target is Target.POST else scheme.target.label
    made.empty_words = f"“{desk.scope_name}”这个月没有参加考核的{whom}。"
    return made


def _graded(scheme: Scheme) -> Dress:
    def grade(_line: Any, name: str | None) -> Cell:
        return Cell(name, badge=grade_badge(scheme, name)) if name else Cell("—", tone="text3")

    return grade


def points_table(desk: MainWindow, listing: Listing, scheme: Scheme, ticks: bool = False) -> ListingTable:
    """Rank, total and grade, then the points of each indicator."""

    by_name = {what.name: what for what in listing.columns}
    rest = [what for what in listing.columns if what.name not in (*FIRST, "title")]
    return _table(
        desk,
        listing,
        {"grade": _graded(scheme), **{f"points_{one.key}": _points for one in scheme.indicators}},
        [*(by_name[name] for name in FIRST), *rest],  # the result is in sight however many indicators
        {f"points_{one.key}": max(72.0, 13 * len(one.name) + 22) for one in scheme.indicators},
        {f"points_{one.key}": f"满 {trimmed(one.full)}" if one.full else "加分" for one in scheme.indicators},
        scheme,
        ticks,
    )


def values_table(desk: MainWindow, listing: Listing, scheme: Scheme) -> ListingTable:
    """Rank, name, grid, total, grade, then every raw value; one without which there is no total says 缺, one that
    wants a reason beside it 要说明."""
    marked = {f"{RAW}{REASON}{one.key}": one for one in scheme.indicators if takes_reason(one)}
    needed = {f"{RAW}{key}" for key in blocking(scheme)}
    by_name = {what.name: what for what in listing.columns}
    typed = [what for what in listing.columns if what.name.startswith(RAW)]

    def dressed(what: Any) -> Any:
        of = marked.get(what.name)

        def cell(line: RawRow, value: Any) -> Cell:
            if value is None and of is not None and wants_reason(scheme, of, getattr(line, f"{RAW}{of.key}")):
                return Cell("要说明", wrong=True)
            if value is None:
                return Cell("缺", wrong=True) if what.name in needed else Cell()
            return Cell(show(what.field, value), right=what.field.numeric)

        return cell

    return _table(
        desk,
        listing,
        {"grade": _graded(scheme), **{what.name: dressed(what) for what in typed}},
        [*(by_name[name] for name in FIRST), *typed],
        {
            what.name: 220.0 if what.name in marked else max(72.0, 13 * len(what.field.label) + 22)
            for what in typed
        },
        {what.name: "必填" for what in typed if what.name in needed}
        | {name: one.rule.reason.label for name, one in marked.items() if isinstance(one.rule, Manual)},
        scheme,
    )
