"""`grid …` on the command line: each change told beforehand, carried out, and found again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gridoffice.office import Office
from tests.cli.conftest import Call
from tests.offices import journal_lines, records

FIRST, SECOND, LIUYIN = "519921001001001", "519921001001002", "519921001002"


def listed(on: Call, *words: object) -> dict[str, Any]:
    status, said, _ = on("grid", "list", *words)
    assert status == 0
    return {row["code"]: row for row in said["grids"]}


def test_a_grid_is_added_renamed_moved_and_its_past_is_kept(on: Call) -> None:
    status, said, _ = on(
        "grid", "add", "第三网格", "--kind", "一般网格", "--parent", "梧桐社区", "--households", 320,
        "--date", "2026-06-01", "--reason", "新建小区", "--approval", "青街发〔2026〕12号",
    )  # fmt: skip
    assert (status, said["grids"]) == (0, [{"code": "519921001001003", "name": "第三网格"}])
    assert listed(on)["519921001001003"]["households"] == 320
    assert on("grid", "rename", "519921001001003", "河畔网格", "--date", "2026-07-01")[0] == 0
    assert on("grid", "move", "河畔网格", "--to", LIUYIN, "--date", "2026-08-01")[0] == 0
    row = listed(on)["519921001001003"]
    assert (row["name"], row["parent"]) == ("河畔网格", "柳荫社区")
    row = listed(on, "--as-of", "2026-06-15")["519921001001003"]
    assert (row["name"], row["parent"]) == ("第三网格", "梧桐社区")
    assert "519921001001003" not in listed(on, "--as-of", "2026-05-31")
    assert "519921001001003" in listed(on, "--as-of", "2026-07-15", "--grid", "519921001001")
    status, said, _ = on("grid", "history", "519921001001003")
    assert [(one["day"], one["kind"]) for one in said["changes"]] == [
        ("2026-06-01", "establish"),
        ("2026-07-01", "rename"),
        ("2026-08-01", "move"),
    ]
    assert said["changes"][0]["approval"] == "青街发〔2026〕12号"


def test_a_dry_run_tells_and_writes_nothing(on: Call, small_office: Office) -> None:
    before, lines = records(small_office), journal_lines(small_office)
    status, said, _ = on(
        "grid", "merge", FIRST, SECOND, "--into", SECOND, "--date", "2026-06-01", "--dry-run"
    )
    assert (status, said["written"], said["allowed"]) == (0, False, True)
    assert said["steps"] == ["“第一网格”并入“第二网格”"]
    assert {(one["person"], one["to"]) for one in said["posts"]} == {
        ("王𠮷𬭎", "第二网格"),
        ("李䶮", "第二网格"),
    }
    status, said, _ = on("grid", "close", FIRST, "--date", "2026-06-01", "--dry-run")
    assert (status, said["allowed"]) == (1, False)
    assert "先给它们换个上级" in said["problems"][0]["message"]
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_a_grid_is_split_by_names(on: Call) -> None:
    status, said, _ = on(
        "grid", "split", FIRST, "--date", "2026-06-01",
        "--into", "第一网格;户数=250;沿用",
        "--into", "第三网格；户数=150；人=李䶮；下级=微网格02",
    )  # fmt: skip
    assert status == 0, said
    rows = listed(on)
    assert (rows[FIRST]["households"], rows["519921001001003"]["households"]) == (250, 150)
    assert rows["51992100100100102"]["parent"] == "梧桐·第三网格"
    status, said, _ = on("undo")
    assert status == 0
    assert listed(on)[FIRST]["households"] == 400


def test_codes_and_kinds(on: Call) -> None:
    assert on("grid", "recode", FIRST, "--date", "2026-06-01", "--reason", "重新编号")[0] == 0
    _, said, _ = on("grid", "history", "519921001001003")
    assert said["codes_given_up"] == [{"code": FIRST, "day": "2026-06-01", "reason": "重新编号"}]
    assert on("grid", "convert", "519921001002002", "专属网格", "--date", "2026-06-01")[0] == 0
    assert listed(on)["519921001002002"]["kind"] == "专属网格"
    assert on("grid", "revise", SECOND, "--households", 640, "--date", "2026-06-01")[0] == 0
    assert (listed(on)[SECOND]["households"], listed(on, "--as-of", "2026-05-01")[SECOND]["households"]) == (
        640,
        620,
    )


def test_a_closed_grid_sends_everybody_elsewhere(on: Call) -> None:
    status, _, _ = on(
        "grid", "close", FIRST, "--children-to", SECOND, "--workers-to", SECOND, "--leaving", "李䶮",
        "--date", "2026-06-01",
    )  # fmt: skip
    assert status == 0
    assert FIRST not in listed(on)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rename", "没有这个", "新名"), "没有“没有这个”"),
        (("rename", FIRST, "第二网格"), "这里已有一个“第二网格”"),
        (("rename", FIRST, "新名", "--date", "明天"), "不是日期"),
        (("move", LIUYIN, "--to", "519921001002001"), "自己"),
        (("split", FIRST, "--into", "甲;户数=多", "--into", "乙"), "户数“多”不是数"),
        (("split", FIRST, "--into", "甲;大小=3", "--into", "乙"), "看不懂"),
        (("split", FIRST, "--into", "甲;人=张三", "--into", "乙"), "里没有“张三”"),
        (("revise", FIRST), "没说更新什么"),
        (("convert", FIRST, "小区"), "没有“小区”这种网格类型"),
    ],
)
def test_a_change_that_cannot_be(
    on: Call, small_office: Office, words: tuple[object, ...], said: str
) -> None:
    before = records(small_office)
    status, answer, _ = on("grid", *words)
    assert status == 1
    assert said in answer["error"]
    assert records(small_office) == before


def test_in_plain_words(call: Call, small_office: Office) -> None:
    address = small_office.store.address
    status, said, _ = call(
        "--database", address, "grid", "move", FIRST, "--to", LIUYIN, "--dry-run", "--date", "2026-06-01"
    )
    assert status == 1
    assert "这里已有一个“第一网格”，换个名称。" in said
    assert "一起走的网格 2" in said
    status, said, _ = call("--database", address, "grid", "rename", FIRST, "河畔网格", "--date", "2026-06-01")
    assert (status, said) == (0, "“第一网格”更名为“河畔网格”（2026-06-01 起）。\n")
    status, said, _ = call("--database", address, "grid", "history", FIRST)
    assert "2026-06-01　更名（本身）　此前：第一网格 519921001001001" in said


def test_what_is_dated_tomorrow_waits_and_is_carried_out_or_given_up(on: Call) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    words = ("rename", FIRST, "河畔网格", "--date", tomorrow, "--reason", "小区改名")
    status, said, _ = on("grid", *words)
    assert (status, said["title"]) == (0, f"存下待生效的调整：“第一网格”更名为“河畔网格”（{tomorrow} 起）")
    number = said["plan"]
    assert listed(on)[FIRST]["name"] == "第一网格"
    status, said, _ = on("grid", "pending")
    assert [(one["plan"], one["day"], one["due"], one["reason"]) for one in said["plans"]] == [
        (number, tomorrow, False, "小区改名")
    ]
    assert on("grid", "apply", number)[0] == 1
    today = date.today().isoformat()
    status, said, _ = on("grid", "apply", number, "--date", today, "--dry-run")
    assert (status, said["allowed"], said["steps"]) == (0, True, ["“第一网格”更名为“河畔网格”"])
    assert on("grid", "apply", number, "--date", today)[0] == 0
    assert listed(on)[FIRST]["name"] == "河畔网格"
    assert on("grid", "pending")[1]["plans"] == []
    status, said, _ = on("grid", "revise", FIRST, "--zone", "核心区", "--note", "商圈", "--date", tomorrow)
    assert on("grid", "give-up", said["plan"])[0] == 0
    assert on("grid", "pending")[1]["plans"] == []
    assert on("grid", "revise", FIRST, "--zone", "市中心")[0] == 1
    assert on("grid", "revise", FIRST, "--zone", "核心区")[0] == 0
    assert listed(on)[FIRST]["zone"] == "core"
