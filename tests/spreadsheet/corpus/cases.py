"""The dirty workbooks, in the styles in which offices send them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from db.enums import Education, Political
from tests.spreadsheet.corpus.pages import HEADS, Case, Formula, Page, Shown, case, refused
from tests.spreadsheet.ledger import id_number

DAY = date(2021, 3, 1)
GOOD = id_number(501, "19800307")


def with_head(**more: str) -> dict[str, str]:
    return HEADS | more


def plain(count: int = 4, **how: Any) -> Page:
    page = Page(**how)
    page.header()
    for _ in range(count):
        page.person()
    return page


def column(name: str, cells: list[tuple[Any, Any]], head: str | None = None, **flags: Any) -> Page:
    """A page on which one column is typed in many ways: the cell and what it means."""
    page = Page(heads=with_head(**({name: head} if head else {})))
    page.line("网格员花名册", across=True)
    page.header()
    for cell, meaning in cells:
        page.person({name: cell}, means={name: meaning}, **flags)
    return page


def wrong(name: str, cells: list[Any], head: str | None = None) -> Page:
    return column(name, [(cell, None) for cell in cells], head, wrong=(name,))


# ---- layouts -----------------------------------------------------------------------------------


def layouts() -> Iterator[Case]:
    yield case("干净", plain())

    page = Page()
    page.line("青禾街道2026年6月网格员花名册", across=True)
    page.line("填报单位：青禾街道", None, None, "填报时间：2026年6月30日", None, "单位：人")
    page.header()
    for _ in range(3):
        page.person()
    yield case("标题和填报行", page)

    page = Page(
        heads={
            "name": "姓名",
            "id_number": "身份证号",
            "sex": "性别",
            "phone": "联系方式",
            "wechat": "",
            "grid": "网格",
        }
    )
    page.line("花名册", across=True)
    page.line("序号", "姓名", "身份证号", "性别", "联系方式", None, "所属网格")
    page.line(None, None, None, None, "手机", "微信", None)
    page.merges += ["A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:G3"]
    for _ in range(3):
        page.person({"wechat": "wx_1"})
    yield case("两行表头", page)

    page = Page()
    page.line("基本情况", None, None, None, None, "任职情况", None, None)
    page.line("序号", "个人", None, None, "联系电话", "所属网格", "学历", "任职日期")
    page.line(None, "姓名", "身份证号", "性别", None, None, None, None)
    page.merges += ["A1:E1", "F1:H1", "A2:A3", "B2:D2", "E2:E3", "F2:F3", "G2:G3", "H2:H3"]
    for _ in range(3):
        page.person()
    yield case("三行表头", page)

    odd = {"name": "姓　　名", "id_number": "公民身份\n号码*", "sex": "性 别", "phone": "联系电话（必填）", "grid": "所属 网格",
           "education": "文化程度/学历", "since": "任职\n时间"}  # fmt: skip
    yield case("表头有换行空格和括号", plain(heads=odd))
    aliases = {"phone": "手机号码", "name": "网格员姓名", "grid": "责任网格", "since": "上岗时间", "education": "文化程度",
               "id_number": "公民身份证号", "sex": "性别"}  # fmt: skip
    yield case("列序不同的同义表头", plain(heads=aliases))
    yield case(
        "夹着不认识的列", plain(heads=with_head(a="车牌号", b="微信号", c="备用电话", d="紧急联系人电话"))
    )
    yield case("同名的列取第一个", plain(heads=with_head(phone2="联系电话")))
    yield case("没有序号列", plain(serial=False))

    page = Page()
    for number in range(24):
        page.line(f"说明第{number}条" if number % 3 else None)
    page.header()
    for _ in range(3):
        page.person()
    yield case("表头在第25行", page)

    page = Page()
    page.header()
    for block in range(3):
        if block:
            page.header(again=True)
        for _ in range(2):
            page.person()
        page.line("小计", None, None, "2人", skipped=True)
    page.line("合计", None, None, "6人", skipped=True)
    yield case("每个社区重复表头和小计", page)

    page = Page()
    page.header()
    for name in ("一、梧桐社区", "二、青松社区"):
        page.line(name, across=True, skipped=True)
        for _ in range(3):
            page.person(means={"community": name[2:]})
    yield case("合并的社区分隔行", page)

    page = Page()
    page.header()
    for name in ("梧桐社区", "青松社区"):
        page.line(name, skipped=True)
        for _ in range(3):
            page.person(means={"community": name})
    yield case("不合并的社区分隔行", page)

    pages = [plain(3, name=name) for name in ("梧桐社区", "青松社区", "银杏社区")]
    for page in pages:
        page.people = [
            type(one)(
                one.sheet,
                one.row,
                one.block,
                {**one.values, "community": page.name},
                one.letters,
                one.wrong,
                one.doubtful,
            )
            for one in page.people
        ]
    total = Page(
        "汇总", heads={"a": "社区", "b": "人数"}, rows=[["社区", "人数"], ["梧桐社区", 3], ["合计", 9]]
    )
    yield case("一个社区一张表和汇总", *pages, total)

    page = Page(heads={"community": "社区", **HEADS})
    page.header()
    for name in ("梧桐社区", "青松社区"):
        first = page.at + 1
        for index in range(3):
            page.person({"community": name if not index else None}, means={"community": name})
        page.merges.append(f"B{first}:B{page.at}")
    yield case("合并的社区格", page)

    page = Page(heads={"community": "社区", **HEADS})
    page.header()
    for index in range(5):
        page.person({"community": "梧桐社区" if not index else None}, means={"community": "梧桐社区"})
    yield case("社区只写第一行", page, warned=True)

    page = Page()
    page.header()
    for _ in range(3):
        page.person()
    page.line(skipped=True)
    for number in (4, 5):
        page.line(number, skipped=True)
    page.line("制表人：甲", None, "审核人：乙", skipped=True)
    page.line("填表说明：", skipped=True)
    page.line("1. 本表一式两份。", across=True, skipped=True)
    yield case("空行预编号和表尾", page)

    page = Page()
    page.header()
    page.line("栏次", *range(1, 8), skipped=True)
    page.line("示例", *page.raw(900, {}), skipped=True)
    for _ in range(3):
        page.person()
    yield case("栏次和示例行", page)

    page = plain(3)
    page.blank_to = 20_000
    yield case("两万空白格式行", page)

    page = Page()
    page.line(*["序号", *HEADS.values()] * 2)
    for _ in range(3):
        page.pair()
    yield case("左右两栏", page)

    page = plain(5)
    page.hidden_rows, page.hidden_columns = [3], [7]
    old = plain(2, name="旧名单", hidden=True)
    old.people.clear()  # they are not taken as long as nobody was asked
    yield case("藏着行和列", page, old, warned=True)

    page = plain(4)
    page.line("合计", None, "6人", skipped=True)
    yield case("合计与行数不符", page, warned=True)

    party = Page("党员", heads={"name": "姓名", "id_number": "身份证号", "a": "所在党支部", "b": "人员类别", "c": "入党时间",
                               "d": "转正时间", "e": "党费标准"})  # fmt: skip
    party.header()
    party.line(1, "甲", id_number(77), "第一支部", "正式党员", "2001-7-1", "2002-7-1", 20)
    yield case("同一文件里有另一种表", plain(3), party)
    broken = Page(
        "青松社区",
        heads={**HEADS, "name": "称呼"},
        rows=[["序号", "称呼", *list(HEADS.values())[1:]], [1, "甲"]],
    )
    yield case("一张表的表头坏了", plain(3, name="梧桐社区"), broken, warned=True)


# ---- values ------------------------------------------------------------------------------------


def values() -> Iterator[Case]:
    bad = GOOD[:17] + ("1" if GOOD[17] != "1" else "2")
    yield case(
        "身份证存成数字", wrong("id_number", [float(GOOD[:17] + "0"), 5.1992e17, "5.19921E+17", "5.2e17"])
    )
    yield case(
        "身份证抄错",
        wrong("id_number", [bad, GOOD[:17], GOOD + "0", "519921199013070014", "abc", GOOD[:15] + "000"]),
    )
    yield case("身份证只剩15位", wrong("id_number", [GOOD[:15]]))
    lower = next(one for n in range(60) if (one := id_number(n, "19700101")).endswith("X"))
    page = column("id_number", [
        (lower.lower(), lower), (GOOD.translate(str.maketrans("0123456789", "０１２３４５６７８９")), GOOD),
        (f"{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}", GOOD), (f"'{GOOD}", GOOD), (f"\u200b{GOOD}\n", GOOD),
    ])  # fmt: skip
    yield case("身份证写法不同", page)
    old = GOOD[:6] + GOOD[8:17]
    yield case("15位旧身份证", column("id_number", [(old, GOOD)], doubtful=("id_number",)))
    yield case("遮住的号码", wrong("id_number", ["519***********0014"]))
    yield case("遮住的电话", wrong("phone", ["138****6721", "1380000****"]))

    days = ["2021-3-1", "2021/3/1", "2021.3.1", "20210301", "2021年3月1日", "2021年03月01号", "２０２１．３．１",
            "二〇二一年三月一日",
            44256, "44256", DAY, Shown(44256, 'yyyy"年"m"月"d"日"'), "2021-03-01 08:30", "2021. 3. 1", 20210301]  # fmt: skip
    yield case("日期的各种写法", column("since", [(day, DAY) for day in days]))
    months = ["2021年3月", "2021.3", "2021.03", "202103", "2021-3", "2021年3月份"]
    yield case("只写到月份", column("since", [(month, DAY) for month in months], doubtful=("since",)))
    short = [("21年3月1日", DAY), ("21.3.1", DAY), ("90年3月", date(1990, 3, 1)), (1990.1, date(1990, 1, 1))]
    yield case("年份不全的日期", column("since", short, doubtful=("since",)))
    impossible = ["2021-2-30", "2021-13-1", "3月1日", "3-1", "1/3/2021", "2021", "上个月", "0221-3-1", Shown(5, "yyyy-mm-dd"),
                  "约2021年", "2021-3-1至2022-3-1", "待定"]  # fmt: skip
    yield case("不成立的日期", wrong("since", impossible))

    phone = "13812345678"
    ways = [
        13812345678,
        "138 1234 5678",
        "138-1234-5678",
        "+86 13812345678",
        "１３８１２３４５６７８",
        "13812345678（家）",
        "手机：13812345678",
    ]
    yield case("电话的各种写法", column("phone", [(way, phone) for way in ways]))
    two = [
        "13812345678/13912345678",
        "13812345678、13912345678",
        "13812345678\n13912345678",
        "13812345678 13912345678",
    ]
    yield case("一格两个电话", column("phone", [(way, "13812345678 13912345678") for way in two]))
    yield case(
        "两个电话连着",
        column("phone", [("1381234567813912345678", "13812345678 13912345678")], doubtful=("phone",)),
    )
    yield case(
        "电话抄错",
        wrong("phone", ["1381234567", "138123456789", "12012345678", "1.38E+10", "找张三", 138123, "66123"]),
    )

    kinds = [("大专", Education.COLLEGE), ("本科", Education.BACHELOR), ("函授本科", Education.BACHELOR),
             ("本科（自考）", Education.BACHELOR), ("高中毕业", Education.HIGH_SCHOOL), ("中专", Education.SECONDARY),
             ("研究生", Education.POSTGRADUATE), ("初中文化", Education.JUNIOR_HIGH), ("无", None), ("—", None)]  # fmt: skip
    yield case("学历的俗称", column("education", kinds))
    yield case("看不懂的学历", wrong("education", ["函授", "在读", "本科以上", "高中/中专", 3]))
    politics = [("党员", Political.MEMBER), ("正式党员", Political.MEMBER), ("预备党员", Political.PROBATIONARY),
                ("团员", Political.LEAGUE), ("一般群众", Political.MASSES),
                ("无党派", Political.NONPARTY), ("√", Political.MEMBER)]  # fmt: skip
    yield case("政治面貌的俗称", column("political", politics, "政治面貌"))
    yield case(
        "是否党员填否", column("political", [("否", Political.MASSES)], "政治面貌", doubtful=("political",))
    )
    answers = [
        ("是", True),
        ("√", True),
        (1, True),
        ("有", True),
        ("否", False),
        ("×", False),
        (0, False),
        ("没有", False),
    ]
    yield case("是否的各种写法", column("certified", answers, "是否持证"))
    nothing: list[tuple[Any, Any]] = [
        (sign, None) for sign in ("无", "—", "/", "暂无", "－", "N/A", "空", "", "  ", None)
    ]
    yield case("表示没有的记号", column("phone", nothing))

    people = [("王　𠮷", "王𠮷"), ("  李䶮 ", "李䶮"), ("阿依古丽•买买提", "阿依古丽·买买提"),
              ("阿依古丽.买买提", "阿依古丽·买买提"),
              ("欧阳 㐂", "欧阳㐂"), ("张\n三", "张三"),
              ("𬭎\u200b𫍯", "𬭎𫍯"), ("吉克阿衣莫", "吉克阿衣莫")]  # fmt: skip
    yield case("姓名的空格和生僻字", column("name", people))
    doubts = [
        ("张三、李四", "张三、李四"),
        ("张三\n李四五", "张三李四五"),
        ("张三（已离职）", "张三（已离职）"),
        ("张?", "张?"),
        ("张三2", "张三2"),
    ]
    yield case("可疑的姓名", column("name", doubts, doubtful=("name",)))
    yield case("不是姓名", wrong("name", ["空缺", "待定", "无", None, 123, "同上"]))

    page = column(
        "grid",
        [
            (Formula('="青禾街道/"&"第一网格"', "青禾街道/第一网格"), "青禾街道/第一网格"),
            (519921001001, "519921001001"),
        ],
    )
    yield case("公式和数字的网格", page)
    yield case(
        "错误值和没有结果的公式",
        wrong("grid", [Formula("=A0", "#REF!"), Formula("=NA()", "#N/A"), "#VALUE!"]),
    )
    yield case("网格编号变成日期", wrong("grid", [Shown(46100, "m-d"), Shown(0.5, "h:mm"), None, "无"]))
    yield case("网格编号丢了零", column("grid", [(1.1, "1.1")], doubtful=("grid",)))
    same = [("大专", Education.COLLEGE), ("同上", Education.COLLEGE), ("〃", Education.COLLEGE)]
    yield case("同上", _doubtful_from(column("education", same), 1, "education"))

    counts = [("300户", 300), ("1,200", 1200), ("３００", 300), (300.0, 300), ("0", 0)]
    yield case("户数带单位", column("households", counts, "户数"))
    yield case("户数不是整数", wrong("households", ["约300", "三百", 3.5, "300/200", True, "?"], "户数"))
    rates = [("95.5%", Decimal("95.5")), (Shown(0.955, "0.0%"), Decimal("95.5")), (95.5, Decimal("95.5"))]
    yield case("百分比的各种写法", column("rate", rates, "入户率"))
    parts = [(0.955, Decimal("95.5")), (1, Decimal(100)), ("0.5", Decimal(50))]
    yield case("比例写成小数", column("rate", parts, "入户率"), warned=True)


def _doubtful_from(page: Page, start: int, name: str) -> Page:
    """Only from that person on is the column doubtful."""
    page.people[start:] = [
        type(one)(one.sheet, one.row, one.block, one.values, one.letters, one.wrong, frozenset((name,)))
        for one in page.people[start:]
    ]
    return page


# ---- kinds of files ----------------------------------------------------------------------------


def files() -> Iterator[Case]:
    dirty: Mapping[str, Any] = {"phone": "1381234"}

    def text_page() -> Page:
        page = Page()
        page.line("青禾街道网格员花名册")
        page.header()
        for _ in range(3):
            page.person()
        page.person(dirty, wrong=("phone",))
        return page

    for encoding in ("gb18030", "utf-8-sig", "utf-16"):
        for sign, word in ((",", "逗号"), ("\t", "制表符"), (";", "分号")):
            yield case(
                f"文本表 {encoding} {word}", text_page(), ending="csv", encoding=encoding, separator=sign
            )
    page = text_page()
    page.merges = ["A1:H1"]
    yield case("开放文档", page, ending="ods")

    def nothing_like_it(folder: Path) -> Path:
        return case("采购清单", Page(rows=[["采购清单"], ["品名", "数量", "单价"], ["纸", 3, 20]])).write(
            folder
        )

    def garbage(folder: Path) -> Path:
        (folder / "坏文件.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)
        return folder / "坏文件.xlsx"

    def cut(folder: Path) -> Path:
        path = case("截断", plain(50)).write(folder)
        path.write_bytes(path.read_bytes()[:3000])
        return path

    def web_page(folder: Path) -> Path:
        (folder / "网页.xls").write_text("<html><table><tr><td>姓名</td></tr></table></html>", "utf-8")
        return folder / "网页.xls"

    def empty(folder: Path) -> Path:
        (folder / "空.xlsx").write_bytes(b"")
        return folder / "空.xlsx"

    def locked(folder: Path) -> Path:
        return Path(__file__).parents[1] / "samples" / "locked.xlsx"

    def no_name(folder: Path) -> Path:
        return case("缺姓名列", plain(heads={k: v for k, v in HEADS.items() if k != "name"})).write(folder)

    made: dict[str, Callable[[Path], Path]] = {
        "不相干的表": nothing_like_it, "损坏的文件": garbage, "截断的文件": cut, "网页存成的表": web_page, "空文件": empty,
        "加密的文件": locked, "缺必需的列": no_name,
    }  # fmt: skip
    for name, write in made.items():
        yield refused(name, write)


CASES: tuple[Case, ...] = (*layouts(), *values(), *files())
