"""Empty workbooks of a ledger: every code from a list, a place level by level, and back without a question."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from db.enums import Employment, MonthState, Political
from gridoffice import exports
from gridoffice.grids.listing import office_pack
from gridoffice.intake import Options
from gridoffice.ledgers import LEDGERS
from gridoffice.office import Office
from gridoffice.party.rules import tier_names
from tests.offices import PERIOD, come, number, roster, to, workbook, worker


def template(office: Office, key: str, file: Path, **options: Any) -> Any:
    exports.template(office, key, file, Options(**options))
    return openpyxl.load_workbook(file)


def columns(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[3] if cell.value}


def rule(sheet: Any, column: int, row: int) -> str | None:
    """The rule of the drop-down at a cell."""
    for one in sheet.data_validations.dataValidation:
        if f"{get_column_letter(column)}{row}" in one.sqref:
            return one.formula1
    return None


def offered(book: Any, sheet: Any, heading: str, row: int = 4) -> list[str]:
    """What the drop-down of a cell offers, worked out as Excel does."""
    said = rule(sheet, columns(sheet)[heading], row)
    assert said is not None, heading
    lists = book["选项"]

    def texts(area: str) -> list[Any]:
        name, first, last = re.fullmatch(r"选项!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", area).groups()  # type: ignore[union-attr]
        return [lists[f"{name}{place}"].value for place in range(int(first), int(last) + 1)]

    narrowed = re.fullmatch(
        r"OFFSET\((选项!\$[A-Z]+)\$1,MATCH\((.+?),(选项![^,]+),0\)-1,0,COUNTIF\(.+\),1\)", said
    )
    if narrowed is None:
        return texts(said)
    start, key, keys = narrowed.groups()
    above = "|".join(str(sheet[f"{name}{row}"].value or "") for name in re.findall(r"\$([A-Z]+)\d+", key))
    all_keys = texts(keys)
    place, count = all_keys.index(above), all_keys.count(above)
    assert all_keys[place : place + count] == [above] * count, "what belongs together stands together"
    return texts(f"{start}$1:{start.split('!')[1]}${len(all_keys)}")[place : place + count]


def test_a_place_is_chosen_level_by_level(small_office: Office, tmp_path: Path) -> None:
    book = template(small_office, "workers", tmp_path / "空表.xlsx")
    sheet = book.worksheets[0]
    heads = list(columns(sheet))
    assert heads[:7] == ["序号", "姓名", "职务", "街道", "社区", "所属网格", "微网格"]
    assert book["选项"].sheet_state == "veryHidden"
    at = columns(sheet)
    assert offered(book, sheet, "街道") == ["青禾街道"]
    sheet.cell(4, at["街道"]).value = "青禾街道"
    assert offered(book, sheet, "社区") == ["梧桐社区", "柳荫社区"]
    assert offered(book, sheet, "所属网格") == ["商圈专属网格"], "right below the street"
    sheet.cell(4, at["社区"]).value = "梧桐社区"
    assert offered(book, sheet, "所属网格") == ["第一网格", "第二网格"]
    sheet.cell(4, at["所属网格"]).value = "第一网格"
    assert offered(book, sheet, "微网格") == ["微网格01", "微网格02"]


def test_every_code_comes_from_a_list_and_every_heading_has_a_note(
    small_office: Office, tmp_path: Path
) -> None:
    book = template(small_office, "workers", tmp_path / "空表.xlsx")
    sheet = book.worksheets[0]
    assert offered(book, sheet, "政治面貌") == [one.label for one in Political]
    assert offered(book, sheet, "专兼职") == [one.label for one in Employment]
    for heading in ("性别", "民族", "学历", "职务"):
        assert offered(book, sheet, heading)
    assert len(offered(book, sheet, "民族", 503)) >= 56, "down to the last empty row"
    notes = {cell.value: cell.comment.text for cell in sheet[3] if cell.comment is not None}
    assert notes["姓名"] == "必填。"
    assert "18 位" in notes["身份证号码"]
    assert "2026-12-05" in notes["任职日期"]
    assert "一级一级选" in notes["社区"]


def test_what_is_filled_in_goes_in_without_a_question(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "填好.xlsx"
    book = template(small_office, "workers", file)
    sheet = book.worksheets[0]
    places = [
        ("梧桐社区", "第一网格", "微网格02"),
        ("柳荫社区", "第二网格", None),
        (None, "商圈专属网格", None),
    ]
    for row, (community, grid, micro) in enumerate(places, 4):
        said = {
            "姓名": f"孟{'㐂䶮𬭎'[row - 4]}",
            "职务": "专职网格员",
            "街道": "青禾街道",
            "社区": community,
            "所属网格": grid,
            "微网格": micro,
            "身份证号码": number(440 + row),
            "联系电话": f"1390000{row:04}",
            "政治面貌": offered(book, sheet, "政治面貌")[row % 3],
            "任职日期": date(2026, 3, row),
        }
        for heading, value in said.items():
            sheet.cell(row, columns(sheet)[heading]).value = value
    book.save(file)
    done = come(small_office, "workers", file)
    assert done.preview.in_words() == "新增 3", done.preview.problems
    assert done.preview.incoming.layout.unmapped == ()
    assert {mapped.how for mapped in done.preview.incoming.layout.columns} == {"exact"}
    assert worker(small_office, "孟㐂").grid == "梧桐·第一网格·微网格02"
    assert worker(small_office, "孟䶮").grid == "柳荫·第二网格"
    assert worker(small_office, "孟𬭎").grid == "商圈专属网格"
    assert worker(small_office, "孟𬭎").from_day == date(2026, 3, 6)
    assert come(small_office, "workers", file).preview.in_words() == "无变化 3"


def test_the_template_of_the_grids(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "网格.xlsx"
    book = template(small_office, "grids", file)
    sheet = book.worksheets[0]
    at = columns(sheet)
    assert "一般网格" in offered(book, sheet, "网格类型")
    assert "梧桐社区" in offered(book, sheet, "上级网格")
    for heading, value in (
        ("网格编码", "519921001001003"),
        ("网格名称", "第三网格"),
        ("网格类型", "一般网格"),
        ("上级网格", "梧桐社区"),
        ("户数", 320),
    ):
        sheet.cell(4, at[heading]).value = value
    book.save(file)
    assert come(small_office, "grids", file).preview.in_words() == "新增 1"


def test_what_the_office_knows_is_offered(small_office: Office, tmp_path: Path) -> None:
    rows = [("梧桐社区党委", "党委", None), ("梧桐第一党支部", None, "梧桐社区党委")]
    come(
        small_office,
        "party-orgs",
        workbook(tmp_path / "a.xlsx", ("党组织名称", "党组织类型", "上级党组织"), rows),
    )
    fire = [
        ("消防安全培训", date(2026, 3, 5)),
        ("矛盾纠纷调解", date(2026, 4, 10)),
        ("消防安全培训", date(2026, 5, 5)),
    ]
    come(small_office, "training", workbook(tmp_path / "b.xlsx", ("培训名称", "培训日期"), fire))
    held = [("李䶮", "社会工作者职业资格证", "中级"), ("王𠮷𬭎", "社会工作者职业资格证", None)]
    come(small_office, "qualifications", workbook(tmp_path / "c.xlsx", ("姓名", "证书名称", "等级"), held))
    pack = small_office.read(office_pack)

    def said(key: str, heading: str) -> list[str]:
        book = template(small_office, key, tmp_path / "空表.xlsx")
        return offered(book, book.worksheets[0], heading)

    assert said("party-members", "所在党支部") == ["梧桐社区党委", "梧桐第一党支部"]
    assert said("party-orgs", "上级党组织") == ["梧桐社区党委", "梧桐第一党支部"]
    assert "梧桐·第一网格" in said("party-links", "所入网格")
    assert said("party-links", "入格类别") == tier_names(pack) != []
    assert said("attendance", "培训名称") == ["消防安全培训", "矛盾纠纷调解"]
    assert said("qualifications", "证书名称") == ["城市管理网格员", "社会工作者职业资格证"]
    assert said("qualifications", "等级")[0] == "五级/初级工"


def test_what_is_not_offered_may_still_be_written(small_office: Office, tmp_path: Path) -> None:
    book = template(small_office, "qualifications", tmp_path / "空表.xlsx")
    place = get_column_letter(columns(book.worksheets[0])["证书名称"])
    (one,) = [one for one in book.worksheets[0].data_validations.dataValidation if f"{place}4" in one.sqref]
    assert one.errorStyle == "information"


def test_the_template_of_a_month(small_office: Office, tmp_path: Path) -> None:
    to(small_office, MonthState.SCORING)
    file = tmp_path / "指标.xlsx"
    book = template(small_office, "indicators", file, month=PERIOD)
    sheet = book.worksheets[0]
    person = roster(small_office)[0]
    sheet.cell(4, columns(sheet)["姓名"]).value = person.name
    book.save(file)
    assert come(small_office, "indicators", file, month=PERIOD).preview.in_words() == "无变化 1"


@pytest.mark.parametrize("key", ["grids", "workers"])
def test_an_office_without_grids_has_templates(key: str, tmp_path: Path) -> None:
    from gridoffice.establish import establish

    office = establish(tmp_path / "office.db")
    try:
        book = template(office, key, tmp_path / "空表.xlsx")
        assert "街道" not in columns(book.worksheets[0])
    finally:
        office.close()


@pytest.mark.parametrize("key", [key for key, ledger in LEDGERS.items() if ledger.listing is not None])
def test_every_template_is_read_without_a_question(key: str, small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "空表.xlsx"
    book = template(small_office, key, file)
    sheet = book.worksheets[0]
    taken = {column.name: column for column in small_office.read(LEDGERS[key].columns, Options())}
    for heading in columns(sheet):
        if heading == "序号":
            continue
        (column,) = [one for one in taken.values() if one.field.label == heading]
        if column.field.codes is not None:
            assert offered(book, sheet, heading) == [one.label for one in column.field.codes]
    layout = come(small_office, key, file).preview.incoming.layout
    assert layout.unmapped == ()
    assert {mapped.how for mapped in layout.columns} == {"exact"}
