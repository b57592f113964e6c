"""Posts from the command line: history, transfer, bulk change, taking a post, the hand-over sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gridoffice.history import journal
from gridoffice.office import Office
from tests.documents.paper import poppler_text
from tests.offices import grid_id, number, roster, worker

Call = Callable[..., tuple[int, Any, str]]
TO = "519921001002002"


def test_transferred_ended_and_listed(on: Call, small_office: Office, tmp_path: Path) -> None:
    assert grid_id(small_office, TO)
    dry = ("posts", "transfer", "李䶮", "单晓琴", "--to", TO, "--date", "2026-04-01", "--dry-run")
    status, said, _ = on(*dry)
    assert (
        status == 0 and [one["name"] for one in said["going"]] == ["李䶮", "单晓琴"] and not said["refused"]
    )
    lines = len(small_office.read(journal))
    status, said, _ = on(*dry[:-1], "--reason", "力量调整", "--title", "专职网格员")
    assert status == 0 and len(said["posts"]) == 2
    assert len(small_office.read(journal)) == lines + 1, "one action"
    status, said, _ = on(*dry[:-1])
    assert status == 1 and "不能再调整" not in said["error"] and "李䶮" in said["error"]
    status, said, _ = on("posts", "list", "李䶮")
    assert [(one["grid"], one["from_day"], one["reason"]) for one in said["posts"]] == [
        ("柳荫·第二网格", "2026-04-01", "力量调整"),
        ("梧桐·第一网格", "2024-03-01", None),
    ]
    assert said["posts"][1]["leave_reason"] == "力量调整"
    status, said, _ = on("posts", "end", "李䶮", "--date", date.today(), "--reason", "辞职")
    assert status == 0 and said["ended"] == 1
    paper = tmp_path / "交接.pdf"
    assert on("report", "handover", paper, "--person", "李䶮")[0] == 0
    text = "".join(poppler_text(paper.read_bytes(), tmp_path).split())
    assert "移交人：李䶮" in text and "原因：辞职" in text
    assert on("undo")[0] == 0 and worker(small_office, "李䶮").to_day is None


def test_many_changed_alike_and_somebody_takes_a_post(on: Call, small_office: Office) -> None:
    status, said, _ = on(
        "posts", "change", "李䶮", "单晓琴", "--contract-end", "2029-06-30", "--employer", "青禾人力"
    )
    assert status == 0 and said["changed"] == 2
    assert {row.employer for row in roster(small_office) if row.name in ("李䶮", "单晓琴")} == {"青禾人力"}
    assert on("posts", "change", "李䶮", "--employer", "青禾人力")[1]["same"] == 1
    day = date.today() + timedelta(days=3)
    status, said, _ = on("posts", "appoint", "单晓琴", "--to", TO, "--title", "专职网格员", "--date", day)
    assert status == 0 and said["post"]
    status, said, _ = on("posts", "list", "单晓琴")
    assert [one["grid"] for one in said["posts"]] == ["柳荫·第二网格", "梧桐·第二网格"]


def test_a_history_is_added_to_put_right_and_struck_out(on: Call, small_office: Office) -> None:
    old = ("posts", "add", "李䶮", "--grid", TO, "--from", "2022-01-01", "--until", "2023-12-31")
    status, said, _ = on(*old, "--title", "兼职网格员", "--leave-reason", "调往别处")
    post = said["post"]
    assert status == 0 and on(*old)[0] == 1, "the same main post twice"
    status, said, _ = on("posts", "correct", post, "--until", "2024-04-01", "--why", "核对")
    assert status == 1 and "2024-03-01 起" in said["error"], "it would overlap the present one"
    assert on("posts", "correct", post, "--until", "2024-02-29", "--why", "合同上写的")[0] == 0
    assert "合同上写的" in small_office.read(journal)[0].title
    rows = on("posts", "list", "李䶮")[1]["posts"]
    assert [(one["to_day"], one["leave_reason"]) for one in rows] == [
        (None, None),
        ("2024-02-29", "调往别处"),
    ]
    assert on("posts", "correct", post, "--concurrent", "--why", "是兼任")[0] == 0
    assert on("posts", "list", "李䶮")[1]["posts"][1]["concurrent"] is True
    assert on("posts", "remove", post, "--why", "录错了")[0] == 0
    assert len(on("posts", "list", "李䶮")[1]["posts"]) == 1
    assert on("posts", "remove", post, "--why", "录错了")[0] == 1


def test_namesakes_and_strangers_are_told(on: Call) -> None:
    status, said, _ = on("posts", "list", "张三")
    assert status == 1 and "叫“张三”的有 2 人" in said["error"] and "用身份证号" in said["error"]
    assert on("posts", "list", number(15))[0] == 0
    assert on("posts", "list", "没有的人")[1]["error"] == "没有“没有的人”这个人。"
    assert on("posts", "transfer", "李䶮", "--date", "2026-04-01")[0] == 1
    assert on("posts", "end", "李䶮", "--date", "昨天")[0] == 1


def test_new_lists_and_papers_are_there(on: Call, tmp_path: Path) -> None:
    for name in ("vacancies", "reserve", "turnover", "movements", "team", "due"):
        assert on("report", name, tmp_path / f"{name}.pdf")[0] == 0
        assert on("report", name, tmp_path / f"{name}.xlsx")[0] == 0
    assert on("template", "reserve", tmp_path / "后备.xlsx")[0] == 0
