"""一根红线 as a list: what the drawing shows, grid by grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy.orm import Session

from gridoffice.fields import Field, Kind
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import names_of
from gridoffice.listing import Listing
from gridoffice.party.redline import redline
from gridoffice.worked_out import worked_out


@dataclass(frozen=True, slots=True)
class RedRow:
    """A grid of which the pack asks something, its organisation, who answers for it, what is missing."""

    id: int
    grid: Annotated[str, Field("网格", Kind.GRID, width=24, computed=True)]
    missing: Annotated[str | None, Field("断点", width=28, computed=True)]
    kind: Annotated[str, Field("网格类型", width=10, computed=True)]
    org: Annotated[str | None, Field("党组织", width=28, computed=True)]
    secretary: Annotated[str | None, Field("书记（组长）", Kind.NAME, width=10, computed=True)]
    members: Annotated[int | None, Field("党员数", Kind.INTEGER, width=7, computed=True)]
    tied: Annotated[str | None, Field("入格党员", width=20, computed=True)]
    state: Annotated[str, Field("是否连通", width=9, computed=True)]


JOINED, BROKEN = "已连通", "断点"


def red_rows(session: Session, scope: int | None = None, day: date | None = None) -> Iterator[RedRow]:
    """Every grid on the red line below one, in the order of the tree."""
    pack = office_pack(session)
    asked = {tier.kind for tier in pack.party}
    nodes = [node for node in redline(session, scope, day).nodes if node.kind in asked]
    names = names_of(session, pack, [node.grid_id for node in nodes], day)
    for node in nodes:
        org = node.organisation
        yield RedRow(
            node.grid_id,
            names[node.grid_id][0],
            "，".join(node.breaks) or None,
            node.kind_label,
            org.name if org is not None else None,
            org.secretary if org is not None else None,
            org.members if org is not None else None,
            "、".join(tie.name for tie in node.ties) or None,
            BROKEN if node.breaks else JOINED,
        )


def red_listing(day: date | None = None) -> Listing:
    """The red line as a list on a day, for the window, paper and workbook."""
    return worked_out("redline", "一根红线情况表", "个网格", RedRow, red_rows, ("kind", "state"), day)
