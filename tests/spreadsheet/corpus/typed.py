"""Dirty workbooks: what clerks type into cells, and what files become on their way."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from db.enums import Education
from tests.spreadsheet.corpus.cases import DAY, GOOD, column, plain, wrong
from tests.spreadsheet.corpus.pages import HEADS, Case, Formula, Page, Shown, case
from tests.spreadsheet.ledger import id_number

# ---- cells -------------------------------------------------------------------------------------


def cells() -> Iterator[Case]:
    days: list[Any] = ["2021-03-01 00:00:00", "2021年3月1日 星期一", "2021－03－01", "2021- 3 -1", "2021.03.01.",
                       "２０２１年３月１日", "2021年三月一日", "二○二一年三月一日", "2021/03/01 ", "\u200b2021-3-1", 44256.0,
                       Shown(44256.5, "yyyy/m/d h:mm"), Formula("=DATE(2021,3,1)", 44256), "2021—3—1", "2021、3、1"]  # fmt: skip
    yield case("日期更多写法", column("since", [(day, DAY) for day in days]))
    yield case(
        "说不清的日期",
        wrong("since", ["2021年3月初", "Mar-21", "民国110年", "2021.3.1起", "去年", "2021-3-1/2022-3-1"]),
    )

    phone = "13812345678"
    ways: list[Any] = ["13812345678（微信同号）", "138 12345678", "1381234 5678", "+8613812345678", "0086-13812345678",
                       "86-13812345678", "１３８－１２３４－５６７８", "电话13812345678", "\xa013812345678", "'13812345678",
                       "138.1234.5678", "13812345678。", 13812345678.0]  # fmt: skip
    yield case("电话更多写法", column("phone", [(way, phone) for way in ways]))
    lines = [("028-85551234", "028-85551234"), ("（028）85551234", "028-85551234"), ("85551234", "85551234"),
             ("028-85551234转801", "028-85551234-801"), ("手机13812345678\n座机85551234", "13812345678 85551234"),
             ("13812345678；短号 61234", "13812345678 61234")]  # fmt: skip
    yield case("座机和短号", column("phone", lines))
    yield case(
        "不是电话", wrong("phone", ["无/13812345", "QQ12345678", "110101", "13812345678a9", "1381234567八"])
    )

    ways = [
        f"身份证：{GOOD}",
        f"{GOOD[:6]}\n{GOOD[6:]}",
        f"{GOOD}\t",
        f"{GOOD[:17]}{GOOD[17:].lower()}",
        f"“{GOOD}”",
    ]
    yield case("身份证更多写法", column("id_number", [(way, GOOD) for way in ways]))
    yield case(
        "不是身份证号",
        wrong("id_number", [f"张三{GOOD}", "E12345678", "H1234567800", f"{GOOD}（丢失）", "见附件", 0]),
    )

    yield case("公式得出的内容", _formulas())
    signs: list[tuple[Any, Any]] = [
        (sign, None) for sign in ("\xa0", "\u3000", "——", "－－", "/", "／", "未填", "没有")
    ]
    yield case("更多没有的记号", column("education", signs))
    kinds = [("大学", Education.BACHELOR), ("大学本科", Education.BACHELOR), ("专科", Education.COLLEGE), ("大专（在读）", None),
             ("全日制本科", Education.BACHELOR), ("职高", Education.SECONDARY), ("硕士", Education.MASTER),
             ("小学", Education.PRIMARY), ("文盲", None)]  # fmt: skip
    page = column("education", [kind for kind in kinds if kind[1] is not None])
    yield case("学历更多叫法", page)

    names = [("欧阳 娜娜", "欧阳娜娜"), ("李 四", "李四"), ("王\xa0五", "王五"), ("马热亚木·买买提", "马热亚木·买买提"),
             ("买买提・艾力", "买买提·艾力"), ("㐂𠮷𬭎", "㐂𠮷𬭎"), ("ＡＢ李", "ＡＢ李"), ("\ufeff赵六", "赵六")]  # fmt: skip
    yield case("姓名更多写法", column("name", names))
    odd = [("王五（组长）", ""), ("李四(女)", ""), ("*赵六", ""), ("王五 男", "王五男"), ("张某某", ""), ("XX", ""),
           ("1.周八", "")]  # fmt: skip
    yield case(
        "名字旁有话",
        column("name", [(one, means or one) for one, means in odd], doubtful=("name",)),
    )

    page = Page(heads={"community": "社区", **HEADS})
    page.header()
    page.person(
        {"community": "梧桐社区", "education": "大专"},
        means={"community": "梧桐社区", "education": Education.COLLEGE},
    )
    page.person({"community": "同上", "education": "〃"}, means={"community": "梧桐社区", "education": Education.COLLEGE},
                doubtful=("community", "education"))  # fmt: skip
    yield case("社区也写同上", page)


def _formulas() -> Page:
    page = Page()
    page.header()
    for row in (2, 3, 4):
        number = id_number(600 + row)
        page.person(
            {
                "id_number": Formula(f'=TEXT("{number[:9]}","0")&"{number[9:]}"', number),
                "sex": Formula('=IF(1=1,"男","女")', "男"),
                "since": Formula("=DATE(2021,3,1)", 44256),
                "phone": Formula("=13812345600+78", 13812345678),
            },
            means={"id_number": number, "sex": page.truth(1)["sex"], "since": DAY, "phone": "13812345678"},
        )
        page.rows[-1][0] = Formula(f"=ROW()-{row - 1}", row - 1)
    return page


# ---- kinds of files ----------------------------------------------------------------------------


def files() -> Iterator[Case]:
    def renamed(name: str, made: Case, ending: str) -> Case:
        def write(folder: Path) -> Path:
            target = folder / f"{name}.{ending}"
            shutil.copyfile(made.write(folder), target)
            return target

        return Case(name, write, made.people, made.skipped)

    yield renamed("新格式的et", case("et", plain()), "et")
    yield renamed("其实是新格式的xls", case("xls", plain()), "xls")

    def text(page: Page, change: Callable[[str], str], name: str, **how: Any) -> Case:
        made = case(name, page, ending="csv", **how)
        encoding = how.get("encoding", "utf-8-sig")

        def write(folder: Path) -> Path:
            path = made.write(folder)
            path.write_bytes(change(path.read_bytes().decode(encoding)).encode(encoding))
            return path

        return Case(name, write, made.people, made.skipped, warned=made.warned)

    page = Page()
    page.header()
    for number in (701, 702, 703):
        page.person({"id_number": f"\t{id_number(number)}", "grid": "青禾街道\n第一网格"},
                    means={"id_number": id_number(number), "grid": "青禾街道 第一网格"})  # fmt: skip
    yield text(page, str, "文本表里有换行和制表符", encoding="gb18030", separator=";")
    page = plain(3)
    page.people = [
        type(one)("", one.row + 1, one.block, one.values, one.letters, one.wrong, one.doubtful)
        for one in page.people
    ]
    yield text(page, lambda said: f"sep=;\r\n{said}", "文本表第一行写分隔符", separator=";")
    page = plain(3)
    yield text(page, lambda said: said.replace("\r\n", "\r\n").rstrip() + "\r\n" + ";;;;;;;\r\n" * 40, "文本表尾有空行",
               encoding="gb18030", separator=";")  # fmt: skip
    page = plain(3)
    yield text(
        page, lambda said: said.replace("\r\n", "\n"), "文本表用换行符", encoding="utf-8", separator="|"
    )

    page = plain(3)
    made = case("一九零四", page)

    def since_1904(folder: Path) -> Path:
        return _patched(made.write(folder), "xl/workbook.xml", b"<workbookPr", b'<workbookPr date1904="1"')

    for one in page.people:
        assert isinstance(one.values["since"], date)
    dates = column("since", [(Shown(44256 - 1462, "yyyy-mm-dd"), DAY)] * 3)
    made = case("从一九零四年数的日期", dates)
    yield Case(made.name, since_1904, made.people, made.skipped)

    read_aloud = case("带读音的字", column("name", [("王𠮷", "王𠮷"), ("李䶮", "李䶮")]))

    def aloud(folder: Path) -> Path:
        path = read_aloud.write(folder)
        for name in ("王𠮷", "李䶮"):
            _patched(path, "xl/sharedStrings.xml", f"<t>{name}</t>".encode(),
                     f'<t>{name}</t><rPh sb="0" eb="2"><t>ピンイン</t></rPh>'.encode())  # fmt: skip
        return path

    yield Case(read_aloud.name, aloud, read_aloud.people, read_aloud.skipped)


def _patched(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with some bytes of one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part], path
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


TYPED: tuple[Case, ...] = (*cells(), *files())
