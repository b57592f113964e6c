"""A roster as it comes up from the communities: everything is there, nothing is where it should be.

All of it can be read without an error by somebody who knows office tables: two rows of headings, the
community and the grid merged over their people, subtotals, the headings once more in the middle,
dates in six styles, full-width digits, a small x, and names spread out with spaces.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from db.enums import Education, Employment, Political
from gridoffice.demo.data import GENERAL, MICRO, SPECIAL, DemoOffice, GridDatum, WorkerDatum
from gridoffice.demo.form import Form

_HEADINGS = (
    (("序号",), 6),
    (("所属单位", "社区\n（村）"), 13),
    (("所属单位", "网格"), 14),
    (("所属单位", "微网格"), 12),
    (("基本情况", "姓　名"), 12),
    (("基本情况", "性别"), 6),
    (("基本情况", "民族"), 8),
    (("基本情况", "公民身份\n号码"), 22),
    (("基本情况", "政治\n面貌"), 10),
    (("基本情况", "文化\n程度"), 8),
    (("联系方式",), 15),
    (("网格职务",), 12),
    (("用工性质",), 9),
    (("任职时间",), 14),
    (("备注",), 14),
)
_POLITICAL = {
    Political.MEMBER: "党员",
    Political.PROBATIONARY: "预备党员",
    Political.LEAGUE: "团员",
    Political.MASSES: "群众",
}
_EDUCATION = {
    Education.MASTER: "硕士",
    Education.BACHELOR: "本科",
    Education.COLLEGE: "大专",
    Education.SECONDARY: "中专",
    Education.HIGH_SCHOOL: "高中",
}
_EMPLOYMENT = {Employment.VOLUNTEER: "志愿者"}
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def write_reported_roster(path: Path, office: DemoOffice, street: GridDatum) -> None:
    """Who serves in `street` today, as its communities reported it."""
    style = Random(f"{office.seed}/{street.code}")
    grids = {grid.code: grid for grid in office.below(street.code)}
    people: dict[str, list[WorkerDatum]] = {}
    for worker in office.serving(street.code):
        if worker.left is None:
            people.setdefault(worker.grid[:12], []).append(worker)
    width, number = len(_HEADINGS), 0
    with Form(path, "Sheet1", office.today) as form:
        form.title(f"{street.name}网格员基本情况统计表（{office.today.year}年{office.today.month}月）", width)
        form.facts(("填报单位（盖章）：", "填报人：", "联系电话：", "单位：人"), width)
        form.headings(_HEADINGS)
        for order, (community, workers) in enumerate(people.items()):
            if order == 3:  # two files were pasted together
                form.row([words[-1] for words, _ in _HEADINGS])
            first = form.at
            spans: list[tuple[int, str]] = []
            for worker in workers:
                number += 1
                general = grids.get(worker.grid[:15])
                spans.append((form.at, general.name if general else ""))
                form.row(_row(number, worker, grids, style))
            form.join(first, form.at - 1, 1, grids[community].name)
            _join_equal(form, spans)
            form.row(["小计", "", "", "", f"{len(workers)}人", *[""] * (width - 5)])
            if order == 1:
                form.at += 1
        form.row(["合计", "", "", "", f"{number}人", *[""] * (width - 5)])
        form.facts(("填表说明：1.本表由各社区（村）填写；2.没有的填“无”。",), width)
        form.signature(("制表人：", "审核人：", "单位负责人："), width)


def _join_equal(form: Form, spans: list[tuple[int, str]]) -> None:
    """Merge the grid's name over the people of one grid."""
    start = 0
    for index in range(1, len(spans) + 1):
        if index == len(spans) or spans[index][1] != spans[start][1]:
            if spans[start][1]:
                form.join(spans[start][0], spans[index - 1][0], 2, spans[start][1])
            start = index


def _row(number: int, worker: WorkerDatum, grids: dict[str, GridDatum], style: Random) -> list[Any]:
    place = grids[worker.grid]
    general = place.name if place.kind in (GENERAL, SPECIAL) else ""
    return [
        number,
        "",
        general,
        place.name if place.kind == MICRO else "",
        _name(worker.name, style),
        worker.sex.label,
        worker.ethnicity.label.removesuffix("族"),
        _id_number(worker.id_number, style),
        _POLITICAL.get(worker.political, worker.political.label),
        _EDUCATION.get(worker.education, worker.education.label),
        _phone(worker.phone, style),
        worker.post,
        _EMPLOYMENT.get(worker.employment, worker.employment.label),
        _date(worker.appointed, style),
        worker.remark or ("无" if style.random() < 0.4 else ""),
    ]


def _name(name: str, style: Random) -> str:
    if len(name) == 2 and style.random() < 0.6:
        return f"{name[0]}　{name[1]}"
    if "·" in name:
        return name.replace("·", "•")
    return f" {name} " if style.random() < 0.04 else name


def _id_number(number: str, style: Random) -> str:
    match int(style.random() * 25):
        case 0:
            return number.translate(_FULL_WIDTH)
        case 1:
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        case 2:
            return f"{number} "
        case _:
            return number.lower()


def _phone(phone: str, style: Random) -> str:
    match int(style.random() * 20):
        case 0:
            return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
        case 1:
            return f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
        case 2:
            return phone.translate(_FULL_WIDTH)
        case _:
            return phone


def _date(day: date, style: Random) -> date | str | int:
    match int(style.random() * 8):
        case 0:
            return f"{day.year}.{day.month}.{day.day}"
        case 1:
            return f"{day.year}年{day.month}月{day.day}日"
        case 2:
            return f"{day:%Y%m%d}"
        case 3:
            return f"{day.year}/{day.month}/{day.day}"
        case 4:
            return day.toordinal() - date(1899, 12, 30).toordinal()
        case 5:
            return f"{day.year}-{day.month}-{day.day}"
        case _:
            return day
