"""Cells become values, values become texts, and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from db.enums import Education, Employment, Ethnicity, Political, Sex
from gridoffice.cells import NO_RESULT, CellError, Percent, text_of
from gridoffice.errors import Severity
from gridoffice.fields import Field, Kind, Sensitive
from gridoffice.idcard import check_digit
from gridoffice.values import parse, show

ID = Field("身份证号码", Kind.ID_NUMBER, sensitive=Sensitive.ID_NUMBER)
PHONE = Field("联系电话", Kind.PHONE, sensitive=Sensitive.PHONE)
ADDRESS = Field("住址", Kind.ADDRESS, sensitive=Sensitive.ADDRESS)
NAME = Field("姓名", Kind.NAME, required=True)
DAY = Field("任职日期", Kind.DATE)
COUNT = Field("户数", Kind.INTEGER)
SCORE = Field("得分", Kind.DECIMAL)
RATE = Field("入户率", Kind.RATE)
YES = Field("是否持证", Kind.YES_NO)
TEXT = Field("备注")
GRID = Field("所属网格", Kind.GRID)
SEX = Field("性别", Kind.CODE, codes=Sex)
POLITICAL = Field("政治面貌", Kind.CODE, codes=Political)
EDUCATION = Field("学历", Kind.CODE, codes=Education)
ETHNICITY = Field("民族", Kind.CODE, codes=Ethnicity)
EMPLOYMENT = Field("专兼职", Kind.CODE, codes=Employment)

ALL = (
    ID,
    PHONE,
    ADDRESS,
    NAME,
    DAY,
    COUNT,
    SCORE,
    RATE,
    YES,
    TEXT,
    GRID,
    SEX,
    POLITICAL,
    EDUCATION,
    ETHNICITY,
    EMPLOYMENT,
)


def value(field, raw):
    found, problems = parse(field, raw)
    assert problems == ()
    return found


def fault(field, raw):
    found, problems = parse(field, raw)
    assert found is None
    (problem,) = problems
    assert problem.severity is Severity.ERROR
    assert problem.field == field.label
    assert problem.value == text_of(raw)
    return problem.message


@pytest.mark.parametrize("nothing", [None, "", "  ", "无", "—", "－", "/", "\\", "N/A", "暂无", "——", "-"])
@pytest.mark.parametrize("field", [ID, PHONE, DAY, COUNT, SCORE, RATE, TEXT, GRID, SEX, EDUCATION, ETHNICITY])
def test_signs_for_nothing_are_empty(field, nothing):
    assert parse(field, nothing) == (None, ())


def test_a_required_cell_must_be_filled():
    assert fault(NAME, None) == "姓名是空的，这一列每行都要填。"
    assert fault(NAME, "　") == "姓名是空的，这一列每行都要填。"


@pytest.mark.parametrize(
    "raw", [5.101291990030700e17, 519921199003070013, 5.101291990030700e17 + 64, "5.10129E+17"]
)
def test_an_id_stored_as_a_number_is_never_guessed(raw):
    assert fault(ID, raw).startswith("身份证号在 Excel 里被存成数字，后三位可能已丢失")


def test_other_long_numbers_are_not_guessed_either():
    assert "后几位可能已丢失" in fault(TEXT, 5.101291990030700e17)
    assert "后几位可能已丢失" in fault(GRID, 5.101291990030700e17)
    assert value(GRID, 519921001001001) == "519921001001001"


def test_an_old_id_is_offered_as_a_new_one():
    number, (problem,) = parse(ID, "519921491231000")
    assert number == "51992119491231000X"
    assert problem.severity is Severity.WARNING
    assert number in problem.message


def test_error_cells_are_named():
    for field in ALL:
        assert "#REF!" in fault(field, CellError("#REF!"))
        assert "公式" in fault(field, CellError(NO_RESULT))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("300", 300),
        ("３００", 300),
        ("300户", 300),
        ("1,234", 1234),
        (12.0, 12),
        (7, 7),
        ("0", 0),
        ("-3", -3),
        ("1.2E3", 1200),
    ],
)
def test_whole_numbers(raw, number):
    assert value(COUNT, raw) == number


@pytest.mark.parametrize(
    "raw", ["约300", "三百", "1,23", True, float("nan"), float("inf"), date(2020, 1, 1), "1_000", "٣"]
)
def test_what_is_no_number_says_so(raw):
    assert "不是数" in fault(COUNT, raw)
    assert "不是数" in fault(SCORE, raw)


def test_numbers_are_exact():
    assert fault(COUNT, 12.5) == "户数应为整数，这里是 12.5。"
    assert value(SCORE, 0.1 + 0.2) == Decimal("0.3")
    assert value(SCORE, "95.50分") == Decimal("95.5")


@pytest.mark.parametrize("raw", ["95.5%", "95.5", 95.5, Percent(0.955), "９５．５％", "95.5 %", "百分之95.5"])
def test_rates(raw):
    assert value(RATE, raw) == Decimal("95.5")


@pytest.mark.parametrize(
    ("raw", "answer"),
    [("√", True), ("是", True), (1, True), ("有", True), (True, True), ("✓", True),
     ("否", False), ("×", False), (0, False), ("无", False), ("没有", False)],
)  # fmt: skip
def test_yes_and_no(raw, answer):
    assert value(YES, raw) is answer


def test_neither_yes_nor_no():
    assert fault(YES, "也许") == "是否持证填“是”或“否”，这里是“也许”。"


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        (SEX, "男", Sex.MALE), (SEX, "女性", Sex.FEMALE), (SEX, 1, Sex.MALE), (SEX, " 男 ", Sex.MALE),
        (POLITICAL, "党员", Political.MEMBER), (POLITICAL, "正式党员", Political.MEMBER),
        (POLITICAL, "中共党员（预备）", Political.PROBATIONARY), (POLITICAL, "预备党员", Political.PROBATIONARY),
        (POLITICAL, "团员", Political.LEAGUE), (POLITICAL, "普通群众", Political.MASSES),
        (POLITICAL, "无", Political.MASSES), (POLITICAL, "01", Political.MEMBER), (POLITICAL, "民盟", Political.MINMENG),
        (EDUCATION, "大专", Education.COLLEGE), (EDUCATION, "本科", Education.BACHELOR),
        (EDUCATION, "大学", Education.BACHELOR),
        (EDUCATION, "在职本科", Education.BACHELOR), (EDUCATION, "省委党校研究生", Education.POSTGRADUATE),
        (EDUCATION, "硕士", Education.MASTER), (EDUCATION, "函授大专", Education.COLLEGE),
        (EDUCATION, "本科（函授）", Education.BACHELOR), (EDUCATION, "大专(自考)", Education.COLLEGE),
        (EDUCATION, "技校", Education.SECONDARY),
        (EDUCATION, "高中毕业", Education.HIGH_SCHOOL), (EDUCATION, "初中文化", Education.JUNIOR_HIGH),
        (EDUCATION, "文盲", Education.OTHER), (EDUCATION, "大专学历", Education.COLLEGE),
        (ETHNICITY, "汉", Ethnicity.HAN), (ETHNICITY, "汉族", Ethnicity.HAN), (ETHNICITY, "维族", Ethnicity.WEIWUER),
        (ETHNICITY, "土家", Ethnicity.TUJIA),
        (EMPLOYMENT, "专职", Employment.FULL_TIME), (EMPLOYMENT, "兼", Employment.PART_TIME),
        (EMPLOYMENT, "志愿者", Employment.VOLUNTEER), (EMPLOYMENT, "是", Employment.FULL_TIME),
        (EMPLOYMENT, "√", Employment.FULL_TIME), (EMPLOYMENT, 1, Employment.FULL_TIME),
        (EMPLOYMENT, "0", Employment.PART_TIME), (POLITICAL, 1, Political.MEMBER),
    ],
)  # fmt: skip
def test_colloquial_words_become_codes(field, raw, code):
    assert value(field, raw) is code


def test_a_word_of_the_field_comes_first():
    field = Field("岗位性质", Kind.CODE, codes=Employment, words=(("公益岗", Employment.PART_TIME),))
    assert value(field, "公益岗") is Employment.PART_TIME


def test_an_unknown_code_says_what_is_known():
    assert fault(EDUCATION, "函授") == (
        "学历里没有“函授”这一种。可填：博士研究生、硕士研究生、研究生、大学本科、大学专科、中等职业、普通高中、初中、小学、其他。"
    )
    assert "维吾尔族" in fault(ETHNICITY, "维吾儿族")


def test_nobody_knows_is_empty_with_a_note():
    found, (problem,) = parse(SEX, "不详")
    assert found is None
    assert problem.severity is Severity.NOTE


def test_text_is_one_line():
    assert value(TEXT, " 一\r\n二\x07\t三 ") == "一 二 三"
    assert value(TEXT, "=1+1") == "=1+1"
    assert value(TEXT, 12) == "12"
    text, (problem,) = parse(TEXT, date(2026, 6, 28))
    assert text == "2026-06-28"
    assert problem.severity is Severity.NOTE


def test_what_excel_makes_of_a_grid_s_number_is_never_guessed_back():
    assert fault(GRID, date(2026, 3, 12)) == (
        "所属网格在 Excel 里被存成了日期 2026-03-12。把这一格设成文本重新填。"
    )
    text, (problem,) = parse(GRID, 1.1)  # 1.10 typed into a number cell
    assert text == "1.1"
    assert problem.severity is Severity.WARNING
    assert value(GRID, 519921001001) == "519921001001"
    assert value(GRID, "3-12") == "3-12"


def test_nobody_is_no_name():
    assert fault(NAME, "空 缺") == "姓名“空缺”不是人名。没有人就不要这一行。"
    assert fault(NAME, "同上") == "姓名“同上”不是人名，写出姓名。"
    found, (problem,) = parse(replace(NAME, required=False), "待定")
    assert found is None
    assert problem.severity is Severity.NOTE


def test_no_party_member_is_a_warning():
    found, (problem,) = parse(POLITICAL, "否")
    assert found is Political.MASSES
    assert problem.severity is Severity.WARNING


def test_show():
    assert show(ID, "519921199003070013") == "519***********0013"
    assert show(ID, "519921199003070013", reveal=True) == "519921199003070013"
    assert show(PHONE, "13800136721") == "138****6721"
    assert show(DAY, date(2026, 6, 28)) == "2026-06-28"
    assert show(RATE, Decimal("96.50")) == "96.5%"
    assert show(RATE, Decimal("1E+2")) == "100%"
    assert show(SCORE, Decimal("100.00")) == "100"
    assert show(SCORE, Decimal("-0.0")) == "0"
    assert show(COUNT, 1200) == "1200"
    assert show(SEX, Sex.MALE) == "男"
    assert show(YES, False) == "否"
    assert all(show(field, None) == "" for field in ALL)


def ids():
    return some.builds(
        lambda day, n: (first := f"519921{day:%Y%m%d}{n:03}") + check_digit(first),
        some.dates(date(1901, 1, 1), date(2020, 1, 1)),
        some.integers(1, 998),
    )


EXACT = some.decimals(-1_000_000, 1_000_000, places=4)
VALUES = {
    Kind.ID_NUMBER: ids(),
    Kind.PHONE: some.from_regex(r"1[3-9][0-9]{9}( 1[3-9][0-9]{9})?", fullmatch=True).filter(
        lambda text: len(set(text.split())) == len(text.split())
    ),
    Kind.ADDRESS: some.text("青禾路12号3幢𬭎", min_size=1, max_size=20),
    Kind.NAME: some.text("张三李四䶮㐂𬭎𠮷𫍯", min_size=1, max_size=6),
    Kind.DATE: some.dates(date(1900, 1, 1), date(2099, 12, 31)),
    Kind.INTEGER: some.integers(-(10**14), 10**14),
    Kind.DECIMAL: EXACT,
    Kind.RATE: EXACT,
    Kind.YES_NO: some.booleans(),
    Kind.TEXT: some.text("网格<>&\"'=+@ 一二𠮷", min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
    Kind.GRID: some.text("网格一二/·", min_size=2, max_size=20).filter(lambda text: text.strip("/")),
}


@pytest.mark.parametrize("field", ALL, ids=lambda field: field.label)
@given(data=some.data())
def test_what_is_shown_is_read_back(field, data):
    known = some.sampled_from(list(field.codes)) if field.codes else VALUES[field.kind]
    original = data.draw(known)
    text = show(field, original, reveal=True)
    assert parse(field, text) == (original, ())
    assert show(field, parse(field, text)[0], reveal=True) == text


CELLS = some.one_of(
    some.none(),
    some.text(max_size=20),
    some.integers(),
    some.floats(),
    some.booleans(),
    some.dates(),
    some.datetimes(),
    some.times(),
    some.decimals(),
    some.just(time(8, 30)),
    some.sampled_from([CellError("#N/A"), CellError(NO_RESULT)]),
)


@pytest.mark.parametrize("field", ALL, ids=lambda field: field.label)
@given(raw=CELLS)
def test_no_cell_breaks_the_reader_and_reading_twice_is_reading_once(field, raw):
    found, problems = parse(field, raw)
    assert all(problem.field == field.label for problem in problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        assert found is None
    if found is not None:
        text = show(field, found, reveal=True)
        again, _ = parse(field, text)
        assert show(field, again, reveal=True) == text


def test_a_masked_address_is_not_taken_in_again() -> None:
    whole = "梧桐社区青禾路12号3幢501"
    shown = show(ADDRESS, whole)
    assert shown == "梧桐社区青禾****" and show(ADDRESS, whole, reveal=True) == whole
    found, (problem,) = parse(ADDRESS, shown)
    assert found is None and problem.message == "住址是遮住的，不能写入。换成完整的住址。"
