"""The office's own services on a shared server: imports, undo, months, and a community's account that sees
the same in every list."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from db.enums import MonthState, OpinionStage, Sex
from db.server.numbers import MASKED_ID, MASKED_PHONES, MASKED_PLACE
from gridoffice import history, safekeeping
from gridoffice.assessment.locking import verify_month
from gridoffice.assessment.month import month_facts
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.service import compute, enter_values, move_month, open_month, refresh_month
from gridoffice.errors import Conflict, NotFound, OfficeError, Refused
from gridoffice.exports import export
from gridoffice.grids.service import save_grid
from gridoffice.households.listing import HOUSEHOLDS
from gridoffice.households.service import save_household
from gridoffice.listing import Ask
from gridoffice.masking import mask_address, mask_id, mask_phone
from gridoffice.office import Office
from gridoffice.overview.sheet_story import sheet_story
from gridoffice.people.duplicates import duplicates
from gridoffice.people.hits import find_people
from gridoffice.people.service import reveal
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import save_worker
from tests.offices import come, errors, good_values, grid_id, number, roster, sheets, workbook, worker
from tests.server.conftest import DATABASE, LIUYIN, WUTONG, Served

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
        "138****0015",
        "138****0016",
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


# Whole numbers


def test_lists_are_masked_by_the_server_and_found_by_a_whole_number(
    served_at: Callable[[str], Office],
) -> None:
    clerk = served_at("clerk")
    line = worker(clerk, "王𠮷𬭎")
    whole = number(11)
    assert (line.id_number, line.phone) == (mask_id(whole), "138****0011")
    for text in (whole, "13800000011", whole[-4:], "wanghong"):
        assert [row.name for row in roster(clerk, Ask(search=text))] == ["王𠮷𬭎"], text
    assert [hit.name for hit in clerk.read(find_people, whole)] == ["王𠮷𬭎"]


def test_a_change_beside_a_masked_number_keeps_the_number(served_at: Callable[[str], Office]) -> None:
    clerk = served_at("clerk")
    seen = worker(clerk, "李䶮")
    clerk.write(save_worker, seen.id, {"note": "改备注"}, seen)
    clerk.write(save_worker, seen.id, {"phone": "13800009912"}, worker(clerk, "李䶮"))
    revealed = clerk.write(reveal, seen.person_id, "核对").result
    assert (revealed.id_number, revealed.phone) == (number(12, Sex.FEMALE), "13800009912")
    with pytest.raises(Conflict):
        clerk.write(save_worker, seen.id, {"phone": "13800009913"}, seen)
    with pytest.raises(OfficeError):
        clerk.write(save_worker, seen.id, {"phone": "138****9912"}, worker(clerk, "李䶮"))
    clerk.write(save_worker, seen.id, {"phone": "13800000012", "note": ""}, worker(clerk, "李䶮"))


def test_of_an_address_the_place_is_told(served: Served, served_at: Callable[[str], Office]) -> None:
    """A household is still found by its door, and a change beside the address keeps it."""
    clerk = served_at("clerk")
    whole = "梧桐社区青禾路12号3幢"
    values = {"name": "赵家", "grid_id": grid_id(clerk, f"{WUTONG}001"), "address": whole}
    done = clerk.write(save_household, None, values)
    seen = {"梧桐社区青禾****"}
    for account in ("clerk", "wutong", "reader"):
        assert {one for (one,) in served.told(account, "SELECT address FROM household")} == seen
        assert served.told(account, "SELECT 1 FROM household WHERE address LIKE '%12号%'") == []
    for account, found in (("clerk", 1), ("wutong", 1), ("reader", 0)):
        assert len(served_at(account).read(HOUSEHOLDS.ids, Ask(search="青禾路12号"))) == found
    (row,) = clerk.read(HOUSEHOLDS.rows, [done.result])
    assert row.address == "梧桐社区青禾****" == mask_address(whole)
    clerk.write(save_household, done.result, {"note": "二楼"}, row)
    with pytest.raises(OfficeError):
        clerk.write(save_household, done.result, {"address": row.address}, row)
    with served.opened("clerk") as connection:
        assert connection.execute("SELECT address FROM household").fetchall() == [(whole,)]
    clerk.write(history.undo)
    clerk.write(history.undo)


def test_an_export_is_whole_for_a_reason_only(served_at: Callable[[str], Office], tmp_path: Path) -> None:
    clerk = served_at("clerk")
    for reveal_, wanted in ((False, mask_id(number(11))), (True, number(11))):
        file = tmp_path / f"{reveal_}.xlsx"
        export(clerk, WORKERS, file, Ask(), reveal=reveal_, reason="核对工资")
        cells = {
            str(cell.value)
            for row in openpyxl.load_workbook(file).worksheets[0].iter_rows()
            for cell in row
            if cell.value is not None
        }
        assert wanted in cells
    assert clerk.read(history.journal, 1)[0].title.startswith("导出“网格员花名册")
    with pytest.raises(Refused):
        export(served_at("reader"), WORKERS, tmp_path / "x.xlsx", Ask(), reveal=True, reason="x")


def test_twins_and_locked_months_are_looked_at_whole(served_at: Callable[[str], Office]) -> None:
    clerk = served_at("clerk")
    assert clerk.read(duplicates) == []
    assert clerk.read(verify_month, "2026-06") == []


@pytest.mark.parametrize(
    "said", ["51992119900307003X", "519921900307003", "13800000011", "02885551234", "1234567", "123", ""]
)
def test_the_server_masks_as_the_program_does(served: Served, said: str) -> None:
    def told(how: str, one: str) -> str:
        query = f"SELECT {how.replace('{c}', 'said')} FROM (SELECT %s::text) AS one(said)"
        with served.cluster.connect(DATABASE) as connection:
            (answer,) = connection.execute(query.encode(), (one,)).fetchall()
        return answer[0]

    assert told(MASKED_ID, said) == mask_id(said)
    for one in (said, f"{said} 13900000001".strip()):
        assert told(MASKED_PHONES, one) == mask_phone(one)
    for one in (said, f"青禾路{said}", "青", "青禾路3号", "梧桐社区青禾路12号3幢501"):
        assert told(MASKED_PLACE, one) == mask_address(one) == mask_address(mask_address(one))


def test_a_backup_of_the_whole_office_is_whole(served_at: Callable[[str], Office], tmp_path: Path) -> None:
    administrator = served_at("administrator")
    assert safekeeping.back_up(administrator, tmp_path / "whole.dump").people >= 7
    with pytest.raises(OfficeError):
        safekeeping.back_up(served_at("clerk"), tmp_path / "part.backup")


def test_a_month_is_of_everybody_and_a_worker_marks_himself(served_at: Callable[[str], Office]) -> None:
    """An account that a server shows only part of the sheets enters values of those; what is of all of them,
    opening, computing, pulling, the steps, is refused before a rank is made of a part."""
    clerk, wutong, self_marking = served_at("clerk"), served_at("wutong"), served_at("worker")
    for account in (wutong, self_marking):
        with pytest.raises(Refused, match="全部考核对象"):
            account.write(open_month, "2026-07")
    clerk.write(open_month, "2026-07")
    values = good_values(clerk, period="2026-07")
    assert [account.read(month_facts, "2026-07").part for account in (clerk, wutong)] == ["", "梧桐社区"]
    (own,) = (row["id"] for row in sheets(self_marking, "2026-07"))
    mine = {sheet: values[sheet] for sheet in (row["id"] for row in sheets(wutong, "2026-07"))}
    assert 0 < len(mine) < len(values)
    wutong.write(enter_values, "2026-07", mine)
    for action in (compute, refresh_month):
        with pytest.raises(Refused, match="全部考核对象"):
            wutong.write(action, "2026-07")
    with pytest.raises(Refused, match="全部考核对象"):
        wutong.write(move_month, "2026-07", MonthState.SCORING)
    self_marking.write(give_opinion, own, OpinionStage.SELF, points=Decimal(92), text="走访补录了两户")
    story = self_marking.read(sheet_story, own)
    assert story.own and "本人" in story.cannot and story.opinions[0].points == 92
    for stage, sheet in ((OpinionStage.FIRST, own), (OpinionStage.SELF, min(values.keys() - {own}))):
        with pytest.raises((Refused, NotFound)):
            self_marking.write(give_opinion, sheet, stage, points=Decimal(9))
    clerk.write(enter_values, "2026-07", values)
    clerk.write(compute, "2026-07")
    assert sorted(row["rank"] for row in sheets(clerk, "2026-07"))[0] == 1
