"""Somebody else's form, filled from the office: people, one sheet a person, and counts by community."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Border, Font, PatternFill, Side

from db.enums import Employment, Political, Sex
from gridoffice import history
from gridoffice.errors import BadSheet, RuleBroken
from gridoffice.filling import OFFERED, FormSeen, fill, form_seen, left_blank
from gridoffice.grids.service import save_grid
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.spreadsheet.form_values import Days, FormStyle, Numbers
from gridoffice.spreadsheet.forms import FormKind
from gridoffice.spreadsheet.guide import Guide
from gridoffice.workers.service import save_worker
from tests.offices import GRIDS, come, grid_id, journal_lines, number, roster, workbook, worker

THIN = Side(style="thin")
BOX = Border(THIN, THIN, THIN, THIN)


def form(path: Path, heads: Sequence[str], lines: Sequence[Sequence[Any]] = ((),) * 3) -> Path:
    """A form with a title, a fill-in line, boxed lines, a total, and a sheet of explanations."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "附件2"
    sheet["A1"] = "望禾县网格工作统计表"
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    sheet["A2"] = "填报单位：          填报日期：    年  月  日"
    for column, text in enumerate(heads, 1):
        cell = sheet.cell(3, column, text)
        cell.fill, cell.font, cell.border = PatternFill("solid", fgColor="DDEBF7"), Font(bold=True), BOX
    for row, line in enumerate(lines, 4):
        for column in range(1, len(heads) + 1):
            cell = sheet.cell(row, column, line[column - 1] if column <= len(line) else None)
            cell.border = BOX
    sheet.print_title_rows = "3:3"
    sheet.page_setup.orientation = "landscape"
    sheet.freeze_panes = "B4"
    book.create_sheet("填表说明")["A1"] = "不要改动本表"
    book.save(path)
    book.close()
    return path


def cells(path: Path, sheet: str = "附件2", first: int = 4) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    found = [[cell.value for cell in row] for row in book[sheet].iter_rows(min_row=first)]
    book.close()
    return found


def meaning(seen: FormSeen) -> dict[str, str | None]:
    return {one.heading: one.column for one in seen.headings}


@pytest.fixture
def furnished(small_office: Office) -> Office:
    """The small office, two of its people members, one helping out part-time."""
    for name, said in (
        ("李䶮", {"political": Political.MEMBER, "birth": date(1990, 8, 2)}),
        ("单晓琴", {"political": Political.PROBATIONARY, "employment": Employment.PART_TIME}),
        ("王𠮷𬭎", {"political": Political.LEAGUE, "employment": Employment.FULL_TIME}),
    ):
        small_office.write(save_worker, worker(small_office, name).id, said)
    return small_office


# A row for each person

PERSONAL = (
    "序号",
    "姓名",
    "年龄",
    "是否党员",
    "籍贯",
    "社区",
    "网格",
    "网格编号",
    "出生年月",
    "身份证号",
    "车牌号",
)


def test_what_follows_from_the_roster_is_offered_to_forms(furnished: Office, tmp_path: Path) -> None:
    blank = form(tmp_path / "表.xlsx", PERSONAL)
    day = date(2026, 8, 1)
    seen = form_seen(furnished, None, blank, Ask(day=day))
    assert (seen.ledger, seen.kind, seen.named, seen.count) == ("workers", FormKind.ROWS, False, 7)
    assert seen.words == "这张表有 10 列，认得 8 列。不认识的列留空：籍贯、车牌号。"
    assert meaning(seen)["年龄"] == "age" and meaning(seen)["网格编号"] == "grid_code"
    kept = {one.heading: one.kept for one in seen.headings if one.kept}
    assert kept == {"序号": "自动编号"}
    number_seen = next(one for one in seen.headings if one.heading == "身份证号")
    assert "*" in number_seen.sample, "masked on screen"
    _, done = fill(furnished, None, blank, tmp_path / "好.xlsx", Ask(day=day))
    assert (done.rows, done.unknown) == (7, ("籍贯", "车牌号"))
    lines = {line[1]: line for line in cells(tmp_path / "好.xlsx")}
    assert lines["李䶮"][2:9] == [35, "是", None, "梧桐社区", "第一网格", "519921001001001", "1990.08"]
    assert lines["阿依古丽·买买提"][5:7] == ["梧桐社区", "第一网格·微网格01"]
    assert lines["王𠮷𬭎"][3] == "否"
    assert lines["张三"][3] is None, "nobody knows"
    assert [line[0] for line in cells(tmp_path / "好.xlsx")] == [1, 2, 3, 4, 5, 6, 7]
    fill(furnished, None, blank, tmp_path / "后.xlsx", Ask(day=date(2026, 8, 2)))
    assert {line[1]: line[2] for line in cells(tmp_path / "后.xlsx")}["李䶮"] == 36, "of age on that day"


def test_everything_else_of_the_form_is_untouched(furnished: Office, tmp_path: Path) -> None:
    blank = form(tmp_path / "表.xlsx", PERSONAL)
    fill(furnished, "workers", blank, tmp_path / "好.xlsx", Ask(day=date(2026, 8, 1)))
    book = openpyxl.load_workbook(tmp_path / "好.xlsx")
    sheet = book["附件2"]
    assert book.sheetnames == ["附件2", "填表说明"]
    assert book["填表说明"]["A1"].value == "不要改动本表"
    assert sheet["A1"].value == "望禾县网格工作统计表"
    assert "A1:K1" in {str(one) for one in sheet.merged_cells.ranges}
    assert (sheet.print_title_rows, sheet.page_setup.orientation, sheet.freeze_panes) == (
        "$3:$3",
        "landscape",
        "B4",
    )
    assert sheet["C3"].fill.fgColor.rgb.endswith("DDEBF7") and sheet["C3"].font.bold
    assert all(sheet.cell(10, column).border.left.style == "thin" for column in range(1, 12))
    assert sheet["A2"].value.startswith("填报单位：青禾街道网格办")
    assert "2026年8月1日" in sheet["A2"].value


def test_a_filled_form_is_read_again_as_the_same_people(furnished: Office, tmp_path: Path) -> None:
    heads = ("姓名", "性别", "社区", "网格", "微网格", "身份证号", "手机", "政治面貌", "任职时间", "岗位")
    blank = form(tmp_path / "表.xlsx", heads)
    fill(furnished, None, blank, tmp_path / "好.xlsx", Ask(), reveal=True, reason="核对")
    assert come(furnished, "workers", tmp_path / "好.xlsx").preview.in_words() == "无变化 7"
    assert "核对" in furnished.read(history.journal, 1)[0].title


def test_the_scope_the_filter_and_the_day_say_who(furnished: Office, tmp_path: Path) -> None:
    blank = form(tmp_path / "表.xlsx", PERSONAL)
    ask = Ask(scope=grid_id(furnished, "519921001002"), filters=(Filter("title", ("网格长",)),))
    _, done = fill(furnished, "workers", blank, tmp_path / "好.xlsx", ask)
    assert done.rows == 1
    assert cells(tmp_path / "好.xlsx")[0][1] == "张三"
    with pytest.raises(RuleBroken, match="写明原因"):
        fill(furnished, "workers", blank, tmp_path / "x.xlsx", ask, reveal=True)
    with pytest.raises(RuleBroken, match="不能用来填"):
        fill(furnished, "indicators", blank, tmp_path / "x.xlsx", ask)
    assert not (tmp_path / "x.xlsx").exists()


# What the clerk corrected


def test_what_a_heading_means_is_said_once(furnished: Office, tmp_path: Path) -> None:
    heads = ("姓名", "分工", "联系方式")
    first, second = form(tmp_path / "一.xlsx", heads), form(tmp_path / "二.xlsx", heads, ((),) * 9)
    assert meaning(form_seen(furnished, "workers", first, Ask()))["分工"] is None
    guide = Guide(forced={"分工": "title", "联系方式": None})
    fill(furnished, "workers", first, tmp_path / "好.xlsx", Ask(), guide=guide)
    seen = form_seen(furnished, None, second, Ask())
    assert meaning(seen) == {"姓名": "name", "分工": "title", "联系方式": None}
    assert {one.heading: one.how for one in seen.headings}["分工"] == "remembered"
    assert "联系方式" in seen.words, "what is left out is told"
    lines = journal_lines(furnished)
    fill(furnished, None, second, tmp_path / "再.xlsx", Ask())
    assert journal_lines(furnished) == lines + 1, "that it was filled, and nothing new to remember"
    assert cells(tmp_path / "再.xlsx")[0][:3] == [roster(furnished)[0].name, roster(furnished)[0].title, None]


def test_each_form_keeps_its_way_of_writing(furnished: Office, tmp_path: Path) -> None:
    one, other = form(tmp_path / "一.xlsx", PERSONAL), form(tmp_path / "二.xlsx", ("姓名", "出生年月"))
    style = FormStyle(Days.CHINESE, Numbers.SPACED)
    words: Any = {"reveal": True, "reason": "核对"}
    fill(furnished, "workers", one, tmp_path / "a.xlsx", Ask(), style=style, **words)
    assert form_seen(furnished, "workers", one, Ask()).style == style
    assert form_seen(furnished, "workers", other, Ask()).style == FormStyle()
    fill(furnished, "workers", one, tmp_path / "b.xlsx", Ask(), **words)
    line = next(line for line in cells(tmp_path / "b.xlsx") if line[1] == "李䶮")
    whole = number(12, Sex.FEMALE)
    assert line[8:10] == ["1990年8月2日", f"{whole[:6]} {whole[6:14]} {whole[14:]}"]


# One sheet for each person


def card(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "登记表"
    for row in (
        ["网格员登记表"],
        ["姓名", None, "性别", None],
        ["年龄", None, "手机号", None],
        ["特长", None, "分管", None],
        ["家庭成员姓名", None, "姓名", None],
    ):
        sheet.append(row)
    for row in sheet.iter_rows(min_row=2, max_row=5, max_col=4):
        for cell in row:
            cell.border = BOX
    book.save(path)
    book.close()
    return path


def test_a_card_for_each_person_is_mapped_and_remembered(furnished: Office, tmp_path: Path) -> None:
    blank = card(tmp_path / "登记表.xlsx")
    ask = Ask(search="李䶮", day=date(2026, 8, 1))
    seen = form_seen(furnished, None, blank, ask)
    assert (seen.kind, seen.count) == (FormKind.CARD, 1)
    assert [(one.place, one.heading, one.column) for one in seen.headings][:6] == [
        ("B2", "姓名", "name"),
        ("D2", "性别", "sex"),
        ("B3", "年龄", "age"),
        ("D3", "手机号", "phone"),
        ("B4", "特长", None),
        ("D4", "分管", None),
    ]
    assert [one.column for one in seen.headings if one.heading == "姓名"] == ["name", None], (
        "the family's stays blank"
    )
    guide = Guide(forced={"分管": "grid", "手机号": None})
    _, done = fill(furnished, None, blank, tmp_path / "好.xlsx", ask, guide=guide)
    assert "特长" in done.unknown and "手机号" in done.unknown
    filled = cells(tmp_path / "好.xlsx", "李䶮", 2)
    assert filled[0][1::2] == ["李䶮", "女"]
    assert filled[1][1::2] == [35, None]
    assert filled[2][1::2] == [None, "梧桐·第一网格"]
    assert filled[3][1::2] == [None, None]
    again = form_seen(furnished, None, blank, ask)
    known = {one.heading: (one.column, one.how) for one in again.headings}
    assert known["分管"] == ("grid", "remembered")
    assert known["手机号"] == (None, "remembered")


# A row for each community or grid

COUNTS = (
    "街道",
    "社区",
    "网格数",
    "微网格数",
    "户数",
    "专职网格员数",
    "兼职网格员人数",
    "党员网格员数",
    "党员数",
    "低保户数",
)


def test_a_row_for_each_community(furnished: Office, tmp_path: Path) -> None:
    blank = form(tmp_path / "统计.xlsx", COUNTS)
    seen = form_seen(furnished, None, blank, Ask())
    assert (seen.ledger, seen.count) == ("grids", 2), "a form that asks for communities counts communities"
    _, done = fill(furnished, None, blank, tmp_path / "好.xlsx", Ask())
    assert done.unknown == ("低保户数",)
    assert cells(tmp_path / "好.xlsx")[:2] == [
        ["青禾街道", "梧桐社区", 2, 2, 1200, 3, 1, 2, None, None],
        ["青禾街道", "柳荫社区", 2, 0, 900, 2, 0, 0, None, None],
    ], "an office without a party register does not say that there are no members"


def test_a_form_that_lists_the_communities_itself(furnished: Office, tmp_path: Path) -> None:
    given = [["青禾街道", "柳荫"], ["青禾街道", "梧桐社区"], ["青禾街道", "河湾社区"]]
    blank = form(tmp_path / "统计.xlsx", COUNTS, given)
    _, done = fill(furnished, None, blank, tmp_path / "好.xlsx", Ask())
    assert done.without_record == ("河湾社区",)
    assert [line[1:4] for line in cells(tmp_path / "好.xlsx")[:3]] == [
        ["柳荫", 2, 0],
        ["梧桐社区", 2, 2],
        ["河湾社区", None, None],
    ]
    assert left_blank(done) == ["表里这几行在台账里没找到，留空：河湾社区。"]


def test_grids_of_the_same_name_are_told_apart_by_the_community(furnished: Office, tmp_path: Path) -> None:
    heads = ("社区", "网格名称", "户数", "网格长", "网格长电话")
    given = [["柳荫社区", "第一网格"], ["梧桐", "第一网格"], ["梧桐", "第二网格"]]
    blank = form(tmp_path / "网格.xlsx", heads, given)
    fill(furnished, None, blank, tmp_path / "好.xlsx", Ask(), reveal=True, reason="核对")
    assert cells(tmp_path / "好.xlsx")[:3] == [
        ["柳荫社区", "第一网格", 450, "张三", "13800000015"],
        ["梧桐", "第一网格", 400, "王𠮷𬭎", "13800000011"],
        ["梧桐", "第二网格", 620, None, None],
    ]
    alone = form(tmp_path / "单列.xlsx", heads[1:], [["第一网格"], ["第二网格"]])
    _, done = fill(furnished, "grids", alone, tmp_path / "x.xlsx", Ask())
    assert done.without_record == ("第一网格（有 2 个）", "第二网格（有 2 个）"), "never the first of two"


def test_a_line_may_name_the_community_with_the_grid(furnished: Office, tmp_path: Path) -> None:
    given = [["柳荫·第一网格"], ["梧桐社区/第二网格"], ["河湾·第一网格"]]
    blank = form(tmp_path / "网格.xlsx", ("网格名称", "户数", "网格长"), given)
    _, done = fill(furnished, "grids", blank, tmp_path / "好.xlsx", Ask())
    assert [line[:2] for line in cells(tmp_path / "好.xlsx")[:3]] == [
        ["柳荫·第一网格", 450],
        ["梧桐社区/第二网格", 620],
        ["河湾·第一网格", None],
    ]
    assert done.without_record == ("河湾·第一网格",)


def test_the_only_grid_of_a_name_is_not_taken_for_one_of_another_community(
    furnished: Office, tmp_path: Path
) -> None:
    nine = {"code": "519921001001009", "name": "第九网格", "kind": "一般网格", "households": 333}
    nine |= {"parent_id": grid_id(furnished, "519921001001"), "extent": "柳荫社区以北"}
    furnished.write(save_grid, None, nine)
    lines = {
        "柳荫社区/第九网格": None,
        "梧桐/第九网格": 333,
        "青禾街道办事处第九网格": 333,
        "青禾街道柳荫社区第九网格": None,
        "1.第九网格": 333,
        "河湾社区第九网格": None,
        "第九网格": 333,
    }
    blank = form(tmp_path / "网格.xlsx", ("网格名称", "户数"), [[text] for text in lines])
    _, done = fill(furnished, "grids", blank, tmp_path / "好.xlsx", Ask())
    assert dict(cells(tmp_path / "好.xlsx")[: len(lines)]) == lines
    assert done.without_record == tuple(text for text, count in lines.items() if count is None)
    assert "第九网格" not in done.without_line
    blank = form(tmp_path / "别处.xlsx", ("网格名称", "户数"), [["柳荫/第九网格"], ["河湾/第九网格"]])
    _, done = fill(furnished, "grids", blank, tmp_path / "x.xlsx", Ask())
    assert "第九网格" in done.without_line, "no line is its own"


def test_the_community_beside_a_grid_that_exists_once_is_heeded(furnished: Office, tmp_path: Path) -> None:
    given = [["青禾街道", "柳荫社区", "商圈专属网格"], ["青禾街道", "柳荫", "第一网格"]]
    mall = grid_id(furnished, "519921001900001")
    furnished.write(save_grid, mall, {"households": 77, "parent_id": grid_id(furnished, "519921001001")})
    blank = form(tmp_path / "网格.xlsx", ("街道", "社区", "网格名称", "户数"), given)
    _, done = fill(furnished, "grids", blank, tmp_path / "好.xlsx", Ask())
    assert [line[3] for line in cells(tmp_path / "好.xlsx")[:2]] == [None, 450]
    assert done.without_record == ("商圈专属网格",)


def test_a_row_for_each_grid(furnished: Office, tmp_path: Path) -> None:
    blank = form(tmp_path / "网格.xlsx", ("社区", "网格名称", "户数", "网格员人数"))
    fill(furnished, None, blank, tmp_path / "好.xlsx", Ask())
    names = [line[1] for line in cells(tmp_path / "好.xlsx") if line[1]]
    wanted = [name for _, name, kind, *_ in GRIDS if kind in ("一般网格", "专属网格")]
    assert names == wanted, "neither communities nor micro grids"
    kinds = tuple(key for key, words, _ in furnished.read(_kinds) if words == "微网格")
    fill(furnished, None, blank, tmp_path / "微.xlsx", Ask(filters=(Filter("kind", kinds),)))
    assert [line[1] for line in cells(tmp_path / "微.xlsx") if line[1]] == ["微网格01", "微网格02"]


def _kinds(session: Any) -> Any:
    from gridoffice.grids.listing import GRIDS as LISTING

    return LISTING.choices(session, Ask(), "kind")


def households(office: Office, code: str, count: int | None) -> None:
    office.write(save_grid, grid_id(office, code), {"households": count})


def test_parts_are_added_up_only_when_all_are_known(furnished: Office, tmp_path: Path) -> None:
    blank = form(tmp_path / "统计.xlsx", ("社区", "户数"))
    for code in ("519921001001", "519921001002"):
        households(furnished, code, None)
    fill(furnished, "grids", blank, tmp_path / "a.xlsx", Ask())
    assert cells(tmp_path / "a.xlsx")[:2] == [["梧桐社区", 1020], ["柳荫社区", None]], (
        "one grid there has no number"
    )
    households(furnished, "519921001002002", 50)
    fill(furnished, "grids", blank, tmp_path / "b.xlsx", Ask())
    assert cells(tmp_path / "b.xlsx")[1] == ["柳荫社区", 500]
    streets = form(tmp_path / "街道.xlsx", ("街道", "户数"))
    households(furnished, "519921001", None)
    fill(furnished, "grids", streets, tmp_path / "c.xlsx", Ask())
    assert cells(tmp_path / "c.xlsx")[0] == ["青禾街道", 1520], "a market has no homes and none is missed"


def test_somebody_with_two_posts_is_one_person(furnished: Office, tmp_path: Path) -> None:
    person = worker(furnished, "李䶮")
    row = {"身份证号码": person.id_number, "姓名": "李䶮", "所属网格": "梧桐·第二网格", "职务": "兼职网格员"}
    second = workbook(tmp_path / "兼.xlsx", tuple(row), [tuple(row.values())])
    come(furnished, "workers", second)
    blank = form(tmp_path / "统计.xlsx", ("社区", "网格员人数"))
    people = {row.person_id for row in roster(furnished, Ask(scope=grid_id(furnished, "519921001001")))}
    fill(furnished, "grids", blank, tmp_path / "a.xlsx", Ask())
    assert cells(tmp_path / "a.xlsx")[0] == ["梧桐社区", len(people)]


def test_a_form_that_asks_for_nothing_known_is_refused(furnished: Office, tmp_path: Path) -> None:
    blank = form(tmp_path / "车辆.xlsx", ("车牌号", "排量"))
    with pytest.raises(BadSheet, match="车辆"):
        form_seen(furnished, None, blank, Ask())


# Other registers


def test_party_and_certificates_of_the_roster(furnished: Office, tmp_path: Path) -> None:
    orgs = ("党组织名称", "党组织类型", "对应网格")
    come(
        furnished,
        "party-orgs",
        workbook(tmp_path / "组织.xlsx", orgs, [("梧桐社区党支部", "党支部", "梧桐社区")]),
    )
    person = worker(furnished, "李䶮")
    heads = ("姓名", "身份证号码", "所在党支部", "人员类别", "入党日期", "转正日期")
    said = ("李䶮", person.id_number, "梧桐社区党支部", "正式党员", "2015-07-01", "2016-07-01")
    come(furnished, "party-members", workbook(tmp_path / "党员.xlsx", heads, [said]))
    heads = ("姓名", "身份证号码", "证书名称", "等级", "发证日期")
    held = [("社会工作者", "中级", "2024-06-01"), ("网格员", "四级", "2022-06-01")]
    come(
        furnished,
        "qualifications",
        workbook(tmp_path / "证书.xlsx", heads, [("李䶮", person.id_number, *one) for one in held]),
    )
    blank = form(tmp_path / "表.xlsx", ("姓名", "岗位", "所在党支部", "入党时间", "持证情况"))
    seen = form_seen(furnished, None, blank, Ask())
    assert (seen.ledger, seen.words) == ("workers", "这张表有 5 列，认得 5 列。")
    fill(furnished, None, blank, tmp_path / "好.xlsx", Ask())
    lines = {line[0]: line[2:] for line in cells(tmp_path / "好.xlsx")}
    assert lines["李䶮"] == ["梧桐社区党支部", "2015-07-01", "社会工作者（中级）、网格员（四级/中级工）"]
    assert lines["单晓琴"] == [None, None, None]
    blank = form(tmp_path / "统计.xlsx", ("社区", "党员数"))
    fill(furnished, None, blank, tmp_path / "数.xlsx", Ask())
    assert cells(tmp_path / "数.xlsx")[:2] == [["梧桐社区", 1], ["柳荫社区", 0]]
    blank = form(tmp_path / "党员表.xlsx", ("姓名", "所在党支部", "人员类别", "年龄", "转为正式党员日期"))
    assert form_seen(furnished, None, blank, Ask()).ledger == "party-members"
    fill(furnished, None, blank, tmp_path / "党.xlsx", Ask(day=date(2026, 8, 1)))
    assert cells(tmp_path / "党.xlsx")[0] == ["李䶮", "梧桐社区党支部", "正式党员", 35, "2016-07-01"]


@pytest.mark.parametrize("key", OFFERED)
def test_every_list_is_offered(key: str, furnished: Office, tmp_path: Path) -> None:
    heads = tuple(column.field.label for column in OFFERED[key] if not column.field.computed)
    blank = form(tmp_path / "表.xlsx", heads)
    seen = form_seen(furnished, key, blank, Ask())
    assert len([one for one in seen.headings if one.column is not None]) == len(heads)
    _, done = fill(furnished, key, blank, tmp_path / "好.xlsx", Ask())
    assert done.rows == seen.count
