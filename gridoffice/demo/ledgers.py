"""The workbooks that an office would have on its disk before it had the program."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gridoffice.demo.data import COUNTY, DemoOffice, GridDatum, Size, WorkerDatum, paths
from gridoffice.demo.form import Form
from gridoffice.demo.messy import write_reported_roster
from gridoffice.demo.values import Indicator, Measure, indicator_values
from gridoffice.progress import report


@dataclass(frozen=True, slots=True)
class StreetFiles:
    """The workbooks of one street. `values` are the indicator workbooks by month."""

    street: str
    grids: Path
    workers: Path
    reported: Path
    values: dict[date, Path]


def write_ledgers(
    office: DemoOffice,
    folder: Path,
    indicators: tuple[Indicator, ...] = (),
    months: tuple[date, ...] = (),
    posts: Iterable[str] = (),
) -> tuple[StreetFiles, ...]:
    """The ledgers of every street as workbooks in `folder`; those of larger offices in a folder a street.

    Of a city only the streets of the first county are written: nobody keeps 242 folders to try a
    program out. Indicator values are written for `months` and for those who hold one of `posts`.
    """
    streets = office.streets()
    if office.size is Size.CITY:
        county = next(grid for grid in office.grids if grid.kind == COUNTY)
        streets = tuple(street for street in streets if street.code.startswith(county.code))
    values = {month: tuple(indicator_values(office, indicators, month, posts)) for month in months}
    found = []
    for done, street in enumerate(streets):
        report("正在写 Excel 台账", done, len(streets))
        place = folder if office.size is Size.STREET else folder / street.name
        place.mkdir(parents=True, exist_ok=True)
        files = StreetFiles(
            street.code,
            place / f"{street.name}网格划分一览表.xlsx",
            place / f"{street.name}网格员花名册.xlsx",
            place / f"{street.name}网格员花名册（社区报送）.xlsx",
            {
                month: place / f"{street.name}{month.year}年{month.month}月考核指标数据.xlsx"
                for month in months
            },
        )
        write_grids(files.grids, office, street)
        write_roster(files.workers, office, street, roster_rows(office, street))
        write_reported_roster(files.reported, office, street)
        for month, path in files.values.items():
            write_values(
                path,
                office,
                street,
                indicators,
                month,
                [(worker, row) for worker, row in values[month] if worker.grid.startswith(street.code)],
            )
        found.append(files)
    return tuple(found)


def write_grids(path: Path, office: DemoOffice, street: GridDatum) -> None:
    """网格划分一览表: two rows of headings, one grid a row, parents first."""
    grids = office.below(street.code)
    with Form(path, "网格划分", office.today) as form:
        form.title(f"{street.name}网格划分一览表", 12)
        form.facts((f"填报单位：{street.name}网格办", f"填报时间：{_day(office.today)}"), 12)
        form.headings(
            (
                (("序号",), 6),
                (("网格基本情况", "网格编码"), 21),
                (("网格基本情况", "网格名称"), 16),
                (("网格基本情况", "网格类型"), 11),
                (("网格基本情况", "上级网格"), 18),
                (("网格基本情况", "四至范围"), 44),
                (("规模", "户数\n（户）"), 8),
                (("规模", "商户数\n（个）"), 8),
                (("规模", "人口\n（人）"), 9),
                (("规模", "面积\n（㎡）"), 12),
                (("启用日期",), 12),
                (("备注",), 14),
            )
        )
        for number, grid in enumerate(grids, start=1):
            form.row(
                (
                    number,
                    grid.code,
                    grid.name,
                    grid.kind,
                    grid.parent or "",
                    grid.scope,
                    grid.households,
                    grid.shops,
                    grid.population,
                    grid.area,
                    grid.opened,
                    grid.remark,
                )
            )
        form.signature(("制表人：", "审核人："), 12)


ROSTER_HEADINGS = (
    (("序号",), 6),
    (("姓名",), 12),
    (("性别",), 6),
    (("民族",), 9),
    (("出生日期",), 12),
    (("身份证号",), 21),
    (("政治面貌",), 12),
    (("文化程度",), 12),
    (("手机号",), 14),
    (("现住址",), 26),
    (("网格名称",), 32),
    (("职务",), 12),
    (("专（兼）职",), 9),
    (("任职时间",), 12),
    (("离任时间",), 12),
    (("合同到期日",), 12),
    (("用工单位",), 20),
    (("离任原因",), 14),
    (("备注",), 16),
)
"""The columns of the official roster, with their widths."""

ROSTER_STARTS = 4
"""Excel's number of the first row of data in the official roster."""


def roster_rows(office: DemoOffice, street: GridDatum) -> list[list[Any]]:
    """The rows of the official roster, in the order of `ROSTER_HEADINGS`; those who left included."""
    places = paths(office.grids)
    return [
        [
            number,
            worker.name,
            worker.sex.label,
            worker.ethnicity.label,
            worker.birth,
            worker.id_number,
            worker.political.label,
            worker.education.label,
            worker.phone,
            worker.address,
            place_text(places[worker.grid]),
            worker.post,
            worker.employment.label,
            worker.appointed,
            worker.left,
            worker.contract_end,
            worker.employer,
            worker.leave_reason,
            worker.remark,
        ]
        for number, worker in enumerate(office.serving(street.code), start=1)
    ]


def write_roster(path: Path, office: DemoOffice, street: GridDatum, rows: Iterable[Sequence[Any]]) -> None:
    """网格员花名册 in the official form: title, facts, one row of headings."""
    width = len(ROSTER_HEADINGS)
    with Form(path, "花名册", office.today) as form:
        form.title(f"{street.name}{office.today.year}年{office.today.month}月网格员花名册", width)
        form.facts((f"填报单位：{street.name}网格办", f"填报时间：{_day(office.today)}", "单位：人"), width)
        form.headings(ROSTER_HEADINGS)
        for row in rows:
            form.row(row)
        form.signature(("制表人：", "审核人："), width)


def write_values(
    path: Path,
    office: DemoOffice,
    street: GridDatum,
    indicators: tuple[Indicator, ...],
    month: date,
    rows: Sequence[tuple[WorkerDatum, dict[str, Any]]],
) -> None:
    """月度指标数据: one worker a row, one column an indicator."""
    places = paths(office.grids)
    above = len(places[street.code])
    last = month.replace(day=monthrange(month.year, month.month)[1])
    width = 5 + len(indicators)
    with Form(path, "指标数据", office.today) as form:
        form.title(f"{street.name}{month.year}年{month.month}月网格员考核指标数据", width)
        form.facts((f"填报单位：{street.name}网格办", f"统计截止：{_day(last)}"), width)
        form.headings(
            (
                (("序号",), 6),
                (("姓名",), 12),
                (("身份证号码",), 21),
                (("社区（村）",), 14),
                (("网格",), 26),
                *(
                    ((each.label + ("（%）" if each.measure is Measure.RATE else ""),), 13)
                    for each in indicators
                ),
            )
        )
        for number, (worker, values) in enumerate(rows, start=1):
            community, *below = places[worker.grid][above:]
            form.row(
                (
                    number,
                    worker.name,
                    worker.id_number,
                    community,
                    "".join(below),
                    *(values[each.key] for each in indicators),
                )
            )
        form.signature(("制表人：", "审核人："), width)


def place_text(path: tuple[str, ...]) -> str:
    """How a roster names a place: all that is below the office's root, `梧桐社区第一网格微网格01`."""
    return "".join(path[1:] or path)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
