"""工作交接清单: everything that somebody held is on it, read back from the paper."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from db.enums import Right
from db.tables import Household, Issue, PartyOrg
from gridoffice.errors import NotFound
from gridoffice.office import Office
from gridoffice.overview.handover import hand_over
from gridoffice.party.service import save_link
from gridoffice.qualifications.service import save_certificate
from gridoffice.reports import Wish, report_pdf
from gridoffice.service import service
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.service import end_posts
from tests.documents.paper import poppler_text
from tests.offices import grid_id, worker

DAY = date(2026, 6, 30)


@service("登记", needs=Right.EDIT_PEOPLE)
def put(session, record) -> None:
    session.add(record)


@pytest.fixture
def busy(small_office: Office) -> Office:
    """李䶮 with every hat that is handed over."""
    office, li = small_office, worker(small_office, "李䶮")
    here, there = grid_id(office, "519921001001001"), grid_id(office, "519921001002001")
    office.write(save_certificate, None, {"certificate": "急救证", "number": "J-7"}, person_id=li.person_id)
    for grid, duty in ((here, "联系困难户"), (there, "巡防")):
        office.write(save_link, None, {"person_id": li.person_id, "grid_id": grid, "duty": duty})
    office.write(put, Household(grid_id=here, name="周户主", people=3, caller_id=li.person_id))
    office.write(put, Issue(grid_id=here, day=date(2026, 6, 1), what="井盖松动", state="open"))
    office.write(
        put, Issue(grid_id=there, day=date(2026, 6, 1), what="路灯不亮", state="open", person_id=li.person_id)
    )
    office.write(put, Issue(grid_id=here, day=date(2026, 6, 1), what="已修好", state="done", closed=DAY))
    office.write(put, PartyOrg(name="第一党支部", kind="branch", secretary="李䶮", secretary_id=li.person_id))
    return office


def test_whoever_leaves_hands_over_everything(busy: Office, tmp_path: Path) -> None:
    li = worker(busy, "李䶮")
    busy.write(end_posts, [li.id], DAY - timedelta(days=1), "辞职")
    found = busy.read(hand_over, li.person_id, DAY)
    assert found.gone and found.leaves == DAY - timedelta(days=1) and found.reason == "辞职"
    whole = [(one.kind, one.what) for one in found.items]
    for wanted in (
        ("岗位", "梧桐·第一网格·专职网格员"),
        ("联系户", "周户主（梧桐·第一网格）"),
        ("待办问题", "梧桐·第一网格：井盖松动"),
        ("待办问题", "柳荫·第一网格：路灯不亮"),
        ("党内职务", "第一党支部书记"),
        ("证书", "急救证"),
    ):
        assert wanted in whole
    assert len([kind for kind, _ in whole if kind == "党员入格"]) == 2
    assert found.items[0].to == "王𠮷𬭎", "who still serves there may take it"
    assert not any("已修好" in what for _, what in whole)
    text = "".join(
        poppler_text(report_pdf(busy, "handover", Wish(day=DAY, person=li.person_id)), tmp_path).split()
    )
    for words in (
        "工作交接清单",
        "移交人：李䶮",
        "原因：辞职",
        "周户主",
        "井盖松动",
        "监交人：",
        "接收人签字",
    ):
        assert words in text
    everybody = "".join(poppler_text(report_pdf(busy, "handover", Wish(day=DAY)), tmp_path).split())
    assert "李䶮" in everybody and "共1人" in everybody


def test_whoever_moves_hands_over_what_lies_in_the_grid_left(busy: Office) -> None:
    li = worker(busy, "李䶮")
    target = grid_id(busy, "519921001002001")
    busy.write(transfer_posts, [li.id], Transfer(DAY, target, reason="补空缺"))
    found = busy.read(hand_over, li.person_id, DAY)
    assert not found.gone and found.leaves == DAY - timedelta(days=1)
    whole = [one.what for one in found.items]
    assert "周户主（梧桐·第一网格）" in whole and "急救证" not in whole
    assert not any("柳荫" in what for what in whole)


def test_before_anybody_leaves_there_is_nothing_to_hand_over(busy: Office) -> None:
    with pytest.raises(NotFound, match="没有人离任或调动"):
        report_pdf(busy, "handover", Wish(day=DAY))
    with pytest.raises(NotFound, match="没有这个人"):
        report_pdf(busy, "handover", Wish(day=DAY, person=9999))
