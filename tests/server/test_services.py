"""The office's own services on a shared server: imports, undo, months, and a community's account that sees
the same in every list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.enums import Right, Sex
from gridoffice import history, safekeeping
from gridoffice.errors import OfficeError, Refused
from gridoffice.grids.service import save_grid
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.workers.service import save_worker
from tests.offices import come, errors, grid_id, number, roster, workbook
from tests.server.conftest import LIUYIN, WUTONG

HEADINGS = ("姓名", "身份证号码", "联系电话", "所属网格", "职务")


def names(office: Office) -> set[str]:
    return {row.name for row in roster(office)}


def test_an_import_is_written_and_undone(served_at: Callable[[str], Office], tmp_path: Path) -> None:
    clerk = served_at("clerk")
    before = names(clerk)
    rows = [
        (f"新人{n}", number(100 + n, Sex.FEMALE), f"1390000{n:04}", f"{WUTONG}001", "微网格员")
        for n in range(40)
    ]
    done = come(clerk, "workers", workbook(tmp_path / "in.xlsx", HEADINGS, rows))
    assert done.action is not None, errors(done)
    assert len(names(clerk)) == len(before) + 40
    again = come(clerk, "workers", workbook(tmp_path / "in.xlsx", HEADINGS, rows))
    assert again.action is None
    undone = clerk.write(history.undo, done.action).result
    assert undone.records == 80 and names(clerk) == before
    clerk.write(history.redo, done.action)
    assert len(names(clerk)) == len(before) + 40
    clerk.write(history.undo, done.action)


def test_a_community_imports_into_its_own_grids_only(
    served_at: Callable[[str], Office], tmp_path: Path
) -> None:
    wutong = served_at("wutong")
    own = [("社区新人", number(200, Sex.MALE), "13900000200", f"{WUTONG}001", "微网格员")]
    done = come(wutong, "workers", workbook(tmp_path / "own.xlsx", HEADINGS, own))
    assert done.action is not None, errors(done)
    assert "社区新人" in names(wutong) and "社区新人" not in names(served_at("liuyin"))
    assert wutong.write(history.undo, done.action).result.records == 2
    other = [("别处新人", number(201, Sex.MALE), "13900000201", f"{LIUYIN}001", "微网格员")]
    refused = come(wutong, "workers", workbook(tmp_path / "other.xlsx", HEADINGS, other))
    assert refused.action is None and errors(refused)
    assert "别处新人" not in names(served_at("clerk"))


def test_somebody_of_another_unit_is_not_taken_over_by_his_number(
    served_at: Callable[[str], Office], tmp_path: Path
) -> None:
    """A number that is there already, out of sight, is refused in words, and nothing is written."""
    wutong = served_at("wutong")
    taken = [("张三", number(15, Sex.MALE), "13900000300", f"{WUTONG}001", "微网格员")]
    file = workbook(tmp_path / "taken.xlsx", HEADINGS, taken)
    try:
        assert come(wutong, "workers", file).action is None
    except OfficeError as refusal:
        assert refusal.message
    assert [row.phone for row in roster(served_at("clerk")) if row.name == "张三"] == [
        "13800000015",
        "13800000016",
    ]


def test_the_server_refuses_what_a_service_would_do_elsewhere(served_at: Callable[[str], Office]) -> None:
    wutong, clerk = served_at("wutong"), served_at("clerk")
    elsewhere = grid_id(clerk, f"{LIUYIN}001")
    values = {"name": "越界", "grid_id": elsewhere, "title": "微网格员"}
    with pytest.raises(OfficeError):
        wutong.write(save_worker, None, values)
    with pytest.raises(OfficeError):
        wutong.write(
            save_grid,
            None,
            {"code": "519921001002009", "name": "x", "kind": "一般网格", "parent_id": elsewhere},
        )
    with pytest.raises(Refused):
        served_at("reader").write(save_worker, None, values)
    assert "越界" not in names(clerk)


def test_the_whole_office_is_proved(served_at: Callable[[str], Office]) -> None:
    proved = safekeeping.verify(served_at("administrator"))
    assert proved.findings == ()
    assert proved.locked_months == ("2026-06",)


def test_reveal_leaves_a_line(served_at: Callable[[str], Office]) -> None:
    clerk = served_at("clerk")
    assert clerk.who.role and Right.REVEAL
    assert len(roster(clerk, Ask())) == 7
