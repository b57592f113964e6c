"""What happened in the months of a made-up street beside values and locks: points adjusted, appeals answered,
areas and departments assessed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Decision, MonthState
from db.tables import Sheet
from gridoffice.assessment.appeals import decide_appeal, raise_appeal
from gridoffice.assessment.calibration import calibrate
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.month import Where, month_record, scheme_of
from gridoffice.assessment.service import compute, enter_values, move_month, open_month
from gridoffice.demo.data import DemoOffice
from gridoffice.demo.form import Form
from gridoffice.demo.persons import Registry
from gridoffice.office import Office
from gridoffice.scoring.scheme import all_inputs

AREA, DEPARTMENT = "area-evaluation", "department-evaluation"
MONTHS_OF_OTHERS = 3
"""So many of the last months are assessed for areas and departments too."""
DEPARTMENTS = (
    ("综合行政执法队", "占道经营、违法建设、户外广告"),
    ("社区建设办公室", "小区治理、物业纠纷"),
    ("应急管理办公室", "消防、燃气、防汛隐患"),
    ("民生服务办公室", "救助、助老、残疾人服务"),
    ("市政环卫所", "路面、井盖、垃圾清运"),
    ("市场监管所", "食品、特种设备"),
    ("派出所", "治安、流动人口"),
    ("司法所", "矛盾调解、社区矫正"),
)
Accounts = tuple[Office, Office, Office]
"""The clerk, the reviewer and the leader."""


def write_departments(made: DemoOffice, folder: Path) -> Path:
    """部门台账 of the first street, as the workbook that its clerk keeps."""
    street = made.streets()[0]
    rng = Random(f"departments {made.seed}")
    registry = Registry(rng, made.today)
    registry.taken.update(worker.id_number[:17] for worker in made.workers)
    registry.count = len(made.workers) + 7000  # phones go by the number: nobody else's
    path = folder / f"{street.name}考核部门台账.xlsx"
    headings = (
        ("序号", 6),
        ("部门名称", 22),
        ("负责人", 12),
        ("联系电话", 14),
        ("是否考核", 10),
        ("职责", 30),
    )
    with Form(path, "部门", made.today) as form:
        form.title(f"{street.name}处置部门台账", len(headings))
        form.headings(tuple(((words,), width) for words, width in headings))
        for number, (name, task) in enumerate(DEPARTMENTS, start=1):
            head = registry.person(street.code[:6], 32, 56, 0.7)
            assessed = "否" if name == "司法所" else "是"
            form.row((number, name, head.name, head.phone, assessed, task))
        form.signature(("制表人：", "审核人："), len(headings))
    return path


def play_others(hands: Accounts, made: DemoOffice) -> None:
    """The last months of areas and departments: all locked, but for the departments' last one, which is
    public with an appeal that waits for its answer."""
    clerk, reviewer, leader = hands
    months = made.months[-MONTHS_OF_OTHERS:]
    for month in months:
        for scheme in (AREA, DEPARTMENT):
            period = f"{month:%Y-%m}"
            where = f"{period}/{scheme}"
            clerk.write(open_month, period, scheme)
            clerk.write(enter_values, where, clerk.read(cases, where, made.seed))
            to_review(clerk, where)
            reviewer.write(move_month, where, MonthState.PUBLIC)
            if scheme == AREA or month != months[-1]:
                leader.write(lock_month, where)
                continue
            _, worst, *_ = clerk.read(by_rank, where)[::-1]
            words = "有 6 件是派给我们后又改派的，不该算超期。"
            clerk.write(raise_appeal, worst, words, "扣除改派的件数后重算")


def to_review(clerk: Office, where: Where) -> None:
    """Compute and submit."""
    clerk.write(compute, where)
    clerk.write(move_month, where, MonthState.SCORING)
    clerk.write(move_month, where, MonthState.REVIEW)


def adjust(reviewer: Office, where: Where) -> None:
    """The reviewer evens out a few sheets, each with his reason."""
    ranked = reviewer.read(by_rank, where)
    reviewer.write(calibrate, ranked[2:5], Decimal("-0.5"), None, "同一社区打分普遍偏宽，按全街平均拉平。")
    reviewer.write(calibrate, ranked[60:61], Decimal(1), None, "防汛值守 6 天，月度数据里没有体现。")


def object_and_answer(clerk: Office, reviewer: Office, where: Where) -> None:
    """Three appeals of a month that is public: one upheld, one not, one withdrawn."""
    ranked = clerk.read(by_rank, where)
    last = len(ranked) - 1
    raised = (
        (ranked[last - 1], "停电两天没有网络，走访记录补录后没有算进去。", "补计两户走访"),
        (ranked[last // 2], "扣分的那次巡查当天请了假。", "撤销扣分"),
        (ranked[last // 3], "想知道排名是怎么排的。", ""),
    )
    numbers = [clerk.write(raise_appeal, *one).result for one in raised]
    answers = (
        (Decision.CHANGED, "纸质走访登记表核对无误，补计。", Decimal(2)),
        (Decision.KEPT, "请假单的日期是次日，扣分不变。", None),
        (Decision.WITHDRAWN, "当面看了得分过程，本人撤回。", None),
    )
    for number, (decision, answer, change) in zip(numbers, answers, strict=True):
        reviewer.write(decide_appeal, number, decision, answer, None, change)


def by_rank(session: Session, where: Where) -> list[int]:
    """The sheets of a month that have a rank, the first first."""
    inside = (Sheet.month_id == month_record(session, where).id, Sheet.rank.is_not(None))
    return list(session.scalars(select(Sheet.id).where(*inside).order_by(Sheet.rank, Sheet.id)))


def cases(session: Session, where: Where, seed: int) -> dict[int, dict[str, Any]]:
    """How many cases each area or department had in a month and what became of them, by sheet. The figures
    of one sheet fit each other: nobody settles more than came in."""
    month = month_record(session, where)
    luck = Random(f"{seed}/{month.period}/{month.scheme_key}")
    columns = [(entry.key, entry.label) for entry in all_inputs(scheme_of(session, month))]
    sheets = session.scalars(select(Sheet.id).where(Sheet.month_id == month.id).order_by(Sheet.id))
    found = {}
    for sheet in sheets:
        counted = _cases(luck)
        found[sheet] = {key: counted[label] for key, label in columns}
    return found


def _cases(luck: Random) -> dict[str, int]:
    due = 120 + int(luck.random() * 200)
    left = int(luck.random() ** 3 * 5)
    open_still = int(due * 0.08 * luck.random() ** 2)
    late = int(due * 0.12 * luck.random() ** 2)
    settled, asked = due - open_still, 20 + int(luck.random() * 30)
    on_time, again = settled - late, int(due * 0.06 * luck.random())
    return {
        "应处置数": due,
        "处置数": settled,
        "按期处置数": on_time,
        "超期待处置数": open_still,
        "应结案数": due,
        "返工数": again,
        "延期数": int(due * 0.05 * luck.random()),
        "回访数": asked,
        "满意数": asked - int(asked * 0.15 * luck.random()),
        "按期结案量": on_time,
        "结案数": settled,
        "应结案量": due,
        "返工次数": again,
        "公众投诉超期结案量": late // 4,
        "公众投诉超期未处置量": open_still // 4,
        "超期结案量": late,
        "超期未处置量": open_still,
        "立案数": due + int(luck.random() * 20),
        "遗留案件结案量": int(luck.random() * 12),
        "遗留案件未处置量": left,
    }
