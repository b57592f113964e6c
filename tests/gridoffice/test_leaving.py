"""Whatever leaves stands in the journal: who, what, how much, into which file, in which form, and what for."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.enums import Role
from gridoffice import filling
from gridoffice.accounts.keeping import add_account
from gridoffice.audit import AuditAsk, Matter, audit_lines
from gridoffice.errors import Refused, RuleBroken
from gridoffice.exports import export
from gridoffice.grids.listing import GRIDS
from gridoffice.history import Line
from gridoffice.intake import Options, standing
from gridoffice.leaving import Leaving, Out, leave, purpose_of
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.report_kinds import Wish
from gridoffice.reports import report_book
from gridoffice.review import Review
from gridoffice.workers.listing import WORKERS
from tests.offices import Opening


def out(office: Office) -> list[Line]:
    """What left, the latest first."""
    return office.read(audit_lines, AuditAsk(matter=Matter.OUT))[0]


def test_a_masked_list_leaves_a_line(small_office: Office, tmp_path: Path) -> None:
    count = export(small_office, WORKERS, tmp_path / "花名册.xlsx", Ask())
    (line,) = out(small_office)
    assert line.title.startswith(f"导出“网格员花名册”{count} 人到“花名册.xlsx”，")
    assert line.title.endswith("遮住，用途：网格队伍管理") and "身份证" in line.title
    assert (line.who, line.detail["count"], line.detail["file"]) == ("office", count, "花名册.xlsx")
    assert line.detail["reason"] == "网格队伍管理" and line.detail["persons"] and not line.undoable


def test_whole_numbers_want_the_right_and_a_purpose(
    small_office: Office, tmp_path: Path, office_at: Opening
) -> None:
    target = tmp_path / "全.xlsx"
    with pytest.raises(RuleBroken, match="写明原因"):
        export(small_office, WORKERS, target, Ask(), reveal=True, reason="  ")
    assert not target.exists() and out(small_office) == []
    export(small_office, WORKERS, target, Ask(), reveal=True, reason="年终核对")
    assert out(small_office)[0].title.endswith("完整，用途：年终核对")
    small_office.write(add_account, "kan", "王𠮷", Role.READER)
    reader = office_at(small_office.store.address, "kan")
    with pytest.raises(Refused):
        export(reader, WORKERS, tmp_path / "不行.xlsx", Ask(), reveal=True, reason="看看")
    assert not (tmp_path / "不行.xlsx").exists()
    export(reader, WORKERS, tmp_path / "遮住.xlsx", Ask())
    assert out(small_office)[0].who == "kan", "whoever may only read leaves a line too"


def test_a_list_without_numbers_says_nothing_of_masks(small_office: Office, tmp_path: Path) -> None:
    export(small_office, WORKERS, tmp_path / "名单.xlsx", Ask(), columns=("name", "grid"))
    (line,) = out(small_office)
    assert line.title.endswith("到“名单.xlsx”，用途：网格队伍管理"), "names alone are persons too"


def test_a_list_of_nobody_asks_for_nothing(small_office: Office, tmp_path: Path) -> None:
    export(small_office, GRIDS, tmp_path / "网格.xlsx", Ask())
    export(small_office, WORKERS, tmp_path / "职务.xlsx", Ask(), columns=("title", "grid"), reason="随便看看")
    for line in out(small_office):
        assert line.title.endswith(".xlsx”") and "reason" not in line.detail, line.title


def test_the_purpose_written_last_is_proposed_for_such_things(
    small_office: Office, tmp_path: Path, office_at: Opening
) -> None:
    def said() -> str:
        return out(small_office)[0].title.partition("用途：")[2]

    export(small_office, WORKERS, tmp_path / "一.xlsx", Ask(), reason=" 报区民政局 ")
    assert said() == "报区民政局"
    export(small_office, WORKERS, tmp_path / "二.xlsx", Ask())
    assert said() == "报区民政局" == purpose_of(small_office, "网格员花名册")
    export(small_office, CERTIFICATES, tmp_path / "三.xlsx", Ask())
    assert said() == "持证管理", "another kind of thing"
    small_office.write(add_account, "kan", "王𠮷", Role.READER)
    reader = office_at(small_office.store.address, "kan")
    assert purpose_of(reader, "网格员花名册") == "网格队伍管理", "another account"
    with pytest.raises(RuleBroken, match="不超过 60 个字"):
        export(small_office, WORKERS, tmp_path / "四.xlsx", Ask(), reason="长" * 61)
    assert not (tmp_path / "四.xlsx").exists()


def test_a_line_of_persons_without_a_purpose_is_refused(small_office: Office) -> None:
    with pytest.raises(RuleBroken, match="用途"):
        leave(small_office, Leaving(Out.PRINT, "花名册", 1, "页", persons=True))
    assert out(small_office) == []


def test_the_purpose_is_found_in_the_journal(small_office: Office, tmp_path: Path) -> None:
    export(small_office, WORKERS, tmp_path / "一.xlsx", Ask(), reason="抄送𬭎街道")
    export(small_office, WORKERS, tmp_path / "二.xlsx", Ask(), reason="年终核对")
    found, count = small_office.read(audit_lines, AuditAsk(text="抄送𬭎街道"))
    assert count == 1 and "一.xlsx" in found[0].title


def test_a_report_as_a_workbook_leaves_one_line(small_office: Office, tmp_path: Path) -> None:
    rows = report_book(small_office, "roster", Wish(), tmp_path / "表.xlsx")
    (line,) = out(small_office)
    assert f"{rows} 人到“表.xlsx”" in line.title


def test_a_filled_form_leaves_a_line(small_office: Office, tmp_path: Path) -> None:
    form = tmp_path / "上级的表.xlsx"
    export(small_office, WORKERS, form, Ask(), columns=("name", "phone"), ids=[])
    _, done = filling.fill(small_office, "workers", form, tmp_path / "填好.xlsx", Ask())
    line = out(small_office)[0]
    assert (
        line.title
        == f"套表“网格员花名册（上级的表.xlsx）”{done.rows} 行到“填好.xlsx”，联系电话遮住，用途：按要求填报"
    )
    with pytest.raises(RuleBroken):
        filling.fill(small_office, "workers", form, tmp_path / "没有.xlsx", Ask(), reveal=True)
    assert not (tmp_path / "没有.xlsx").exists()


def test_a_receipt_leaves_a_line_and_the_plan_stands(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "来的.xlsx"
    export(small_office, WORKERS, file, Ask())
    review = Review(small_office, "workers", file, Options())
    review.receipt(tmp_path / "回执.xlsx")
    assert (
        out(small_office)[0].title
        == f"另存“来的.xlsx的错误回执”{len(review.come.taken.rows)} 行到“回执.xlsx”，用途：退回填报单位更正"
    )
    assert review.plan.at == small_office.read(standing), "the note changed nothing that was looked at"
    leave(small_office, Leaving(Out.PRINT, "花名册", 1, "页"))
    review.receipt(tmp_path / "回执.xlsx")
    assert review.plan.at != small_office.read(standing), "a line of somebody else's still counts"


def test_a_print_says_its_pages(small_office: Office) -> None:
    leave(small_office, Leaving(Out.PRINT, "月度考核结果通报", 6, "页"))
    (line,) = out(small_office)
    assert line.title == "打印“月度考核结果通报”6 页"
