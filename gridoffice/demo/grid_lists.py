"""资源清单 and 问题清单 of a made-up office, as the workbooks that its clerk keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from db.enums import IssueState, ResourceKind
from gridoffice.demo.data import DemoOffice, GridDatum, paths
from gridoffice.demo.form import Form
from gridoffice.demo.ledgers import place_text
from gridoffice.demo.pack_office import Planted
from gridoffice.grids.pack import Pack
from gridoffice.overview.topics import Topic
from gridoffice.registers.rules import issue_kinds, sources

RESOURCES = (
    # kind, name, quantity, what it is for
    (ResourceKind.PLACE, "微网格驿站", "1 处", "接待、议事"),
    (ResourceKind.PLACE, "小区会议室", "40 座", "议事会、培训"),
    (ResourceKind.UNIT, "社区卫生服务站", "12 人", "义诊、应急救护"),
    (ResourceKind.UNIT, "青禾小学", "60 名教师", "结对辅导"),
    (ResourceKind.MERCHANT, "便民超市", "1 家", "积分兑换"),
    (ResourceKind.MERCHANT, "五金维修店", "1 家", "上门维修"),
    (ResourceKind.TEAM, "政策宣讲队", "8 人", "入户宣讲"),
    (ResourceKind.TEAM, "夜巡志愿队", "15 人", "晚间巡逻"),
    (ResourceKind.EXPERT, "退休法官调解室", "1 人", "邻里纠纷调解"),
    (ResourceKind.SUPPLIES, "应急发电机", "2 台", "停电、抢险"),
    (ResourceKind.SUPPLIES, "防汛沙袋", "300 个", "汛期"),
    (ResourceKind.SUPPLIES, "手摇报警器", "3 个", "汛情、火情预警"),
)
ISSUES = {
    # kind: what was found, who answers for it
    "燃气安全": (("灶具软管老化，接口漏气", "燃气公司"), ("热水器装在卧室", "燃气公司")),
    "地质灾害": (("后山坡有新裂缝", "规划和自然资源所"), ("排水沟堵了，水漫到院坝", "街道应急办")),
    "防溺水": (("堰塘边没有警示牌和救生圈", "街道应急办"),),
    "防火": (("楼道里给电动车充电", "物业公司"), ("消防通道停了车", "物业公司")),
    "安全隐患": (("3 栋楼道堆杂物，堵了消防通道", "物业公司"), ("井盖松动", "街道城管办")),
    "环境卫生": (("小区地面垃圾没有清理", "物业公司"), ("河边有人倒建筑垃圾", "街道城管办")),
    "矛盾纠纷": (("楼上漏水，两家争执", "社区调委会"), ("广场舞声音大，住户意见多", "社区居委会")),
    "特殊人群关爱": (("独居老人行动不便，要人送餐", "社区居委会"),),
    "民生诉求": (("路灯不亮，晚上出入不便", "市政所"), ("公交站没有雨棚", "街道办事处")),
    "其他": (("流浪狗进小区", "街道城管办"),),
}
SHARE = 3
"""One grid of so many has something in each list."""


@dataclass(frozen=True, slots=True)
class GridLists:
    """The two workbooks, by ledger, and what in them must be found."""

    books: dict[str, Path]
    planted: tuple[Planted, ...]


@dataclass(frozen=True, slots=True)
class _Issue:
    grid: GridDatum
    day: date
    kind: str
    what: str
    source: str
    reporter: str
    department: str
    state: IssueState
    due: date
    closed: date | None
    result: str


def write_lists(made: DemoOffice, pack: Pack, folder: Path) -> GridLists:
    """The lists of an office in `folder`: one problem in the whole office is late."""
    rng = Random(f"{made.seed}/lists")
    staffed = {kind.label for kind in pack.kinds if kind.staffed}
    grids = [grid for grid in made.grids if grid.kind in staffed]
    chosen = [grid for grid in grids if not rng.randrange(SHARE)] or grids[:1]
    place = {code: place_text(names) for code, names in paths(made.grids).items()}
    issues = list(_issues(rng, made, pack, chosen))
    name = made.grids[0].name
    books = {"resources": folder / f"{name}资源清单.xlsx", "grid-issues": folder / f"{name}问题清单.xlsx"}
    _resource_book(books["resources"], rng, made, chosen, place)
    _issue_book(books["grid-issues"], made, issues, place)
    late = [one for one in issues if one.closed is None and one.due < made.today]
    return GridLists(books, tuple(Planted(Topic.ISSUE, one.grid.code) for one in late))


def _issues(rng: Random, made: DemoOffice, pack: Pack, grids: list[GridDatum]) -> Iterator[_Issue]:
    kinds = [kind for kind in issue_kinds(pack) if kind in ISSUES]
    told = {worker.grid: worker.name for worker in made.workers if worker.left is None}
    for place, grid in enumerate(grids):
        kind = kinds[place % len(kinds)]
        what, department = ISSUES[kind][place // len(kinds) % len(ISSUES[kind])]
        day = made.today - timedelta(rng.randrange(12, 170))
        due, closed, state, result = day + timedelta(10), None, IssueState.OPEN, ""
        if place == 0:
            day = made.today - timedelta(14)
            due = made.today - timedelta(4)
        elif place % 4 == 1:
            day = made.today - timedelta(rng.randrange(6))
            due, state = made.today + timedelta(5 + place % 9), IssueState(("open", "passed")[place % 8 == 1])
        else:
            closed = day + timedelta(rng.randrange(1, 9))
            state, result = IssueState.DONE, "已处理，回访过"
        yield _Issue(
            grid,
            day,
            kind,
            what,
            sources(pack)[place % len(sources(pack))],
            told.get(grid.code, ""),
            department,
            state,
            due,
            closed,
            result,
        )


def _resource_book(
    path: Path, rng: Random, made: DemoOffice, grids: list[GridDatum], place: dict[str, str]
) -> None:
    told = {worker.grid: worker for worker in made.workers if worker.left is None}
    headings = (
        ("序号", 6), ("所属网格", 30), ("资源类型", 12), ("资源名称", 22), ("联系人", 12), ("联系电话", 15),
        ("数量", 12), ("启用日期", 12), ("用途", 18),
    )  # fmt: skip
    with Form(path, "资源", made.today) as form:
        form.title(f"{made.grids[0].name}资源清单", len(headings))
        form.facts((f"填报单位：{made.organisation}", f"填报时间：{_day(made.today)}"), len(headings))
        form.headings(tuple(((heading,), width) for heading, width in headings))
        for number, grid in enumerate(grids, start=1):
            kind, name, quantity, use = RESOURCES[number % len(RESOURCES)]
            whose = told.get(grid.code)
            contact, phone = (whose.name, whose.phone) if whose is not None else ("", "")
            since = made.today - timedelta(rng.randrange(60, 600))
            form.row((number, place[grid.code], kind.label, name, contact, phone, quantity, since, use))


def _issue_book(path: Path, made: DemoOffice, issues: list[_Issue], place: dict[str, str]) -> None:
    headings = (
        ("序号", 6), ("所属网格", 30), ("发现日期", 12), ("问题类型", 14), ("问题内容", 34), ("问题来源", 14),
        ("上报人", 12), ("责任部门", 18), ("办理情况", 10), ("办结期限", 12), ("办结日期", 12), ("办理结果", 20),
    )  # fmt: skip
    with Form(path, "问题", made.today) as form:
        form.title(f"{made.grids[0].name}问题清单", len(headings))
        form.facts((f"填报单位：{made.organisation}", f"填报时间：{_day(made.today)}"), len(headings))
        form.headings(tuple(((heading,), width) for heading, width in headings))
        for number, one in enumerate(issues, start=1):
            form.row(
                (
                    number,
                    place[one.grid.code],
                    one.day,
                    one.kind,
                    one.what,
                    one.source,
                    one.reporter,
                    one.department,
                    one.state.label,
                    one.due,
                    one.closed or "",
                    one.result,
                )
            )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
