"""Shares that a place aims at, against plain counting: K 市 60 % in the grid and 30 % in the community, 大邑 how
many were active and answers within 24 hours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.enums import IssueState
from db.tables import Grid
from gridoffice.assessment.comparing import comparison
from gridoffice.assessment.service import compute, enter_values, open_month
from gridoffice.assessment.shares import ShareFigure
from gridoffice.demo.build import build_pack
from gridoffice.grids.listing import office_pack
from gridoffice.grids.switching import switch_pack
from gridoffice.office import Office
from gridoffice.registers.service import save_issue
from tests.offices import sheets

DAY = date(2026, 9, 15)


def shares_of(office: Office, scheme: str, period: str, scope: int | None = None) -> dict[str, ShareFigure]:
    return {one.key: one for one in office.read(comparison, scheme, period, scope).shares}


def months_by(office: Office, key: str, *periods: str) -> None:
    for period in periods:
        office.write(open_month, period, key)
        office.write(compute, f"{period}/{key}")


def test_k_city_sees_who_settled_the_problems_it_found(tmp_path: Path) -> None:
    """Of ten problems of April six were settled in the grid, three by the community, one above it; one turned
    out untrue and counts nowhere. Of two of February one is open and one was settled in a grid."""
    office = Office.open(build_pack(tmp_path, "kcity-5-level", DAY).database)
    pack = office.read(office_pack)
    units = [kind.key for kind in pack.kinds if kind.unit]
    with office.store.reading() as session:
        below: Any = session.execute(
            select(Grid.id, Grid.parent_id).where(Grid.kind.notin_(units), Grid.parent_id.is_not(None))
        ).all()
        community = session.scalars(select(Grid.id).where(Grid.kind.in_(units)).order_by(Grid.id)).all()[-1]
    grid = below[-1].id
    done, open_, dropped = IssueState.DONE, IssueState.OPEN, IssueState.DROPPED

    def found(day: date, where: int, state: IssueState, by: str | None = None) -> None:
        said = {"grid_id": where, "day": day, "what": "路灯不亮", "state": state, "department": by}
        office.write(save_issue, None, said | ({} if state is open_ else {"closed": day}))

    february, april = date(2026, 2, 9), date(2026, 4, 3)
    for _ in range(6):
        found(april, grid, done)
    found(april, community, done)
    found(april, grid, done, "梧桐社区")
    found(april, grid, done, "柳荫社区")
    found(april, grid, done, "城管办")
    found(april, grid, dropped)
    found(february, grid, done)
    found(february, grid, open_)
    months_by(office, "k-city", "2026-02", "2026-03", "2026-04")
    told = shares_of(office, "k-city", "2026-04")
    assert (told["in_grid"].target, told["in_community"].target) == (60, 30)
    assert [share for _, share in told["in_grid"].months] == [50, None, 60]
    assert [share for _, share in told["in_community"].months] == [0, None, 30]
    office.close()


def test_dayi_sees_who_was_active_and_who_answered_in_a_day(small_office: Office) -> None:
    """Active is who has any work that is counted; of whom nothing is recorded yet nobody says anything."""
    small_office.write(switch_pack, "dayi")
    small_office.write(open_month, "2026-06", "dayi")
    rows = sheets(small_office, "2026-06/dayi")
    rates = {"valid": Decimal(90), "task": Decimal(90), "care": Decimal(90)}
    idle = rates | {"report": 0, "service": 0, "respond": Decimal(0)}
    busy = rates | {"report": 3, "service": 0, "respond": Decimal("97.16")}
    values = {row["id"]: busy for row in rows[:4]} | {row["id"]: idle for row in rows[4:6]}
    small_office.write(enter_values, "2026-06/dayi", values)
    small_office.write(compute, "2026-06/dayi")
    told = shares_of(small_office, "dayi", "2026-06")
    assert len(rows) == 7, "of one nothing is recorded"
    assert (told["active"].target, told["respond"].target) == (Decimal("99.58"), Decimal("97.16"))
    assert told["active"].months == (("2026-06", Decimal("66.67")),)  # 4 of 6
    assert told["respond"].months == (("2026-06", Decimal("64.77")),)  # 97.16 × 4 ÷ 6 = 64.7733


@pytest.mark.parametrize("key", ["dayi", "street-default"])
def test_a_place_without_targets_has_no_shares(small_office: Office, key: str) -> None:
    months_by(small_office, key, "2026-06")
    assert shares_of(small_office, key, "2026-06") == {}
