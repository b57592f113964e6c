"""后备人员名册 of a made-up street, as the workbook that its clerk keeps."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

from gridoffice.demo.data import COMMUNITY, FULL_TIME, MICRO_WORKER, PART_TIME, DemoOffice, paths
from gridoffice.demo.form import Form
from gridoffice.demo.ledgers import place_text
from gridoffice.demo.persons import Registry

WAITING = 14
"""So many stand on the list; every seventh has left it again."""
HEADINGS = (
    ("序号", 6),
    ("姓名", 12),
    ("性别", 6),
    ("身份证号码", 21),
    ("联系电话", 14),
    ("文化程度", 12),
    ("意向岗位", 14),
    ("意向网格", 24),
    ("来源", 14),
    ("入库日期", 12),
    ("后备状态", 10),
    ("出库日期", 12),
    ("备注", 16),
)
SOURCES = ("公开招募", "社区推荐", "退役军人事务站推荐", "高校毕业生报名")


def write_reserve(office: DemoOffice, folder: Path) -> Path:
    """The reserve list of the first street in `folder`: people who are on no roster yet."""
    street = office.streets()[0]
    rng = Random(f"reserve {office.seed}")
    registry = Registry(rng, office.today)
    registry.taken.update(worker.id_number[:17] for worker in office.workers)
    registry.count = len(office.workers) + 5000  # phones go by the number: nobody else's
    communities = [grid for grid in office.below(street.code) if grid.kind == COMMUNITY]
    place = paths(office.grids)
    path = folder / f"{street.name}后备人员名册.xlsx"
    with Form(path, "后备人员", office.today) as form:
        form.title(f"{street.name}网格后备人员名册", len(HEADINGS))
        day = f"{office.today.year}年{office.today.month}月{office.today.day}日"
        form.facts((f"填报单位：{street.name}网格办", f"填报时间：{day}"), len(HEADINGS))
        form.headings(tuple(((words,), width) for words, width in HEADINGS))
        for number in range(1, WAITING + 1):
            person = registry.person(street.code[:6], 22, 45, 0.6)
            since = office.today - timedelta(days=20 + 23 * number)
            left = number % 7 == 0
            form.row(
                (
                    number,
                    person.name,
                    person.sex.label,
                    person.id_number,
                    person.phone,
                    person.education.label,
                    (FULL_TIME, MICRO_WORKER, PART_TIME)[number % 3],
                    place_text(place[communities[number % len(communities)].code]) if number % 4 else "",
                    SOURCES[number % len(SOURCES)],
                    since,
                    "已退出" if left else "待上岗",
                    since + timedelta(days=10) if left else "",
                    "已另找工作" if left else "",
                )
            )
        form.signature(("制表人：", "审核人："), len(HEADINGS))
    return path
