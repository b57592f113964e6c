"""The party register in and out of Excel: organisations, members in every usual layout, grids answered for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.enums import PartyFlow, PartyMemberKind, PartyOrgKind, Political, Role
from gridoffice import history
from gridoffice.accounts.keeping import add_account
from gridoffice.exports import export, template
from gridoffice.intake import Options
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.party import rules
from gridoffice.party.naming import plain_name
from tests.offices import (
    Imported,
    Opening,
    come,
    errors,
    grid_id,
    number,
    outcomes,
    records,
    workbook,
    worker,
)

ORG_HEADINGS = ("党组织名称", "党组织类型", "上级党组织", "对应网格", "书记", "联系电话")
LINK_HEADINGS = ("姓名", "身份证号码", "入格类别", "所入网格", "职责", "起始日期", "终止日期")
ORGS = (
    ("梧桐社区第一网格党支部", None, "中共梧桐社区委员会", "梧桐·第一网格", "李䶮", "13800000012"),
    ("中共梧桐社区委员会", "党委", "中共青禾街道工作委员会", "梧桐社区", "赵𫍯", None),
    ("中共青禾街道工作委员会", "党工委", None, "青禾街道", None, None),
    ("第一党小组", None, "梧桐社区第一网格支部", "51992100100100101", None, None),
)


def listed(office: Office, key: str, **ask: Any) -> list[Any]:
    listing = LEDGERS[key].listing
    assert listing is not None
    return office.read(lambda session: listing.rows(session, listing.ids(session, Ask(**ask))))


def take(
    office: Office, path: Path, key: str, headings: Sequence[str], *rows: Sequence[Any], **options: Any
) -> Imported:
    full = [(*row, *[None] * (len(headings) - len(row))) for row in rows]
    return come(office, key, workbook(path / f"{key}.xlsx", headings, full, above=1), **options)


def orgs(office: Office, path: Path, *rows: Sequence[Any], **options: Any) -> Imported:
    return take(office, path, "party-orgs", ORG_HEADINGS, *(rows or ORGS), **options)


def links(office: Office, path: Path, *rows: Sequence[Any], **options: Any) -> Imported:
    return take(office, path, "party-links", LINK_HEADINGS, *rows, **options)


def messages(done: Imported) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.message) for problem in done.preview.problems]


# Organisations


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中共梧桐社区第一支部委员会", "梧桐社区第一党支部"),
        ("梧桐社区第一支部", "梧桐社区 第一党支部"),
        ("中国共产党梧桐社区委员会", "梧桐社区党委"),
        ("中共梧桐社区总支部委员会", "梧桐社区党总支"),
        ("楼宇联合支部", "楼宇联合党支部"),
    ],
)
def test_names_written_differently(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("中共梧桐社区委员会", PartyOrgKind.COMMITTEE),
        ("梧桐社区党总支", PartyOrgKind.GENERAL),
        ("中共梧桐社区第一支部委员会", PartyOrgKind.BRANCH),
        ("商圈联合党支部", PartyOrgKind.JOINT_BRANCH),
        ("微网格01党小组", PartyOrgKind.GROUP),
        ("梧桐社区", None),
    ],
)
def test_a_name_tells_the_kind(name: str, kind: PartyOrgKind | None) -> None:
    assert rules.kind_of(name) is kind


def test_a_tree_in_any_order(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    done = orgs(small_office, tmp_path)
    assert (errors(done), done.preview.in_words()) == ([], "新增 4")
    found = {row.name: row for row in listed(small_office, "party-orgs")}
    assert [
        (row.kind, row.parent, row.grid)
        for row in (found["梧桐社区第一网格党支部"], found["第一党小组"], found["中共青禾街道工作委员会"])
    ] == [
        (PartyOrgKind.BRANCH, "中共梧桐社区委员会", "梧桐·第一网格"),
        (PartyOrgKind.GROUP, "梧桐社区第一网格党支部", "梧桐·第一网格·微网格01"),
        (PartyOrgKind.COMMITTEE, None, "青禾街道"),
    ]
    assert orgs(small_office, tmp_path).preview.in_words() == "无变化 4"
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(history.redo)
    assert len(listed(small_office, "party-orgs")) == 4


def test_a_group_of_the_same_name_below_another_branch_is_another(
    small_office: Office, tmp_path: Path
) -> None:
    orgs(small_office, tmp_path)
    second = ("梧桐社区第二网格党支部", None, "梧桐社区党委", "梧桐·第二网格")
    done = orgs(small_office, tmp_path, second, ("第一党小组", None, second[0]))
    assert done.preview.in_words() == "新增 2"
    shown = {row.name: row.parent for row in listed(small_office, "party-orgs")}
    assert shown["第一党小组"] in ("梧桐社区第一网格党支部", "梧桐社区第二网格党支部")
    assert orgs(small_office, tmp_path, ("第一党小组",)).preview.in_words() == "冲突 1"
    target = tmp_path / "出.xlsx"
    export(small_office, LEDGERS["party-orgs"].listing, target, Ask(), reveal=True, reason="核对")  # type: ignore[arg-type]
    assert come(small_office, "party-orgs", target).preview.in_words() == "无变化 6"


def test_an_organisation_moves_changes_and_keeps_what_is_not_said(
    small_office: Office, tmp_path: Path
) -> None:
    orgs(small_office, tmp_path)
    done = orgs(
        small_office,
        tmp_path,
        ("梧桐社区第一网格党支部", None, "青禾街道党工委", "梧桐·第二网格", "单晓琴"),
    )
    assert errors(done) == []
    row = {row.name: row for row in listed(small_office, "party-orgs")}["梧桐社区第一网格党支部"]
    assert (row.parent, row.grid, row.secretary, row.phone) == (
        "中共青禾街道工作委员会",
        "梧桐·第二网格",
        "单晓琴",
        "13800000012",
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((("甲党支部", None, "没有的党委"),), [(3, "上级党组织")]),
        ((("甲党支部", None, None, "没有的网格"),), [(3, "对应网格")]),
        ((("甲",),), [(3, "党组织类型")]),
        ((("甲党支部",), ("中共甲支部委员会",)), [(4, "党组织名称")]),
        ((("甲党委", None, "乙党委"), ("乙党委", None, "甲党委")), [(3, "上级党组织"), (4, "上级党组织")]),
        ((("甲党委", None, "丙党委"), ("乙党支部", None, "甲党委")), [(3, "上级党组织"), (4, "上级党组织")]),
    ],
)
def test_wrong_organisations(
    small_office: Office, tmp_path: Path, rows: Sequence[Sequence[Any]], expected: list[Any]
) -> None:
    done = orgs(small_office, tmp_path, *rows)
    assert [(row, field) for row, field, _ in errors(done)] == expected
    assert not done.preview.written


# Members: the layouts that party offices send


LAYOUT_A = (
    "序号", "姓名", "所在党支部", "公民身份证号", "性别", "民族", "出生日期", "学历", "人员类别", "加入党组织日期",
    "转为正式党员日期", "工作岗位", "手机号", "固定电话", "家庭住址", "党籍状态", "是否为失联党员", "失去联系日期",
    "是否为流动党员", "外出流向", "备注",
)  # fmt: skip
LAYOUT_B = (
    "序号", "姓名", "性别", "民族", "出生年月", "身份证号", "文化程度", "党员类型", "入党时间", "状态", "住址",
    "电话", "所属支部", "备注",
)  # fmt: skip
LAYOUT_C = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "家庭住址",
    "工作单位",
    "职务",
    "特长",
    "联系电话",
    "备注",
)
LAYOUT_D = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "状态",
    "入党时间",
    "住址",
    "电话",
    "免过原因",
    "所属支部",
)
LAYOUT_E = (
    "序号", "姓名", "性别", "民族", "出生年月", "身份证号", "文化程度", "入党时间", "出国事由", "目的地", "状态",
    "保留党籍时间", "电话", "所属支部", "备注",
)  # fmt: skip
BRANCH = "梧桐社区第一网格党支部"


def book(path: Path, title: str, above: Sequence[Any], headings: Sequence[str], rows: Any) -> Path:
    """A roster as party offices write it: the title merged in A1, maybe a line below it."""
    file = openpyxl.Workbook()
    sheet = file.active
    assert sheet is not None
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    for line in above:
        sheet.append([line])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    file.save(path)
    file.close()
    return path


def members(office: Office) -> dict[str, Any]:
    return {row.name: row for row in listed(office, "party-members")}


def test_layout_a(small_office: Office, tmp_path: Path) -> None:
    orgs(small_office, tmp_path)
    li = worker(small_office, "李䶮")
    row: list[Any] = [None] * 21
    row[:11] = [
        1,
        "李䶮",
        BRANCH,
        li.id_number,
        "女",
        "汉族",
        "1990.03",
        "大学",
        "正式党员",
        39600,
        "2009-06-01",
    ]
    row[12], row[15], row[16], row[18] = "13800000012", "正常", "否", "是"
    other: list[Any] = [None] * 21
    other[:11] = [
        2,
        "何来",
        "第一党小组",
        number(70),
        "男",
        "汉",
        "1990-03-07",
        "大专",
        "预备党员",
        "2026.3.1",
        None,
    ]
    file = book(
        tmp_path / "甲.xlsx", "青禾街道党员基本信息汇总表", ["填报单位：青禾街道"], LAYOUT_A, [row, other]
    )
    done = come(small_office, "party-members", file)
    assert (errors(done), done.preview.in_words()) == ([], "新增 2")
    found = members(small_office)
    one = found["李䶮"]
    assert (one.person_id, one.org, one.kind, one.joined, one.confirmed, one.flow) == (
        li.person_id,
        BRANCH,
        PartyMemberKind.FULL,
        date(2008, 6, 1),
        date(2009, 6, 1),
        PartyFlow.AWAY,
    )
    assert (found["何来"].kind, found["何来"].org) == (PartyMemberKind.PROBATIONARY, "第一党小组")
    assert worker(small_office, "李䶮").political is Political.MEMBER
    assert come(small_office, "party-members", file).preview.in_words() == "无变化 2"


def test_layout_b_names_its_branch_in_the_title(small_office: Office, tmp_path: Path) -> None:
    orgs(small_office, tmp_path)
    row = [
        1,
        "何来",
        "男",
        "汉",
        "1990.03",
        number(70),
        "大专",
        "正式",
        "2015年7月1日",
        "正常",
        "梧桐社区青禾路12号",
        "13812345678",
    ]
    file = book(tmp_path / "乙.xlsx", f"{BRANCH}党员名册", [], LAYOUT_B[:12], [row])
    assert errors(come(small_office, "party-members", file)) == []
    he = members(small_office)["何来"]
    assert (he.org, he.joined, he.address) == (BRANCH, date(2015, 7, 1), "梧桐社区青禾路12号")


def test_layouts_without_a_number(small_office: Office, tmp_path: Path) -> None:
    """双报到: name and phone say who it is; D and E carry a state."""
    orgs(small_office, tmp_path)
    reported = [1, "李䶮", "女", "汉", "1990.03", "某小区", "某单位", "科员", "书法", "13800000012", None]
    done = come(
        small_office,
        "party-members",
        book(tmp_path / "丙.xlsx", "在职党员“双报到”登记表", ["日期：2026年3月"], LAYOUT_C, [reported]),
    )
    assert (errors(done), done.preview.in_words()) == ([], "新增 1")
    assert members(small_office)["李䶮"].org is None
    excused = [
        1,
        "周敏",
        "女",
        "汉",
        "1940.03",
        "免过组织生活",
        "1965.7.1",
        "某小区",
        "13912345678",
        "年老体弱",
        BRANCH,
    ]
    done = come(
        small_office,
        "party-members",
        book(tmp_path / "丁.xlsx", "免过组织生活党员名册", [], LAYOUT_D, [excused]),
    )
    assert errors(done) == []
    assert members(small_office)["周敏"].flow is PartyFlow.EXEMPT
    abroad: list[Any] = [None] * 15
    abroad[:9] = [1, "何来", "男", "汉", "1990.03", number(70), "本科", "2012.7.1", "留学"]
    abroad[10], abroad[13] = "保留党籍", BRANCH
    done = come(
        small_office,
        "party-members",
        book(tmp_path / "戊.xlsx", "因私出国（境）保留党籍党员名册", [], LAYOUT_E, [abroad]),
    )
    assert errors(done) == []
    assert members(small_office)["何来"].flow is PartyFlow.KEPT


HEADINGS = ("姓名", "身份证号码", "所在党支部", "人员类别", "入党日期", "转正日期")


def test_a_member_is_confirmed_and_changes_the_branch(small_office: Office, tmp_path: Path) -> None:
    orgs(small_office, tmp_path)
    row = ("何来", number(70), BRANCH, "预备党员", date(2024, 7, 1))
    take(small_office, tmp_path, "party-members", HEADINGS, row)
    later = ("何来", number(70), "第一党小组", "正式党员", date(2024, 7, 1), date(2025, 7, 1))
    done = take(small_office, tmp_path, "party-members", HEADINGS, later)
    assert (errors(done), outcomes(done)) == ([], [(3, "updated")])
    assert set(done.preview.rows[0].changes) == {"political", "kind", "confirmed", "org"}
    now = members(small_office)["何来"]
    assert (now.org, now.kind, now.confirmed) == ("第一党小组", PartyMemberKind.FULL, date(2025, 7, 1))


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (("没有的支部",), "所在党支部", "没有党组织"),
        ((BRANCH, "正式", date(2020, 1, 1), date(2019, 1, 1)), "转正日期", "早于入党日期"),
        ((BRANCH, "群众"), "人员类别", "没有“群众”"),
    ],
)
def test_wrong_members(
    small_office: Office, tmp_path: Path, row: Sequence[Any], field: str, message: str
) -> None:
    orgs(small_office, tmp_path)
    done = take(small_office, tmp_path, "party-members", HEADINGS, ("何来", number(70), *row))
    assert [(f, message in m) for _, f, m in errors(done)] == [(field, True)]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ((BRANCH, "正式", date(2020, 7, 1), date(2021, 6, 30)), "转正日期"),
        ((BRANCH, "正式", date(2005, 7, 1), date(2006, 7, 1)), "入党日期"),
        ((BRANCH, "预备", date(2020, 7, 1), date(2021, 7, 1)), "人员类别"),
    ],
)
def test_doubtful_members(small_office: Office, tmp_path: Path, row: Sequence[Any], field: str) -> None:
    orgs(small_office, tmp_path)
    done = take(small_office, tmp_path, "party-members", HEADINGS, ("何来", number(70), *row))
    assert errors(done) == []
    assert field in [one for one, _ in messages(done)]


def test_a_branch_nobody_knows_can_be_made(small_office: Office, tmp_path: Path) -> None:
    rows = [("何来", number(70), "新村党支部"), ("何往", number(71), "新村党支部")]
    done = take(small_office, tmp_path, "party-members", HEADINGS, *rows, create_missing=True)
    assert (errors(done), done.preview.in_words()) == ([], "新增 2")
    (made,) = listed(small_office, "party-orgs")
    assert (made.name, made.kind, made.members) == ("新村党支部", PartyOrgKind.BRANCH, 2)
    assert take(small_office, tmp_path, "party-members", HEADINGS, *rows).preview.in_words() == "无变化 2"


def test_a_branch_nobody_knows_is_asked_about(small_office: Office, tmp_path: Path) -> None:
    orgs(small_office, tmp_path)
    row = ("何来", number(70), "梧桐第一支部")
    done = take(small_office, tmp_path, "party-members", HEADINGS, row)
    (asked,) = done.preview.rows[0].asks
    choices = small_office.read(LEDGERS["party-members"].choices, None, asked)
    assert choices[0].words == BRANCH
    assert [one.words for one in choices[-2:]] == ["新建党支部“梧桐第一支部”", "这些行先不写"]
    for answer, org in (("skip", None), (choices[0].answer, BRANCH), ("create", "梧桐第一支部")):
        done = take(small_office, tmp_path, "party-members", HEADINGS, row, answers={asked.key: answer})
        assert errors(done) == []
        assert [one.org for one in members(small_office).values()] == ([org] if org else [])


# Who answers for which grid


def test_a_grid_nobody_knows_is_asked_about(small_office: Office, tmp_path: Path) -> None:
    row = ("李䶮", worker(small_office, "李䶮").id_number, None, "梧桐一网格")
    (asked,) = links(small_office, tmp_path, row).preview.rows[0].asks
    choices = small_office.read(LEDGERS["party-links"].choices, None, asked)
    first = next(one for one in choices if "梧桐·第一网格" in one.words)
    links(small_office, tmp_path, row, answers={asked.key: first.answer})
    assert [one.grid for one in listed(small_office, "party-links")] == ["梧桐·第一网格"]


def test_the_grid_of_an_organisation_is_asked_about(small_office: Office, tmp_path: Path) -> None:
    row = ("梧桐一网格党支部", None, None, "梧桐一网格")
    done = orgs(small_office, tmp_path, row)
    (asked,) = done.preview.rows[0].asks
    first = small_office.read(LEDGERS["party-orgs"].choices, None, asked)[0]
    assert errors(orgs(small_office, tmp_path, row, answers={asked.key: first.answer})) == []
    assert [one.grid for one in listed(small_office, "party-orgs")] == ["梧桐·第一网格"]
    assert orgs(small_office, tmp_path, row, answers={asked.key: "skip"}).preview.in_words() == "先不写 1"


def test_rows_outside_an_accounts_scope(small_office: Office, office_at: Opening, tmp_path: Path) -> None:
    below = grid_id(small_office, "519921001001")
    small_office.write(add_account, "wutong", "梧桐经办", Role.CLERK, below)
    clerk = office_at(small_office.store.address, "wutong")
    li, zhang = worker(small_office, "李䶮"), number(15)
    done = links(
        clerk,
        tmp_path,
        ("李䶮", li.id_number, None, "梧桐·第一网格"),
        ("李䶮", li.id_number, None, "柳荫社区"),
        ("张三", zhang, None, "梧桐社区"),
    )
    assert [row.out_of_scope for row in done.preview.rows] == [False, True, True]
    assert [outcome for _, outcome in outcomes(done)] == ["new", "error", "error"]
    assert "超出权限范围" in errors(done)[0][2]
    placed = orgs(clerk, tmp_path, ("柳荫社区党委", None, None, "柳荫社区"))
    assert [row.out_of_scope for row in placed.preview.rows] == [True]


def test_links_in_the_packs_own_words(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    li = worker(small_office, "李䶮")
    rows = (
        ("李䶮", li.id_number, "社区党员干部", "梧桐·第一网格", "联系网格支部", date(2025, 1, 1), None),
        ("王𠮷𬭎", None, None, "梧桐社区", None, date(2025, 1, 1), date(2025, 12, 31)),
    )
    done = links(small_office, tmp_path, *rows)
    assert (errors(done), done.preview.in_words()) == ([], "新增 2")
    assert ("姓名", "党员花名册里没有“李䶮”，看看是不是党员。") in messages(done)
    found = listed(small_office, "party-links", day=date(2025, 6, 1))
    assert [(row.name, row.kind, row.grid) for row in found] == [
        ("王𠮷𬭎", "街道下沉党员干部", "梧桐社区"),
        ("李䶮", "社区党员干部", "梧桐·第一网格"),
    ]
    assert [row.name for row in listed(small_office, "party-links", day=date(2026, 6, 1))] == ["李䶮"]
    assert links(small_office, tmp_path, *rows).preview.in_words() == "无变化 2"
    ended = (*rows[0][:6], date(2026, 3, 31))
    assert links(small_office, tmp_path, ended).preview.in_words() == "更新 1"
    again = ("李䶮", li.id_number, "社区党员干部", "梧桐·第一网格", None, date(2026, 5, 1))
    assert links(small_office, tmp_path, again).preview.in_words() == "新增 1"
    for _ in range(3):
        small_office.write(history.undo)
    assert records(small_office) == before


def test_doubtful_and_wrong_links(small_office: Office, tmp_path: Path) -> None:
    li = worker(small_office, "李䶮")
    done = links(
        small_office,
        tmp_path,
        ("李䶮", li.id_number, "居民党员", "梧桐社区", None, date(2025, 1, 1)),
        ("李䶮", li.id_number, "楼栋长", "梧桐社区", None, date(2026, 1, 1)),
        ("李䶮", li.id_number, None, "没有的网格"),
        ("李䶮", li.id_number, None, "柳荫社区", None, date(2025, 1, 1), date(2024, 1, 1)),
        ("李䶮", li.id_number),
    )
    said = messages(done)
    assert ("入格类别", "居民党员应入微网格，这里是总网格。") in said
    assert [field for field, message in said if "不在本办的入格类别里" in message] == ["入格类别"]
    assert [(row, field) for row, field, _ in errors(done)] == [
        (5, "所入网格"),
        (6, "终止日期"),
        (7, "所入网格"),
    ]


@pytest.mark.parametrize("key", ["party-orgs", "party-members", "party-links"])
def test_what_goes_out_comes_back_unchanged(small_office: Office, tmp_path: Path, key: str) -> None:
    orgs(small_office, tmp_path)
    li = worker(small_office, "李䶮")
    take(
        small_office,
        tmp_path,
        "party-members",
        HEADINGS,
        ("李䶮", li.id_number, BRANCH, "正式", date(2015, 7, 1), date(2016, 7, 1)),
        ("何来", number(70), "第一党小组", "预备", date(2026, 1, 1)),
    )
    links(small_office, tmp_path, ("何来", number(70), "居民党员", "51992100100100101", "联系 20 户"))
    target = tmp_path / "出.xlsx"
    listing = LEDGERS[key].listing
    assert listing is not None
    count = export(small_office, listing, target, Ask(), reveal=True, reason="核对")
    assert come(small_office, key, target).preview.in_words() == f"无变化 {count}"
    template(small_office, key, tmp_path / "空.xlsx", Options())
    below = grid_id(small_office, "519921001001001")
    assert len(listed(small_office, key, scope=below)) == {"party-orgs": 2, "party-members": 2}.get(key, 1)
    assert listed(small_office, key, scope=grid_id(small_office, "519921001002")) == []
