"""A made-up office on disk: taken in from its own workbooks, assessed and locked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import proof
from db.enums import Decision, MonthState, OpinionStage, Target
from db.tables import Appeal, Department, Grid, Month, Opinion, Person, Post, Sheet
from gridoffice.assessment.locking import verify_month
from gridoffice.assessment.month import months, raw_values
from gridoffice.assessment.rows import results
from gridoffice.assessment.schemes import shipped_scheme
from gridoffice.demo import Size, make
from gridoffice.demo.build import DATABASE, Built, build, take, take_registers
from gridoffice.demo.bulk import fill
from gridoffice.demo.course import DEPARTMENTS, MONTHS_OF_OTHERS
from gridoffice.demo.indicators import indicators
from gridoffice.demo.ledgers import write_ledgers
from gridoffice.demo.portraits import PHOTOGRAPHS, TWICE
from gridoffice.demo.values import indicator_values
from gridoffice.documents.render import page_text, pages
from gridoffice.errors import Cancelled, RuleBroken
from gridoffice.establish import establish
from gridoffice.grids.service import find
from gridoffice.households.listing import HOUSEHOLDS
from gridoffice.intake import Options, Outcome
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.everybody import EVERYBODY
from gridoffice.party.listing import LINKS, ORGS
from gridoffice.people.attachments import photos
from gridoffice.people.duplicates import duplicates
from gridoffice.progress import Step, watched
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.registers.listing import ISSUES, RESOURCES
from gridoffice.review import Review
from gridoffice.workers.listing import WORKERS
from tests.offices import Opening

TODAY = date(2026, 9, 15)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("demo"), Size.STREET, TODAY)


@pytest.fixture
def office(built: Built) -> Iterator[Office]:
    office = Office.open(built.database)
    yield office
    office.close()


def test_the_last_half_year_is_locked_and_proven(built: Built, office: Office) -> None:
    found = [one for one in office.read(months) if one.target is Target.POST]
    assert [one.period for one in found] == [
        "2026-08", "2026-07", "2026-06", "2026-05", "2026-04", "2026-03",
    ]  # fmt: skip
    assert {one.state for one in found} == {MonthState.LOCKED}
    assert built.month == "2026-08"
    assert office.read(verify_month, built.month) == []
    assert office.read(proof.verify) == []


def test_the_database_holds_what_was_made(office: Office) -> None:
    made = make(Size.STREET, TODAY)

    def stored(session: Session) -> tuple[set, set]:
        grids = session.execute(select(Grid.code, Grid.name, Grid.households, Grid.area, Grid.valid_from))
        posts = session.execute(
            select(
                Person.name,
                Person.id_number,
                Person.birth,
                Person.phone,
                Grid.code,
                Post.title,
                Post.employment,
                Post.from_day,
                Post.to_day,
                Post.contract_end,
            )
            .join(Person, Person.id == Post.person_id)
            .join(Grid, Grid.id == Post.grid_id)
        )
        return {tuple(row) for row in grids}, {tuple(row) for row in posts}

    grids, posts = office.read(stored)
    assert grids == {(grid.code, grid.name, grid.households, grid.area, grid.opened) for grid in made.grids}
    assert posts == {
        (
            worker.name,
            worker.id_number,
            worker.birth,
            worker.phone,
            worker.grid,
            worker.post,
            worker.employment,
            worker.appointed,
            worker.left,
            worker.contract_end,
        )
        for worker in made.workers
    }


def test_the_month_holds_the_values_of_the_workbook(built: Built, office: Office) -> None:
    made = make(Size.STREET, TODAY)
    scheme = shipped_scheme("street-default")
    expected = {
        worker.id_number: row for worker, row in indicator_values(made, indicators(scheme), made.months[-1])
    }

    def inputs(session: Session) -> dict:
        sheets = session.execute(
            select(Sheet.id_number, Sheet.recorded)
            .where(Sheet.total.is_not(None), Sheet.person_id.is_not(None))
            .order_by(Sheet.month_id)
        )
        return {number: raw_values(scheme, {"recorded": recorded}) for number, recorded in sheets}

    found = office.read(inputs)
    assert {number: found[number] for number in expected} == expected


def test_areas_and_departments_are_assessed_and_people_objected(built: Built, office: Office) -> None:
    others = [one for one in office.read(months) if one.target is not Target.POST]
    assert len(others) == 2 * MONTHS_OF_OTHERS
    open_now = [one for one in others if one.state is not MonthState.LOCKED]
    assert [(one.period, one.target, one.state) for one in open_now] == [
        (built.month, Target.DEPARTMENT, MonthState.PUBLIC)
    ]

    def told(session: Session) -> tuple[Any, ...]:
        posts = select(Month.id).where(Month.target == Target.POST)
        decisions = session.scalars(
            select(Appeal.decision).where(Appeal.month_id.in_(posts)).order_by(Appeal.number)
        ).all()
        calibrated = session.scalars(select(Opinion.stage).where(Opinion.stage == OpinionStage.CALIBRATION))
        waiting = session.scalars(select(Appeal.id).where(Appeal.decision.is_(None))).all()
        assessed = session.scalars(select(Department.active).where(Department.active)).all()
        totals = session.scalars(
            select(Sheet.total).where(Sheet.person_id.is_(None)).order_by(Sheet.id)
        ).all()
        return list(decisions), len(calibrated.all()), len(waiting), len(assessed), totals

    decisions, calibrated, waiting, assessed, totals = office.read(told)
    assert decisions == [Decision.CHANGED, Decision.KEPT, Decision.WITHDRAWN]
    assert (calibrated, waiting, assessed) == (4, 1, len(DEPARTMENTS) - 1)
    assert None not in totals and len(set(totals)) > len(totals) / 2


def test_the_notice_and_the_table_of_scores_hold_everybody(built: Built, office: Office) -> None:
    pdf = built.pdf.read_bytes()
    paper = re.sub(r"\s+", "", "".join(page_text(pdf, index) for index in range(pages(pdf))))
    table = CalamineWorkbook.from_path(built.scores).get_sheet_by_index(0).to_python()
    listing = office.read(results, built.month)
    rows = office.read(lambda session: listing.rows(session, listing.ids(session, Ask())))
    assert len(rows) > 580
    head = next(row for row in table if "姓名" in row)
    written = {(row[head.index("姓名")], row[head.index("合计")]) for row in table}
    for row in rows:
        assert row.name in paper
        assert f"{row.total:f}".rstrip("0").rstrip(".") in paper
        assert (row.name, float(row.total)) in written


@pytest.mark.parametrize("which", ["grids", "workers", "reported"])
def test_taken_in_again_nothing_is_new(which: str, built: Built, office: Office) -> None:
    ledger = "grids" if which == "grids" else "workers"
    seen = Review(office, ledger, getattr(built.ledgers[0], which), Options()).plan
    assert seen.problems == []
    assert {row.outcome for row in seen.rows} == {Outcome.UNCHANGED}


def test_a_second_office_is_not_put_on_top_of_the_first(built: Built) -> None:
    before = built.database.read_bytes()
    with pytest.raises(RuleBroken, match="已经有资料库"):
        build(built.database.parent, Size.STREET, TODAY)
    assert built.database.read_bytes() == before


def test_stopped_halfway_no_database_is_left(tmp_path: Path) -> None:
    def until_the_second_month(step: Step) -> bool:
        return "4月" not in step.doing

    with watched(until_the_second_month), pytest.raises(Cancelled):
        build(tmp_path, Size.STREET, TODAY)
    assert not list(tmp_path.glob(f"{DATABASE}*"))
    assert build(tmp_path, Size.STREET, TODAY).month == "2026-08"


def test_the_short_way_into_the_database_ends_where_the_workbooks_do(new_database, tmp_path: Path) -> None:
    made = make(Size.STREET, TODAY)
    (files,) = write_ledgers(made, tmp_path)
    long_way, short_way = establish(new_database("long")), establish(new_database("short"))
    take(long_way, "grids", files.grids)
    take(long_way, "workers", files.workers)
    fill(short_way, made)

    def everything(session: Session) -> list[list[tuple]]:
        return [
            sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)
            for columns in (
                [column for column in Grid.__table__.columns if column.name != "version"],
                [column for column in Person.__table__.columns if column.name != "version"],
                [column for column in Post.__table__.columns if column.name != "version"],
            )
        ]

    assert long_way.read(everything) == short_way.read(everything)
    assert short_way.read(proof.verify) == []
    long_way.close()
    short_way.close()


def test_a_county_fills_in_whole_streets_and_the_first_keeps_registers(new_database, tmp_path: Path) -> None:
    made = make(Size.COUNTY, TODAY)
    office = establish(new_database("county"))
    fill(office, made)

    def paths(session: Session) -> dict[str, str]:
        return {code: path for code, path in session.execute(select(Grid.code, Grid.path))}

    found = office.read(paths)
    assert len(found) == len(made.grids)
    assert all(found[grid.code].startswith(found[grid.parent]) for grid in made.grids if grid.parent)
    take_registers(office, made, tmp_path)
    scope = office.read(find, made.streets()[0].code)
    for listing in (ORGS, LINKS, CERTIFICATES, RESOURCES, ISSUES, HOUSEHOLDS):
        everywhere = office.read(listing.ids, Ask())
        assert len(everywhere) and set(everywhere) == set(office.read(listing.ids, Ask(scope=scope)))
    office.close()


def test_some_have_a_photograph_and_some_were_entered_twice(built: Built, office_at: Opening) -> None:
    office = office_at(built.database)
    everybody = office.read(EVERYBODY.ids, Ask())
    assert len(office.read(photos, list(everybody))) == PHOTOGRAPHS
    found = office.read(duplicates)
    assert len(found) == TWICE and {one.reason for one in found} == {"姓名和电话相同"}
    addresses = {row.address for row in office.read(WORKERS.rows, office.read(WORKERS.ids, Ask()))}
    assert None not in addresses and len(addresses) > 100
