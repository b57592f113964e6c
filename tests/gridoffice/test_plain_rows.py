"""Rows of a roster that are told from columns come to exactly what each comes to when planned by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from db.enums import Role, Sex
from gridoffice.accounts.keeping import add_account
from gridoffice.fields import columns
from gridoffice.intake import Key, Merge, Options, Outcome
from gridoffice.office import Office
from gridoffice.planned import PlannedRows
from gridoffice.review import Review
from gridoffice.values import show
from gridoffice.workers import planning
from gridoffice.workers.plain_rows import PlainRows, once
from gridoffice.workers.rows import WorkerRow
from tests.offices import Opening, grid_id, number, roster

FIELDS = {column.name: column.field for column in columns(WorkerRow)}
NAMES = tuple(name for name in FIELDS if name not in ("id", "person_id"))
OFTEN = settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CHANGES = {
    "name": ["陈建国", "欧阳㐂", "李 䶮", "赵𫍯", "空缺", ""],
    "id_number": [number(300), number(301, Sex.FEMALE), number(300)[:-1] + "?", ""],
    "phone": ["13800001111", "028-87654321", "138", "无", ""],
    "sex": ["男", "女", ""],
    "birth": ["1990-03-07", "1990年3月", "2031-01-01", ""],
    "political": ["党员", "群众", "不详", ""],
    "grid": [
        "梧桐·第二网格",
        "青禾街道/柳荫社区/第一网格",
        "51992100100100102",
        "没有的网格",
        "第一网格",
        "",
    ],
    "title": ["专职网格员", "网格长", "帮忙的", ""],
    "employment": ["专职", "兼职", ""],
    "from_day": ["2021-03-01", "2024.5.6", ""],
    "to_day": ["2020-01-01", "2026-09-30", ""],
    "contract_end": ["2027-12-31", ""],
    "address": ["梧桐路12号3幢", "梧桐路" * 200],
    "employer": ["锦泽人力资源公司", "长" * 300],
    "note": ["甲", "同上", "x" * 600, ""],
}
CHANGE = some.sampled_from(sorted(CHANGES)).flatmap(
    lambda name: some.tuples(some.just(name), some.sampled_from(CHANGES[name]))
)
ROW = some.tuples(some.integers(0, 30), some.lists(CHANGE, max_size=3))
OPTIONS = some.builds(
    Options,
    merge=some.sampled_from(Merge),
    key=some.sampled_from([Key.AUTO, Key.AUTO, *Key]),
    create_missing=some.booleans(),
)


def known(office: Office) -> list[dict[str, str]]:
    """The roster of the office as texts, and as many people whom it does not know."""
    there = [
        {name: show(FIELDS[name], getattr(row, name), reveal=True) for name in NAMES}
        for row in roster(office)
    ]
    places = [row["grid"] for row in there]
    fresh = [
        {"name": f"马小{'明芳强伟'[i % 4]}", "id_number": number(400 + i), "phone": f"139000044{i:02}", "grid": places[i]}
        for i in range(len(places))
    ]  # fmt: skip
    return [row for row in there if row["grid"]] + [dict.fromkeys(NAMES, "") | row for row in fresh]


def planned(office: Office, sheet: Sequence[dict[str, str]], options: Options) -> PlannedRows:
    shown = [name for name in NAMES if any(row[name] for row in sheet) or name == "name"]
    lines = [[FIELDS[name].label for name in shown], *([row[name] for name in shown] for row in sheet)]
    return Review(office, "workers", "\n".join("\t".join(line) for line in lines), options).plan.rows


def one_by_one(rows: Any, *_: object) -> PlainRows:
    count = len(rows)
    return PlainRows(list(range(count)), [Outcome.NEW] * count, [None] * count, {})


def same(
    office: Office, monkeypatch: pytest.MonkeyPatch, sheet: list[dict[str, str]], options: Options
) -> int:
    """Plan both ways and compare everything; answers how many rows were plain."""
    rows = planned(office, sheet, options)
    with monkeypatch.context() as patched:
        patched.setattr(planning, "plain_rows", one_by_one)
        alone = planned(office, sheet, options)
    assert list(rows) == list(alone)
    assert list(rows.outcomes) == [row.outcome for row in alone]
    assert list(rows.records) == [row.record for row in alone]
    for name in {name for row in alone for name in row.values}:
        assert rows.column(name) == [row.values.get(name) for row in alone], name
    chosen = rows.chosen((Outcome.NEW, Outcome.UPDATED))
    assert list(chosen) == [row for row in alone if row.outcome in (Outcome.NEW, Outcome.UPDATED)]
    assert sorted([*chosen.said, *chosen.plain]) == chosen.positions
    aims = [alone[position].resolved for position in chosen.plain]
    assert chosen.column("grid_id") == [aim.grid_id for aim in aims]
    whos = [row.resolved.who for row in alone]
    for position, aim in zip(chosen.plain, aims, strict=True):
        assert alone[position].outcome is Outcome.NEW
        assert not alone[position].problems
        assert (aim.post_id, aim.moves, aim.concurrent, aim.make) == (None, False, False, None)
        assert whos.count(aim.who) == 1
    return len(rows) - len(rows.said)


@OFTEN
@given(sheet=some.lists(ROW, min_size=1, max_size=8), options=OPTIONS)
def test_rows_come_to_the_same_in_columns_and_one_by_one(
    small_office: Office, monkeypatch: pytest.MonkeyPatch, sheet: list[Any], options: Options
) -> None:
    base = known(small_office)
    rows = [base[place % len(base)] | dict(changes) for place, changes in sheet]
    same(small_office, monkeypatch, rows, options)


def test_no_remark_is_lost_on_anybody(small_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    base = known(small_office)
    every = [{name: value} for name, values in CHANGES.items() for value in values]
    every += [
        {"from_day": "2021-03-01", "to_day": "2020-01-01"},
        {"from_day": "2021-03-01", "to_day": "2021-03-01"},
        {"name": "赵𫍯", "phone": "13800000017"},
        {"title": "", "employment": "兼职"},
        {"id_number": "", "sex": ""},
        {"birth": "1990-01-01", "sex": ""},
    ]
    for some_rows in (base[: len(base) // 2], base[len(base) // 2 :]):
        for start in range(0, len(every), len(some_rows)):
            changes = every[start : start + len(some_rows)]
            sheet = [row | change for row, change in zip(some_rows, changes, strict=False)]
            for merge in (Merge.FILL, Merge.OVERWRITE):
                same(small_office, monkeypatch, sheet, Options(merge=merge))


def test_what_says_nothing_new_and_new_people_are_plain(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = known(small_office)
    numbered = [row for row in base if row["id_number"]]
    assert same(small_office, monkeypatch, base, Options()) >= 0.8 * len(numbered)


def test_nothing_is_plain_that_the_account_may_not_change(
    small_office: Office, monkeypatch: pytest.MonkeyPatch, office_at: Opening
) -> None:
    place = grid_id(small_office, "519921001002")
    small_office.write(add_account, "liuyin", "柳荫社区", Role.CLERK, place)
    office = office_at(small_office.store.address, "liuyin")
    same(office, monkeypatch, known(small_office), Options())


def test_equal_values_are_worked_out_once_and_the_first_comes_first() -> None:
    asked: list[int] = []

    def work(position: int) -> int:
        asked.append(position)
        return position

    days = [date(2021, 1, 1), None, date(2021, 1, 1), None, date(2021, 1, 1)]
    assert once(work, days, ["a", "a", "a", "a", "b"]) == [0, 1, 0, 1, 4]
    assert asked == [0, 1, 4]
    asked.clear()
    assert once(work, ["a", "a"], [None, None]) == [0, 0]
    assert once(work, [], []) == []


def test_a_row_without_number_may_mean_the_same_person_as_a_plain_one(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, *rest = known(small_office)
    sheet = [one, *rest[:2], one | {"id_number": "", "grid": rest[3]["grid"]}]
    assert same(small_office, monkeypatch, sheet, Options()) == 2
    assert "同一个人" in planned(small_office, sheet, Options())[3].problems[-1].message


def test_a_search_finds_the_rows_in_which_the_text_is_shown(small_office: Office) -> None:
    base = known(small_office)
    sheet = base + base[:3]
    shown = [name for name in NAMES if any(row[name] for row in sheet)]
    lines = [[FIELDS[name].label for name in shown], *([row[name] for name in shown] for row in sheet)]
    review = Review(small_office, "workers", "\n".join("\t".join(line) for line in lines), Options())
    rows = review.plan.rows
    assert 0 < len(rows.said) < len(rows)
    for text in (
        "梧桐",
        "第一网格",
        "网格长",
        "女",
        "2024-0",
        "13800000011",
        "张三",
        "是同一个人",
        "没有这几个字",
        number(12),
    ):
        wanted = {
            place
            for place, row in enumerate(rows)
            if any(text in problem.message for problem in row.problems)
            or any(text in show(FIELDS[name], row.values.get(name), reveal=True) for name in shown)
        }
        found = {entry - 1 for entry in review.lines(tuple(Outcome), text).entries if entry > 0}
        assert found == wanted, text
