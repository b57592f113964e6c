"""联系户台账 of a made-up street, as the workbook that its clerk keeps."""

from __future__ import annotations

from pathlib import Path
from random import Random

from gridoffice.demo.data import MICRO_WORKER, DemoOffice, paths
from gridoffice.demo.form import Form
from gridoffice.demo.ledgers import place_text
from gridoffice.demo.persons import Registry

SHARE, EACH = 6, 3
"""One micro-grid of so many has so many represented households."""
WITHOUT_CALLER, WITHOUT_PHONE = 9, 14
"""One household of so many has nobody to call it, or no phone: what the list is looked through for."""
HEADINGS = (
    ("序号", 6),
    ("户主姓名", 12),
    ("所在网格", 30),
    ("联系电话", 15),
    ("家庭住址", 28),
    ("家庭人数", 10),
    ("呼叫人", 12),
    ("特殊情况", 16),
)
NEEDS = ("", "", "", "独居老人", "", "行动不便", "", "地质灾害点", "", "有婴幼儿")


def write_households(office: DemoOffice, folder: Path) -> Path:
    """The represented households of the first street in `folder`, each called by who serves in its grid."""
    street = office.streets()[0]
    rng = Random(f"households {office.seed}")
    registry = Registry(rng, office.today)
    registry.taken.update(worker.id_number[:17] for worker in office.workers)
    registry.count = len(office.workers) + 7000  # phones go by the number: nobody else's
    place = paths(office.grids)
    callers = [
        worker
        for worker in office.workers
        if worker.left is None and worker.post == MICRO_WORKER and worker.grid.startswith(street.code)
    ]
    path = folder / f"{street.name}联系户台账.xlsx"
    with Form(path, "联系户", office.today) as form:
        form.title(f"{street.name}微网格联系户台账", len(HEADINGS))
        day = f"{office.today.year}年{office.today.month}月{office.today.day}日"
        form.facts((f"填报单位：{street.name}网格办", f"填报时间：{day}"), len(HEADINGS))
        form.headings(tuple(((words,), width) for words, width in HEADINGS))
        number = 0
        for at, worker in enumerate(callers[::SHARE]):
            names = place[worker.grid]
            for door in range(1, EACH + 1):
                number += 1
                person = registry.person(street.code[:6], 30, 80, 0.5)
                form.row(
                    (
                        number,
                        person.name,
                        place_text(names),
                        "" if number % WITHOUT_PHONE == 0 else person.phone,
                        f"{names[1]}青禾路{at + 1}号{door}幢{rng.randrange(1, 7)}0{rng.randrange(1, 5)}",
                        rng.randrange(1, 6),
                        "" if number % WITHOUT_CALLER == 0 else worker.name,
                        NEEDS[number % len(NEEDS)],
                    )
                )
    return path
