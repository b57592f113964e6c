"""The made-up ledgers read by the program's own eyes: nothing to complain about, or exactly what was planted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gridoffice.demo import DemoOffice, Size, make
from gridoffice.demo.broken import write_broken_roster
from gridoffice.demo.ledgers import StreetFiles, write_ledgers
from gridoffice.fields import columns
from gridoffice.grids.rows import GridRow
from gridoffice.spreadsheet.matching import Layout, best_sheet
from gridoffice.spreadsheet.reading import read
from gridoffice.spreadsheet.taking import Taken, take
from gridoffice.workers.rows import PlaceColumns, WorkerRow

WORKER_COLUMNS = (*columns(WorkerRow), *columns(PlaceColumns))


@pytest.fixture(scope="module")
def office() -> DemoOffice:
    return make(Size.STREET, date(2026, 9, 15))


@pytest.fixture(scope="module")
def files(office: DemoOffice, tmp_path_factory: pytest.TempPathFactory) -> StreetFiles:
    (found,) = write_ledgers(office, tmp_path_factory.mktemp("ledgers"))
    return found


def taken(path: Path, wanted: tuple) -> tuple[Layout, Taken]:
    sheet, layout = best_sheet(read(path), wanted)
    return layout, take(sheet, layout)


def test_grids_are_read_without_a_remark(office: DemoOffice, files: StreetFiles) -> None:
    layout, found = taken(files.grids, columns(GridRow))
    assert layout.header_rows == (3, 4)
    assert layout.unmapped == ()
    assert [problem for row in found.rows for problem in row.problems] == []
    assert [row.values["code"] for row in found.rows] == [grid.code for grid in office.grids]
    assert found.rows[7].values["area"] == office.grids[7].area
    assert found.rows[0].values["parent"] is None


@pytest.mark.parametrize("which", ["workers", "reported"])
def test_both_rosters_say_the_same_of_everybody(which: str, office: DemoOffice, files: StreetFiles) -> None:
    layout, found = taken(getattr(files, which), WORKER_COLUMNS)
    assert layout.unmapped == ()
    assert [problem for row in found.rows for problem in row.problems] == []
    workers = [worker for worker in office.workers if which == "workers" or worker.left is None]
    assert len(found.rows) == len(workers)
    for row, worker in zip(found.rows, workers, strict=True):
        assert row.values["name"] == worker.name
        assert row.values["id_number"] == worker.id_number
        assert row.values["phone"] == worker.phone
        assert row.values["title"] == worker.post
        assert row.values["employment"] is worker.employment
        assert row.values["education"] is worker.education
        assert row.values["political"] is worker.political
        assert row.values["ethnicity"] is worker.ethnicity
        assert row.values["from_day"] == worker.appointed
        if which == "workers":
            assert row.values["to_day"] == worker.left
            assert row.values["contract_end"] == worker.contract_end


def test_planted_errors_are_found_where_they_are(office: DemoOffice, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    planted = write_broken_roster(path, office, office.grids[0])
    _, found = taken(path, WORKER_COLUMNS)
    said = {(problem.row, problem.column) for row in found.rows for problem in row.problems}
    # an unknown grid and a number used twice are seen only beside the database and the other rows
    alone = {(one.row, one.column) for one in planted if one.heading != "网格名称"} - {
        (one.row, one.column) for one in planted if one.what.startswith("the same")
    }
    assert said == alone
