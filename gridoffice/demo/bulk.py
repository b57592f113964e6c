"""A large made-up office straight into the database, by the county: no workbook is that long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, reserve
from db.enums import Right
from db.journal import entitle
from db.tables import Grid, Person, Post, Sheet
from gridoffice.assessment.month import month_record, scheme_of
from gridoffice.assessment.service import write_cells
from gridoffice.demo.data import DemoOffice, GridDatum, WorkerDatum
from gridoffice.demo.values import Value
from gridoffice.grids.listing import office_pack
from gridoffice.grids.service import insert_grids
from gridoffice.office import Office
from gridoffice.people.service import keys
from gridoffice.progress import report
from gridoffice.service import service

_PORTION = 7000


def fill(office: Office, made: DemoOffice) -> None:
    """Write all grids and workers of `made`, in actions of a street or more each."""
    workers: dict[str, list[WorkerDatum]] = {}
    for worker in made.workers:
        workers.setdefault(worker.grid, []).append(worker)
    done = 0
    for grids in _portions(made.grids):
        report("正在写入网格和人员", done, len(made.grids))
        serving = [worker for grid in grids for worker in workers.get(grid.code, ())]
        office.write(fill_portion, grids, serving)
        done += len(grids)


def _portions(grids: Sequence[GridDatum]) -> list[list[GridDatum]]:
    """Runs of whole streets, parents before children, each of some thousand grids: what one action
    holds is kept in memory until it is written."""
    portions: list[list[GridDatum]] = [[]]
    for grid in grids:
        if len(portions[-1]) > _PORTION and len(grid.code) <= 9:
            portions.append([])
        portions[-1].append(grid)
    return portions


def _by_code(session: Session, column: Any, condition: Any) -> dict[str, Any]:
    return {code: value for code, value in session.execute(select(Grid.code, column).where(condition))}


@service("装入示范资料", needs=Right.ADMINISTER)
def fill_portion(session: Session, grids: Sequence[GridDatum], workers: Sequence[WorkerDatum]) -> None:
    """Insert these grids and those who serve in them. Parents are among `grids` or stored already."""
    pack = office_pack(session)
    kinds = {grid.kind: pack.kind_called(grid.kind) for grid in grids}
    above = {grid.parent for grid in grids} - {None}
    ids = _by_code(session, Grid.id, Grid.code.in_(above))
    ids |= zip((grid.code for grid in grids), reserve(session, Grid, len(grids)), strict=True)
    insert_grids(
        session,
        (
            {
                "id": ids[grid.code],
                "code": grid.code,
                "name": grid.name,
                "kind": kind.key,
                "parent_id": ids[grid.parent] if grid.parent else None,
                "households": grid.households,
                "merchants": grid.shops,
                "population": grid.population,
                "area": Decimal(grid.area),
                "extent": grid.scope,
                "zone": grid.zone,
                "valid_from": grid.opened,
                "valid_to": None,
                "note": grid.remark or None,
            }
            for grid in grids
            if (kind := kinds[grid.kind]) is not None
        ),
    )
    paths = _by_code(session, Grid.path, Grid.id.in_(ids.values()))
    entitle(session, f"装入示范资料：网格 {len(grids)} 个，人员 {len(workers)} 人")
    persons = reserve(session, Person, len(workers))
    bulk_insert(
        session,
        Person,
        [
            {
                "id": number,
                "name": worker.name,
                "id_number": worker.id_number,
                "sex": worker.sex,
                "ethnicity": worker.ethnicity,
                "birth": worker.birth,
                "political": worker.political,
                "education": worker.education,
                "phone": worker.phone,
                "address": worker.address,
                "note": None,
                **keys(worker.name, worker.id_number, worker.phone),
            }
            for number, worker in zip(persons, workers, strict=True)
        ],
    )
    bulk_insert(
        session,
        Post,
        [
            {
                "id": number,
                "person_id": person,
                "grid_id": ids[worker.grid],
                "grid_path": paths[worker.grid],
                "title": worker.post,
                "employment": worker.employment,
                "concurrent": False,
                "from_day": worker.appointed,
                "to_day": worker.left,
                "contract_end": worker.contract_end,
                "employer": worker.employer,
                "reason": None,
                "leave_reason": worker.leave_reason,
                "note": worker.remark or None,
            }
            for number, person, worker in zip(
                reserve(session, Post, len(workers)), persons, workers, strict=True
            )
        ],
    )


@service("装入示范考核数据", needs=Right.ASSESS)
def fill_values(session: Session, period: str, values: Mapping[str, Mapping[str, Value]]) -> None:
    """Enter a month's raw values by ID number, for a month with more people than a workbook has rows. The
    sheets of areas take those of the first people, one each."""
    month = month_record(session, period)
    sheets = session.execute(
        select(Sheet.id, Sheet.person_id, Sheet.id_number)
        .where(Sheet.month_id == month.id)
        .order_by(Sheet.id)
    )
    entered: dict[int, Mapping[str, Value]] = {}
    for_areas = iter(values.values())
    for sheet, person, number in sheets:
        found = next(for_areas, None) if person is None else values.get(number or "")
        if found is not None:
            entered[sheet] = found
    changed = write_cells(session, month, scheme_of(session, month), entered)
    entitle(session, f"装入示范考核数据：{changed} 张考核表")
