"""部门台账 as Excel knows it: a department in each row, told by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import Department, table_of
from db.turns import Turn
from gridoffice.assessment.departments import (
    DEPARTMENTS,
    OF_DEPARTMENT,
    DepartmentRow,
    foreign,
    unit_served,
)
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.grids.asking import NOWHERE, Places, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Incoming, Ledger, Options, Planned, Preview, take_in
from gridoffice.limits import check_room
from gridoffice.people.hats import asks_of, remembered_of
from gridoffice.questions import Answers, Asked, Choice
from gridoffice.service import service
from gridoffice.settling import differences, settle, write_settled
from gridoffice.spreadsheet.taking import TakenRow


def plan(
    session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
) -> list[Planned]:
    """Each row against the department of that name; a row without a unit leaves that of a known one."""
    book = gazetteer(session, office_pack(session))
    places = Places(book, {}, Answers(options.answers, remembered), create_missing=False)
    stored = {one["name"]: dict(one) for one in session.execute(select(table_of(Department))).mappings()}
    seen: dict[str, TakenRow] = {}
    planned = []
    for row in rows:
        said = dict(row.values)
        name, old = said.get("name") or "", stored.get(said.get("name") or "")
        place = places.find((said["grid"],), "服务区域") if said.get("grid") else NOWHERE
        problems = [*place.problems, *check_room(Department, columns(DepartmentRow), said)]
        earlier = seen.setdefault(name, row)
        if name and earlier is not row:
            words = f"与{earlier.seen_from(row)}是同一个部门。"
            problems.append(Problem(words, field="部门名称", value=name))
        if old is None:
            said["active"] = said.get("active") is not False
        before = old["grid_id"] if old is not None else None
        served = unit_served(session, place.grid_id) if said.get("grid") or old is None else before
        if said.get("grid") and old is not None:
            served = options.rule("grid").of(before, served)
        changes = differences(options, old, said, OF_DEPARTMENT) if old is not None else {}
        if old is not None and served != before:
            changes["grid"] = (_called(places, before), _called(places, served))
        outside = None if place.problems else foreign(session, served)
        if outside is None and old is not None:
            outside = foreign(session, before)
        if outside is not None:
            problems.append(outside)
        planned.append(
            settle(
                row,
                problems,
                changes=changes,
                record=old["id"] if old is not None else None,
                resolved={"grid_id": served},
                values=said,
                asks=asks_of(place.asked),
                skip=place.skip,
                out_of_scope=outside is not None,
            )
        )
    return planned


def _called(places: Places, grid_id: int | None) -> str:
    return "全办" if grid_id is None else places.display(grid_id)


def choices(session: Session, _ground: object, asked: Asked) -> tuple[Choice, ...]:
    """Which grid a row may mean."""
    return grid_choices(gazetteer(session, office_pack(session)), asked, create=False)


def write(session: Session, rows: Sequence[Planned], options: Options) -> dict[str, str]:
    """Insert new departments, change the others."""
    write_settled(session, Department, rows, ("name", *OF_DEPARTMENT), {"grid": "grid_id"})
    return {}


@service("导入部门台账", needs=Right.ASSESS, turn=Turn.IMPORT)
def import_departments(
    session: Session, come: Incoming, options: Options, ready: Preview | None = None
) -> Preview:
    """Take a list of departments in, whole."""
    return take_in(session, DEPARTMENT_LEDGER, come, options, ready)


DEPARTMENT_LEDGER = Ledger(
    key="departments",
    title="部门台账",
    unit="个部门",
    columns=lambda _session, _options: columns(DepartmentRow),
    ground=remembered_of("departments"),
    plan=plan,
    choices=choices,
    write=write,
    service=import_departments,
    listing=DEPARTMENTS,
)
