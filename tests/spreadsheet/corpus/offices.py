"""Dirty workbooks: how offices print their lists, put them side by side and above each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.spreadsheet.corpus.cases import plain, with_head
from tests.spreadsheet.corpus.pages import HEADS, Case, Page, case

# ---- printed lists -----------------------------------------------------------------------------


def printed() -> Iterator[Case]:
    page = Page(heads=with_head(a="", b="", c=""))
    page.line("青禾街道2026年6月网格力量统计及花名册", across=True)
    page.line("序号", *HEADS.values(), "联系服务", None, None)
    page.line(*[None] * 8, "户数", None, "人口")
    page.line(*[None] * 8, "合计", "其中：租户", None)
    page.merges += [f"{c}2:{c}4" for c in "ABCDEFGH"] + ["I2:K2", "I3:J3", "K3:K4"]
    for count in (300, 280, 310):
        page.person({"a": count, "b": 20, "c": 900})
    yield case("三行表头带合计列组", page)

    page = Page()
    page.line("青禾街道网格员花名册", across=True)
    page.header()
    for sheet in (1, 2, 3):
        if sheet > 1:
            page.line("青禾街道网格员花名册", across=True, skipped=True)
            page.header(again=True)
        for _ in range(3):
            page.person()
        page.line(f"第{sheet}页　共3页", across=True, skipped=True)
    yield case("每页重复标题表头和页码", page)

    page = Page()
    page.header()
    for _sheet in (1, 2):
        for _ in range(3):
            page.person()
        page.line("本页小计", None, None, "3人", skipped=True)
    page.line("总 计", None, None, "6人", skipped=True)
    yield case("本页小计和总计", page)

    page = Page(heads={"community": "社区", **HEADS})
    page.header()
    for part in ("梧桐社区", "梧桐社区", "青松社区"):
        if page.count:
            page.header(again=True)
        first = page.at + 1
        for index in range(3):
            page.person({"community": None if index else part}, means={"community": part})
        page.merges.append(f"B{first}:B{page.at}")
    yield case("合并的社区格跨页重写", page)

    page = Page()
    page.header()
    for _ in range(3):
        page.person()
    page.line("——以下空白——", across=True, skipped=True)
    page.line(skipped=True)
    page.line("填报单位（盖章）：青禾街道", None, None, None, "13812345678", skipped=True)
    page.line(
        "填报人：甲",
        None,
        "审核人：乙",
        None,
        "联系电话：13812345678",
        None,
        None,
        "2026年6月30日",
        skipped=True,
    )
    yield case("以下空白和填报行", page)

    page = Page()
    page.header()
    for _ in range(3):
        page.person()
    page.line("注：1.本表由社区填写；", across=True, skipped=True)
    page.line("2.身份证号必须填满18位；", across=True, skipped=True)
    page.line("　　3.每月25日前报街道网格办。", across=True, skipped=True)
    yield case("分行的注", page)

    page = Page()
    page.header()
    for _ in range(2):
        page.person()
    for total in ("梧桐社区合计", "合计（2人）", "以上共计2人", "合 计：2人", "平均年龄", "总人数"):
        page.line(total, None, None, "2人" if total == "合计（2人）" else 2, skipped=True)
    yield case("合计的各种叫法", page)

    page = Page()
    page.line("姓名、身份证号、联系电话采集表", across=True)
    page.line("单位：青禾街道", None, None, None, "联系电话：028-12345678", None, "日期：2026.6")
    page.header()
    for _ in range(3):
        page.person()
    yield case("标题里有表头的词", page)

    page = Page(serial=False, heads={"left1": "", "left2": "", **HEADS})
    for _ in range(4):
        page.line()
    page.header()
    for _ in range(3):
        page.person()
    yield case("表格不从左上角开始", page)

    vertical = {key: "\n".join(head) for key, head in HEADS.items()}
    yield case("竖排的表头", plain(heads=vertical))
    hints = {"name": "姓名\n(与身份证一致)", "id_number": "身份证号码\n（18位，文本格式）", "sex": "性别\n(下拉可选)",
             "phone": "联系电话【必填】", "grid": "所属网格＊", "education": "学历(可选)",
             "since": "任职时间（年月日）"}  # fmt: skip
    yield case("带提示的表头", plain(heads=hints))

    page = Page()
    page.header()
    page.line(
        None, "必填", "必填，18位", "男/女", "11位手机号", "必填", "选填", "格式：2026-01-01", skipped=True
    )
    for _ in range(3):
        page.person()
    yield case("表头下面一行填写要求", page)

    page = Page()
    page.header()
    for number, sign in enumerate(("①", "2.", "三", "4、")):
        page.person()
        page.rows[-1][0] = sign
        assert page.count == number + 1
    yield case("序号的各种写法", page)


# ---- lists side by side, lists above each other ------------------------------------------------


def beside() -> Iterator[Case]:
    page = Page()
    page.line(*["序号", *HEADS.values()] * 2)
    for _ in range(3):
        page.pair()
    for _ in range(2):
        page.person()
    yield case("左右两栏长短不一", page)

    page = Page(heads=with_head(gap=""))
    page.line(*["序号", *HEADS.values(), None] * 2)
    for _ in range(3):
        page.pair()
    yield case("左右两栏中间隔一列", page)

    page = Page()
    page.line("网格员签到表", across=True)
    page.line("培训主题：安全", None, None, "培训地点：街道", None, "培训时间：2026年6月1日")
    page.line(*["序号", *HEADS.values()] * 2)
    for _ in range(2):
        page.pair()
    for number in (5, 6):
        page.line(number, *[None] * 7, number + 2, skipped=True)
    page.line("应到4人，实到4人", skipped=True)
    yield case("签到表", page)

    page = Page()
    page.line("序号", *HEADS.values(), "序号", *list(HEADS.values())[::-1])
    for _ in range(2):
        page.pair()
        page.rows[-1][9:] = page.rows[-1][:8:-1]
        right = page.people[-1]
        letters = dict(zip(right.letters, list(right.letters.values())[::-1], strict=True))
        page.people[-1] = replace(right, letters=letters)
    yield case("左右两栏列序不同", page)

    page = Page()
    page.header()
    for number in range(2):
        page.person(means={"phone": f"1380000000{number} 8555123{number}"})
        page.line(*[None] * 4, f"8555123{number}", skipped=True)
        page.merges += [f"{place}{page.at - 1}:{place}{page.at}" for place in "ABCDFGH"]
    yield case("两行写一个人", page)

    page = plain(2)
    page.line(skipped=True)
    page.line("二、离任人员", skipped=True)
    page.header(again=True)
    for _ in range(2):
        page.person()
    yield case("下面另有离任人员", page, warned=True)

    page = plain(2)
    page.line("填表人：甲", skipped=True)
    page.line(skipped=True)
    page.line("学历", "人数", skipped=True)
    page.line("大专", 2, skipped=True)
    page.line("本科", 1, skipped=True)
    yield case("下面另有统计表", page)

    page = plain(2)
    turned = ["序号", "姓名", "性别", "身份证号", "联系电话", "所属网格", "任职日期", "学历"]
    page.line(*turned, skipped=True)
    page.person()
    last = page.rows[-1]
    page.rows[-1] = [last[0], last[1], last[3], last[2], last[4], last[5], last[7], last[6]]
    values = {**page.people[-1].values, **dict.fromkeys(("id_number", "sex", "education", "since"))}
    page.people[-1] = replace(
        page.people[-1], values=values, wrong=frozenset(values) - {"name", "phone", "grid"}
    )
    yield case("重复的表头换了列序", page, warned=True)

    pages = [plain(2, name=name) for name in ("1梧桐社区", "2、青松社区")]
    pages[1].rows[:0] = [["青松社区网格员花名册"]]
    for page, shift, named in zip(pages, (0, 1), ("梧桐社区", "青松社区"), strict=True):
        page.people = [
            type(one)(one.sheet, one.row + shift, one.block, {**one.values, "community": named}, one.letters,
                      one.wrong, one.doubtful)
            for one in page.people
        ]  # fmt: skip
    first = Page(
        "汇总表", rows=[["青禾街道网格员汇总"], ["序号", *HEADS.values()], *(page.rows[-1] for page in pages)]
    )
    yield case("汇总在最前面且也有人", first, *pages)

    page = Page()
    page.line("序号", None, "网格长", None, "网格员", None, None, None)
    page.line(None, None, "姓名", "电话", "姓名", "身份证号", "联系电话", "所属网格")
    page.merges += ["A1:A2", "C1:D1", "E1:H1"]
    page.heads = {"x": "", "lead": "", "lead_phone": "", "name": "", "id_number": "", "phone": "", "grid": ""}
    for _ in range(3):
        page.person({"lead": "某某", "lead_phone": "13911112222"})
    yield case("网格长和网格员同一行", page)

    page = Page()
    page.header()
    for name in ("计小华", "单位", "王新村", "方总计"):
        page.person({"name": name}, means={"name": name})
    page.person({"grid": "合计网格"}, means={"grid": "合计网格"})
    yield case("像合计的名字", page)


OFFICES: tuple[Case, ...] = (*printed(), *beside())
