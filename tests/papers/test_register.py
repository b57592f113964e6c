"""The register of numbers: the next one, no gap, none twice; and drafts that go out under them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gridoffice.documents.model import Paragraph, TableAnnex
from gridoffice.errors import Conflict, RuleBroken
from gridoffice.history import undo
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.papers import said
from gridoffice.papers.drafts import (
    DRAFTS,
    Writing,
    all_facts,
    begin,
    compose,
    copy_draft,
    draft,
    remove_drafts,
    save_draft,
    send_out,
)
from gridoffice.papers.register import NUMBERS, known_series, next_of, number_row, remove_number, save_number
from tests.offices import come, errors, outcomes, workbook

DAY = date(2026, 7, 3)


def numbers(office: Office) -> list[str]:
    return [row.number for row in office.read(lambda s: NUMBERS.rows(s, NUMBERS.ids(s, Ask())))]


def registered(office: Office, number: str, title: str = "关于某事的通知") -> int:
    return office.write(save_number, None, {"number": number, "title": title, "day": DAY}).result


def test_numbers_follow_each_other(small_office: Office) -> None:
    office = small_office
    registered(office, "青网格办〔2026〕12号")
    registered(office, "青网格办[2026]13号")
    registered(office, "青街〔2026〕1号")
    with pytest.raises(RuleBroken, match="下一个号是 14，16 号会跳号"):
        registered(office, "青网格办〔2026〕16号")
    with pytest.raises(RuleBroken, match="已登记：《关于某事的通知》"):
        registered(office, "青网格办〔2026〕13号")
    with pytest.raises(RuleBroken, match="成文日期是 2026 年"):
        registered(office, "青网格办〔2025〕1号")
    with pytest.raises(RuleBroken, match="发文字号写成"):
        registered(office, "第十四号")
    assert numbers(office) == ["青网格办〔2026〕13号", "青网格办〔2026〕12号", "青街〔2026〕1号"]
    assert str(office.read(next_of, "青网格办", 2026)) == "青网格办〔2026〕14号"
    assert str(office.read(next_of, "青网格办", 2027)) == "青网格办〔2027〕1号"
    assert office.read(known_series) == ["青街", "青网格办"]


def test_a_number_is_never_taken_out_of_the_middle(small_office: Office) -> None:
    office = small_office
    first = registered(office, "青网格办〔2026〕1号")
    last = registered(office, "青网格办〔2026〕2号")
    with pytest.raises(RuleBroken, match="会断号"):
        office.write(remove_number, first)
    office.write(save_number, first, {"void": True, "note": "没有印发"})
    assert office.read(number_row, first).void
    with pytest.raises(RuleBroken, match="字号不能改"):
        office.write(save_number, first, {"number": "青网格办〔2026〕9号"})
    office.write(remove_number, last)
    assert numbers(office) == ["青网格办〔2026〕1号"]


def test_what_somebody_else_changed_is_not_written_over(small_office: Office) -> None:
    office = small_office
    one = registered(office, "青网格办〔2026〕1号")
    seen = office.read(number_row, one)
    office.write(save_number, one, {"signer": "李志远"})
    with pytest.raises(Conflict):
        office.write(save_number, one, {"signer": "王敏"}, seen)


def test_a_draft_is_kept_changed_and_undone(small_office: Office) -> None:
    office = small_office
    begun = office.read(begin, "staffing")
    done = office.write(save_draft, begun)
    kept = office.read(draft, done.result)
    assert (kept.title, kept.text) == (begun.title, begun.text)
    changed = office.write(save_draft, replace(kept, text=kept.text + "\n特此通报。"))
    assert office.read(draft, done.result).text.endswith("特此通报。")
    with pytest.raises(Conflict):
        office.write(save_draft, replace(kept, text="旧的"))
    assert changed.action is not None
    office.write(undo, changed.action)
    assert office.read(draft, done.result).text == begun.text
    office.write(remove_drafts, [done.result])
    assert office.read(lambda s: list(DRAFTS.ids(s, Ask()))) == []


def test_a_draft_says_the_numbers_of_the_office(small_office: Office) -> None:
    office = small_office
    writing = office.read(begin, "staffing")
    made = office.read(compose, writing, DAY)
    assert made.unknown == ()
    text = "\n".join(block.text for block in made.document.body if isinstance(block, Paragraph))
    assert "{" not in text + made.document.title
    assert f"网格{made.facts['网格数']}个" in text
    assert made.document.title == "关于2026年第三季度网格力量配备情况的通报"
    (staffing, *_) = made.document.attachments
    assert isinstance(staffing, TableAnnex)
    column = [str(one) for one in staffing.headings].index("应配")
    assert sum(int(row[column]) for row in staffing.rows) == int(made.facts["应配人数"])
    assert set(made.facts) < set(office.read(all_facts, writing, DAY))


def test_fields_of_a_draft_come_back_as_they_were(small_office: Office) -> None:
    office = small_office
    values = {
        "day": DAY,
        "recipients": "各社区（村）",
        "red_head": "青禾街道办事处文件",
        "sealed": True,
        "signers": ("王𠮷",),
        said.ANNEXES: (),
    }
    writing = Writing("blank", "关于某事的通知", "正文。", said.kept(values))
    kept = office.read(draft, office.write(save_draft, writing).result)
    document = office.read(compose, kept).document
    assert document.day == DAY
    assert document.recipients == "各社区（村）"
    assert document.red_head == "青禾街道办事处文件"
    assert document.sealed and document.signers == ("王𠮷",)
    assert document.attachments == ()


def test_what_goes_out_gets_the_next_number_and_stays_as_it_was(small_office: Office) -> None:
    office = small_office
    registered(office, "青网格办〔2026〕14号")
    writing = office.read(begin, "staffing")
    writing = replace(writing, said={**writing.said, **said.kept({"day": DAY})})
    one = office.write(save_draft, writing).result
    assert office.write(send_out, one, "青网格办").result == "青网格办〔2026〕15号"
    kept = office.read(draft, one)
    assert kept.number == "青网格办〔2026〕15号"
    assert "{" not in kept.text + kept.title
    assert office.read(compose, kept).document.number == "青网格办〔2026〕15号"
    with pytest.raises(RuleBroken, match="已登记出文"):
        office.write(save_draft, replace(kept, text="改"))
    with pytest.raises(RuleBroken, match="已登记过字号"):
        office.write(send_out, one, "青网格办")
    copy = office.read(draft, office.write(copy_draft, one).result)
    assert copy.number is None and copy.text == kept.text
    (row, *_) = office.read(lambda s: NUMBERS.rows(s, NUMBERS.ids(s, Ask())))
    assert (row.number, row.kind, row.day, row.draft_id) == ("青网格办〔2026〕15号", "通报", DAY, one)


def test_a_name_that_stands_for_nothing_keeps_a_document_in(small_office: Office) -> None:
    office = small_office
    writing = Writing("blank", "关于某事的通知", "共{不知道的数}人。")
    made = office.read(compose, writing)
    assert made.unknown == ("不知道的数",)
    one = office.write(save_draft, writing).result
    with pytest.raises(RuleBroken, match="不知道的数"):
        office.write(send_out, one, "青网格办")
    assert numbers(office) == []


def test_a_month_is_asked_for(small_office: Office) -> None:
    with pytest.raises(RuleBroken, match="哪个月"):
        small_office.read(begin, "assessment")


def test_a_register_from_excel_goes_on_where_it_ended(small_office: Office, tmp_path: Path) -> None:
    office = small_office
    registered(office, "青网格办〔2026〕1号", "旧标题")
    heads = ("文号", "标题", "发文日期", "份数", "作废")
    rows = (
        ("青网格办〔2026〕3号", "丙", "2026-03-01", "", "是"),
        ("青网格办[2026]2号", "乙", "2026-02-01", "20", ""),
        ("青网格办〔2026〕1号", "甲", "2026-07-03", "", ""),
    )
    done = come(office, "paper-numbers", workbook(tmp_path / "a.xlsx", heads, rows))
    assert [one for _, one in outcomes(done)] == ["new", "new", "updated"]
    found = {row.number: row for row in office.read(lambda s: NUMBERS.rows(s, NUMBERS.ids(s, Ask())))}
    assert found["青网格办〔2026〕3号"].void and found["青网格办〔2026〕2号"].copies == 20
    assert found["青网格办〔2026〕1号"].title == "甲"


def test_a_register_from_excel_has_no_gap(small_office: Office, tmp_path: Path) -> None:
    office = small_office
    registered(office, "青网格办〔2026〕1号")
    heads = ("文号", "标题", "发文日期")
    rows = (
        ("青网格办〔2026〕2号", "乙", "2026-02-01"),
        ("青网格办〔2026〕4号", "丁", "2026-02-01"),
        ("青网格办〔2026〕2号", "乙", "2026-02-01"),
        ("第五号", "戊", "2026-02-01"),
        ("青街〔2026〕7号", "己", "2026-02-01"),
    )
    done = come(office, "paper-numbers", workbook(tmp_path / "a.xlsx", heads, rows), good_rows_only=True)
    wrong = [message for _, _, message in errors(done)]
    assert any("跳号" in one for one in wrong) and any("同一个字号" in one for one in wrong)
    assert any("写成" in one for one in wrong)
    assert numbers(office) == ["青网格办〔2026〕2号", "青网格办〔2026〕1号", "青街〔2026〕7号"]
